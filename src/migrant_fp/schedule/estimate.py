"""The days of a year whose notice is not out: what the notices at hand make likely.

Three steps, for each block of statutory days. How long is it? A festival whose last block was longer than three days
keeps that length; the others follow what was last done with a festival on the same weekday. What does it cost? The
weekdays off, less the days that the law gives, are made up. When? As blocks that cost as much, and lay the same in the
week, were made up last. Each answer is a vote of the past arrangements, the newer the heavier; what loses is a
candidate.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import lru_cache

import attrs

from migrant_fp.schedule.calendar import WorkingCalendar
from migrant_fp.schedule.convention import Convention, Reading, adjust
from migrant_fp.schedule.habit import (
    Arrangement,
    Cluster,
    clusters,
    last_of_block,
    make_ups_owed,
    past_arrangements,
    vote,
)
from migrant_fp.schedule.notice import Certainty, HolidayNotice, NamedDay

_LONG = 3
_HALF_LIFE = 2.0
_UNLIKELY = 0.08
_ASIDE = 0.01
_FAR_FETCHED = 0.02


@attrs.frozen
class Scenario:
    """One way in which a year may be arranged.

    Attributes:
        likelihood: Its share among the scenarios, from 0 to 1.
        calendar: The days of the year and of those beside it; every day of the year is provisional.
    """

    likelihood: float
    calendar: WorkingCalendar


@lru_cache(maxsize=8)
def estimate(year: int, calendar: WorkingCalendar) -> tuple[Scenario, ...]:
    """Return the ways in which a year may be arranged, the likeliest first.

    The first scenario takes the likeliest answer everywhere; each other one differs from it in one block.

    Args:
        year: The year.
        calendar: The notices to learn from; those of the year itself and of later years are not looked at.

    Raises:
        OutsideLunarTable: If the year lies beyond the lunar table.
    """
    known = [notice for notice in calendar.notices if notice.year < year and not notice.estimated]
    past = tuple(past_arrangements(WorkingCalendar(known)))
    options = [_options(cluster, past) for cluster in clusters(year)]
    best = [next(iter(option)) for option in options]
    found = [(1.0, best)]
    for n, option in enumerate(options):
        chance = option[best[n]]
        found += [
            (p / chance, [*best[:n], other, *best[n + 1 :]])
            for other, p in option.items()
            if other != best[n]
        ]
    total = sum(weight for weight, _ in found)
    beside = [notice for notice in known if notice.year == year - 1]
    others = tuple(_arranged(year, other) for other in calendar.joined)
    return tuple(
        Scenario(weight / total, WorkingCalendar([*beside, _notice(year, chosen)], others))
        for weight, chosen in sorted(found, key=lambda item: -item[0])
    )


def candidates(
    nominal: date,
    convention: Convention,
    scenarios: Iterable[Scenario],
    *,
    reading: Reading = Reading.ALL_REST,
) -> tuple[date, ...]:
    """Return the days on which a date may fall, the likeliest first; those under 8 in 100 are left out.

    Args:
        nominal: The date as the rule has it.
        convention: Where it goes from a day off.
        scenarios: What `estimate` returned for its year.
        reading: What counts as 节假日.
    """
    return likely(
        (adjust(nominal, convention, s.calendar, reading=reading, provisional=True).actual, s.likelihood)
        for s in scenarios
    )


def likely(answers: Iterable[tuple[date, float]]) -> tuple[date, ...]:
    """Return the dates of weighted answers, the likeliest first, without those under 8 in 100."""
    return tuple(on for on, share in vote(answers).items() if share >= _UNLIKELY)


def _arranged(year: int, calendar: WorkingCalendar) -> WorkingCalendar:
    return calendar if year in calendar.announced else estimate(year, calendar)[0].calendar


def _options(cluster: Cluster, past: tuple[Arrangement, ...]) -> dict[Arrangement, float]:
    found: dict[Arrangement, float] = {}
    for (lead, length), share in _extents(cluster, past).items():
        first = cluster.days[0] - timedelta(lead)
        last = last_of_block(first, max(first + timedelta(length - 1), cluster.days[-1]), cluster.owed)
        for ranks, part in _payments(first, last, make_ups_owed(first, last, cluster.owed), past).items():
            found[Arrangement(cluster, first, last, ranks)] = share * part
    ordered = sorted(found.items(), key=lambda item: -item[1])
    return dict(ordered[:1] + [(one, share) for one, share in ordered[1:] if share >= _FAR_FETCHED])


def _extents(cluster: Cluster, past: tuple[Arrangement, ...]) -> dict[tuple[int, int], float]:
    own = [one for one in past if one.cluster.festival == cluster.festival]
    if own and own[-1].length > _LONG:
        return vote(_repeated(cluster, own))
    return vote(_by_weekday(cluster, past)) or {(0, len(cluster.days)): 1.0}


def _repeated(cluster: Cluster, own: list[Arrangement]) -> Iterator[tuple[tuple[int, int], float]]:
    for one in own:
        if one.length > _LONG:
            merged = len(set(cluster.festivals)) - len(set(one.cluster.festivals))
            yield (one.lead, one.length + merged), _weight(cluster, one)


def _by_weekday(cluster: Cluster, past: tuple[Arrangement, ...]) -> Iterator[tuple[tuple[int, int], float]]:
    for one in past:
        short = one.length <= _LONG and len(one.cluster.days) == len(cluster.days)
        if short and one.cluster.days[0].weekday() == cluster.days[0].weekday():
            yield (one.lead, one.length), _weight(cluster, one)


def _payments(
    first: date, last: date, cost: int, past: tuple[Arrangement, ...]
) -> dict[tuple[int, ...], float]:
    if not cost:
        return {(): 1.0}
    like = [one for one in past if len(one.make_up) == cost]
    shares = vote(
        (one.make_up, _age(first, one) * (1.0 if _lies_alike(first, last, one) else _ASIDE)) for one in like
    )
    return shares or {tuple(range(1, cost + 1)): 1.0}


def _lies_alike(first: date, last: date, one: Arrangement) -> bool:
    return (first.weekday(), last.weekday()) == (one.first.weekday(), one.last.weekday())


def _weight(cluster: Cluster, one: Arrangement) -> float:
    return _age(cluster.days[0], one)


def _age(on: date, one: Arrangement) -> float:
    return float(0.5 ** ((on.year - one.cluster.days[0].year) / _HALF_LIFE))


def _notice(year: int, chosen: list[Arrangement]) -> HolidayNotice:
    off = {
        one.first + timedelta(n): NamedDay(one.first + timedelta(n), one.cluster.festival)
        for one in chosen
        for n in range(one.length)
    }
    worked = {
        on: NamedDay(on, one.cluster.festival) for one in chosen for on in one.make_up_days if on not in off
    }
    return HolidayNotice(
        year,
        date(year - 1, 12, 31),
        tuple(off[on] for on in sorted(off)),
        tuple(worked[on] for on in sorted(worked)),
        issued_certainty=Certainty.ASSUMED,
        estimated=True,
    )
