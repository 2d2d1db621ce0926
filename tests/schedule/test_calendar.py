"""What each day is, on whose word, and what was known when."""

import itertools
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrant_fp import DayKind, HolidayNotice, NamedDay, NotAnnounced, WorkingCalendar
from migrant_fp.adapters.chinese_calendar import notices, working_calendar
from migrant_fp.schedule.errors import InvalidNotice

CALENDAR = working_calendar()


def _notice(
    year: int, issued: date, off: tuple[date, ...] = (), worked: tuple[date, ...] = (), **more: object
) -> HolidayNotice:
    named = tuple(NamedDay(day, "培训") for day in off)
    return HolidayNotice(year, issued, named, tuple(NamedDay(day, "培训") for day in worked), **more)


@pytest.mark.parametrize(
    ("day", "kind", "festival"),
    [
        (date(2011, 10, 3), DayKind.STATUTORY, "国庆节"),
        (date(2011, 10, 5), DayKind.SUBSTITUTE, "国庆节"),
        (date(2011, 10, 8), DayKind.MAKE_UP, "国庆节"),
        (date(2019, 5, 2), DayKind.ADJUSTED_REST, "劳动节"),
        (date(2015, 9, 3), DayKind.SPECIALLY_DECLARED, "抗战胜利70周年纪念日"),
        (date(2015, 9, 4), DayKind.ADJUSTED_REST, "抗战胜利70周年纪念日"),
        (date(2020, 1, 31), DayKind.SPECIALLY_DECLARED, "春节"),
        (date(2013, 4, 6), DayKind.WEEKLY_REST, "清明节"),
        (date(2011, 10, 9), DayKind.MAKE_UP, "国庆节"),
        (date(2011, 7, 5), DayKind.WORKING, None),
        (date(2009, 7, 5), DayKind.WEEKLY_REST, None),
        (date(2005, 12, 31), DayKind.MAKE_UP, "元旦"),
        (date(2011, 12, 31), DayKind.MAKE_UP, "元旦"),
    ],
)
def test_a_day_has_its_kind_and_festival(day: date, kind: DayKind, festival: str | None) -> None:
    found = CALENDAR.day(day)

    assert (found.kind, found.festival) == (kind, festival)


@pytest.mark.parametrize(
    ("known", "day", "working"),
    [
        (date(2015, 5, 12), date(2015, 9, 3), True),
        (date(2015, 5, 13), date(2015, 9, 3), False),
        (date(2015, 5, 12), date(2015, 9, 6), False),
        (date(2019, 3, 21), date(2019, 5, 2), True),
        (date(2019, 3, 22), date(2019, 5, 2), False),
        (date(2019, 3, 21), date(2019, 5, 1), False),
        (date(2019, 3, 21), date(2019, 4, 28), False),
        (date(2020, 1, 26), date(2020, 1, 31), True),
        (date(2020, 1, 26), date(2020, 2, 1), True),
        (date(2020, 1, 27), date(2020, 2, 1), False),
        (date(2011, 5, 18), date(2011, 12, 31), False),
        (date(2011, 12, 6), date(2011, 12, 31), True),
    ],
)
def test_only_notices_published_by_a_day_are_known_on_it(known: date, day: date, working: bool) -> None:
    assert CALENDAR.known_on(known).day(day).kind.is_working is working


def test_the_last_days_of_december_wait_for_the_next_notice() -> None:
    then = CALENDAR.known_on(date(2011, 5, 18))

    assert then.day(date(2011, 12, 29)).provisional
    assert not then.day(date(2011, 12, 28)).provisional
    assert not CALENDAR.day(date(2011, 12, 29)).provisional


def test_a_plain_day_names_the_notice_of_its_year() -> None:
    notice = CALENDAR.day(date(2013, 7, 5)).notice

    assert notice is not None
    assert notice.title == "国办发明电〔2012〕33号（文号据记忆）"


def test_a_notice_without_number_is_named_by_its_year() -> None:
    assert HolidayNotice(2027, date(2026, 12, 1), ()).title == "关于2027年部分节假日安排的通知"


def test_a_new_notice_answers_its_year_without_a_release() -> None:
    notice = HolidayNotice(2027, date(2026, 12, 1), (NamedDay(date(2027, 1, 1), "元旦"),))

    assert CALENDAR.with_notice(notice).day(date(2027, 1, 1)).kind is DayKind.STATUTORY


def test_an_amendment_can_give_days_back_to_the_plain_week() -> None:
    calendar = WorkingCalendar(
        (
            _notice(2027, date(2026, 12, 1), off=(date(2027, 6, 1),), worked=(date(2027, 6, 5),)),
            _notice(2027, date(2027, 2, 1), restored=(date(2027, 6, 1), date(2027, 6, 5))),
        )
    )

    assert calendar.day(date(2027, 6, 1)).kind is DayKind.WORKING
    assert calendar.day(date(2027, 6, 5)).kind is DayKind.WEEKLY_REST


def test_a_day_off_that_no_law_and_no_make_up_day_explains_is_specially_declared() -> None:
    calendar = WorkingCalendar((_notice(2027, date(2026, 12, 1), off=(date(2027, 6, 1),)),))

    assert calendar.day(date(2027, 6, 1)).kind is DayKind.SPECIALLY_DECLARED


def test_an_amendment_turns_a_day_off_into_a_make_up_day() -> None:
    calendar = WorkingCalendar(
        (
            _notice(2027, date(2026, 12, 1), off=(date(2027, 6, 5),)),
            _notice(2027, date(2027, 2, 1), worked=(date(2027, 6, 5),)),
        )
    )

    assert calendar.day(date(2027, 6, 5)).kind is DayKind.MAKE_UP


def test_two_offices_work_together_only_when_both_work() -> None:
    closed = CALENDAR.with_notice(_notice(2013, date(2013, 3, 1), off=(date(2013, 7, 5),)))
    joint = CALENDAR.joined_with(closed)

    assert not joint.day(date(2013, 7, 5)).kind.is_working
    assert joint.day(date(2013, 7, 8)).kind.is_working
    assert not joint.day(date(2013, 7, 7)).kind.is_working
    assert joint.known_on(date(2013, 2, 1)).day(date(2013, 7, 5)).kind.is_working


def test_a_joint_calendar_knows_only_what_both_know() -> None:
    joint = CALENDAR.joined_with(CALENDAR.known_on(date(2013, 1, 1)))

    assert joint.announced[-1] == 2013
    with pytest.raises(NotAnnounced):
        joint.day(date(2014, 1, 2))


def test_a_datetime_is_taken_as_its_day() -> None:
    assert CALENDAR.day(datetime(2011, 10, 8, 9, 30)).kind is DayKind.MAKE_UP


def test_the_plain_week_answers_provisionally_outside_the_notices() -> None:
    assert CALENDAR.day(date(2027, 3, 6), provisional=True).kind is DayKind.WEEKLY_REST
    assert CALENDAR.day(date(2027, 3, 8), provisional=True).kind is DayKind.WORKING


def test_every_problem_of_a_notice_is_listed_at_once() -> None:
    with pytest.raises(InvalidNotice) as caught:
        _notice(
            2027,
            date(2026, 12, 1),
            off=(date(2027, 6, 5), date(2028, 1, 1)),
            worked=(date(2027, 6, 5), date(2027, 6, 7)),
        )

    assert len(caught.value.problems) == 3
    assert str(caught.value).count("\n") == 3


def test_two_notices_of_one_day_may_not_name_the_same_date() -> None:
    one = _notice(2027, date(2026, 12, 1), off=(date(2027, 6, 1),))
    other = _notice(2027, date(2026, 12, 1), off=(date(2027, 6, 1), date(2027, 6, 2)))

    with pytest.raises(InvalidNotice, match="2027-06-01"):
        WorkingCalendar((one, other))


@given(st.permutations(notices()[:6]))
def test_the_order_in_which_notices_are_given_does_not_matter(given_order: list[HolidayNotice]) -> None:
    assert WorkingCalendar(given_order) == WorkingCalendar(notices()[:6])
    day = date(2008, 1, 1)
    assert WorkingCalendar(given_order).day(day) == WorkingCalendar(notices()[:6]).day(day)


def test_notices_of_every_year_pay_for_their_adjusted_rest() -> None:
    """In each year the weekdays off are the statutory, owed and declared days plus one per make-up day."""
    for year in range(2007, 2027):
        days = [day for on, day in CALENDAR._days.items() if day.notice and day.notice.year == year]
        adjusted = sum(day.kind is DayKind.ADJUSTED_REST for day in days)
        make_up = sum(day.kind is DayKind.MAKE_UP for day in days)
        lifted = 1 if year == 2020 else 0

        assert adjusted == make_up + lifted, year


def test_blocks_are_kept_apart() -> None:
    assert not any(
        a.festival == "劳动节" and b.festival == "国庆节"
        for a, b in itertools.pairwise(CALENDAR._days.values())
    )


def test_a_statutory_day_stays_one_even_where_a_notice_leaves_it_out() -> None:
    day = CALENDAR.with_notice(_notice(2027, date(2026, 12, 1))).day(date(2027, 10, 1))

    assert (day.kind, day.festival, day.provisional) == (DayKind.STATUTORY, "国庆节", False)


@given(
    st.integers(2006, 2026),
    st.sets(st.integers(0, 395), max_size=12),
    st.sets(st.integers(0, 395), max_size=4),
)
def test_a_notice_changes_only_the_days_in_its_reach(year: int, off: set[int], worked: set[int]) -> None:
    start = date(year - 1, 12, 1)
    weekends = {
        n
        for n in worked - off
        if (start + timedelta(n)).weekday() >= 5 and (start + timedelta(n)).year <= year
    }
    days_off = sorted(start + timedelta(n) for n in off if (start + timedelta(n)).year <= year)
    notice = HolidayNotice(
        year,
        date(year, 12, 31),
        tuple(NamedDay(on, "培训日") for on in days_off),
        tuple(NamedDay(start + timedelta(n), "培训日") for n in sorted(weekends)),
    )
    calendar = working_calendar()
    after = calendar.with_notice(notice)
    named = set(notice.dates)
    all_days = (date(2004, 1, 1) + timedelta(n) for n in range(8401))
    changed = {on for on in all_days if after.day(on).kind.is_working != calendar.day(on).kind.is_working}

    assert changed <= named
    assert all(not after.day(on).kind.is_working for on in days_off)
