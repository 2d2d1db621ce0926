"""Where a date moves when it falls on a day off, and what it stepped over on the way.

The names are QuantLib's; three more are laws. `adjust` is the one function.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from enum import Enum
from typing import Self

import attrs

from migrant_fp.schedule.calendar import WorkingCalendar
from migrant_fp.schedule.day import Day, DayKind
from migrant_fp.schedule.errors import InvalidRule, NotInForce

_FORWARD, _BACK = timedelta(1), timedelta(-1)
_OWED = frozenset({DayKind.STATUTORY, DayKind.SUBSTITUTE})
_LONG_HOLIDAY = 3


class Reading(Enum):
    """What 节假日 means; the document does not say, so it is an argument.

    Attributes:
        ALL_REST: Every rest day (the default: the only reading under which a meeting never
            falls on a day off).
        NAMED: The days of a named holiday's block; a plain weekend is kept.
        STATUTORY: Statutory days and their substitutes (全国年节及纪念日放假办法 art. 2 and 6) only.
    """

    ALL_REST = "all-rest"
    NAMED = "named"
    STATUTORY = "statutory"

    def steps_over(self, day: Day) -> bool:
        """Return whether a day counts as 节假日 under this reading."""
        if day.kind.is_working:
            return False
        if self is _ALL_REST:
            return True
        return day.festival is not None if self is _NAMED else day.kind in _OWED


# Looked up once: a member looked up on its class costs more than the question asked of it.
_ALL_REST, _NAMED = Reading.ALL_REST, Reading.NAMED


class Convention(Enum):
    """Where a date goes that falls on a 节假日.

    Attributes:
        zh: The Chinese name.
        law: The law it comes from, or None for a market convention.
        since: The first day of that law (recalled where the library's facts give no date).
    """

    FOLLOWING = ("following", "顺延", None, None)
    PRECEDING = ("preceding", "提前", None, None)
    MODIFIED_FOLLOWING = ("modified-following", "顺延（不跨月）", None, None)
    NEAREST = ("nearest", "就近", None, None)
    UNADJUSTED = ("unadjusted", "不调整", None, None)
    CIVIL_CODE = ("civil-code", "民法典第203条", "民法典第203条", date(2021, 1, 1))
    AUDIT = ("audit", "审计法实施条例第56条", "审计法实施条例第56条", date(2010, 5, 1))
    TAX = ("tax", "税收征管法实施细则第109条", "税收征管法实施细则第109条", date(2002, 10, 15))

    zh: str
    law: str | None
    since: date | None

    def __new__(cls, value: str, zh: str, law: str | None, since: date | None) -> Self:
        """Give each member its name and its law."""
        member = object.__new__(cls)
        member._value_ = value
        member.zh, member.law, member.since = zh, law, since
        return member


_TAX, _UNADJUSTED = Convention.TAX, Convention.UNADJUSTED


@attrs.frozen(
    slots=False
)  # a frozen class without slots is made a third faster; see benchmarks/adjust_speed.py
class Adjustment:
    """A date, where it moved to, and every day it stepped over.

    Attributes:
        nominal: The date as the rule has it.
        day: The day on which it falls, with its kind and notice.
        stepped_over: The rest days passed on the way, in the order they were passed.
    """

    nominal: date
    day: Day
    stepped_over: tuple[Day, ...]

    @property
    def actual(self) -> date:
        """The date on which it falls."""
        return self.day.date

    @property
    def provisional(self) -> bool:
        """Whether a notice still to come may change the answer."""
        return self.day.provisional or any(day.provisional for day in self.stepped_over)

    @property
    def inferred(self) -> bool:
        """Whether the answer rests on a day whose kind is inferred."""
        return self.day.inferred or any(day.inferred for day in self.stepped_over)


def adjust(
    nominal: date,
    convention: Convention,
    calendar: WorkingCalendar,
    *,
    reading: Reading = Reading.ALL_REST,
    since: date | None = None,
    provisional: bool = False,
) -> Adjustment:
    """Return where a date falls, and why.

    Args:
        nominal: The date as the rule has it.
        convention: Where it goes from a day off.
        calendar: The working calendar.
        reading: What counts as 节假日.
        since: The first day of the period of which *nominal* is the last; `Convention.TAX` needs it.
        provisional: Answer, marked, where no notice is known.

    Raises:
        NotAnnounced: If the calendar does not reach the day, and *provisional* is False.
        NotInForce: If the convention's law did not apply on *nominal*.
        InvalidRule: If `Convention.TAX` is asked without *since*.

    Example:
        >>> adjust(date(2027, 10, 1), Convention.FOLLOWING, WorkingCalendar(()), provisional=True).actual
        datetime.date(2027, 10, 4)
    """
    if convention.since is not None and nominal < convention.since:
        raise NotInForce(convention.zh, nominal, convention.since, None)
    day = calendar.day(nominal, provisional=provisional)
    if convention is _TAX:
        return _tax(day, calendar, reading, since, provisional=provisional)
    if day.kind.is_working or convention is _UNADJUSTED or not reading.steps_over(day):
        return Adjustment(nominal, day, ())
    step = _STEPS.get(convention._value_)
    if step is not None:
        return _step(day, step, calendar, reading, provisional)
    return _MOVES[convention._value_](day, calendar, reading, provisional)


def _step(
    day: Day, step: timedelta, calendar: WorkingCalendar, reading: Reading, provisional: bool
) -> Adjustment:
    on = nominal = day.date
    stepped_over, day_of, every = [], calendar.day, reading is _ALL_REST
    while not day.kind.is_working and (every or reading.steps_over(day)):
        stepped_over.append(day)
        on += step
        day = day_of(on, provisional=provisional)
    return Adjustment(nominal, day, tuple(stepped_over))


def _modified(day: Day, calendar: WorkingCalendar, reading: Reading, provisional: bool) -> Adjustment:
    moved = _step(day, _FORWARD, calendar, reading, provisional)
    if moved.actual.month == day.date.month:
        return moved
    return _step(day, _BACK, calendar, reading, provisional)


def _nearest(day: Day, calendar: WorkingCalendar, reading: Reading, provisional: bool) -> Adjustment:
    later = _step(day, _FORWARD, calendar, reading, provisional)
    earlier = _step(day, _BACK, calendar, reading, provisional)
    return earlier if day.date - earlier.actual < later.actual - day.date else later


def _audit(day: Day, calendar: WorkingCalendar, reading: Reading, provisional: bool) -> Adjustment:  # noqa: ARG001 - one shape
    return _step(day, _FORWARD, calendar, Reading.ALL_REST, provisional)


def _tax(
    last: Day, calendar: WorkingCalendar, reading: Reading, since: date | None, *, provisional: bool
) -> Adjustment:
    """Lengthen a period as the State Taxation Administration does.

    Art. 109: the day after a holiday that falls on the last day; and, where the period holds a
    holiday of three days or more in a row, its days are added. The administration's yearly notices
    (税总办函〔2020〕242号 for 2021, 税总办征科函〔2021〕201号 for 2022) add them as working days and count the
    days that lie inside the period; so does this.
    """
    if since is None:
        raise InvalidRule("Convention.TAX without since=", "the first day of the period, as since=date(...)")
    day, stepped_over = last, []
    owed = _long_holidays(since, last.date, calendar, provisional=provisional)
    while owed or reading.steps_over(day):
        stepped_over.append(day)
        day = calendar.day(day.date + _FORWARD, provisional=provisional)
        owed -= bool(owed and day.kind.is_working)
    return Adjustment(last.date, day, tuple(stepped_over))


def _long_holidays(first: date, last: date, calendar: WorkingCalendar, *, provisional: bool) -> int:
    total = run = 0
    for n in range((last - first).days + 1):
        day = calendar.day(first + timedelta(n), provisional=provisional)
        run = run + 1 if Reading.NAMED.steps_over(day) else 0
        total += _LONG_HOLIDAY if run == _LONG_HOLIDAY else int(run > _LONG_HOLIDAY)
    return total


_STEPS = {
    Convention.FOLLOWING._value_: _FORWARD,
    Convention.PRECEDING._value_: _BACK,
    Convention.CIVIL_CODE._value_: _FORWARD,
}
_MOVES: dict[str, Callable[[Day, WorkingCalendar, Reading, bool], Adjustment]] = {
    Convention.MODIFIED_FOLLOWING._value_: _modified,
    Convention.NEAREST._value_: _nearest,
    Convention.AUDIT._value_: _audit,
}
