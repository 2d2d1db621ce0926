"""Sealing to a receiver: encryption that the receiver alone can undo, by a library, a cipher machine or a key on a token."""

from __future__ import annotations

from typing import Protocol

import attrs

from migrant_fp.schedule.errors import MigrantFpError


@attrs.frozen
class Envelope:
    """The key of a content, closed so that one receiver alone can use it. It holds no secret and travels with the content.

    Attributes:
        algorithm: The scheme of the key and of the content together, such as x25519-aes256gcm or sm2-sm4gcm.
        key_id: Which key of the receiver opens it.
        wrapped: The closed content key, as the algorithm defines it.
    """

    algorithm: str
    key_id: str
    wrapped: bytes = attrs.field(repr=False)


@attrs.frozen
class NotOpened(MigrantFpError, ValueError):
    """An envelope, or what was sealed with its key, does not open here. Nothing of the data or of a key is in it.

    Attributes:
        algorithm: The algorithm of the envelope.
        key_id: The key it names.
        fact: Why: an unknown key, another algorithm than the key's, or what does not fit, and what to do.
    """

    algorithm: str
    key_id: str
    fact: str

    def __str__(self) -> str:
        """Name the key and the fact; nothing of the data."""
        return f"sealed to key {self.key_id[:80]} ({self.algorithm[:40]}): {self.fact} （无法解封）"


class Seal(Protocol):
    """One content key in use. Who holds it can seal and unseal; it shows in no repr and no message."""

    def seal(self, data: bytes, context: bytes) -> bytes:
        """Return the data sealed: a fresh random nonce of 96 bits, the ciphertext, a tag.

        The context is not kept, but must be the same again to unseal: pass what the data are, such as the id of the
        package and the path in it, so that nobody puts one sealed file in the place of another.
        """
        ...

    def unseal(self, data: bytes, context: bytes) -> bytes:
        """Return what was sealed with this key and in this context.

        Raise `NotOpened` for another key, another context, or any change of a byte; nothing of the data comes out.
        """
        ...


class Sealer(Protocol):
    """Seals to one receiver, by his public key. It cannot open what it sealed before."""

    def begin(self) -> tuple[Envelope, Seal]:
        """Return a fresh content key: closed for the receiver, and ready for use."""
        ...


class Opener(Protocol):
    """Opens envelopes, by the private keys of a receiver. A key need not enter the process: it may be in a device."""

    def open(self, envelope: Envelope) -> Seal:
        """Return the content key in an envelope, ready for use.

        Raise `NotOpened` for an unknown key, another algorithm than the key's, or a content key that does not unwrap.
        """
        ...
