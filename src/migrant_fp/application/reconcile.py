"""Article 二, after a round: the case hand-overs of two offices are compared, and each is asked to correct its own.

Only two hand-overs of one round are compared, under one key, on a law in force. The result is masked unless it is asked for by name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Protocol

import attrs

from migrant_fp.domain.agency import NamedPerson, Role
from migrant_fp.domain.arrival import Arrival, ArrivalState
from migrant_fp.domain.dispatch import Dispatch
from migrant_fp.domain.errors import Invalid, Problem
from migrant_fp.domain.manifest import Manifest, PackageAction, PackageKind
from migrant_fp.domain.reconciliation import Authority, Counts, Difference, corrections
from migrant_fp.ports.reconciler import Reconciler
from migrant_fp.regulations.changzhou_2011_134 import DOCUMENT

_TAKEN = {ArrivalState.ACCEPTED, ArrivalState.APPLIED, ArrivalState.EXPIRED}


class CaseSide(Protocol):
    """One side: a case hand-over that was read and found whole."""

    @property
    def manifest(self) -> Manifest:
        """What it says of itself."""
        ...

    def parts(self, table: str) -> Sequence[Path]:
        """Return the files of a table, ready to be read."""
        ...


@attrs.frozen
class Reveal:
    """Who asks to see keys and values, and may: the named person of one of the two offices.

    Attributes:
        person: The named person (专人).
        reason: Why, as a code or a file number; it goes into the report.
    """

    person: NamedPerson
    reason: str


@attrs.frozen
class Reconciliation:
    """What was compared, and how much of it agrees.

    Attributes:
        a: The manifest of side A.
        b: The manifest of side B.
        counts: The counts.
        revealed_to: The record id of the named person who saw keys and values; empty where they were masked.
        reason: Why.
    """

    a: Manifest
    b: Manifest
    counts: Counts
    revealed_to: str = ""
    reason: str = ""

    @property
    def is_joined(self) -> bool:
        """Whether any row was found on both sides; if none was, the two offices may have used different keys."""
        return self.counts.common > 0 or not (self.counts.a and self.counts.b)


def reconcile(
    a: CaseSide,
    b: CaseSide,
    engine: Reconciler,
    today: date,
    *,
    found: Callable[[Difference], None] = lambda _: None,
    reveal: Reveal | None = None,
    standing: Iterable[Manifest] = (),
) -> Reconciliation:
    """Compare the case hand-overs that two offices made to each other in one round.

    Args:
        a: Side A.
        b: Side B.
        engine: What compares.
        today: The day.
        found: Told each difference, in the order of the keys; without key and values unless *reveal* says for whom.
        reveal: Who may see them.
        standing: What the office's ledger holds, as `standing_of` tells: a side of which it holds a later revision is refused.

    Raises:
        NotYetIssued: Before the document.
        NoLegalBasis: If the law of either side has ended.
        Invalid: If the two are not mirrored snapshots of cases of one round under one key, one of them is a test and the other is
            not, one is past its last day of keeping or was replaced, or the person is not named for one of the two offices
            today; with every problem.
        NotComparable: If a file does not hold rows in order.
    """
    DOCUMENT.require(today)
    a.manifest.require_basis(today)
    b.manifest.require_basis(today)
    problems = [
        *_problems(a.manifest, b.manifest),
        *_standing_problems({"a": a.manifest, "b": b.manifest}, today, [*standing]),
        *_reveal_problems(a.manifest, reveal, today),
    ]
    if problems:
        raise Invalid("reconciliation", tuple(problems))
    shown = found if reveal else lambda difference: found(difference.masked())
    counts = engine.compare(a.parts("cases"), b.parts("cases"), shown)
    if reveal:
        return Reconciliation(a.manifest, b.manifest, counts, reveal.person.staff, reveal.reason)
    return Reconciliation(a.manifest, b.manifest, counts)


def standing_of(dispatches: Iterable[Dispatch], arrivals: Iterable[Arrival]) -> tuple[Manifest, ...]:
    """Return the manifests that stand, as far as an office knows: of what it made and was not lost, and of what it took."""
    made = (one.manifest for one in dispatches if not one.is_lost)
    taken = (one.manifest for one in arrivals if one.state in _TAKEN and one.manifest)
    return (*made, *taken)


def corrections_for(
    provider: Manifest, other: Manifest, differences: Iterable[Difference], authority: Authority
) -> Iterator[dict[str, str]]:
    """Yield the rows by which one provider is asked to correct its hand-over, in their order.

    Args:
        provider: The manifest of side A, whose office is asked.
        other: The manifest of side B.
        differences: What was found between A and B, not masked, in the order of the keys.
        authority: Which party is authoritative for which field.
    """
    asked, asking = _role(provider), _role(other)
    for difference in differences:
        for role, one in corrections(difference, asked, asking, authority):
            if role is asked:
                yield {"_key": one.key, "field": one.field, "value": one.value}


def _role(manifest: Manifest) -> Role:
    return next(role for role in Role if role.value == manifest.sender.partition("/")[0])


def _problems(a: Manifest, b: Manifest) -> Iterator[Problem]:
    for name, side in (("a", a), ("b", b)):
        if side.kind is not PackageKind.CASES or side.action is not PackageAction.SNAPSHOT:
            yield Problem(name, "is no snapshot of cases; only case hand-overs of one round are compared")
        if side.of > 1:
            yield Problem(
                name, f"is part {side.part} of {side.of}; hand it over as one package to compare it"
            )
    if a.period != b.period:
        yield Problem("period", f"came {a.period} and {b.period}; only one round is compared")
    if (a.sender, a.receiver) != (b.receiver, b.sender):
        yield Problem("parties", "are not two offices that handed over to each other")
    if a.test is not b.test:
        yield Problem("test", "is one of them, and the other a hand-over; a test is compared with a test")
    if a.join_key != b.join_key:
        yield Problem("join_key", "differs; both offices hash with the one key they agreed for the round")


def _standing_problems(
    sides: Mapping[str, Manifest], today: date, standing: Sequence[Manifest]
) -> Iterator[Problem]:
    for name, side in sides.items():
        if side.is_past_retention(today):
            fact = f"could be kept until {side.retain_until}; remove it with migrant-fp exchange expire"
            yield Problem(name, fact)
        newest = max(
            (one.revision for one in standing if one.hand_over == side.hand_over), default=side.revision
        )
        if newest > side.revision:
            yield Problem(
                name, f"is revision {side.revision}, which revision {newest} replaced; compare that"
            )


def _reveal_problems(a: Manifest, reveal: Reveal | None, today: date) -> Iterator[Problem]:
    if reveal is None:
        return
    if reveal.person.agency not in {a.sender, a.receiver} or not reveal.person.stands(today):
        yield Problem("reveal", "the person is not named (专人) for either office today")
    if not reveal.reason.strip():
        yield Problem("reveal", "has no reason; say why keys and values are to be seen")
