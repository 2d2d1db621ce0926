"""What becomes of a package that was sent: receipts may be lost, doubled and reordered, and the end is the same."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrant_fp.domain.dispatch import DISPATCH_LIFE, Dispatch, DispatchEvent, DispatchState
from migrant_fp.domain.errors import WrongState
from migrant_fp.domain.manifest import Manifest, PackageKind
from migrant_fp.domain.receipt import NOTHING, Reason, Receipt, Stage

DAY = date(2011, 10, 8)
MADE = Dispatch(
    Manifest(
        sender="public_security/district/999999",
        receiver="family_planning/district/999999",
        kind=PackageKind.STATISTICS,
        period="2011-10",
        as_of=DAY,
        due=DAY,
        threshold=10,
    ),
    "a" * 64,
    DAY,
)
SENT = MADE.after_sending(DAY)
S, E, R = DispatchState, DispatchEvent, Reason


def _receipt(
    stage: Stage, day: int = 0, reason: Reason = R.NONE, digest: str = "a" * 64, **more: bool
) -> Receipt:
    return Receipt(MADE.id, digest, stage, DAY + timedelta(days=day), reason, **more)


OUT_OF_ORDER = _receipt(Stage.RECEIVED, 1, R.OUT_OF_ORDER, late=True)
PARTIAL = _receipt(Stage.RECEIVED, 2, R.PARTIAL, late=True)
ACCEPTED = _receipt(Stage.ACCEPTED, 3, late=True)
APPLIED = _receipt(Stage.APPLIED, 4, late=True)
REJECTED = _receipt(Stage.REJECTED, 5, R.PREVIOUS_REJECTED)
DAMAGED = _receipt(Stage.REJECTED, 1, R.DAMAGED, "b" * 64)
UNPROVEN = _receipt(Stage.REJECTED, 1, R.UNPROVEN)
#: Of other bytes under its name that nobody could prove: not what was sent.
FORGED = _receipt(Stage.REJECTED, 1, R.UNPROVEN, "b" * 64)
#: Of what grew on the way so that its manifest was never read.
TOO_LARGE = _receipt(Stage.REJECTED, 1, R.TOO_LARGE, NOTHING)
BADLY = (DAMAGED, FORGED, UNPROVEN, TOO_LARGE)
#: What a receiver can say one after the other.
GOOD, BAD = (OUT_OF_ORDER, PARTIAL, ACCEPTED, APPLIED), (OUT_OF_ORDER, PARTIAL, REJECTED)


def _heard(receipts: Iterable[Receipt], start: Dispatch = SENT) -> Dispatch:
    for receipt in receipts:
        start = start.after_receipt(receipt)
    return start


def test_what_is_made_waits_to_be_sent_and_is_then_unanswered() -> None:
    assert (MADE.waits_to_be_sent, MADE.is_answered, MADE.is_ended) == (True, False, False)
    assert (SENT.waits_to_be_sent, SENT.is_answered, SENT.is_ended) == (False, False, False)
    assert (SENT.state, SENT.sent) == (S.SENT, DAY)


def test_sent_again_it_keeps_the_day_on_which_it_was_first_sent() -> None:
    assert SENT.after_sending(date(2011, 11, 1)) == SENT


def test_each_receipt_moves_it_on_and_keeps_its_day() -> None:
    held = _heard([OUT_OF_ORDER])
    assert (held.state, held.received, held.reason, held.late) == (
        S.RECEIVED,
        DAY + timedelta(1),
        R.OUT_OF_ORDER,
        True,
    )
    assert _heard([OUT_OF_ORDER, PARTIAL]).reason is R.PARTIAL

    applied = _heard(GOOD)
    days = (applied.sent, applied.received, applied.accepted, applied.rejected)
    assert days == (DAY, DAY + timedelta(1), DAY + timedelta(3), None)
    assert (applied.state, applied.reason, applied.is_ended) == (S.APPLIED, R.NONE, True)

    rejected = _heard(BAD)
    assert (rejected.state, rejected.reason, rejected.is_ended) == (S.REJECTED, R.PREVIOUS_REJECTED, True)
    assert (rejected.accepted, rejected.rejected) == (None, DAY + timedelta(5))


def test_applied_alone_says_that_it_was_accepted_too() -> None:
    assert _heard([APPLIED]).accepted == _heard([APPLIED]).received == DAY + timedelta(4)


def test_a_receipt_proves_that_it_was_sent_where_the_ledger_does_not_say_so() -> None:
    heard = _heard([ACCEPTED], MADE)

    assert (heard.state, heard.sent) == (S.ACCEPTED, DAY + timedelta(3))
    assert not heard.waits_to_be_sent


@pytest.mark.parametrize(
    "receipt", [DAMAGED, FORGED, attrs.evolve(DAMAGED, digest="a" * 64)], ids=["damaged", "forged", "mine"]
)
def test_what_came_damaged_is_to_be_sent_again_and_says_why(receipt: Receipt) -> None:
    again = _heard([receipt])
    next_day = DAY + timedelta(1)

    assert (again.state, again.waits_to_be_sent, again.is_ended) == (S.MADE, True, False)
    assert (again.sent, again.received, again.rejected, again.reason) == (
        DAY,
        next_day,
        next_day,
        receipt.reason,
    )
    assert again.after_sending(DAY) == SENT


@pytest.mark.parametrize("receipt", [UNPROVEN, TOO_LARGE])
def test_what_came_unproven_or_too_large_is_returned_and_not_sent_again_by_itself(receipt: Receipt) -> None:
    again = _heard([receipt])

    assert (again.state, again.waits_to_be_sent, again.is_ended) == (S.RETURNED, False, False)
    assert (again.rejected, again.reason) == (DAY + timedelta(1), receipt.reason)
    assert again.after_sending(DAY) == SENT
    assert again.is_lost is (receipt is TOO_LARGE)


@pytest.mark.parametrize("bad", BADLY)
@pytest.mark.parametrize("state", [OUT_OF_ORDER, ACCEPTED, APPLIED, REJECTED])
def test_a_bad_copy_of_what_has_come_whole_changes_nothing_in_either_order(
    state: Receipt, bad: Receipt
) -> None:
    assert _heard([state, bad]) == _heard([bad, state]) == _heard([state])
    assert _heard([bad, bad]) == _heard([bad])


@given(st.lists(st.sampled_from(BADLY), min_size=1), st.data())
def test_bad_copies_in_any_order_have_the_same_end(bad: list[Receipt], data: st.DataObject) -> None:
    assert _heard(data.draw(st.permutations(bad))) == _heard(bad)


def test_too_large_with_its_own_manifest_read_is_the_end() -> None:
    assert _heard([_receipt(Stage.REJECTED, 1, R.TOO_LARGE)]).state is S.REJECTED


def test_what_is_kept_no_longer_has_ended_unless_it_had_before() -> None:
    for receipts in ([], [OUT_OF_ORDER], [DAMAGED], [UNPROVEN], [ACCEPTED]):
        one = _heard(receipts).after_expiry()
        assert (one.state, one.is_ended, one.waits_to_be_sent) == (S.EXPIRED, True, False)
        assert one.is_lost is (receipts != [ACCEPTED])
        assert one.after_expiry() == one
    for receipts in ([APPLIED], [REJECTED]):
        assert _heard(receipts).after_expiry() == _heard(receipts)


def test_a_receipt_that_comes_after_the_end_of_keeping_still_tells_what_became_of_it() -> None:
    expired = SENT.after_expiry()

    assert _heard([ACCEPTED], expired).state is S.EXPIRED
    assert not _heard([ACCEPTED], expired).is_lost
    assert _heard([ACCEPTED, APPLIED], expired) == _heard([APPLIED, ACCEPTED])
    assert _heard([REJECTED], expired) == _heard([REJECTED])
    for bad in BADLY:
        assert _heard([bad], expired) == expired


def test_an_unsigned_receipt_is_marked_and_stays_so_in_either_order() -> None:
    marked = SENT.after_receipt(OUT_OF_ORDER, integrity_only=True).after_receipt(ACCEPTED)
    reverse = SENT.after_receipt(ACCEPTED).after_receipt(OUT_OF_ORDER, integrity_only=True)
    other = attrs.evolve(ACCEPTED, package="another.r1")

    assert marked == reverse == attrs.evolve(_heard([OUT_OF_ORDER, ACCEPTED]), integrity_only=True)
    assert SENT.after_receipt(other, integrity_only=True) == SENT


@pytest.mark.parametrize("receipt", [OUT_OF_ORDER, ACCEPTED, APPLIED, REJECTED])
def test_a_receipt_of_another_package_or_digest_changes_nothing(receipt: Receipt) -> None:
    assert SENT.after_receipt(attrs.evolve(receipt, package="another.r1")) == SENT
    assert SENT.after_receipt(attrs.evolve(receipt, digest="b" * 64)) == SENT


def test_a_damaged_copy_of_another_package_changes_nothing() -> None:
    assert SENT.after_receipt(attrs.evolve(DAMAGED, package="another.r1")) == SENT


@pytest.mark.parametrize(
    "order", [(REJECTED, ACCEPTED), (ACCEPTED, REJECTED), (REJECTED, APPLIED), (APPLIED, REJECTED)]
)
def test_receipts_that_contradict_each_other_are_an_error(order: tuple[Receipt, ...]) -> None:
    with pytest.raises(WrongState):
        _heard(order)


@given(
    st.sampled_from([GOOD, BAD]).flatmap(lambda said: st.lists(st.sampled_from(said), min_size=1)), st.data()
)
def test_receipts_in_any_order_and_number_have_the_same_end(
    heard: list[Receipt], data: st.DataObject
) -> None:
    start = data.draw(st.sampled_from([MADE, SENT]))
    again = data.draw(st.permutations([*heard, *data.draw(st.lists(st.sampled_from(heard)))]))

    assert _heard(again, start) == _heard(dict.fromkeys(heard), start)


@given(st.sampled_from([GOOD, BAD]).flatmap(st.permutations), st.data())
def test_damaged_copies_and_sendings_on_the_way_change_nothing_once_it_is_answered(
    said: list[Receipt], data: st.DataObject
) -> None:
    one = _heard(said[:1])
    for receipt in said[1:]:
        for _ in range(data.draw(st.integers(0, 2))):
            one = data.draw(st.sampled_from([one.after_sending(DAY), _heard([DAMAGED], one)]))
        one = one.after_receipt(receipt)

    assert one == _heard(said)


@given(st.sampled_from([GOOD, BAD]).flatmap(lambda said: st.lists(st.sampled_from(said))))
def test_a_weaker_receipt_never_moves_it_back(heard: list[Receipt]) -> None:
    order = [S.MADE, S.SENT, S.RECEIVED, S.ACCEPTED, S.APPLIED, S.REJECTED]
    states = [order.index(_heard(heard[:number]).state) for number in range(len(heard) + 1)]

    assert states == sorted(states)


def test_every_state_takes_a_sending_and_a_call_for_more() -> None:
    for state in S:
        assert {E.SEND, E.AGAIN} <= set(DISPATCH_LIFE.allowed(state))
