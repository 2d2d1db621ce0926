"""How far a round is, as one office sees it; every day below is worked out by hand from what was made and what came."""

from collections.abc import Sequence
from datetime import date
from itertools import count, permutations
from typing import Any

import pytest

from migrant_fp.adapters.chinese_calendar import working_calendar
from migrant_fp.application.exchange import exchange_of
from migrant_fp.domain.agency import Role
from migrant_fp.domain.arrival import Arrival, ArrivalState
from migrant_fp.domain.clause import LegalBasis
from migrant_fp.domain.dispatch import Dispatch, DispatchState
from migrant_fp.domain.duty import Level
from migrant_fp.domain.exchange import Content, Round
from migrant_fp.domain.hand_over import HandOver, HandOverEvent, HandOverState
from migrant_fp.domain.manifest import Manifest, PackageKind
from migrant_fp.domain.receipt import Reason
from migrant_fp.domain.round_progress import progressed, unanswered_corrections
from migrant_fp.regulations.changzhou_agencies import AGENCIES

_PARTIES = AGENCIES.parties(Level.DISTRICT, "320411")
POLICE, PLANNING, OFFICE = (
    next(one.id for one in _PARTIES if one.role is role)
    for role in (Role.PUBLIC_SECURITY, Role.FAMILY_PLANNING, Role.COORDINATION)
)
LAW = LegalBasis("示例办法", "示例〔1〕号", date(2011, 1, 1), None, "示例")
S, E = HandOverState, HandOverEvent
_digests = count(1)


def _day(number: int) -> date:
    return date(2011, 11, number)


def _round(*contents: Content) -> Round:
    return Round.opened(
        exchange_of(Level.DISTRICT, "2011-11", working_calendar()),
        _PARTIES,
        contents or (Content.STATISTICS,),
    )


def _manifest(kind: PackageKind, **facts: Any) -> Manifest:
    if kind is PackageKind.STATISTICS:
        facts = {"threshold": 10, **facts}
    if kind in {PackageKind.CASES, PackageKind.CHANGES}:
        facts = {"basis": LAW, "retain_until": date(2012, 2, 1), **facts}
    if kind is PackageKind.CASES:
        facts = {"join_key": "a", **facts}
    if facts.get("revision", 1) > 1:
        facts = {"replaces": "1" * 64, **facts}
    given = {"sender": POLICE, "receiver": PLANNING, "period": "2011-11", "as_of": _day(1), "due": _day(5)}
    return Manifest(**{"kind": kind, **given, **facts})


def _dispatch(
    sent: int = 0,
    received: int = 0,
    accepted: int = 0,
    rejected: int = 0,
    kind: PackageKind = PackageKind.STATISTICS,
    **facts: Any,
) -> Dispatch:
    days = [_day(one) if one else None for one in (sent, received, accepted, rejected)]
    state = DispatchState.REJECTED if rejected else DispatchState.SENT
    reason = Reason.NOT_REPLACING if rejected else Reason.NONE
    digest = f"{next(_digests):064x}"
    return Dispatch(_manifest(kind, **facts), digest, _day(1), state, *days, reason)


def _arrival(
    came: int, state: ArrivalState, decided: int, reason: Reason = Reason.NONE, **facts: Any
) -> Arrival:
    manifest = _manifest(facts.pop("kind", PackageKind.STATISTICS), **facts)
    digest = f"{next(_digests):064x}"
    return Arrival(manifest.package_id, digest, _day(came), manifest, state, reason, _day(decided))


def _seen(
    dispatches: Sequence[Dispatch] = (),
    arrivals: Sequence[Arrival] = (),
    exchange: Round | None = None,
    between: tuple[str, str] = (POLICE, PLANNING),
    today: int = 30,
) -> HandOver:
    return progressed(exchange or _round(), dispatches, arrivals, _day(today)).hand_over(*between)


def _history(hand_over: HandOver) -> list[tuple[HandOverEvent, int]]:
    return [(event, on.day) for event, on in hand_over.history]


def test_what_is_made_and_not_sent_is_still_owed() -> None:
    assert _seen([_dispatch()]).state is S.OWED


def test_what_was_sent_received_and_accepted_says_when() -> None:
    assert _history(_seen([_dispatch(2)])) == [(E.SEND, 2)]
    assert _history(_seen([_dispatch(2, 3)])) == [(E.SEND, 2), (E.RECEIVE, 3)]
    assert _history(_seen([_dispatch(2, 3, 4)])) == [(E.SEND, 2), (E.RECEIVE, 3), (E.ACCEPT, 4)]


def test_what_was_rejected_is_returned_with_its_reason() -> None:
    seen = _seen([_dispatch(2, 3, rejected=4)])

    assert (seen.state, seen.reason) == (S.RETURNED, "not_replacing")
    assert _history(seen)[-1] == (E.RETURN, 4)


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (ArrivalState.ACCEPTED, S.ACCEPTED),
        (ArrivalState.APPLIED, S.ACCEPTED),
        (ArrivalState.HELD_PARTIAL, S.RECEIVED),
        (ArrivalState.HELD_OUT_OF_ORDER, S.RECEIVED),
        (ArrivalState.REJECTED, S.RETURNED),
    ],
)
def test_what_came_counts_as_sent_on_the_day_it_came(state: ArrivalState, expected: HandOverState) -> None:
    reason = Reason.NOT_REPLACING if state is ArrivalState.REJECTED else Reason.NONE
    seen = _seen(arrivals=[_arrival(3, state, 4, reason)])

    assert (seen.state, seen.first_sent) == (expected, _day(3))


def test_a_package_of_which_nothing_could_be_read_says_nothing_of_a_hand_over() -> None:
    damaged = Arrival("2011-11.x", "0" * 64, _day(3), None, ArrivalState.REJECTED, Reason.DAMAGED, _day(3))

    assert _seen(arrivals=[damaged]).state is S.OWED


def test_a_hand_over_of_two_parts_is_sent_when_both_are() -> None:
    first, second = _dispatch(2, 3, 4, part=1, of=2), _dispatch(6, 7, 8, part=2, of=2)

    assert _seen([first]).state is S.OWED
    assert _seen([first, _dispatch(part=2, of=2)]).state is S.OWED
    assert _history(_seen([first, second])) == [(E.SEND, 6), (E.RECEIVE, 7), (E.ACCEPT, 8)]


def test_one_rejected_part_returns_the_whole() -> None:
    first, second = _dispatch(2, 3, 4, part=1, of=2), _dispatch(2, 3, rejected=5, part=2, of=2)

    assert _history(_seen([first, second]))[-1] == (E.RETURN, 5)


def test_a_round_of_two_contents_is_sent_when_both_are_and_accepted_when_both_are() -> None:
    both = _round(Content.STATISTICS, Content.CASES)
    counts, cases = _dispatch(2, 3, 4), _dispatch(5, 6, 7, kind=PackageKind.CASES)

    assert _seen([counts], exchange=both).state is S.OWED
    assert _seen([counts, _dispatch(5, kind=PackageKind.CASES)], exchange=both).state is S.SENT
    assert _history(_seen([counts, cases], exchange=both)) == [(E.SEND, 5), (E.RECEIVE, 6), (E.ACCEPT, 7)]


def test_one_rejected_content_returns_the_hand_over() -> None:
    both = _round(Content.STATISTICS, Content.CASES)
    cases = _dispatch(2, 3, rejected=5, kind=PackageKind.CASES)

    assert _seen([_dispatch(2, 3, 4), cases], exchange=both).state is S.RETURNED


def test_a_content_that_the_round_does_not_hold_changes_nothing() -> None:
    assert (
        _seen([_dispatch(2, kind=PackageKind.CASES), _dispatch(2, kind=PackageKind.CHANGES)]).state is S.OWED
    )


def test_a_correction_keeps_the_day_on_which_the_first_was_sent() -> None:
    seen = _seen([_dispatch(2, 3, 4), _dispatch(9, 10, 11, revision=2)])

    assert (seen.first_sent, seen.state) == (_day(2), S.ACCEPTED)
    assert _history(seen) == [(E.SEND, 2), (E.RECEIVE, 3), (E.ACCEPT, 11)]


def test_a_correction_that_is_only_made_does_not_take_a_return_away() -> None:
    seen = _seen([_dispatch(2, 3, rejected=4), _dispatch(revision=2)])

    assert seen.state is S.RETURNED


def test_a_correction_that_nobody_answered_does_not_hide_what_was_accepted() -> None:
    accepted = [(E.SEND, 2), (E.RECEIVE, 3), (E.ACCEPT, 4)]

    assert _history(_seen([_dispatch(2, 3, 4), _dispatch(10, revision=2)])) == accepted
    assert _history(_seen([_dispatch(2, 3, 4), _dispatch(10, 11, revision=2)])) == accepted
    held = _arrival(10, ArrivalState.HELD_OUT_OF_ORDER, 10, revision=2)
    assert _seen(arrivals=[_arrival(2, ArrivalState.ACCEPTED, 2), held]).state is S.ACCEPTED


def test_a_correction_that_was_rejected_returns_what_was_accepted() -> None:
    assert _seen([_dispatch(2, 3, 4), _dispatch(10, 11, rejected=12, revision=2)]).state is S.RETURNED


def test_a_correction_of_a_correction_stands_on_the_last_that_was_accepted() -> None:
    first, second = _dispatch(2, 3, rejected=4), _dispatch(6, 7, 8, revision=2)
    seen = _seen([first, second, _dispatch(10, revision=3)])

    assert seen.state is S.ACCEPTED
    assert _history(seen)[-3:] == [(E.SEND, 6), (E.RECEIVE, 7), (E.ACCEPT, 8)]


def test_a_correction_waits_for_its_answer_from_the_day_it_was_sent() -> None:
    def waiting(*dispatches: Dispatch, today: int = 30) -> list[tuple[str, str, int]]:
        found = unanswered_corrections(_round(), dispatches, [], _day(today))
        return [(one.sender, one.receiver, sent.day) for one, sent in found]

    accepted = _dispatch(2, 3, 4)
    assert waiting(accepted, _dispatch(10, revision=2)) == [(POLICE, PLANNING, 10)]
    assert waiting(accepted, _dispatch(10, revision=2), today=9) == []
    assert waiting(accepted, _dispatch(10, revision=2), _dispatch(12, revision=3)) == [(POLICE, PLANNING, 10)]
    assert waiting(accepted, _dispatch(10, 11, 12, revision=2)) == []
    assert waiting(accepted, _dispatch(10, 11, rejected=12, revision=2)) == []
    assert waiting(accepted) == waiting(_dispatch(2)) == []
    assert waiting(_dispatch(2, 3, rejected=4), _dispatch(6, revision=2)) == []


def test_what_happened_after_a_day_is_not_known_on_it() -> None:
    made = [_dispatch(2, 3, 4), _dispatch(10, 11, rejected=12, revision=2)]
    known = {day: _seen(made, today=day).state for day in (1, 2, 3, 4, 10, 11, 12)}

    assert known == {
        1: S.OWED,
        2: S.SENT,
        3: S.RECEIVED,
        4: S.ACCEPTED,
        10: S.ACCEPTED,
        11: S.ACCEPTED,
        12: S.RETURNED,
    }
    came = [_arrival(3, ArrivalState.ACCEPTED, 5)]
    assert [_seen(arrivals=came, today=day).state for day in (2, 3, 4, 5)] == [
        *(S.OWED, S.RECEIVED, S.RECEIVED, S.ACCEPTED)
    ]


def test_a_return_is_answered_by_sending_the_correction() -> None:
    returned = _dispatch(2, 3, rejected=4)
    begun = [(E.SEND, 2), (E.RECEIVE, 3), (E.RETURN, 4), (E.SEND, 6)]

    assert _history(_seen([returned, _dispatch(6, revision=2)])) == begun
    assert _history(_seen([returned, _dispatch(6, 7, revision=2)])) == [*begun, (E.RECEIVE, 7)]
    accepted = _seen([returned, _dispatch(6, 7, 8, revision=2)])
    assert _history(accepted) == [*begun, (E.RECEIVE, 7), (E.ACCEPT, 8)]
    again = _seen([returned, _dispatch(6, 7, rejected=8, revision=2)])
    assert _history(again) == [*begun, (E.RECEIVE, 7), (E.RETURN, 8)]


def test_what_came_under_a_name_that_was_taken_already_takes_nothing_back() -> None:
    taken = _arrival(3, ArrivalState.ACCEPTED, 3)
    other = _arrival(6, ArrivalState.REJECTED, 6, Reason.ID_REUSED)

    for order in permutations([taken, other]):
        assert _history(_seen(arrivals=order)) == [(E.SEND, 3), (E.RECEIVE, 3), (E.ACCEPT, 3)]


def test_a_test_does_not_count() -> None:
    assert _seen([_dispatch(2, 3, 4, test=True)]).state is S.OWED


def test_another_month_does_not_count() -> None:
    assert _seen([_dispatch(2, 3, 4, period="2011-10")]).state is S.OWED


def test_each_pair_of_parties_is_a_hand_over_of_its_own() -> None:
    mine = [_dispatch(2), _dispatch(3, receiver=OFFICE)]
    came = [_arrival(4, ArrivalState.ACCEPTED, 4, sender=PLANNING, receiver=POLICE)]
    now = progressed(_round(), mine, came, _day(30))
    first = {(one.sender, one.receiver): one.first_sent.day for one in now.hand_overs if one.first_sent}

    assert first == {(POLICE, PLANNING): 2, (POLICE, OFFICE): 3, (PLANNING, POLICE): 4}


def test_days_that_do_not_fit_together_are_put_in_order() -> None:
    # The clocks of two offices differ: a receipt may bear a day before that of the sending.
    assert _history(_seen([_dispatch(4, 3, 2)])) == [(E.SEND, 4), (E.RECEIVE, 4), (E.ACCEPT, 4)]


def test_the_order_in_which_the_ledger_gives_them_does_not_matter() -> None:
    made = [
        _dispatch(2, 3, rejected=4),
        _dispatch(6, 7, 8, revision=2, of=2),
        _dispatch(9, 10, 11, revision=2, part=2, of=2),
    ]

    assert len({tuple(_seen(order).history) for order in permutations(made)}) == 1


def test_corrections_and_receipts_are_no_hand_over() -> None:
    request = _manifest(PackageKind.CORRECTION, basis=LAW, join_key="a", retain_until=date(2012, 2, 1))
    sent = Dispatch(request, "1" * 64, _day(1), DispatchState.SENT, _day(2))

    assert _seen([sent]).state is S.OWED
