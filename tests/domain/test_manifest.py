"""The manifest of a package: what makes its id, what contradicts itself, and which law it needs."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrant_fp.domain.clause import LegalBasis
from migrant_fp.domain.errors import Invalid, NoLegalBasis, NotModelled
from migrant_fp.domain.exchange import Content
from migrant_fp.domain.flaw import Flaw, PackageRefused, PackageRule
from migrant_fp.domain.manifest import Manifest, PackageAction, PackageKind, Resource, SealedTo
from migrant_fp.domain.package_tables import TABLES
from migrant_fp.domain.receipt import HELD, Outcome, Reason, Receipt, Stage

LAW = LegalBasis("示例条例", "示例1号", date(2009, 10, 1), date(2021, 9, 8), "invented", "示例废止")
DIGEST = "a" * 64
NUMBER = "99999919850301002X"
ACCEPTED = Receipt("2011-10.example", DIGEST, Stage.ACCEPTED, date(2011, 10, 9))


def _manifest(kind: PackageKind = PackageKind.CASES, **changes: Any) -> Manifest:
    about: dict[str, Any] = {
        PackageKind.STATISTICS: {"threshold": 10},
        PackageKind.CASES: {"join_key": "k1"},
        PackageKind.CORRECTION: {"join_key": "k1"},
        PackageKind.RECEIPT: {"receipt": ACCEPTED},
    }.get(kind, {})
    if kind.is_about_persons:
        about |= {"basis": LAW, "retain_until": date(2012, 1, 8)}
    given = {
        "sender": "public_security/district/320411",
        "receiver": "family_planning/district/320411",
        "period": "2011-10",
        "as_of": date(2011, 10, 8),
        "due": date(2011, 10, 5),
    }
    return Manifest(kind=kind, **(given | about | changes))


def _resource(path: str, **changes: Any) -> Resource:
    return Resource(
        **(
            {"path": path, "rows": 1, "control_total": 1, "size": 1, "sha256": DIGEST, "sm3": DIGEST}
            | changes
        )
    )


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "2011-10.cases.public-security.district.320411.to.family-planning.district.320411.r1"),
        (
            {"period": "2011-11"},
            "2011-11.cases.public-security.district.320411.to.family-planning.district.320411.r1",
        ),
        (
            {"revision": 2, "replaces": DIGEST},
            "2011-10.cases.public-security.district.320411.to.family-planning.district.320411.r2",
        ),
        (
            {"part": 2, "of": 3},
            "2011-10.cases.public-security.district.320411.to.family-planning.district.320411.r1.p2of3",
        ),
        (
            {"receiver": "coordination/city/3204"},
            "2011-10.cases.public-security.district.320411.to.coordination.city.3204.r1",
        ),
        (
            {"test": True},
            "2011-10.cases-test.public-security.district.320411.to.family-planning.district.320411.r1",
        ),
        (
            {"as_of": date(2011, 10, 1), "due": date(2011, 10, 2), "chain_head": DIGEST},
            "2011-10.cases.public-security.district.320411.to.family-planning.district.320411.r1",
        ),
    ],
)
def test_the_id_follows_from_the_hand_over_alone(changes: dict[str, Any], expected: str) -> None:
    assert _manifest(**changes).package_id == expected


def test_the_id_of_a_receipt_says_what_it_is_about() -> None:
    held = attrs.evolve(ACCEPTED, stage=Stage.RECEIVED, reason=Reason.OUT_OF_ORDER)

    about = hashlib.sha256(f"2011-10.example@{DIGEST}".encode()).hexdigest()[:16]

    assert _manifest(PackageKind.RECEIPT).package_id.split(".")[1] == f"receipt-accepted-{about}"
    assert _manifest(PackageKind.RECEIPT, receipt=held).package_id.split(".")[1] == (
        f"receipt-received-out-of-order-{about}"
    )


@given(st.data())
def test_two_hand_overs_have_two_ids(data: st.DataObject) -> None:
    agency = st.builds(
        "{}/{}/{}".format,
        st.sampled_from(["public_security", "family_planning", "coordination"]),
        st.sampled_from(["city", "district", "town"]),
        st.sampled_from(["3204", "320411", "320411001"]),
    )

    def one() -> Manifest:
        sender = data.draw(agency)
        of = data.draw(st.integers(1, 12))
        revision = data.draw(st.integers(1, 12))
        return _manifest(
            data.draw(st.sampled_from(PackageKind)),
            sender=sender,
            receiver=data.draw(agency.filter(lambda other: other != sender)),
            period=data.draw(st.sampled_from(["2011-10", "2011-11"])),
            revision=revision,
            replaces=DIGEST if revision > 1 else "",
            of=of,
            part=data.draw(st.integers(1, of)),
        )

    a, b = one(), one()

    def what(one: Manifest) -> tuple[object, ...]:
        return (*one.hand_over, one.revision, one.part, one.of)

    assert (a.package_id == b.package_id) == (what(a) == what(b))


def test_a_stream_is_a_chain_and_a_hand_over_one_month_of_it() -> None:
    first, later = _manifest(), _manifest(period="2011-11", revision=2, replaces=DIGEST)

    assert first.stream == later.stream
    assert first.hand_over == (*first.stream, "2011-10") != later.hand_over


BAD: dict[str, tuple[dict[str, Any], str]] = {
    "a sender of no role": ({"sender": "nobody/district/320411"}, "sender"),
    "a sender without a code": ({"sender": "public_security/district/"}, "sender"),
    "a receiver with a path": ({"receiver": "family_planning/district/../320411"}, "receiver"),
    "the sender as receiver": ({"receiver": "public_security/district/320411"}, "receiver"),
    "no month": ({"period": "2011-00"}, "period"),
    "a month with a line end": ({"period": "2011-10\n"}, "period"),
    "digits of another script": ({"period": "２０１１-10"}, "period"),
    "another version": ({"schema_version": 2}, "schema_version"),
    "no revision": ({"revision": 0}, "revision"),
    "too many revisions": ({"revision": 1000, "replaces": DIGEST}, "revision"),
    "part 0": ({"part": 0}, "part"),
    "a part beyond the last": ({"part": 3, "of": 2}, "part"),
    "too many parts": ({"part": 1, "of": 1000}, "part"),
    "a digest in capitals": ({"previous": "A" * 64}, "previous"),
    "no digest": ({"chain_head": ""}, "chain_head"),
    "a first one that replaces": ({"replaces": DIGEST}, "replaces"),
    "a revision that replaces nothing": ({"revision": 2}, "replaces"),
    "no law": ({"basis": None}, "basis"),
    "no end of keeping": ({"retain_until": None}, "retain_until"),
    "an end of keeping before its day": ({"retain_until": date(2011, 10, 7)}, "retain_until"),
    "a law that had ended": (
        {"as_of": date(2021, 9, 9), "retain_until": date(2021, 9, 9)},
        "basis",
    ),
    "a law that had not begun": ({"as_of": date(2009, 9, 30), "retain_until": date(2009, 10, 30)}, "basis"),
    "a keeping beyond the law": (
        {"as_of": date(2021, 9, 8), "retain_until": date(2021, 9, 9)},
        "retain_until",
    ),
    "a keeping beyond two years": ({"retain_until": date(2013, 10, 9)}, "retain_until"),
    "a telephone as the code of a sender": (
        {"sender": "public_security/district/13900001234"},
        "sender",
    ),
    "an identity number in the label": ({"join_key": f"k-{NUMBER.lower()}"}, "join_key"),
    "a telephone in the label": ({"join_key": "13900001234"}, "join_key"),
    "an identity number in the title of the law": (
        {"basis": attrs.evolve(LAW, title=f"示例{NUMBER}")},
        "basis.title",
    ),
    "an identity number in the number of the law": (
        {"basis": attrs.evolve(LAW, number=NUMBER)},
        "basis.number",
    ),
    "an identity number in the source of the law": (
        {"basis": attrs.evolve(LAW, source=NUMBER)},
        "basis.source",
    ),
    "a telephone in the end of the law": (
        {"basis": attrs.evolve(LAW, ended_by="示例 139 0000 1234")},
        "basis.ended_by",
    ),
    "an identity number in the id of a key": (
        {"sealed": SealedTo("a", f"public_security/district/320411#{NUMBER}", "00")},
        "sealed.key_id",
    ),
    "an identity number in the name of a file": (
        {"resources": (_resource(f"data/cases-{NUMBER}.jsonl.gz"),)},
        "resources[0]",
    ),
    "a threshold of cases": ({"threshold": 10}, "threshold"),
    "no threshold of counts": ({"kind": PackageKind.STATISTICS, "threshold": 0, "join_key": ""}, "threshold"),
    "no label of the key": ({"join_key": ""}, "join_key"),
    "a secret for a label": ({"join_key": "K" * 32}, "join_key"),
    "a receipt of cases": ({"receipt": ACCEPTED}, "receipt"),
    "a delta of nothing": ({"action": PackageAction.DELTA}, "previous"),
    "a sealed package without a key": ({"sealed": SealedTo("a", "", "00")}, "sealed.key_id"),
    "a file of another kind": ({"resources": (_resource("data/counts.csv"),)}, "resources[0]"),
    "a file outside": ({"resources": (_resource("data/../cases-00001.jsonl.gz"),)}, "resources[0]"),
    "a wrong digest": ({"resources": (_resource("data/cases-00001.jsonl.gz", sm3="x"),)}, "resources[0]"),
    "a negative number": ({"resources": (_resource("data/cases-00001.jsonl.gz", rows=-1),)}, "resources[0]"),
    "a huge number": ({"resources": (_resource("data/cases-00001.jsonl.gz", size=10**16),)}, "resources[0]"),
    "files that begin with the second": (
        {"resources": (_resource("data/cases-00002.jsonl.gz"),)},
        "resources",
    ),
    "a file twice": ({"resources": (_resource("data/cases-00001.jsonl.gz"),) * 2}, "resources"),
    "a table of rows as CSV": ({"resources": (_resource("data/cases.csv"),)}, "resources"),
    "a sealed file without a key": (
        {"resources": (_resource("data/cases-00001.jsonl.gz.sealed"),)},
        "resources",
    ),
}


@pytest.mark.parametrize("what", BAD)
def test_a_manifest_contradicts_itself_with(what: str) -> None:
    changes, place = BAD[what]

    with pytest.raises(Invalid) as refused:
        _manifest(**changes) if "kind" not in changes else _manifest(
            changes["kind"], **_without(changes, "kind")
        )

    assert place in {problem.place for problem in refused.value.problems}


def _without(changes: dict[str, Any], name: str) -> dict[str, Any]:
    return {other: value for other, value in changes.items() if other != name}


def test_no_number_of_a_person_is_in_what_a_refusal_says() -> None:
    with pytest.raises(Invalid) as refused:
        _manifest(join_key=NUMBER.lower(), basis=attrs.evolve(LAW, title=NUMBER), sender=NUMBER)

    assert NUMBER[:17] not in str(refused.value)


def test_rows_about_persons_may_be_kept_two_years_and_as_long_as_their_law_stands() -> None:
    standing = attrs.evolve(LAW, until=None, ended_by="")

    assert _manifest(basis=standing, retain_until=date(2013, 10, 8)).retain_until == date(2013, 10, 8)
    assert _manifest(as_of=date(2021, 9, 8), retain_until=date(2021, 9, 8)).basis == LAW


def test_every_contradiction_is_named_at_once() -> None:
    with pytest.raises(Invalid) as refused:
        _manifest(sender="x", period="x", revision=0, basis=None, join_key="", threshold=3)

    assert {problem.place for problem in refused.value.problems} == {
        *("sender", "period", "revision", "basis", "join_key", "threshold")
    }


def test_a_table_is_known_from_the_path_of_a_file() -> None:
    assert _resource("data/cases-00001.jsonl.gz.sealed").table == "cases"
    assert _resource("data/counts.csv").table == "counts"
    assert _resource("elsewhere/counts.csv").table == ""


@pytest.mark.parametrize("kind", PackageKind)
def test_every_kind_has_tables_that_exist_and_contents_their_own_kind(kind: PackageKind) -> None:
    assert set(kind.tables) <= set(TABLES)
    assert kind.content is (Content(kind.value) if kind.value in {one.value for one in Content} else None)


def test_a_package_about_persons_needs_its_law_on_both_days() -> None:
    _manifest().require_basis(date(2021, 9, 8))
    with pytest.raises(NoLegalBasis):
        _manifest().require_basis(date(2021, 9, 9))
    with pytest.raises(NotModelled):
        _manifest().require_basis(date(2009, 9, 30))


@pytest.mark.parametrize("kind", [PackageKind.STATISTICS, PackageKind.RECEIPT])
def test_counts_and_receipts_need_no_law(kind: PackageKind) -> None:
    _manifest(kind).require_basis(date(2026, 1, 1))


@pytest.mark.parametrize("stage", Stage)
@pytest.mark.parametrize("reason", Reason)
def test_a_receipt_gives_a_reason_where_one_is_due(stage: Stage, reason: Reason) -> None:
    allowed = {
        Stage.RECEIVED: HELD | {Reason.NONE},
        Stage.REJECTED: set(Reason) - HELD - {Reason.NONE},
        Stage.ACCEPTED: {Reason.NONE},
        Stage.APPLIED: {Reason.NONE},
    }[stage]
    if reason in allowed:
        assert attrs.evolve(ACCEPTED, stage=stage, reason=reason).reason is reason
    else:
        with pytest.raises(Invalid, match="reason"):
            attrs.evolve(ACCEPTED, stage=stage, reason=reason)


@pytest.mark.parametrize(("package", "digest"), [("../x", DIGEST), ("", DIGEST), ("X", DIGEST), ("a", "b")])
def test_a_receipt_is_about_a_package_that_can_be_one(package: str, digest: str) -> None:
    with pytest.raises(Invalid):
        Receipt(package, digest, Stage.ACCEPTED, date(2011, 10, 9))


@pytest.mark.parametrize(
    ("outcome", "place"),
    [
        ({"outcome": ""}, "outcome"),
        ({"outcome": "Added"}, "outcome"),
        ({"outcome": "added", "file": "示例"}, "file"),
        ({"outcome": "added", "row": -1}, "row"),
        ({"outcome": "added", "rows": 10**12}, "rows"),
    ],
)
def test_an_outcome_that_no_receipt_can_hold_is_refused(outcome: dict[str, Any], place: str) -> None:
    with pytest.raises(Invalid) as refused:
        Outcome(**outcome)

    assert [problem.place for problem in refused.value.problems] == [place]


@pytest.mark.parametrize(
    ("rules", "reason"),
    [
        ([PackageRule.SIGNATURE], Reason.UNPROVEN),
        ([PackageRule.SEAL, PackageRule.SEAL], Reason.NOT_OPENED),
        ([PackageRule.SIGNATURE, PackageRule.ROW], Reason.DAMAGED),
        ([PackageRule.GZIP], Reason.DAMAGED),
    ],
)
def test_a_refusal_gives_the_reason_of_its_receipt(rules: list[PackageRule], reason: Reason) -> None:
    assert PackageRefused("p", tuple(Flaw(rule, "f", None, "x") for rule in rules)).reason is reason


def test_a_refusal_lists_twenty_flaws_with_file_row_and_rule_and_counts_the_rest() -> None:
    refused = PackageRefused("p", tuple(Flaw(PackageRule.ROW, "f", n, "x") for n in range(1, 31)), 70)

    assert "- f, row 1 [row]: x\n" in str(refused)
    assert str(refused).count("\n- ") == 21
    assert "- and 80 more" in str(refused)
    assert str(Flaw(PackageRule.NAME, "", None, "x")) == "the package [name]: x"
