"""The promises of a reconciliation engine, one test each. All rows are invented."""
# ruff: noqa: D102, S101 - the tests are named by sentences, and asserts are what tests are made of

from __future__ import annotations

import gzip
import json
import traceback
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import ClassVar

import pytest

from migrant_fp.domain.reconciliation import Counts, Difference, FieldDifference, Found
from migrant_fp.ports.reconciler import NOT_A_ROW, REPEATED, NotComparable, Reconciler
from migrant_fp.schedule.term import Term

Row = Mapping[str, str]
_CANARY = "金丝雀77"


class Reads(Term):
    """What an engine may read beyond the least, which is sorted JSON Lines."""

    UNSORTED = ("unsorted", "可读未排序的文件")
    PARQUET = ("parquet", "可读Parquet文件")


def key(number: int) -> str:
    """Return an invented key; greater numbers sort behind."""
    return f"{number:064x}"


def row(number: int, **members: str) -> dict[str, str]:
    """Return an invented row of a key; *members* replace what it says."""
    said = {"address": f"示例路{number}号", "name": "示例甲", "sex": "1", "stay": "work", **members}
    return {"_key": key(number), **dict(sorted(said.items()))}


def line(members: Row) -> bytes:
    """Return the canonical line of a row, without its line feed."""
    return json.dumps(members, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def write(path: Path, lines: Iterable[bytes]) -> Path:
    """Write lines into a file, gzip where it is named so, and return it."""
    data = b"".join(one + b"\n" for one in lines)
    path.write_bytes(gzip.compress(data, mtime=0) if path.suffix == ".gz" else data)
    return path


#: Lines that are no rows, by what is wrong with them; all hold a canary. Their keys, where they have one, are that of 2.
BAD_LINES = {
    "no JSON": _CANARY.encode(),
    "cut off": line(row(2, name=_CANARY))[:-1],
    "a list": f'["{_CANARY}"]'.encode(),
    "no key": line({"name": _CANARY}),
    "a short key": line({"_key": "2", "name": _CANARY}),
    "a key in capitals": line({"_key": "A" * 64, "name": _CANARY}),
    "a key that is not the first": b'{"address":"'
    + _CANARY.encode()
    + b'","_key":"'
    + key(2).encode()
    + b'"}',
    "a number": line(row(2, name=_CANARY)).replace(b'"sex":"1"', b'"sex":1'),
    "null": line(row(2, name=_CANARY)).replace(b'"sex":"1"', b'"sex":null'),
    "an object within": line(row(2, name=_CANARY)).replace(b'"sex":"1"', b'"sex":{"a":"1"}'),
    "a name twice": line(row(2, name=_CANARY)).replace(b'"sex":"1"', b'"sex":"1","sex":"2"'),
    "no UTF-8": line(row(2, name=_CANARY)).replace(b'"sex":"1"', b'"sex":"\xff"'),
    "half a character": line(row(2, name=_CANARY)).replace(b'"sex":"1"', b'"sex":"\\ud800"'),
}


class ReconcilerContract(ABC):
    """The promises of `Reconciler`; `make` returns an engine, `reads` says what it reads beyond sorted JSON Lines.

    Example:
        >>> from migrant_fp.adapters.merge import MergeReconciler
        >>> class TestMerge(ReconcilerContract):
        ...     reads = frozenset()
        ...     def make(self):
        ...         return MergeReconciler()
        >>> import tempfile
        >>> TestMerge().test_equal_sides_give_nothing(Path(tempfile.mkdtemp()))
    """

    reads: ClassVar[frozenset[Reads]] = frozenset(Reads)

    @abstractmethod
    def make(self) -> Reconciler:
        """Return the engine."""

    def write_parquet(self, path: Path, rows: Sequence[Row]) -> None:
        """Write rows of the same members into one Parquet file of text columns; for an engine that reads such."""
        raise NotImplementedError(
            f"an engine that claims {Reads.PARQUET.value} says how to write {path.name}"
        )

    def test_the_counts_come_right(self, tmp_path: Path) -> None:
        a = write(tmp_path / "a.jsonl", map(line, [row(1), row(2), row(3), row(5), row(6)]))
        b = write(
            tmp_path / "b.jsonl",
            map(
                line, [row(2, sex="2"), row(3), row(4), row(5, sex="2", stay="study"), row(6), row(7), row(8)]
            ),
        )
        _, counts = self._compare([a], [b])

        assert counts == Counts(5, 7, 1, 3, 2, (("sex", 2), ("stay", 1)))
        assert (counts.common, counts.equal) == (4, 2)

    def test_a_row_that_one_side_alone_has_is_found(self, tmp_path: Path) -> None:
        a = write(tmp_path / "a.jsonl", map(line, [row(1), row(3), row(5)]))
        b = write(tmp_path / "b.jsonl", map(line, [row(2), row(3), row(4)]))
        found, _ = self._compare([a], [b])

        in_a, in_b = Found.ONLY_IN_A, Found.ONLY_IN_B
        assert found == [Difference(key(n), k) for n, k in ((1, in_a), (2, in_b), (4, in_b), (5, in_a))]

    def test_a_conflict_names_each_field_with_both_values(self, tmp_path: Path) -> None:
        a = write(tmp_path / "a.jsonl", map(line, [row(1), row(2, address="示例路“七”\\号\t", stay="work")]))
        b = write(tmp_path / "b.jsonl", map(line, [row(1), row(2, address="示例路八号", stay="study")]))
        found, _ = self._compare([a], [b])

        fields = (
            FieldDifference("address", "示例路“七”\\号\t", "示例路八号"),
            FieldDifference("stay", "work", "study"),
        )
        assert found == [Difference(key(2), Found.CONFLICT, fields)]

    def test_a_field_that_a_row_lacks_counts_as_empty(self, tmp_path: Path) -> None:
        short = {name: value for name, value in row(2).items() if name != "stay"}
        a = write(tmp_path / "a.jsonl", map(line, [row(1, stay=""), row(2)]))
        b = write(tmp_path / "b.jsonl", map(line, [{n: v for n, v in row(1).items() if n != "stay"}, short]))
        found, _ = self._compare([a], [b])

        assert found == [Difference(key(2), Found.CONFLICT, (FieldDifference("stay", "work", ""),))]

    def test_the_same_row_written_with_escapes_is_no_difference(self, tmp_path: Path) -> None:
        a = write(tmp_path / "a.jsonl", [line(row(1)), line(row(2))])
        b = write(tmp_path / "b.jsonl", [json.dumps(row(1), separators=(",", ":")).encode(), line(row(2))])
        found, counts = self._compare([a], [b])

        assert (found, counts.equal) == ([], 2)

    def test_the_files_of_a_side_continue_each_other(self, tmp_path: Path) -> None:
        one = write(tmp_path / "a-1.jsonl", map(line, [row(1), row(2)]))
        two = write(tmp_path / "a-2.jsonl", map(line, [row(3), row(4)]))
        b = write(tmp_path / "b.jsonl", map(line, [row(1), row(3, sex="2"), row(4)]))
        found, counts = self._compare([one, two], [b])

        assert [(d.key, d.found) for d in found] == [(key(2), Found.ONLY_IN_A), (key(3), Found.CONFLICT)]
        assert (counts.a, counts.b, counts.equal) == (4, 3, 2)

    def test_gzip_files_read_as_plain_ones(self, tmp_path: Path) -> None:
        a = write(tmp_path / "a.jsonl.gz", map(line, [row(1), row(2)]))
        b = write(tmp_path / "b.jsonl", map(line, [row(1), row(2, sex="2")]))
        found, counts = self._compare([a], [b])

        assert [d.key for d in found] == [key(2)]
        assert counts == Counts(2, 2, 0, 0, 1, (("sex", 1),))

    def test_an_empty_side_has_no_rows(self, tmp_path: Path) -> None:
        a = write(tmp_path / "a.jsonl", [line(row(1))])
        empty = write(tmp_path / "b.jsonl", [])

        for nothing in ([], [empty], [write(tmp_path / "b.jsonl.gz", [])]):
            assert self._compare([a], nothing)[1] == Counts(1, 0, 1)
            assert self._compare(nothing, [a])[1] == Counts(0, 1, 0, 1)
        assert self._compare([], [empty]) == ([], Counts(0, 0))

    def test_equal_sides_give_nothing(self, tmp_path: Path) -> None:
        a = write(tmp_path / "a.jsonl", map(line, map(row, range(1, 9))))
        b = write(tmp_path / "b.jsonl", map(line, map(row, range(1, 9))))

        assert self._compare([a], [b]) == ([], Counts(8, 8))

    def test_differences_come_in_the_order_of_their_keys(self, tmp_path: Path) -> None:
        numbers = [16**n + n for n in range(1, 60)]
        a = write(tmp_path / "a.jsonl", map(line, map(row, numbers)))
        b = write(tmp_path / "b.jsonl", (line(row(n, sex="2")) for n in numbers if n % 3))
        found, _ = self._compare([a], [b])

        assert [difference.key for difference in found] == [key(n) for n in numbers]

    def test_rows_out_of_order_are_compared_or_refused_with_their_place(self, tmp_path: Path) -> None:
        a = write(tmp_path / "a.jsonl", map(line, [row(3), row(1), row(2)]))
        b = write(tmp_path / "b.jsonl", map(line, [row(1), row(2, sex="2"), row(3)]))

        if Reads.UNSORTED in self.reads:
            found, counts = self._compare([a], [b])
            assert ([d.key for d in found], counts.equal) == ([key(2)], 2)
        else:
            assert (self._refuses([a], [b]).file, self._refuses([b], [a]).row) == ("a.jsonl", 2)
            begun, whole = [write(tmp_path / "c.jsonl", [line(row(2))]), b], [b]
            assert (self._refuses(whole, begun).file, self._refuses(begun, whole).row) == ("b.jsonl", 1)

    def test_a_key_that_comes_twice_is_refused_with_its_place(self, tmp_path: Path) -> None:
        good = write(tmp_path / "a.jsonl", map(line, [row(1), row(2), row(3)]))
        again = write(tmp_path / "b.jsonl", map(line, [row(1), row(2), row(2, sex="2"), row(3)]))
        same = write(tmp_path / "c.jsonl", map(line, [row(1), row(3), row(3)]))
        later = write(tmp_path / "d.jsonl", map(line, [row(3), row(4)]))

        for a, b, place in (
            ([good], [again], ("b.jsonl", 3)),
            ([again], [good], ("b.jsonl", 3)),
            ([good], [same], ("c.jsonl", 3)),
            ([same], [same], ("c.jsonl", 3)),
            ([good, later], [good], ("d.jsonl", 1)),
        ):
            error = self._refuses(a, b)
            assert (error.file, error.row, error.fact) == (*place, REPEATED)

    @pytest.mark.parametrize("bad", BAD_LINES)
    def test_a_line_that_is_no_row_is_refused_with_its_place(self, tmp_path: Path, bad: str) -> None:
        a = write(tmp_path / "a.jsonl", map(line, [row(1), row(2), row(3)]))
        b = write(tmp_path / "b.jsonl", [line(row(1)), BAD_LINES[bad], line(row(3))])

        for error in (self._refuses([a], [b]), self._refuses([b], [a])):
            assert (error.file, error.row, error.fact) == ("b.jsonl", 2, NOT_A_ROW)

    def test_a_line_without_a_key_is_refused_even_where_both_sides_have_it(self, tmp_path: Path) -> None:
        lines = [line(row(1)), line({"_key": key(2)[:-1] + "x", "name": "示例甲"}), line(row(3))]
        a, b = write(tmp_path / "a.jsonl", lines), write(tmp_path / "b.jsonl", lines)

        assert self._refuses([a], [b]).row == 2  # noqa: PLR2004 - the second line

    def test_a_gzip_file_that_is_cut_off_is_refused(self, tmp_path: Path) -> None:
        good = write(tmp_path / "a.jsonl.gz", map(line, map(row, range(1, 999))))
        cut = tmp_path / "b.jsonl.gz"
        cut.write_bytes(good.read_bytes()[:-99])

        assert self._refuses([good], [cut]).file == self._refuses([cut], [good]).file == "b.jsonl.gz"

    @pytest.mark.parametrize("bad", BAD_LINES)
    def test_a_refusal_holds_nothing_of_a_row(self, tmp_path: Path, bad: str) -> None:
        a = write(tmp_path / "a.jsonl", [line(row(1))])
        b = write(tmp_path / "b.jsonl", [line(row(1, name=_CANARY)), BAD_LINES[bad]])
        error = self._refuses([a], [b])

        said = f"{error!r}{''.join(traceback.format_exception(error))}"
        assert not [hidden for hidden in (_CANARY, json.dumps(_CANARY)[1:-1], key(2)) if hidden in said]

    def test_a_file_that_is_not_there_is_an_os_error(self, tmp_path: Path) -> None:
        a = write(tmp_path / "a.jsonl", [line(row(1))])

        for sides in (([a], [tmp_path / "b.jsonl"]), ([tmp_path / "b.jsonl.gz"], [a])):
            with pytest.raises(OSError, match=r"b\.jsonl"):
                self._compare(*sides)

    def test_a_name_of_a_file_is_taken_as_it_is_written(self, tmp_path: Path) -> None:
        a = write(tmp_path / "甲' [1]*.jsonl", [line(row(1))])
        b = write(tmp_path / "甲' [1]x.jsonl", [line(row(2))])

        assert self._compare([a], [b])[1] == Counts(1, 1, 1, 1)

    def test_parquet_files_read_as_lines(self, tmp_path: Path) -> None:
        if Reads.PARQUET not in self.reads:
            pytest.skip(f"the engine does not claim {Reads.PARQUET.value} （{Reads.PARQUET.zh}）")
        a = write(tmp_path / "a.jsonl", map(line, [row(1), row(2, name="“示例”\\乙"), row(3)]))
        b = tmp_path / "b.parquet"
        self.write_parquet(b, [row(2, name="“示例”\\乙"), row(3, sex="2"), row(4)])
        found, counts = self._compare([a], [b])

        assert [difference.key for difference in found] == [key(1), key(3), key(4)]
        assert counts == Counts(3, 3, 1, 1, 1, (("sex", 1),))
        self.write_parquet(b, [row(2), row(3), row(2)])
        assert (self._refuses([a], [b]).file, self._refuses([b], [a]).row) == ("b.parquet", 3)

    def _compare(self, a: Sequence[Path], b: Sequence[Path]) -> tuple[list[Difference], Counts]:
        found: list[Difference] = []
        counts = self.make().compare(a, b, found.append)
        return found, counts

    def _refuses(self, a: Sequence[Path], b: Sequence[Path]) -> NotComparable:
        with pytest.raises(NotComparable) as refused:
            self._compare(a, b)
        return refused.value
