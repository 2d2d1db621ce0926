"""Which cells of a table to suppress so that its totals give no small count back. Pure arithmetic on rows and columns.

A count is small from 1 to one less than the threshold; a zero is not. The reader of a table knows what is published
and that parts add up to the parent. Let one suppressed cell rise and others fall and rise in a loop, so that every row
and column keeps its sum: what he sees is the same. So a small count is safe when loops through suppressed cells let it
rise to the threshold. Each loop is looked for as the cheapest way back through the table (a shortest path); where one
is too narrow, a second is added: the network heuristic of statistical offices (cell suppression by shortest paths).

Loops are always found, and never through a zero, if the total of each row is zero or at least the threshold: such a row
can take from its own other cells what the small one rises by, and the row of the parent moves along. Hence rows with a
small total are withheld whole first, and stand in the table as one row together.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from heapq import heappop, heappush

import attrs

from migrant_fp.domain.errors import Invalid, Problem

#: A cell: its row and its column.
Place = tuple[str, str]
_Node = tuple[str, str]
_Way = list[tuple[Place, bool]]
_ROW, _COLUMN = "row", "column"


def withheld_rows(
    totals: Mapping[str, int],
    threshold: int,
    *,
    also: frozenset[str] = frozenset(),
    last: frozenset[str] = frozenset(),
) -> frozenset[str]:
    """Return the rows to withhold whole: those with a small total and, if they are small together, one more to hide them.

    Args:
        totals: The total of each part; together zero or at least the threshold.
        threshold: The least count that may be published, beside zero.
        also: Rows to withhold whatever their total is.
        last: Rows to take as the one more only where no other is there.

    Example:
        >>> sorted(withheld_rows({"a": 3, "b": 40, "c": 25, "d": 0}, 10))
        ['a', 'c']
        >>> sorted(withheld_rows({"a": 3, "b": 40, "c": 9}, 10))
        ['a', 'c']
    """
    small = also | {row for row, total in totals.items() if 0 < total < threshold}
    if not 0 < sum(totals[row] for row in small) < threshold:
        return small
    others = (row for row, total in totals.items() if total >= threshold)
    return small | {min(others, key=lambda row: (row in last, totals[row], row))}


def hidden_places(
    parts: Mapping[str, Mapping[str, int]],
    parent: str,
    threshold: int,
    *,
    also: frozenset[Place] = frozenset(),
    last: frozenset[Place] = frozenset(),
) -> frozenset[Place]:
    """Return the cells to suppress: the small ones, and those without which they could be worked out.

    Args:
        parts: The count of each column, by part; the total of each part is zero or at least the threshold.
        parent: What to call the row of the sums; no part is called so.
        threshold: The least count that may be published, beside zero.
        also: Cells to suppress whatever they hold.
        last: Cells to suppress for the sake of others only where no loop is there without them.

    Raises:
        Invalid: If the total of a part is small; `withheld_rows` names those that must be withheld whole before.

    Example:
        >>> parts = {"a": {"m": 4, "f": 30}, "b": {"m": 20, "f": 25}, "c": {"m": 90, "f": 80}}
        >>> sorted(hidden_places(parts, "all", 10))
        [('a', 'f'), ('a', 'm'), ('b', 'f'), ('b', 'm')]
    """
    if any(0 < sum(columns.values()) < threshold for columns in parts.values()):
        fact = "has a small total; withhold such rows whole first, and give them as one row together"
        raise Invalid("table", (Problem("a row", fact),))
    table = _Table.of(parts, parent, last)
    small = sorted((count, place) for place, count in table.counts.items() if count < threshold)
    hidden = {*also, *(place for _, place in small)}
    for count, place in small:
        hidden |= table.loops(place, threshold - count, hidden)
    return frozenset(hidden)


@attrs.frozen
class _Table:
    """The cells of a table that are not zero, as the edges between its rows and its columns."""

    counts: Mapping[Place, int]
    parent: str
    edges: Mapping[_Node, tuple[Place, ...]]
    last: frozenset[Place]

    @classmethod
    def of(cls, parts: Mapping[str, Mapping[str, int]], parent: str, last: frozenset[Place]) -> _Table:
        counts: dict[Place, int] = {}
        for part, columns in parts.items():
            for column, count in columns.items():
                counts[part, column] = count
                counts[parent, column] = counts.get((parent, column), 0) + count
        counts = {place: count for place, count in counts.items() if count}
        edges: dict[_Node, tuple[Place, ...]] = {}
        for place in sorted(counts):
            for node in ((_ROW, place[0]), (_COLUMN, place[1])):
                edges[node] = (*edges.get(node, ()), place)
        return cls(counts, parent, edges, last)

    def loops(self, target: Place, rise: int, hidden: set[Place]) -> set[Place]:
        """Return the cells of loops that let the target rise so far, using what is hidden already where that is possible."""
        start, goal = (_COLUMN, target[1]), (_ROW, target[0])
        if target[0] == self.parent:
            start, goal = goal, start
        levels = {place: count for place, count in self.counts.items() if place != target}
        found = set(hidden)
        while rise:
            way = self._cheapest(start, goal, levels, found)
            step = min(rise, *(levels[place] for place, rises in way if not rises))
            for place, rises in way:
                levels[place] += step if rises else -step
            found.update(place for place, _ in way)
            rise -= step
        return found

    def _cheapest(self, start: _Node, goal: _Node, levels: Mapping[Place, int], free: set[Place]) -> _Way:
        """Return the way with the fewest new cells, the last ones first of all, and the smallest among them (Dijkstra's shortest path)."""
        best = {start: (0, 0, 0)}
        came: dict[_Node, tuple[_Node, Place, bool]] = {}
        heap = [((0, 0, 0), start)]
        while (popped := heappop(heap))[1] != goal:
            spent, node = popped
            if spent > best[node]:
                continue
            for place, rises, to in self._steps(node, levels):
                new = (0, 0, 0) if place in free else (int(place in self.last), 1, self.counts[place])
                cost = (spent[0] + new[0], spent[1] + new[1], spent[2] + new[2])
                if to not in best or cost < best[to]:
                    best[to], came[to] = cost, (node, place, rises)
                    heappush(heap, (cost, to))
        return _walked_back(came, start, goal)

    def _steps(self, node: _Node, levels: Mapping[Place, int]) -> Iterator[tuple[Place, bool, _Node]]:
        """Yield the cells that can move next: one that fell makes its column rise, or its row; the parent's row mirrors it."""
        for place in self.edges[node]:
            rises = (node[0] == _ROW) != (place[0] == self.parent)
            if place in levels and (rises or levels[place]):
                yield place, rises, (_COLUMN, place[1]) if node[0] == _ROW else (_ROW, place[0])


def _walked_back(came: Mapping[_Node, tuple[_Node, Place, bool]], start: _Node, goal: _Node) -> _Way:
    way: _Way = []
    node = goal
    while node != start:
        node, place, rises = came[node]
        way.append((place, rises))
    return way
