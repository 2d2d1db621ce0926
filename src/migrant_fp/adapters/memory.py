"""Everything in memory: the reference of every register, and enough for a script or a test."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from threading import Lock
from types import TracebackType
from typing import Any, Generic, Protocol, Self, TypeVar

from migrant_fp.domain.agency import NamedPerson, Role
from migrant_fp.domain.assessment import Assessment
from migrant_fp.domain.assessment_system import AssessmentSystem
from migrant_fp.domain.certificate import Certificate
from migrant_fp.domain.collection import Collection, CollectionState, Entry
from migrant_fp.domain.commendation import Commendation
from migrant_fp.domain.coordinators_meeting import CoordinatorsMeeting, Task
from migrant_fp.domain.exchange import Round
from migrant_fp.domain.meeting import JointMeeting
from migrant_fp.domain.person import Person
from migrant_fp.domain.reward import Report
from migrant_fp.domain.staff import Inquiry, StaffMember
from migrant_fp.ports.collection_system import Answer
from migrant_fp.ports.registers import NoSuchRecord
from migrant_fp.ports.unit_of_work import Conflict, WorkEnded


class _Kept(Protocol):
    @property
    def id(self) -> str: ...


T = TypeVar("T", bound=_Kept)


class MemoryRegister(Generic[T]):
    """A register in a dictionary.

    Attributes:
        name: Its name, for messages.
    """

    def __init__(self, name: str = "records") -> None:
        """Begin empty."""
        self.name = name
        self._kept: dict[str, T] = {}
        self._ended = False

    def get(self, id: str) -> T:  # noqa: A002
        """Return the record under an id.

        Raises:
            NoSuchRecord: If there is none.
            WorkEnded: If its unit of work has ended.
        """
        try:
            return self._open()[id]
        except KeyError:
            raise NoSuchRecord(self.name, id) from None

    def put(self, record: T) -> None:
        """Keep a record under its id."""
        self._open()[record.id] = record

    def erase(self, id: str) -> None:  # noqa: A002
        """Erase a record.

        Raises:
            NoSuchRecord: If there is none.
        """
        self.get(id)
        del self._kept[id]

    def _open(self) -> dict[str, T]:
        if self._ended:
            raise WorkEnded
        return self._kept

    def _where(self, holds: Callable[[T], bool]) -> tuple[T, ...]:
        return tuple(record for _, record in sorted(self._open().items()) if holds(record))


class MemoryCollections(MemoryRegister[Collection]):
    """Collected forms."""

    def not_entered(self) -> tuple[Collection, ...]:
        """Return those that are not entered."""
        return self._where(lambda one: one.state is not CollectionState.ENTERED)

    def by_collector(self, staff: str) -> tuple[Collection, ...]:
        """Return those that a member of staff took part in."""
        return self._where(lambda one: staff in {one.pair.coordinator, one.pair.community_worker})

    def of(self, person: str) -> tuple[Collection, ...]:
        """Return those whose form is linked to a resident."""
        return self._where(lambda one: one.form.person == person)


class MemoryNamedPersons(MemoryRegister[NamedPerson]):
    """Named persons."""

    def standing(self, on: date) -> tuple[NamedPerson, ...]:
        """Return those named for a day."""
        return self._where(lambda one: one.stands(on))


class MemoryJointMeetings(MemoryRegister[JointMeeting]):
    """Joint meetings."""

    def of(self, division: str) -> tuple[JointMeeting, ...]:
        """Return those of a 辖市（区）."""
        return self._where(lambda one: one.division == division)


class MemoryCoordinatorsMeetings(MemoryRegister[CoordinatorsMeeting]):
    """Coordinators' meetings."""

    def of(self, month: str) -> tuple[CoordinatorsMeeting, ...]:
        """Return those of a month."""
        return self._where(lambda one: one.month == month)


class MemoryTasks(MemoryRegister[Task]):
    """Tasks."""

    def of(self, month: str) -> tuple[Task, ...]:
        """Return those of a month."""
        return self._where(lambda one: one.month == month)


class MemoryRounds(MemoryRegister[Round]):
    """Rounds of the exchange."""

    def of(self, month: str) -> tuple[Round, ...]:
        """Return those of a month."""
        return self._where(lambda one: one.month == month)


class MemoryInquiries(MemoryRegister[Inquiry]):
    """Inquiries."""

    def unanswered(self) -> tuple[Inquiry, ...]:
        """Return those not provided yet."""
        return self._where(lambda one: one.provided is None)


class MemoryAssessments(MemoryRegister[Assessment]):
    """Assessments."""

    def of(self, period: str) -> tuple[Assessment, ...]:
        """Return those of a period."""
        return self._where(lambda one: one.period == period)


class MemoryUnitOfWork:
    """A unit of work over a `MemoryStore`: a copy of its registers, and what differs is kept on commit."""

    def __init__(self, store: MemoryStore) -> None:
        """Copy the registers of the store."""
        self._store = store
        self.persons: MemoryRegister[Person] = MemoryRegister("persons")
        self.certificates: MemoryRegister[Certificate] = MemoryRegister("certificates")
        self.collections = MemoryCollections("collections")
        self.staff: MemoryRegister[StaffMember] = MemoryRegister("staff")
        self.named_persons = MemoryNamedPersons("named_persons")
        self.joint_meetings = MemoryJointMeetings("joint_meetings")
        self.coordinators_meetings = MemoryCoordinatorsMeetings("coordinators_meetings")
        self.tasks = MemoryTasks("tasks")
        self.rounds = MemoryRounds("rounds")
        self.inquiries = MemoryInquiries("inquiries")
        self.assessments = MemoryAssessments("assessments")
        self.systems: MemoryRegister[AssessmentSystem] = MemoryRegister("systems")
        self.commendations: MemoryRegister[Commendation] = MemoryRegister("commendations")
        self.reports: MemoryRegister[Report] = MemoryRegister("reports")
        self._registers: tuple[MemoryRegister[Any], ...] = tuple(
            one for one in vars(self).values() if isinstance(one, MemoryRegister)
        )
        self._before: dict[str, dict[str, Any]] = {}
        self._take()

    def commit(self) -> None:
        """Keep what was put or erased.

        Raises:
            Conflict: If another unit of work changed one of those records first; then nothing is kept.
            WorkEnded: If this one has ended.
        """
        with self._store.lock:
            changes = [change for register in self._registers for change in self._changes(register)]
            for name, key, _ in changes:
                if self._store.kept(name).get(key) is not self._before[name].get(key):
                    raise Conflict(name, key)
            for name, key, record in changes:
                self._store.kept(name).pop(key, None)
                if record is not None:
                    self._store.kept(name)[key] = record
        self._take()

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """End; what was not committed is not kept."""
        for register in self._registers:
            register._ended = True

    def _take(self) -> None:
        with self._store.lock:
            for register in self._registers:
                kept = self._store.kept(register.name)
                self._before[register.name], register._kept = dict(kept), dict(kept)

    def _changes(self, register: MemoryRegister[Any]) -> list[tuple[str, str, Any]]:
        before, after = self._before[register.name], register._open()
        changed = [key for key in {**before, **after} if before.get(key) is not after.get(key)]
        return [(register.name, key, after.get(key)) for key in changed]


class MemoryStore:
    """A store in memory; units of work in several threads are kept apart.

    Example:
        >>> store = MemoryStore()
        >>> with store.begin() as work:
        ...     work.reports.put(Report("JB-2011-17", date(2011, 6, 1)))
        ...     work.commit()
        >>> with store.begin() as work:
        ...     work.reports.get("JB-2011-17").state.zh
        '已登记'
    """

    def __init__(self) -> None:
        """Begin empty."""
        self.lock = Lock()
        self._registers: dict[str, dict[str, Any]] = {}

    def begin(self) -> MemoryUnitOfWork:
        """Return a new unit of work."""
        return MemoryUnitOfWork(self)

    def kept(self, register: str) -> dict[str, Any]:
        """Return what a register holds; the caller holds the lock."""
        return self._registers.setdefault(register, {})


class MemoryCollectionSystem:
    """A collection system in memory.

    Attributes:
        operator: Who operates it.
        entries: What was entered, by id.
    """

    def __init__(self, operator: Role, refuses: Callable[[Entry], tuple[str, ...]] = lambda _: ()) -> None:
        """Begin empty.

        Args:
            operator: Who operates it.
            refuses: The reasons for which the system returns an entry; none by default.
        """
        self.operator = operator
        self.entries: dict[str, Entry] = {}
        self._refuses = refuses

    def enter(self, entry: Entry) -> Answer:
        """Enter a form, or return it with reasons."""
        reasons = self._refuses(entry)
        if reasons:
            return Answer(reasons=reasons)
        self.entries[entry.id] = entry
        return Answer(reference=f"entry/{entry.id}")
