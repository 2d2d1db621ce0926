"""`migrant-fp clauses`, as a user types it."""

import json
from datetime import date

import pytest

from migrant_fp.application.clause_index import clause_index
from migrant_fp.cli import main


def _rows(capsys: pytest.CaptureFixture[str], on: str) -> dict[str, dict[str, object]]:
    assert main(["clauses", "--on", on, "--format", "json"]) == 0
    return {row["clause"]: row for row in json.loads(capsys.readouterr().out)}


def test_the_basis_is_in_force_while_document_and_law_are(capsys: pytest.CaptureFixture[str]) -> None:
    standing = {on: _rows(capsys, on)["一(二)"]["basis_in_force"] for on in _DAYS}

    assert standing == _DAYS


_DAYS = {"2011-05-17": False, "2011-05-18": True, "2021-09-08": True, "2021-09-27": False}


def test_the_reward_lost_its_basis_with_the_law_of_20_august_2021(capsys: pytest.CaptureFixture[str]) -> None:
    assert [
        _rows(capsys, on)["五.2"]["basis_in_force"] for on in ("2012-01-01", "2021-08-19", "2021-08-20")
    ] == [
        True,
        True,
        False,
    ]


def test_a_scheduled_clause_names_its_duties_and_what_implements_them(
    capsys: pytest.CaptureFixture[str],
) -> None:
    row = _rows(capsys, "2012-01-01")["二(二)"]

    assert row["scheduled"] == ["exchange-district", "exchange-town"]
    assert "migrant_fp.regulations.changzhou_2011_134.EXCHANGE_TOWN" in row["implemented_by"]


def test_the_table_marks_each_clause(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["clauses", "--on", "2021-09-01"]) == 0
    lines = capsys.readouterr().out.splitlines()

    assert lines[1] == "● 一 建立部门联席会议制度"
    assert "● 一(二) 联席会议每季度召开一次,于每季度第一个月的5日召开(…" in lines
    assert "      schedule.occurrence.plan" in lines
    assert any(line.startswith("○ 五.2") for line in lines)


def test_without_a_day_it_is_today(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["clauses"]) == 0

    assert f"，{date.today()}：" in capsys.readouterr().out


def test_every_numbered_clause_is_listed() -> None:
    assert len(tuple(clause_index(date(2011, 5, 18)))) == 36
