"""`migrant-fp plan`, as a user types it."""

import csv
import io
import json
from pathlib import Path

import pytest

from migrant_fp.cli import main


def _run(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["plan", *arguments]) == 0
    return capsys.readouterr().out


def test_the_table_says_what_the_document_is_worth_before_any_date(
    capsys: pytest.CaptureFixture[str],
) -> None:
    lines = _run(capsys, "2013").splitlines()

    assert "有效" in lines[1]
    assert "废止" in lines[2]
    assert " * 2013-04-07 周日（调休上班），原定4月5日：清明节放假至4月6日，顺延2日" in lines


def test_json_has_the_promised_keys_and_dates(capsys: pytest.CaptureFixture[str]) -> None:
    rows = json.loads(_run(capsys, "2011", "--duty", "joint-meeting", "--format", "json"))

    assert [row["actual"] for row in rows] == ["2011-01-05", "2011-04-06", "2011-07-05", "2011-10-08"]
    assert set(rows[0]) == {
        *("id", "duty", "title", "clause", "level", "period", "bound", "nominal", "actual", "first", "last"),
        *("working_days", "act_by", "certainty", "standing", "candidates", "stepped_over"),
    }
    assert [row["standing"] for row in rows] == ["before_issue", "before_issue", "in_force", "in_force"]
    assert rows[3]["stepped_over"][0] == {
        "date": "2011-10-05",
        "kind": "substitute",
        "festival": "国庆节",
        "notice": "国办发明电〔2010〕40号（文号据记忆）",
    }


def test_csv_opens_in_excel_as_utf_8(capsys: pytest.CaptureFixture[str]) -> None:
    text = _run(capsys, "2011-2012", "--level", "city", "--format", "csv")

    assert text.startswith("\ufeff")
    assert [row["id"] for row in csv.DictReader(io.StringIO(text[1:]))] == [
        "annual-commendation/2011",
        "annual-commendation/2012",
    ]


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "日程.txt"

    assert _run(capsys, "2011", "--lang", "en", "--output", str(target)) == ""
    assert "2011-10-08 Sat (make-up working day)" in target.read_text(encoding="utf-8")
    assert list(tmp_path.iterdir()) == [target]
    assert main(["plan", "2011", "--output", str(tmp_path / "missing" / "x")]) == 2


def test_a_failed_write_leaves_the_old_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "busy").mkdir()

    assert main(["plan", "2011", "--output", str(tmp_path / "busy")]) == 2
    assert [path.name for path in tmp_path.iterdir()] == ["busy"]
    assert capsys.readouterr().err.startswith("migrant-fp: ")


def test_what_was_known_on_a_day(capsys: pytest.CaptureFixture[str]) -> None:
    text = _run(capsys, "2012", "--duty", "joint-meeting", "--known-on", "2011-05-18")

    assert text.count("暂定") == 4


def test_the_readings_are_choices(capsys: pytest.CaptureFixture[str]) -> None:
    text = _run(capsys, "2009", "--reading", "named", "--before", "exclusive")

    assert "2009-07-05 周日，按期" in text
    assert "2009-07-04 周六前（含当日）" in text


@pytest.mark.parametrize("years", ["11", "2013-2011", "二零一三"])
def test_a_bad_year_is_a_usage_error_that_says_what_is_expected(
    years: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["plan", years])

    assert caught.value.code == 2
    assert "应为年份" in capsys.readouterr().err


def test_a_bad_date_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["plan", "2011", "--known-on", "soon"])

    assert "应为日期" in capsys.readouterr().err


def test_a_year_beyond_the_lunar_table_is_refused_with_its_range(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", "2060"]) == 2
    assert "2004" in capsys.readouterr().err
