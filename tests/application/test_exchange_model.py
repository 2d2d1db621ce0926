"""Three offices on a network that delays, drops, doubles, reorders and damages, with crashes between any two steps.

Whatever happens: nothing is applied twice, receipts stay the same, the chains hold. Once the network is reliable, every
package that is not rejected has been applied once and in order, and both sides say the same of each.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import attrs
import pytest
from cryptography.hazmat.primitives import serialization as pem
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from migrant_fp.adapters.chinese_calendar import working_calendar
from migrant_fp.adapters.ed25519 import Ed25519Signer, Ed25519Verifier
from migrant_fp.adapters.fsspec import FsspecChannel
from migrant_fp.adapters.ledger import SqliteLedger
from migrant_fp.adapters.memory_received import MemoryReceived
from migrant_fp.adapters.package import PackageShelf, read_package
from migrant_fp.application.hand_over import (
    hand_over_records,
    hand_over_statistics,
    send,
)
from migrant_fp.application.office import Office
from migrant_fp.application.receive import receive
from migrant_fp.domain.agency import Agency
from migrant_fp.domain.arrival import Arrival, ArrivalState
from migrant_fp.domain.clause import LegalBasis
from migrant_fp.domain.dispatch import Dispatch, DispatchState
from migrant_fp.domain.duty import Level
from migrant_fp.domain.hand_over_record import Case, Change, ChangeKind, Deletion, Tombstone
from migrant_fp.domain.manifest import FIRST, PackageAction, PackageKind
from migrant_fp.domain.person import Sex, Stay
from migrant_fp.domain.receipt import Outcome, Reason
from migrant_fp.domain.statistics import AgeBand, Facts, count
from migrant_fp.ports.packages import Taken
from migrant_fp.regulations.changzhou_agencies import AGENCIES

PARTIES = AGENCIES.parties(Level.DISTRICT, "320411")
#: Who hands over to whom; the first pair most, so that its chains grow long.
PAIRS = [(0, 1), (0, 1), (0, 1), (1, 0), (0, 2), (2, 1)]
CALENDAR = working_calendar()
MEMORY = Path("/dev/shm")  # noqa: S108 - where there is one, it spares the disk; the folder in it is our own
TOWN = "320411001"
COUNTS = [count([Facts(TOWN, Sex.MALE, AgeBand.TO_49, Stay.WORK)] * (10 + n), "320411") for n in range(3)]
KINDS = (PackageKind.STATISTICS, PackageKind.CASES, PackageKind.CHANGES)
NUMBERS = st.sets(st.integers(1, 6), max_size=4)
#: What the network does with a letter; most it delivers, in any order.
ACTS = st.sampled_from(["deliver", "deliver", "deliver", "damage", "damage", "double", "drop"])
#: After how many steps of its ports an office is killed; mostly it is not.
FUSES = st.none() | st.integers(0, 25)


def _key() -> tuple[bytes, bytes]:
    key = Ed25519PrivateKey.generate()
    private = key.private_bytes(pem.Encoding.PEM, pem.PrivateFormat.PKCS8, pem.NoEncryption())
    return private, key.public_key().public_bytes(pem.Encoding.PEM, pem.PublicFormat.SubjectPublicKeyInfo)


KEYS = {agency.id: _key() for agency in PARTIES}
VERIFIER = Ed25519Verifier.from_pem({agency: public for agency, (_, public) in KEYS.items()})


class _KilledError(BaseException):
    """The process ends here: no handler for errors sees it, as none sees a kill."""


class _Port:
    """A port of an office that is killed before or after the step on which its fuse burns down."""

    def __init__(self, inner: Any, burn: Callable[[], None], steps: tuple[str, ...]) -> None:
        self.inner, self.burn, self.steps = inner, burn, steps

    def __getattr__(self, name: str) -> Any:
        found = getattr(self.inner, name)
        if name not in self.steps:
            return found

        def step(*arguments: Any, **more: Any) -> Any:
            self.burn()
            answer = found(*arguments, **more)
            self.burn()
            return answer

        return step


@attrs.define
class _Letter:
    """A package on its way: a copy of its own, which the network may damage."""

    sender: str
    to: str
    folder: Path


class _Network:
    """What lies between the offices: a folder that the real channel writes and reads, and letters that are not there yet."""

    def __init__(self, root: Path) -> None:
        self.root, self.box = root, root / "box"
        self.box.mkdir()
        self.letters: list[_Letter] = []
        self.posted = 0
        self.is_reliable = False
        self.said: dict[str, str] = {}

    def post(self, sender: str, to: str, package: Path) -> None:
        """Take a package to be delivered, and see that a receipt of one standing is always the same."""
        digest = hashlib.sha256((package / "datapackage.json").read_bytes()).hexdigest()
        assert self.said.setdefault(package.name, digest) == digest
        self.posted += 1
        folder = self.root / "letters" / str(self.posted) / package.name
        shutil.copytree(package, folder)
        self.letters.append(_Letter(sender, to, folder))
        if self.is_reliable:
            self.deliver(len(self.letters) - 1)

    def deliver(self, number: int, _: int = 0) -> None:
        letter = self.letters[number]
        FsspecChannel(str(self.box), me=letter.sender).publish(letter.to, letter.folder)
        self.drop(number)

    def drop(self, number: int, _: int = 0) -> None:
        shutil.rmtree(self.letters.pop(number).folder)

    def double(self, number: int, _: int) -> None:
        letter = self.letters[number]
        self.posted += 1
        folder = self.root / "letters" / str(self.posted) / letter.folder.name
        shutil.copytree(letter.folder, folder)
        self.letters.append(attrs.evolve(letter, folder=folder))

    def damage(self, number: int, bit: int) -> None:
        files = sorted(path for path in self.letters[number].folder.rglob("*") if path.is_file())
        sizes = [path.stat().st_size for path in files]
        place, bit = divmod(bit % (8 * sum(sizes)), 8)
        for path, size in zip(files, sizes, strict=True):
            if place < size:
                content = bytearray(path.read_bytes())
                content[place] ^= 1 << bit
                path.write_bytes(content)
                self.deliver(number)
                return
            place -= size


class _Wire:
    """The channel of one office: what it publishes goes into the network, what it polls comes from the real channel."""

    def __init__(self, network: _Network, me: str) -> None:
        self._network, self._me = network, me
        self._channel = FsspecChannel(str(network.box), me=me)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._channel, name)

    def publish(self, to: str, package: Path) -> None:
        self._network.post(self._me, to, package)


class _Register(MemoryReceived):
    """A register that notes what took effect, in order."""

    def __init__(self, ledger: SqliteLedger) -> None:
        super().__init__()
        self.effects: list[str] = []
        self._ledger = ledger

    def apply(self, package: Taken, replaces: str) -> tuple[Outcome, ...]:
        if package.digest not in self._applied:
            manifest = package.manifest
            known = manifest.previous == FIRST or manifest.previous in self.effects
            is_delta = manifest.action is PackageAction.DELTA
            assert known or (not is_delta and manifest.previous in self._never_applied()), "out of order"
            self.effects.append(package.digest)
        return super().apply(package, replaces)

    def _never_applied(self) -> set[str]:
        """What was accepted and expired, and what would change that: a snapshot goes past it."""
        states = {ArrivalState.ACCEPTED, ArrivalState.EXPIRED}
        return {one.digest for one in self._ledger.arrivals() if one.state in states}


class _Party:
    """What of an office outlives its process, and how the process is started anew."""

    def __init__(self, agency: Agency, network: _Network) -> None:
        self.agency, self.network = agency, network
        self.ledger = SqliteLedger(":memory:")
        self.register = _Register(self.ledger)
        self.fuse: int | None = None

    def burn(self) -> None:
        if self.fuse is not None:
            self.fuse -= 1
            if self.fuse < 0:
                raise _KilledError

    @contextmanager
    def started(self, fuse: int | None) -> Iterator[tuple[Office, Any]]:
        self.fuse = fuse
        signer = Ed25519Signer.from_pem(self.agency.id, KEYS[self.agency.id][0])
        shelf = PackageShelf(self.network.root / self.agency.role.value, signer=signer, verifier=VERIFIER)
        ports: list[Any] = [
            _Port(self.ledger, self.burn, ("keep",)),
            _Port(shelf, self.burn, ("make", "take", "clear")),
            _Port(_Wire(self.network, self.agency.id), self.burn, ("publish", "claim", "acknowledge")),
        ]
        with suppress(_KilledError):
            yield Office(self.agency, *ports), _Port(self.register, self.burn, ("apply",))

    def witnessed(self, other: _Party) -> list[str]:
        """The heads of this office's chain that another one holds."""
        return [
            one.manifest.chain_head
            for one in other.ledger.arrivals()
            if one.manifest and one.manifest.sender == self.agency.id
        ]

    def made(self, dispatch: Dispatch) -> Any:
        shelf = self.network.root / self.agency.role.value / "made"
        path = shelf / dispatch.digest[:16] / dispatch.id
        return read_package(path, verifier=VERIFIER)


class Exchange(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.patch = pytest.MonkeyPatch()
        self.patch.setattr(os, "fsync", lambda _: None)  # nothing here loses its power
        self.root = Path(tempfile.mkdtemp(dir=MEMORY if MEMORY.is_dir() else None))
        self.network = _Network(self.root)
        self.parties = [_Party(agency, self.network) for agency in PARTIES]
        self.today = date(2011, 10, 4)
        self.expiring: set[tuple[str, ...]] = set()

    # --- what the offices do -------------------------------------------------------------------------------------------

    @rule(pair=st.sampled_from(PAIRS), month=st.integers(10, 12), number=st.integers(0, 2), fuse=FUSES)
    def makes_statistics(self, pair: tuple[int, int], month: int, number: int, fuse: int | None) -> None:
        with self.parties[pair[0]].started(fuse) as (office, _):
            receiver = PARTIES[pair[1]]
            facts: dict[str, Any] = {"calendar": CALENDAR, "corrects": True}
            hand_over_statistics(office, receiver, f"2011-{month}", COUNTS[number], self.today, **facts)

    @rule(
        pair=st.sampled_from(PAIRS),
        kind=st.sampled_from([PackageKind.CASES, PackageKind.CASES, PackageKind.CHANGES]),
        month=st.integers(10, 12),
        parts=st.lists(st.tuples(NUMBERS, NUMBERS), min_size=1, max_size=3),
        is_delta=st.booleans(),
        ends_today=st.booleans(),
        fuse=FUSES,
    )
    def makes_records(
        self,
        *,
        pair: tuple[int, int],
        kind: PackageKind,
        month: int,
        parts: list[tuple[set[int], set[int]]],
        is_delta: bool,
        ends_today: bool,
        fuse: int | None,
    ) -> None:
        party, receiver = self.parties[pair[0]], PARTIES[pair[1]]
        until = self.today if ends_today else None
        if ends_today:
            self.expiring.add((party.agency.id, receiver.id, kind.value))
        follows = is_delta and self._follows(party, receiver, kind)
        tables = [_rows(kind, came, gone if follows else set()) for came, gone in parts]
        with party.started(fuse) as (office, _):
            hand_over_records(
                office,
                receiver,
                kind,
                f"2011-{month}",
                parts=tables,
                today=self.today,
                calendar=CALENDAR,
                join_key="example" if kind is PackageKind.CASES else "",
                basis=LegalBasis(
                    "An invented law", "999999", date(2011, 1, 1), until, "invented for a test", "its end"
                ),
                action=PackageAction.DELTA if follows else PackageAction.SNAPSHOT,
                corrects=True,
            )

    def _follows(self, party: _Party, receiver: Agency, kind: PackageKind) -> bool:
        """Whether there is something that a delta can change: one that was not rejected, with all its parts."""
        stream = (party.agency.id, receiver.id, kind.value)
        mine = [one for one in party.ledger.dispatches() if one.manifest.stream == stream]
        return bool(mine) and not any(one.is_lost for one in mine)

    @rule(who=st.integers(0, 2), unanswered=st.booleans(), fuse=FUSES)
    def sends(self, who: int, unanswered: bool, fuse: int | None) -> None:
        with self.parties[who].started(fuse) as (office, _):
            send(office, self.today, unanswered=unanswered)

    @rule(who=st.integers(0, 2), applies=st.booleans(), fuse=FUSES)
    def receives(self, who: int, applies: bool, fuse: int | None) -> None:
        with self.parties[who].started(fuse) as (office, register):
            receive(office, self.today, register if applies else None)

    @rule(days=st.integers(0, 1))
    def everybody_sends(self, days: int) -> None:
        """Everybody sends, and it takes a night to arrive or not."""
        for party in self.parties:
            with party.started(None) as (office, _):
                send(office, self.today)
        self.today += timedelta(days)

    @rule(
        pair=st.sampled_from(PAIRS), months=st.lists(st.integers(10, 12), min_size=2, max_size=3), fuse=FUSES
    )
    def a_law_ends_on_the_way(self, pair: tuple[int, int], months: list[int], fuse: int | None) -> None:
        """A hand-over on a law that ends tonight, and others that follow it."""
        for number, month in enumerate(months):
            self.makes_records(
                pair=pair,
                kind=PackageKind.CASES,
                month=month,
                parts=[({number}, set())],
                is_delta=False,
                ends_today=number == 0,
                fuse=fuse,
            )
        self.everybody_sends(days=1)

    @rule(applies=st.booleans())
    def a_good_hour_passes(self, applies: bool) -> None:
        """Everybody sends, everything is delivered, the newest first, and everybody receives."""
        self.everybody_sends(days=0)
        while self.network.letters:
            self.network.deliver(len(self.network.letters) - 1)
        for who in range(3):
            self.receives(who=who, applies=applies, fuse=None)

    # --- what the network does -----------------------------------------------------------------------------------------

    @rule(acts=st.lists(st.tuples(ACTS, st.integers(0, 50), st.integers(0, 10**6)), min_size=1, max_size=6))
    def the_network_acts(self, acts: list[tuple[str, int, int]]) -> None:
        for act, number, place in acts:
            if self.network.letters:
                getattr(self.network, act)(number % len(self.network.letters), place)

    # --- what always holds ---------------------------------------------------------------------------------------------

    @invariant()
    def nothing_took_effect_twice(self) -> None:
        for party in self.parties:
            assert len(party.register.effects) == len(set(party.register.effects))

    @invariant()
    def what_is_recorded_as_applied_took_effect(self) -> None:
        for party in self.parties:
            applied = {one.digest for one in party.ledger.arrivals() if one.state is ArrivalState.APPLIED}
            assert applied <= set(party.register.effects)

    @invariant()
    def a_sender_never_knows_more_than_happened(self) -> None:
        for party, one, came in self._by_package():
            if one.state in {DispatchState.APPLIED, DispatchState.REJECTED}:
                assert came is not None, party.agency.id
                assert came.state.value == one.state.value

    def _by_package(self) -> Iterator[tuple[_Party, Dispatch, Arrival | None]]:
        """Every package that was made, with what its receiver has on record of it."""
        arrivals = {
            (party.agency.id, one.package, one.digest): one
            for party in self.parties
            for one in party.ledger.arrivals()
        }
        for party in self.parties:
            for one in party.ledger.dispatches():
                yield party, one, arrivals.get((one.manifest.receiver, one.id, one.digest))

    # --- the end -------------------------------------------------------------------------------------------------------

    def teardown(self) -> None:
        try:
            self._runs_reliably_to_quiescence()
            self._has_both_sides_of_one_mind()
            self._has_applied_as_if_nothing_had_happened()
            self._has_whole_chains()
        finally:
            for party in self.parties:
                party.ledger.close()
            shutil.rmtree(self.root)
            self.patch.undo()

    def _runs_reliably_to_quiescence(self) -> None:
        self.network.letters.clear()
        self.network.is_reliable = True
        for _ in range(12):
            before = self._progress()
            for party in self.parties:
                with party.started(None) as (office, register):
                    send(office, self.today, unanswered=True)
                    receive(office, self.today, register)
            if before == self._progress():
                self._hear_the_last_answers()
                return
        pytest.fail("they do not come to rest")

    def _hear_the_last_answers(self) -> None:
        """Receipts are not answered, so that two rounds of receiving leave every box empty."""
        for party in (*self.parties, *self.parties):
            with party.started(None) as (office, register):
                receive(office, self.today, register)

    def _progress(self) -> object:
        """What moves: where a last day of keeping broke a chain off, what waits is sent and answered again, and stands as before."""
        if self.expiring:
            return [(*party.ledger.arrivals(), *party.ledger.dispatches()) for party in self.parties]
        return self.network.posted, [party.ledger.head() for party in self.parties]

    def _has_both_sides_of_one_mind(self) -> None:
        for _, one, came in self._by_package():
            if one.manifest.stream in self.expiring and self._was_broken_off(one, came):
                continue
            assert came is not None
            assert one.is_ended
            assert (one.state.value, one.reason, one.late) == (came.state.value, came.reason, came.late)
            if one.state is DispatchState.REJECTED:
                assert one.reason in {
                    Reason.NO_LEGAL_BASIS,
                    Reason.PREVIOUS_REJECTED,
                    Reason.NOT_FOLLOWING,
                }
                assert one.manifest.stream in self.expiring
        made = {one.id for _, one, _ in self._by_package()}
        for party in self.parties:
            assert {one.package for one in party.ledger.arrivals() if one.manifest} <= made
            assert not FsspecChannel(str(self.network.box), me=party.agency.id).poll()

    def _was_broken_off(self, one: Dispatch, came: Arrival | None) -> bool:
        """Whether a last day of keeping came before the end: of itself, or of what it follows. Then it waits, or is never applied."""
        if one.state is DispatchState.EXPIRED:
            return one.manifest.is_past_retention(self.today)
        assert came is not None
        states = one.state, came.state
        return states in {
            (DispatchState.RECEIVED, ArrivalState.HELD_OUT_OF_ORDER),
            (DispatchState.ACCEPTED, ArrivalState.EXPIRED),
            (DispatchState.ACCEPTED, ArrivalState.ACCEPTED),
        }

    def _has_applied_as_if_nothing_had_happened(self) -> None:
        """Every register holds what one holds to which the packages were handed one by one, in the order they were made."""
        plain = {party.agency.id: MemoryReceived() for party in self.parties}
        states = {ArrivalState.APPLIED, ArrivalState.ACCEPTED, ArrivalState.EXPIRED}
        for sender in self.parties:
            links = {
                one.digest: (one, came.state)
                for party, one, came in self._by_package()
                if party is sender and came and came.state in states
            }
            done = {FIRST}
            while ready := [
                (one, state)
                for one, state in links.values()
                if one.manifest.previous in done and one.digest not in done
            ]:
                for one, state in ready:
                    if state is ArrivalState.APPLIED:
                        package = sender.made(one)
                        plain[one.manifest.receiver].apply(package, package.manifest.replaces)
                    done.add(one.digest)
            assert set(links) <= done
        for party in self.parties:
            for sender in self.parties:
                for kind in KINDS:
                    expected = plain[party.agency.id].rows(sender.agency.id, kind.value)
                    assert party.register.rows(sender.agency.id, kind.value) == expected

    def _has_whole_chains(self) -> None:
        for party in self.parties:
            heads = [head for other in self.parties if other is not party for head in party.witnessed(other)]
            assert party.ledger.broken_at(heads) is None


def _rows(kind: PackageKind, came: set[int], gone: set[int]) -> dict[str, list[dict[str, str]]]:
    keys = [f"{number:064x}" for number in sorted(came)]
    deleted = [Tombstone(f"{number:064x}", Deletion.LEFT).row() for number in sorted(gone - came)]
    if kind is PackageKind.CASES:
        return {"cases": [Case(key, TOWN).row() for key in keys], "deleted": deleted}
    return {
        "changes": [Change(key, ChangeKind.LEFT, date(2011, 10, 3)).row() for key in keys],
        "deleted": deleted,
    }


TestExchange = Exchange.TestCase
TestExchange.settings = settings(max_examples=40, stateful_step_count=40, deadline=None)
