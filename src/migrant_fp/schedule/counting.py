"""Counting days as the law does: the day of the event is not counted (民法典 art. 201)."""

from __future__ import annotations

from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from migrant_fp.schedule.calendar import WorkingCalendar
from migrant_fp.schedule.errors import InvalidRule


def add_days(start: date, days: int) -> date:
    """Return the *days*-th calendar day after *start*, which is not counted (art. 201).

    Example:
        >>> add_days(date(2011, 6, 1), 30)
        datetime.date(2011, 7, 1)
    """
    return start + timedelta(days)


def add_months(start: date, months: int) -> date:
    """Return the corresponding day *months* later, or the last of the month where there is none (art. 202).

    Example:
        >>> add_months(date(2011, 1, 31), 1)
        datetime.date(2011, 2, 28)
    """
    return start + relativedelta(months=months)


def add_working_days(start: date, days: int, calendar: WorkingCalendar, *, provisional: bool = False) -> date:
    """Return the *days*-th working day after *start*, or before it where *days* is negative.

    *start* itself is not counted (art. 201), whether it is worked or not.

    Args:
        start: The day of the event.
        days: How many working days; not 0.
        calendar: The working calendar.
        provisional: Answer where no notice is known.

    Raises:
        InvalidRule: If *days* is 0.
        NotAnnounced: If the count leaves the calendar, and *provisional* is False.
    """
    if not days:
        raise InvalidRule("0 working days", "a number of working days other than 0")
    step = timedelta(1 if days > 0 else -1)
    left, on = abs(days), start
    while left:
        on += step
        left -= calendar.day(on, provisional=provisional).kind.is_working
    return on


def anniversary(of: date, years: int) -> date:
    """Return the day *years* years later (29 February: the last of February, art. 202).

    Example:
        >>> anniversary(date(2012, 2, 29), 1)
        datetime.date(2013, 2, 28)
    """
    return add_months(of, 12 * years)


def month_before_anniversary(of: date, years: int) -> tuple[date, date]:
    """Return the first and last day of the month before an anniversary (居住证暂行条例 art. 10: 每满1年之日前1个月内).

    The anniversary itself is the last day.

    Example:
        >>> month_before_anniversary(date(2016, 3, 31), 1)
        (datetime.date(2017, 2, 28), datetime.date(2017, 3, 31))
    """
    last = anniversary(of, years)
    return add_months(last, -1), last
