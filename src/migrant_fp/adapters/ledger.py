"""The ledger in one SQLite file, by the standard library; ":memory:" is a ledger for a script or a test.

A link and the records it holds are one transaction, so that a killed process leaves all of it or nothing.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from migrant_fp.adapters.serialization import parse_json, structure, unstructure
from migrant_fp.domain.arrival import Arrival
from migrant_fp.domain.audit import Link, broken_at, linked
from migrant_fp.domain.dispatch import Dispatch
from migrant_fp.domain.manifest import FIRST
from migrant_fp.ports.ledger import LedgerMoved, Record

_KINDS: dict[str, type[Any]] = {"arrival": Arrival, "dispatch": Dispatch}
_TABLES = """
CREATE TABLE IF NOT EXISTS link (sequence INTEGER PRIMARY KEY, previous TEXT NOT NULL, digest TEXT NOT NULL, body BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS record (kind TEXT NOT NULL, id TEXT NOT NULL, body BLOB NOT NULL, PRIMARY KEY (kind, id));
"""


class SqliteLedger:
    """A ledger in a file.

    Example:
        >>> with SqliteLedger(":memory:") as ledger:
        ...     ledger.head() == "0" * 64, ledger.arrivals()
        (True, ())
    """

    def __init__(self, path: Path | str) -> None:
        """Open a ledger, or begin one.

        Raises:
            sqlite3.DatabaseError: If the file is something else.
        """
        self._connection = sqlite3.connect(path, isolation_level=None, timeout=30)
        self._connection.execute("PRAGMA synchronous = FULL")
        self._connection.executescript(_TABLES)

    def __enter__(self) -> Self:
        """Return it."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close it."""
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def head(self) -> str:
        """Return the digest of the newest link."""
        found = self._connection.execute("SELECT digest FROM link ORDER BY sequence DESC LIMIT 1").fetchone()
        return str(found[0]) if found else FIRST

    def arrivals(self) -> tuple[Arrival, ...]:
        """Return what came, by id."""
        return self._records("arrival")

    def dispatches(self) -> tuple[Dispatch, ...]:
        """Return what was made, by id."""
        return self._records("dispatch")

    def keep(self, records: Sequence[Record], after: str) -> str:
        """Record all or none, as one link.

        Raises:
            LedgerMoved: If another recorded first.
        """
        if not records:
            return after
        rows = [(_kind(one), one.id, _canonical(unstructure(one))) for one in records]
        link = linked(after, _canonical([[kind, json.loads(body)] for kind, _, body in rows]))
        with self._transaction():
            self._require_head(after)
            self._connection.execute(
                "INSERT INTO link (previous, digest, body) VALUES (?, ?, ?)",
                (link.previous, link.digest, link.body),
            )
            self._connection.executemany("INSERT OR REPLACE INTO record VALUES (?, ?, ?)", rows)
        return link.digest

    def links(self) -> Iterator[Link]:
        """Yield the chain, oldest first."""
        for row in self._connection.execute("SELECT previous, digest, body FROM link ORDER BY sequence"):
            # A changed byte can make another type of a value; then the link is none.
            yield Link(*row) if tuple(map(type, row)) == (str, str, bytes) else Link("", "", b"")

    def broken_at(self, witnessed: Sequence[str] = ()) -> int | None:
        """Return the place of the first link that does not hold, or from which the records do not follow; None if all is whole.

        Args:
            witnessed: Heads that others hold.

        Raises:
            sqlite3.DatabaseError: If the file is damaged so that it cannot be read as a database.
        """
        place = broken_at(self.links(), witnessed)
        if place is not None:
            return place
        newest: dict[tuple[str, str], bytes] = {}
        for link in self.links():
            for kind, value in json.loads(link.body):
                newest[kind, structure(value, _KINDS[kind], "ledger").id] = _canonical(value)
        kept = {(kind, name): body for kind, name, body in self._connection.execute("SELECT * FROM record")}
        is_whole = self._connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return None if is_whole and kept == newest else sum(1 for _ in self.links()) + 1

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    def _require_head(self, after: str) -> None:
        found = self.head()
        if found != after:
            raise LedgerMoved(after, found)

    def _records(self, kind: str) -> tuple[Any, ...]:
        rows = self._connection.execute(
            "SELECT body FROM record WHERE kind = ? ORDER BY id", (kind,)
        ).fetchall()
        return tuple(structure(parse_json(body, "ledger"), _KINDS[kind], "ledger") for (body,) in rows)


def _kind(record: Record) -> str:
    return "arrival" if isinstance(record, Arrival) else "dispatch"


def _canonical(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
