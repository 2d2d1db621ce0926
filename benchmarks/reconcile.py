"""Two case hand-overs of invented rows, reconciled by the merge and by DuckDB on the same files, in one run.

*DuckDB* is the query that its users would write: both files read by column, a full join by key, every difference fetched and
counted, no limit of memory. *adapter* is ours: it also refuses repeated keys and bad rows, within `--memory-limit`, which holds for
DuckDB's own buffers and not for the whole process. Each measurement is a process of its own (`ru_maxrss` is its peak); the time is that
of the comparison alone, the best of the runs. A table is printed only where all found the same. Of all keys 1 % are in A alone, 1 % in B alone, and 3 % in conflict; in the worst case all are.
"""

from __future__ import annotations

import argparse
import gzip
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from functools import partial
from hashlib import sha256
from pathlib import Path

FIELDS = ("address", "arrived", "born", "household", "identity", "name", "residence", "sex", "stay")


def write_sides(folder: Path, rows: int, *, worst: bool) -> list[Path]:
    """Write the two sides, plain, and return their files; keys ascend and look like hashes."""
    step, paths = 2**64 // rows, [folder / "a.jsonl", folder / "b.jsonl"]
    with paths[0].open("w", encoding="utf-8") as a, paths[1].open("w", encoding="utf-8") as b:
        for n in range(rows):
            key = f"{n * step:016x}{sha256(n.to_bytes(8)).hexdigest()[:48]}"
            said = (
                f'{{"_key":"{key}","address":"示例路{n % 9999}号{n % 99}室","arrived":"2011-05-{1 + n % 28:02}",'
                f'"born":"19{50 + n % 40}-03-01","household":"341221","identity":"999999{n:08}{n % 9999:04}",'
                f'"name":"示例甲","residence":"320404","sex":"{1 + n % 2}","stay":'
            )
            part = n % 100
            if worst or part != 0:
                a.write(said + '"work"}\n')
            if worst or part != 1:
                b.write(said + ('"study"}\n' if worst or part in {2, 3, 4} else '"work"}\n'))
    return paths


def pack(paths: list[Path]) -> list[Path]:
    """Write gzip copies and return them."""
    packed = [path.with_name(path.name + ".gz") for path in paths]
    for path, copy in zip(paths, packed, strict=True):
        with path.open("rb") as plain, gzip.open(copy, "wb", compresslevel=6) as file:
            shutil.copyfileobj(plain, file, 1 << 20)
    return packed


def by_merge(a: Path, b: Path) -> list[object]:
    """Compare by the merge."""
    from migrant_fp.adapters.merge import MergeReconciler  # noqa: PLC0415 - the memory of each is measured apart

    counts = MergeReconciler().compare([a], [b], lambda _: None)
    return [counts.only_in_a, counts.only_in_b, counts.conflicting, dict(counts.fields)]


def by_adapter(a: Path, b: Path, limit: str = "1GB") -> list[object]:
    """Compare by our adapter for DuckDB, within a limit of memory."""
    from migrant_fp.adapters.duckdb import DuckDbReconciler  # noqa: PLC0415 - the same

    counts = DuckDbReconciler(memory_limit=limit).compare([a], [b], lambda _: None)
    return [counts.only_in_a, counts.only_in_b, counts.conflicting, dict(counts.fields)]


def by_duckdb(a: Path, b: Path) -> list[object]:
    """Compare by the query that a user of DuckDB would write."""
    import duckdb  # noqa: PLC0415 - the same

    columns = ", ".join(f"{name}: 'VARCHAR'" for name in ("_key", *FIELDS))
    read = f"read_json(?, columns = {{{columns}}}, format = 'newline_delimited')"
    pairs = ", ".join(f"a.{name}, b.{name}" for name in FIELDS)
    differ = " OR ".join(f"a.{name} IS DISTINCT FROM b.{name}" for name in FIELDS)
    cursor = duckdb.connect().execute(
        f"SELECT coalesce(a._key, b._key) AS key, a._key IS NULL, b._key IS NULL, {pairs} "  # noqa: S608 - names of ours
        f"FROM {read} a FULL JOIN {read} b ON a._key = b._key "
        f"WHERE a._key IS NULL OR b._key IS NULL OR {differ} ORDER BY key",
        [str(a), str(b)],
    )
    kinds: Counter[str] = Counter()
    fields: Counter[str] = Counter()
    while rows := cursor.fetchmany(4096):
        for _, not_in_a, not_in_b, *values in rows:
            kinds["b" if not_in_a else "a" if not_in_b else "both"] += 1
            if not not_in_a and not not_in_b:
                fields.update(
                    name for name, x, y in zip(FIELDS, values[::2], values[1::2], strict=True) if x != y
                )
    return [kinds["a"], kinds["b"], kinds["both"], dict(fields)]


ENGINES = {"DuckDB": by_duckdb, "merge": by_merge, "adapter": by_adapter}


def measure(engine: str, limit: str, a: Path, b: Path) -> int:
    """Compare once, in this process, and print what was found, the seconds and the peak in MB."""
    start = time.perf_counter()
    found = by_adapter(a, b, limit) if engine == "adapter" else ENGINES[engine](a, b)
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps([found, seconds, peak]))
    return 0


def table(title: str, files: list[Path], engines: list[str], *, runs: int, limit: str) -> None:
    """Print one table; the first engine is what the others are held against."""
    taken = dict.fromkeys(engines, float("inf"))
    peaks = dict.fromkeys(engines, 0.0)
    results: list[object] = []
    for _ in range(runs):
        for engine in engines:
            command = [
                sys.executable,
                __file__,
                "--engine",
                engine,
                "--memory-limit",
                limit,
                *map(str, files),
            ]
            done = subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - this very file
            found, seconds, peak = json.loads(done.stdout)
            taken[engine], peaks[engine] = min(taken[engine], seconds), max(peaks[engine], peak)
            results.append(found)
    if any(result != results[0] for result in results):
        raise SystemExit(f"the engines do not find the same: {results}")
    first = engines[0]
    print(f"\n{title}; found {results[0]}")
    print(f"{'':<10}{'seconds':>9}{'ratio':>8}{'peak MB':>10}{'ratio':>8}")
    for engine in engines:
        print(
            f"{engine:<10}{taken[engine]:9.2f}{taken[engine] / taken[first]:8.2f}"
            f"{peaks[engine]:10.0f}{peaks[engine] / peaks[first]:8.3f}"
        )


def tables(folder: Path, rows: int, runs: int, limit: str) -> None:
    """Print the tables of plain and gzip files, and of the worst case."""
    show, plain = (
        partial(table, engines=[*ENGINES], runs=runs, limit=limit),
        write_sides(folder, rows, worst=False),
    )
    size = f"{rows:,} x {rows:,} rows, {plain[0].stat().st_size / rows:.0f} bytes each"
    show(f"{size}, 5 % different, plain (merge: time at most 1.5, peak below 0.1)", plain)
    show(f"{size}, 5 % different, gzip", pack(plain))
    show(f"{size}, the worst case, every row different, plain", write_sides(folder, rows, worst=True))


def main() -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument(
        "--ten-million", action="store_true", help="10M x 10M on the adapter and the merge alone"
    )
    parser.add_argument("--memory-limit", default="1GB", help="of the adapter")
    parser.add_argument("--engine", choices=ENGINES, help=argparse.SUPPRESS)
    parser.add_argument("files", type=Path, nargs="*", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.engine:
        return measure(asked.engine, asked.memory_limit, *asked.files)
    with tempfile.TemporaryDirectory() as name:
        if asked.ten_million:
            plain = write_sides(Path(name), 10_000_000, worst=False)
            title = f"10,000,000 x 10,000,000 rows, 5 % different, plain, memory_limit {asked.memory_limit}"
            table(title, plain, ["adapter", "merge"], runs=1, limit=asked.memory_limit)
        else:
            tables(Path(name), asked.rows, asked.runs, asked.memory_limit)
    return 0


if __name__ == "__main__":
    sys.exit(main())
