"""Packages as others see them: frictionless, sha256sum and openssl agree with what is written, without this library."""

from __future__ import annotations

import importlib.util
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from migrant_fp.domain.manifest import PackageKind

PART = "data/cases-00001.jsonl.gz"
needs_frictionless = pytest.mark.skipif(
    not importlib.util.find_spec("frictionless"), reason="frictionless is not installed"
)
needs_openssl = pytest.mark.skipif(not shutil.which("openssl"), reason="the openssl program is not installed")
needs_sha256sum = pytest.mark.skipif(not shutil.which("sha256sum"), reason="sha256sum is not installed")


def _run(folder: Path, *command: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(command, cwd=folder, check=False, capture_output=True)


def _errors(folder: Path) -> list[str]:
    command = [sys.executable, "-m", "frictionless", "validate", "datapackage.json", "--json"]
    report = json.loads(_run(folder, *command).stdout)
    assert report["tasks"]
    return [error["type"] for part in (report, *report["tasks"]) for error in part["errors"]]


@needs_frictionless
@pytest.mark.parametrize("kind", PackageKind)
def test_frictionless_finds_every_kind_of_package_valid(workshop: Any, kind: PackageKind) -> None:
    assert _errors(workshop.write(kind).folder) == []


@needs_frictionless
def test_frictionless_finds_a_row_that_does_not_fit(workshop: Any) -> None:
    folder = workshop.write().folder
    [row, *rest] = workshop.cases(3)
    workshop.put(folder, workshop.lines([row | {"residence": "", "sex": "x"}, *rest]))

    assert set(_errors(folder)) == {"constraint-error"}


@needs_frictionless
def test_frictionless_finds_a_changed_file(workshop: Any) -> None:
    folder = workshop.write().folder
    other = workshop.write(tables={"cases": workshop.cases(4)}, period="2011-09").folder
    shutil.copy(other / PART, folder / PART)

    assert "hash-count" in _errors(folder) or "byte-count" in _errors(folder)


@needs_sha256sum
@pytest.mark.parametrize("kind", PackageKind)
def test_sha256sum_agrees_and_disagrees_after_a_change(workshop: Any, kind: PackageKind) -> None:
    folder = workshop.write(kind).folder
    listed = (folder / "manifest-sha256.txt").read_text().splitlines()
    path = folder / listed[0].split("  ")[1]

    assert _run(folder, "sha256sum", "--strict", "-c", "manifest-sha256.txt").returncode == 0
    assert {line.split("  ")[1] for line in listed} == {
        found.relative_to(folder).as_posix()
        for found in folder.rglob("*")
        if found.is_file() and not found.name.startswith(("manifest-", "signature."))
    }
    path.write_bytes(path.read_bytes()[:-1] + b"\x01")
    assert b"FAILED" in _run(folder, "sha256sum", "-c", "manifest-sha256.txt").stdout


@needs_openssl
def test_openssl_agrees_with_every_sm3_digest(workshop: Any) -> None:
    folder = workshop.write().folder

    for line in (folder / "manifest-sm3.txt").read_text().splitlines():
        digest, path = line.split("  ")
        said = _run(folder, "openssl", "dgst", "-sm3", "-r", path).stdout.decode()
        assert said.split() == [digest, f"*{path}"]


@needs_openssl
def test_openssl_proves_the_signature_over_the_manifest_and_not_after_a_change(workshop: Any) -> None:
    folder = workshop.write().folder
    (folder.parent / "public.pem").write_bytes(workshop.public["public_security/district/320411"])
    command = [
        *("openssl", "pkeyutl", "-verify", "-rawin", "-pubin", "-inkey", "../public.pem"),
        *("-sigfile", "signature.bin", "-in", "datapackage.json"),
    ]

    assert b"Verified Successfully" in _run(folder, *command).stdout
    manifest = folder / "datapackage.json"
    manifest.write_bytes(manifest.read_bytes().replace(b"2011-10-08", b"2011-10-09"))
    assert _run(folder, *command).returncode != 0
