"""Articles 一 and 三: meetings are planned, held, minuted and followed up. Each takes a unit of work; its owner commits."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from migrant_fp.domain.coordinators_meeting import (
    Attendee,
    CoordinatorsMeeting,
    Outcome,
    Task,
    Topic,
    coordinators_meeting_findings,
    open_tasks,
)
from migrant_fp.domain.errors import Invalid, Problem
from migrant_fp.domain.finding import Finding
from migrant_fp.domain.meeting import JointMeeting, Minutes, Post, meeting_findings
from migrant_fp.ports.registers import NoSuchRecord
from migrant_fp.ports.unit_of_work import UnitOfWork
from migrant_fp.regulations.changzhou_2011_134 import COORDINATORS_MEETING, DOCUMENT, JOINT_MEETING
from migrant_fp.schedule.calendar import WorkingCalendar
from migrant_fp.schedule.occurrence import plan

_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


def open_joint_meetings(
    work: UnitOfWork, division: str, year: int, calendar: WorkingCalendar
) -> tuple[JointMeeting, ...]:
    """Put the regular joint meetings of a year on record (一(二)), those from the document's day on; those there stay.

    Args:
        work: The unit of work.
        division: The code of the 辖市（区）.
        year: The year.
        calendar: The working calendar.

    Raises:
        NotAnnounced: If no notice arranges the year.
    """
    regular = [
        JointMeeting.regular(one, division)
        for one in plan(JOINT_MEETING, year, calendar)
        if one.last >= DOCUMENT.issued
    ]
    for meeting in regular:
        try:
            work.joint_meetings.get(meeting.id)
        except NoSuchRecord:
            work.joint_meetings.put(meeting)
    return tuple(work.joint_meetings.get(meeting.id) for meeting in regular)


def hold(
    work: UnitOfWork, meeting: str, today: date, *, present: Iterable[Post], minutes: Minutes | None = None
) -> JointMeeting:
    """Record that a joint meeting was held today, with its minutes if they are written (一(四)).

    Args:
        work: The unit of work.
        meeting: The id of the meeting.
        today: The day.
        present: Who took part.
        minutes: The minutes.

    Raises:
        NotYetIssued: Before the document.
        NoSuchRecord: If there is no such meeting.
        WrongState: If it is not scheduled.
        Invalid: If it is set for another day, or a convener was missing.
    """
    DOCUMENT.require(today)
    held = work.joint_meetings.get(meeting).hold(today, tuple(present))
    held = held if minutes is None else held.minute(minutes, today)
    work.joint_meetings.put(held)
    return held


def dispatch(work: UnitOfWork, meeting: str, today: date) -> JointMeeting:
    """Record that the minutes were sent to every office they name (一(四): 下发基层执行).

    Raises:
        NoSuchRecord: If there is no such meeting.
        WrongState: If there are no minutes, or they have been sent.
    """
    sent = work.joint_meetings.get(meeting).dispatch(today)
    work.joint_meetings.put(sent)
    return sent


def acknowledge(work: UnitOfWork, meeting: str, office: str, today: date) -> JointMeeting:
    """Record that an office acknowledged the minutes.

    Raises:
        NoSuchRecord: If there is no such meeting.
        WrongState: If nothing has been dispatched.
        Invalid: If the minutes did not go to the office.
    """
    done = work.joint_meetings.get(meeting).acknowledge(office, today)
    work.joint_meetings.put(done)
    return done


def open_coordinators_meeting(
    work: UnitOfWork, town: str, month: str, calendar: WorkingCalendar
) -> CoordinatorsMeeting:
    """Put the coordinators' meeting of a month on record, its day still open (三(一)); one there stays.

    Args:
        work: The unit of work.
        town: The code of the town or street.
        month: The month, such as 2011-10.
        calendar: The working calendar.

    Raises:
        Invalid: If the month is none.
        NotYetIssued: If its first ten days lie before the document.
        NotAnnounced: If no notice arranges the month.
    """
    if not _MONTH.fullmatch(month):
        fact = f"came {month[:20]}, expected a month such as 2011-10"
        raise Invalid("coordinators' meeting", (Problem("month", fact),))
    planned = plan(COORDINATORS_MEETING, int(month[:4]), calendar)
    window = next(one for one in planned if one.id.endswith(month))
    DOCUMENT.require(window.last)
    opened = CoordinatorsMeeting.opened(window, town)
    try:
        return work.coordinators_meetings.get(opened.id)
    except NoSuchRecord:
        work.coordinators_meetings.put(opened)
        return opened


def hold_coordinators_meeting(
    work: UnitOfWork,
    meeting: str,
    today: date,
    *,
    attendance: Iterable[Attendee],
    covered: Iterable[Topic],
    outcomes: dict[str, Outcome] | None = None,
    tasks: Iterable[Task] = (),
) -> CoordinatorsMeeting:
    """Record that a coordinators' meeting was held: last month's tasks with their outcome, this month's set (三(二)).

    Args:
        work: The unit of work.
        meeting: The id of the meeting.
        today: The day.
        attendance: The categories that attended.
        covered: The contents that were dealt with.
        outcomes: How tasks of last month ended, by their ids.
        tasks: The tasks of this month.

    Raises:
        NotYetIssued: Before the document.
        NoSuchRecord: If there is no such meeting or task.
        WrongState: If no day is agreed.
        Invalid: If another day is agreed.
    """
    DOCUMENT.require(today)
    held = work.coordinators_meetings.get(meeting).hold(today, attendance, covered)
    reviewed = [work.tasks.get(task).with_outcome(outcome) for task, outcome in (outcomes or {}).items()]
    for task in (*reviewed, *tasks):
        work.tasks.put(task)
    work.coordinators_meetings.put(held)
    return held


def meetings_owed(
    work: UnitOfWork, division: str, month: str, today: date, calendar: WorkingCalendar
) -> tuple[Finding, ...]:
    """Return what is owed for the joint meetings of a division, and for the coordinators' meetings and tasks of a month.

    Args:
        work: The unit of work.
        division: The code of the 辖市（区）.
        month: The month, such as 2011-10; its tasks are reviewed in the next.
        today: The day.
        calendar: The working calendar.

    Raises:
        NotYetIssued: Before the document.
        NotAnnounced: If a count of working days leaves the calendar.
    """
    DOCUMENT.require(today)
    found: list[Finding] = []
    for meeting in work.joint_meetings.of(division):
        found += meeting_findings(meeting, today, calendar, DOCUMENT)
    for gathering in work.coordinators_meetings.of(month):
        found += coordinators_meeting_findings(gathering, today, DOCUMENT)
    if today.isoformat()[:7] > month:
        found += open_tasks(work.tasks.of(month), month, DOCUMENT)
    return tuple(found)
