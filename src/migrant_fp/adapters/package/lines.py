"""Rows as canonical lines: JSON Lines for rows with a key, CSV for tables of numbers.

A line of a package has exactly one form, so that equal rows are equal bytes, and lines sorted by their bytes are sorted by key. A
line is held to one regular expression made from the table; where it does not fit, it is read again by a JSON parser to say why.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

import attrs

from migrant_fp.domain.errors import Problem
from migrant_fp.domain.flaw import PackageRule
from migrant_fp.domain.table import FILLED_UP, TEXT, Field, Table

#: No line is longer: 10 columns of at most 200 characters, with room.
LONGEST = 16_384
_KEY_AT = slice(9, 73)
#: A character of free text as JSON writes it: no text needs another escape than those of the quote and the backslash.
_ESCAPED = f'(?:{TEXT[:-1]}"\\\\]|\\\\["\\\\])'
#: A day of the calendar, as `date.fromisoformat` takes it: years from 0001, 29 February in leap years alone.
_DAY = (
    "(?!0000)(?:[0-9]{4}-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)"
    "|(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)-02-29)"
)
_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


@attrs.frozen
class LineForm:
    """The one form of a table's lines.

    Attributes:
        table: The table.
        pattern: What a line fits, without its end.
        end: What ends a line.
        head: The first line, without its end; empty where there is none.
    """

    table: Table
    pattern: re.Pattern[str]
    end: str
    head: str

    @property
    def is_keyed(self) -> bool:
        """Whether its rows have a key, and so an order."""
        return not self.head

    def line(self, row: Mapping[str, str]) -> str:
        """Return the line of a row, with its end; of a row that cannot be written at all, the end alone."""
        try:
            if self.is_keyed:
                return _encode(row if type(row) is dict else dict(row)) + self.end
            values = [row[field.name] for field in self.table.fields]
            return ",".join(values if len(row) == len(values) else ()) + self.end
        except (KeyError, TypeError, ValueError, RecursionError):
            return self.end

    def fits(self, line: str) -> bool:
        """Return whether a line, without its end, is one of this table in its one form."""
        return self.pattern.fullmatch(line) is not None

    def all_fit(self, lines: Sequence[str]) -> bool:
        """Return whether all lines fit."""
        return None not in map(self.pattern.fullmatch, lines)

    def orders(self, lines: Sequence[str]) -> Sequence[str]:
        """Return what the places of lines follow from: the keys, or the whole lines where keys repeat."""
        return lines if self.table.repeats else [line[_KEY_AT] for line in lines]

    def total(self, lines: Sequence[str]) -> int:
        """Return what lines add to the control total of their file."""
        if self.is_keyed:
            return sum(int(line[9:17], 16) for line in lines)
        return sum(int(self._number(line) or 0) for line in lines)

    def row(self, line: str) -> dict[str, str]:
        """Return the row of a line that fits."""
        if self.is_keyed:
            found: dict[str, str] = json.loads(line)
            return found
        return dict(zip((field.name for field in self.table.fields), line.split(","), strict=True))

    def why_not(self, line: str) -> Iterator[tuple[PackageRule, str]]:
        """Yield what is wrong with a line that does not fit; nothing of it is shown."""
        if not self.is_keyed:
            yield from self._why_not_csv(line)
            return
        try:
            pairs = json.loads(line, object_pairs_hook=_Pairs)
        except (ValueError, RecursionError):
            yield PackageRule.ROW, "is not JSON; expected one object a line"
            return
        if not isinstance(pairs, _Pairs):
            yield PackageRule.ROW, "is no object"
            return
        yield from self._why_not_row(pairs)

    def _why_not_row(self, pairs: _Pairs) -> Iterator[tuple[PackageRule, str]]:
        names = [name for name, _ in pairs]
        if len(set(names)) < len(names):
            yield PackageRule.ROW, "has a name that is given twice"
        problems: list[Problem] = list(self.table.problems(dict(pairs)))
        for problem in problems:
            yield PackageRule.ROW, str(problem)
        if not problems:
            yield (
                PackageRule.CANONICAL,
                "is not in canonical form: names sorted, no spaces, no needless escapes",
            )

    def _why_not_csv(self, line: str) -> Iterator[tuple[PackageRule, str]]:
        values = line.split(",")
        if len(values) != len(self.table.fields):
            expected = len(self.table.fields)
            yield (
                PackageRule.ROW,
                f"has {len(values)} columns, expected {expected} without quotes: {self.head}",
            )
            return
        row = dict(zip((field.name for field in self.table.fields), values, strict=True))
        for problem in self.table.problems(row):
            yield PackageRule.ROW, str(problem)

    def _number(self, line: str) -> str:
        names = [field.name for field in self.table.fields]
        column = names.index("count") if "count" in names else names.index("rows")
        return line.split(",")[column]


class _Pairs(list[tuple[str, Any]]):
    """The members of a JSON object as they came, so that one given twice is seen."""


@cache
def form_of(table: Table) -> LineForm:
    """Return the form of a table's lines."""
    columns = [_column(field, _quoted if table.is_keyed else _plain) for field in table.fields]
    if table.about:
        columns[-2:] = [_pair(field) for field in table.about.fields]
        columns = [columns[0], "(?:" + "|".join(columns[1:]) + ")"]
    pattern = "\\{" + ",".join(columns) + "\\}" if table.is_keyed else ",".join(columns)
    head = "" if table.is_keyed else ",".join(field.name for field in table.fields)
    return LineForm(table, re.compile(pattern), "\n" if table.is_keyed else "\r\n", head)


def _column(field: Field, written: Callable[[Field, str], str]) -> str:
    return written(field, _value(field) if field.required else f"{_value(field)}?")


def _pair(field: Field) -> str:
    """Return what the columns "field" and "value" fit together."""
    return f'"field":"{field.name}","value":"{_value(field)}?"'


def _value(field: Field) -> str:
    pattern = _DAY if field.is_date else re.sub(r"\((?!\?)", "(?:", field.pattern)
    if field.is_text:
        pattern = _ESCAPED + pattern.removeprefix(TEXT)
    if field.is_hash:
        pattern = f'(?!{FILLED_UP}"){pattern}'
    return f"(?:{pattern})"


def _quoted(field: Field, pattern: str) -> str:
    return f'"{field.name}":"{pattern}"'


def _plain(_: Field, pattern: str) -> str:
    return pattern
