"""四(五)在为育龄妇女办理暂住证时,应查验其是否持有流动人口婚育证明,对未持证明者告知其必须补办;对持有证明者检查其是否到现居住地的镇(街道)计生办交验,对未交验者动员其及时交验证明并采集信息反馈给所在社区。

四(六)街道计划生育服务站在为流动人口育龄妇女服务时,应查验其暂住证,对没有办理流动人口暂住证的人员督促其到派出所办理,凭证享受免费服务。
"""

from datetime import date

import attrs
import pytest

from migrant_fp import NotAnnounced, WorkingCalendar
from migrant_fp.adapters.chinese_calendar import working_calendar
from migrant_fp.adapters.memory import MemoryStore
from migrant_fp.application import desk
from migrant_fp.application.desk import (
    ANSWER_RESIDENCE_PLACE,
    ASK_HOUSEHOLD_PLACE,
    REISSUE_CERTIFICATE,
    SUBMIT_CERTIFICATE,
    TELL_HOUSEHOLD_PLACE,
    permit_desk,
    permit_name,
    service_station,
)
from migrant_fp.application.inspect import (
    inspect_at_permit_desk,
    inspect_at_service_station,
    record_certificate,
)
from migrant_fp.domain.certificate import (
    Certificate,
    CertificateEvent,
    CertificateState,
    StatutoryDeadline,
)
from migrant_fp.domain.clause import LegalBasis
from migrant_fp.domain.division import Divisions
from migrant_fp.domain.errors import Invalid, NoLegalBasis, NotModelled, NotYetIssued, WrongState
from migrant_fp.domain.finding import Action, Finding
from migrant_fp.domain.person import STATISTICS_15_49, Birthday, Person, Sex, Stay
from migrant_fp.ports.registers import NoSuchRecord

CALENDAR = working_calendar()
THEN = date(2011, 6, 1)
WOMAN = Person(
    "P-1", "示例甲", Sex.FEMALE, date(1985, 3, 1), "341221", "320404", Stay.WORK, date(2011, 5, 18)
)
OWN = LegalBasis("示例规定", "例〔2022〕1号", date(2022, 1, 1), None, "例")
STATES: list[Certificate | None] = [None, *(Certificate("P-1", state) for state in CertificateState)]


def _kinds(findings: tuple[Finding, ...]) -> list[Action | None]:
    return [finding.kind for finding in findings]


def test_a_woman_without_a_certificate_is_told_to_have_it_issued() -> None:
    (finding,) = permit_desk(WOMAN, None, THEN)

    assert str(finding) == "四(五) 公安派出所 告知补办流动人口婚育证明（P-1）"
    assert (finding.code, finding.kind) == ("certificate-missing", Action.TELL)
    assert permit_desk(WOMAN, Certificate("P-1"), THEN) == (finding,)


def test_one_not_yet_submitted_is_urged_recorded_and_fed_back_to_the_community() -> None:
    findings = permit_desk(WOMAN, Certificate("P-1", CertificateState.HELD), THEN)

    assert _kinds(findings) == [Action.URGE, Action.RECORD, Action.FEED_BACK]
    assert [finding.action for finding in findings] == [
        "动员及时交验流动人口婚育证明",
        "采集信息",
        "反馈给所在社区",
    ]


def test_with_a_verified_certificate_nothing_more_is_owed() -> None:
    assert permit_desk(WOMAN, Certificate("P-1", CertificateState.VERIFIED), THEN) == ()


def test_the_certificate_of_somebody_else_is_refused() -> None:
    for state in CertificateState:
        with pytest.raises(Invalid, match="is not that of P-1") as caught:
            permit_desk(WOMAN, Certificate("P-2", state), THEN)
        assert "P-2" not in str(caught.value)


def test_the_clause_is_about_women_of_childbearing_age_alone() -> None:
    man = Person("P-2", "示例乙", Sex.MALE, date(1985, 3, 1), "341221", "320404", Stay.WORK, THEN)
    girl = Person(
        "P-3", "示例丙", Sex.FEMALE, date(1993, 6, 1), "341221", "320404", Stay.WORK, date(2011, 5, 20)
    )
    older = attrs.evolve(girl, born=date(1961, 6, 1))

    assert permit_desk(man, None, THEN) == ()
    assert len(permit_desk(girl, None, THEN)) == 1
    assert permit_desk(girl, None, date(2011, 5, 31)) == ()
    assert permit_desk(girl, None, THEN, birthday=Birthday.DAY_AFTER) == ()
    assert len(permit_desk(girl, None, date(2011, 5, 31), ages=STATISTICS_15_49)) == 1
    assert permit_desk(older, None, THEN) == ()
    assert len(permit_desk(older, None, THEN, birthday=Birthday.DAY_AFTER)) == 1


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize(
    "changes",
    [
        {"household": "320402"},
        {"household": "320404"},
        {"stay": Stay.MEDICAL},
        {"stay": Stay.VISIT},
        {"arrived": date(2011, 6, 2)},
    ],
)
def test_四_五_a_woman_who_is_not_floating_on_the_day_is_told_nothing_and_is_served(
    changes: dict[str, object], state: Certificate | None
) -> None:
    settled = attrs.evolve(WOMAN, **changes)  # type: ignore[arg-type]

    assert permit_desk(settled, state, THEN) == ()
    assert Action.SERVE in _kinds(service_station(settled, THEN, holds_permit=False))


def test_四_五_the_divisions_of_the_day_decide_whether_she_is_floating() -> None:
    of_jintan = attrs.evolve(WOMAN, household="320482")
    with MemoryStore().begin() as work:
        work.persons.put(of_jintan)
        for on, told in ((date(2015, 4, 28), True), (date(2015, 4, 29), False)):
            assert bool(permit_desk(of_jintan, None, on)) is told
            assert bool(inspect_at_permit_desk(work, "P-1", on)) is told
        assert inspect_at_permit_desk(work, "P-1", date(2015, 4, 29), divisions=Divisions(()))


def test_四_五_a_place_that_cannot_be_judged_is_to_be_brought_up_to_date() -> None:
    with pytest.raises(Invalid, match="bring the record up to date"):
        permit_desk(attrs.evolve(WOMAN, household="香蕉"), None, THEN)


def test_at_the_service_station_every_woman_is_served_and_one_without_a_permit_is_reminded() -> None:
    assert _kinds(service_station(WOMAN, THEN, holds_permit=True)) == [Action.SERVE]
    served = service_station(WOMAN, THEN, holds_permit=False)

    assert _kinds(served) == [Action.SERVE, Action.REMIND]
    assert str(served[1]) == "四(六) 街道计划生育服务站 督促到派出所办理暂住证（P-1）"


# 居住证暂行条例, 国务院令第663号: in force from 2016-01-01.
@pytest.mark.parametrize(
    ("on", "permit"),
    [
        (date(2011, 5, 18), "暂住证"),
        (date(2015, 12, 31), "暂住证"),
        (date(2016, 1, 1), "居住证"),
        (date(2018, 3, 1), "居住证"),
    ],
)
def test_四_六_the_service_station_names_the_permit_of_the_day(on: date, permit: str) -> None:
    assert permit_name(on) == permit
    assert service_station(WOMAN, on, holds_permit=False)[1].action == f"督促到派出所办理{permit}"


def test_四_六_after_the_repeal_the_error_and_an_adopters_reminder_name_the_permit_of_then() -> None:
    on = date(2022, 1, 1)

    with pytest.raises(NoLegalBasis, match="在服务站查验居住证"):
        service_station(WOMAN, on, holds_permit=False)
    assert service_station(WOMAN, on, holds_permit=False, basis=OWN)[1].action == "督促到派出所办理居住证"


@pytest.mark.parametrize("on", [date(2011, 5, 18), date(2021, 9, 8)])
def test_the_desks_act_from_the_documents_day_to_the_last_day_of_the_law(on: date) -> None:
    assert permit_desk(WOMAN, None, on)
    assert service_station(WOMAN, on, holds_permit=True)


def test_before_the_document_the_desks_are_not_yet_issued() -> None:
    for call in (
        lambda on: permit_desk(WOMAN, None, on),
        lambda on: service_station(WOMAN, on, holds_permit=True),
    ):
        with pytest.raises(NotYetIssued):
            call(date(2011, 5, 17))


@pytest.mark.parametrize(("day", "uncertain"), [(9, True), (15, True), (27, False)])
def test_after_the_repeal_it_is_named_and_its_day_is_uncertain_until_it_was_public(
    day: int, uncertain: bool
) -> None:
    for call in (
        lambda on: permit_desk(WOMAN, None, on),
        lambda on: service_station(WOMAN, on, holds_permit=False),
    ):
        with pytest.raises(NoLegalBasis, match="流动人口计划生育工作条例") as caught:
            call(date(2021, 9, day))
        assert caught.value.uncertain is uncertain
        assert ("uncertain" in str(caught.value)) is uncertain


def test_after_the_repeal_the_service_station_is_told_to_serve_her_all_the_same() -> None:
    with pytest.raises(NoLegalBasis) as caught:
        service_station(WOMAN, date(2022, 1, 1), holds_permit=False)

    assert "All the same: serve her （照常提供服务）. " in str(caught.value)


def test_after_the_repeal_an_adopter_supplies_the_basis_that_the_error_asks_for() -> None:
    on = date(2022, 1, 1)
    with MemoryStore().begin() as work:
        work.persons.put(WOMAN)
        record_certificate(work, "P-1", CertificateEvent.ISSUED, on, basis=OWN)
        held = inspect_at_permit_desk(work, "P-1", on, basis=OWN)
        served = inspect_at_service_station(work, "P-1", on, holds_permit=False, basis=OWN)

    assert held == permit_desk(WOMAN, Certificate("P-1", CertificateState.HELD), on, basis=OWN)
    assert _kinds(held) == [Action.URGE, Action.RECORD, Action.FEED_BACK]
    assert served == service_station(WOMAN, on, holds_permit=False, basis=OWN)
    assert _kinds(served) == [Action.SERVE, Action.REMIND]


def test_四_一_3_a_certificate_is_of_a_woman_on_record() -> None:
    with MemoryStore().begin() as work:
        work.persons.put(attrs.evolve(WOMAN, id="P-2", sex=Sex.MALE))
        with pytest.raises(NoSuchRecord):
            record_certificate(work, "P-1", CertificateEvent.ISSUED, THEN)
        with pytest.raises(Invalid, match="the certificate is issued to women alone"):
            record_certificate(work, "P-2", CertificateEvent.ISSUED, THEN)
        with pytest.raises(NoSuchRecord):
            work.certificates.get("P-2")


# Worked out by hand: 2011-06-01 is a Wednesday; 4-6 June were off for the Dragon Boat Festival.
@pytest.mark.parametrize(
    ("deadline", "last"),
    [
        (SUBMIT_CERTIFICATE, date(2011, 7, 1)),
        (REISSUE_CERTIFICATE, date(2011, 9, 1)),
        (ASK_HOUSEHOLD_PLACE, date(2011, 6, 13)),
        (ANSWER_RESIDENCE_PLACE, date(2011, 6, 23)),
        (TELL_HOUSEHOLD_PLACE, date(2011, 6, 23)),
    ],
    ids=lambda value: getattr(value, "id", str(value)),
)
def test_the_deadlines_of_the_law(deadline: StatutoryDeadline, last: date) -> None:
    assert deadline.due(THEN, CALENDAR).last == last


def test_the_deadlines_are_those_of_this_law_alone() -> None:
    with pytest.raises(NotModelled, match="2009-10-01"):
        SUBMIT_CERTIFICATE.due(date(2009, 9, 30), CALENDAR)
    assert SUBMIT_CERTIFICATE.due(date(2009, 10, 1), CALENDAR).last == date(
        2009, 11, 2
    )  # 31 October was a Saturday
    assert SUBMIT_CERTIFICATE.due(date(2021, 9, 8), CALENDAR).last == date(2021, 10, 8)
    with pytest.raises(NoLegalBasis):
        SUBMIT_CERTIFICATE.due(date(2021, 9, 27), CALENDAR)
    with pytest.raises(NotAnnounced):
        ASK_HOUSEHOLD_PLACE.due(THEN, WorkingCalendar(()))


def test_no_desk_refuses_orders_home_or_takes_a_fee() -> None:
    every = [f for state in STATES for f in permit_desk(WOMAN, state, THEN)]
    every += [f for held in (True, False) for f in service_station(WOMAN, THEN, holds_permit=held)]
    forbidden = (
        "不予",
        "拒",
        "返乡",
        "返回",
        "回户籍",
        "费用",
        "收费",
        "罚",
        "refuse",
        "return",
        "fee ",
        "fine",
    )

    assert {finding.kind for finding in every} == set(Action)
    assert not [word for finding in every for word in forbidden if word in finding.action + finding.action_en]
    assert not [
        name
        for name in dir(desk)
        if any(word in name.lower() for word in ("refuse", "return", "fee", "fine"))
    ]


def test_四_一_3_the_certificate_is_on_record_with_its_state_from_issue_to_submission() -> None:
    with MemoryStore().begin() as work:
        work.persons.put(WOMAN)
        assert _kinds(inspect_at_permit_desk(work, "P-1", THEN)) == [Action.TELL]
        held = record_certificate(work, "P-1", CertificateEvent.ISSUED, THEN)
        assert (held.state, work.certificates.get("P-1")) == (CertificateState.HELD, held)
        assert _kinds(inspect_at_permit_desk(work, "P-1", THEN)) == [
            Action.URGE,
            Action.RECORD,
            Action.FEED_BACK,
        ]
        record_certificate(work, "P-1", CertificateEvent.SUBMITTED, THEN)
        assert inspect_at_permit_desk(work, "P-1", THEN) == ()
        with pytest.raises(WrongState):
            record_certificate(work, "P-1", CertificateEvent.SUBMITTED, THEN)
        record_certificate(work, "P-1", CertificateEvent.LAPSED, THEN)
        assert _kinds(inspect_at_permit_desk(work, "P-1", THEN)) == [Action.TELL]


def test_四_五_四_六_over_the_registers_the_desks_owe_the_same() -> None:
    with MemoryStore().begin() as work:
        work.persons.put(WOMAN)
        served = inspect_at_service_station(work, "P-1", THEN, holds_permit=False)

        assert served == service_station(WOMAN, THEN, holds_permit=False)
        with pytest.raises(NoSuchRecord):
            inspect_at_permit_desk(work, "P-9", THEN)


@pytest.mark.parametrize(
    ("on", "error"), [(date(2011, 5, 17), NotYetIssued), (date(2021, 9, 27), NoLegalBasis)]
)
def test_a_certificate_is_put_on_record_while_its_law_stood(on: date, error: type[Exception]) -> None:
    with MemoryStore().begin() as work:
        work.persons.put(WOMAN)
        with pytest.raises(error):
            record_certificate(work, "P-1", CertificateEvent.ISSUED, on)
        assert record_certificate(work, "P-1", CertificateEvent.ISSUED, date(2021, 9, 8)).id == "P-1"
