"""Articles 三(二)2 and 五.1: assessments from the registers, and the yearly commendation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction

from migrant_fp.application.coordinate import planned_coordinators_meeting
from migrant_fp.application.meet import planned_joint_meetings
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
    COMMENDATION_LIFE,
    Commendation,
    CommendationSettings,
    CommendationState,
    Nomination,
    commendation_findings,
    select,
)
from migrant_fp.domain.coordinators_meeting import CoordinatorsMeeting, require_month
from migrant_fp.domain.division import Divisions
from migrant_fp.domain.duty import Level, Standing
from migrant_fp.domain.errors import Invalid, Problem, WrongState
from migrant_fp.domain.exchange import Round
from migrant_fp.domain.finding import Finding
from migrant_fp.domain.hand_over import DeadlinePolicy
from migrant_fp.domain.meeting import JointMeeting
from migrant_fp.ports.registers import NoSuchRecord
from migrant_fp.ports.unit_of_work import UnitOfWork
from migrant_fp.regulations.changzhou_2011_134 import (
    COORDINATORS_MEETING,
    DOCUMENT,
    EXCHANGE_DISTRICT,
    EXCHANGE_TOWN,
    JOINT_MEETING,
)
from migrant_fp.regulations.changzhou_divisions import DIVISIONS
from migrant_fp.schedule.calendar import WorkingCalendar
from migrant_fp.schedule.occurrence import plan

#: Every measure alike: our default, since the document gives no weights.
EQUAL_WEIGHTS: Mapping[Measure, Fraction] = dict.fromkeys(Measure, Fraction(1))
_EXCHANGE = {Level.DISTRICT: EXCHANGE_DISTRICT, Level.TOWN: EXCHANGE_TOWN}
_NAME = "annual-commendation/{}"
_COLLECTS = (Subject.COLLECTOR, Subject.COMMUNITY_STAFF)


def assess_office(
    work: UnitOfWork,
    office: Agency,
    month: str,
    today: date,
    calendar: WorkingCalendar,
    *,
    weights: Mapping[Measure, Fraction] = EQUAL_WEIGHTS,
    policy: DeadlinePolicy = DeadlinePolicy.EXCUSED,
    divisions: Divisions = DIVISIONS,
) -> Assessment:
    """Assess an office over a month: the timeliness of its hand-overs and of its meetings; training.

    A round or meeting that nobody put on record was owed all the same, while the law stood, and counts as missed.

    Args:
        work: The unit of work.
        office: The office.
        month: The month, such as 2011-10.
        today: The day.
        calendar: The working calendar.
        weights: The adopter's weights.
        policy: What to make of a month without a working day up to the deadline.
        divisions: The divisions.

    Raises:
        NotYetIssued: Before the document.
        Invalid: If the month is none or has not begun, a weight is negative, or none is positive.
        NoSuchDivision: If the office convenes joint meetings, and its 辖市（区） is none.
        NotAnnounced: If no notice arranges the month, or a count of working days leaves the calendar.
    """
    DOCUMENT.require(today)
    _require_begun("assessment", month, today)
    facts: list[Fact] = []
    for exchange in _rounds(work, office, month, calendar):
        facts += hand_over_facts(exchange, today, calendar, policy)
    if office.level is Level.DISTRICT and office.role is not Role.COORDINATION:
        planned = planned_joint_meetings(office.division, int(month[:4]), calendar, divisions=divisions)
        facts += _joint_meetings(work, office, month, today, planned)
    if office.level is Level.TOWN:
        for gathering in _gatherings(work, office, month, calendar):
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
        Invalid: If the month is none or has not begun, a weight is negative, or none is positive.
    """
    DOCUMENT.require(today)
    _require_begun("assessment", month, today)
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
        kind: Collector or community staff: the two who collect together (四(二)).
        year: The year.
        on: The day of nomination.

    Raises:
        NotYetIssued: Before the document.
        Invalid: If the kind is another, or the year one before the document or still to come.
    """
    DOCUMENT.require(on)
    _require_year(year, on)
    if kind not in _COLLECTS:
        fact = f"came {kind.value}, expected collector or community_staff (五.1: 信息采集员)"
        raise Invalid("nomination", (Problem("kind", fact),))
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

    Until all three have consented it can be made anew; their consents are then asked anew too.

    Args:
        work: The unit of work.
        year: The year, from that of the document to this one.
        nominations: The nominations.
        today: The day.
        settings: The adopter's settings.

    Raises:
        NotYetIssued: Before the document.
        Invalid: If a collector is nominated twice, or the year is one before the document or still to come.
        WrongState: If the three bodies have decided, or the commendation is announced.
    """
    DOCUMENT.require(today)
    _require_year(year, today)
    before = _commendation(work, year)
    if before and before.state is not CommendationState.SELECTED:
        allowed = tuple(event.zh for event in COMMENDATION_LIFE.allowed(before.state))
        raise WrongState(before.id, before.state.zh, "评选", allowed)
    return _commended(work, Commendation(year, select(nominations, settings), selected=today))


def consent(work: UnitOfWork, year: int, body: Role, today: date) -> Commendation:
    """Record the consent of one of the three city bodies to the selection of a year (五.1: 联合表彰).

    Raises:
        NotYetIssued: Before the document.
        NoSuchRecord: If nothing was selected.
        WrongState: If it is decided.
    """
    DOCUMENT.require(today)
    return _commended(work, work.commendations.get(_NAME.format(year)).consent(body))


def announce(work: UnitOfWork, year: int, today: date) -> Commendation:
    """Record that those chosen were commended (五.1).

    Raises:
        NotYetIssued: Before the document.
        NoSuchRecord: If nothing was selected.
        WrongState: If one of the three has not consented, or it is announced.
        Invalid: If the day lies before the selection.
    """
    DOCUMENT.require(today)
    return _commended(work, work.commendations.get(_NAME.format(year)).announce(today))


def commendation_owed(work: UnitOfWork, year: int, today: date) -> tuple[Finding, ...]:
    """Return what is owed for the commendation of a year; for a year before the document, nothing.

    Raises:
        NotYetIssued: Before the document.
    """
    DOCUMENT.require(today)
    if year < DOCUMENT.issued.year:
        return ()
    return commendation_findings(year, _commendation(work, year), today, DOCUMENT.clause("五.1"))


def _rounds(work: UnitOfWork, office: Agency, month: str, calendar: WorkingCalendar) -> Iterable[Round]:
    kept = [one for one in work.rounds.of(month) if office.id in {party.id for party in one.parties}]
    duty = _EXCHANGE.get(office.level)
    if kept or duty is None:
        return kept
    planned = next(one for one in plan(duty, int(month[:4]), calendar) if one.id.endswith(month))
    parties = (
        office if role is office.role else Agency(role, office.level, office.division) for role in Role
    )
    owed = duty.standing(planned.last) is Standing.IN_FORCE and office.stands(planned.last)
    return [Round.opened(planned, parties)] if owed else []


def _joint_meetings(
    work: UnitOfWork, office: Agency, month: str, today: date, planned: Iterable[JointMeeting]
) -> Iterable[Fact]:
    kept = {meeting.id: meeting for meeting in work.joint_meetings.of(office.division)}
    for regular in planned:
        day = regular.day
        if day is None or f"{day:%Y-%m}" != month:
            continue
        if regular.id in kept or JOINT_MEETING.standing(day) is Standing.IN_FORCE:
            meeting = kept.get(regular.id, regular)
            others = [other for other in kept.values() if other.id != regular.id]
            yield from meeting_facts(meeting, (office.id,), day, today, others=others)


def _gatherings(
    work: UnitOfWork, office: Agency, month: str, calendar: WorkingCalendar
) -> Iterable[CoordinatorsMeeting]:
    kept = [one for one in work.coordinators_meetings.of(month) if one.town == office.division]
    planned = planned_coordinators_meeting(office.division, month, calendar)
    owed = COORDINATORS_MEETING.standing(planned.last) is Standing.IN_FORCE
    return kept or [planned] * owed


def _require_begun(what: str, month: str, today: date) -> None:
    require_month(what, month)
    if month > f"{today:%Y-%m}":
        raise Invalid(what, (Problem("month", f"{month} has not begun on {today}: assess it once it has"),))


def _require_year(year: int, today: date) -> None:
    first = DOCUMENT.issued.year
    if not first <= year <= today.year:
        fact = f"came {year}, expected a year from {first}, that of the document, to {today.year}"
        raise Invalid("commendation", (Problem("year", fact),))


def _commendation(work: UnitOfWork, year: int) -> Commendation | None:
    try:
        return work.commendations.get(_NAME.format(year))
    except NoSuchRecord:
        return None


def _commended(work: UnitOfWork, commendation: Commendation) -> Commendation:
    work.commendations.put(commendation)
    return commendation


def _kept(work: UnitOfWork, assessment: Assessment) -> Assessment:
    work.assessments.put(assessment)
    return assessment
