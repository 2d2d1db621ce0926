"""What an adapter may do beyond the least: a contract skips, with the reason printed, what an adapter does not claim."""

from __future__ import annotations

import pytest

from migrant_fp.schedule.term import Term


class Capability(Term):
    """Named capabilities of adapters."""

    ERASURE = ("erasure", "可删除")
    CONFLICTS = ("conflicts", "可发现并发冲突")


#: What an adapter is taken to do unless its contract says otherwise: all of it.
ALL = frozenset(Capability)


def needs(capability: Capability, claimed: frozenset[Capability]) -> None:
    """Skip the test that runs, with the reason, if an adapter does not claim a capability."""
    if capability not in claimed:
        pytest.skip(f"the adapter does not claim {capability.value} （{capability.zh}）")
