"""Kill a sender and a receiver with SIGKILL at random moments, run them again, and see that every package arrives once.

    python tools/kill_exchange.py --kills 200 [--seed 7]

Two processes exchange over a folder, each with an SQLite ledger, a shelf of packages, and the receiver with a register in SQLite.
They tell through a pipe which phase they enter, and wait until they are heard; so a kill lands in the phase that was chosen. The
phase hit least so far is next; the moment inside it is random. At the end both run to rest, and everything is counted.

The processes are forked: each opens its files itself, and nothing but what is on disk outlives it.
"""

# ruff: noqa: S311 - no secret is drawn by chance

from __future__ import annotations

import argparse
import json
import os
import random
import select
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from killed_offices import (
    AGENCY,
    BETWEEN,
    PHASES,
    RECEIVER,
    SENDER,
    TODAY,
    DurableReceived,
    Voice,
    World,
    live,
)

from migrant_fp.application.hand_over import (
    send,
)
from migrant_fp.application.office import Office
from migrant_fp.application.receive import receive
from migrant_fp.domain.manifest import FIRST

#: How often each phase is hit at least, where there are kills enough.
AT_LEAST = 5
#: A phase that does not come up for so many seconds is not reached any more.
PATIENCE = 60


# --- the parent --------------------------------------------------------------------------------------------------------


class _Process:
    """One process: forked, heard, and killed."""

    def __init__(self, world: World, who: str, seed: int) -> None:
        self.who, self.phase, self.since = who, BETWEEN, time.monotonic()
        self.said, out = os.pipe()
        heard, self._hears = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            try:
                os.close(self.said)
                os.close(self._hears)
                live(world, who, Voice(out, heard), random.Random(seed))
            except BaseException as error:  # noqa: BLE001 - the child ends here, whatever it was
                print(f"{who}: {error!r}", file=sys.stderr, flush=True)
            os._exit(1)
        os.close(out)
        os.close(heard)

    def next_phase(self) -> str:
        """Return the phase that it enters; it waits until `go`."""
        line = b""
        while not line.endswith(b"\n"):
            more = os.read(self.said, 1)
            if not more:
                raise SystemExit(f"the {self.who} ended by itself in: {self.phase}")
            line += more
        return line.decode().strip()

    def go(self, phase: str) -> None:
        self.phase, self.since = phase, time.monotonic()
        os.write(self._hears, b"!")

    def kill(self) -> None:
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.said)
        os.close(self._hears)


class _Hunt:
    """The kills: which phase is next, and how long each lasts."""

    def __init__(self, world: World, seed: int) -> None:
        self.world, self.chance = world, random.Random(seed)
        self.hits: Counter[tuple[str, str]] = Counter()
        self.lasts: dict[tuple[str, str], float] = {}
        self.processes = {who: self._start(who) for who in AGENCY}

    def _start(self, who: str) -> _Process:
        return _Process(self.world, who, self.chance.randrange(2**32))

    def kill_once(self) -> None:
        fewest = min(self.hits[phase] for phase in PHASES)
        target = self.chance.choice([phase for phase in PHASES if self.hits[phase] == fewest])
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            for process in self._speaking():
                phase = process.next_phase()
                spent = time.monotonic() - process.since
                known = self.lasts.get((process.who, process.phase), spent)
                self.lasts[process.who, process.phase] = 0.8 * known + 0.2 * spent
                process.go(phase)
                if (process.who, phase) == target:
                    self._kill(process)
                    return
        raise SystemExit(f"the phase {target} did not come up in {PATIENCE} s")

    def _speaking(self) -> list[_Process]:
        by_pipe = {process.said: process for process in self.processes.values()}
        ready, _, _ = select.select([*by_pipe], [], [], 1)
        return [by_pipe[pipe] for pipe in ready]

    def _kill(self, process: _Process) -> None:
        time.sleep(self.chance.uniform(0, self.lasts.get((process.who, process.phase), 0.002)))
        process.kill()
        self.hits[process.who, process.phase] += 1
        self.processes[process.who] = self._start(process.who)

    def end(self) -> None:
        for process in self.processes.values():
            process.kill()


# --- the count ---------------------------------------------------------------------------------------------------------


def _rest(offices: Mapping[str, Office], register: DurableReceived) -> None:
    """Run both by turns until nothing moves any more."""
    while True:
        heads = [office.ledger.head() for office in offices.values()]
        send(offices[SENDER], TODAY, unanswered=True)
        receive(offices[RECEIVER], TODAY, register)
        receive(offices[SENDER], TODAY)
        if heads == [office.ledger.head() for office in offices.values()]:
            return


def _faults(world: World, offices: Mapping[str, Office], register: DurableReceived) -> Iterator[str]:
    """Yield whatever is not as it must be."""
    made = offices[SENDER].ledger.dispatches()
    came = {one.package: one for one in offices[RECEIVER].ledger.arrivals()}
    applied = register.applied()
    if len(came) != len(offices[RECEIVER].ledger.arrivals()) or set(came) != {one.id for one in made}:
        yield f"{len(made)} packages were made, {len(came)} came"
    yield from (
        f"{one.id}: the sender holds it for {one.state.value}" for one in made if one.state.value != "applied"
    )
    yield from (
        f"{one.package}: stands as {one.state.value}" for one in came.values() if one.state.value != "applied"
    )
    yield from (
        f"{one.id}: other bytes came" for one in made if one.id in came and came[one.id].digest != one.digest
    )
    for package, times in Counter(package for _, package, _, _ in applied).items():
        if times > 1:
            yield f"{package}: applied {times} times"
    if {digest for digest, *_ in applied} != {one.digest for one in made}:
        yield f"{len(made)} packages were made, {len(applied)} were applied"
    done = {FIRST}
    for digest, package, previous, rows in applied:
        if previous not in done:
            yield f"{package}: applied before what it follows"
        done.add(digest)
        if register.entries().get(digest, 0) != rows:
            yield f"{package}: {rows} rows were told, {register.entries().get(digest, 0)} are there"
    yield from _chain_faults(world, offices)
    yield from _left_over(world, offices)


def _chain_faults(world: World, offices: Mapping[str, Office]) -> Iterator[str]:
    """Yield where a chain does not hold, or lacks a head that the other office holds of it from a package or a receipt."""
    for who, other in ((SENDER, RECEIVER), (RECEIVER, SENDER)):
        taken = (world.root / other / "taken").glob("*/*/datapackage.json")
        heads = [json.loads(path.read_bytes())["migrant_fp"].get("chain_head", FIRST) for path in taken]
        ledger: Any = offices[who].ledger
        if not heads or (place := ledger.broken_at(heads)) is not None:
            yield f"{who}: the chain does not hold at {place if heads else 'all, without a witness'}"


def _left_over(world: World, offices: Mapping[str, Office]) -> Iterator[str]:
    """Yield what is left that should not be: a package that waits, is held, or is half copied."""
    for who, office in offices.items():
        if waits := office.channel.poll():
            yield f"{who}: {len(waits)} packages still wait"
        if left := [*office.packages.incoming.iterdir()]:
            yield f"{who}: {len(left)} copies are left in incoming"
    for box in (world.root / "box").iterdir():
        if held := [*box.glob("_claimed/*/*")]:
            yield f"{box.name}: {len(held)} packages are held"


def _given_up(world: World) -> int:
    """Return how many packages lie in a box without a manifest, so that nobody sees them.

    One is left where a process was killed while it published again what the other had then answered, or the receipt of a
    standing that had passed when it ran again.
    """
    folders = [path for path in (world.root / "box").glob("*/*") if not path.name.startswith("_")]
    return sum(1 for path in folders if not (path / "datapackage.json").exists())


def _told(hunt: _Hunt, kills: int) -> int:
    """Print how often each phase was hit, and return how often the one hit least."""
    for who, phase in PHASES:
        print(f"  {who:8} {phase:20} {hunt.hits[who, phase]:4} {'#' * hunt.hits[who, phase]}")
    fewest = min(hunt.hits[phase] for phase in PHASES)
    print(f"{kills} kills in {len(PHASES)} phases, each hit {fewest} times or more")
    return fewest


def run(kills: int, seed: int) -> int:
    """Kill so often, run to rest, and return 0 if everything is as it must be."""
    root = Path(tempfile.mkdtemp(prefix="kill-exchange-"))
    world, began = World.begun(root), time.monotonic()
    hunt = _Hunt(world, seed)
    try:
        for _ in range(kills):
            hunt.kill_once()
    finally:
        hunt.end()
    faults = _counted(world)
    fewest = _told(hunt, kills)
    if fewest < min(AT_LEAST, kills // len(PHASES)):
        faults.append(f"a phase was hit {fewest} times only")
    print(f"{time.monotonic() - began:.0f} s", *(f"FAULT: {fault}" for fault in faults), sep="\n")
    if faults:
        print(f"kept in {root}")
        return 1
    shutil.rmtree(root)
    return 0


def _counted(world: World) -> list[str]:
    """Run to rest, print what came of it, and return the faults."""
    offices = {who: world.office(who) for who in AGENCY}
    with closing(world.register()) as register:
        _rest(offices, register)
        faults = [*_faults(world, offices, register)]
        print(f"{len(offices[SENDER].ledger.dispatches())} packages made, {len(register.applied())} applied")
    print(f"{_given_up(world)} packages begun and given up: parts without a manifest, which nobody sees")
    for office in offices.values():
        ledger: Any = office.ledger
        ledger.close()
    return faults


def main() -> int:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(
        description="Kill both sides of the exchange at random moments, and count what arrives."
    )
    parser.add_argument("--kills", type=int, default=200, help="how often a process is killed (default 200)")
    parser.add_argument(
        "--seed", type=int, default=None, help="the seed of the moments (default: a new one, printed)"
    )
    given = parser.parse_args()
    seed = random.SystemRandom().randrange(2**32) if given.seed is None else given.seed
    print(f"seed {seed}", flush=True)
    return run(given.kills, seed)


if __name__ == "__main__":
    raise SystemExit(main())
