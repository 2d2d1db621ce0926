"""Look at a manifest alone. Nothing of the contents is checked, and nothing is proven."""

from __future__ import annotations

from pathlib import Path

from migrant_fp.adapters.package.checking import Check
from migrant_fp.adapters.package.descriptor import DESCRIPTOR
from migrant_fp.adapters.package.digests import digests_of
from migrant_fp.adapters.package.source import Limits
from migrant_fp.domain.manifest import Manifest


def peek(path: Path, limits: Limits | None = None) -> tuple[Manifest, str]:
    """Return what a package says of itself, and the SHA-256 digest of its manifest.

    Args:
        path: Its folder, or its zip.
        limits: What is read at the most.

    Raises:
        PackageRefused: If it has no manifest that can be read.
    """
    check = Check(path.name, limits or Limits())
    data = check.small(check.source(path), DESCRIPTOR)
    manifest = check.manifest(data) if data is not None else None
    check.done()
    if data is None or manifest is None:
        raise AssertionError("a manifest that cannot be read is a flaw")
    return manifest, digests_of(data).sha256
