"""Sealing with AES-256-GCM, the key closed by X25519 (RFC 7748), HKDF-SHA256 (RFC 5869) and AES key wrap (RFC 3394).

Keys are PEM, as `openssl` writes them; the public one goes to the senders, by a way that proves whose it is:

    openssl genpkey -algorithm x25519 -out private.pem
    openssl pkey -in private.pem -pubout -out public.pem

A Python library is no certified cipher module; where one is asked for, its device goes behind the same port.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

import attrs

from migrant_fp.application.extras import MissingExtra
from migrant_fp.domain.errors import Invalid, Problem
from migrant_fp.ports.protection import Envelope, NotOpened

try:
    from cryptography.exceptions import InvalidTag, UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF
    from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap
    from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key
except ImportError as error:
    raise MissingExtra("cryptography", "gm") from error

#: What an envelope of this kind calls itself.
ALGORITHM = "x25519-aes256gcm"
_KEY, _POINT, _NONCE = 32, 32, 12


@attrs.frozen(eq=False)
class AesGcmSeal:
    """One content key of AES-256-GCM in use: nonce (12 bytes), ciphertext, tag (16 bytes).

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
            return AESGCM(self._key).decrypt(data[:_NONCE], data[_NONCE:], context)
        except (InvalidTag, ValueError):
            fact = "what is sealed does not fit its key and place; ask for it again"
            raise NotOpened(ALGORITHM, self.key_id, fact) from None

    def _sealed(self, nonce: bytes, data: bytes, context: bytes) -> bytes:
        return nonce + AESGCM(self._key).encrypt(nonce, data, context)


@attrs.frozen(eq=False)
class X25519Sealer:
    """Seals to the holder of one X25519 key.

    Attributes:
        key_id: What the receiver calls the key.
    """

    key_id: str
    _key: X25519PublicKey = attrs.field(repr=False)

    @classmethod
    def from_pem(cls, key_id: str, pem: bytes) -> X25519Sealer:
        """Return the sealer to a public key.

        Args:
            key_id: What the receiver calls the key.
            pem: The public key in PEM.

        Raises:
            Invalid: If it is no X25519 public key, or one with which no secret can be agreed.
        """
        try:
            key = load_pem_public_key(pem)
            if isinstance(key, X25519PublicKey):
                X25519PrivateKey.generate().exchange(key)
                return cls(key_id, key)
        except (ValueError, UnsupportedAlgorithm):
            pass
        fact = "expected an X25519 public key in PEM; print it with openssl pkey -in private.pem -pubout"
        raise Invalid("public key", (Problem(key_id, fact),))

    def begin(self) -> tuple[Envelope, AesGcmSeal]:
        """Return a fresh content key: closed for the receiver, and ready for use."""
        content, ephemeral = os.urandom(_KEY), X25519PrivateKey.generate()
        point = ephemeral.public_key().public_bytes_raw()
        wrapping = _wrapping_key(ephemeral.exchange(self._key), point, self._key)
        envelope = Envelope(ALGORITHM, self.key_id, point + aes_key_wrap(wrapping, content))
        return envelope, AesGcmSeal(self.key_id, content)


@attrs.frozen(eq=False)
class X25519Opener:
    """Opens envelopes with the private keys of a receiver, by the id of the key; an old key stays until its last package."""

    _keys: Mapping[str, X25519PrivateKey] = attrs.field(repr=False)

    @classmethod
    def from_pem(cls, keys: Mapping[str, bytes], password: bytes | None = None) -> X25519Opener:
        """Return the opener of private keys.

        Args:
            keys: Each private key, PKCS 8 in PEM, by the id of the key.
            password: The password of those that are encrypted.

        Raises:
            Invalid: If one is no X25519 private key, or the password does not open it; every such key is named, none is shown.
        """
        loaded = {name: _private(pem, password) for name, pem in keys.items()}
        fact = (
            "expected an X25519 private key in PEM and, if it is encrypted, its password; "
            "make one with openssl genpkey -algorithm x25519"
        )
        problems = tuple(Problem(name, fact) for name, key in loaded.items() if key is None)
        if problems:
            raise Invalid("private keys", problems)
        return cls({name: key for name, key in loaded.items() if key is not None})

    def open(self, envelope: Envelope) -> AesGcmSeal:
        """Return the content key in an envelope, ready for use.

        Raises:
            NotOpened: For an unknown key, another algorithm, or a content key that does not unwrap.
        """
        if envelope.algorithm != ALGORITHM:
            raise NotOpened(envelope.algorithm, envelope.key_id, f"expected the algorithm {ALGORITHM}")
        key = self._keys.get(envelope.key_id)
        if key is None:
            raise NotOpened(envelope.algorithm, envelope.key_id, "no such private key is held here; add it")
        try:
            return AesGcmSeal(envelope.key_id, _unwrapped(key, envelope.wrapped))
        except (InvalidUnwrap, ValueError):
            fact = "the content key does not unwrap: it was closed for another key, or changed on the way"
            raise NotOpened(envelope.algorithm, envelope.key_id, fact) from None


def _unwrapped(key: X25519PrivateKey, wrapped: bytes) -> bytes:
    point = wrapped[:_POINT]
    secret = key.exchange(X25519PublicKey.from_public_bytes(point))
    content = aes_key_unwrap(_wrapping_key(secret, point, key.public_key()), wrapped[_POINT:])
    if len(content) != _KEY:
        raise InvalidUnwrap
    return content


def _wrapping_key(secret: bytes, point: bytes, receiver: X25519PublicKey) -> bytes:
    """Return the key that wraps the content key, bound to both public keys, since X25519 itself ignores one of their bits."""
    info = ALGORITHM.encode() + point + receiver.public_bytes_raw()
    return HKDF(SHA256(), _KEY, salt=None, info=info).derive(secret)


def _private(pem: bytes, password: bytes | None) -> X25519PrivateKey | None:
    for given in (password, None):
        try:
            key = load_pem_private_key(pem, given)
        except (TypeError, ValueError, UnsupportedAlgorithm):
            continue
        return key if isinstance(key, X25519PrivateKey) else None
    return None
