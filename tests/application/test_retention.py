"""What is about persons is removed when its last day of keeping is past; what is not, and what nobody may tell, stays."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date
from pathlib import Path

import attrs
import pytest

from migrant_fp.adapters.chinese_calendar import working_calendar
from migrant_fp.adapters.fsspec import FsspecChannel
from migrant_fp.adapters.ledger import SqliteLedger
from migrant_fp.adapters.memory_received import MemoryReceived
from migrant_fp.adapters.package import PackageShelf
from migrant_fp.application.hand_over import (
    hand_over_records,
    hand_over_statistics,
    send,
)
from migrant_fp.application.office import Office
from migrant_fp.application.receive import receive
from migrant_fp.application.retention import expire
from migrant_fp.domain.agency import Agency
from migrant_fp.domain.arrival import ArrivalState
from migrant_fp.domain.dispatch import Dispatch, DispatchState
from migrant_fp.domain.duty import Level
from migrant_fp.domain.hand_over_record import Case
from migrant_fp.domain.manifest import PackageKind
from migrant_fp.domain.receipt import Reason
from migrant_fp.domain.statistics import count
from migrant_fp.ports.channel import box_of
from migrant_fp.ports.packages import NoSuchPackage
from migrant_fp.regulations.changzhou_agencies import AGENCIES

POLICE, PLANNING, _ = AGENCIES.parties(Level.DISTRICT, "320411")
CALENDAR = working_calendar()
DAY, LAST, AFTER = date(2011, 11, 3), date(2011, 12, 31), date(2012, 1, 1)
CANARY, KEY = "示例金丝雀路77号", "7a" * 32


@pytest.fixture
def open_office(tmp_path: Path) -> Iterator[Callable[[Agency], Office]]:
    (tmp_path / "box").mkdir()
    with ExitStack() as stack:

        def opened(agency: Agency) -> Office:
            home = tmp_path / agency.role.value
            home.mkdir()
            ledger = stack.enter_context(SqliteLedger(home / "ledger.db"))
            channel = FsspecChannel(str(tmp_path / "box"), me=agency.id)
            return Office(agency, ledger, PackageShelf(home, unsigned=True), channel)

        yield opened


@pytest.fixture
def police(open_office: Callable[[Agency], Office]) -> Office:
    return open_office(POLICE)


@pytest.fixture
def planning(open_office: Callable[[Agency], Office]) -> Office:
    return open_office(PLANNING)


def _cases(office: Office, month: str = "2011-11") -> Dispatch:
    return hand_over_records(
        office,
        PLANNING,
        PackageKind.CASES,
        month,
        parts=[{"cases": [Case(KEY, "320411001", address=CANARY).row()]}],
        today=DAY,
        calendar=CALENDAR,
        join_key="a",
        retain_until=LAST,
    )[0]


def _exchanged(police: Office, planning: Office) -> Dispatch:
    made = _cases(police)
    send(police, DAY)
    receive(planning, DAY)
    receive(police, DAY)
    return made


def test_on_the_last_day_of_keeping_everything_is_there(police: Office, planning: Office) -> None:
    made = _exchanged(police, planning)

    assert expire(police, LAST) == expire(planning, LAST) == ()
    assert police.packages.made(made.id).exists()
    assert [*planning.packages.taken(made.id, made.digest).rows("cases")]


def test_on_the_day_after_it_is_gone_at_the_sender_and_the_receiver(police: Office, planning: Office) -> None:
    made = _exchanged(police, planning)

    assert [one.package_id for one in expire(police, AFTER)] == [made.id]
    assert [one.package_id for one in expire(planning, AFTER)] == [made.id]
    with pytest.raises(NoSuchPackage):
        police.packages.made(made.id)
    with pytest.raises(NoSuchPackage):
        planning.packages.taken(made.id, made.digest)


def test_nothing_of_it_is_left_in_any_file_of_the_office(
    police: Office, planning: Office, tmp_path: Path
) -> None:
    made = _exchanged(police, planning)
    expire(planning, AFTER)
    home = tmp_path / PLANNING.role.value

    assert not any(home.rglob(made.id))
    assert not any(home.rglob("cases-*"))
    for path in home.rglob("*"):
        data = b"" if path.is_dir() else path.read_bytes()
        assert [one for one in (CANARY, KEY) if one.encode() in data] == []


def test_a_second_time_nothing_is_removed(police: Office, planning: Office) -> None:
    _exchanged(police, planning)
    expire(police, AFTER)

    assert expire(police, AFTER) == ()


def test_counts_and_receipts_have_no_last_day_and_stay(police: Office, planning: Office) -> None:
    counts = count([], "320411")
    made = hand_over_statistics(police, PLANNING, "2011-11", counts, DAY, calendar=CALENDAR)
    send(police, DAY)
    receive(planning, DAY)

    assert expire(police, date(2031, 1, 1)) == expire(planning, date(2031, 1, 1)) == ()
    assert police.packages.made(made.id).exists()


def test_the_ledger_still_shows_what_was_exchanged_and_that_its_chain_holds(
    police: Office, planning: Office
) -> None:
    made = _exchanged(police, planning)
    expire(planning, AFTER)

    assert [one.package for one in planning.ledger.arrivals()] == [made.id]
    assert isinstance(planning.ledger, SqliteLedger)
    assert planning.ledger.broken_at() is None


def test_what_was_refused_a_place_in_the_round_is_removed_too(police: Office, planning: Office) -> None:
    first = _cases(police)
    second = _cases(police, "2011-12")
    planning_box = FsspecChannel(police.channel._url, me=POLICE.id)  # type: ignore[attr-defined] # the fixture's own
    planning_box.publish(PLANNING.id, police.packages.made(second.id))
    receive(planning, DAY)

    assert [one.package_id for one in expire(planning, AFTER)] == [second.id]
    assert first.id in {one.package_id for one in expire(police, AFTER)}


def test_what_expired_is_on_record_at_both_and_held_ones_are_rejected(
    police: Office, planning: Office
) -> None:
    first, second = _cases(police), _cases(police, "2011-12")
    send(police, DAY)
    shutil.rmtree(Path(police.channel._url) / box_of(PLANNING.id) / first.id)  # type: ignore[attr-defined]
    receive(planning, DAY)
    expire(police, AFTER)
    expire(planning, AFTER)

    assert [one.state for one in police.ledger.dispatches()] == [DispatchState.EXPIRED] * 2
    assert [(one.package, one.state, one.reason) for one in planning.ledger.arrivals()] == [
        (second.id, ArrivalState.REJECTED, Reason.PAST_RETENTION)
    ]
    assert send(police, AFTER, unanswered=True) == ()
    receive(planning, AFTER)
    receive(police, AFTER)
    told = {one.id: (one.state, one.reason) for one in police.ledger.dispatches()}
    assert told[second.id] == (DispatchState.REJECTED, Reason.PAST_RETENTION)


def test_what_was_accepted_and_never_applied_expires_and_is_not_applied(
    police: Office, planning: Office
) -> None:
    _exchanged(police, planning)
    expire(planning, AFTER)
    register = MemoryReceived()
    receive(planning, AFTER, register)

    assert [one.state for one in planning.ledger.arrivals()] == [ArrivalState.EXPIRED]
    assert register.rows(POLICE.id, "cases") == ()


def test_what_comes_again_after_it_was_removed_is_not_kept(police: Office, planning: Office) -> None:
    made = _exchanged(police, planning)
    expire(planning, AFTER)
    police.channel.publish(PLANNING.id, police.packages.made(made.id, made.digest))
    receive(planning, AFTER)

    with pytest.raises(NoSuchPackage):
        planning.packages.taken(made.id, made.digest)


def test_what_no_ledger_knows_is_removed_a_day_later_and_receipts_stay(
    police: Office, planning: Office, tmp_path: Path
) -> None:
    known = _exchanged(police, planning)
    shelf, taken = police.packages, planning.packages.incoming.parent / "taken"
    manifest = attrs.evolve(known.manifest, revision=2, replaces=known.digest, resources=())
    tables = {"cases": [Case(KEY, "320411001").row()]}
    old = shelf.make(manifest, tables)
    new = shelf.make(attrs.evolve(manifest, revision=3), tables)
    lost = taken / ("0" * 16) / "lost.r1"
    shutil.copytree(old.folder, lost)
    receipts = sorted(Path(tmp_path).rglob("*.receipt-*"))
    for folder in (old.folder, lost, *receipts, shelf.made(known.id, known.digest)):
        os.utime(folder, (0, 0))
    expire(police, DAY)
    expire(planning, DAY)

    assert [path.exists() for path in (old.folder, lost, new.folder)] == [False, False, True]
    assert shelf.made(known.id, known.digest).is_dir()
    assert receipts
    assert all(path.exists() for path in receipts)
