"""What came, in memory: the reference of `Received`, and one for a script or a test.

It keeps the packages in their order and makes each table from them anew: slow and plain. A host that keeps tables of its own
has to come to the same rows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

import attrs

from migrant_fp.domain.manifest import Manifest, PackageAction
from migrant_fp.domain.receipt import Outcome
from migrant_fp.domain.table import KEY
from migrant_fp.ports.packages import Taken

Row = tuple[tuple[str, str], ...]
_DELETED = "deleted"
#: What tells rows of a table without a key apart.
_PLACE = ("division", "dimension", "category")


@attrs.frozen
class _Applied:
    """A package that was applied: its rows by table, and what its sender was told."""

    manifest: Manifest
    tables: Mapping[str, tuple[Row, ...]] = attrs.field(repr=False)
    outcomes: tuple[Outcome, ...] = ()

    @property
    def stream(self) -> tuple[str, str]:
        return self.manifest.sender, self.manifest.kind.value

    @property
    def hand_over(self) -> tuple[object, ...]:
        return self.manifest.hand_over


class MemoryReceived:
    """A register in memory.

    Example:
        >>> MemoryReceived().rows("public_security/district/320411", "cases")
        ()
    """

    def __init__(self) -> None:
        """Begin with nothing."""
        self._applied: dict[str, _Applied] = {}

    def apply(self, package: Taken, replaces: str) -> tuple[Outcome, ...]:
        """Take over the rows of a package, all or none."""
        if package.digest in self._applied:
            return self._applied[package.digest].outcomes
        manifest = package.manifest
        tables = {name: tuple(map(_frozen, package.rows(name))) for name in manifest.kind.tables}
        fresh = _Applied(manifest, tables)
        before = self._table(*fresh.stream)
        applied = _placed(self._applied, package.digest, fresh, replaces)
        outcomes = tuple(_outcomes(before, _table(applied.values(), *fresh.stream), tables))
        self._applied = {**applied, package.digest: attrs.evolve(fresh, outcomes=outcomes)}
        return outcomes

    def rows(self, sender: str, kind: str) -> tuple[dict[str, str], ...]:
        """Return what an agency handed over of a kind, as it stands now, in order.

        Args:
            sender: The id of the agency.
            kind: The kind of package, such as cases.
        """
        table = self._table(sender, kind)
        return tuple(dict(row) for key in sorted(table) for row in sorted(table[key]))

    def _table(self, sender: str, kind: str) -> dict[Row, set[Row]]:
        return _table(self._applied.values(), sender, kind)


def _placed(
    applied: Mapping[str, _Applied], digest: str, fresh: _Applied, replaces: str
) -> dict[str, _Applied]:
    """Return what is applied with one more: behind the others, or where the revision stood that it replaces."""
    mine = [key for key, one in applied.items() if replaces and one.hand_over == fresh.hand_over]
    if not mine:
        return {**applied, digest: fresh}
    placed: dict[str, _Applied] = {}
    for key, one in applied.items():
        if key not in mine or one.manifest.revision == fresh.manifest.revision:
            placed[key] = one
        if key == mine[-1]:
            placed[digest] = fresh
    return placed


def _table(applied: Iterable[_Applied], sender: str, kind: str) -> dict[Row, set[Row]]:
    """Make the table anew from the packages, in their order."""
    mine = [one for one in applied if one.stream == (sender, kind)]
    table: dict[Row, set[Row]] = {}
    for _, parts in groupby(mine, key=lambda one: (one.hand_over, one.manifest.revision)):
        table = _after(table, tuple(parts))
    return table


def _after(table: Mapping[Row, set[Row]], parts: Sequence[_Applied]) -> dict[Row, set[Row]]:
    """Return the table after one hand-over, whose parts count as one."""
    first = parts[0].manifest
    stays = {} if first.action is PackageAction.SNAPSHOT else dict(table)
    for row in (row for part in parts for row in part.tables.get(_DELETED, ())):
        stays.pop(_key(row), None)
    came: dict[Row, set[Row]] = {}
    for row in (row for part in parts for row in part.tables[first.kind.tables[0]]):
        came.setdefault(_key(row), set()).add(row)
    return stays | came


def _outcomes(
    before: Mapping[Row, set[Row]], after: Mapping[Row, set[Row]], tables: Mapping[str, tuple[Row, ...]]
) -> Iterator[Outcome]:
    named = {_key(row) for rows in tables.values() for row in rows}
    moved = {key for key in {*before, *after} if before.get(key) != after.get(key)}
    fates = Counter(_fate(before.get(key), after.get(key)) for key in named | moved)
    return (Outcome(fate, rows=number) for fate, number in sorted(fates.items()))


def _fate(before: set[Row] | None, after: set[Row] | None) -> str:
    if before == after:
        return "unchanged"
    if not before:
        return "added"
    return "replaced" if after else "deleted"


def _key(row: Row) -> Row:
    columns = dict(row)
    names = (KEY,) if KEY in columns else _PLACE
    return tuple((name, columns[name]) for name in names)


def _frozen(row: Mapping[str, str]) -> Row:
    return tuple(sorted(row.items()))
