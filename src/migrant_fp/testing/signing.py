"""The promises of a signer and its verifier, one test each."""
# ruff: noqa: D102, S101 - the tests are named by sentences, and asserts are what tests are made of

from __future__ import annotations

from abc import ABC, abstractmethod

import attrs
import pytest

from migrant_fp.ports.signing import NotProven, Signature, Signer, Verifier

_MESSAGE = b'{"package_id":"example"}\n'


class SigningContract(ABC):
    """The promises of `Signer` and `Verifier`; `make` returns a signer and a verifier that holds its public key.

    Example:
        >>> import hashlib, hmac
        >>> class Keyed:  # no signature at all, but enough to show the shape
        ...     def sign(self, message):
        ...         return Signature("example", "k1", hmac.digest(b"invented", message, "sha256"))
        ...     def verify(self, message, signature):
        ...         if signature != self.sign(message):
        ...             raise NotProven(signature.algorithm, signature.key_id, "does not fit the message")
        >>> class TestKeyed(SigningContract):
        ...     def make(self):
        ...         return Keyed(), Keyed()
        >>> TestKeyed().test_what_was_signed_is_proven()
    """

    @abstractmethod
    def make(self) -> tuple[Signer, Verifier]:
        """Return a signer, and a verifier that holds its public key and no other."""

    def test_what_was_signed_is_proven(self) -> None:
        signer, verifier = self.make()

        for message in (_MESSAGE, b"", b"\x00" * 4096):
            verifier.verify(message, signer.sign(message))

    def test_no_other_message_is_proven(self) -> None:
        signer, verifier = self.make()
        signature = signer.sign(_MESSAGE)

        for message in (_MESSAGE + b" ", _MESSAGE[:-1], b"", _MESSAGE.upper()):
            _refuses(verifier, message, signature)

    def test_no_changed_byte_of_a_signature_is_proven(self) -> None:
        signer, verifier = self.make()
        signature = signer.sign(_MESSAGE)

        for place in range(len(signature.value)):
            changed = bytearray(signature.value)
            changed[place] ^= 1
            _refuses(verifier, _MESSAGE, attrs.evolve(signature, value=bytes(changed)))

    def test_no_shortened_or_lengthened_signature_is_proven(self) -> None:
        signer, verifier = self.make()
        signature = signer.sign(_MESSAGE)

        for value in (b"", signature.value[:-1], signature.value + b"\x00", signature.value * 2):
            _refuses(verifier, _MESSAGE, attrs.evolve(signature, value=value))

    def test_a_key_that_is_not_held_proves_nothing(self) -> None:
        signer, verifier = self.make()

        _refuses(verifier, _MESSAGE, attrs.evolve(signer.sign(_MESSAGE), key_id="another"))

    def test_another_algorithm_than_the_keys_proves_nothing(self) -> None:
        signer, verifier = self.make()

        for algorithm in ("", "none", "another"):
            _refuses(verifier, _MESSAGE, attrs.evolve(signer.sign(_MESSAGE), algorithm=algorithm))

    def test_a_refusal_names_the_key_and_nothing_of_the_message(self) -> None:
        signer, verifier = self.make()
        signature = signer.sign(_MESSAGE)
        error = _refuses(verifier, b"canary-71", signature)

        assert (error.key_id, error.algorithm) == (signature.key_id, signature.algorithm)
        assert "canary" not in f"{error}{error!r}"


def _refuses(verifier: Verifier, message: bytes, signature: Signature) -> NotProven:
    with pytest.raises(NotProven) as refused:
        verifier.verify(message, signature)
    return refused.value
