"""The promises of a store and its units of work, one test each."""
# ruff: noqa: D102, S101 - the tests are named by sentences, and asserts are what tests are made of

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

import pytest

from migrant_fp.ports.registers import NoSuchRecord
from migrant_fp.ports.unit_of_work import Conflict, Store, WorkEnded
from migrant_fp.testing.capability import ALL, Capability, needs
from migrant_fp.testing.registers import BY_NAME, PersonsContract, TasksContract

_PERSON = PersonsContract.records[0]
_TASK = TasksContract.records[0]


class UnitOfWorkContract(ABC):
    """The promises of `Store` and `UnitOfWork`.

    Attributes:
        capabilities: What the adapter claims; all of it unless said otherwise.

    Example:
        >>> from migrant_fp.adapters.memory import MemoryStore
        >>> class TestMemoryStore(UnitOfWorkContract):
        ...     def make(self):
        ...         return MemoryStore()
        >>> TestMemoryStore().test_what_was_committed_is_there_for_the_next()
    """

    capabilities: ClassVar[frozenset[Capability]] = ALL

    @abstractmethod
    def make(self) -> Store:
        """Return an empty store."""

    def test_what_was_committed_is_there_for_the_next(self) -> None:
        store = self.make()
        with store.begin() as work:
            work.persons.put(_PERSON)
            work.commit()

        with store.begin() as work:
            assert work.persons.get(_PERSON.id) == _PERSON

    @pytest.mark.parametrize("name", BY_NAME)
    def test_every_register_keeps_what_was_committed(self, name: str) -> None:
        store, (record, other) = self.make(), BY_NAME[name].records
        with store.begin() as work:
            getattr(work, name).put(record)
            getattr(work, name).put(other)
            work.commit()

        with store.begin() as work:
            assert getattr(work, name).get(record.id) == record
            assert getattr(work, name).get(other.id) == other

    def test_without_commit_nothing_is_kept(self) -> None:
        store = self.make()
        with store.begin() as work:
            work.persons.put(_PERSON)

        with store.begin() as work, pytest.raises(NoSuchRecord):
            work.persons.get(_PERSON.id)

    def test_an_error_keeps_nothing_and_is_not_swallowed(self) -> None:
        store = self.make()
        with pytest.raises(NoSuchRecord), store.begin() as work:  # noqa: PT012 - what is put before the error matters
            work.persons.put(_PERSON)
            work.persons.get("nobody")

        with store.begin() as work, pytest.raises(NoSuchRecord):
            work.persons.get(_PERSON.id)

    def test_what_was_put_is_seen_within_the_unit_at_once(self) -> None:
        with self.make().begin() as work:
            work.persons.put(_PERSON)

            assert work.persons.get(_PERSON.id) == _PERSON

    def test_it_is_not_seen_outside_before_commit(self) -> None:
        store = self.make()
        with store.begin() as work, store.begin() as other:
            work.persons.put(_PERSON)

            with pytest.raises(NoSuchRecord):
                other.persons.get(_PERSON.id)

    def test_after_a_commit_the_unit_can_go_on_and_commit_again(self) -> None:
        store = self.make()
        with store.begin() as work:
            work.persons.put(_PERSON)
            work.commit()
            work.tasks.put(_TASK)
            work.commit()

        with store.begin() as work:
            assert (work.persons.get(_PERSON.id), work.tasks.get(_TASK.id)) == (_PERSON, _TASK)

    def test_what_follows_the_last_commit_is_not_kept(self) -> None:
        store = self.make()
        with store.begin() as work:
            work.persons.put(_PERSON)
            work.commit()
            work.tasks.put(_TASK)

        with store.begin() as work:
            assert work.persons.get(_PERSON.id) == _PERSON
            with pytest.raises(NoSuchRecord):
                work.tasks.get(_TASK.id)

    def test_an_erasure_is_kept_with_the_commit(self) -> None:
        needs(Capability.ERASURE, self.capabilities)
        store = self.make()
        with store.begin() as work:
            work.persons.put(_PERSON)
            work.commit()
        with store.begin() as work:
            work.persons.erase(_PERSON.id)
            work.commit()

        with store.begin() as work, pytest.raises(NoSuchRecord):
            work.persons.get(_PERSON.id)

    def test_after_its_end_a_unit_refuses_to_be_used(self) -> None:
        with self.make().begin() as work:
            pass
        for act in (lambda: work.persons.get("P-1"), lambda: work.persons.put(_PERSON), work.commit):
            with pytest.raises(WorkEnded):
                act()

    def test_of_two_that_change_one_record_the_second_is_told_and_keeps_nothing(self) -> None:
        needs(Capability.CONFLICTS, self.capabilities)
        store = self.make()
        with store.begin() as first, store.begin() as second:
            first.persons.put(_PERSON)
            second.persons.put(PersonsContract.changed)
            second.tasks.put(_TASK)
            first.commit()
            with pytest.raises(Conflict):
                second.commit()

        with store.begin() as work:
            assert work.persons.get(_PERSON.id) == _PERSON
            with pytest.raises(NoSuchRecord):
                work.tasks.get(_TASK.id)

    def test_two_that_change_different_records_both_keep_them(self) -> None:
        needs(Capability.CONFLICTS, self.capabilities)
        store = self.make()
        with store.begin() as first, store.begin() as second:
            first.persons.put(_PERSON)
            second.tasks.put(_TASK)
            first.commit()
            second.commit()

        with store.begin() as work:
            assert (work.persons.get(_PERSON.id), work.tasks.get(_TASK.id)) == (_PERSON, _TASK)
