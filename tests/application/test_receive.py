"""What waits in the box is taken, decided upon, applied once and answered; what is late, double, damaged or forged does no harm."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import Any

import attrs
import pytest
from cryptography.hazmat.primitives import serialization as pem
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from migrant_fp.adapters.chinese_calendar import working_calendar
from migrant_fp.adapters.ed25519 import Ed25519Signer, Ed25519Verifier
from migrant_fp.adapters.fsspec import FsspecChannel
from migrant_fp.adapters.ledger import SqliteLedger
from migrant_fp.adapters.memory_received import MemoryReceived
from migrant_fp.adapters.package import PackageShelf, read_package
from migrant_fp.application.hand_over import (
    hand_over_records,
    hand_over_statistics,
    send,
)
from migrant_fp.application.office import Office
from migrant_fp.application.receive import Taking, applied, receive
from migrant_fp.domain.agency import Agency
from migrant_fp.domain.arrival import Arrival, ArrivalState
from migrant_fp.domain.clause import LegalBasis
from migrant_fp.domain.dispatch import Dispatch, DispatchState
from migrant_fp.domain.duty import Level
from migrant_fp.domain.errors import NoLegalBasis, NotYetIssued
from migrant_fp.domain.flaw import PackageRule
from migrant_fp.domain.hand_over_record import Case
from migrant_fp.domain.manifest import Manifest, PackageAction, PackageKind
from migrant_fp.domain.person import Sex, Stay
from migrant_fp.domain.receipt import Outcome, Reason, Receipt, Stage
from migrant_fp.domain.statistics import AgeBand, Facts, count
from migrant_fp.ports.channel import Limits, Unreachable, box_of
from migrant_fp.ports.ledger import LedgerMoved
from migrant_fp.ports.packages import NoSuchPackage, Taken
from migrant_fp.regulations.changzhou_agencies import AGENCIES

POLICE, PLANNING, COORDINATION = AGENCIES.parties(Level.DISTRICT, "320411")
CALENDAR = working_calendar()
#: The first working day of October 2011 after the deadline of the document, which fell into the holidays.
LATE_DAY, IN_TIME = date(2011, 10, 8), date(2011, 10, 4)
COUNTS = count([Facts("320411001", Sex.MALE, AgeBand.TO_49, Stay.WORK)] * 40, "320411")
S, D = ArrivalState, DispatchState
ODD = "odd_name.r1"


def _key() -> tuple[bytes, bytes]:
    key = Ed25519PrivateKey.generate()
    private = key.private_bytes(pem.Encoding.PEM, pem.PrivateFormat.PKCS8, pem.NoEncryption())
    return private, key.public_key().public_bytes(pem.Encoding.PEM, pem.PublicFormat.SubjectPublicKeyInfo)


KEYS = {agency.id: _key() for agency in (POLICE, PLANNING, COORDINATION)}
VERIFIER = Ed25519Verifier.from_pem({agency: public for agency, (_, public) in KEYS.items()})


@pytest.fixture(autouse=True)
def _no_power_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", lambda _: None)


@pytest.fixture
def open_office(tmp_path: Path) -> Iterator[Callable[[Agency], Office]]:
    (tmp_path / "box").mkdir()
    with ExitStack() as closing:

        def opened(agency: Agency) -> Office:
            signer = Ed25519Signer.from_pem(agency.id, KEYS[agency.id][0])
            return Office(
                agency,
                closing.enter_context(SqliteLedger(":memory:")),
                PackageShelf(tmp_path / agency.role.value, signer=signer, verifier=VERIFIER),
                FsspecChannel(str(tmp_path / "box"), me=agency.id, limits=Limits(files=20, size=100_000)),
            )

        yield opened


@pytest.fixture
def police(open_office: Callable[[Agency], Office]) -> Office:
    return open_office(POLICE)


@pytest.fixture
def planning(open_office: Callable[[Agency], Office]) -> Office:
    return open_office(PLANNING)


@pytest.fixture
def box(tmp_path: Path) -> Path:
    return tmp_path / "box" / box_of(PLANNING.id)


def _statistics(office: Office, month: str = "2011-10", today: date = IN_TIME, **more: Any) -> Dispatch:
    made = hand_over_statistics(office, PLANNING, month, COUNTS, today, calendar=CALENDAR, **more)
    send(office, today)
    return made


def _cases(
    office: Office, *rows: int, month: str = "2011-10", parts: int = 1, **more: Any
) -> tuple[Dispatch, ...]:
    tables = [
        {"cases": [Case(f"{n:064x}", "320411001").row() for n in rows[part::parts]]} for part in range(parts)
    ]
    facts = {"today": IN_TIME, "calendar": CALENDAR, "join_key": "example", **more}
    made = hand_over_records(office, PLANNING, PackageKind.CASES, month, parts=tables, **facts)
    send(office, facts["today"])
    return made


def _stands(office: Office) -> list[tuple[ArrivalState, Reason]]:
    return [(one.state, one.reason) for one in office.ledger.arrivals()]


def _heard(office: Office) -> list[DispatchState]:
    receive(office, IN_TIME)
    return [one.state for one in office.ledger.dispatches()]


def _receipts(planning: Office, dispatch: Dispatch) -> list[Manifest]:
    """The receipts that were made about a package, as they lie on the receiver's shelf."""
    shelf = planning.packages.incoming.parent / "made"
    found = [read_package(path, verifier=VERIFIER).manifest for path in sorted(shelf.glob("*/*"))]
    return [one for one in found if one.receipt and one.receipt.package == dispatch.id]


def _again(
    box: Path,
    source: Office,
    dispatch: Dispatch,
    change: Callable[[Path], object] = lambda _: None,
    to: Agency = PLANNING,
) -> None:
    """Let a package come again, or another way, and change what lies in the box, as a doubling or a damaging network does."""
    source.channel.publish(to.id, source.packages.made(dispatch.id))
    change(box / dispatch.id)


def _flip(name: str) -> Callable[[Path], object]:
    def flip(place: Path) -> None:
        content = bytearray((place / name).read_bytes())
        content[len(content) // 2] ^= 1
        (place / name).write_bytes(content)

    return flip


# --- the way of a package ----------------------------------------------------------------------------------------------


def test_a_package_is_taken_applied_and_answered_in_one_run(police: Office, planning: Office) -> None:
    (made,) = _cases(police, 1, 2)
    register = MemoryReceived()
    taking = receive(planning, IN_TIME, register)

    (came,) = planning.ledger.arrivals()
    assert (came.package, came.digest, came.state, came.late) == (made.id, made.digest, S.APPLIED, False)
    assert came.outcomes == (Outcome("added", rows=2),)
    assert taking == Taking((came,), (), ())
    assert len(register.rows(POLICE.id, "cases")) == 2
    assert planning.channel.poll() == ()
    assert _heard(police) == [D.APPLIED]


def test_october_2011_comes_late_and_is_accepted_and_marked_on_both_sides(
    police: Office, planning: Office
) -> None:
    _statistics(police, today=LATE_DAY)
    receive(planning, LATE_DAY)
    receive(police, LATE_DAY)

    assert [(one.state, one.late) for one in planning.ledger.arrivals()] == [(S.ACCEPTED, True)]
    assert [(one.state, one.late) for one in police.ledger.dispatches()] == [(D.ACCEPTED, True)]


def test_without_a_register_it_stays_accepted_until_the_host_has_applied_it(
    police: Office, planning: Office
) -> None:
    made = _statistics(police)
    receive(planning, IN_TIME)
    assert _heard(police) == [D.ACCEPTED]

    came = applied(planning, made.id, [Outcome("added", rows=3)], IN_TIME)

    assert (came.state, came.outcomes) == (S.APPLIED, (Outcome("added", rows=3),))
    assert planning.ledger.arrivals() == (came,)
    assert _heard(police) == [D.APPLIED]


def test_what_is_not_accepted_cannot_be_called_applied(police: Office, planning: Office) -> None:
    made = _statistics(police)
    with pytest.raises(NoSuchPackage, match="accepted and waits to be applied"):
        applied(planning, made.id, [], IN_TIME)
    receive(planning, IN_TIME, MemoryReceived())
    with pytest.raises(NoSuchPackage):
        applied(planning, made.id, [], IN_TIME)


def test_what_was_accepted_before_there_was_a_register_is_applied_in_the_order_of_the_chain(
    police: Office, planning: Office
) -> None:
    _cases(police, 1, 2, parts=2)
    _cases(police, 3, month="2011-11")
    receive(planning, IN_TIME)
    register = MemoryReceived()
    receive(planning, IN_TIME, register)

    assert [row["_key"] for row in register.rows(POLICE.id, "cases")] == [f"{3:064x}"]


def test_before_the_document_nothing_is_received(planning: Office) -> None:
    with pytest.raises(NotYetIssued):
        receive(planning, date(2011, 5, 17))
    with pytest.raises(NotYetIssued):
        applied(planning, "example", [], date(2011, 5, 17))


def test_receipts_are_signed_packages_with_the_outcomes_and_the_head_of_the_receivers_chain(
    police: Office, planning: Office
) -> None:
    (made,) = _cases(police, 1, 2)
    receive(planning, IN_TIME, MemoryReceived())
    (receipt,) = _receipts(planning, made)  # read with the verifier, so proven
    package = read_package(planning.packages.made(receipt.package_id), verifier=VERIFIER)

    assert package.signature is not None
    assert package.signature.key_id == PLANNING.id
    assert receipt.receipt == Receipt(made.id, made.digest, Stage.APPLIED, IN_TIME)
    assert [*package.rows("outcomes")] == [{"outcome": "added", "file": "", "row": "", "rows": "2"}]
    assert receipt.chain_head in {link.digest for link in SqliteLedger.links(planning.ledger)}  # type: ignore[arg-type]


def test_each_office_witnesses_the_chain_of_the_other(police: Office, planning: Office) -> None:
    for month in ("2011-10", "2011-11", "2011-12"):
        _statistics(police, month)
        receive(planning, IN_TIME, MemoryReceived())
        receive(police, IN_TIME)
    ledger: Any = police.ledger
    heads = [one.manifest.chain_head for one in planning.ledger.arrivals() if one.manifest]

    assert ledger.broken_at(heads) is None
    ledger._connection.execute("DELETE FROM link WHERE sequence > 2")
    assert ledger.broken_at(heads) == 3


# --- again, and in another order ---------------------------------------------------------------------------------------


def test_the_same_package_again_is_applied_once_and_answered_again_the_same(
    police: Office, planning: Office, box: Path
) -> None:
    (made,) = _cases(police, 1)
    register = MemoryReceived()
    receive(planning, IN_TIME, register)
    before, receipts = planning.ledger.arrivals(), _receipts(planning, made)
    _heard(police)
    _again(box, police, made)
    receive(planning, date(2011, 10, 9), register)

    assert planning.ledger.arrivals() == before
    assert _receipts(planning, made) == receipts
    assert len(police.channel.poll()) == 1  # answered again
    assert _heard(police) == [D.APPLIED]


def test_a_lost_receipt_is_asked_for_by_sending_again(
    police: Office, planning: Office, tmp_path: Path
) -> None:
    _statistics(police)
    receive(planning, IN_TIME, MemoryReceived())
    shutil.rmtree(tmp_path / "box" / box_of(POLICE.id))
    assert _heard(police) == [D.SENT]
    send(police, IN_TIME, unanswered=True)
    receive(planning, IN_TIME, MemoryReceived())

    assert _heard(police) == [D.APPLIED]


def test_months_that_come_in_the_wrong_order_are_applied_in_the_right_one(
    police: Office, planning: Office, box: Path
) -> None:
    made = [
        _cases(police, number, month=month)[0]
        for number, month in ((1, "2011-10"), (2, "2011-11"), (3, "2011-12"))
    ]
    shutil.rmtree(box)
    register, order = MemoryReceived(), list[str]()

    class Noting:
        def apply(self, package: Taken, replaces: str) -> tuple[Outcome, ...]:
            order.append(package.manifest.period)
            return register.apply(package, replaces)

    for one in (made[2], made[1]):
        _again(box, police, one)
        receive(planning, IN_TIME, Noting())
    assert _stands(planning) == [(S.HELD_OUT_OF_ORDER, Reason.OUT_OF_ORDER)] * 2
    assert _heard(police) == [D.SENT, D.RECEIVED, D.RECEIVED]

    _again(box, police, made[0])
    receive(planning, IN_TIME, Noting())
    assert order == ["2011-10", "2011-11", "2011-12"]
    assert _heard(police) == [D.APPLIED] * 3


def test_parts_are_told_to_be_partial_until_the_last_is_there(
    police: Office, planning: Office, box: Path
) -> None:
    one, other = _cases(police, 1, 2, parts=2)
    shutil.rmtree(box / other.id)
    receive(planning, IN_TIME, MemoryReceived())
    assert _stands(planning) == [(S.HELD_PARTIAL, Reason.PARTIAL)]
    receive(police, IN_TIME)
    assert {made.id: made.reason for made in police.ledger.dispatches()}[one.id] is Reason.PARTIAL

    _again(box, police, other)
    receive(planning, IN_TIME, MemoryReceived())
    assert _heard(police) == [D.APPLIED, D.APPLIED]


def test_a_correction_takes_the_place_of_what_it_corrects(police: Office, planning: Office) -> None:
    register = MemoryReceived()
    (first,) = _cases(police, 1, 2)
    receive(planning, IN_TIME, register)
    (second,) = _cases(police, 2, 3, corrects=True)
    receive(planning, IN_TIME, register)

    assert second.manifest.replaces == first.digest
    assert [row["_key"][-1] for row in register.rows(POLICE.id, "cases")] == ["2", "3"]
    assert _heard(police) == [D.APPLIED, D.APPLIED]


# --- damage ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["datapackage.json", "data/cases-00001.jsonl.gz", "signature.bin", "manifest-sha256.txt"]
)
def test_what_came_damaged_is_rejected_asked_for_again_and_then_applied(
    police: Office, planning: Office, box: Path, name: str
) -> None:
    (made,) = _cases(police, 1)
    _again(box, police, made, _flip(name))
    taking = receive(planning, IN_TIME, MemoryReceived())
    assert [refused.package for refused in taking.refused] == [made.id]
    assert _stands(planning)[0][0] is S.REJECTED
    is_proof = name == "signature.bin"
    assert _heard(police) == [D.RETURNED if is_proof else D.MADE]

    send(police, IN_TIME, unanswered=is_proof)
    receive(planning, IN_TIME, MemoryReceived())
    assert (S.APPLIED, Reason.NONE) in _stands(planning)
    assert _heard(police) == [D.APPLIED]


def test_a_damaged_copy_of_what_was_applied_changes_nothing(
    police: Office, planning: Office, box: Path
) -> None:
    (made,) = _cases(police, 1)
    receive(planning, IN_TIME, MemoryReceived())
    before = planning.ledger.arrivals()
    _again(box, police, made, _flip("data/cases-00001.jsonl.gz"))
    receive(planning, IN_TIME, MemoryReceived())

    assert planning.ledger.arrivals() == before
    assert _heard(police) == [D.APPLIED]


def test_a_receipt_that_came_damaged_is_told_not_answered_and_given_again_when_asked_for(
    police: Office, planning: Office, tmp_path: Path
) -> None:
    _statistics(police)
    receive(planning, IN_TIME, MemoryReceived())
    (receipt,) = (tmp_path / "box" / box_of(POLICE.id)).glob("2011-*")
    _flip("datapackage.json")(receipt)
    head = police.ledger.head()
    taking = receive(police, IN_TIME)
    assert [refused.package for refused in taking.refused] == [receipt.name]
    assert (police.ledger.head(), planning.channel.poll()) == (head, ())

    send(police, IN_TIME, unanswered=True)
    receive(planning, IN_TIME, MemoryReceived())
    assert _heard(police) == [D.APPLIED]


def test_two_offices_that_do_not_know_each_others_keys_come_to_rest(
    police: Office, planning: Office, tmp_path: Path
) -> None:
    offices = [
        attrs.evolve(one, packages=PackageShelf(tmp_path / one.agency.role.value))
        for one in (police, planning)
    ]
    _statistics(police)
    for one in offices * 2:
        receive(one, IN_TIME)
    heads = [one.ledger.head() for one in offices]
    for one in offices * 3:
        receive(one, IN_TIME)

    assert [one.ledger.head() for one in offices] == heads
    assert [one.channel.poll() for one in offices] == [(), ()]


def _odd(box: Path, name: str) -> None:
    (box / name).mkdir(parents=True)
    (box / name / "datapackage.json").write_bytes(b"{}")


@pytest.mark.parametrize(
    "name",
    [
        ODD,
        "a" * 200,
        "2011-99.cases.public-security.district.320411.to.family-planning.district.320411.r1",
        "2011-10.cases.nobody.district.320411.to.family-planning.district.320411.r1",
        "2011-10.cases.family-planning.district.320411.to.family-planning.district.320411.r1",
    ],
)
def test_a_package_that_names_nobody_is_rejected_once_and_stops_nothing(
    police: Office, planning: Office, box: Path, name: str
) -> None:
    _odd(box, name)
    _statistics(police)

    assert len(receive(planning, IN_TIME).refused) == 1
    assert {one.package: one.reason for one in planning.ledger.arrivals()}[name] is Reason.DAMAGED
    assert receive(planning, IN_TIME) == Taking((), (), ())
    assert _heard(police) == [D.ACCEPTED]


def test_two_packages_without_a_manifest_are_answered_each(
    police: Office, planning: Office, box: Path
) -> None:
    made = [_statistics(police), *_cases(police, 1)]
    for one in made:
        _again(box, police, one, lambda place: (place / "datapackage.json").write_bytes(b""))
    receive(planning, IN_TIME)

    assert _heard(police) == [D.MADE, D.MADE]


def test_a_package_beyond_the_limits_or_with_odd_files_is_rejected_and_answered(
    police: Office, planning: Office, box: Path
) -> None:
    made = [_statistics(police), *_cases(police, 1)]
    _again(box, police, made[0], lambda place: (place / "data" / "large").write_bytes(b"\0" * 100_001))
    _again(box, police, made[1], lambda place: (place / "data" / "link").symlink_to("counts.csv"))
    receive(planning, IN_TIME)

    assert _stands(planning) == [(S.REJECTED, Reason.DAMAGED), (S.REJECTED, Reason.TOO_LARGE)]
    assert _heard(police) == [D.MADE, D.RETURNED]


def test_what_grew_too_large_on_the_way_is_accepted_when_it_comes_as_it_was_made(
    police: Office, planning: Office, box: Path
) -> None:
    made = _statistics(police)
    _again(box, police, made, lambda place: (place / "data" / "large").write_bytes(b"\0" * 100_001))
    receive(planning, IN_TIME)
    taking = receive(police, IN_TIME)
    assert [(one.state, one.reason, one.rejected) for one in taking.dispatches] == [
        (D.RETURNED, Reason.TOO_LARGE, IN_TIME)
    ]
    assert send(police, IN_TIME) == ()

    send(police, IN_TIME, unanswered=True)
    receive(planning, IN_TIME)
    taking = receive(police, IN_TIME)
    assert [(one.state, one.reason, one.rejected) for one in taking.dispatches] == [
        (D.ACCEPTED, Reason.NONE, None)
    ]
    assert taking.refused == ()


def test_a_test_is_accepted_told_and_never_applied_and_stands_in_no_ones_way(
    police: Office, planning: Office
) -> None:
    received = MemoryReceived()
    tried = hand_over_statistics(
        police, PLANNING, "2011-11", COUNTS, IN_TIME, calendar=CALENDAR, simulation=True
    )
    real = hand_over_statistics(police, PLANNING, "2011-11", COUNTS, IN_TIME, calendar=CALENDAR)
    send(police, IN_TIME)
    receive(planning, IN_TIME, received)
    receive(police, IN_TIME)

    assert (real.manifest.revision, real.manifest.previous) == (1, "0" * 64)
    assert {one.id: one.state for one in police.ledger.dispatches()} == {
        tried.id: D.ACCEPTED,
        real.id: D.APPLIED,
    }


# --- who may say what --------------------------------------------------------------------------------------------------


def test_a_package_that_nobody_signed_is_not_taken_unless_asked_for(
    planning: Office, tmp_path: Path, police: Office
) -> None:
    unsigned = attrs.evolve(police, packages=PackageShelf(tmp_path / "unsigned"))
    _statistics(unsigned)
    receive(planning, IN_TIME)
    assert _stands(planning) == [(S.REJECTED, Reason.UNPROVEN)]

    asked = attrs.evolve(planning, packages=PackageShelf(tmp_path / "asked", unsigned=True))
    send(unsigned, IN_TIME, unanswered=True)
    receive(asked, IN_TIME)
    assert [(one.state, one.integrity_only) for one in planning.ledger.arrivals()] == [(S.ACCEPTED, True)]


def test_a_package_for_another_is_rejected_and_its_receipt_changes_nothing_at_the_sender(
    police: Office, open_office: Callable[[Agency], Office], tmp_path: Path
) -> None:
    coordination, made = open_office(COORDINATION), _statistics(police)
    _again(tmp_path / "box" / box_of(COORDINATION.id), police, made, to=COORDINATION)
    receive(coordination, IN_TIME, MemoryReceived())

    assert _stands(coordination) == [(S.REJECTED, Reason.NOT_ADDRESSED)]
    assert _heard(police) == [D.SENT]


def _receipt_from(office: Office, dispatch: Dispatch, stage: Stage, reason: Reason = Reason.NONE) -> None:
    receipt = Receipt(dispatch.id, dispatch.digest, stage, IN_TIME, reason)
    manifest = Manifest(
        sender=office.agency.id,
        receiver=POLICE.id,
        kind=PackageKind.RECEIPT,
        period="2011-10",
        as_of=IN_TIME,
        due=IN_TIME,
        receipt=receipt,
    )
    office.channel.publish(POLICE.id, office.packages.make(manifest, {"outcomes": []}).folder)


@pytest.mark.parametrize(
    ("stage", "reason"), [(Stage.APPLIED, Reason.NONE), (Stage.REJECTED, Reason.DAMAGED)]
)
def test_a_receipt_of_a_third_party_changes_nothing(
    police: Office, open_office: Callable[[Agency], Office], stage: Stage, reason: Reason
) -> None:
    made = _statistics(police)
    _receipt_from(open_office(COORDINATION), made, stage, reason)

    assert _heard(police) == [D.SENT]
    assert police.channel.poll() == ()


def test_a_receipt_in_the_name_of_the_receiver_with_another_key_changes_nothing(
    police: Office, planning: Office, tmp_path: Path
) -> None:
    made = _statistics(police)
    forger = Ed25519Signer.from_pem(COORDINATION.id, KEYS[COORDINATION.id][0])
    _receipt_from(
        attrs.evolve(planning, packages=PackageShelf(tmp_path / "forged", signer=forger)), made, Stage.APPLIED
    )

    assert _heard(police) == [D.SENT]


def test_a_receipt_for_another_office_changes_nothing(
    police: Office, planning: Office, tmp_path: Path
) -> None:
    made = _statistics(police)
    receive(planning, IN_TIME)
    (path,) = (tmp_path / "box" / box_of(POLICE.id)).glob("2011-*")
    FsspecChannel(str(tmp_path / "box"), me=PLANNING.id).publish(COORDINATION.id, path)
    stranger = attrs.evolve(police, channel=FsspecChannel(str(tmp_path / "box"), me=COORDINATION.id))
    receive(attrs.evolve(stranger, agency=COORDINATION), IN_TIME)

    assert [(one.id, one.state) for one in police.ledger.dispatches()] == [(made.id, D.SENT)]


def test_a_receipt_that_contradicts_an_earlier_one_is_told_and_stops_nothing(
    police: Office, planning: Office
) -> None:
    made = _statistics(police)
    receive(planning, IN_TIME)
    _heard(police)
    _receipt_from(planning, made, Stage.REJECTED, Reason.NOT_OPENED)
    taking = receive(police, IN_TIME)

    assert [flaw.rule for refused in taking.refused for flaw in refused.flaws] == [PackageRule.MANIFEST]
    assert "says rejected of a package that an earlier receipt said is accepted" in str(taking.refused[0])
    assert _heard(police) == [D.ACCEPTED]
    assert police.channel.poll() == ()


def test_a_receipt_about_nothing_we_made_changes_nothing(police: Office, planning: Office) -> None:
    made = _statistics(police)
    unknown = attrs.evolve(made, manifest=attrs.evolve(made.manifest, period="2011-12"))
    for stage, reason in ((Stage.APPLIED, Reason.NONE), (Stage.REJECTED, Reason.DAMAGED)):
        _receipt_from(planning, unknown, stage, reason)

    assert receive(police, IN_TIME).dispatches == ()


# --- several at once, and breaks ---------------------------------------------------------------------------------------


def test_who_decided_on_an_older_state_records_nothing_and_the_next_run_goes_on(
    police: Office, planning: Office
) -> None:
    _statistics(police)

    class Overtaken:
        """A ledger in which another recorded since the head was read."""

        def __getattr__(self, name: str) -> Any:
            return getattr(planning.ledger, name)

        def head(self) -> str:
            return "f" * 64

    ledger: Any = Overtaken()
    with pytest.raises(LedgerMoved):
        receive(attrs.evolve(planning, ledger=ledger), IN_TIME)
    assert planning.ledger.arrivals() == ()

    receive(planning, IN_TIME)
    assert _stands(planning) == [(S.ACCEPTED, Reason.NONE)]


def test_a_register_that_breaks_before_or_after_applying_is_asked_again(
    police: Office, planning: Office
) -> None:
    _cases(police, 1)
    register, breaks = MemoryReceived(), ["before", "after"]

    class Breaking:
        def apply(self, package: Taken, replaces: str) -> tuple[Outcome, ...]:
            when = breaks.pop(0) if breaks else ""
            if when == "before":
                raise OSError(5, "an invented error")
            outcomes = register.apply(package, replaces)
            if when == "after":
                raise OSError(5, "an invented error")
            return outcomes

    for _ in range(2):
        with pytest.raises(OSError, match="an invented error"):
            receive(planning, IN_TIME, Breaking())
    receive(planning, IN_TIME, Breaking())

    assert [one.outcomes for one in planning.ledger.arrivals()] == [(Outcome("added", rows=1),)]
    assert _heard(police) == [D.APPLIED]


def test_a_channel_that_cannot_be_reached_leaves_the_answer_for_the_next_run(
    police: Office, planning: Office
) -> None:
    _statistics(police)

    class Mute:
        """A channel that takes nothing."""

        def __getattr__(self, name: str) -> Any:
            return getattr(planning.channel, name)

        def publish(self, to: str, package: Path) -> None:
            raise Unreachable("example", "publish", "an invented break")

    channel: Any = Mute()
    with pytest.raises(Unreachable):
        receive(attrs.evolve(planning, channel=channel), IN_TIME, MemoryReceived())
    assert _heard(police) == [D.SENT]

    receive(planning, IN_TIME, MemoryReceived())
    assert _heard(police) == [D.APPLIED]


def test_what_another_reader_took_is_left_to_it(police: Office, planning: Office, tmp_path: Path) -> None:
    made = _statistics(police)
    other = FsspecChannel(str(tmp_path / "box"), me=PLANNING.id, reader="2")

    class Slow:
        """A channel on which another reader is faster."""

        def __getattr__(self, name: str) -> Any:
            return getattr(planning.channel, name)

        def claim(self, name: str, into: Path) -> Path:
            other.claim(name, tmp_path / "other")
            return planning.channel.claim(name, into)

    channel: Any = Slow()
    assert receive(attrs.evolve(planning, channel=channel), IN_TIME) == Taking((), (), ())
    assert other.poll() == (made.id,)


def test_arrivals_hold_nothing_of_a_row(police: Office, planning: Office) -> None:
    _cases(police, 0x999999)
    receive(planning, IN_TIME, MemoryReceived())
    arrivals: tuple[Arrival, ...] = planning.ledger.arrivals()
    kept = b"".join(link.body for office in (police, planning) for link in office.ledger.links())

    assert f"{0x999999:064x}".encode() not in kept
    assert f"{0x999999:064x}" not in repr(arrivals)


# --- what may not be kept or applied -----------------------------------------------------------------------------------


def _taken(office: Office) -> list[str]:
    """The packages with rows that lie on an office's shelf from others."""
    folder = office.packages.incoming.parent / "taken"
    return sorted(path.name for path in folder.glob("*/*") if ".receipt-" not in path.name)


def test_what_is_rejected_for_good_is_not_kept_and_stays_on_record(
    police: Office, open_office: Callable[[Agency], Office], tmp_path: Path
) -> None:
    coordination, (made,) = open_office(COORDINATION), _cases(police, 1)
    for _ in range(2):
        _again(tmp_path / "box" / box_of(COORDINATION.id), police, made, to=COORDINATION)
        receive(coordination, IN_TIME)

    assert _stands(coordination) == [(S.REJECTED, Reason.NOT_ADDRESSED)]
    assert _taken(coordination) == []


def test_an_own_package_that_comes_back_is_not_kept_and_the_one_that_was_made_stays(
    police: Office, tmp_path: Path
) -> None:
    (made,) = _cases(police, 1)
    _again(tmp_path / "box" / box_of(POLICE.id), police, made, to=POLICE)
    receive(police, IN_TIME)

    assert _taken(police) == []
    assert police.packages.made(made.id, made.digest).is_dir()


LAST = date(2011, 10, 20)
AFTER = date(2011, 10, 21)


def test_what_comes_after_its_last_day_of_keeping_is_rejected_and_not_kept(
    police: Office, planning: Office
) -> None:
    _cases(police, 1, retain_until=LAST)
    receive(planning, AFTER)

    assert (_stands(planning), _taken(planning)) == ([(S.REJECTED, Reason.PAST_RETENTION)], [])


def test_what_is_accepted_and_past_its_last_day_of_keeping_is_never_applied_and_told_once(
    police: Office, planning: Office
) -> None:
    _cases(police, 1, retain_until=LAST)
    receive(planning, IN_TIME)
    register = MemoryReceived()
    taking = receive(planning, AFTER, register)

    assert [one.state for one in taking.arrivals] == [S.EXPIRED]
    assert [flaw.rule for one in taking.refused for flaw in one.flaws] == [PackageRule.RETENTION]
    assert register.rows(POLICE.id, "cases") == ()
    assert receive(planning, AFTER, register) == Taking((), (), ())
    assert _heard(police) == [D.ACCEPTED]  # as it was told


BASIS = LegalBasis(
    "An invented law", "999999", date(2011, 1, 1), LAST, "invented for a test", "an invented repeal"
)


def _holding(ledger: Any, came: Arrival) -> Any:
    """A ledger that holds this arrival."""

    class Holding:
        def __getattr__(self, name: str) -> Any:
            return getattr(ledger, name)

        def arrivals(self) -> tuple[Arrival, ...]:
            return (came,)

    return Holding()


def test_without_a_law_on_the_day_nothing_is_applied(police: Office, planning: Office) -> None:
    (made,) = _cases(police, 1)
    receive(planning, IN_TIME)
    ends = attrs.evolve(BASIS, until=IN_TIME)
    (came,) = planning.ledger.arrivals()
    assert came.manifest is not None
    object.__setattr__(
        came.manifest, "basis", ends
    )  # as an older version wrote it: kept longer than its law stood
    planning = attrs.evolve(planning, ledger=_holding(planning.ledger, came))
    register = MemoryReceived()
    taking = receive(planning, AFTER, register)

    assert (_stands(planning), register.rows(POLICE.id, "cases")) == ([(S.ACCEPTED, Reason.NONE)], ())
    assert [flaw.rule for one in taking.refused for flaw in one.flaws] == [PackageRule.BASIS]
    with pytest.raises(NoLegalBasis):
        applied(planning, made.id, [], AFTER)


def test_a_register_that_breaks_silences_no_other_answer(
    police: Office, planning: Office, open_office: Callable[[Agency], Office]
) -> None:
    _cases(police, 1)

    class Broken:
        def apply(self, package: Taken, replaces: str) -> tuple[Outcome, ...]:
            raise OSError(5, "an invented error")

    with pytest.raises(OSError, match="an invented error"):
        receive(planning, IN_TIME, Broken())

    assert _heard(police) == [D.ACCEPTED]


def test_a_delta_on_what_expired_is_not_applied(police: Office, planning: Office) -> None:
    _cases(police, 1, retain_until=LAST)
    _cases(police, 2, month="2011-11", action=PackageAction.DELTA)
    receive(planning, IN_TIME)
    register = MemoryReceived()
    taking = receive(planning, AFTER, register)

    assert sorted(flaw.rule.value for one in taking.refused for flaw in one.flaws) == ["chain", "retention"]
    assert register.rows(POLICE.id, "cases") == ()


# --- one successor each ------------------------------------------------------------------------------------------------


def test_who_lost_the_end_of_the_chain_is_rejected_told_of_it_and_goes_on_from_there(
    police: Office, planning: Office, tmp_path: Path
) -> None:
    october = _statistics(police)
    receive(planning, IN_TIME)
    receive(police, IN_TIME)
    november = _statistics(police, "2011-11")
    receive(planning, IN_TIME)
    shutil.rmtree(tmp_path / "box" / box_of(POLICE.id))  # its receipt is lost
    shutil.rmtree(police.packages.made(november.id, november.digest))
    assert [one.state for one in send(police, IN_TIME, unanswered=True) if one.id == november.id] == [
        D.EXPIRED
    ]

    december = _statistics(police, "2011-12")
    assert december.manifest.previous == october.digest
    receive(planning, IN_TIME)
    receive(police, IN_TIME)
    found = {one.id: (one.state, one.reason) for one in police.ledger.dispatches()}
    assert found[december.id] == (D.REJECTED, Reason.NOT_FOLLOWING)
    assert _statistics(police, "2011-12").manifest.previous == november.digest


# --- unsigned receipts -------------------------------------------------------------------------------------------------


def test_an_unsigned_receipt_is_refused_or_taken_on_purpose_and_shown(
    police: Office, planning: Office, tmp_path: Path
) -> None:
    _statistics(police)
    unsigned = PackageShelf(tmp_path / "unsigned", verifier=VERIFIER)
    receive(attrs.evolve(planning, packages=unsigned), IN_TIME)
    taking = receive(police, IN_TIME)
    assert [flaw.rule for one in taking.refused for flaw in one.flaws] == [PackageRule.SIGNATURE]
    assert _heard(police) == [D.SENT]

    send(police, IN_TIME, unanswered=True)
    receive(attrs.evolve(planning, packages=unsigned), IN_TIME)
    asked = PackageShelf(tmp_path / "asked", verifier=VERIFIER, unsigned=True)
    (heard,) = receive(attrs.evolve(police, packages=asked), IN_TIME).dispatches
    assert (heard.state, heard.integrity_only) == (D.ACCEPTED, True)
