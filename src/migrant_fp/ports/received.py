"""Where the host puts what other offices handed over."""

from __future__ import annotations

from typing import Protocol

from migrant_fp.domain.receipt import Outcome
from migrant_fp.ports.packages import Taken


class Received(Protocol):
    """The host's own register of what came. `migrant_fp.testing.received.ReceivedContract` holds the promises.

    What one agency hands over of one kind is one table, which its packages make in the order in which they are applied: a
    snapshot begins it anew, a delta adds, replaces and deletes by key. The parts of one hand-over count as one. A later
    revision stands where the one before it stood, so that the correction of an old month leaves what came for later months.
    """

    def apply(self, package: Taken, replaces: str) -> tuple[Outcome, ...]:
        """Take over the rows of an accepted package, all or none, and return how many had which fate.

        The same package again (by the digest of its manifest) changes nothing and is answered with the same outcomes: a
        receiver may be killed between this and its own record of it.

        Args:
            package: The package. Its rows come from disk as they are asked for, and may raise on the way.
            replaces: The digest of a package of the earlier revision whose rows it takes the place of, with all its parts; else
                empty. It may be one that was never applied, since it was rejected.
        """
        ...
