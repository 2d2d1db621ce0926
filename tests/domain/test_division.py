"""Divisions over time: the code alone is no identity."""

from datetime import date, timedelta

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrant_fp.domain.division import Division, Divisions, NoSuchDivision
from migrant_fp.domain.errors import Invalid
from migrant_fp.regulations.changzhou_divisions import BY_ANALOGY, CITY, DISTRICTS_2011, DIVISIONS, TOWNS_2013
from migrant_fp.schedule.notice import Certainty

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
    kinds = {row.name: row.is_city_district for row in DIVISIONS.on(THEN) if len(row.code) == 6}

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


# Towns and streets: national codes before and after 2015 (NBS lists), the last three digits kept.
MOVED = (
    ("郑陆镇", "320412109", "320402109"),
    ("邹区镇", "320412116", "320404116"),
    ("奔牛镇", "320412122", "320411122"),
    ("戚墅堰街道", "320405001", "320412001"),
    ("丁堰街道", "320405002", "320412002"),
    ("潞城街道", "320405003", "320412003"),
)


@pytest.mark.parametrize(("name", "before", "after"), MOVED)
def test_a_town_that_moved_in_2015_is_found_by_code_or_name_on_a_day(
    name: str, before: str, after: str
) -> None:
    old, new = DIVISIONS.get(before, LAST), DIVISIONS.get(after, AFTER)

    assert (DIVISIONS.find(name, LAST), DIVISIONS.find(name, AFTER)) == (old, new)
    assert [row.code for row in DIVISIONS.ancestors(after, AFTER)] == [after[:6], CITY]
    assert name in TOWNS_2013[before[:6]]
    for code, on in ((before, AFTER), (after, LAST)):
        with pytest.raises(NoSuchDivision):
            DIVISIONS.get(code, on)


@pytest.mark.parametrize(("name", "before", "after"), MOVED)
def test_the_towns_whose_move_is_dated_by_inference_say_so(name: str, before: str, after: str) -> None:
    assert DIVISIONS.find(name, LAST).certainty is DIVISIONS.find(name, AFTER).certainty is Certainty.ASSUMED
    assert "2013或2014年" in DIVISIONS.get(before, LAST).source


def test_of_the_other_towns_only_the_names_are_known_and_no_code_is_made_up() -> None:
    towns = {row.code: row.name for row in DIVISIONS.rows if len(row.code) == 9}

    assert towns == {
        **{code: name for name, *codes in MOVED for code in codes},
        "320482105": "尧塘镇",
        "320413001": "西城街道",
    }
    with pytest.raises(NoSuchDivision):
        DIVISIONS.find("湖塘镇", THEN)


@pytest.mark.parametrize(
    ("code", "on", "stands"),
    [
        ("320482", LAST, "320482"),
        ("320482", AFTER, "320413"),
        ("320405", AFTER, "320412"),
        ("320413", LAST, "320482"),
        ("320412", LAST, "320412"),
        ("320412", AFTER, "320412"),
        ("320412109", AFTER, "320402109"),
        ("320402109", LAST, "320412109"),
        ("320405002", date(2020, 1, 1), "320412002"),
    ],
)
def test_a_code_of_another_day_is_resolved_to_what_stands_in_its_place(
    code: str, on: date, stands: str
) -> None:
    found = DIVISIONS.resolved(code, on)

    assert (found.code, found.stands(on)) == (stands, True)


def test_a_chain_of_successors_is_followed_both_ways() -> None:
    rows = (
        Division("320421", "武进县", None, None, date(1995, 6, 7)),
        Division("320483", "武进市", None, date(1995, 6, 8), date(2002, 4, 2), succeeds=("320421",)),
        Division("320412", "武进区", None, date(2002, 4, 3), succeeds=("320483",)),
    )

    assert Divisions(rows).resolved("320421", THEN).code == "320412"
    assert Divisions(rows).resolved("320412", date(1990, 1, 1)).code == "320421"
    assert Divisions(rows).resolved("320483", date(2002, 4, 2)).code == "320483"


def test_what_nothing_or_more_than_one_took_the_place_of_is_refused_with_what_may_be_meant() -> None:
    split = Divisions(
        (
            Division("320405", "甲区", None, None, LAST),
            Division("320413", "乙区", None, AFTER, succeeds=("320405",)),
            Division("320414", "丙区", None, AFTER, succeeds=("320405",)),
            Division("320415", "丁区", None, None, LAST),
        )
    )

    with pytest.raises(NoSuchDivision) as parted:
        split.resolved("320405", AFTER)
    assert parted.value.near == ("320413 乙区（2015-04-29至今）", "320414 丙区（2015-04-29至今）")
    with pytest.raises(NoSuchDivision) as gone:
        split.resolved("320415", AFTER)
    assert gone.value.near == ("320415 丁区（…至2015-04-28）",)
    with pytest.raises(NoSuchDivision):
        split.resolved("999999", AFTER)


@given(st.sampled_from(sorted({row.code for row in DIVISIONS.rows})), st.dates(date(2002, 4, 3), LAST))
def test_what_is_resolved_stands_on_the_day(code: str, on: date) -> None:
    if code == "320413001":  # a street of 2015; what stood in its place is not known
        with pytest.raises(NoSuchDivision):
            DIVISIONS.resolved(code, on)
    else:
        assert DIVISIONS.resolved(code, on).stands(on)


def _facts(*rows: Division) -> list[str]:
    with pytest.raises(Invalid) as caught:
        Divisions(rows)
    return [problem.fact for problem in caught.value.problems]


def test_divisions_above_each_other_are_refused_and_so_ancestors_come_to_an_end() -> None:
    first, second, third = (
        Division("320402", "甲区", "320404"),
        Division("320404", "乙区", "320405"),
        Division("320405", "丙区", "320402", AFTER),
    )
    below = Division("320402001", "丁街道", "320402")

    assert _facts(first, second, third, below)[-1] == (
        "is above itself on 2015-04-29: 320402 → 320404 → 320405 → 320402; correct one of the parents"
    )
    assert _facts(Division("320402", "甲区", "320404"), Division("320404", "乙区", "320402")) == [
        "is above itself: 320402 → 320404 → 320402; correct one of the parents"
    ]


def test_two_that_were_above_each_other_at_different_times_are_none() -> None:
    rows = (
        Division("320402", "甲区", None, None, LAST),
        Division("320402", "甲区", "320404", AFTER),
        Division("320404", "乙区", "320402", None, LAST),
        Division("320404", "乙区", None, AFTER),
    )

    assert [row.name for row in Divisions(rows).ancestors("320402", AFTER)] == ["乙区"]


def test_a_division_that_stands_without_its_parent_is_refused_with_the_first_such_day() -> None:
    parent = Division("320405", "甲区", None, date(2000, 1, 1), LAST)
    again = Division("320405", "甲区", None, AFTER, date(2016, 1, 1))
    street = Division("320405001", "乙街道", "320405")

    assert _facts(parent, street) == [
        "320405001 乙街道（…至今） stands on 2015-04-29, and its parent 320405 does not; end one where the other ends"
    ]
    assert "stands on 2016-01-02" in _facts(parent, again, street)[0]
    assert (
        "stands on 1999-12-31"
        in _facts(parent, attrs.evolve(street, since=date(1999, 12, 31), until=LAST))[0]
    )
    for last in (LAST, date(2014, 1, 1)):
        assert Divisions((parent, attrs.evolve(street, until=last)))
    assert Divisions((attrs.evolve(parent, until=date.max), street))


def test_a_successor_needs_a_first_day_and_a_predecessor_that_ended_before_it() -> None:
    old, new = (
        Division("320405", "甲区", None, None, LAST),
        Division("320412", "乙区", None, succeeds=("320405",)),
    )

    assert _facts(old, new) == ["succeeds others, but has no first day; give it one"]
    expected = (
        "succeeds 320405, which did not end before it; add that division with its last day, or leave it out"
    )
    assert _facts(old, attrs.evolve(new, since=LAST)) == [expected]
    assert _facts(attrs.evolve(new, since=AFTER)) == [expected]
    assert Divisions((old, attrs.evolve(new, since=AFTER)))
