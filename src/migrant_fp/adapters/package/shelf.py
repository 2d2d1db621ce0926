"""An office's own packages in one folder: made ones, taken ones, and those that are just coming in."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

from migrant_fp.adapters.package.reading import Package, read_package
from migrant_fp.adapters.package.source import Limits
from migrant_fp.adapters.package.writing import Written, write_package
from migrant_fp.domain.manifest import Manifest
from migrant_fp.ports.packages import NoSuchPackage, Tables
from migrant_fp.ports.protection import Opener, Sealer
from migrant_fp.ports.signing import Signer, Verifier


class PackageShelf:
    """The folders `made`, `taken` and `incoming` below one home.

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
        for folder in (self.incoming, self._made, self._taken):
            folder.mkdir(parents=True, exist_ok=True)
        self._signer, self._verifier, self._opener = signer, verifier, opener
        self._sealers = dict(sealers or {})
        self._unsigned, self._limits, self._progress = unsigned, limits, progress

    def make(self, manifest: Manifest, tables: Tables) -> Written:
        """Write a package; one about persons is sealed where a key of the receiver is held.

        Raises:
            Invalid: For rows that do not fit.
        """
        sealer = self._sealers.get(manifest.receiver) if manifest.kind.is_about_persons else None
        return write_package(
            manifest, tables, self._made, signer=self._signer, sealer=sealer, progress=self._progress
        )

    def made(self, package: str) -> Path:
        """Return the folder of a package that was made.

        Raises:
            NoSuchPackage: If there is none.
        """
        return _there(self._made / package, "made")

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
        handle = os.open(place.parent, os.O_RDONLY)
        os.fsync(handle)
        os.close(handle)
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
        places = [self._place(package, digest), self._made / package]
        there = [place for one in places for place in (one, _zipped(one)) if place.exists()]
        for place in there:
            _remove(place)
        return bool(there)

    def clear(self, path: Path) -> None:
        """Remove what lies in *incoming* at a path."""
        if path.parent == self.incoming:
            _remove(path)

    def _place(self, package: str, digest: str) -> Path:
        return self._taken / digest[:16] / package

    def _read(self, path: Path) -> Package:
        return read_package(
            path,
            verifier=self._verifier,
            opener=self._opener,
            unsigned=self._unsigned,
            limits=self._limits,
            progress=self._progress,
        )


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
