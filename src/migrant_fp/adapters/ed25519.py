"""Ed25519 signatures (RFC 8032): the plain default of a hand-over. Keys are PEM, as `openssl genpkey` writes them.

    openssl genpkey -algorithm ed25519 -out private.pem
    openssl pkey -in private.pem -pubout -out public.pem

A Python library is no certified cipher module; where one is asked for, its device goes behind the same port.
"""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from migrant_fp.application.extras import MissingExtra
from migrant_fp.domain.errors import Invalid, Problem
from migrant_fp.ports.signing import NotProven, Signature

try:
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key
except ImportError as error:
    raise MissingExtra("cryptography", "gm") from error

#: What a signature of this kind calls itself.
ALGORITHM = "ed25519"


@attrs.frozen
class Ed25519Signer:
    """Signs with one private key.

    Attributes:
        key_id: What the receiver calls the key.
    """

    key_id: str
    _key: Ed25519PrivateKey = attrs.field(repr=False)

    @classmethod
    def from_pem(cls, key_id: str, pem: bytes, password: bytes | None = None) -> Ed25519Signer:
        """Return the signer of a private key.

        Args:
            key_id: What the receiver calls the key.
            pem: The private key, PKCS 8 in PEM.
            password: Its password, where it has one.

        Raises:
            Invalid: If it is no Ed25519 private key, or the password does not open it; nothing of the key is shown.
        """
        try:
            key = load_pem_private_key(pem, password)
        except (TypeError, ValueError, UnsupportedAlgorithm):
            key = None
        if not isinstance(key, Ed25519PrivateKey):
            fact = (
                "expected an Ed25519 private key in PEM and, if it is encrypted, its password; "
                "make one with openssl genpkey -algorithm ed25519"
            )
            raise Invalid("private key", (Problem(key_id, fact),)) from None
        return cls(key_id, key)

    def sign(self, message: bytes) -> Signature:
        """Return a signature over exactly these bytes."""
        return Signature(ALGORITHM, self.key_id, self._key.sign(message))


@attrs.frozen
class Ed25519Verifier:
    """Verifies against the public keys of those who may sign, by the id of the key."""

    _keys: Mapping[str, Ed25519PublicKey]

    @classmethod
    def from_pem(cls, keys: Mapping[str, bytes]) -> Ed25519Verifier:
        """Return the verifier of public keys.

        Args:
            keys: Each public key in PEM, by the id of the key.

        Raises:
            Invalid: If one is no Ed25519 public key; every such key is named.
        """
        loaded = {name: _public(pem) for name, pem in keys.items()}
        fact = "expected an Ed25519 public key in PEM; print it with openssl pkey -in private.pem -pubout"
        problems = tuple(Problem(name, fact) for name, key in loaded.items() if key is None)
        if problems:
            raise Invalid("public keys", problems)
        return cls({name: key for name, key in loaded.items() if key is not None})

    def verify(self, message: bytes, signature: Signature) -> None:
        """Return if the signature is over exactly these bytes by a key held here.

        Raises:
            NotProven: For an unknown key, another algorithm, or a signature that does not fit.
        """
        if signature.algorithm != ALGORITHM:
            raise NotProven(signature.algorithm, signature.key_id, f"expected the algorithm {ALGORITHM}")
        key = self._keys.get(signature.key_id)
        if key is None:
            raise NotProven(signature.algorithm, signature.key_id, "no such public key is held here; add it")
        try:
            key.verify(signature.value, message)
        except InvalidSignature:
            raise NotProven(signature.algorithm, signature.key_id, "does not fit the message") from None


def _public(pem: bytes) -> Ed25519PublicKey | None:
    try:
        key = load_pem_public_key(pem)
    except (ValueError, UnsupportedAlgorithm):
        return None
    return key if isinstance(key, Ed25519PublicKey) else None
