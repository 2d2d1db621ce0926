"""The resident: identity number, age, floating or not. Everyone here is invented."""

import traceback
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric

from migrant_fp.domain.division import Division, Divisions
from migrant_fp.domain.errors import Invalid
from migrant_fp.domain.form import RegistrationForm
from migrant_fp.domain.person import (
    CERTIFICATE_18_49,
    STATISTICS_15_49,
    Birthday,
    IdentityNumber,
    Person,
    Sex,
    Stay,
    age,
    check_digit,
    floating,
    suggested,
)
from migrant_fp.domain.privacy import Sensitivity, sensitivities
from migrant_fp.domain.staff import Inquiry, Pair, Source, StaffKind, StaffMember
from migrant_fp.regulations.changzhou_divisions import DIVISIONS

THEN = date(2011, 6, 1)
# Born on 1 January 1900 in a division that does not exist: 412 is 5 modulo 11, and the sixth check character is 7.
NUMBER = "999999190001010007"


def _person(**changes: object) -> Person:
    values: dict[str, object] = {
        "id": "P-1", "name": "示例甲", "sex": Sex.FEMALE, "born": date(1985, 3, 1), "household": "341221",
        "residence": "320404", "stay": Stay.WORK, "arrived": date(2011, 1, 1),
    }  # fmt: skip
    return Person(**(values | changes))


@given(st.text("0123456789", min_size=17, max_size=17))
def test_the_check_character_is_that_of_another_library(first_17: str) -> None:
    assert check_digit(first_17) == ric.calc_check_digit(first_17 + "0")


def test_a_number_gives_birth_sex_and_division() -> None:
    number = IdentityNumber(NUMBER)

    assert (number.born, number.sex, number.division) == (date(1900, 1, 1), Sex.FEMALE, "999999")
    man = "99999919000101001"
    assert IdentityNumber(man + check_digit(man)).sex is Sex.MALE


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("99999919000101000", ["number"]),
        ("99999900010100A", ["number"]),
        (None, ["number"]),
        (999999190001010007, ["number"]),
        ("999999000101000", ["number"]),
        ("99999919000101000x", ["number"]),
        ("９99999190001010007", ["number"]),
        ("999999190001010008", ["character 18"]),
        ("999999190013010007", ["digits 7 to 14", "character 18"]),
    ],
)
def test_what_is_wrong_is_said_with_its_place_and_never_with_the_number(text: Any, places: list[str]) -> None:
    with pytest.raises(Invalid) as caught:
        IdentityNumber(text)

    assert [problem.place for problem in caught.value.problems] == places
    assert str(text) not in "".join(traceback.format_exception(caught.value))


def test_fifteen_characters_that_are_no_digits_are_not_taken_for_the_old_form() -> None:
    with pytest.raises(Invalid, match="expected 17 digits and a check character"):
        IdentityNumber("99999900010100A")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("999999000101000", "（为15位旧号码，请核对18位号码）"),
        ("x", "（应为17位数字加1位校验码（数字或大写X））"),
        ("999999190013010007", "（第7至14位不是存在的出生日期）"),
        ("999999190001010008", "（校验码不符，有字符填写错误）"),
    ],
)
def test_what_is_wrong_is_said_in_chinese_too(text: str, reason: str) -> None:
    with pytest.raises(Invalid) as caught:
        IdentityNumber(text)

    assert caught.value.problems[0].fact.endswith(reason)


def test_the_old_form_is_explained_and_its_new_form_only_suggested() -> None:
    with pytest.raises(Invalid, match="has 15 digits, the form of the first cards"):
        IdentityNumber("999999000101000")
    assert suggested("999999000101000") == NUMBER
    for text in ("99999900010100", "99999900010100A", "999999001301000"):
        with pytest.raises(Invalid):
            suggested(text)


def test_an_unknown_division_and_a_birth_to_come_are_notes_and_no_refusal() -> None:
    def notes(division: str, on: date) -> tuple[str, ...]:
        first_17 = f"{division}19000101000"
        return IdentityNumber(first_17 + check_digit(first_17)).notes(on, DIVISIONS)

    assert notes("320405", date(1900, 1, 1)) == ()
    assert notes("320499", date(1900, 1, 1)) == ("前六位不在所载区划表内（发证时的区划，不影响登记）",)
    assert notes("999999", date(1899, 12, 31)) == ("出生日期晚于该日，请核对",)


@pytest.mark.parametrize("division", ["999999", "341221", "110101"])
def test_of_a_prefecture_that_the_table_does_not_hold_nothing_is_said(division: str) -> None:
    first_17 = f"{division}19000101000"

    assert IdentityNumber(first_17 + check_digit(first_17)).notes(THEN, DIVISIONS) == ()


@pytest.mark.parametrize(
    ("born", "on", "birthday", "years"),
    [
        (date(1993, 6, 1), date(2011, 5, 31), Birthday.ON_THE_DAY, 17),
        (date(1993, 6, 1), date(2011, 6, 1), Birthday.ON_THE_DAY, 18),
        (date(1993, 6, 1), date(2011, 6, 1), Birthday.DAY_AFTER, 17),
        (date(1993, 6, 1), date(2011, 6, 2), Birthday.DAY_AFTER, 18),
        (date(1992, 2, 29), date(2010, 2, 27), Birthday.ON_THE_DAY, 17),
        (date(1992, 2, 29), date(2010, 2, 28), Birthday.ON_THE_DAY, 18),
        (date(1992, 2, 29), date(2012, 2, 28), Birthday.ON_THE_DAY, 19),
        (date(1992, 2, 29), date(2012, 2, 29), Birthday.ON_THE_DAY, 20),
        (date(1992, 2, 29), date(2010, 2, 28), Birthday.DAY_AFTER, 17),
        (date(2011, 6, 2), date(2011, 6, 1), Birthday.ON_THE_DAY, -1),
        (date(2000, 2, 29), date(1998, 1, 1), Birthday.ON_THE_DAY, -3),
    ],
)
def test_age_turns_on_the_birthday_or_the_day_after(
    born: date, on: date, birthday: Birthday, years: int
) -> None:
    assert age(born, on, birthday) == years


@given(
    st.dates(date(1920, 1, 1), date(2020, 1, 1)),
    st.dates(date(2004, 1, 1), date(2049, 1, 1)),
    st.integers(0, 400),
)
def test_nobody_grows_younger(born: date, on: date, later: int) -> None:
    assert age(born, on) <= age(born, date.fromordinal(on.toordinal() + later))


@pytest.mark.parametrize(
    ("born", "statistics", "certificate"),
    [
        (date(1996, 6, 2), False, False),
        (date(1996, 6, 1), True, False),
        (date(1993, 6, 2), True, False),
        (date(1993, 6, 1), True, True),
        (date(1961, 6, 2), True, True),
        (date(1961, 6, 1), False, False),
    ],
)
def test_childbearing_age_ends_with_the_fiftieth_birthday(
    born: date, statistics: bool, certificate: bool
) -> None:
    assert STATISTICS_15_49.includes(born, THEN) is statistics
    assert CERTIFICATE_18_49.includes(born, THEN) is certificate


@pytest.mark.parametrize(
    ("changes", "is_floating", "reason"),
    [
        ({}, True, "以工作、生活为目的异地居住"),
        ({"household": "320404"}, False, "未离开"),
        ({"household": "320402"}, False, "区与区之间"),
        ({"household": "320482"}, True, "异地居住"),
        ({"household": "320481", "residence": "320482"}, True, "异地居住"),
        ({"household": "320102"}, True, "异地居住"),
        ({"household": "320421"}, True, "异地居住"),
        ({"household": "320420"}, False, "区与区之间"),
        ({"stay": Stay.SCHOOL}, False, "第二条第一项"),
        ({"stay": Stay.LIVING}, True, "异地居住"),
        ({"born": date(1993, 6, 2)}, False, "18至49周岁"),
        ({"born": date(1993, 6, 1)}, True, "异地居住"),
        ({"arrived": date(2011, 6, 2)}, False, "尚未到达"),
        ({"arrived": THEN}, True, "异地居住"),
    ],
)
def test_who_is_floating(changes: dict[str, object], is_floating: bool, reason: str) -> None:
    view = floating(_person(**changes), THEN, DIVISIONS)

    assert view.floating is is_floating
    assert reason in view.reason


def test_the_divisions_of_the_day_decide() -> None:
    before = _person(household="320482", residence="320404")
    after = _person(household="320413", residence="320404")

    assert floating(before, date(2015, 4, 28), DIVISIONS).floating
    assert not floating(after, date(2015, 4, 29), DIVISIONS).floating


def test_a_code_that_has_ended_stands_for_the_division_that_took_its_place() -> None:
    on = date(2015, 4, 29)

    assert not floating(_person(household="320482"), on, DIVISIONS).floating
    assert "未离开" in floating(_person(household="320482", residence="320413"), on, DIVISIONS).reason
    assert floating(_person(household="320413"), date(2015, 4, 28), DIVISIONS).floating


ENDED = Divisions((Division("320499", "示例区", None, None, date(2012, 1, 1)),))


@pytest.mark.parametrize("field", ["household", "residence"])
@pytest.mark.parametrize(
    "code", ["金坛市某路1号", "", "32040", "3204040", "32040a", "３２０４０４", "320404001", "320499"]
)
def test_a_place_that_is_none_is_refused_by_its_field_and_never_shown(field: str, code: str) -> None:
    with pytest.raises(Invalid, match=f"- {field}: .*expected the six digits of a county") as caught:
        floating(_person(**{field: code}), date(2015, 4, 29), ENDED)

    text = "".join(traceback.format_exception(caught.value)) + repr(caught.value)
    assert not code or code not in text.replace("test_person.py", "")
    assert caught.value.__suppress_context__


@pytest.mark.parametrize("stay", [stay for stay in Stay if stay.is_passing])
def test_why_she_is_not_floating_names_no_reason_of_her_stay_and_stays_out_of_repr(stay: Stay) -> None:
    view = floating(_person(stay=stay), THEN, DIVISIONS)

    assert stay.zh not in view.reason
    assert repr(view) == "FloatingView(floating=False)"


@pytest.mark.parametrize(
    "identifier",
    [
        "99999919850301002X",
        "P-99999919850301002x",
        "a99999919850301002Xb",
        "999999850301002",
        "13900000000",
        "0519-80000000",
    ],
)
@pytest.mark.parametrize(
    "make",
    [
        lambda name: _person(id=name),
        lambda name: StaffMember(name, StaffKind.COORDINATOR, "320411001"),
        lambda name: RegistrationForm(name, THEN),
        lambda name: Pair(name, "W-1", "C-1", THEN),
        lambda name: Pair("S-1", name, "C-1", THEN),
        lambda name: Inquiry(name, Source.ENTERPRISE, "E-1", THEN),
        lambda name: Inquiry("Q-1", Source.ASSOCIATION_MEMBER, name, THEN),
    ],
)
def test_a_record_id_that_looks_like_a_number_of_a_person_is_refused_and_not_shown(
    make: Callable[[str], object], identifier: str
) -> None:
    with pytest.raises(Invalid, match="looks like an identity number or a telephone") as caught:
        make(identifier)

    assert identifier not in str(caught.value) + repr(caught.value)


@pytest.mark.parametrize(
    "identifier",
    [
        "P-1",
        "1",
        "20110601-000123",
        "550e8400-e29b-41d4-a716-446655440000",
        "F-2011-06-01-17",
        "320411001-000123",
    ],
)
def test_a_record_id_of_a_registers_own_is_taken(identifier: str) -> None:
    assert _person(id=identifier).id == identifier


@pytest.mark.parametrize("stay", list(Stay))
def test_only_those_who_work_or_live_here_have_not_just_come_to_pass(stay: Stay) -> None:
    assert stay.is_passing is (stay.zh not in {"工作", "生活"})


def test_a_person_shows_nothing_but_the_record_id() -> None:
    person = _person(identity=IdentityNumber(NUMBER), phone="00000000000", address="示例路0号")

    assert repr(person) == str(person) == "Person(id='P-1')"
    assert f"{person.identity}" == "IdentityNumber()"
    assert set(sensitivities(Person)) == {
        *("name", "sex", "born", "household", "residence", "stay", "arrived", "identity", "phone", "address")
    }
    assert sensitivities(IdentityNumber) == {"text": Sensitivity.IDENTITY}
