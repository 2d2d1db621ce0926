"""Write and verify a package of invented cases beside a bare loop of the same work in the same run, and the peak of memory.

    python benchmarks/package_speed.py --rows 1000000

The bare loop encodes or decodes JSON, packs or unpacks gzip at level 6, and takes SHA-256 and SM3 digests; it checks nothing else. Both
make their rows on the way, and the time for making them is taken out. What counts is processor time: on a machine that is shared the
clock on the wall says little. Memory is that of a process of its own. Exit 1 if a ratio is above 1.6, or memory above 100 MB.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date
from itertools import islice
from pathlib import Path
from random import Random

from migrant_fp.adapters.package import read_package, write_package
from migrant_fp.domain.manifest import Manifest, PackageKind
from migrant_fp.domain.person import Sex, Stay
from migrant_fp.regulations.national_law import FLOATING_POPULATION_2009

_MOST_TIMES, _MOST_MB = 1.6, 100
_PART, _BATCH = 100_000, 1_000
_ENCODE = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode
Row = dict[str, str]
Digests = tuple[Path, str, str]


class Rows:
    """Invented cases in the order of their keys.

    Attributes:
        seconds: The processor time that making them took so far.
    """

    def __init__(self, count: int) -> None:
        """Begin before the first."""
        self.seconds = 0.0
        self._made = _cases(count)

    def __iter__(self) -> Iterator[Row]:
        """Yield the rows; they are made a thousand at a time."""
        while True:
            began = time.process_time()
            batch = list(islice(self._made, _BATCH))
            self.seconds += time.process_time() - began
            if not batch:
                return
            yield from batch


def _cases(count: int) -> Iterator[Row]:
    random = Random(7)  # noqa: S311 - chance, no secret
    step, number = (1 << 256) // (count + 1), random.randrange
    sexes, stays = [str(one.value) for one in Sex], [str(one.value) for one in Stay]
    for place in range(count):
        yield {
            "_key": f"{step * place + random.getrandbits(200):064x}",
            "address": f"示例路{number(999)}号{number(99)}室",
            "arrived": f"20{number(1, 11):02}-{number(1, 13):02}-{number(1, 29):02}",
            "born": f"19{number(50, 93)}-{number(1, 13):02}-{number(1, 29):02}",
            "household": f"34{number(9999):04}",
            "identity": f"999999{number(10**11):011}{number(10)}",
            "name": f"示例{number(9999)}",
            "residence": f"320411{number(20):03}",
            "sex": random.choice(sexes),
            "stay": random.choice(stays),
        }


def bare_write(rows: Rows, into: Path) -> list[Digests]:
    """Write rows as packed lines, 100,000 a file, and return the files with their digests."""
    made, source = [], iter(rows)
    while first := list(islice(source, _BATCH)):
        path, left = into / f"{len(made):05}.gz", _PART - _BATCH
        with path.open("wb") as file, gzip.GzipFile("", "wb", 6, file, mtime=0) as packed:
            batch = first
            while batch:
                packed.write("".join(_ENCODE(row) + "\n" for row in batch).encode())
                batch = list(islice(source, min(_BATCH, left)))
                left -= len(batch)
        made.append((path, *_digests(path)))
    return made


def bare_verify(made: list[Digests]) -> None:
    """Read the files again, compare their digests and decode every line."""
    for path, sha256, sm3 in made:
        if _digests(path) != (sha256, sm3):
            raise AssertionError("a digest that does not agree")
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                json.loads(line)


def _digests(path: Path) -> tuple[str, str]:
    both = hashlib.sha256(), hashlib.new("sm3")
    with path.open("rb") as file:
        while block := file.read(1 << 18):
            for one in both:
                one.update(block)
    return both[0].hexdigest(), both[1].hexdigest()


def ours_write(rows: Rows, into: Path) -> Path:
    """Write the package."""
    manifest = Manifest(
        sender="public_security/district/320411",
        receiver="family_planning/district/320411",
        kind=PackageKind.CASES,
        period="2011-10",
        as_of=date(2011, 10, 8),
        due=date(2011, 10, 5),
        basis=FLOATING_POPULATION_2009,
        retain_until=date(2012, 1, 8),
        join_key="2011-10-a",
        test=True,
    )
    return write_package(manifest, {"cases": rows}, into).folder


def _timed(work: Callable[[], object], rows: Rows | None = None) -> tuple[float, object]:
    began = time.process_time()
    found = work()
    return time.process_time() - began - (rows.seconds if rows else 0), found


def _compare(count: int, home: Path) -> bool:
    (home / "bare").mkdir()
    bare_rows, rows = Rows(count), Rows(count)
    bare_writing, made = _timed(lambda: bare_write(bare_rows, home / "bare"), bare_rows)
    writing, folder = _timed(lambda: ours_write(rows, home / "ours"), rows)
    assert isinstance(made, list)  # noqa: S101 - for the type checker
    assert isinstance(folder, Path)  # noqa: S101 - the same
    bare_verifying, _ = _timed(lambda: bare_verify(made))
    verifying, _ = _timed(lambda: read_package(folder, unsigned=True))
    print(f"{count:,} cases       bare s   ours s   ratio (at most {_MOST_TIMES})")
    well = True
    for name, bare, ours in (("write", bare_writing, writing), ("verify", bare_verifying, verifying)):
        print(f"{name:12} {bare:12.2f} {ours:8.2f} {ours / bare:7.2f}")
        well = well and ours / bare <= _MOST_TIMES
    return well


def _print_memory(count: int) -> bool:
    command = [sys.executable, __file__, "--rows", str(count), "--memory"]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout  # noqa: S603 - itself
    most = int(said) / 1024
    print(f"peak memory of writing and verifying: {most:.0f} MB (under {_MOST_MB})")
    return most < _MOST_MB


def main() -> int:
    """Print the table and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000, help="how many cases (1000000)")
    parser.add_argument(
        "--memory", action="store_true", help="write and verify once and print the peak in kB"
    )
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        if given.memory:
            read_package(ours_write(Rows(given.rows), Path(home)), unsigned=True)
            print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
            return 0
        well = _compare(given.rows, Path(home))
        return 0 if _print_memory(given.rows) and well else 1


if __name__ == "__main__":
    sys.exit(main())
