"""一、建立部门联席会议制度: conveners, the regular and the extra meeting, agenda, minutes.

(一)…为联席会议召集人…参加联席会议。(二)联席会议每季度召开一次…平时确因工作需要,可由辖市(区)公安局(分局)或辖市(区)人口计生局提议,
经双方召集人商定后召开。(三)联席会议议程和内容包括…(四)联席会议商定的事项应以会议纪要的形式,下发基层执行。

Clauses 一(一), 一(二), 一(三)1, 一(三)2, 一(三)3, 一(三)4, 一(三)5, 一(四).
"""

from datetime import date, timedelta
from fractions import Fraction

import attrs
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from migrant_fp import plan
from migrant_fp.adapters.chinese_calendar import working_calendar
from migrant_fp.adapters.memory import MemoryStore
from migrant_fp.application.meet import (
    acknowledge,
    agree,
    cancel,
    dispatch,
    hold,
    meetings_owed,
    minute,
    open_joint_meetings,
    planned_joint_meetings,
    postpone,
    propose,
    schedule,
)
from migrant_fp.domain.agency import Role
from migrant_fp.domain.assessment import Measure, Subject, assess
from migrant_fp.domain.commendation import Commendation, select
from migrant_fp.domain.division import NoSuchDivision
from migrant_fp.domain.errors import Invalid, NotYetIssued, WrongState
from migrant_fp.domain.meeting import (
    CONVENERS,
    JOINT_MEETING_LIFE,
    AgendaItem,
    Decision,
    JointMeeting,
    MeetingEvent,
    MeetingState,
    Minutes,
    Post,
)
from migrant_fp.domain.meeting_findings import (
    absent_findings,
    agenda_findings,
    meeting_findings,
    quarter_findings,
)
from migrant_fp.domain.reward import Report
from migrant_fp.ports.registers import NoSuchRecord
from migrant_fp.ports.unit_of_work import UnitOfWork
from migrant_fp.regulations.changzhou_2011_134 import DOCUMENT, JOINT_MEETING

CALENDAR = working_calendar()
OCTOBER = list(plan(JOINT_MEETING, 2011, CALENDAR))[3]
DAY = date(2011, 10, 8)
REGULAR = JointMeeting.regular(OCTOBER, "320411")
EXTRA = JointMeeting.proposed("joint-meeting/2011-x1/320411", "320411", Role.FAMILY_PLANNING, DAY)
JULY = "joint-meeting/2011-Q3/320411"
ASSESSED = assess(Subject.COLLECTOR, "S-1", "2011-09", (), {Measure.TASKS: Fraction(1)})
POLICE, PLANNING = CONVENERS
DECISION = Decision(
    "1",
    AgendaItem.PROBLEMS,
    "例：登记窗口合并办理",
    ("public_security/town/320411001", "family_planning/town/320411001"),
)
MINUTES = Minutes(
    (
        DECISION,
        Decision("2", AgendaItem.REWARDS, "例：通过考核结果", DECISION.offices[:1], ASSESSED.id),
    )
)
HELD = REGULAR.hold(DAY, tuple(Post), tuple(AgendaItem))
DISPATCHED = HELD.minute(MINUTES, date(2011, 10, 10)).dispatch(date(2011, 10, 11))


def _codes(meeting: JointMeeting, today: date) -> list[tuple[str, str]]:
    return [(f.code, f.owed_by) for f in meeting_findings(meeting, today, CALENDAR, DOCUMENT)]


def _owed(work: UnitOfWork, today: date, month: str = "2011-10") -> list[tuple[str, str]]:
    return [(f.code, f.about) for f in meetings_owed(work, "320411", month, today, CALENDAR)]


def _problems(invalid: pytest.ExceptionInfo[Invalid]) -> list[str]:
    return [problem.place for problem in invalid.value.problems]


def test_一_一_the_conveners_are_the_two_deputy_heads_and_all_others_take_part() -> None:
    text = DOCUMENT.clause("一(一)").text

    assert [post.zh[-4:] for post in CONVENERS] == ["的副局长"] * 2
    assert all(
        word in text
        for word in ("分管户政(治安)工作的副局长", "治安大队", "职能处室", "综治委流动人口服务管理办公室")
    )
    assert len(Post) == 5


def test_一_二_the_regular_meeting_is_scheduled_by_the_plan_without_anyones_consent() -> None:
    assert (REGULAR.id, REGULAR.state, REGULAR.day) == (
        "joint-meeting/2011-Q4/320411",
        MeetingState.SCHEDULED,
        DAY,
    )
    assert (REGULAR.consents, REGULAR.proposed_by) == ((), None)


@pytest.mark.parametrize("first", CONVENERS)
def test_一_二_an_extra_meeting_needs_both_conveners_in_whatever_order(first: Post) -> None:
    second = next(post for post in CONVENERS if post is not first)
    once = EXTRA.agree(first, DAY)
    twice = once.agree(first, DAY)

    assert once.state is twice.state is MeetingState.PROPOSED
    agreed = twice.agree(second, DAY)
    assert (agreed.state, agreed.consents) == (MeetingState.AGREED, CONVENERS)
    assert agreed.schedule(date(2011, 10, 20), DAY).day == date(2011, 10, 20)


@pytest.mark.parametrize("role", [Role.PUBLIC_SECURITY, Role.FAMILY_PLANNING])
def test_一_二_either_bureau_may_propose(role: Role) -> None:
    assert JointMeeting.proposed("x", "320411", role, DAY).proposed_by is role


def test_一_二_the_third_party_neither_proposes_nor_convenes() -> None:
    with pytest.raises(Invalid, match="expected public_security or family_planning"):
        JointMeeting.proposed("x", "320411", Role.COORDINATION, DAY)
    with pytest.raises(Invalid, match="convener"):
        EXTRA.agree(Post.COORDINATION_OFFICE, DAY)


def test_a_meeting_is_held_on_its_day_with_both_conveners() -> None:
    assert HELD.state is MeetingState.HELD
    with pytest.raises(Invalid) as caught:
        REGULAR.hold(date(2011, 10, 9), (POLICE,))
    assert _problems(caught) == ["present", "on"]
    assert "it is set for 2011-10-08" in str(caught.value)


def test_a_postponed_meeting_waits_for_a_new_day_and_keeps_its_id_and_reason() -> None:
    waiting = REGULAR.postpone(date(2011, 10, 7), "例：会场停电")
    again = waiting.schedule(date(2011, 10, 12), date(2011, 10, 8))

    assert (waiting.state, waiting.day) == (MeetingState.POSTPONED, None)
    assert (again.id, again.day) == (REGULAR.id, date(2011, 10, 12))
    assert [step.reason for step in again.history] == ["例：会场停电", ""]
    assert "停电" not in repr(again)


@pytest.mark.parametrize("reason", ["", " "])
def test_postponing_and_cancelling_ask_for_a_reason(reason: str) -> None:
    for act in (REGULAR.postpone, REGULAR.cancel):
        with pytest.raises(Invalid, match="reason"):
            act(DAY, reason)
    assert REGULAR.cancel(DAY, "例：无议题").state is MeetingState.CANCELLED


def test_what_happens_happens_in_order() -> None:
    with pytest.raises(Invalid, match="lies before 2011-10-08, the day of the last event"):
        HELD.minute(MINUTES, date(2011, 10, 7))
    with pytest.raises(Invalid, match="the day of setting it"):
        EXTRA.agree(POLICE, DAY).agree(PLANNING, DAY).schedule(date(2011, 10, 7), DAY)
    assert HELD.minute(MINUTES, DAY).when(MeetingEvent.MINUTE) == DAY


def test_what_the_table_does_not_have_is_refused() -> None:
    for act in (
        lambda: EXTRA.schedule(DAY, DAY),
        lambda: REGULAR.minute(MINUTES, DAY),
        lambda: HELD.cancel(DAY, "例"),
        lambda: HELD.dispatch(DAY),
        lambda: HELD.acknowledge(DECISION.offices[0], DAY),
        lambda: REGULAR.agree(POLICE, DAY),
    ):
        with pytest.raises(WrongState):
            act()


def test_一_三_the_five_items_are_those_of_the_clauses() -> None:
    assert [item.value for item in AgendaItem] == [f"一(三){n}" for n in range(1, 6)]
    for item, words in zip(
        AgendaItem, ("通报交流", "问题和难点", "制度、机制和措施", "考核和奖惩兑现", "其他相关"), strict=True
    ):
        assert words in DOCUMENT.clause(item.value).text


def test_一_三_4_a_decision_may_settle_a_reward_matter_and_only_under_that_item() -> None:
    assert MINUTES.decisions[1].settles == "assessment/2011-09/collector/S-1"
    with pytest.raises(Invalid, match="belongs to 一\\(三\\)4"):
        Minutes((Decision("1", AgendaItem.OTHER, "例", ("a",), "assessment/2011-09"),))


@pytest.mark.parametrize("matter", [ASSESSED.id, "annual-commendation/2011", "JB-2011-17"])
def test_一_三_4_what_a_decision_settles_is_on_record(matter: str) -> None:
    settling = Minutes((Decision("7", AgendaItem.REWARDS, "例", ("office-a",), matter),))
    with MemoryStore().begin() as work:
        work.joint_meetings.put(REGULAR)
        for act in (
            lambda: hold(work, REGULAR.id, DAY, present=CONVENERS, minutes=settling),
            lambda: minute(work, REGULAR.id, settling, DAY),
        ):
            with pytest.raises(Invalid, match="7: settles what is no assessment, commendation or report"):
                act()
        assert work.joint_meetings.get(REGULAR.id) == REGULAR
        work.assessments.put(ASSESSED)
        work.commendations.put(Commendation(2011, select([])))
        work.reports.put(Report("JB-2011-17", date(2011, 6, 1)))
        hold(work, REGULAR.id, DAY, present=CONVENERS)

        assert minute(work, REGULAR.id, settling, DAY).minutes == settling
        assert work.joint_meetings.get(REGULAR.id).state is MeetingState.MINUTED


@pytest.mark.parametrize("left_out", list(AgendaItem))
def test_一_三_an_item_that_was_left_out_is_a_finding_under_its_clause(left_out: AgendaItem) -> None:
    covered = [item for item in AgendaItem if item is not left_out]
    held = REGULAR.hold(DAY, Post, reversed(covered))

    assert held.covered == tuple(covered)
    assert [(f.code, f.clause.number) for f in agenda_findings(held, DOCUMENT)] == [
        ("agenda-item-not-covered", left_out.value)
    ]
    assert agenda_findings(HELD, DOCUMENT) == agenda_findings(REGULAR, DOCUMENT) == ()


def test_一_三_an_item_under_which_something_was_decided_was_dealt_with() -> None:
    bare = REGULAR.hold(DAY, Post).minute(MINUTES, DAY)

    assert bare.dealt_with == (AgendaItem.PROBLEMS, AgendaItem.REWARDS)
    assert [f.clause.number for f in agenda_findings(bare, DOCUMENT)] == ["一(三)1", "一(三)3", "一(三)5"]


def test_一_三_what_was_left_out_is_settled_by_a_later_meeting_and_by_no_earlier_one() -> None:
    bare = REGULAR.hold(DAY, Post)
    day = date(2011, 10, 20)
    later = attrs.evolve(EXTRA, state=MeetingState.SCHEDULED, day=day).hold(day, Post, AgendaItem)
    earlier = attrs.evolve(later, history=(attrs.evolve(later.history[-1], on=DAY),))

    assert len(agenda_findings(bare, DOCUMENT, others=(earlier, EXTRA))) == 5
    assert agenda_findings(bare, DOCUMENT, others=(later,)) == ()


def test_一_一_a_post_or_office_that_was_absent_is_a_finding() -> None:
    held = REGULAR.hold(DAY, (PLANNING, POLICE, Post.COORDINATION_OFFICE), AgendaItem)

    assert held.present == (POLICE, PLANNING, Post.COORDINATION_OFFICE)
    found = absent_findings(held, DOCUMENT)
    assert [(f.code, f.clause.number, f.action) for f in found] == [
        ("post-absent", "一(一)", "通报未到会的公安局（分局）治安大队负责人及相关工作人员"),
        ("post-absent", "一(一)", "通报未到会的人口计生局职能处室负责人及相关工作人员"),
    ]
    assert absent_findings(HELD, DOCUMENT) == absent_findings(REGULAR, DOCUMENT) == ()


def test_一_四_minutes_of_nothing_are_refused() -> None:
    with pytest.raises(Invalid, match="decisions: are none"):
        Minutes(())


def test_一_四_minutes_that_nobody_could_carry_out_are_refused_with_every_problem() -> None:
    with pytest.raises(Invalid) as caught:
        Minutes((Decision("1", AgendaItem.OTHER, " ", ()), Decision("1", AgendaItem.OTHER, "例", ("a",))))

    assert [problem.fact for problem in caught.value.problems] == [
        "is given 2 times; each decision has an id of its own",
        "has no text",
        "names no office to carry it out (一(四): 下发基层执行)",
    ]


def test_一_四_the_minutes_go_to_every_office_once_and_are_done_when_all_acknowledged() -> None:
    first, second = MINUTES.offices
    once = DISPATCHED.acknowledge(first, date(2011, 10, 12))

    assert (first, second) == DECISION.offices
    assert once.state is MeetingState.DISPATCHED
    assert once.acknowledge(first, date(2011, 10, 13)) == once
    done = once.acknowledge(second, date(2011, 10, 14))
    assert done.state is MeetingState.ACKNOWLEDGED
    assert done.acknowledge(second, date(2011, 10, 15)) == done
    with pytest.raises(Invalid, match="none of those that the minutes went to"):
        once.acknowledge("family_planning/town/999999999", date(2011, 10, 13))


# 11 October 2011 is a Tuesday: five working days end on Tuesday the 18th.
def test_一_四_an_office_that_has_not_acknowledged_in_time_is_a_finding() -> None:
    first, second = MINUTES.offices
    waiting = DISPATCHED.acknowledge(first, date(2011, 10, 12))

    assert _codes(waiting, date(2011, 10, 18)) == []
    assert _codes(waiting, date(2011, 10, 19)) == [("not-acknowledged", second)]
    assert len(_codes(DISPATCHED, date(2011, 10, 19))) == 2
    (finding,) = meeting_findings(waiting, date(2011, 10, 13), CALENDAR, DOCUMENT, within=1)
    assert (finding.clause.number, finding.due, finding.about) == ("一(四)", date(2011, 10, 12), REGULAR.id)


@pytest.mark.parametrize(
    ("meeting", "today", "code"),
    [
        (REGULAR, DAY, None),
        (REGULAR, date(2011, 10, 9), "meeting-not-held"),
        (REGULAR.postpone(DAY, "例"), DAY, "meeting-without-day"),
        (HELD, DAY, "no-minutes"),
        (HELD.minute(MINUTES, DAY), DAY, "not-dispatched"),
        (EXTRA, DAY, None),
        (EXTRA.agree(POLICE, DAY).agree(PLANNING, DAY), DAY, "meeting-without-day"),
        (REGULAR.cancel(DAY, "例"), date(2012, 1, 1), "quarter-without-meeting"),
        (EXTRA.cancel(DAY, "例"), date(2012, 1, 1), None),
    ],
)
def test_what_is_owed_for_a_meeting_is_a_finding_with_its_clause(
    meeting: JointMeeting, today: date, code: str | None
) -> None:
    found = meeting_findings(meeting, today, CALENDAR, DOCUMENT)

    assert [finding.code for finding in found] == ([code] if code else [])
    assert all(finding.about == meeting.id and finding.owed_by for finding in found)


def test_一_二_the_regular_meetings_of_a_year_are_put_on_record_once_from_the_documents_day_on() -> None:
    with MemoryStore().begin() as work:
        opened = open_joint_meetings(work, "320411", 2011, CALENDAR, DAY)
        hold(work, opened[0].id, date(2011, 7, 5), present=CONVENERS)
        again = open_joint_meetings(work, "320411", 2011, CALENDAR, DAY)

    assert [meeting.day for meeting in opened] == [date(2011, 7, 5), DAY]
    assert [meeting.state for meeting in again] == [MeetingState.HELD, MeetingState.SCHEDULED]


def test_一_四_from_holding_to_the_last_acknowledgement_over_the_register() -> None:
    first, second = MINUTES.offices
    with MemoryStore().begin() as work:
        work.assessments.put(ASSESSED)
        work.joint_meetings.put(REGULAR)
        minuted = hold(work, REGULAR.id, DAY, present=Post, covered=AgendaItem, minutes=MINUTES)
        sent = dispatch(work, REGULAR.id, date(2011, 10, 11))
        acknowledge(work, REGULAR.id, first, date(2011, 10, 12))
        owed = meetings_owed(work, "320411", "2011-10", date(2011, 10, 19), CALENDAR)
        done = acknowledge(work, REGULAR.id, second, date(2011, 10, 19))

        assert work.joint_meetings.get(REGULAR.id) == done
    assert (minuted.state, sent.state, done.state) == (
        MeetingState.MINUTED,
        MeetingState.DISPATCHED,
        MeetingState.ACKNOWLEDGED,
    )
    assert [(f.code, f.owed_by) for f in owed if f.about == REGULAR.id] == [("not-acknowledged", second)]


def test_一_二_all_meetings_of_a_year_cancelled_owe_one_for_each_quarter() -> None:
    with MemoryStore().begin() as work:
        opened = open_joint_meetings(work, "320411", 2012, CALENDAR, DAY)
        for meeting in opened:
            cancel(work, meeting.id, "例：无议题", date(2012, 1, 3))
        owed = _owed(work, date(2013, 1, 1), "2012-12")

    assert owed == [("quarter-without-meeting", f"joint-meeting/2012-Q{n}/320411") for n in range(1, 5)]


@pytest.mark.parametrize(
    ("day", "codes"),
    [
        (date(2011, 10, 1), []),
        (date(2011, 12, 31), []),
        (date(2011, 9, 30), ["quarter-without-meeting"]),
        (date(2012, 1, 4), ["quarter-without-meeting"]),
    ],
)
def test_一_二_another_meeting_held_in_the_quarter_stands_for_the_cancelled_one(
    day: date, codes: list[str]
) -> None:
    cancelled = REGULAR.cancel(DAY, "例")
    other = attrs.evolve(EXTRA, state=MeetingState.SCHEDULED, day=day, history=()).hold(day, Post, AgendaItem)
    found = meeting_findings(cancelled, date(2012, 2, 1), CALENDAR, DOCUMENT, others=(other,))

    assert [f.code for f in found] == codes


LAST = date(2011, 12, 31)
WAITING = REGULAR.postpone(date(2011, 10, 7), "例")
MOVED = WAITING.schedule(date(2012, 1, 1), DAY)


def _quarter_codes(meeting: JointMeeting, today: date, *others: JointMeeting) -> list[str]:
    return [f.code for f in quarter_findings(meeting, today, DOCUMENT, others=others)]


@pytest.mark.parametrize(
    ("meeting", "today", "codes"),
    [
        (REGULAR, date(2013, 1, 1), []),
        (WAITING, LAST, []),
        (WAITING, date(2012, 1, 1), ["quarter-without-meeting"]),
        (WAITING.schedule(LAST, DAY), date(2013, 1, 1), []),
        (WAITING.schedule(LAST, DAY).hold(LAST, Post), date(2013, 1, 1), []),
        (MOVED, DAY, ["quarter-without-meeting"]),
        (MOVED.hold(date(2012, 1, 1), Post), date(2012, 1, 1), ["quarter-without-meeting"]),
        (MOVED.postpone(DAY, "例"), LAST, []),
        (attrs.evolve(REGULAR, day=date(2011, 9, 30)), DAY, ["quarter-without-meeting"]),
        (attrs.evolve(REGULAR, day=date(2011, 10, 1)), DAY, []),
        (attrs.evolve(MOVED, planned=None), date(2013, 1, 1), []),
    ],
)
def test_一_二_a_regular_meeting_that_leaves_its_quarter_is_a_finding(
    meeting: JointMeeting, today: date, codes: list[str]
) -> None:
    assert _quarter_codes(meeting, today) == codes


def test_一_二_a_meeting_moved_out_of_its_quarter_owes_another_or_after_it_the_reason() -> None:
    during, after = (quarter_findings(MOVED, on, DOCUMENT)[0] for on in (LAST, date(2012, 1, 1)))

    assert (during.action, after.action) == ("在本季度内另行召开联席会议", "说明该季度未召开联席会议的原因")
    assert (during.due, during.clause.number, during.about) == (LAST, "一(二)", REGULAR.id)


def test_一_二_another_meeting_held_in_the_quarter_stands_for_the_one_that_moved_out_of_it() -> None:
    other = attrs.evolve(EXTRA, state=MeetingState.SCHEDULED, day=LAST, history=()).hold(LAST, Post)

    assert _quarter_codes(MOVED, date(2012, 2, 1), other) == []
    assert _quarter_codes(MOVED, date(2012, 2, 1), attrs.evolve(other, history=())) != []


def test_一_二_a_meeting_put_off_for_years_is_owed_in_its_quarter_over_the_register() -> None:
    with MemoryStore().begin() as work:
        open_joint_meetings(work, "320411", 2011, CALENDAR, DAY)
        postpone(work, JULY, "例", date(2011, 6, 20))
        schedule(work, JULY, date(2019, 1, 1), date(2011, 6, 20))
        owed = _owed(work, date(2011, 10, 1), "2011-07")

    assert owed == [("quarter-without-meeting", JULY)]


def test_一_二_a_postponed_meeting_that_is_cancelled_owes_its_quarter_too() -> None:
    cancelled = REGULAR.postpone(date(2011, 10, 7), "例").cancel(DAY, "例")

    assert _codes(cancelled, DAY)[0][0] == "quarter-without-meeting"


def test_一_二_a_regular_meeting_that_nobody_put_on_record_is_owed_once_its_day_is_over() -> None:
    with MemoryStore().begin() as work:
        assert _owed(work, date(2011, 7, 5)) == []
        assert _owed(work, date(2011, 7, 6)) == [("meeting-not-held", JULY)]
        assert _owed(work, date(2012, 1, 1)) == [("meeting-not-held", JULY), ("meeting-not-held", REGULAR.id)]
        work.joint_meetings.put(HELD)
        assert _owed(work, date(2012, 1, 1)) == [("meeting-not-held", JULY), ("no-minutes", REGULAR.id)]


def test_一_二_what_was_planned_after_the_end_of_the_law_is_not_said_to_be_owed() -> None:
    with MemoryStore().begin() as work:
        owed = _owed(work, date(2022, 2, 1), "2021-10")
        none = _owed(work, date(2022, 12, 31), "2022-10")
        opened = open_joint_meetings(work, "320411", 2022, CALENDAR, DAY)

    assert [about for _, about in owed] == [f"joint-meeting/2021-Q{n}/320411" for n in (1, 2, 3)]
    assert none == []
    assert len(opened) == 4


@pytest.mark.parametrize("month", ["banana", "2011", "2011-13", "2011-1", "0000-01"])
def test_what_is_owed_is_asked_for_a_month(month: str) -> None:
    with MemoryStore().begin() as work, pytest.raises(Invalid, match="expected a month such as 2011-10"):
        _owed(work, DAY, month)


@pytest.mark.parametrize("division", ["banana", "320499"])
def test_一_二_a_division_that_is_none_has_no_meetings(division: str) -> None:
    with MemoryStore().begin() as work:
        with pytest.raises(NoSuchDivision):
            open_joint_meetings(work, division, 2011, CALENDAR, DAY)
        with pytest.raises(NoSuchDivision):
            meetings_owed(work, division, "2011-10", DAY, CALENDAR)
        with pytest.raises(NoSuchDivision):
            propose(work, division, Role.PUBLIC_SECURITY, DAY)


@pytest.mark.parametrize("division", ["320400", "320412109"])
def test_一_二_a_meeting_is_that_of_a_district_and_not_of_the_city_or_a_town(division: str) -> None:
    with MemoryStore().begin() as work:
        with pytest.raises(Invalid, match="expected the code of a 辖市（区）"):
            open_joint_meetings(work, division, 2011, CALENDAR, DAY)
        with pytest.raises(Invalid, match="expected the code of a 辖市（区）"):
            propose(work, division, Role.PUBLIC_SECURITY, DAY)
        assert work.joint_meetings.of(division) == ()


# 戚墅堰区 ended on 2015-04-28, and 金坛区 began the day after.
@pytest.mark.parametrize(("division", "quarters"), [("320405", "12"), ("320413", "34"), ("320412", "1234")])
def test_一_二_a_division_has_the_meetings_of_the_days_on_which_it_stands(
    division: str, quarters: str
) -> None:
    planned = planned_joint_meetings(division, 2015, CALENDAR)

    assert [one.id for one in planned] == [f"joint-meeting/2015-Q{n}/{division}" for n in quarters]


@pytest.mark.parametrize(("division", "year"), [("320405", 2016), ("320413", 2012)])
def test_一_二_in_a_year_without_a_day_on_which_it_stands_a_division_is_refused(
    division: str, year: int
) -> None:
    with MemoryStore().begin() as work, pytest.raises(NoSuchDivision):
        open_joint_meetings(work, division, year, CALENDAR, DAY)


def test_一_二_an_extra_meeting_from_its_proposal_to_its_day_over_the_register() -> None:
    with MemoryStore().begin() as work:
        proposed = propose(work, "320411", Role.PUBLIC_SECURITY, date(2011, 11, 1))
        assert (proposed.id, proposed.state) == ("joint-meeting/2011-x1/320411", MeetingState.PROPOSED)
        second = propose(work, "320411", Role.FAMILY_PLANNING, date(2011, 11, 1))
        assert (second.id, second.proposed_by) == ("joint-meeting/2011-x2/320411", Role.FAMILY_PLANNING)
        agree(work, proposed.id, POLICE, date(2011, 11, 2))
        agreed = agree(work, proposed.id, PLANNING, date(2011, 11, 3))
        assert agreed.state is MeetingState.AGREED
        schedule(work, proposed.id, date(2011, 11, 10), date(2011, 11, 3))
        waiting = postpone(work, proposed.id, "例：停电", date(2011, 11, 9))
        assert (waiting.state, waiting.day) == (MeetingState.POSTPONED, None)
        schedule(work, proposed.id, date(2011, 11, 15), date(2011, 11, 9))
        held = hold(work, proposed.id, date(2011, 11, 15), present=Post, covered=AgendaItem)
        cancelled = cancel(work, second.id, "例：无议题", date(2011, 11, 16))

        assert work.joint_meetings.get(proposed.id) == held
        assert work.joint_meetings.get(second.id) == cancelled
    assert [step.event for step in held.history] == [
        MeetingEvent.PROPOSE,
        MeetingEvent.AGREE,
        MeetingEvent.AGREE,
        MeetingEvent.SCHEDULE,
        MeetingEvent.POSTPONE,
        MeetingEvent.SCHEDULE,
        MeetingEvent.HOLD,
    ]
    assert cancelled.state is MeetingState.CANCELLED


def test_一_二_nothing_happens_to_a_meeting_before_it_was_proposed() -> None:
    before = DAY - timedelta(1)
    with MemoryStore().begin() as work:
        one = propose(work, "320411", Role.PUBLIC_SECURITY, DAY).id
        with pytest.raises(Invalid, match="lies before 2011-10-08, the day of the last event"):
            agree(work, one, POLICE, before)
        agree(work, one, POLICE, DAY)
        agree(work, one, PLANNING, DAY)
        with pytest.raises(Invalid, match="2011-10-07 lies before 2011-10-08, the day of setting it"):
            schedule(work, one, before, DAY)
        with pytest.raises(Invalid, match="the day of the last event"):
            schedule(work, one, before, before)


def test_nothing_is_held_or_done_for_a_meeting_before_the_document() -> None:
    then = date(2011, 5, 17)
    with MemoryStore().begin() as work:
        work.joint_meetings.put(attrs.evolve(REGULAR, day=then))
        for act in (
            lambda: hold(work, REGULAR.id, then, present=CONVENERS),
            lambda: minute(work, REGULAR.id, Minutes((DECISION,)), then),
            lambda: dispatch(work, REGULAR.id, then),
            lambda: acknowledge(work, REGULAR.id, "a", then),
            lambda: propose(work, "320411", Role.PUBLIC_SECURITY, then),
            lambda: open_joint_meetings(work, "320411", 2011, CALENDAR, then),
            lambda: agree(work, REGULAR.id, POLICE, then),
            lambda: schedule(work, REGULAR.id, then, then),
            lambda: postpone(work, REGULAR.id, "例", then),
            lambda: cancel(work, REGULAR.id, "例", then),
        ):
            with pytest.raises(NotYetIssued):
                act()


def test_what_is_done_for_a_meeting_that_is_not_on_record_is_refused() -> None:
    with MemoryStore().begin() as work:
        for act in (
            lambda: agree(work, "x", POLICE, DAY),
            lambda: schedule(work, "x", DAY, DAY),
            lambda: postpone(work, "x", "例", DAY),
            lambda: cancel(work, "x", "例", DAY),
            lambda: minute(work, "x", Minutes((DECISION,)), DAY),
        ):
            with pytest.raises(NoSuchRecord):
                act()


class JointMeetingLife(RuleBasedStateMachine):
    """Whatever is tried in whatever order: the table decides, and nothing is lost."""

    def __init__(self) -> None:
        super().__init__()
        self.meeting = EXTRA
        self.today = DAY

    def _try(self, act: object) -> None:
        before = self.meeting
        try:
            self.meeting = act()  # type: ignore[operator]
        except (Invalid, WrongState):
            assert self.meeting is before

    @rule(days=st.integers(0, 9))
    def time_passes(self, days: int) -> None:
        self.today += timedelta(days)

    @rule(post=st.sampled_from(Post))
    def agree(self, post: Post) -> None:
        self._try(lambda: self.meeting.agree(post, self.today))

    @rule(days=st.integers(-2, 5))
    def schedule(self, days: int) -> None:
        self._try(lambda: self.meeting.schedule(self.today + timedelta(days), self.today))

    @rule()
    def postpone(self) -> None:
        self._try(lambda: self.meeting.postpone(self.today, "例"))

    @precondition(lambda self: self.meeting.day)
    @rule()
    def hold(self) -> None:
        self.today = max(self.today, self.meeting.day or self.today)
        self._try(lambda: self.meeting.hold(self.today, CONVENERS))

    @rule()
    def minute(self) -> None:
        self._try(lambda: self.meeting.minute(MINUTES, self.today))

    @rule()
    def dispatch(self) -> None:
        self._try(lambda: self.meeting.dispatch(self.today))

    @rule(office=st.sampled_from([*MINUTES.offices, "nobody"]))
    def acknowledge(self, office: str) -> None:
        self._try(lambda: self.meeting.acknowledge(office, self.today))

    @invariant()
    def the_history_is_in_order(self) -> None:
        days = [step.on for step in self.meeting.history]
        assert days == sorted(days)

    @invariant()
    def it_is_held_only_with_both_consents(self) -> None:
        if self.meeting.when(MeetingEvent.HOLD):
            assert self.meeting.consents == CONVENERS

    @invariant()
    def it_is_acknowledged_exactly_when_all_have(self) -> None:
        all_have = len(self.meeting.acknowledged) == len(MINUTES.offices)
        assert (self.meeting.state is MeetingState.ACKNOWLEDGED) == all_have

    @invariant()
    def every_state_is_one_of_the_table(self) -> None:
        assert self.meeting.state in {JOINT_MEETING_LIFE.first, *JOINT_MEETING_LIFE.table.values()}


TestJointMeetingLife = JointMeetingLife.TestCase
TestJointMeetingLife.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
