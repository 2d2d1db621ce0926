"""Receipts: what fits together, and one id for one standing of one package."""

from __future__ import annotations

from datetime import date
from itertools import combinations
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrant_fp.domain.errors import Invalid
from migrant_fp.domain.manifest import Manifest, PackageKind
from migrant_fp.domain.package_tables import TABLES
from migrant_fp.domain.receipt import HELD, Fate, Outcome, Reason, Receipt, Stage
from migrant_fp.ports.channel import is_package_id

PACKAGE = "2011-10.cases.public-security.district.999999.to.family-planning.district.999999.r1"
DAY = date(2011, 10, 8)
#: What each stage may say, by hand: a held package is received, a refused one rejected, and no other has a reason.
ALLOWED = {
    Stage.RECEIVED: {Reason.NONE, Reason.PARTIAL, Reason.OUT_OF_ORDER},
    Stage.ACCEPTED: {Reason.NONE},
    Stage.APPLIED: {Reason.NONE},
    Stage.REJECTED: {
        Reason.DAMAGED,
        Reason.UNPROVEN,
        Reason.NOT_OPENED,
        Reason.NOT_ADDRESSED,
        Reason.NO_LEGAL_BASIS,
        Reason.ID_REUSED,
        Reason.NOT_REPLACING,
        Reason.PREVIOUS_REJECTED,
        Reason.TOO_LARGE,
        Reason.NOT_FOLLOWING,
        Reason.NOT_A_PARTY,
        Reason.MISDATED,
        Reason.PAST_RETENTION,
    },
}
FITTING = [(stage, reason) for stage, reasons in ALLOWED.items() for reason in sorted(reasons, key=str)]


@pytest.mark.parametrize("stage", Stage)
@pytest.mark.parametrize("reason", Reason)
def test_a_stage_has_the_reasons_that_fit_it_and_no_other(stage: Stage, reason: Reason) -> None:
    if reason in ALLOWED[stage]:
        assert Receipt(PACKAGE, "a" * 64, stage, DAY, reason).reason is reason
        return
    with pytest.raises(Invalid) as refused:
        Receipt(PACKAGE, "a" * 64, stage, DAY, reason)

    assert [problem.place for problem in refused.value.problems] == ["reason"]


def test_every_problem_is_told_at_once() -> None:
    with pytest.raises(Invalid) as refused:
        Receipt("../etc", "A" * 64, Stage.ACCEPTED, DAY, Reason.DAMAGED)

    assert [problem.place for problem in refused.value.problems] == ["package", "digest", "reason"]


@given(st.from_regex(r"[a-z0-9][a-z0-9_.-]{0,199}", fullmatch=True))
def test_whatever_name_a_channel_can_bring_can_be_answered(name: str) -> None:
    if is_package_id(name):
        assert Receipt(name, "a" * 64, Stage.REJECTED, DAY, Reason.DAMAGED).package == name


def test_two_reasons_ask_for_the_package_again() -> None:
    assert {reason for reason in Reason if reason.asks_again} == {Reason.DAMAGED, Reason.UNPROVEN}
    assert {Reason.PARTIAL, Reason.OUT_OF_ORDER} == HELD


def test_another_standing_package_or_digest_has_another_label() -> None:
    receipts = [Receipt(PACKAGE, "a" * 64, stage, DAY, reason) for stage, reason in FITTING]
    receipts += [attrs.evolve(one, digest="b" * 64) for one in receipts]
    receipts += [attrs.evolve(one, package="another.r1") for one in receipts]

    assert all(one.label != other.label for one, other in combinations(receipts, 2))


@pytest.mark.parametrize(("stage", "reason"), FITTING)
def test_the_label_makes_a_package_id_that_a_channel_carries(stage: Stage, reason: Reason) -> None:
    manifest = Manifest(
        sender="family_planning/district/999999",
        receiver="public_security/district/999999",
        kind=PackageKind.RECEIPT,
        period="2011-10",
        as_of=DAY,
        due=DAY,
        receipt=Receipt(PACKAGE, "a" * 64, stage, DAY, reason),
    )

    assert is_package_id(manifest.package_id)
    assert manifest.package_id.startswith(f"2011-10.receipt-{stage.value}")


@pytest.mark.parametrize(
    ("given", "place"),
    [
        ({"outcome": "Added"}, "outcome"),
        ({"outcome": ""}, "outcome"),
        ({"outcome": "wang"}, "outcome"),
        ({"outcome": "not_added", "file": "data/案.csv"}, "file"),
        ({"outcome": "not_added", "file": "data/wang.csv"}, "file"),
        ({"outcome": "not_added", "file": "data/counts-13999999999.csv"}, "file"),
        ({"outcome": "not_added", "row": -1}, "row"),
        ({"outcome": "added", "rows": 13_999_999_999}, "rows"),
    ],
)
def test_an_outcome_that_could_not_travel_is_refused_before_it_is_recorded(
    given: dict[str, Any], place: str
) -> None:
    with pytest.raises(Invalid) as refused:
        Outcome(**given)

    assert [problem.place for problem in refused.value.problems] == [place]


def test_an_outcome_at_the_limits_is_taken() -> None:
    assert Outcome("not_added", "data/cases-00001.jsonl.gz", 10**9 - 1, 0).rows == 0


@pytest.mark.parametrize("fate", Fate)
def test_what_an_outcome_may_say_its_table_holds_and_nothing_else(fate: Fate) -> None:
    [outcome, file, row, rows] = TABLES["outcomes"].fields
    assert not outcome.problem(Outcome(fate.value).outcome.value)
    assert not file.problem(Outcome(fate, "data/cases-00001.jsonl.gz.sealed").file)

    assert outcome.problem("wang")
    assert file.problem("data/wang.csv")
    assert row.problem("13999999999")
    assert rows.problem("13999999999")
