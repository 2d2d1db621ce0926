"""Fuzz the reader of packages, guided by coverage (atheris): whatever comes, nothing but a refusal may come out; exit 1 otherwise.

    python tools/fuzz_package.py --seconds 600

The first byte of an input chooses what the rest is taken for: a manifest, a change of one, lines, gzip data, a zip, and so on. Around
it, digests and lists are made right, so that the checks behind them are reached. What crashes is kept as a file and can be run again:
python tools/fuzz_package.py --again FILE.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from contextlib import redirect_stderr
from io import StringIO
from pathlib import Path
from typing import Any

import atheris

with (
    redirect_stderr(StringIO()),
    atheris.instrument_imports(include=["migrant_fp.adapters", "migrant_fp.domain"]),
):
    from invented_packages import (
        DESCRIPTOR,
        SIGNATURE,
        SIGNED_BY,
        Original,
        originals,
        put,
        right,
        sign,
        verifier,
    )

    from migrant_fp.adapters.package import peek, read_package
    from migrant_fp.domain.flaw import PackageRefused

Files = dict[str, bytes]
_EXECUTIONS = re.compile(r"stat::number_of_executed_units: (\d+)")
_COVERAGE = re.compile(r"cov: (\d+)")
_LONGEST, _MEMORY_MB, _SECONDS_EACH = 20_000, 2_000, 30
_TAIL = 4_000


class Target:
    """Takes inputs for one package after another.

    Attributes:
        home: Where packages are written.
    """

    def __init__(self, home: Path) -> None:
        """Make the packages that the inputs are put into."""
        self.home = home
        self._packages = originals()
        self._there: dict[Path, Files] = {}
        self._ways: tuple[Callable[[Original, bytes], Files], ...] = (
            self._manifest,
            self._edited,
            self._lines,
            self._packed,
            self._signature,
            self._named,
            self._signed_manifest,
        )

    def seeds(self) -> list[bytes]:
        """Return inputs that are valid packages, for every way and every package."""
        found = []
        for number, package in enumerate(self._packages):
            part = next(path for path in package.files if path.startswith("data/"))
            data = package.files[part]
            lines = gzip.decompress(data) if part.endswith(".gz") else data
            manifest = package.files[DESCRIPTOR]
            inputs = [
                manifest,
                b'part\0{"part": 2, "of": 2}',
                lines,
                data,
                package.files[SIGNED_BY],
                b"data/x",
                manifest,
            ]
            found += [bytes([way, number]) + one for way, one in enumerate(inputs)]
            found.append(bytes([len(self._ways), number]) + package.zipped)
        return found

    def take(self, data: bytes) -> None:
        """Read what an input stands for; a refusal is what is expected."""
        if len(data) < 2:  # noqa: PLR2004 - the way and the package
            return
        way = data[0] % (len(self._ways) + 1)
        package = self._packages[data[1] % len(self._packages)]
        if way == len(self._ways):
            path = self.home / f"{package.name}.zip"
            path.write_bytes(data[2:])
        else:
            path = self.home / package.name
            self._put(path, self._ways[way](package, data[2:]))
        for read in (_read, peek):
            try:
                read(path)
            except PackageRefused as refused:
                str(refused)

    def _put(self, path: Path, files: Files) -> None:
        """Write what is not there already: an input changes little."""
        there = self._there.get(path, {})
        for gone in there.keys() - files.keys():
            (path / gone).unlink()
        put(path, {name: data for name, data in files.items() if there.get(name) != data})
        self._there[path] = files

    def _manifest(self, package: Original, data: bytes) -> Files:
        return dict(package.files) | {DESCRIPTOR: data}

    def _signed_manifest(self, package: Original, data: bytes) -> Files:
        return dict(package.files) | {DESCRIPTOR: data, SIGNATURE: sign(data)}

    def _edited(self, package: Original, data: bytes) -> Files:
        """Say something else in our part of the manifest: a name, a zero, and JSON for its value."""
        name, _, value = data.partition(b"\0")
        try:
            said = json.loads(value)
        except (ValueError, RecursionError):
            said = value.decode("utf-8", "replace")
        return _signed(right(package.files, _within(package, name.decode("utf-8", "replace"), said)))

    def _lines(self, package: Original, data: bytes) -> Files:
        part = _part(package)
        packed = gzip.compress(data, 1, mtime=0) if part.endswith(".gz") else data
        keys = re.findall(rb'^\{"_key":"([0-9a-f]{8})', data, re.MULTILINE)
        numbers = [line.split(b",")[3:4] for line in data.split(b"\r\n")[1:]]
        counts = [int(one[0]) for one in numbers if one and one[0].isdigit() and len(one[0]) < 13]  # noqa: PLR2004
        total = sum(int(key, 16) for key in keys) if part.endswith(".gz") else sum(counts)
        rows = data.count(b"\n") - (not part.endswith(".gz"))
        return _said_of_part(
            right({**package.files, part: packed}), {"rows": max(rows, 0), "control_total": total}
        )

    def _packed(self, package: Original, data: bytes) -> Files:
        return _signed(right({**package.files, _part(package): data}))

    def _signature(self, package: Original, data: bytes) -> Files:
        return dict(package.files) | {SIGNED_BY: data}

    def _named(self, package: Original, data: bytes) -> Files:
        """Add files whose names are the lines of the input, as far as a disk takes them."""
        files = dict(package.files)
        for line in data.split(b"\n")[:20]:
            name = line.decode("utf-8", "surrogateescape").replace("\0", "")[:80].strip("/")
            if (
                name
                and not {".", "..", *files} & {name, *name.split("/")}
                and "/" not in name.removeprefix("data/")
            ):
                files[name] = b""
        files.pop("data", None)
        return files


def _read(path: Path) -> None:
    package = read_package(path, verifier=verifier())
    for table in package.manifest.kind.tables:
        for _ in package.rows(table):
            pass


def _part(package: Original) -> str:
    return next(path for path in package.files if path.startswith("data/"))


def _signed(files: Files) -> Files:
    return files | {SIGNATURE: sign(files[DESCRIPTOR])}


def _within(package: Original, name: str, said: object) -> dict[str, Any]:
    """Return a change of the manifest; a name with a dot is one of an inner object or of the first file."""
    outer, _, inner = name.partition(".")
    if not inner:
        return {} if outer == "resources" and not _files(said) else {outer: said}
    held = json.loads(package.files[DESCRIPTOR])["migrant_fp"].get(outer)
    if isinstance(held, list):
        return {outer: [held[0] | {inner: said}, *held[1:]]} if inner != "path" else {}
    return {outer: held | {inner: said}} if isinstance(held, dict) else {outer: {inner: said}}


def _files(said: object) -> bool:
    return isinstance(said, list) and all(
        isinstance(one, dict) and isinstance(one.get("path"), str) for one in said
    )


def _said_of_part(files: Files, said: Mapping[str, int]) -> Files:
    ours = json.loads(files[DESCRIPTOR])["migrant_fp"]["resources"]
    return _signed(right(files, {"resources": [ours[0] | said, *ours[1:]]}))


def main() -> int:
    """Run the fuzzer in a process of its own, print what it did, and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=600, help="how long (600)")
    parser.add_argument("--seed", type=int, default=20111008, help="where chance begins (20111008)")
    parser.add_argument("--again", type=Path, help="read one kept input again")
    given = parser.parse_args()
    if given.again:
        with tempfile.TemporaryDirectory() as home:
            Target(Path(home)).take(given.again.read_bytes())
        print("no crash")
        return 0
    with tempfile.TemporaryDirectory() as corpus:
        return _supervised(given.seconds, given.seed, corpus)


def _supervised(seconds: int, seed: int, corpus: str) -> int:
    options = {
        "max_total_time": seconds,
        "seed": seed,
        "max_len": _LONGEST,
        "len_control": 0,
        "rss_limit_mb": _MEMORY_MB,
        "timeout": _SECONDS_EACH,
        "print_final_stats": 1,
    }
    command = [
        sys.executable,
        __file__,
        "-run",
        corpus,
        *(f"-{name}={value}" for name, value in options.items()),
    ]
    print(f"fuzzing for {seconds} seconds, seed {seed}")
    ran = subprocess.run(command, check=False, capture_output=True, text=True, errors="replace")  # noqa: S603 - itself
    said = ran.stdout + ran.stderr
    executions, coverage = _EXECUTIONS.search(said), _COVERAGE.findall(said)
    print(
        f"{executions[1] if executions else 'no'} executions, {coverage[-1] if coverage else 'no'} branches reached"
    )
    if ran.returncode or not executions:
        print(ran.stdout[-_TAIL:], ran.stderr[-_TAIL:])
        return 1
    print("no crash")
    return 0


def _fuzz(corpus: Path, options: list[str]) -> None:
    """Fuzz until the time is over; the process ends with it."""
    with tempfile.TemporaryDirectory() as home:
        target = Target(Path(home))
        for number, seed in enumerate(target.seeds()):
            (corpus / f"{number:03}").write_bytes(seed)
        atheris.Setup([sys.argv[0], *options, str(corpus)], target.take)
        atheris.Fuzz()


if __name__ == "__main__":
    if sys.argv[1:2] == ["-run"]:
        _fuzz(Path(sys.argv[2]), sys.argv[3:])
    else:
        sys.exit(main())
