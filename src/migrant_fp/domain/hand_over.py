"""One hand-over between two parties (二(二), 二(三)): its life cycle, and how it stands to its deadline on a day."""

from __future__ import annotations

from datetime import date

import attrs

from migrant_fp.domain.errors import Invalid, Problem
from migrant_fp.domain.life_cycle import LifeCycle
from migrant_fp.domain.privacy import CODE_EXPECTED, is_code
from migrant_fp.schedule.term import Term


class HandOverState(Term):
    """Where one hand-over stands."""

    OWED = ("owed", "待交")
    SENT = ("sent", "已发送")
    RECEIVED = ("received", "已收到")
    ACCEPTED = ("accepted", "已接受")
    RETURNED = ("returned", "已退回")


class HandOverEvent(Term):
    """What moves it."""

    SEND = ("send", "发送")
    RECEIVE = ("receive", "收到")
    ACCEPT = ("accept", "接受")
    RETURN = ("return", "退回")


_S, _E = HandOverState, HandOverEvent
#: The one table of a hand-over. One that was lost is sent again; one that was returned is sent corrected.
HAND_OVER_LIFE = LifeCycle(
    _S.OWED,
    {
        (_S.OWED, _E.SEND): _S.SENT,
        (_S.SENT, _E.SEND): _S.SENT,
        (_S.SENT, _E.RECEIVE): _S.RECEIVED,
        (_S.RECEIVED, _E.ACCEPT): _S.ACCEPTED,
        (_S.RECEIVED, _E.RETURN): _S.RETURNED,
        (_S.RETURNED, _E.SEND): _S.SENT,
    },
)


class DeadlinePolicy(Term):
    """What an adopter makes of a deadline before which its month had no working day; the document has no rule for it."""

    EXCUSED = ("excused", "截止日前无工作日的不计逾期（默认，本库自定）")
    AS_WRITTEN = ("as_written", "按文件原文")
    PREVIOUS_WORKING_DAY = ("previous_working_day", "提前至前一工作日")
    NEXT_WORKING_DAY = ("next_working_day", "顺延至次一工作日")


class Timeliness(Term):
    """How a hand-over stands to its deadline on a day."""

    OPEN = ("open", "未到期")
    ON_TIME = ("on_time", "按期")
    AFTER_DEADLINE_NO_WORKING_DAY = ("after_deadline_no_working_day", "截止日前无工作日，不计逾期")
    LATE = ("late", "逾期")
    MISSING = ("missing", "未交")

    @property
    def counts_against(self) -> bool:
        """Whether it counts against the sender in an assessment."""
        return self in {Timeliness.LATE, Timeliness.MISSING}


@attrs.frozen
class Deadline:
    """The last day of a round, as one policy reads it.

    Attributes:
        last: The last day in time.
        excused_until: Where the month had no working day before the deadline and that is excused: the day up to which
            a hand-over is not yet missing. One that is made is then never late.
    """

    last: date
    excused_until: date | None = None


@attrs.frozen
class HandOver:
    """What one party owes another in a round; every event returns a new one.

    Attributes:
        id: The id of its round, its sender and its receiver.
        sender: The id of the sending agency.
        receiver: The id of the receiving agency.
        state: Where it stands.
        history: What happened and when, oldest first.
        reason: Why it was returned last, as a code.
    """

    id: str
    sender: str
    receiver: str
    state: HandOverState = HAND_OVER_LIFE.first
    history: tuple[tuple[HandOverEvent, date], ...] = ()
    reason: str = ""

    def after(self, event: HandOverEvent, on: date, reason: str = "") -> HandOver:
        """Return the hand-over after an event.

        Args:
            event: What happened.
            on: When.
            reason: Of a return: why, as a code without personal data.

        Raises:
            WrongState: If the event is not allowed in its state.
            Invalid: If the day lies before that of the last event, or a return has no reason, or one that is no code.
        """
        state = HAND_OVER_LIFE.after(self.state, event, self.id)
        problems = []
        if self.history and on < self.history[-1][1]:
            problems.append(
                Problem("on", f"{on} lies before {self.history[-1][1]}, the day of the last event")
            )
        if event is HandOverEvent.RETURN and not reason.strip():
            problems.append(Problem("reason", "is empty; say why, as a code"))
        elif reason and not is_code(reason):
            problems.append(Problem("reason", f"came {len(reason)} characters, {CODE_EXPECTED}"))
        if problems:
            raise Invalid(self.id, tuple(problems))
        return attrs.evolve(self, state=state, history=(*self.history, (event, on)), reason=reason)

    def as_of(self, today: date) -> HandOver:
        """Return the hand-over as it stood at the end of a day: what happened later is left out.

        Example:
            >>> sent = HandOver("r/a-b", "a", "b").after(HandOverEvent.SEND, date(2011, 11, 20))
            >>> sent.as_of(date(2011, 11, 19)).state.zh
            '待交'
        """
        known = tuple((event, on) for event, on in self.history if on <= today)
        if len(known) == len(self.history):
            return self
        state = HAND_OVER_LIFE.first
        for event, _ in known:
            state = HAND_OVER_LIFE.after(state, event, self.id)
        return attrs.evolve(self, state=state, history=known, reason="")

    @property
    def first_sent(self) -> date | None:
        """The day on which it was first sent: what counts for the deadline."""
        return next((on for event, on in self.history if event is HandOverEvent.SEND), None)

    def timeliness(self, deadline: Deadline, today: date) -> Timeliness:
        """Return how it stands to its deadline on a day; what happened after that day is not known on it."""
        sent = self.as_of(today).first_sent
        if sent is None:
            return self._unsent(deadline, today)
        if sent <= deadline.last:
            return Timeliness.ON_TIME
        return Timeliness.AFTER_DEADLINE_NO_WORKING_DAY if deadline.excused_until else Timeliness.LATE

    @staticmethod
    def _unsent(deadline: Deadline, today: date) -> Timeliness:
        if today <= deadline.last:
            return Timeliness.OPEN
        if deadline.excused_until and today <= deadline.excused_until:
            return Timeliness.AFTER_DEADLINE_NO_WORKING_DAY
        return Timeliness.MISSING
