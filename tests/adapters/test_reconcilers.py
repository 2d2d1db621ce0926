"""The merge and DuckDB keep the contract of an engine, and agree with each other, a plain comparison, `comm` and `join`."""

import gzip
import json
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Callable, Sequence
from inspect import signature
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, ClassVar

import attrs
import duckdb
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from migrant_fp.adapters.duckdb import DuckDbReconciler
from migrant_fp.adapters.merge import MergeReconciler
from migrant_fp.domain.reconciliation import Counts, Difference, FieldDifference, Found
from migrant_fp.ports.reconciler import (
    DAMAGED,
    NOT_A_ROW,
    REPEATED,
    UNSORTED,
    EngineFailed,
    NotComparable,
    Reconciler,
)
from migrant_fp.testing.reconciler import Reads, ReconcilerContract, Row, key, line, row, write

needs_comm = pytest.mark.skipif(
    not (shutil.which("comm") and shutil.which("join")), reason="the programs comm and join are not installed"
)


class TestMerge(ReconcilerContract):
    reads = frozenset[Reads]()

    def make(self) -> Reconciler:
        return MergeReconciler()


class TestDuckDb(ReconcilerContract):
    def make(self) -> Reconciler:
        return DuckDbReconciler(memory_limit="200MB", threads=1)

    def write_parquet(self, path: Path, rows: Sequence[Row]) -> None:
        names = list(rows[0])
        with duckdb.connect() as connection:
            connection.execute(f"CREATE TABLE t ({', '.join(f'{name} VARCHAR' for name in names)})")
            connection.executemany(
                f"INSERT INTO t VALUES ({', '.join('?' for _ in names)})",  # noqa: S608 - names of ours
                [list(one.values()) for one in rows],
            )
            connection.execute(f"COPY t TO '{path}' (FORMAT parquet)")


class Plain:
    """Both sides in dicts, compared as one would write it down: the oracle, and the stem of every broken engine."""

    def compare(self, a: Sequence[Path], b: Sequence[Path], found: Callable[[Difference], None]) -> Counts:
        rows_a, rows_b = self.side(a), self.side(b)
        differences = [d for k in self.order({*rows_a, *rows_b}) if (d := self.difference(k, rows_a, rows_b))]
        for difference in differences:
            found(difference)
        return self.counts(rows_a, rows_b, differences)

    def counts(self, rows_a: Any, rows_b: Any, differences: list[Difference]) -> Counts:
        kinds = [difference.found for difference in differences]
        fields = Counter(field.name for difference in differences for field in difference.fields)
        only_in_a, only_in_b, conflicting = map(kinds.count, Found)
        return Counts(
            len(rows_a), len(rows_b), only_in_a, only_in_b, conflicting, tuple(sorted(fields.items()))
        )

    def order(self, keys: set[str]) -> list[str]:
        return sorted(keys)

    def difference(self, key: str, rows_a: Any, rows_b: Any) -> Difference | None:
        if key not in rows_b:
            return Difference(key, Found.ONLY_IN_A)
        if key not in rows_a:
            return Difference(key, Found.ONLY_IN_B)
        one, other = rows_a[key], rows_b[key]
        pairs = [(name, self.said(one, name), self.said(other, name)) for name in sorted({*one, *other})]
        fields = tuple(FieldDifference(*three) for three in pairs if three[1] != three[2])
        return Difference(key, Found.CONFLICT, fields) if fields else None

    def said(self, row: dict[str, str], name: str) -> str:
        return row.get(name, "")

    def side(self, parts: Sequence[Path]) -> dict[str, dict[str, str]]:
        rows: dict[str, dict[str, str]] = {}
        for part in parts:
            for number, text in enumerate(self.lines(part), 1):
                self.check(rows, part, number, text)
                one = self.row(text)
                rows[one["_key"]] = one
        return rows

    def check(self, rows: Any, part: Path, number: int, text: bytes) -> None:
        try:
            pairs = json.loads(text, object_pairs_hook=list)
            good = re.match(rb'\{"_key":"[0-9a-f]{64}"', text) and len(dict(pairs)) == len(pairs)
            good = good and all(type(value) is str and value.encode() is not None for _, value in pairs)
        except (ValueError, TypeError):
            good = False
        if not good:
            raise NotComparable(part.name, number, NOT_A_ROW) from None
        if pairs[0][1] in rows:
            raise NotComparable(part.name, number, REPEATED)

    def row(self, text: bytes) -> dict[str, str]:
        return dict(json.loads(text))

    def lines(self, part: Path) -> list[bytes]:
        try:
            return self.data(part).splitlines()
        except EOFError:
            raise NotComparable(part.name, 0, DAMAGED) from None

    def data(self, part: Path) -> bytes:
        return gzip.decompress(part.read_bytes()) if part.suffix == ".gz" else part.read_bytes()


class TestPlain(ReconcilerContract):
    reads: ClassVar[frozenset[Reads]] = frozenset({Reads.UNSORTED})

    def make(self) -> Reconciler:
        return Plain()


MEMBERS = st.fixed_dictionaries(
    {"sex": st.sampled_from("12"), "stay": st.sampled_from(["work", "study", ""])},
    optional={"address": st.sampled_from(["示例路1号", "示例路“二”\\号\n", "\U0001f3e0"])},
)
SIDES = st.dictionaries(st.integers(0, 30), MEMBERS, max_size=12)


def _write(folder: str, name: str, rows: dict[int, dict[str, str]], cut: int) -> list[Path]:
    lines = [line({"_key": key(n), **rows[n]}) for n in sorted(rows)]
    return [
        write(Path(folder, f"{name}-1.jsonl"), lines[:cut]),
        write(Path(folder, f"{name}-2.jsonl.gz"), lines[cut:]),
    ]


def _compare(engine: Reconciler, a: Sequence[Path], b: Sequence[Path]) -> tuple[list[Difference], Counts]:
    found: list[Difference] = []
    counts = engine.compare(a, b, found.append)
    return found, counts


@settings(deadline=None)  # two engines and a folder an example
@given(SIDES, SIDES, st.integers(0, 12))
@example({1: {"sex": "1"}}, {1: {"sex": "1", "stay": ""}}, 0)
def test_the_engines_agree_with_a_plain_comparison(a: Any, b: Any, cut: int) -> None:
    with TemporaryDirectory() as folder:
        sides = _write(folder, "a", a, cut), _write(folder, "b", b, cut)
        expected = _compare(Plain(), *sides)

        assert _compare(MergeReconciler(), *sides) == expected
        assert _compare(DuckDbReconciler(threads=1), *sides) == expected


@given(SIDES, SIDES, st.integers(0, 12))
def test_swapped_sides_swap_the_result(a: Any, b: Any, cut: int) -> None:
    swapped = {
        Found.ONLY_IN_A: Found.ONLY_IN_B,
        Found.ONLY_IN_B: Found.ONLY_IN_A,
        Found.CONFLICT: Found.CONFLICT,
    }
    with TemporaryDirectory() as folder:
        sides = _write(folder, "a", a, cut), _write(folder, "b", b, cut)
        found, counts = _compare(MergeReconciler(), *sides)
        back, counts_back = _compare(MergeReconciler(), *sides[::-1])

    assert [(d.key, swapped[d.found], [(f.name, f.b, f.a) for f in d.fields]) for d in back] == [
        (d.key, d.found, [(f.name, f.a, f.b) for f in d.fields]) for d in found
    ]
    assert counts_back == Counts(
        counts.b, counts.a, counts.only_in_b, counts.only_in_a, counts.conflicting, counts.fields
    )


@given(SIDES, st.integers(0, 12), st.integers(0, 12))
def test_a_side_agrees_with_itself_however_it_is_cut(a: Any, cut: int, other: int) -> None:
    with TemporaryDirectory() as folder:
        one, two = _write(folder, "a", a, cut), _write(folder, "b", a, other)

        assert _compare(MergeReconciler(), one, two) == ([], Counts(len(a), len(a)))


@given(
    st.lists(st.sampled_from([1, 2, 3, 4]), max_size=6), st.lists(st.sampled_from([1, 2, 3, 4]), max_size=6)
)
def test_rows_that_do_not_ascend_are_always_refused_by_the_merge(a: list[int], b: list[int]) -> None:
    ascending = all(one < other for side in (a, b) for one, other in pairwise(side))
    with TemporaryDirectory() as folder:
        paths = [
            write(Path(folder, name), (line(row(n, sex=sex)) for n, sex in zip(side, "121212", strict=False)))
            for name, side in (("a.jsonl", a), ("b.jsonl", b))
        ]
        facts = set()
        try:
            MergeReconciler().compare(paths[:1], paths[1:], lambda _: None)
        except NotComparable as error:
            facts.add(error.fact)

    assert facts <= {REPEATED, UNSORTED}
    assert ascending is not bool(facts)


@needs_comm
def test_comm_and_join_find_the_same_rows(tmp_path: Path) -> None:
    a, b = tmp_path / "a.jsonl", tmp_path / "b.jsonl"
    write(a, (line(row(n)) for n in range(5000) if n % 7))
    write(b, (line(row(n, sex="2" if n % 11 == 0 else "1")) for n in range(5000) if n % 5))
    for side in (a, b):
        keys = [text[9:73] for text in side.read_text("utf-8").splitlines()]
        side.with_suffix(".keys").write_text("\n".join(keys) + "\n")
        side.with_suffix(".columns").write_text(
            "".join(f"{text[9:73]} {text}\n" for text in side.read_text("utf-8").splitlines())
        )

    def run(*command: str | Path) -> list[str]:
        done = subprocess.run(
            [*map(str, command)],
            check=True,
            capture_output=True,
            env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"},
        )
        return done.stdout.decode().splitlines()

    keys_a, keys_b = a.with_suffix(".keys"), b.with_suffix(".keys")
    joined = run("join", "-t", " ", a.with_suffix(".columns"), b.with_suffix(".columns"))
    expected = {
        Found.ONLY_IN_A: run("comm", "-23", keys_a, keys_b),
        Found.ONLY_IN_B: run("comm", "-13", keys_a, keys_b),
        Found.CONFLICT: [one.split(" ")[0] for one in joined if len(set(one.split(" ")[1:])) > 1],
    }
    for engine in (MergeReconciler(), DuckDbReconciler()):
        found, counts = _compare(engine, [a], [b])
        assert {kind: [d.key for d in found if d.found is kind] for kind in Found} == expected
        assert (counts.common, counts.conflicting) == (len(joined), len(expected[Found.CONFLICT]))


@pytest.mark.parametrize("size", [1, 63, 64, 65, 400, 1 << 16, 1 << 20])
def test_the_merge_reads_the_same_whatever_its_blocks(
    tmp_path: Path, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    a = write(tmp_path / "a.jsonl", (line(row(n)) for n in range(40)))
    b = write(tmp_path / "b.jsonl.gz", (line(row(n, sex="12"[n % 2])) for n in range(1, 40, 3)))
    expected = _compare(Plain(), [a], [b])
    monkeypatch.setattr("migrant_fp.adapters.merge._BLOCK", size)

    assert _compare(MergeReconciler(), [a], [b]) == expected


def test_the_merge_names_the_row_beyond_the_first_block(tmp_path: Path) -> None:
    lines = [line(row(n)) for n in range(3000)]
    good = write(tmp_path / "a.jsonl", lines)
    for place, bad, fact in (
        (2500, lines[2400], UNSORTED),
        (2500, lines[2499], REPEATED),
        (2500, lines[2500] + b"}", NOT_A_ROW),
        (2500, b"{" + lines[2500], NOT_A_ROW),
    ):
        worse = write(tmp_path / "b.jsonl", [*lines[:place], bad, *lines[place + 1 :]])
        with pytest.raises(NotComparable) as refused:
            MergeReconciler().compare([good], [worse], lambda _: None)
        assert (refused.value.file, refused.value.row, refused.value.fact) == ("b.jsonl", place + 1, fact)


def test_a_file_without_an_end_of_line_is_no_reason_to_take_all_memory(tmp_path: Path) -> None:
    endless = tmp_path / "a.jsonl"
    endless.write_bytes(b"a" * (5 << 20))

    with pytest.raises(NotComparable, match=r"a\.jsonl, row 1: is no row"):
        MergeReconciler().compare([endless], [], lambda _: None)


def test_the_last_line_needs_no_line_feed(tmp_path: Path) -> None:
    a, b = write(tmp_path / "a.jsonl", [line(row(1)), line(row(2))]), tmp_path / "b.jsonl"
    b.write_bytes(a.read_bytes()[:-1])

    for engine in (MergeReconciler(), DuckDbReconciler()):
        assert _compare(engine, [a], [b]) == ([], Counts(2, 2))


def test_an_empty_line_is_refused_by_the_merge_and_passed_over_by_duckdb(tmp_path: Path) -> None:
    a = write(tmp_path / "a.jsonl", [line(row(1)), b"", line(row(2))])

    with pytest.raises(NotComparable, match=r"a\.jsonl, row 2: is no row"):
        MergeReconciler().compare([a], [], lambda _: None)
    assert _compare(DuckDbReconciler(), [a], [])[1] == Counts(2, 0, 2)


def test_duckdb_numbers_a_bad_row_by_its_line_even_behind_an_empty_one(tmp_path: Path) -> None:
    a = write(tmp_path / "a.jsonl", [line(row(1)), b"", b"[]"])

    with pytest.raises(NotComparable, match=r"a\.jsonl, row 3: is no row"):
        DuckDbReconciler().compare([a], [], lambda _: None)


def test_duckdb_reads_parquet_and_lines_as_one_side(tmp_path: Path) -> None:
    parquet = tmp_path / "a-1.parquet"
    TestDuckDb().write_parquet(parquet, [row(4), row(2)])
    lines = write(tmp_path / "a-2.jsonl", [line(row(3)), line(row(1))])
    b = write(tmp_path / "b.jsonl.gz", (line(row(n)) for n in (1, 2, 3)))

    assert _compare(DuckDbReconciler(), [parquet, lines], [b]) == (
        [Difference(key(4), Found.ONLY_IN_A)],
        Counts(4, 3, 1),
    )


def test_a_parquet_column_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    with duckdb.connect() as connection:
        connection.execute(f"COPY (SELECT repeat('0', 64) _key, 7 AS sex) TO '{path}' (FORMAT parquet)")

    with pytest.raises(
        NotComparable, match=r"a\.parquet: the column sex is INTEGER: write every column as text"
    ):
        DuckDbReconciler().compare([path], [], lambda _: None)


def test_a_parquet_field_that_is_null_counts_as_empty_and_odd_names_stand(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    with duckdb.connect() as connection:
        connection.execute(
            f'COPY (SELECT repeat(\'0\', 64) _key, NULL::VARCHAR AS sex, \'x\' AS "it\'s ""odd""") '
            f"TO '{path}' (FORMAT parquet)"
        )
    b = write(tmp_path / "b.jsonl", [line({"_key": "0" * 64, 'it\'s "odd"': "x", "sex": ""})])

    assert _compare(DuckDbReconciler(), [path], [b]) == ([], Counts(1, 1))


def test_duckdb_without_enough_memory_says_so_without_a_row(tmp_path: Path) -> None:
    a = write(tmp_path / "a.jsonl", (line(row(n)) for n in range(20_000)))

    with pytest.raises(EngineFailed) as failed:
        DuckDbReconciler(memory_limit="1MB").compare([a], [a], lambda _: None)

    assert (failed.value.engine, failed.value.fact) == ("duckdb", "OutOfMemoryException")
    assert "give it more memory" in str(failed.value)
    assert failed.value.__cause__ is failed.value.__context__ is None


def test_duckdb_spills_into_a_folder_of_its_own_and_leaves_nothing(tmp_path: Path) -> None:
    room, seen = tmp_path / "room", []
    room.mkdir()
    a = write(tmp_path / "a.jsonl", [line(row(1))])

    DuckDbReconciler(temporary=room).compare([a], [], lambda _: seen.extend(room.iterdir()))

    assert [oct(folder.stat().st_mode & 0o777) if folder.exists() else "gone" for folder in seen] == ["gone"]
    assert not list(room.iterdir())


def test_duckdb_downloads_nothing() -> None:
    settings = DuckDbReconciler()._settings("folder")

    assert settings["autoinstall_known_extensions"] is settings["autoload_known_extensions"] is False


def test_what_the_caller_raises_passes_through(tmp_path: Path) -> None:
    a = write(tmp_path / "a.jsonl", [line(row(1))])

    def stop(_: Difference) -> None:
        raise KeyboardInterrupt

    for engine in (MergeReconciler(), DuckDbReconciler()):
        with pytest.raises(KeyboardInterrupt):
            engine.compare([a], [], stop)


class _MiscountsConflicts(Plain):
    def counts(self, rows_a: Any, rows_b: Any, differences: list[Difference]) -> Counts:
        return attrs.evolve(super().counts(rows_a, rows_b, differences), conflicting=0)


class _LosesWhatIsOnlyInB(Plain):
    def difference(self, key: str, rows_a: Any, rows_b: Any) -> Difference | None:
        return super().difference(key, rows_a, rows_b) if key in rows_a else None


class _SwapsTheValues(Plain):
    def difference(self, key: str, rows_a: Any, rows_b: Any) -> Difference | None:
        return super().difference(key, rows_b, rows_a)


class _TellsMissingFromEmpty(Plain):
    def said(self, row: dict[str, str], name: str) -> str:
        return row.get(name, "missing")


class _ComparesBytes(Plain):
    def row(self, text: bytes) -> dict[str, str]:
        return {**super().row(text), "line": text.decode()}


class _ReadsTheFirstFile(Plain):
    def side(self, parts: Sequence[Path]) -> dict[str, dict[str, str]]:
        return super().side(parts[:1])


class _TakesGzipForText(Plain):
    def data(self, part: Path) -> bytes:
        return part.read_bytes()


class _NeedsAFile(Plain):
    def side(self, parts: Sequence[Path]) -> dict[str, dict[str, str]]:
        return super().side([parts[0], *parts[1:]])


class _CountsTheSameTwice(Plain):
    def difference(self, key: str, rows_a: Any, rows_b: Any) -> Difference | None:
        return super().difference(key, rows_a, rows_b) or Difference(key, Found.CONFLICT)


class _GivesAnyOrder(Plain):
    def order(self, keys: set[str]) -> list[str]:
        return sorted(keys, key=lambda key: key[::-1])


class _PassesOverWhatGoesBack(Plain):
    def check(self, rows: Any, part: Path, number: int, text: bytes) -> None:
        super().check(rows, part, number, text)
        if rows and text[9:73] < max(rows).encode():
            raise NotComparable(part.name, number, UNSORTED)


class _KeepsTheLastOfAKey(Plain):
    def check(self, rows: Any, part: Path, number: int, text: bytes) -> None:
        super().check({}, part, number, text)


class _CountsRowsFromZero(Plain):
    def check(self, rows: Any, part: Path, number: int, text: bytes) -> None:
        super().check(rows, part, number - 1, text)


class _PassesOverBadLines(Plain):
    def lines(self, part: Path) -> list[bytes]:
        return [text for text in super().lines(part) if re.match(rb'\{"_key":"[0-9a-f]{64}"', text)]


class _TakesWhatIsLeftOfGzip(Plain):
    def data(self, part: Path) -> bytes:
        try:
            return super().data(part)
        except EOFError:
            return b""


class _ShowsTheLine(Plain):
    def check(self, rows: Any, part: Path, number: int, text: bytes) -> None:
        try:
            super().check(rows, part, number, text)
        except NotComparable:
            raise NotComparable(part.name, number, f"{text!r}{text.decode(errors='replace')}") from None


class _TakesNothingForEmpty(Plain):
    def data(self, part: Path) -> bytes:
        return super().data(part) if part.exists() else b""


class _ExpandsNames(Plain):
    def side(self, parts: Sequence[Path]) -> dict[str, dict[str, str]]:
        return super().side(
            [one for part in parts for one in sorted(part.parent.glob(part.name.replace("[1]", "?1?")))]
        )


class _TakesParquetForNothing(Plain):
    def data(self, part: Path) -> bytes:
        return b"" if part.suffix == ".parquet" else super().data(part)


BROKEN: dict[str, type[Plain]] = {
    "test_the_counts_come_right": _MiscountsConflicts,
    "test_a_row_that_one_side_alone_has_is_found": _LosesWhatIsOnlyInB,
    "test_a_conflict_names_each_field_with_both_values": _SwapsTheValues,
    "test_a_field_that_a_row_lacks_counts_as_empty": _TellsMissingFromEmpty,
    "test_the_same_row_written_with_escapes_is_no_difference": _ComparesBytes,
    "test_the_files_of_a_side_continue_each_other": _ReadsTheFirstFile,
    "test_gzip_files_read_as_plain_ones": _TakesGzipForText,
    "test_an_empty_side_has_no_rows": _NeedsAFile,
    "test_equal_sides_give_nothing": _CountsTheSameTwice,
    "test_differences_come_in_the_order_of_their_keys": _GivesAnyOrder,
    "test_rows_out_of_order_are_compared_or_refused_with_their_place": _PassesOverWhatGoesBack,
    "test_a_key_that_comes_twice_is_refused_with_its_place": _KeepsTheLastOfAKey,
    "test_a_line_that_is_no_row_is_refused_with_its_place": _CountsRowsFromZero,
    "test_a_line_without_a_key_is_refused_even_where_both_sides_have_it": _PassesOverBadLines,
    "test_a_gzip_file_that_is_cut_off_is_refused": _TakesWhatIsLeftOfGzip,
    "test_a_refusal_holds_nothing_of_a_row": _ShowsTheLine,
    "test_a_file_that_is_not_there_is_an_os_error": _TakesNothingForEmpty,
    "test_a_name_of_a_file_is_taken_as_it_is_written": _ExpandsNames,
    "test_parquet_files_read_as_lines": _TakesParquetForNothing,
}


def test_every_promise_has_an_engine_that_breaks_it() -> None:
    assert set(BROKEN) == {name for name in vars(ReconcilerContract) if name.startswith("test_")}


@pytest.mark.parametrize("promise", BROKEN)
def test_each_promise_fails_an_engine_that_breaks_it(promise: str, tmp_path: Path) -> None:
    class Broken(TestDuckDb):
        def make(self) -> Reconciler:
            return BROKEN[promise]()

    test = getattr(Broken(), promise)
    bad = ["no JSON"] if "bad" in signature(test).parameters else []
    with pytest.raises((AssertionError, NotComparable, IndexError, pytest.fail.Exception)):
        test(tmp_path, *bad)


def test_the_merge_without_a_check_of_order_would_break_its_promise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("migrant_fp.adapters.merge._Side._check", lambda *_: None)

    with pytest.raises((AssertionError, pytest.fail.Exception)):
        TestMerge().test_rows_out_of_order_are_compared_or_refused_with_their_place(tmp_path)
