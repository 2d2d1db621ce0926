"""Change signed packages at random and see that the reader refuses each; exit 1 if it takes one that says something else, or crashes.

    python tools/mutate_packages.py 10000

Every change is told by its number: the same seed and number give the same change.
"""

from __future__ import annotations

import argparse
import io
import json
import shutil
import sys
import tempfile
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat
from pathlib import Path
from random import Random
from typing import TypeVar

from invented_packages import (
    DESCRIPTOR,
    SIGNATURE,
    SIGNED_BY,
    Original,
    listed,
    originals,
    put,
    right,
    verifier,
)

from migrant_fp.adapters.package import read_package
from migrant_fp.domain.flaw import PackageRefused

Files = dict[str, bytes]
Kind = TypeVar("Kind", bytes, Files)
VERDICTS = ("refused", "identical", "changed", "crashed")
_WORKERS, _SHOWN = 2, 10
_TRIES = 100


def bit_flipped(files: Files, random: Random, _: Original) -> Files:
    """Flip one bit of one file."""
    path = random.choice([path for path in files if files[path]])
    return files | {path: _flipped(files[path], random)}


def cut_off(files: Files, random: Random, _: Original) -> Files:
    """Cut a file off somewhere."""
    path = random.choice(list(files))
    return files | {path: files[path][: random.randrange(len(files[path]) or 1)]}


def bytes_put_in(files: Files, random: Random, _: Original) -> Files:
    """Put bytes into a file, or in the place of others."""
    path = random.choice(list(files))
    data, place = files[path], random.randrange(len(files[path]) + 1)
    cut = place + random.choice([0, 0, 1, random.randrange(40)])
    return files | {path: data[:place] + random.randbytes(random.randrange(1, 9)) + data[cut:]}


def files_swapped(files: Files, random: Random, _: Original) -> Files:
    """Swap the contents of two files."""
    a, b = random.sample(list(files), 2)
    return files | {a: files[b], b: files[a]}


def file_dropped(files: Files, random: Random, _: Original) -> Files:
    """Leave a file or several out."""
    gone = random.sample(list(files), random.randrange(1, 3))
    return {path: data for path, data in files.items() if path not in gone}


def file_doubled(files: Files, random: Random, _: Original) -> Files:
    """Put a copy of a file under another name, or in the place of another file."""
    path = random.choice(list(files))
    new = ("data/cases-00002.jsonl.gz", "data/copy", "x.txt", "signature.sig", path.upper(), path + "~")
    return files | {random.choice([*new, *files]): files[path]}


def file_of_another_package(files: Files, random: Random, other: Original) -> Files:
    """Put files of another package, signed by the same office, in the place of this one's."""
    taken = random.sample(list(other.files), random.randrange(1, len(other.files)))
    return files | {path: other.files[path] for path in taken}


def manifest_edited(files: Files, random: Random, _: Original) -> Files:
    """Let the manifest say something else and make the digest lists right; the signature is the old one."""
    value = json.loads(files[DESCRIPTOR])["migrant_fp"]
    edits = {
        "as_of": "2011-10-07",
        "due": "2011-10-06",
        "period": "2011-09",
        "receiver": "coordination/district/320411",
        "chain_head": f"{random.getrandbits(256):064x}",
        "previous": f"{random.getrandbits(256):064x}",
        "test": True,
        "revision": 2,
        "retain_until": "2031-01-08",
        "threshold": random.randrange(3, 99),
        "join_key": "2011-10-b",
        "purpose": "collection",
        "resources": [one | {"rows": one["rows"] + 1} for one in value["resources"]],
    }
    name = random.choice(list(edits))
    return right(files, {name: edits[name]} if edits[name] != value.get(name) else {"test": True})


def payload_edited(files: Files, random: Random, _: Original) -> Files:
    """Change a part, and make manifest and digest lists right; the signature is the old one."""
    path = random.choice([path for path in files if path.startswith("data/")])
    return right(files | {path: _flipped(files[path], random)})


def list_edited(files: Files, random: Random, _: Original) -> Files:
    """Change a digest list, or make the lists right for a part that was changed."""
    if random.random() < 1 / 2:
        return listed(bit_flipped(files, random, _))
    path = random.choice(["manifest-sha256.txt", "manifest-sm3.txt"])
    lines = files[path].splitlines(keepends=True)
    random.shuffle(lines)
    return files | {path: b"".join(random.choice([lines, lines[1:], [*lines, lines[0]]]))}


def signature_changed(files: Files, random: Random, other: Original) -> Files:
    """Change the signature, its name, or both for those of another package."""
    path = random.choice([SIGNATURE, SIGNED_BY])
    data = files[path]
    ways = (
        _flipped(data, random),
        random.randbytes(len(data)),
        data[:-1],
        data + b"\0",
        data[::-1],
        other.files[SIGNATURE],
        data.replace(b"320411", b"320412"),
        data.replace(b"ed25519", b"none"),
    )
    return files | {path: random.choice(ways)}


FOLDERS = (
    bit_flipped,
    cut_off,
    bytes_put_in,
    files_swapped,
    file_dropped,
    file_doubled,
    file_of_another_package,
    manifest_edited,
    payload_edited,
    list_edited,
    signature_changed,
)


def zip_bit_flipped(data: bytes, random: Random) -> bytes:
    """Flip one to three bits of a zip."""
    for _ in range(random.randrange(1, 4)):
        data = _flipped(data, random)
    return data


def zip_head_changed(data: bytes, random: Random) -> bytes:
    """Change a byte of a head or of the list of entries, where the container alone is described."""
    marks = [place for mark in (b"PK\1\2", b"PK\3\4", b"PK\5\6") for place in _places(data, mark)]
    place = random.choice(marks) + random.randrange(46)
    return data[:place] + random.randbytes(1) + data[place + 1 :]


def zip_cut_off(data: bytes, random: Random) -> bytes:
    """Cut a zip off somewhere."""
    return data[: random.randrange(len(data))]


def zip_prepended(data: bytes, random: Random) -> bytes:
    """Put bytes before a zip."""
    return random.randbytes(random.randrange(1, 99)) + data


def zip_appended(data: bytes, random: Random) -> bytes:
    """Put bytes behind a zip."""
    return data + random.randbytes(random.randrange(1, 99))


def zip_other_times(data: bytes, random: Random) -> bytes:
    """Give the entries other times, modes and systems."""

    def change(info: zipfile.ZipInfo) -> None:
        info.date_time = (
            1980 + random.randrange(100),
            1,
            1 + random.randrange(28),
            random.randrange(24),
            0,
            0,
        )
        info.external_attr, info.create_system = random.choice([0, 0o100600 << 16]), random.choice([0, 3])

    return _zipped_again(data, change)


def zip_extra_fields(data: bytes, random: Random) -> bytes:
    """Give the entries extra fields and comments."""

    def change(info: zipfile.ZipInfo) -> None:
        info.extra = b"\xca\xfe\4\0" + random.randbytes(4)
        info.comment = random.randbytes(random.randrange(9))

    return _zipped_again(data, change)


def zip_comment(data: bytes, random: Random) -> bytes:
    """Give the zip a comment."""
    return _zipped_again(data, comment=random.randbytes(random.randrange(1, 99)))


def zip_other_order(data: bytes, random: Random) -> bytes:
    """Put the entries in another order."""
    return _zipped_again(data, order=random.shuffle)


def zip_compressed(data: bytes, random: Random) -> bytes:
    """Compress the entries."""
    how = random.choice([zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
    return _zipped_again(data, how=how)


ZIPS = (
    zip_bit_flipped,
    zip_head_changed,
    zip_cut_off,
    zip_prepended,
    zip_appended,
    zip_other_times,
    zip_extra_fields,
    zip_comment,
    zip_other_order,
    zip_compressed,
)


def main() -> int:
    """Print the table and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int, nargs="?", default=10_000, help="how many changes (10000)")
    parser.add_argument("--seed", type=int, default=20111008, help="where chance begins (20111008)")
    given = parser.parse_args()
    print(f"{given.count} changes of signed packages, seed {given.seed}\n")
    verdicts: Counter[tuple[str, str]] = Counter()
    with ProcessPoolExecutor(_WORKERS) as pool:
        shares = [range(first, given.count, _WORKERS) for first in range(_WORKERS)]
        for found, told in pool.map(_share, shares, repeat(given.seed)):
            verdicts += found
            print(*told[:_SHOWN], sep="\n", end="\n" if told else "")
    _print_table(verdicts)
    return 1 if any(verdict in {"changed", "crashed"} for _, verdict in verdicts) else 0


def _print_table(verdicts: Counter[tuple[str, str]]) -> None:
    heads = ("refused", "accepted, identical", "accepted, changed", "crashed")
    print(f"{'change':26}" + "".join(f"{head:>21}" for head in heads))
    for kind in (one.__name__ for one in (*FOLDERS, *ZIPS)):
        if numbers := [verdicts[kind, verdict] for verdict in VERDICTS]:
            print(f"{kind.replace('_', ' '):26}" + "".join(f"{number:21}" for number in numbers))
    sums = [sum(n for (_, which), n in verdicts.items() if which == verdict) for verdict in VERDICTS]
    print(f"{'all':26}" + "".join(f"{number:21}" for number in sums))
    print(
        "\nidentical: the container alone was changed; manifest, payload and signature are what was signed."
    )


def _share(numbers: range, seed: int) -> tuple[Counter[tuple[str, str]], list[str]]:
    verdicts: Counter[tuple[str, str]] = Counter()
    told = []
    packages = originals()
    with tempfile.TemporaryDirectory() as home:
        for number in numbers:
            kind, verdict, why = _one(Path(home), packages, Random(f"{seed} {number}"))  # noqa: S311 - chance, no secret
            verdicts[kind, verdict] += 1
            if why:
                told.append(f"change {number}, {kind}, {verdict}: {why}")
    return verdicts, told


def _one(home: Path, packages: tuple[Original, ...], random: Random) -> tuple[str, str, str]:
    package = random.choice(packages)
    if random.random() < 1 / 3:
        path, kind = home / f"{package.name}.zip", random.choice(ZIPS)
        path.write_bytes(_different(package.zipped, lambda: kind(package.zipped, random)))
        return kind.__name__, *_verdict(path, package, container_only=True)
    path, change = home / package.name, random.choice(FOLDERS)
    other = random.choice([one for one in packages if one is not package])
    files = _different(dict(package.files), lambda: change(dict(package.files), random, other))
    shutil.rmtree(path, ignore_errors=True)
    put(path, files)
    return change.__name__, *_verdict(path, package, container_only=False)


def _different(original: Kind, change: Callable[[], Kind]) -> Kind:
    """Return a change that changes something."""
    for _ in range(_TRIES):
        if (found := change()) != original:
            return found
    raise AssertionError("a change that never changes anything")


def _verdict(path: Path, original: Original, *, container_only: bool) -> tuple[str, str]:
    try:
        package = read_package(path, verifier=verifier())
        rows = {table: list(package.rows(table)) for table in package.manifest.kind.tables}
    except PackageRefused:
        return "refused", ""
    except Exception as error:  # noqa: BLE001 - that none comes out is what is tried
        return "crashed", f"{type(error).__name__}: {error}"
    signature = package.signature.value if package.signature else b""
    same = (package.digest, signature, rows) == _said(original)
    if container_only and same:
        return "identical", ""
    return "changed", "is taken"


def _said(original: Original) -> tuple[str, bytes, Mapping[str, list[dict[str, str]]]]:
    with tempfile.TemporaryDirectory() as home:
        put(Path(home) / original.name, original.files)
        package = read_package(Path(home) / original.name, verifier=verifier())
        rows = {table: list(package.rows(table)) for table in package.manifest.kind.tables}
    return package.digest, original.files[SIGNATURE], rows


def _flipped(data: bytes, random: Random) -> bytes:
    place = random.randrange(len(data))
    return data[:place] + bytes([data[place] ^ (1 << random.randrange(8))]) + data[place + 1 :]


def _places(data: bytes, mark: bytes) -> Iterator[int]:
    place = data.find(mark)
    while place >= 0:
        yield place
        place = data.find(mark, place + 1)


def _zipped_again(
    data: bytes,
    change: Callable[[zipfile.ZipInfo], None] = lambda _: None,
    *,
    order: Callable[[list[zipfile.ZipInfo]], None] = lambda _: None,
    how: int = zipfile.ZIP_STORED,
    comment: bytes = b"",
) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as found, zipfile.ZipFile(held, "w") as out:
        infos = found.infolist()
        order(infos)
        for info in infos:
            content = found.read(info)
            change(info)
            out.writestr(info, content, how)
        out.comment = comment
    return held.getvalue()


if __name__ == "__main__":
    sys.exit(main())
