"""Law in time: before, during and after, and where the end is uncertain."""

from datetime import date

import pytest

from migrant_fp import MigrantFpError
from migrant_fp.domain.errors import Invalid, NoLegalBasis, NotModelled, NotYetIssued, Problem
from migrant_fp.regulations.changzhou_2011_134 import DOCUMENT
from migrant_fp.regulations.national_law import FLOATING_POPULATION_2009, POPULATION_LAW_2001


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
