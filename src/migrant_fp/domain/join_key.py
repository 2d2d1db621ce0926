"""The key by which two offices find the same person in both their hand-overs without showing a number.

A keyed hash of an identity number is still personal information (个人信息保护法 art. 73: de-identified is not anonymous). The
secret is agreed by the two named persons outside the package, for one round; a package names its label and never holds it.
"""

from __future__ import annotations

import hashlib
import hmac
import re

import attrs

from migrant_fp.domain.errors import Invalid, Problem
from migrant_fp.domain.person import IdentityNumber
from migrant_fp.domain.privacy import has_personal_number

_LEAST = 32
_LABEL = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


@attrs.frozen
class JoinKey:
    """The secret of one round and one pair of offices.

    Attributes:
        label: What the two offices call it, such as 2011-10-a; it is written into the packages.
        secret: At least 32 random bytes.

    Raises:
        Invalid: If the label or the secret is not of this kind; nothing of the secret is shown.
    """

    label: str
    secret: bytes = attrs.field(repr=False)

    def __attrs_post_init__(self) -> None:
        """Refuse a weak secret and a label that does not fit a manifest."""
        problems = []
        if not _LABEL.fullmatch(self.label) or has_personal_number(self.label):
            fact = "expected 1 to 40 characters a-z, 0-9 or -, and no number of a person, such as 2011-10-a （密钥标签）"
            problems.append(Problem("label", fact))
        if len(self.secret) < _LEAST:
            problems.append(
                Problem(
                    "secret",
                    f"came {len(self.secret)} bytes, expected {_LEAST} or more random ones; "
                    "make them with openssl rand -out join.key 32 （密钥过短）",
                )
            )
        if problems:
            raise Invalid("join key", tuple(problems))

    def hashed(self, number: IdentityNumber, period: str, parties: tuple[str, str]) -> str:
        """Return the record key of a person: 64 hexadecimal digits, the same from both offices of a round.

        The round and the two offices go into the hash, so that one secret used twice still does not join two rounds.

        Args:
            number: The identity number.
            period: The month of the round, such as 2011-10.
            parties: The ids of the two offices, in either order.

        Example:
            >>> key = JoinKey("2011-10-a", bytes(32))
            >>> number = IdentityNumber("99999919850301002X")
            >>> key.hashed(number, "2011-10", ("a", "b")) == key.hashed(number, "2011-10", ("b", "a"))
            True
        """
        message = "\0".join([period, *sorted(parties), number.text]).encode()
        return hmac.digest(self.secret, message, hashlib.sha256).hex()
