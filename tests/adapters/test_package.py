"""A package that is written: what it holds comes back, the same hand-over is the same bytes, and what does not fit is not written."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrant_fp.adapters.package import Limits, read_package, write_package
from migrant_fp.adapters.package.digests import digests_of
from migrant_fp.adapters.package.lines import form_of
from migrant_fp.adapters.serialization import structure
from migrant_fp.domain.errors import Invalid
from migrant_fp.domain.form import HEALTH_FIELDS, RegistrationForm
from migrant_fp.domain.hand_over_record import CASES, CHANGES, CORRECTIONS, DELETED
from migrant_fp.domain.manifest import Manifest, PackageKind
from migrant_fp.domain.package_tables import TABLES
from migrant_fp.domain.privacy import Sensitivity, sensitivities
from migrant_fp.domain.table import FILLED_UP, Field, Table

KINDS = {
    "counts": PackageKind.STATISTICS,
    "cases": PackageKind.CASES,
    "deleted": PackageKind.CASES,
    "changes": PackageKind.CHANGES,
    "corrections": PackageKind.CORRECTION,
    "outcomes": PackageKind.RECEIPT,
}
KEYED = (CASES, CHANGES, CORRECTIONS, DELETED)
CANARY = "canary-71"
# What JSON, CSV, gzip, sorting, or a careless program might trip over; all of it is text that a name can hold.
ODD = "\"\\/,;|='` \u00a0\u3000\u202e\u200d\u0301ßſİıéè示例𠮷👩\U0010fffd\ufffe"


def _days() -> st.SearchStrategy[str]:
    return st.dates(date(1, 1, 1), date(9999, 12, 31)).map(date.isoformat)


def _values(field: Field) -> st.SearchStrategy[str]:
    if field.is_date:
        found = _days()
    elif field.is_text:
        most = int(field.pattern.rpartition(",")[2].rstrip("}"))
        letters = st.sampled_from(ODD) | st.characters(
            exclude_categories=("Cc", "Cs"), exclude_characters="\u2028\u2029\ufeff"
        )
        found = st.text(letters, min_size=1, max_size=most)
    else:
        found = st.from_regex(field.pattern, fullmatch=True)
        if field.is_hash:
            found = found.filter(lambda key: not re.fullmatch(FILLED_UP, key))
    return found if field.required else st.just("") | found


@st.composite
def _row(draw: st.DrawFn, table: Table) -> dict[str, str]:
    row = {field.name: draw(_values(field)) for field in table.fields}
    if table is CORRECTIONS:
        field = draw(st.sampled_from(CASES.fields))
        row |= {"field": field.name, "value": draw(st.just("") | _values(attrs.evolve(field, required=True)))}
    return row


def _sorted(table: Table, rows: list[dict[str, str]]) -> list[dict[str, str]]:
    found = {
        json.dumps(row, sort_keys=True, ensure_ascii=False) if table.repeats else row["_key"]: row
        for row in rows
    }
    return [found[place] for place in sorted(found)]


@st.composite
def _rows(draw: st.DrawFn) -> tuple[str, list[dict[str, str]]]:
    table = draw(st.sampled_from(KEYED))
    return table.name, _sorted(table, draw(st.lists(_row(table), max_size=8)))


def _tables(table: str, rows: list[dict[str, str]]) -> dict[str, list[dict[str, str]]]:
    return {"cases": [], "deleted": rows} if table == "deleted" else {table: rows}


@settings(deadline=None)  # a disk has its own time
@given(_rows())
def test_every_row_comes_back_whatever_its_characters(
    lasting: Any, given: tuple[str, list[dict[str, str]]]
) -> None:
    table, rows = given

    written = lasting.write(KINDS[table], _tables(table, rows))

    assert list(lasting.read(written.folder).rows(table)) == rows


@pytest.mark.parametrize("kind", PackageKind)
def test_every_kind_of_package_comes_back(workshop: Any, kind: PackageKind) -> None:
    package = workshop.read(workshop.write(kind).folder)

    assert {name: list(package.rows(name)) for name in workshop.tables[kind]} == workshop.tables[kind]
    assert package.manifest.kind is kind
    assert not package.integrity_only


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(["added", "deleted", "not_added"]), st.integers(0, 10**9 - 1)), max_size=30
    )
)
def test_every_outcome_of_a_receipt_comes_back(lasting: Any, outcomes: list[tuple[str, int]]) -> None:
    rows = [{"outcome": code, "file": "", "row": "", "rows": str(number)} for code, number in outcomes]

    written = lasting.write(PackageKind.RECEIPT, {"outcomes": rows})

    assert list(lasting.read(written.folder).rows("outcomes")) == rows


def test_a_package_without_rows_is_one(workshop: Any) -> None:
    package = workshop.read(workshop.write(tables={"cases": []}).folder)

    assert list(package.rows("cases")) == list(package.rows("deleted")) == []


def test_the_same_hand_over_gives_the_same_bytes(workshop: Any) -> None:
    first, second = (
        write_package(
            workshop.manifest(PackageKind.CASES),
            workshop.tables[PackageKind.CASES],
            workshop.home / place,
            signer=workshop.signer(),
        ).folder
        for place in ("a", "b")
    )

    assert _files(first) == _files(second)
    assert set(_files(first)) > {"datapackage.json", "signature.bin", workshop.part}


def test_a_package_written_again_takes_the_place_of_the_first(workshop: Any) -> None:
    workshop.write(tables={"cases": workshop.cases(5)})
    written = workshop.write(tables={"cases": workshop.cases(2)})

    assert [path.name for path in workshop.home.iterdir()] == [written.manifest.package_id]
    assert len(list(workshop.read(written.folder).rows("cases"))) == 2


def test_the_manifest_counts_what_is_there(workshop: Any) -> None:
    rows = workshop.cases(3)
    [part, _] = workshop.write().manifest.resources

    assert (part.rows, part.control_total) == (3, workshop.total(rows))
    assert part.size == (workshop.home / workshop.write().folder / part.path).stat().st_size


def test_more_rows_than_a_file_takes_go_into_a_second_file(workshop: Any) -> None:
    rows = [{"_key": f"{n:064x}", "reason": "left"} for n in range(100_001)]

    written = workshop.write(tables={"cases": [], "deleted": rows})
    package = workshop.read(written.folder)

    assert [(one.path, one.rows) for one in written.manifest.resources if one.table == "deleted"] == [
        ("data/deleted-00001.jsonl.gz", 100_000),
        ("data/deleted-00002.jsonl.gz", 1),
    ]
    assert list(package.rows("deleted")) == rows


def test_progress_counts_every_row_once_written_and_once_read(workshop: Any) -> None:
    written: list[int] = []
    read: list[int] = []
    rows = workshop.cases(1_500)

    found = write_package(
        workshop.manifest(PackageKind.CASES), {"cases": rows}, workshop.home, progress=written.append
    )
    read_package(found.folder, unsigned=True, progress=read.append)

    assert (sum(written), sum(read)) == (1_500, 1_500)


def test_memory_does_not_grow_with_rows() -> None:
    program = """
import resource, sys, tempfile
from datetime import date
from pathlib import Path
from migrant_fp.adapters.package import Limits, read_package, write_package
from migrant_fp.adapters.package.digests import digests_of
from migrant_fp.domain.manifest import Manifest, PackageKind
from migrant_fp.regulations.national_law import FLOATING_POPULATION_2009

rows = ({"_key": f"{n:064x}", "change": "arrived", "destination": "", "on": "2011-09-02", "origin": "341221"}
        for n in range(int(sys.argv[1])))
manifest = Manifest(
    sender="public_security/district/320411", receiver="family_planning/district/320411",
    kind=PackageKind.CHANGES, period="2011-10", as_of=date(2011, 10, 8), due=date(2011, 10, 5),
    basis=FLOATING_POPULATION_2009, retain_until=date(2012, 1, 8),
)
with tempfile.TemporaryDirectory() as home:
    package = read_package(write_package(manifest, {"changes": rows}, Path(home)).folder, unsigned=True)
    assert sum(1 for _ in package.rows("changes")) == int(sys.argv[1])
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""
    few, many = (
        int(subprocess.run([sys.executable, "-c", program, n], check=True, capture_output=True).stdout)
        for n in ("50000", "400000")
    )

    assert many < few * 1.1


def _refused(workshop: Any, tables: Mapping[str, Any], kind: PackageKind = PackageKind.CASES) -> Invalid:
    with pytest.raises(Invalid) as refused:
        workshop.write(kind, tables)
    assert not list(workshop.home.iterdir())
    return refused.value


def test_rows_out_of_order_are_refused_and_nothing_is_written(workshop: Any) -> None:
    a, b, c = workshop.cases(3)

    refused = _refused(workshop, {"cases": [a, c, b]})

    assert [(one.place, "out of order" in one.fact) for one in refused.problems] == [("cases row 3", True)]


def test_a_key_that_comes_twice_is_refused_and_nothing_is_written(workshop: Any) -> None:
    a, b = workshop.cases(2)

    refused = _refused(workshop, {"cases": [a, b, b | {"sex": "1"}]})

    assert [one.place for one in refused.problems] == ["cases row 3"]


def test_a_change_that_comes_twice_is_refused_and_nothing_is_written(workshop: Any) -> None:
    first = workshop.tables[PackageKind.CHANGES]["changes"][0]

    refused = _refused(workshop, {"changes": [first, first]}, PackageKind.CHANGES)

    assert [one.place for one in refused.problems] == ["changes row 2"]


def test_every_problem_of_every_row_is_named_and_no_value(workshop: Any) -> None:
    a, b, c = workshop.cases(3)
    bad = [
        a | {"residence": "", "sex": CANARY},
        b | {"born": "1985-02-29"},
        c | {"name": CANARY + "\n", "address": CANARY * 50},
    ]

    refused = _refused(workshop, {"cases": bad, "deleted": [{"_key": CANARY, "reason": "left"}]})

    named = [(one.place, one.fact.partition(":")[0]) for one in refused.problems]
    assert named == [
        ("cases row 1", "residence"),
        ("cases row 1", "sex"),
        ("cases row 2", "born"),
        ("cases row 3", "address"),
        ("cases row 3", "name"),
        ("deleted row 1", "_key"),
    ]
    assert CANARY not in f"{refused}{refused!r}"


def test_of_many_bad_rows_a_thousand_are_named(workshop: Any) -> None:
    assert len(_refused(workshop, {"cases": [{"_key": ""}] * 2_000}).problems) == 1_000


@pytest.mark.parametrize(
    "value",
    [1, 1.5, None, True, [], {}, b"320411", float("nan"), "\ud800", "a\x00", "a\x7f", "a\u2028", "\ufeffa"],
    ids=repr,
)
def test_what_is_no_text_of_a_line_is_refused(workshop: Any, value: object) -> None:
    [row] = workshop.cases(1)

    assert _refused(workshop, {"cases": [row | {"name": value}]}).problems


@pytest.mark.parametrize(
    "row", [{}, {"_key": "0" * 64}, {1: "a", "b": "c"}, {"_key": "0" * 64, "reason": "x"}]
)
def test_a_row_of_another_shape_is_refused(workshop: Any, row: Any) -> None:
    assert _refused(workshop, {"cases": [], "deleted": [row]}).problems


def test_a_row_may_be_any_mapping(workshop: Any) -> None:
    class Held(Mapping[str, str]):
        def __init__(self, row: dict[str, str]) -> None:
            self.row = row

        def __getitem__(self, name: str) -> str:
            return self.row[name]

        def __iter__(self) -> Iterator[str]:
            return iter(self.row)

        def __len__(self) -> int:
            return len(self.row)

    rows = workshop.cases(2)

    written = workshop.write(tables={"cases": map(Held, rows)})

    assert list(workshop.read(written.folder).rows("cases")) == rows


def test_rows_that_fail_on_the_way_leave_nothing(workshop: Any) -> None:
    def rows() -> Iterator[dict[str, str]]:
        yield from workshop.cases(2)
        raise ConnectionError

    with pytest.raises(ConnectionError):
        workshop.write(tables={"cases": rows()})

    assert not list(workshop.home.iterdir())


def test_a_failure_leaves_the_package_that_was_there(workshop: Any) -> None:
    before = _files(workshop.write().folder)

    with pytest.raises(Invalid):
        workshop.write(tables={"cases": workshop.cases(2)[::-1]})

    assert [_files(folder) for folder in workshop.home.iterdir()] == [before]


def test_a_missing_table_and_one_that_does_not_belong_are_named_together(workshop: Any) -> None:
    refused = _refused(workshop, {"changes": [], "health": []})

    assert [one.place for one in refused.problems] == ["cases", "changes", "health"]


def test_a_manifest_that_names_files_already_is_refused(workshop: Any) -> None:
    with pytest.raises(Invalid, match="names files already"):
        write_package(workshop.write().manifest, {"cases": []}, workshop.home)


def test_counts_that_show_a_small_number_are_not_written(workshop: Any) -> None:
    rows = [dict(row) for row in workshop.tables[PackageKind.STATISTICS]["counts"]]
    place = next(n for n, row in enumerate(rows) if row["suppressed"])
    rows[place] |= {"count": "1", "suppressed": ""}

    refused = _refused(workshop, {"counts": rows}, PackageKind.STATISTICS)

    assert refused.problems[0].place == f"counts row {place + 1}"


def test_more_outcomes_than_a_reader_takes_are_not_written(workshop: Any) -> None:
    row = {"outcome": "added", "file": "", "row": "", "rows": "1"}

    refused = _refused(workshop, {"outcomes": (row for _ in range(100_001))}, PackageKind.RECEIPT)

    assert [one.place for one in refused.problems] == ["outcomes row 100001"]


@pytest.mark.parametrize("limits", [Limits(files=6), Limits(size=100), Limits(manifest=100)], ids=repr)
def test_more_than_a_receiver_takes_is_not_written(workshop: Any, limits: Limits) -> None:
    tables = workshop.tables[PackageKind.CASES]

    with pytest.raises(Invalid, match="parts n of m"):
        write_package(workshop.manifest(PackageKind.CASES), tables, workshop.home, limits=limits)

    assert not list(workshop.home.iterdir())


def test_sm3_is_the_same_where_openssl_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hashlib.algorithms_available", {"sha256"})
    both = digests_of(b"abc")  # GB/T 32905-2016, A.1
    both.update(b"d" * 1_000)

    assert digests_of(b"abc").sm3 == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    monkeypatch.undo()
    assert both.sm3 == digests_of(b"abc" + b"d" * 1_000).sm3


def test_no_column_of_any_table_is_a_health_item() -> None:
    columns = [field for table in TABLES.values() for field in table.fields]
    marks = sensitivities(RegistrationForm)

    assert {name for name in marks if marks[name] is Sensitivity.HEALTH} == HEALTH_FIELDS
    assert not HEALTH_FIELDS & {field.name for field in columns}
    assert Sensitivity.HEALTH not in {field.sensitivity for field in columns}


@pytest.mark.parametrize("kind", PackageKind)
@pytest.mark.parametrize("item", sorted(HEALTH_FIELDS))
def test_no_health_item_is_put_into_a_row(workshop: Any, kind: PackageKind, item: str) -> None:
    for name, rows in workshop.tables[kind].items():
        with_item = [*rows[:-1], rows[-1] | {item: "1"}]
        instead = [*rows[:-1], {item: "1"} | {k: v for k, v in rows[-1].items() if k == "_key"}]
        for bad in (with_item, instead):
            assert _refused(workshop, workshop.tables[kind] | {name: bad}, kind).problems


@pytest.mark.parametrize("item", sorted(HEALTH_FIELDS))
def test_no_health_item_is_put_into_a_package_as_a_table_or_an_argument(workshop: Any, item: str) -> None:
    for kind in PackageKind:
        assert _refused(workshop, workshop.tables[kind] | {item: [{"_key": workshop.key(1)}]}, kind).problems
        with pytest.raises(TypeError):
            workshop.manifest(kind, **{item: "1"})
        with pytest.raises(TypeError):
            write_package(workshop.manifest(kind), workshop.tables[kind], workshop.home, **{item: "1"})


@pytest.mark.parametrize("item", sorted(HEALTH_FIELDS))
def test_no_health_item_is_asked_to_be_corrected(workshop: Any, item: str) -> None:
    row = {"_key": workshop.key(1), "field": item, "value": "1"}

    assert _refused(workshop, {"corrections": [row]}, PackageKind.CORRECTION).problems


def test_a_correction_prescribes_only_what_its_field_can_hold(workshop: Any) -> None:
    row = {"_key": workshop.key(1), "field": "sex", "value": CANARY}

    refused = _refused(workshop, {"corrections": [row]}, PackageKind.CORRECTION)

    assert ["value" in one.fact for one in refused.problems] == [True]
    assert CANARY not in str(refused)


@pytest.mark.parametrize("item", sorted(HEALTH_FIELDS))
def test_no_health_item_is_read_as_part_of_a_manifest(workshop: Any, item: str) -> None:
    said = json.loads((workshop.write().folder / "datapackage.json").read_bytes())["migrant_fp"]

    with pytest.raises(Invalid, match="is unknown"):
        structure(said | {item: "1"}, Manifest, "manifest")


@given(st.sampled_from(KEYED).flatmap(lambda table: st.tuples(st.just(table), _row(table))))
def test_a_row_that_fits_is_exactly_its_canonical_json(given: tuple[Table, dict[str, str]]) -> None:
    table, row = given
    line = json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    assert form_of(table).fits(line)
    assert form_of(table).line(row) == line + "\n"
    assert form_of(table).row(line) == row


@given(
    st.sampled_from(KEYED).flatmap(lambda table: st.tuples(st.just(table), _row(table))),
    st.integers(0, 400),
    st.sampled_from(['"', "\\", " ", ",", "\\u0061", "\\/", "\\n", "\u2028", "0", "é", "}", ""]),
    st.integers(0, 3),
)
def test_a_line_that_fits_is_the_canonical_json_of_a_row_without_problems(
    given: tuple[Table, dict[str, str]], place: int, put: str, cut: int
) -> None:
    table, row = given
    line = json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    changed = line[:place] + put + line[place + cut :]

    assert form_of(table).fits(changed) == _is_canonical(table, changed)
    assert form_of(table).fits(changed) or list(form_of(table).why_not(changed))


def _is_canonical(table: Table, line: str) -> bool:
    try:
        row = json.loads(line)
    except ValueError:
        return False
    canonical = json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return isinstance(row, dict) and canonical == line and not list(table.problems(row))


def test_a_line_knows_the_days_of_the_calendar() -> None:
    form = form_of(CHANGES)
    day, last = date(1999, 12, 31), date(2005, 1, 1)
    known = set()
    while (day := day + timedelta(1)) < last:
        known.add(day.isoformat())
    texts = {f"{y}-{m:02}-{d:02}" for y in range(2000, 2005) for m in range(14) for d in range(33)}
    texts |= {
        "1900-02-29",
        "2100-02-29",
        "2400-02-29",
        "0000-01-01",
        "0001-01-01",
        "9999-12-31",
        "0004-02-29",
    }
    known |= {"2400-02-29", "0001-01-01", "9999-12-31", "0004-02-29"}

    fitting = {
        on
        for on in texts
        if form.fits(f'{{"_key":"{"0" * 64}","change":"left","destination":"","on":"{on}","origin":""}}')
    }

    assert fitting == known


def _files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def test_a_written_package_is_readable_by_all_who_may_enter_its_folder(workshop: Any) -> None:
    folder = workshop.write().folder

    assert {oct(path.stat().st_mode & 0o755) for path in (folder, folder / "data")} == {"0o755"}
    assert all(os.access(path, os.R_OK) for path in folder.rglob("*"))
