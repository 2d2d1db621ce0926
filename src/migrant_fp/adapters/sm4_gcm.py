"""Sealing with SM4-GCM (RFC 8998), the key closed by SM2 encryption (GB/T 32918.4; DER as GM/T 0009 and `openssl` write it).

Keys are raw, as those of the SM2 signatures: 32 bytes the private one, 64 bytes (x, y) the public one. SM4 is
cryptography's, SM2 is of the C library GmSSL, which writes lines of its own to stderr when it refuses something.
A Python library is no certified cipher module (密评); where one is asked for, its device goes behind the same port.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

import attrs

from migrant_fp.application.extras import MissingExtra
from migrant_fp.domain.errors import Invalid, Problem
from migrant_fp.ports.protection import Envelope, NotOpened

try:
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers import Cipher
    from cryptography.hazmat.primitives.ciphers.algorithms import SM4
    from cryptography.hazmat.primitives.ciphers.modes import GCM
except ImportError as error:
    raise MissingExtra("cryptography", "gm") from error
try:
    import gmssl_pyx as gmssl
except ImportError as error:
    raise MissingExtra("gmssl-pyx", "sm2") from error

#: What an envelope of this kind calls itself.
ALGORITHM = "sm2-sm4gcm"
_KEY, _NONCE, _TAG, _PRIVATE, _PUBLIC = 16, 12, 16, 32, 64
# The order of the SM2 curve (GB/T 32918.5): a private key is from 1 to two less.
_ORDER = 0xFFFFFFFE_FFFFFFFF_FFFFFFFF_FFFFFFFF_7203DF6B_21C6052B_53BBF409_39D54123


@attrs.frozen(eq=False)
class Sm4GcmSeal:
    """One content key of SM4-GCM in use: nonce (12 bytes), ciphertext, tag (16 bytes).

    Attributes:
        key_id: Which key of the receiver opens its envelope.
    """

    key_id: str
    _key: bytes = attrs.field(repr=False)

    def seal(self, data: bytes, context: bytes) -> bytes:
        """Return the data sealed in this context, with a fresh nonce."""
        return self._sealed(os.urandom(_NONCE), data, context)

    def unseal(self, data: bytes, context: bytes) -> bytes:
        """Return what was sealed with this key in this context.

        Raises:
            NotOpened: For another key, another context, or any change of a byte.
        """
        try:
            opening = Cipher(SM4(self._key), GCM(data[:_NONCE], data[_NONCE:][-_TAG:])).decryptor()
            opening.authenticate_additional_data(context)
            return opening.update(data[_NONCE:-_TAG]) + opening.finalize()
        except (InvalidTag, ValueError):
            fact = "what is sealed does not fit its key and place; ask for it again"
            raise NotOpened(ALGORITHM, self.key_id, fact) from None

    def _sealed(self, nonce: bytes, data: bytes, context: bytes) -> bytes:
        closing = Cipher(SM4(self._key), GCM(nonce)).encryptor()
        closing.authenticate_additional_data(context)
        return nonce + closing.update(data) + closing.finalize() + closing.tag


@attrs.frozen(eq=False)
class Sm2Sealer:
    """Seals to the holder of one SM2 key.

    Attributes:
        key_id: What the receiver calls the key.

    Raises:
        Invalid: If the public key is not 64 bytes of a point on the curve.
    """

    key_id: str
    _public: bytes = attrs.field(repr=False)

    def __attrs_post_init__(self) -> None:
        """Refuse what is no public key."""
        if not _is_public(self._public):
            fact = f"expected {_PUBLIC} bytes (x, y) of a point on the SM2 curve"
            raise Invalid("public key", (Problem(self.key_id, fact),))

    def begin(self) -> tuple[Envelope, Sm4GcmSeal]:
        """Return a fresh content key: closed for the receiver, and ready for use."""
        content = os.urandom(_KEY)
        envelope = Envelope(ALGORITHM, self.key_id, gmssl.sm2_encrypt(self._public, content))
        return envelope, Sm4GcmSeal(self.key_id, content)


@attrs.frozen(eq=False)
class Sm2Opener:
    """Opens envelopes with the private keys of a receiver, by the id of the key; an old key stays until its last package.

    Raises:
        Invalid: If one is not 32 bytes of a private key; every such key is named, none is shown.
    """

    _keys: Mapping[str, bytes] = attrs.field(repr=False)

    def __attrs_post_init__(self) -> None:
        """Refuse what is no private key."""
        fact = f"expected {_PRIVATE} bytes of an SM2 private key"
        problems = tuple(Problem(name, fact) for name, key in self._keys.items() if not _is_private(key))
        if problems:
            raise Invalid("private keys", problems)

    def open(self, envelope: Envelope) -> Sm4GcmSeal:
        """Return the content key in an envelope, ready for use.

        Raises:
            NotOpened: For an unknown key, another algorithm, or a content key that does not unwrap.
        """
        if envelope.algorithm != ALGORITHM:
            raise NotOpened(envelope.algorithm, envelope.key_id, f"expected the algorithm {ALGORITHM}")
        if envelope.key_id not in self._keys:
            raise NotOpened(envelope.algorithm, envelope.key_id, "no such private key is held here; add it")
        content = _unwrapped(self._keys[envelope.key_id], envelope.wrapped)
        if len(content) != _KEY:
            fact = "the content key does not unwrap: it was closed for another key, or changed on the way"
            raise NotOpened(envelope.algorithm, envelope.key_id, fact)
        return Sm4GcmSeal(envelope.key_id, content)


def _unwrapped(private: bytes, wrapped: bytes) -> bytes:
    try:
        return bytes(gmssl.sm2_decrypt(private, wrapped))
    except (gmssl.InvalidValueError, gmssl.GmsslInnerError):
        return b""


def _is_private(key: bytes) -> bool:
    return len(key) == _PRIVATE and 0 < int.from_bytes(key) < _ORDER - 1


def _is_public(key: bytes) -> bool:
    try:
        return len(key) == _PUBLIC and bool(gmssl.normalize_sm2_public_key(key))
    except (gmssl.InvalidValueError, gmssl.GmsslInnerError, ValueError):
        return False
