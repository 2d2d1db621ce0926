"""An office's packages, and of each case hand-over that is sealed to another a copy sealed to the office itself.

What is sealed to the receiver the sender cannot open again; without a copy no office could compare what both handed over.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from migrant_fp.adapters.package import Limits, PackageShelf, Written, peek, read_package, write_package
from migrant_fp.adapters.package.shelf import sweep
from migrant_fp.domain.errors import Invalid, Problem
from migrant_fp.domain.manifest import Manifest, PackageKind
from migrant_fp.ports.packages import Tables
from migrant_fp.ports.protection import Opener, Sealer
from migrant_fp.ports.signing import Signer, Verifier

#: The folder of the copies, beside `made` and `taken`.
COPIES = "own"


class OwnCopies(PackageShelf):
    """A shelf with a further folder for the copies."""

    def __init__(
        self,
        home: Path,
        *,
        own: Sealer | None,
        signer: Signer | None,
        verifier: Verifier | None,
        opener: Opener | None,
        sealers: Mapping[str, Sealer],
        unsigned: bool,
        progress: Callable[[int], None],
    ) -> None:
        """Open the shelf.

        Args:
            home: Its folder.
            own: Seals to the office itself; without it no copies are kept.
            signer: Signs what is made.
            verifier: Holds the public keys of the others, and the office's own.
            opener: Opens what is sealed to this office.
            sealers: By the id of an agency: what seals to it.
            unsigned: Whether unsigned packages are taken, as integrity only.
            progress: Told how many more rows are written or read.
        """
        super().__init__(
            home,
            signer=signer,
            verifier=verifier,
            opener=opener,
            sealers=sealers,
            unsigned=unsigned,
            limits=Limits(),
            progress=progress,
        )
        self._own, self._copies = own, home / COPIES
        if self._copies.is_dir():
            self._holding.append(self._copies)
            sweep(self._copies)

    def make(self, manifest: Manifest, tables: Tables) -> Written:
        """Write a package; of cases that are sealed to another the copy first, from which the package is then made.

        Raises:
            Invalid: For rows that do not fit.
        """
        if (
            self._own is None
            or manifest.kind is not PackageKind.CASES
            or manifest.receiver not in self._sealers
        ):
            return super().make(manifest, tables)
        self._copies.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".", dir=self._copies) as begun:
            copy = write_package(
                manifest, tables, Path(begun), signer=self._signer, sealer=self._own, progress=self._progress
            )
            held = read_package(copy.folder, opener=self._opener, unsigned=True)
            made = super().make(manifest, {name: held.rows(name) for name in tables})
            place = self._copies / made.digest[:16]
            place.mkdir(exist_ok=True)
            copy.folder.rename(place / copy.folder.name)
        return made

    def forget(self, package: str, digest: str) -> bool:
        """Remove a package for good, and the copy of it; return whether one was there."""
        copy = self._copies / digest[:16]
        there = (copy / package).is_dir()
        if there:
            shutil.rmtree(copy)
        return super().forget(package, digest) or there


def readable_copy(path: Path, home: Path) -> Path:
    """Return the copy that an office keeps of a package, or the package itself where it keeps none.

    Raises:
        PackageRefused: If one of the two has no manifest that can be read.
        Invalid: If the copy is of other rows than the package.
    """
    theirs, digest = peek(path)
    copy = home / COPIES / digest[:16] / theirs.package_id
    if not copy.is_dir():
        return path
    if _contents(theirs) != _contents(peek(copy)[0]):
        raise Invalid(path.name, (Problem(COPIES, "holds a copy with other rows; build the package again"),))
    return copy


def _contents(manifest: Manifest) -> list[tuple[str, int, int]]:
    return [(one.path, one.rows, one.control_total) for one in manifest.resources]
