"""The case rows of a package as files that an engine can compare."""

from __future__ import annotations

import os
from pathlib import Path

import attrs

from migrant_fp.adapters.package.lines import form_of
from migrant_fp.adapters.package.reading import Package
from migrant_fp.domain.manifest import Manifest
from migrant_fp.domain.package_tables import TABLES


@attrs.frozen
class CaseFiles:
    """A package whose files an engine can read.

    Attributes:
        package: The package.
        into: A folder of the caller's, used where the files are sealed or in a zip; what is written there is not sealed, only its
            owner can read it, and the caller removes it.
    """

    package: Package
    into: Path

    @property
    def manifest(self) -> Manifest:
        """What the package says of itself."""
        return self.package.manifest

    def parts(self, table: str) -> tuple[Path, ...]:
        """Return the files of a table in their order.

        Raises:
            PackageRefused: If a file is not any more what was read before.
        """
        names = [one.path for one in self.manifest.resources if one.table == table]
        if self.package.path.is_dir() and self.manifest.sealed is None:
            return tuple(self.package.path / name for name in names)
        form, plain = form_of(TABLES[table]), self.into / f"{table}-{self.package.digest[:16]}.jsonl"
        if not plain.exists():
            half = plain.with_suffix(".half")
            handle = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(handle, "w", encoding="utf-8", newline="") as out:
                out.writelines(form.line(row) for row in self.package.rows(table))
            half.rename(plain)
        return (plain,)
