"""Reconcile in DuckDB: rows in any order, JSON Lines or Parquet, within a memory limit.

DuckDB joins the lines by key and sorts what differs; which fields differ is then told by the same function as in every
engine. Nothing beyond what its wheel ships is used, and nothing is downloaded. What does not fit into memory goes to a
temporary folder of its own, readable by this user alone, not encrypted, and removed at the end: keep it on a disk as well
protected as the files. DuckDB does not check the checksum at the end of a gzip file; the digests of a package do.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Callable, Iterator, Sequence
from glob import escape
from pathlib import Path
from re import compile as pattern
from tempfile import TemporaryDirectory

import attrs

from migrant_fp.application.extras import MissingExtra
from migrant_fp.domain.reconciliation import Counts, Difference, Tally, compare_rows, row_of
from migrant_fp.domain.table import KEY
from migrant_fp.ports.reconciler import DAMAGED, NOT_A_ROW, REPEATED, EngineFailed, NotComparable

try:
    import duckdb
except ImportError as error:
    raise MissingExtra("duckdb", "duckdb") from error

_HEAD = pattern(r'\{"_key":"[0-9a-f]{64}"')
_DECODER = json.JSONDecoder(object_pairs_hook=row_of)
_FETCHED = 4096


@attrs.frozen
class DuckDbReconciler:
    """Compares JSON Lines (`.jsonl`, `.jsonl.gz`) and Parquet (`.parquet`, text columns) in any order of rows.

    Attributes:
        memory_limit: How much memory DuckDB may take for its work, such as 1GB.
        threads: How many threads it may use; None for as many as there are cores.
        temporary: The folder in which the temporary folder is made; None for the system's.
    """

    memory_limit: str = "1GB"
    threads: int | None = None
    temporary: Path | None = None

    def compare(self, a: Sequence[Path], b: Sequence[Path], found: Callable[[Difference], None]) -> Counts:
        """Call *found* once for each difference, in ascending order of the keys, and return the counts.

        Raises:
            NotComparable: If a line is no row, or a key comes twice in a side; with file and row.
            EngineFailed: If DuckDB fails by itself, as when the memory limit is too low.
            OSError: If a file cannot be opened.
        """
        for part in (*a, *b):
            part.open("rb").close()
        with (
            TemporaryDirectory(prefix="reconcile-", dir=self.temporary) as folder,
            duckdb.connect(":memory:", config=self._settings(folder)) as connection,
        ):
            side_a, side_b = _Side(connection, a), _Side(connection, b)
            try:
                return _compare(connection, side_a, side_b, found)
            except duckdb.Error as error:
                kind = type(error).__name__  # its text may hold a row: it is not kept as a cause either
            for side in (side_a, side_b) if kind != "OutOfMemoryException" else ():
                side.find_fault()
        raise EngineFailed("duckdb", kind)

    def _settings(self, folder: str) -> dict[str, str | bool | int | float | list[str]]:
        settings: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": self.memory_limit,
            "temp_directory": folder,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
        return settings if self.threads is None else {**settings, "threads": self.threads}


@attrs.frozen
class _Side:
    """One side: its files as a source of lines, in SQL whose paths are parameters."""

    connection: duckdb.DuckDBPyConnection
    parts: Sequence[Path]

    def source(self) -> tuple[str, list[object]]:
        """Return SQL for rows of *line* and *key*, and its parameters."""
        texts = [escape(str(part)) for part in self.parts if part.suffix != ".parquet"]
        sources = [("SELECT json::VARCHAR AS line FROM read_ndjson_objects(?)", texts)] if texts else []
        sources += [self._columnar(part) for part in self.parts if part.suffix == ".parquet"]
        sql = " UNION ALL ".join(sql for sql, _ in sources) or "SELECT ''::VARCHAR AS line LIMIT 0"
        return f"SELECT line, substr(line, 10, 64) AS key FROM ({sql})", [paths for _, paths in sources]  # noqa: S608 - no value in it

    def count(self) -> int:
        """Return the number of rows, all of which are rows and have keys of their own.

        Distinct hashes prove distinct keys, and are small; only where two are the same the keys themselves are compared.
        """
        sql, paths = self.source()
        asked = self.connection.execute(
            f"SELECT count(*), count(DISTINCT hash(key)), count(*) FILTER (regexp_matches(line, ?)) FROM ({sql})",  # noqa: S608 - no value in it
            [f"^{_HEAD.pattern}", *paths],
        )
        [(rows, distinct, good)] = asked.fetchall()
        if good != rows:
            self.find_fault()
        if distinct != rows:
            twice = f"SELECT key FROM ({sql}) GROUP BY key HAVING count(*) > 1 ORDER BY key LIMIT 1"  # noqa: S608 - no value in it
            for (key,) in self.connection.execute(twice, paths).fetchall():
                self._find_repeated(key)
        return int(rows)

    def find_fault(self) -> None:
        """Refuse the first line that is no row, if there is one."""
        for part, number, line in self._lines():
            if not _HEAD.match(line) or _row(line) is None:
                raise NotComparable(part.name, number, NOT_A_ROW)

    def row(self, line: str | None) -> dict[str, str] | None:
        """Return the row of a line; None where there is no line."""
        if line is None:
            return None
        row = _row(line)
        if row is None:
            self.find_fault()
        return row

    def _find_repeated(self, key: str) -> None:
        places = [(part, number) for part, number, line in self._lines() if line[9:73] == key]
        raise NotComparable(places[1][0].name, places[1][1], REPEATED)

    def _lines(self) -> Iterator[tuple[Path, int, str]]:
        for part in self.parts:
            lines = self._records(part) if part.suffix == ".parquet" else _text_lines(part)
            yield from ((part, number, line) for number, line in enumerate(lines, 1) if line)

    def _records(self, part: Path) -> Iterator[str]:
        sql, paths = self._columnar(part)
        cursor = self.connection.execute(sql, [paths])
        while rows := cursor.fetchmany(_FETCHED):
            yield from (line for (line,) in rows)

    def _columnar(self, part: Path) -> tuple[str, list[str]]:
        """Return SQL for the rows of a Parquet file as canonical lines; a field that is NULL is left out."""
        paths = [escape(str(part))]
        columns = self.connection.execute(
            "DESCRIBE SELECT * FROM read_parquet(?, hive_partitioning = false)", [paths]
        ).fetchall()
        for name, kind, *_ in columns:
            if kind != "VARCHAR":
                raise NotComparable(part.name, 0, f"the column {name} is {kind}: write every column as text")
        names = sorted((name for name, *_ in columns), key=lambda name: (name != KEY, name))
        members = ", ".join(f"{_text(json.dumps(name) + ':')} || to_json({_name(name)})" for name in names)
        return (
            f"SELECT '{{' || concat_ws(',', {members}) || '}}' AS line FROM read_parquet(?, hive_partitioning = false)",  # noqa: S608 - names are quoted
            paths,
        )


def _compare(
    connection: duckdb.DuckDBPyConnection, side_a: _Side, side_b: _Side, found: Callable[[Difference], None]
) -> Counts:
    rows_a, rows_b, tally = side_a.count(), side_b.count(), Tally()
    (sql_a, paths_a), (sql_b, paths_b) = side_a.source(), side_b.source()
    cursor = connection.execute(
        f"SELECT coalesce(a.key, b.key), a.line, b.line FROM ({sql_a}) a FULL JOIN ({sql_b}) b ON a.key = b.key "  # noqa: S608 - no value in it
        "WHERE a.line IS DISTINCT FROM b.line ORDER BY 1",
        [*paths_a, *paths_b],
    )
    while rows := cursor.fetchmany(_FETCHED):
        for key, line_a, line_b in rows:
            difference = compare_rows(key, side_a.row(line_a), side_b.row(line_b))
            if difference:
                tally.add(difference)
                found(difference)
    return tally.counts(rows_a, rows_b)


def _row(line: str) -> dict[str, str] | None:
    try:
        found: object = _DECODER.decode(line)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _text_lines(part: Path) -> Iterator[str]:
    number = 0
    try:
        with gzip.open(part) if part.suffix == ".gz" else part.open("rb") as file:
            for number, line in enumerate(file, 1):  # noqa: B007 - named in the refusal
                yield line.decode("utf-8", "surrogateescape").strip()
    except (gzip.BadGzipFile, EOFError, zlib.error):
        raise NotComparable(part.name, number + 1, DAMAGED) from None


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _name(value: str) -> str:
    return '"' + value.replace('"', '""') + '"'
