"""协管员协作例会 (三): three joint hosts agree a day in the first ten days, four contents, and the tasks of the month."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from datetime import date

import attrs

from migrant_fp.domain.clause import LegalBasis, Regulation
from migrant_fp.domain.errors import Invalid, Problem, opaque
from migrant_fp.domain.finding import Finding
from migrant_fp.domain.life_cycle import LifeCycle
from migrant_fp.domain.privacy import masked
from migrant_fp.schedule.occurrence import Occurrence
from migrant_fp.schedule.term import Term

_MONTH = re.compile(r"(19|20)[0-9]{2}-(0[1-9]|1[0-2])")


def require_month(what: str, month: str) -> None:
    """Return if a label is that of a month, such as 2011-10, else refuse.

    Args:
        what: What it is the month of, for the message.
        month: The label.

    Raises:
        Invalid: If it is none.
    """
    if not _MONTH.fullmatch(month):
        raise Invalid(
            what, (Problem("month", f"came {masked(month)[:20]}, expected a month such as 2011-10"),)
        )


class Host(Term):
    """The three who convene and host it together (三(一))."""

    FAMILY_PLANNING = ("family_planning", "镇（街道）计生办分管流动人口服务管理工作的主任或副主任")
    CENTRE = ("centre", "流动人口服务管理中心负责人")
    POLICE = ("police", "公安派出所分管副所长")


class Attendee(Term):
    """Who attends, by category (三(一)); they are also those who hold tasks (三(二)2)."""

    COORDINATOR = ("coordinator", "流动人口协管员")
    COMMUNITY_STAFF = ("community_staff", "社区负责流动人口计划生育工作的专兼职人员")
    ENTERPRISE = ("enterprise", "驻地企业负责人")
    ASSOCIATION = ("association", "流动人口计划生育协会负责人")


class Topic(Term):
    """The four contents of 三(二), by the number of their clause."""

    CHANGES = ("三(二)1", "交流上月动态变化、信息采集和婚育证明情况")
    LAST_TASKS = ("三(二)2", "总结和考核上月任务")
    NEW_TASKS = ("三(二)3", "布置当月任务")
    TRAINING = ("三(二)4", "业务培训")


class GatheringState(Term):
    """Where a coordinators' meeting stands."""

    OPEN = ("open", "待商定")
    PROPOSED = ("proposed", "已提议日期")
    AGREED = ("agreed", "已商定日期")
    HELD = ("held", "已召开")


class GatheringEvent(Term):
    """What moves it."""

    PROPOSE = ("propose", "提议日期")
    CONSENT = ("consent", "全部同意")
    HOLD = ("hold", "召开")


_S, _E = GatheringState, GatheringEvent
#: The one table of the coordinators' meeting. A new proposal sets the old one and its consents aside.
COORDINATORS_MEETING_LIFE = LifeCycle(
    _S.OPEN,
    {
        (_S.OPEN, _E.PROPOSE): _S.PROPOSED,
        (_S.PROPOSED, _E.PROPOSE): _S.PROPOSED,
        (_S.PROPOSED, _E.CONSENT): _S.AGREED,
        (_S.AGREED, _E.PROPOSE): _S.PROPOSED,
        (_S.AGREED, _E.HOLD): _S.HELD,
    },
)


@attrs.frozen
class CoordinatorsMeeting:
    """The meeting of one month in one town or street; every event returns a new one.

    Attributes:
        id: The id of the occurrence and the code of the town or street.
        town: The code of the town or street.
        month: The month, such as 2011-10.
        first: The first day of the window.
        last: The last day of the window.
        working_days: The working days of the window.
        state: Where it stands.
        day: The day proposed or agreed.
        consents: The hosts who agree to that day.
        attendance: The categories that attended.
        covered: The contents that were dealt with.
    """

    id: str
    town: str
    month: str
    first: date
    last: date
    working_days: tuple[date, ...]
    state: GatheringState = COORDINATORS_MEETING_LIFE.first
    day: date | None = None
    consents: tuple[Host, ...] = ()
    attendance: tuple[Attendee, ...] = ()
    covered: tuple[Topic, ...] = ()

    @classmethod
    def opened(cls, occurrence: Occurrence, town: str) -> CoordinatorsMeeting:
        """Return the meeting of a planned window, its day still open.

        Args:
            occurrence: From `plan` of COORDINATORS_MEETING.
            town: The code of the town or street.
        """
        first = occurrence.first or occurrence.last
        month = occurrence.period.label if occurrence.period else f"{first:%Y-%m}"
        return cls(
            f"{occurrence.id}/{town}", town, month, first, occurrence.last, occurrence.working_days or ()
        )

    def free_days(self, busy: Mapping[Host, Collection[date]]) -> tuple[date, ...]:
        """Return the working days of the window on which all three hosts are free: a suggestion, nothing more.

        Args:
            busy: The days on which each host is not free.
        """
        taken = {day for days in busy.values() for day in days}
        return tuple(day for day in self.working_days if day not in taken)

    def propose(self, day: date, host: Host) -> CoordinatorsMeeting:
        """Return the meeting with a host's proposal of a day; the proposer consents to it, the others are asked anew.

        Raises:
            WrongState: If it has been held.
            Invalid: If the day lies outside the first ten days of the month (每月上旬).
        """
        state = COORDINATORS_MEETING_LIFE.after(self.state, GatheringEvent.PROPOSE, self.id)
        if not self.first <= day <= self.last:
            fact = f"came {day}, expected one from {self.first} to {self.last} (三(一): 每月上旬)"
            raise Invalid(self.id, (Problem("day", fact),))
        return attrs.evolve(self, state=state, day=day, consents=(host,))

    def consent(self, host: Host) -> CoordinatorsMeeting:
        """Return the meeting with a host's consent; with all three the day is agreed (由…商定). Said twice, it stays.

        Raises:
            WrongState: If no proposal is open.
        """
        agreed = COORDINATORS_MEETING_LIFE.after(self.state, GatheringEvent.CONSENT, self.id)
        consents = tuple(one for one in Host if one in {*self.consents, host})
        state = agreed if len(consents) == len(Host) else self.state
        return attrs.evolve(self, state=state, consents=consents)

    def hold(self, on: date, attendance: Iterable[Attendee], covered: Iterable[Topic]) -> CoordinatorsMeeting:
        """Return the meeting held on its day. What was not covered, and who was absent, become findings, not refusals.

        Raises:
            WrongState: If no day is agreed.
            Invalid: If it was agreed for another day.
        """
        state = COORDINATORS_MEETING_LIFE.after(self.state, GatheringEvent.HOLD, self.id)
        if on != self.day:
            fact = f"came {on}, but {self.day} is agreed: propose the new day, and let all three consent"
            raise Invalid(self.id, (Problem("on", fact),))
        there, done = {*attendance}, {*covered}
        return attrs.evolve(
            self,
            state=state,
            attendance=tuple(one for one in Attendee if one in there),
            covered=tuple(one for one in Topic if one in done),
        )


class Outcome(Term):
    """How a task ended."""

    DONE = ("done", "完成")
    PARTLY = ("partly", "部分完成")
    NOT_DONE = ("not_done", "未完成")


@attrs.frozen
class Task:
    """A task set at a coordinators' meeting (三(二)3) and reviewed at the next (三(二)2).

    Attributes:
        id: Its id.
        kind: What kind of assignee it has; never a resident.
        assignee: The record id of the assignee.
        month: The month for which it was set, such as 2011-10.
        text: What is to be done.
        outcome: How it ended; None while that has not been reviewed.

    Raises:
        Invalid: If the month is none, or an id looks like an identity number or a telephone.
    """

    id: str = attrs.field(validator=opaque)
    kind: Attendee
    assignee: str = attrs.field(validator=opaque)
    month: str
    text: str = attrs.field(repr=False)
    outcome: Outcome | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse a task of no month: nobody would review it."""
        require_month("task", self.month)

    def with_outcome(self, outcome: Outcome) -> Task:
        """Return the task with its outcome."""
        return attrs.evolve(self, outcome=outcome)


def coordinators_meeting_findings(
    meeting: CoordinatorsMeeting, today: date, regulation: Regulation, basis: LegalBasis
) -> tuple[Finding, ...]:
    """Return what is owed for a coordinators' meeting on a day.

    Of the contents 三(二)1 is about single persons and their certificates: it is owed while the law stands, and not after it.

    Args:
        meeting: The meeting.
        today: The day.
        regulation: The document, for its clauses 三(一) and 三(二).
        basis: The law on which the information and the certificates of 三(二)1 are dealt with.
    """
    hosts = "、".join(host.zh for host in Host)
    clause = regulation.clause("三(一)")
    if meeting.state is GatheringState.HELD:
        lawful = basis.in_force(today) and basis.in_force(meeting.day or meeting.last)
        owed = [topic for topic in Topic if lawful or topic is not Topic.CHANGES]
        return tuple(_not_covered(meeting, regulation, hosts, owed))
    if meeting.state is GatheringState.AGREED and meeting.day and meeting.day < today:
        code, zh, en = "coordinators-meeting-not-held", "召开协管员协作例会", "hold the meeting"
    elif today > meeting.last:
        code, zh, en = "coordinators-meeting-missed", "说明未在上旬召开的原因", "explain why it was not held"
    elif meeting.state is not GatheringState.AGREED and today >= meeting.first:
        code, zh, en = "coordinators-meeting-without-day", "商定例会日期", "agree a day"
    else:
        return ()
    return (Finding(code, clause, hosts, zh, en, meeting.id, meeting.day or meeting.last),)


def open_tasks(tasks: Iterable[Task], month: str, regulation: Regulation) -> tuple[Finding, ...]:
    """Return the tasks of a month that have not been reviewed (三(二)2: 对…上月工作任务完成情况进行总结和考核).

    Args:
        tasks: The tasks.
        month: The month they were set for.
        regulation: The document.
    """
    clause = regulation.clause("三(二)2")
    return tuple(
        Finding("task-not-reviewed", clause, "例会召集人", "总结和考核任务", "review the task", task.id)
        for task in tasks
        if task.month == month and task.outcome is None
    )


def _not_covered(
    meeting: CoordinatorsMeeting, regulation: Regulation, hosts: str, owed: Iterable[Topic]
) -> Iterable[Finding]:
    for topic in owed:
        if topic not in meeting.covered:
            yield Finding(
                "topic-not-covered",
                regulation.clause(topic.value),
                hosts,
                f"补办：{topic.zh}",
                "deal with the content that was left out",
                meeting.id,
            )
    for attendee in Attendee:
        if attendee not in meeting.attendance:
            yield Finding(
                "category-absent",
                regulation.clause("三(一)"),
                hosts,
                f"通知未到会的{attendee.zh}",
                "inform those who were absent",
                meeting.id,
            )
