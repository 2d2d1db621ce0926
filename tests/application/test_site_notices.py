"""A site's own notices beside the shipped ones."""

from datetime import date

from migrant_fp.application.site_notices import with_notices
from migrant_fp.schedule.calendar import WorkingCalendar
from migrant_fp.schedule.notice import HolidayNotice, NamedDay

_FIRST = HolidayNotice(2030, date(2029, 11, 5), (NamedDay(date(2030, 1, 1), "元旦"),))
_OTHER_YEAR = HolidayNotice(2029, date(2028, 11, 5), ())
_CALENDAR = WorkingCalendar((_OTHER_YEAR, _FIRST))


def _notice(issued: date) -> HolidayNotice:
    return HolidayNotice(2030, issued, (NamedDay(date(2030, 1, 2), "元旦"),))


def test_a_later_notice_of_a_year_is_added_as_an_amendment() -> None:
    later = _notice(date(2029, 11, 6))

    assert with_notices(_CALENDAR, [later]).notices == (_OTHER_YEAR, _FIRST, later)


def test_a_notice_of_the_same_day_takes_the_place_of_the_shipped_one() -> None:
    same = _notice(date(2029, 11, 5))

    assert with_notices(_CALENDAR, [same]).notices == (_OTHER_YEAR, same)


def test_a_whole_year_with_its_amendment_takes_the_place_of_the_shipped_year() -> None:
    whole = (_notice(date(2029, 11, 4)), HolidayNotice(2030, date(2030, 2, 1), ()))

    assert with_notices(_CALENDAR, whole).notices == (_OTHER_YEAR, *whole)


def test_a_new_year_is_added_and_joined_calendars_stay() -> None:
    new = HolidayNotice(2031, date(2030, 11, 5), ())
    joined = _CALENDAR.joined_with(WorkingCalendar((_FIRST,)))

    assert with_notices(joined, [new]) == WorkingCalendar((_OTHER_YEAR, _FIRST, new), joined.joined)
