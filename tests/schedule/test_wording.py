"""What a person reads of a refusal of the schedule, word for word; written by hand."""

from collections.abc import Callable
from datetime import date, datetime

import attrs
import pytest

from migrant_fp import WorkingCalendar, due, extra, plan
from migrant_fp.adapters.chinese_calendar import working_calendar
from migrant_fp.regulations.changzhou_2011_134 import JOINT_MEETING
from migrant_fp.schedule.convention import Convention, adjust
from migrant_fp.schedule.counting import add_working_days
from migrant_fp.schedule.day import DayKind
from migrant_fp.schedule.errors import (
    InvalidNotice,
    InvalidRule,
    NotAnnounced,
    NotInForce,
    OutsideLunarTable,
)
from migrant_fp.schedule.period import MONTH, QUARTER
from migrant_fp.schedule.rule import After, DayOfPeriod, TenDays, WeekdayOf
from migrant_fp.schedule.statutory import holiday_law, statutory_days

CALENDAR = working_calendar()
JUNE = MONTH.period(date(2011, 6, 1))


@pytest.mark.parametrize(
    ("years", "loaded"),
    [((), "no year"), ((2011,), "2011"), ((2010, 2011), "2010-2011"), ((2010, 2011, 2012), "2010-2012")],
)
def test_a_year_that_is_not_announced_is_named_with_the_three_ways_on(
    years: tuple[int, ...], loaded: str
) -> None:
    assert str(NotAnnounced(date(2027, 1, 5), years)) == (
        f"2027-01-05: no holiday notice for 2027 is loaded (loaded: {loaded}). Add it with "
        "WorkingCalendar.with_notice() or --notices PATH, or ask with provisional=True for an answer that is marked as "
        "an estimate. （2027年放假安排尚未载入，请载入国务院通知，或取暂定结果）"
    )


def test_notices_that_contradict_are_listed_one_a_line() -> None:
    assert str(InvalidNotice(("a", "b"))) == (
        "holiday notices cannot be used; correct every line below:\n- a\n- b"
    )


@pytest.mark.parametrize(("until", "end"), [(None, "now"), (date(2017, 9, 30), "2017-09-30")])
def test_a_law_that_did_not_apply_is_named_with_its_interval(until: date | None, end: str) -> None:
    assert str(NotInForce("示例法", date(2009, 1, 1), date(2010, 1, 1), until)) == (
        f"示例法 did not apply on 2009-01-01 (in force from 2010-01-01 to {end}): "
        "choose a convention whose law covers that day"
    )


REFUSALS: dict[str, tuple[Callable[[], object], str]] = {
    "no days to count": (
        lambda: add_working_days(date(2011, 6, 1), 0, CALENDAR),
        "0 working days: expected a number of working days other than 0",
    ),
    "a month the period lacks": (
        lambda: QUARTER.period(date(2011, 6, 1)).month(4),
        "month 4 of a quarter: expected a month from 1 to 3",
    ),
    "a day the month lacks": (
        lambda: DayOfPeriod(31).span(JUNE, CALENDAR, provisional=False),
        "day 31 of 2011-06: expected a day from 1 to 30, or clip=True",
    ),
    "a fourth ten days": (
        lambda: TenDays(4).span(JUNE, CALENDAR, provisional=False),
        "TenDays(4): expected 1 (上旬), 2 (中旬) or 3 (下旬)",
    ),
    "tax without a start": (
        lambda: adjust(date(2021, 6, 15), Convention.TAX, CALENDAR),
        "Convention.TAX without since=: expected the first day of the period, as since=date(...)",
    ),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_a_question_that_makes_no_sense_is_told_what_would(case: str) -> None:
    ask, sentence = REFUSALS[case]

    with pytest.raises(InvalidRule) as refused:
        ask()

    assert str(refused.value) == sentence


@pytest.mark.parametrize(("which", "first", "last"), [(1, 1, 10), (2, 11, 20), (3, 21, 30)])
def test_the_ten_days_of_june_are_those_of_the_word(which: int, first: int, last: int) -> None:
    span = TenDays(which).span(JUNE, CALENDAR, provisional=False)

    assert span == (date(2011, 6, first), date(2011, 6, last))


def test_the_second_tuesday_and_the_last_are_found_and_a_sixth_is_refused() -> None:
    assert WeekdayOf(1, 2).span(JUNE, CALENDAR, provisional=False) == (date(2011, 6, 14), date(2011, 6, 14))
    assert WeekdayOf(1, -1).span(JUNE, CALENDAR, provisional=False) == (date(2011, 6, 28), date(2011, 6, 28))
    with pytest.raises(InvalidRule) as refused:
        WeekdayOf(1, 6).span(JUNE, CALENDAR, provisional=False)
    assert str(refused.value).startswith("the 6-th such day of 2011-06: expected ")


def test_a_day_without_a_notice_is_provisional_and_of_the_plain_week_or_the_law() -> None:
    empty = WorkingCalendar(())
    plain = empty.day(date(2027, 3, 2), provisional=True)
    rest = empty.day(date(2027, 3, 6), provisional=True)
    statutory = empty.day(date(2027, 10, 1), provisional=True)

    assert (plain.date, plain.kind, plain.festival, plain.provisional) == (
        date(2027, 3, 2),
        DayKind.WORKING,
        None,
        True,
    )
    assert (rest.date, rest.kind, rest.provisional) == (date(2027, 3, 6), DayKind.WEEKLY_REST, True)
    assert (statutory.kind, statutory.festival, statutory.provisional) == (DayKind.STATUTORY, "国庆节", True)
    assert empty.day(datetime(2027, 3, 2, 9), provisional=True) == plain
    with pytest.raises(NotAnnounced):
        empty.day(datetime(2027, 3, 2, 9))


def test_working_days_are_counted_backwards_too_and_provisionally_only_when_asked() -> None:
    # Written from the plain week: 2027-03-01 is a Monday.
    assert add_working_days(date(2027, 3, 1), -1, WorkingCalendar(()), provisional=True) == date(2027, 2, 26)
    assert add_working_days(date(2027, 3, 5), 1, WorkingCalendar(()), provisional=True) == date(2027, 3, 8)
    with pytest.raises(NotAnnounced):
        add_working_days(date(2027, 3, 1), 1, WorkingCalendar(()))


def test_two_offices_together_work_only_where_both_do_and_doubt_of_one_is_doubt_of_both() -> None:
    sure = CALENDAR.known_on(date(2011, 6, 1))
    both = sure.joined_with(CALENDAR)

    assert both.day(date(2011, 12, 31)).provisional
    assert sure.joined_with(sure).day(date(2011, 6, 1)).provisional is False
    assert both.day(date(2011, 10, 8)).kind is DayKind.MAKE_UP
    assert both.day(date(2011, 10, 7)).kind.is_working is False
    assert [n.year for n in CALENDAR.joined_with(CALENDAR).known_on(date(2006, 1, 1)).joined[0].notices] == [
        n.year for n in CALENDAR.known_on(date(2006, 1, 1)).notices
    ]


def test_the_three_days_of_october_are_the_first_three() -> None:
    of_october = [on for on in statutory_days(2011) if on.month == 10]

    assert of_october == [date(2011, 10, 1), date(2011, 10, 2), date(2011, 10, 3)]
    assert list(statutory_days(2011)) == sorted(statutory_days(2011))


def test_a_year_before_the_laws_is_told_the_years_there_are() -> None:
    with pytest.raises(OutsideLunarTable) as outside:
        holiday_law(date(1900, 1, 1))

    assert outside.value.year == 1900
    assert outside.value.last == 2050
    assert str(outside.value).startswith("1900: the table of lunar festivals covers ")


def test_a_deadline_counts_from_the_day_after_its_event() -> None:
    one = due("permit", After("registration", days=30), date(2011, 6, 1), CALENDAR)

    assert one.id == "permit/2011-07-01"
    assert one.days[0].date == date(2011, 6, 2)
    assert one.days[-1].date == one.last == date(2011, 7, 1)
    assert (one.working_days or ())[0] == date(2011, 6, 2)
    assert one.act_by == date(2011, 7, 1)
    assert one.period is None
    assert one.first is None
    with pytest.raises(NotAnnounced):
        due("permit", After("registration", days=30), date(2027, 6, 1), WorkingCalendar(()))
    assert due(
        "permit", After("registration", days=30), date(2027, 6, 1), WorkingCalendar(()), provisional=True
    ).provisional


def test_an_extra_meeting_on_a_rest_day_stays_there_and_knows_its_day() -> None:
    one = extra("joint-meeting", "joint-meeting/x1", date(2011, 6, 4), CALENDAR)

    assert (one.duty, one.nominal, one.last, one.first, one.act_by) == (
        "joint-meeting",
        date(2011, 6, 4),
        date(2011, 6, 4),
        None,
        None,
    )
    assert [day.date for day in one.days] == [date(2011, 6, 4)]
    assert one.provisional is False
    with pytest.raises(NotAnnounced):
        extra("joint-meeting", "joint-meeting/x1", date(2027, 6, 4), WorkingCalendar(()))


def test_explaining_is_in_chinese_unless_english_is_asked_for() -> None:
    october = list(plan(JOINT_MEETING, 2011, CALENDAR))[3]

    assert october.explain() == october.explain("zh") != october.explain("en")
    assert october.explain("en").isascii()
    assert not october.explain().isascii()


def test_an_estimate_names_its_other_days_in_both_languages() -> None:
    one = attrs.evolve(
        next(plan(JOINT_MEETING, 2027, WorkingCalendar(()), provisional=True)),
        candidates=(date(2027, 1, 5), date(2027, 1, 6), date(2027, 1, 7)),
    )

    assert one.explain("zh").endswith("（暂定，或1月6日、1月7日）")
    assert ", or 06 Jan, or 07 Jan" in one.explain("en")
