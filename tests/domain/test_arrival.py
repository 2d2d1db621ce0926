"""What becomes of a package that came: the rules by hand, and the law that order and repetition change nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrant_fp.domain.arrival import (
    ARRIVAL_LIFE,
    Arrival,
    ArrivalEvent,
    ArrivalState,
    chain_position,
    decide,
    settle,
)
from migrant_fp.domain.clause import LegalBasis
from migrant_fp.domain.errors import WrongState
from migrant_fp.domain.manifest import FIRST, Manifest, PackageAction, PackageKind
from migrant_fp.domain.receipt import Outcome, Reason, Receipt, Stage

POLICE, PLANNING = "public_security/district/999999", "family_planning/district/999999"
OTHER = "coordination/district/999999"
DAY = date(2011, 10, 8)
BASIS = LegalBasis("An invented law", "999999", date(2011, 1, 1), None, "invented for a test")
ENDED = attrs.evolve(BASIS, until=date(2011, 9, 30), ended_by="an invented repeal")
S, E, R = ArrivalState, ArrivalEvent, Reason


def _manifest(period: str = "2011-10", **more: Any) -> Manifest:
    facts = {
        "sender": POLICE,
        "receiver": PLANNING,
        "kind": PackageKind.CASES,
        "as_of": DAY,
        "due": DAY if period == "2011-10" else date.fromisoformat(f"{period}-05"),
        "basis": BASIS,
        "retain_until": date(2012, 1, 8),
        "join_key": "example",
        "period": period,
    }
    if more.get("basis") is ENDED:  # it was made while the law stood, and comes when it does not
        facts |= {"as_of": ENDED.until, "retain_until": ENDED.until}
    return Manifest(**{**facts, **more})


def _came(manifest: Manifest, on: date = DAY) -> Arrival:
    """A package with a digest of its own, as every manifest has one."""
    return Arrival(manifest.package_id, hashlib.sha256(repr(manifest).encode()).hexdigest(), on, manifest)


def _stands(*arrivals: Arrival, today: date = DAY) -> list[tuple[ArrivalState, Reason]]:
    """Where packages stand that came in this order, one at a time."""
    known: dict[str, Arrival] = {}
    for one in arrivals:
        known[one.id] = one
        known |= {other.id: other for other in settle(known.values(), PLANNING, today)}
    return [(known[one.id].state, known[one.id].reason) for one in dict.fromkeys(arrivals)]


ACCEPTED, PARTIAL = (S.ACCEPTED, R.NONE), (S.HELD_PARTIAL, R.PARTIAL)
OUT_OF_ORDER = (S.HELD_OUT_OF_ORDER, R.OUT_OF_ORDER)


def _rejected(reason: Reason) -> tuple[ArrivalState, Reason]:
    return S.REJECTED, reason


# --- one package -------------------------------------------------------------------------------------------------------


def test_the_first_of_a_chain_is_accepted() -> None:
    assert _stands(_came(_manifest())) == [ACCEPTED]


def test_what_is_for_another_is_rejected() -> None:
    assert _stands(_came(_manifest(receiver=OTHER))) == [_rejected(R.NOT_ADDRESSED)]


def test_records_whose_law_has_ended_are_rejected() -> None:
    assert _stands(_came(_manifest(basis=ENDED))) == [_rejected(R.NO_LEGAL_BASIS)]


@pytest.mark.parametrize(
    "sender",
    [
        "public_security/city/999999",
        "public_security/town/999999",
        "public_security/district/999998",
        "family_planning/district/999998",
    ],
)
def test_who_is_no_party_of_the_same_level_and_division_in_another_role_is_rejected(sender: str) -> None:
    assert _stands(_came(_manifest(sender=sender))) == [_rejected(R.NOT_A_PARTY)]


def test_data_of_a_day_to_come_are_rejected() -> None:
    assert _stands(_came(_manifest(as_of=date(2011, 10, 9)))) == [_rejected(R.MISDATED)]
    assert _stands(_came(_manifest(as_of=date(2011, 10, 9))), today=date(2011, 10, 9)) == [ACCEPTED]


@pytest.mark.parametrize(
    ("due", "stands"),
    [
        (date(2011, 9, 30), (S.REJECTED, R.MISDATED)),
        (date(2011, 10, 1), (S.ACCEPTED, R.NONE)),
        (date(2011, 10, 31), (S.ACCEPTED, R.NONE)),
        (date(2011, 11, 1), (S.REJECTED, R.MISDATED)),
    ],
)
def test_a_hand_over_is_due_in_its_month(due: date, stands: tuple[ArrivalState, Reason]) -> None:
    assert _stands(_came(_manifest(due=due))) == [stands]


def test_a_request_for_corrections_is_due_whenever_it_says() -> None:
    request = _manifest(kind=PackageKind.CORRECTION, due=date(2012, 1, 8))

    assert _stands(_came(request)) == [ACCEPTED]


def test_what_comes_after_its_last_day_of_keeping_is_rejected() -> None:
    kept = _manifest(retain_until=date(2011, 10, 9))

    assert _stands(_came(kept), today=date(2011, 10, 9)) == [ACCEPTED]
    assert _stands(_came(kept), today=date(2011, 10, 10)) == [_rejected(R.PAST_RETENTION)]


def test_what_is_held_past_its_last_day_of_keeping_is_rejected() -> None:
    before = _came(_manifest())
    held = _next(before, "2011-11", retain_until=date(2011, 10, 9))
    (waits,) = settle([held], PLANNING, DAY)
    (after,) = settle([waits], PLANNING, date(2011, 10, 10))

    assert (waits.reason, after.state, after.reason) == (R.OUT_OF_ORDER, S.REJECTED, R.PAST_RETENTION)


def test_a_law_that_ended_on_the_way_is_none_on_the_day_of_arrival() -> None:
    ends = attrs.evolve(BASIS, until=DAY, ended_by="an invented repeal")
    came = _came(_manifest(basis=ends, retain_until=DAY))

    assert _stands(came, today=DAY) == [ACCEPTED]
    assert _stands(came, today=date(2011, 10, 9)) == [_rejected(R.NO_LEGAL_BASIS)]


def test_statistics_need_no_law() -> None:
    counts = _manifest(kind=PackageKind.STATISTICS, basis=None, retain_until=None, join_key="", threshold=10)

    assert _stands(_came(counts)) == [ACCEPTED]


@pytest.mark.parametrize(("on", "late"), [(DAY, False), (date(2011, 10, 9), True)])
def test_late_is_the_day_after_the_due_day_and_accepted_all_the_same(on: date, *, late: bool) -> None:
    came = _came(_manifest(), on)
    (after,) = settle([came], PLANNING, on)

    assert (after.state, after.late) == (S.ACCEPTED, late)
    assert after.receipt() == Receipt(came.package, came.digest, Stage.ACCEPTED, on, late=late)


def test_what_cannot_be_read_is_neither_late_nor_decided_upon() -> None:
    nameless = Arrival("an-example.r1", "a" * 64, date(2031, 1, 1))

    assert not nameless.late
    assert settle([nameless], PLANNING, DAY) == ()
    with pytest.raises(ValueError, match="rejected, not decided upon"):
        decide(nameless, PLANNING, [], DAY)


# --- chains ------------------------------------------------------------------------------------------------------------


def _next(before: Arrival, period: str, **more: Any) -> Arrival:
    return _came(_manifest(period, previous=before.digest, **more))


def test_what_follows_waits_for_what_it_follows() -> None:
    october = _came(_manifest())
    november = _next(october, "2011-11")
    december = _next(november, "2011-12")

    assert _stands(december, november) == [OUT_OF_ORDER, OUT_OF_ORDER]
    assert _stands(december, november, october) == [ACCEPTED, ACCEPTED, ACCEPTED]


def test_what_follows_a_rejected_one_is_rejected_and_so_on() -> None:
    october = _came(_manifest(basis=ENDED))
    november = _next(october, "2011-11")
    december = _next(november, "2011-12")
    expected = [_rejected(R.PREVIOUS_REJECTED), _rejected(R.PREVIOUS_REJECTED), _rejected(R.NO_LEGAL_BASIS)]

    assert _stands(december, november, october) == expected


def test_what_follows_one_that_could_not_be_opened_is_rejected() -> None:
    october = _came(_manifest())
    unopened = Arrival(october.package, october.digest, DAY).after(E.REJECT, DAY, R.NOT_OPENED)

    assert _stands(unopened, _next(october, "2011-11"))[1] == _rejected(R.PREVIOUS_REJECTED)


def test_what_follows_a_damaged_one_waits_for_it_to_come_again() -> None:
    october = _came(_manifest())
    damaged = Arrival(october.package, october.digest, DAY).after(E.REJECT, DAY, R.DAMAGED)
    november = _next(october, "2011-11")

    assert _stands(damaged, november)[1] == OUT_OF_ORDER
    assert _stands(damaged, november, october)[1:] == [ACCEPTED, ACCEPTED]


def test_a_damaged_copy_under_another_name_does_not_hide_the_whole_one() -> None:
    october = _came(_manifest())
    copy = Arrival("another.r1", october.digest, DAY).after(E.REJECT, DAY, R.DAMAGED)

    assert _stands(october, copy, _next(october, "2011-11"))[2] == ACCEPTED


def test_a_chain_of_another_kind_or_sender_is_another_chain() -> None:
    october = _came(_manifest())
    changes = _next(october, "2011-11", kind=PackageKind.CHANGES, join_key="")
    other = _next(october, "2011-11", sender=OTHER)

    assert _stands(october, changes, other) == [ACCEPTED, OUT_OF_ORDER, OUT_OF_ORDER]


def test_a_delta_waits_like_any_other() -> None:
    october = _came(_manifest())
    delta = _next(october, "2011-11", action=PackageAction.DELTA)

    assert _stands(delta, october) == [ACCEPTED, ACCEPTED]


def test_a_link_has_one_successor_and_a_chain_one_beginning() -> None:
    october = _came(_manifest())
    november, december = _next(october, "2011-11"), _next(october, "2011-12")
    beginning = _came(_manifest("2011-09"))

    assert _stands(october, november, december, beginning) == [
        ACCEPTED,
        ACCEPTED,
        _rejected(R.NOT_FOLLOWING),
        _rejected(R.NOT_FOLLOWING),
    ]


def test_what_was_rejected_leaves_its_place_to_another() -> None:
    october = _came(_manifest())
    november = _next(october, "2011-11", basis=ENDED)

    assert _stands(october, november, _next(october, "2011-12"))[2] == ACCEPTED


def test_a_correction_stands_beside_what_it_corrects() -> None:
    october = _came(_manifest())
    november = _next(october, "2011-11")
    revised = _next(october, "2011-11", revision=2, replaces=november.digest)

    assert _stands(october, november, revised) == [ACCEPTED] * 3


def test_what_expired_is_a_link_all_the_same_and_its_receipt_stays() -> None:
    october = _came(_manifest())
    (accepted,) = settle([october], PLANNING, DAY, "a" * 64)
    expired = accepted.after(E.EXPIRE, date(2012, 1, 9))
    (after,) = settle([expired, _next(october, "2011-11")], PLANNING, DAY)

    assert (expired.state, expired.receipt(), expired.head) == (S.EXPIRED, accepted.receipt(), "a" * 64)
    assert (after.manifest and after.manifest.period, after.state) == ("2011-11", S.ACCEPTED)


def test_only_what_is_not_rejected_and_not_past_its_last_day_is_kept() -> None:
    came = _came(_manifest())
    (accepted,) = settle([came], PLANNING, DAY)
    nameless = Arrival("an-example.r1", "a" * 64, DAY)

    assert accepted.is_kept(date(2012, 1, 8))
    assert not accepted.is_kept(date(2012, 1, 9))
    assert not came.after(E.REJECT, DAY, R.NOT_OPENED).is_kept(DAY)
    assert not accepted.after(E.EXPIRE, DAY).is_kept(DAY)
    assert not nameless.is_kept(DAY)


# --- parts -------------------------------------------------------------------------------------------------------------


def _parts(number: int, previous: str = FIRST, **more: Any) -> list[Arrival]:
    parts = list[Arrival]()
    for part in range(1, number + 1):
        before = parts[-1].digest if parts else previous
        parts.append(_came(_manifest(previous=before, part=part, of=number, **more)))
    return parts


def test_parts_are_held_until_all_are_there() -> None:
    one, two, three = _parts(3)

    assert _stands(one, two) == [PARTIAL, PARTIAL]
    assert _stands(one, two, three) == [ACCEPTED, ACCEPTED, ACCEPTED]
    assert _stands(three, one) == [OUT_OF_ORDER, PARTIAL]
    assert _stands(three, one, two) == [ACCEPTED, ACCEPTED, ACCEPTED]


def test_what_follows_a_hand_over_waits_for_all_its_parts() -> None:
    one, two = _parts(2)
    november = _next(two, "2011-11")
    from_the_middle = _next(one, "2011-12")

    assert _stands(november, from_the_middle, one) == [OUT_OF_ORDER, OUT_OF_ORDER, PARTIAL]
    stands = _stands(november, from_the_middle, one, two)
    assert stands == [ACCEPTED, _rejected(R.NOT_FOLLOWING), ACCEPTED, ACCEPTED]


def test_parts_of_two_revisions_do_not_make_one_whole() -> None:
    one, two = _parts(2)
    again, _ = _parts(2, two.digest, revision=2, replaces=one.digest)

    assert _stands(one, again) == [PARTIAL, OUT_OF_ORDER]


def test_the_same_hand_over_in_another_number_of_parts_is_rejected() -> None:
    whole, parts = _came(_manifest()), _parts(2)

    assert _stands(whole, *parts) == [ACCEPTED, _rejected(R.NOT_REPLACING), _rejected(R.PREVIOUS_REJECTED)]


# --- ids and revisions -------------------------------------------------------------------------------------------------


def test_another_content_under_the_same_id_is_rejected() -> None:
    first = _came(_manifest())
    other = _came(_manifest(retain_until=date(2012, 1, 9)))

    assert first.package == other.package
    assert _stands(first, other) == [ACCEPTED, _rejected(R.ID_REUSED)]


def test_an_id_whose_package_was_rejected_is_free() -> None:
    assert _stands(_came(_manifest(basis=ENDED)), _came(_manifest()))[1] == ACCEPTED


def test_a_revision_waits_for_what_it_replaces_and_is_then_accepted() -> None:
    first = _came(_manifest())
    revised = _next(first, "2011-10", revision=2, replaces=first.digest)

    assert _stands(revised) == [OUT_OF_ORDER]
    assert _stands(revised, first) == [ACCEPTED, ACCEPTED]


def test_a_revision_replaces_a_rejected_one_and_begins_before_it() -> None:
    first = _came(_manifest(basis=ENDED))
    revised = _came(_manifest(revision=2, replaces=first.digest))

    assert _stands(revised, first) == [ACCEPTED, _rejected(R.NO_LEGAL_BASIS)]


def test_a_revision_replaces_one_that_could_not_be_opened() -> None:
    first = _came(_manifest())
    unopened = Arrival(first.package, first.digest, DAY).after(E.REJECT, DAY, R.NOT_OPENED)

    assert _stands(unopened, _came(_manifest(revision=2, replaces=first.digest)))[1] == ACCEPTED


def test_a_revision_of_another_month_or_of_a_later_revision_is_rejected() -> None:
    october = _came(_manifest())
    other = _next(october, "2011-11", revision=2, replaces=october.digest)
    revised = _next(october, "2011-10", revision=3, replaces=october.digest)
    older = _next(revised, "2011-10", revision=2, replaces=revised.digest)

    assert _stands(october, other)[1] == _rejected(R.NOT_REPLACING)
    assert _stands(october, revised, older)[2] == _rejected(R.NOT_REPLACING)


def test_an_older_revision_that_comes_after_a_newer_one_is_rejected() -> None:
    rejected = _came(_manifest(basis=ENDED))
    third = _came(_manifest(revision=3, replaces=rejected.digest))
    second = _came(_manifest(revision=2, replaces=rejected.digest))

    assert _stands(rejected, third, second)[1:] == [ACCEPTED, _rejected(R.NOT_REPLACING)]


# --- the life of one, and its receipts ---------------------------------------------------------------------------------


def test_what_is_decided_is_not_decided_again() -> None:
    for state in (S.ACCEPTED, S.APPLIED, S.REJECTED, S.EXPIRED):
        allowed = {E.APPLY, E.EXPIRE} if state is S.ACCEPTED else set()
        assert set(ARRIVAL_LIFE.allowed(state)) == allowed


def test_what_is_not_accepted_cannot_be_applied() -> None:
    with pytest.raises(WrongState):
        _came(_manifest()).after(E.APPLY, DAY)


def test_an_event_that_changes_nothing_keeps_the_day_on_which_it_was_decided() -> None:
    held = _came(_manifest()).after(E.HOLD_PARTIAL, DAY, R.PARTIAL, head="a" * 64)

    assert held.after(E.HOLD_PARTIAL, date(2011, 11, 1), R.PARTIAL, head="b" * 64) == held


def test_the_receipt_tells_where_it_stands_and_since_when() -> None:
    came, next_day = _came(_manifest()), date(2011, 10, 9)
    held = came.after(E.HOLD_OUT_OF_ORDER, DAY, R.OUT_OF_ORDER)
    accepted = held.after(E.ACCEPT, next_day)
    applied = accepted.after(E.APPLY, next_day, outcomes=(Outcome("added", rows=2),))
    rejected = held.after(E.REJECT, next_day, R.PREVIOUS_REJECTED)
    told = [
        (one.receipt().stage, one.receipt().on, one.receipt().reason)
        for one in (came, held, accepted, applied)
    ]

    assert told == [
        (Stage.RECEIVED, DAY, R.NONE),
        (Stage.RECEIVED, DAY, R.OUT_OF_ORDER),
        (Stage.ACCEPTED, next_day, R.NONE),
        (Stage.APPLIED, next_day, R.NONE),
    ]
    assert rejected.receipt() == Receipt(
        came.package, came.digest, Stage.REJECTED, next_day, R.PREVIOUS_REJECTED
    )
    assert applied.outcomes == (Outcome("added", rows=2),)


def test_the_place_in_the_chain_is_the_number_of_those_before_it() -> None:
    october = _came(_manifest())
    november = _next(october, "2011-11")
    december = _next(november, "2011-12")
    known = [december, october, november]

    assert [chain_position(one, known) for one in (october, november, december)] == [0, 1, 2]
    assert chain_position(december, [december, november]) == 1


# --- the law: whatever the order and the repetition --------------------------------------------------------------------


@attrs.frozen
class _Plan:
    """What a sender made, with what each must come to: known from how it was made, not from the code under test."""

    made: tuple[Arrival, ...]
    ends: tuple[tuple[ArrivalState, Reason], ...]


@st.composite
def _plans(draw: st.DrawFn) -> _Plan:
    """Some months: each in some parts, some without a law, some corrected, and what followed a bad one made anew."""
    made, ends = list[Arrival](), list[tuple[ArrivalState, Reason]]()
    last, broken = FIRST, False
    for month in range(1, draw(st.integers(1, 4)) + 1):
        period, revision, replaces = f"2011-{month:02}", 1, ""
        for _ in range(draw(st.integers(1, 2))):
            fails = draw(st.sampled_from([False, False, True]))
            parts = draw(st.integers(1, 3))
            if broken and draw(st.booleans()):  # the sender has heard that it was rejected
                last, broken = _last_good(made, ends), False
            first = len(made)
            for part in range(1, parts + 1):
                more = {"revision": revision, "replaces": replaces, "basis": ENDED if fails else BASIS}
                came = _came(_manifest(period, part=part, of=parts, previous=last, **more))
                last = came.digest
                made.append(came)
                ends.append(
                    _rejected(R.NO_LEGAL_BASIS)
                    if fails
                    else _rejected(R.PREVIOUS_REJECTED)
                    if broken
                    else ACCEPTED
                )
            revision, replaces, broken = revision + 1, made[first].digest, broken or fails
    return _Plan(tuple(made), tuple(ends))


def _last_good(made: Sequence[Arrival], ends: Iterable[tuple[ArrivalState, Reason]]) -> str:
    good = [one.digest for one, end in zip(made, ends, strict=True) if end == ACCEPTED]
    return good[-1] if good else FIRST


@st.composite
def _deliveries(draw: st.DrawFn, plan: _Plan) -> list[Arrival]:
    """Every package at least once, some twice, some damaged copies among them, in any order."""
    more = draw(st.lists(st.sampled_from(plan.made), max_size=4))
    spoilt = [
        Arrival(one.package, one.digest, DAY).after(E.REJECT, DAY, R.DAMAGED)
        for one in draw(st.lists(st.sampled_from(plan.made), max_size=3))
    ]
    return draw(st.permutations([*plan.made, *more, *spoilt]))


def _delivered(deliveries: Iterable[Arrival], applies: Iterable[bool]) -> dict[str, Arrival]:
    """Take each as a receiver does: what is known is passed over, unless it was damaged; some is applied meanwhile."""
    known: dict[str, Arrival] = {}
    for one, apply in zip(deliveries, applies, strict=False):
        if one.id not in known or known[one.id].reason.asks_again:
            known[one.id] = one
            known |= {other.id: other for other in settle(known.values(), PLANNING, DAY)}
        if apply:
            known |= {
                key: other.after(E.APPLY, DAY) for key, other in known.items() if other.state is S.ACCEPTED
            }
    return known


@given(st.data())
def test_whatever_the_order_and_repetition_each_package_comes_to_the_same_end(data: st.DataObject) -> None:
    plan = data.draw(_plans())
    deliveries = data.draw(_deliveries(plan))
    applies = data.draw(st.lists(st.booleans(), min_size=len(deliveries), max_size=len(deliveries)))
    known = _delivered(deliveries, applies)

    stands = [(known[one.id].state, known[one.id].reason) for one in plan.made]
    expected = [ACCEPTED if state is S.APPLIED else (state, reason) for state, reason in stands]
    assert expected == list(plan.ends)


@given(st.data())
def test_all_at_once_or_one_by_one_is_the_same(data: st.DataObject) -> None:
    plan = data.draw(_plans())
    one_by_one = _delivered(data.draw(st.permutations(plan.made)), [False] * len(plan.made))

    assert {one.id: one for one in settle(plan.made, PLANNING, DAY)} == one_by_one


@given(st.data())
def test_what_has_settled_stays(data: st.DataObject) -> None:
    plan = data.draw(_plans())
    came = data.draw(st.lists(st.sampled_from(plan.made), unique=True))
    known = _delivered(came, [False] * len(came))

    assert settle(known.values(), PLANNING, date(2011, 12, 31)) == ()


@given(st.data())
def test_while_something_is_missing_nothing_that_needs_it_is_accepted(data: st.DataObject) -> None:
    plan = data.draw(_plans())
    came = data.draw(st.lists(st.sampled_from(plan.made), unique=True))
    known = _delivered(came, [False] * len(came))

    for one in known.values():
        manifest = one.manifest
        assert manifest is not None
        if one.state is S.ACCEPTED and manifest.previous != FIRST:
            assert any(
                other.digest == manifest.previous and other.state is S.ACCEPTED for other in known.values()
            )
