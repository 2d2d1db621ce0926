"""SM2 signatures over SM3 (GB/T 32918.2, GM/T 0009), by the C library GmSSL. Signatures are DER, as `openssl` writes them.

Keys are raw: 32 bytes the private one, 64 bytes (x, y) the public one. The signer's id is the default of GM/T 0009.
A Python library is no certified cipher module (密评); where one is asked for, its device goes behind the same port.
"""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from migrant_fp.application.extras import MissingExtra
from migrant_fp.domain.errors import Invalid, Problem
from migrant_fp.ports.signing import NotProven, Signature

try:
    import gmssl_pyx as gmssl
except ImportError as error:
    raise MissingExtra("gmssl-pyx", "sm2") from error

#: What a signature of this kind calls itself.
ALGORITHM = "sm2-sm3"
_PRIVATE, _PUBLIC = 32, 64


@attrs.frozen
class Sm2Signer:
    """Signs with one private key.

    Attributes:
        key_id: What the receiver calls the key.

    Raises:
        Invalid: If the two keys are not one pair of 32 and 64 bytes; nothing of them is shown.
    """

    key_id: str
    _private: bytes = attrs.field(repr=False)
    _public: bytes = attrs.field(repr=False)

    def __attrs_post_init__(self) -> None:
        """Refuse keys that are no pair, by signing once."""
        fact = ""
        if (len(self._private), len(self._public)) != (_PRIVATE, _PUBLIC):
            fact = f"expected {_PRIVATE} bytes of the private key and {_PUBLIC} (x, y) of the public one"
        elif not _fits(self._public, b"pair", self.sign(b"pair").value):
            fact = "the private key and the public key are no pair"
        if fact:
            raise Invalid("SM2 key", (Problem(self.key_id, fact),))

    def sign(self, message: bytes) -> Signature:
        """Return a signature over exactly these bytes."""
        return Signature(ALGORITHM, self.key_id, gmssl.sm2_sign(self._private, self._public, message))


@attrs.frozen
class Sm2Verifier:
    """Verifies against the public keys of those who may sign, by the id of the key.

    Raises:
        Invalid: If one is not 64 bytes of a point on the curve; every such key is named.
    """

    _keys: Mapping[str, bytes]

    def __attrs_post_init__(self) -> None:
        """Refuse what is no public key."""
        fact = f"expected {_PUBLIC} bytes (x, y) of a point on the SM2 curve"
        problems = tuple(Problem(name, fact) for name, key in self._keys.items() if not _is_public(key))
        if problems:
            raise Invalid("public keys", problems)

    def verify(self, message: bytes, signature: Signature) -> None:
        """Return if the signature is over exactly these bytes by a key held here.

        Raises:
            NotProven: For an unknown key, another algorithm, or a signature that does not fit.
        """
        if signature.algorithm != ALGORITHM:
            raise NotProven(signature.algorithm, signature.key_id, f"expected the algorithm {ALGORITHM}")
        if signature.key_id not in self._keys:
            raise NotProven(signature.algorithm, signature.key_id, "no such public key is held here; add it")
        if not _fits(self._keys[signature.key_id], message, signature.value):
            raise NotProven(signature.algorithm, signature.key_id, "does not fit the message")


def _is_public(key: bytes) -> bool:
    try:
        return len(key) == _PUBLIC and bool(gmssl.normalize_sm2_public_key(key))
    except (gmssl.InvalidValueError, gmssl.GmsslInnerError, ValueError):
        return False


def _fits(public: bytes, message: bytes, value: bytes) -> bool:
    try:
        return bool(gmssl.sm2_verify(public, message, value))
    except (gmssl.InvalidValueError, gmssl.GmsslInnerError):
        return False
