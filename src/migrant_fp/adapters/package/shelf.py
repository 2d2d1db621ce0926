"""An office's own packages in one folder: made ones, taken ones, and those that are just coming in."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

import attrs

from migrant_fp.adapters.package.descriptor import DESCRIPTOR
from migrant_fp.adapters.package.reading import Package, read_package
from migrant_fp.adapters.package.source import Limits
from migrant_fp.adapters.package.writing import Written, write_package
from migrant_fp.domain.manifest import Manifest
from migrant_fp.ports.packages import NoSuchPackage, Tables
from migrant_fp.ports.protection import Opener, Sealer
from migrant_fp.ports.signing import Signer, Verifier

_STALE = 24 * 60 * 60
_SHORT = 16
#: In the name of every receipt; the ledger does not hold receipts, and they are not about persons.
_RECEIPT = ".receipt-"


class PackageShelf:
    """The folders `made`, `taken` and `incoming` below one home; in the first two a package lies below its digest.

    What a killed process left half-written there is removed when the shelf is opened a day later.

    Attributes:
        incoming: Where a channel copies what it claims.
    """

    def __init__(
        self,
        home: Path,
        *,
        signer: Signer | None = None,
        verifier: Verifier | None = None,
        opener: Opener | None = None,
        sealers: Mapping[str, Sealer] | None = None,
        unsigned: bool = False,
        limits: Limits | None = None,
        progress: Callable[[int], None] = lambda _: None,
    ) -> None:
        """Open a shelf, or begin one.

        Args:
            home: Its folder.
            signer: Signs what is made.
            verifier: Holds the public keys of the others.
            opener: Opens what is sealed to this office.
            sealers: By the id of an agency: what seals to it; packages about persons to it are then sealed.
            unsigned: Whether unsigned packages are taken, as integrity only.
            limits: What is taken at the most.
            progress: Told how many more rows are written or read.
        """
        self.incoming = home / "incoming"
        self._made, self._taken = home / "made", home / "taken"
        self._holding = [self._made, self._taken]
        for folder in (self.incoming, self._made, self._taken):
            folder.mkdir(parents=True, exist_ok=True)
        for folder in (self.incoming, self._made):
            sweep(folder)
        self._signer, self._verifier, self._opener = signer, verifier, opener
        self._sealers = dict(sealers or {})
        self._unsigned, self._limits, self._progress = unsigned, limits, progress

    def make(self, manifest: Manifest, tables: Tables) -> Written:
        """Write a package below its digest; one about persons is sealed where a key of the receiver is held.

        So nothing that was made before is replaced, and the same package again is the one that is there.

        Raises:
            Invalid: For rows that do not fit.
        """
        sealer = self._sealers.get(manifest.receiver) if manifest.kind.is_about_persons else None
        with tempfile.TemporaryDirectory(prefix=".new.", dir=self._made) as fresh:
            written = write_package(
                manifest, tables, Path(fresh), signer=self._signer, sealer=sealer, progress=self._progress
            )
            return attrs.evolve(written, folder=self._put(written))

    def _put(self, written: Written) -> Path:
        place = _below(self._made, written.digest) / written.manifest.package_id
        place.parent.mkdir(exist_ok=True)
        try:
            written.folder.rename(place)
        except OSError:
            if not place.is_dir():  # else it was made before: the same again
                raise
        _flush(place.parent)
        _flush(self._made)
        return place

    def made(self, package: str, digest: str = "") -> Path:
        """Return the folder of a package that was made: of the digest that is given, else the only one of its id.

        Raises:
            NoSuchPackage: If there is none, or without a digest there are several.
        """
        if not digest:
            return self._only(package)
        folder = _below(self._made, digest) / package
        if not folder.is_dir() or _digest(folder) != digest:
            raise NoSuchPackage(package, "made with this digest")
        return folder

    def made_rows(self, package: str, digest: str, table: str) -> Iterator[dict[str, str]]:
        """Yield the rows of a table of a package that was made; the digest proves it to be the office's own.

        Raises:
            NoSuchPackage: If there is none.
            PackageRefused: If it is not any more what was made, or is sealed: nobody but the receiver can open it.
        """
        folder = self.made(package, digest)
        yield from read_package(folder, unsigned=True, limits=self._limits).rows(table)

    def _only(self, package: str) -> Path:
        found = [one for one in self._made.glob("[!.]*/*") if one.name == package]
        if len(found) != 1:
            raise NoSuchPackage(package, "made under one digest" if found else "made")
        return found[0]

    def take(self, path: Path) -> Package:
        """Read a package in *incoming* and keep it.

        Raises:
            PackageRefused: With every flaw.
        """
        found = self._read(path)
        place = self._place(found.manifest.package_id, found.digest)
        place = _zipped(place) if path.is_file() else place
        if place.exists():
            return self.taken(found.manifest.package_id, found.digest)
        place.parent.mkdir(exist_ok=True)
        path.rename(place)
        _flush(place.parent)
        return found.moved(place)

    def taken(self, package: str, digest: str) -> Package:
        """Return a package that was taken.

        Raises:
            NoSuchPackage: If there is none.
            PackageRefused: If it is not any more what was taken.
        """
        found = self._read(_there(self._place(package, digest), "taken"))
        if found.digest != digest:
            raise NoSuchPackage(package, "taken")
        return found

    def forget(self, package: str, digest: str) -> bool:
        """Remove a package that was made or taken for good; return whether one was there."""
        there = [*self._kept(package, digest)]
        with suppress(NoSuchPackage):
            there.append(self.made(package, digest))
        for place in there:
            _remove_below(place)
        return bool(there)

    def drop(self, package: str, digest: str) -> None:
        """Remove a package that was taken and is not to be kept; what was made under its id stays."""
        for place in self._kept(package, digest):
            _remove_below(place)

    def forget_unknown(self, digests: Collection[str]) -> None:
        """Remove what about persons was made or taken a day ago or more, and was never recorded: no ledger knows its digest."""
        known = {digest[:_SHORT] for digest in digests}
        for folder in self._holding:
            for place in folder.glob("[!.]*/*"):
                if place.parent.name not in known and _RECEIPT not in place.name and _is_stale(place):
                    _remove_below(place)

    def _kept(self, package: str, digest: str) -> Iterator[Path]:
        taken = self._place(package, digest)
        yield from (place for place in (taken, _zipped(taken)) if place.exists())

    def clear(self, path: Path) -> None:
        """Remove what lies in *incoming* at a path."""
        if path.parent == self.incoming:
            _remove(path)

    def _place(self, package: str, digest: str) -> Path:
        return _below(self._taken, digest) / package

    def _read(self, path: Path) -> Package:
        return read_package(
            path,
            verifier=self._verifier,
            opener=self._opener,
            unsigned=self._unsigned,
            limits=self._limits,
            progress=self._progress,
        )


def sweep(folder: Path) -> None:
    """Remove what was begun a day ago or more and never finished: it may hold rows about persons."""
    for path in folder.iterdir():
        unfinished = path.name.startswith(".") or path.name.endswith("~")
        if unfinished and _is_stale(path):
            _remove(path)


def _is_stale(path: Path) -> bool:
    return time.time() - path.lstat().st_mtime > _STALE


def _below(folder: Path, digest: str) -> Path:
    return folder / digest[:_SHORT]


def _digest(folder: Path) -> str:
    with (folder / DESCRIPTOR).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _flush(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    os.fsync(handle)
    os.close(handle)


def _there(path: Path, expected: str) -> Path:
    for place in (path, _zipped(path)):
        if place.exists():
            return place
    raise NoSuchPackage(path.name, expected)


def _zipped(place: Path) -> Path:
    return place.with_name(f"{place.name}.zip")


def _remove(place: Path) -> None:
    if place.is_dir() and not place.is_symlink():
        shutil.rmtree(place)
    else:
        place.unlink(missing_ok=True)


def _remove_below(place: Path) -> None:
    """Remove a package and the folder of its digest, unless that holds another."""
    _remove(place)
    with suppress(OSError):
        place.parent.rmdir()
