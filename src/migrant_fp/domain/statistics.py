"""数量、结构、分布 (二(一)): counts of residents by division, and their suppression where they are small.

The counts are the default hand-over. What may be counted is a closed set (`Dimension`); health items are not in it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

import attrs

from migrant_fp.domain.errors import Invalid, Problem
from migrant_fp.domain.headcount import AGE_BANDS, CATEGORIES, AgeBand, Dimension, Facts, facts_of
from migrant_fp.domain.suppression import hidden_places, withheld_rows

__all__ = [
    "AGE_BANDS",
    "CATEGORIES",
    "COLUMNS",
    "LEAST_THRESHOLD",
    "THRESHOLD",
    "AgeBand",
    "Cell",
    "Dimension",
    "Facts",
    "Statistics",
    "count",
    "facts_of",
    "of_rows",
    "rows",
    "suppressed",
]

#: Counts from 1 to 9 are suppressed. The document names no threshold; this one is ours, and an adopter may choose another.
THRESHOLD = 10
#: No lower threshold is taken: it would hide next to nothing.
LEAST_THRESHOLD = 3
#: The columns of the counts as a table; `rows` yields them in this order.
COLUMNS = ("division", "dimension", "category", "count", "suppressed")

_CODE_LENGTHS = (6, 9, 12)
_MOST_DIGITS = 12
_DIMENSIONS = {dimension.value: dimension for dimension in Dimension}
_TOTAL = CATEGORIES[Dimension.TOTAL][0]
_BROKEN_DOWN = tuple(dimension for dimension in Dimension if dimension is not Dimension.TOTAL)
_PLACES = {(d, c): place for place, (d, c) in enumerate((d, c) for d in Dimension for c in CATEGORIES[d])}


@attrs.frozen
class Cell:
    """One count.

    Attributes:
        division: The code of the division.
        dimension: What is counted by.
        category: The category of the dimension, as `CATEGORIES` lists them.
        count: How many residents; None where it is suppressed, which does not say whether it is small.
    """

    division: str
    dimension: Dimension
    category: str
    count: int | None


def _in_order(cells: Iterable[Cell]) -> tuple[Cell, ...]:
    def order(cell: Cell) -> tuple[str, int, str]:
        return cell.division, _PLACES.get((cell.dimension, cell.category), len(_PLACES)), cell.category

    return tuple(sorted(cells, key=order))


@attrs.frozen
class Statistics:
    """The counts of a division and of its parts: every category of every dimension, zeros too.

    The categories of a dimension add up to the total of the row, and the parts to the parent. Where cells are
    suppressed, the others must not exceed what they belong to; more cannot be told.

    Attributes:
        parent: The code of the division whose parts are counted.
        threshold: Counts from 1 to one less than this are suppressed before the table goes to anyone.
        cells: The counts; they are put in order, by code and category.

    Raises:
        Invalid: If they do not add up, or a cell is missing, repeated, negative or of no category; every problem is listed.

    Example:
        >>> from migrant_fp.domain.person import Sex, Stay
        >>> table = count([Facts("320499001", Sex.FEMALE, AgeBand.TO_49, Stay.WORK)], "320499")
        >>> table.count_of("320499", Dimension.SEX, Sex.FEMALE.value)
        1
        >>> print(suppressed(table).count_of("320499", Dimension.SEX, Sex.FEMALE.value))
        None
    """

    parent: str
    threshold: int
    cells: tuple[Cell, ...] = attrs.field(converter=_in_order)

    def __attrs_post_init__(self) -> None:
        """Refuse what does not add up."""
        problems = [*_head_problems(self.parent, self.threshold), *_cell_problems(self.cells)]
        if problems or (problems := [*_sum_problems(self)]):
            raise Invalid("statistics", tuple(problems))

    @property
    def divisions(self) -> tuple[str, ...]:
        """The parent, then its parts by code."""
        return tuple(dict.fromkeys((self.parent, *(cell.division for cell in self.cells))))

    @property
    def counts(self) -> Mapping[tuple[str, Dimension, str], int | None]:
        """Every count by its division, dimension and category; None where it is suppressed."""
        return {(cell.division, cell.dimension, cell.category): cell.count for cell in self.cells}

    def count_of(self, division: str, dimension: Dimension, category: str) -> int | None:
        """Return one count; None where it is suppressed.

        Raises:
            KeyError: If the table has no such division, or the dimension no such category.
        """
        return self.counts[division, dimension, category]


def count(
    facts: Iterable[Facts], parent: str, threshold: int = THRESHOLD, parts: Iterable[str] = ()
) -> Statistics:
    """Return the counts of a division. The facts are read once and not kept: memory does not grow with them.

    Args:
        facts: What is counted of each resident, in any order.
        parent: The code of the division whose parts are counted.
        threshold: The least count that may be published, beside zero.
        parts: Parts to list even where nobody is counted in them.

    Raises:
        Invalid: If a division is no code or the parent itself, or the threshold is below `LEAST_THRESHOLD`.
    """
    people = Counter((one.division, one.sex, one.age, one.stay) for one in facts)
    rows = {*parts, *(division for division, *_ in people)}
    if parent in rows:
        raise Invalid(
            "statistics", (Problem("parts", "hold the parent itself; name the part, not the whole"),)
        )
    counts: Counter[tuple[str, Dimension, str]] = Counter()
    for (division, sex, band, stay), number in people.items():
        for row in (division, parent):
            counts[row, Dimension.TOTAL, _TOTAL] += number
            counts[row, Dimension.SEX, sex.value] += number
            counts[row, Dimension.AGE, band.value] += number
            counts[row, Dimension.STAY, stay.value] += number
    return Statistics(
        parent,
        threshold,
        tuple(Cell(row, d, c, counts[row, d, c]) for row in {parent, *rows} for d, c in _PLACES),
    )


def suppressed(statistics: Statistics) -> Statistics:
    """Return the counts as they may leave the office: none from 1 to one less than the threshold, nor a way back to one.

    For every suppressed small count it holds: the published counts, and that the table adds up, still allow a
    value at or above the threshold. A part whose total is small is withheld whole, with a second part where one alone
    would show; if the total of all is small, everything is. Zeros are published.

    It is a promise about one table. It does not hold against a reader who also has the table of another month or
    level, or knows some of the people.

    Args:
        statistics: The counts; a table that has suppressed cells is taken to come from here, and returned.

    Raises:
        Invalid: If it has suppressed cells and cannot come from here, because it shows a small count or a sum gives one back.
    """
    counts = statistics.counts
    if None in counts.values():
        return _passed(statistics)
    known = {place: number for place, number in counts.items() if number is not None}
    hidden = _hidden(statistics, known)
    return attrs.evolve(
        statistics,
        cells=tuple(
            attrs.evolve(cell, count=None)
            if (cell.division, cell.dimension, cell.category) in hidden
            else cell
            for cell in statistics.cells
        ),
    )


def _hidden(
    statistics: Statistics, known: Mapping[tuple[str, Dimension, str], int]
) -> set[tuple[str, Dimension, str]]:
    parent, threshold = statistics.parent, statistics.threshold
    totals = {row: known[row, Dimension.TOTAL, _TOTAL] for row in statistics.divisions}
    if 0 < totals.pop(parent) < threshold:
        return {*known}
    withheld = withheld_rows(totals, threshold)
    hidden = {place for place in known if place[0] in withheld}
    for dimension in _BROKEN_DOWN:
        table: dict[str, Counter[str]] = {}
        for row in totals:
            # "" is the one row that the withheld parts are to the reader: the parent without the published parts.
            counts = {category: known[row, dimension, category] for category in CATEGORIES[dimension]}
            table.setdefault("" if row in withheld else row, Counter()).update(counts)
        hidden |= {
            (row, dimension, category) for row, category in hidden_places(table, parent, threshold) if row
        }
    return hidden


def rows(statistics: Statistics) -> Iterator[tuple[str, str, str, str, str]]:
    """Yield the counts as rows of text with the columns `COLUMNS`, by code and category.

    A suppressed count is empty and marked with 1.
    """
    for cell in statistics.cells:
        number, mark = ("", "1") if cell.count is None else (str(cell.count), "")
        yield cell.division, cell.dimension.value, cell.category, number, mark


def of_rows(lines: Iterable[Sequence[str]], parent: str, threshold: int = THRESHOLD) -> Statistics:
    """Return the counts that rows of text hold, as `rows` yields them, in any order.

    Args:
        lines: The rows, without the header; nothing in them is trusted.
        parent: The code of the division whose parts are counted.
        threshold: The threshold that the sender declares.

    Raises:
        Invalid: If a row cannot be read, or the table does not add up; every problem is listed, by the number of its row.
    """
    cells, problems = [], [*_head_problems(parent, threshold)]
    for number, line in enumerate(lines, 1):
        facts = tuple(_line_problems(line))
        problems += [Problem(f"row {number}", fact) for fact in facts]
        if not facts:
            division, dimension, category, text, _ = line
            cells.append(Cell(division, _DIMENSIONS[dimension], category, int(text) if text else None))
    problems += _cell_problems(cells) if problems else ()
    if problems:
        raise Invalid("statistics", tuple(problems))
    return Statistics(parent, threshold, tuple(cells))


def _line_problems(line: Sequence[str]) -> Iterator[str]:
    if len(line) != len(COLUMNS):
        yield f"has {len(line)} columns; expected {', '.join(COLUMNS)}"
        return
    division, dimension, category, text, mark = line
    if not _is_code(division):
        yield "the division is no code; expected 6, 9 or 12 digits"
    if dimension not in _DIMENSIONS:
        yield f"the dimension is unknown; expected one of {', '.join(_DIMENSIONS)}"
    elif category not in CATEGORIES[_DIMENSIONS[dimension]]:
        yield f"the category is unknown; expected one of {', '.join(CATEGORIES[_DIMENSIONS[dimension]])}"
    if mark not in {"", "1"} or (mark == "1") != (text == ""):
        yield "expected either a count, or no count and 1 in the column suppressed"
    if text and not (_is_digits(text) and len(text) <= _MOST_DIGITS and str(int(text)) == text):
        yield f"the count is no whole number of at most {_MOST_DIGITS} digits without sign or leading zero"


def _head_problems(parent: str, threshold: int) -> Iterator[Problem]:
    if not _is_code(parent):
        yield Problem("parent", "is no code of a division; expected 6, 9 or 12 digits")
    if threshold < LEAST_THRESHOLD:
        yield Problem("threshold", f"came {threshold}, expected {LEAST_THRESHOLD} or more")


def _cell_problems(cells: Iterable[Cell]) -> Iterator[Problem]:
    seen: set[tuple[str, Dimension, str]] = set()
    for cell in cells:
        if not _is_code(cell.division):
            yield Problem("division", "is no code; expected 6, 9 or 12 digits")
        elif cell.category not in CATEGORIES[cell.dimension]:
            yield Problem(
                _named(cell.division, cell.dimension),
                f"a category is unknown; expected {', '.join(CATEGORIES[cell.dimension])}",
            )
        else:
            place = (cell.division, cell.dimension, cell.category)
            if place in seen:
                yield Problem(_named(*place), "comes twice; keep one")
            if cell.count is not None and cell.count < 0:
                yield Problem(_named(*place), "is negative; expected a count from 0")
            seen.add(place)


def _sum_problems(statistics: Statistics) -> Iterator[Problem]:
    counts = statistics.counts
    missing = [(row, d, c) for row in statistics.divisions for d, c in _PLACES if (row, d, c) not in counts]
    if missing:
        yield from (Problem(_named(*place), "is missing; a count of nobody is 0") for place in missing)
        return
    for place, of, whole, parts in _lines(statistics):
        known = sum(part for part in parts if part is not None)
        if whole is not None and (known > whole if None in parts else known != whole):
            yield Problem(place, f"its {of} add up to another number; correct one of them")


def _passed(statistics: Statistics) -> Statistics:
    problems = [
        Problem(_named(cell.division, cell.dimension, cell.category), "is small and shown")
        for cell in statistics.cells
        if cell.count is not None and 0 < cell.count < statistics.threshold
    ]
    problems += [
        Problem(place, f"one suppressed count alone among it and the {of}: the others give it back")
        for place, of, whole, parts in _lines(statistics)
        if [whole, *parts].count(None) == 1
    ]
    if problems:
        fact = (
            "cannot be protected any more, since its small counts are gone; suppress the full counts instead"
        )
        raise Invalid("statistics", (*problems, Problem("table", fact)))
    return statistics


def _lines(statistics: Statistics) -> Iterator[tuple[str, str, int | None, list[int | None]]]:
    """Yield what must add up: where it is, what its parts are called, the whole and the parts."""
    counts, (parent, *parts) = statistics.counts, statistics.divisions
    for row in (parent, *parts):
        for dimension in _BROKEN_DOWN:
            categories = [counts[row, dimension, category] for category in CATEGORIES[dimension]]
            whole = counts[row, Dimension.TOTAL, _TOTAL]
            yield _named(row, Dimension.TOTAL), f"categories of {dimension.value}", whole, categories
    for place in _PLACES:
        yield _named(parent, *place), "parts", counts[parent, *place], [counts[row, *place] for row in parts]


def _named(division: str, dimension: Dimension, category: str = "") -> str:
    return "/".join(filter(None, (division, dimension.value, category)))


def _is_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _is_code(division: str) -> bool:
    return len(division) in _CODE_LENGTHS and _is_digits(division)
