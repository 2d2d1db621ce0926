"""One file of a package as a stream of lines: read, digested, unsealed, unpacked, decoded and cut, with bounded memory."""

from __future__ import annotations

import codecs
import io
import zlib
from collections.abc import Callable, Iterator, Sequence
from operator import lt

from migrant_fp.adapters.package.digests import Digests
from migrant_fp.adapters.package.lines import LONGEST, form_of
from migrant_fp.adapters.package.source import UNREADABLE, Limits, Source
from migrant_fp.domain.flaw import Flaw, PackageRule
from migrant_fp.domain.manifest import Resource
from migrant_fp.domain.package_tables import TABLES
from migrant_fp.ports.protection import NotOpened, Seal

_BLOCK = 1 << 18
_R = PackageRule


#: Rows that fit, and their numbers in the file.
Batch = tuple[Sequence[int], Sequence[str]]


class FileStream:
    """The lines of one file; whatever is wrong is noted as a flaw, and reading stops where it cannot go on.

    Attributes:
        last: What the place of the last row follows from; the first row of the next file of the table sorts after it.
        all_fit: Whether every row so far was one of its table.
    """

    def __init__(
        self,
        source: Source,
        resource: Resource,
        limits: Limits,
        note: Callable[[Flaw], None],
        seal: Seal | None,
        *,
        last: str = "",
    ) -> None:
        """Begin before the first line.

        Args:
            source: The files of the package.
            resource: What the manifest says of this one.
            limits: What is taken at the most.
            note: Told each flaw.
            seal: What unseals it, where it is sealed.
            last: What the place of the row before the first follows from.
        """
        self.last, self.all_fit = last, True
        self._source, self._resource, self._limits, self._seal = source, resource, limits, seal
        self._note, self._path = note, resource.path
        self._form = form_of(TABLES[resource.table])
        self._both = Digests()
        self._row = 0

    def batches(self, package: str) -> Iterator[Batch]:
        """Yield the lines that fit, without their ends, as many at a time as come out of one block.

        Args:
            package: The id of the package, to which a sealed file is bound.
        """
        total = 0
        blocks = self._blocks(package)
        for lines in self._cut(blocks):
            room = self._limits.rows - self._row
            first, self._row = self._row + 1, self._row + len(lines)
            batch = self._fitting(first, lines[:room])
            self._require_order(*batch)
            total += self._form.total(batch[1])
            yield batch
            if len(lines) > room:
                row = self._limits.rows + 1
                self._flaw(_R.LIMIT, f"is one more than the {self._limits.rows} rows of a file", row)
                break
        for _ in blocks:  # to its end, for the digests
            pass
        self._compare(total)

    def _fitting(self, first: int, lines: Sequence[str]) -> Batch:
        if self._form.all_fit(lines):
            return range(first, first + len(lines)), lines
        self.all_fit = False
        numbers, kept = [], []
        for number, line in enumerate(lines, first):
            if self._form.fits(line):
                numbers.append(number)
                kept.append(line)
                continue
            for rule, fact in self._form.why_not(line):
                self._flaw(rule, fact, number)
        return numbers, kept

    def _require_order(self, numbers: Sequence[int], lines: Sequence[str]) -> None:
        if not self._form.is_keyed or not lines:
            return
        orders = self._form.orders(lines)
        before = [self.last, *orders[:-1]]
        self.last = orders[-1]
        if all(map(lt, before, orders)):
            return
        for number, above, order in zip(numbers, before, orders, strict=True):
            if not above < order:
                self._flaw(_R.ORDER, "sorts before the row above it, or its key came before", number)

    def _flaw(self, rule: PackageRule, fact: str, row: int | None = None) -> None:
        self._note(Flaw(rule, self._path, row, fact))

    def _compare(self, total: int) -> None:
        said, rows = self._resource, self._row
        if (self._both.sha256, self._both.sm3) != (said.sha256, said.sm3):
            self._flaw(_R.DIGEST, "has another digest than the manifest says")
        if rows != said.rows:
            self._flaw(_R.TOTALS, f"has {rows} rows, the manifest says {said.rows}")
        elif total != said.control_total:
            self._flaw(_R.TOTALS, "has another control total than the manifest says")

    def _cut(self, blocks: Iterator[bytes]) -> Iterator[list[str]]:
        form, rest, begun = self._form, "", not self._form.head
        for text in self._decoded(blocks):
            *whole, rest = (rest + text).split(form.end)
            if not begun and whole:
                begun = True
                if whole.pop(0) != form.head:
                    self._flaw(_R.ROW, f"has another first line than {form.head}")
            if whole:
                yield whole
            if len(rest) > LONGEST:
                self._flaw(_R.LIMIT, f"is longer than {LONGEST} characters", self._row + 1)
                return
        if rest:
            self._flaw(_R.ROW, "has no line end", self._row + 1)
        if not begun:
            self._flaw(_R.ROW, f"has no first line; expected {form.head}")

    def _decoded(self, blocks: Iterator[bytes]) -> Iterator[str]:
        decoder, begun = codecs.getincrementaldecoder("utf-8")(), False
        try:
            for block in blocks:
                text = decoder.decode(block)
                if not begun and text.startswith("\ufeff"):
                    self._flaw(_R.ENCODING, "begins with a byte order mark; expected UTF-8 without one")
                    text = text.removeprefix("\ufeff")
                begun = begun or bool(text)
                yield text
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            self._flaw(_R.ENCODING, "is not UTF-8, or a row soon after it is not", self._row + 1)

    def _blocks(self, package: str) -> Iterator[bytes]:
        raw = self._raw()
        if self._seal is not None:
            raw = self._unsealed(raw, package, self._seal)
        yield from self._gunzipped(raw) if self._form.is_keyed else raw

    def _raw(self) -> Iterator[bytes]:
        left = self._resource.size + 1
        try:
            with self._source.open(self._path) as file:
                while block := file.read(min(left, _BLOCK)):
                    left -= len(block)
                    self._both.update(block)
                    yield block
        except UNREADABLE as error:
            self._flaw(_R.CONTAINER, f"cannot be read ({type(error).__name__})")

    def _unsealed(self, raw: Iterator[bytes], package: str, seal: Seal) -> Iterator[bytes]:
        if self._resource.size > self._limits.sealed:
            self._flaw(_R.LIMIT, f"is sealed and larger than {self._limits.sealed} bytes")
            yield from _drained(raw)
            return
        context = f"{package}\n{self._path.removesuffix('.sealed')}".encode()
        try:
            plain = io.BytesIO(seal.unseal(b"".join(raw), context))
        except NotOpened as error:
            self._flaw(_R.SEAL, error.fact)
            return
        while block := plain.read(_BLOCK):
            yield block

    def _gunzipped(self, raw: Iterator[bytes]) -> Iterator[bytes]:
        unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
        room = max(self._resource.size * self._limits.ratio, _BLOCK)
        for block in raw:
            pending = block
            while pending and not unpacker.eof:
                try:
                    piece = unpacker.decompress(pending, _BLOCK)
                except zlib.error:
                    self._flaw(_R.GZIP, "cannot be unpacked: the gzip data are damaged")
                    yield from _drained(raw)
                    return
                pending, room = unpacker.unconsumed_tail, room - len(piece)
                if room < 0:
                    self._flaw(_R.LIMIT, f"unpacks to more than {self._limits.ratio} times its size")
                    yield from _drained(raw)
                    return
                yield piece
            if unpacker.eof and (pending or unpacker.unused_data):
                self._flaw(_R.GZIP, "has data after its end")
                yield from _drained(raw)
                return
        if not unpacker.eof:
            self._flaw(_R.GZIP, "ends before its end: the gzip data are cut off")


def _drained(raw: Iterator[bytes]) -> Iterator[bytes]:
    """Read to the end, for the digests, and yield nothing."""
    for _ in raw:
        yield b""
