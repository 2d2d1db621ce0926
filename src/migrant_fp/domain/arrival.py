"""What becomes of a package that came (二): held, accepted, applied or rejected. One table, and one pure decision.

Whatever the order in which packages come, and however often, the end is the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import attrs

from migrant_fp.domain.errors import NoLegalBasis, NotModelled
from migrant_fp.domain.life_cycle import LifeCycle
from migrant_fp.domain.manifest import FIRST, Manifest
from migrant_fp.domain.receipt import Outcome, Reason, Receipt, Stage
from migrant_fp.schedule.term import Term


class ArrivalState(Term):
    """Where a package that came stands."""

    HELD_PARTIAL = ("held_partial", "分包未齐")
    HELD_OUT_OF_ORDER = ("held_out_of_order", "前包未到")
    NEW = ("new", "新到")
    ACCEPTED = ("accepted", "已接受")
    APPLIED = ("applied", "已入库")
    REJECTED = ("rejected", "不予接受")
    EXPIRED = ("expired", "保存期满，未入库")


class ArrivalEvent(Term):
    """What moves it."""

    HOLD_PARTIAL = ("hold_partial", "待分包")
    HOLD_OUT_OF_ORDER = ("hold_out_of_order", "待前包")
    ACCEPT = ("accept", "接受")
    REJECT = ("reject", "拒收")
    APPLY = ("apply", "入库")
    EXPIRE = ("expire", "保存期满")


_S, _E = ArrivalState, ArrivalEvent
_DECIDED = {
    _E.HOLD_OUT_OF_ORDER: _S.HELD_OUT_OF_ORDER,
    _E.HOLD_PARTIAL: _S.HELD_PARTIAL,
    _E.ACCEPT: _S.ACCEPTED,
    _E.REJECT: _S.REJECTED,
}
#: The one table of a package that came. What is held is decided again whenever another comes.
ARRIVAL_LIFE = LifeCycle(
    _S.NEW,
    {
        **{(_S.NEW, event): state for event, state in _DECIDED.items()},
        **{(_S.HELD_OUT_OF_ORDER, event): state for event, state in _DECIDED.items()},
        **{(_S.HELD_PARTIAL, event): state for event, state in _DECIDED.items()},
        (_S.ACCEPTED, _E.APPLY): _S.APPLIED,
        (_S.ACCEPTED, _E.EXPIRE): _S.EXPIRED,
    },
)
#: What the receiver's own ledger takes for a link of the chain: it need not be applied yet.
_LINKS = frozenset({_S.ACCEPTED, _S.APPLIED, _S.EXPIRED})
#: What is decided, again and again, until it is accepted or rejected.
_UNDECIDED = frozenset({_S.NEW, _S.HELD_PARTIAL, _S.HELD_OUT_OF_ORDER})


@attrs.frozen
class Arrival:
    """A package that came.

    Attributes:
        package: Its id, or the name it came under where the manifest cannot be trusted.
        digest: The digest of its manifest.
        on: The day on which it came first.
        manifest: What it says of itself; None where that cannot be trusted.
        state: Where it stands.
        reason: Why it is held or rejected.
        decided: The day on which it came to where it stands; of one that expired, the day on which it was accepted.
        integrity_only: Whether it came unsigned, and was taken because that was asked for.
        outcomes: What became of its rows.
        head: The head of the receiver's audit chain when that was decided.
        told: What the sender was told last: the label of the receipt.
    """

    package: str
    digest: str
    on: date
    manifest: Manifest | None = None
    state: ArrivalState = ARRIVAL_LIFE.first
    reason: Reason = Reason.NONE
    decided: date | None = None
    integrity_only: bool = False
    outcomes: tuple[Outcome, ...] = ()
    head: str = FIRST
    told: str = ""

    @property
    def id(self) -> str:
        """A stable id: the package and the digest, since two may come under one name."""
        return f"{self.package}@{self.digest[:16]}"

    @property
    def late(self) -> bool:
        """Whether it came after its due day."""
        return self.manifest is not None and self.on > self.manifest.due

    def is_kept(self, today: date) -> bool:
        """Whether the office may keep the package: it is not rejected, and its last day of keeping is not past."""
        if self.state in {_S.REJECTED, _S.EXPIRED} or self.manifest is None:
            return False
        return not self.manifest.is_past_retention(today)

    def after(
        self,
        event: ArrivalEvent,
        on: date,
        reason: Reason = Reason.NONE,
        *,
        outcomes: tuple[Outcome, ...] = (),
        head: str = FIRST,
    ) -> Arrival:
        """Return it after an event; where nothing changes, it is the same as before.

        Args:
            event: What happened.
            on: When.
            reason: Why it is held or rejected.
            outcomes: What became of its rows.
            head: The head of the audit chain.

        Raises:
            WrongState: If the event is not allowed in its state.
        """
        state = ARRIVAL_LIFE.after(self.state, event, self.id)
        if (state, reason) == (self.state, self.reason):
            return self
        if state is _S.EXPIRED:  # the sender was told that it is accepted, and that stays as it was said
            return attrs.evolve(self, state=state)
        return attrs.evolve(self, state=state, reason=reason, decided=on, outcomes=outcomes, head=head)

    def receipt(self) -> Receipt:
        """Return the receipt for where it stands: always the same for the same standing."""
        stage = {
            _S.ACCEPTED: Stage.ACCEPTED,
            _S.APPLIED: Stage.APPLIED,
            _S.EXPIRED: Stage.ACCEPTED,
            _S.REJECTED: Stage.REJECTED,
        }.get(self.state, Stage.RECEIVED)
        return Receipt(self.package, self.digest, stage, self.decided or self.on, self.reason, self.late)


def decide(arrival: Arrival, me: str, others: Iterable[Arrival], today: date) -> tuple[ArrivalEvent, Reason]:
    """Return what becomes of a package that came whole and proven.

    Args:
        arrival: The package, with its manifest.
        me: The id of the agency that it came to.
        others: Every package that came before or with it.
        today: The day.

    Raises:
        ValueError: If the package has no manifest that can be trusted.
    """
    manifest = arrival.manifest
    if manifest is None:
        raise ValueError("a package without a manifest is rejected, not decided upon")
    known = [one for one in others if one.id != arrival.id]
    if reason := _refusal(manifest, arrival, me, known, today):
        return _E.REJECT, reason
    if reason := _waits(manifest, known):
        event = _E.REJECT if reason is Reason.PREVIOUS_REJECTED else _E.HOLD_OUT_OF_ORDER
        return event, reason
    parts = [one for one in known if one.manifest and _set(one.manifest) == _set(manifest)]
    if any(one.state in _LINKS for one in parts):
        return _E.ACCEPT, Reason.NONE
    if reason := _misplaced(manifest, known):
        return _E.REJECT, reason
    if _is_whole(manifest, parts):
        return _E.ACCEPT, Reason.NONE
    return _E.HOLD_PARTIAL, Reason.PARTIAL


def settle(known: Iterable[Arrival], me: str, today: date, head: str = FIRST) -> tuple[Arrival, ...]:
    """Return what stands otherwise once everything that came is decided upon: the new ones, and those that waited for them.

    Held packages are decided again until nothing moves. So the end does not depend on the order in which they came.

    Args:
        known: Every package that came, the new ones among them.
        me: The id of the agency that they came to.
        today: The day.
        head: The head of the audit chain.
    """
    before = {one.id: one for one in known}
    standing = dict(before)
    while _moved(standing, me, today, head):
        pass
    return tuple(one for key, one in standing.items() if one != before[key])


def _moved(standing: dict[str, Arrival], me: str, today: date, head: str) -> bool:
    """Decide once upon everything undecided, and return whether anything changed."""
    moved = False
    for one in sorted(standing.values(), key=_turn):
        if one.state in _UNDECIDED and one.manifest is not None:
            event, reason = decide(one, me, standing.values(), today)
            standing[one.id] = one.after(event, today, reason, head=head)
            moved = moved or standing[one.id] != one
    return moved


def _turn(one: Arrival) -> tuple[int, int, str]:
    return (one.manifest.revision, one.manifest.part, one.id) if one.manifest else (0, 0, one.id)


def rivals(manifest: Manifest, known: Iterable[Arrival]) -> tuple[Arrival, ...]:
    """Return what was accepted as a link after the same link: each has one successor, and its corrections beside it.

    Args:
        manifest: Of the package that is to follow.
        known: Every package that came.
    """
    return tuple(
        one
        for one in known
        if one.state in _LINKS
        and one.manifest
        and (one.manifest.stream, one.manifest.previous) == (manifest.stream, manifest.previous)
        and one.manifest.hand_over != manifest.hand_over
    )


def chain_position(arrival: Arrival, known: Iterable[Arrival]) -> int:
    """Return how many packages stand before one in its chain, as far as they are known: what comes first is applied first."""
    by_digest = {one.digest: one.manifest for one in known if one.manifest}
    position, at = 0, arrival.manifest
    while at and at.previous in by_digest and position < len(by_digest):
        position, at = position + 1, by_digest[at.previous]
    return position


def _refusal(
    manifest: Manifest, arrival: Arrival, me: str, known: Sequence[Arrival], today: date
) -> Reason | None:
    broken = (
        (Reason.NOT_ADDRESSED, manifest.receiver != me),
        (Reason.NOT_A_PARTY, not _are_parties(manifest.sender, me)),
        (Reason.MISDATED, _is_misdated(manifest, today)),
        (Reason.NO_LEGAL_BASIS, not _has_basis(manifest, today)),
        (Reason.PAST_RETENTION, manifest.is_past_retention(today)),
        (
            Reason.ID_REUSED,
            any(one.package == arrival.package and one.state is not _S.REJECTED for one in known),
        ),
    )
    return next((reason for reason, is_so in broken if is_so), None)


def _has_basis(manifest: Manifest, today: date) -> bool:
    try:
        manifest.require_basis(today)
    except (NoLegalBasis, NotModelled):
        return False
    return True


def _are_parties(one: str, other: str) -> bool:
    """Return whether two ids are of parties of one exchange: of one level and division, in two roles (二(二))."""
    (role, *place), (other_role, *other_place) = one.split("/"), other.split("/")
    return place == other_place and role != other_role


def _is_misdated(manifest: Manifest, today: date) -> bool:
    """Return whether the data are of a day to come, or a hand-over of a month is not due in that month."""
    is_due_elsewhere = manifest.kind.content is not None and f"{manifest.due:%Y-%m}" != manifest.period
    return manifest.as_of > today or is_due_elsewhere


def _waits(manifest: Manifest, known: Sequence[Arrival]) -> Reason | None:
    digests = _stream(manifest, known)
    before = digests.get(manifest.previous)
    if manifest.previous != FIRST:
        if before is None or before.reason.asks_again:
            return Reason.OUT_OF_ORDER
        if before.state is _S.REJECTED:
            return Reason.PREVIOUS_REJECTED
        if before.state not in _LINKS and not _is_part_of_the_same(before, manifest):
            return Reason.OUT_OF_ORDER
    return Reason.OUT_OF_ORDER if manifest.replaces and manifest.replaces not in digests else None


def _stream(manifest: Manifest, known: Iterable[Arrival]) -> Mapping[str, Arrival]:
    """Return what came of a chain, by digest; what could not be read may belong to any chain, and gives way to what could."""
    mine = [one for one in known if one.manifest is None or one.manifest.stream == manifest.stream]
    return {one.digest: one for one in sorted(mine, key=lambda one: one.manifest is not None)}


def _misplaced(manifest: Manifest, known: Sequence[Arrival]) -> Reason | None:
    if _misreplaces(manifest, known) or any(_outranks(one, manifest) for one in known):
        return Reason.NOT_REPLACING
    return Reason.NOT_FOLLOWING if rivals(manifest, known) else None


def _misreplaces(manifest: Manifest, known: Iterable[Arrival]) -> bool:
    """Whether it names, as what it takes the place of, no earlier revision of the same hand-over."""
    replaced = _stream(manifest, known).get(manifest.replaces)
    other = replaced.manifest if replaced else None
    return other is not None and (
        other.hand_over != manifest.hand_over or other.revision >= manifest.revision
    )


def _is_part_of_the_same(one: Arrival, manifest: Manifest) -> bool:
    return one.state is _S.HELD_PARTIAL and one.manifest is not None and _set(one.manifest) == _set(manifest)


def _set(manifest: Manifest) -> tuple[object, ...]:
    return (manifest.hand_over, manifest.revision, manifest.of)


def _outranks(one: Arrival, manifest: Manifest) -> bool:
    other = one.manifest
    if other is None or one.state not in _LINKS or other.hand_over != manifest.hand_over:
        return False
    otherwise_divided = other.revision == manifest.revision and other.of != manifest.of
    return other.revision > manifest.revision or otherwise_divided


def _is_whole(manifest: Manifest, parts: Iterable[Arrival]) -> bool:
    here = {one.manifest.part for one in parts if one.manifest and one.state is _S.HELD_PARTIAL}
    return len(here | {manifest.part}) == manifest.of
