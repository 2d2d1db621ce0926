"""What a hand-over may hold of a person: an allow-list of columns, each with its pattern; nothing shows in repr or message."""

from __future__ import annotations

import hashlib
import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrant_fp.adapters.package.lines import form_of
from migrant_fp.domain.hand_over_record import (
    CASES,
    CHANGES,
    CORRECTIONS,
    DELETED,
    Case,
    Change,
    ChangeKind,
    Deletion,
    Tombstone,
)
from migrant_fp.domain.package_tables import COUNTS, OUTCOMES, TABLES
from migrant_fp.domain.person import Sex, Stay
from migrant_fp.domain.privacy import sensitivities
from migrant_fp.domain.table import Field, Table

KEY = "0123456789abcdef" * 4
CASE = Case(
    KEY, "320411001", "示例路1号", date(2011, 5, 20), date(1985, 3, 1), "341221",
    "99999919850301002X", "示例甲", Sex.FEMALE, Stay.WORK,
)  # fmt: skip


def test_a_case_is_a_row_of_text() -> None:
    assert CASE.row() == {
        "_key": KEY,
        "address": "示例路1号",
        "arrived": "2011-05-20",
        "born": "1985-03-01",
        "household": "341221",
        "identity": "99999919850301002X",
        "name": "示例甲",
        "residence": "320411001",
        "sex": "2",
        "stay": Stay.WORK.value,
    }
    assert not list(CASES.problems(CASE.row()))


def test_what_is_not_handed_over_is_empty() -> None:
    row = Case(KEY, "320411001").row()

    assert {name for name, value in row.items() if value} == {"_key", "residence"}
    assert not list(CASES.problems(row))


def test_a_change_and_a_tombstone_are_rows_of_text() -> None:
    change = Change(KEY, ChangeKind.LEFT, date(2011, 9, 30), destination="341221").row()
    tombstone = Tombstone(KEY, Deletion.ERASED).row()

    assert change == {
        "_key": KEY,
        "change": "left",
        "destination": "341221",
        "on": "2011-09-30",
        "origin": "",
    }
    assert tombstone == {"_key": KEY, "reason": "erased"}
    assert not [*CHANGES.problems(change), *DELETED.problems(tombstone)]


@pytest.mark.parametrize(
    "record",
    [
        CASE,
        Change(KEY, ChangeKind.LEFT, date(2011, 9, 30), "320411", "341221"),
        Tombstone(KEY, Deletion.LEFT),
    ],
)
def test_nothing_of_a_person_shows_in_a_repr(record: Case | Change | Tombstone) -> None:
    held = [value for value in record.row().values() if value]

    assert [value for value in held if value in repr(record)] in ([], ["left"])


def test_every_field_of_a_record_about_a_person_is_marked() -> None:
    assert len(sensitivities(Case)) == len(CASES.fields)
    assert len(sensitivities(Change)) == len(CHANGES.fields)
    assert all(field.sensitivity for field in (*CASES.fields, *CHANGES.fields))


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.name)
def test_the_columns_of_a_table_stand_in_the_order_of_their_names(table: Table) -> None:
    names = [field.name for field in table.fields]

    assert names == sorted(names) or table in {COUNTS, OUTCOMES}
    assert len(set(names)) == len(names)
    assert table.is_keyed == (names[0] == "_key")


FITTING = {
    "_key": [KEY],
    "household": ["341221", "320411001", "320411001001"],
    "identity": ["99999919850301002X", "999999198503010021", "999999850301002"],
    "sex": ["0", "1", "2", "9"],
    "born": ["1985-03-01", "2000-02-29"],
    "name": ["示例甲", "a", "𠮷" * 60],
}
NOT_FITTING = {
    "_key": ["", KEY[:-1], KEY.upper(), KEY + "0", "示" * 64],
    "household": ["3412", "34122", "341221 ", "３４１２２１", "3204110010"],
    "identity": ["99999919850301002x", "9999991985030100", "X" * 18],
    "sex": ["3", "女", "1\n"],
    "born": ["1985-3-1", "1985-02-29", "1900-02-29", "0000-01-01", "1985-13-01", "19850301"],
    "name": ["x" * 61, "a\nb", "\x00", "\x7f", "\u2028", "\ufeff", "\ud800"],
    "residence": [""],
}


def _field(name: str) -> Field:
    return next(field for field in CASES.fields if field.name == name)


@pytest.mark.parametrize(("name", "value"), [(name, value) for name in FITTING for value in FITTING[name]])
def test_a_value_that_fits_is_no_problem(name: str, value: str) -> None:
    assert _field(name).problem(value) == ""


@pytest.mark.parametrize(("name", "value"), [(n, value) for n in NOT_FITTING for value in NOT_FITTING[n]])
def test_a_value_that_does_not_fit_is_told_without_it(name: str, value: str) -> None:
    fact = _field(name).problem(value)

    assert fact
    assert len(value) < 4 or value not in fact


def test_every_problem_of_a_row_is_told_at_once_and_no_value() -> None:
    row = CASE.row() | {"sex": "canary-71", "born": "canary-71", "canary-71": "canary-71"}
    del row["stay"]

    problems = [str(problem) for problem in CASES.problems(row)]

    assert [problem.partition(":")[0] for problem in problems] == ["row", "born", "sex", "stay"]
    assert "canary" not in "".join(problems)


@given(st.text(max_size=12))
def test_a_correction_holds_only_what_its_field_can(value: str) -> None:
    for field in CASES.fields:
        problems = list(CORRECTIONS.problems({"_key": KEY, "field": field.name, "value": value}))
        by_hand = not value or (bool(re.fullmatch(field.pattern, value)) and not field.problem(value))
        assert (not problems) == by_hand


def test_a_correction_may_ask_to_check_without_prescribing() -> None:
    for field in CASES.fields:
        assert not list(CORRECTIONS.problems({"_key": KEY, "field": field.name, "value": ""}))


#: An identity number with X as 0, one of the first cards, filled up in front or behind with one character.
FILLED = [
    number.rjust(64, one) if front else number.ljust(64, one)
    for number in ("999999198503010020", "99999919850301002", "999999850301002")
    for one in "0af"
    for front in (True, False)
]


@pytest.mark.parametrize("key", FILLED)
def test_an_identity_number_filled_up_to_the_length_of_a_key_is_refused_and_not_shown(key: str) -> None:
    found = [*CASES.problems(Case(key, "320411001").row())]

    assert [problem.place for problem in found] == ["_key"]
    assert "999999" not in str(found)


@pytest.mark.parametrize("key", FILLED)
def test_a_line_is_held_to_the_same_rule(key: str) -> None:
    for table, row in (
        (CASES, Case(key, "320411001").row()),
        (CORRECTIONS, {"_key": KEY, "field": "_key", "value": key}),
    ):
        form = form_of(table)
        assert not form.fits(form.line(row).removesuffix(form.end))


@given(st.binary(max_size=64))
def test_every_hash_can_be_a_key(message: bytes) -> None:
    row = Case(hashlib.sha256(message).hexdigest(), "320411001").row()
    form = form_of(CASES)

    assert not list(CASES.problems(row))
    assert form.fits(form.line(row).removesuffix(form.end))
