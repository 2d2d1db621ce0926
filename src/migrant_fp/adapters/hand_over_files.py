"""What is handed over, from a CSV file as Excel, WPS or a database writes it. Every problem of a file is told at once, with its line.

The columns are those of the table; the key may be left out where the file has an identity number and a join key is at hand.
"""

from __future__ import annotations

import csv
import heapq
import json
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from datetime import date
from itertools import islice
from pathlib import Path
from typing import IO, TypeVar

from migrant_fp.domain.errors import Invalid, Problem
from migrant_fp.domain.headcount import AGE_BANDS, AgeBand, Facts
from migrant_fp.domain.join_key import JoinKey
from migrant_fp.domain.person import IdentityNumber, Sex, Stay, age
from migrant_fp.domain.statistics import COLUMNS, Statistics, count, of_rows
from migrant_fp.domain.table import CODE, KEY, Table
from migrant_fp.schedule.term import Term

#: How many problems of a file are listed; the rest is counted.
_LISTED = 1_000
#: How many rows are sorted in memory.
_AT_ONCE = 100_000
#: What stands in a row while it has problems.
_NOBODY = "0" * 64
_IDENTITY = "identity"
_PEOPLE = ("division", "sex", "born", "stay")
_Hashed = Callable[[IdentityNumber], str]


def hashed_with(key: JoinKey, period: str, parties: tuple[str, str]) -> _Hashed:
    """Return what makes a record key from an identity number, for one round of two offices."""
    return lambda number: key.hashed(number, period, parties)


def read_rows(
    path: Path,
    table: Table,
    *,
    hashed: _Hashed | None = None,
    keep: bool = False,
    encoding: str = "utf-8-sig",
    folder: Path | None = None,
) -> Iterator[dict[str, str]]:
    """Yield the rows of a file in the order of their keys; rows are sorted on disk, so memory does not grow with them.

    Args:
        path: The CSV file, its first line the names of the columns.
        table: The table.
        hashed: Makes the key from the column *identity*; a column `_key` is not used then.
        keep: Whether the identity number is handed over too, where the table has it; otherwise it stays behind.
        encoding: How the file is written; gb18030 for what Excel saves in a Chinese Windows.
        folder: Where rows are sorted, in files that nobody else can open and that are gone at the end; beside the file otherwise.

    Raises:
        Invalid: With every problem of the file, up to a thousand, and the line of each; no value is shown. Of a key that comes
            twice it is raised after the last row.
        OSError: If a file cannot be read or written.
    """
    source, beside = _Csv(path, encoding), folder or path.parent
    source.require(*_needed(table, hashed), also={field.name for field in table.fields} | {_IDENTITY})
    with tempfile.TemporaryFile("w+", encoding="utf-8", dir=beside) as file:
        for line, row in source.rows():
            found = _row(row, line, table, hashed, source, keep=keep)
            if not source.problems:
                file.write(f"{_written(found)}\t{line}\n")
        source.done()
        file.seek(0)
        yield from _without_repeated(_sorted(file, beside), table, source)
    source.done()


def read_statistics(
    path: Path, parent: str, threshold: int, on: date, encoding: str = "utf-8-sig"
) -> Statistics:
    """Return the counts of a file: of counts that are made already, or of one line a person, which are counted here.

    Args:
        path: The CSV file: division, dimension, category, count, suppressed; or division, sex, born, stay.
        parent: The code of the division whose parts are counted.
        threshold: Counts below it will be suppressed.
        on: The day on which ages are counted.
        encoding: How the file is written.

    Raises:
        Invalid: With every problem of the file; no value is shown.
        OSError: If the file cannot be read.
    """
    source = _Csv(path, encoding)
    if "dimension" in source.columns:
        return _counted(source, parent, threshold)
    source.require(*_PEOPLE)
    found = count(
        (one for line, row in source.rows() for one in _facts(row, line, parent, on, source)),
        parent,
        threshold,
    )
    source.done()
    return found


class _Csv:
    """One file, read twice: for its first line, and for its rows; with the problems found in it."""

    def __init__(self, path: Path, encoding: str) -> None:
        self.problems: list[Problem] = []
        self._path, self._encoding, self._more = path, encoding, 0
        _, first = next(self._lines(), (1, []))
        self.columns = [name.lstrip("\ufeff").strip() for name in first]

    def require(self, *needed: str, also: Iterable[str] = ()) -> None:
        """Refuse a first line that does not name the columns. What stands there may be about a person: it is only counted.

        Raises:
            Invalid: If it does not, or if the file cannot be read at all.
        """
        self.done()
        known = {*needed, *also}
        missing = [name for name in needed if name not in self.columns]
        odd = sum(name not in known for name in self.columns)
        if missing:
            fact = f"{', '.join(missing)} missing; the first line names the columns （缺列）"
            self.note(1, Problem("columns", fact))
        if odd and self.columns:
            fact = f"{odd} unknown; expected {', '.join(sorted(known))} （列名不符）"
            self.note(1, Problem("columns", fact))
        if len(set(self.columns)) < len(self.columns):
            self.note(1, Problem("columns", "one is named twice; keep one （列名重复）"))
        self.done()

    def rows(self) -> Iterator[tuple[int, dict[str, str]]]:
        """Yield each row with its line; lines without any value are passed over."""
        for line, values in islice(self._lines(), 1, None):
            if len(values) == len(self.columns):
                row = {name: value.strip() for name, value in zip(self.columns, values, strict=True)}
                if any(row.values()):
                    yield line, row
            elif values:
                fact = f"has {len(values)} columns, the first line {len(self.columns)} （列数不符）"
                self.note(line, Problem("row", fact))

    def note(self, line: int, *found: Problem) -> None:
        """Keep problems, with their line."""
        for one in found:
            if len(self.problems) < _LISTED:
                self.problems.append(Problem(f"line {line}, {one.place}", one.fact))
            else:
                self._more += 1

    def done(self) -> None:
        """Raise what was found.

        Raises:
            Invalid: If anything was.
        """
        if self._more:
            self.problems.append(Problem("file", f"{self._more} more problems are not listed （其余从略）"))
        if self.problems:
            raise Invalid(self._path.name, tuple(self.problems))

    def _lines(self) -> Iterator[tuple[int, list[str]]]:
        line = 0
        try:
            with self._path.open(encoding=self._encoding, newline="") as file:
                reader = csv.reader(file, strict=True)
                for values in reader:
                    yield (line := reader.line_num), values
        except LookupError:
            fact = f"{self._encoding[:40]!r} is no encoding of text; expected utf-8 or gb18030 （编码名不符）"
            self.note(line + 1, Problem("file", fact))
        except UnicodeError:
            fact = "save it as CSV UTF-8, or say --encoding gb18030 （编码不符）"
            self.note(line + 1, Problem("file", f"is not {self._encoding[:40]} from here on; {fact}"))
        except csv.Error:
            fact = "is no CSV from here on: a quote is not closed, or a value is too long （格式不符）"
            self.note(line + 1, Problem("file", fact))


def _needed(table: Table, hashed: _Hashed | None) -> Iterator[str]:
    yield _IDENTITY if hashed else KEY
    yield from (field.name for field in table.fields if field.required and field.name != KEY)


def _row(
    row: dict[str, str], line: int, table: Table, hashed: _Hashed | None, source: _Csv, *, keep: bool
) -> dict[str, str]:
    """Return a row as the table has it; the identity number goes into the key, and stays behind unless it is to be kept."""
    given = row.get(_IDENTITY, "")
    if hashed:
        row[KEY] = _key(given, line, hashed, source)
    if not keep:
        row[_IDENTITY] = ""
    found = {field.name: row.get(field.name, "") for field in table.fields}
    source.note(line, *table.problems(found))
    return found


def _key(identity: str, line: int, hashed: _Hashed, source: _Csv) -> str:
    try:
        return hashed(IdentityNumber(identity))
    except Invalid as error:
        source.note(line, *(Problem(f"identity: {one.place}", one.fact) for one in error.problems))
        return _NOBODY


def _written(row: dict[str, str]) -> str:
    return json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _sorted(rows: IO[str], folder: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Sort lines by their bytes, a hundred thousand at a time on disk, and merge them; yield each row with its line."""
    with ExitStack() as open_files:
        runs: list[IO[str]] = []
        while batch := sorted(islice(rows, _AT_ONCE)):
            run = open_files.enter_context(tempfile.TemporaryFile("w+", encoding="utf-8", dir=folder))
            run.writelines(batch)
            run.seek(0)
            runs.append(run)
        for one in heapq.merge(*runs):
            row, _, line = one.rpartition("\t")
            yield int(line), json.loads(row)


def _without_repeated(
    rows: Iterable[tuple[int, dict[str, str]]], table: Table, source: _Csv
) -> Iterator[dict[str, str]]:
    """Yield rows, each once; note a key, or in a table whose keys repeat a row, that comes again."""
    last: object = None
    first = 0
    for line, row in rows:
        this = row if table.repeats else row[KEY]
        if this == last:
            fact = f"is that of line {first} again; keep one （重复）"
            source.note(line, Problem("row" if table.repeats else "person", fact))
        else:
            last, first = this, line
            yield row


def _counted(source: _Csv, parent: str, threshold: int) -> Statistics:
    source.require(*COLUMNS[:-1], also=COLUMNS)
    lines = dict(enumerate(source.rows(), 1))
    source.done()
    try:
        return of_rows(
            [tuple(row.get(name, "") for name in COLUMNS) for _, row in lines.values()], parent, threshold
        )
    except Invalid as error:
        for one in error.problems:
            found = re.fullmatch("row ([0-9]+)", one.place)
            place = f"line {lines[int(found[1])][0]}" if found else one.place
            source.problems.append(Problem(place, one.fact))
    source.done()
    raise AssertionError("what cannot be counted has a problem")


def _facts(row: dict[str, str], line: int, parent: str, on: date, source: _Csv) -> Iterator[Facts]:
    sex, stay = _term(Sex, row["sex"]), _term(Stay, row["stay"])
    band, division = _band(row["born"], on), row["division"]
    is_part = re.fullmatch(CODE, division) and division != parent
    if not is_part:
        source.note(line, Problem("division", f"expected the code of a part of {parent}, 6, 9 or 12 digits"))
    if not sex:
        source.note(line, Problem("sex", f"expected one of {_codes(Sex)}"))
    if not band:
        source.note(line, Problem("born", f"expected a date such as 1985-03-01, not after {on}"))
    if not stay:
        source.note(line, Problem("stay", f"expected one of {_codes(Stay)}"))
    if sex and stay and band and is_part:
        yield Facts(division, sex, band, stay)


_Term = TypeVar("_Term", bound=Term)


def _term(kind: type[_Term], text: str) -> _Term | None:
    return next((one for one in kind if text in {one.value, one.zh}), None)


def _codes(kind: type[Term]) -> str:
    return ", ".join(f"{one.value} {one.zh}" for one in kind)


def _band(text: str, on: date) -> AgeBand | None:
    try:
        years = age(date.fromisoformat(text), on)
    except ValueError:
        return None
    return next((band for band, ages in AGE_BANDS.items() if years in ages), None)
