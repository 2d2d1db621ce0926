"""A hand-over is made as packages and sent: counts by default, records about persons on a law alone, health items never."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import attrs
import pytest

from migrant_fp import NotAnnounced
from migrant_fp.adapters.chinese_calendar import working_calendar
from migrant_fp.adapters.fsspec import FsspecChannel
from migrant_fp.adapters.ledger import SqliteLedger
from migrant_fp.adapters.package import PackageShelf, read_package
from migrant_fp.application.hand_over import (
    ask_corrections,
    hand_over_records,
    hand_over_statistics,
    send,
)
from migrant_fp.application.office import Office
from migrant_fp.domain.agency import Agency
from migrant_fp.domain.clause import LegalBasis
from migrant_fp.domain.dispatch import Dispatch, DispatchState
from migrant_fp.domain.duty import Level
from migrant_fp.domain.errors import Invalid, NoLegalBasis, NotModelled, NotYetIssued
from migrant_fp.domain.hand_over_record import Case, Change, ChangeKind, Deletion, Tombstone
from migrant_fp.domain.manifest import FIRST, PackageAction, PackageKind
from migrant_fp.domain.person import Sex, Stay
from migrant_fp.domain.receipt import Reason, Receipt, Stage
from migrant_fp.domain.statistics import AgeBand, Dimension, Facts, count, suppressed
from migrant_fp.ports.ledger import LedgerMoved
from migrant_fp.regulations.changzhou_agencies import AGENCIES

POLICE, PLANNING, COORDINATION = AGENCIES.parties(Level.DISTRICT, "320411")
CALENDAR = working_calendar()
DAY = date(2011, 10, 4)
TOWN, OTHER_TOWN = "320411001", "320411002"
#: 40 men and 3 women of one age and stay; another town has as many again.
FACTS = [
    Facts(town, sex, AgeBand.TO_49, Stay.WORK)
    for town in (TOWN, OTHER_TOWN)
    for sex in (Sex.MALE,) * 40 + (Sex.FEMALE,) * 3
]
COUNTS = count(FACTS, "320411")
BASIS = LegalBasis(
    "An invented law",
    "999999",
    date(2022, 1, 1),
    date(2031, 12, 31),
    "invented for a test",
    "an invented repeal",
)


@pytest.fixture(autouse=True)
def _no_power_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", lambda _: None)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    (tmp_path / "box").mkdir()
    channel = FsspecChannel(str(tmp_path / "box"), me=POLICE.id)
    with SqliteLedger(":memory:") as ledger:
        yield Office(POLICE, ledger, PackageShelf(tmp_path / "shelf", unsigned=True), channel)


def _inbox(office: Office, agency: Agency = PLANNING) -> tuple[str, ...]:
    channel: Any = office.channel
    return FsspecChannel(channel._url, me=agency.id).poll()


def _statistics(office: Office, month: str = "2011-10", today: date = DAY, **more: Any) -> Dispatch:
    receiver = more.pop("receiver", PLANNING)
    statistics = more.pop("statistics", COUNTS)
    return hand_over_statistics(office, receiver, month, statistics, today, calendar=CALENDAR, **more)


def _cases(office: Office, month: str = "2011-10", today: date = DAY, **more: Any) -> tuple[Dispatch, ...]:
    parts = more.pop("parts", [{"cases": [Case("0" * 64, TOWN).row()]}])
    receiver = more.pop("receiver", PLANNING)
    facts = {"join_key": "example", "calendar": CALENDAR, **more}
    kind = facts.pop("kind", PackageKind.CASES)
    return hand_over_records(office, receiver, kind, month, parts=parts, today=today, **facts)


def _told(office: Office, dispatch: Dispatch, stage: Stage, reason: Reason = Reason.NONE) -> None:
    """Put on record what a receipt said."""
    receipt = Receipt(dispatch.id, dispatch.digest, stage, DAY, reason)
    (known,) = (one for one in office.ledger.dispatches() if one.id == dispatch.id)
    office.ledger.keep([known.after_receipt(receipt)], office.ledger.head())


# --- statistics --------------------------------------------------------------------------------------------------------


def test_what_is_made_is_on_record_and_on_the_shelf_and_waits(office: Office) -> None:
    made = _statistics(office)

    assert office.ledger.dispatches() == (made,)
    assert made.waits_to_be_sent
    assert read_package(office.packages.made(made.id), unsigned=True).digest == made.digest
    assert _inbox(office) == ()


def test_the_manifest_says_what_the_document_asks(office: Office) -> None:
    manifest = _statistics(office).manifest

    assert (manifest.sender, manifest.receiver, manifest.period) == (POLICE.id, PLANNING.id, "2011-10")
    assert (manifest.as_of, manifest.due) == (DAY, date(2011, 10, 5))
    assert (manifest.threshold, manifest.previous, manifest.chain_head) == (10, FIRST, FIRST)


def _shown(office: Office, made: Dispatch) -> list[tuple[str, str, str, str]]:
    path = office.packages.made(made.id) / "data" / "counts.csv"
    with path.open(newline="", encoding="utf-8") as file:
        rows = [*csv.DictReader(file)]
    return [(row["division"], row["dimension"], row["category"], row["count"]) for row in rows]


@pytest.mark.parametrize("statistics", [COUNTS, suppressed(COUNTS)])
def test_small_counts_are_suppressed_whatever_is_passed(office: Office, statistics: Any) -> None:
    shown = _shown(office, _statistics(office, statistics=statistics))

    assert not [row for row in shown if row[3] and 0 < int(row[3]) < 10]
    women = [row[3] for row in shown if row[:3] == (TOWN, Dimension.SEX.value, Sex.FEMALE.value)]
    men = [row[3] for row in shown if row[:3] == (TOWN, Dimension.SEX.value, Sex.MALE.value)]
    assert women == men == [""]  # 43 in all less 40 men would give the 3 women back


def test_the_counts_of_another_division_are_refused(office: Office) -> None:
    other = count([attrs.evolve(one, division="320499001") for one in FACTS], "320499")

    with pytest.raises(Invalid, match="came the counts of 320499, expected those of 320411"):
        _statistics(office, statistics=other)


def test_counts_are_handed_over_long_after_the_law_on_records_ended(office: Office) -> None:
    assert _statistics(office, "2024-03", date(2024, 3, 4)).manifest.due == date(2024, 3, 5)


# --- records about persons ---------------------------------------------------------------------------------------------


def test_cases_travel_in_2011_with_their_law_and_an_end(office: Office) -> None:
    (made,) = _cases(office)

    assert made.manifest.basis is not None
    assert made.manifest.basis.in_force(DAY)
    assert made.manifest.retain_until == date(2012, 1, 4)


@pytest.mark.parametrize("kind", [PackageKind.CASES, PackageKind.CHANGES])
@pytest.mark.parametrize("today", [date(2021, 10, 8), date(2024, 3, 4)])
def test_after_2021_there_is_no_law_for_records(office: Office, kind: PackageKind, today: date) -> None:
    with pytest.raises(NoLegalBasis):
        _cases(office, f"{today:%Y-%m}", today, kind=kind, parts=[{kind.tables[0]: []}])

    assert office.ledger.dispatches() == ()


def test_an_adopter_who_has_a_law_names_it_with_its_interval(office: Office) -> None:
    (made,) = _cases(office, "2024-03", date(2024, 3, 4), basis=BASIS)

    assert made.manifest.basis == BASIS


def test_outside_its_interval_the_adopters_law_is_none_either(office: Office) -> None:
    with pytest.raises(NotModelled):
        _cases(office, "2021-10", date(2021, 10, 4), basis=BASIS)
    with pytest.raises(NoLegalBasis):
        _cases(office, "2024-03", date(2024, 3, 4), basis=attrs.evolve(BASIS, until=date(2024, 3, 3)))


@pytest.mark.parametrize("item", ["marital_status", "pregnant", "births", "contraception", "婚姻状况"])
def test_no_argument_puts_a_health_item_into_a_package(office: Office, item: str) -> None:
    row = {**Case("0" * 64, TOWN).row(), item: "1"}

    with pytest.raises(Invalid, match="1 unknown columns") as refused:
        _cases(office, parts=[{"cases": [row]}])
    with pytest.raises(Invalid, match="does not belong here"):
        _cases(office, parts=[{"cases": [], item: [row]}])
    assert item not in str(refused.value)
    assert office.ledger.dispatches() == ()


def test_every_row_that_does_not_fit_is_named_and_none_is_shown(office: Office) -> None:
    rows = [{**Case(f"{n:064x}", TOWN).row(), "residence": "canary-71"} for n in range(3)]

    with pytest.raises(Invalid) as refused:
        _cases(office, parts=[{"cases": rows}])
    assert [problem.place for problem in refused.value.problems] == [f"cases row {n}" for n in (1, 2, 3)]
    assert "canary" not in str(refused.value)


def test_changes_travel_too(office: Office) -> None:
    rows = [Change("0" * 64, ChangeKind.ARRIVED, DAY, "", TOWN).row()]
    (made,) = _cases(office, kind=PackageKind.CHANGES, parts=[{"changes": rows}], join_key="")

    assert made.manifest.kind is PackageKind.CHANGES


def test_cases_need_the_label_of_the_key_that_both_agreed(office: Office) -> None:
    with pytest.raises(Invalid, match="join_key"):
        _cases(office, join_key="")


def test_keeping_ends_with_the_law_where_that_is_sooner(office: Office) -> None:
    ends = attrs.evolve(BASIS, until=date(2024, 3, 20))

    assert _cases(office, "2024-03", date(2024, 3, 4), basis=ends)[0].manifest.retain_until == date(
        2024, 3, 20
    )


def test_the_end_of_keeping_is_the_senders_to_set(office: Office) -> None:
    assert _cases(office, retain_until=date(2011, 11, 5))[0].manifest.retain_until == date(2011, 11, 5)
    with pytest.raises(Invalid, match="retain_until"):
        _cases(office, "2011-11", retain_until=date(2011, 10, 3))


def test_a_request_for_corrections_travels_back_and_the_next_takes_its_place(office: Office) -> None:
    rows = [{"_key": "0" * 64, "field": "residence", "value": OTHER_TOWN}]
    one, other = (
        ask_corrections(office, PLANNING, "2011-10", rows, today=DAY, join_key="example") for _ in range(2)
    )

    assert (one.manifest.kind, one.manifest.revision) == (PackageKind.CORRECTION, 1)
    assert (other.manifest.revision, other.manifest.replaces) == (2, one.digest)
    with pytest.raises(NoLegalBasis):
        ask_corrections(office, PLANNING, "2024-03", rows, today=date(2024, 3, 4), join_key="example")


# --- who with whom, and when -------------------------------------------------------------------------------------------


def test_two_of_one_role_are_no_two_parties(office: Office) -> None:
    with pytest.raises(Invalid, match="of the sender's own role"):
        _statistics(office, receiver=POLICE)


@pytest.mark.parametrize(
    "receiver", [attrs.evolve(PLANNING, division="320404"), attrs.evolve(PLANNING, level=Level.CITY)]
)
def test_parties_of_two_divisions_or_levels_do_not_exchange(office: Office, receiver: Agency) -> None:
    with pytest.raises(Invalid, match="not of the sender's level and division"):
        _statistics(office, receiver=receiver)
    with pytest.raises(Invalid, match="not of the sender's level and division"):
        ask_corrections(office, receiver, "2011-10", [], today=DAY, join_key="example")


def test_everything_wrong_with_the_parties_is_told_at_once(office: Office) -> None:
    with pytest.raises(Invalid) as refused:
        _statistics(office, receiver=attrs.evolve(POLICE, division="320404"))

    assert len(refused.value.problems) == 2


def test_before_the_document_there_is_nothing_to_hand_over(office: Office) -> None:
    before = date(2011, 5, 17)
    with pytest.raises(NotYetIssued):
        _statistics(office, "2011-05", before)
    with pytest.raises(NotYetIssued):
        _cases(office, "2011-05", before)


@pytest.mark.parametrize("month", ["2011-13", "2011", "October"])
def test_a_month_that_is_none_is_refused(office: Office, month: str) -> None:
    with pytest.raises(Invalid, match="expected a month such as 2011-10"):
        _statistics(office, month)


def test_a_month_that_no_notice_arranges_has_no_deadline(office: Office) -> None:
    with pytest.raises(NotAnnounced):
        _statistics(office, "2031-01", date(2031, 1, 4))


def test_a_hand_over_of_no_parts_is_none(office: Office) -> None:
    with pytest.raises(Invalid, match="expected the tables of one package or more"):
        _cases(office, parts=[])


def test_a_simulation_is_marked_in_the_package(office: Office) -> None:
    made = _statistics(office, simulation=True)

    assert made.manifest.test
    assert "测试".encode() in (office.packages.made(made.id) / "datapackage.json").read_bytes()


# --- the chain ---------------------------------------------------------------------------------------------------------


def test_each_month_follows_the_one_before_and_shows_the_senders_own_chain(office: Office) -> None:
    october, heads = _statistics(office), [office.ledger.head()]
    november = _statistics(office, "2011-11", date(2011, 11, 4))
    heads.append(office.ledger.head())
    december = _statistics(office, "2011-12", date(2011, 12, 4))

    assert (november.manifest.previous, december.manifest.previous) == (october.digest, november.digest)
    assert [november.manifest.chain_head, december.manifest.chain_head] == heads


def test_each_receiver_and_each_kind_has_a_chain_of_its_own(office: Office) -> None:
    _statistics(office)

    assert _statistics(office, receiver=COORDINATION).manifest.previous == FIRST
    assert _cases(office)[0].manifest.previous == FIRST


def test_the_parts_of_a_hand_over_follow_each_other_and_the_next_month_the_last(office: Office) -> None:
    parts = [{"cases": [Case(f"{n:064x}", TOWN).row()]} for n in range(3)]
    made = _cases(office, parts=parts)
    (november,) = _cases(office, "2011-11", date(2011, 11, 4))

    assert [one.manifest.previous for one in made] == [FIRST, made[0].digest, made[1].digest]
    assert [(one.manifest.part, one.manifest.of) for one in made] == [(1, 3), (2, 3), (3, 3)]
    assert november.manifest.previous == made[2].digest


def test_a_delta_names_what_it_changes_and_a_first_one_is_refused(office: Office) -> None:
    gone = [{"cases": [], "deleted": [Tombstone("0" * 64, Deletion.LEFT).row()]}]
    with pytest.raises(Invalid, match="a delta changes what came before"):
        _cases(office, action=PackageAction.DELTA, parts=gone)
    (october,) = _cases(office)
    (november,) = _cases(office, "2011-11", action=PackageAction.DELTA, parts=gone)

    assert november.manifest.previous == october.digest


def test_a_month_is_handed_over_once_unless_it_is_corrected(office: Office) -> None:
    first = _statistics(office)
    with pytest.raises(Invalid, match="is made already"):
        _statistics(office)
    second = _statistics(office, corrects=True)
    third = _statistics(office, corrects=True)

    assert [(one.manifest.revision, one.manifest.replaces) for one in (first, second, third)] == [
        (1, ""),
        (2, first.digest),
        (3, second.digest),
    ]
    assert third.manifest.previous == second.digest


def test_a_correction_of_parts_names_the_first_of_them(office: Office) -> None:
    made = _cases(office, parts=[{"cases": []}, {"cases": []}])
    (revised,) = _cases(office, corrects=True)

    assert (revised.manifest.replaces, revised.manifest.previous) == (made[0].digest, made[1].digest)


def test_a_rejected_month_is_made_anew_without_more_and_begins_before_it(office: Office) -> None:
    october = _statistics(office)
    november = _statistics(office, "2011-11")
    december = _statistics(office, "2011-12")
    for rejected in (november, december):
        _told(office, rejected, Stage.REJECTED, Reason.PREVIOUS_REJECTED)
    again = _statistics(office, "2011-11")

    assert (again.manifest.previous, again.manifest.replaces) == (october.digest, november.digest)
    assert _statistics(office, "2011-12").manifest.previous == again.digest


def test_a_hand_over_of_which_one_part_was_rejected_is_made_anew_whole(office: Office) -> None:
    (october,) = _cases(office)
    parts = _cases(office, "2011-11", parts=[{"cases": []}, {"cases": []}])
    _told(office, parts[0], Stage.RECEIVED, Reason.PARTIAL)
    _told(office, parts[1], Stage.REJECTED, Reason.NOT_OPENED)
    (again,) = _cases(office, "2011-11")

    assert (again.manifest.revision, again.manifest.previous) == (2, october.digest)


def test_after_a_rejected_correction_the_next_replaces_what_still_stands(office: Office) -> None:
    first = _statistics(office)
    second = _statistics(office, corrects=True)
    _told(office, second, Stage.REJECTED, Reason.NOT_OPENED)
    third = _statistics(office, corrects=True)

    assert (third.manifest.revision, third.manifest.replaces) == (3, first.digest)


def test_who_decided_on_an_older_state_records_nothing(office: Office) -> None:
    class Overtaken:
        """A ledger in which another recorded since the head was read."""

        def __getattr__(self, name: str) -> Any:
            return getattr(office.ledger, name)

        def head(self) -> str:
            return "f" * 64

    with pytest.raises(LedgerMoved):
        _statistics(attrs.evolve(office, ledger=Overtaken()))
    assert office.ledger.dispatches() == ()


@pytest.mark.parametrize("reason", [Reason.NO_LEGAL_BASIS, Reason.PREVIOUS_REJECTED])
def test_after_something_was_lost_a_delta_is_refused_until_everything_was_handed_over(
    office: Office, reason: Reason
) -> None:
    _cases(office, "2011-09")
    (october,) = _cases(office)
    _told(office, october, Stage.REJECTED, reason)
    with pytest.raises(Invalid, match="hand over everything first"):
        _cases(office, "2011-11", action=PackageAction.DELTA)

    (november,) = _cases(office, "2011-11")
    (december,) = _cases(office, "2011-12", action=PackageAction.DELTA)
    assert december.manifest.previous == november.digest


def test_two_who_make_the_same_month_at_once_do_not_touch_each_others_package(office: Office) -> None:
    class Overtaken:
        """A ledger in which another made the month in the meantime."""

        def __getattr__(self, name: str) -> Any:
            return getattr(office.ledger, name)

        def keep(self, records: Any, after: str) -> str:
            made.append(_cases(office, parts=[{"cases": [Case("a1" * 32, TOWN).row()]}])[0])
            return office.ledger.keep(records, after)

    made = list[Dispatch]()
    ledger: Any = Overtaken()
    with pytest.raises(LedgerMoved):
        _cases(attrs.evolve(office, ledger=ledger))

    assert office.ledger.dispatches() == (made[0],)
    assert (
        read_package(office.packages.made(made[0].id, made[0].digest), unsigned=True).digest == made[0].digest
    )
    assert _made(office) == [made[0].id]
    assert [one.id for one in send(office, DAY)] == [made[0].id]


def test_what_two_made_in_the_same_bytes_stays_where_one_is_refused(office: Office) -> None:
    class Overtaken:
        """A ledger in which another recorded the same in the meantime."""

        def __getattr__(self, name: str) -> Any:
            return getattr(office.ledger, name)

        def keep(self, records: Any, after: str) -> str:
            office.ledger.keep(records, after)
            return office.ledger.keep(records, after)

    ledger: Any = Overtaken()
    with pytest.raises(LedgerMoved):
        _cases(attrs.evolve(office, ledger=ledger))

    (kept,) = office.ledger.dispatches()
    assert office.packages.made(kept.id, kept.digest).is_dir()


def _made(office: Office) -> list[str]:
    """What lies on the shelf as made, half-written or whole."""
    shelf = office.packages.incoming.parent / "made"
    return sorted(path.name for path in shelf.glob("*/*"))


def test_where_one_part_does_not_fit_no_part_is_left(office: Office) -> None:
    good = {"cases": [Case("a1" * 32, TOWN).row()]}
    bad = {"cases": [{**Case("a1" * 32, TOWN).row(), "residence": "canary-71"}]}
    with pytest.raises(Invalid):
        _cases(office, parts=[good, bad])

    assert (_made(office), office.ledger.dispatches()) == ([], ())


# --- sending -----------------------------------------------------------------------------------------------------------


def test_what_waits_is_sent_once_and_is_then_in_the_box(office: Office) -> None:
    made = _statistics(office)
    (sent,) = send(office, DAY)

    assert (sent.id, sent.state, sent.sent) == (made.id, DispatchState.SENT, DAY)
    assert (_inbox(office), send(office, DAY)) == ((made.id,), ())
    assert office.ledger.dispatches() == (sent,)


def test_each_goes_to_its_own_receiver(office: Office) -> None:
    one, other = _statistics(office), _statistics(office, receiver=COORDINATION)
    send(office, DAY)

    assert (_inbox(office), _inbox(office, COORDINATION)) == ((one.id,), (other.id,))


def test_what_is_not_known_to_have_ended_is_sent_again_when_asked(office: Office) -> None:
    made = [_statistics(office, month) for month in ("2011-08", "2011-09", "2011-10", "2011-11", "2011-12")]
    send(office, DAY)
    _told(office, made[1], Stage.RECEIVED, Reason.OUT_OF_ORDER)
    _told(office, made[2], Stage.ACCEPTED)
    _told(office, made[3], Stage.APPLIED)
    _told(office, made[4], Stage.REJECTED, Reason.NOT_OPENED)
    before = office.ledger.dispatches()

    assert {one.id for one in send(office, date(2011, 11, 1), unanswered=True)} == {
        one.id for one in made[:3]
    }
    assert office.ledger.dispatches() == before


def test_what_came_damaged_is_sent_again_without_asking(office: Office) -> None:
    made = _statistics(office)
    send(office, DAY)
    _told(office, made, Stage.REJECTED, Reason.DAMAGED)

    assert [one.id for one in send(office, date(2011, 10, 9))] == [made.id]
    assert send(office, date(2011, 10, 9)) == ()


def test_what_was_recorded_meanwhile_is_not_overwritten(office: Office) -> None:
    made = _statistics(office)

    class Meanwhile:
        """A channel during whose work a receipt is put on record."""

        def publish(self, to: str, package: Path) -> None:
            _told(office, made, Stage.APPLIED)

    channel: Any = Meanwhile()
    with pytest.raises(LedgerMoved):
        send(attrs.evolve(office, channel=channel), DAY)
    assert office.ledger.dispatches()[0].state is DispatchState.APPLIED


def test_where_the_channel_breaks_what_was_sent_stays_sent(office: Office) -> None:
    one, other = _statistics(office), _statistics(office, receiver=COORDINATION)

    class Breaking:
        """A channel that breaks after the first package."""

        def publish(self, to: str, package: Path) -> None:
            if package.name == other.id:
                raise ConnectionError
            office.channel.publish(to, package)

    first, second = sorted((one, other), key=lambda made: made.id)
    other = second
    channel: Any = Breaking()
    with pytest.raises(ConnectionError):
        send(attrs.evolve(office, channel=channel), DAY)

    states = {made.id: made.state for made in office.ledger.dispatches()}
    assert states == {first.id: DispatchState.SENT, second.id: DispatchState.MADE}
    assert [made.id for made in send(office, DAY)] == [second.id]


def test_what_is_gone_or_past_its_last_day_of_keeping_expires_and_hinders_nothing(office: Office) -> None:
    gone = _statistics(office)
    (past,) = _cases(office, retain_until=date(2011, 10, 20))
    stays = _statistics(office, receiver=COORDINATION)
    office.packages.forget(gone.id, gone.digest)
    sent = send(office, date(2011, 10, 21))

    states = {one.id: one.state for one in sent}
    assert states == {
        gone.id: DispatchState.EXPIRED,
        past.id: DispatchState.EXPIRED,
        stays.id: DispatchState.SENT,
    }
    assert (_inbox(office), _inbox(office, COORDINATION)) == ((), (stays.id,))
    assert [one.id for one in send(office, date(2011, 10, 21), unanswered=True)] == [stays.id]


def test_the_chain_goes_on_from_the_last_that_was_accepted_before_what_expired(office: Office) -> None:
    october, november = _cases(office)[0], _cases(office, "2011-11")[0]
    _told(office, october, Stage.ACCEPTED)
    after = date(2012, 1, 5)  # both are kept for three months
    send(office, after, unanswered=True)
    (january,) = _cases(office, "2012-01", after)

    assert {one.id: one.state for one in office.ledger.dispatches()} == {
        october.id: DispatchState.EXPIRED,
        november.id: DispatchState.EXPIRED,
        january.id: DispatchState.MADE,
    }
    assert january.manifest.previous == october.digest
