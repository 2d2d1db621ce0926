"""The rule language on the wordings of real regulations; every expected date is worked out by hand from a wall calendar."""

from datetime import date, timedelta

import attrs
import pytest
from dateutil.rrule import MONTHLY, rrule
from hypothesis import given
from hypothesis import strategies as st

from migrant_fp import Convention, HolidayNotice, NamedDay, NotAnnounced
from migrant_fp.adapters.chinese_calendar import working_calendar
from migrant_fp.schedule.counting import (
    add_days,
    add_months,
    add_working_days,
    anniversary,
    month_before_anniversary,
)
from migrant_fp.schedule.errors import InvalidRule
from migrant_fp.schedule.occurrence import due, extra, plan, replan
from migrant_fp.schedule.period import (
    HALF_YEAR,
    HALF_YEAR_FROM_OCTOBER,
    MONTH,
    MONTH_FROM_21ST,
    QUARTER,
    WEEK,
    YEAR,
    YEAR_FROM_OCTOBER,
)
from migrant_fp.schedule.rule import (
    FRIDAY,
    MONDAY,
    After,
    AfterPeriodEnd,
    Bound,
    DayOfPeriod,
    LastDay,
    Rule,
    TenDays,
    WeekdayOf,
    Whole,
    WorkingDayOf,
)

CALENDAR = working_calendar()
CYCLES = [WEEK, MONTH, QUARTER, HALF_YEAR, YEAR, YEAR_FROM_OCTOBER, HALF_YEAR_FROM_OCTOBER, MONTH_FROM_21ST]
DAYS = st.dates(date(2004, 2, 1), date(2026, 11, 30))


@attrs.frozen
class Duty:
    id: str
    rule: Rule


def _planned(rule: Rule, year: int = 2011) -> list:
    return list(plan(Duty("duty", rule), year, CALENDAR))


def _lasts(rule: Rule, year: int = 2011) -> list[tuple[int, int]]:
    return [(o.last.month, o.last.day) for o in _planned(rule, year)]


def test_1_each_quarter_on_the_5th_of_its_first_month_moved_from_holidays() -> None:
    rule = Rule(every=QUARTER, at=DayOfPeriod(5), convention=Convention.FOLLOWING)

    assert _lasts(rule) == [(1, 5), (4, 6), (7, 5), (10, 8)]
    assert [o.id for o in _planned(rule)] == ["duty/2011-Q1", "duty/2011-Q2", "duty/2011-Q3", "duty/2011-Q4"]


def test_2_each_month_by_the_5th_stays_and_advises_the_last_working_day() -> None:
    october = _planned(Rule(every=MONTH, at=DayOfPeriod(5), bound=Bound.BY, data=-1))[9]

    assert (october.nominal, october.last) == (date(2011, 10, 5), date(2011, 10, 5))
    assert (october.act_by, october.working_days) == (date(2011, 9, 30), ())
    assert october.data_period is not None
    assert october.data_period.label == "2011-09"


def test_2_read_exclusively_the_last_day_is_the_4th() -> None:
    may = _planned(Rule(every=MONTH, at=DayOfPeriod(5), bound=Bound.BEFORE))[4]

    assert (may.nominal, may.last, may.act_by) == (date(2011, 5, 5), date(2011, 5, 4), date(2011, 5, 4))
    assert may.working_days == (date(2011, 5, 3), date(2011, 5, 4))


def test_3_the_first_ten_days_are_a_window_with_its_working_days() -> None:
    october = _planned(Rule(every=MONTH, at=TenDays(1), bound=Bound.WITHIN))[9]

    assert (october.nominal, october.actual, october.act_by) == (None, None, None)
    assert (october.first, october.last) == (date(2011, 10, 1), date(2011, 10, 10))
    assert october.working_days == (date(2011, 10, 8), date(2011, 10, 9), date(2011, 10, 10))


def test_4_once_a_year_is_a_window_of_the_year() -> None:
    (year,) = _planned(Rule(every=YEAR, at=Whole(), bound=Bound.WITHIN))

    assert (year.id, year.first, year.last) == ("duty/2011", date(2011, 1, 1), date(2011, 12, 31))


def test_6_by_the_10th_of_the_quarters_first_month_and_in_may_of_each_year() -> None:
    assert _lasts(Rule(every=QUARTER, at=DayOfPeriod(10), bound=Bound.BY)) == [
        (1, 10),
        (4, 10),
        (7, 10),
        (10, 10),
    ]
    (may,) = _planned(Rule(every=YEAR, at=Whole(month=5), bound=Bound.WITHIN, data=-1))
    assert (may.first, may.last) == (date(2011, 5, 1), date(2011, 5, 31))
    assert may.data_period is not None
    assert may.data_period.label == "2010"


def test_8_a_chain_of_days() -> None:
    assert _lasts(Rule(every=MONTH, at=DayOfPeriod(8)))[:2] == [(1, 8), (2, 8)]
    assert _lasts(Rule(every=MONTH, at=DayOfPeriod(10)))[-1] == (12, 10)


def test_11_the_half_year_from_october_is_reported_by_the_5th_after_its_end() -> None:
    rule = Rule(every=HALF_YEAR_FROM_OCTOBER, at=AfterPeriodEnd(days=5), bound=Bound.BY, data=-1)

    april, october = _planned(rule)
    assert (april.last, october.last) == (date(2011, 4, 5), date(2011, 10, 5))
    assert april.data_period is not None
    assert (april.data_period.start, april.data_period.end) == (date(2010, 10, 1), date(2011, 3, 31))


def test_14_every_week_on_monday() -> None:
    mondays = _planned(Rule(every=WEEK, at=MONDAY))

    assert (len(mondays), mondays[0].last, mondays[-1].last) == (52, date(2011, 1, 3), date(2011, 12, 26))
    assert mondays[0].id == "duty/2011-W01"


@pytest.mark.parametrize(
    ("event", "last"),
    [
        (date(2011, 9, 29), date(2011, 10, 9)),  # 30 Sept, then the worked Saturday 8 and Sunday 9 October
        (date(2011, 6, 1), date(2011, 6, 7)),  # 2, 3, 7: 6 June was the Dragon Boat Festival
        (date(2011, 4, 29), date(2011, 5, 5)),  # 3, 4, 5 May
    ],
)
def test_21_three_working_days_after_an_event(event: date, last: date) -> None:
    assert due("answer", After("request received", working_days=3), event, CALENDAR).last == last


def test_24_once_each_half_year_and_the_first_by_the_end_of_march() -> None:
    halves = _planned(Rule(every=HALF_YEAR, at=Whole(), bound=Bound.WITHIN, at_least=1))

    assert [(o.id, o.last) for o in halves] == [
        ("duty/2011-H1", date(2011, 6, 30)),
        ("duty/2011-H2", date(2011, 12, 31)),
    ]
    assert _lasts(Rule(every=YEAR, at=LastDay(month=3), bound=Bound.BY)) == [(3, 31)]


def test_26_fifteen_days_after_the_end_of_the_quarter() -> None:
    rule = Rule(every=QUARTER, at=AfterPeriodEnd(days=15), bound=Bound.BY, convention=Convention.TAX, data=-1)

    assert _lasts(rule, 2021) == [(1, 20), (4, 20), (7, 15), (10, 26)]  # as the tax administration published


@pytest.mark.parametrize(
    ("moved_in", "window"),
    [
        (date(2016, 3, 31), (date(2017, 2, 28), date(2017, 3, 31))),
        (date(2016, 1, 1), (date(2016, 12, 1), date(2017, 1, 1))),
        (date(2016, 2, 29), (date(2017, 1, 28), date(2017, 2, 28))),
    ],
)
def test_29_the_month_before_each_full_year(moved_in: date, window: tuple[date, date]) -> None:
    assert month_before_anniversary(moved_in, 1) == window


def test_the_other_anchors() -> None:
    assert _lasts(Rule(every=MONTH, at=LastDay()))[:2] == [(1, 31), (2, 28)]
    assert _lasts(Rule(every=MONTH, at=WeekdayOf(4, -1)))[0] == (1, 28)
    assert _lasts(Rule(every=WEEK, at=FRIDAY))[0] == (1, 7)
    assert _lasts(Rule(every=MONTH, at=WorkingDayOf(3)))[9] == (10, 10)
    assert _lasts(Rule(every=MONTH, at=WorkingDayOf(-1)))[9] == (10, 31)
    assert _lasts(Rule(every=MONTH, at=TenDays(2), bound=Bound.WITHIN))[1] == (2, 20)
    assert _lasts(Rule(every=MONTH, at=TenDays(3), bound=Bound.WITHIN))[1] == (2, 28)
    assert _lasts(Rule(every=MONTH, at=AfterPeriodEnd(working_days=2)))[9] == (10, 9)
    assert _lasts(Rule(every=MONTH, at=DayOfPeriod(31, clip=True)))[1] == (2, 28)
    assert _lasts(Rule(every=MONTH_FROM_21ST, at=LastDay()))[0] == (1, 20)
    assert _lasts(Rule(every=YEAR_FROM_OCTOBER, at=LastDay())) == [(9, 30)]


@pytest.mark.parametrize(
    "at",
    [
        DayOfPeriod(31),
        DayOfPeriod(0),
        DayOfPeriod(5, month=2),
        TenDays(4),
        WeekdayOf(0, 6),
        WeekdayOf(0, 0),
        WorkingDayOf(40),
    ],
)
def test_a_day_that_a_period_does_not_have_is_refused(at: object) -> None:
    with pytest.raises(InvalidRule, match="expected"):
        _planned(Rule(every=MONTH, at=at))


def test_a_count_must_be_one_and_positive() -> None:
    for make in (lambda: After("x"), lambda: After("x", days=1, months=1), lambda: AfterPeriodEnd(days=0)):
        with pytest.raises(InvalidRule):
            make()
    with pytest.raises(InvalidRule):
        add_working_days(date(2011, 1, 1), 0, CALENDAR)


def test_an_occurrence_on_a_day_names_it_as_actual() -> None:
    assert _planned(Rule(every=YEAR, at=DayOfPeriod(5)))[0].actual == date(2011, 1, 5)


def test_an_event_deadline_keeps_its_reasons() -> None:
    answer = due(
        "answer", After("arrival", days=30, convention=Convention.FOLLOWING), date(2011, 9, 1), CALENDAR
    )

    assert (answer.id, answer.nominal, answer.last) == (
        "answer/2011-10-01",
        date(2011, 10, 1),
        date(2011, 10, 8),
    )
    assert len(answer.stepped_over) == 7
    assert due("x", After("y", months=3), date(2011, 11, 30), CALENDAR).nominal == date(2012, 2, 29)
    assert due("x", After("y", days=1), date(2011, 10, 1), CALENDAR).act_by == date(2011, 9, 30)


def test_an_unannounced_year_is_refused_or_provisional() -> None:
    duty = Duty("joint", Rule(every=QUARTER, at=DayOfPeriod(5), convention=Convention.FOLLOWING))

    with pytest.raises(NotAnnounced):
        list(plan(duty, 2027, CALENDAR))
    assert all(o.provisional for o in plan(duty, 2027, CALENDAR, provisional=True))


def test_replan_gives_the_moved_and_the_confirmed_with_their_cause() -> None:
    duty = Duty("joint", Rule(every=QUARTER, at=DayOfPeriod(5), convention=Convention.FOLLOWING))
    notice = HolidayNotice(2027, date(2026, 12, 1), (NamedDay(date(2027, 1, 5), "元旦"),))
    before = list(plan(duty, 2027, CALENDAR, provisional=True))
    after = list(plan(duty, 2027, CALENDAR.with_notice(notice)))

    changes = replan(before, after)

    assert [change.moved for change in changes] == [
        True,
        False,
        False,
        True,
    ]  # the notice has no National Day
    assert all(change.cause == (notice,) for change in changes)
    assert after[0].notices == (notice,)
    assert after[0].stepped_over[0].festival == "元旦"
    assert replan(after, after) == ()
    assert [(c.id, c.moved, c.cause) for c in replan(after[:1], ())] == [("joint/2027-Q1", True, (notice,))]


@given(DAYS, st.sampled_from(CYCLES))
def test_periods_tile_time(day: date, cycle: object) -> None:
    period = cycle.period(day)

    assert period.start <= day <= period.end
    assert period.shifted(1).start == period.end + timedelta(1)
    assert period.shifted(1).shifted(-1) == period == cycle.period(period.end)
    assert period.label != period.shifted(1).label


@given(DAYS, st.integers(1, 60))
def test_counting_working_days_forth_and_back_returns_to_a_working_day(day: date, n: int) -> None:
    there = add_working_days(day, -n, CALENDAR) if day.year > 2010 else add_working_days(day, n, CALENDAR)

    worked = [
        d for d in (min(day, there) + timedelta(k) for k in range(abs((day - there).days) + 1)) if d != day
    ]
    assert sum(CALENDAR.day(d).kind.is_working for d in worked) == n


@given(DAYS, st.integers(1, 48))
def test_months_clip_where_rrule_drops(day: date, months: int) -> None:
    """Where the corresponding day exists, dateutil's rrule finds the same one."""
    found = add_months(day, months)
    exact = [
        d.date()
        for d in rrule(MONTHLY, dtstart=day, until=add_days(day, 31 * months + 31), bymonthday=day.day)
    ]

    assert found in exact or found == add_days(found.replace(day=1), 31).replace(day=1) - timedelta(1)
    assert anniversary(day, 1) == add_months(day, 12)


@pytest.mark.parametrize("year", range(2009, 2027))
def test_every_quarter_has_its_meeting_on_a_working_day_in_its_first_month(year: int) -> None:
    rule = Rule(every=QUARTER, at=DayOfPeriod(5), convention=Convention.FOLLOWING)

    planned = list(plan(Duty("joint", rule), year, CALENDAR))
    assert len(planned) == 4
    assert all(
        CALENDAR.day(o.last).kind.is_working and o.last.month == 3 * n + 1 for n, o in enumerate(planned)
    )


def test_an_extra_meeting_keeps_the_id_it_was_given_when_its_day_moves() -> None:
    first, moved = (
        extra("joint-meeting", "joint-meeting/x1", date(2011, 8, day), CALENDAR) for day in (9, 11)
    )
    (change,) = replan([first], [moved])

    assert (change.id, change.moved) == ("joint-meeting/x1", True)
    assert (first.explain(), first.actual, first.period) == ("2011-08-09 周二，按期", date(2011, 8, 9), None)
