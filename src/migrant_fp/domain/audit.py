"""The audit chain of an office: each link holds the digest of the one before it.

A chain alone does not show that its end was cut off, or that all of it was written anew. So its head goes into every manifest and receipt
that leaves: then the other office is the witness.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import attrs

from migrant_fp.domain.manifest import FIRST


@attrs.frozen
class Link:
    """One link.

    Attributes:
        previous: The digest of the link before; zeros for the first.
        digest: The digest of this one.
        body: What was recorded, in the words of the ledger.
    """

    previous: str
    digest: str
    body: bytes = attrs.field(repr=False)


def linked(previous: str, body: bytes) -> Link:
    """Return the link that records a body after another.

    Example:
        >>> linked("0" * 64, b"{}").digest[:8]
        '5649d09e'
    """
    return Link(previous, hashlib.sha256(previous.encode() + b"\n" + body).hexdigest(), body)


def broken_at(links: Iterable[Link], witnessed: Iterable[str] = ()) -> int | None:
    """Return the place of the first link that does not hold, the first being 1; None if the chain is whole.

    Args:
        links: The links, oldest first.
        witnessed: Heads that others hold from manifests and receipts; where one of them is not in the chain, the place is
            one beyond its end.
    """
    head, heads, place = FIRST, {FIRST}, 0
    for place, link in enumerate(links, 1):
        if link.previous != head or linked(head, link.body).digest != link.digest:
            return place
        head = link.digest
        heads.add(head)
    return None if set(witnessed) <= heads else place + 1
