"""The promises of a host's register of what came, one test each."""
# ruff: noqa: D102, S101 - the tests are named by sentences, and asserts are what tests are made of

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

import attrs
import pytest

from migrant_fp.domain.clause import LegalBasis
from migrant_fp.domain.hand_over_record import Case, Change, ChangeKind, Deletion, Tombstone
from migrant_fp.domain.manifest import FIRST, Manifest, PackageAction, PackageKind
from migrant_fp.domain.table import KEY
from migrant_fp.ports.received import Received

_POLICE, _PLANNING = "public_security/district/999999", "family_planning/district/999999"
_OTHER = "coordination/district/999999"
_BASIS = LegalBasis("An invented law", "999999", date(2011, 1, 1), None, "invented for a test")
_TOWN, _VILLAGE = "999999001", "999999002"


@attrs.frozen
class TakenRows:
    """A package that came, for a test: its rows are given, and can end in an error.

    Attributes:
        manifest: What it says of itself.
        tables: Its rows by table.
        breaks: Whether its last row cannot be read.
        integrity_only: Whether nobody signed it.
    """

    manifest: Manifest
    tables: Mapping[str, tuple[dict[str, str], ...]] = attrs.field(repr=False)
    breaks: bool = False
    integrity_only: bool = False

    @property
    def digest(self) -> str:
        """A digest that is as much its own as that of a manifest."""
        return hashlib.sha256(f"{self.manifest}{self.tables}".encode()).hexdigest()

    def rows(self, table: str) -> Iterator[dict[str, str]]:
        """Yield the rows of a table.

        Raises:
            OSError: In place of the last row, if it breaks.
        """
        rows = self.tables.get(table, ())
        for number, row in enumerate(rows, 1):
            if self.breaks and number == len(rows):
                raise OSError(5, "an invented error of the disk")
            yield dict(row)


def taken(
    *rows: dict[str, str],
    deleted: Iterable[dict[str, str]] = (),
    sender: str = _POLICE,
    kind: PackageKind = PackageKind.CASES,
    period: str = "2011-10",
    **more: Any,  # noqa: ANN401 - any field of a manifest
) -> TakenRows:
    """Return a package that came, with rows of its kind's first table and rows that delete.

    Args:
        rows: The rows.
        deleted: The rows that delete.
        sender: The id of the agency it came from.
        kind: CASES or CHANGES.
        period: The month.
        more: More of the manifest, such as action, revision or part.
    """
    facts = {
        "as_of": date(2011, 10, 8),
        "due": date(2011, 10, 8),
        "basis": _BASIS,
        "retain_until": date(2012, 1, 8),
        "join_key": "example" if kind is PackageKind.CASES else "",
    }
    manifest = Manifest(sender=sender, receiver=_PLANNING, kind=kind, period=period, **{**facts, **more})
    tables = {kind.tables[0]: tuple(sorted(rows, key=lambda row: row[KEY])), "deleted": tuple(deleted)}
    return TakenRows(manifest, tables)


def case(number: int, residence: str = _TOWN) -> dict[str, str]:
    """Return the row of an invented person.

    Args:
        number: Which one.
        residence: The code of the place of residence.
    """
    return Case(f"{number:064x}", residence).row()


def _change(number: int, kind: ChangeKind, day: int) -> dict[str, str]:
    return Change(f"{number:064x}", kind, date(2011, 10, day)).row()


def _gone(number: int) -> dict[str, str]:
    return Tombstone(f"{number:064x}", Deletion.LEFT).row()


class ReceivedContract(ABC):
    """The promises of `Received`; `make` returns an empty register, `rows` what it holds.

    Example:
        >>> from migrant_fp.adapters.memory_received import MemoryReceived
        >>> class TestMemory(ReceivedContract):
        ...     def make(self):
        ...         return MemoryReceived()
        ...     def rows(self, received, sender, kind):
        ...         return received.rows(sender, kind)
        >>> TestMemory().test_what_is_applied_is_there()
    """

    @abstractmethod
    def make(self) -> Received:
        """Return an empty register."""

    @abstractmethod
    def rows(self, received: Any, sender: str, kind: str) -> Iterable[Mapping[str, str]]:  # noqa: ANN401 - the host's own class
        """Return what an agency handed over of a kind of package, such as cases, as it stands, in any order."""

    def test_what_is_applied_is_there(self) -> None:
        received = self.make()
        outcomes = received.apply(taken(case(1), case(2)), "")

        assert self._held(received) == [case(1), case(2)]
        assert [(one.outcome.value, one.rows) for one in outcomes] == [("added", 2)]

    def test_the_same_package_again_changes_nothing_and_is_answered_the_same(self) -> None:
        received, first = self.make(), taken(case(1), case(2))
        later = _delta(first, case(2, _VILLAGE), deleted=[_gone(1)])
        told = [received.apply(first, ""), received.apply(later, "")]

        assert [received.apply(first, ""), received.apply(later, "")] == told
        assert self._held(received) == [case(2, _VILLAGE)]

    def test_a_snapshot_takes_the_place_of_what_was_there(self) -> None:
        received = self.make()
        received.apply(taken(case(1), case(2)), "")
        received.apply(taken(case(2, _VILLAGE), case(3), period="2011-11"), "")

        assert self._held(received) == [case(2, _VILLAGE), case(3)]

    def test_a_snapshot_of_another_sender_or_kind_leaves_it(self) -> None:
        received = self.make()
        received.apply(taken(case(1)), "")
        received.apply(taken(case(2), sender=_OTHER), "")
        received.apply(taken(_change(1, ChangeKind.LEFT, 3), kind=PackageKind.CHANGES), "")

        assert self._held(received) == [case(1)]
        assert self._held(received, _OTHER) == [case(2)]
        assert self._held(received, kind="changes") == [_change(1, ChangeKind.LEFT, 3)]

    def test_the_parts_of_a_snapshot_count_as_one(self) -> None:
        received = self.make()
        received.apply(taken(case(9)), "")
        for part in (1, 2):
            received.apply(taken(case(part), period="2011-11", part=part, of=2), "")

        assert self._held(received) == [case(1), case(2)]

    def test_a_delta_adds_replaces_and_deletes_by_key(self) -> None:
        received, first = self.make(), taken(case(1), case(2), case(3))
        received.apply(first, "")
        outcomes = received.apply(_delta(first, case(2, _VILLAGE), case(4), deleted=[_gone(1)]), "")

        assert self._held(received) == [case(2, _VILLAGE), case(3), case(4)]
        assert {one.outcome.value: one.rows for one in outcomes} == {"added": 1, "replaced": 1, "deleted": 1}

    def test_a_key_that_repeats_keeps_all_its_rows(self) -> None:
        received, events = self.make(), [_change(1, ChangeKind.ARRIVED, 3), _change(1, ChangeKind.LEFT, 7)]
        received.apply(taken(*events, kind=PackageKind.CHANGES), "")

        assert self._held(received, kind="changes") == events

    def test_a_revision_takes_the_place_of_all_parts_of_the_earlier_one(self) -> None:
        received, before = self.make(), taken(case(1), case(9))
        received.apply(before, "")
        parts = [_delta(before, case(2), part=1, of=2), _delta(before, case(3), part=2, of=2)]
        for part in parts:
            received.apply(part, "")
        revised = _delta(before, case(2, _VILLAGE), revision=2, replaces=parts[0].digest)
        received.apply(revised, parts[0].digest)

        assert self._held(received) == [case(1), case(2, _VILLAGE), case(9)]

    def test_a_revision_of_an_old_month_leaves_what_came_for_later_months(self) -> None:
        received, october = self.make(), taken(case(1), case(2))
        received.apply(october, "")
        received.apply(_delta(october, case(3), deleted=[_gone(2)], period="2011-11"), "")
        revised = taken(case(1, _VILLAGE), case(2), revision=2, replaces=october.digest)
        received.apply(revised, october.digest)

        assert self._held(received) == [case(1, _VILLAGE), case(3)]

    def test_a_revision_of_what_was_never_applied_is_taken_over(self) -> None:
        received, rejected = self.make(), taken(case(1))
        received.apply(taken(case(2), revision=2, replaces=rejected.digest), rejected.digest)

        assert self._held(received) == [case(2)]

    def test_a_package_that_breaks_on_the_way_leaves_nothing_and_can_be_applied_later(self) -> None:
        received, first = self.make(), taken(case(1), case(2))
        received.apply(first, "")
        later = taken(case(3), case(4), period="2011-11")
        with pytest.raises(OSError, match="invented"):
            received.apply(attrs.evolve(later, breaks=True), "")
        assert self._held(received) == [case(1), case(2)]

        received.apply(later, "")
        assert self._held(received) == [case(3), case(4)]

    def _held(self, received: Received, sender: str = _POLICE, kind: str = "cases") -> list[dict[str, str]]:
        rows = [dict(row) for row in self.rows(received, sender, kind)]
        return sorted(rows, key=lambda row: sorted(row.items()))


def _delta(after: TakenRows, *rows: dict[str, str], **more: Any) -> TakenRows:  # noqa: ANN401 - any field of a manifest
    facts = {"period": "2011-11", "action": PackageAction.DELTA, "previous": after.digest, **more}
    assert after.digest != FIRST
    return taken(*rows, **facts)
