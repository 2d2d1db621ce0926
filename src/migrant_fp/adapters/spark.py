"""Reconcile on a Spark cluster that a site already has, for what outgrows one machine; rows in any order.

The joins are narwhals expressions over data frames of the session that is handed in, so that the cluster does the work; only
rows that differ travel to the driver, in order of their keys. Files are read by the cluster: a path must mean the same to
every worker, and to the driver. The workers need nothing of this library.
"""

from __future__ import annotations

import errno
import json
import re
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

import attrs

from migrant_fp.application.extras import MissingExtra
from migrant_fp.domain.reconciliation import Counts, Difference, Tally, compare_rows, row_of
from migrant_fp.domain.table import KEY
from migrant_fp.ports.reconciler import DAMAGED, NOT_A_ROW, REPEATED, EngineFailed, NotComparable

try:
    import narwhals as nw

    _pyspark: Any = import_module("pyspark.errors")
    _py4j: Any = import_module("py4j.protocol")
except ImportError as error:
    raise MissingExtra("pyspark or narwhals", "spark") from error

_FAILURES = (_pyspark.PySparkException, _py4j.Py4JError)
_HEAD = r'^\{"_key":"[0-9a-f]{64}"'
_DECODER = json.JSONDecoder(object_pairs_hook=row_of)
#: What Spark would read as a pattern in a path.
_SPECIAL = re.compile(r"[*?\[\]{}\\]")


@attrs.frozen
class SparkReconciler:
    """Compares JSON Lines (`.jsonl`, `.jsonl.gz`) and Parquet (`.parquet`, text columns) in any order of rows.

    Attributes:
        session: The site's `pyspark.sql.SparkSession`; it is used and left open.
    """

    session: Any = attrs.field(repr=False)

    def compare(self, a: Sequence[Path], b: Sequence[Path], found: Callable[[Difference], None]) -> Counts:
        """Call *found* once for each difference, in ascending order of the keys, and return the counts.

        Raises:
            NotComparable: If a line is no row, or a key comes twice in a side; with file and row.
            EngineFailed: If Spark fails by itself.
            OSError: If there is no such file.
        """
        side_a, side_b, tally = _Side(self.session, a), _Side(self.session, b), Tally()
        rows_a, rows_b = side_a.count(), side_b.count()
        for key, line_a, line_b in _rows(_differing(side_a.frame(), side_b.frame())):
            difference = compare_rows(key, side_a.row(key, line_a), side_b.row(key, line_b))
            if difference:
                tally.add(difference)
                found(difference)
        return tally.counts(rows_a, rows_b)


def _differing(a: nw.LazyFrame[Any], b: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    lines_b = b.select("key", nw.col("line").alias("line_b"))
    joined = a.select("key", "line").join(lines_b, on="key", how="full", suffix="_b")
    one_alone = nw.col("line").is_null() | nw.col("line_b").is_null()
    return (
        joined.filter(one_alone | (nw.col("line") != nw.col("line_b")))
        .select(nw.coalesce(nw.col("key"), nw.col("key_b")).alias("key"), "line", "line_b")
        .sort("key")
    )


@attrs.frozen
class _Side:
    """One side: its files as one frame of lines."""

    session: Any
    parts: Sequence[Path]

    def frame(self, parts: Sequence[Path] | None = None) -> nw.LazyFrame[Any]:
        """Return a frame of line, key, whether the line begins as a row does, and its place within its file."""
        frames = [nw.from_native(self._read(part)) for part in (self.parts if parts is None else parts)]
        empty = self.session.sql("SELECT '' AS line, true AS whole, 0L AS place WHERE false")
        lines: nw.LazyFrame[Any] = nw.concat(frames or [nw.from_native(empty)])
        return lines.with_columns(
            nw.col("line").str.slice(9, 64).alias("key"),
            (nw.col("whole") & nw.col("line").str.contains(_HEAD)).alias("good"),
        )

    def count(self) -> int:
        """Return the number of rows, all of which begin as rows do and have keys of their own."""
        frame = self.frame()
        asked = frame.select(
            nw.len().alias("rows"), nw.col("key").n_unique(), nw.col("good").cast(nw.Int64).sum()
        )
        try:
            [(rows, distinct, good)] = _rows(asked)
        except EngineFailed:
            self._find_damage()
            raise
        if not rows:
            return 0  # over nothing the other two are null
        if good != rows:
            self._refuse(~nw.col("good"), 1, NOT_A_ROW)
        if distinct != rows:
            twice = frame.group_by("key").agg(nw.len().alias("times")).filter(nw.col("times") > 1)
            [(key,)] = _rows(twice.select("key").sort("key").head(1))
            self._refuse(nw.col("key") == key, 2, REPEATED)
        return int(rows)

    def row(self, key: str, line: str | None) -> dict[str, str] | None:
        """Return the row of a line; None where there is no line."""
        if line is None:
            return None
        try:
            found: object = _DECODER.decode(line)
        except (ValueError, RecursionError):
            found = None
        return found if isinstance(found, dict) else self._refuse(nw.col("key") == key, 1, NOT_A_ROW)

    def _read(self, part: Path) -> Any:  # noqa: ANN401 - a frame of pyspark
        if part.name.startswith(("_", ".")):
            raise NotComparable(
                part.name, 0, "begins with _ or a dot, which Spark passes over: rename the file"
            )
        path = _SPECIAL.sub(r"\\\g<0>", str(part))
        try:
            if part.suffix == ".parquet":
                return _as_lines(part, self.session.read.parquet(path))
            return self.session.read.text(path, lineSep="\n").selectExpr(
                "value AS line", "is_valid_utf8(value) AS whole", "monotonically_increasing_id() AS place"
            )
        except _FAILURES as error:
            fact = type(error).__name__
            missing = getattr(error, "getCondition", str)() == "PATH_NOT_FOUND"
        if missing:
            raise FileNotFoundError(errno.ENOENT, "no such file for Spark", str(part))
        raise EngineFailed("spark", fact)

    def _refuse(self, where: nw.Expr, nth: int, fact: str) -> NoReturn:
        """Name the file and row of the n-th line that an expression picks: counted by the cluster, not the driver."""
        for part in self.parts:
            lines = self.frame([part])
            places = [
                place for (place,) in _rows(lines.filter(where).select("place").sort("place").head(nth))
            ]
            if len(places) == nth:
                [(above,)] = _rows(lines.filter(nw.col("place") < places[-1]).select(nw.len()))
                raise NotComparable(part.name, above + 1, fact)
            nth -= len(places)
        raise EngineFailed("spark", "files that changed while they were read")

    def _find_damage(self) -> None:
        for part in self.parts:
            try:
                list(_rows(self.frame([part]).select(nw.col("line").max())))
            except EngineFailed:
                if part.suffix == ".gz":
                    raise NotComparable(part.name, 0, DAMAGED) from None


def _as_lines(part: Path, table: Any) -> Any:  # noqa: ANN401 - frames of pyspark
    """Return the rows of a Parquet file as canonical lines; a field that is NULL is left out."""
    for name, kind in table.dtypes:
        if kind != "string":
            raise NotComparable(part.name, 0, f"the column {name} is {kind}: write every column as text")
    names = sorted(table.columns, key=lambda name: (name != KEY, name))
    members = ", ".join("`" + name.replace("`", "``") + "`" for name in names)
    return table.selectExpr(
        f"to_json(struct({members})) AS line", "true AS whole", "monotonically_increasing_id() AS place"
    )


def _rows(frame: nw.LazyFrame[Any]) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of a frame, one partition at a time; what Spark says may hold a row and is not passed on."""
    try:
        yield from map(tuple, frame.to_native().toLocalIterator())
    except _FAILURES as error:
        fact = type(error).__name__
    else:
        return
    raise EngineFailed("spark", fact)
