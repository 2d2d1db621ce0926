"""A correction of counts, from the office to the package: what the revision before hid stays hidden, or nothing is made."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import attrs
import pytest

from migrant_fp.adapters.chinese_calendar import working_calendar
from migrant_fp.adapters.fsspec import FsspecChannel
from migrant_fp.adapters.ledger import SqliteLedger
from migrant_fp.adapters.package import PackageShelf
from migrant_fp.adapters.package.counts import table_flaws
from migrant_fp.application.hand_over import (
    hand_over_statistics,
)
from migrant_fp.application.office import Office
from migrant_fp.domain.dispatch import Dispatch
from migrant_fp.domain.duty import Level
from migrant_fp.domain.errors import Invalid
from migrant_fp.domain.flaw import PackageRule
from migrant_fp.domain.person import Sex, Stay
from migrant_fp.domain.receipt import Reason, Receipt, Stage
from migrant_fp.domain.statistics import AgeBand, Facts, Statistics, count, rows, suppressed
from migrant_fp.regulations.changzhou_agencies import AGENCIES

POLICE, PLANNING, COORDINATION = AGENCIES.parties(Level.DISTRICT, "320411")
CALENDAR = working_calendar()
DAY = date(2011, 10, 4)
A, B, C = "320411001", "320411002", "320411003"


def _counts(threshold: int = 10, **towns: tuple[int, int]) -> Statistics:
    """Men and women of three towns, all of one age and one stay."""
    facts = [
        Facts(town, sex, AgeBand.TO_49, Stay.WORK)
        for town, numbers in zip((A, B, C), towns.values(), strict=False)
        for sex, number in zip((Sex.MALE, Sex.FEMALE), numbers, strict=True)
        for _ in range(number)
    ]
    return count(facts, "320411", threshold)


FIRST = _counts(a=(4, 100), b=(50, 60), c=(55, 70))
SECOND = _counts(a=(4, 100), b=(70, 80), c=(55, 70))


@pytest.fixture(autouse=True)
def _no_power_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", lambda _: None)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    (tmp_path / "box").mkdir()
    channel = FsspecChannel(str(tmp_path / "box"), me=POLICE.id)
    with SqliteLedger(":memory:") as ledger:
        yield Office(POLICE, ledger, PackageShelf(tmp_path / "shelf", unsigned=True), channel)


def _made(office: Office, statistics: Statistics, **more: Any) -> Dispatch:
    receiver = more.pop("receiver", PLANNING)
    return hand_over_statistics(office, receiver, "2011-10", statistics, DAY, calendar=CALENDAR, **more)


def _hidden(office: Office, made: Dispatch) -> set[tuple[str, str, str]]:
    table = office.packages.made_rows(made.id, made.digest, "counts")
    return {(row["division"], row["dimension"], row["category"]) for row in table if not row.get("count")}


def test_a_correction_hides_what_the_revision_before_hid(office: Office) -> None:
    first = _hidden(office, _made(office, FIRST))
    second = _hidden(office, _made(office, SECOND, corrects=True))

    # By itself the second would show the men of B: 129 men less 70 and the 55 that C showed are the 4 of A.
    assert (B, "sex", "1") in first
    assert second == first
    assert (B, "sex", "1") not in _hidden(office, _made(office, SECOND, receiver=COORDINATION))


def test_a_third_revision_hides_what_the_first_hid(office: Office) -> None:
    first = _hidden(office, _made(office, FIRST))
    nothing_small = _counts(a=(40, 100), b=(70, 80), c=(55, 70))
    _made(office, nothing_small, corrects=True)

    assert _hidden(office, _made(office, nothing_small, corrects=True)) == first


def test_what_takes_the_place_of_a_rejected_one_hides_what_that_hid_too(office: Office) -> None:
    made = _made(office, FIRST)
    receipt = Receipt(made.id, made.digest, Stage.REJECTED, DAY, Reason.NO_LEGAL_BASIS)
    office.ledger.keep([made.after_receipt(receipt)], office.ledger.head())

    assert _hidden(office, _made(office, SECOND)) == _hidden(office, made)


def test_a_test_has_no_part_in_what_is_hidden_in_earnest(office: Office) -> None:
    _made(office, FIRST, simulation=True)

    assert (B, "sex", "1") not in _hidden(office, _made(office, SECOND))


def test_a_correction_with_a_lower_threshold_is_refused(office: Office) -> None:
    _made(office, FIRST)

    with pytest.raises(Invalid, match="came 3, the revision before has 10"):
        _made(office, attrs.evolve(SECOND, threshold=3), corrects=True)


def test_a_correction_of_what_is_gone_is_refused(office: Office) -> None:
    made = _made(office, FIRST)
    shutil.rmtree(office.packages.made(made.id, made.digest))

    with pytest.raises(Invalid, match="is no longer there as it was made") as refused:
        _made(office, SECOND, corrects=True)

    assert made.id in str(refused.value)
    assert len(office.ledger.dispatches()) == 1


def test_a_correction_of_what_was_changed_on_the_disk_is_refused(office: Office) -> None:
    made = _made(office, FIRST)
    path = office.packages.made(made.id, made.digest) / "data" / "counts.csv"
    path.write_bytes(path.read_bytes().replace(b"339", b"338"))

    with pytest.raises(Invalid, match="is no longer there as it was made"):
        _made(office, SECOND, corrects=True)


def _pair_of_one(total: int) -> Statistics:
    """40 men of A shown, and two suppressed sexes that make up the rest of the total; by hand, as a careless office would."""
    full = count([Facts(A, Sex.MALE, AgeBand.TO_49, Stay.WORK)] * total, "320411")
    shown = {("sex", "1"): 40, ("sex", "2"): None, ("sex", "9"): None}
    return attrs.evolve(
        full,
        cells=tuple(
            attrs.evolve(cell, count=shown.get((cell.dimension.value, cell.category), cell.count))
            for cell in full.cells
        ),
    )


def test_counts_suppressed_by_hand_that_are_small_together_are_not_handed_over(office: Office) -> None:
    with pytest.raises(Invalid, match="the sums keep it below the threshold"):
        _made(office, _pair_of_one(41))

    assert office.ledger.dispatches() == ()


def test_counts_suppressed_by_hand_that_may_be_of_the_threshold_are_handed_over(office: Office) -> None:
    assert _made(office, _pair_of_one(50)).waits_to_be_sent


def test_the_reader_refuses_suppressed_counts_that_are_small_together(office: Office) -> None:
    manifest = _made(office, suppressed(FIRST)).manifest
    found = [*table_flaws([*rows(_pair_of_one(41))], manifest)]

    assert {rule for rule, *_ in found} == {PackageRule.SUPPRESSION}
    assert any(f"{A}/sex/2: is suppressed, and the sums keep it below" in fact for *_, fact in found)
    assert [*table_flaws([*rows(_pair_of_one(50))], manifest)] == []
