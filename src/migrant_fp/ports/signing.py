"""Signing: by a library, a cipher machine or a key on a token."""

from __future__ import annotations

from typing import Protocol

import attrs

from migrant_fp.schedule.errors import MigrantFpError


@attrs.frozen
class Signature:
    """A signature over the exact bytes of a message.

    Attributes:
        algorithm: Its name, such as ed25519 or sm2-sm3.
        key_id: Which key of the signer made it.
        value: The signature itself, as the algorithm defines it.
    """

    algorithm: str
    key_id: str
    value: bytes


@attrs.frozen
class NotProven(MigrantFpError, ValueError):
    """A signature does not prove that the message is the signer's.

    Attributes:
        algorithm: The algorithm of the signature.
        key_id: The key it names.
        fact: Why: an unknown key, another algorithm than the key's, or a signature that does not fit.
    """

    algorithm: str
    key_id: str
    fact: str

    def __str__(self) -> str:
        """Name the key and the fact; nothing of the message."""
        return f"signature by key {self.key_id[:80]} ({self.algorithm[:40]}): {self.fact} （签名未通过验证）"


class Signer(Protocol):
    """Signs messages. The adapter or device does its own hashing; a key need not enter the process."""

    def sign(self, message: bytes) -> Signature:
        """Return a signature over exactly these bytes, a few kB at most."""
        ...


class Verifier(Protocol):
    """Verifies signatures against the public keys it holds."""

    def verify(self, message: bytes, signature: Signature) -> None:
        """Return if the signature is over exactly these bytes by a key held here.

        Raise `NotProven` for an unknown key, another algorithm than the key's, or a signature that does not fit.
        """
        ...
