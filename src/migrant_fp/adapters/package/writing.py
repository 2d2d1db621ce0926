"""Write a package: its files first, the manifest last, and the whole put in its place in one step.

Rows pass through one at a time; memory holds one part at the most. The same hand-over gives the same bytes, on the same Python and zlib.
"""

from __future__ import annotations

import gzip
import io
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain, islice
from pathlib import Path

import attrs

from migrant_fp.adapters.package.counts import small_counts, table_flaws
from migrant_fp.adapters.package.descriptor import DESCRIPTOR, descriptor_of
from migrant_fp.adapters.package.digests import LISTS, Digests, digests_of, list_of
from migrant_fp.adapters.package.lines import LineForm, form_of
from migrant_fp.adapters.package.source import Limits
from migrant_fp.domain.errors import Invalid, Problem
from migrant_fp.domain.manifest import Manifest, PackageKind, Resource, SealedTo
from migrant_fp.domain.package_tables import TABLES
from migrant_fp.ports.protection import Seal, Sealer
from migrant_fp.ports.signing import Signer

#: The signature over the exact bytes of the manifest, and whose it is.
SIGNATURE, SIGNED_BY = "signature.bin", "signature.json"
#: The most rows of one file.
ROWS_A_PART = 100_000
_AT_ONCE = 1_000
_LEVEL = 6
_LISTED = 1_000
_BESIDE = 5

Row = Mapping[str, str]


@attrs.frozen
class Written:
    """A package that was written.

    Attributes:
        folder: Where.
        manifest: What it says of itself.
        digest: The SHA-256 digest of its manifest.
    """

    folder: Path
    manifest: Manifest
    digest: str


def write_package(
    manifest: Manifest,
    tables: Mapping[str, Iterable[Row]],
    into: Path,
    *,
    signer: Signer | None = None,
    sealer: Sealer | None = None,
    limits: Limits | None = None,
    progress: Callable[[int], None] = lambda _: None,
) -> Written:
    """Write a package into a folder of its own, named by its id; one that was there before is replaced.

    Args:
        manifest: What it says of itself, without files.
        tables: The rows by the name of their table, such as `Case.row()` gives them; those with a key in its order.
        into: The folder for the package's folder.
        signer: Signs the manifest; without one the package shows integrity only.
        sealer: Seals the files to the receiver.
        limits: What the receiver takes at the most.
        progress: Told how many more rows are written.

    Raises:
        Invalid: If rows do not fit, with every problem up to a thousand; if counts do not add up, or small ones are shown; if a table
            is missing or does not belong; or if it is more than a reader takes in one part. Then nothing is written.
        OSError: If the disk refuses.
    """
    _require_tables(manifest, tables)
    with _building(into, manifest.package_id) as folder:
        writing = _Writing(folder, manifest, progress)
        if sealer is not None:
            envelope, writing.seal = sealer.begin()
            sealed = SealedTo(envelope.algorithm, envelope.key_id, envelope.wrapped.hex())
            manifest = attrs.evolve(manifest, sealed=sealed)
        resources = [one for name in sorted(tables) for one in writing.table(name, tables[name])]
        if writing.problems:
            raise Invalid(manifest.package_id, tuple(writing.problems))
        manifest = attrs.evolve(manifest, resources=tuple(sorted(resources, key=lambda one: one.path)))
        data = descriptor_of(manifest)
        _require_size(manifest, data, limits or Limits())
        for name, content in _beside(manifest, data, signer):
            _write(folder / name, content)
        _write(folder / DESCRIPTOR, data)
    return Written(into / manifest.package_id, manifest, digests_of(data).sha256)


def expected_lists(manifest: Manifest, data: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield the digest lists of a package: they follow from its manifest."""
    own = digests_of(data)
    rows = [(one.path, one.sha256, one.sm3) for one in manifest.resources]
    rows.append((DESCRIPTOR, own.sha256, own.sm3))
    yield LISTS["sha256"], list_of((path, sha256) for path, sha256, _ in rows)
    yield LISTS["sm3"], list_of((path, sm3) for path, _, sm3 in rows)


def signed_by(algorithm: str, key_id: str) -> bytes:
    """Return the file that says whose a signature is."""
    return (json.dumps({"algorithm": algorithm, "key_id": key_id}, indent=1) + "\n").encode()


def _beside(manifest: Manifest, data: bytes, signer: Signer | None) -> Iterator[tuple[str, bytes]]:
    yield from expected_lists(manifest, data)
    if signer is not None:
        signature = signer.sign(data)
        yield SIGNATURE, signature.value
        yield SIGNED_BY, signed_by(signature.algorithm, signature.key_id)


def _require_tables(manifest: Manifest, tables: Mapping[str, Iterable[Row]]) -> None:
    allowed = manifest.kind.tables
    problems = []
    if allowed[0] not in tables:
        problems.append(
            Problem(allowed[0], f"is missing; a package of {manifest.kind.value} holds this table")
        )
    problems += [
        Problem(name[:40], f"does not belong here; expected {', '.join(allowed)}")
        for name in tables
        if name not in allowed
    ]
    if manifest.resources or manifest.sealed:
        problems.append(Problem("manifest", "names files already; pass it without them"))
    if problems:
        raise Invalid("tables", tuple(problems))


def _require_size(manifest: Manifest, data: bytes, limits: Limits) -> None:
    size = sum(one.size for one in manifest.resources)
    if len(data) > limits.manifest or len(manifest.resources) > limits.files - _BESIDE or size > limits.size:
        fact = f"{len(manifest.resources)} files of {size} bytes are more than a reader takes; hand over in parts n of m"
        raise Invalid(manifest.package_id, (Problem("files", fact),))


@contextmanager
def _building(into: Path, name: str) -> Iterator[Path]:
    into.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=f".{name}.", dir=into))
    try:
        (folder / "data").mkdir()
        yield folder
        _flush_folder(folder / "data")
        _flush_folder(folder)
        folder.chmod(0o755)
        _replace(folder, into / name)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _replace(folder: Path, place: Path) -> None:
    if place.exists():
        old = folder.with_name(folder.name + ".old")
        place.rename(old)
        folder.rename(place)
        shutil.rmtree(old, ignore_errors=True)
    else:
        folder.rename(place)
    _flush_folder(place.parent)


def _flush_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


class _Tee(io.RawIOBase):
    """A file whose digests are known when it is written."""

    def __init__(self, path: Path) -> None:
        self.digests = Digests()
        self._file = path.open("wb")

    def writable(self) -> bool:
        return True

    def write(self, data: bytes, /) -> int:  # type: ignore[override] # bytes and their views
        self.digests.update(data)
        return self._file.write(data)

    def close(self) -> None:
        if not self._file.closed:
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
        super().close()


class _Writing:
    """One package under way."""

    def __init__(self, folder: Path, manifest: Manifest, progress: Callable[[int], None]) -> None:
        self.seal: Seal | None = None
        self.problems: list[Problem] = []
        self._folder, self._manifest, self._progress = folder, manifest, progress
        self._id, self._first = manifest.package_id, manifest.kind.tables[0]

    def table(self, name: str, rows: Iterable[Row]) -> Iterator[Resource]:
        form = form_of(TABLES[name])
        if not form.is_keyed:
            lines = [*self._lines(form, islice(rows, ROWS_A_PART + 1))]
            self._require_numbers(form, lines)
            yield self._file(f"data/{name}.csv", form, chain([form.head + form.end], lines))
            return
        keyed = self._lines(form, rows)
        for number in range(1, 100_000):
            first = next(keyed, None)
            if first is None and (number > 1 or name != self._first):
                return
            part = keyed if first is None else chain([first], islice(keyed, ROWS_A_PART - 1))
            yield self._file(f"data/{name}-{number:05}.jsonl.gz", form, part)

    def _require_numbers(self, form: LineForm, lines: Sequence[str]) -> None:
        """Check what a table of numbers as a whole must keep; it is small, and held in memory."""
        if len(lines) > ROWS_A_PART:
            self._note(form, len(lines), f"is one more than the {ROWS_A_PART} rows of a file")
        elif self._manifest.kind is PackageKind.STATISTICS and not self.problems:
            table = [tuple(line.removesuffix(form.end).split(",")) for line in lines]
            numbers = range(1, len(table) + 1)
            flaws = small_counts(numbers, table, self._manifest.threshold)
            for _, row, fact in chain(flaws, table_flaws(table, self._manifest)):
                self._note(form, row, fact)

    def _lines(self, form: LineForm, rows: Iterable[Row]) -> Iterator[str]:
        last, cut = "", -len(form.end)
        for number, row in enumerate(rows, 1):
            line = form.line(row)
            if not form.fits(line[:cut]):
                self._note(form, number, *(str(problem) for problem in form.table.problems(row)))
                continue
            if form.is_keyed:
                [order] = form.orders([line])
                if order <= last:
                    self._note(form, number, "is out of order, or its key came before; sort the rows by _key")
                last = order
            yield line

    def _note(self, form: LineForm, number: int | None, *facts: str) -> None:
        room = _LISTED - len(self.problems)
        place = f"{form.table.name} row {number}" if number else form.table.name
        self.problems += [Problem(place, fact) for fact in facts or ("does not fit",)][:room]

    def _file(self, path: str, form: LineForm, lines: Iterator[str]) -> Resource:
        place = path + (".sealed" if self.seal else "")
        tee = _Tee(self._folder / place)
        with tee:
            if self.seal:
                plain = io.BytesIO()
                rows, total = self._pour(plain, form, lines)
                tee.write(self.seal.seal(plain.getvalue(), f"{self._id}\n{path}".encode()))
            else:
                rows, total = self._pour(tee, form, lines)
        both = tee.digests
        return Resource(place, rows, total, both.size, both.sha256, both.sm3)

    def _pour(self, out: io.RawIOBase | io.BytesIO, form: LineForm, lines: Iterator[str]) -> tuple[int, int]:
        if not form.is_keyed:
            return self._copy(out, form, lines)
        buffered = io.BufferedWriter(out, 1 << 18) if isinstance(out, io.RawIOBase) else out
        with gzip.GzipFile("", "wb", _LEVEL, buffered, mtime=0) as packed:
            counted = self._copy(packed, form, lines)
        if isinstance(buffered, io.BufferedWriter):
            buffered.flush()
            buffered.detach()
        return counted

    def _copy(
        self, out: io.RawIOBase | io.BytesIO | gzip.GzipFile, form: LineForm, lines: Iterator[str]
    ) -> tuple[int, int]:
        rows = total = 0
        while batch := list(islice(lines, _AT_ONCE)):
            out.write("".join(batch).encode())
            content = batch[1:] if form.head and not rows else batch
            rows += len(content)
            total += form.total(content)
            self._progress(len(content))
        return rows, total
