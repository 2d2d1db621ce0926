"""考核 (三(二)2, 五): figures that open into the facts behind them, of offices and of those who hold tasks.

Residents are not assessed: there is no kind of subject for them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from fractions import Fraction

import attrs

from migrant_fp.domain.collection import Collection
from migrant_fp.domain.coordinators_meeting import (
    Attendee,
    CoordinatorsMeeting,
    GatheringState,
    Outcome,
    Task,
    Topic,
)
from migrant_fp.domain.errors import Invalid, Problem, opaque
from migrant_fp.domain.exchange import Round, positions
from migrant_fp.domain.hand_over import DeadlinePolicy, Timeliness
from migrant_fp.domain.meeting import JointMeeting, MeetingEvent, MeetingState
from migrant_fp.domain.meeting_findings import held_in_quarter_of
from migrant_fp.domain.privacy import masked
from migrant_fp.schedule.calendar import WorkingCalendar
from migrant_fp.schedule.term import Term

_PERIOD = re.compile(r"(19|20)[0-9]{2}(-(0[1-9]|1[0-2]))?")


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
    subject: str = attrs.field(validator=opaque)
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

    Raises:
        Invalid: If the subject looks like an identity number or a telephone.
    """

    kind: Subject
    subject: str = attrs.field(validator=opaque)
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
        Invalid: If the period is none, a weight is negative, or none is positive.
    """
    if not _PERIOD.fullmatch(period):
        fact = f"came {masked(period)[:20]}, expected a month such as 2011-10 or a year such as 2011"
        raise Invalid("assessment", (Problem("period", fact),))
    problems = tuple(weight_problems(weights))
    if problems:
        raise Invalid("weights", problems)
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


def weight_problems(weights: Mapping[Measure, Fraction]) -> Iterator[Problem]:
    """Yield what makes weights useless: a negative one, or none that is positive."""
    for measure, weight in weights.items():
        if weight < 0:
            yield Problem(measure.value, f"its weight is {weight}, expected 0 or more")
    if not any(weight > 0 for weight in weights.values()):
        yield Problem("weights", "none is positive; give at least one measure a weight")


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
    meeting: JointMeeting,
    offices: Iterable[str],
    planned: date,
    today: date,
    *,
    others: Iterable[JointMeeting] = (),
) -> tuple[Fact, ...]:
    """Return whether a regular joint meeting was held on its day, as a fact for each office that convenes it.

    Args:
        meeting: The meeting.
        offices: The ids of the offices that convene it.
        planned: Its day by the plan.
        today: The day; a meeting still to come is no fact.
        others: The other meetings of the 辖市（区）: a cancelled one is no fact where another was held in its quarter.
    """
    cancelled = meeting.state is MeetingState.CANCELLED
    if planned >= today or (cancelled and held_in_quarter_of(planned, others)):
        return ()
    held = meeting.when(MeetingEvent.HOLD)
    missed = "已取消，本季度未召开" if cancelled else "未召开"
    note = "" if held == planned else f"召开于{held}" if held else missed
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
