"""The Spark engine keeps the contract on a real local session."""

import logging
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from migrant_fp.ports.reconciler import NotComparable, Reconciler
from migrant_fp.testing.reconciler import ReconcilerContract, Row, line, row, write

pyspark = pytest.importorskip("pyspark", reason="pyspark is not installed: pip install 'migrant-fp[spark]'")
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")


@pytest.fixture(scope="module")
def session() -> Iterator[Any]:
    from pyspark.sql import SparkSession  # noqa: PLC0415 - it may not be installed

    settings = {
        "spark.ui.enabled": "false",
        "spark.log.level": "OFF",
        "spark.sql.shuffle.partitions": "2",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.sql.codegen.wholeStage": "false",  # compiling takes longer than these few rows
    }
    logging.getLogger("pyspark.logger").setLevel(logging.CRITICAL)
    started = SparkSession.builder.master("local[2]").config(map=settings).getOrCreate()
    yield started
    started.stop()


class TestSpark(ReconcilerContract):
    @pytest.fixture(autouse=True)
    def _with_session(self, session: Any) -> None:
        self.session = session

    def make(self) -> Reconciler:
        from migrant_fp.adapters.spark import SparkReconciler  # noqa: PLC0415 - it may not be importable

        return SparkReconciler(self.session)

    def write_parquet(self, path: Path, rows: Sequence[Row]) -> None:
        columns = list(rows[0])
        data = [tuple(one[name] for name in columns) for one in rows]
        schema = ", ".join(f"`{name}` string" for name in columns)
        self.session.createDataFrame(data, schema).coalesce(1).write.mode("overwrite").parquet(str(path))

    def test_it_finds_what_the_merge_finds(self, tmp_path: Path) -> None:
        from migrant_fp.adapters.merge import MergeReconciler  # noqa: PLC0415 - beside the other

        a = [write(tmp_path / f"a-{n}.jsonl.gz", (line(row(i)) for i in range(n, n + 500))) for n in (0, 500)]
        said = {0: "1", 1: "1", 2: "2"}
        b = write(tmp_path / "b.jsonl", (line(row(i, sex=said[i % 3])) for i in range(1200) if i % 7))

        mine: list[Any] = []
        theirs: list[Any] = []
        assert self.make().compare(a, [b], mine.append) == MergeReconciler().compare(a, [b], theirs.append)
        assert mine == theirs

    def test_a_column_that_is_no_text_is_refused(self, tmp_path: Path) -> None:
        self.session.sql("SELECT repeat('0', 64) AS _key, 7 AS sex").write.parquet(
            str(tmp_path / "a.parquet")
        )

        with pytest.raises(NotComparable, match="the column sex is int: write every column as text"):
            self.make().compare([tmp_path / "a.parquet"], [], print)

    @pytest.mark.parametrize("name", ["_a.jsonl", ".a.jsonl"])
    def test_a_file_that_spark_would_pass_over_is_refused(self, tmp_path: Path, name: str) -> None:
        with pytest.raises(NotComparable, match="rename the file"):
            self.make().compare([write(tmp_path / name, [line(row(1))])], [], print)

    def test_the_engine_shows_nothing_of_its_session(self) -> None:
        assert repr(self.make()) == "SparkReconciler()"
