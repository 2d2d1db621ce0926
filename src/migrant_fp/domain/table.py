"""Tables of a package: columns of text, each with the pattern that its values fit."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date

import attrs

from migrant_fp.domain.errors import Problem
from migrant_fp.domain.privacy import Sensitivity
from migrant_fp.schedule.term import Term

#: The record key: a keyed hash of the identity number, as 64 hexadecimal digits. The name sorts before every other.
KEY = "_key"
#: Patterns that several tables share.
CODE = "[0-9]{6}([0-9]{3}){0,2}"
DATE = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
#: One character of free text: no control character, no half of a surrogate pair, and nothing that breaks a line.
TEXT = "[^\\x00-\\x1f\\x7f-\\x9f\\u2028\\u2029\\ud800-\\udfff\\ufeff]"

#: No keyed hash: an identity number that was filled up to the length of one. Of 10**12 hashes not one is expected to fit.
FILLED_UP = "(?:0+|a+|b+|c+|d+|e+|f+)?[1-9][0-9]{14,17}(?:0+|a+|b+|c+|d+|e+|f+)?"


def one_of(terms: type[Term]) -> str:
    """Return the pattern of a closed set.

    Example:
        >>> from migrant_fp.domain.person import Sex
        >>> one_of(Sex)
        '0|1|2|9'
    """
    return "|".join(re.escape(str(term.value)) for term in terms)


@attrs.frozen
class Field:
    """One column of a table.

    Attributes:
        name: Its name.
        zh: Its Chinese name.
        pattern: The regular expression that a whole value fits; also printed in the table schema of a package.
        required: Whether it may not be empty.
        sensitivity: What kind of personal data it is, if any.
        is_date: Whether a value is a date, such as 2011-10-05.
        is_text: Whether a value is free text.
        is_hash: Whether a value is a keyed hash: an identity number that was filled up to its length is refused.
    """

    name: str
    zh: str
    pattern: str
    required: bool = False
    sensitivity: Sensitivity | None = None
    is_date: bool = False
    is_text: bool = False
    is_hash: bool = False

    def problem(self, value: str) -> str:
        """Return what is wrong with a value, or nothing; the value itself is not shown."""
        if not value:
            return "is empty; it is required" if self.required else ""
        if not re.fullmatch(self.pattern, value):
            return f"came {len(value)} characters that do not fit, expected {self.zh} as {self.pattern}"
        if self.is_date and not _is_date(value):
            return "is no day of the calendar; expected a date such as 2011-10-05"
        if self.is_hash and re.fullmatch(FILLED_UP, value):
            return "is a number that was filled up; expected a keyed hash, as JoinKey.hashed makes it"
        return ""


def _is_date(value: str) -> bool:
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


@attrs.frozen
class Table:
    """A table of a package.

    Attributes:
        name: Its name; its files begin with it.
        zh: Its Chinese name.
        fields: Its columns, by name; the key is the first.
        repeats: Whether a key may come in several rows, which then differ.
        about: The table whose fields the column "field" names; the column "value" then holds what fits that field.
    """

    name: str
    zh: str
    fields: tuple[Field, ...]
    repeats: bool = False
    about: Table | None = None

    @property
    def is_keyed(self) -> bool:
        """Whether its rows have a key, and so an order."""
        return self.fields[0].name == KEY

    def problems(self, row: Mapping[str, object]) -> Iterator[Problem]:
        """Yield everything that is wrong with a row; no value is shown.

        Example:
            >>> from migrant_fp.domain.hand_over_record import DELETED
            >>> [str(problem) for problem in DELETED.problems({"_key": "0" * 64, "reason": ""})]
            ['reason: is empty; it is required']
        """
        known = {field.name for field in self.fields}
        if set(row) - known:
            extra = len(set(row) - known)
            yield Problem("row", f"has {extra} unknown columns; expected {', '.join(sorted(known))} alone")
        for field in self.fields:
            value = row.get(field.name)
            if not isinstance(value, str):
                yield Problem(field.name, 'is missing or no text; expected text, "" for nothing')
            elif fact := field.problem(value):
                yield Problem(field.name, fact)
        yield from self._value_problems(row)

    def _value_problems(self, row: Mapping[str, object]) -> Iterator[Problem]:
        name, value = row.get("field"), row.get("value")
        for field in self.about.fields if self.about else ():
            if field.name == name and isinstance(value, str) and value and (fact := field.problem(value)):
                yield Problem("value", fact)
