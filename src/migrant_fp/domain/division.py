"""Administrative divisions with dated GB/T 2260 codes: a code alone is no identity over time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from difflib import get_close_matches
from itertools import groupby, pairwise

import attrs

from migrant_fp.domain.errors import Invalid, Problem
from migrant_fp.schedule.errors import MigrantFpError
from migrant_fp.schedule.notice import Certainty

_COUNTY, _PREFECTURE = 6, 4
_ONE = timedelta(1)


@attrs.frozen
class NoSuchDivision(MigrantFpError, LookupError):
    """No division has this code or name on a day.

    Attributes:
        asked: The code or name.
        on: The day.
        near: Divisions of that day, or other days of this division, that may be meant.
    """

    asked: str
    on: date
    near: tuple[str, ...]

    def __str__(self) -> str:
        """Name what was asked, the day and what may be meant."""
        meant = f"; near: {'、'.join(self.near)}" if self.near else ""
        return f"no division {self.asked} on {self.on}{meant} （该日无此区划）"


@attrs.frozen
class Division:
    """A division during one interval.

    Attributes:
        code: Its code: 6 digits to the county level (GB/T 2260), 9 below (GB/T 10114).
        name: Its Chinese name, such as 金坛市.
        parent: The code of the division it belongs to; None at the top of a set.
        since: Its first day; None where the set does not reach back to it.
        until: Its last day; None while it stands.
        source: Where this comes from.
        certainty: How the days are known.
    """

    code: str
    name: str
    parent: str | None
    since: date | None = None
    until: date | None = None
    source: str = ""
    certainty: Certainty = Certainty.FOUND

    def stands(self, on: date) -> bool:
        """Return whether the division exists on a day."""
        return (self.since is None or self.since <= on) and (self.until is None or on <= self.until)

    @property
    def is_city_district(self) -> bool:
        """Whether it is a district of a city (市辖区), by its code: 01-20 in the last two of six digits."""
        return len(self.code) == _COUNTY and 1 <= int(self.code[_PREFECTURE:]) <= 20  # noqa: PLR2004 - GB/T 2260

    @property
    def prefecture(self) -> str:
        """The first four digits: the city divided into districts, or the prefecture."""
        return self.code[:_PREFECTURE]


def _in_order(rows: Iterable[Division]) -> tuple[Division, ...]:
    return tuple(sorted(set(rows), key=lambda row: (row.code, row.since or date.min)))


@attrs.frozen
class Divisions:
    """A set of divisions over time.

    Attributes:
        rows: The divisions, by code and time.

    Raises:
        Invalid: If codes, intervals or parents contradict each other, with every problem.
    """

    rows: tuple[Division, ...] = attrs.field(converter=_in_order)

    def __attrs_post_init__(self) -> None:
        """Refuse a set that contradicts itself."""
        problems = tuple(_problems(self.rows))
        if problems:
            raise Invalid("divisions", problems)

    def on(self, day: date) -> tuple[Division, ...]:
        """Return the divisions of a day."""
        return tuple(row for row in self.rows if row.stands(day))

    def get(self, code: str, on: date) -> Division:
        """Return the division that has a code on a day.

        Raises:
            NoSuchDivision: If none has; divisions of other days with that code are named.
        """
        for row in self.rows:
            if row.code == code and row.stands(on):
                return row
        raise NoSuchDivision(code, on, tuple(_interval(row) for row in self.rows if row.code == code))

    def find(self, text: str, on: date) -> Division:
        """Return the division with a code or a Chinese name on a day; 金坛 finds 金坛市 where only one begins so.

        Raises:
            NoSuchDivision: If none has, or several begin so; near names are given.
        """
        if text.isdigit():
            return self.get(text, on)
        present = self.on(on)
        same = [row for row in present if row.name == text] or [
            row for row in present if row.name[:-1] == text
        ]
        if len(same) == 1:
            return same[0]
        names = [row.name for row in present]
        near = [_interval(row) for row in same] or get_close_matches(text, names, n=3, cutoff=0.5)
        raise NoSuchDivision(text, on, tuple(near))

    def children(self, code: str, on: date) -> tuple[Division, ...]:
        """Return the divisions that belong to one on a day."""
        return tuple(row for row in self.on(on) if row.parent == code)

    def ancestors(self, code: str, on: date) -> Iterator[Division]:
        """Yield the divisions above one on a day, the nearest first.

        Raises:
            NoSuchDivision: If the code stands for none on that day.
        """
        parent = self.get(code, on).parent
        while parent is not None:
            above = self.get(parent, on)
            yield above
            parent = above.parent


def _interval(row: Division) -> str:
    return f"{row.code} {row.name}（{row.since or '…'}至{row.until or '今'}）"


def _problems(rows: tuple[Division, ...]) -> Iterator[Problem]:
    for row in rows:
        yield from _row_problems(row)
    for code, group in groupby(rows, key=lambda row: row.code):
        held = list(group)
        for before, after in pairwise(held):
            if before.until is None or after.since is None or after.since <= before.until:
                yield Problem(
                    code,
                    f"{_interval(before)} and {_interval(after)} overlap; end one before the other begins",
                )
    codes = {row.code for row in rows}
    for row in rows:
        if row.parent is not None and row.parent not in codes:
            yield Problem(
                row.code, f"its parent {row.parent} is not in the set; add it, or leave the parent out"
            )


def _row_problems(row: Division) -> Iterator[Problem]:
    if not (row.code.isdigit() and row.code.isascii() and len(row.code) in {_COUNTY, 9, 12}):
        yield Problem(row.code[:20] or "(no code)", "expected a code of 6, 9 or 12 digits")
    if not row.name:
        yield Problem(row.code, "has no name")
    if row.since and row.until and row.until < row.since:
        yield Problem(row.code, f"ends on {row.until}, before it begins on {row.since}")
    if row.parent == row.code:
        yield Problem(row.code, "is its own parent")
