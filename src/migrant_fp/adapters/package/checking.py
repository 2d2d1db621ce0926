"""The checks of one package, in the order of cost: its files, its manifest, its proof, its contents. Every flaw is collected."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from migrant_fp.adapters.package.counts import small_counts, table_flaws
from migrant_fp.adapters.package.descriptor import DESCRIPTOR, manifest_of
from migrant_fp.adapters.package.digests import digests_of
from migrant_fp.adapters.package.source import UNREADABLE, FolderSource, Limits, Source, ZipSource, shown
from migrant_fp.adapters.package.stream import FileStream
from migrant_fp.adapters.package.writing import SIGNATURE, SIGNED_BY, expected_lists, signed_by
from migrant_fp.domain.errors import Invalid
from migrant_fp.domain.flaw import Flaw, PackageRefused, PackageRule
from migrant_fp.domain.manifest import Manifest, PackageKind
from migrant_fp.ports.protection import Envelope, NotOpened, Opener, Seal
from migrant_fp.ports.signing import NotProven, Signature, Verifier

_R = PackageRule
_NOTHING = digests_of(b"").sha256


class Check:
    """The flaws of one package."""

    def __init__(
        self,
        name: str,
        limits: Limits,
        progress: Callable[[int], None] = lambda _: None,
        digest: str = _NOTHING,
    ) -> None:
        """Begin without flaws.

        Args:
            name: The name of its folder or zip.
            limits: What is taken at the most.
            progress: Told how many more rows are read.
            digest: The digest of its manifest, where that is known already.
        """
        self._name, self._limits, self._progress = name.removesuffix(".zip"), limits, progress
        self._flaws: list[Flaw] = []
        self._kinds: set[tuple[PackageRule, str]] = set()
        self._more, self._digest = 0, digest

    def note(self, flaw: Flaw) -> None:
        """Take one flaw more; beyond the limit, only the first of each rule and file is kept, the others are counted."""
        kind = (flaw.rule, flaw.file)
        if len(self._flaws) < self._limits.flaws or kind not in self._kinds:
            self._flaws.append(flaw)
            self._kinds.add(kind)
        else:
            self._more += 1

    def done(self) -> None:
        """Return if there is no flaw.

        Raises:
            PackageRefused: With every flaw.
        """
        if self._flaws:
            raise PackageRefused(shown(self._name), tuple(self._flaws), self._more, self._digest)

    def source(self, path: Path) -> Source:
        """Return the files of a package; one whose container is wrong as a whole is refused at once."""
        if not (path.is_file() or path.is_dir()):
            path.lstat()
            self._note(_R.CONTAINER, "", "is neither a folder nor a zip")
            self.done()
        source = FolderSource if path.is_dir() else ZipSource
        found = source(path, self._limits, self.note)
        size = sum(found.sizes.values())
        if size > self._limits.size:
            self._note(_R.LIMIT, "", f"has {size} bytes, more than {self._limits.size}")
        if any(not flaw.file for flaw in self._flaws):
            self.done()
        return found

    def small(self, source: Source, name: str) -> bytes | None:
        """Return a small file; None, with a flaw, where it is missing or too large."""
        if name not in source.sizes:
            if name not in source.refused:
                self._note(_R.FILES, name, "is missing")
        elif source.sizes[name] > self._limits.manifest:
            self._note(_R.LIMIT, name, f"is larger than {self._limits.manifest} bytes")
        else:
            try:
                with source.open(name) as file:
                    return file.read(self._limits.manifest + 1)
            except UNREADABLE as error:
                self._note(_R.CONTAINER, name, f"cannot be read ({type(error).__name__})")
        return None

    def manifest(self, data: bytes) -> Manifest | None:
        """Return what the manifest says; None, with every flaw, where it is none."""
        self._digest = digests_of(data).sha256
        try:
            found = manifest_of(data, DESCRIPTOR)
        except Invalid as error:
            for problem in error.problems:
                self._note(_R.MANIFEST, DESCRIPTOR, str(problem))
            return None
        if found.package_id != self._name:
            self._note(_R.NAME, "", "bears another name than its manifest gives it")
        return found

    def proof(
        self, source: Source, data: bytes, sender: str, verifier: Verifier | None, *, unsigned: bool
    ) -> Signature | None:
        """Return the signature that proves the manifest to be the sender's; None where there is none.

        Args:
            source: The files.
            data: The manifest.
            sender: The id of the agency that it names; empty where it cannot be read.
            verifier: Holds the public keys.
            unsigned: Whether a package without a signature is taken.
        """
        if not {SIGNATURE, SIGNED_BY} & (source.sizes.keys() | source.refused):
            if not unsigned:
                fact = "is missing; take an unsigned package only by asking for it, as integrity only"
                self._note(_R.SIGNATURE, SIGNATURE, fact)
            return None
        signature = self._signature(source)
        if verifier is None:
            if not unsigned:
                self._note(_R.SIGNATURE, SIGNATURE, "cannot be proven without the sender's public key")
            return None
        return self._proven(data, sender, verifier, signature) if signature else None

    def _proven(self, data: bytes, sender: str, verifier: Verifier, signature: Signature) -> Signature | None:
        try:
            verifier.verify(data, signature)
        except NotProven as error:
            self._note(_R.SIGNATURE, SIGNATURE, error.fact)
            return None
        if sender and signature.key_id.partition("#")[0] != sender:
            fact = "is by a key of another than the sender; a key's id is the agency's, and # with more where it has several"
            self._note(_R.SIGNATURE, SIGNATURE, fact)
        return signature

    def _signature(self, source: Source) -> Signature | None:
        value, whose = self.small(source, SIGNATURE), self.small(source, SIGNED_BY)
        if value is None or whose is None:
            return None
        try:
            said = json.loads(whose)
            algorithm, key_id = said["algorithm"], said["key_id"]
        except (ValueError, KeyError, TypeError, RecursionError):
            algorithm = key_id = None
        texts = isinstance(algorithm, str) and isinstance(key_id, str)
        if not texts or signed_by(algorithm, key_id) != whose:
            self._note(_R.CANONICAL, SIGNED_BY, "is not in its one form")
            return None
        return Signature(algorithm, key_id, value)

    def files(self, source: Source, manifest: Manifest, data: bytes) -> None:
        """Check that the files are those that the manifest names, and the digest lists what follows from it."""
        lists = dict(expected_lists(manifest, data))
        there = source.sizes.keys() | source.refused
        expected = {DESCRIPTOR, *lists, *(one.path for one in manifest.resources)}
        signed = {SIGNATURE, SIGNED_BY}
        for path in sorted(expected - there):
            self._note(_R.FILES, path, "is missing")
        for path in sorted(source.sizes.keys() - expected - signed):
            self._note(_R.FILES, shown(path), "is not in the manifest")
        for name, content in lists.items():
            if name in source.sizes and self.small(source, name) not in {content, None}:
                self._note(_R.DIGEST_LIST, name, "is not what the manifest says")
        if not any(one.table == manifest.kind.tables[0] for one in manifest.resources):
            self._note(_R.FILES, DESCRIPTOR, f"names no file of {manifest.kind.tables[0]}")

    def seal(self, manifest: Manifest, opener: Opener | None) -> Seal | None:
        """Return what unseals the files; None where they are not sealed, or, with a flaw, where they do not open."""
        sealed = manifest.sealed
        if sealed is None:
            return None
        if opener is None:
            self._note(_R.SEAL, "", "is sealed; it is read with the receiver's private key")
            return None
        try:
            return opener.open(Envelope(sealed.algorithm, sealed.key_id, bytes.fromhex(sealed.wrapped)))
        except NotOpened as error:
            self._note(_R.SEAL, "", error.fact)
        return None

    def contents(self, source: Source, manifest: Manifest, seal: Seal | None) -> None:
        """Check every row of every file; of what is sealed and does not open, the sizes alone."""
        last: dict[str, str] = {}
        for resource in manifest.resources:
            path = resource.path
            if path not in source.sizes:
                continue
            if source.sizes[path] != resource.size:
                fact = f"has {source.sizes[path]} bytes, the manifest says {resource.size}"
                self._note(_R.DIGEST, path, fact)
                continue
            if manifest.sealed and seal is None:
                continue
            before = last.get(resource.table, "")
            stream = FileStream(source, resource, self._limits, self.note, seal, last=before)
            if manifest.kind is PackageKind.STATISTICS:
                self._counts(stream, path, manifest)
            else:
                for numbers, _ in stream.batches(manifest.package_id):
                    self._progress(len(numbers))
            last[resource.table] = stream.last

    def _counts(self, stream: FileStream, path: str, manifest: Manifest) -> None:
        table: list[tuple[str, ...]] = []
        for numbers, lines in stream.batches(manifest.package_id):
            batch = [tuple(line.split(",")) for line in lines]
            for rule, row, fact in small_counts(numbers, batch, manifest.threshold):
                self.note(Flaw(rule, path, row, fact))
            table += batch
            self._progress(len(numbers))
        if stream.all_fit:
            for rule, row, fact in table_flaws(table, manifest):
                self.note(Flaw(rule, path, row, fact))

    def _note(self, rule: PackageRule, file: str, fact: str) -> None:
        self.note(Flaw(rule, file, None, fact))
