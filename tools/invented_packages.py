"""Invented signed packages of every kind, for the tools that attack the reader. All people in them are made up."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import attrs
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from migrant_fp.adapters.ed25519 import Ed25519Signer, Ed25519Verifier
from migrant_fp.adapters.package import write_package, zip_package
from migrant_fp.domain.hand_over_record import Case, Change, ChangeKind, Deletion, Tombstone
from migrant_fp.domain.headcount import AgeBand, Facts
from migrant_fp.domain.manifest import Manifest, PackageKind
from migrant_fp.domain.person import Sex, Stay
from migrant_fp.domain.receipt import Receipt, Stage
from migrant_fp.domain.statistics import COLUMNS, count, rows, suppressed
from migrant_fp.regulations.national_law import FLOATING_POPULATION_2009

POLICE, PLANNING = "public_security/district/320411", "family_planning/district/320411"
DESCRIPTOR, SIGNATURE, SIGNED_BY = "datapackage.json", "signature.bin", "signature.json"
_KEY = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(b"an invented office").digest())
_DAY = date(2011, 9, 2)


@attrs.frozen
class Original:
    """A signed package, held in memory.

    Attributes:
        name: Its id, and so the name of its folder.
        files: The bytes of each file, by path.
        zipped: The same as one zip.
    """

    name: str
    files: Mapping[str, bytes]
    zipped: bytes


def verifier() -> Ed25519Verifier:
    """Return what holds the public key of the office that signed."""
    return Ed25519Verifier({POLICE: _KEY.public_key()})


def sign(data: bytes) -> bytes:
    """Return the signature of the office over a manifest."""
    return _KEY.sign(data)


def originals() -> tuple[Original, ...]:
    """Return a package of every kind, and a later one of the cases."""
    months = [(kind, "2011-10") for kind in PackageKind] + [(PackageKind.CASES, "2011-11")]
    with tempfile.TemporaryDirectory() as home:
        return tuple(_original(Path(home), kind, period) for kind, period in months)


def right(files: Mapping[str, bytes], ours: Mapping[str, Any] | None = None) -> dict[str, bytes]:
    """Return the files with manifest and digest lists made right around them; the signature stays as it is.

    Args:
        files: The files, whatever they hold.
        ours: What the manifest is to say otherwise, in our part of it.
    """
    value = json.loads(files[DESCRIPTOR])
    value["migrant_fp"].update(ours or {})
    for one, theirs in zip(value["migrant_fp"]["resources"], value["resources"], strict=False):
        data = files.get(one["path"], b"")
        one.update(sha256=_hex("sha256", data), sm3=_hex("sm3", data), size=len(data))
        theirs.update(hash=f"sha256:{one['sha256']}", bytes=len(data))
    found = dict(files)
    found[DESCRIPTOR] = (json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode()
    return listed(found)


def listed(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the files with digest lists that agree with them."""
    paths = sorted(path for path in files if path.startswith("data/") or path == DESCRIPTOR)
    found = dict(files)
    for name in ("sha256", "sm3"):
        found[f"manifest-{name}.txt"] = "".join(
            f"{_hex(name, files[path])}  {path}\n" for path in paths
        ).encode()
    return found


def put(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files into a new folder."""
    for path, data in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)


def _hex(name: str, data: bytes) -> str:
    return hashlib.new(name, data).hexdigest()


def _original(home: Path, kind: PackageKind, period: str) -> Original:
    signer = Ed25519Signer(POLICE, _KEY)
    folder = write_package(_manifest(kind, period), _tables(kind), home, signer=signer).folder
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}
    return Original(folder.name, files, zip_package(folder, home).read_bytes())


def _manifest(kind: PackageKind, period: str) -> Manifest:
    persons = kind.is_about_persons
    keyed = kind in {PackageKind.CASES, PackageKind.CORRECTION}
    about = Receipt(f"{period}.example", "a" * 64, Stage.ACCEPTED, date(2011, 10, 9))
    return Manifest(
        sender=POLICE,
        receiver=PLANNING,
        kind=kind,
        period=period,
        as_of=date(2011, 10, 8),
        due=date(2011, 10, 5),
        basis=FLOATING_POPULATION_2009 if persons else None,
        retain_until=date(2012, 1, 8) if persons else None,
        threshold=10 if kind is PackageKind.STATISTICS else 0,
        join_key="2011-10-a" if keyed else "",
        receipt=about if kind is PackageKind.RECEIPT else None,
    )


def _tables(kind: PackageKind) -> dict[str, list[dict[str, str]]]:
    keys = [f"{n:08x}{_hex('sha256', bytes([n]))[:56]}" for n in range(1, 13)]
    deleted = [Tombstone(key, Deletion.LEFT).row() for key in keys[10:]]
    return {
        PackageKind.STATISTICS: {"counts": _counts()},
        PackageKind.CASES: {"cases": [*_cases(keys[:10])], "deleted": deleted},
        PackageKind.CHANGES: {
            "changes": [Change(key, ChangeKind.ARRIVED, _DAY, "341221").row() for key in keys[:10]],
            "deleted": deleted,
        },
        PackageKind.RECEIPT: {
            "outcomes": [
                {"outcome": "not_added", "file": "data/cases-00001.jsonl.gz", "row": "7", "rows": "1"}
            ]
            * 3
        },
        PackageKind.CORRECTION: {
            "corrections": [{"_key": key, "field": "sex", "value": "1"} for key in keys[:3]]
        },
    }[kind]


def _cases(keys: Iterable[str]) -> Iterable[dict[str, str]]:
    for number, key in enumerate(keys):
        name, address = f"示例{number}", f'示例路{number}号"甲"'
        yield Case(
            key, "320411001", address, _DAY, _DAY, "341221", "99999919850301002X", name, Sex.FEMALE
        ).row()


def _counts() -> list[dict[str, str]]:
    facts = [
        Facts(f"32041100{1 + n % 3}", list(Sex)[n % 2 + 1], list(AgeBand)[n % 5], list(Stay)[n % 3])
        for n in range(151)
    ]
    table = suppressed(count(facts, "320411", 10))
    return [dict(zip(COLUMNS, row, strict=True)) for row in rows(table)]
