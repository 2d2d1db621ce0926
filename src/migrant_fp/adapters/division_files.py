"""A site's divisions from a dated CSV: code, name, from, to, parent."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from migrant_fp.adapters.whole_file import write_whole
from migrant_fp.domain.division import Division, Divisions
from migrant_fp.domain.errors import Invalid, Problem

_FIELDS = ("code", "name", "from", "to", "parent")


def read_divisions(path: Path | str, encoding: str = "utf-8-sig") -> Divisions:
    """Return the divisions of a CSV file.

    The head is `code,name,from,to,parent`; *from* and *to* are ISO dates, the last day included, and empty where open;
    *parent* is a code of the file, or empty.

    Args:
        path: The file.
        encoding: utf-8-sig (with or without a byte order mark), or gb18030 for files of older spreadsheets.

    Raises:
        Invalid: If anything in the file cannot be used, with every problem and its line.
        OSError: If the file cannot be read.
    """
    file = Path(path)
    try:
        text = file.read_bytes().decode(encoding)
    except UnicodeDecodeError as error:
        problem = Problem(
            "the file", f"byte {error.start} is not {encoding}: save it as UTF-8, or give encoding='gb18030'"
        )
        raise Invalid(file.name, (problem,)) from error
    reader = csv.reader(io.StringIO(text, newline=""))
    head = next(reader, [])
    if tuple(head) != _FIELDS:
        raise Invalid(
            file.name, (Problem("line 1", f"came {','.join(head)[:60]!r}, expected {','.join(_FIELDS)}"),)
        )
    problems: list[Problem] = []
    rows = [row for line in reader if line for row in _row(line, reader.line_num, problems)]
    if problems:
        raise Invalid(file.name, tuple(problems))
    try:
        return Divisions(rows)
    except Invalid as error:
        raise Invalid(file.name, error.problems) from error


def write_divisions(divisions: Divisions, path: Path | str) -> None:
    """Write divisions as a CSV that spreadsheets open as UTF-8; sources and certainty are not in the format.

    Raises:
        OSError: If the file cannot be written; what was there before stays.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(_FIELDS)
    for row in divisions.rows:
        writer.writerow((row.code, row.name, row.since or "", row.until or "", row.parent or ""))
    write_whole(Path(path), ("\ufeff" + out.getvalue()).encode())


def _row(line: list[str], number: int, problems: list[Problem]) -> Iterator[Division]:
    place = f"line {number}"
    if len(line) != len(_FIELDS):
        problems.append(Problem(place, f"has {len(line)} fields, expected {len(_FIELDS)}"))
        return
    code, name, since, until, parent = (cell.strip() for cell in line)
    days = [_day(text, f"{place}, {field}", problems) for text, field in ((since, "from"), (until, "to"))]
    yield Division(code, name, parent or None, days[0], days[1])


def _day(text: str, place: str, problems: list[Problem]) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        problems.append(Problem(place, f"came {text[:20]!r}, expected a date such as 2015-04-28, or nothing"))
        return None
