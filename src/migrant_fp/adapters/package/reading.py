"""Read a package from another office, trusting nothing: every flaw is told with file, row and rule, and nothing of the contents."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import attrs

from migrant_fp.adapters.package.checking import Check
from migrant_fp.adapters.package.descriptor import DESCRIPTOR
from migrant_fp.adapters.package.digests import digests_of
from migrant_fp.adapters.package.lines import form_of
from migrant_fp.adapters.package.source import Limits, Source
from migrant_fp.adapters.package.stream import FileStream
from migrant_fp.domain.manifest import Manifest
from migrant_fp.domain.package_tables import TABLES
from migrant_fp.ports.protection import Opener, Seal
from migrant_fp.ports.signing import Signature, Verifier


@attrs.frozen
class Package:
    """A package that was read and found whole.

    Attributes:
        path: The folder or zip.
        manifest: What it says of itself.
        digest: The SHA-256 digest of its manifest.
        signature: The signature that was proven; None where it shows integrity only.
    """

    path: Path
    manifest: Manifest
    digest: str
    signature: Signature | None
    _source: Source = attrs.field(repr=False)
    _seal: Seal | None = attrs.field(repr=False)
    _limits: Limits = attrs.field(repr=False)

    @property
    def integrity_only(self) -> bool:
        """Whether nobody signed it: it is whole, and who made it is not proven."""
        return self.signature is None

    def moved(self, path: Path) -> Package:
        """Return the same package at the place to which its folder or zip was moved."""
        return attrs.evolve(self, path=path, source=self._source.moved(path))

    def rows(self, table: str) -> Iterator[dict[str, str]]:
        """Yield the rows of a table, one at a time.

        Raises:
            KeyError: If no package has such a table.
            PackageRefused: If a file is not any more what was read before: after its last row, since it is read as it is yielded.
        """
        form = form_of(TABLES[table])
        for resource in self.manifest.resources:
            if resource.table == table:
                check = Check(self.path.name, self._limits, digest=self.digest)
                stream = FileStream(self._source, resource, self._limits, check.note, self._seal)
                for _, lines in stream.batches(self.manifest.package_id):
                    yield from map(form.row, lines)
                check.done()


def read_package(
    path: Path,
    *,
    verifier: Verifier | None = None,
    opener: Opener | None = None,
    unsigned: bool = False,
    limits: Limits | None = None,
    progress: Callable[[int], None] = lambda _: None,
) -> Package:
    """Read a package and return it if it is whole and proven.

    Args:
        path: Its folder, or its zip.
        verifier: Holds the public keys of senders; the id of a key begins with the id of the agency it speaks for.
        opener: Opens what is sealed to this receiver.
        unsigned: Whether a package without a signature is taken; it is marked integrity only.
        limits: What is taken at the most.
        progress: Told how many more rows are read.

    Raises:
        PackageRefused: With every flaw, as far as the limits list them.
        OSError: If the disk refuses.
    """
    taken = limits or Limits()
    check = Check(path.name, taken, progress)
    source = check.source(path)
    data = check.small(source, DESCRIPTOR)
    manifest = check.manifest(data) if data is not None else None
    sender = manifest.sender if manifest else ""
    signature = check.proof(source, data or b"", sender, verifier, unsigned=unsigned)
    if data is None or manifest is None:
        check.done()
        raise AssertionError("a manifest that cannot be read is a flaw")
    check.files(source, manifest, data)
    seal = check.seal(manifest, opener)
    check.contents(source, manifest, seal)
    check.done()
    return Package(path, manifest, digests_of(data).sha256, signature, source, seal, taken)
