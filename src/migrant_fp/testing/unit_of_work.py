"""The promises of a store and its units of work, one test each."""
# ruff: noqa: D102, S101 - the tests are named by sentences, and asserts are what tests are made of

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, ClassVar

import pytest

from migrant_fp.ports.registers import NoSuchRecord
from migrant_fp.ports.unit_of_work import Conflict, Store, WorkEnded
from migrant_fp.testing.capability import ALL, Capability, needs
from migrant_fp.testing.registers import BY_NAME, ErasableContract

#: Every register, and another one for each to be used beside it.
_EACH = pytest.mark.parametrize("name", BY_NAME)
_ERASABLE = pytest.mark.parametrize(
    "name", [name for name, contract in BY_NAME.items() if issubclass(contract, ErasableContract)]
)
_NEXT = dict(zip(BY_NAME, [*list(BY_NAME)[1:], next(iter(BY_NAME))], strict=True))


def _first(name: str) -> Any:  # noqa: ANN401 - a record of any register
    return BY_NAME[name].records[0]


class UnitOfWorkContract(ABC):
    """The promises of `Store` and `UnitOfWork`, kept for each register.

    Attributes:
        capabilities: What the adapter claims; all of it unless said otherwise.

    Example:
        >>> from migrant_fp.adapters.memory import MemoryStore
        >>> class TestMemoryStore(UnitOfWorkContract):
        ...     def make(self):
        ...         return MemoryStore()
        >>> TestMemoryStore().test_what_was_committed_is_there_for_the_next("persons")
    """

    capabilities: ClassVar[frozenset[Capability]] = ALL

    @abstractmethod
    def make(self) -> Store:
        """Return an empty store."""

    def _kept(self, store: Store, name: str) -> tuple[Any, ...]:
        """Return what a register of a store holds of its two records."""
        found = []
        with store.begin() as work:
            for record in BY_NAME[name].records:
                try:
                    found.append(getattr(work, name).get(record.id))
                except NoSuchRecord:
                    continue
        return tuple(found)

    @_EACH
    def test_what_was_committed_is_there_for_the_next(self, name: str) -> None:
        store, (record, other) = self.make(), BY_NAME[name].records
        with store.begin() as work:
            getattr(work, name).put(record)
            getattr(work, name).put(other)
            work.commit()

        assert self._kept(store, name) == (record, other)

    @_EACH
    def test_a_change_that_was_committed_takes_the_place_of_what_was_there(self, name: str) -> None:
        store, changed = self.make(), BY_NAME[name].changed
        for record in (_first(name), changed):
            with store.begin() as work:
                getattr(work, name).put(record)
                work.commit()

        assert self._kept(store, name) == (changed,)

    def test_one_commit_keeps_what_was_put_into_every_register(self) -> None:
        store = self.make()
        with store.begin() as work:
            for name in BY_NAME:
                getattr(work, name).put(_first(name))
            work.commit()

        assert {name: self._kept(store, name) for name in BY_NAME} == {
            name: (_first(name),) for name in BY_NAME
        }

    @_EACH
    def test_without_commit_nothing_is_kept(self, name: str) -> None:
        store = self.make()
        with store.begin() as work:
            getattr(work, name).put(_first(name))

        assert self._kept(store, name) == ()

    @_EACH
    def test_a_change_without_commit_leaves_what_was_there(self, name: str) -> None:
        store = self.make()
        with store.begin() as work:
            getattr(work, name).put(_first(name))
            work.commit()
        with store.begin() as work:
            getattr(work, name).put(BY_NAME[name].changed)

        assert self._kept(store, name) == (_first(name),)

    @_EACH
    def test_an_error_keeps_nothing_and_is_not_swallowed(self, name: str) -> None:
        store = self.make()
        with pytest.raises(NoSuchRecord), store.begin() as work:  # noqa: PT012 - what is put before the error matters
            getattr(work, name).put(_first(name))
            getattr(work, name).get("nobody")

        assert self._kept(store, name) == ()

    @_EACH
    def test_what_was_put_is_seen_within_the_unit_at_once(self, name: str) -> None:
        with self.make().begin() as work:
            getattr(work, name).put(_first(name))

            assert getattr(work, name).get(_first(name).id) == _first(name)

    @_EACH
    def test_it_is_not_seen_outside_before_commit(self, name: str) -> None:
        store = self.make()
        with store.begin() as work, store.begin() as other:
            getattr(work, name).put(_first(name))

            with pytest.raises(NoSuchRecord):
                getattr(other, name).get(_first(name).id)
            assert self._kept(store, name) == ()

    @_EACH
    def test_after_a_commit_the_unit_can_go_on_and_commit_again(self, name: str) -> None:
        store, after = self.make(), _NEXT[name]
        with store.begin() as work:
            getattr(work, name).put(_first(name))
            work.commit()
            getattr(work, after).put(_first(after))
            work.commit()

        assert (self._kept(store, name), self._kept(store, after)) == ((_first(name),), (_first(after),))

    @_EACH
    def test_what_follows_the_last_commit_is_not_kept(self, name: str) -> None:
        store, before = self.make(), _NEXT[name]
        with store.begin() as work:
            getattr(work, before).put(_first(before))
            work.commit()
            getattr(work, name).put(_first(name))

        assert (self._kept(store, before), self._kept(store, name)) == ((_first(before),), ())

    @_ERASABLE
    def test_an_erasure_is_kept_with_the_commit(self, name: str) -> None:
        needs(Capability.ERASURE, self.capabilities)
        store = self._with(name)
        with store.begin() as work:
            getattr(work, name).erase(_first(name).id)
            work.commit()

        assert self._kept(store, name) == ()

    @_ERASABLE
    def test_an_erasure_without_commit_erases_nothing(self, name: str) -> None:
        needs(Capability.ERASURE, self.capabilities)
        store = self._with(name)
        with store.begin() as work:
            getattr(work, name).erase(_first(name).id)

        assert self._kept(store, name) == (_first(name),)

    @_EACH
    def test_after_its_end_a_unit_refuses_to_be_used(self, name: str) -> None:
        with self.make().begin() as work:
            register = getattr(work, name)
        for act in (lambda: register.get("x"), lambda: register.put(_first(name)), work.commit):
            with pytest.raises(WorkEnded):
                act()

    @_EACH
    def test_of_two_that_change_one_record_the_second_is_told_and_keeps_nothing(self, name: str) -> None:
        needs(Capability.CONFLICTS, self.capabilities)
        store, beside = self.make(), _NEXT[name]
        with store.begin() as first, store.begin() as second:
            getattr(first, name).put(_first(name))
            getattr(second, name).put(BY_NAME[name].changed)
            getattr(second, beside).put(_first(beside))
            first.commit()
            with pytest.raises(Conflict):
                second.commit()

        assert (self._kept(store, name), self._kept(store, beside)) == ((_first(name),), ())

    @_EACH
    def test_two_that_change_different_records_both_keep_them(self, name: str) -> None:
        needs(Capability.CONFLICTS, self.capabilities)
        store, (record, other) = self.make(), BY_NAME[name].records
        with store.begin() as first, store.begin() as second:
            getattr(first, name).put(record)
            getattr(second, name).put(other)
            first.commit()
            second.commit()

        assert self._kept(store, name) == (record, other)

    def _with(self, name: str) -> Store:
        """Return a store in which a register holds its first record."""
        store = self.make()
        with store.begin() as work:
            getattr(work, name).put(_first(name))
            work.commit()
        return store
