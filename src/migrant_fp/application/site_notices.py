"""A site's own holiday notices, beside those that come with the library."""

from __future__ import annotations

from collections.abc import Iterable

from migrant_fp.schedule.calendar import WorkingCalendar
from migrant_fp.schedule.notice import HolidayNotice


def with_notices(calendar: WorkingCalendar, notices: Iterable[HolidayNotice]) -> WorkingCalendar:
    """Return a calendar with a site's notices.

    For each year: notices that were all issued after those the calendar holds are amendments, and are added;
    otherwise they take the place of those it holds.

    Args:
        calendar: The calendar, such as that of `migrant_fp.adapters.chinese_calendar`.
        notices: The notices of the site.

    Raises:
        InvalidNotice: If the notices contradict each other.

    Example:
        >>> from datetime import date
        >>> notice = HolidayNotice(2027, date(2026, 11, 25), ())
        >>> with_notices(WorkingCalendar(()), [notice]).announced
        (2027,)
    """
    given = tuple(notices)
    replaced = {year for year in {n.year for n in given} if not _amends(year, calendar, given)}
    return WorkingCalendar(
        (*(n for n in calendar.notices if n.year not in replaced), *given), joined=calendar.joined
    )


def _amends(year: int, calendar: WorkingCalendar, given: tuple[HolidayNotice, ...]) -> bool:
    held = [n.issued for n in calendar.notices if n.year == year]
    return bool(held) and min(n.issued for n in given if n.year == year) > max(held)
