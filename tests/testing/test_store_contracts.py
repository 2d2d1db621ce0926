"""Each promise of the registers, the unit of work and the collection system fails at least one broken adapter."""

from collections.abc import Callable
from typing import Any

import pytest

from migrant_fp.adapters.memory import (
    MemoryAssessments,
    MemoryCollections,
    MemoryCollectionSystem,
    MemoryCoordinatorsMeetings,
    MemoryInquiries,
    MemoryJointMeetings,
    MemoryNamedPersons,
    MemoryRegister,
    MemoryRounds,
    MemoryStore,
    MemoryTasks,
    MemoryUnitOfWork,
)
from migrant_fp.domain.agency import Role
from migrant_fp.domain.collection import Entry
from migrant_fp.ports.collection_system import Answer, CollectionSystem
from migrant_fp.ports.registers import NoSuchRecord
from migrant_fp.testing.collection_system import CollectionSystemContract
from migrant_fp.testing.registers import BY_NAME, RegisterContract
from migrant_fp.testing.unit_of_work import UnitOfWorkContract

_MEMORY: dict[str, type[MemoryRegister[Any]]] = {
    "collections": MemoryCollections,
    "named_persons": MemoryNamedPersons,
    "joint_meetings": MemoryJointMeetings,
    "coordinators_meetings": MemoryCoordinatorsMeetings,
    "tasks": MemoryTasks,
    "rounds": MemoryRounds,
    "inquiries": MemoryInquiries,
    "assessments": MemoryAssessments,
}


def _promises(contract: type) -> list[str]:
    return [name for name in dir(contract) if name.startswith("test_")]


def _contract(name: str, make: Callable[[], Any]) -> RegisterContract[Any]:
    return type("Contract", (BY_NAME[name],), {"make": lambda _: make()})()


_ALL = [(name, promise) for name, contract in BY_NAME.items() for promise in _promises(contract)]


@pytest.mark.parametrize(("name", "promise"), _ALL)
def test_memory_keeps_every_promise_of_a_register(name: str, promise: str) -> None:
    getattr(_contract(name, lambda: _MEMORY.get(name, MemoryRegister)(name)), promise)()


def _broken(register: type[MemoryRegister[Any]], promise: str) -> type:
    class KeepsTheFirst(register):  # type: ignore[misc, valid-type]
        def put(self, record: Any) -> None:
            if record.id not in self._kept:
                super().put(record)

    class ForgetsAll(register):  # type: ignore[misc, valid-type]
        def put(self, record: Any) -> None:
            self._kept.clear()
            super().put(record)

    class NamesAnother(register):  # type: ignore[misc, valid-type]
        def get(self, id: str) -> Any:
            try:
                return super().get(id)
            except NoSuchRecord:
                raise NoSuchRecord(self.name, "") from None

    class Truncates(register):  # type: ignore[misc, valid-type]
        def get(self, id: str) -> Any:
            return _lessened(super().get(id))

    class RefusesASecondTime(register):  # type: ignore[misc, valid-type]
        def put(self, record: Any) -> None:
            assert record != self._kept.get(record.id)
            super().put(record)

    class ErasesNothing(register):  # type: ignore[misc, valid-type]
        def erase(self, id: str) -> None:
            self.get(id)

    class EraseNeverFails(register):  # type: ignore[misc, valid-type]
        def erase(self, id: str) -> None:
            self._kept.pop(id, None)

    class AnswersWithAll(register):  # type: ignore[misc, valid-type]
        def _where(self, _: Any) -> tuple[Any, ...]:
            return tuple(self._kept.values())

    found: dict[str, type] = {
        "test_an_unknown_id_raises_no_such_record_with_the_id": NamesAnother,
        "test_a_record_comes_back_whole": Truncates,
        "test_put_again_it_is_replaced": KeepsTheFirst,
        "test_put_twice_it_is_there_as_put": RefusesASecondTime,
        "test_records_leave_each_other_alone": ForgetsAll,
        "test_what_was_erased_is_gone_and_nothing_else": ErasesNothing,
        "test_erasing_what_is_not_there_raises_no_such_record": EraseNeverFails,
    }
    return found.get(promise, AnswersWithAll)


def _lessened(record: Any) -> Any:
    return f"{record.id} without the rest"


@pytest.mark.parametrize(("name", "promise"), _ALL)
def test_each_promise_of_a_register_fails_a_broken_one(name: str, promise: str) -> None:
    broken = _broken(_MEMORY.get(name, MemoryRegister), promise)

    with pytest.raises((AssertionError, NoSuchRecord, pytest.fail.Exception)):
        getattr(_contract(name, lambda: broken(name)), promise)()


class TestMemoryStore(UnitOfWorkContract):
    def make(self) -> MemoryStore:
        return MemoryStore()


class _KeepsAtOnce(MemoryUnitOfWork):
    def __exit__(self, *_: object) -> None:
        self.commit()


class _NeverKeeps(MemoryUnitOfWork):
    def commit(self) -> None:
        self._changes(self.persons)


class _Swallows(MemoryUnitOfWork):
    def __exit__(self, *given: object) -> Any:
        super().__exit__(*given)
        return True


class _Shared(MemoryUnitOfWork):
    def _take(self) -> None:
        for register in self._registers:
            register._kept = self._store.kept(register.name)
            self._before[register.name] = dict(register._kept)


class _CommitsOnce(MemoryUnitOfWork):
    done = False

    def commit(self) -> None:
        if not self.done:
            super().commit()
        self.done = True


class _NeverErases(MemoryUnitOfWork):
    def _changes(self, register: MemoryRegister[Any]) -> list[tuple[str, str, Any]]:
        return [change for change in super()._changes(register) if change[2] is not None]


class _GoesOnAfterItsEnd(MemoryUnitOfWork):
    def __exit__(self, *_: object) -> None:
        return


class _LastOneWins(MemoryUnitOfWork):
    def commit(self) -> None:
        for register in self._registers:
            self._before[register.name] = dict(self._store.kept(register.name))
        super().commit()


class _LocksEverything(MemoryUnitOfWork):
    def commit(self) -> None:
        for register in self._registers:
            assert self._before[register.name] == self._store.kept(register.name)
        super().commit()


class _PutsNowhere(MemoryUnitOfWork):
    def __init__(self, store: MemoryStore) -> None:
        super().__init__(store)
        self.persons.put = lambda record: None  # type: ignore[method-assign]


_BROKEN_UNITS: dict[str, type[MemoryUnitOfWork]] = {
    "test_what_was_committed_is_there_for_the_next": _NeverKeeps,
    "test_every_register_keeps_what_was_committed": _NeverKeeps,
    "test_without_commit_nothing_is_kept": _KeepsAtOnce,
    "test_an_error_keeps_nothing_and_is_not_swallowed": _Swallows,
    "test_what_was_put_is_seen_within_the_unit_at_once": _PutsNowhere,
    "test_it_is_not_seen_outside_before_commit": _Shared,
    "test_after_a_commit_the_unit_can_go_on_and_commit_again": _CommitsOnce,
    "test_what_follows_the_last_commit_is_not_kept": _KeepsAtOnce,
    "test_an_erasure_is_kept_with_the_commit": _NeverErases,
    "test_after_its_end_a_unit_refuses_to_be_used": _GoesOnAfterItsEnd,
    "test_of_two_that_change_one_record_the_second_is_told_and_keeps_nothing": _LastOneWins,
    "test_two_that_change_different_records_both_keep_them": _LocksEverything,
}


@pytest.mark.parametrize("promise", _promises(UnitOfWorkContract))
def test_each_promise_of_a_unit_of_work_fails_a_broken_one(promise: str) -> None:
    class Store(MemoryStore):
        def begin(self) -> MemoryUnitOfWork:
            return _BROKEN_UNITS[promise](self)

    contract = type("Contract", (UnitOfWorkContract,), {"make": lambda _: Store()})()
    arguments = ("persons",) if "every_register" in promise else ()
    with pytest.raises((AssertionError, NoSuchRecord, pytest.fail.Exception)):
        getattr(contract, promise)(*arguments)


def _refuses(entry: Entry) -> tuple[str, ...]:
    return ("NAME",) if ("name", "退回") in entry.answers else ()


class TestMemoryCollectionSystem(CollectionSystemContract):
    def make(self) -> MemoryCollectionSystem:
        return MemoryCollectionSystem(Role.FAMILY_PLANNING, _refuses)

    def entered(self, system: CollectionSystem) -> tuple[Entry, ...]:
        return tuple(system.entries.values())  # type: ignore[attr-defined]


class _AnotherOperator(MemoryCollectionSystem):
    def __init__(self) -> None:
        super().__init__(Role.PUBLIC_SECURITY, _refuses)


class _Usual(MemoryCollectionSystem):
    def __init__(self) -> None:
        super().__init__(Role.FAMILY_PLANNING, _refuses)


class _LosesAnswers(_Usual):
    def enter(self, entry: Entry) -> Answer:
        return super().enter(Entry(entry.id, entry.operator, (), entry.present))


class _Counts(_Usual):
    count = 0

    def enter(self, entry: Entry) -> Answer:
        self.count += 1
        return Answer(f"{super().enter(entry).reference}/{self.count}")


class _KeepsTheFirstEntry(_Usual):
    def enter(self, entry: Entry) -> Answer:
        return super().enter(self.entries.get(entry.id, entry))


class _TakesAll(_Usual):
    def __init__(self) -> None:
        super().__init__()
        self._refuses = lambda _: ()


class _Quotes(_Usual):
    def enter(self, entry: Entry) -> Answer:
        return Answer(reasons=tuple(str(answer) for _, answer in entry.answers))


_BROKEN_SYSTEMS = {
    "test_its_operator_is_the_one_declared": _AnotherOperator,
    "test_an_entry_is_there_as_it_was_given": _LosesAnswers,
    "test_the_same_entry_again_has_the_same_reference_and_is_there_once": _Counts,
    "test_a_corrected_entry_takes_the_place_of_the_first": _KeepsTheFirstEntry,
    "test_what_is_returned_has_reasons_and_is_not_there": _TakesAll,
    "test_its_reasons_hold_no_answer_of_the_form": _Quotes,
}


@pytest.mark.parametrize("promise", _promises(CollectionSystemContract))
def test_each_promise_of_a_collection_system_fails_a_broken_one(promise: str) -> None:
    class Contract(TestMemoryCollectionSystem):
        def make(self) -> MemoryCollectionSystem:
            return _BROKEN_SYSTEMS[promise]()

    with pytest.raises(AssertionError):
        getattr(Contract(), promise)()
