"""一、建立部门联席会议制度: conveners, the regular and the extra meeting, agenda, minutes.

(一)…为联席会议召集人…参加联席会议。(二)联席会议每季度召开一次…平时确因工作需要,可由辖市(区)公安局(分局)或辖市(区)人口计生局提议,
经双方召集人商定后召开。(三)联席会议议程和内容包括…(四)联席会议商定的事项应以会议纪要的形式,下发基层执行。

Clauses 一(一), 一(二), 一(三)1, 一(三)2, 一(三)3, 一(三)4, 一(三)5, 一(四).
"""

from datetime import date, timedelta

import attrs
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from migrant_fp import plan
from migrant_fp.adapters.chinese_calendar import working_calendar
from migrant_fp.adapters.memory import MemoryStore
from migrant_fp.application.meet import acknowledge, dispatch, hold, meetings_owed, open_joint_meetings
from migrant_fp.domain.agency import Role
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
    meeting_findings,
)
from migrant_fp.regulations.changzhou_2011_134 import DOCUMENT, JOINT_MEETING

CALENDAR = working_calendar()
OCTOBER = list(plan(JOINT_MEETING, 2011, CALENDAR))[3]
DAY = date(2011, 10, 8)
REGULAR = JointMeeting.regular(OCTOBER, "320411")
EXTRA = JointMeeting.proposed("joint-meeting/2011-x1/320411", "320411", Role.FAMILY_PLANNING)
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
        Decision("2", AgendaItem.REWARDS, "例：通过考核结果", DECISION.offices[:1], "assessment/2011-09"),
    )
)
HELD = REGULAR.hold(DAY, tuple(Post))
DISPATCHED = HELD.minute(MINUTES, date(2011, 10, 10)).dispatch(date(2011, 10, 11))


def _codes(meeting: JointMeeting, today: date) -> list[tuple[str, str]]:
    return [(f.code, f.owed_by) for f in meeting_findings(meeting, today, CALENDAR, DOCUMENT)]


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
    assert JointMeeting.proposed("x", "320411", role).proposed_by is role


def test_一_二_the_third_party_neither_proposes_nor_convenes() -> None:
    with pytest.raises(Invalid, match="expected public_security or family_planning"):
        JointMeeting.proposed("x", "320411", Role.COORDINATION)
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
    assert MINUTES.decisions[1].settles == "assessment/2011-09"
    with pytest.raises(Invalid, match="belongs to 一\\(三\\)4"):
        Minutes((Decision("1", AgendaItem.OTHER, "例", ("a",), "assessment/2011-09"),))


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
        (REGULAR.cancel(DAY, "例"), date(2012, 1, 1), None),
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
        opened = open_joint_meetings(work, "320411", 2011, CALENDAR)
        hold(work, opened[0].id, date(2011, 7, 5), present=CONVENERS)
        again = open_joint_meetings(work, "320411", 2011, CALENDAR)

    assert [meeting.day for meeting in opened] == [date(2011, 7, 5), DAY]
    assert [meeting.state for meeting in again] == [MeetingState.HELD, MeetingState.SCHEDULED]


def test_一_四_from_holding_to_the_last_acknowledgement_over_the_register() -> None:
    first, second = MINUTES.offices
    with MemoryStore().begin() as work:
        work.joint_meetings.put(REGULAR)
        minuted = hold(work, REGULAR.id, DAY, present=tuple(Post), minutes=MINUTES)
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
    assert [(f.code, f.owed_by) for f in owed] == [("not-acknowledged", second)]


def test_nothing_is_held_before_the_document() -> None:
    with MemoryStore().begin() as work:
        work.joint_meetings.put(attrs.evolve(REGULAR, day=date(2011, 5, 17)))
        with pytest.raises(NotYetIssued):
            hold(work, REGULAR.id, date(2011, 5, 17), present=CONVENERS)


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
