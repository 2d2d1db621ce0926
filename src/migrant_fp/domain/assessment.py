"""考核 (三(二)2, 五): figures that open into the facts behind them, of offices and of those who hold tasks.

Residents are not assessed: there is no kind of subject for them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction

import attrs

from migrant_fp.domain.clause import Clause
from migrant_fp.domain.collection import Collection
from migrant_fp.domain.coordinators_meeting import (
    Attendee,
    CoordinatorsMeeting,
    GatheringState,
    Outcome,
    Task,
    Topic,
)
from migrant_fp.domain.errors import Invalid, Problem
from migrant_fp.domain.exchange import DeadlinePolicy, Round, Timeliness, positions
from migrant_fp.domain.finding import Finding
from migrant_fp.domain.meeting import JointMeeting, MeetingEvent, MeetingState
from migrant_fp.schedule.calendar import WorkingCalendar
from migrant_fp.schedule.term import Term


class Subject(Term):
    """Of whom an assessment can be."""

    OFFICE = ("office", "机构")
    COLLECTOR = ("collector", "流动人口协管员")
    COMMUNITY_STAFF = ("community_staff", "社区专兼职人员")
    ENTERPRISE = ("enterprise", "驻地企业")
    ASSOCIATION = ("association", "流动人口计划生育协会")


class Measure(Term):
    """What is measured."""

    HAND_OVERS = ("hand_overs", "信息互换及时率")
    MEETINGS = ("meetings", "会议按期率")
    COMPLETENESS = ("completeness", "登记表完整率")
    CORRECTNESS = ("correctness", "登记表正确率")
    TASKS = ("tasks", "任务完成率")
    TRAINING = ("training", "业务培训")


_SUBJECT_OF = {
    Attendee.COORDINATOR: Subject.COLLECTOR,
    Attendee.COMMUNITY_STAFF: Subject.COMMUNITY_STAFF,
    Attendee.ENTERPRISE: Subject.ENTERPRISE,
    Attendee.ASSOCIATION: Subject.ASSOCIATION,
}


@attrs.frozen
class Fact:
    """One fact behind a figure.

    Attributes:
        measure: What it measures.
        kind: Of what kind of subject.
        subject: The id of the office or the record id of the holder of tasks.
        about: The id of the hand-over, meeting, form or task.
        met: Whether what was owed was done.
        note: What there is to know of it, such as that a deadline had no working day before it.
    """

    measure: Measure
    kind: Subject
    subject: str
    about: str
    met: bool
    note: str = ""


@attrs.frozen
class Figure:
    """A figure: met of counted, with the facts.

    Attributes:
        measure: What it measures.
        facts: The facts, in order of what they are about.
    """

    measure: Measure
    facts: tuple[Fact, ...]

    @property
    def met(self) -> int:
        """How many were met."""
        return sum(fact.met for fact in self.facts)

    @property
    def share(self) -> Fraction:
        """Met of all, from 0 to 1."""
        return Fraction(self.met, len(self.facts))


@attrs.frozen
class Assessment:
    """The assessment of one office or holder of tasks over a period.

    Attributes:
        kind: Of what kind of subject.
        subject: The id.
        period: The period, such as 2011-10 or 2011.
        figures: The figures, in the order of the measures; a measure without facts has none.
        weights: The adopter's weights of the measures.
    """

    kind: Subject
    subject: str
    period: str
    figures: tuple[Figure, ...]
    weights: tuple[tuple[Measure, Fraction], ...]

    @property
    def id(self) -> str:
        """A stable id."""
        return f"assessment/{self.period}/{self.kind.value}/{self.subject}"

    @property
    def score(self) -> Fraction | None:
        """The weighted mean of the figures, from 0 to 1; weights of measures without facts drop out. None without any."""
        weight = dict(self.weights)
        counted = [(figure.share, weight.get(figure.measure, Fraction(0))) for figure in self.figures]
        total = sum((w for _, w in counted), Fraction(0))
        return sum((share * w for share, w in counted), Fraction(0)) / total if total else None


def assess(
    kind: Subject, subject: str, period: str, facts: Iterable[Fact], weights: Mapping[Measure, Fraction]
) -> Assessment:
    """Return the assessment of a subject from the facts about it; the order in which they come makes no difference.

    Args:
        kind: Of what kind of subject.
        subject: Its id; facts about others are left out.
        period: The period the facts are of.
        facts: The facts.
        weights: The adopter's weights; a measure without one does not count.

    Raises:
        Invalid: If a weight is negative, or none is positive.
    """
    problems = [
        Problem(m.value, f"its weight is {w}, expected 0 or more") for m, w in weights.items() if w < 0
    ]
    if not any(weight > 0 for weight in weights.values()):
        problems.append(Problem("weights", "none is positive; give at least one measure a weight"))
    if problems:
        raise Invalid("weights", tuple(problems))
    own = sorted(
        {fact for fact in facts if (fact.kind, fact.subject) == (kind, subject)},
        key=lambda fact: (fact.about, fact.met, fact.note),
    )
    figures = tuple(
        Figure(measure, behind)
        for measure in Measure
        if (behind := tuple(fact for fact in own if fact.measure is measure))
    )
    return Assessment(kind, subject, period, figures, tuple((m, weights[m]) for m in Measure if m in weights))


def hand_over_facts(
    exchange: Round, today: date, calendar: WorkingCalendar, policy: DeadlinePolicy = DeadlinePolicy.EXCUSED
) -> tuple[Fact, ...]:
    """Return a fact for each hand-over of a round that is due; one that is not yet due is no fact."""
    return tuple(
        Fact(
            Measure.HAND_OVERS,
            Subject.OFFICE,
            place.sender.id,
            place.hand_over.id,
            not place.timeliness.counts_against,
            place.timeliness.zh,
        )
        for place in positions(exchange, today, calendar, policy)
        if place.timeliness is not Timeliness.OPEN
    )


def meeting_facts(
    meeting: JointMeeting, offices: Iterable[str], planned: date, today: date
) -> tuple[Fact, ...]:
    """Return whether a regular joint meeting was held on its day, as a fact for each office that convenes it.

    Args:
        meeting: The meeting.
        offices: The ids of the offices that convene it.
        planned: Its day by the plan.
        today: The day; a meeting still to come is no fact, nor is a cancelled one.
    """
    if planned >= today or meeting.state is MeetingState.CANCELLED:
        return ()
    held = meeting.when(MeetingEvent.HOLD)
    note = "" if held == planned else f"召开于{held}" if held else "未召开"
    return tuple(
        Fact(Measure.MEETINGS, Subject.OFFICE, office, meeting.id, held == planned, note)
        for office in offices
    )


def gathering_facts(meeting: CoordinatorsMeeting, offices: Iterable[str], today: date) -> tuple[Fact, ...]:
    """Return whether a coordinators' meeting was held in its window and gave training, for each office that hosts it."""
    if meeting.state is not GatheringState.HELD and today <= meeting.last:
        return ()
    held = meeting.state is GatheringState.HELD
    return tuple(
        Fact(measure, Subject.OFFICE, office, meeting.id, met)
        for office in offices
        for measure, met in (
            (Measure.MEETINGS, held),
            (Measure.TRAINING, Topic.TRAINING in meeting.covered),
        )
    )


def form_facts(collection: Collection) -> tuple[Fact, ...]:
    """Return whether a form was complete and correct when it was first entered, for both of the pair that collected it.

    Complete: it had no gap. Correct: the site's system has not returned it.
    """
    if collection.gaps_at_entry is None:
        return ()
    pair = (
        (Subject.COLLECTOR, collection.pair.coordinator),
        (Subject.COMMUNITY_STAFF, collection.pair.community_worker),
    )
    return tuple(
        Fact(measure, kind, subject, collection.id, met)
        for kind, subject in pair
        for measure, met in (
            (Measure.COMPLETENESS, collection.gaps_at_entry == 0),
            (Measure.CORRECTNESS, not collection.was_returned),
        )
    )


def task_facts(tasks: Iterable[Task]) -> tuple[Fact, ...]:
    """Return whether each reviewed task was done, for its assignee; one that was done in part is not met, and says so."""
    return tuple(
        Fact(
            Measure.TASKS,
            _SUBJECT_OF[task.kind],
            task.assignee,
            task.id,
            task.outcome is Outcome.DONE,
            task.outcome.zh,
        )
        for task in tasks
        if task.outcome is not None
    )


@attrs.frozen
class AssessmentSystem:
    """The assessment and reward system of a 辖市（区） (五).

    Attributes:
        division: The code of the division whose system it is.
        weights: The weights of the measures.
        limit: How many collectors are commended a year.
    """

    division: str
    weights: tuple[tuple[Measure, Fraction], ...]
    limit: int


def system_for(
    division: str,
    city: AssessmentSystem,
    own: Mapping[str, AssessmentSystem],
    by_analogy: Iterable[str],
    clause: Clause,
) -> tuple[AssessmentSystem, tuple[Finding, ...]]:
    """Return under which system a 辖市（区） stands, and what it owes for it (五.3).

    武进, 金坛 and 溧阳 adopt the system with settings of their own (参照建立); until one has, the city's applies and a finding says
    that its own is owed. The others stand directly under the city's.

    Args:
        division: The code of the 辖市（区）.
        city: The system of the city.
        own: The systems adopted by those of 五.3, by code.
        by_analogy: The codes of the three.
        clause: 五.3 of the document.

    Raises:
        Invalid: If a 辖市（区） outside of the three has a system of its own.
    """
    if division not in set(by_analogy):
        if division in own:
            fact = "stands directly under the city's system (五.1); only the three of 五.3 adopt their own"
            raise Invalid("assessment system", (Problem(division, fact),))
        return city, ()
    if division in own:
        return own[division], ()
    owed_by = "辖市（区）公安局、人口计生局和流动人口服务和管理工作领导小组办公室"
    missing = Finding(
        "no-system-of-its-own", clause, owed_by, "参照建立考核奖励制度", "adopt the system", division
    )
    return city, (missing,)
