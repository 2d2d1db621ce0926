"""A life cycle is one table."""

from enum import Enum

import pytest

from migrant_fp.domain.errors import WrongState
from migrant_fp.domain.life_cycle import LifeCycle


class State(Enum):
    OPEN = "开"
    SHUT = "关"
    GONE = "拆"

    @property
    def zh(self) -> str:
        return self.value


class Event(Enum):
    CLOSE = "关上"
    TAKE = "拆除"

    @property
    def zh(self) -> str:
        return self.value


DOOR = LifeCycle(
    State.OPEN,
    {
        (State.OPEN, Event.CLOSE): State.SHUT,
        (State.OPEN, Event.TAKE): State.GONE,
        (State.SHUT, Event.TAKE): State.GONE,
    },
)


def test_an_event_leads_to_the_state_of_the_table() -> None:
    assert DOOR.after(State.OPEN, Event.CLOSE, "door") is State.SHUT
    assert DOOR.after(State.SHUT, Event.TAKE, "door") is State.GONE


def test_another_event_is_refused_with_what_is_allowed() -> None:
    with pytest.raises(WrongState) as caught:
        DOOR.after(State.SHUT, Event.CLOSE, "door")

    assert str(caught.value) == "door: 关上 is not allowed in state 关; allowed: 拆除"
    assert DOOR.allowed(State.OPEN) == (Event.CLOSE, Event.TAKE)


def test_a_last_state_allows_nothing() -> None:
    with pytest.raises(WrongState, match="无（已终结）"):
        DOOR.after(State.GONE, Event.TAKE, "door")


def test_the_diagram_shows_first_transitions_and_end() -> None:
    assert DOOR.diagram().splitlines() == [
        "stateDiagram-v2",
        "    [*] --> 开",
        "    开 --> 关: 关上",
        "    开 --> 拆: 拆除",
        "    关 --> 拆: 拆除",
        "    拆 --> [*]",
    ]
