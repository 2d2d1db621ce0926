"""Rules: which day of which period, and how binding it is. Plain frozen values."""

from __future__ import annotations

import calendar as gregorian
from datetime import date, timedelta
from enum import Enum
from typing import Protocol

import attrs
from dateutil.relativedelta import relativedelta

from migrant_fp.schedule.calendar import WorkingCalendar
from migrant_fp.schedule.convention import Convention, Reading
from migrant_fp.schedule.counting import add_days, add_months, add_working_days
from migrant_fp.schedule.errors import InvalidRule
from migrant_fp.schedule.period import Cycle, Period

_ONE = timedelta(1)


class Bound(Enum):
    """How a rule binds.

    Attributes:
        ON: On the day.
        BY: On the day or before it (5日前, read inclusively).
        BEFORE: Before the day (5日前, read exclusively).
        WITHIN: On some day of a window.
    """

    ON = "on"
    BY = "by"
    BEFORE = "before"
    WITHIN = "within"


class Anchor(Protocol):
    """Where in its period a rule falls: a first and a last day, equal where it is one day."""

    def span(self, period: Period, calendar: WorkingCalendar, *, provisional: bool) -> tuple[date, date]:
        """Return the first and last day in *period*.

        Raise `InvalidRule` if the period has no such day.
        """
        ...


@attrs.frozen
class DayOfPeriod:
    """The *day*-th day of the *month*-th month of the period.

    Attributes:
        day: The day of the month.
        month: Which month of the period.
        clip: Take the last day of a month that is too short, instead of refusing.
    """

    day: int
    month: int = 1
    clip: bool = False

    def span(self, period: Period, calendar: WorkingCalendar, *, provisional: bool) -> tuple[date, date]:  # noqa: ARG002 - the anchor's shape
        """Return the day, twice."""
        first = period.month(self.month)
        last = gregorian.monthrange(first.year, first.month)[1]
        if not 1 <= self.day <= (31 if self.clip else last):
            raise InvalidRule(f"day {self.day} of {first:%Y-%m}", f"a day from 1 to {last}, or clip=True")
        found = first.replace(day=min(self.day, last))
        return found, found


@attrs.frozen
class LastDay:
    """The last day of the *month*-th month of the period, or of the period itself."""

    month: int | None = None

    def span(self, period: Period, calendar: WorkingCalendar, *, provisional: bool) -> tuple[date, date]:  # noqa: ARG002 - the anchor's shape
        """Return the day, twice."""
        if self.month is None:
            return period.end, period.end
        last = period.month(self.month) + relativedelta(day=31)
        return last, last


@attrs.frozen
class WeekdayOf:
    """The *nth* such weekday of the period; -1 is the last. Monday is 0."""

    weekday: int
    nth: int = 1

    def span(self, period: Period, calendar: WorkingCalendar, *, provisional: bool) -> tuple[date, date]:  # noqa: ARG002 - the anchor's shape
        """Return the day, twice."""
        found = _nth([d for d in _days(period) if d.weekday() == self.weekday], self.nth, period)
        return found, found


@attrs.frozen
class WorkingDayOf:
    """The *nth* working day of the period; -1 is the last."""

    nth: int

    def span(self, period: Period, calendar: WorkingCalendar, *, provisional: bool) -> tuple[date, date]:
        """Return the day, twice."""
        worked = [d for d in _days(period) if calendar.day(d, provisional=provisional).kind.is_working]
        found = _nth(worked, self.nth, period)
        return found, found


@attrs.frozen
class TenDays:
    """上旬 (1), 中旬 (2) or 下旬 (3) of the *month*-th month: the 1st-10th, 11th-20th, 21st to the end."""

    which: int
    month: int = 1

    def span(self, period: Period, calendar: WorkingCalendar, *, provisional: bool) -> tuple[date, date]:  # noqa: ARG002 - the anchor's shape
        """Return the window."""
        if self.which not in (1, 2, 3):
            raise InvalidRule(f"TenDays({self.which})", "1 (上旬), 2 (中旬) or 3 (下旬)")
        first = period.month(self.month) + relativedelta(day=10 * self.which - 9)
        return first, first + relativedelta(day=(10, 20, 31)[self.which - 1])


@attrs.frozen
class Whole:
    """The whole of the *month*-th month, or of the period."""

    month: int | None = None

    def span(self, period: Period, calendar: WorkingCalendar, *, provisional: bool) -> tuple[date, date]:  # noqa: ARG002 - the anchor's shape
        """Return the window."""
        if self.month is None:
            return period.start, period.end
        first = period.month(self.month)
        return first, first + relativedelta(day=31)


@attrs.frozen
class AfterPeriodEnd:
    """So many days, or working days, after the end of the period before (月份终了之日起十五日内)."""

    days: int | None = None
    working_days: int | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse anything but one count."""
        _one_count(self, days=self.days, working_days=self.working_days)

    def span(self, period: Period, calendar: WorkingCalendar, *, provisional: bool) -> tuple[date, date]:
        """Return the day, twice."""
        ended = period.start - _ONE
        if self.days is not None:
            found = add_days(ended, self.days)
        else:
            found = add_working_days(ended, self.working_days or 0, calendar, provisional=provisional)
        return found, found


MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY = (WeekdayOf(n) for n in range(7))


@attrs.frozen
class Rule:
    """A duty's date: which periods, where in them, how binding, and where it moves.

    Attributes:
        every: The cycle of its periods.
        at: Where in the period it falls.
        bound: How it binds.
        convention: Where it goes from a 节假日.
        reading: What counts as 节假日.
        data: Which period its data concern: 0 the one it falls due in, -1 the one before.
        at_least: How many times at least (每…至少一次).
    """

    every: Cycle
    at: Anchor
    bound: Bound = Bound.ON
    convention: Convention = Convention.UNADJUSTED
    reading: Reading = Reading.ALL_REST
    data: int = 0
    at_least: int = 1


@attrs.frozen
class After:
    """A deadline that starts from an event (自…之日起n日内); the day of the event is not counted.

    Attributes:
        event: What starts it.
        days: Calendar days.
        working_days: Working days.
        months: Months, to the corresponding day.
        convention: Where the last day goes from a 节假日.
        reading: What counts as 节假日.
    """

    event: str
    days: int | None = None
    working_days: int | None = None
    months: int | None = None
    convention: Convention = Convention.UNADJUSTED
    reading: Reading = Reading.ALL_REST

    def __attrs_post_init__(self) -> None:
        """Refuse anything but one count."""
        _one_count(self, days=self.days, working_days=self.working_days, months=self.months)

    def last_day(self, event_on: date, calendar: WorkingCalendar, *, provisional: bool = False) -> date:
        """Return the last day before any adjustment.

        Example:
            >>> After("request received", months=3).last_day(date(2011, 11, 30), WorkingCalendar(()))
            datetime.date(2012, 2, 29)
        """
        if self.days is not None:
            return add_days(event_on, self.days)
        if self.months is not None:
            return add_months(event_on, self.months)
        return add_working_days(event_on, self.working_days or 0, calendar, provisional=provisional)


def _one_count(rule: object, **counts: int | None) -> None:
    given = [name for name, count in counts.items() if count is not None]
    if len(given) != 1 or (counts[given[0]] or 0) < 1:
        raise InvalidRule(
            f"{type(rule).__name__} with {counts}", f"exactly one of {', '.join(counts)}, at least 1"
        )


def _days(period: Period) -> list[date]:
    return [period.start + timedelta(n) for n in range((period.end - period.start).days + 1)]


def _nth(days: list[date], nth: int, period: Period) -> date:
    try:
        return days[nth if nth < 0 else nth - 1 if nth else len(days)]
    except IndexError:
        expected = f"a number from 1 to {len(days)}, or from -1 to -{len(days)}"
        raise InvalidRule(f"the {nth}-th such day of {period.label}", expected) from None
