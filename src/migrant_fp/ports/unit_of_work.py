"""A unit of work: everything an act changes is kept together, or not at all."""

from __future__ import annotations

from types import TracebackType
from typing import Protocol, Self

import attrs

from migrant_fp.domain.privacy import masked
from migrant_fp.ports.registers import (
    Assessments,
    AssessmentSystems,
    Certificates,
    Collections,
    Commendations,
    CoordinatorsMeetings,
    Inquiries,
    JointMeetings,
    NamedPersons,
    Persons,
    Reports,
    Rounds,
    Staff,
    Tasks,
)
from migrant_fp.schedule.errors import MigrantFpError


@attrs.frozen
class Conflict(MigrantFpError, RuntimeError):
    """Another unit of work changed a record first.

    Attributes:
        register: The name of the register.
        id: The id of the record.
    """

    register: str
    id: str = attrs.field(converter=masked)

    def __str__(self) -> str:
        """Name the record and the cure."""
        return f"{self.register}/{self.id} was changed by another: begin anew and decide again （记录已被他人修改）"


@attrs.frozen
class WorkEnded(MigrantFpError, RuntimeError):
    """A unit of work was used after it had ended."""

    def __str__(self) -> str:
        """Say what to do."""
        return "this unit of work has ended: begin another （本次作业已结束）"


class UnitOfWork(Protocol):
    """The registers, and `commit`.

    Used as a context manager. What was put is seen within it at once, and by others after `commit` alone; leaving without
    it, or by an error, keeps nothing.
    """

    @property
    def persons(self) -> Persons:
        """The residents."""
        ...

    @property
    def certificates(self) -> Certificates:
        """Their certificates."""
        ...

    @property
    def collections(self) -> Collections:
        """The collected forms."""
        ...

    @property
    def staff(self) -> Staff:
        """Coordinators and community staff."""
        ...

    @property
    def named_persons(self) -> NamedPersons:
        """The named persons of the offices."""
        ...

    @property
    def joint_meetings(self) -> JointMeetings:
        """The joint meetings."""
        ...

    @property
    def coordinators_meetings(self) -> CoordinatorsMeetings:
        """The coordinators' meetings."""
        ...

    @property
    def tasks(self) -> Tasks:
        """The tasks."""
        ...

    @property
    def rounds(self) -> Rounds:
        """The rounds of the exchange."""
        ...

    @property
    def inquiries(self) -> Inquiries:
        """What sources were asked."""
        ...

    @property
    def assessments(self) -> Assessments:
        """The assessments."""
        ...

    @property
    def systems(self) -> AssessmentSystems:
        """The systems of the three of 五.3."""
        ...

    @property
    def commendations(self) -> Commendations:
        """The commendations."""
        ...

    @property
    def reports(self) -> Reports:
        """The reports of 五.2."""
        ...

    def commit(self) -> None:
        """Keep everything put or erased since the beginning or the last commit.

        Raise `Conflict` if another unit of work has changed one of those records meanwhile; then nothing is kept.
        """
        ...

    def __enter__(self) -> Self:
        """Begin."""
        ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """End; what was not committed is not kept. Used afterwards, it raises `WorkEnded`."""
        ...


class Store(Protocol):
    """Where units of work begin."""

    def begin(self) -> UnitOfWork:
        """Return a new unit of work."""
        ...
