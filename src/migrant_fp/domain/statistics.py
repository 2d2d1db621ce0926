"""数量、结构、分布 (二(一)): counts of residents by division, and their suppression where they are small.

The counts are the default hand-over. What may be counted is a closed set (`Dimension`); health items are not in it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from migrant_fp.domain.count_table import (
    BROKEN_DOWN,
    LEAST_THRESHOLD,
    MOST_DIGITS,
    ROW,
    THRESHOLD,
    TOTAL,
    Cell,
    Place,
    Statistics,
    cell_problems,
    equations,
    head_problems,
    is_code,
    is_digits,
    named,
    open_ranges,
)
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

#: The columns of the counts as a table; `rows` yields them in this order.
COLUMNS = ("division", "dimension", "category", "count", "suppressed")

_DIMENSIONS = {dimension.value: dimension for dimension in Dimension}


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
            counts[row, Dimension.TOTAL, TOTAL] += number
            counts[row, Dimension.SEX, sex.value] += number
            counts[row, Dimension.AGE, band.value] += number
            counts[row, Dimension.STAY, stay.value] += number
    return Statistics(
        parent,
        threshold,
        tuple(Cell(row, d, c, counts[row, d, c]) for row in {parent, *rows} for d, c in ROW),
    )


def suppressed(statistics: Statistics, before: Statistics | None = None) -> Statistics:
    """Return the counts as they may leave the office: none from 1 to one less than the threshold, nor a way back to one.

    For every suppressed small count it holds: the published counts, and that the table adds up, still allow a
    value at or above the threshold. A part whose total is small is withheld whole, with a second part where one alone
    would show; if the total of all is small, everything is. Zeros are published, unless the revision before hid them.

    A correction gives *before*, the table that the receiver has already. What that one hid stays hidden, whatever it is now, and
    the threshold is not lower. So the promise holds for the small counts of both tables, against a reader who has both
    and takes nothing else for granted. It does not hold against one who knows, or rightly supposes, what did not
    change between the two: if a part alone changed, the totals tell by how much. What can be done about him is done: other cells
    are hidden in the loops only where those that are hidden already, or show another number now, do not do.

    Nor does it hold against a reader who has the table of another month, level or receiver beside it, or knows some of the people.

    Args:
        statistics: The counts. A table that has suppressed cells is looked through, and returned as it is: its small counts are
            gone, so what can be told is only that each suppressed cell is left open by the sums up to the threshold or is zero.
        before: What the same receiver was given for the same month, in its last revision.

    Raises:
        Invalid: If suppressed cells came, and a small count is shown or a sum gives one back; or if it shows what *before* hid,
            lacks a part of which *before* hid something, or has another parent or a lower threshold; with every problem.
    """
    if problems := [*_taken_back(statistics, before)] if before else []:
        raise Invalid("statistics", tuple(problems))
    if statistics.hidden:
        return _passed(statistics)
    return statistics.without(_hidden(statistics, before))


def _hidden(statistics: Statistics, before: Statistics | None) -> frozenset[Place]:
    parent, threshold = statistics.parent, statistics.threshold
    known = {place: number for place, number in statistics.counts.items() if number is not None}
    also = before.hidden if before else frozenset()
    shown = before.counts if before else {}
    same = frozenset(place for place, number in known.items() if number == shown.get(place))
    totals = {row: known[row, Dimension.TOTAL, TOTAL] for row in statistics.divisions}
    if 0 < totals.pop(parent) < threshold or (parent, Dimension.TOTAL, TOTAL) in also:
        return frozenset(known)
    withheld = withheld_rows(
        totals,
        threshold,
        also=frozenset(row for row in totals if (row, Dimension.TOTAL, TOTAL) in also),
        last=frozenset(row for row in totals if (row, Dimension.TOTAL, TOTAL) in same),
    )
    hidden = {place for place in known if place[0] in withheld}
    for dimension in BROKEN_DOWN:
        table: dict[str, Counter[str]] = {}
        for row in totals:
            # "" is the one row that the withheld parts are to the reader: the parent without the published parts.
            counts = {category: known[row, dimension, category] for category in CATEGORIES[dimension]}
            table.setdefault("" if row in withheld else row, Counter()).update(counts)
        places = hidden_places(
            table,
            parent,
            threshold,
            also=frozenset((row, c) for row, d, c in also if d is dimension and row not in withheld),
            last=frozenset((row, c) for row, d, c in same if d is dimension and row not in withheld),
        )
        hidden |= {(row, dimension, category) for row, category in places if row}
    return frozenset(hidden)


def _taken_back(statistics: Statistics, before: Statistics) -> Iterator[Problem]:
    """Yield how a correction would take back what the table before it hid."""
    if statistics.parent != before.parent:
        yield Problem("parent", f"came {statistics.parent}, the revision before has {before.parent}")
    if statistics.threshold < before.threshold:
        fact = (
            f"came {statistics.threshold}, the revision before has {before.threshold}; expected that or more"
        )
        yield Problem("threshold", fact)
    rows_now = set(statistics.divisions)
    for row in sorted({place[0] for place in before.hidden} - rows_now):
        yield Problem(
            row, "is missing, and the revision before suppressed some of it; list it, with zeros if need be"
        )
    if statistics.hidden:
        for place in sorted(before.hidden - statistics.hidden, key=lambda one: named(*one)):
            if place[0] in rows_now:
                yield Problem(
                    named(*place), "is shown, and the revision before suppressed it; pass the full counts"
                )


def _passed(statistics: Statistics) -> Statistics:
    problems = [
        Problem(named(*cell.place), "is small and shown")
        for cell in statistics.cells
        if cell.count is not None and 0 < cell.count < statistics.threshold
    ]
    counts = statistics.counts
    problems += [
        Problem(line.name, f"one suppressed count alone among it and the {line.of}: the others give it back")
        for line in equations(statistics.divisions)
        if [counts[line.whole], *(counts[part] for part in line.parts)].count(None) == 1
    ]
    problems += [*_range_problems(statistics)]
    if problems:
        fact = (
            "cannot be protected any more, since its small counts are gone; suppress the full counts instead"
        )
        raise Invalid("statistics", (*problems, Problem("table", fact)))
    return statistics


def _range_problems(statistics: Statistics) -> Iterator[Problem]:
    for place, (least, most) in sorted(open_ranges(statistics).items(), key=lambda one: named(*one[0])):
        if least > most:
            yield Problem(
                named(*place), "is suppressed, and no number makes the sums add up; correct the others"
            )
        elif 0 < most < statistics.threshold:
            yield Problem(
                named(*place),
                "is suppressed, and the sums keep it below the threshold: they give it back as small",
            )


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
    cells, problems = [], [*head_problems(parent, threshold)]
    for number, line in enumerate(lines, 1):
        facts = tuple(_line_problems(line))
        problems += [Problem(f"row {number}", fact) for fact in facts]
        if not facts:
            division, dimension, category, text, _ = line
            cells.append(Cell(division, _DIMENSIONS[dimension], category, int(text) if text else None))
    problems += cell_problems(cells) if problems else ()
    if problems:
        raise Invalid("statistics", tuple(problems))
    return Statistics(parent, threshold, tuple(cells))


def _line_problems(line: Sequence[str]) -> Iterator[str]:
    if len(line) != len(COLUMNS):
        yield f"has {len(line)} columns; expected {', '.join(COLUMNS)}"
        return
    division, dimension, category, text, mark = line
    if not is_code(division):
        yield "the division is no code; expected 6, 9 or 12 digits"
    if dimension not in _DIMENSIONS:
        yield f"the dimension is unknown; expected one of {', '.join(_DIMENSIONS)}"
    elif category not in CATEGORIES[_DIMENSIONS[dimension]]:
        yield f"the category is unknown; expected one of {', '.join(CATEGORIES[_DIMENSIONS[dimension]])}"
    if mark not in {"", "1"} or (mark == "1") != (text == ""):
        yield "expected either a count, or no count and 1 in the column suppressed"
    if text and not (is_digits(text) and len(text) <= MOST_DIGITS and str(int(text)) == text):
        yield f"the count is no whole number of at most {MOST_DIGITS} digits without sign or leading zero"
