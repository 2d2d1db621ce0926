"""Holiday notices as JSON files: our own schema, and the year files of the project holiday-cn.

So a new year needs no release: write the notice down, or take a year file, and load it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import attrs

from migrant_fp.adapters.serialization import dump_json, parse_json, structure, unstructure
from migrant_fp.adapters.whole_file import write_whole
from migrant_fp.domain.errors import Invalid, Problem
from migrant_fp.schedule.calendar import WorkingCalendar
from migrant_fp.schedule.errors import InvalidNotice
from migrant_fp.schedule.notice import Certainty, HolidayNotice, NamedDay

SCHEMA = "migrant-fp/holiday-notices/1"
_LARGEST = 10_000_000
_DAY = re.compile(r"/(\d{4})-(\d{2})/(\d{2})/")
_MONTH = re.compile(r"/(\d{4})-?(0[1-9]|1[0-2])/")
_YEAR_SCHEMA = "https://raw.githubusercontent.com/NateScarlet/holiday-cn/master/schema.json"


@attrs.frozen
class NoticeFiles:
    """The notices in a file, or in the *.json files of a directory; implements the port `HolidayNotices`.

    Attributes:
        path: The file or directory.
    """

    path: Path = attrs.field(converter=Path)

    def notices(self) -> tuple[HolidayNotice, ...]:
        """Return the notices; see `read_notices`."""
        return read_notices(self.path)


@attrs.frozen
class _OwnFile:
    schema: str
    notices: tuple[HolidayNotice, ...]


@attrs.frozen
class _YearDay:
    name: str
    date: date
    isOffDay: bool  # noqa: N815 - the field's name in the format


@attrs.frozen
class _YearFile:
    year: int
    papers: tuple[str, ...]
    days: tuple[_YearDay, ...]


def read_notices(path: Path | str) -> tuple[HolidayNotice, ...]:
    """Return the notices of a file, or of every *.json file of a directory, the one issued first first.

    A file is either our own (`{"schema": "migrant-fp/holiday-notices/1", "notices": [...]}`) or a holiday-cn year
    file (`{"year": ..., "papers": [...], "days": [...]}`). A year file does not say when its notice was issued: the
    day is taken from the address of its paper; where that has the month alone, its last day is taken, and where it
    has neither, the last day of the year before: both marked as assumed. A year file without days has no notice.

    Args:
        path: The file or directory.

    Raises:
        InvalidNotice: If anything in any file cannot be used, with every problem and its place.
        OSError: If a file cannot be read.
    """
    given = Path(path)
    files = sorted(given.glob("*.json")) if given.is_dir() else [given]
    if not files:
        raise InvalidNotice(
            (f"{given.name}: holds no *.json file; expected one file for each year, or one file",)
        )
    found: list[HolidayNotice] = []
    problems: list[str] = []
    for file in files:
        try:
            found += _read(file)
        except Invalid as error:
            problems += [f"{file.name}: {problem}" for problem in error.problems]
    if problems:
        raise InvalidNotice(tuple(problems))
    return WorkingCalendar(found).notices  # refuses two notices of one day that name the same date


def write_notices(notices: Iterable[HolidayNotice], path: Path | str) -> None:
    """Write notices to a file in our own schema; the file is whole or as it was before.

    Raises:
        InvalidNotice: If the notices contradict each other.
        OSError: If the file cannot be written.
    """
    held = WorkingCalendar(notices).notices
    write_whole(Path(path), dump_json({"schema": SCHEMA, "notices": unstructure(held)}))


def write_year_file(year: int, calendar: WorkingCalendar, path: Path | str) -> None:
    """Write a year's notices as a holiday-cn year file; the file is whole or as it was before.

    The format holds the final days only: what an amendment replaced, document numbers, days of issue and marks of
    certainty are not in it. Keep our own schema where those matter.

    Args:
        year: The year.
        calendar: The calendar that holds its notices.
        path: The file.

    Raises:
        NotAnnounced: If the calendar has no notice for the year.
        OSError: If the file cannot be written.
    """
    notices = [notice for notice in calendar.notices if notice.year == year]
    calendar.day(date(year, 7, 1))  # refuses a year without a notice
    final = {
        named.date: named.festival for notice in notices for named in (*notice.days_off, *notice.make_up_days)
    }
    days = [
        {"name": name, "date": on.isoformat(), "isOffDay": not calendar.day(on).kind.is_working}
        for on, name in sorted(final.items())
        if calendar.day(on).festival  # an amendment may have given the day back to the plain week
        or not calendar.day(on).kind.is_working
    ]
    papers = [notice.source for notice in notices if notice.source]
    write_whole(
        Path(path), dump_json({"$schema": _YEAR_SCHEMA, "year": year, "papers": papers, "days": days})
    )


def _read(file: Path) -> tuple[HolidayNotice, ...]:
    size = file.stat().st_size
    if size > _LARGEST:
        raise Invalid(file.name, (Problem("the file", f"has {size} bytes; expected at most {_LARGEST}"),))
    raw = parse_json(file.read_bytes(), file.name)
    if isinstance(raw, dict) and "days" in raw:
        return _of_year_file(raw, file.name)
    own = structure(raw, _OwnFile, file.name)
    if own.schema != SCHEMA:
        raise Invalid(file.name, (Problem("schema", f"came {own.schema[:40]!r}, expected {SCHEMA!r}"),))
    return own.notices


def _of_year_file(raw: dict[str, Any], name: str) -> tuple[HolidayNotice, ...]:
    known = {key: raw[key] for key in ("year", "papers", "days") if key in raw}  # others are its own affair
    file = structure(known, _YearFile, name)
    if not file.days:
        return ()
    problems = [
        Problem(f"days[{n}].date", f"came {day.date} after {before.date}, expected the days in order")
        for n, (before, day) in enumerate(zip(file.days, file.days[1:], strict=False), start=1)
        if day.date <= before.date
    ]
    try:
        notice = _notice(file)
    except (InvalidNotice, ValueError) as error:
        facts = error.problems if isinstance(error, InvalidNotice) else (str(error),)
        problems += [Problem("days", fact) for fact in facts]
    if problems:
        raise Invalid(name, tuple(problems))
    return (notice,)


def _notice(file: _YearFile) -> HolidayNotice:
    issued, certainty = _issued(file)
    return HolidayNotice(
        year=file.year,
        issued=issued,
        days_off=tuple(NamedDay(day.date, day.name) for day in file.days if day.isOffDay),
        make_up_days=tuple(NamedDay(day.date, day.name) for day in file.days if not day.isOffDay),
        source=file.papers[-1] if file.papers else "",
        issued_certainty=certainty,
    )


def _issued(file: _YearFile) -> tuple[date, Certainty]:
    """Return the day of the last paper, as its address has it."""
    address = file.papers[-1] if file.papers else ""
    if match := _DAY.search(address):
        return date(*map(int, match.groups())), Certainty.FOUND
    if match := _MONTH.search(address):
        following = int(match[1]) * 12 + int(match[2])
        return date.fromordinal(
            date(following // 12, following % 12 + 1, 1).toordinal() - 1
        ), Certainty.ASSUMED
    return date(file.year - 1, 12, 31), Certainty.ASSUMED
