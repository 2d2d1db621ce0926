"""Making a hand-over: its packages are links of one chain, and they are on record all or none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import attrs

from migrant_fp.application.exchange import exchange_of
from migrant_fp.application.office import Office
from migrant_fp.domain.agency import Agency
from migrant_fp.domain.dispatch import Dispatch
from migrant_fp.domain.errors import Invalid, Problem
from migrant_fp.domain.flaw import PackageRefused
from migrant_fp.domain.manifest import FIRST, Manifest, PackageAction, PackageKind
from migrant_fp.domain.statistics import COLUMNS, Statistics, of_rows
from migrant_fp.ports.packages import NoSuchPackage, Tables
from migrant_fp.regulations.changzhou_2011_134 import DOCUMENT
from migrant_fp.schedule.calendar import WorkingCalendar


@attrs.frozen
class Draft:
    """One hand-over that is being made.

    Attributes:
        office: The sending office.
        receiver: The receiving agency.
        kind: What is handed over.
        month: The month, such as 2011-10.
        today: The day.
        test: Whether it is none in earnest.

    Raises:
        NotYetIssued: Before the document.
        Invalid: If the two are no parties of one exchange.
    """

    office: Office
    receiver: Agency
    kind: PackageKind
    month: str
    today: date
    test: bool

    def __attrs_post_init__(self) -> None:
        """Refuse what is no hand-over between two parties."""
        DOCUMENT.require(self.today)
        mine = self.office.agency
        problems = []
        if (mine.level, mine.division) != (self.receiver.level, self.receiver.division):
            problems.append(Problem("receiver", "is not of the sender's level and division (二(二))"))
        if mine.role is self.receiver.role:
            problems.append(
                Problem("receiver", "is of the sender's own role; expected another party (二(二))")
            )
        if problems:
            raise Invalid("hand-over", tuple(problems))

    def due(self, calendar: WorkingCalendar) -> date:
        """Return the deadline of the month.

        Raises:
            NotYetIssued: If it lies before the document.
            Invalid: If the month is none.
            NotAnnounced: If no notice arranges it.
        """
        last = exchange_of(self.office.agency.level, self.month, calendar).last
        DOCUMENT.require(last)
        return last

    def made(
        self, parts: Sequence[Tables], due: date, facts: Mapping[str, Any], *, corrects: bool
    ) -> tuple[Dispatch, ...]:
        """Write the packages, each a link after the last one, and record them all at once.

        Raises:
            Invalid: If rows do not fit, the month is made already, or a delta has nothing to build on.
            LedgerMoved: If another run of the same office recorded first; then nothing is kept.
        """
        if not parts:
            raise Invalid(
                "hand-over", (Problem("parts", "are none; expected the tables of one package or more"),)
            )
        head, known = self.office.ledger.head(), self.office.ledger.dispatches()
        revision, replaces = self._revision(known, corrects=corrects)
        if facts.get("action") is PackageAction.DELTA:
            self._require_snapshot(known)
        made: list[Dispatch] = []
        facts = {**facts, "due": due, "revision": revision, "replaces": replaces, "chain_head": head}
        try:
            self._write(parts, facts, self._last(known), made)
            self.office.ledger.keep(made, head)
        except (Exception, KeyboardInterrupt):
            self._forget(made)
            raise
        return tuple(made)

    def _write(
        self, parts: Sequence[Tables], facts: Mapping[str, Any], previous: str, made: list[Dispatch]
    ) -> None:
        for number, tables in enumerate(parts, 1):
            manifest = Manifest(
                sender=self.office.agency.id,
                receiver=self.receiver.id,
                kind=self.kind,
                period=self.month,
                as_of=self.today,
                part=number,
                of=len(parts),
                previous=previous,
                test=self.test,
                **facts,
            )
            written = self.office.packages.make(manifest, tables)
            previous = written.digest
            made.append(Dispatch(written.manifest, written.digest, self.today))

    def _forget(self, made: Iterable[Dispatch]) -> None:
        """Remove what was written and is not on record, neither by this run nor by another that made the same."""
        kept = {one.digest for one in self.office.ledger.dispatches()}
        for one in made:
            if one.digest not in kept:
                self.office.packages.forget(one.id, one.digest)

    def _require_snapshot(self, known: Sequence[Dispatch]) -> None:
        """Refuse a delta where the receiver lacks something that it would build on."""
        stream = self._stream(known)
        lost = [one for one in stream if one not in _standing(stream)]
        previous, by_digest = self._last(known), {one.digest: one for one in stream}
        while link := by_digest.get(previous):
            if found := [one for one in lost if one.manifest.previous == previous]:
                raise Invalid("hand-over", (Problem("action", _needs_snapshot(found[0])),))
            if link.manifest.action is PackageAction.SNAPSHOT:
                return
            previous = link.manifest.previous

    def _stream(self, known: Sequence[Dispatch]) -> list[Dispatch]:
        """Return what was made of this kind for this receiver, tests apart."""
        return [
            one
            for one in known
            if (one.manifest.receiver, one.manifest.kind, one.manifest.test)
            == (self.receiver.id, self.kind, self.test)
        ]

    def counts_before(self, *, corrects: bool) -> Statistics | None:
        """Return the counts of the last revision of the month; it keeps hidden what all before it hid. None where this is the first.

        Raises:
            Invalid: If that package is not there any more as it was made.
        """
        known = self.office.ledger.dispatches()
        self._revision(known, corrects=corrects)
        if not (same := self._of_month(known)):
            return None
        last = max(same, key=lambda one: one.manifest.revision)
        try:
            lines = [
                tuple(row.get(name, "") for name in COLUMNS)
                for row in self.office.packages.made_rows(last.id, last.digest, "counts")
            ]
        except (NoSuchPackage, PackageRefused) as error:
            fact = (
                f"{last.id} is no longer there as it was made, so what it hid is not known, and a correction "
                "could give it back by the difference; put its folder back （前次数据包已不在）"
            )
            raise Invalid("hand-over", (Problem("corrects", fact),)) from error
        return of_rows(lines, self.office.agency.division, last.manifest.threshold)

    def _of_month(self, known: Sequence[Dispatch]) -> list[Dispatch]:
        return [one for one in self._stream(known) if one.manifest.period == self.month]

    def _revision(self, known: Sequence[Dispatch], *, corrects: bool) -> tuple[int, str]:
        same = self._of_month(known)
        if not same:
            return 1, ""
        standing = _standing(same)
        if standing and not corrects:
            fact = f"{standing[-1].id} is made already; to take its place say corrects=True (--correct)"
            raise Invalid("hand-over", (Problem("month", fact),))
        replaced = max(standing or same, key=lambda one: (one.manifest.revision, -one.manifest.part))
        return max(one.manifest.revision for one in same) + 1, replaced.digest

    def _last(self, known: Sequence[Dispatch]) -> str:
        """Return the end of the chain to this receiver, past whatever was lost on the way and what followed that."""
        links = _standing(self._stream(known))
        place = {FIRST: 0}
        while follow := [one for one in links if one.manifest.previous in place and one.digest not in place]:
            place |= {one.digest: place[one.manifest.previous] + 1 for one in follow}
        return max(place, key=lambda digest: place[digest])


def _needs_snapshot(lost: Dispatch) -> str:
    return (
        f"is delta, but {lost.id} was not accepted: the receiver does not have what a delta would change; "
        "hand over everything first: action=SNAPSHOT, without --delta （先作全量）"
    )


def _standing(known: Sequence[Dispatch]) -> list[Dispatch]:
    """Return those of which no part was lost: without it the other parts stay held for ever."""
    gone = {_whole(one.manifest) for one in known if one.is_lost}
    return [one for one in known if _whole(one.manifest) not in gone]


def _whole(manifest: Manifest) -> tuple[object, ...]:
    return (manifest.hand_over, manifest.revision)
