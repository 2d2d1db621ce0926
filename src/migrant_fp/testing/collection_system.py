"""The promises of a collection system, one test each."""
# ruff: noqa: D102, S101 - the tests are named by sentences, and asserts are what tests are made of

from __future__ import annotations

from abc import ABC, abstractmethod

from migrant_fp.domain.agency import Role
from migrant_fp.domain.collection import Entry
from migrant_fp.ports.collection_system import CollectionSystem

_ENTRY = Entry("F-1", Role.FAMILY_PLANNING, (("name", "示例甲"), ("children", 0)), (("children", True),))
_BAD = Entry("F-2", Role.FAMILY_PLANNING, (("name", "退回"),), ())


class CollectionSystemContract(ABC):
    """The promises of `CollectionSystem`; `make` returns a system that returns an entry whose name is 退回, and no other.

    Example:
        >>> from migrant_fp.adapters.memory import MemoryCollectionSystem
        >>> class TestMemory(CollectionSystemContract):
        ...     def make(self):
        ...         return MemoryCollectionSystem(
        ...             Role.FAMILY_PLANNING, lambda one: ("NAME",) if ("name", "退回") in one.answers else ()
        ...         )
        ...     def entered(self, system):
        ...         return tuple(system.entries.values())
        >>> TestMemory().test_an_entry_is_there_as_it_was_given()
    """

    @abstractmethod
    def make(self) -> CollectionSystem:
        """Return an empty system operated by the family-planning side."""

    @abstractmethod
    def entered(self, system: CollectionSystem) -> tuple[Entry, ...]:
        """Return what the system holds, by whatever way it can be looked at."""

    def test_its_operator_is_the_one_declared(self) -> None:
        assert self.make().operator is Role.FAMILY_PLANNING

    def test_an_entry_is_there_as_it_was_given(self) -> None:
        system = self.make()
        answer = system.enter(_ENTRY)

        assert (bool(answer.reference), answer.reasons) == (True, ())
        assert self.entered(system) == (_ENTRY,)

    def test_the_same_entry_again_has_the_same_reference_and_is_there_once(self) -> None:
        system = self.make()

        assert system.enter(_ENTRY) == system.enter(_ENTRY)
        assert self.entered(system) == (_ENTRY,)

    def test_a_corrected_entry_takes_the_place_of_the_first(self) -> None:
        system = self.make()
        system.enter(_ENTRY)
        corrected = Entry(_ENTRY.id, _ENTRY.operator, (("name", "示例乙"),), ())
        system.enter(corrected)

        assert self.entered(system) == (corrected,)

    def test_what_is_returned_has_reasons_and_is_not_there(self) -> None:
        system = self.make()
        answer = system.enter(_BAD)

        assert (answer.reference, bool(answer.reasons)) == ("", True)
        assert self.entered(system) == ()

    def test_its_reasons_hold_no_answer_of_the_form(self) -> None:
        reasons = " ".join(self.make().enter(_BAD).reasons)

        assert "退回" not in reasons
