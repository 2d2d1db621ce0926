"""The site's collection system (社会化采集系统), into which collected forms are entered (四(三))."""

from __future__ import annotations

from typing import Protocol

import attrs

from migrant_fp.domain.agency import Role
from migrant_fp.domain.collection import Entry
from migrant_fp.domain.privacy import HEALTH


@attrs.frozen
class Answer:
    """What the system said to an entry.

    Attributes:
        reference: What it calls the entry; empty if it was returned.
        reasons: Why it was returned, as codes without personal data; empty if it was entered. They may tell of answers, and stay
            out of repr.
    """

    reference: str = ""
    reasons: tuple[str, ...] = attrs.field(default=(), repr=False, metadata=HEALTH)


class CollectionSystem(Protocol):
    """The system of a site.

    `migrant_fp.testing.contracts.CollectionSystemContract` holds the promises, one test each.
    """

    @property
    def operator(self) -> Role:
        """Who operates it, as the adopter declares; it decides what may be sent."""
        ...

    def enter(self, entry: Entry) -> Answer:
        """Enter a form, or have it returned with reasons.

        The same entry again is answered with the same reference and is there once; one with other answers takes the place
        of the first. Raise whatever the connection raises: the caller keeps the form as not entered.
        """
        ...
