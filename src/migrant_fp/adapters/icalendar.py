"""Occurrences as an iCalendar file (RFC 5545), for Outlook, Apple, Google, WPS and DingTalk.

Every event lasts whole days, so that no time zone is named, and none recurs: 顺延 is no recurrence rule, each date
is computed. A file written again from the one before it tells calendar programs what moved: the UID stays, the
SEQUENCE rises, and what is no longer planned is cancelled instead of left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import TypeVar
from urllib.parse import quote

import attrs

from migrant_fp.application.extras import MissingExtra
from migrant_fp.schedule.errors import InvalidRule, MigrantFpError
from migrant_fp.schedule.occurrence import Occurrence

try:
    import icalendar
except ImportError as error:
    raise MissingExtra("icalendar", "ics") from error

_T = TypeVar("_T")
_ONE = timedelta(1)
_LONGEST_WINDOW = timedelta(31)
_CANCELLED = "CANCELLED"
_DOMAIN = "@migrant-fp"
_PRODID = "-//migrant-fp//migrant_fp//ZH"
#: What TEXT may not hold (RFC 5545, 3.3.11), or what readers take for the end of a line.
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1b\x1f\x7f\ud800-\udfff]")


@attrs.frozen
class UnreadableCalendar(MigrantFpError, ValueError):
    """The bytes given as the previous file are not one that this adapter wrote.

    Attributes:
        where: The event, by its UID, or the file.
        problem: What is wrong with it.
    """

    where: str
    problem: str

    def __str__(self) -> str:
        """Say what is wrong, and the two ways on."""
        return (
            f"the previous calendar cannot be continued: {self.where} {self.problem}. Give the bytes that "
            "to_ics() returned before, or leave `previous` out to begin anew （无法续写原日历文件）"
        )


@attrs.frozen
class CalendarEntry:
    """An occurrence, and what a reader of the calendar sees of it.

    Attributes:
        occurrence: The occurrence.
        title: The line in the calendar.
        description: The text behind it; left out where it is empty.
    """

    occurrence: Occurrence
    title: str
    description: str = ""


def to_ics(
    entries: Iterable[CalendarEntry],
    *,
    stamp: datetime,
    previous: bytes | None = None,
    within: tuple[date, date] = (date.min, date.max),
    name: str = "工作日程",
) -> bytes:
    """Return an iCalendar file with one all-day event for each entry.

    A window of up to 31 days is one event from its first to its last day; a longer one is an event on its last
    day. A provisional occurrence is TENTATIVE. The events stand in the order of their days, whatever the order of
    the entries. Line ends in texts become newlines, and control characters are dropped, as the format demands.

    Args:
        entries: What to write; each occurrence once.
        stamp: The moment of writing, with its time zone; given to the events that are new or changed.
        previous: The file written before. An event whose days, status or texts changed gets the next SEQUENCE; an
            unchanged one keeps its SEQUENCE and stamp; one that is no longer among the entries is cancelled, and
            stays so until it is planned again.
        within: The first and last day that the entries are planned for: what the previous file holds outside of
            them stays as it is. By default the entries are all that the file is to hold.
        name: The name of the calendar, as calendar programs show it.

    Raises:
        InvalidRule: If *stamp* has no time zone, or two entries are of one occurrence.
        UnreadableCalendar: If *previous* is not a file that this function wrote.

    Example:
        >>> from migrant_fp.schedule.calendar import WorkingCalendar
        >>> from migrant_fp.schedule.occurrence import due
        >>> from migrant_fp.schedule.rule import After
        >>> rule, calendar = After("request received", days=30), WorkingCalendar(())
        >>> reply = due("reply", rule, date(2011, 9, 1), calendar, provisional=True)
        >>> ics = to_ics([CalendarEntry(reply, "答复期限")], stamp=datetime(2011, 9, 1, 8, tzinfo=UTC))
        >>> for line in ics.decode().splitlines()[6:13]:
        ...     print(line)
        UID:reply-2011-10-01@migrant-fp
        SEQUENCE:0
        DTSTAMP:20110901T080000Z
        DTSTART;VALUE=DATE:20111001
        DTEND;VALUE=DATE:20111002
        SUMMARY:答复期限
        STATUS:TENTATIVE
    """
    written = _utc(stamp)
    before = {} if previous is None else _read(previous)
    now = _planned(entries, written)
    events = [event.following(before.get(uid)) for uid, event in now.items()]
    events += [event.left_out(written, within) for uid, event in before.items() if uid not in now]
    calendar = _calendar(name, sorted(events, key=lambda event: (event.first, event.uid)))
    ics: bytes = calendar.to_ical(sorted=False)
    return ics


@attrs.frozen
class _Event:
    """One event as a value, whether planned now or read from the previous file; *end* is exclusive."""

    uid: str
    first: date
    end: date
    status: str
    title: str
    description: str
    sequence: int
    stamp: datetime

    def following(self, before: _Event | None) -> _Event:
        if before is None:
            return self
        if attrs.evolve(self, sequence=before.sequence, stamp=before.stamp) == before:
            return before
        return attrs.evolve(self, sequence=before.sequence + 1)

    def left_out(self, written: datetime, within: tuple[date, date]) -> _Event:
        if self.status == _CANCELLED or not within[0] <= self.first <= within[1]:
            return self
        return attrs.evolve(self, status=_CANCELLED, sequence=self.sequence + 1, stamp=written)

    def component(self) -> icalendar.Event:
        event = icalendar.Event()
        event.add("UID", self.uid)
        event.add("SEQUENCE", self.sequence)
        event.add("DTSTAMP", self.stamp)
        event.add("DTSTART", self.first)
        event.add("DTEND", self.end)
        event.add("SUMMARY", _Text(self.title))
        if self.description:
            event.add("DESCRIPTION", _Text(self.description))
        event.add("STATUS", self.status)
        event.add("TRANSP", "TRANSPARENT")
        return event


class _Text(icalendar.vText):
    r"""A text that is escaped as RFC 5545 has it: the package itself takes a \N in a text for a newline."""

    def to_ical(self) -> bytes:
        escaped = re.sub(r"([\\;,])", r"\\\1", self)
        return escaped.replace("\n", r"\n").encode()


def _calendar(name: str, events: Iterable[_Event]) -> icalendar.Calendar:
    calendar = icalendar.Calendar()
    calendar.add("VERSION", "2.0")
    calendar.add("PRODID", _PRODID)
    calendar.add("METHOD", "PUBLISH")
    calendar.add("X-WR-CALNAME", _Text(_clean(name)))
    for event in events:
        calendar.add_component(event.component())
    return calendar


def _utc(stamp: datetime) -> datetime:
    if stamp.utcoffset() is None:
        raise InvalidRule(f"the stamp {stamp} without a time zone", "one with it, such as datetime.now(UTC)")
    return stamp.astimezone(UTC).replace(microsecond=0)


def _planned(entries: Iterable[CalendarEntry], written: datetime) -> dict[str, _Event]:
    found: dict[str, _Event] = {}
    for entry in entries:
        event = _event(entry, written)
        if event.uid in found:
            raise InvalidRule(f"a second entry for {entry.occurrence.id}", "one entry for each occurrence")
        found[event.uid] = event
    return found


def _event(entry: CalendarEntry, written: datetime) -> _Event:
    occurrence = entry.occurrence
    first, end = occurrence.first or occurrence.last, occurrence.last + _ONE
    return _Event(
        uid=_uid(occurrence.id),
        first=first if end - first <= _LONGEST_WINDOW else occurrence.last,
        end=end,
        status="TENTATIVE" if occurrence.provisional else "CONFIRMED",
        title=_clean(entry.title),
        description=_clean(entry.description),
        sequence=0,
        stamp=written,
    )


def _uid(occurrence_id: str) -> str:
    """Return joint-meeting-2011-Q4@migrant-fp; what an address may not hold comes as =XX, so that no two meet."""
    duty, _, label = occurrence_id.rpartition("/")
    name = quote(duty, safe="").replace("%", "=").replace(".", "=2E")
    return f"{name}-{label}{_DOMAIN}"


def _clean(text: str) -> str:
    return _CONTROLS.sub("", _LINE_ENDS.sub("\n", text))


def _read(previous: bytes) -> dict[str, _Event]:
    try:
        events = [_published(event) for event in _vevents(icalendar.Calendar.from_ical(previous))]
    except UnreadableCalendar:
        raise
    except Exception:  # noqa: BLE001 - the parser lets many kinds out, and its messages quote the file
        raise UnreadableCalendar("the file", "is not iCalendar, or is damaged") from None
    return {event.uid: event for event in sorted(events, key=lambda event: event.sequence)}


def _vevents(root: icalendar.Component) -> list[icalendar.Component]:
    if root.name != "VCALENDAR":
        raise UnreadableCalendar("the file", "holds no VCALENDAR")
    return root.walk("VEVENT")


def _published(event: icalendar.Component) -> _Event:
    uid = _value(event, "UID", str, "")
    if not uid.endswith(_DOMAIN):
        raise UnreadableCalendar(f"the event {uid}", "was not written by this library")
    return _Event(
        uid=uid,
        first=_value(event, "DTSTART", date),
        end=_value(event, "DTEND", date),
        status=_value(event, "STATUS", str, ""),
        title=_value(event, "SUMMARY", str, ""),
        description=_value(event, "DESCRIPTION", str, ""),
        sequence=_value(event, "SEQUENCE", int, 0),
        stamp=_utc(_value(event, "DTSTAMP", datetime)),
    )


def _value(event: icalendar.Component, name: str, kind: type[_T], default: _T | None = None) -> _T:
    value = event.get(name, default)
    value = getattr(value, "dt", value)
    if not isinstance(value, kind) or (kind is date and isinstance(value, datetime)):
        raise UnreadableCalendar(f"the event {event.get('UID')}", f"has no {name} that can be read")
    return value
