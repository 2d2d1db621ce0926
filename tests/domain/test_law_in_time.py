"""Law in time: before, during and after, and where the end is uncertain."""

from datetime import date

import pytest

from migrant_fp import MigrantFpError
from migrant_fp.domain.clause import LegalBasis, require_basis
from migrant_fp.domain.coordinators_meeting import Attendee, Task
from migrant_fp.domain.errors import Invalid, NoLegalBasis, NotModelled, NotYetIssued, Problem, WrongState
from migrant_fp.domain.privacy import has_personal_number, without_personal_numbers
from migrant_fp.regulations.changzhou_2011_134 import DOCUMENT
from migrant_fp.regulations.national_law import (
    FLOATING_POPULATION_2009,
    POPULATION_LAW_2001,
    POPULATION_LAW_2015,
    POPULATION_LAWS,
)


def test_while_the_law_is_in_force_nothing_is_refused() -> None:
    for on in (date(2009, 10, 1), date(2011, 5, 18), date(2021, 9, 8)):
        assert FLOATING_POPULATION_2009.in_force(on)
        FLOATING_POPULATION_2009.require("checking a certificate", on)


def test_before_the_law_another_one_governed() -> None:
    with pytest.raises(NotModelled, match="in force from 2009-10-01; on 2009-09-30 an earlier rule governed"):
        FLOATING_POPULATION_2009.require("checking a certificate", date(2009, 9, 30))


@pytest.mark.parametrize(("day", "uncertain"), [(9, True), (25, True), (26, False), (27, False)])
def test_after_the_repeal_it_is_named_and_until_it_was_public_its_day_is_uncertain(
    day: int, uncertain: bool
) -> None:
    with pytest.raises(NoLegalBasis) as caught:
        FLOATING_POPULATION_2009.require("checking a certificate", date(2021, 9, day))

    assert caught.value.uncertain is uncertain
    assert "国务院令第747号" in str(caught.value)
    assert ("uncertain" in str(caught.value)) is uncertain
    assert "supply a LegalBasis" in str(caught.value)


def test_a_law_whose_end_is_certain_says_nothing_of_doubt() -> None:
    with pytest.raises(NoLegalBasis) as caught:
        POPULATION_LAW_2001.require("a reward", date(2016, 1, 1))

    assert not caught.value.uncertain


def test_an_end_that_is_our_inference_says_so_in_both_languages() -> None:
    with pytest.raises(NoLegalBasis) as caught:
        require_basis((POPULATION_LAW_2001, POPULATION_LAW_2015), "a reward", date(2021, 8, 20))

    assert caught.value.inferred
    assert "That it ended with the law is our inference （本库推断）" in str(caught.value)


def test_an_end_that_was_found_is_no_inference() -> None:
    with pytest.raises(NoLegalBasis) as caught:
        FLOATING_POPULATION_2009.require("checking a certificate", date(2022, 1, 1))

    assert not caught.value.inferred
    assert "推断" not in str(caught.value)


@pytest.mark.parametrize("on", [date(2011, 12, 31), date(2016, 1, 1), date(2021, 8, 20), date(2026, 1, 1)])
def test_outstanding_work_is_rewarded_by_every_wording_of_the_population_law(on: date) -> None:
    assert require_basis(POPULATION_LAWS, "a commendation", on).in_force(on)


def test_a_law_that_nobody_could_look_up_is_refused_with_every_problem() -> None:
    with pytest.raises(Invalid) as caught:
        LegalBasis("", " ", date(2012, 1, 1), date(2011, 1, 1), "")

    assert [(problem.place, problem.fact) for problem in caught.value.problems] == [
        *(
            (name, "is empty; name the document, its number and where its dates come from")
            for name in ("title", "number", "source")
        ),
        ("until", "2011-01-01 lies before 2012-01-01, its first day"),
    ]


def test_a_law_may_stand_for_one_day() -> None:
    assert LegalBasis("示例", "例", date(2012, 1, 1), date(2012, 1, 1), "例").in_force(date(2012, 1, 1))


@pytest.mark.parametrize(
    "number", ["99999919850301002X", "999999850301002", "13900000000", "+86 139-0000-0000"]
)
def test_a_number_of_a_person_is_masked_in_what_an_error_holds(number: str) -> None:
    problem = Problem(f"form {number}", f"came {number}")
    for error in (Invalid(number, (problem,)), WrongState(f"form {number}", "a", "b", ())):
        assert number not in str(error) + repr(error)
        assert "***" in str(error)


@pytest.mark.parametrize(
    "id_",
    [
        "phone13912345678", "mobile13912345678", "Wa13912345678", "a13912345678f", "13912345678张三", "1 3912345678",
        "F139-1234-5678", "1391234567800", "tel051988888888", "99999919850301002212", "P99999919850301002Xa",
        "0" * 46 + "999999198503010022", "00000000-0000-0000-0000-013912345678", "00000000-0000-4000-8000-013912345678",
        "2011-10.13912345678.x.to.y.r1", "40a1b2c3d4e5f60718293a4b13912345678",
    ],
)  # fmt: skip
def test_a_number_of_a_person_is_no_record_id_whatever_stands_around_it(id_: str) -> None:
    assert has_personal_number(id_)
    assert "***" in without_personal_numbers(id_)
    with pytest.raises(Invalid) as caught:
        Task(id_, Attendee.COORDINATOR, "S-1", "2011-10", "例")
    assert id_ not in str(caught.value) + repr(caught.value)


_HAND_OVER = (
    "2011-10.statistics-test.public-security.district.320411.to.family-planning.district.320411.r12.p1of2"
)


@pytest.mark.parametrize(
    "id_",
    [
        "P-1", "P-20110601-17", "C20111005123000", "exchange-town/2011-11/320411001001", "F-000000012345678",
        "a13912345678" + "0" * 52, "013912345678" * 5 + "beef", "139a1234-5678-4aaa-8aaa-139123456789",
        "12345678-1234-4234-8234-13912345678a", "13912345678a43918888888888888888", _HAND_OVER,
        "2011-10.receipt-received-1391234567812345.public-security.district.320411.to.family-planning.town.320411001.r1",
    ],
)  # fmt: skip
def test_a_digest_a_uuid_or_the_id_of_a_package_is_no_number_of_a_person(id_: str) -> None:
    assert not has_personal_number(id_)
    assert without_personal_numbers(f"came {id_}, expected") == f"came {id_}, expected"


def test_what_is_no_number_of_a_person_is_told_as_it_is() -> None:
    fact = "came 2011-10-05, expected sha256 40a1b2c3d4e5f60718293a4b5c6d7e8f9 or exchange-town/2011-11/320411001001"

    assert Problem("line 20111005", fact).fact == fact


def test_a_law_that_ended_by_itself_is_named_with_its_last_day() -> None:
    ended = LegalBasis("示例办法", "示例〔1〕号", date(2011, 1, 1), date(2011, 11, 30), "示例")

    with pytest.raises(
        NoLegalBasis, match=r"《示例办法》 no longer carries it: its last day was 2011-11-30\. To look"
    ):
        ended.require("example", date(2011, 12, 1))


def test_where_no_law_is_known_the_error_says_so() -> None:
    assert "no law known to us carries it" in str(NoLegalBasis("keeping health items", "", date(2022, 1, 1)))


def test_the_document_has_no_duties_before_its_day() -> None:
    DOCUMENT.require(date(2011, 5, 18))
    with pytest.raises(
        NotYetIssued, match="was issued on 2011-05-18; on 2011-05-17 its duties did not exist"
    ):
        DOCUMENT.require(date(2011, 5, 17))


def test_all_problems_are_listed() -> None:
    error = Invalid("a file", (Problem("line 1", "is empty"), Problem("line 2", "is long")))

    assert isinstance(error, MigrantFpError)
    assert str(error).splitlines()[1:] == ["- line 1: is empty", "- line 2: is long"]
