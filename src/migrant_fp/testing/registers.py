"""The promises of the registers, one test each: an adapter's author writes `make` and nothing else."""
# ruff: noqa: D102, S101 - the tests are named by sentences, and asserts are what tests are made of

from __future__ import annotations

from abc import ABC, abstractmethod
from datetime import date, timedelta
from fractions import Fraction
from typing import Any, ClassVar, Generic, Protocol, TypeVar, cast

import attrs
import pytest

from migrant_fp.domain.agency import Agency, NamedPerson, OfficeName, Role
from migrant_fp.domain.assessment import Assessment, Fact, Measure, Subject, assess
from migrant_fp.domain.assessment_system import AssessmentSystem
from migrant_fp.domain.certificate import Certificate, CertificateState
from migrant_fp.domain.collection import Collection
from migrant_fp.domain.commendation import Commendation, CommendationSettings, Nomination, select
from migrant_fp.domain.coordinators_meeting import Attendee, CoordinatorsMeeting, Host, Outcome, Task, Topic
from migrant_fp.domain.duty import Level
from migrant_fp.domain.exchange import Content, Round
from migrant_fp.domain.form import RegistrationForm
from migrant_fp.domain.form_items import Births, Contraception, Education, Marriage
from migrant_fp.domain.hand_over import HandOverEvent
from migrant_fp.domain.meeting import CONVENERS, AgendaItem, Decision, JointMeeting, MeetingState, Minutes
from migrant_fp.domain.person import IdentityNumber, Person, Sex, Stay, check_digit
from migrant_fp.domain.reward import Report, ReportState
from migrant_fp.domain.staff import Inquiry, Pair, Source, StaffKind, StaffMember
from migrant_fp.ports import registers as ports
from migrant_fp.schedule.notice import Certainty
from migrant_fp.schedule.occurrence import Occurrence
from migrant_fp.schedule.period import MONTH
from migrant_fp.schedule.rule import Bound
from migrant_fp.testing.capability import ALL, Capability, needs

_DAY = date(2011, 10, 8)


class _Kept(Protocol):
    @property
    def id(self) -> str: ...


T = TypeVar("T", bound=_Kept)


class RegisterContract(ABC, Generic[T]):
    """What every register promises. `records` are invented, and every field of the first differs from its default.

    Attributes:
        records: Two records with different ids.
        changed: A record with the id of the first, and other content.
        capabilities: What the adapter claims; all of it unless said otherwise.
    """

    records: ClassVar[tuple[Any, Any]]
    changed: ClassVar[Any]
    capabilities: ClassVar[frozenset[Capability]] = ALL

    @abstractmethod
    def make(self) -> Any:  # noqa: ANN401 - the contract of each register narrows it
        """Return an empty register."""

    def test_an_unknown_id_raises_no_such_record_with_the_id(self) -> None:
        with pytest.raises(ports.NoSuchRecord) as caught:
            self.make().get("nobody")

        assert caught.value.id == "nobody"

    def test_a_record_comes_back_whole(self) -> None:
        register, (record, _) = self.make(), self.records
        register.put(record)

        assert register.get(record.id) == record

    def test_put_again_it_is_replaced(self) -> None:
        register, (record, _) = self.make(), self.records
        register.put(record)
        register.put(self.changed)

        assert register.get(record.id) == self.changed

    def test_put_twice_it_is_there_as_put(self) -> None:
        register, (record, _) = self.make(), self.records
        register.put(record)
        register.put(record)

        assert register.get(record.id) == record

    def test_records_leave_each_other_alone(self) -> None:
        register, (record, other) = self.make(), self.records
        register.put(record)
        register.put(other)
        register.put(self.changed)

        assert register.get(other.id) == other


class ErasableContract(RegisterContract[T]):
    """What a register about residents promises beyond that."""

    def test_what_was_erased_is_gone_and_nothing_else(self) -> None:
        needs(Capability.ERASURE, self.capabilities)
        register, (record, other) = self.make(), self.records
        register.put(record)
        register.put(other)
        register.erase(record.id)

        assert register.get(other.id) == other
        with pytest.raises(ports.NoSuchRecord):
            register.get(record.id)

    def test_erasing_what_is_not_there_raises_no_such_record(self) -> None:
        needs(Capability.ERASURE, self.capabilities)
        with pytest.raises(ports.NoSuchRecord):
            self.make().erase("nobody")


def _number(born: str, sequence: str) -> IdentityNumber:
    first_17 = f"999999{born}{sequence}"
    return IdentityNumber(first_17 + check_digit(first_17))


_WOMAN = Person(
    "P-1",
    "示例甲",
    Sex.FEMALE,
    date(1985, 3, 1),
    "341221",
    "320404",
    Stay.LIVING,
    _DAY,
    _number("19850301", "002"),
    "00012345678",
    "示例路1号",
)


class PersonsContract(ErasableContract[Person]):
    """The promises of `Persons`.

    Example:
        >>> from migrant_fp.adapters.memory import MemoryRegister
        >>> class TestMemoryPersons(PersonsContract):
        ...     def make(self):
        ...         return MemoryRegister("persons")
        >>> TestMemoryPersons().test_a_record_comes_back_whole()
    """

    records = (
        _WOMAN,
        Person("P-2", "示例乙", Sex.MALE, date(1980, 2, 29), "341221", "320404", Stay.WORK, _DAY),
    )
    changed = attrs.evolve(_WOMAN, phone="", identity=None, residence="320402")

    @abstractmethod
    def make(self) -> ports.Persons:
        """Return an empty register."""


class CertificatesContract(ErasableContract[Certificate]):
    """The promises of `Certificates`."""

    records = (Certificate("P-1", CertificateState.VERIFIED, "已婚", "已育", "避孕套"), Certificate("P-2"))
    changed = Certificate("P-1", CertificateState.HELD)

    @abstractmethod
    def make(self) -> ports.Certificates:
        """Return an empty register."""


_PAIR = Pair("S-1", "W-1", "C-1", date(2011, 6, 1), date(2012, 12, 31))
_FORM = RegistrationForm(
    "F-1",
    _DAY,
    "示例甲",
    Sex.FEMALE,
    date(1985, 3, 1),
    "12345",
    "341221",
    "320404",
    "示例路1号",
    "00012345678",
    date(2011, 10, 1),
    Stay.WORK,
    Education.COLLEGE,
    "示例厂",
    Marriage.MARRIED,
    True,  # noqa: FBT003 - an answer of a form
    Births.SOME,
    0,
    False,  # noqa: FBT003 - an answer of a form
    Contraception.NONE,
    "2011-09",
    False,  # noqa: FBT003 - an answer of a form
    {"birth_policy": "例", "远": "例"},
    {"phone": "no-phone"},
    "P-1",
)


class CollectionsContract(ErasableContract[Collection]):
    """The promises of `Collections`."""

    records = (
        Collection(_FORM, _PAIR, _DAY).returned(("identity:identity-number", "example"), 2),
        Collection(
            RegistrationForm("F-2", _DAY), attrs.evolve(_PAIR, coordinator="S-2", until=None), _DAY
        ).entered("entry/2", 0),
    )
    changed = Collection(_FORM, _PAIR, _DAY)

    @abstractmethod
    def make(self) -> ports.Collections:
        """Return an empty register."""

    def test_those_not_entered_come_by_id_and_no_others(self) -> None:
        register, (returned, entered) = self.make(), self.records
        last = attrs.evolve(self.changed, form=attrs.evolve(_FORM, id="F-3"))
        for one in (last, entered, returned):
            register.put(one)

        assert register.not_entered() == (returned, last)

    def test_those_of_a_collector_come_by_id_for_both_of_the_pair(self) -> None:
        register, (one, other) = self.make(), self.records
        register.put(other)
        register.put(one)

        assert register.by_collector("S-1") == (one,)
        assert register.by_collector("W-1") == (one, other)
        assert register.by_collector("S-9") == ()

    def test_those_of_a_resident_come_by_id_and_none_of_nobody(self) -> None:
        register, (hers, of_nobody) = self.make(), self.records
        another = attrs.evolve(self.changed, form=attrs.evolve(_FORM, id="F-3"))
        for one in (another, of_nobody, hers):
            register.put(one)

        assert register.of("P-1") == (hers, another)
        assert register.of("P-9") == ()


class StaffContract(RegisterContract[StaffMember]):
    """The promises of `Staff`."""

    records = (
        StaffMember("S-1", StaffKind.COMMUNITY, "320411001", "C-1", "示例丙", "00000000001"),
        StaffMember("S-2", StaffKind.COORDINATOR, "320411001"),
    )
    changed = StaffMember("S-1", StaffKind.COMMUNITY, "320411002", "C-1")

    @abstractmethod
    def make(self) -> ports.Staff:
        """Return an empty register."""


class NamedPersonsContract(RegisterContract[NamedPerson]):
    """The promises of `NamedPersons`."""

    records = (
        NamedPerson("public_security/district/320411", "S-1", date(2011, 6, 1), date(2011, 12, 31)),
        NamedPerson("family_planning/district/320411", "S-2", date(2011, 7, 1)),
    )
    changed = NamedPerson("public_security/district/320411", "S-3", date(2011, 6, 1), date(2011, 6, 30))

    @abstractmethod
    def make(self) -> ports.NamedPersons:
        """Return an empty register."""

    def test_those_of_a_day_come_by_id_first_and_last_day_included(self) -> None:
        register, (ends, stays) = self.make(), self.records
        register.put(ends)
        register.put(stays)

        assert register.standing(date(2011, 5, 31)) == ()
        assert register.standing(date(2011, 6, 1)) == (ends,)
        assert register.standing(date(2011, 12, 31)) == (stays, ends)
        assert register.standing(date(2012, 1, 1)) == (stays,)


_MINUTES = Minutes(
    (
        Decision("1", AgendaItem.PROBLEMS, "例：窗口合并", ("public_security/town/320411001", "x")),
        Decision("2", AgendaItem.REWARDS, "例：考核结果", ("x",), "assessment/2011-09"),
    )
)
_MEETING = (
    JointMeeting(
        "joint-meeting/2011-Q4/320411",
        "320411",
        MeetingState.SCHEDULED,
        _DAY - timedelta(1),
        planned=_DAY - timedelta(1),
    )
    .postpone(_DAY - timedelta(2), "例：停电")
    .schedule(_DAY, _DAY - timedelta(1))
    .hold(_DAY, CONVENERS, (AgendaItem.PROBLEMS,))
    .minute(_MINUTES, _DAY)
    .dispatch(_DAY)
    .acknowledge("x", _DAY + timedelta(3))
)


class JointMeetingsContract(RegisterContract[JointMeeting]):
    """The promises of `JointMeetings`."""

    records = (
        _MEETING,
        JointMeeting.proposed("joint-meeting/2011-x1/320412", "320412", Role.FAMILY_PLANNING, _DAY).agree(
            CONVENERS[0], _DAY
        ),
    )
    changed = JointMeeting(_MEETING.id, "320411", MeetingState.SCHEDULED, _DAY)

    @abstractmethod
    def make(self) -> ports.JointMeetings:
        """Return an empty register."""

    def test_those_of_a_division_come_by_id_and_no_others(self) -> None:
        register, (one, other) = self.make(), self.records
        earlier = attrs.evolve(one, id="joint-meeting/2011-Q3/320411")
        for meeting in (one, other, earlier):
            register.put(meeting)

        assert register.of("320411") == (earlier, one)
        assert register.of("320402") == ()


_OPEN = CoordinatorsMeeting(
    "coordinators-meeting/2011-10/320411001",
    "320411001",
    "2011-10",
    date(2011, 10, 1),
    date(2011, 10, 10),
    (_DAY, date(2011, 10, 9), date(2011, 10, 10)),
)


class CoordinatorsMeetingsContract(RegisterContract[CoordinatorsMeeting]):
    """The promises of `CoordinatorsMeetings`."""

    records = (
        _OPEN.propose(_DAY, Host.POLICE)
        .consent(Host.CENTRE)
        .consent(Host.FAMILY_PLANNING)
        .hold(_DAY, (Attendee.COORDINATOR,), (Topic.NEW_TASKS, Topic.TRAINING)),
        attrs.evolve(_OPEN, id="coordinators-meeting/2011-10/320411002", town="320411002"),
    )
    changed = _OPEN

    @abstractmethod
    def make(self) -> ports.CoordinatorsMeetings:
        """Return an empty register."""

    def test_those_of_a_month_come_by_id_and_no_others(self) -> None:
        register, (one, other) = self.make(), self.records
        later = attrs.evolve(one, id="coordinators-meeting/2011-11/320411001", month="2011-11")
        for meeting in (other, later, one):
            register.put(meeting)

        assert register.of("2011-10") == (one, other)


class TasksContract(RegisterContract[Task]):
    """The promises of `Tasks`."""

    records = (
        Task("T-1", Attendee.ENTERPRISE, "E-1", "2011-10", "例：提供名单", Outcome.PARTLY),
        Task("T-2", Attendee.COORDINATOR, "S-1", "2011-11", "例：走访"),
    )
    changed = Task("T-1", Attendee.ENTERPRISE, "E-1", "2011-10", "例：提供名单", Outcome.DONE)

    @abstractmethod
    def make(self) -> ports.Tasks:
        """Return an empty register."""

    def test_those_of_a_month_come_by_id_and_no_others(self) -> None:
        register, (one, other) = self.make(), self.records
        first = attrs.evolve(one, id="T-0")
        for task in (one, other, first):
            register.put(task)

        assert register.of("2011-10") == (first, one)


_PARTIES = (
    Agency(
        Role.PUBLIC_SECURITY,
        Level.DISTRICT,
        "320411",
        (OfficeName("示例分局", date(2011, 1, 1), date(2014, 12, 31), Certainty.RECALLED),),
        ("public_security/district/320403",),
        date(2010, 1, 1),
        date(2015, 4, 28),
        Certainty.ASSUMED,
    ),
    Agency(Role.FAMILY_PLANNING, Level.DISTRICT, "320411"),
    Agency(Role.COORDINATION, Level.DISTRICT, "320411"),
)
_OCCURRENCE = Occurrence(
    "exchange-district",
    MONTH.period(_DAY),
    MONTH.period(_DAY),
    Bound.BY,
    date(2011, 10, 5),
    None,
    date(2011, 10, 5),
    (),
    (),
    date(2011, 9, 30),
    (),
)
_ROUND = Round.opened(_OCCURRENCE, _PARTIES, (Content.CHANGES, Content.STATISTICS))
_SENT = _ROUND.hand_overs[0].id


class RoundsContract(RegisterContract[Round]):
    """The promises of `Rounds`."""

    records = (
        _ROUND.after(_SENT, HandOverEvent.SEND, _DAY)
        .after(_SENT, HandOverEvent.RECEIVE, _DAY)
        .after(_SENT, HandOverEvent.RETURN, _DAY, "COUNTS"),
        attrs.evolve(_ROUND, id="exchange-district/2011-10/320412"),
    )
    changed = _ROUND

    @abstractmethod
    def make(self) -> ports.Rounds:
        """Return an empty register."""

    def test_those_of_a_month_come_by_id_and_no_others(self) -> None:
        register, (one, other) = self.make(), self.records
        later = attrs.evolve(one, id="exchange-district/2011-11/320411", month="2011-11")
        for exchange in (other, later, one):
            register.put(exchange)

        assert register.of("2011-10") == (one, other)


class InquiriesContract(RegisterContract[Inquiry]):
    """The promises of `Inquiries`."""

    records = (
        Inquiry("Q-1", Source.ASSOCIATION_MEMBER, "E-1", _DAY, _DAY + timedelta(2)),
        Inquiry("Q-2", Source.ENTERPRISE, "E-2", _DAY),
    )
    changed = Inquiry("Q-1", Source.ASSOCIATION_MEMBER, "E-1", _DAY)

    @abstractmethod
    def make(self) -> ports.Inquiries:
        """Return an empty register."""

    def test_those_unanswered_come_by_id_and_no_others(self) -> None:
        register, (answered, waits) = self.make(), self.records
        first = attrs.evolve(waits, id="Q-0")
        for inquiry in (waits, answered, first):
            register.put(inquiry)

        assert register.unanswered() == (first, waits)


_ASSESSED = assess(
    Subject.COLLECTOR,
    "S-1",
    "2011-10",
    [
        Fact(Measure.TASKS, Subject.COLLECTOR, "S-1", "T-1", met=True, note="完成"),
        Fact(Measure.COMPLETENESS, Subject.COLLECTOR, "S-1", "F-1", met=False),
    ],
    {Measure.TASKS: Fraction(1, 3), Measure.COMPLETENESS: Fraction(2)},
)


class AssessmentsContract(RegisterContract[Assessment]):
    """The promises of `Assessments`."""

    records = (_ASSESSED, attrs.evolve(_ASSESSED, subject="S-2"))
    changed = attrs.evolve(_ASSESSED, figures=())

    @abstractmethod
    def make(self) -> ports.Assessments:
        """Return an empty register."""

    def test_those_of_a_period_come_by_id_and_no_others(self) -> None:
        register, (one, other) = self.make(), self.records
        for assessment in (other, attrs.evolve(one, period="2011-11"), one):
            register.put(assessment)

        assert register.of("2011-10") == (one, other)


class AssessmentSystemsContract(RegisterContract[AssessmentSystem]):
    """The promises of `AssessmentSystems`."""

    records = (
        AssessmentSystem(
            "320412", ((Measure.TASKS, Fraction(2, 3)), (Measure.TRAINING, Fraction(1))), 20, _DAY
        ),
        AssessmentSystem("320481", ((Measure.TASKS, Fraction(1)),), 10),
    )
    changed = AssessmentSystem("320412", ((Measure.TASKS, Fraction(1)),), 30, _DAY + timedelta(1))

    @abstractmethod
    def make(self) -> ports.AssessmentSystems:
        """Return an empty register."""


class CommendationsContract(RegisterContract[Commendation]):
    """The promises of `Commendations`."""

    records = (
        Commendation(
            2011,
            select(
                [
                    Nomination("S-1", _DAY, Fraction(2, 3), 6),
                    Nomination("S-2", _DAY, Fraction(1), 0),
                    Nomination("S-3", _DAY, Fraction(1, 3), 6),
                    Nomination("S-4", _DAY, Fraction(1, 3), 6),
                ],
                CommendationSettings(limit=2),
            ),
            selected=_DAY,
        )
        .consent(Role.FAMILY_PLANNING)
        .consent(Role.PUBLIC_SECURITY)
        .consent(Role.COORDINATION)
        .announce(date(2011, 12, 30)),
        Commendation(2011, select([]), division="320412"),
    )
    changed = Commendation(2011, select([]))

    @abstractmethod
    def make(self) -> ports.Commendations:
        """Return an empty register."""


class ReportsContract(RegisterContract[Report]):
    """The promises of `Reports`."""

    records = (
        Report("JB-2011-17", _DAY, ReportState.GRANTED, _DAY + timedelta(1), _DAY + timedelta(2)),
        Report("JBK-2011-18", _DAY, prefix="JBK"),
    )
    changed = Report("JB-2011-17", _DAY, ReportState.VERIFIED, _DAY + timedelta(1))

    @abstractmethod
    def make(self) -> ports.Reports:
        """Return an empty register."""


#: Every contract of a register, by the name of the register in a unit of work.
BY_NAME = cast(
    "dict[str, type[RegisterContract[Any]]]",
    {
        "persons": PersonsContract,
        "certificates": CertificatesContract,
        "collections": CollectionsContract,
        "staff": StaffContract,
        "named_persons": NamedPersonsContract,
        "joint_meetings": JointMeetingsContract,
        "coordinators_meetings": CoordinatorsMeetingsContract,
        "tasks": TasksContract,
        "rounds": RoundsContract,
        "inquiries": InquiriesContract,
        "assessments": AssessmentsContract,
        "systems": AssessmentSystemsContract,
        "commendations": CommendationsContract,
        "reports": ReportsContract,
    },
)
