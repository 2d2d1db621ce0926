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
from migrant_fp.testing.registers import BY_NAME, ErasableContract, RegisterContract
from migrant_fp.testing.unit_of_work import UnitOfWorkContract

_NEXT = dict(zip(BY_NAME, [*list(BY_NAME)[1:], next(iter(BY_NAME))], strict=True))
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


class _Broken(MemoryUnitOfWork):
    """Broken in one register alone, so that a promise is seen to be tried for each.

    The others are those of memory.
    """

    name = "persons"

    @property
    def one(self) -> MemoryRegister[Any]:
        found: MemoryRegister[Any] = getattr(self, self.name)
        return found


class _WritesThrough(_Broken):
    def __init__(self, store: MemoryStore) -> None:
        super().__init__(store)
        register, put = self.one, self.one.put

        def through(record: Any) -> None:
            put(record)
            store.kept(register.name)[record.id] = record
            self._before[register.name][record.id] = record

        register.put = through  # type: ignore[method-assign]


class _NeverKeeps(_Broken):
    def _changes(self, register: MemoryRegister[Any]) -> list[tuple[str, str, Any]]:
        return [] if register is self.one else super()._changes(register)


class _KeepsTheFirst(_Broken):
    def _changes(self, register: MemoryRegister[Any]) -> list[tuple[str, str, Any]]:
        changes = super()._changes(register)
        kept = self._store.kept(register.name)
        return [c for c in changes if c[1] not in kept] if register is self.one else changes


class _Swallows(_Broken):
    def __exit__(self, *given: object) -> Any:
        super().__exit__(*given)  # type: ignore[arg-type]
        return bool(self.one._kept)


class _Forgets(_Broken):
    """What was put is seen after the commit alone."""

    def __init__(self, store: MemoryStore) -> None:
        super().__init__(store)
        self.one.put = lambda record: None  # type: ignore[method-assign]


class _CommitsOnce(_Broken):
    done = False

    def _changes(self, register: MemoryRegister[Any]) -> list[tuple[str, str, Any]]:
        return [] if self.done and register is self.one else super()._changes(register)

    def commit(self) -> None:
        super().commit()
        self.done = True


class _NeverErases(_Broken):
    def _changes(self, register: MemoryRegister[Any]) -> list[tuple[str, str, Any]]:
        changes = super()._changes(register)
        return [c for c in changes if c[2] is not None] if register is self.one else changes


class _ErasesAtOnce(_Broken):
    def __init__(self, store: MemoryStore) -> None:
        super().__init__(store)
        register, erase = self.one, self.one.erase

        def at_once(id: str) -> None:
            erase(id)
            store.kept(register.name).pop(id)
            self._before[register.name].pop(id)

        register.erase = at_once  # type: ignore[method-assign]


class _GoesOnAfterItsEnd(_Broken):
    def __exit__(self, *given: object) -> None:
        super().__exit__(*given)  # type: ignore[arg-type]
        self.one._ended = False


class _LastOneWins(_Broken):
    def commit(self) -> None:
        self._before[self.one.name] = dict(self._store.kept(self.one.name))
        super().commit()


class _LocksTheRegister(_Broken):
    def commit(self) -> None:
        assert self._before[self.one.name] == self._store.kept(self.one.name)
        super().commit()


_BROKEN_UNITS: dict[str, type[_Broken]] = {
    "test_what_was_committed_is_there_for_the_next": _NeverKeeps,
    "test_a_change_that_was_committed_takes_the_place_of_what_was_there": _KeepsTheFirst,
    "test_one_commit_keeps_what_was_put_into_every_register": _NeverKeeps,
    "test_without_commit_nothing_is_kept": _WritesThrough,
    "test_a_change_without_commit_leaves_what_was_there": _WritesThrough,
    "test_an_error_keeps_nothing_and_is_not_swallowed": _Swallows,
    "test_what_was_put_is_seen_within_the_unit_at_once": _Forgets,
    "test_it_is_not_seen_outside_before_commit": _WritesThrough,
    "test_after_a_commit_the_unit_can_go_on_and_commit_again": _CommitsOnce,
    "test_what_follows_the_last_commit_is_not_kept": _WritesThrough,
    "test_an_erasure_is_kept_with_the_commit": _NeverErases,
    "test_an_erasure_without_commit_erases_nothing": _ErasesAtOnce,
    "test_after_its_end_a_unit_refuses_to_be_used": _GoesOnAfterItsEnd,
    "test_of_two_that_change_one_record_the_second_is_told_and_keeps_nothing": _LastOneWins,
    "test_two_that_change_different_records_both_keep_them": _LocksTheRegister,
}
_RESIDENTS = ("persons", "certificates", "collections")
_WHOLE = "test_one_commit_keeps_what_was_put_into_every_register"
_TRIED = [
    (promise, name)
    for promise in _promises(UnitOfWorkContract)
    for name in (_RESIDENTS if "erasure" in promise else BY_NAME)
]


def _tries(promise: str, kind: type[_Broken], broken: str, asked: str) -> None:
    """Try a promise for the register *asked* on a store that is broken in the register *broken*."""

    class Store(MemoryStore):
        def begin(self) -> MemoryUnitOfWork:
            return type("Unit", (kind,), {"name": broken})(self)  # type: ignore[no-any-return]

    contract = type("Contract", (UnitOfWorkContract,), {"make": lambda _: Store()})()
    getattr(contract, promise)(*(() if promise == _WHOLE else (asked,)))


@pytest.mark.parametrize(("promise", "name"), _TRIED)
def test_each_promise_of_a_unit_of_work_fails_one_that_is_broken_in_one_register(
    promise: str, name: str
) -> None:
    asked = next(key for key, after in _NEXT.items() if after == name) if "again" in promise else name

    with pytest.raises((AssertionError, NoSuchRecord, pytest.fail.Exception)):
        _tries(promise, _BROKEN_UNITS[promise], name, asked)


@pytest.mark.parametrize("name", [name for name in BY_NAME if name not in {"persons", "tasks"}])
def test_a_register_that_writes_through_fails_even_where_persons_and_tasks_do_not(name: str) -> None:
    for promise in ("test_without_commit_nothing_is_kept", "test_it_is_not_seen_outside_before_commit"):
        with pytest.raises((AssertionError, pytest.fail.Exception)):
            _tries(promise, _WritesThrough, name, name)


def test_the_registers_that_can_be_erased_are_those_about_residents() -> None:
    assert tuple(n for n, contract in BY_NAME.items() if issubclass(contract, ErasableContract)) == _RESIDENTS


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
