"""The calendar file, read back by the package that writes it and by `ical`, which shares no code with it."""

import importlib
import re
import subprocess
import sys
import traceback
from datetime import UTC, date, datetime, timedelta, timezone

import attrs
import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st
from ical.calendar_stream import IcsCalendarStream

from migrant_fp import Convention, Day, DayKind, MigrantFpError
from migrant_fp.adapters.chinese_calendar import working_calendar
from migrant_fp.adapters.icalendar import CalendarEntry, UnreadableCalendar, to_ics
from migrant_fp.schedule.errors import InvalidRule
from migrant_fp.schedule.occurrence import Occurrence, plan
from migrant_fp.schedule.period import MONTH, QUARTER, YEAR
from migrant_fp.schedule.rule import Bound, DayOfPeriod, Rule, TenDays, Whole

CALENDAR = working_calendar()
NOW = datetime(2011, 11, 1, 0, 30, tzinfo=UTC)
LATER = NOW + timedelta(1)
MODULE = "migrant_fp.adapters.icalendar"
TEXTS = st.text(
    st.one_of(st.characters(exclude_categories=["C", "Zl", "Zp"]), st.sampled_from('\\\nNn;,:%" 会'))
)


@attrs.frozen
class Duty:
    id: str
    rule: Rule


def _planned(rule: Rule, *, year: int = 2011) -> list[Occurrence]:
    return list(plan(Duty("joint-meeting", rule), year, CALENDAR, provisional=True))


MEETINGS = _planned(Rule(every=QUARTER, at=DayOfPeriod(5), convention=Convention.FOLLOWING))
ENTRIES = [CalendarEntry(meeting, "联席会议", "常公局〔2011〕134号") for meeting in MEETINGS]
FILE = to_ics(ENTRIES, stamp=NOW)


def _events(ics: bytes) -> dict[str, icalendar.Event]:
    events = icalendar.Calendar.from_ical(ics).walk("VEVENT")
    assert len({event["UID"] for event in events}) == len(events)
    return {str(event["UID"]): event for event in events}


def _only(ics: bytes) -> icalendar.Event:
    (event,) = _events(ics).values()
    return event


def _days(event: icalendar.Event) -> tuple[date, date]:
    return event["DTSTART"].dt, event["DTEND"].dt


def _seen(event: icalendar.Event) -> tuple[object, ...]:
    return (*_days(event), event["SUMMARY"], event.get("DESCRIPTION"), event["STATUS"])


def _moved(occurrence: Occurrence, days: int) -> Occurrence:
    return attrs.evolve(occurrence, last=occurrence.last + timedelta(days))


def _provisional(occurrence: Occurrence) -> Occurrence:
    return attrs.evolve(occurrence, days=(Day(occurrence.last, DayKind.WORKING, provisional=True),))


def test_every_occurrence_is_one_event_of_a_whole_day() -> None:
    assert {uid: _days(event) for uid, event in _events(FILE).items()} == {
        "joint-meeting-2011-Q1@migrant-fp": (date(2011, 1, 5), date(2011, 1, 6)),
        "joint-meeting-2011-Q2@migrant-fp": (date(2011, 4, 6), date(2011, 4, 7)),
        "joint-meeting-2011-Q3@migrant-fp": (date(2011, 7, 5), date(2011, 7, 6)),
        "joint-meeting-2011-Q4@migrant-fp": (date(2011, 10, 8), date(2011, 10, 9)),
    }
    assert FILE.count(b"DTSTART;VALUE=DATE:") == FILE.count(b"DTEND;VALUE=DATE:") == 4


def test_another_reader_finds_the_same_days_and_texts() -> None:
    events = IcsCalendarStream.calendar_from_ics(FILE.decode()).events

    assert [(e.dtstart, e.dtend) for e in events] == [_days(event) for event in _events(FILE).values()]
    assert {(e.summary, e.description, e.status, e.transparency, e.sequence, e.dtstamp) for e in events} == {
        ("联席会议", "常公局〔2011〕134号", "CONFIRMED", "TRANSPARENT", 0, NOW)
    }


def test_the_file_is_published_and_named() -> None:
    ics = to_ics([], stamp=NOW, name="常州,2011;年")
    calendar = icalendar.Calendar.from_ical(ics)

    assert (calendar["METHOD"], calendar["VERSION"]) == ("PUBLISH", "2.0")
    assert calendar["PRODID"].startswith("-//migrant-fp//")
    assert "X-WR-CALNAME:常州\\,2011\\;年".encode() in ics.splitlines()


def test_the_file_names_no_time_zone_and_no_recurrence() -> None:
    assert not re.search(rb"VTIMEZONE|TZID|RRULE|RDATE", FILE)


def test_an_event_does_not_make_its_reader_busy() -> None:
    assert {event["TRANSP"] for event in _events(FILE).values()} == {"TRANSPARENT"}


def test_an_empty_description_is_left_out() -> None:
    assert "DESCRIPTION" not in _only(to_ics([CalendarEntry(MEETINGS[0], "联席会议")], stamp=NOW))


@pytest.mark.parametrize(
    ("rule", "days"),
    [
        (Rule(every=MONTH, at=TenDays(1), bound=Bound.WITHIN), (date(2011, 1, 1), date(2011, 1, 11))),
        (Rule(every=MONTH, at=Whole(), bound=Bound.WITHIN), (date(2011, 1, 1), date(2011, 2, 1))),
        (Rule(every=YEAR, at=Whole(), bound=Bound.WITHIN), (date(2011, 12, 31), date(2012, 1, 1))),
        (Rule(every=MONTH, at=DayOfPeriod(5), bound=Bound.BY), (date(2011, 1, 5), date(2011, 1, 6))),
    ],
)
def test_a_window_up_to_31_days_is_spanned_and_anything_else_is_its_last_day(
    rule: Rule, days: tuple[date, date]
) -> None:
    assert _days(_only(to_ics([CalendarEntry(_planned(rule)[0], "填报")], stamp=NOW))) == days


def test_a_window_of_32_days_is_an_event_on_its_last_day() -> None:
    window = _planned(Rule(every=MONTH, at=Whole(), bound=Bound.WITHIN))[0]

    event = _only(to_ics([CalendarEntry(_moved(window, 1), "填报")], stamp=NOW))
    assert _days(event) == (date(2011, 2, 1), date(2011, 2, 2))


def test_a_provisional_occurrence_is_tentative() -> None:
    rule = Rule(every=YEAR, at=DayOfPeriod(5), convention=Convention.FOLLOWING)
    years = [_planned(rule, year=year)[0] for year in (2026, 2027)]

    events = _events(to_ics([CalendarEntry(one, "报表") for one in years], stamp=NOW)).values()
    assert [event["STATUS"] for event in events] == ["CONFIRMED", "TENTATIVE"]


def test_the_uid_stays_when_the_day_moves() -> None:
    before = _only(to_ics([CalendarEntry(MEETINGS[3], "联席会议")], stamp=NOW))
    after = _only(to_ics([CalendarEntry(_moved(MEETINGS[3], 9), "联席会议")], stamp=NOW))

    assert before["UID"] == after["UID"]
    assert _days(before) != _days(after)


@given(st.sets(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), max_size=8))
def test_the_uid_is_a_different_address_for_every_duty(duties: set[str]) -> None:
    entries = [CalendarEntry(attrs.evolve(MEETINGS[0], duty=duty), "联席会议") for duty in duties]

    events = _events(to_ics(entries, stamp=NOW))
    assert len(events) == len(duties)
    assert all(re.fullmatch(r"[\w=~-]+-2011-Q1@migrant-fp", uid, re.ASCII) for uid in events)


@given(TEXTS, TEXTS)
def test_texts_survive_in_both_readers(title: str, description: str) -> None:
    ics = to_ics([CalendarEntry(MEETINGS[0], title, description)], stamp=NOW)

    theirs = IcsCalendarStream.calendar_from_ics(ics.decode()).events[0]
    ours = _only(ics)
    assert (theirs.summary, theirs.description or "") == (title, description)
    assert (ours["SUMMARY"], ours.get("DESCRIPTION", "")) == (title, description)


def test_line_ends_become_newlines_and_control_characters_are_dropped() -> None:
    text = "一\r\n二\r三\u2028四\x0b五\x00\x1b\ud800六\t七"

    assert (
        _only(to_ics([CalendarEntry(MEETINGS[0], text)], stamp=NOW))["SUMMARY"] == "一\n二\n三\n四\n五六\t七"
    )


@given(TEXTS.map(lambda text: text * 9))
def test_lines_end_in_crlf_and_hold_at_most_75_octets(text: str) -> None:
    ics = to_ics([CalendarEntry(MEETINGS[0], text, text)], stamp=NOW, name=text)

    lines = ics.split(b"\r\n")
    assert lines[-1] == b""
    assert not any(b"\r" in line or b"\n" in line for line in lines)
    assert max(len(line) for line in lines) <= 75
    assert "".join(line.decode() for line in lines)  # no character is cut in two


@given(st.permutations(ENTRIES))
def test_the_order_of_the_entries_does_not_matter(entries: list[CalendarEntry]) -> None:
    assert to_ics(entries, stamp=NOW) == FILE


def test_the_stamp_is_written_in_utc_to_the_second() -> None:
    beijing = datetime(2011, 11, 1, 8, 30, 0, 999, tzinfo=timezone(timedelta(hours=8)))

    assert to_ics(ENTRIES, stamp=beijing) == FILE
    assert b"DTSTAMP:20111101T003000Z\r\n" in FILE


def test_a_stamp_without_a_time_zone_is_refused() -> None:
    with pytest.raises(InvalidRule, match=r"without a time zone: expected .*datetime\.now\(UTC\)"):
        to_ics(ENTRIES, stamp=datetime(2011, 11, 1))


def test_two_entries_of_one_occurrence_are_refused() -> None:
    with pytest.raises(InvalidRule, match="joint-meeting/2011-Q1"):
        to_ics([ENTRIES[0], *ENTRIES], stamp=NOW)


def test_the_same_entries_give_the_same_bytes_whenever_they_are_written() -> None:
    assert to_ics(ENTRIES, stamp=LATER, previous=FILE) == FILE


@pytest.mark.parametrize(
    "changed",
    [
        CalendarEntry(_moved(MEETINGS[3], 2), "联席会议", "常公局〔2011〕134号"),
        CalendarEntry(MEETINGS[3], "第四季度联席会议", "常公局〔2011〕134号"),
        CalendarEntry(MEETINGS[3], "联席会议", ""),
        CalendarEntry(_provisional(MEETINGS[3]), "联席会议", "常公局〔2011〕134号"),
    ],
    ids=["day", "title", "description", "status"],
)
def test_what_changed_gets_the_next_sequence_and_stamp_and_the_rest_keeps_them(
    changed: CalendarEntry,
) -> None:
    after = _events(to_ics([*ENTRIES[:3], changed], stamp=LATER, previous=FILE))

    assert [(int(e["SEQUENCE"]), e["DTSTAMP"].dt) for e in after.values()] == [*[(0, NOW)] * 3, (1, LATER)]


def test_what_is_no_longer_planned_is_cancelled_once() -> None:
    cancelled = to_ics(ENTRIES[:3], stamp=LATER, previous=FILE)

    event = _events(cancelled)["joint-meeting-2011-Q4@migrant-fp"]
    assert (event["STATUS"], event["SEQUENCE"], event["DTSTAMP"].dt) == ("CANCELLED", 1, LATER)
    assert (*_days(event), event["SUMMARY"]) == (date(2011, 10, 8), date(2011, 10, 9), "联席会议")
    assert to_ics(ENTRIES[:3], stamp=LATER + timedelta(1), previous=cancelled) == cancelled


@pytest.mark.parametrize(
    ("within", "cancelled"),
    [
        ((date(2011, 10, 8), date(2011, 10, 8)), ["Q4"]),
        ((date(2011, 7, 6), date(2011, 10, 7)), []),
        ((date(2011, 4, 6), date(2011, 7, 5)), ["Q2", "Q3"]),
    ],
)
def test_what_lies_outside_the_planned_days_stays(within: tuple[date, date], cancelled: list[str]) -> None:
    events = _events(to_ics([], stamp=LATER, previous=FILE, within=within))

    assert len(events) == 4
    assert [uid[19:21] for uid, event in events.items() if event["STATUS"] == "CANCELLED"] == cancelled


def test_what_is_planned_again_is_no_longer_cancelled() -> None:
    cancelled = to_ics(ENTRIES[:3], stamp=LATER, previous=FILE)

    event = _events(to_ics(ENTRIES, stamp=LATER, previous=cancelled))["joint-meeting-2011-Q4@migrant-fp"]
    assert (event["STATUS"], event["SEQUENCE"]) == ("CONFIRMED", 2)


ROUNDS = st.lists(
    st.dictionaries(
        st.sampled_from(MEETINGS),
        st.tuples(
            st.integers(0, 2),
            st.sampled_from(["a\\N,b", "会议"]),
            st.sampled_from(["", "注;1"]),
            st.booleans(),
        ),
    ),
    min_size=1,
    max_size=8,
)


def _entry(meeting: Occurrence, days: int, title: str, description: str, provisional: bool) -> CalendarEntry:
    moved = _moved(meeting, days)
    return CalendarEntry(_provisional(moved) if provisional else moved, title, description)


@given(ROUNDS)
def test_however_often_a_plan_changes_the_sequence_counts_the_changes(
    rounds: list[dict[Occurrence, tuple[int, str, str, bool]]],
) -> None:
    ics, known = None, {}
    for n, changes in enumerate(rounds):
        written = NOW + timedelta(n)
        entries = [_entry(meeting, *change) for meeting, change in changes.items()]
        ics = to_ics(entries, stamp=written, previous=ics)
        events = _events(ics)
        assert known.keys() <= events.keys()
        for uid, event in events.items():
            old = known.get(uid)
            kept = old is not None and _seen(old) == _seen(event)
            assert event["SEQUENCE"] == (0 if old is None else old["SEQUENCE"] + (not kept))
            assert event["DTSTAMP"].dt == (old["DTSTAMP"].dt if kept else written)
        live = [uid for uid, event in events.items() if event["STATUS"] != "CANCELLED"]
        assert len(live) == len(changes)
        assert to_ics(entries, stamp=written + timedelta(hours=1), previous=ics) == ics
        known = events


def test_an_old_event_without_a_sequence_counts_as_the_first() -> None:
    bare = FILE.replace(b"SEQUENCE:0\r\n", b"")

    assert to_ics(ENTRIES, stamp=LATER, previous=bare) == FILE


def test_of_an_event_that_comes_twice_the_highest_sequence_counts() -> None:
    ours = FILE.replace(b"SEQUENCE:0", b"SEQUENCE:7")
    twice = ours.replace(b"END:VCALENDAR\r\n", FILE[FILE.index(b"BEGIN:VEVENT") :])

    assert {e["SEQUENCE"] for e in _events(to_ics(ENTRIES, stamp=LATER, previous=twice)).values()} == {7}


DAMAGED = "is not iCalendar, or is damaged"


@pytest.mark.parametrize(
    ("previous", "problem"),
    [
        (b"", DAMAGED),
        (b"PK\x03\x04", DAMAGED),
        ("会议：纪要".encode("gbk"), DAMAGED),
        (FILE[:-20], DAMAGED),
        (FILE + FILE, DAMAGED),
        (b"BEGIN:VEVENT\r\nEND:VEVENT\r\n", "holds no VCALENDAR"),
        (FILE.replace(b"@migrant-fp", b"@example.com"), "was not written by this library"),
        (FILE.replace(b"UID:", b"X-UID:"), "was not written by this library"),
        (FILE.replace(b"DTSTAMP:", b"X-STAMP:"), "has no DTSTAMP"),
        (FILE.replace(b"DTEND;VALUE=DATE:20110106", b"DTEND:20110106T090000Z"), "has no DTEND"),
        (FILE.replace(b"DTSTART;VALUE=DATE:2011", b"DTSTART;VALUE=DATE:99"), DAMAGED),
        (FILE.replace(b"T003000Z", b"T003000"), DAMAGED),
        (FILE.replace(b"SEQUENCE:0", b"SEQUENCE:one"), DAMAGED),
    ],
)
def test_a_previous_file_that_is_not_ours_is_refused(previous: bytes, problem: str) -> None:
    with pytest.raises(UnreadableCalendar, match="cannot be continued") as caught:
        to_ics(ENTRIES, stamp=LATER, previous=previous)

    assert problem in caught.value.problem
    assert isinstance(caught.value, MigrantFpError)


def test_a_refusal_does_not_quote_the_file() -> None:
    secret = "例示赵"[::-1]  # so that it is in no source line of the traceback
    with pytest.raises(UnreadableCalendar) as caught:
        to_ics(ENTRIES, stamp=LATER, previous=f"BEGIN:VCALENDAR\r\n{secret}".encode())

    assert secret not in "".join(traceback.format_exception(caught.value))


@given(st.integers(0, len(FILE)), st.integers(0, 30), st.binary(max_size=30))
def test_a_damaged_file_is_continued_or_refused_and_nothing_else(at: int, cut: int, put: bytes) -> None:
    try:
        ics = to_ics(ENTRIES, stamp=LATER, previous=FILE[:at] + put + FILE[at + cut :])
    except UnreadableCalendar:
        return
    assert _events(FILE).keys() <= _events(ics).keys()


def test_without_the_package_the_adapter_says_which_extra_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "icalendar", None)
    monkeypatch.delitem(sys.modules, MODULE)

    with pytest.raises(ImportError, match=r"pip install 'migrant-fp\[ics\]'") as caught:
        importlib.import_module(MODULE)
    assert isinstance(caught.value, MigrantFpError)
    assert (caught.value.package, caught.value.extra) == ("icalendar", "ics")


def test_without_the_package_a_fresh_interpreter_ends_with_that_message() -> None:
    code = f"import sys; sys.modules['icalendar'] = None; import {MODULE}"

    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert ended.stderr.splitlines()[-1].endswith("pip install 'migrant-fp[ics]' （缺少依赖）")
