"""联席会议: proposed, agreed, scheduled, held, minuted, dispatched, acknowledged. One table, immutable values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date

import attrs

from migrant_fp.domain.agency import Role
from migrant_fp.domain.errors import Invalid, Problem, opaque
from migrant_fp.domain.life_cycle import LifeCycle
from migrant_fp.schedule.occurrence import Occurrence
from migrant_fp.schedule.term import Term


class Post(Term):
    """Who takes part (一(一)); the first two are the conveners."""

    DEPUTY_POLICE = ("deputy_police", "公安局（分局）分管户政（治安）工作的副局长")
    DEPUTY_FAMILY_PLANNING = ("deputy_family_planning", "人口计生局分管流动人口计划生育服务管理工作的副局长")
    POLICE_SECTION = ("police_section", "公安局（分局）治安大队负责人及相关工作人员")
    FAMILY_PLANNING_SECTION = ("family_planning_section", "人口计生局职能处室负责人及相关工作人员")
    COORDINATION_OFFICE = ("coordination_office", "综治委流动人口服务管理办公室负责人及相关工作人员")


CONVENERS = (Post.DEPUTY_POLICE, Post.DEPUTY_FAMILY_PLANNING)


class AgendaItem(Term):
    """The five items of 一(三), by the number of their clause."""

    EXCHANGE = ("一(三)1", "通报交流")
    PROBLEMS = ("一(三)2", "问题和对策")
    RULES = ("一(三)3", "制度和措施")
    REWARDS = ("一(三)4", "考核和奖惩兑现")
    OTHER = ("一(三)5", "其他事项")


class MeetingState(Term):
    """Where a joint meeting stands."""

    PROPOSED = ("proposed", "已提议")
    AGREED = ("agreed", "已商定")
    SCHEDULED = ("scheduled", "已排定")
    POSTPONED = ("postponed", "已延期")
    HELD = ("held", "已召开")
    MINUTED = ("minuted", "已成纪要")
    DISPATCHED = ("dispatched", "已下发")
    ACKNOWLEDGED = ("acknowledged", "已签收")
    CANCELLED = ("cancelled", "已取消")


class MeetingEvent(Term):
    """What moves it; a proposal begins it."""

    PROPOSE = ("propose", "提议")
    AGREE = ("agree", "商定")
    SCHEDULE = ("schedule", "排定")
    POSTPONE = ("postpone", "延期")
    HOLD = ("hold", "召开")
    MINUTE = ("minute", "形成纪要")
    DISPATCH = ("dispatch", "下发")
    ACKNOWLEDGE = ("acknowledge", "全部签收")
    CANCEL = ("cancel", "取消")


_S, _E = MeetingState, MeetingEvent
#: The one table of the joint meeting.
JOINT_MEETING_LIFE = LifeCycle(
    _S.PROPOSED,
    {
        (_S.PROPOSED, _E.AGREE): _S.AGREED,
        (_S.PROPOSED, _E.CANCEL): _S.CANCELLED,
        (_S.AGREED, _E.SCHEDULE): _S.SCHEDULED,
        (_S.AGREED, _E.CANCEL): _S.CANCELLED,
        (_S.SCHEDULED, _E.HOLD): _S.HELD,
        (_S.SCHEDULED, _E.POSTPONE): _S.POSTPONED,
        (_S.SCHEDULED, _E.CANCEL): _S.CANCELLED,
        (_S.POSTPONED, _E.SCHEDULE): _S.SCHEDULED,
        (_S.POSTPONED, _E.CANCEL): _S.CANCELLED,
        (_S.HELD, _E.MINUTE): _S.MINUTED,
        (_S.MINUTED, _E.DISPATCH): _S.DISPATCHED,
        (_S.DISPATCHED, _E.ACKNOWLEDGE): _S.ACKNOWLEDGED,
    },
)


@attrs.frozen
class Decision:
    """One decision, with the grass-roots offices that must carry it out (一(四)); Invalid if an id looks like a number of a person.

    Attributes:
        id: Its id within the minutes.
        item: The agenda item it belongs to.
        text: What was decided.
        offices: The ids of the offices that must carry it out.
        settles: The id of an assessment or reward matter that it settles (一(三)4), if it does.
    """

    id: str = attrs.field(validator=opaque)
    item: AgendaItem
    text: str = attrs.field(repr=False)
    offices: tuple[str, ...] = attrs.field(validator=attrs.validators.deep_iterable(opaque))
    settles: str | None = attrs.field(default=None, validator=attrs.validators.optional(opaque))


@attrs.frozen
class Minutes:
    """The minutes (会议纪要) of a joint meeting.

    Attributes:
        decisions: The decisions.

    Raises:
        Invalid: If there is no decision, one has no office or text, two have one id, or a matter is settled outside of item 4.
    """

    decisions: tuple[Decision, ...]

    def __attrs_post_init__(self) -> None:
        """Refuse minutes that nobody could carry out, with every problem."""
        problems = tuple(_problems(self.decisions))
        if problems:
            raise Invalid("minutes", problems)

    @property
    def offices(self) -> tuple[str, ...]:
        """The offices they go to, each once, in order."""
        return tuple(dict.fromkeys(office for decision in self.decisions for office in decision.offices))


@attrs.frozen
class Step:
    """One thing that happened to a meeting.

    Attributes:
        event: What.
        on: When.
        reason: Why, where a reason is asked for.
    """

    event: MeetingEvent
    on: date
    reason: str = attrs.field(default="", repr=False)


@attrs.frozen
class JointMeeting:
    """A joint meeting of one 辖市（区）; every event returns a new one.

    Attributes:
        id: Its id: that of the occurrence and the division, or the one given to an extra meeting.
        division: The code of the 辖市（区）.
        state: Where it stands.
        day: The day it is set for; None before it is scheduled.
        proposed_by: The bureau that proposed an extra meeting; None for a regular one.
        consents: The conveners who agreed.
        present: Who took part.
        minutes: Its minutes.
        acknowledged: The offices that acknowledged, with the day.
        history: What happened, oldest first.
        planned: The day of a regular meeting by the plan, wherever it moved; None for an extra one.
        covered: The agenda items that were dealt with, as recorded when it was held.
    """

    id: str
    division: str
    state: MeetingState = JOINT_MEETING_LIFE.first
    day: date | None = None
    proposed_by: Role | None = None
    consents: tuple[Post, ...] = ()
    present: tuple[Post, ...] = ()
    minutes: Minutes | None = None
    acknowledged: tuple[tuple[str, date], ...] = ()
    history: tuple[Step, ...] = ()
    planned: date | None = None
    covered: tuple[AgendaItem, ...] = ()

    @classmethod
    def regular(cls, occurrence: Occurrence, division: str) -> JointMeeting:
        """Return the scheduled meeting of a plan (一(二)); no consent is needed for it."""
        name, day = f"{occurrence.id}/{division}", occurrence.last
        return cls(name, division, MeetingState.SCHEDULED, day, planned=day)

    @classmethod
    def proposed(cls, given_id: str, division: str, proposed_by: Role, on: date) -> JointMeeting:
        """Return an extra meeting proposed on a day (一(二)): either bureau may propose it.

        Raises:
            Invalid: If the proposer is neither of the two bureaus.
        """
        if proposed_by is Role.COORDINATION:
            fact = "expected public_security or family_planning (一(二))"
            raise Invalid(given_id, (Problem("proposed_by", fact),))
        return cls(given_id, division, proposed_by=proposed_by, history=(Step(MeetingEvent.PROPOSE, on),))

    def agree(self, convener: Post, on: date) -> JointMeeting:
        """Return the meeting with a convener's consent; with both it is agreed (经双方召集人商定).

        Raises:
            WrongState: If it is not proposed.
            Invalid: If the post convenes nothing, or the day lies before the last event.
        """
        agreed = JOINT_MEETING_LIFE.after(self.state, MeetingEvent.AGREE, self.id)
        if convener not in CONVENERS:
            raise self._invalid("convener", f"expected one of {'、'.join(p.zh for p in CONVENERS)}")
        consents = tuple(post for post in CONVENERS if post in {*self.consents, convener})
        state = agreed if consents == CONVENERS else self.state
        return self._stepped(MeetingEvent.AGREE, on, state=state, consents=consents)

    def schedule(self, day: date, on: date) -> JointMeeting:
        """Return the meeting set for a day, after its agreement or postponement.

        Raises:
            WrongState: If it is neither agreed nor postponed.
            Invalid: If the day lies before the day on which it is set.
        """
        if day < on:
            raise self._invalid("day", f"{day} lies before {on}, the day of setting it")
        return self._moved(MeetingEvent.SCHEDULE, on, day=day)

    def postpone(self, on: date, reason: str) -> JointMeeting:
        """Return the meeting postponed, without a day; a reason is asked for.

        Raises:
            WrongState: If it is not scheduled.
            Invalid: If there is no reason.
        """
        return self._moved(MeetingEvent.POSTPONE, on, self._reason(reason), day=None)

    def cancel(self, on: date, reason: str) -> JointMeeting:
        """Return the meeting cancelled; a reason is asked for.

        Raises:
            WrongState: If it has been held.
            Invalid: If there is no reason.
        """
        return self._moved(MeetingEvent.CANCEL, on, self._reason(reason))

    def hold(self, on: date, present: Iterable[Post], covered: Iterable[AgendaItem] = ()) -> JointMeeting:
        """Return the meeting held on its day. Who was absent, and what was not covered, become findings, not refusals.

        Args:
            on: The day.
            present: Who took part.
            covered: The agenda items that were dealt with (一(三)).

        Raises:
            WrongState: If it is not scheduled.
            Invalid: If it was set for another day, or a convener was missing.
        """
        there, done = {*present}, {*covered}
        missing = [post for post in CONVENERS if post not in there]
        problems = [Problem("present", f"{post.zh} convenes and was not there") for post in missing]
        if self.state is MeetingState.SCHEDULED and on != self.day:
            fact = f"came {on}, but it is set for {self.day}: postpone and schedule it anew"
            problems.append(Problem("on", fact))
        held = self._moved(
            MeetingEvent.HOLD,
            on,
            present=tuple(post for post in Post if post in there),
            covered=tuple(item for item in AgendaItem if item in done),
        )
        if problems:
            raise Invalid(self.id, tuple(problems))
        return held

    def minute(self, minutes: Minutes, on: date) -> JointMeeting:
        """Return the meeting with its minutes (一(四)).

        Raises:
            WrongState: If it has not been held, or has minutes.
        """
        return self._moved(MeetingEvent.MINUTE, on, minutes=minutes)

    def dispatch(self, on: date) -> JointMeeting:
        """Return the meeting with its minutes sent to every office they name (下发基层执行, 一(四)).

        Raises:
            WrongState: If there are no minutes, or they have been sent.
        """
        return self._moved(MeetingEvent.DISPATCH, on)

    def acknowledge(self, office: str, on: date) -> JointMeeting:
        """Return the meeting with an office's acknowledgement; with the last it is acknowledged. Asked again, it stays as it is.

        Raises:
            WrongState: If nothing has been dispatched.
            Invalid: If the minutes did not go to the office.
        """
        if self.state is MeetingState.ACKNOWLEDGED and office in dict(self.acknowledged):
            return self
        last = JOINT_MEETING_LIFE.after(self.state, MeetingEvent.ACKNOWLEDGE, self.id)
        if office in dict(self.acknowledged):
            return self
        offices = self.minutes.offices if self.minutes else ()
        if office not in offices:
            raise self._invalid("office", "is none of those that the minutes went to")
        acknowledged = (*self.acknowledged, (office, on))
        state = last if len(acknowledged) == len(offices) else self.state
        return self._stepped(MeetingEvent.ACKNOWLEDGE, on, state=state, acknowledged=acknowledged)

    @property
    def dealt_with(self) -> tuple[AgendaItem, ...]:
        """The agenda items that were covered, or under which its minutes hold a decision."""
        decided = {one.item for one in self.minutes.decisions} if self.minutes else set()
        return tuple(item for item in AgendaItem if item in decided or item in self.covered)

    def when(self, event: MeetingEvent) -> date | None:
        """Return the day of the last such event."""
        return next((step.on for step in reversed(self.history) if step.event is event), None)

    def _reason(self, reason: str) -> str:
        if not reason.strip():
            raise self._invalid("reason", "is empty; say why")
        return reason

    def _invalid(self, place: str, fact: str) -> Invalid:
        return Invalid(self.id, (Problem(place, fact),))

    def _moved(self, event: MeetingEvent, on: date, reason: str = "", **changes: object) -> JointMeeting:
        state = JOINT_MEETING_LIFE.after(self.state, event, self.id)
        return self._stepped(event, on, reason, state=state, **changes)

    def _stepped(self, event: MeetingEvent, on: date, reason: str = "", **changes: object) -> JointMeeting:
        if self.history and on < self.history[-1].on:
            last = self.history[-1].on
            raise self._invalid("on", f"{on} lies before {last}, the day of the last event")
        return attrs.evolve(self, history=(*self.history, Step(event, on, reason)), **changes)  # type: ignore[arg-type]


def _problems(decisions: tuple[Decision, ...]) -> Iterator[Problem]:
    if not decisions:
        yield Problem(
            "decisions", "are none: minutes hold what was decided, for those who carry it out (一(四))"
        )
    for name, times in Counter(decision.id for decision in decisions).items():
        if times > 1:
            yield Problem(name, f"is given {times} times; each decision has an id of its own")
    for decision in decisions:
        if not decision.text.strip():
            yield Problem(decision.id, "has no text")
        if not decision.offices:
            yield Problem(decision.id, "names no office to carry it out (一(四): 下发基层执行)")
        if decision.settles and decision.item is not AgendaItem.REWARDS:
            yield Problem(decision.id, "settles an assessment or reward matter, which belongs to 一(三)4")
