"""A sealed package: with the receiver's key it is read like any other, and without it nothing of it shows."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs
import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from migrant_fp.adapters.aes_gcm import X25519Opener, X25519Sealer
from migrant_fp.adapters.package import CaseFiles, Limits, PackageShelf, zip_package
from migrant_fp.adapters.sm4_gcm import Sm2Opener, Sm2Sealer
from migrant_fp.domain.manifest import PackageKind, SealedTo
from migrant_fp.domain.receipt import Reason
from migrant_fp.ports.protection import Opener, Sealer

gmssl_pyx = pytest.importorskip("gmssl_pyx", reason="gmssl-pyx is not installed")
PART, DELETED = "data/cases-00001.jsonl.gz.sealed", "data/deleted-00001.jsonl.gz.sealed"


def _aes() -> tuple[Sealer, Opener]:
    key = X25519PrivateKey.generate()
    return X25519Sealer("k1", key.public_key()), X25519Opener({"k1": key})


def _sm4() -> tuple[Sealer, Opener]:
    public, private = gmssl_pyx.sm2_key_generate()
    return Sm2Sealer("k1", public), Sm2Opener({"k1": private})


@pytest.fixture(params=[_aes, _sm4], ids=["aes-gcm", "sm4-gcm"])
def pair(request: pytest.FixtureRequest) -> tuple[Sealer, Opener]:
    """Return a sealer, and the opener of its receiver."""
    found: tuple[Sealer, Opener] = request.param()
    return found


@pytest.mark.parametrize("kind", PackageKind)
def test_the_receiver_reads_what_was_sealed_to_it(
    workshop: Any, pair: tuple[Sealer, Opener], kind: PackageKind
) -> None:
    sealer, opener = pair
    package = workshop.read(workshop.write(kind, sealer=sealer).folder, opener=opener)

    assert {name: list(package.rows(name)) for name in workshop.tables[kind]} == workshop.tables[kind]


def test_the_receiver_reads_it_from_a_zip(workshop: Any, pair: tuple[Sealer, Opener]) -> None:
    sealer, opener = pair
    (workshop.home / "zip").mkdir()
    archive = zip_package(workshop.write(sealer=sealer).folder, workshop.home / "zip")

    assert list(workshop.read(archive, opener=opener).rows("cases")) == workshop.cases(3)


def test_nothing_of_a_row_shows_in_any_file(workshop: Any, pair: tuple[Sealer, Opener]) -> None:
    folder = workshop.write(sealer=pair[0]).folder
    held = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())

    assert [
        word for word in ("示例", "320411001", workshop.key(1), "99999919850301002X") if word.encode() in held
    ] == []
    assert b"\x1f\x8b\x08" not in (folder / PART).read_bytes()[:3]


def test_without_a_key_it_is_refused(workshop: Any, pair: tuple[Sealer, Opener]) -> None:
    refused = workshop.refused(workshop.write(sealer=pair[0]).folder)

    assert [(flaw.rule.value, flaw.file) for flaw in refused.flaws] == [("seal", "")]
    assert refused.reason is Reason.NOT_OPENED


@pytest.mark.parametrize("make", [_aes, _sm4])
def test_with_the_key_of_another_it_is_refused(
    workshop: Any, pair: tuple[Sealer, Opener], make: Callable[[], tuple[Sealer, Opener]]
) -> None:
    refused = workshop.refused(workshop.write(sealer=pair[0]).folder, opener=make()[1])

    assert {flaw.rule.value for flaw in refused.flaws} == {"seal"}
    assert refused.reason is Reason.NOT_OPENED


def test_one_sealed_file_in_the_place_of_another_is_refused(
    workshop: Any, pair: tuple[Sealer, Opener]
) -> None:
    sealer, opener = pair
    folder = workshop.write(sealer=sealer).folder
    (folder / PART).rename(folder / "kept")
    (folder / DELETED).rename(folder / PART)
    (folder / "kept").rename(folder / DELETED)
    workshop.right(folder)

    broken = workshop.broken(folder, opener=opener)

    assert {("seal", PART, None), ("seal", DELETED, None)} <= set(broken)


def test_a_sealed_file_of_another_package_is_refused(workshop: Any, pair: tuple[Sealer, Opener]) -> None:
    sealer, opener = pair
    envelope, seal = sealer.begin()

    @attrs.frozen
    class Same:
        def begin(self) -> Any:
            return envelope, seal

    other = workshop.write(sealer=Same(), period="2011-09").folder
    folder = workshop.write(sealer=Same()).folder
    shutil.copy(other / PART, folder / PART)
    workshop.right(folder)

    assert ("seal", PART, None) in workshop.broken(folder, opener=opener)


def test_a_changed_byte_of_a_sealed_file_is_refused(workshop: Any, pair: tuple[Sealer, Opener]) -> None:
    sealer, opener = pair
    folder = workshop.write(sealer=sealer).folder
    data = bytearray((folder / PART).read_bytes())
    data[40] ^= 1
    (folder / PART).write_bytes(data)

    assert {("seal", PART, None), ("digest", PART, None)} <= set(workshop.broken(folder, opener=opener))


def test_a_sealed_file_that_is_too_large_is_not_opened(workshop: Any, pair: tuple[Sealer, Opener]) -> None:
    sealer, opener = pair
    folder = workshop.write(sealer=sealer).folder

    assert ("limit", PART, None) in workshop.broken(folder, opener=opener, limits=Limits(sealed=100))


@pytest.mark.parametrize(
    "sealed",
    [
        {"wrapped": "zz"},
        {"wrapped": ""},
        {"wrapped": "0"},
        {"wrapped": "AA"},
        {"key_id": ""},
        {"key_id": "示例"},
        {"algorithm": "a" * 121},
    ],
    ids=str,
)
def test_a_manifest_that_names_no_key_is_refused(workshop: Any, sealed: dict[str, str]) -> None:
    folder = workshop.write(sealer=_aes()[0]).folder
    workshop.right(folder, lambda ours: ours["sealed"].update(sealed))

    assert {(rule, file) for rule, file, _ in workshop.broken(folder)} == {("manifest", "datapackage.json")}


def test_a_wrapped_key_that_does_not_unwrap_is_refused(workshop: Any) -> None:
    sealer, opener = _aes()
    folder = workshop.write(sealer=sealer).folder
    workshop.right(folder, lambda ours: ours["sealed"].update(wrapped="00" * 72))

    assert workshop.broken(folder, opener=opener) == [("seal", "", None)]


def test_a_manifest_shows_the_wrapped_key_in_no_repr(workshop: Any, pair: tuple[Sealer, Opener]) -> None:
    manifest = workshop.write(sealer=pair[0]).manifest

    assert isinstance(manifest.sealed, SealedTo)
    assert manifest.sealed.wrapped not in repr(manifest)
    said = json.loads((workshop.home / manifest.package_id / "datapackage.json").read_bytes())
    assert "schema" not in said["resources"][0]


def test_the_case_files_of_a_sealed_package_are_its_lines(workshop: Any, pair: tuple[Sealer, Opener]) -> None:
    sealer, opener = pair
    package = workshop.read(workshop.write(sealer=sealer).folder, opener=opener)
    (workshop.home / "plain").mkdir()

    files = CaseFiles(package, workshop.home / "plain")
    [path] = files.parts("cases")

    assert files.parts("cases") == (path,)
    assert path.stat().st_mode & 0o077 == 0
    assert path.read_bytes() == workshop.lines(workshop.cases(3))


def test_a_shelf_seals_what_is_about_persons_and_counts_not(workshop: Any) -> None:
    sealer, opener = _aes()
    receiver = workshop.manifest(PackageKind.CASES).receiver
    shelf = PackageShelf(Path(workshop.home), sealers={receiver: sealer}, opener=opener, unsigned=True)

    cases = shelf.make(workshop.manifest(PackageKind.CASES), workshop.tables[PackageKind.CASES])
    counts = shelf.make(workshop.manifest(PackageKind.STATISTICS), workshop.tables[PackageKind.STATISTICS])

    assert cases.manifest.sealed
    assert cases.manifest.sealed.key_id == "k1"
    assert counts.manifest.sealed is None
