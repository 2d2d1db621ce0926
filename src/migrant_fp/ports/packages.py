"""The packages of an office: those it made, and those it took from others."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Protocol

import attrs

from migrant_fp.domain.manifest import Manifest
from migrant_fp.domain.privacy import masked
from migrant_fp.schedule.errors import MigrantFpError

Tables = Mapping[str, Iterable[Mapping[str, str]]]


@attrs.frozen
class NoSuchPackage(MigrantFpError, LookupError):
    """An office has no such package, or none that stands so.

    Attributes:
        package: The id asked for.
        expected: What kind of package was expected, such as made, taken, or accepted and not applied.
    """

    package: str = attrs.field(converter=masked)
    expected: str

    def __str__(self) -> str:
        """Name the id and what was expected."""
        return f"no package {self.package} is {self.expected}: check the id with migrant-fp exchange status （无此数据包）"


class Made(Protocol):
    """A package that was made."""

    @property
    def folder(self) -> Path:
        """Where it is."""
        ...

    @property
    def manifest(self) -> Manifest:
        """What it says of itself."""
        ...

    @property
    def digest(self) -> str:
        """The SHA-256 digest of its manifest."""
        ...


class Taken(Protocol):
    """A package from another office that was read and found whole."""

    @property
    def manifest(self) -> Manifest:
        """What it says of itself."""
        ...

    @property
    def digest(self) -> str:
        """The SHA-256 digest of its manifest."""
        ...

    @property
    def integrity_only(self) -> bool:
        """Whether nobody signed it."""
        ...

    def rows(self, table: str) -> Iterator[dict[str, str]]:
        """Yield the rows of a table, one at a time."""
        ...


class Packages(Protocol):
    """Where an office keeps packages."""

    @property
    def incoming(self) -> Path:
        """The folder into which a channel copies what it claims."""
        ...

    def make(self, manifest: Manifest, tables: Tables) -> Made:
        """Write a package, whole or not at all; nothing that was made before is replaced.

        Raise `Invalid` for rows that do not fit, with every problem.
        """
        ...

    def made(self, package: str, digest: str = "") -> Path:
        """Return the folder of a package that was made: of the digest that is given, else the only one of its id.

        Raise `NoSuchPackage` if there is none, or without a digest there are several.
        """
        ...

    def made_rows(self, package: str, digest: str, table: str) -> Iterator[dict[str, str]]:
        """Yield the rows of a table of a package that was made and is not sealed, one at a time.

        Raise `NoSuchPackage` if there is none, `PackageRefused` if it is not any more what was made.
        """
        ...

    def take(self, path: Path) -> Taken:
        """Read a package in *incoming* and keep it; the same one again is kept once.

        Raise `PackageRefused` with every flaw; then nothing is kept of it.
        """
        ...

    def taken(self, package: str, digest: str) -> Taken:
        """Return a package that was taken. Raise `NoSuchPackage` if there is none."""
        ...

    def forget(self, package: str, digest: str) -> bool:
        """Remove a package that was made or taken for good; return whether one was there."""
        ...

    def drop(self, package: str, digest: str) -> None:
        """Remove a package that was taken and is not to be kept; what was made under its id stays."""
        ...

    def forget_unknown(self, digests: Collection[str]) -> None:
        """Remove what about persons was made or taken a day ago or more, and was never recorded: no ledger knows its digest."""
        ...

    def clear(self, path: Path) -> None:
        """Remove what lies in *incoming* at a path, if anything does."""
        ...
