"""Article 二 from the other side: what waits in the box is taken, decided upon, applied and answered.

Each step can be broken off and done again: a package is taken when the ledger says so, applied once, and answered until the answer is
recorded as told. So packages and receipts may be late, double, reordered, damaged or lost on the way.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

import attrs

from migrant_fp.application.office import Office
from migrant_fp.domain.arrival import Arrival, ArrivalEvent, ArrivalState, chain_position, rivals, settle
from migrant_fp.domain.dispatch import Dispatch
from migrant_fp.domain.errors import Invalid, NoLegalBasis, NotModelled, WrongState
from migrant_fp.domain.flaw import Flaw, PackageRefused, PackageRule
from migrant_fp.domain.manifest import Manifest, PackageAction, PackageKind
from migrant_fp.domain.receipt import Outcome, Reason, Receipt
from migrant_fp.ports.channel import AlreadyClaimed, OddName, TooLarge
from migrant_fp.ports.packages import NoSuchPackage, Taken
from migrant_fp.ports.received import Received
from migrant_fp.regulations.changzhou_2011_134 import DOCUMENT

_ID = re.compile(
    r"([0-9]{4}-[0-9]{2})\.[a-z0-9-]+\.([a-z-]+\.[a-z]+\.[0-9]+)\.to\.[a-z-]+\.[a-z]+\.[0-9]+\.r.+"
)
_RECEIPT = re.compile(r"[0-9]{4}-[0-9]{2}\.receipt-.+")


@attrs.frozen
class Taking:
    """What became of one run of `receive`.

    Attributes:
        arrivals: The packages whose standing changed, or that came again.
        dispatches: The office's own packages of which a receipt told something new.
        refused: The flaws of packages that could not be taken, or that were accepted and could not be applied today.
    """

    arrivals: tuple[Arrival, ...]
    dispatches: tuple[Dispatch, ...]
    refused: tuple[PackageRefused, ...]


def receive(office: Office, today: date, received: Received | None = None) -> Taking:
    """Take everything that waits in the office's box, apply what is accepted, and answer.

    Args:
        office: The receiving office.
        today: The day; a package that comes after its due day is accepted and marked late.
        received: The host's register, which takes the rows over; without it packages stay accepted until `applied` is called.
            A test is accepted and never applied; nor is a package whose law has ended or whose last day of keeping is past.

    Raises:
        NotYetIssued: Before the document.
        Unreachable: If the channel cannot be reached; the next run goes on.
        LedgerMoved: If another run of the same office recorded first; the next run goes on.
    """
    DOCUMENT.require(today)
    run = _Run(office, today)
    for name in office.channel.poll():
        run.take(name)
    try:
        if received is not None:
            run.apply(received)
    finally:  # a register that breaks keeps nobody else from being answered
        run.tell()
    return Taking(tuple(run.changed.values()), tuple(run.answered.values()), tuple(run.refused))


def applied(office: Office, package: str, outcomes: Iterable[Outcome], today: date) -> Arrival:
    """Record that the host has taken over the rows of an accepted package, and tell the sender.

    Args:
        office: The receiving office.
        package: The id of the package.
        outcomes: How many rows had which fate.
        today: The day.

    Raises:
        NoSuchPackage: If no such package is accepted, or its last day of keeping is past.
        NoLegalBasis: If its law has ended.
        NotYetIssued: Before the document.
        Unreachable: If the channel cannot be reached; it is recorded, and the next run tells the sender.
        LedgerMoved: If another run of the same office recorded first; then nothing is recorded.
    """
    DOCUMENT.require(today)
    run = _Run(office, today)
    for one in run.known.values():
        if one.package == package and one.state is ArrivalState.ACCEPTED and one.is_kept(today):
            if one.manifest is not None:
                one.manifest.require_basis(today)
            run.keep([_after(one, ArrivalEvent.APPLY, run, outcomes=tuple(outcomes))])
            run.tell()
            return run.known[one.id]
    raise NoSuchPackage(package[:200], "accepted and waits to be applied")


class _Run:
    """One run: what the ledger says is read once, and each change is recorded before the next step."""

    def __init__(self, office: Office, today: date) -> None:
        self.office, self.today = office, today
        self.head = office.ledger.head()
        self.known = {one.id: one for one in office.ledger.arrivals()}
        self.own = {one.id: one for one in office.ledger.dispatches()}
        self.changed: dict[str, Arrival] = {}
        self.answered: dict[str, Dispatch] = {}
        self.refused: list[PackageRefused] = []

    def keep(self, records: Iterable[Arrival | Dispatch]) -> None:
        records = list(records)
        self.head = self.office.ledger.keep(records, self.head)
        for one in records:
            if isinstance(one, Arrival):
                self.known[one.id] = self.changed[one.id] = one
            else:
                self.own[one.id] = self.answered[one.id] = one

    def take(self, name: str) -> None:
        """Take one package off the channel; when it leaves the box, the ledger has it."""
        incoming = self.office.packages.incoming
        try:
            path = self.office.channel.claim(name, incoming)
        except AlreadyClaimed:
            return
        except TooLarge as error:
            self._refuse(name, PackageRefused(name, (Flaw(PackageRule.LIMIT, "", None, str(error)),)))
        except OddName as error:
            self._refuse(name, PackageRefused(name, (Flaw(PackageRule.NAME, "", None, str(error)),)))
        else:
            self._read(name, path)
            self.office.packages.clear(incoming / name)
        self.office.channel.acknowledge(name)

    def _read(self, name: str, path: Path) -> None:
        try:
            package = self.office.packages.take(path)
        except PackageRefused as refused:
            self._refuse(name, refused)
        else:
            if package.manifest.kind is PackageKind.RECEIPT:
                self._hear(package)
            else:
                self._arrive(package)

    def _refuse(self, name: str, refused: PackageRefused) -> None:
        """Record a package that cannot be taken; of a receipt nothing, since no receipt is answered by a receipt."""
        self.refused.append(refused)
        if _RECEIPT.fullmatch(name):
            return
        fresh = Arrival(name, refused.digest, self.today)
        known = self.known.get(fresh.id)
        if known is None:
            self.keep([_after(fresh, ArrivalEvent.REJECT, self, refused.reason)])
        else:
            self.keep([attrs.evolve(known, told="")])

    def _hear(self, package: Taken) -> None:
        manifest = package.manifest
        receipt = manifest.receipt
        if receipt is None or manifest.receiver != self.office.agency.id:
            return
        own = self.own.get(receipt.package)
        if own and own.manifest.receiver == manifest.sender:
            self._hear_of(own, receipt, package)

    def _hear_of(self, own: Dispatch, receipt: Receipt, package: Taken) -> None:
        name = package.manifest.package_id
        try:
            after = own.after_receipt(receipt, integrity_only=package.integrity_only)
        except WrongState:
            fact = (
                f"says {receipt.stage.value} of a package that an earlier receipt said is {own.state.value}"
            )
            self.refused.append(PackageRefused(name, (Flaw(PackageRule.MANIFEST, "", None, fact),)))
            return
        self.keep([after] if after != own else [])

    def _arrive(self, package: Taken) -> None:
        fresh = Arrival(
            package.manifest.package_id,
            package.digest,
            self.today,
            package.manifest,
            integrity_only=package.integrity_only,
        )
        known = self.known.get(fresh.id)
        if known is not None and not known.reason.asks_again:
            moved: tuple[Arrival, ...] = (attrs.evolve(known, told=""),)
        else:
            standing = {**self.known, fresh.id: fresh}
            moved = settle(standing.values(), self.office.agency.id, self.today, self.head)
        self.keep([*moved, *self._followed_before(moved)])
        for one in moved:
            if not one.is_kept(self.today):
                self.office.packages.drop(one.package, one.digest)

    def _followed_before(self, moved: Iterable[Arrival]) -> list[Arrival]:
        """Return what has the place of one that is rejected for it, to be told again: its sender seems not to know of it."""
        barred = [one.manifest for one in moved if one.reason is Reason.NOT_FOLLOWING and one.manifest]
        found = {it.id: it for manifest in barred for it in rivals(manifest, self.known.values())}
        return [attrs.evolve(one, told="") for one in found.values()]

    def apply(self, received: Received) -> None:
        """Apply what is accepted, in the order of the chains; what may not be, stays as it is and is reported."""
        accepted = [
            one
            for one in self.known.values()
            if one.state is ArrivalState.ACCEPTED and one.manifest and not one.manifest.test
        ]
        for one in sorted(accepted, key=lambda it: (chain_position(it, self.known.values()), it.id)):
            if flaw := self._hindrance(one):
                self.refused.append(PackageRefused(one.package, (flaw,), digest=one.digest))
                continue
            package = self.office.packages.taken(one.package, one.digest)
            outcomes = received.apply(package, package.manifest.replaces)
            self.keep([_after(one, ArrivalEvent.APPLY, self, outcomes=outcomes)])

    def _hindrance(self, one: Arrival) -> Flaw | None:
        """Return why an accepted package is not applied today; one past its last day of keeping has expired for good."""
        manifest = one.manifest
        if manifest is None or manifest.is_past_retention(self.today):
            self.keep([_after(one, ArrivalEvent.EXPIRE, self)])
            return Flaw(PackageRule.RETENTION, "", None, "is past its last day of keeping: it is not applied")
        try:
            manifest.require_basis(self.today)
        except (NoLegalBasis, NotModelled):
            return Flaw(
                PackageRule.BASIS, "", None, "rests on no law that is in force today: it is not applied"
            )
        before = next((it for it in self.known.values() if it.digest == manifest.previous), None)
        if manifest.action is PackageAction.DELTA and before and before.state is not ArrivalState.APPLIED:
            fact = "changes one that is not applied: ask the sender to hand everything over anew"
            return Flaw(PackageRule.CHAIN, "", None, fact)
        return None

    def tell(self) -> None:
        """Answer every package whose standing has not been told."""
        for one in list(self.known.values()):
            label = one.receipt().label
            if one.told == label:
                continue
            if manifest := _answer(one, self.office.agency.id):
                made = self.office.packages.make(manifest, {"outcomes": _rows(one.outcomes)})
                self.office.channel.publish(manifest.receiver, made.folder)
            self.keep([attrs.evolve(one, told=label)])


def _after(
    one: Arrival,
    event: ArrivalEvent,
    run: _Run,
    reason: Reason = Reason.NONE,
    outcomes: tuple[Outcome, ...] = (),
) -> Arrival:
    return one.after(event, run.today, reason, outcomes=outcomes, head=run.head)


def _answer(one: Arrival, me: str) -> Manifest | None:
    """Return the manifest of the receipt; None where nobody can be told, since the package names no other office."""
    if one.manifest is not None:
        sender, period = one.manifest.sender, one.manifest.period
    elif found := _ID.fullmatch(one.package):
        sender, period = found[2].replace(".", "/").replace("-", "_"), found[1]
    else:
        return None
    receipt = one.receipt()
    try:
        return Manifest(
            sender=me,
            receiver=sender,
            kind=PackageKind.RECEIPT,
            period=period,
            as_of=receipt.on,
            due=receipt.on,
            chain_head=one.head,
            test=one.manifest is not None and one.manifest.test,
            receipt=receipt,
        )
    except Invalid:  # the name of a package that cannot be read may say anything
        return None


def _rows(outcomes: Iterable[Outcome]) -> Iterator[dict[str, str]]:
    for one in outcomes:
        row = str(one.row) if one.row else ""
        yield {"outcome": one.outcome.value, "file": one.file, "row": row, "rows": str(one.rows)}
