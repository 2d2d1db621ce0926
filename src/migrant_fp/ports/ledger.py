"""The ledger of an office's hand-overs: what it made and what came, in a chain that shows every change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

import attrs

from migrant_fp.domain.arrival import Arrival
from migrant_fp.domain.audit import Link
from migrant_fp.domain.dispatch import Dispatch
from migrant_fp.schedule.errors import MigrantFpError

Record = Arrival | Dispatch


@attrs.frozen
class LedgerMoved(MigrantFpError, RuntimeError):
    """Another recorded first: what was decided rests on an older state.

    Attributes:
        expected: The head that the caller knew.
        found: The head that there is.
    """

    expected: str
    found: str

    def __str__(self) -> str:
        """Name the two heads and the cure."""
        return (
            f"the ledger's head is {self.found[:16]}, not {self.expected[:16]}: another recorded first; "
            "read it again and decide again （台账已被他人更新）"
        )


class Ledger(Protocol):
    """What an office made and what came to it. It holds ids, digests and days, and nothing of a resident.

    `migrant_fp.testing.ledger.LedgerContract` holds the promises, one test each.
    """

    def head(self) -> str:
        """Return the digest of the newest link; zeros while there is none."""
        ...

    def arrivals(self) -> tuple[Arrival, ...]:
        """Return every package that came, as recorded last, by id."""
        ...

    def dispatches(self) -> tuple[Dispatch, ...]:
        """Return every package that was made, as recorded last, by id."""
        ...

    def keep(self, records: Sequence[Record], after: str) -> str:
        """Record all or none as one link, and return the new head; without records nothing happens.

        A record takes the place of the one under its id; the chain still shows both.

        Raise `LedgerMoved` if the head is not *after*.
        """
        ...

    def links(self) -> Iterator[Link]:
        """Yield the chain, oldest first."""
        ...
