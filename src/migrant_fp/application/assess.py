"""Articles 三(二)2, 五.1 and 五.3: assessments from the registers, by the system under which a 辖市（区） stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction

from migrant_fp.application.adopt import system_of
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
from migrant_fp.domain.assessment_system import AssessmentSystem
from migrant_fp.domain.commendation import LIMIT
from migrant_fp.domain.coordinators_meeting import CoordinatorsMeeting, require_month
from migrant_fp.domain.division import Divisions
from migrant_fp.domain.duty import Level, Standing
from migrant_fp.domain.errors import Invalid, Problem
from migrant_fp.domain.exchange import Round
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
from migrant_fp.regulations.changzhou_divisions import CITY, DIVISIONS
from migrant_fp.schedule.calendar import WorkingCalendar
from migrant_fp.schedule.occurrence import plan

#: Every measure alike: our default, since the document gives no weights.
EQUAL_WEIGHTS: Mapping[Measure, Fraction] = dict.fromkeys(Measure, Fraction(1))
#: The system of the city (五.1) with that default.
CITY_SYSTEM = AssessmentSystem(CITY, tuple(EQUAL_WEIGHTS.items()), LIMIT)
_DISTRICT = 6
_EXCHANGE = {Level.DISTRICT: EXCHANGE_DISTRICT, Level.TOWN: EXCHANGE_TOWN}
_COLLECTS = (Subject.COLLECTOR, Subject.COMMUNITY_STAFF)


def assess_office(
    work: UnitOfWork,
    office: Agency,
    month: str,
    today: date,
    calendar: WorkingCalendar,
    *,
    weights: Mapping[Measure, Fraction] | None = None,
    city: AssessmentSystem = CITY_SYSTEM,
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
        weights: The adopter's weights; by default those of the system under which the 辖市（区） of the office stands (五.3).
        city: The system of the city.
        policy: What to make of a month without a working day up to the deadline.
        divisions: The divisions.

    Raises:
        NotYetIssued: Before the document.
        Invalid: If the month is none or has not begun, a weight is negative, or none is positive.
        NoSuchDivision: If its 辖市（区） is none, and it convenes joint meetings or no weights are given.
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
    held = _weights(work, office.division, today, city, divisions) if weights is None else weights
    return _kept(work, assess(Subject.OFFICE, office.id, month, facts, held))


def assess_staff(
    work: UnitOfWork,
    kind: Subject,
    staff: str,
    month: str,
    today: date,
    *,
    weights: Mapping[Measure, Fraction] | None = None,
    division: str = "",
    city: AssessmentSystem = CITY_SYSTEM,
    divisions: Divisions = DIVISIONS,
) -> Assessment:
    """Assess a collector, community worker, enterprise or association over a month: forms and tasks (三(二)2).

    Args:
        work: The unit of work.
        kind: Of what kind.
        staff: The record id.
        month: The month, such as 2011-10.
        today: The day.
        weights: The adopter's weights; by default those of the system under which the 辖市（区） of the subject stands (五.3).
        division: The code of that 辖市（区） or of a town in it; by default that of the register of staff, and the city's system holds
            where none is known.
        city: The system of the city.
        divisions: The divisions.

    Raises:
        NotYetIssued: Before the document.
        Invalid: If the month is none or has not begun, a weight is negative, or none is positive.
        NoSuchDivision: If there is no such 辖市（区）, and no weights are given.
    """
    DOCUMENT.require(today)
    _require_begun("assessment", month, today)
    facts = [*task_facts(work.tasks.of(month))]
    for collection in work.collections.by_collector(staff):
        if f"{collection.on:%Y-%m}" == month:
            facts += form_facts(collection)
    place = division or (_town(work, staff) if kind in _COLLECTS else "")
    held = _weights(work, place, today, city, divisions) if weights is None else weights
    return _kept(work, assess(kind, staff, month, facts, held))


def _weights(
    work: UnitOfWork, place: str, today: date, city: AssessmentSystem, divisions: Divisions
) -> Mapping[Measure, Fraction]:
    """Return the weights of the system of a place (五.3); those of one that ended are of its last day, not of what took its place."""
    if not place:
        return dict(city.weights)
    district = place[:_DISTRICT]
    days = [min(row.until or today, today) for row in divisions.rows if row.code == district]
    system, _ = system_of(work, district, city, max(days, default=today), divisions=divisions)
    return dict(system.weights)


def _town(work: UnitOfWork, staff: str) -> str:
    try:
        return work.staff.get(staff).town
    except NoSuchRecord:
        return ""


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


def _kept(work: UnitOfWork, assessment: Assessment) -> Assessment:
    work.assessments.put(assessment)
    return assessment
