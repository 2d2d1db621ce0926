"""Articles 三(二)2 and 五: assessments from the registers, the yearly commendation, and rewards by reference."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction

from migrant_fp.domain.agency import Agency, Role
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
from migrant_fp.domain.commendation import (
    Commendation,
    CommendationSettings,
    Nomination,
    commendation_findings,
    select,
)
from migrant_fp.domain.duty import Level
from migrant_fp.domain.exchange import DeadlinePolicy
from migrant_fp.domain.finding import Finding
from migrant_fp.domain.reward import Report
from migrant_fp.ports.registers import NoSuchRecord
from migrant_fp.ports.unit_of_work import UnitOfWork
from migrant_fp.regulations.changzhou_2011_134 import DOCUMENT, JOINT_MEETING
from migrant_fp.regulations.national_law import POPULATION_LAW_2001, POPULATION_LAW_2015
from migrant_fp.schedule.calendar import WorkingCalendar
from migrant_fp.schedule.occurrence import plan

#: Every measure alike: our default, since the document gives no weights.
EQUAL_WEIGHTS: Mapping[Measure, Fraction] = dict.fromkeys(Measure, Fraction(1))
#: The law on which a report could be rewarded; what could be reported ended with the law of 2021-08-20 (our inference).
REWARD_BASES = (POPULATION_LAW_2001, POPULATION_LAW_2015)


def assess_office(
    work: UnitOfWork,
    office: Agency,
    month: str,
    today: date,
    calendar: WorkingCalendar,
    *,
    weights: Mapping[Measure, Fraction] = EQUAL_WEIGHTS,
    policy: DeadlinePolicy = DeadlinePolicy.EXCUSED,
) -> Assessment:
    """Assess an office over a month: the timeliness of its hand-overs and of its meetings; training.

    Args:
        work: The unit of work.
        office: The office.
        month: The month, such as 2011-10.
        today: The day.
        calendar: The working calendar.
        weights: The adopter's weights.
        policy: What to make of a month without a working day up to the deadline.

    Raises:
        NotYetIssued: Before the document.
        Invalid: If a weight is negative, or none is positive.
        NotAnnounced: If a count of working days leaves the calendar.
    """
    DOCUMENT.require(today)
    facts: list[Fact] = []
    for exchange in work.rounds.of(month):
        facts += hand_over_facts(exchange, today, calendar, policy)
    if office.level is Level.DISTRICT and office.role is not Role.COORDINATION:
        facts += _joint_meetings(work, office, month, today, calendar)
    if office.level is Level.TOWN:
        for gathering in work.coordinators_meetings.of(month):
            if gathering.town == office.division:
                facts += gathering_facts(gathering, (office.id,), today)
    return _kept(work, assess(Subject.OFFICE, office.id, month, facts, weights))


def assess_staff(
    work: UnitOfWork,
    kind: Subject,
    staff: str,
    month: str,
    today: date,
    *,
    weights: Mapping[Measure, Fraction] = EQUAL_WEIGHTS,
) -> Assessment:
    """Assess a collector, community worker, enterprise or association over a month: forms and tasks (三(二)2).

    Args:
        work: The unit of work.
        kind: Of what kind.
        staff: The record id.
        month: The month, such as 2011-10.
        today: The day.
        weights: The adopter's weights.

    Raises:
        NotYetIssued: Before the document.
        Invalid: If a weight is negative, or none is positive.
    """
    DOCUMENT.require(today)
    facts = [*task_facts(work.tasks.of(month))]
    for collection in work.collections.by_collector(staff):
        if f"{collection.on:%Y-%m}" == month:
            facts += form_facts(collection)
    return _kept(work, assess(kind, staff, month, facts, weights))


def nominate(work: UnitOfWork, collector: str, kind: Subject, year: int, on: date) -> Nomination:
    """Return a nomination for the commendation of a year, from the monthly assessments on record.

    Args:
        work: The unit of work.
        collector: The record id.
        kind: Collector or community staff.
        year: The year.
        on: The day of nomination.
    """
    scores = [
        one.score
        for month in range(1, 13)
        for one in work.assessments.of(f"{year}-{month:02}")
        if (one.kind, one.subject) == (kind, collector) and one.score is not None
    ]
    mean = sum(scores, Fraction(0)) / len(scores) if scores else Fraction(0)
    return Nomination(collector, on, mean, len(scores))


def choose(
    work: UnitOfWork,
    year: int,
    nominations: Iterable[Nomination],
    today: date,
    settings: CommendationSettings | None = None,
) -> Commendation:
    """Put the selection of a year on record (五.1); the three city bodies consent to it one by one.

    Raises:
        NotYetIssued: Before the document.
        Invalid: If a collector is nominated twice.
    """
    DOCUMENT.require(today)
    chosen = Commendation(year, select(nominations, settings))
    work.commendations.put(chosen)
    return chosen


def commendation_owed(work: UnitOfWork, year: int, today: date) -> tuple[Finding, ...]:
    """Return what is owed for the commendation of a year once it is over.

    Raises:
        NotYetIssued: Before the document.
    """
    DOCUMENT.require(today)
    try:
        found: Commendation | None = work.commendations.get(f"annual-commendation/{year}")
    except NoSuchRecord:
        found = None
    return commendation_findings(year, found, today, DOCUMENT.clause("五.1"))


def verify_report(work: UnitOfWork, reference: str, by: Agency, today: date, *, confirmed: bool) -> Report:
    """Record that the family planning department looked into a report (五.2).

    Raises:
        NotYetIssued: Before the document.
        NoSuchRecord: If the report is not on record.
        NoLegalBasis: From 2021-08-20 on (our inference).
        Invalid: If another department did.
        WrongState: If that has been done.
    """
    DOCUMENT.require(today)
    after = work.reports.get(reference).verified(by, today, REWARD_BASES, confirmed=confirmed)
    work.reports.put(after)
    return after


def grant_reward(work: UnitOfWork, reference: str, today: date) -> Report:
    """Record that the reward for a verified report was granted (五.2).

    Raises:
        NotYetIssued: Before the document.
        NoSuchRecord: If the report is not on record.
        NoLegalBasis: From 2021-08-20 on (our inference).
        WrongState: If it was not verified, or was rewarded.
    """
    DOCUMENT.require(today)
    after = work.reports.get(reference).granted(today, REWARD_BASES)
    work.reports.put(after)
    return after


def _joint_meetings(
    work: UnitOfWork, office: Agency, month: str, today: date, calendar: WorkingCalendar
) -> Iterable[Fact]:
    days = {f"{one.id}/{office.division}": one.last for one in plan(JOINT_MEETING, int(month[:4]), calendar)}
    for meeting in work.joint_meetings.of(office.division):
        if meeting.id in days and f"{days[meeting.id]:%Y-%m}" == month:
            yield from meeting_facts(meeting, (office.id,), days[meeting.id], today)


def _kept(work: UnitOfWork, assessment: Assessment) -> Assessment:
    work.assessments.put(assessment)
    return assessment
