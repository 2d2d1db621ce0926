"""Where the exchange of an office stands on a day: what is missing is a finding with the clause, the office and its named person."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from migrant_fp import NotAnnounced
from migrant_fp.adapters.chinese_calendar import working_calendar
from migrant_fp.adapters.fsspec import FsspecChannel
from migrant_fp.adapters.ledger import SqliteLedger
from migrant_fp.adapters.package import PackageShelf
from migrant_fp.application.exchange_status import ExchangeStatus, exchange_status
from migrant_fp.application.hand_over import (
    hand_over_records,
    hand_over_statistics,
    send,
)
from migrant_fp.application.office import Office
from migrant_fp.application.receive import receive
from migrant_fp.domain.agency import Agency, NamedPerson, NoSuchAgency, Role
from migrant_fp.domain.arrival import ArrivalState
from migrant_fp.domain.dispatch import Dispatch
from migrant_fp.domain.duty import Level
from migrant_fp.domain.errors import Invalid, NotYetIssued
from migrant_fp.domain.exchange import Content
from migrant_fp.domain.hand_over import DeadlinePolicy, HandOverState, Timeliness
from migrant_fp.domain.hand_over_record import Case
from migrant_fp.domain.manifest import PackageKind
from migrant_fp.domain.statistics import count
from migrant_fp.regulations.changzhou_agencies import AGENCIES

POLICE, PLANNING, COORDINATION = AGENCIES.parties(Level.DISTRICT, "320411")
CALENDAR = working_calendar()
NAMED = (
    NamedPerson(POLICE.id, "S-1", date(2011, 6, 1)),
    NamedPerson(PLANNING.id, "S-2", date(2011, 6, 1)),
    NamedPerson(COORDINATION.id, "S-3", date(2011, 6, 1)),
)


@pytest.fixture
def open_office(tmp_path: Path) -> Iterator[Callable[[Agency], Office]]:
    (tmp_path / "box").mkdir()
    with ExitStack() as stack:

        def opened(agency: Agency) -> Office:
            shelf = PackageShelf(tmp_path / agency.role.value, unsigned=True)
            channel = FsspecChannel(str(tmp_path / "box"), me=agency.id)
            return Office(agency, stack.enter_context(SqliteLedger(":memory:")), shelf, channel)

        yield opened


@pytest.fixture
def police(open_office: Callable[[Agency], Office]) -> Office:
    return open_office(POLICE)


@pytest.fixture
def planning(open_office: Callable[[Agency], Office]) -> Office:
    return open_office(PLANNING)


def _made(office: Office, to: Agency, today: date, month: str = "2011-11", **more: Any) -> Dispatch:
    counts = count([], office.agency.division)
    return hand_over_statistics(office, to, month, counts, today, calendar=CALENDAR, **more)


def _status(office: Office, today: date, month: str = "2011-11", **more: Any) -> ExchangeStatus:
    return exchange_status(office, month, today, calendar=CALENDAR, **{"named": NAMED, **more})


def _found(status: ExchangeStatus, code: str) -> list[tuple[str, str, str, str]]:
    return [
        (one.clause.number, one.owed_by, one.through, str(one.due))
        for one in status.findings
        if one.code == code
    ]


def test_what_is_missing_after_the_5th_is_a_finding_with_clause_section_and_named_person(
    police: Office,
) -> None:
    assert _status(police, date(2011, 11, 5)).findings == ()

    assert _found(_status(police, date(2011, 11, 6)), "hand-over-missing") == [
        ("二(二)", "公安局（分局）治安大队", "S-1", "2011-11-05"),
        ("二(二)", "公安局（分局）治安大队", "S-1", "2011-11-05"),
        ("二(二)", "人口计生局职能处室", "S-2", "2011-11-05"),
        ("二(二)", "综治委流动人口服务管理办公室", "S-3", "2011-11-05"),
    ]


def test_only_the_hand_overs_of_the_office_are_shown_and_not_those_between_the_others(police: Office) -> None:
    status = _status(police, date(2011, 11, 6))
    between = {(place.sender.role, place.receiver.role) for place in status.positions}

    assert between == {
        (Role.PUBLIC_SECURITY, Role.FAMILY_PLANNING),
        (Role.PUBLIC_SECURITY, Role.COORDINATION),
        (Role.FAMILY_PLANNING, Role.PUBLIC_SECURITY),
        (Role.COORDINATION, Role.PUBLIC_SECURITY),
    }
    assert not [one for one in status.findings if one.about.endswith("family_planning-coordination")]


def test_in_october_2011_no_working_day_comes_before_the_5th_and_that_is_excused(police: Office) -> None:
    # 国庆 2011: days off from the 1st to the 7th, and the 8th, a Saturday, is worked instead.
    excused = Timeliness.AFTER_DEADLINE_NO_WORKING_DAY
    assert {one.timeliness for one in _status(police, date(2011, 10, 8), "2011-10").positions} == {excused}

    strict = _status(police, date(2011, 10, 8), "2011-10", policy=DeadlinePolicy.AS_WRITTEN)
    assert {one.timeliness for one in strict.positions} == {Timeliness.MISSING}


def test_what_was_handed_over_in_october_2011_after_the_holidays_is_not_late(police: Office) -> None:
    _made(police, PLANNING, date(2011, 10, 8), "2011-10")
    send(police, date(2011, 10, 8))
    status = _status(police, date(2011, 10, 20), "2011-10")
    [sent] = [one for one in status.positions if one.hand_over.first_sent]

    assert sent.timeliness is Timeliness.AFTER_DEADLINE_NO_WORKING_DAY
    assert _found(status, "hand-over-late") == []


def test_both_offices_see_the_same_hand_over_as_far_as_the_receipts_went(
    police: Office, planning: Office
) -> None:
    _made(police, PLANNING, date(2011, 11, 3))
    send(police, date(2011, 11, 3))
    receive(planning, date(2011, 11, 4))
    before = _status(police, date(2011, 11, 4)).round.hand_over(POLICE.id, PLANNING.id)
    receive(police, date(2011, 11, 4))
    ours, theirs = (
        _status(office, date(2011, 11, 4)).round.hand_over(POLICE.id, PLANNING.id)
        for office in (police, planning)
    )

    assert before.state is HandOverState.SENT
    assert ours.state is theirs.state is HandOverState.ACCEPTED


def test_a_correction_without_an_answer_is_a_finding_and_does_not_hide_what_was_accepted(
    police: Office, planning: Office
) -> None:
    _made(police, PLANNING, date(2011, 11, 3))
    send(police, date(2011, 11, 3))
    receive(planning, date(2011, 11, 4))
    receive(police, date(2011, 11, 4))
    _made(police, PLANNING, date(2011, 11, 10), corrects=True)
    send(police, date(2011, 11, 10))

    def found(day: int) -> tuple[HandOverState, list[tuple[str, str, str, str]]]:
        status = _status(police, date(2011, 11, day))
        state = status.round.hand_over(POLICE.id, PLANNING.id).state
        return state, _found(status, "correction-unanswered")

    owed = [("二(二)", "人口计生局职能处室", "S-2", "None")]
    assert found(4) == found(10) == found(11) == (HandOverState.ACCEPTED, [])
    assert found(12) == (HandOverState.ACCEPTED, owed)
    receive(planning, date(2011, 11, 12))
    receive(police, date(2011, 11, 12))
    assert found(12) == (HandOverState.ACCEPTED, [])


def test_what_came_late_is_a_finding_at_the_sender_and_no_longer_missing(
    planning: Office, police: Office
) -> None:
    _made(police, PLANNING, date(2011, 11, 7))
    send(police, date(2011, 11, 7))
    receive(planning, date(2011, 11, 7))
    status = _status(planning, date(2011, 11, 8))

    assert _found(status, "hand-over-late") == [("二(二)", "公安局（分局）治安大队", "S-1", "2011-11-05")]
    assert ("二(二)", "公安局（分局）治安大队", "S-1", "2011-11-05") not in _found(
        status, "hand-over-missing"
    )


def test_a_package_that_waits_for_another_is_shown(police: Office, planning: Office, tmp_path: Path) -> None:
    _made(police, PLANNING, date(2011, 11, 3), "2011-10")
    second = _made(police, PLANNING, date(2011, 11, 3))
    FsspecChannel(str(tmp_path / "box"), me=POLICE.id).publish(PLANNING.id, police.packages.made(second.id))
    receive(planning, date(2011, 11, 4))

    [held] = _status(planning, date(2011, 11, 4)).held
    assert (held.package, held.state) == (second.id, ArrivalState.HELD_OUT_OF_ORDER)


def test_a_round_of_two_contents_is_missing_while_one_is(police: Office) -> None:
    both = (Content.STATISTICS, Content.CASES)
    _made(police, PLANNING, date(2011, 11, 3))
    parts = [{"cases": [Case("0" * 64, "320411001").row()]}]
    send(police, date(2011, 11, 3))
    assert len(_found(_status(police, date(2011, 11, 6), contents=both), "hand-over-missing")) == 4

    hand_over_records(
        police,
        PLANNING,
        PackageKind.CASES,
        "2011-11",
        parts=parts,
        today=date(2011, 11, 4),
        calendar=CALENDAR,
        join_key="a",
    )
    send(police, date(2011, 11, 4))
    assert len(_found(_status(police, date(2011, 11, 6), contents=both), "hand-over-missing")) == 3


def test_a_simulation_is_no_hand_over(police: Office) -> None:
    _made(police, PLANNING, date(2011, 11, 3), simulation=True)
    send(police, date(2011, 11, 3))

    assert {one.hand_over.state for one in _status(police, date(2011, 11, 4)).positions} == {
        HandOverState.OWED
    }


def test_an_office_without_a_named_person_is_a_finding_where_others_are_known(police: Office) -> None:
    without = _status(police, date(2011, 11, 1), named=NAMED[:2])
    [found] = [one for one in without.findings if one.code == "no-named-person"]

    assert (found.clause.number, found.about) == ("二(二)", COORDINATION.id)
    assert _status(police, date(2011, 11, 1), named=()).findings == ()


def test_before_the_document_and_for_a_month_before_it_nothing_is_owed(police: Office) -> None:
    with pytest.raises(NotYetIssued):
        _status(police, date(2011, 5, 17), "2011-06")
    with pytest.raises(NotYetIssued, match="2011-05-05"):
        _status(police, date(2011, 6, 1), "2011-05")


def test_a_month_that_is_none_or_not_announced_is_refused(police: Office) -> None:
    with pytest.raises(Invalid, match="expected a month"):
        _status(police, date(2011, 11, 6), "2011-13")
    with pytest.raises(NotAnnounced):
        _status(police, date(2011, 11, 6), "2049-01")


def test_a_division_whose_other_parties_are_unknown_is_refused(
    open_office: Callable[[Agency], Office],
) -> None:
    alone = open_office(Agency(Role.PUBLIC_SECURITY, Level.DISTRICT, "999999"))

    with pytest.raises(NoSuchAgency):
        _status(alone, date(2011, 11, 6))
