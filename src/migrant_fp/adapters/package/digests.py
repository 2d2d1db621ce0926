"""SHA-256 and SM3 side by side, and the lists that `sha256sum -c` reads."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Protocol

from migrant_fp.application.extras import MissingExtra

#: The lists, by algorithm. The second is for a program that knows SM3 (GB/T 32905).
LISTS = {"sha256": "manifest-sha256.txt", "sm3": "manifest-sm3.txt"}


class _Hash(Protocol):
    def update(self, data: bytes, /) -> None: ...
    def hexdigest(self) -> str: ...


def _sm3() -> _Hash:
    if "sm3" in hashlib.algorithms_available:
        return hashlib.new("sm3")
    try:
        from cryptography.hazmat.primitives import hashes  # noqa: PLC0415 - only where OpenSSL has no SM3
    except ImportError as error:
        raise MissingExtra("cryptography", "gm") from error
    found = hashes.Hash(hashes.SM3())

    class _Sm3:
        def update(self, data: bytes, /) -> None:
            found.update(data)

        def hexdigest(self) -> str:
            return found.copy().finalize().hex()

    return _Sm3()


class Digests:
    """Both digests and the size of what passes.

    Example:
        >>> both = Digests()
        >>> both.update(b"abc")
        >>> both.sm3[:8], both.size  # the published example of GB/T 32905
        ('66c7f0f4', 3)
    """

    def __init__(self) -> None:
        """Begin with nothing."""
        self.size = 0
        self._sha256, self._sm3 = hashlib.sha256(), _sm3()

    def update(self, data: bytes) -> None:
        """Take more."""
        self.size += len(data)
        self._sha256.update(data)
        self._sm3.update(data)

    @property
    def sha256(self) -> str:
        """The SHA-256 digest in hexadecimal digits."""
        return self._sha256.hexdigest()

    @property
    def sm3(self) -> str:
        """The SM3 digest in hexadecimal digits."""
        return self._sm3.hexdigest()


def digests_of(data: bytes) -> Digests:
    """Return the digests of bytes."""
    both = Digests()
    both.update(data)
    return both


def list_of(rows: Iterable[tuple[str, str]]) -> bytes:
    """Return a list as `sha256sum` writes it, by path.

    Args:
        rows: Each path with its digest.
    """
    return "".join(f"{digest}  {path}\n" for path, digest in sorted(rows)).encode()
