"""Life cycles: each is one table from state and event to the next state."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Generic, Protocol, TypeVar

import attrs

from migrant_fp.domain.errors import WrongState


class Named(Protocol):
    """A state or an event: an enum member with a Chinese name."""

    @property
    def zh(self) -> str:
        """The Chinese name."""
        ...


S = TypeVar("S", bound=Named)
E = TypeVar("E", bound=Named)


@attrs.frozen
class LifeCycle(Generic[S, E]):
    """The table of a life cycle.

    Attributes:
        first: The state in which a thing begins.
        table: The next state for each state and each event that is allowed in it.
    """

    first: S
    table: Mapping[tuple[S, E], S]

    def allowed(self, state: S) -> tuple[E, ...]:
        """Return the events allowed in a state, in the order of the table."""
        return tuple(event for at, event in self.table if at is state)

    def after(self, state: S, event: E, what: str) -> S:
        """Return the state after an event.

        Args:
            state: The state before.
            event: What happened.
            what: The id of the thing, for the message.

        Raises:
            WrongState: If the event is not allowed in the state.
        """
        following = self.table.get((state, event))
        if following is None:
            raise WrongState(what, state.zh, event.zh, tuple(e.zh for e in self.allowed(state)))
        return following

    def diagram(self) -> str:
        """Return the table as a Mermaid state diagram, for the documentation."""
        lines = [f"    [*] --> {self.first.zh}"]
        lines += [f"    {at.zh} --> {to.zh}: {event.zh}" for (at, event), to in self.table.items()]
        ends = dict.fromkeys(to for to in self.table.values() if not self.allowed(to))
        lines += [f"    {end.zh} --> [*]" for end in ends]
        return "\n".join(["stateDiagram-v2", *lines]) + "\n"
