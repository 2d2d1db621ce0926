"""The register in memory keeps the contract, and each promise fails a register that breaks it."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrant_fp.adapters.memory_received import MemoryReceived
from migrant_fp.domain.manifest import Manifest, PackageAction, PackageKind
from migrant_fp.domain.receipt import Outcome
from migrant_fp.ports.packages import Taken
from migrant_fp.ports.received import Received
from migrant_fp.testing.received import ReceivedContract, TakenRows, case, taken

POLICE, PLANNING = "public_security/district/999999", "family_planning/district/999999"


class TestMemory(ReceivedContract):
    def make(self) -> Received:
        return MemoryReceived()

    def rows(self, received: Any, sender: str, kind: str) -> Iterable[Mapping[str, str]]:
        rows: Iterable[Mapping[str, str]] = received.rows(sender, kind)
        return rows


class _Broken(MemoryReceived):
    """The register in memory with one promise broken."""

    def __init__(self, promise: str) -> None:
        super().__init__()
        self.promise = promise

    def apply(self, package: Any, replaces: str) -> tuple[Outcome, ...]:
        replaces = getattr(self, self.promise)(package, replaces) or ""
        if self.promise == "forgets_the_fate":
            return (Outcome("unchanged"),)
        return super().apply(self.changed(package), replaces)

    def changed(self, package: TakenRows) -> Taken:
        manifest, tables = package.manifest, dict(package.tables)
        if self.promise == "adds_alone":
            manifest = attrs.evolve(manifest, action=PackageAction.DELTA, previous="1" * 64)
        elif self.promise == "forgets_deletions":
            tables["deleted"] = ()
        elif self.promise == "keeps_one_row_a_key":
            tables |= {
                name: tuple({row["_key"]: row for row in rows}.values()) for name, rows in tables.items()
            }
        return attrs.evolve(package, manifest=manifest, tables=tables)

    def forgets_the_fate(self, package: TakenRows, replaces: str) -> str:
        super().apply(package, replaces)
        return replaces

    def applies_twice(self, package: TakenRows, replaces: str) -> str:
        self._applied.pop(package.digest, None)
        return replaces

    def adds_alone(self, package: TakenRows, replaces: str) -> str:
        return replaces

    forgets_deletions = keeps_one_row_a_key = adds_alone

    def begins_anew(self, package: TakenRows, replaces: str) -> str:
        self._applied.clear()
        return replaces

    def begins_anew_with_each_part(self, package: TakenRows, replaces: str) -> str:
        return self.begins_anew(package, replaces) if package.manifest.part > 1 else replaces

    def replaces_one_part(self, package: TakenRows, replaces: str) -> str:
        self._applied.pop(replaces, None)
        return ""

    def puts_a_revision_last(self, package: TakenRows, replaces: str) -> str:
        if replaces:
            for key, one in list(self._applied.items()):
                if one.hand_over == package.manifest.hand_over:
                    del self._applied[key]
        return ""

    def wants_what_is_replaced(self, package: TakenRows, replaces: str) -> str:
        assert not replaces or replaces in self._applied
        return replaces

    def keeps_what_came_before_the_break(self, package: TakenRows, replaces: str) -> str:
        if package.breaks:
            super().apply(attrs.evolve(package, breaks=False), replaces)
        return replaces


BROKEN = {
    "test_what_is_applied_is_there": "forgets_the_fate",
    "test_the_same_package_again_changes_nothing_and_is_answered_the_same": "applies_twice",
    "test_a_snapshot_takes_the_place_of_what_was_there": "adds_alone",
    "test_a_snapshot_of_another_sender_or_kind_leaves_it": "begins_anew",
    "test_the_parts_of_a_snapshot_count_as_one": "begins_anew_with_each_part",
    "test_a_delta_adds_replaces_and_deletes_by_key": "forgets_deletions",
    "test_a_key_that_repeats_keeps_all_its_rows": "keeps_one_row_a_key",
    "test_a_revision_takes_the_place_of_all_parts_of_the_earlier_one": "replaces_one_part",
    "test_a_revision_of_an_old_month_leaves_what_came_for_later_months": "puts_a_revision_last",
    "test_a_revision_of_what_was_never_applied_is_taken_over": "wants_what_is_replaced",
    "test_a_package_that_breaks_on_the_way_leaves_nothing_and_can_be_applied_later": "keeps_what_came_before_the_break",
}


def test_every_promise_has_a_register_that_breaks_it() -> None:
    assert set(BROKEN) == {name for name in vars(ReceivedContract) if name.startswith("test_")}


@pytest.mark.parametrize("promise", BROKEN)
def test_each_promise_fails_a_register_that_breaks_it(promise: str) -> None:
    class Broken(TestMemory):
        def make(self) -> Received:
            return _Broken(BROKEN[promise])

    with pytest.raises((AssertionError, pytest.fail.Exception)):
        getattr(Broken(), promise)()


def test_counts_are_told_apart_by_division_dimension_and_category() -> None:
    received = MemoryReceived()
    columns = ("division", "dimension", "category", "count", "suppressed")
    values = [
        ("999999", "sex", "1", "12", ""),
        ("999999", "sex", "2", "", "1"),
        ("999999001", "sex", "1", "12", ""),
    ]
    rows = tuple(dict(zip(columns, row, strict=True)) for row in values)
    manifest = Manifest(
        sender=POLICE,
        receiver=PLANNING,
        kind=PackageKind.STATISTICS,
        period="2011-10",
        as_of=date(2011, 10, 8),
        due=date(2011, 10, 8),
        threshold=10,
    )

    assert received.apply(TakenRows(manifest, {"counts": rows}), "") == (Outcome("added", rows=3),)
    assert received.rows(POLICE, "statistics") == rows


@given(st.lists(st.dictionaries(st.integers(1, 5), st.sampled_from(["999999001", "999999002"])), max_size=5))
def test_a_chain_of_deltas_comes_to_what_a_plain_dictionary_comes_to(deltas: list[dict[int, str]]) -> None:
    received, plain, previous = MemoryReceived(), dict[int, str](), "1" * 64
    for month, delta in enumerate(deltas, 1):
        gone = sorted(set(plain) - set(delta))[:1]
        plain = {key: place for key, place in (plain | delta).items() if key not in gone}
        package = taken(
            *itertools.starmap(case, delta.items()),
            deleted=[{"_key": f"{key:064x}", "reason": "left"} for key in gone],
            period=f"2011-{month:02}",
            action=PackageAction.DELTA,
            previous=previous,
        )
        received.apply(package, "")
        previous = package.digest

    assert list(received.rows(POLICE, "cases")) == [case(key, plain[key]) for key in sorted(plain)]
