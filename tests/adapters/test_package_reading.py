"""A package that is read: every rule of its format, each with file and row, all at once, and nothing of its contents told."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs
import pytest

from migrant_fp.adapters.ed25519 import Ed25519Verifier
from migrant_fp.adapters.package import CaseFiles, Limits, PackageShelf, peek, read_package
from migrant_fp.domain.flaw import PackageRefused, PackageRule
from migrant_fp.domain.manifest import PackageKind
from migrant_fp.domain.receipt import Reason
from migrant_fp.ports.packages import NoSuchPackage

PART, DELETED = "data/cases-00001.jsonl.gz", "data/deleted-00001.jsonl.gz"
COUNTS, MANIFEST, SIGNATURE = "data/counts.csv", "datapackage.json", "signature.bin"
CANARY = "canary-71"
Breaks = Callable[[Any, Path], None]


def _link(_: Any, folder: Path) -> None:
    (folder / "data/link.txt").symlink_to(folder / MANIFEST)


def _linked_folder(_: Any, folder: Path) -> None:
    (folder / "data").rename(folder.parent / "elsewhere")
    (folder / "data").symlink_to(folder.parent / "elsewhere")


def _nested(_: Any, folder: Path) -> None:
    (folder / "data/deeper").mkdir()
    (folder / "data/deeper/a.txt").touch()


def _odd_name(name: str) -> Breaks:
    return lambda _, folder: (folder / name).touch()


FILES: dict[str, tuple[Breaks, list[tuple[str, str, int | None]]]] = {
    "a link to a file": (_link, [("link", "data/link.txt", None)]),
    "a link in the place of the folder data": (
        _linked_folder,
        [("link", "data", None), ("files", PART, None), ("files", DELETED, None)],
    ),
    "a pipe": (lambda _, folder: os.mkfifo(folder / "data/pipe"), [("files", "data/pipe", None)]),
    "a folder in the folder data": (_nested, [("files", "data/deeper", None)]),
    "another folder": (lambda _, folder: (folder / "more").mkdir(), [("files", "more", None)]),
    "a name with a space": (_odd_name("a b"), [("name", "a_b", None)]),
    "a name that begins with a dot": (_odd_name("data/.x"), [("name", "data/.x", None)]),
    "a name with a backslash": (_odd_name("..\\x"), [("name", ".._x", None)]),
    "a name with a line end": (_odd_name("a\nb"), [("name", "a_b", None)]),
    "a name in Chinese": (_odd_name("示例甲.txt"), [("name", "___.txt", None)]),
    "a name with an identity number": (_odd_name("99999919850301002X"), [("files", "___", None)]),
    "a name that is not UTF-8": (
        lambda _, folder: os.close(os.open(os.fsencode(folder) + b"/\xff\xfe", os.O_CREAT)),
        [("name", "__", None)],
    ),
    "a file that the manifest does not name": (
        _odd_name("data/cases-00002.jsonl.gz"),
        [("files", "data/cases-00002.jsonl.gz", None)],
    ),
    "a file that is missing": (lambda _, folder: (folder / PART).unlink(), [("files", PART, None)]),
    "a manifest that is missing": (
        lambda _, folder: (folder / MANIFEST).unlink(),
        [("files", MANIFEST, None), ("signature", SIGNATURE, None)],
    ),
    "a digest list that is missing": (
        lambda _, folder: (folder / "manifest-sm3.txt").unlink(),
        [("files", "manifest-sm3.txt", None)],
    ),
    "a digest list with a line more": (
        lambda _, folder: (folder / "manifest-sha256.txt").write_text(
            (folder / "manifest-sha256.txt").read_text() + f"{'0' * 64}  x\n"
        ),
        [("digest_list", "manifest-sha256.txt", None)],
    ),
    "a digest list with CRLF": (
        lambda _, folder: (folder / "manifest-sm3.txt").write_bytes(
            (folder / "manifest-sm3.txt").read_bytes().replace(b"\n", b"\r\n")
        ),
        [("digest_list", "manifest-sm3.txt", None)],
    ),
}


@pytest.mark.parametrize("flaw", FILES)
def test_a_package_is_refused_for(workshop: Any, flaw: str) -> None:
    breaks, expected = FILES[flaw]
    folder = workshop.write().folder
    breaks(workshop, folder)

    assert sorted(workshop.broken(folder), key=str) == sorted(expected, key=str)


def _lines(change: Callable[[list[bytes]], list[bytes] | bytes], **said: Any) -> Breaks:
    """Put other lines into the part, and make the manifest right around them."""

    def breaks(workshop: Any, folder: Path) -> None:
        lines = gzip.decompress((folder / PART).read_bytes()).splitlines(keepends=True)
        changed = change(lines)
        workshop.put(folder, changed if isinstance(changed, bytes) else b"".join(changed), **said)

    return breaks


def _row(old: bytes, new: bytes) -> Breaks:
    """Change the second row."""
    return _lines(lambda rows: [rows[0], _replaced(rows[1], old, new), rows[2]])


def _replaced(row: bytes, old: bytes, new: bytes) -> bytes:
    assert old in row
    return row.replace(old, new)


ROW = [("row", PART, 2)]
TOTALS = ("totals", PART, None)
NOT_CANONICAL = [("canonical", PART, 2)]
LINES: dict[str, tuple[Breaks, list[tuple[str, str, int | None]]]] = {
    "a number for a text": (_row(b'"sex":"2"', b'"sex":2'), ROW),
    "a truth value for a text": (_row(b'"sex":"2"', b'"sex":true'), ROW),
    "nothing for a text": (_row(b'"sex":"2"', b'"sex":null'), ROW),
    "a list for a text": (_row(b'"sex":"2"', b'"sex":["2"]'), ROW),
    "NaN": (_row(b'"sex":"2"', b'"sex":NaN'), ROW),
    "a huge number": (_row(b'"sex":"2"', b'"sex":' + b"9" * 5_000), ROW),
    "a deep nest": (_row(b'"sex":"2"', b'"sex":' + b"[" * 6_000 + b"]" * 6_000), ROW),
    "an unknown column": (_row(b'"stay":', b'"shoe":"37","stay":'), ROW),
    "a health item": (_row(b'"name":', b'"marriage":"20","name":'), ROW),
    "a missing column": (_row(b',"sex":"2"', b""), ROW),
    "a code that is no code": (_row(b'"residence":"320411001"', b'"residence":"3204"'), ROW),
    "an empty column that is required": (_row(b'"residence":"320411001"', b'"residence":""'), ROW),
    "a day that is none": (_row(b"1985-03-01", b"1985-02-29"), ROW),
    "a control character": (_row(b'"name":"', b'"name":"\\u0007'), ROW),
    "no object": (_lines(lambda rows: [rows[0], b"[]\n", rows[2]]), [*ROW, TOTALS]),
    "no JSON": (_lines(lambda rows: [rows[0], b"{\n", rows[2]]), [*ROW, TOTALS]),
    "an empty line": (_lines(lambda rows: [rows[0], b"\n", rows[2]]), [*ROW, TOTALS]),
    "a key in capitals": (_row(b'{"_key":"00000002', b'{"_key":"ABCDEF01'), ROW),
    "names out of order": (
        _row(b'"sex":"2","stay":"work"', b'"stay":"work","sex":"2"'),
        NOT_CANONICAL,
    ),
    "a space": (_row(b'"sex":"2"', b'"sex": "2"'), NOT_CANONICAL),
    "a needless escape": (_row(b'"sex":"2"', b'"sex":"\\u0032"'), NOT_CANONICAL),
    "CRLF": (_row(b"}\n", b"}\r\n"), NOT_CANONICAL),
    "a name given twice": (
        _row(b'"sex":"2"', b'"sex":"2","sex":"2"'),
        [*ROW, *NOT_CANONICAL],
    ),
    "a row above its place": (_lines(lambda rows: [rows[1], rows[0], rows[2]]), [("order", PART, 2)]),
    "a key that comes twice": (
        _lines(lambda rows: [rows[0], rows[1], rows[1]], control_total=1 + 2 + 2),
        [("order", PART, 3)],
    ),
    "a row out of order after a row that does not fit": (
        _lines(lambda rows: [rows[0], b"x\n", rows[2], rows[1]], rows=4),
        [("row", PART, 2), ("order", PART, 4)],
    ),
    "a byte that is not UTF-8": (
        _row("示例2".encode(), b"\xff"),
        [("encoding", PART, 1), TOTALS],
    ),
    "half a character at the end": (
        _lines(lambda rows: [*rows, b"\xe7\xa4"], rows=3),
        [("encoding", PART, 4)],
    ),
    "a surrogate in UTF-8": (_row("示例2".encode(), b"\xed\xa0\x80"), [("encoding", PART, 1), TOTALS]),
    "UTF-16": (
        _lines(lambda rows: b"".join(rows).decode().encode("utf-16")),
        [("encoding", PART, 1), TOTALS],
    ),
    "a byte order mark": (_lines(lambda rows: [b"\xef\xbb\xbf", *rows]), [("encoding", PART, None)]),
    "no line end at the end": (
        _lines(lambda rows: [*rows[:2], rows[2][:-1]]),
        [("row", PART, 3), TOTALS],
    ),
    "a line that is too long": (
        _lines(lambda rows: [*rows, b'{"_key":"' + os.urandom(150_000).hex().encode()], rows=3),
        [("limit", PART, 4)],
    ),
    "a row more than the manifest says": (_lines(lambda rows: rows, rows=2), [TOTALS]),
    "a row less than the manifest says": (_lines(lambda rows: rows[:2]), [TOTALS]),
    "another control total than the manifest says": (_lines(lambda rows: rows, control_total=7), [TOTALS]),
    "another SHA-256 than the manifest says": (
        _lines(lambda rows: rows, sha256="0" * 64),
        [("digest", PART, None), ("digest_list", "manifest-sha256.txt", None)],
    ),
    "another SM3 than the manifest says": (
        _lines(lambda rows: rows, sm3="0" * 64),
        [("digest", PART, None), ("digest_list", "manifest-sm3.txt", None)],
    ),
    "another size than the manifest says": (_lines(lambda rows: rows, size=7), [("digest", PART, None)]),
}


@pytest.mark.parametrize("flaw", LINES)
def test_a_part_is_refused_for(workshop: Any, flaw: str) -> None:
    breaks, expected = LINES[flaw]
    folder = workshop.write().folder
    breaks(workshop, folder)

    said = workshop.broken(folder)
    assert {*expected} <= {*said} <= {*expected, TOTALS}


@pytest.mark.parametrize(
    ("flaw", "change", "rule"),
    [
        ("cut off", lambda data: data[:-1], "gzip"),
        ("cut off in its middle", lambda data: data[:40], "gzip"),
        ("its head alone", lambda data: data[:5], "gzip"),
        ("empty", lambda _: b"", "gzip"),
        ("no gzip", lambda data: b"{}" + data, "gzip"),
        ("gzip data that are damaged", lambda data: data[:20] + b"\xff\xff" + data[22:], "gzip"),
        ("a wrong checksum", lambda data: data[:-8] + bytes(8), "gzip"),
        ("something after its end", lambda data: data + b"\x00", "gzip"),
        ("a second gzip member", lambda data: data + gzip.compress(b"", mtime=0), "gzip"),
        ("zlib data", lambda data: zlib.compress(gzip.decompress(data)), "gzip"),
        ("a bomb", lambda _: gzip.compress(bytes(50_000_000), mtime=0), "limit"),
        ("a bomb of good rows", lambda data: gzip.compress(gzip.decompress(data) * 50_000), "limit"),
    ],
    ids=lambda value: value if isinstance(value, str) and " " in value else "",
)
def test_a_part_is_refused_as_gzip_if_it_is(
    workshop: Any, flaw: str, change: Callable[[bytes], bytes], rule: str
) -> None:
    folder = workshop.write().folder
    (folder / PART).write_bytes(change((folder / PART).read_bytes()))
    workshop.right(folder)

    assert (rule, PART) in {(name, path) for name, path, _ in workshop.broken(folder)}, flaw


def test_a_bomb_is_left_when_it_is_too_large_for_its_size(workshop: Any) -> None:
    folder = workshop.write().folder
    workshop.put(folder, bytes(50_000_000))

    assert "unpacks to more than 200 times its size" in [flaw.fact for flaw in workshop.refused(folder).flaws]


def test_the_order_goes_on_from_file_to_file(workshop: Any) -> None:
    rows = [{"_key": f"{n:064x}", "reason": "left"} for n in range(1, 100_002)]
    folder = workshop.write(tables={"cases": [], "deleted": rows}).folder
    second = "data/deleted-00002.jsonl.gz"
    workshop.put(folder, workshop.lines([{"_key": f"{0:064x}", "reason": "left"}]), second, control_total=0)

    assert workshop.broken(folder) == [("order", second, 1)]


def test_a_table_of_numbers_without_its_first_line_is_refused(workshop: Any) -> None:
    folder = workshop.write(PackageKind.RECEIPT).folder
    workshop.put(folder, b"", "data/outcomes.csv", rows=0, control_total=0)

    assert workshop.broken(folder) == [("row", "data/outcomes.csv", None)]


def _says(**changes: Any) -> Breaks:
    return lambda workshop, folder: workshop.right(folder, lambda ours: ours.update(changes))


def _says_of_part(**changes: Any) -> Breaks:
    return lambda workshop, folder: workshop.right(folder, lambda ours: ours["resources"][0].update(changes))


def _bytes(change: Callable[[bytes], bytes]) -> Breaks:
    return lambda workshop, folder: workshop.say(folder, change((folder / MANIFEST).read_bytes()))


LIES: dict[str, Breaks] = {
    "a part of none": _says(part=2),
    "a part of zero": _says(part=0, of=0),
    "a negative revision": _says(revision=-1),
    "a float": _says(revision=1.0),
    "a truth value": _says(part=True),
    "a huge number": _says(revision=10**30),
    "another version": _says(schema_version=2),
    "a month that is none": _says(period="2011-13"),
    "a day that is none": _says(due="2011-02-30"),
    "an unknown kind": _says(kind="health"),
    "an agency of no role": _says(receiver="nobody/district/320411"),
    "the sender as receiver": _says(receiver="public_security/district/320411"),
    "no law": lambda workshop, folder: workshop.right(folder, lambda ours: ours.pop("basis")),
    "a law that ends before it begins": lambda workshop, folder: workshop.right(
        folder, lambda ours: ours["basis"].update(until="2001-01-01")
    ),
    "an unknown key": _says(marriage="20"),
    "a threshold of cases": _says(threshold=10),
    "a receipt in cases": _says(
        receipt={"package": "a", "digest": "0" * 64, "stage": "accepted", "on": "2011-10-09"}
    ),
    "a digest that is none": _says(previous="x"),
    "rows that are negative": _says_of_part(rows=-1),
    "rows that are a float": _says_of_part(rows=3.0),
    "rows that are a text": _says_of_part(rows="3"),
    "rows beyond all numbers": _says_of_part(rows=10**16),
    "a path above the package": _says_of_part(path="data/../../x.jsonl.gz"),
    "an absolute path": _says_of_part(path="/etc/passwd"),
    "a path of another table": _says_of_part(path="data/counts.csv"),
    "a file number that is left out": _says_of_part(path="data/cases-00002.jsonl.gz"),
    "a table of rows as CSV": _says_of_part(path="data/cases.csv"),
    "a file given twice": lambda workshop, folder: workshop.right(
        folder, lambda ours: ours["resources"].append(ours["resources"][1])
    ),
    "files out of order": lambda workshop, folder: workshop.right(
        folder, lambda ours: ours["resources"].reverse()
    ),
    "a sealed file without a key": _says_of_part(path="data/cases-00001.jsonl.gz.sealed"),
    "a key and no sealed file": _says(sealed={"algorithm": "a", "key_id": "k", "wrapped": "00"}),
    "half a surrogate pair": _bytes(
        lambda data: data.replace("流动人口计划生育工作条例".encode(), b"\\ud800")
    ),
    "not its one form": _bytes(lambda data: data.replace(b"{\n", b"{ \n", 1)),
    "a default that is spelt out": _says(part=1),
    "a byte order mark": _bytes(lambda data: b"\xef\xbb\xbf" + data),
    "other words outside our part": _bytes(
        lambda data: data.replace(b'"encoding": "utf-8"', b'"encoding": "gbk"')
    ),
    "a key given twice": _bytes(lambda data: data.replace(b'"kind":', b'"kind": "cases",\n  "kind":', 1)),
    "no JSON": _bytes(lambda data: data[:-3]),
    "NaN": _bytes(lambda data: data.replace(b'"rows": 3', b'"rows": NaN')),
    "a number of 10,000 digits": _bytes(lambda data: data.replace(b'"rows": 3', b'"rows": ' + b"9" * 10_000)),
    "a deep nest": _bytes(lambda _: b"[" * 100_000),
    "an empty file": _bytes(lambda _: b""),
    "a list": _bytes(lambda _: b"[]\n"),
    "an object without our part": _bytes(lambda _: b"{}\n"),
    "UTF-16": _bytes(lambda data: data.decode().encode("utf-16")),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_manifest_is_refused_for(workshop: Any, lie: str) -> None:
    folder = workshop.write().folder
    LIES[lie](workshop, folder)

    assert {(rule, file) for rule, file, _ in workshop.broken(folder)} == {("manifest", MANIFEST)}


def test_a_manifest_of_another_id_than_its_folder_is_refused(workshop: Any) -> None:
    folder = workshop.write().folder
    other = folder.rename(folder.with_name("2011-10.other"))

    assert workshop.broken(other) == [("name", "", None)]


def test_a_manifest_without_the_first_table_is_refused(workshop: Any) -> None:
    folder = workshop.write().folder
    (folder / PART).unlink()

    def only_deleted(value: dict[str, Any]) -> None:
        del value["resources"][0]

    data = json.loads((folder / MANIFEST).read_bytes())
    only_deleted(data)
    only_deleted(data["migrant_fp"])
    workshop.say(folder, (json.dumps(data, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode())

    assert workshop.broken(folder) == [("files", MANIFEST, None)]


LIMITS: dict[str, tuple[Limits, tuple[str, str, int | None]]] = {
    "files": (Limits(files=6), ("limit", "", None)),
    "bytes": (Limits(size=2_000), ("limit", "", None)),
    "rows": (Limits(rows=2), ("limit", PART, 3)),
    "bytes of the manifest": (Limits(manifest=1_000), ("limit", MANIFEST, None)),
}


@pytest.mark.parametrize("what", LIMITS)
def test_a_package_is_refused_for_too_many(workshop: Any, what: str) -> None:
    limits, expected = LIMITS[what]
    folder = workshop.write().folder

    assert expected in workshop.broken(folder, limits=limits)


def test_beyond_a_limit_flaws_are_counted(workshop: Any) -> None:
    folder = workshop.write().folder
    workshop.put(folder, b"x\n" * 30, rows=30, control_total=0)

    refused = workshop.refused(folder, limits=Limits(flaws=10))

    assert (len(refused.flaws), refused.more) == (10, 20)
    assert "and 20 more" in str(refused)


def test_other_limits_hold_for_the_rows_as_for_the_reading(workshop: Any) -> None:
    rows = [{"_key": f"{n:064x}", "reason": "left"} for n in range(100_001)]
    folder = workshop.write(tables={"cases": [], "deleted": rows[:9]}).folder
    workshop.put(folder, workshop.lines(rows), DELETED, rows=100_001, control_total=0)

    package = workshop.read(folder, limits=Limits(rows=100_001))

    assert sum(1 for _ in package.rows("deleted")) == 100_001
    assert workshop.broken(folder) == [("limit", DELETED, 100_001)]


def test_all_flaws_of_a_package_are_listed_at_once(workshop: Any) -> None:
    folder = workshop.write().folder
    rows = gzip.decompress((folder / PART).read_bytes()).splitlines(keepends=True)
    workshop.put(folder, b"".join([rows[1], rows[0], b"{}\n"]), control_total=1 + 2)
    (folder / "more.txt").touch()
    (folder / "data/link").symlink_to("/etc/hostname")
    (folder / "manifest-sm3.txt").write_text("")
    (folder / SIGNATURE).write_bytes(bytes(64))

    assert {(rule, file, row) for rule, file, row in workshop.broken(folder)} == {
        ("link", "data/link", None),
        ("signature", SIGNATURE, None),
        ("files", "more.txt", None),
        ("digest_list", "manifest-sm3.txt", None),
        ("order", PART, 2),
        ("row", PART, 3),
    }


def test_every_problem_of_a_row_is_a_flaw_of_its_own(workshop: Any) -> None:
    folder = workshop.write().folder
    workshop.put(folder, workshop.lines([{"_key": "0", "born": "1", "shoe": "37"}]), rows=1, control_total=0)

    facts = [flaw.fact.partition(":")[0] for flaw in workshop.refused(folder).flaws]

    assert facts[0] == "row"
    assert facts[1:] == [
        "_key",
        "address",
        "arrived",
        "born",
        "household",
        "identity",
        "name",
        "residence",
        "sex",
        "stay",
    ]


def test_no_value_of_a_row_is_told(workshop: Any) -> None:
    folder = workshop.write().folder
    [row] = workshop.cases(1)
    bad = [dict.fromkeys(row, CANARY), {CANARY: CANARY}, row | {"sex": [CANARY]}, [CANARY], CANARY]
    workshop.put(
        folder, workshop.lines(bad) + b'{"name":"' + CANARY.encode() + b'"\n' + CANARY.encode(), rows=7
    )

    refused = workshop.refused(folder)

    assert len(refused.flaws) > 20
    assert CANARY not in f"{refused}{refused!r}{refused.args}{refused.__cause__}"


def test_of_no_refusal_the_traceback_holds_a_value(workshop: Any) -> None:
    folder = workshop.write().folder
    workshop.put(folder, b'{"name":"' + CANARY.encode() + b'\xff"}\n', rows=1)

    error: BaseException | None = workshop.refused(folder)
    while error is not None:
        assert CANARY not in f"{error}{error!r}{error.args}"
        error = error.__cause__ or error.__context__


def _counts(change: Callable[[list[str]], list[str]]) -> Breaks:
    def breaks(workshop: Any, folder: Path) -> None:
        lines = (folder / COUNTS).read_bytes().decode().split("\r\n")[:-1]
        changed = change(lines)
        numbers = [int(line.split(",")[3] or 0) for line in changed[1:] if line.count(",") == 4]
        workshop.put(
            folder,
            "".join(f"{line}\r\n" for line in changed).encode(),
            COUNTS,
            rows=max(len(changed) - 1, 0),
            control_total=sum(numbers),
        )

    return breaks


def _first_suppressed(put: str) -> Breaks:
    def change(lines: list[str]) -> list[str]:
        place = next(n for n, line in enumerate(lines) if line.endswith(",,1"))
        return [*lines[:place], lines[place].removesuffix(",1") + f"{put},", *lines[place + 1 :]]

    return _counts(change)


@pytest.mark.parametrize("count", ["1", "9"])
def test_statistics_with_a_small_count_are_refused_by_row(workshop: Any, count: str) -> None:
    folder = workshop.write(PackageKind.STATISTICS).folder
    rows = workshop.tables[PackageKind.STATISTICS]["counts"]
    first = 1 + next(n for n, row in enumerate(rows) if row["suppressed"])
    _first_suppressed(count)(workshop, folder)

    assert ("suppression", COUNTS, first) in workshop.broken(folder)


def test_statistics_that_give_a_suppressed_count_back_are_refused(workshop: Any) -> None:
    """All that is not small is shown, as by a program that hides the small counts alone: the sums give them back."""
    folder = workshop.write(PackageKind.STATISTICS).folder
    full, hidden = workshop.counts(lambda table: table), workshop.counts()
    careless = [b if 0 < int(a["count"]) < 10 else a for a, b in zip(full, hidden, strict=True)]
    assert len([row for row in careless if not row["count"]]) < len(
        [row for row in hidden if not row["count"]]
    )

    _counts(lambda lines: [lines[0], *(",".join(row.values()) for row in careless)])(workshop, folder)

    assert {(rule, file) for rule, file, _ in workshop.broken(folder)} == {("suppression", COUNTS)}


def test_statistics_that_do_not_add_up_are_refused(workshop: Any) -> None:
    folder = workshop.write(PackageKind.STATISTICS).folder

    def change(lines: list[str]) -> list[str]:
        head, first, *rest = lines
        division, dimension, category, count, _ = first.split(",")
        return [head, f"{division},{dimension},{category},{int(count) + 1},", *rest]

    _counts(change)(workshop, folder)

    assert {(rule, file) for rule, file, _ in workshop.broken(folder)} == {("row", COUNTS)}


COUNT_LINES: dict[str, tuple[Callable[[list[str]], list[str]], tuple[str, str, int | None]]] = {
    "rows out of order": (lambda rows: [rows[0], rows[2], rows[1], *rows[3:]], ("order", COUNTS, None)),
    "a row that comes twice": (lambda rows: [*rows, rows[-1]], ("row", COUNTS, None)),
    "a row that is missing": (lambda rows: rows[:-1], ("row", COUNTS, None)),
    "another first line": (lambda rows: ["division,count", *rows[1:]], ("row", COUNTS, None)),
    "no first line": (lambda _: [], ("row", COUNTS, None)),
    "a column more": (lambda rows: [rows[0], rows[1] + ",", *rows[2:]], ("row", COUNTS, 1)),
    "a number with a sign": (
        lambda rows: [rows[0], rows[1].replace(",151,", ",+151,"), *rows[2:]],
        ("row", COUNTS, 1),
    ),
    "a number with a leading zero": (
        lambda rows: [rows[0], rows[1].replace(",151,", ",0151,"), *rows[2:]],
        ("row", COUNTS, 1),
    ),
    "an unknown category": (
        lambda rows: [rows[0], rows[1].replace("total,total", "total,married"), *rows[2:]],
        ("row", COUNTS, 1),
    ),
    "an unknown dimension": (
        lambda rows: [rows[0], rows[1].replace("total,", "marriage,", 1), *rows[2:]],
        ("row", COUNTS, 1),
    ),
    "quotes": (lambda rows: [rows[0], rows[1].replace("total", '"total"', 1), *rows[2:]], ("row", COUNTS, 1)),
}


@pytest.mark.parametrize("flaw", COUNT_LINES)
def test_statistics_are_refused_for(workshop: Any, flaw: str) -> None:
    change, expected = COUNT_LINES[flaw]
    folder = workshop.write(PackageKind.STATISTICS).folder
    _counts(change)(workshop, folder)

    assert expected in workshop.broken(folder)


def test_statistics_with_a_bad_row_are_not_summed_up(workshop: Any) -> None:
    """What cannot be read cannot add up: the one row is told, and not also everything that is missing without it."""
    folder = workshop.write(PackageKind.STATISTICS).folder
    _counts(COUNT_LINES["a column more"][0])(workshop, folder)

    assert [one for one in workshop.broken(folder) if one != ("totals", COUNTS, None)] == [("row", COUNTS, 1)]


def test_statistics_with_line_feeds_alone_are_refused(workshop: Any) -> None:
    folder = workshop.write(PackageKind.STATISTICS).folder
    workshop.put(folder, (folder / COUNTS).read_bytes().replace(b"\r\n", b"\n"), COUNTS)

    assert ("row", COUNTS) in {(rule, file) for rule, file, _ in workshop.broken(folder)}


def test_statistics_of_more_rows_than_the_limit_are_refused_before_they_are_held(workshop: Any) -> None:
    folder = workshop.write(PackageKind.STATISTICS).folder

    assert ("limit", COUNTS, 11) in workshop.broken(folder, limits=Limits(rows=10))


def test_an_unsigned_package_is_refused_unless_asked_for(workshop: Any) -> None:
    folder = workshop.write().folder
    for name in (SIGNATURE, "signature.json"):
        (folder / name).unlink()

    refused = workshop.refused(folder)

    assert [flaw.rule for flaw in refused.flaws] == [PackageRule.SIGNATURE]
    assert refused.reason is Reason.UNPROVEN
    assert workshop.read(folder, unsigned=True).integrity_only


def test_a_signature_that_nobody_can_prove_is_integrity_only(workshop: Any) -> None:
    folder = workshop.write().folder

    assert [flaw.file for flaw in workshop.refused(folder, verifier=None).flaws] == [SIGNATURE]
    assert workshop.read(folder, verifier=None, unsigned=True).integrity_only


def test_a_false_signature_is_refused_even_where_none_is_asked_for(workshop: Any) -> None:
    folder = workshop.write().folder
    (folder / SIGNATURE).write_bytes(bytes(64))

    assert workshop.broken(folder, unsigned=True) == [("signature", SIGNATURE, None)]


def _signed(whose: str, by: str) -> Breaks:
    def breaks(workshop: Any, folder: Path) -> None:
        (folder / SIGNATURE).write_bytes(workshop.keys[by].sign((folder / MANIFEST).read_bytes()))
        said = {"algorithm": "ed25519", "key_id": whose}
        (folder / "signature.json").write_text(json.dumps(said, indent=1) + "\n")

    return breaks


POLICE, PLANNING = "public_security/district/320411", "family_planning/district/320411"
SIGNED_BY: dict[str, tuple[Breaks, tuple[str, str, int | None]]] = {
    "the key of another": (_signed(POLICE, PLANNING), ("signature", SIGNATURE, None)),
    "the key of another agency under its own name": (
        _signed(PLANNING, PLANNING),
        ("signature", SIGNATURE, None),
    ),
    "a key that is not held": (_signed(f"{POLICE}#2", POLICE), ("signature", SIGNATURE, None)),
    "a key whose name only begins so": (_signed(f"{POLICE}001", POLICE), ("signature", SIGNATURE, None)),
    "nobody, without the value": (
        lambda _, folder: (folder / SIGNATURE).unlink(),
        ("files", SIGNATURE, None),
    ),
    "nobody, without the name": (
        lambda _, folder: (folder / "signature.json").unlink(),
        ("files", "signature.json", None),
    ),
    "somebody in another form": (
        lambda _, folder: (folder / "signature.json").write_text(
            f'{{"algorithm":"ed25519","key_id":"{POLICE}"}}'
        ),
        ("canonical", "signature.json", None),
    ),
    "a list": (
        lambda _, folder: (folder / "signature.json").write_text("[]"),
        ("canonical", "signature.json", None),
    ),
    "a number": (
        lambda _, folder: (folder / "signature.json").write_text('{"algorithm": 1, "key_id": 2}'),
        ("canonical", "signature.json", None),
    ),
    "a deep nest": (
        lambda _, folder: (folder / "signature.json").write_text("[" * 100_000),
        ("canonical", "signature.json", None),
    ),
}


@pytest.mark.parametrize("who", SIGNED_BY)
def test_a_package_is_refused_if_it_is_signed_by(workshop: Any, who: str) -> None:
    breaks, expected = SIGNED_BY[who]
    folder = workshop.write().folder
    breaks(workshop, folder)

    assert workshop.broken(folder) == [expected]


@pytest.mark.parametrize("key_id", [f"{POLICE}001", f"{POLICE}/x", POLICE[:-1], "x"])
def test_a_key_of_another_name_proves_nothing_even_where_it_is_held(workshop: Any, key_id: str) -> None:
    folder = workshop.write().folder
    _signed(key_id, POLICE)(workshop, folder)
    held = Ed25519Verifier.from_pem({key_id: workshop.public[POLICE]})

    assert workshop.broken(folder, verifier=held) == [("signature", SIGNATURE, None)]


def test_a_second_key_of_the_sender_proves_a_package(workshop: Any) -> None:
    folder = workshop.write().folder
    _signed(f"{POLICE}#2", POLICE)(workshop, folder)
    held = {f"{POLICE}#2": workshop.public[POLICE]}

    package = workshop.read(folder, verifier=Ed25519Verifier.from_pem(held))

    assert package.signature.key_id == f"{POLICE}#2"


def test_a_file_changed_after_the_reading_is_refused_when_its_rows_are_taken(workshop: Any) -> None:
    folder = workshop.write().folder
    package = workshop.read(folder)
    (folder / PART).write_bytes(gzip.compress(workshop.lines(workshop.cases(4)), mtime=0))

    with pytest.raises(PackageRefused) as refused:
        list(package.rows("cases"))

    assert {flaw.file for flaw in refused.value.flaws} == {PART}
    assert refused.value.digest == package.digest


@pytest.mark.parametrize("put", ["link", "pipe", "folder", "link above it"])
def test_what_is_no_file_any_more_is_refused_when_its_rows_are_taken(workshop: Any, put: str) -> None:
    folder = workshop.write().folder
    package = workshop.read(folder)
    if put == "link above it":
        (folder / "data").rename(folder.parent / "kept")
        (folder / "data").symlink_to(folder.parent / "kept")
        kept = folder
    else:
        kept = (folder / PART).rename(folder.parent / "kept")
    if put == "link":
        (folder / PART).symlink_to(kept)
    elif put == "pipe":
        os.mkfifo(folder / PART)
    elif put == "folder":
        (folder / PART).mkdir()

    with pytest.raises(PackageRefused) as refused:
        list(package.rows("cases"))

    assert refused.value.flaws[0].rule is PackageRule.CONTAINER


def test_what_is_neither_a_folder_nor_a_zip_is_refused(workshop: Any) -> None:
    os.mkfifo(workshop.home / "pipe")
    (workshop.home / "nowhere").symlink_to(workshop.home / "missing")

    assert workshop.broken(workshop.home / "pipe") == [("container", "", None)]
    assert workshop.broken(workshop.home / "nowhere") == [("container", "", None)]
    with pytest.raises(FileNotFoundError):
        workshop.read(workshop.home / "missing")


def test_an_empty_folder_is_refused(workshop: Any) -> None:
    assert workshop.broken(workshop.home) == [("files", MANIFEST, None), ("signature", SIGNATURE, None)]


def test_the_name_of_a_folder_is_told_without_the_number_of_a_person(workshop: Any) -> None:
    folder = workshop.home / "99999919850301002X\n示例"
    folder.mkdir()

    refused = workshop.refused(folder)

    assert refused.package == "______"


def test_a_refusal_names_the_digest_of_the_manifest_that_came(workshop: Any) -> None:
    written = workshop.write()
    (written.folder / SIGNATURE).write_bytes(b"")

    assert workshop.refused(written.folder).digest == written.digest


def test_peek_tells_what_a_manifest_says_and_proves_nothing(workshop: Any) -> None:
    written = workshop.write()
    (written.folder / SIGNATURE).write_bytes(b"")

    assert peek(written.folder) == (written.manifest, written.digest)
    (written.folder / MANIFEST).unlink()
    with pytest.raises(PackageRefused):
        peek(written.folder)


def test_peek_refuses_a_manifest_that_is_none(workshop: Any) -> None:
    folder = workshop.write().folder
    (folder / MANIFEST).write_bytes(b"{}")

    with pytest.raises(PackageRefused, match="manifest"):
        peek(folder)


def test_the_case_files_of_a_package_in_a_folder_are_its_own(workshop: Any) -> None:
    package = workshop.read(workshop.write().folder)

    assert CaseFiles(package, workshop.home / "unused").parts("cases") == (package.path / PART,)


def _shelf(workshop: Any) -> PackageShelf:
    return PackageShelf(workshop.home / "shelf", signer=workshop.signer(), unsigned=True)


def test_a_shelf_keeps_what_it_takes(workshop: Any) -> None:
    shelf = _shelf(workshop)
    written = workshop.write()
    came = written.folder.rename(shelf.incoming / written.folder.name)

    taken = shelf.take(came)

    assert list(taken.rows("cases")) == workshop.cases(3)
    again = shelf.taken(written.manifest.package_id, written.digest)
    assert list(again.rows("cases")) == workshop.cases(3)
    assert not list(shelf.incoming.iterdir())


def test_a_shelf_keeps_the_same_package_once(workshop: Any) -> None:
    shelf = _shelf(workshop)
    for _ in range(2):
        written = workshop.write()
        taken = shelf.take(written.folder.rename(shelf.incoming / written.folder.name))
    shelf.clear(shelf.incoming / written.folder.name)

    assert taken.digest == written.digest
    assert not list(shelf.incoming.iterdir())
    assert len(list(shelf.incoming.parent.glob("taken/*/*"))) == 1


def test_a_shelf_keeps_nothing_of_what_it_refuses(workshop: Any) -> None:
    shelf = _shelf(workshop)
    written = workshop.write()
    (written.folder / PART).unlink()
    came = written.folder.rename(shelf.incoming / written.folder.name)

    with pytest.raises(PackageRefused):
        shelf.take(came)

    assert not list(shelf.incoming.parent.glob("taken/*"))
    with pytest.raises(NoSuchPackage):
        shelf.taken(written.manifest.package_id, written.digest)


def test_a_shelf_tells_two_packages_of_one_id_apart_by_the_whole_digest(workshop: Any) -> None:
    shelf = _shelf(workshop)
    written = workshop.write()
    shelf.take(written.folder.rename(shelf.incoming / written.folder.name))

    with pytest.raises(NoSuchPackage):
        shelf.taken(written.manifest.package_id, written.digest[:-1] + "x")


def test_a_shelf_forgets_for_good(workshop: Any) -> None:
    shelf = _shelf(workshop)
    made = shelf.make(workshop.manifest(PackageKind.CASES), workshop.tables[PackageKind.CASES])

    assert shelf.made(made.manifest.package_id) == made.folder
    assert shelf.forget(made.manifest.package_id, made.digest)
    assert not shelf.forget(made.manifest.package_id, made.digest)
    with pytest.raises(NoSuchPackage):
        shelf.made(made.manifest.package_id)


def test_a_shelf_makes_the_same_once_and_replaces_nothing(workshop: Any) -> None:
    shelf = _shelf(workshop)
    manifest, tables = workshop.manifest(PackageKind.CASES), workshop.tables[PackageKind.CASES]
    one = shelf.make(manifest, tables)
    again = shelf.make(manifest, tables)
    other = shelf.make(attrs.evolve(manifest, chain_head="9" * 64), tables)

    assert again == one
    assert other.manifest.package_id == one.manifest.package_id
    assert [shelf.made(made.manifest.package_id, made.digest) for made in (one, other)] == [
        one.folder,
        other.folder,
    ]
    with pytest.raises(NoSuchPackage, match="made under one digest"):
        shelf.made(one.manifest.package_id)
    assert len([*shelf.incoming.parent.glob("made/*")]) == 2  # and nothing half-written


def test_what_is_dropped_is_what_was_taken_and_not_what_was_made(workshop: Any) -> None:
    shelf = _shelf(workshop)
    made = shelf.make(workshop.manifest(PackageKind.CASES), workshop.tables[PackageKind.CASES])
    name = made.manifest.package_id
    shutil.copytree(made.folder, shelf.incoming / name)
    shelf.take(shelf.incoming / name)
    shelf.drop(name, made.digest)

    assert shelf.made(name, made.digest) == made.folder
    with pytest.raises(NoSuchPackage):
        shelf.taken(name, made.digest)


def test_a_package_of_a_law_that_ended_can_still_be_read(workshop: Any) -> None:
    """Whether it may be acted on is for the use case to say; the reader checks the format."""
    folder = workshop.write().folder

    assert read_package(folder, unsigned=True).manifest.basis.title == "流动人口计划生育工作条例"


def test_what_a_killed_process_left_is_removed_when_the_shelf_is_opened_a_day_later(tmp_path: Path) -> None:
    shelf = PackageShelf(tmp_path)
    old, new, came = tmp_path / "made/.one.x1", tmp_path / "made/.two.x2", shelf.incoming / "three~"
    for folder in (old, new, came):
        (folder / "data").mkdir(parents=True)
    for folder in (old, came):
        os.utime(folder, (0, 0))
    PackageShelf(tmp_path)

    assert [path.exists() for path in (old, new, came)] == [False, True, False]
