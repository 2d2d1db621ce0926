"""Nothing of a person leaks: unique canaries are planted in every sensitive field, and searched for wherever text comes out."""

import logging
import pkgutil
import traceback
from collections.abc import Callable, Iterator
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

import attrs
import pytest

import migrant_fp.application
import migrant_fp.domain
import migrant_fp.ports
from migrant_fp.adapters.chinese_calendar import working_calendar
from migrant_fp.adapters.memory import MemoryCollectionSystem, MemoryStore
from migrant_fp.adapters.serialization import parse_json, structure
from migrant_fp.application.collect import collection_owed, enter, erase, give_card, record_form
from migrant_fp.application.desk import permit_desk
from migrant_fp.application.exchange import open_round, record_hand_over
from migrant_fp.application.inspect import inspect_at_permit_desk
from migrant_fp.domain.agency import Role
from migrant_fp.domain.certificate import Certificate, CertificateEvent
from migrant_fp.domain.collection import Collection, CollectionCard, Entry, card_for, entry_for
from migrant_fp.domain.division import Division, Divisions
from migrant_fp.domain.duty import Level
from migrant_fp.domain.errors import Invalid
from migrant_fp.domain.form import RegistrationForm
from migrant_fp.domain.form_gaps import Gap, gaps, notes
from migrant_fp.domain.form_items import Births, Contraception, Marriage
from migrant_fp.domain.form_reading import read_form
from migrant_fp.domain.hand_over import HandOverEvent
from migrant_fp.domain.hand_over_record import Case, Change, ChangeKind, Deletion, Tombstone
from migrant_fp.domain.headcount import AgeBand, Facts
from migrant_fp.domain.meeting import AgendaItem, Decision
from migrant_fp.domain.person import FloatingView, IdentityNumber, Person, Sex, Stay, floating, suggested
from migrant_fp.domain.privacy import sensitivities
from migrant_fp.domain.reconciliation import Correction, Difference, FieldDifference, Found
from migrant_fp.domain.reward import Report
from migrant_fp.domain.staff import Pair, StaffKind, StaffMember
from migrant_fp.ports.collection_system import Answer
from migrant_fp.regulations.changzhou_agencies import AGENCIES
from migrant_fp.regulations.changzhou_form import CODE_LISTS, MARRIAGE_CODES, SETTINGS
from migrant_fp.schedule.errors import MigrantFpError

DAY = date(2011, 6, 1)
NUMBER = "99999919850301002X"
#: A keyed hash of it, which is personal information too.
KEY = "7ca4a21e" * 8
#: Each stands for something of a person and is found nowhere else.
CANARIES = (
    NUMBER,
    "999999850301002",
    "金丝雀姓名",
    "00098765432",
    "金丝雀路77号",
    "金丝雀厂",
    "1985-03-01",
    "1985, 3, 1",
    "金丝雀婚姻",
    "金丝雀生育",
    "金丝雀避孕",
    "金丝雀项目",
    "2011-02",
    "EXTERNAL",
    "external",
    "WIDOWED",
    "丧偶",
    "外用药",
    "children=7",
    "341299",
    "341398",
    "就医",
    "MEDICAL",
    "金丝雀原因",
    "金丝雀规则",
    "canary:reason",
    "未婚",
    "未育",
    "已育",
    "unmarried",
    "single",
    "without-birth",
    "without-child",
    "no-method",
    "method-expected",
    "未采取措施",
    "采取措施而未填",
    "现孕年月晚于",
    "births: none",
    "births: some",
    "13900000077",
    KEY,
)
PERSON = Person(
    "P-1",
    "金丝雀姓名",
    Sex.FEMALE,
    date(1985, 3, 1),
    "341299",
    "341398",
    Stay.WORK,
    date(2011, 5, 20),
    IdentityNumber(NUMBER),
    "00098765432",
    "金丝雀路77号",
)
FORM = RegistrationForm(
    "F-1",
    DAY,
    "金丝雀姓名",
    Sex.FEMALE,
    date(1985, 3, 1),
    NUMBER,
    "341299",
    "341398",
    "金丝雀路77号",
    "00098765432",
    date(2011, 5, 20),
    Stay.WORK,
    None,
    "金丝雀厂",
    marriage=Marriage.WIDOWED,
    with_spouse=False,
    births=Births.SOME,
    children=7,
    contraception_used=True,
    contraception=Contraception.EXTERNAL,
    pregnancy="2011-02",
    certificate_held=True,
    own={"birth_policy": "金丝雀项目"},
)
PAIR = Pair("S-1", "W-1", "C-1", date(2011, 5, 18))
STAFF = (
    StaffMember("S-1", StaffKind.COORDINATOR, "320411001"),
    StaffMember("W-1", StaffKind.COMMUNITY, "320411001", "C-1"),
)
CALENDAR = working_calendar()
PARTIES = AGENCIES.parties(Level.DISTRICT, "320411")
COLLECTION = Collection(FORM, PAIR, DAY)
HOLDERS: tuple[Any, ...] = (
    PERSON,
    PERSON.identity,
    Certificate("P-1", marriage="金丝雀婚姻", births="金丝雀生育", contraception="金丝雀避孕"),
    StaffMember("S-1", StaffKind.COORDINATOR, "320411001", "C-1", "金丝雀姓名", "00098765432"),
    FORM,
    COLLECTION,
    entry_for(FORM, SETTINGS, Role.FAMILY_PLANNING),
    entry_for(FORM, SETTINGS, Role.PUBLIC_SECURITY),
    card_for(COLLECTION, DAY, SETTINGS),
    FloatingView(floating=False, reason="金丝雀原因"),
    floating(attrs.evolve(PERSON, stay=Stay.MEDICAL), DAY, Divisions(())),
    COLLECTION.entered(NUMBER, 0),
    COLLECTION.returned(("canary:reason",)),
    Answer(reasons=("canary:reason",)),
    Gap("children", "contradicts", "", "", "四(三)", detail="金丝雀规则"),
    Facts("320411", Sex.FEMALE, AgeBand.TO_49, Stay.MEDICAL),
    Case(
        KEY,
        "341398",
        "金丝雀路77号",
        date(2011, 5, 20),
        date(1985, 3, 1),
        "341299",
        NUMBER,
        "金丝雀姓名",
        Sex.FEMALE,
        Stay.MEDICAL,
    ),
    Change(KEY, ChangeKind.MOVED, date(1985, 3, 1), "341299", "341398"),
    Tombstone(KEY, Deletion.LEFT),
    Difference(KEY, Found.CONFLICT, (FieldDifference("name", "金丝雀姓名", "金丝雀厂"),)),
    FieldDifference("name", "金丝雀姓名", "金丝雀厂"),
    Correction(KEY, "name", "金丝雀姓名"),
)


def _leaks(text: str) -> list[str]:
    return [canary for canary in CANARIES if canary in text]


def _classes() -> Iterator[type]:
    for package in (migrant_fp.domain, migrant_fp.application, migrant_fp.ports):
        for found in pkgutil.iter_modules(package.__path__, package.__name__ + "."):
            for value in vars(import_module(found.name)).values():
                if isinstance(value, type) and attrs.has(value) and value.__module__ == found.name:
                    yield value


def test_every_class_with_a_sensitive_field_is_among_those_searched() -> None:
    marked = {kind for kind in _classes() if sensitivities(kind)}

    assert marked == {type(one) for one in HOLDERS}
    assert marked >= {
        Person,
        RegistrationForm,
        IdentityNumber,
        Certificate,
        StaffMember,
        Entry,
        CollectionCard,
        FloatingView,
    }


@pytest.mark.parametrize("kind", sorted({*_classes()}, key=str), ids=lambda kind: kind.__name__)
def test_no_field_that_sounds_personal_is_without_its_mark_and_none_marked_shows_in_repr(kind: type) -> None:
    personal = {
        "phone",
        "address",
        "identity",
        "born",
        "marriage",
        "births",
        "children",
        "contraception",
        "pregnancy",
    }

    for field in attrs.fields(kind):
        if field.name in personal and kind.__name__ != "FormSettings":
            assert field.name in sensitivities(kind)
        if field.name in sensitivities(kind):
            assert field.repr is False


@pytest.mark.parametrize("holder", HOLDERS, ids=lambda holder: type(holder).__name__)
def test_repr_str_and_format_show_nothing(holder: object) -> None:
    for text in (
        repr(holder),
        str(holder),
        f"{holder}",
        repr([holder]),
        repr({"key": holder}),
        f"{holder!s:>400}",
    ):
        assert _leaks(text) == []


def test_the_canaries_would_be_found() -> None:
    assert _leaks(" ".join(str(value) for value in attrs.asdict(FORM).values()))
    assert _leaks(str(attrs.asdict(PERSON)))
    assert len(_leaks(" ".join(CANARIES))) == len(CANARIES)


@pytest.mark.parametrize("holder", HOLDERS, ids=lambda holder: type(holder).__name__)
def test_a_log_record_of_it_shows_nothing(holder: object, caplog: pytest.LogCaptureFixture) -> None:
    logging.getLogger("example").warning("came %s and %r", holder, holder)

    assert _leaks(caplog.text) == []


def _refusals() -> dict[str, Callable[[], object]]:
    def used(act: Callable[[Any], object]) -> object:
        with MemoryStore().begin() as work:
            work.persons.put(PERSON)
            for member in STAFF:
                work.staff.put(member)
            return act(work)

    def returned(work: Any) -> object:
        record_form(work, FORM, PAIR, DAY)
        system = MemoryCollectionSystem(Role.FAMILY_PLANNING, lambda _: (f"金丝雀姓名 {NUMBER}",))
        return enter(work, system, "F-1", DAY)

    def handed_back(work: Any) -> object:
        one = open_round(work, PARTIES, "2011-07", CALENDAR, DAY).hand_overs[0].id
        for event in (HandOverEvent.SEND, HandOverEvent.RECEIVE):
            record_hand_over(work, one, event, date(2011, 7, 1))
        return record_hand_over(work, one, HandOverEvent.RETURN, date(2011, 7, 1), "金丝雀姓名 婚姻有误")

    def entered_twice(work: Any) -> object:
        record_form(work, FORM, PAIR, DAY)
        system = MemoryCollectionSystem(Role.FAMILY_PLANNING)
        enter(work, system, "F-1", DAY)
        return enter(work, system, "F-1", DAY)

    raw = {"id": "F-1", "registered": "2011-06-01"}
    return {
        "an identity number mistyped": lambda: IdentityNumber(NUMBER[:-1] + "1"),
        "the old form": lambda: IdentityNumber("999999850301002"),
        "a suggestion for nothing": lambda: suggested("金丝雀姓名"),
        "a code that is none": lambda: MARRIAGE_CODES.term("金丝雀婚姻"),
        "a reference with a name": lambda: Report("金丝雀姓名", DAY),
        "an unknown item": lambda: used(
            lambda work: record_form(work, attrs.evolve(FORM, own={"鞋码": "金丝雀项目"}), PAIR, DAY)
        ),
        "entered twice": lambda: used(entered_twice),
        "a record asked for by identity number": lambda: used(lambda work: work.persons.get(NUMBER)),
        "an erasure by telephone": lambda: used(lambda work: erase(work, "00098765432", ())),
        "a desk after the repeal": lambda: used(
            lambda work: inspect_at_permit_desk(work, "P-1", date(2022, 1, 1))
        ),
        "a card of somebody else": lambda: used(_card_of_a_man),
        "a correction of another form": lambda: COLLECTION.returned(("X",)).corrected(
            attrs.evolve(FORM, id="F-2")
        ),
        "an event out of turn": lambda: Certificate("P-1", marriage="金丝雀婚姻").with_event(
            CertificateEvent.SUBMITTED
        ),
        "a form of a file": lambda: structure(
            {**raw, "marriage": "金丝雀婚姻", "children": "金丝雀生育", "born": "1985-03-01x", "name": 1985,
             "own": {"x": ["金丝雀项目"]}, "sex": "金丝雀姓名"},
            RegistrationForm,
            "forms.json",
        ),
        "a person of a file": lambda: structure(
            {"id": "P-1", "identity": {"text": NUMBER[:-1] + "1"}, "born": "1985-03-01x"}, Person, "persons.json"
        ),
        "a form of a file with keys about somebody": lambda: structure(
            {**raw, "金丝雀姓名00098765432": 5, "own": {f"金丝雀姓名{NUMBER}": 5}}, RegistrationForm, "forms.json"
        ),
        "a form of a file whose id is a number": lambda: structure(
            {**raw, "id": NUMBER}, RegistrationForm, "forms.json"
        ),
        "a form of a file whose id is a whole number": lambda: structure(
            {**raw, "id": 99999919850301002}, RegistrationForm, "forms.json"
        ),
        "a key given twice": lambda: structure(
            parse_json('{"金丝雀姓名": 1, "金丝雀姓名": 2}'.encode(), "forms.json"), Collection, "forms.json"
        ),
        "a collection of a file with a key about somebody": lambda: structure(
            {"金丝雀姓名": 1, NUMBER: 2}, Collection, "forms.json"
        ),
        "an own item named after somebody": lambda: used(
            lambda work: record_form(
                work, attrs.evolve(FORM, own={f"金丝雀姓名 00098765432 {NUMBER}": "x"}), PAIR, DAY
            )
        ),
        "a reason that is none": lambda: attrs.evolve(FORM, not_available={"identity": "金丝雀姓名"}),
        "columns of a site": lambda: read_form(
            {"id": "F-1", "金丝雀姓名": "金丝雀厂", "born": "1985-03-01x", "marriage": "金丝雀婚姻", "children": "金丝雀生育"},
            CODE_LISTS,
        ),
        "a person whose id is a number": lambda: attrs.evolve(PERSON, id=NUMBER),
        "a form whose id is a telephone": lambda: attrs.evolve(FORM, id="13900000077"),
        "a form linked to a number": lambda: attrs.evolve(FORM, person=f"P{NUMBER}"),
        "a decision for somebody": lambda: Decision("1", AgendaItem.RULES, "x", ("13900000077金丝雀姓名",)),
        "a decision whose id is a telephone": lambda: Decision("phone13900000077", AgendaItem.RULES, "x", ("a",)),
        "a decision that settles a number": lambda: Decision("1", AgendaItem.RULES, "x", ("a",), f"r{NUMBER}77"),
        "staff whose id is a number": lambda: attrs.evolve(STAFF[0], id=f"S-{NUMBER}"),
        "a certificate of a number": lambda: Certificate(NUMBER).with_event(CertificateEvent.SUBMITTED),
        "a certificate of somebody else": lambda: permit_desk(PERSON, Certificate(NUMBER), DAY),
        "a household that is an address": lambda: floating(
            attrs.evolve(PERSON, household="金丝雀路77号"), DAY, Divisions(())
        ),
        "a household whose code has ended": lambda: floating(
            PERSON, DAY, Divisions((Division("341299", "示例县", None, None, date(2010, 1, 1)),))
        ),
        "a reason of the site's system": lambda: used(returned),
        "a reason of a hand-over": lambda: used(handed_back),
        "a return of a form": lambda: COLLECTION.returned((f"金丝雀姓名{NUMBER}",)),
        "a file that is no JSON": lambda: parse_json('{"name": "金丝雀姓名"'.encode(), "forms.json"),
    }  # fmt: skip


def _card_of_a_man(work: Any) -> object:
    record_form(work, attrs.evolve(FORM, sex=Sex.MALE), PAIR, DAY)
    return give_card(work, "F-1", DAY)


@pytest.mark.parametrize("name", _refusals())
def test_an_error_and_its_traceback_show_nothing(name: str, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(MigrantFpError) as caught:
        _refusals()[name]()
    error = caught.value
    logging.getLogger("example").error("refused", exc_info=error)
    stack = traceback.TracebackException.from_exception(error)

    for text in (str(error), repr(error), "".join(_without_source(stack)), str(error.args)):
        assert _leaks(text) == []
    assert all(_leaks(record.getMessage()) == [] for record in caplog.records)


def _without_source(stack: traceback.TracebackException) -> Iterator[str]:
    """Yield the texts of an error and all it was raised from; the lines of source in between are this file's own."""
    yield from stack.format_exception_only()
    for other in (stack.__cause__, None if stack.__suppress_context__ else stack.__context__):
        if other is not None:
            yield from _without_source(other)


def test_gaps_and_findings_show_nothing() -> None:
    wrong = attrs.evolve(
        FORM, identity="999999850301002", contraception_used=False, children=-7, pregnancy="2011-99"
    )
    found = gaps(wrong, SETTINGS, DAY)

    assert found
    assert _leaks(" ".join(map(str, found)) + repr(found)) == []
    with MemoryStore().begin() as work:
        work.persons.put(PERSON)
        assert _leaks(" ".join(map(str, inspect_at_permit_desk(work, "P-1", DAY)))) == []


#: A form for each rule about health that is broken, and for each answer that is noted; what is broken tells of an answer.
TELLING = {
    "single and with a spouse": {"marriage": Marriage.SINGLE, "with_spouse": True},
    "a method that is not named": {"contraception": Contraception.NONE},
    "a method where none is used": {"contraception_used": False},
    "pregnant later": {"pregnancy": "2011-07"},
    "no month": {"pregnancy": "2011-02-99"},
    "fewer than no child": {"children": -7},
    "a child and no birth": {"births": Births.NONE},
    "a birth and no child": {"children": 0},
    "two at once": {"marriage": Marriage.SINGLE, "with_spouse": True, "contraception_used": False},
}


@pytest.mark.parametrize("case", TELLING)
def test_no_code_reason_or_finding_tells_of_an_answer_about_health(
    case: str, caplog: pytest.LogCaptureFixture
) -> None:
    form = attrs.evolve(FORM, **TELLING[case])  # type: ignore[arg-type]
    with MemoryStore().begin() as work:
        for member in STAFF:
            work.staff.put(member)
        record_form(work, form, PAIR, DAY)
        owed = collection_owed(work, DAY, CALENDAR)
        after = enter(work, MemoryCollectionSystem(Role.PUBLIC_SECURITY), "F-1", DAY)
        owed += collection_owed(work, DAY, CALENDAR)
    told = (*gaps(form, SETTINGS, DAY), *notes(form, SETTINGS))
    logging.getLogger("example").warning("came %s and %r", after, owed)

    assert told
    assert {gap.code for gap in told} <= {"contradicts", "odd"}
    assert (
        _leaks(" ".join(map(str, (*told, *owed))) + repr(told) + repr(owed) + repr(after) + caplog.text) == []
    )
    assert {reason.partition(":")[2] for reason in after.reasons} <= {"contradicts"}


def test_nothing_of_it_becomes_the_name_of_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for refusal in _refusals().values():
        with pytest.raises(MigrantFpError):
            refusal()

    assert list(tmp_path.rglob("*")) == []


def test_a_problem_of_a_file_still_names_its_place() -> None:
    with pytest.raises(Invalid) as caught:
        structure(
            {"id": "F-1", "registered": "2011-06-01", "children": "7", "stay": 3}, RegistrationForm, "x"
        )

    assert [str(problem) for problem in caught.value.problems] == [
        "stay: came a value that is not shown here, expected one of work, living, business_trip, medical, school, travel, visit",
        "children: came a value that is not shown here, expected a whole number",
    ]
