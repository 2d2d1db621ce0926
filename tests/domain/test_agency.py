"""Agencies: role, level and division, whatever they are called."""

from datetime import date

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrant_fp.domain.agency import (
    Agencies,
    Agency,
    NamedPerson,
    NoSuchAgency,
    OfficeName,
    Role,
    without_named_person,
)
from migrant_fp.domain.duty import Level
from migrant_fp.domain.errors import Invalid
from migrant_fp.regulations.changzhou_2011_134 import DOCUMENT, EXCHANGE_DISTRICT, EXCHANGE_TOWN
from migrant_fp.regulations.changzhou_agencies import AGENCIES
from migrant_fp.regulations.changzhou_divisions import CITY, DISTRICTS_2011
from migrant_fp.schedule.notice import Certainty

THEN = date(2011, 6, 1)
CLAUSE = DOCUMENT.clause("二(二)")
DISTRICTS = st.sampled_from(DISTRICTS_2011)


@given(DISTRICTS, st.sampled_from(Role))
def test_the_counterparts_of_an_agency_are_the_two_others_of_its_place(division: str, role: Role) -> None:
    agency = AGENCIES.get(role, Level.DISTRICT, division)
    others = AGENCIES.counterparts(agency)

    assert len(others) == 2
    assert {one.role for one in (agency, *others)} == set(Role)
    assert {(one.level, one.division) for one in others} == {(Level.DISTRICT, division)}
    assert all(agency in AGENCIES.counterparts(one) for one in others)


def test_the_three_parties_of_a_district_are_those_the_clause_names() -> None:
    parties = AGENCIES.parties(Level.DISTRICT, "320411")

    assert {one.name(THEN) for one in parties} == {
        "公安局（分局）",
        "人口计生局",
        "综治委流动人口服务管理办公室",
    }
    assert [one.section for one in parties] == ["治安大队", "职能处室", ""]
    assert len(EXCHANGE_DISTRICT.parties) == len(parties)


def test_in_a_town_the_party_itself_sends_and_receives() -> None:
    town = Agencies(Agency(role, Level.TOWN, "320411001") for role in Role)

    assert {one.name(THEN) for one in town.members} == set(EXCHANGE_TOWN.parties)
    assert {one.section for one in town.members} == {""}


def test_an_agency_keeps_its_id_while_its_name_changes() -> None:
    city = AGENCIES.get(Role.FAMILY_PLANNING, Level.CITY, CITY)

    assert city.id == "family_planning/city/320400"
    assert [city.name(on) for on in (THEN, date(2016, 1, 1), date(2020, 1, 1))] == [
        "常州市人口和计划生育委员会",
        "常州市卫生和计划生育委员会",
        "常州市卫生健康委员会",
    ]
    assert {name.certainty for name in city.names} == {Certainty.RECALLED}


def test_after_its_last_name_an_agency_is_called_by_it_and_marked_as_abolished() -> None:
    office = AGENCIES.get(Role.COORDINATION, Level.CITY, CITY)

    assert office.name(date(2018, 12, 31)) == "常州市综治委流动人口服务和管理领导小组办公室"
    assert office.name(date(2019, 1, 1)) == "常州市综治委流动人口服务和管理领导小组办公室（已撤销）"


def test_before_its_first_day_and_after_its_last_an_agency_is_marked() -> None:
    named = Agency(
        Role.FAMILY_PLANNING,
        Level.DISTRICT,
        "320413",
        (OfficeName("乙局", date(2016, 1, 1)), OfficeName("甲局", None, date(2015, 12, 31))),
        since=date(2015, 4, 29),
        until=date(2018, 12, 31),
    )
    days = [date(2015, 4, 28), date(2015, 4, 29), date(2016, 1, 1), date(2018, 12, 31), date(2019, 1, 1)]

    assert [named.name(on) for on in days] == ["甲局（尚未设立）", "甲局", "乙局", "乙局", "乙局（已撤销）"]
    bare = attrs.evolve(named, names=())
    assert [bare.name(on) for on in days[::4]] == ["人口计生局（尚未设立）", "人口计生局（已撤销）"]


def test_between_two_names_an_agency_is_called_as_the_document_has_it() -> None:
    names = (OfficeName("甲局", None, date(2014, 12, 31)), OfficeName("乙局", date(2016, 1, 1)))

    assert (
        Agency(Role.FAMILY_PLANNING, Level.DISTRICT, "320411", names).name(date(2015, 6, 1)) == "人口计生局"
    )


def test_every_role_has_a_name_at_every_level() -> None:
    names = {Agency(role, level, CITY).name(THEN) for level in Level for role in Role}

    assert len(names) == len(Level) * len(Role)
    community = Agency(Role.FAMILY_PLANNING, Level.COMMUNITY, "320411001001")
    assert community.name(THEN) == "社区负责计划生育工作的负责人"
    assert community.name(THEN) in DOCUMENT.clause("四(四)").text
    assert (Level.COMMUNITY.value, Level.COMMUNITY.zh, community.section) == ("community", "社区", "")


@pytest.mark.parametrize(("ended", "successor"), [("320482", "320413"), ("320405", "320412")])
@pytest.mark.parametrize("role", list(Role))
def test_the_agencies_that_ended_in_2015_are_followed_by_those_that_took_over_their_work(
    ended: str, successor: str, role: Role
) -> None:
    last, after = date(2015, 4, 28), date(2015, 4, 29)
    old = AGENCIES.get(role, Level.DISTRICT, ended)
    new = AGENCIES.get(role, Level.DISTRICT, successor)

    assert (old.until, old.certainty, new.until) == (last, Certainty.ASSUMED, None)
    assert old.id in new.succeeds
    assert AGENCIES.get(role, Level.DISTRICT, ended, on=last) == old
    assert AGENCIES.get(role, Level.DISTRICT, ended, on=after) == new


def test_the_parties_of_a_day_are_those_that_stand_on_it() -> None:
    after = date(2015, 4, 29)
    parties = AGENCIES.parties(Level.DISTRICT, "320482", on=after)

    assert [(one.role, one.division) for one in parties] == [(role, "320413") for role in Role]
    assert AGENCIES.parties(Level.DISTRICT, "320482") == AGENCIES.parties(Level.DISTRICT, "320482", on=THEN)
    assert AGENCIES.counterparts(AGENCIES.parties(Level.DISTRICT, "320482")[0], on=after) == parties[1:]
    with pytest.raises(NoSuchAgency, match="no agency public_security/district/320413 on 2011-06-01: add it"):
        AGENCIES.parties(Level.DISTRICT, "320413", on=THEN)


def test_an_agency_that_ended_without_a_successor_is_refused_on_a_later_day() -> None:
    lone = Agency(Role.COORDINATION, Level.CITY, CITY, until=THEN)

    assert Agencies([lone]).get(*_key(lone), on=THEN) == lone
    with pytest.raises(NoSuchAgency):
        Agencies([lone]).get(*_key(lone), on=date(2011, 6, 2))


def test_two_that_are_said_to_have_followed_each_other_do_not_go_round_for_ever() -> None:
    one = Agency(Role.COORDINATION, Level.DISTRICT, "320411", until=THEN)
    other = attrs.evolve(one, division="320412", succeeds=(one.id,))
    both = Agencies([attrs.evolve(one, succeeds=(other.id,)), other])

    with pytest.raises(NoSuchAgency):
        both.get(*_key(one), on=date(2012, 1, 1))


def test_an_agency_succeeds_none_that_still_stands_and_ends_after_it_begins() -> None:
    old = Agency(Role.COORDINATION, Level.DISTRICT, "320482")
    new = attrs.evolve(old, division="320413", succeeds=(old.id,), since=THEN, until=date(2011, 5, 31))

    with pytest.raises(Invalid) as caught:
        Agencies([old, new])
    assert [problem.fact for problem in caught.value.problems] == [
        "ends on 2011-05-31, before it begins on 2011-06-01",
        "succeeds coordination/district/320482, which has not ended; give that one its last day",
    ]


def _key(agency: Agency) -> tuple[Role, Level, str]:
    return agency.role, agency.level, agency.division


def test_an_agency_that_is_not_there_is_refused_by_role_level_and_division() -> None:
    with pytest.raises(NoSuchAgency, match="no agency public_security/town/320411001: add it"):
        AGENCIES.get(Role.PUBLIC_SECURITY, Level.TOWN, "320411001")
    lone = Agency(Role.PUBLIC_SECURITY, Level.TOWN, "320411001")
    with pytest.raises(NoSuchAgency):
        Agencies([lone]).counterparts(lone)


def test_every_agency_without_a_named_person_on_the_day_is_a_finding() -> None:
    parties = AGENCIES.parties(Level.DISTRICT, "320411")
    police, planning, coordination = parties
    named = [
        NamedPerson(police.id, "S-1", THEN),
        NamedPerson(planning.id, "S-2", date(2011, 5, 18), date(2011, 5, 31)),
        NamedPerson(coordination.id, "S-3", date(2011, 6, 2)),
    ]
    findings = without_named_person(parties, named, THEN, CLAUSE)

    assert [finding.about for finding in findings] == [planning.id, coordination.id]
    assert str(findings[0]) == "二(二) 人口计生局 明确专人承办信息互换（family_planning/district/320411）"
    assert [f.about for f in without_named_person(parties, named, date(2011, 5, 31), CLAUSE)] == [
        police.id,
        coordination.id,
    ]


def test_a_set_that_contradicts_itself_is_refused_with_every_problem() -> None:
    names = (OfficeName("甲", None, THEN), OfficeName("乙", THEN))
    with pytest.raises(Invalid) as caught:
        Agencies(
            [Agency(Role.COORDINATION, Level.CITY, CITY, names), Agency(Role.COORDINATION, Level.CITY, CITY)]
        )

    assert [problem.fact for problem in caught.value.problems] == [
        "is given more than once; keep one, with all its names",
        "the names 甲 and 乙 overlap; end one before the other begins",
    ]


@given(st.permutations(AGENCIES.members))
def test_the_order_of_the_agencies_does_not_matter(members: list[Agency]) -> None:
    assert Agencies(members) == AGENCIES


def test_a_name_or_a_named_person_that_ends_before_it_begins_is_refused() -> None:
    for act in (
        lambda: OfficeName("甲局", THEN, date(2011, 5, 31)),
        lambda: NamedPerson("family_planning/district/320411", "S-1", THEN, date(2011, 5, 31)),
    ):
        with pytest.raises(Invalid, match="until: 2011-05-31 lies before 2011-06-01, its first day"):
            act()
    assert OfficeName("甲局", THEN, THEN).stands(THEN)
    assert NamedPerson("family_planning/district/320411", "S-1", THEN, THEN).stands(THEN)
