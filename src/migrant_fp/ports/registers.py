"""The registers of an office, one for each thing it keeps, wherever it keeps them."""

from __future__ import annotations

from datetime import date
from typing import Protocol, TypeVar

import attrs

from migrant_fp.domain.agency import NamedPerson
from migrant_fp.domain.assessment import Assessment
from migrant_fp.domain.assessment_system import AssessmentSystem
from migrant_fp.domain.certificate import Certificate
from migrant_fp.domain.collection import Collection
from migrant_fp.domain.commendation import Commendation
from migrant_fp.domain.coordinators_meeting import CoordinatorsMeeting, Task
from migrant_fp.domain.exchange import Round
from migrant_fp.domain.meeting import JointMeeting
from migrant_fp.domain.person import Person
from migrant_fp.domain.privacy import masked
from migrant_fp.domain.reward import Report
from migrant_fp.domain.staff import Inquiry, StaffMember
from migrant_fp.schedule.errors import MigrantFpError

T = TypeVar("T")


@attrs.frozen
class NoSuchRecord(MigrantFpError, LookupError):
    """A register holds nothing under an id.

    Attributes:
        register: The name of the register, such as persons.
        id: The id asked for; a record id, never a name or a number of a person.
    """

    register: str
    id: str = attrs.field(converter=masked)

    def __str__(self) -> str:
        """Name the register and the id."""
        return (
            f"{self.register} holds no record {self.id}: check the id, or put the record first （无此记录）"
        )


class Register(Protocol[T]):
    """What every register does.

    A record is a value: what `get` returns equals what was put, in every field. Let every error but `NoSuchRecord` escape: the
    caller cannot mistake it for absence.
    """

    def get(self, id: str) -> T:  # noqa: A002 - the field is called so
        """Return the record under an id. Raise `NoSuchRecord` if there is none."""
        ...

    def put(self, record: T) -> None:
        """Keep a record under its id; one that was there before is replaced."""
        ...


class Erasable(Register[T], Protocol[T]):
    """A register about residents: what is in it can be erased (个人信息保护法 art. 47)."""

    def erase(self, id: str) -> None:  # noqa: A002
        """Erase a record for good. Raise `NoSuchRecord` if there is none."""
        ...


class Persons(Erasable[Person], Protocol):
    """The residents."""


class Certificates(Erasable[Certificate], Protocol):
    """The certificates, by the record id of the holder."""


class Collections(Erasable[Collection], Protocol):
    """The collected forms."""

    def not_entered(self) -> tuple[Collection, ...]:
        """Return those that are not entered into the site's system, by id."""
        ...

    def by_collector(self, staff: str) -> tuple[Collection, ...]:
        """Return those that a coordinator or community worker took part in, by id."""
        ...

    def of(self, person: str) -> tuple[Collection, ...]:
        """Return those whose form is linked to a resident (`RegistrationForm.person`), by id: by it all of hers are erased."""
        ...


class Staff(Register[StaffMember], Protocol):
    """Coordinators and community staff."""


class NamedPersons(Register[NamedPerson], Protocol):
    """The named persons (专人) of the offices."""

    def standing(self, on: date) -> tuple[NamedPerson, ...]:
        """Return those named for a day, by id."""
        ...


class JointMeetings(Register[JointMeeting], Protocol):
    """The joint meetings."""

    def of(self, division: str) -> tuple[JointMeeting, ...]:
        """Return those of a 辖市（区）, by id."""
        ...


class CoordinatorsMeetings(Register[CoordinatorsMeeting], Protocol):
    """The coordinators' meetings."""

    def of(self, month: str) -> tuple[CoordinatorsMeeting, ...]:
        """Return those of a month such as 2011-10, by id."""
        ...


class Tasks(Register[Task], Protocol):
    """The tasks set at coordinators' meetings."""

    def of(self, month: str) -> tuple[Task, ...]:
        """Return those of a month, by id."""
        ...


class Rounds(Register[Round], Protocol):
    """The rounds of the exchange."""

    def of(self, month: str) -> tuple[Round, ...]:
        """Return those of a month, by id."""
        ...


class Inquiries(Register[Inquiry], Protocol):
    """What enterprises and association members were asked."""

    def unanswered(self) -> tuple[Inquiry, ...]:
        """Return those not provided yet, by id."""
        ...


class Assessments(Register[Assessment], Protocol):
    """The assessments."""

    def of(self, period: str) -> tuple[Assessment, ...]:
        """Return those of a period, by id."""
        ...


class AssessmentSystems(Register[AssessmentSystem], Protocol):
    """The systems of the three of 五.3, by the code of the division."""


class Commendations(Register[Commendation], Protocol):
    """The yearly commendations."""


class Reports(Register[Report], Protocol):
    """The reports of 五.2, by reference."""
