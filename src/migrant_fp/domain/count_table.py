"""A table of counts by division (二(一)): which cells it has, what must add up, and how far a suppressed cell is left open."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from types import MappingProxyType

import attrs

from migrant_fp.domain.errors import Invalid, Problem
from migrant_fp.domain.headcount import CATEGORIES, Dimension

#: A cell: its division, dimension and category.
Place = tuple[str, Dimension, str]
#: Counts from 1 to 9 are suppressed. The document names no threshold; this one is ours, and an adopter may choose another.
THRESHOLD = 10
#: No lower threshold is taken: it would hide next to nothing.
LEAST_THRESHOLD = 3
#: The most digits of a count.
MOST_DIGITS = 12
#: The one category of the total.
TOTAL = CATEGORIES[Dimension.TOTAL][0]
#: What the residents of a division are broken down by.
BROKEN_DOWN = tuple(dimension for dimension in Dimension if dimension is not Dimension.TOTAL)
#: The cells of one division, in order, with their number.
ROW = MappingProxyType(
    {place: number for number, place in enumerate((d, c) for d in Dimension for c in CATEGORIES[d])}
)

#: What the divisions below the parent are called.
PARTS = "parts"

_CODE_LENGTHS = (6, 9, 12)
_ROUNDS = 30


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

    @property
    def place(self) -> Place:
        """Where it stands."""
        return self.division, self.dimension, self.category


def _in_order(cells: Iterable[Cell]) -> tuple[Cell, ...]:
    def order(cell: Cell) -> tuple[str, int, str]:
        return cell.division, ROW.get((cell.dimension, cell.category), len(ROW)), cell.category

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
        >>> from migrant_fp.domain.headcount import AgeBand, Facts
        >>> from migrant_fp.domain.person import Sex, Stay
        >>> from migrant_fp.domain.statistics import count, suppressed
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
        problems = [*head_problems(self.parent, self.threshold), *cell_problems(self.cells)]
        if problems or (problems := [*_sum_problems(self)]):
            raise Invalid("statistics", tuple(problems))

    @property
    def divisions(self) -> tuple[str, ...]:
        """The parent, then its parts by code."""
        return tuple(dict.fromkeys((self.parent, *(cell.division for cell in self.cells))))

    @property
    def counts(self) -> Mapping[Place, int | None]:
        """Every count by its division, dimension and category; None where it is suppressed."""
        return {cell.place: cell.count for cell in self.cells}

    @property
    def hidden(self) -> frozenset[Place]:
        """The cells that are suppressed."""
        return frozenset(cell.place for cell in self.cells if cell.count is None)

    def without(self, places: Collection[Place]) -> Statistics:
        """Return the table with these cells suppressed, and no other changed."""
        return attrs.evolve(
            self,
            cells=tuple(
                attrs.evolve(cell, count=None) if cell.place in places else cell for cell in self.cells
            ),
        )

    def count_of(self, division: str, dimension: Dimension, category: str) -> int | None:
        """Return one count; None where it is suppressed.

        Raises:
            KeyError: If the table has no such division, or the dimension no such category.
        """
        return self.counts[division, dimension, category]


@attrs.frozen
class Equation:
    """What must add up.

    Attributes:
        whole: The cell that is the sum.
        parts: The cells that are summed.
        of: What the parts are called.
    """

    whole: Place
    parts: tuple[Place, ...]
    of: str

    @property
    def name(self) -> str:
        """How the sum is called in a message."""
        row, dimension, category = self.whole
        return named(row, dimension, "" if self.of != PARTS else category)


def equations(divisions: tuple[str, ...]) -> Iterator[Equation]:
    """Yield what must add up in a table of divisions, the parent first: categories to the total of the row, parts to the parent."""
    parent, *parts = divisions
    for row in divisions:
        for dimension in BROKEN_DOWN:
            cells = tuple((row, dimension, category) for category in CATEGORIES[dimension])
            yield Equation((row, Dimension.TOTAL, TOTAL), cells, f"categories of {dimension.value}")
    for place in ROW:
        yield Equation((parent, *place), tuple((row, *place) for row in parts), PARTS)


def open_ranges(statistics: Statistics) -> Mapping[Place, tuple[int, int]]:
    """Return for each suppressed cell a range outside of which it cannot lie, since counts add up and none is negative.

    The bounds follow from each sum alone, again and again, for a fixed number of rounds. So a cell may be known more closely
    than this says, never less; where the first is above the second, nothing adds up.
    """
    counts = statistics.counts
    total = counts[statistics.parent, Dimension.TOTAL, TOTAL]
    most = total if total is not None else 10**MOST_DIGITS * len(statistics.divisions)
    found = {place: (0, most) if number is None else (number, number) for place, number in counts.items()}
    hidden = statistics.hidden
    lines = [
        line for line in equations(statistics.divisions) if not hidden.isdisjoint((line.whole, *line.parts))
    ]
    for _ in range(_ROUNDS):
        before = {place: found[place] for place in hidden}
        for line in lines:
            _narrow(line, found)
        if all(found[place] == range_ for place, range_ in before.items()):
            break
    return {place: found[place] for place in hidden}


def _narrow(line: Equation, found: dict[Place, tuple[int, int]]) -> None:
    least = sum(found[part][0] for part in line.parts)
    most = sum(found[part][1] for part in line.parts)
    low, high = found[line.whole]
    found[line.whole] = low, high = max(low, least), min(high, most)
    for part in line.parts:
        first, last = found[part]
        found[part] = max(first, low - (most - last)), min(last, high - (least - first))


def head_problems(parent: str, threshold: int) -> Iterator[Problem]:
    """Yield what is wrong with the parent and the threshold of a table."""
    if not is_code(parent):
        yield Problem("parent", "is no code of a division; expected 6, 9 or 12 digits")
    if threshold < LEAST_THRESHOLD:
        yield Problem("threshold", f"came {threshold}, expected {LEAST_THRESHOLD} or more")


def cell_problems(cells: Iterable[Cell]) -> Iterator[Problem]:
    """Yield what is wrong with cells, each by itself: no division, no category, twice, or negative."""
    seen: set[Place] = set()
    for cell in cells:
        if not is_code(cell.division):
            yield Problem("division", "is no code; expected 6, 9 or 12 digits")
        elif cell.category not in CATEGORIES[cell.dimension]:
            yield Problem(
                named(cell.division, cell.dimension),
                f"a category is unknown; expected {', '.join(CATEGORIES[cell.dimension])}",
            )
        else:
            if cell.place in seen:
                yield Problem(named(*cell.place), "comes twice; keep one")
            if cell.count is not None and cell.count < 0:
                yield Problem(named(*cell.place), "is negative; expected a count from 0")
            seen.add(cell.place)


def _sum_problems(statistics: Statistics) -> Iterator[Problem]:
    counts = statistics.counts
    missing = [(row, d, c) for row in statistics.divisions for d, c in ROW if (row, d, c) not in counts]
    if missing:
        yield from (Problem(named(*place), "is missing; a count of nobody is 0") for place in missing)
        return
    for line in equations(statistics.divisions):
        whole, parts = counts[line.whole], [counts[part] for part in line.parts]
        known = sum(part for part in parts if part is not None)
        if whole is not None and (known > whole if None in parts else known != whole):
            yield Problem(line.name, f"its {line.of} add up to another number; correct one of them")


def named(division: str, dimension: Dimension, category: str = "") -> str:
    """Return how a cell is called in a message."""
    return "/".join(filter(None, (division, dimension.value, category)))


def is_digits(text: str) -> bool:
    """Whether a text is of plain digits alone."""
    return text.isascii() and text.isdigit()


def is_code(division: str) -> bool:
    """Whether a text can be the code of a division."""
    return len(division) in _CODE_LENGTHS and is_digits(division)
