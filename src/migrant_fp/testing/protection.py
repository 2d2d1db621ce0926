"""The promises of a sealer and its opener, one test each."""
# ruff: noqa: D102, S101 - the tests are named by sentences, and asserts are what tests are made of

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator

import attrs
import pytest

from migrant_fp.ports.protection import Envelope, NotOpened, Opener, Sealer

_DATA = b'{"record":"canary-71"}\n'
_CONTEXT = b"package-1 data/part-1.jsonl.gz"
_NONCE = 12
_SIZES = (b"", _DATA, bytes(range(256)) * 4096)


class ProtectionContract(ABC):
    """The promises of `Sealer`, `Opener` and `Seal`; `make` returns a sealer and the opener of its receiver.

    Example:
        >>> from migrant_fp.adapters.aes_gcm import X25519Opener, X25519Sealer
        >>> from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
        >>> class TestX25519(ProtectionContract):
        ...     def make(self):
        ...         key = X25519PrivateKey.generate()
        ...         return X25519Sealer("k1", key.public_key()), X25519Opener({"k1": key})
        >>> TestX25519().test_what_was_sealed_comes_back()
    """

    @abstractmethod
    def make(self) -> tuple[Sealer, Opener]:
        """Return a sealer and the opener of its receiver: a new key at each call, always under the same id."""

    def test_what_was_sealed_comes_back(self) -> None:
        sealer, opener = self.make()
        envelope, seal = sealer.begin()

        for data in _SIZES:
            assert opener.open(envelope).unseal(seal.seal(data, _CONTEXT), _CONTEXT) == data

    def test_what_is_sealed_shows_nothing_of_the_data(self) -> None:
        sealer, _ = self.make()
        envelope, seal = sealer.begin()

        assert b"canary" not in seal.seal(_DATA, _CONTEXT) + envelope.wrapped

    def test_in_another_context_nothing_is_unsealed(self) -> None:
        sealer, opener = self.make()
        envelope, seal = sealer.begin()
        sealed = seal.seal(_DATA, _CONTEXT)

        for context in (b"", _CONTEXT[:-1], _CONTEXT + b" ", b"package-2" + _CONTEXT[9:]):
            _refused(opener, envelope, sealed, context)

    def test_no_changed_byte_of_what_is_sealed_is_unsealed(self) -> None:
        sealer, opener = self.make()
        envelope, seal = sealer.begin()

        for changed in _changed(seal.seal(_DATA, _CONTEXT)):
            _refused(opener, envelope, changed, _CONTEXT)

    def test_nothing_shortened_or_lengthened_is_unsealed(self) -> None:
        sealer, opener = self.make()
        envelope, seal = sealer.begin()

        for other in _of_other_length(seal.seal(_DATA, _CONTEXT)):
            _refused(opener, envelope, other, _CONTEXT)

    def test_no_changed_byte_of_a_wrapped_key_is_opened(self) -> None:
        sealer, opener = self.make()
        envelope, seal = sealer.begin()
        sealed = seal.seal(_DATA, _CONTEXT)

        for changed in _changed(envelope.wrapped):
            other = attrs.evolve(envelope, wrapped=changed)
            _refused(opener, other, sealed, _CONTEXT)

    def test_no_shortened_or_lengthened_wrapped_key_is_opened(self) -> None:
        sealer, opener = self.make()
        envelope, seal = sealer.begin()
        sealed = seal.seal(_DATA, _CONTEXT)

        for wrapped in _of_other_length(envelope.wrapped):
            other = attrs.evolve(envelope, wrapped=wrapped)
            _refused(opener, other, sealed, _CONTEXT)

    def test_the_key_of_another_receiver_opens_nothing(self) -> None:
        (sealer, _), (_, stranger) = self.make(), self.make()
        envelope, seal = sealer.begin()
        sealed = seal.seal(_DATA, _CONTEXT)

        _refused(stranger, envelope, sealed, _CONTEXT)

    def test_an_envelope_to_a_key_that_is_not_held_is_not_opened(self) -> None:
        sealer, opener = self.make()

        for key_id in ("", "another"):
            other = attrs.evolve(sealer.begin()[0], key_id=key_id)
            _unopened(opener, other)

    def test_an_envelope_of_another_algorithm_is_not_opened(self) -> None:
        sealer, opener = self.make()

        for algorithm in ("", "none", "another"):
            other = attrs.evolve(sealer.begin()[0], algorithm=algorithm)
            _unopened(opener, other)

    def test_the_same_data_sealed_twice_look_different(self) -> None:
        sealer, _ = self.make()
        _, seal = sealer.begin()
        sealed = [seal.seal(data, _CONTEXT) for data in (_DATA, _DATA, b"", b"")]

        assert len({one[:_NONCE] for one in sealed}) == len(sealed)

    def test_every_envelope_holds_a_key_of_its_own(self) -> None:
        sealer, opener = self.make()
        (first, seal), (second, _) = sealer.begin(), sealer.begin()
        sealed = seal.seal(_DATA, _CONTEXT)

        assert first.wrapped != second.wrapped
        _refused(opener, second, sealed, _CONTEXT)

    def test_a_refusal_names_the_key_and_nothing_of_the_data(self) -> None:
        sealer, opener = self.make()
        envelope, seal = sealer.begin()
        sealed = seal.seal(_DATA, _CONTEXT)
        changed = attrs.evolve(envelope, wrapped=b"canary-71")

        for error in (
            _refused(opener, changed, sealed, _CONTEXT),
            _refused(opener, envelope, sealed, b""),
            _refused(opener, envelope, _DATA, _CONTEXT),
        ):
            assert (error.key_id, error.algorithm) == (envelope.key_id, envelope.algorithm)
            assert "canary" not in f"{error}{error!r}"

    def test_nothing_shows_the_bytes_of_a_key(self) -> None:
        sealer, opener = self.make()
        envelope, seal = sealer.begin()

        for one in (sealer, opener, envelope, seal, opener.open(envelope)):
            assert "b'" not in f"{one!r}{one}"
            assert 'b"' not in f"{one!r}{one}"


def _changed(value: bytes) -> Iterator[bytes]:
    for place in range(len(value)):
        for bit in (0x01, 0x80):
            yield value[:place] + bytes([value[place] ^ bit]) + value[place + 1 :]


def _of_other_length(value: bytes) -> Iterator[bytes]:
    yield from (value[:length] for length in range(len(value)))
    yield from (value + b"\x00", value * 2, b"\x00" + value, value[1:])


def _refused(opener: Opener, envelope: Envelope, sealed: bytes, context: bytes) -> NotOpened:
    with pytest.raises(NotOpened) as refused:
        opener.open(envelope).unseal(sealed, context)
    return refused.value


def _unopened(opener: Opener, envelope: Envelope) -> None:
    with pytest.raises(NotOpened):
        opener.open(envelope)
