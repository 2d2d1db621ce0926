"""A site's divisions from a dated CSV: code, name, from, to, parent."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import attrs

from migrant_fp.adapters.whole_file import write_whole
from migrant_fp.domain.division import Division, Divisions, contradictions
from migrant_fp.domain.errors import Invalid, Problem

_FIELDS = ("code", "name", "from", "to", "parent")
_LONGER = (*_FIELDS, "succeeds")


def read_divisions(path: Path | str, encoding: str = "utf-8-sig") -> Divisions:
    """Return the divisions of a CSV file.

    The head is `code,name,from,to,parent`; *from* and *to* are ISO dates, the last day included, and empty where open;
    *parent* is a code of the file, or empty. A sixth column *succeeds* may hold the codes of divisions that ended and whose place
    this one took, with spaces between.

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
    problems: list[Problem] = []
    lines = _lines(text, problems)
    _, head = next(lines, (1, []))
    if tuple(head) not in {_FIELDS, _LONGER}:
        fact = f"came {','.join(head)[:60]!r}, expected {','.join(_FIELDS)}"
        raise Invalid(file.name, (*problems, Problem("line 1", fact)))
    read = [_read(number, cells, len(head)) for number, cells in lines if cells]
    problems += [problem for line in read for problem in line.problems]
    problems += _between(read)
    if problems:
        raise Invalid(file.name, tuple(sorted(problems, key=_first_line)))
    return Divisions(line.division for line in read)


def write_divisions(divisions: Divisions, path: Path | str) -> None:
    """Write divisions as a CSV that spreadsheets open as UTF-8; sources and certainty are not in the format.

    The column *succeeds* is written where a division succeeds another.

    Raises:
        OSError: If the file cannot be written; what was there before stays.
    """
    head = _LONGER if any(row.succeeds for row in divisions.rows) else _FIELDS
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(head)
    for row in divisions.rows:
        cells = (
            row.code,
            row.name,
            row.since or "",
            row.until or "",
            row.parent or "",
            " ".join(row.succeeds),
        )
        writer.writerow(cells[: len(head)])
    write_whole(Path(path), ("\ufeff" + out.getvalue()).encode())


def _lines(text: str, problems: list[Problem]) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    while True:
        try:
            yield reader.line_num + 1, next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            fact = f"is no line of a CSV ({error}); correct its quotes, or save the file anew"
            problems.append(Problem(f"line {reader.line_num}", fact))


@attrs.frozen
class _Line:
    """A line of the file: its division as far as it can be read, and what cannot."""

    number: int
    division: Division
    problems: tuple[Problem, ...] = ()


def _read(number: int, cells: list[str], width: int) -> _Line:
    if len(cells) != width:
        problem = Problem(f"line {number}", f"has {len(cells)} fields, expected {width}")
        # Enough to know its code as a parent; what else the cells mean is not clear.
        return _Line(number, Division(cells[0].strip(), "?", None), (problem,))
    code, name, since, until, parent, *others = (cell.strip() for cell in cells)
    problems: list[Problem] = []
    first = _day(since, f"line {number}, from", problems)
    last = _day(until, f"line {number}, to", problems)
    # Without its first day nothing can be said of those it succeeds.
    succeeds = tuple(" ".join(others).split()) if first or not since else ()
    division = Division(code, name, parent or None, first, last, succeeds=succeeds)
    return _Line(number, division, tuple(problems))


def _day(text: str, place: str, problems: list[Problem]) -> date | None:
    try:
        day = date.fromisoformat(text) if text else None
    except ValueError:
        day = None
    if text and (day is None or day.isoformat() != text):
        problems.append(Problem(place, f"came {text[:20]!r}, expected a date such as 2015-04-28, or nothing"))
        return None
    return day


def _between(lines: list[_Line]) -> Iterator[Problem]:
    """Yield what is wrong with the divisions themselves; what follows from days, only where they can be read."""
    numbers: dict[Division, int] = {}
    for line in lines:
        numbers.setdefault(line.division, line.number)
    unread = {line.division for line in lines if line.problems}
    for one in contradictions(numbers):
        if not one.by_days or unread.isdisjoint(one.rows):
            places = sorted(numbers[row] for row in one.rows)
            yield Problem(f"line{'s' * (len(places) > 1)} {' and '.join(map(str, places))}", one.fact)


def _first_line(problem: Problem) -> int:
    return next(int(word) for word in problem.place.replace(",", " ").split() if word.isdigit())
