"""Years whose notice is not out: what the estimate promises, and how often it would have been right."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrant_fp import Convention, DayKind, HolidayNotice, NamedDay, Reading, WorkingCalendar, adjust, plan
from migrant_fp.adapters.chinese_calendar import working_calendar
from migrant_fp.regulations.changzhou_2011_134 import COORDINATORS_MEETING, EXCHANGE_TOWN, JOINT_MEETING
from migrant_fp.schedule.errors import OutsideLunarTable
from migrant_fp.schedule.estimate import candidates, estimate, likely
from migrant_fp.schedule.habit import Cluster, clusters, make_ups_owed, past_arrangements, vote
from migrant_fp.schedule.statutory import statutory_days

TRUTH = working_calendar()
YEARS = st.integers(2008, 2049)


def _before(year: int) -> WorkingCalendar:
    first = min(notice.issued for notice in TRUTH.notices if notice.year == year)
    return TRUTH.known_on(first - timedelta(1))


def _days(year: int) -> list[date]:
    return [date(year, 1, 1) + timedelta(n) for n in range(365)]


@given(YEARS)
def test_the_likelihoods_sum_to_one_and_fall(year: int) -> None:
    shares = [scenario.likelihood for scenario in estimate(year, TRUTH)]

    assert sum(shares) == pytest.approx(1)
    assert shares == sorted(shares, reverse=True)


@given(YEARS)
def test_every_day_is_provisional_and_statutory_days_are_off_in_every_scenario(year: int) -> None:
    for scenario in estimate(year, TRUTH):
        assert all(scenario.calendar.day(on).provisional for on in _days(year))
        assert not any(scenario.calendar.day(on).kind.is_working for on in statutory_days(year))


@given(YEARS)
def test_the_days_of_the_law_are_given_and_not_worked_again(year: int) -> None:
    best = estimate(year, TRUTH)[0].calendar.notices[-1]
    off = sum(day.date.weekday() < 5 for day in best.days_off)

    assert best.estimated
    assert off - len(best.make_up_days) >= sum(cluster.owed for cluster in clusters(year))
    assert all(day.date.weekday() >= 5 for day in best.make_up_days)
    assert not {day.date for day in best.make_up_days} & {day.date for day in best.days_off}


@given(st.permutations(TRUTH.notices))
def test_the_order_of_the_notices_does_not_matter(notices: list[HolidayNotice]) -> None:
    assert estimate(2027, WorkingCalendar(notices)) == estimate(2027, TRUTH)


@pytest.mark.parametrize("year", [2014, 2019, 2026])
def test_the_notice_of_the_year_itself_and_later_ones_are_not_looked_at(year: int) -> None:
    earlier = WorkingCalendar(notice for notice in TRUTH.notices if notice.year < year)

    assert estimate(year, TRUTH) == estimate(year, earlier)


def test_of_the_52_quarterly_dates_at_least_49_are_exact_and_all_are_candidates() -> None:
    days = [date(year, month, 5) for year in range(2014, 2027) for month in (1, 4, 7, 10)]
    found = {on: candidates(on, Convention.FOLLOWING, estimate(on.year, _before(on.year))) for on in days}
    truth = {on: adjust(on, Convention.FOLLOWING, TRUTH).actual for on in days}

    assert sum(found[on][0] == truth[on] for on in days) >= 49
    assert all(truth[on] in found[on] for on in days)
    assert max(map(len, found.values())) <= 3
    assert sum(map(len, found.values())) / len(days) <= 1.4


def test_of_the_156_monthly_dates_at_least_147_are_exact() -> None:
    days = [date(year, month, 5) for year in range(2014, 2027) for month in range(1, 13)]
    found = [candidates(on, Convention.FOLLOWING, estimate(on.year, _before(on.year)))[0] for on in days]

    assert (
        sum(a == adjust(on, Convention.FOLLOWING, TRUTH).actual for on, a in zip(days, found, strict=True))
        >= 147
    )


def test_without_any_notice_the_days_of_the_law_are_off_and_nothing_is_made_up() -> None:
    (scenario,) = estimate(2027, WorkingCalendar(()))
    notice = scenario.calendar.notices[-1]

    assert {day.date for day in notice.days_off} >= set(statutory_days(2027))
    assert notice.make_up_days == ()
    # 1 October is a Friday; 4 and 5 October are owed for Saturday and Sunday.
    assert candidates(date(2027, 10, 2), Convention.FOLLOWING, [scenario]) == (date(2027, 10, 6),)
    assert candidates(date(2027, 10, 9), Convention.FOLLOWING, [scenario], reading=Reading.NAMED) == (
        date(2027, 10, 9),
    )


def test_a_year_beyond_the_lunar_table_is_refused() -> None:
    with pytest.raises(OutsideLunarTable):
        estimate(2051, TRUTH)


def test_the_answers_of_scenarios_that_agree_are_added_and_unlikely_ones_left_out() -> None:
    one, two, three = date(2027, 1, 1), date(2027, 1, 2), date(2027, 1, 3)

    assert likely([(one, 0.4), (two, 0.3), (three, 0.07), (two, 0.23)]) == (two, one)
    assert likely([(one, 0.92), (two, 0.08)]) == (one, two)


def test_a_provisional_meeting_carries_its_candidates_and_falls_on_the_first() -> None:
    for meeting in plan(JOINT_MEETING, 2028, TRUTH, provisional=True):
        assert meeting.candidates[0] == meeting.last
        assert meeting.provisional
        assert meeting.notices == ()


def test_a_fixed_deadline_has_one_candidate_and_a_window_none() -> None:
    assert all(one.candidates == (one.last,) for one in plan(EXCHANGE_TOWN, 2028, TRUTH, provisional=True))
    assert all(one.candidates == () for one in plan(COORDINATORS_MEETING, 2028, TRUTH, provisional=True))


def test_what_is_announced_has_no_candidates() -> None:
    assert all(one.candidates == () for one in plan(JOINT_MEETING, 2026, TRUTH, provisional=True))


def test_a_joined_calendar_is_estimated_with_it() -> None:
    other = WorkingCalendar(
        [*TRUTH.notices, HolidayNotice(2027, date(2026, 11, 20), (NamedDay(date(2027, 7, 5), "培训"),))]
    )
    joined = WorkingCalendar(TRUTH.notices, (other, WorkingCalendar(TRUTH.notices)))

    assert estimate(2027, joined)[0].calendar.day(date(2027, 7, 5)).festival == "培训"


# The arrangements below are read off the notices of 2012, 2013 and 2020 by hand.
@pytest.mark.parametrize(
    ("first_statutory", "first", "last", "make_up_days"),
    [
        (date(2012, 9, 30), date(2012, 9, 30), date(2012, 10, 7), (date(2012, 9, 29),)),
        (date(2013, 4, 4), date(2013, 4, 4), date(2013, 4, 6), (date(2013, 4, 7),)),
        (date(2013, 1, 1), date(2013, 1, 1), date(2013, 1, 3), (date(2013, 1, 5), date(2013, 1, 6))),
        # 1 February was a make-up day until the amendment of 27 January
        (date(2020, 1, 25), date(2020, 1, 24), date(2020, 1, 30), (date(2020, 1, 19),)),
        (date(2020, 10, 1), date(2020, 10, 1), date(2020, 10, 8), (date(2020, 9, 27), date(2020, 10, 10))),
    ],
)
def test_past_arrangements_are_those_of_the_notices(
    first_statutory: date, first: date, last: date, make_up_days: tuple[date, ...]
) -> None:
    found = {one.cluster.days[0]: one for one in past_arrangements(TRUTH)}[first_statutory]

    assert (found.first, found.last, found.make_up_days) == (first, last, make_up_days)
    assert (found.lead, found.length) == ((first_statutory - first).days, (last - first).days + 1)


@pytest.mark.parametrize(
    ("year", "merged"),
    [(2009, True), (2012, True), (2015, False), (2018, False), (2020, True), (2023, True), (2025, True)],
)
def test_mid_autumn_joins_national_day_as_the_notices_joined_them(year: int, merged: bool) -> None:
    assert any({"中秋节", "国庆节"} <= set(cluster.festivals) for cluster in clusters(year)) is merged


def test_a_cluster_follows_the_festival_with_most_days() -> None:
    cluster = Cluster((date(2020, 10, 1),), ("中秋节", "国庆节", "国庆节"))

    assert (cluster.festival, cluster.owed) == ("国庆节", 3)


@pytest.mark.parametrize(
    ("first", "last", "owed", "cost"),
    [
        (
            date(2011, 10, 1),
            date(2011, 10, 7),
            3,
            2,
        ),  # Sat-Fri: five weekdays, three owed; 8 and 9 October worked
        (date(2014, 4, 5), date(2014, 4, 7), 1, 0),  # Sat-Mon
        (date(2024, 9, 15), date(2024, 9, 17), 1, 1),  # Sun-Tue; 14 September worked
    ],
)
def test_weekdays_beyond_the_law_are_made_up(first: date, last: date, owed: int, cost: int) -> None:
    assert make_ups_owed(first, last, owed) == cost


@given(st.lists(st.tuples(st.integers(0, 3), st.floats(0.1, 9)), min_size=1))
def test_a_vote_is_a_share_of_one_with_the_largest_first(evidence: list[tuple[int, float]]) -> None:
    shares = vote(evidence)

    assert sum(shares.values()) == pytest.approx(1)
    assert list(shares.values()) == sorted(shares.values(), reverse=True)
    assert set(shares) == {answer for answer, _ in evidence}


def test_estimated_days_say_that_they_are_estimated() -> None:
    day = estimate(2027, TRUTH)[0].calendar.day(date(2027, 10, 1))

    assert day.kind is DayKind.STATUTORY
    assert day.notice.title == "2027年放假安排的推算"
