"""Reconcile by one merge of sorted files: the default engine, with the standard library alone.

Lines that are equal byte for byte are passed over undecoded, so that time goes where the sides differ. Memory is that of
two blocks, whatever the number of rows. The order is checked while reading: unsorted files are refused, not compared wrongly.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Callable, Iterator, Sequence
from io import FileIO
from itertools import chain, islice, repeat
from operator import lt
from pathlib import Path
from typing import NoReturn

import attrs

from migrant_fp.domain.reconciliation import Counts, Difference, Tally, compare_rows, row_of
from migrant_fp.ports.reconciler import DAMAGED, NOT_A_ROW, REPEATED, UNSORTED, NotComparable

_BLOCK = 1 << 16
_LONGEST = 1 << 20
_BEGIN, _HEX = b'{"_key":"', b"0123456789abcdef"
_HEAD = len(_BEGIN) + 64 + 1
#: What stands after the last line of a side: it sorts behind every row.
_END = [b"\xff"]
_DECODER = json.JSONDecoder(object_pairs_hook=row_of)


class MergeReconciler:
    """Compares sorted JSON Lines, plain or gzip, in constant memory."""

    def compare(self, a: Sequence[Path], b: Sequence[Path], found: Callable[[Difference], None]) -> Counts:
        """Call *found* once for each difference, in ascending order of the keys, and return the counts.

        Raises:
            NotComparable: If a line is no row, or the keys of a side do not ascend; with file and row.
            OSError: If a file cannot be opened.
        """
        side_a, side_b, tally = _Side(a), _Side(b), Tally()
        for line_a, line_b in _differing(side_a, side_b):
            key = (line_a or line_b)[len(_BEGIN) : _HEAD - 1].decode()
            difference = compare_rows(key, side_a.row(line_a), side_b.row(line_b))
            if difference:
                tally.add(difference)
                found(difference)
        return tally.counts(side_a.rows, side_b.rows)


@attrs.define
class _Side:
    """One side, read block by block.

    Attributes:
        parts: Its files.
        rows: How many rows were read.
    """

    parts: Sequence[Path]
    rows: int = 0
    _file: str = ""
    _above: int = 0
    _lines: list[bytes] = attrs.field(factory=list)

    def blocks(self) -> Iterator[list[bytes]]:
        """Yield the lines, block by block, each checked to ascend from the one before."""
        last = b""
        for part in self.parts:
            self._file, self._above, self._lines = part.name, 0, []
            for lines in self._read(part):
                self._above, self._lines = self._above + len(self._lines), lines
                self.rows += len(lines)
                self._check(last)
                yield lines
                last = lines[-1][:_HEAD]

    def row(self, line: bytes) -> dict[str, str] | None:
        """Return the row of a line of the block that was read last; None where there is no line."""
        if not line:
            return None
        try:
            found: object = _DECODER.decode(line.decode())
        except (ValueError, RecursionError):
            found = None
        return found if isinstance(found, dict) else self._refuse(self._lines.index(line), NOT_A_ROW)

    def _read(self, part: Path) -> Iterator[list[bytes]]:
        try:
            with _opened(part) as file:
                yield from self._split(file)
        except (gzip.BadGzipFile, EOFError, zlib.error):
            self._refuse(len(self._lines), DAMAGED)

    def _split(self, file: gzip.GzipFile | FileIO) -> Iterator[list[bytes]]:
        rest = b""
        while block := file.read(_BLOCK):
            whole, feed, begun = block.rpartition(b"\n")
            if feed:
                yield (rest + whole).split(b"\n")
                rest = begun
            elif len(rest) > _LONGEST:
                self._refuse(len(self._lines), NOT_A_ROW)
            else:
                rest += block
        if rest:
            yield [rest]

    def _check(self, last: bytes) -> None:
        heads = [line[:_HEAD] for line in self._lines]
        # One look at all heads: without its hexadecimal digits each is `{"_ky":""`, and its last byte is a quote. In
        # ascending order, those between two that begin as they should begin so too.
        text, count = b"".join(heads), len(heads)
        if not (
            text.translate(None, _HEX) == b'{"_ky":""' * count
            and text[_HEAD - 1 :: _HEAD] == b'"' * count
            and heads[0].startswith(_BEGIN)
            and heads[-1].startswith(_BEGIN)
            and last < heads[0]
            and all(map(lt, heads, islice(heads, 1, None)))
        ):
            self._find_fault(heads, last)

    def _find_fault(self, heads: list[bytes], last: bytes) -> None:
        for index, (head, above) in enumerate(zip(heads, chain([last], heads), strict=False)):
            digits = head[len(_BEGIN) : -1]
            if head != _BEGIN + digits + b'"' or len(head) != _HEAD or digits.strip(_HEX):
                self._refuse(index, NOT_A_ROW)
            if head <= above:
                self._refuse(index, REPEATED if head == above else UNSORTED)

    def _refuse(self, index: int, fact: str) -> NoReturn:
        raise NotComparable(self._file, self._above + index + 1, fact) from None


def _opened(part: Path) -> gzip.GzipFile | FileIO:
    return gzip.open(part) if part.suffix == ".gz" else part.open("rb", buffering=0)


def _differing(side_a: _Side, side_b: _Side) -> Iterator[tuple[bytes, bytes]]:
    """Yield the lines that are not the same on both sides, those of one key together; empty where a side has none."""
    blocks_a, blocks_b = (chain(side.blocks(), repeat(_END)) for side in (side_a, side_b))
    lines_a, lines_b = next(blocks_a), next(blocks_b)
    i = j = 0
    while lines_a is not _END or lines_b is not _END:
        a, b = lines_a[i], lines_b[j]
        if a == b:
            i, j = i + 1, j + 1
        elif a[:_HEAD] == b[:_HEAD]:
            yield a, b
            i, j = i + 1, j + 1
        elif a < b:
            yield a, b""
            i += 1
        else:
            yield b"", b
            j += 1
        if i == len(lines_a):
            lines_a, i = next(blocks_a), 0
        if j == len(lines_b):
            lines_b, j = next(blocks_b), 0
