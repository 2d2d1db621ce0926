"""Which day off is statutory, which 补假, which 调休: derived where the notice does not say.

The rule. A block is a run of consecutive days off of one notice year. A statutory day (art. 2) is statutory even on
a weekend. A statutory day that falls on a weekend, or on another statutory day, is owed a weekday (art. 6): the
first weekdays off after it are its substitutes (补假). As many of the remaining weekdays off as the block has make-up
days are adjusted rest (调休). What is then left was given without being paid for: specially declared. Where a block has
both substitutes and others, the notice leaves open which is which, and the days are marked inferred.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta

from migrant_fp.schedule.day import DayKind
from migrant_fp.schedule.notice import NamedDay
from migrant_fp.schedule.statutory import statutory_days

_SATURDAY = 5
_ONE = timedelta(1)


def classify(
    days_off: Mapping[date, NamedDay], make_up_days: Iterable[NamedDay]
) -> dict[date, tuple[DayKind, bool]]:
    """Return the kind of each day off of one year's notices, and whether it is inferred.

    Args:
        days_off: The days off after all amendments, by date.
        make_up_days: Every make-up day announced for the year, lifted ones included: a day
            lifted later still explains the rest day that it paid for.

    Example:
        >>> days = [NamedDay(date(2014, 4, n), "清明节") for n in (5, 6, 7)]
        >>> [kind.zh for kind, _ in classify({day.date: day for day in days}, ()).values()]
        ['法定节假日', '周休息日', '补假']
    """
    statutory = {
        day: festivals
        for year in sorted({day.year for day in days_off})
        for day, festivals in statutory_days(year).items()
    }
    make_ups = [day.festival for day in make_up_days]
    kinds: dict[date, tuple[DayKind, bool]] = {}
    for block in _blocks(days_off):
        names = {days_off[day].festival for day in block}
        paid = sum(festival in names for festival in make_ups)
        kinds.update(_classify_block(block, days_off, statutory, paid))
    return kinds


def _blocks(days: Iterable[date]) -> Iterator[list[date]]:
    block: list[date] = []
    for day in sorted(days):
        if block and day != block[-1] + _ONE:
            yield block
            block = []
        block.append(day)
    if block:
        yield block


def _classify_block(
    block: list[date],
    days_off: Mapping[date, NamedDay],
    statutory: Mapping[date, tuple[str, ...]],
    paid: int,
) -> Iterator[tuple[date, tuple[DayKind, bool]]]:
    open_days: list[date] = []
    for day in block:
        stated = days_off[day].kind
        if stated is not None:
            yield day, (stated, False)
        elif day in statutory:
            yield day, (DayKind.STATUTORY, False)
        elif day.weekday() >= _SATURDAY:
            yield day, (DayKind.WEEKLY_REST, False)
        else:
            open_days.append(day)
    owed_after = _owed(block, statutory)
    after = [day for day in open_days if owed_after and day > owed_after[0]]
    order = after + [day for day in open_days if day not in after]
    substitutes = order[: len(owed_after)]
    others = sorted(day for day in open_days if day not in substitutes)
    declared = others[: max(len(others) - paid, 0)]
    for day in open_days:
        if day in substitutes:
            yield day, (DayKind.SUBSTITUTE, bool(others))
        elif day in declared:
            yield day, (DayKind.SPECIALLY_DECLARED, True)
        else:
            yield day, (DayKind.ADJUSTED_REST, bool(substitutes))


def _owed(block: list[date], statutory: Mapping[date, tuple[str, ...]]) -> list[date]:
    owed: list[date] = []
    for day in block:
        festivals = len(statutory.get(day, ()))
        owed += [day] * (festivals if day.weekday() >= _SATURDAY else max(festivals - 1, 0))
    return owed
