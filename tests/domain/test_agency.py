"""Agencies: role, level and division, whatever they are called."""

from datetime import date

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


def test_after_its_last_name_an_agency_is_called_as_the_document_has_it() -> None:
    office = AGENCIES.get(Role.COORDINATION, Level.CITY, CITY)

    assert office.name(date(2018, 12, 31)) == "常州市综治委流动人口服务和管理领导小组办公室"
    assert office.name(date(2019, 1, 1)) == "综治委流动人口服务和管理工作领导小组办公室"


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
