"""Small promises that mutation testing found to be held by no other test; each was worked out by hand."""

from datetime import date

import attrs
import pytest

from migrant_fp import plan
from migrant_fp.adapters.chinese_calendar import working_calendar
from migrant_fp.schedule.calendar import WorkingCalendar
from migrant_fp.schedule.classification import classify
from migrant_fp.schedule.convention import Convention
from migrant_fp.schedule.day import Day, DayKind
from migrant_fp.schedule.errors import OutsideLunarTable
from migrant_fp.schedule.estimate import candidates, estimate
from migrant_fp.schedule.explanation import describe
from migrant_fp.schedule.habit import past_arrangements
from migrant_fp.schedule.notice import HolidayNotice, NamedDay
from migrant_fp.schedule.occurrence import due
from migrant_fp.schedule.period import MONTH, YEAR
from migrant_fp.schedule.rule import After, DayOfPeriod, LastDay, Rule, WorkingDayOf
from migrant_fp.schedule.statutory import holiday_law

CALENDAR = working_calendar()


@attrs.frozen
class Planned:
    rule: Rule
    id: str = "example"


def test_a_day_given_back_to_the_plain_week_rests_on_the_amendment_that_gave_it() -> None:
    off = NamedDay(date(2027, 3, 2), "示例节")
    first = HolidayNotice(2027, date(2026, 11, 1), (off,))
    amendment = HolidayNotice(2027, date(2027, 2, 1), (), restored=(off.date,))
    day = WorkingCalendar((first, amendment)).day(off.date)

    assert (day.kind, day.notice) == (DayKind.WORKING, amendment)


def test_of_a_day_that_notices_of_two_years_name_the_one_issued_last_decides() -> None:
    on = date(2022, 12, 31)  # a Saturday
    first = HolidayNotice(2022, date(2021, 11, 1), (NamedDay(on, "元旦"),))
    last = HolidayNotice(2023, date(2022, 11, 1), (), (NamedDay(on, "元旦"),))

    assert WorkingCalendar((first, last)).day(on).kind is DayKind.MAKE_UP


def _classified(*days: NamedDay, make_ups: tuple[NamedDay, ...] = ()) -> dict[date, tuple[DayKind, bool]]:
    return classify({day.date: day for day in days}, make_ups)


# 1 January 2014 is a Wednesday.
def test_a_make_up_day_of_another_festival_pays_for_nothing() -> None:
    new_year, next_day = (NamedDay(date(2014, 1, n), "元旦") for n in (1, 2))
    found = _classified(new_year, next_day, make_ups=(NamedDay(date(2014, 2, 8), "春节"),))

    assert found[next_day.date] == (DayKind.SPECIALLY_DECLARED, True)


def test_what_a_notice_states_and_a_weekend_are_not_inferred() -> None:
    stated = NamedDay(date(2014, 3, 7), "示例节", DayKind.SPECIALLY_DECLARED)  # a Friday

    assert _classified(stated, NamedDay(date(2014, 3, 8), "示例节")) == {
        date(2014, 3, 7): (DayKind.SPECIALLY_DECLARED, False),
        date(2014, 3, 8): (DayKind.WEEKLY_REST, False),
    }


# 清明 2014 is Saturday 5 April: where no weekday follows in the block, the one before it is the substitute.
def test_a_substitute_lies_before_its_day_where_none_follows() -> None:
    found = _classified(*(NamedDay(date(2014, 4, n), "清明节") for n in (4, 5, 6)))

    assert found[date(2014, 4, 4)] == (DayKind.SUBSTITUTE, False)


def test_before_the_first_law_the_error_names_the_first_whole_year() -> None:
    with pytest.raises(OutsideLunarTable) as caught:
        holiday_law(date(1999, 9, 17))

    assert (caught.value.year, caught.value.first) == (1999, 2000)


def test_a_festival_without_an_english_name_is_printed_as_it_is() -> None:
    assert describe(Day(date(2027, 5, 4), DayKind.SPECIALLY_DECLARED, "示例节"), "en").endswith(", 示例节")
    notice = HolidayNotice(2027, date(2026, 11, 1), (NamedDay(date(2027, 5, 4), "示例节"),))
    duty = Planned(Rule(YEAR, DayOfPeriod(4, month=5), convention=Convention.FOLLOWING))
    (one,) = plan(duty, 2027, WorkingCalendar((notice,)))

    assert one.explain("en").endswith("2027-05-05 Wed, due 04 May: 示例节, off until 04 May; 1 day(s) later")


# The day of the event is not counted: of the holiday of October 2021 only the 7th lies inside, and one day lengthens nothing.
def test_a_tax_deadline_counts_the_holidays_from_the_day_after_the_event() -> None:
    found = due("tax", After("示例", days=10, convention=Convention.TAX), date(2021, 10, 6), CALENDAR)

    assert (found.nominal, found.last) == (date(2021, 10, 16), date(2021, 10, 18))


# 端午 2024 is Monday 10 June. Invented: both weekend days before it are worked, and the Sunday before those.
def test_the_third_weekend_day_before_a_block_is_one_of_its_make_up_days() -> None:
    make_ups = tuple(NamedDay(date(2024, 6, n), "端午节") for n in (2, 8, 9))
    notice = HolidayNotice(2024, date(2023, 11, 1), (NamedDay(date(2024, 6, 10), "端午节"),), make_ups)
    found = [one for one in past_arrangements(WorkingCalendar((notice,))) if one.cluster.festival == "端午节"]

    assert [one.make_up for one in found] == [(-3, -2, -1)]


# 31 December 2028 is a Sunday, and 1 January 2029 is statutory: both years have no notice.
def test_an_estimated_day_may_go_into_a_year_that_is_not_estimated() -> None:
    duty = Planned(Rule(YEAR, LastDay(), convention=Convention.FOLLOWING))
    (one,) = plan(duty, 2028, CALENDAR, provisional=True)

    assert (one.last, one.candidates[0]) == (date(2029, 1, 2), date(2029, 1, 2))
    assert candidates(date(2028, 12, 31), Convention.FOLLOWING, estimate(2028, CALENDAR))[0] == one.last


def test_the_months_of_the_first_year_with_a_notice_are_planned_without_the_year_before() -> None:
    calendar = WorkingCalendar((HolidayNotice(2027, date(2026, 11, 1), ()),))

    assert len(list(plan(Planned(Rule(MONTH, WorkingDayOf(-1))), 2027, calendar))) == 12


def test_the_notice_of_an_estimate_is_dated_before_its_year() -> None:
    notice = estimate(2027, CALENDAR)[0].calendar.day(date(2027, 1, 1)).notice

    assert notice is not None
    assert (notice.estimated, notice.issued) == (True, date(2026, 12, 31))
