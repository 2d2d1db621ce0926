"""Where a date falls; expected dates come from notices and from the tax administration's published tables."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrant_fp import Convention, NotAnnounced, Reading, adjust
from migrant_fp.adapters.chinese_calendar import working_calendar
from migrant_fp.schedule.errors import InvalidRule, NotInForce

CALENDAR = working_calendar()
DAYS = st.dates(date(2004, 2, 1), date(2026, 11, 30))
FOLLOWING, PRECEDING = Convention.FOLLOWING, Convention.PRECEDING


@pytest.mark.parametrize(
    ("nominal", "actual"),
    [
        # 每季度第一个月的5日（遇节假日顺延）: the eight cases that "weekday and no holiday" gets wrong, and plain ones
        (date(2011, 1, 5), date(2011, 1, 5)),
        (date(2011, 4, 5), date(2011, 4, 6)),
        (date(2011, 7, 5), date(2011, 7, 5)),
        (date(2011, 10, 5), date(2011, 10, 8)),
        (date(2013, 1, 5), date(2013, 1, 5)),
        (date(2013, 4, 5), date(2013, 4, 7)),
        (date(2016, 10, 5), date(2016, 10, 8)),
        (date(2018, 4, 5), date(2018, 4, 8)),
        (date(2022, 10, 5), date(2022, 10, 8)),
        (date(2023, 10, 5), date(2023, 10, 7)),
        (date(2024, 4, 5), date(2024, 4, 7)),
    ],
)
def test_following_meets_on_worked_weekends(nominal: date, actual: date) -> None:
    assert adjust(nominal, FOLLOWING, CALENDAR).actual == actual


@pytest.mark.parametrize(
    ("convention", "nominal", "actual"),
    [
        (PRECEDING, date(2011, 10, 5), date(2011, 9, 30)),
        (Convention.UNADJUSTED, date(2011, 10, 5), date(2011, 10, 5)),
        (Convention.MODIFIED_FOLLOWING, date(2011, 10, 5), date(2011, 10, 8)),
        (Convention.MODIFIED_FOLLOWING, date(2011, 7, 31), date(2011, 7, 29)),
        (Convention.NEAREST, date(2011, 10, 5), date(2011, 10, 8)),
        (Convention.NEAREST, date(2011, 10, 2), date(2011, 9, 30)),
        (Convention.CIVIL_CODE, date(2021, 10, 5), date(2021, 10, 8)),
    ],
)
def test_each_convention_moves_as_it_is_named(convention: Convention, nominal: date, actual: date) -> None:
    assert adjust(nominal, convention, CALENDAR).actual == actual


@pytest.mark.parametrize(
    ("reading", "actual"),
    [
        (Reading.ALL_REST, date(2009, 7, 6)),
        (Reading.NAMED, date(2009, 7, 5)),
        (Reading.STATUTORY, date(2009, 7, 5)),
    ],
)
def test_a_plain_weekend_moves_a_date_only_under_the_widest_reading(reading: Reading, actual: date) -> None:
    assert adjust(date(2009, 7, 5), FOLLOWING, CALENDAR, reading=reading).actual == actual


def test_the_statutory_reading_lands_on_a_rest_day_and_says_it_rests_on_an_inference() -> None:
    moved = adjust(date(2011, 10, 5), FOLLOWING, CALENDAR, reading=Reading.STATUTORY)

    assert (moved.actual, moved.inferred) == (date(2011, 10, 6), True)


def test_the_audit_rule_is_triggered_by_a_holiday_only_and_lands_on_a_working_day() -> None:
    named = Reading.NAMED

    assert adjust(date(2022, 6, 18), Convention.AUDIT, CALENDAR, reading=named).actual == date(2022, 6, 18)
    assert adjust(date(2021, 1, 3), Convention.AUDIT, CALENDAR, reading=named).actual == date(2021, 1, 4)


# 税总办函〔2020〕242号 and 税总办征科函〔2021〕201号: last day of the monthly filing period, (year, month) -> day
FILING = {
    (2021, 1): 20, (2021, 2): 23, (2021, 3): 15, (2021, 4): 20, (2021, 5): 21, (2021, 6): 18,
    (2021, 7): 15, (2021, 8): 16, (2021, 9): 15, (2021, 10): 26, (2021, 11): 15, (2021, 12): 15,
    (2022, 1): 19, (2022, 2): 23, (2022, 3): 15, (2022, 4): 20, (2022, 5): 19, (2022, 6): 20,
    (2022, 7): 15, (2022, 8): 15, (2022, 9): 20, (2022, 10): 25, (2022, 11): 15, (2022, 12): 15,
}  # fmt: skip


@pytest.mark.parametrize(("month", "day"), FILING.items())
def test_the_tax_rule_gives_the_published_filing_dates(month: tuple[int, int], day: int) -> None:
    moved = adjust(date(*month, 15), Convention.TAX, CALENDAR, since=date(*month, 1))

    assert moved.actual == date(*month, day)


def test_the_tax_rule_asks_for_the_first_day_of_its_period() -> None:
    with pytest.raises(InvalidRule, match="since="):
        adjust(date(2021, 1, 15), Convention.TAX, CALENDAR)


def test_a_legal_convention_is_refused_before_its_law() -> None:
    with pytest.raises(NotInForce) as caught:
        adjust(date(2020, 12, 31), Convention.CIVIL_CODE, CALENDAR)

    assert caught.value.since == date(2021, 1, 1)
    assert "2020-12-31" in str(caught.value)


def test_an_unannounced_year_is_refused_with_the_way_on() -> None:
    with pytest.raises(NotAnnounced) as caught:
        adjust(date(2027, 1, 5), FOLLOWING, CALENDAR)

    assert (caught.value.date, caught.value.announced[-1]) == (date(2027, 1, 5), 2026)
    assert "provisional=True" in str(caught.value)


def test_a_provisional_answer_says_so() -> None:
    assert adjust(date(2027, 10, 1), FOLLOWING, CALENDAR, provisional=True).provisional


@given(DAYS)
def test_following_lands_on_the_first_working_day_and_steps_over_rest_days_only(day: date) -> None:
    moved = adjust(day, FOLLOWING, CALENDAR)

    assert moved.day.kind.is_working
    assert not any(passed.kind.is_working for passed in moved.stepped_over)
    assert [p.date for p in moved.stepped_over] == [
        day + timedelta(n) for n in range((moved.actual - day).days)
    ]


@given(DAYS, st.sampled_from([c for c in Convention if c.since is None]))
def test_moving_twice_moves_no_further(day: date, convention: Convention) -> None:
    once = adjust(day, convention, CALENDAR)

    assert adjust(once.actual, convention, CALENDAR).actual == once.actual


@given(DAYS, DAYS, st.sampled_from([FOLLOWING, PRECEDING, Convention.NEAREST]))
def test_moving_keeps_the_order_of_dates(one: date, other: date, convention: Convention) -> None:
    first, second = sorted((one, other))

    assert adjust(first, convention, CALENDAR).actual <= adjust(second, convention, CALENDAR).actual
