"""A package as one zip: the same bytes each time, and refused for whatever a package's zip does not have."""

from __future__ import annotations

import os
import shutil
import stat
import struct
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from migrant_fp.adapters.package import Limits, PackageShelf, peek, zip_package
from migrant_fp.domain.manifest import PackageKind

PART, MANIFEST = "data/cases-00001.jsonl.gz", "datapackage.json"
needs_unzip = pytest.mark.skipif(not shutil.which("unzip"), reason="the unzip program is not installed")


@pytest.fixture
def archive(workshop: Any) -> Path:
    """Return the zip of a signed package."""
    (workshop.home / "zip").mkdir()
    return zip_package(workshop.write().folder, workshop.home / "zip")


def test_a_package_comes_back_from_its_zip(workshop: Any, archive: Path) -> None:
    package = workshop.read(archive)

    assert {name: list(package.rows(name)) for name in ("cases", "deleted")} == workshop.tables[
        PackageKind.CASES
    ]
    assert package.digest == workshop.write().digest


def test_the_same_package_gives_the_same_zip(workshop: Any, archive: Path) -> None:
    folder = workshop.write().folder
    for path in folder.rglob("*"):
        os.utime(path, (0, 0))
        path.chmod(0o777)

    assert zip_package(folder, workshop.home).read_bytes() == archive.read_bytes()


def test_a_zip_holds_the_files_of_the_folder_and_nothing_else(workshop: Any, archive: Path) -> None:
    folder = workshop.write().folder

    with zipfile.ZipFile(archive) as found:
        held = {info.filename: found.read(info) for info in found.infolist()}

    assert held == {
        f"{folder.name}/{path.relative_to(folder).as_posix()}": path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }
    assert list(held) == sorted(held)


@needs_unzip
def test_unzip_finds_the_zip_whole_and_not_after_a_change(archive: Path) -> None:
    command = ["unzip", "-t", str(archive)]

    assert subprocess.run(command, check=False, capture_output=True).returncode == 0
    data = bytearray(archive.read_bytes())
    data[data.index(b"\x1f\x8b") + 30] ^= 1
    archive.write_bytes(data)
    assert subprocess.run(command, check=False, capture_output=True).returncode != 0


def test_a_zip_that_fails_leaves_nothing(workshop: Any) -> None:
    folder = workshop.write().folder
    (workshop.home / "zip").mkdir()
    (workshop.home / "zip" / f"{folder.name}.zip").mkdir()

    with pytest.raises(OSError, match="directory"):
        zip_package(folder, workshop.home / "zip")

    assert [path.name for path in (workshop.home / "zip").iterdir()] == [f"{folder.name}.zip"]


Entry = tuple[zipfile.ZipInfo, bytes]


def _entries(archive: Path) -> list[Entry]:
    with zipfile.ZipFile(archive) as found:
        return [(info, found.read(info)) for info in found.infolist()]


def _write(archive: Path, entries: list[Entry], how: int = zipfile.ZIP_STORED, comment: bytes = b"") -> None:
    with zipfile.ZipFile(archive, "w") as out:
        for info, data in entries:
            fresh = zipfile.ZipInfo(info.filename, info.date_time)
            fresh.external_attr, fresh.create_system = info.external_attr, 3
            out.writestr(fresh, data, how)
        out.comment = comment


def _more(name: str, data: bytes = b"", mode: int = 0) -> Callable[[Path], None]:
    def breaks(archive: Path) -> None:
        info = zipfile.ZipInfo(name.replace("TOP", archive.name.removesuffix(".zip")))
        info.external_attr = mode << 16
        _write(archive, [*_entries(archive), (info, data)])

    return breaks


def _bytes(change: Callable[[bytes], bytes]) -> Callable[[Path], None]:
    return lambda archive: archive.write_bytes(change(archive.read_bytes())) and None


def _twice(archive: Path) -> None:
    entries = _entries(archive)
    with pytest.warns(UserWarning, match="Duplicate name"):
        _write(archive, [*entries, entries[-1]])


def _flagged(bits: int, name: str = MANIFEST) -> Callable[[bytes], bytes]:
    """Set bits among the flags of an entry, in its own head and in the list of entries."""

    def change(data: bytes) -> bytes:
        found = bytearray(data)
        local, central = _heads(data, name)
        found[local + 6] |= bits & 0xFF
        found[central + 8] |= bits & 0xFF
        return bytes(found)

    return change


def _heads(data: bytes, name: str) -> tuple[int, int]:
    """Return where the head of an entry and its entry in the list begin."""
    place = data.rindex(name.encode())
    central = data.rindex(b"PK\x01\x02", 0, place)
    return struct.unpack_from("<L", data, central + 42)[0], central


def _central(offset: int, value: bytes, name: str = MANIFEST) -> Callable[[bytes], bytes]:
    def change(data: bytes) -> bytes:
        place = _heads(data, name)[1] + offset
        return data[:place] + value + data[place + len(value) :]

    return change


def _overlapping(archive: Path) -> None:
    """Let every entry of the list say that it is as large as the zip."""
    data = bytearray(archive.read_bytes())
    size = struct.pack("<L", len(data) // 2)
    place = data.index(b"PK\x01\x02")
    while (place := data.find(b"PK\x01\x02", place)) >= 0:
        data[place + 20 : place + 28] = size * 2
        place += 4
    archive.write_bytes(data)


def _many(archive: Path) -> None:
    """Write a list of so many entries, which hold nothing, that a zip notes its size in the larger format."""
    with zipfile.ZipFile(archive, "w") as out:
        for number in range(66_000):
            out.writestr(zipfile.ZipInfo(f"{archive.name.removesuffix('.zip')}/{number}"), b"")


def _fat(archive: Path) -> None:
    """Give each entry a comment as long as can be."""
    with zipfile.ZipFile(archive, "w") as out:
        for number in range(12):
            info = zipfile.ZipInfo(f"{archive.name.removesuffix('.zip')}/{number}")
            info.comment = b"x" * 60_000
            out.writestr(info, b"")


def _with_nought(archive: Path) -> None:
    """Add a name that a careless reader takes to end in its middle."""
    _more("TOP/aXb")(archive)
    archive.write_bytes(archive.read_bytes().replace(b"/aXb", b"/a\0b"))


def _bomb(archive: Path) -> None:
    entries = [
        (info, b"0" * 10**7 if MANIFEST in info.filename else data) for info, data in _entries(archive)
    ]
    _write(archive, entries, zipfile.ZIP_DEFLATED)


LINK = stat.S_IFLNK | 0o777
CONTAINER: dict[str, tuple[Callable[[Path], None], tuple[str, str]]] = {
    "a name that leaves the package": (_more("TOP/../x"), ("name", "../x")),
    "a name that leaves it by another way": (_more("../x"), ("name", "x")),
    "an absolute name": (_more("/etc/x"), ("name", "etc/x")),
    "a name with a drive": (_more("C:/x"), ("name", "x")),
    "a name with a backslash": (_more("TOP/..\\x"), ("name", ".._x")),
    "a name with a nought": (_with_nought, ("name", "a")),
    "a name below another package": (_more("2011-10.other/x"), ("name", "x")),
    "a name without a package": (_more("x"), ("name", "x")),
    "a name in Chinese": (_more("TOP/示例"), ("name", "__")),
    "a folder": (_more("TOP/data/"), ("name", "data/")),
    "a link": (_more("TOP/data/link", b"/etc/passwd", LINK), ("link", "data/link")),
    "a link in the place of a file": (_more(f"TOP/{PART}x", b"/etc/passwd", LINK), ("link", f"{PART}x")),
    "an entry that comes twice": (_twice, ("container", "signature.json")),
    "a file that the manifest does not name": (
        _more("TOP/data/cases-00002.jsonl.gz"),
        ("files", "data/cases-00002.jsonl.gz"),
    ),
    "entries that are compressed": (
        lambda archive: _write(archive, _entries(archive), zipfile.ZIP_DEFLATED),
        ("container", MANIFEST),
    ),
    "a bomb": (_bomb, ("container", MANIFEST)),
    "entries that are encrypted": (_bytes(_flagged(1)), ("container", MANIFEST)),
    "entries said to be encrypted strongly": (_bytes(_flagged(0x40)), ("container", MANIFEST)),
    "entries said to be patched": (_bytes(_flagged(0x20)), ("container", MANIFEST)),
    "entries that overlap": (_overlapping, ("container", "")),
    "an entry with two sizes": (_bytes(_central(24, b"\x01\0\0\0")), ("container", MANIFEST)),
    "an entry that begins elsewhere": (_bytes(_central(42, b"\x07\0\0\0")), ("container", MANIFEST)),
    "an entry with another checksum": (_bytes(_central(16, b"\0\0\0\0")), ("container", MANIFEST)),
    "an entry of another name in its own head": (
        lambda archive: (
            archive.write_bytes(archive.read_bytes().replace(b"datapackage.json", b"datapackage.jsom", 1))
            and None
        ),
        ("container", MANIFEST),
    ),
    "an entry whose own head is no text": (
        lambda archive: archive.write_bytes(_utf8(archive.read_bytes())) and None,
        ("container", MANIFEST),
    ),
    "a zip that is cut off": (_bytes(lambda data: data[:-1]), ("container", "")),
    "half a zip": (_bytes(lambda data: data[: len(data) // 2]), ("container", "")),
    "an empty file": (_bytes(lambda _: b""), ("container", "")),
    "no zip": (_bytes(lambda _: b"x" * 5_000), ("container", "")),
    "an end alone that names entries": (_bytes(lambda data: data[-22:]), ("container", "")),
    "something behind its end": (_bytes(lambda data: data + b"x"), ("container", "")),
    "a comment": (
        lambda archive: _write(archive, _entries(archive), comment=b"99999919850301002X"),
        ("container", ""),
    ),
    "an end that promises a comment": (_bytes(lambda data: data[:-2] + b"\x05\0"), ("container", "")),
    "a list of very many entries": (_many, ("limit", "")),
    "a very large list of few entries": (_fat, ("limit", "")),
    "a list said to be larger than the zip": (
        _bytes(lambda data: data[:-10] + b"\xff\xff\x00\x00" + data[-6:]),
        ("container", ""),
    ),
    "a list said to be of another format": (
        _bytes(lambda data: data[:-22] + b"PK\x06\x07" + bytes(16) + data[-22:]),
        ("container", ""),
    ),
}


def _utf8(data: bytes) -> bytes:
    """Mark a name as UTF-8 in the list of entries, and put a byte into the entry's own head that is not."""
    local, central = _heads(data, MANIFEST)
    found = bytearray(data)
    found[central + 9] |= 8
    found[local + 30] = 0xFF
    return bytes(found)


@pytest.mark.parametrize("flaw", CONTAINER)
def test_a_zip_is_refused_for(workshop: Any, archive: Path, flaw: str) -> None:
    breaks, expected = CONTAINER[flaw]
    breaks(archive)

    assert expected in {(rule, file) for rule, file, _ in workshop.broken(archive)}


@pytest.mark.parametrize(
    ("change", "fact"),
    [
        (_flagged(1), "is compressed or encrypted; expected it stored"),
        (_central(24, b"\x01\0\0\0"), "has two sizes"),
    ],
)
def test_an_entry_is_refused_before_it_is_opened(
    workshop: Any, archive: Path, change: Callable[[bytes], bytes], fact: str
) -> None:
    _bytes(change)(archive)

    assert [flaw.fact for flaw in workshop.refused(archive).flaws if flaw.file == MANIFEST] == [fact]


def test_a_broken_row_in_a_zip_is_named_as_in_a_folder(workshop: Any) -> None:
    folder = workshop.write().folder
    workshop.put(folder, workshop.lines([*workshop.cases(2), {}]))
    (workshop.home / "zip").mkdir()

    broken = workshop.broken(zip_package(folder, workshop.home / "zip"))

    assert broken == workshop.broken(folder)
    assert ("row", PART, 3) in broken


@pytest.mark.parametrize(
    "change",
    [
        lambda entries: [
            (zipfile.ZipInfo(info.filename, (2011, 10, 8, 9, 0, 0)), data) for info, data in entries
        ],
        lambda entries: entries[::-1],
    ],
    ids=["other times", "another order"],
)
def test_a_container_that_only_looks_otherwise_holds_the_same_package(
    workshop: Any, archive: Path, change: Callable[[list[Entry]], list[Entry]]
) -> None:
    _write(archive, change(_entries(archive)))

    assert workshop.read(archive).digest == workshop.write().digest


def test_a_zip_with_something_before_it_holds_the_same_package(workshop: Any, archive: Path) -> None:
    archive.write_bytes(b"#!/bin/sh\n" + archive.read_bytes())

    assert workshop.read(archive).digest == workshop.write().digest


def test_a_zip_of_another_name_than_its_package_is_refused(workshop: Any, archive: Path) -> None:
    other = archive.rename(archive.with_name("2011-10.other.zip"))

    assert {rule for rule, _, _ in workshop.broken(other)} == {"name"}


def test_a_zip_of_too_many_files_or_bytes_is_refused(workshop: Any, archive: Path) -> None:
    assert workshop.broken(archive, limits=Limits(files=5)) == [("limit", "", None)]
    assert workshop.broken(archive, limits=Limits(size=2_000)) == [("limit", "", None)]


def test_a_zip_changed_after_the_reading_shows_nothing_else(workshop: Any, archive: Path) -> None:
    package = workshop.read(archive)
    zip_package(workshop.write(tables={"cases": workshop.cases(1)}).folder, archive.parent)

    assert list(package.rows("cases")) == workshop.cases(3)


def test_peek_looks_into_a_zip(workshop: Any, archive: Path) -> None:
    written = workshop.write()

    assert peek(archive) == (written.manifest, written.digest)


def test_a_shelf_keeps_a_zip_as_it_is(workshop: Any, archive: Path) -> None:
    shelf = PackageShelf(workshop.home / "shelf", unsigned=True)
    written = workshop.write()

    taken = shelf.take(archive.rename(shelf.incoming / archive.name))

    assert list(taken.rows("cases")) == workshop.cases(3)
    assert list(shelf.taken(written.manifest.package_id, written.digest).rows("cases")) == workshop.cases(3)
    assert shelf.forget(written.manifest.package_id, written.digest)
