"""What an adapter raises when a package it needs is not installed."""

from __future__ import annotations

import attrs

from migrant_fp.schedule.errors import MigrantFpError


@attrs.frozen
class MissingExtra(MigrantFpError, ImportError):
    """A package that an adapter needs is not installed.

    Attributes:
        package: The package.
        extra: The extra of this library that installs it.
    """

    package: str
    extra: str

    def __str__(self) -> str:
        """Say what is missing and how to get it."""
        return f"the package {self.package} is missing: pip install 'migrant-fp[{self.extra}]' （缺少依赖）"
