"""Article 一: joint meetings are planned or proposed, held, minuted and followed up. Each takes a unit of work; its owner commits."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date

from migrant_fp.application.coordinate import planned_coordinators_meeting
from migrant_fp.domain.agency import Role
from migrant_fp.domain.clause import LegalBasis
from migrant_fp.domain.coordinators_meeting import (
    CoordinatorsMeeting,
    coordinators_meeting_findings,
    open_tasks,
    require_month,
)
from migrant_fp.domain.division import Division, Divisions, NoSuchDivision
from migrant_fp.domain.duty import Standing
from migrant_fp.domain.errors import Invalid, Problem
from migrant_fp.domain.finding import Finding
from migrant_fp.domain.meeting import AgendaItem, JointMeeting, Minutes, Post
from migrant_fp.domain.meeting_findings import meeting_findings
from migrant_fp.ports.registers import NoSuchRecord
from migrant_fp.ports.unit_of_work import UnitOfWork
from migrant_fp.regulations.changzhou_2011_134 import COORDINATORS_MEETING, DOCUMENT, JOINT_MEETING
from migrant_fp.regulations.changzhou_divisions import DIVISIONS
from migrant_fp.regulations.national_law import FLOATING_POPULATION_2009
from migrant_fp.schedule.calendar import WorkingCalendar
from migrant_fp.schedule.occurrence import plan


def planned_joint_meetings(
    division: str, year: int, calendar: WorkingCalendar, *, divisions: Divisions = DIVISIONS
) -> tuple[JointMeeting, ...]:
    """Return the regular joint meetings of a 辖市（区） in a year (一(二)), whether they are on record or not.

    Only days from the document's on count, and days on which the division stands.

    Args:
        division: The code of the 辖市（区）.
        year: The year.
        calendar: The working calendar.
        divisions: The divisions.

    Raises:
        NoSuchDivision: If no division has the code, or it stands on none of the days.
        Invalid: If the code is that of no 辖市（区）.
        NotAnnounced: If no notice arranges the year.
    """
    rows = _districts(division, divisions)
    days = [one for one in plan(JOINT_MEETING, year, calendar) if one.last >= DOCUMENT.issued]
    if not rows or (days and not any(row.stands(one.last) for row in rows for one in days)):
        raise NoSuchDivision(
            division, days[0].last if days else date(year, 1, 1), tuple(r.name for r in rows)
        )
    return tuple(
        JointMeeting.regular(one, division) for one in days if any(row.stands(one.last) for row in rows)
    )


def open_joint_meetings(
    work: UnitOfWork,
    division: str,
    year: int,
    calendar: WorkingCalendar,
    today: date,
    *,
    divisions: Divisions = DIVISIONS,
) -> tuple[JointMeeting, ...]:
    """Put the regular joint meetings of a year on record (一(二)), those from the document's day on; those there stay.

    Args:
        work: The unit of work.
        division: The code of the 辖市（区）.
        year: The year.
        calendar: The working calendar.
        today: The day.
        divisions: The divisions.

    Raises:
        NotYetIssued: Before the document.
        NoSuchDivision: If no division has the code, or it stands on none of the days.
        Invalid: If the code is that of no 辖市（区）.
        NotAnnounced: If no notice arranges the year.
    """
    DOCUMENT.require(today)
    regular = planned_joint_meetings(division, year, calendar, divisions=divisions)
    for meeting in regular:
        try:
            work.joint_meetings.get(meeting.id)
        except NoSuchRecord:
            work.joint_meetings.put(meeting)
    return tuple(work.joint_meetings.get(meeting.id) for meeting in regular)


def propose(
    work: UnitOfWork, division: str, proposed_by: Role, today: date, *, divisions: Divisions = DIVISIONS
) -> JointMeeting:
    """Record that one of the two bureaus proposes an extra meeting (一(二)); its id is joint-meeting/2011-x1/320411 and so on.

    Args:
        work: The unit of work.
        division: The code of the 辖市（区）.
        proposed_by: The bureau.
        today: The day.
        divisions: The divisions.

    Raises:
        NotYetIssued: Before the document.
        NoSuchDivision: If no such division stands today.
        Invalid: If the proposer is neither of the two bureaus.
    """
    DOCUMENT.require(today)
    _districts(division, divisions)
    divisions.get(division, today)
    before = [one for one in work.joint_meetings.of(division) if f"/{today.year}-x" in one.id]
    name = f"{JOINT_MEETING.id}/{today.year}-x{len(before) + 1}/{division}"
    return _kept(work, JointMeeting.proposed(name, division, proposed_by, today))


def agree(work: UnitOfWork, meeting: str, convener: Post, today: date) -> JointMeeting:
    """Record a convener's consent to an extra meeting; with both it is agreed (一(二): 经双方召集人商定).

    Raises:
        NotYetIssued: Before the document.
        NoSuchRecord: If there is no such meeting.
        WrongState: If it is not proposed.
        Invalid: If the post convenes nothing, or the day lies before the proposal.
    """
    return _changed(work, meeting, today, lambda one: one.agree(convener, today))


def schedule(work: UnitOfWork, meeting: str, day: date, today: date) -> JointMeeting:
    """Set a meeting that was agreed or postponed for a day.

    Raises:
        NotYetIssued: Before the document.
        NoSuchRecord: If there is no such meeting.
        WrongState: If it is neither agreed nor postponed.
        Invalid: If the day lies before today, or today before the last event.
    """
    return _changed(work, meeting, today, lambda one: one.schedule(day, today))


def postpone(work: UnitOfWork, meeting: str, reason: str, today: date) -> JointMeeting:
    """Postpone a meeting, with the reason; its new day is owed.

    Raises:
        NotYetIssued: Before the document.
        NoSuchRecord: If there is no such meeting.
        WrongState: If it is not scheduled.
        Invalid: If there is no reason.
    """
    return _changed(work, meeting, today, lambda one: one.postpone(today, reason))


def cancel(work: UnitOfWork, meeting: str, reason: str, today: date) -> JointMeeting:
    """Cancel a meeting, with the reason; of a regular one the quarter still owes another.

    Raises:
        NotYetIssued: Before the document.
        NoSuchRecord: If there is no such meeting.
        WrongState: If it has been held.
        Invalid: If there is no reason.
    """
    return _changed(work, meeting, today, lambda one: one.cancel(today, reason))


def hold(
    work: UnitOfWork,
    meeting: str,
    today: date,
    *,
    present: Iterable[Post],
    covered: Iterable[AgendaItem] = (),
    minutes: Minutes | None = None,
) -> JointMeeting:
    """Record that a joint meeting was held today, with its minutes if they are written (一(四)).

    Args:
        work: The unit of work.
        meeting: The id of the meeting.
        today: The day.
        present: Who took part (一(一)).
        covered: The agenda items that were dealt with (一(三)).
        minutes: The minutes.

    Raises:
        NotYetIssued: Before the document.
        NoSuchRecord: If there is no such meeting.
        WrongState: If it is not scheduled.
        Invalid: If it is set for another day, a convener was missing, or a decision settles what is not on record.
    """
    there, done = tuple(present), tuple(covered)
    _require_on_record(work, meeting, minutes)
    return _changed(
        work,
        meeting,
        today,
        lambda one: (
            one.hold(today, there, done)
            if minutes is None
            else one.hold(today, there, done).minute(minutes, today)
        ),
    )


def minute(work: UnitOfWork, meeting: str, minutes: Minutes, today: date) -> JointMeeting:
    """Record the minutes of a meeting (一(四)); a decision that settles a matter of 一(三)4 names a record that exists.

    Raises:
        NotYetIssued: Before the document.
        NoSuchRecord: If there is no such meeting.
        WrongState: If it has not been held, or has minutes.
        Invalid: If a decision settles what is no assessment, commendation or report on record.
    """
    _require_on_record(work, meeting, minutes)
    return _changed(work, meeting, today, lambda one: one.minute(minutes, today))


def dispatch(work: UnitOfWork, meeting: str, today: date) -> JointMeeting:
    """Record that the minutes were sent to every office they name (一(四): 下发基层执行).

    Raises:
        NotYetIssued: Before the document.
        NoSuchRecord: If there is no such meeting.
        WrongState: If there are no minutes, or they have been sent.
    """
    return _changed(work, meeting, today, lambda one: one.dispatch(today))


def acknowledge(work: UnitOfWork, meeting: str, office: str, today: date) -> JointMeeting:
    """Record that an office acknowledged the minutes.

    Raises:
        NotYetIssued: Before the document.
        NoSuchRecord: If there is no such meeting.
        WrongState: If nothing has been dispatched.
        Invalid: If the minutes did not go to the office.
    """
    return _changed(work, meeting, today, lambda one: one.acknowledge(office, today))


def meetings_owed(
    work: UnitOfWork,
    division: str,
    month: str,
    today: date,
    calendar: WorkingCalendar,
    *,
    towns: Iterable[str] = (),
    divisions: Divisions = DIVISIONS,
    basis: LegalBasis = FLOATING_POPULATION_2009,
) -> tuple[Finding, ...]:
    """Return what is owed for the joint meetings of a division, and for the coordinators' meetings and tasks of a month.

    A meeting that nobody put on record is owed all the same: the regular ones of the month's year while the law stood, and that
    of each town given.

    Args:
        work: The unit of work.
        division: The code of the 辖市（区）.
        month: The month, such as 2011-10; its tasks are reviewed in the next.
        today: The day.
        calendar: The working calendar.
        towns: The codes of the towns and streets that owe a coordinators' meeting; without them, those on record alone are told.
        divisions: The divisions.
        basis: The law on which a coordinators' meeting deals with information and certificates (三(二)1); without one in force
            that content is not owed.

    Raises:
        NotYetIssued: Before the document.
        Invalid: If the month is none, or the code that of no 辖市（区）.
        NoSuchDivision: If no division has the code, or it stands on none of the days.
        NotAnnounced: If no notice arranges the year, or a count of working days leaves the calendar.
    """
    DOCUMENT.require(today)
    require_month("meetings", month)
    joint = _joint_meetings(work, division, int(month[:4]), calendar, divisions)
    found: list[Finding] = []
    for meeting in joint:
        others = [other for other in joint if other.id != meeting.id]
        found += meeting_findings(meeting, today, calendar, DOCUMENT, others=others)
    for gathering in _gatherings(work, division, month, calendar, towns):
        found += coordinators_meeting_findings(gathering, today, DOCUMENT, basis)
    if today.isoformat()[:7] > month:
        found += open_tasks(work.tasks.of(month), month, DOCUMENT)
    return tuple(found)


def _districts(division: str, divisions: Divisions) -> list[Division]:
    rows = [row for row in divisions.rows if row.code == division]
    if rows and not rows[0].is_county:
        raise Invalid(
            "joint meeting", (Problem("division", "expected the code of a 辖市（区）, such as 320411"),)
        )
    return rows


def _joint_meetings(
    work: UnitOfWork, division: str, year: int, calendar: WorkingCalendar, divisions: Divisions
) -> tuple[JointMeeting, ...]:
    planned = planned_joint_meetings(division, year, calendar, divisions=divisions)
    owed = (one for one in planned if one.day and JOINT_MEETING.standing(one.day) is Standing.IN_FORCE)
    by_id = {one.id: one for one in (*owed, *work.joint_meetings.of(division))}
    return tuple(by_id[name] for name in sorted(by_id))


def _gatherings(
    work: UnitOfWork, division: str, month: str, calendar: WorkingCalendar, towns: Iterable[str]
) -> Iterator[CoordinatorsMeeting]:
    held = {one.town: one for one in work.coordinators_meetings.of(month) if one.town.startswith(division)}
    for town in sorted({*held, *towns}):
        one = held.get(town) or planned_coordinators_meeting(town, month, calendar)
        if town in held or COORDINATORS_MEETING.standing(one.last) is Standing.IN_FORCE:
            yield one


def _require_on_record(work: UnitOfWork, meeting: str, minutes: Minutes | None) -> None:
    fact = "settles what is no assessment, commendation or report on record (一(三)4); give its id"
    unknown = tuple(
        Problem(one.id, fact)
        for one in (minutes.decisions if minutes else ())
        if one.settles is not None and not _on_record(work, one.settles)
    )
    if unknown:
        raise Invalid(meeting, unknown)


def _on_record(work: UnitOfWork, matter: str) -> bool:
    for register in (work.assessments, work.commendations, work.reports):
        try:
            register.get(matter)
        except NoSuchRecord:
            continue
        return True
    return False


def _changed(
    work: UnitOfWork, meeting: str, today: date, change: Callable[[JointMeeting], JointMeeting]
) -> JointMeeting:
    DOCUMENT.require(today)
    return _kept(work, change(work.joint_meetings.get(meeting)))


def _kept(work: UnitOfWork, meeting: JointMeeting) -> JointMeeting:
    work.joint_meetings.put(meeting)
    return meeting
