"""What is owed for the joint meetings of a 辖市（区）: the meeting, those absent, its agenda, its minutes, and each quarter its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from migrant_fp.domain.clause import Regulation
from migrant_fp.domain.finding import Finding
from migrant_fp.domain.meeting import (
    CONVENERS,
    AgendaItem,
    JointMeeting,
    MeetingEvent,
    MeetingState,
    Post,
)
from migrant_fp.schedule.calendar import WorkingCalendar
from migrant_fp.schedule.counting import add_working_days
from migrant_fp.schedule.period import QUARTER

#: How many working days an office has to acknowledge what was dispatched: our default; the document gives none.
DEFAULT_ACKNOWLEDGE_WITHIN = 5
_OWED_BY = "、".join(post.zh for post in CONVENERS)


def meeting_findings(
    meeting: JointMeeting,
    today: date,
    calendar: WorkingCalendar,
    regulation: Regulation,
    within: int = DEFAULT_ACKNOWLEDGE_WITHIN,
    *,
    others: Iterable[JointMeeting] = (),
) -> tuple[Finding, ...]:
    """Return what is owed for a meeting on a day.

    Args:
        meeting: The meeting.
        today: The day.
        calendar: The working calendar.
        regulation: The document, for its clauses 一(一) to 一(四).
        within: How many working days an office has to acknowledge; the default is ours.
        others: The other meetings of the 辖市（区）: one held in the quarter of a cancelled meeting stands for it, and one held
            later deals with what was left out.
    """
    known = tuple(others)
    return (
        *_next_step(meeting, today, regulation),
        *absent_findings(meeting, regulation),
        *agenda_findings(meeting, regulation, others=known),
        *_not_acknowledged(meeting, today, calendar, regulation, within),
        *quarter_findings(meeting, today, regulation, others=known),
    )


def absent_findings(meeting: JointMeeting, regulation: Regulation) -> tuple[Finding, ...]:
    """Return a finding for each post or office that did not take part in a meeting that was held (一(一): …参加联席会议)."""
    if meeting.when(MeetingEvent.HOLD) is None:
        return ()
    clause = regulation.clause("一(一)")
    return tuple(
        Finding(
            "post-absent", clause, _OWED_BY, f"通报未到会的{post.zh}", "inform who was absent", meeting.id
        )
        for post in Post
        if post not in meeting.present
    )


def agenda_findings(
    meeting: JointMeeting, regulation: Regulation, *, others: Iterable[JointMeeting] = ()
) -> tuple[Finding, ...]:
    """Return a finding for each agenda item (一(三)1 to 5) that a meeting left out and no later one dealt with.

    Args:
        meeting: The meeting; before it is held nothing is owed.
        regulation: The document.
        others: The other meetings of the 辖市（区）.
    """
    held = meeting.when(MeetingEvent.HOLD)
    if held is None:
        return ()
    done = {*meeting.dealt_with}
    for other in others:
        day = other.when(MeetingEvent.HOLD)
        done |= {*other.dealt_with} if day and day > held else set()
    return tuple(
        Finding(
            "agenda-item-not-covered",
            regulation.clause(item.value),
            _OWED_BY,
            "说明有无其他协作事项" if item is AgendaItem.OTHER else f"补议：{item.zh}",
            "say whether there were any" if item is AgendaItem.OTHER else "deal with what was left out",
            meeting.id,
        )
        for item in AgendaItem
        if item not in done
    )


def held_in_quarter_of(day: date, meetings: Iterable[JointMeeting]) -> bool:
    """Return whether one of several meetings was held in the quarter of a day (一(二): 每季度召开一次)."""
    quarter = QUARTER.period(day)
    held = (meeting.when(MeetingEvent.HOLD) for meeting in meetings)
    return any(quarter.start <= on <= quarter.end for on in held if on)


def quarter_findings(
    meeting: JointMeeting, today: date, regulation: Regulation, *, others: Iterable[JointMeeting] = ()
) -> tuple[Finding, ...]:
    """Return a finding if a quarter goes without its regular meeting and none was held in it (一(二): 每季度召开一次).

    That is so once the meeting is cancelled, set for a day or held outside of the quarter, or still postponed when the quarter ends.

    Args:
        meeting: The meeting.
        today: The day; after the quarter what is left to do is to explain.
        regulation: The document.
        others: The other meetings of the 辖市（区）.
    """
    planned = meeting.planned
    if planned is None or not _leaves_its_quarter(meeting, planned, today):
        return ()
    if held_in_quarter_of(planned, others):
        return ()
    last = QUARTER.period(planned).end
    zh, en = (
        ("在本季度内另行召开联席会议", "hold another meeting in the quarter")
        if today <= last
        else ("说明该季度未召开联席会议的原因", "explain why the quarter had no meeting")
    )
    clause = regulation.clause("一(二)")
    return (Finding("quarter-without-meeting", clause, _OWED_BY, zh, en, meeting.id, last),)


def _leaves_its_quarter(meeting: JointMeeting, planned: date, today: date) -> bool:
    if meeting.state is MeetingState.CANCELLED:
        return True
    quarter = QUARTER.period(planned)
    day = meeting.when(MeetingEvent.HOLD) or meeting.day
    return today > quarter.end if day is None else not quarter.start <= day <= quarter.end


_STEPS = {
    MeetingState.AGREED: ("一(二)", "meeting-without-day", "排定会议日期", "set a day"),
    MeetingState.POSTPONED: ("一(二)", "meeting-without-day", "另定日期", "set a new day"),
    MeetingState.HELD: ("一(四)", "no-minutes", "形成会议纪要", "write the minutes"),
    MeetingState.MINUTED: ("一(四)", "not-dispatched", "下发会议纪要", "dispatch the minutes"),
}


def _next_step(meeting: JointMeeting, today: date, regulation: Regulation) -> Iterator[Finding]:
    if meeting.state in _STEPS:
        number, code, zh, en = _STEPS[meeting.state]
        yield Finding(code, regulation.clause(number), _OWED_BY, zh, en, meeting.id)
    if meeting.state is MeetingState.SCHEDULED and meeting.day and meeting.day < today:
        code, zh, en = "meeting-not-held", "召开联席会议", "hold the meeting"
        yield Finding(code, regulation.clause("一(二)"), _OWED_BY, zh, en, meeting.id, meeting.day)


def _not_acknowledged(
    meeting: JointMeeting, today: date, calendar: WorkingCalendar, regulation: Regulation, within: int
) -> Iterator[Finding]:
    sent = meeting.when(MeetingEvent.DISPATCH)
    if meeting.state is not MeetingState.DISPATCHED or sent is None or meeting.minutes is None:
        return
    due, acknowledged = add_working_days(sent, within, calendar), dict(meeting.acknowledged)
    for office in meeting.minutes.offices:
        if today > due and office not in acknowledged:
            clause, zh, en = regulation.clause("一(四)"), "签收会议纪要", "acknowledge the minutes"
            yield Finding("not-acknowledged", clause, office, zh, en, meeting.id, due)
