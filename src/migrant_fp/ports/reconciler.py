"""Reconciling two case hand-overs: by a merge, a database in the process, or a cluster."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

import attrs

from migrant_fp.domain.reconciliation import Counts, Difference
from migrant_fp.schedule.errors import MigrantFpError

#: What can be wrong with a line; every engine says it in these words.
NOT_A_ROW = (
    'is no row: expected one JSON object that begins {"_key":"<64 hexadecimal digits>" and whose values are all text, '
    "in UTF-8"
)
REPEATED = "has a key that an earlier row of this side has: each key may come once"
UNSORTED = (
    "has a key that sorts before the row above it: sort the rows by their bytes, or take the engine duckdb"
)
DAMAGED = "cannot be unpacked: the gzip data are damaged or cut off"


@attrs.frozen
class NotComparable(MigrantFpError, ValueError):
    """A file cannot be reconciled: a line is no row, or a key comes twice or out of order.

    Attributes:
        file: The name of the file, without its folder.
        row: The number of the row in the file, from 1; 0 where no row can be named.
        fact: What is wrong and what was expected; nothing of the row.
    """

    file: str
    row: int
    fact: str

    def __str__(self) -> str:
        """Name the file, the row and the fact; nothing of the row."""
        row = f", row {self.row}" if self.row else ""
        return f"{self.file}{row}: {self.fact}; ask the sender for a corrected package （文件无法核对）"


@attrs.frozen
class EngineFailed(MigrantFpError, RuntimeError):
    """The engine itself failed, and no line of the files is to blame.

    Attributes:
        engine: Its name.
        fact: What it reported, by kind; its own words may hold what stands in the rows, and are left out.
    """

    engine: str
    fact: str

    def __str__(self) -> str:
        """Name the engine and the kind of failure, and what can be done."""
        return (
            f"the engine {self.engine} failed with {self.fact}: give it more memory or room for temporary files, or take "
            "the engine merge for sorted files （核对引擎出错）"
        )


class Reconciler(Protocol):
    """Compares two sides, each a sequence of files. Its promises are `migrant_fp.testing.reconciler.ReconcilerContract`.

    A file is JSON Lines in UTF-8, plain (`.jsonl`) or gzip (`.jsonl.gz`): one object a line, in canonical form (names
    sorted, no spaces, no escapes but the needed ones, every value a text). Its first member is `_key`, so that lines that
    are sorted by their bytes are sorted by key. The files of a side continue each other, and no key comes twice in a side.
    """

    def compare(self, a: Sequence[Path], b: Sequence[Path], found: Callable[[Difference], None]) -> Counts:
        """Call *found* once for each difference, in ascending order of the keys, and return the counts.

        Raise `NotComparable` for a line that is no row, a key that comes twice in a side, and, by an engine that needs
        sorted files, rows out of order; it holds nothing of a row. The error may come after some differences were given:
        they are void then. Raise `EngineFailed` if the engine fails by itself. Lines that are the same byte for byte on both sides agree, and an engine need not look
        into them beyond the key; an empty line, and space around an object, may be passed over or refused. Raise `OSError` for a file that cannot be opened.
        """
        ...
