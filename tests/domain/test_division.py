"""Divisions over time: the code alone is no identity."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrant_fp.domain.division import Division, Divisions, NoSuchDivision
from migrant_fp.domain.errors import Invalid
from migrant_fp.regulations.changzhou_divisions import BY_ANALOGY, CITY, DISTRICTS_2011, DIVISIONS, TOWNS_2013

THEN, LAST, AFTER = date(2011, 5, 18), date(2015, 4, 28), date(2015, 4, 29)


def test_in_2011_there_were_seven_and_after_2015_six() -> None:
    assert tuple(row.code for row in DIVISIONS.children(CITY, THEN)) == DISTRICTS_2011
    assert tuple(row.code for row in DIVISIONS.children(CITY, LAST)) == DISTRICTS_2011
    assert [row.name for row in DIVISIONS.children(CITY, AFTER)] == [
        "天宁区",
        "钟楼区",
        "新北区",
        "武进区",
        "金坛区",
        "溧阳市",
    ]


def test_a_division_is_found_by_code_name_or_name_without_its_suffix() -> None:
    jintan = DIVISIONS.get("320482", THEN)

    assert (
        DIVISIONS.find("320482", THEN)
        == DIVISIONS.find("金坛市", THEN)
        == DIVISIONS.find("金坛", THEN)
        == jintan
    )
    assert DIVISIONS.find("金坛", AFTER).code == "320413"


def test_a_code_that_has_ended_is_refused_with_its_interval() -> None:
    with pytest.raises(NoSuchDivision) as caught:
        DIVISIONS.get("320482", AFTER)

    assert (
        str(caught.value)
        == "no division 320482 on 2015-04-29; near: 320482 金坛市（1993-11-10至2015-04-28） （该日无此区划）"
    )


def test_a_name_that_is_not_there_is_refused_with_near_ones() -> None:
    with pytest.raises(NoSuchDivision) as caught:
        DIVISIONS.find("天宇区", THEN)

    assert caught.value.near[0] == "天宁区"
    with pytest.raises(NoSuchDivision, match=r"no division 999999 on 2011-05-18 （"):
        DIVISIONS.get("999999", THEN)


def test_a_name_that_two_have_is_refused_with_both() -> None:
    two = Divisions([Division("320402", "城区", None), Division("320404", "城区", None)])

    with pytest.raises(NoSuchDivision, match="320402 城区（…至今）、320404 城区"):
        two.find("城", THEN)


def test_county_cities_are_no_districts_of_the_city() -> None:
    kinds = {row.name: row.is_city_district for row in DIVISIONS.on(THEN)}

    assert [name for name, district in kinds.items() if not district] == ["常州市", "溧阳市", "金坛市"]
    assert DIVISIONS.get("320413", AFTER).is_city_district
    assert {row.prefecture for row in DIVISIONS.rows} == {"3204"}


def test_the_towns_shipped_are_the_56_of_the_list() -> None:
    assert {code: len(names) for code, names in TOWNS_2013.items()} == {
        "320402": 6, "320404": 7, "320405": 3, "320411": 9, "320412": 14, "320481": 10, "320482": 7,
    }  # fmt: skip
    assert {DIVISIONS.get(code, THEN).name[:2] for code in BY_ANALOGY} == {"武进", "金坛", "溧阳"}


def test_ancestors_go_up_to_the_top() -> None:
    town = Divisions([*DIVISIONS.rows, Division("320411001", "河海街道", "320411")])

    assert [row.name for row in town.ancestors("320411001", THEN)] == ["新北区", "常州市"]


def test_a_set_that_contradicts_itself_is_refused_with_every_problem() -> None:
    with pytest.raises(Invalid) as caught:
        Divisions(
            [
                Division("320402", "天宁区", None, None, THEN),
                Division("320402", "天宁区", None, THEN),
                Division("32041", "新北区", None),
                Division("320412", "", "320499", AFTER, LAST),
                Division("320413", "金坛区", "320413"),
            ]
        )

    assert [str(problem) for problem in caught.value.problems] == [
        "32041: expected a code of 6, 9 or 12 digits",
        "320412: has no name",
        "320412: ends on 2015-04-28, before it begins on 2015-04-29",
        "320413: is its own parent",
        "320402: 320402 天宁区（…至2011-05-18） and 320402 天宁区（2011-05-18至今） overlap; end one before the other begins",
        "320412: its parent 320499 is not in the set; add it, or leave the parent out",
    ]


def test_two_open_intervals_of_one_code_overlap() -> None:
    for first, second in (((None, None), (THEN, None)), ((None, THEN), (None, LAST))):
        with pytest.raises(Invalid, match="overlap"):
            Divisions([Division("320402", "a", None, *first), Division("320402", "b", None, *second)])


@given(st.dates(date(1980, 1, 1), date(2049, 12, 31)))
def test_on_no_day_do_two_divisions_share_a_code(on: date) -> None:
    codes = [row.code for row in DIVISIONS.on(on)]

    assert len(codes) == len(set(codes))


@given(st.permutations(DIVISIONS.rows))
def test_the_order_of_the_rows_does_not_matter(rows: list[Division]) -> None:
    assert Divisions(rows) == DIVISIONS


def test_an_interval_includes_both_its_ends() -> None:
    row = Division("320402", "天宁区", None, THEN, LAST)
    days = (THEN - timedelta(1), THEN, LAST, AFTER)

    assert [row.stands(on) for on in days] == [False, True, True, False]
