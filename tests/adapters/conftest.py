"""A workshop for invented packages: it writes them, breaks them, and makes the manifest right again around what is broken.

What it makes right, it makes from the files alone, with json, gzip, hashlib and cryptography, as a sender with its own program would.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import attrs
import pytest
from cryptography.hazmat.primitives import serialization as pem
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from migrant_fp.adapters.ed25519 import Ed25519Signer, Ed25519Verifier
from migrant_fp.adapters.package import Package, Written, read_package, write_package
from migrant_fp.domain.flaw import PackageRefused
from migrant_fp.domain.hand_over_record import Case, Change, ChangeKind, Deletion, Tombstone
from migrant_fp.domain.headcount import AgeBand, Facts
from migrant_fp.domain.manifest import Manifest, PackageKind
from migrant_fp.domain.person import Sex, Stay
from migrant_fp.domain.receipt import Receipt, Stage
from migrant_fp.domain.statistics import COLUMNS, Statistics, count, suppressed
from migrant_fp.domain.statistics import rows as count_rows
from migrant_fp.ports.protection import Sealer
from migrant_fp.regulations.national_law import FLOATING_POPULATION_2009

POLICE, PLANNING = "public_security/district/320411", "family_planning/district/320411"
PART = "data/cases-00001.jsonl.gz"
Row = dict[str, str]
Broken = tuple[str, str, int | None]


def key(number: int) -> str:
    """Return an invented record key; the larger the number, the later it sorts."""
    return f"{number:08x}{hashlib.sha256(b'invented %d' % number).hexdigest()[:56]}"


def cases(count: int) -> list[Row]:
    """Return invented cases."""
    born, arrived = date(1985, 3, 1), date(2011, 5, 20)
    return [
        Case(
            key(n),
            "320411001",
            f'示例路{n}号"甲"\\乙',
            arrived,
            born,
            "341221",
            "99999919850301002X",
            f"示例{n}",
            Sex.FEMALE,
            Stay.WORK,
        ).row()
        for n in range(1, count + 1)
    ]


def counts(protect: Callable[[Statistics], Statistics] = suppressed) -> list[Row]:
    """Return invented counts, small ones suppressed unless another protection is asked for."""
    facts = [
        Facts(f"32041100{1 + n % 3}", list(Sex)[n % 2 + 1], list(AgeBand)[n % 5], list(Stay)[n % 3])
        for n in range(150)
    ]
    facts.append(Facts("320411001", Sex.UNKNOWN, AgeBand.TO_14, list(Stay)[3]))
    table = protect(count(facts, "320411", 10))
    return [dict(zip(COLUMNS, row, strict=True)) for row in count_rows(table)]


TABLES: Mapping[PackageKind, Mapping[str, list[Row]]] = {
    PackageKind.STATISTICS: {"counts": counts()},
    PackageKind.CASES: {"cases": cases(3), "deleted": [Tombstone(key(9), Deletion.LEFT).row()]},
    PackageKind.CHANGES: {
        "changes": [
            Change(key(1), ChangeKind.ARRIVED, date(2011, 9, 2), "341221").row(),
            Change(key(1), ChangeKind.LEFT, date(2011, 9, 30), "", "341221").row(),
            Change(key(2), ChangeKind.MOVED, date(2011, 9, 9)).row(),
        ],
        "deleted": [Tombstone(key(9), Deletion.MISTAKEN).row()],
    },
    PackageKind.RECEIPT: {
        "outcomes": [
            {"outcome": "added", "file": "", "row": "", "rows": "2"},
            {"outcome": "not_added", "file": PART, "row": "7", "rows": "1"},
        ]
    },
    PackageKind.CORRECTION: {
        "corrections": [
            {"_key": key(1), "field": "address", "value": "示例路2号"},
            {"_key": key(1), "field": "born", "value": "1985-03-02"},
            {"_key": key(2), "field": "_key", "value": ""},
        ]
    },
}


def manifest(kind: PackageKind, **changes: Any) -> Manifest:
    """Return an invented manifest without files."""
    about: dict[str, Any] = {}
    if kind.is_about_persons:
        about = {"basis": FLOATING_POPULATION_2009, "retain_until": date(2012, 1, 8)}
    if kind in {PackageKind.CASES, PackageKind.CORRECTION}:
        about["join_key"] = "2011-10-a"
    if kind is PackageKind.STATISTICS:
        about["threshold"] = 10
    if kind is PackageKind.RECEIPT:
        about["receipt"] = Receipt("2011-10.example", "a" * 64, Stage.ACCEPTED, date(2011, 10, 9))
    given = {
        "sender": POLICE,
        "receiver": PLANNING,
        "period": "2011-10",
        "as_of": date(2011, 10, 8),
        "due": date(2011, 10, 5),
    }
    return Manifest(kind=kind, **(given | about | changes))


def lines(rows: Iterable[Mapping[str, object]]) -> bytes:
    """Return rows as the lines of a part: JSON, keys sorted, no spaces."""
    return "".join(
        json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n" for row in rows
    ).encode()


def total(rows: Iterable[Mapping[str, str]]) -> int:
    """Return the control total of keyed rows: the sum of the first eight digits of their keys."""
    return sum(int(row["_key"][:8], 16) for row in rows)


def _pem(private: Ed25519PrivateKey) -> tuple[bytes, bytes]:
    public = private.public_key().public_bytes(pem.Encoding.PEM, pem.PublicFormat.SubjectPublicKeyInfo)
    return private.private_bytes(pem.Encoding.PEM, pem.PrivateFormat.PKCS8, pem.NoEncryption()), public


@attrs.frozen
class Workshop:
    """Writes packages of the police to the family planning office, and breaks them.

    Attributes:
        home: The folder they are in.
        keys: The keys of both offices, by agency id.
    """

    home: Path
    keys: Mapping[str, Ed25519PrivateKey]
    key, cases, counts, manifest, lines, total = map(
        staticmethod, (key, cases, counts, manifest, lines, total)
    )
    tables, part = TABLES, PART

    @property
    def public(self) -> dict[str, bytes]:
        """The public keys, by the id of the key."""
        return {name: _pem(private)[1] for name, private in self.keys.items()}

    def signer(self, name: str = POLICE) -> Ed25519Signer:
        """Return the signer of an office."""
        return Ed25519Signer.from_pem(name, _pem(self.keys[name])[0])

    def write(
        self,
        kind: PackageKind = PackageKind.CASES,
        tables: Mapping[str, Iterable[Mapping[str, str]]] | None = None,
        sealer: Sealer | None = None,
        **changes: Any,
    ) -> Written:
        """Write a signed package."""
        given = TABLES[kind] if tables is None else tables
        return write_package(manifest(kind, **changes), given, self.home, signer=self.signer(), sealer=sealer)

    def read(self, path: Path, **how: Any) -> Package:
        """Read a package with the public keys of both."""
        return read_package(path, **({"verifier": Ed25519Verifier.from_pem(self.public)} | how))

    def refused(self, path: Path, **how: Any) -> PackageRefused:
        """Return the refusal of a package."""
        with pytest.raises(PackageRefused) as refused:
            self.read(path, **how)
        return refused.value

    def broken(self, path: Path, **how: Any) -> list[Broken]:
        """Return the rules that a package breaks, each with file and row."""
        return [(flaw.rule.value, flaw.file, flaw.row) for flaw in self.refused(path, **how).flaws]

    def put(self, folder: Path, content: bytes, path: str = PART, **said: Any) -> None:
        """Put other content into a file, packed if it is a part, and make everything around it right."""
        (folder / path).write_bytes(gzip.compress(content, mtime=0) if path.endswith(".gz") else content)
        self.right(folder, **{path: said})

    def right(
        self,
        folder: Path,
        change: Callable[[dict[str, Any]], None] = lambda _: None,
        **said: Mapping[str, Any],
    ) -> None:
        """Make a manifest right for the files there are, then change what it says of itself, and sign it again.

        Args:
            folder: The package.
            change: Changes the part of the manifest that is ours.
            said: By path what the manifest says of a file, where it is to say something special, such as rows.
        """
        value = json.loads((folder / "datapackage.json").read_bytes())
        for ours, theirs in zip(value["migrant_fp"]["resources"], value["resources"], strict=True):
            data = (folder / ours["path"]).read_bytes()
            ours["sha256"], ours["sm3"] = (hashlib.new(name, data).hexdigest() for name in ("sha256", "sm3"))
            ours["size"] = theirs["bytes"] = len(data)
            ours.update(said.get(ours["path"], {}))
            theirs["hash"], theirs["bytes"] = f"sha256:{ours['sha256']}", ours["size"]
        change(value["migrant_fp"])
        self.say(folder, (json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode())

    def say(self, folder: Path, data: bytes) -> None:
        """Put other bytes in the place of the manifest, list them right and sign them."""
        (folder / "datapackage.json").write_bytes(data)
        self.list(folder)
        (folder / "signature.bin").write_bytes(self.keys[POLICE].sign(data))

    def list(self, folder: Path) -> None:
        """Write the digest lists as the files are."""
        listed = ["datapackage.json", *(f"data/{one.name}" for one in (folder / "data").iterdir())]
        for name in ("sha256", "sm3"):
            text = "".join(
                f"{hashlib.new(name, (folder / path).read_bytes()).hexdigest()}  {path}\n"
                for path in sorted(listed)
            )
            (folder / f"manifest-{name}.txt").write_text(text)


@pytest.fixture(scope="session")
def keys() -> Mapping[str, Ed25519PrivateKey]:
    """Return the keys of both offices."""
    return {name: Ed25519PrivateKey.generate() for name in (POLICE, PLANNING)}


@pytest.fixture
def workshop(tmp_path: Path, keys: Mapping[str, Ed25519PrivateKey]) -> Workshop:
    """Return a workshop of one test's own."""
    return Workshop(tmp_path, keys)


@pytest.fixture(scope="module")
def lasting(tmp_path_factory: pytest.TempPathFactory, keys: Mapping[str, Ed25519PrivateKey]) -> Workshop:
    """Return a workshop for the many examples of a rule, each of which takes the place of the one before."""
    return Workshop(tmp_path_factory.mktemp("packages"), keys)
