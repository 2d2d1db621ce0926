"""五、建立考核奖励制度, and 三(二)2: assessments of offices and holders of tasks, the commendation, the reward, the three of 五.3.

1.…每年联合表彰“百佳流动人口计划生育服务信息采集员 2.对及时通报…经人口计生部门核查,情况属实的,进行奖励。3.武进、金坛、溧阳…参照建立考核奖励制度。
"""

from datetime import date
from fractions import Fraction

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

import migrant_fp.testing  # noqa: F401 - registers the strategies
from migrant_fp.adapters.chinese_calendar import working_calendar
from migrant_fp.adapters.memory import MemoryStore
from migrant_fp.application.adopt import adopt_system, system_of
from migrant_fp.application.assess import CITY_SYSTEM, EQUAL_WEIGHTS, assess_office, assess_staff
from migrant_fp.application.commend import announce, choose, commendation_owed, consent, nominate
from migrant_fp.application.coordinate import open_coordinators_meeting
from migrant_fp.application.exchange import open_round, record_hand_over
from migrant_fp.application.meet import hold, open_joint_meetings
from migrant_fp.application.reward import REWARD_BASES, grant_reward, submit_report, verify_report
from migrant_fp.domain.agency import Role
from migrant_fp.domain.assessment import (
    Assessment,
    Fact,
    Measure,
    Subject,
    assess,
    form_facts,
    gathering_facts,
    hand_over_facts,
    meeting_facts,
    task_facts,
)
from migrant_fp.domain.assessment_system import AssessmentSystem, system_for
from migrant_fp.domain.clause import LegalBasis
from migrant_fp.domain.collection import Collection
from migrant_fp.domain.commendation import (
    LIMIT,
    Commendation,
    CommendationSettings,
    CommendationState,
    Nomination,
    Selection,
    TieRule,
    commendation_findings,
    select,
)
from migrant_fp.domain.coordinators_meeting import Attendee, CoordinatorsMeeting, Host, Outcome, Task, Topic
from migrant_fp.domain.division import NoSuchDivision
from migrant_fp.domain.duty import Level
from migrant_fp.domain.errors import Invalid, NoLegalBasis, NotModelled, NotYetIssued, WrongState
from migrant_fp.domain.form import RegistrationForm
from migrant_fp.domain.hand_over import DeadlinePolicy, HandOverEvent
from migrant_fp.domain.meeting import CONVENERS, JointMeeting, MeetingState
from migrant_fp.domain.reward import Report, ReportState
from migrant_fp.domain.staff import Pair, StaffKind, StaffMember
from migrant_fp.ports.registers import NoSuchRecord
from migrant_fp.regulations.changzhou_2011_134 import DOCUMENT
from migrant_fp.regulations.changzhou_agencies import AGENCIES
from migrant_fp.regulations.changzhou_divisions import BY_ANALOGY, DISTRICTS_2011

CALENDAR = working_calendar()
PARTIES = AGENCIES.parties(Level.DISTRICT, "320411")
POLICE, PLANNING, COORDINATION = PARTIES
CITY_PLANNING = AGENCIES.get(Role.FAMILY_PLANNING, Level.CITY, "320400")
DAY = date(2011, 6, 1)
PAIR = Pair("S-1", "W-1", "C-1", date(2011, 5, 18))
HALF = Fraction(1, 2)


def _fact(measure: Measure, *, met: bool, about: str = "A-1") -> Fact:
    return Fact(measure, Subject.COLLECTOR, "S-1", about, met)


# ---- figures


def test_only_offices_and_holders_of_tasks_can_be_assessed_and_no_resident() -> None:
    assert {kind.value for kind in Subject} == {
        "office", "collector", "community_staff", "enterprise", "association",
    }  # fmt: skip


def test_a_score_is_the_weighted_mean_of_figures_that_open_into_their_facts() -> None:
    facts = [
        _fact(Measure.TASKS, met=True, about="T-1"),
        _fact(Measure.TASKS, met=False, about="T-2"),
        _fact(Measure.COMPLETENESS, met=True, about="F-1"),
    ]
    found = assess(
        Subject.COLLECTOR,
        "S-1",
        "2011-06",
        facts,
        {Measure.TASKS: Fraction(3), Measure.COMPLETENESS: Fraction(1)},
    )

    assert [(figure.measure, figure.met, figure.share) for figure in found.figures] == [
        (Measure.COMPLETENESS, 1, Fraction(1)),
        (Measure.TASKS, 1, HALF),
    ]
    assert [fact.about for fact in found.figures[1].facts] == ["T-1", "T-2"]
    assert found.score == Fraction(5, 8)
    assert found.id == "assessment/2011-06/collector/S-1"


def test_a_measure_without_facts_or_without_weight_does_not_count() -> None:
    facts = [_fact(Measure.TASKS, met=True), _fact(Measure.TRAINING, met=False)]

    assert assess(Subject.COLLECTOR, "S-1", "2011", facts, {Measure.TASKS: HALF}).score == 1
    assert assess(Subject.COLLECTOR, "S-1", "2011", [], EQUAL_WEIGHTS).score is None
    assert assess(Subject.COLLECTOR, "S-2", "2011", facts, EQUAL_WEIGHTS).figures == ()
    assert assess(Subject.OFFICE, "S-1", "2011", facts, EQUAL_WEIGHTS).figures == ()


def test_weights_that_make_no_sense_are_refused_with_every_problem() -> None:
    with pytest.raises(Invalid) as caught:
        assess(Subject.OFFICE, "x", "2011", [], {Measure.TASKS: Fraction(-1), Measure.TRAINING: Fraction(0)})
    assert [problem.place for problem in caught.value.problems] == ["tasks", "weights"]
    with pytest.raises(Invalid, match="none is positive"):
        assess(Subject.OFFICE, "x", "2011", [], {})


_FACTS = st.lists(
    st.builds(
        Fact,
        st.sampled_from(Measure),
        st.just(Subject.COLLECTOR),
        st.just("S-1"),
        st.sampled_from(["A", "B", "C"]),
        st.booleans(),
    ),
    max_size=8,
)


@given(_FACTS, st.randoms(use_true_random=False))
def test_the_order_of_facts_and_saying_one_twice_make_no_difference(
    facts: list[Fact], random: object
) -> None:
    shuffled = [*facts, *facts]
    random.shuffle(shuffled)  # type: ignore[attr-defined]

    one = assess(Subject.COLLECTOR, "S-1", "2011", facts, EQUAL_WEIGHTS)
    assert one == assess(Subject.COLLECTOR, "S-1", "2011", shuffled, EQUAL_WEIGHTS)
    assert one.score is None or 0 <= one.score <= 1


@given(_FACTS, st.sampled_from(Measure))
def test_one_more_thing_done_never_lowers_a_score(facts: list[Fact], measure: Measure) -> None:
    before = assess(Subject.COLLECTOR, "S-1", "2011", facts, {measure: Fraction(1)})
    more = [*facts, Fact(measure, Subject.COLLECTOR, "S-1", "Z", met=True)]
    after = assess(Subject.COLLECTOR, "S-1", "2011", more, {measure: Fraction(1)})

    assert after.score is not None
    assert after.score >= (before.score or 0)


# ---- facts


def test_hand_overs_count_as_the_policy_reads_october_and_open_ones_are_no_facts() -> None:
    with MemoryStore().begin() as work:
        exchange = open_round(work, PARTIES, "2011-10", CALENDAR, date(2011, 10, 1))
        one = exchange.hand_over(POLICE.id, PLANNING.id).id
        exchange = record_hand_over(work, one, HandOverEvent.SEND, date(2011, 10, 8))

    assert hand_over_facts(exchange, date(2011, 10, 5), CALENDAR)[1:] == ()
    day = date(2011, 10, 9)
    by_default = {fact.about: fact for fact in hand_over_facts(exchange, day, CALENDAR)}
    strictly = {f.about: f for f in hand_over_facts(exchange, day, CALENDAR, DeadlinePolicy.AS_WRITTEN)}
    assert (by_default[one].met, strictly[one].met) == (True, False)
    assert by_default[one].note == "截止日前无工作日，不计逾期"
    assert sum(fact.met for fact in by_default.values()) == 1


def test_a_joint_meeting_counts_for_both_conveners_once_its_day_is_over() -> None:
    planned = date(2011, 7, 5)
    meeting = JointMeeting("m", "320411", MeetingState.SCHEDULED, planned)
    late = meeting.postpone(date(2011, 7, 4), "例").schedule(date(2011, 7, 8), date(2011, 7, 4))
    late = late.hold(date(2011, 7, 8), CONVENERS)

    assert meeting_facts(meeting, ("a", "b"), planned, planned) == ()
    assert [
        (f.subject, f.met, f.note) for f in meeting_facts(meeting, ("a", "b"), planned, date(2011, 7, 6))
    ] == [
        ("a", False, "未召开"),
        ("b", False, "未召开"),
    ]
    held = meeting.hold(planned, CONVENERS)
    assert [(f.met, f.note) for f in meeting_facts(held, ("a",), planned, DAY.replace(year=2012))] == [
        (True, "")
    ]
    assert [(f.met, f.note) for f in meeting_facts(late, ("a",), planned, date(2011, 7, 9))] == [
        (False, "召开于2011-07-08")
    ]


def test_a_cancelled_meeting_is_unmet_unless_another_was_held_in_its_quarter() -> None:
    planned, later = date(2011, 7, 5), date(2011, 9, 30)
    meeting = JointMeeting("m", "320411", MeetingState.SCHEDULED, planned)
    other = attrs.evolve(meeting, id="x", day=later).hold(later, CONVENERS)
    next_quarter = attrs.evolve(meeting, id="x", day=date(2011, 10, 1)).hold(date(2011, 10, 1), CONVENERS)
    cancelled = meeting.cancel(planned, "例")

    assert [(f.met, f.note) for f in meeting_facts(cancelled, ("a",), planned, date(2011, 7, 6))] == [
        (False, "已取消，本季度未召开")
    ]
    assert meeting_facts(cancelled, ("a",), planned, planned) == ()
    assert meeting_facts(cancelled, ("a",), planned, date(2012, 1, 1), others=(other,)) == ()
    assert len(meeting_facts(cancelled, ("a",), planned, date(2012, 1, 1), others=(next_quarter,))) == 1


def _gathering() -> CoordinatorsMeeting:
    with MemoryStore().begin() as work:
        return open_coordinators_meeting(work, "320411001", "2011-06", CALENDAR, DAY)


def test_a_coordinators_meeting_counts_as_held_and_as_training() -> None:
    opened = _gathering()
    agreed = opened.propose(DAY, Host.POLICE).consent(Host.CENTRE).consent(Host.FAMILY_PLANNING)
    held = agreed.hold(DAY, Attendee, [Topic.CHANGES])

    assert gathering_facts(opened, ("a",), date(2011, 6, 10)) == ()
    assert [(f.measure, f.met) for f in gathering_facts(opened, ("a",), date(2011, 6, 11))] == [
        (Measure.MEETINGS, False),
        (Measure.TRAINING, False),
    ]
    assert [(f.measure, f.met) for f in gathering_facts(held, ("a",), DAY)] == [
        (Measure.MEETINGS, True),
        (Measure.TRAINING, False),
    ]
    assert all(f.met for f in gathering_facts(agreed.hold(DAY, Attendee, Topic), ("a",), DAY))


def test_a_form_counts_for_both_of_its_pair() -> None:
    form = RegistrationForm("F-1", DAY)
    fresh = Collection(form, PAIR, DAY)

    assert form_facts(fresh) == ()
    assert [(f.kind, f.subject, f.measure, f.met) for f in form_facts(fresh.returned(("X",), 0))] == [
        (Subject.COLLECTOR, "S-1", Measure.COMPLETENESS, True),
        (Subject.COLLECTOR, "S-1", Measure.CORRECTNESS, False),
        (Subject.COMMUNITY_STAFF, "W-1", Measure.COMPLETENESS, True),
        (Subject.COMMUNITY_STAFF, "W-1", Measure.CORRECTNESS, False),
    ]
    corrected = fresh.returned(("X",), 2).corrected(form).entered("entry/F-1", 0)
    assert [f.met for f in form_facts(corrected)] == [False, False, False, False]
    assert all(f.met for f in form_facts(fresh.entered("entry/F-1", 0)))


def test_a_reviewed_task_counts_for_its_assignee() -> None:
    tasks = [
        Task("T-1", Attendee.COORDINATOR, "S-1", "2011-06", "例", Outcome.DONE),
        Task("T-2", Attendee.COMMUNITY_STAFF, "W-1", "2011-06", "例", Outcome.PARTLY),
        Task("T-3", Attendee.ENTERPRISE, "E-1", "2011-06", "例", Outcome.NOT_DONE),
        Task("T-4", Attendee.ASSOCIATION, "M-1", "2011-06", "例"),
    ]

    assert [(f.kind, f.subject, f.met, f.note) for f in task_facts(tasks)] == [
        (Subject.COLLECTOR, "S-1", True, "完成"),
        (Subject.COMMUNITY_STAFF, "W-1", False, "部分完成"),
        (Subject.ENTERPRISE, "E-1", False, "未完成"),
    ]


# ---- use cases


def test_an_office_is_assessed_from_the_registers_over_a_month() -> None:
    with MemoryStore().begin() as work:
        open_joint_meetings(work, "320411", 2011, CALENDAR, DAY)
        hold(work, "joint-meeting/2011-Q3/320411", date(2011, 7, 5), present=CONVENERS)
        exchange = open_round(work, PARTIES, "2011-07", CALENDAR, date(2011, 7, 1))
        for receiver in (PLANNING, COORDINATION):
            one = exchange.hand_over(POLICE.id, receiver.id).id
            record_hand_over(work, one, HandOverEvent.SEND, date(2011, 7, 5 if receiver is PLANNING else 6))
        police = assess_office(work, POLICE, "2011-07", date(2011, 7, 31), CALENDAR)
        third = assess_office(work, COORDINATION, "2011-07", date(2011, 7, 31), CALENDAR)

        assert work.assessments.of("2011-07") == (third, police)
    assert [(f.measure, f.share) for f in police.figures] == [
        (Measure.HAND_OVERS, HALF),
        (Measure.MEETINGS, 1),
    ]
    assert police.score == Fraction(3, 4)
    assert [(f.measure, f.share) for f in third.figures] == [(Measure.HAND_OVERS, 0)]


def test_an_office_of_a_town_is_assessed_by_its_coordinators_meetings() -> None:
    town = attrs.evolve(POLICE, level=Level.TOWN, division="320411001")
    other = attrs.evolve(town, division="320411002")
    with MemoryStore().begin() as work:
        open_coordinators_meeting(work, "320411001", "2011-06", CALENDAR, DAY)
        found = assess_office(work, town, "2011-06", date(2011, 6, 11), CALENDAR)
        none = assess_office(work, other, "2011-06", date(2011, 6, 11), CALENDAR)

    expected = [(Measure.HAND_OVERS, 0), (Measure.MEETINGS, 0), (Measure.TRAINING, 0)]
    assert [(f.measure, f.share) for f in found.figures] == expected
    assert [(f.measure, f.share) for f in none.figures] == expected
    assert {fact.about for figure in none.figures for fact in figure.facts} == {
        "coordinators-meeting/2011-06/320411002",
        "exchange-town/2011-06/320411002/public_security-family_planning",
        "exchange-town/2011-06/320411002/public_security-coordination",
    }


# By the notice of 2011 the seven days to 7 October were off: no working day before the 5th.
def test_what_nobody_put_on_record_was_owed_and_counts_as_missed_unless_the_policy_excuses_it() -> None:
    with MemoryStore().begin() as work:
        july = assess_office(work, POLICE, "2011-07", date(2011, 7, 31), CALENDAR)
        october = assess_office(work, POLICE, "2011-10", date(2011, 10, 31), CALENDAR)
        august = assess_office(work, POLICE, "2011-08", date(2011, 8, 31), CALENDAR)
        early = assess_office(work, POLICE, "2011-07", date(2011, 7, 1), CALENDAR)

    assert [(f.measure, f.met, len(f.facts)) for f in july.figures] == [
        (Measure.HAND_OVERS, 0, 2),
        (Measure.MEETINGS, 0, 1),
    ]
    assert [f.note for f in july.figures[1].facts] == ["未召开"]
    assert [(f.measure, f.met, len(f.facts)) for f in october.figures][1:] == [(Measure.MEETINGS, 0, 1)]
    assert [(f.measure, f.met) for f in august.figures] == [(Measure.HAND_OVERS, 0)]
    assert early.figures == ()


def test_what_was_planned_after_the_end_of_the_law_does_not_count_as_missed() -> None:
    town = attrs.evolve(POLICE, level=Level.TOWN, division="320411001")
    with MemoryStore().begin() as work:
        for office in (POLICE, town, AGENCIES.get(Role.PUBLIC_SECURITY, Level.CITY, "320400")):
            assert assess_office(work, office, "2021-10", date(2022, 1, 1), CALENDAR).figures == ()


def test_all_four_meetings_cancelled_are_four_unmet_facts() -> None:
    with MemoryStore().begin() as work:
        for meeting in open_joint_meetings(work, "320411", 2012, CALENDAR, DAY):
            work.joint_meetings.put(meeting.cancel(date(2012, 1, 1), "例"))
        found = [
            assess_office(work, POLICE, f"2012-{month:02}", date(2013, 1, 5), CALENDAR)
            for month in (1, 4, 7, 10)
        ]

    for one in found:
        (figure,) = (figure for figure in one.figures if figure.measure is Measure.MEETINGS)
        assert [(fact.met, fact.note) for fact in figure.facts] == [(False, "已取消，本季度未召开")]


@pytest.mark.parametrize("month", ["banana", "2011-13", "2011", "2011-Q3", "0000-01"])
def test_an_assessment_is_of_a_month(month: str) -> None:
    with MemoryStore().begin() as work:
        for act in (
            lambda: assess_office(work, POLICE, month, date(2011, 8, 1), CALENDAR),
            lambda: assess_staff(work, Subject.COLLECTOR, "S-1", month, date(2011, 8, 1)),
        ):
            with pytest.raises(Invalid, match="expected a month such as 2011-10"):
                act()


def test_a_month_that_has_not_begun_is_not_assessed() -> None:
    with MemoryStore().begin() as work:
        for act in (
            lambda: assess_office(work, POLICE, "2099-01", date(2011, 8, 1), CALENDAR),
            lambda: assess_staff(work, Subject.COLLECTOR, "S-1", "2011-09", date(2011, 8, 31)),
        ):
            with pytest.raises(Invalid, match="has not begun on 2011-08"):
                act()
        assert work.assessments.of("2011-09") == ()


@pytest.mark.parametrize("period", ["banana", "2011-Q3", "2011-00", ""])
def test_an_assessment_has_a_month_or_a_year_as_its_period(period: str) -> None:
    with pytest.raises(Invalid, match="expected a month such as 2011-10 or a year such as 2011"):
        assess(Subject.COLLECTOR, "S-1", period, [], EQUAL_WEIGHTS)


def test_三_二_2_a_collector_is_assessed_by_forms_and_tasks_of_the_month() -> None:
    with MemoryStore().begin() as work:
        for number, month in ((1, 6), (2, 7)):
            form = RegistrationForm(f"F-{number}", date(2011, month, 1))
            work.collections.put(Collection(form, PAIR, date(2011, month, 1)).entered("entry", 0))
        work.tasks.put(Task("T-1", Attendee.COORDINATOR, "S-1", "2011-06", "例", Outcome.NOT_DONE))
        found = assess_staff(work, Subject.COLLECTOR, "S-1", "2011-06", date(2011, 7, 1))

        assert work.assessments.of("2011-06") == (found,)
    assert [(f.measure, f.share, len(f.facts)) for f in found.figures] == [
        (Measure.COMPLETENESS, 1, 1),
        (Measure.CORRECTNESS, 1, 1),
        (Measure.TASKS, 0, 1),
    ]


def test_nothing_is_assessed_commended_or_rewarded_before_the_document() -> None:
    then = date(2011, 5, 17)
    with MemoryStore().begin() as work:
        for act in (
            lambda: assess_office(work, POLICE, "2011-05", then, CALENDAR),
            lambda: assess_staff(work, Subject.COLLECTOR, "S-1", "2011-05", then),
            lambda: choose(work, 2011, [], then),
            lambda: nominate(work, "S-1", Subject.COLLECTOR, 2011, then),
            lambda: consent(work, 2011, Role.COORDINATION, then),
            lambda: announce(work, 2011, then),
            lambda: adopt_system(work, "320412", EQUAL_WEIGHTS, 10, then),
            lambda: system_of(work, "320412", CITY_SYSTEM, then),
            lambda: submit_report(work, "JB-2011-1", then),
            lambda: commendation_owed(work, 2011, then),
            lambda: verify_report(work, "JB-2011-1", CITY_PLANNING, then, confirmed=True),
            lambda: grant_reward(work, "JB-2011-1", then),
        ):
            with pytest.raises(NotYetIssued):
                act()


# ---- 五.1: the commendation


def _nominated(n: int, score: Fraction = HALF, on: date = DAY, months: int = 12) -> Nomination:
    return Nomination(f"S-{n:03}", on, score, months)


def test_五_1_a_hundred_at_most_are_chosen_best_first() -> None:
    assert LIMIT == 100
    assert "百佳" in DOCUMENT.clause("五.1").text
    found = select([_nominated(n, Fraction(n, 1000)) for n in range(1, 151)])

    assert found.chosen == tuple(f"S-{n:03}" for n in range(150, 50, -1))
    assert len(found.left_out) == 50
    assert {reason for _, reason in found.left_out} == {"名额已满"}
    assert found.tied == ()


@pytest.mark.parametrize("limit", [0, 101])
def test_五_1_the_limit_is_the_clauses(limit: int) -> None:
    with pytest.raises(Invalid, match="百佳"):
        CommendationSettings(limit=limit)


def test_those_who_are_not_eligible_are_told_why() -> None:
    settings = CommendationSettings(months=6, least=Fraction(3, 5))
    found = select(
        [_nominated(1, Fraction(3, 5), months=6), _nominated(2, months=5), _nominated(3)], settings
    )

    assert found == Selection(("S-001",), (("S-002", "考核月数5，不足6"), ("S-003", "得分低于3/5")))


def test_those_who_tie_for_the_last_places_are_all_left_out_by_default() -> None:
    settings = CommendationSettings(limit=2)
    given = [_nominated(1, Fraction(1)), _nominated(2), _nominated(3)]

    assert select(given, settings).chosen == ("S-001",)
    assert "默认" in settings.ties.zh
    assert select(given[:2], settings).chosen == ("S-001", "S-002")
    assert select([_nominated(1), _nominated(2), _nominated(3, Fraction(1, 4))], settings).chosen == (
        "S-001",
        "S-002",
    )


# 101 with the same score for 100 places: the rule leaves out all, and nobody may be told that the places were taken.
def test_五_1_where_all_tie_for_the_last_place_nobody_is_chosen_and_each_is_told_the_rule() -> None:
    found = select([_nominated(n, Fraction(1)) for n in range(101)])

    assert found.chosen == ()
    assert {reason for _, reason in found.left_out} == {"末位并列，按规则不列入（本库自定）：ties=leave_out"}
    assert len(found.left_out) == len(found.tied) == 101
    assert found.undecided


def test_五_1_those_after_a_tie_are_told_that_they_do_not_move_up() -> None:
    settings = CommendationSettings(limit=2)
    given = [_nominated(1, Fraction(1)), _nominated(2), _nominated(3), _nominated(4, Fraction(1, 4))]
    found = select(given, settings)

    assert found.tied == ("S-002", "S-003")
    assert found.left_out == (
        ("S-002", "末位并列，按规则不列入（本库自定）：ties=leave_out"),
        ("S-003", "末位并列，按规则不列入（本库自定）：ties=leave_out"),
        ("S-004", "名次在末位并列者之后，按规则不递补（本库自定）：ties=leave_out"),
    )
    assert not found.undecided


def test_五_1_a_tie_that_leaves_nobody_is_a_finding_for_the_three_bodies_until_it_is_decided() -> None:
    clause = DOCUMENT.clause("五.1")
    tied = Commendation(2011, select([_nominated(n) for n in (1, 2)], CommendationSettings(limit=1)))
    (finding,) = commendation_findings(2011, tied, date(2011, 12, 1), clause)

    assert (finding.code, finding.about, finding.owed_by.count("、")) == ("tie-not-decided", tied.id, 2)
    for body in Role:
        tied = tied.consent(body)
    assert commendation_findings(2011, tied, date(2011, 12, 1), clause) == ()
    partly = Commendation(
        2011,
        select([_nominated(1, Fraction(1)), _nominated(2), _nominated(3)], CommendationSettings(limit=2)),
    )
    assert commendation_findings(2011, partly, date(2011, 12, 1), clause) == ()


def test_or_the_one_nominated_earlier_is_chosen_where_the_adopter_says_so() -> None:
    settings = CommendationSettings(limit=2, ties=TieRule.EARLIER_NOMINATION)
    first, second = _nominated(2, on=date(2011, 5, 30)), _nominated(3, on=date(2011, 5, 31))

    assert select([_nominated(1, Fraction(1)), second, first], settings).chosen == ("S-001", "S-002")
    same_day = [_nominated(1, Fraction(1)), first, attrs.evolve(second, on=first.on)]
    assert select(same_day, settings).chosen == ("S-001",)


def test_a_collector_nominated_twice_is_refused() -> None:
    with pytest.raises(Invalid, match="S-001: is nominated more than once"):
        select([_nominated(1), _nominated(1, Fraction(1))])


_NOMINATIONS = st.lists(st.from_type(Nomination), max_size=20, unique_by=lambda one: one.collector)


@given(_NOMINATIONS, st.randoms(use_true_random=False), st.integers(1, 8), st.sampled_from(TieRule))
def test_the_order_of_nominations_makes_no_difference_and_nobody_better_is_left_out(
    given_: list[Nomination], random: object, limit: int, ties: TieRule
) -> None:
    settings = CommendationSettings(limit=limit, ties=ties)
    found = select(given_, settings)
    shuffled = [*given_]
    random.shuffle(shuffled)  # type: ignore[attr-defined]

    assert found == select(shuffled, settings)
    assert len(found.chosen) <= limit
    assert {*found.chosen} | {name for name, _ in found.left_out} == {one.collector for one in given_}
    score = {one.collector: one.score for one in given_}
    least = min((score[name] for name in found.chosen), default=None)
    for name, reason in found.left_out:
        if reason == "名额已满" and least is not None:
            assert score[name] <= least


@pytest.mark.parametrize(("score", "months"), [(Fraction(9), 12), (Fraction(-1), 12), (HALF, 13), (HALF, -1)])
def test_五_1_a_nomination_that_no_year_could_give_is_refused(score: Fraction, months: int) -> None:
    with pytest.raises(Invalid, match="nomination"):
        _nominated(1, score, months=months)


@pytest.mark.parametrize("settings", [{"months": -5}, {"months": 13}, {"least": Fraction(7)}])
def test_五_1_settings_that_nobody_could_meet_are_refused(settings: dict[str, int]) -> None:
    with pytest.raises(Invalid, match="commendation settings"):
        CommendationSettings(**settings)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", [Subject.OFFICE, Subject.ENTERPRISE, Subject.ASSOCIATION])
def test_五_1_only_those_who_collect_are_nominated(kind: Subject) -> None:
    with MemoryStore().begin() as work:
        with pytest.raises(Invalid, match="expected collector or community_staff"):
            nominate(work, "E-1", kind, 2011, date(2011, 12, 1))
        assert nominate(work, "W-1", Subject.COMMUNITY_STAFF, 2011, date(2011, 12, 1)).months == 0


@pytest.mark.parametrize("year", [1990, 2010, 2012, 2050])
def test_五_1_a_year_before_the_document_or_still_to_come_has_no_commendation(year: int) -> None:
    today = date(2011, 12, 1)
    with MemoryStore().begin() as work:
        with pytest.raises(Invalid, match="expected a year from 2011, that of the document, to 2011"):
            choose(work, year, [_nominated(1)], today)
        with pytest.raises(Invalid, match="expected a year from 2011"):
            nominate(work, "S-1", Subject.COLLECTOR, year, today)
        assert commendation_owed(work, year, today) == ()


def test_五_1_a_selection_can_be_made_anew_until_all_three_have_consented_and_not_after() -> None:
    today = date(2011, 12, 1)
    with MemoryStore().begin() as work:
        choose(work, 2011, [_nominated(1)], today)
        consent(work, 2011, Role.COORDINATION, today)
        again = choose(work, 2011, [_nominated(2)], today)
        assert (again.selection.chosen, again.consents, again.selected) == (("S-002",), (), today)
        for body in Role:
            decided = consent(work, 2011, body, today)
        with pytest.raises(WrongState, match="已联合决定; allowed: 表彰"):
            choose(work, 2011, [_nominated(3)], today)
        assert work.commendations.get(decided.id) == decided
        announced = announce(work, 2011, today)
        with pytest.raises(WrongState, match="已表彰"):
            choose(work, 2011, [_nominated(3)], date(2012, 5, 1))
        assert work.commendations.get(announced.id) == announced
    assert announced.state is CommendationState.ANNOUNCED


def test_五_1_nothing_is_announced_before_it_was_selected_or_before_its_year() -> None:
    decided = Commendation(2011, select([_nominated(1)]), CommendationState.DECIDED)

    with pytest.raises(Invalid, match="2010-12-31 lies before 2011-01-01"):
        decided.announce(date(2010, 12, 31))
    with pytest.raises(Invalid, match="2011-11-30 lies before 2011-12-01"):
        attrs.evolve(decided, selected=date(2011, 12, 1)).announce(date(2011, 11, 30))
    assert decided.announce(date(2011, 1, 1)).announced == date(2011, 1, 1)


def test_五_1_what_was_not_selected_is_neither_consented_to_nor_announced() -> None:
    with MemoryStore().begin() as work:
        for act in (
            lambda: consent(work, 2011, Role.COORDINATION, DAY),
            lambda: announce(work, 2011, DAY),
        ):
            with pytest.raises(NoSuchRecord):
                act()


def test_五_1_it_is_decided_with_the_consent_of_all_three_city_bodies() -> None:
    chosen = Commendation(2011, select([_nominated(1)]))
    two = chosen.consent(Role.COORDINATION).consent(Role.PUBLIC_SECURITY).consent(Role.PUBLIC_SECURITY)

    assert two.state is CommendationState.SELECTED
    with pytest.raises(WrongState):
        two.announce(date(2011, 12, 1))
    decided = two.consent(Role.FAMILY_PLANNING)
    assert (decided.state, decided.consents) == (CommendationState.DECIDED, tuple(Role))
    announced = decided.announce(date(2011, 12, 1))
    assert (announced.state, announced.announced) == (CommendationState.ANNOUNCED, date(2011, 12, 1))
    with pytest.raises(WrongState):
        announced.consent(Role.COORDINATION)


def test_五_1_a_year_that_ended_without_one_is_a_finding() -> None:
    clause = DOCUMENT.clause("五.1")
    done = Commendation(2011, select([]), CommendationState.ANNOUNCED)

    assert commendation_findings(2011, None, date(2011, 12, 31), clause) == ()
    (finding,) = commendation_findings(2011, None, date(2012, 1, 1), clause)
    assert (finding.code, finding.due, finding.about) == (
        "not-commended",
        date(2011, 12, 31),
        "annual-commendation/2011",
    )
    assert finding.owed_by.count("、") == 2
    assert commendation_findings(2011, done, date(2012, 1, 1), clause) == ()
    assert commendation_findings(2011, Commendation(2011, select([])), date(2012, 1, 1), clause) == (finding,)


def test_五_1_nominations_come_from_the_monthly_assessments_on_record() -> None:
    with MemoryStore().begin() as work:
        for month, done in (("2011-06", Outcome.DONE), ("2011-07", Outcome.NOT_DONE)):
            work.tasks.put(Task(f"T-{month}", Attendee.COORDINATOR, "S-1", month, "例", done))
            assess_staff(work, Subject.COLLECTOR, "S-1", month, date(2011, 8, 1))
        assess_staff(work, Subject.COLLECTOR, "S-2", "2011-06", date(2011, 8, 1))
        nomination = nominate(work, "S-1", Subject.COLLECTOR, 2011, date(2011, 11, 1))
        none = nominate(work, "S-2", Subject.COLLECTOR, 2011, date(2011, 11, 1))
        choose(work, 2011, [nomination, none], date(2011, 11, 1))
        owed = commendation_owed(work, 2011, date(2012, 1, 1))
        chosen = work.commendations.get("annual-commendation/2011").selection
        nothing = commendation_owed(work, 2012, date(2013, 1, 1))

    assert nomination == Nomination("S-1", date(2011, 11, 1), HALF, 2)
    assert none == Nomination("S-2", date(2011, 11, 1), Fraction(0), 0)
    assert chosen == Selection(("S-1",), (("S-2", "考核月数0，不足1"),))
    assert [f.code for f in (*owed, *nothing)] == ["not-commended", "not-commended"]


# ---- 五.2: the reward


def test_五_2_a_report_is_verified_by_the_family_planning_department_and_then_granted() -> None:
    with MemoryStore().begin() as work:
        submitted = submit_report(work, "JB-2011-17", DAY)
        assert work.reports.get("JB-2011-17") == submitted == Report("JB-2011-17", DAY)
        with pytest.raises(WrongState):
            grant_reward(work, "JB-2011-17", DAY)
        verified = verify_report(work, "JB-2011-17", CITY_PLANNING, DAY, confirmed=True)
        granted = grant_reward(work, "JB-2011-17", DAY)

        assert work.reports.get("JB-2011-17") == granted
    assert (verified.state, granted.state) == (ReportState.VERIFIED, ReportState.GRANTED)
    assert (granted.verified_on, granted.granted_on) == (DAY, DAY)


def test_五_2_a_report_on_record_is_not_submitted_again() -> None:
    with MemoryStore().begin() as work:
        submit_report(work, "JB-2011-17", DAY)
        verified = verify_report(work, "JB-2011-17", CITY_PLANNING, DAY, confirmed=True)
        with pytest.raises(Invalid, match="is on record already: give another number"):
            submit_report(work, "JB-2011-17", DAY)
        assert work.reports.get("JB-2011-17") == verified


def test_五_2_no_reward_before_the_verification() -> None:
    verified = Report("JB-2011-17", DAY).verified(
        CITY_PLANNING, date(2011, 8, 1), REWARD_BASES, confirmed=True
    )

    with pytest.raises(Invalid, match="2011-07-31 lies before 2011-08-01, the day of verification"):
        verified.granted(date(2011, 7, 31), REWARD_BASES)
    with pytest.raises(Invalid, match="the day of submission"):
        Report("JB-2011-17", DAY, ReportState.VERIFIED).granted(date(2011, 5, 31), REWARD_BASES)
    assert verified.granted(date(2011, 8, 1), REWARD_BASES).granted_on == date(2011, 8, 1)


def test_五_2_a_law_of_the_adopters_carries_all_three_acts() -> None:
    own = (LegalBasis("示例办法", "示例1号", date(2022, 1, 1), None, "示例"),)
    on = date(2022, 3, 1)
    with MemoryStore().begin() as work:
        for act in (
            lambda: submit_report(work, "JB-2022-1", on),
            lambda: (
                work.reports.put(Report("JB-2022-2", on))
                or verify_report(work, "JB-2022-2", CITY_PLANNING, on, confirmed=True)
            ),
            lambda: (
                work.reports.put(Report("JB-2022-3", on, ReportState.VERIFIED))
                or grant_reward(work, "JB-2022-3", on)
            ),
        ):
            with pytest.raises(NoLegalBasis):
                act()
        submit_report(work, "JB-2022-1", on, bases=own)
        verify_report(work, "JB-2022-1", CITY_PLANNING, on, confirmed=True, bases=own)
        assert grant_reward(work, "JB-2022-1", on, bases=own).state is ReportState.GRANTED


def test_五_2_what_was_not_confirmed_is_not_rewarded() -> None:
    dismissed = Report("JB-2011-18", DAY).verified(CITY_PLANNING, DAY, REWARD_BASES, confirmed=False)

    assert dismissed.state is ReportState.NOT_CONFIRMED
    with pytest.raises(WrongState):
        dismissed.granted(DAY, REWARD_BASES)


def test_五_2_no_other_department_verifies_and_nothing_before_the_submission() -> None:
    with pytest.raises(Invalid) as caught:
        Report("JB-2011-17", DAY).verified(POLICE, date(2011, 5, 31), REWARD_BASES, confirmed=True)
    assert [problem.place for problem in caught.value.problems] == ["by", "on"]


@pytest.mark.parametrize("level", [Level.CITY, Level.DISTRICT, Level.TOWN])
def test_五_2_the_department_of_the_city_a_district_or_a_town_verifies(level: Level) -> None:
    by = attrs.evolve(PLANNING, level=level)

    assert Report("JB-2011-17", DAY).verified(by, DAY, REWARD_BASES, confirmed=True).verified_on == DAY


def test_五_2_a_community_has_no_department_that_verifies() -> None:
    by = attrs.evolve(PLANNING, level=Level.COMMUNITY, division="320411001001")
    with MemoryStore().begin() as work:
        submitted = submit_report(work, "JB-2011-17", DAY)
        with pytest.raises(Invalid, match="came level community, expected city、district、town"):
            verify_report(work, "JB-2011-17", by, DAY, confirmed=True)
        assert work.reports.get("JB-2011-17") == submitted


def test_五_2_the_prefix_of_a_file_number_is_the_one_that_the_adopter_declares() -> None:
    with MemoryStore().begin() as work:
        for reference, prefix in (("WANG-2011-8530", "JB"), ("JB-2011-1", "JBK"), ("JBK-2011-12345", "JBK")):
            with pytest.raises(Invalid, match=f"such as {prefix}-2011-17: declared prefix"):
                submit_report(work, reference, DAY, prefix=prefix)
        kept = submit_report(work, "JBK-2011-1234", DAY, prefix="JBK")
        verified = verify_report(work, kept.id, CITY_PLANNING, DAY, confirmed=True)

    assert (kept.prefix, verified.prefix, verified.state) == ("JBK", "JBK", ReportState.VERIFIED)


@pytest.mark.parametrize("prefix", ["", "jb", "ABCDE", "举报", "J1", "JB\n"])
def test_五_2_a_prefix_is_one_to_four_capital_letters(prefix: str) -> None:
    with pytest.raises(Invalid, match="prefix: expected 1 to 4 capital letters"):
        Report("JB-2011-17", DAY, prefix=prefix)


@pytest.mark.parametrize(
    "reference",
    [
        *("示例甲", "JB-2011", "jb-2011-1", "JB-2011-1 示例", "999999198503010022", ""),
        *("ZHANG-2011-1", "ZHANG-1985-030112", "JB-1985-301", "JB-2012-1", "JB-2011-850301", "JB-2011-0301"),
        *("JB-2011-0", "JB-２０１１-1", "JB-2011-1\n", "WANG-2011-85301", "JB-2011-10000", "J-2011-1"),
    ],
)
def test_五_2_a_reference_is_a_file_number_and_nothing_about_anybody(reference: str) -> None:
    with pytest.raises(Invalid, match="JB-2011-17") as caught:
        Report(reference, DAY)
    assert "示例" not in str(caught.value)
    assert {field.name for field in attrs.fields(Report)} == {
        "reference", "submitted", "state", "verified_on", "granted_on", "prefix",
    }  # fmt: skip


@pytest.mark.parametrize("reference", ["JB-2011-1", "JB-2011-9999", "JB-2011-10"])
def test_五_2_a_file_number_is_taken(reference: str) -> None:
    assert Report(reference, DAY).id == reference


def test_五_2_only_while_its_law_was_in_force() -> None:
    verified = Report("JB-2021-1", date(2021, 8, 1), ReportState.VERIFIED)

    assert verified.granted(date(2021, 8, 19), REWARD_BASES).state is ReportState.GRANTED
    with pytest.raises(NoLegalBasis, match="2021年8月20日修正"):
        verified.granted(date(2021, 8, 20), REWARD_BASES)
    earlier = Report("JB-2015-1", date(2015, 8, 1), ReportState.VERIFIED)
    for on in (date(2015, 12, 31), date(2016, 1, 1)):
        assert earlier.granted(on, REWARD_BASES).granted_on == on
    with pytest.raises(NotModelled):
        verified.granted(date(2002, 8, 31), REWARD_BASES)
    with pytest.raises(NoLegalBasis, match="no law known"):
        verified.granted(date(2021, 8, 31), ())


# ---- 五.3: the three that set up their own

WUJIN = AssessmentSystem("320412", ((Measure.TASKS, Fraction(1)),), 20)


def test_五_3_the_three_are_those_of_the_clause() -> None:
    text = DOCUMENT.clause("五.3").text

    assert BY_ANALOGY == ("320412", "320482", "320481")
    assert all(name in text for name in ("武进", "金坛", "溧阳"))


@pytest.mark.parametrize("division", DISTRICTS_2011)
def test_五_3_the_three_stand_under_their_own_system_and_the_other_four_under_the_citys(
    division: str,
) -> None:
    own = {code: attrs.evolve(WUJIN, division=code) for code in BY_ANALOGY}
    system, owed = system_for(division, CITY_SYSTEM, own, BY_ANALOGY, DOCUMENT.clause("五.3"))

    assert system == (own[division] if division in BY_ANALOGY else CITY_SYSTEM)
    assert owed == ()


def test_五_3_one_of_the_three_without_a_system_owes_it_and_stands_under_the_citys_meanwhile() -> None:
    system, (finding,) = system_for("320481", CITY_SYSTEM, {}, BY_ANALOGY, DOCUMENT.clause("五.3"))

    assert system == CITY_SYSTEM
    assert (finding.code, finding.clause.number, finding.about) == ("no-system-of-its-own", "五.3", "320481")


def test_五_3_none_of_the_other_four_has_one() -> None:
    with pytest.raises(Invalid, match=r"五\.3"):
        system_for("320402", CITY_SYSTEM, {"320402": WUJIN}, BY_ANALOGY, DOCUMENT.clause("五.3"))


def test_五_3_one_of_the_three_adopts_a_system_and_stands_under_it() -> None:
    today = date(2011, 9, 1)
    with MemoryStore().begin() as work:
        before, (owed,) = system_of(work, "320412", CITY_SYSTEM, today)
        adopted = adopt_system(work, "320412", {Measure.TASKS: Fraction(1)}, 20, today)
        after = system_of(work, "320412", CITY_SYSTEM, today)

        assert work.systems.get("320412") == adopted
        assert system_of(work, "320402", CITY_SYSTEM, today) == (CITY_SYSTEM, ())
    assert (before, owed.code) == (CITY_SYSTEM, "no-system-of-its-own")
    assert after == (adopted, ())
    assert adopted == AssessmentSystem("320412", ((Measure.TASKS, Fraction(1)),), 20, today)


def test_五_3_the_system_of_a_division_that_ended_holds_for_the_one_in_its_place() -> None:
    later = date(2016, 1, 1)
    with MemoryStore().begin() as work:
        old = adopt_system(work, "320482", EQUAL_WEIGHTS, 10, date(2011, 9, 1))
        assert system_of(work, "320413", CITY_SYSTEM, later) == (old, ())
        with pytest.raises(Invalid, match="320482, expected one of 320412、320413、320481"):
            adopt_system(work, "320482", EQUAL_WEIGHTS, 10, later)
        new = adopt_system(work, "320413", EQUAL_WEIGHTS, 12, later)
        assert system_of(work, "320413", CITY_SYSTEM, later) == (new, ())
        with pytest.raises(NoSuchDivision):
            system_of(work, "320482", CITY_SYSTEM, later)


@pytest.mark.parametrize("division", ["320402", "320413", "banana"])
def test_五_3_another_division_adopts_none(division: str) -> None:
    with MemoryStore().begin() as work:
        with pytest.raises(Invalid, match="武进、金坛、溧阳"):
            adopt_system(work, division, EQUAL_WEIGHTS, 10, date(2011, 9, 1))
        with pytest.raises(NoSuchRecord):
            work.systems.get(division)


@pytest.mark.parametrize("limit", [0, -1, 101])
def test_五_3_the_limit_of_a_system_is_one_of_the_hundred(limit: int) -> None:
    with MemoryStore().begin() as work, pytest.raises(Invalid, match="expected 1 to 100"):
        adopt_system(work, "320412", EQUAL_WEIGHTS, limit, date(2011, 9, 1))
    with pytest.raises(Invalid, match="expected 1 to 100"):
        attrs.evolve(CITY_SYSTEM, limit=limit)


@pytest.mark.parametrize("weights", [{}, {Measure.TASKS: Fraction(-1)}, {Measure.TASKS: Fraction(0)}])
def test_五_3_weights_by_which_nobody_could_be_assessed_are_refused(weights: dict[Measure, Fraction]) -> None:
    with MemoryStore().begin() as work, pytest.raises(Invalid, match="assessment system"):
        adopt_system(work, "320412", weights, 10, date(2011, 9, 1))


# ---- 五.3: the system of its own at work


TASKS_ONLY = {Measure.TASKS: Fraction(1)}


def test_五_3_an_office_is_assessed_by_the_system_that_its_district_adopted() -> None:
    liyang = AGENCIES.get(Role.FAMILY_PLANNING, Level.DISTRICT, "320481")
    town = attrs.evolve(liyang, level=Level.TOWN, division="320481100")
    today = date(2011, 7, 20)
    with MemoryStore().begin() as work:
        before = assess_office(work, liyang, "2011-06", today, CALENDAR)
        adopt_system(work, "320481", TASKS_ONLY, 5, today)
        after = [assess_office(work, one, "2011-06", today, CALENDAR) for one in (liyang, town, PLANNING)]
        given_ = assess_office(work, liyang, "2011-06", today, CALENDAR, weights=EQUAL_WEIGHTS)

    assert [dict(one.weights) for one in (before, *after, given_)] == [
        EQUAL_WEIGHTS, TASKS_ONLY, TASKS_ONLY, EQUAL_WEIGHTS, EQUAL_WEIGHTS,
    ]  # fmt: skip


def test_五_3_weights_that_are_given_as_none_at_all_are_refused_and_not_replaced() -> None:
    with MemoryStore().begin() as work:
        for act in (
            lambda: assess_office(work, PLANNING, "2011-06", date(2011, 7, 20), CALENDAR, weights={}),
            lambda: assess_staff(work, Subject.COLLECTOR, "S-1", "2011-06", date(2011, 7, 20), weights={}),
        ):
            with pytest.raises(Invalid, match="none is positive"):
                act()


def test_五_3_a_holder_of_tasks_is_assessed_by_the_system_of_the_place() -> None:
    today, city = date(2011, 7, 20), attrs.evolve(CITY_SYSTEM, weights=((Measure.CORRECTNESS, HALF),))
    with MemoryStore().begin() as work:
        adopt_system(work, "320481", TASKS_ONLY, 5, today)
        work.staff.put(StaffMember("S-1", StaffKind.COORDINATOR, "320481100"))
        work.staff.put(StaffMember("S-2", StaffKind.COORDINATOR, "320411001"))
        found = [
            assess_staff(work, Subject.COLLECTOR, "S-1", "2011-06", today, city=city),
            assess_staff(work, Subject.COLLECTOR, "S-2", "2011-06", today, city=city),
            assess_staff(work, Subject.COLLECTOR, "S-9", "2011-06", today, city=city),
            assess_staff(work, Subject.ENTERPRISE, "S-1", "2011-06", today, city=city),
            assess_staff(work, Subject.ENTERPRISE, "E-1", "2011-06", today, city=city, division="320481100"),
            assess_staff(work, Subject.COLLECTOR, "S-2", "2011-06", today, city=city, division="320481"),
        ]
        with pytest.raises(NoSuchDivision):
            assess_staff(work, Subject.ENTERPRISE, "E-1", "2011-06", today, division="320499")

    own, citys = tuple(TASKS_ONLY.items()), city.weights
    assert [one.weights for one in found] == [own, citys, citys, citys, own, own]


# 戚墅堰区 stood under the city's system until 2015-04-28, and became part of 武进区, which has its own.
def test_五_3_a_district_that_ended_is_assessed_by_the_system_of_its_last_day() -> None:
    office = AGENCIES.get(Role.PUBLIC_SECURITY, Level.DISTRICT, "320405", on=date(2015, 3, 1))
    today = date(2015, 6, 1)
    with MemoryStore().begin() as work:
        adopt_system(work, "320412", TASKS_ONLY, 5, today)
        found = assess_office(work, office, "2015-03", today, CALENDAR)

    assert dict(found.weights) == EQUAL_WEIGHTS


def test_五_3_one_of_the_three_commends_for_itself_and_no_more_than_its_system_allows() -> None:
    today, name = date(2011, 12, 1), "annual-commendation/2011/320412"
    nominations = [_nominated(n, Fraction(n, 10)) for n in range(1, 5)]
    with MemoryStore().begin() as work:
        adopt_system(work, "320412", EQUAL_WEIGHTS, 2, date(2011, 9, 1))
        citys = choose(work, 2011, nominations, today)
        chosen = choose(work, 2011, nominations, today, division="320412")
        fewer = choose(
            work, 2011, nominations, today, CommendationSettings(limit=1), division="320412"
        ).selection
        more = choose(work, 2011, nominations, today, CommendationSettings(limit=3), division="320412")
        for body in Role:
            consent(work, 2011, body, today, division="320412")
        assert [f.code for f in commendation_owed(work, 2011, date(2012, 1, 1), division="320412")] == [
            "not-commended"
        ]
        done = announce(work, 2011, today, division="320412")

        assert work.commendations.get("annual-commendation/2011") == citys
        assert work.commendations.get(name) == done
        assert commendation_owed(work, 2011, date(2012, 1, 1), division="320412") == ()
    assert (len(citys.selection.chosen), citys.division) == (4, "")
    assert (chosen.id, chosen.selection.chosen) == (name, ("S-004", "S-003"))
    assert (fewer.chosen, more.selection) == (("S-004",), chosen.selection)
    assert (done.state, done.consents) == (CommendationState.ANNOUNCED, tuple(Role))


def test_五_3_a_commendation_of_its_own_that_is_owed_names_the_clause_and_the_districts_bodies() -> None:
    with MemoryStore().begin() as work:
        adopt_system(work, "320412", EQUAL_WEIGHTS, 2, date(2012, 9, 1))
        (owed,) = commendation_owed(work, 2012, date(2013, 1, 1), division="320412")

        assert commendation_owed(work, 2011, date(2013, 1, 1), division="320412") == ()
    assert (owed.code, owed.clause.number, owed.about) == (
        "not-commended",
        "五.3",
        "annual-commendation/2012/320412",
    )
    assert "辖市（区）公安局" in owed.owed_by


def test_五_3_one_without_a_system_owes_it_first_and_chooses_nobody() -> None:
    today = date(2011, 12, 1)
    with MemoryStore().begin() as work:
        assert [f.code for f in commendation_owed(work, 2011, today, division="320481")] == [
            "no-system-of-its-own"
        ]
        with pytest.raises(Invalid, match=r"320481 has adopted no system: adopt it first \(五\.3\)"):
            choose(work, 2011, [_nominated(1)], today, division="320481")
        with pytest.raises(NoSuchRecord):
            work.commendations.get("annual-commendation/2011/320481")


def test_五_3_none_of_the_other_four_commends_for_itself() -> None:
    today = date(2011, 12, 1)
    with MemoryStore().begin() as work:
        for act in (
            lambda: choose(work, 2011, [_nominated(1)], today, division="320411"),
            lambda: commendation_owed(work, 2011, today, division="320411"),
        ):
            with pytest.raises(Invalid, match="320411 stands under the city's"):
                act()
        with pytest.raises(NoSuchDivision):
            choose(work, 2011, [_nominated(1)], today, division="320499")


@given(st.from_type(Assessment))
def test_every_assessment_names_its_subject_and_each_fact_is_about_it(assessment: Assessment) -> None:
    for figure in assessment.figures:
        assert {(fact.kind, fact.subject) for fact in figure.facts} == {(assessment.kind, assessment.subject)}
        assert 0 <= figure.share <= 1
