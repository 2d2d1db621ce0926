"""The SQLite ledger keeps the contract, and whoever changes a byte of it, or cuts its end off, is found out."""

from __future__ import annotations

import hashlib
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrant_fp.adapters.ledger import SqliteLedger
from migrant_fp.domain.arrival import Arrival, ArrivalState
from migrant_fp.domain.audit import Link
from migrant_fp.domain.dispatch import Dispatch
from migrant_fp.domain.manifest import FIRST, Manifest, PackageKind
from migrant_fp.ports.ledger import Ledger, LedgerMoved, Record
from migrant_fp.testing.ledger import LedgerContract

DAY = date(2011, 10, 8)
ARRIVED = Arrival("an-example.r1", "6" * 64, DAY)
MADE = Dispatch(
    Manifest(
        sender="public_security/district/999999",
        receiver="family_planning/district/999999",
        kind=PackageKind.STATISTICS,
        period="2011-10",
        as_of=DAY,
        due=DAY,
        threshold=10,
    ),
    "7" * 64,
    DAY,
)


class TestSqliteFile(LedgerContract):
    @pytest.fixture(autouse=True)
    def _opened(self, tmp_path: Path) -> Iterator[None]:
        self.file, self.open = tmp_path / "ledger.sqlite", list[SqliteLedger]()
        yield
        for ledger in self.open:
            ledger.close()

    def make(self) -> Ledger:
        self.open.append(SqliteLedger(self.file))
        return self.open[-1]

    def reopened(self, ledger: Any) -> Ledger:
        ledger.close()
        return self.make()


class TestSqliteInMemory(LedgerContract):
    def make(self) -> Ledger:
        return SqliteLedger(":memory:")


# --- each promise fails a ledger that breaks it ------------------------------------------------------------------------


class _Broken(SqliteLedger):
    """A ledger with one promise broken."""

    def __init__(self, promise: str) -> None:
        super().__init__(":memory:")
        self.promise = promise

    def head(self) -> str:
        return "e" * 64 if self.promise == "begins_in_the_middle" else super().head()

    def arrivals(self) -> tuple[Arrival, ...]:
        found = super().arrivals()
        if self.promise == "backwards":
            return found[::-1]
        return tuple(attrs.evolve(one, outcomes=()) for one in found) if self.promise == "forgets" else found

    def links(self) -> Iterator[Link]:
        found = [*super().links()]
        if self.promise == "shows_each_twice":
            found = [link for link in found for _ in (1, 2)]
        if self.promise == "joins_nothing":
            found = [attrs.evolve(link, previous=FIRST) for link in found]
        return iter(found)

    def keep(self, records: Sequence[Record], after: str) -> str:
        broken = getattr(self, self.promise, None)
        return broken(records, after) if broken else super().keep(records, after)

    def keeps_the_first(self, records: Sequence[Record], after: str) -> str:
        known = {*(one.id for one in self.arrivals()), *(one.id for one in self.dispatches())}
        new = [one for one in records if one.id not in known]
        return super().keep(new or [Arrival("another", "a" * 64, DAY)], after)

    def stands_still(self, records: Sequence[Record], after: str) -> str:
        return after

    def takes_any_head(self, records: Sequence[Record], after: str) -> str:
        return super().keep(records, self.head())

    def links_nothing_to_nothing(self, records: Sequence[Record], after: str) -> str:
        return super().keep(records or [ARRIVED], after)

    def one_by_one(self, records: Sequence[Record], after: str) -> str:
        for one in records:
            after = super().keep([one], after)
        return after


BROKEN = {
    "test_an_empty_ledger_holds_nothing": "begins_in_the_middle",
    "test_a_record_comes_back_in_every_field": "forgets",
    "test_records_come_by_id": "backwards",
    "test_a_record_takes_the_place_of_the_one_under_its_id": "keeps_the_first",
    "test_the_chain_shows_each_keeping_once": "shows_each_twice",
    "test_the_head_moves_with_each_keeping": "stands_still",
    "test_the_chain_holds_and_each_head_is_a_witness": "joins_nothing",
    "test_who_knows_an_older_head_is_refused_and_nothing_is_kept": "takes_any_head",
    "test_nothing_to_keep_changes_nothing": "links_nothing_to_nothing",
    "test_all_records_are_kept_or_none": "one_by_one",
    "test_opened_anew_it_is_the_same": "lost",
}


def test_every_promise_has_a_ledger_that_breaks_it() -> None:
    assert set(BROKEN) == {name for name in vars(LedgerContract) if name.startswith("test_")}


@pytest.mark.parametrize("promise", BROKEN)
def test_each_promise_fails_a_ledger_that_breaks_it(promise: str) -> None:
    class Broken(LedgerContract):
        def make(self) -> Ledger:
            return _Broken(BROKEN[promise])

        def reopened(self, ledger: Any) -> Ledger:
            return self.make()

    with pytest.raises((AssertionError, pytest.fail.Exception)):
        getattr(Broken(), promise)()


# --- who changes it is found out ---------------------------------------------------------------------------------------


def _kept(path: Path) -> list[str]:
    """Keep three times, and return the heads, the first being that of the empty ledger."""
    accepted = attrs.evolve(ARRIVED, state=ArrivalState.ACCEPTED)
    keeping: list[list[Record]] = [[ARRIVED], [MADE, accepted], [MADE.after_sending(DAY)]]
    with SqliteLedger(path) as ledger:
        heads = [FIRST]
        for records in keeping:
            heads.append(ledger.keep(records, heads[-1]))
    return heads


def _broken_at(path: Path, witnessed: Sequence[str] = ()) -> int | None:
    with SqliteLedger(path) as ledger:
        return ledger.broken_at(witnessed)


def _changed(path: Path, statement: str, *values: object) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute(statement, values)


def _rows(path: Path) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return [
            *connection.execute("SELECT previous, digest, body FROM link ORDER BY sequence"),
            *connection.execute("SELECT kind, id, body FROM record ORDER BY kind, id"),
        ]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.sqlite"


def test_an_untouched_ledger_is_whole(path: Path) -> None:
    assert _broken_at(path, _kept(path)) is None


@pytest.mark.parametrize("column", ["previous", "digest", "body"])
@pytest.mark.parametrize("place", [1, 2, 3])
def test_every_changed_byte_of_a_link_is_found_at_its_place(path: Path, column: str, place: int) -> None:
    _kept(path)
    with closing(sqlite3.connect(path)) as connection:
        query = f"SELECT CAST({column} AS BLOB) FROM link WHERE sequence = ?"  # noqa: S608 - our own columns
        (value,) = connection.execute(query, (place,)).fetchone()
    ledger = SqliteLedger(path)
    for at in range(len(value)):
        changed = bytes((*value[:at], value[at] ^ 1, *value[at + 1 :]))
        given = changed if column == "body" else changed.decode()
        _changed(path, f"UPDATE link SET {column} = ? WHERE sequence = ?", given, place)  # noqa: S608 - the same

        assert ledger.broken_at() == place
    ledger.close()


@pytest.mark.parametrize("kind", ["arrival", "dispatch"])
def test_every_changed_byte_of_a_record_is_found(path: Path, kind: str) -> None:
    _kept(path)
    with closing(sqlite3.connect(path)) as connection:
        (value,) = connection.execute("SELECT body FROM record WHERE kind = ?", (kind,)).fetchone()
    ledger = SqliteLedger(path)
    for at in range(len(value)):
        changed = bytes((*value[:at], value[at] ^ 1, *value[at + 1 :]))
        _changed(path, "UPDATE record SET body = ? WHERE kind = ?", changed, kind)

        assert ledger.broken_at() == 4
    ledger.close()


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("ledger") / "ledger.sqlite"
    _kept(path)
    return path


@given(place=st.integers(0, 10**6), bit=st.integers(0, 7))
@settings(max_examples=300, deadline=None)
def test_a_flipped_bit_anywhere_in_the_file_changes_nothing_or_is_found(
    kept: Path, place: int, bit: int
) -> None:
    changed = bytearray(kept.read_bytes())
    changed[place % len(changed)] ^= 1 << bit
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "changed.sqlite"
        path.write_bytes(changed)
        try:
            found = _broken_at(path)
        except sqlite3.DatabaseError:
            return  # SQLite itself says that the file is damaged
        assert found is not None or _rows(path) == _rows(kept)


def test_a_record_that_is_removed_added_or_renamed_is_found(path: Path, tmp_path: Path) -> None:
    statements = (
        "DELETE FROM record WHERE kind = 'arrival'",
        "INSERT INTO record SELECT kind, 'another', body FROM record WHERE kind = 'arrival'",
        "UPDATE record SET id = 'another' WHERE kind = 'dispatch'",
        "UPDATE record SET kind = 'dispatch' WHERE kind = 'arrival'",
    )
    for number, statement in enumerate(statements):
        path = tmp_path / f"{number}.sqlite"
        _kept(path)
        _changed(path, statement)

        assert _broken_at(path) == 4


def test_links_that_are_swapped_or_taken_out_are_found(path: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.sqlite"
    _kept(path)
    _kept(other)
    _changed(path, "UPDATE link SET sequence = -sequence")
    _changed(other, "DELETE FROM link WHERE sequence = 2")

    assert (_broken_at(path), _broken_at(other)) == (1, 2)


def _undo_the_last(path: Path) -> None:
    """Cut the last link off, and put the record back that it changed, as a careful forger would."""
    with SqliteLedger(":memory:") as other:
        other.keep([MADE], FIRST)
        ((body,),) = other._connection.execute("SELECT body FROM record").fetchall()
    _changed(path, "DELETE FROM link WHERE sequence = 3")
    _changed(path, "UPDATE record SET body = ? WHERE kind = 'dispatch'", body)


def test_an_end_that_was_cut_off_is_found_by_a_witness_alone(path: Path) -> None:
    heads = _kept(path)
    _undo_the_last(path)

    assert _broken_at(path) is None
    assert _broken_at(path, heads[:3]) is None
    assert _broken_at(path, heads) == 3


def test_a_chain_that_was_written_anew_is_found_by_a_witness_alone(path: Path) -> None:
    heads = _kept(path)
    path.unlink()
    with SqliteLedger(path) as ledger:
        ledger.keep([attrs.evolve(ARRIVED, integrity_only=True)], FIRST)

    assert _broken_at(path) is None
    assert _broken_at(path, heads[1:2]) == 2


def test_the_digests_of_the_chain_are_those_of_plain_sha256(path: Path) -> None:
    _kept(path)
    previous = FIRST
    with SqliteLedger(path) as ledger:
        for link in ledger.links():
            previous = hashlib.sha256(previous.encode() + b"\n" + link.body).hexdigest()
            assert link.digest == previous


# --- several at once, and what is no ledger ----------------------------------------------------------------------------


def test_of_two_that_decide_on_the_same_head_one_is_told_to_decide_again(path: Path) -> None:
    with SqliteLedger(path) as one, SqliteLedger(path) as other:
        head = one.head()
        moved = one.keep([ARRIVED], head)
        with pytest.raises(LedgerMoved, match="read it again and decide again"):
            other.keep([MADE], head)

        assert other.keep([MADE], moved) == one.head()


@pytest.mark.parametrize("broken", ["INSERT INTO link", "INSERT OR REPLACE INTO record"])
def test_a_keeping_that_is_broken_off_leaves_nothing(path: Path, broken: str) -> None:
    heads = _kept(path)
    before = _rows(path)
    with SqliteLedger(path) as ledger:
        ledger._connection = _Breaking(ledger._connection, broken)  # type: ignore[assignment]
        with pytest.raises(KeyboardInterrupt):
            ledger.keep([ARRIVED], heads[-1])

    assert _rows(path) == before


class _Breaking:
    """A connection that is interrupted right after one statement."""

    def __init__(self, connection: sqlite3.Connection, broken: str) -> None:
        self.connection, self.broken = connection, broken

    def execute(self, statement: str, *values: Any) -> Any:
        return self._after(statement, self.connection.execute, *values)

    def executemany(self, statement: str, *values: Any) -> Any:
        return self._after(statement, self.connection.executemany, *values)

    def close(self) -> None:
        self.connection.close()

    def _after(self, statement: str, act: Callable[..., Any], *values: Any) -> Any:
        found = act(statement, *values)
        if statement.startswith(self.broken):
            raise KeyboardInterrupt
        return found


def test_a_file_that_is_no_ledger_is_refused(path: Path) -> None:
    path.write_bytes(b"an invented text, and no database" * 100)

    with pytest.raises(sqlite3.DatabaseError):
        SqliteLedger(path)
