"""Article 三: the coordinators' meeting of a town: opened, its day proposed and agreed, held. Each takes a unit of work."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from migrant_fp.domain.coordinators_meeting import (
    Attendee,
    CoordinatorsMeeting,
    Host,
    Outcome,
    Task,
    Topic,
    require_month,
)
from migrant_fp.domain.division import Divisions
from migrant_fp.domain.errors import Invalid, Problem
from migrant_fp.domain.privacy import masked
from migrant_fp.ports.registers import NoSuchRecord
from migrant_fp.ports.unit_of_work import UnitOfWork
from migrant_fp.regulations.changzhou_2011_134 import COORDINATORS_MEETING, DOCUMENT
from migrant_fp.regulations.changzhou_divisions import DIVISIONS
from migrant_fp.schedule.calendar import WorkingCalendar
from migrant_fp.schedule.occurrence import plan

_TOWN = 9


def planned_coordinators_meeting(town: str, month: str, calendar: WorkingCalendar) -> CoordinatorsMeeting:
    """Return the coordinators' meeting that a town owes for a month (三(一)), its day open, whether it is on record or not.

    Args:
        town: The code of the town or street.
        month: The month, such as 2011-10.
        calendar: The working calendar.

    Raises:
        Invalid: If the month is none.
        NotAnnounced: If no notice arranges the month.
    """
    require_month("coordinators' meeting", month)
    planned = plan(COORDINATORS_MEETING, int(month[:4]), calendar)
    return CoordinatorsMeeting.opened(next(one for one in planned if one.id.endswith(month)), town)


def open_coordinators_meeting(
    work: UnitOfWork,
    town: str,
    month: str,
    calendar: WorkingCalendar,
    today: date,
    *,
    divisions: Divisions = DIVISIONS,
) -> CoordinatorsMeeting:
    """Put the coordinators' meeting of a month on record, its day still open (三(一)); one there stays.

    Args:
        work: The unit of work.
        town: The code of the town or street: nine digits, the first six those of its 辖市（区）.
        month: The month, such as 2011-10.
        calendar: The working calendar.
        today: The day.
        divisions: The divisions; the 辖市（区） must stand on the last day of the window.

    Raises:
        Invalid: If the month is none, or the code none of a town.
        NoSuchDivision: If the town's 辖市（区） does not stand then.
        NotYetIssued: Before the document, or if the first ten days of the month lie before it.
        NotAnnounced: If no notice arranges the month.
    """
    DOCUMENT.require(today)
    opened = planned_coordinators_meeting(town, month, calendar)
    if not (len(town) == _TOWN and town.isascii() and town.isdigit()):
        fact = f"came {masked(town)[:20]}, expected the nine digits of a town or street, such as 320411001"
        raise Invalid("coordinators' meeting", (Problem("town", fact),))
    DOCUMENT.require(opened.last)
    divisions.get(town[:6], opened.last)
    try:
        return work.coordinators_meetings.get(opened.id)
    except NoSuchRecord:
        work.coordinators_meetings.put(opened)
        return opened


def propose_day(work: UnitOfWork, meeting: str, day: date, host: Host, today: date) -> CoordinatorsMeeting:
    """Record that one of the three hosts proposes a day (三(一): 由…商定); the others are asked anew.

    Args:
        work: The unit of work.
        meeting: The id of the meeting.
        day: The day proposed.
        host: Who proposes it.
        today: The day.

    Raises:
        NotYetIssued: Before the document.
        NoSuchRecord: If there is no such meeting.
        WrongState: If it has been held.
        Invalid: If the day lies before today, or outside the first ten days of the month.
    """
    DOCUMENT.require(today)
    if day < today:
        raise Invalid(meeting, (Problem("day", f"{day} lies before {today}, the day of proposing it"),))
    proposed = work.coordinators_meetings.get(meeting).propose(day, host)
    work.coordinators_meetings.put(proposed)
    return proposed


def consent_to_day(work: UnitOfWork, meeting: str, host: Host, today: date) -> CoordinatorsMeeting:
    """Record that a host consents to the day proposed; with all three it is agreed (三(一)).

    Args:
        work: The unit of work.
        meeting: The id of the meeting.
        host: Who consents.
        today: The day.

    Raises:
        NotYetIssued: Before the document.
        NoSuchRecord: If there is no such meeting.
        WrongState: If no proposal is open.
        Invalid: If the day proposed is over.
    """
    DOCUMENT.require(today)
    agreed = work.coordinators_meetings.get(meeting).consent(host)
    if agreed.day and agreed.day < today:
        raise Invalid(meeting, (Problem("day", f"{agreed.day} is over: propose another one"),))
    work.coordinators_meetings.put(agreed)
    return agreed


def hold_coordinators_meeting(
    work: UnitOfWork,
    meeting: str,
    today: date,
    *,
    attendance: Iterable[Attendee],
    covered: Iterable[Topic],
    outcomes: Mapping[str, Outcome] | None = None,
    tasks: Iterable[Task] = (),
) -> CoordinatorsMeeting:
    """Record that a coordinators' meeting was held: last month's tasks with their outcome, this month's set (三(二)).

    Args:
        work: The unit of work.
        meeting: The id of the meeting.
        today: The day.
        attendance: The categories that attended.
        covered: The contents that were dealt with.
        outcomes: How tasks of the month before ended, by their ids; they are dealt with under 三(二)2. One of an earlier month that is
            still not reviewed is taken too: else it would be owed for ever.
        tasks: The tasks of this month; they are set under 三(二)3.

    Raises:
        NotYetIssued: Before the document.
        NoSuchRecord: If there is no such meeting or task.
        WrongState: If no day is agreed.
        Invalid: If another day is agreed, a task set is one of another month, or its id is given twice or on record, or a task reviewed is
            one of no month before or has been reviewed; with every problem.
    """
    DOCUMENT.require(today)
    given, outcome_of = tuple(tasks), dict(outcomes or {})
    done = {*covered, *[Topic.LAST_TASKS] * bool(outcome_of), *[Topic.NEW_TASKS] * bool(given)}
    held = work.coordinators_meetings.get(meeting).hold(today, attendance, done)
    before = {task: work.tasks.get(task) for task in outcome_of}
    problems = (*_not_to_review(before.values(), held.month), *_not_to_set(work, given, held.month))
    if problems:
        raise Invalid(meeting, problems)
    reviewed = [before[task].with_outcome(outcome) for task, outcome in outcome_of.items()]
    for task in (*reviewed, *given):
        work.tasks.put(task)
    work.coordinators_meetings.put(held)
    return held


def _not_to_review(tasks: Iterable[Task], month: str) -> Iterator[Problem]:
    for task in tasks:
        if task.month >= month:
            fact = (
                f"is a task of {task.month}, expected one of a month before {month} (三(二)2: 上月工作任务)"
            )
            yield Problem(masked(task.id), fact)
        if task.outcome is not None:
            yield Problem(masked(task.id), f"has been reviewed （{task.outcome.zh}）: leave it out")


def _not_to_set(work: UnitOfWork, tasks: Iterable[Task], month: str) -> Iterator[Problem]:
    seen: set[str] = set()
    for task in tasks:
        if task.month != month:
            fact = f"is a task of {task.month}, expected one of {month} (三(二)3: 布置当月工作任务)"
            yield Problem(masked(task.id), fact)
        if task.id in seen or _is_set(work, task.id):
            yield Problem(masked(task.id), "is given twice or on record already: give another id")
        seen.add(task.id)


def _is_set(work: UnitOfWork, task: str) -> bool:
    try:
        work.tasks.get(task)
    except NoSuchRecord:
        return False
    return True
