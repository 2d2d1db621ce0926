"""What a table of counts must keep besides the form of its rows: it adds up, and shows no small count and gives none back."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from migrant_fp.domain.errors import Invalid
from migrant_fp.domain.flaw import PackageRule
from migrant_fp.domain.manifest import Manifest
from migrant_fp.domain.statistics import Statistics, of_rows, rows, suppressed

Count = tuple[str, ...]
#: A rule that is broken, the row where one is meant, and the fact.
Broken = tuple[PackageRule, int | None, str]
_ROW = re.compile(r"row ([0-9]+)")
_COUNT = 3
_R = PackageRule


def small_counts(numbers: Sequence[int], table: Sequence[Count], threshold: int) -> Iterator[Broken]:
    """Yield the rows that show a small count.

    Args:
        numbers: The numbers of the rows in their file.
        table: The rows, each of which fits its table.
        threshold: Counts from 1 to one less than this are small.
    """
    for number, row in zip(numbers, table, strict=True):
        if row[_COUNT] and 0 < int(row[_COUNT]) < threshold:
            yield _R.SUPPRESSION, number, f"shows a count below the threshold of {threshold} it declares"


def table_flaws(table: Sequence[Count], manifest: Manifest) -> Iterator[Broken]:
    """Yield what is wrong with a whole table of counts besides small counts that it shows.

    Args:
        table: Its rows, all of which fit.
        manifest: What the package says of itself.
    """
    try:
        counts = of_rows(table, manifest.sender.rpartition("/")[2], manifest.threshold)
    except Invalid as error:
        for problem in error.problems:
            found = _ROW.fullmatch(problem.place)
            yield (_R.ROW, int(found[1]), problem.fact) if found else (_R.ROW, None, str(problem))
        return
    if tuple(rows(counts)) != tuple(table):
        yield _R.ORDER, None, "is not in the order of codes and categories"
    yield from _given_back(counts)


def _given_back(counts: Statistics) -> Iterator[Broken]:
    known = [number for number in counts.counts.values() if number is not None]
    if len(known) == len(counts.cells) or any(0 < number < counts.threshold for number in known):
        return
    try:
        suppressed(counts)
    except Invalid as error:
        for problem in error.problems:
            yield _R.SUPPRESSION, None, str(problem)
