"""A sender and a receiver that tell which phase of the exchange they enter, for `kill_exchange.py` to kill them in it."""
# ruff: noqa: ANN401 - a port that is watched takes and gives what it does

from __future__ import annotations

import os
import random
import sqlite3
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import attrs
from cryptography.hazmat.primitives import serialization as pem
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from migrant_fp.adapters.chinese_calendar import working_calendar
from migrant_fp.adapters.ed25519 import Ed25519Signer, Ed25519Verifier
from migrant_fp.adapters.fsspec import FsspecChannel
from migrant_fp.adapters.ledger import SqliteLedger
from migrant_fp.adapters.package import PackageShelf
from migrant_fp.application.hand_over import (
    hand_over_records,
    hand_over_statistics,
    send,
)
from migrant_fp.application.office import Office
from migrant_fp.application.receive import receive
from migrant_fp.domain.agency import Agency
from migrant_fp.domain.arrival import Arrival, ArrivalState
from migrant_fp.domain.dispatch import Dispatch, DispatchState
from migrant_fp.domain.duty import Level
from migrant_fp.domain.hand_over_record import Case
from migrant_fp.domain.manifest import PackageKind
from migrant_fp.domain.person import Sex, Stay
from migrant_fp.domain.receipt import Outcome
from migrant_fp.domain.statistics import AgeBand, Facts, count
from migrant_fp.ports.packages import Taken
from migrant_fp.regulations.changzhou_agencies import AGENCIES

POLICE, PLANNING, _ = AGENCIES.parties(Level.DISTRICT, "320411")
SENDER, RECEIVER = "sender", "receiver"
AGENCY = {SENDER: POLICE, RECEIVER: PLANNING}
TODAY = date(2011, 10, 4)
_MAKES = ("write rows", "write manifest", "put package in place", "record made")
_SENDS = ("publish parts", "publish manifest", "record sent")
_TAKES = ("claim", "copy", "read", "keep taken", "acknowledge")
_ANSWERS = ("record arrival", "apply", "record applied", "make receipt", "publish receipt", "record told")
PHASES = (
    *((SENDER, phase) for phase in (*_MAKES, *_SENDS, *_TAKES, "hear receipt")),
    *((RECEIVER, phase) for phase in (*_TAKES, *_ANSWERS)),
)
BETWEEN = "between"
#: So many packages are under way at the most.
UNDER_WAY = 2
#: How often a hand-over is of counts, and how often what is under way is sent again.
COUNTS, AGAIN = 0.3, 0.2


class Voice:
    """Tells the parent which phase begins, and waits until that was heard."""

    def __init__(self, out: int, heard: int) -> None:
        """Take the pipes: one to speak, one to be answered."""
        self._out, self._heard = out, heard
        self.phase, self.act = BETWEEN, ""

    def say(self, phase: str) -> None:
        """Tell a phase, if it is another."""
        if phase != self.phase:
            self.phase = phase
            os.write(self._out, f"{phase}\n".encode())
            if not os.read(self._heard, 1):
                os._exit(0)  # the parent is gone

    def watch(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Tell the steps inside of a port by what Python opens and renames."""
        if event == "os.rename":
            finer = {"make": "put package in place", "take": "keep taken"}
        elif event == "open" and isinstance(arguments[1], str) and {"w", "x"} & set(arguments[1]):
            name = os.fspath(arguments[0]) if isinstance(arguments[0], str | os.PathLike) else ""
            is_manifest = "datapackage.json" in name
            finer = {"claim": "copy"}
            if is_manifest:
                finer |= {"make": "write manifest", "publish": "publish manifest"}
        else:
            return
        if self.act in finer:
            self.say(finer[self.act])


@attrs.define
class _Port:
    """A port that tells what it begins."""

    inner: Any
    voice: Voice

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)

    def _during(self, act: str, phase: str, name: str, *arguments: Any) -> Any:
        self.voice.act = act
        self.voice.say(phase)
        answer = getattr(self.inner, name)(*arguments)
        self.voice.act = ""
        self.voice.say(BETWEEN)
        return answer


class _Packages(_Port):
    """The shelf."""

    def make(self, manifest: Any, tables: Mapping[str, Iterable[Mapping[str, str]]]) -> Any:
        if manifest.kind is PackageKind.RECEIPT:
            return self._during("", "make receipt", "make", manifest, tables)
        return self._during("make", "write rows", "make", manifest, tables)

    def take(self, path: Path) -> Any:
        return self._during("take", "read", "take", path)


class _Channel(_Port):
    """The channel."""

    def publish(self, to: str, package: Path) -> None:
        is_receipt = ".receipt-" in package.name
        act, phase = ("", "publish receipt") if is_receipt else ("publish", "publish parts")
        self._during(act, phase, "publish", to, package)

    def claim(self, name: str, into: Path) -> Any:
        return self._during("claim", "claim", "claim", name, into)

    def acknowledge(self, name: str) -> None:
        self._during("", "acknowledge", "acknowledge", name)


class _Ledger(_Port):
    """The ledger."""

    def keep(self, records: Sequence[Any], after: str) -> Any:
        return self._during("", _recorded(records), "keep", records, after)


class _Register(_Port):
    """The register of the receiver."""

    def apply(self, package: Taken, replaces: str) -> Any:
        return self._during("", "apply", "apply", package, replaces)


def _recorded(records: Sequence[Arrival | Dispatch]) -> str:
    for one in records:
        if isinstance(one, Arrival):
            if one.told:
                return "record told"
            return "record applied" if one.state is ArrivalState.APPLIED else "record arrival"
        return {DispatchState.MADE: "record made", DispatchState.SENT: "record sent"}.get(
            one.state, "hear receipt"
        )
    return BETWEEN


class DurableReceived:
    """A register in SQLite: what was applied, in order, in one transaction with its rows."""

    def __init__(self, path: Path) -> None:
        """Open a register, or begin one."""
        self._connection = sqlite3.connect(path, isolation_level=None)
        self._connection.executescript(
            "CREATE TABLE IF NOT EXISTS applied (place INTEGER PRIMARY KEY, digest TEXT, package TEXT, previous TEXT, rows INTEGER);"
            "CREATE TABLE IF NOT EXISTS entry (digest TEXT, body TEXT);"
        )

    def apply(self, package: Taken, replaces: str) -> tuple[Outcome, ...]:
        """Take over the rows of a package in one transaction, once."""
        del replaces
        table = package.manifest.kind.tables[0]
        known = self._connection.execute(
            "SELECT rows FROM applied WHERE digest = ?", (package.digest,)
        ).fetchone()
        if known:
            return (Outcome("added", rows=known[0]),)
        with self._connection:
            self._connection.execute("BEGIN IMMEDIATE")
            bodies = [(package.digest, str(sorted(row.items()))) for row in package.rows(table)]
            self._connection.executemany("INSERT INTO entry VALUES (?, ?)", bodies)
            self._connection.execute(
                "INSERT INTO applied (digest, package, previous, rows) VALUES (?, ?, ?, ?)",
                (package.digest, package.manifest.package_id, package.manifest.previous, len(bodies)),
            )
        return (Outcome("added", rows=len(bodies)),)

    def applied(self) -> list[tuple[str, str, str, int]]:
        """Return digest, package, previous and rows of what was applied, in order."""
        return self._connection.execute(
            "SELECT digest, package, previous, rows FROM applied ORDER BY place"
        ).fetchall()

    def entries(self) -> dict[str, int]:
        """Return how many rows each package left."""
        return dict(self._connection.execute("SELECT digest, count(*) FROM entry GROUP BY digest").fetchall())

    def close(self) -> None:
        """Close the file."""
        self._connection.close()


@attrs.frozen
class World:
    """The place of a run: a folder, and the keys of the two offices."""

    root: Path
    keys: Mapping[str, tuple[bytes, bytes]] = attrs.field(repr=False)

    @classmethod
    def begun(cls, root: Path) -> World:
        """Return a new world in a folder."""
        (root / "box").mkdir()
        return cls(root, {agency.id: _key() for agency in AGENCY.values()})

    def office(self, who: str) -> Office:
        """Return an office as it opens what is on disk."""
        agency: Agency = AGENCY[who]
        verifier = Ed25519Verifier.from_pem({name: public for name, (_, public) in self.keys.items()})
        signer = Ed25519Signer.from_pem(agency.id, self.keys[agency.id][0])
        return Office(
            agency,
            SqliteLedger(self.root / f"{who}.sqlite"),
            PackageShelf(self.root / who, signer=signer, verifier=verifier),
            FsspecChannel(str(self.root / "box"), me=agency.id),
        )

    def register(self) -> DurableReceived:
        """Return the receiver's register."""
        return DurableReceived(self.root / "register.sqlite")


def _key() -> tuple[bytes, bytes]:
    key = Ed25519PrivateKey.generate()
    private = key.private_bytes(pem.Encoding.PEM, pem.PrivateFormat.PKCS8, pem.NoEncryption())
    return private, key.public_key().public_bytes(pem.Encoding.PEM, pem.PublicFormat.SubjectPublicKeyInfo)


def live(world: World, who: str, voice: Voice, chance: random.Random) -> None:
    """Work until killed: make, send and hear, or take, apply and answer."""
    plain = world.office(who)
    ports: list[Any] = [
        _Ledger(plain.ledger, voice),
        _Packages(plain.packages, voice),
        _Channel(plain.channel, voice),
    ]
    office, register = Office(plain.agency, *ports), _Register(world.register(), voice)
    sys.addaudithook(voice.watch)
    while True:
        head = plain.ledger.head()
        if who == SENDER:
            _make(office, chance)
            send(office, TODAY, unanswered=chance.random() < AGAIN)
        taking = receive(office, TODAY, register if who == RECEIVER else None)
        if taking.refused:
            raise SystemExit(f"half-visible: {taking.refused[0]}")
        if head == plain.ledger.head():
            time.sleep(0.002)


def _make(office: Office, chance: random.Random) -> None:
    if sum(1 for one in office.ledger.dispatches() if not one.is_ended) >= UNDER_WAY:
        return
    month = f"2011-{chance.randint(10, 12)}"
    if chance.random() < COUNTS:
        facts = [Facts("320411001", Sex.MALE, AgeBand.TO_49, Stay.WORK)] * chance.randint(10, 99)
        counts = count(facts, "320411")
        hand_over_statistics(office, PLANNING, month, counts, TODAY, calendar=CALENDAR, corrects=True)
        return
    rows = [Case(f"{n:064x}", "320411001").row() for n in sorted(chance.sample(range(10_000), 200))]
    parts: list[Mapping[str, list[dict[str, str]]]] = [{"cases": rows[:100]}, {"cases": rows[100:]}]
    hand_over_records(
        office,
        PLANNING,
        PackageKind.CASES,
        month,
        parts=parts,
        today=TODAY,
        calendar=CALENDAR,
        join_key="example",
        corrects=True,
    )


CALENDAR = working_calendar()
