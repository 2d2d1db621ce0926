"""二、建立流动人口信息共享机制, as electronic documents between two offices.

(一)…数量、结构、分布等数据情况,流动人口个案和流动人口动态变化信息等。(二)…分别于每月5日前互换一次流动人口基础数据、个案信息…
(三)信息共享以电子文档方式传递。

Clauses 二(一), 二(二), 二(三).
"""

from datetime import date
from pathlib import Path

import attrs
import pytest

from migrant_fp.adapters.chinese_calendar import working_calendar
from migrant_fp.adapters.fsspec import FsspecChannel
from migrant_fp.adapters.ledger import SqliteLedger
from migrant_fp.adapters.merge import MergeReconciler
from migrant_fp.adapters.package import CaseFiles, PackageShelf, read_package
from migrant_fp.application.exchange_status import exchange_status
from migrant_fp.application.hand_over import (
    hand_over_records,
    hand_over_statistics,
    send,
)
from migrant_fp.application.office import Office
from migrant_fp.application.receive import receive
from migrant_fp.application.reconcile import reconcile
from migrant_fp.domain.agency import NamedPerson
from migrant_fp.domain.arrival import Arrival, ArrivalEvent, ArrivalState, decide
from migrant_fp.domain.duty import Level
from migrant_fp.domain.errors import NoLegalBasis
from migrant_fp.domain.hand_over import HandOverState, Timeliness
from migrant_fp.domain.hand_over_record import Case, Change, ChangeKind
from migrant_fp.domain.headcount import AgeBand, Facts
from migrant_fp.domain.manifest import PackageKind
from migrant_fp.domain.person import Sex, Stay
from migrant_fp.domain.receipt import Reason
from migrant_fp.domain.reconciliation import Difference
from migrant_fp.domain.statistics import count, suppressed
from migrant_fp.regulations.changzhou_agencies import AGENCIES

CALENDAR = working_calendar()
POLICE, PLANNING, OFFICE = AGENCIES.parties(Level.DISTRICT, "320411")
TODAY = date(2011, 11, 4)
FACTS = [
    Facts(f"320411{1 + n % 2:03}", Sex.MALE if n % 20 else Sex.FEMALE, AgeBand.TO_49, Stay.WORK)
    for n in range(80)
]
STATISTICS = count(FACTS, "320411", 10)


def _office(folder: Path, agency: object) -> Office:
    home = folder / agency.role.value  # type: ignore[attr-defined]
    shelf = PackageShelf(home, unsigned=True)
    channel = FsspecChannel(str(folder / "channel"), me=agency.id)  # type: ignore[attr-defined]
    return Office(agency, SqliteLedger(":memory:"), shelf, channel)  # type: ignore[arg-type]


@pytest.fixture
def offices(tmp_path: Path) -> tuple[Office, Office]:
    (tmp_path / "channel").mkdir()
    return _office(tmp_path, POLICE), _office(tmp_path, PLANNING)


def _cases(office: Office, receiver: object, addresses: list[str], today: date = TODAY) -> object:
    rows = [Case(f"{n:064x}", "320411001", address).row() for n, address in enumerate(addresses, 1)]
    return hand_over_records(
        office,
        receiver,  # type: ignore[arg-type]
        PackageKind.CASES,
        "2011-11",
        parts=[{"cases": rows}],
        today=today,
        calendar=CALENDAR,
        join_key="2011-11-a",
    )[0]


def test_二一_the_counts_that_leave_add_up_and_show_no_count_from_1_to_9() -> None:
    shown = [cell.count for cell in suppressed(STATISTICS).cells if cell.count is not None]

    assert 80 in shown
    assert not any(0 < number < 10 for number in shown)


def test_二一_statistics_are_handed_over_with_small_counts_suppressed(offices: tuple[Office, Office]) -> None:
    police, _ = offices
    made = hand_over_statistics(police, PLANNING, "2011-11", STATISTICS, TODAY, calendar=CALENDAR)
    rows = list(read_package(police.packages.made(made.id), unsigned=True).rows("counts"))

    assert (made.manifest.due, made.manifest.threshold) == (date(2011, 11, 5), 10)
    assert {"320411", "320411001", "320411002"} == {row["division"] for row in rows}
    assert not any(0 < int(row["count"] or 0) < 10 for row in rows)


def test_二一_a_case_and_a_change_hold_what_the_clause_names_and_nothing_of_health() -> None:
    case = Case("0" * 64, "320411001", "示例路1号", date(2011, 5, 20), date(1985, 3, 1), sex=Sex.FEMALE)
    change = Change("0" * 64, ChangeKind.ARRIVED, date(2011, 5, 20), origin="341221")

    assert set(case.row()) == {
        *("_key", "address", "arrived", "born", "household", "identity", "name", "residence", "sex", "stay")
    }
    assert (case.row()["born"], case.row()["sex"]) == ("1985-03-01", "2")
    assert change.row() == {
        "_key": "0" * 64,
        "change": "arrived",
        "destination": "",
        "on": "2011-05-20",
        "origin": "341221",
    }


def test_二一_cases_are_handed_over_on_a_law_in_force_and_refused_after_its_repeal(
    offices: tuple[Office, Office],
) -> None:
    police, _ = offices
    made = _cases(police, PLANNING, ["示例路1号"])

    assert made.manifest.resources[0].rows == 1  # type: ignore[attr-defined]
    with pytest.raises(NoLegalBasis):
        _cases(police, OFFICE, ["示例路1号"], date(2021, 9, 27))


def test_二二_what_is_missing_is_a_finding_with_its_clause_and_the_person_named(
    offices: tuple[Office, Office],
) -> None:
    police, planning = offices
    hand_over_statistics(police, PLANNING, "2011-11", STATISTICS, TODAY, calendar=CALENDAR)
    send(police, TODAY)
    receive(planning, TODAY)
    named = [NamedPerson(one.id, "S-1", date(2011, 6, 1)) for one in (POLICE, PLANNING, OFFICE)]
    status = exchange_status(planning, "2011-11", date(2011, 11, 7), calendar=CALENDAR, named=named)
    by_pair = {(one.sender.id, one.receiver.id): one for one in status.positions}

    assert by_pair[POLICE.id, PLANNING.id].hand_over.state is HandOverState.ACCEPTED
    assert by_pair[POLICE.id, PLANNING.id].timeliness is Timeliness.ON_TIME
    assert by_pair[PLANNING.id, POLICE.id].timeliness is Timeliness.MISSING
    missing = [one for one in status.findings if one.code == "hand-over-missing"]
    assert {(one.clause.number, one.through, one.due) for one in missing} == {
        ("二(二)", "S-1", date(2011, 11, 5))
    }
    assert len(missing) == 3


def test_二二_two_case_hand_overs_of_a_round_are_compared(offices: tuple[Office, Office]) -> None:
    police, planning = offices
    sides = [
        CaseFiles(read_package(office.packages.made(made.id), unsigned=True), Path())  # type: ignore[attr-defined]
        for office, made in (
            (police, _cases(police, PLANNING, ["示例路1号", "示例路2号", "示例路3号"])),
            (planning, _cases(planning, POLICE, ["示例路1号", "示例路9号"])),
        )
    ]
    found: list[Difference] = []
    done = reconcile(*sides, MergeReconciler(), TODAY, found=found.append)

    assert (done.counts.equal, done.counts.only_in_a, done.counts.conflicting) == (1, 1, 1)
    assert {one.key for one in found} == {"***"}


def test_二三_a_package_travels_is_accepted_late_or_not_and_its_sender_knows(
    offices: tuple[Office, Office],
) -> None:
    police, planning = offices
    hand_over_statistics(police, PLANNING, "2011-11", STATISTICS, TODAY, calendar=CALENDAR)
    sent = send(police, TODAY)
    took = receive(planning, date(2011, 11, 7))
    told = receive(police, date(2011, 11, 8))

    assert [one.state.value for one in sent] == ["sent"]
    assert [(one.state, one.late) for one in took.arrivals] == [(ArrivalState.ACCEPTED, True)]
    assert [(one.state.value, one.late) for one in told.dispatches] == [("accepted", True)]


def test_二三_what_is_addressed_to_another_is_rejected(offices: tuple[Office, Office]) -> None:
    police, _ = offices
    made = hand_over_statistics(police, PLANNING, "2011-11", STATISTICS, TODAY, calendar=CALENDAR)
    arrival = Arrival(made.id, made.digest, TODAY, made.manifest)

    assert decide(arrival, PLANNING.id, (), TODAY) == (ArrivalEvent.ACCEPT, Reason.NONE)
    assert decide(arrival, OFFICE.id, (), TODAY) == (ArrivalEvent.REJECT, Reason.NOT_ADDRESSED)
    assert decide(attrs.evolve(arrival), PLANNING.id, (arrival,), TODAY)[0] is ArrivalEvent.ACCEPT
