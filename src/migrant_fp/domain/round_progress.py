"""How far a round is, as one office can see it: from what it made and what came to it (二(二))."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

import attrs

from migrant_fp.domain.arrival import Arrival, ArrivalState
from migrant_fp.domain.dispatch import Dispatch
from migrant_fp.domain.exchange import Round
from migrant_fp.domain.hand_over import HandOver, HandOverEvent
from migrant_fp.domain.manifest import Manifest

_E = HandOverEvent
_TAKEN = {ArrivalState.ACCEPTED, ArrivalState.APPLIED, ArrivalState.EXPIRED}


@attrs.frozen
class _Step:
    """What is known of one package of a hand-over: the days of its steps."""

    manifest: Manifest
    sent: date | None
    received: date | None
    accepted: date | None
    rejected: date | None
    reason: str

    def by(self, today: date) -> _Step:
        """Return what was known of it at the end of a day."""
        sent, received, accepted, rejected = (
            day if day and day <= today else None
            for day in (self.sent, self.received, self.accepted, self.rejected)
        )
        return _Step(self.manifest, sent, received, accepted, rejected, self.reason)


def progressed(
    exchange: Round, dispatches: Iterable[Dispatch], arrivals: Iterable[Arrival], today: date
) -> Round:
    """Return a round with the hand-overs brought to where one office knew them to be on a day.

    A hand-over is sent when every content of the round is, with all its parts, in whatever revision came first; it is accepted,
    or returned, as the newest revision is that was sent whole. A correction that nobody has answered does not undo what was
    accepted. Of a package from another office the day of sending is the day it came: that can be shown. What two others hand each
    other, the office does not see. Tests and simulations do not count.

    Args:
        exchange: The round as it was opened.
        dispatches: What the office made.
        arrivals: What came to it.
        today: The day; what happened later is left out.
    """
    steps = _steps(exchange, dispatches, arrivals, today)
    return attrs.evolve(
        exchange, hand_overs=tuple(_brought(one, exchange, steps) for one in exchange.hand_overs)
    )


def unanswered_corrections(
    exchange: Round, dispatches: Iterable[Dispatch], arrivals: Iterable[Arrival], today: date
) -> tuple[tuple[HandOver, date], ...]:
    """Return the hand-overs of a round that were accepted, and of which a later revision waits for its answer, with the day it was sent.

    Args:
        exchange: The round as it was opened.
        dispatches: What the office made.
        arrivals: What came to it.
        today: The day; what happened later is left out.
    """
    steps = _steps(exchange, dispatches, arrivals, today)
    waiting = [(one, _waiting(_by_content(one, exchange, steps))) for one in exchange.hand_overs]
    return tuple((one, sent) for one, sent in waiting if sent)


def _waiting(contents: Iterable[list[list[_Step]]]) -> date | None:
    """Return the day of the first revision that was sent after the one that stands."""
    return min(
        (
            sent
            for revisions in contents
            for parts in revisions[len(_standing(revisions)) :]
            if (sent := _complete(parts, "sent"))
        ),
        default=None,
    )


def _steps(
    exchange: Round, dispatches: Iterable[Dispatch], arrivals: Iterable[Arrival], today: date
) -> list[_Step]:
    """Return what had happened in a round by the end of a day."""
    steps = [*map(_made, dispatches), *(_came(one, one.manifest) for one in arrivals if one.manifest)]
    real = [one for one in steps if one.manifest.period == exchange.month and not one.manifest.test]
    return [one.by(today) for one in real]


def _made(one: Dispatch) -> _Step:
    return _Step(one.manifest, one.sent, one.received, one.accepted, one.rejected, one.reason.value)


def _came(one: Arrival, manifest: Manifest) -> _Step:
    taken = one.decided if one.state in _TAKEN else None
    rejected = one.decided if one.state is ArrivalState.REJECTED else None
    return _Step(manifest, one.on, one.on, taken, rejected, one.reason.value)


def _by_content(hand_over: HandOver, exchange: Round, steps: Iterable[_Step]) -> list[list[list[_Step]]]:
    mine = [
        one
        for one in steps
        if (one.manifest.sender, one.manifest.receiver) == (hand_over.sender, hand_over.receiver)
    ]
    return [
        _revisions([one for one in mine if one.manifest.kind.content is content])
        for content in exchange.contents
    ]


def _brought(hand_over: HandOver, exchange: Round, steps: Iterable[_Step]) -> HandOver:
    by_content = [_standing(revisions) for revisions in _by_content(hand_over, exchange, steps)]
    last = date.min
    for event, day, reason in _events(by_content):
        last = max(last, day)
        hand_over = hand_over.after(event, last, reason)
    return hand_over


def _revisions(steps: Sequence[_Step]) -> list[list[_Step]]:
    """Return the revisions that were sent whole, oldest first, each with its parts.

    A part that was taken stands for what else came under its name and was not.
    """
    by_revision: dict[int, dict[int, _Step]] = {}
    for one in sorted(steps, key=lambda one: one.rejected is None):
        by_revision.setdefault(one.manifest.revision, {})[one.manifest.part] = one
    found = [[*parts.values()] for _, parts in sorted(by_revision.items())]
    return [parts for parts in found if _complete(parts, "sent")]


def _standing(revisions: list[list[_Step]]) -> list[list[_Step]]:
    """Return the revisions up to the one that stands: an accepted one stands until a later one is answered."""
    for number, parts in reversed([*enumerate(revisions, 1)]):
        if _complete(parts, "accepted"):
            return revisions[:number]
        if _rejected([parts]):
            break
    return revisions


def _events(contents: Sequence[Sequence[list[_Step]]]) -> Iterator[tuple[HandOverEvent, date, str]]:
    sent = _latest([_first(revisions, "sent") for revisions in contents])
    if sent is None:
        return
    yield _E.SEND, sent, ""
    received = _latest([_first(revisions, "received") for revisions in contents])
    if received is None:
        return
    yield _E.RECEIVE, received, ""
    newest = [revisions[-1] for revisions in contents]
    corrected = [revisions[-1] for revisions in contents if _rejected(revisions[:-1])]
    if corrected:
        yield _returned([one for revisions in contents for one in _rejected(revisions[:-1])])
        yield _E.SEND, max(filter(None, (_complete(one, "sent") for one in corrected))), ""
        again = _latest([_complete(one, "received") for one in corrected])
        if again is None:
            return
        yield _E.RECEIVE, again, ""
    if rejected := _rejected(newest):
        yield _returned(rejected)
    elif accepted := _latest([_complete(one, "accepted") for one in newest]):
        yield _E.ACCEPT, accepted, ""


def _rejected(revisions: Iterable[Iterable[_Step]]) -> list[_Step]:
    return [one for parts in revisions for one in parts if one.rejected]


def _returned(rejected: Sequence[_Step]) -> tuple[HandOverEvent, date, str]:
    newest = max(rejected, key=lambda one: one.rejected or date.min)
    return _E.RETURN, newest.rejected or date.min, newest.reason


def _first(revisions: Iterable[Sequence[_Step]], name: str) -> date | None:
    days = [_complete(parts, name) for parts in revisions]
    return min((day for day in days if day), default=None)


def _complete(parts: Sequence[_Step], name: str) -> date | None:
    """Return the day on which a step was done for every part; None while one is not."""
    if len(parts) < parts[0].manifest.of:
        return None
    return _latest([getattr(one, name) for one in parts])


def _latest(days: Sequence[date | None]) -> date | None:
    known = [day for day in days if day is not None]
    return max(known) if known and len(known) == len(days) else None
