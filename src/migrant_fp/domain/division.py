"""Administrative divisions with dated GB/T 2260 codes: a code alone is no identity over time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from difflib import get_close_matches
from itertools import groupby, pairwise
from typing import TypeAlias

import attrs

from migrant_fp.domain.errors import Invalid, Problem
from migrant_fp.domain.privacy import masked
from migrant_fp.schedule.errors import MigrantFpError
from migrant_fp.schedule.notice import Certainty

_COUNTY, _PREFECTURE = 6, 4
_ONE = timedelta(1)
_OfCode: TypeAlias = "Mapping[str, tuple[Division, ...]]"


@attrs.frozen
class NoSuchDivision(MigrantFpError, LookupError):
    """No division has this code or name on a day.

    Attributes:
        asked: The code or name.
        on: The day.
        near: Divisions of that day, or other days of this division, that may be meant.
    """

    asked: str = attrs.field(converter=masked)
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
        succeeds: The codes of divisions that ended before its first day and whose place it took.
    """

    code: str
    name: str
    parent: str | None
    since: date | None = None
    until: date | None = None
    source: str = ""
    certainty: Certainty = Certainty.FOUND
    succeeds: tuple[str, ...] = ()

    def stands(self, on: date) -> bool:
        """Return whether the division exists on a day."""
        return (self.since is None or self.since <= on) and (self.until is None or on <= self.until)

    @property
    def is_county(self) -> bool:
        """Whether it is at the county level (区、县、县级市: 辖市（区） in the document), by its code."""
        return len(self.code) == _COUNTY and not self.code.endswith("00")

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
        found = contradictions(self.rows)
        problems = tuple(Problem(one.rows[0].code[:20] or "(no code)", one.fact) for one in found)
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

    def resolved(self, code: str, on: date) -> Division:
        """Return the division that stands on a day in the place of a code of another day: itself, its successor, or its predecessor.

        Raises:
            NoSuchDivision: If the code is not in the set, nothing took its place, or several did; these are named.

        Example:
            >>> old = Division("320482", "金坛市", None, None, date(2015, 4, 28))
            >>> new = Division("320413", "金坛区", None, date(2015, 4, 29), succeeds=("320482",))
            >>> Divisions((old, new)).resolved("320482", date(2020, 1, 1)).name
            '金坛区'
        """
        reached = [code]
        for one in reached:
            reached += [other for other in self._replacing(one, on) if other not in reached]
        found = [row for row in self.on(on) if row.code in reached]
        found = [row for row in found if row.code == code] or found
        if len(found) == 1:
            return found[0]
        known = found or [row for row in self.rows if row.code == code]
        raise NoSuchDivision(code, on, tuple(_interval(row) for row in known))

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

    def _replacing(self, code: str, on: date) -> list[str]:
        """Return the codes that took the place of one that ended before a day, or whose place one takes that begins after it."""
        rows = [row for row in self.rows if row.code == code]
        if any(row.until is None or on <= row.until for row in rows):
            return [one for row in rows if row.since and on < row.since for one in row.succeeds]
        return [row.code for row in self.rows if code in row.succeeds]

    def ancestors(self, code: str, on: date) -> Iterator[Division]:
        """Yield the divisions above one on a day, the nearest first; a set in which they never end is refused when it is made.

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


@attrs.frozen
class Contradiction:
    """Something wrong with one division, or between several of a set.

    Attributes:
        rows: The divisions it is about, the one to correct first.
        fact: What is wrong and what to do.
        by_days: Whether it follows from the days of several divisions.
    """

    rows: tuple[Division, ...]
    fact: str
    by_days: bool = False


def contradictions(rows: Iterable[Division]) -> Iterator[Contradiction]:
    """Yield everything for which a set of these divisions would be refused, so that a file can name it by its lines."""
    held = _in_order(rows)
    of_code = {code: tuple(group) for code, group in groupby(held, key=lambda row: row.code)}
    for row in held:
        yield from (Contradiction((row,), fact) for fact in _wrong(row))
    for same in of_code.values():
        for before, after in pairwise(same):
            if before.until is None or after.since is None or after.since <= before.until:
                fact = f"{_interval(before)} and {_interval(after)} overlap; end one before the other begins"
                yield Contradiction((before, after), fact, by_days=True)
    for row in held:
        yield from _wrong_parent(row, of_code)
        yield from _wrong_predecessors(row, of_code)
    yield from _circles(held)


def _wrong(row: Division) -> Iterator[str]:
    if not (row.code.isdigit() and row.code.isascii() and len(row.code) in {_COUNTY, 9, 12}):
        yield "expected a code of 6, 9 or 12 digits"
    if not row.name:
        yield "has no name"
    if row.since and row.until and row.until < row.since:
        yield f"ends on {row.until}, before it begins on {row.since}"
    if row.parent == row.code:
        yield "is its own parent"
    if row.succeeds and row.since is None:
        yield "succeeds others, but has no first day; give it one"


def _wrong_parent(row: Division, of_code: _OfCode) -> Iterator[Contradiction]:
    if row.parent is None or row.parent == row.code:
        return
    if row.parent not in of_code:
        fact = f"its parent {row.parent} is not in the set; add it, or leave the parent out"
        yield Contradiction((row,), fact)
        return
    alone = _first_day_without(row, of_code[row.parent])
    if alone is not None:
        fact = f"{_interval(row)} stands on {alone}, and its parent {row.parent} does not; end one where the other ends"
        yield Contradiction((row, *of_code[row.parent]), fact, by_days=True)


def _first_day_without(row: Division, above: tuple[Division, ...]) -> date | None:
    """Return the first day on which a division stands and nothing with the code of its parent does; None if there is none."""
    day = row.since or above[0].since or date.min
    for one in above:
        if one.stands(day):
            if one.until is None or one.until == date.max:
                return None
            day = one.until + _ONE
    return day if row.stands(day) else None


def _wrong_predecessors(row: Division, of_code: _OfCode) -> Iterator[Contradiction]:
    for code in row.succeeds if row.since else ():
        before = of_code.get(code, ())
        if not any(row.since and one.until and one.until < row.since for one in before):
            fact = f"succeeds {code}, which did not end before it; add that division with its last day, or leave it out"
            yield Contradiction((row, *before), fact, by_days=bool(before))


def _circles(rows: Iterable[Division]) -> Iterator[Contradiction]:
    left = [row for row in rows if row.parent not in {None, row.code}]
    codes = {row.code for row in left}
    while any(row.parent not in codes for row in left):
        left = [row for row in left if row.parent in codes]
        codes = {row.code for row in left}
    told: set[str] = set()
    for day in sorted({row.since or date.min for row in left}):
        present = {row.code: row for row in left if row.stands(day)}
        for code in sorted(present.keys() - told):
            way = [code]
            while (following := present[way[-1]].parent) in present and following not in way:
                way.append(str(following))
            if following == code == min(way):
                told.add(code)
                when = "" if day == date.min else f" on {day}"
                fact = f"is above itself{when}: {' → '.join([*way, code])}; correct one of the parents"
                yield Contradiction(tuple(present[one] for one in way), fact)
