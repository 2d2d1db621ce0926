"""The resident: identity number, age, floating or not. Everyone here is invented."""

import traceback
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric

from migrant_fp.domain.division import NoSuchDivision
from migrant_fp.domain.errors import Invalid
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
        ("999999000101000", ["number"]),
        ("99999919000101000x", ["number"]),
        ("９99999190001010007", ["number"]),
        ("999999190001010008", ["character 18"]),
        ("999999190013010007", ["digits 7 to 14", "character 18"]),
    ],
)
def test_what_is_wrong_is_said_with_its_place_and_never_with_the_number(text: str, places: list[str]) -> None:
    with pytest.raises(Invalid) as caught:
        IdentityNumber(text)

    assert [problem.place for problem in caught.value.problems] == places
    assert text not in "".join(traceback.format_exception(caught.value))


def test_the_old_form_is_explained_and_its_new_form_only_suggested() -> None:
    with pytest.raises(Invalid, match="has 15 digits, the form of the first cards"):
        IdentityNumber("999999000101000")
    assert suggested("999999000101000") == NUMBER
    for text in ("99999900010100", "99999900010100A", "999999001301000"):
        with pytest.raises(Invalid):
            suggested(text)


def test_an_unknown_division_and_a_birth_to_come_are_notes_and_no_refusal() -> None:
    number = IdentityNumber(NUMBER)

    assert len(number.notes(THEN, DIVISIONS)) == 1
    assert "不影响登记" in number.notes(THEN, DIVISIONS)[0]
    assert number.notes(date(1899, 12, 31), DIVISIONS)[1:] == ("出生日期晚于该日，请核对",)
    ours = "32040519000101000"
    assert IdentityNumber(ours + check_digit(ours)).notes(date(1900, 1, 1), DIVISIONS) == ()


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
        ({"stay": Stay.SCHOOL}, False, "上学"),
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


def test_a_record_with_a_code_that_has_ended_must_be_brought_up_to_date() -> None:
    with pytest.raises(NoSuchDivision):
        floating(_person(household="320482"), date(2015, 4, 29), DIVISIONS)


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
