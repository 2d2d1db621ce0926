"""`migrant-fp plan`, as a user types it."""

import csv
import io
import json
import subprocess
import sys
import unicodedata
from datetime import date
from pathlib import Path

import icalendar
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

    assert text.count("（暂定") == 4


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


def test_a_calendar_file_is_continued_year_by_year(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "meetings.ics"
    options = ("--duty", "joint-meeting", "--format", "ics", "--output", str(target))
    _run(capsys, "2011", *options)
    _run(capsys, "2012", *options, "--lang", "en")
    events = {str(e["UID"]): e for e in icalendar.Calendar.from_ical(target.read_bytes()).walk("VEVENT")}

    assert len(events) == 8
    assert {str(event["STATUS"]) for event in events.values()} == {"CONFIRMED"}
    october = events["joint-meeting-2011-Q4@migrant-fp"]
    assert (october["SUMMARY"], october["DTSTART"].dt) == ("联席会议", date(2011, 10, 8))
    assert october["DESCRIPTION"].splitlines()[1:] == [
        "常公局〔2011〕134号 一(二)",
        "国办发明电〔2010〕40号（文号据记忆）",
    ]
    assert events["joint-meeting-2012-Q1@migrant-fp"]["SUMMARY"] == "joint meeting"
    assert events["joint-meeting-2011-Q1@migrant-fp"]["SUMMARY"] == "联席会议（仅为推算）"


def test_notices_of_the_site_are_used(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    # Invented: nobody knows the notice for 2031.
    notice = {
        "year": 2031,
        "issued": "2030-11-05",
        "days_off": [{"date": "2031-07-05", "festival": "培训日"}],
    }
    file = tmp_path / "2031.json"
    file.write_text(
        json.dumps({"schema": "migrant-fp/holiday-notices/1", "notices": [notice]}), encoding="utf-8"
    )
    shown = _run(capsys, "2031", "--duty", "joint-meeting", "--notices", str(file))

    assert " * 2031-07-07 周一，原定7月5日：培训日放假、周末休息至7月6日，顺延2日" in shown.splitlines()


def test_the_table_fits_80_columns_but_for_reasons_of_three_parts(capsys: pytest.CaptureFixture[str]) -> None:
    for years in ("2011", "2013", "2021", "2026"):
        for line in _run(capsys, years).splitlines():
            assert sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line) <= 80, line


def test_the_legend_explains_only_the_marks_that_occur(capsys: pytest.CaptureFixture[str]) -> None:
    assert "遇节假日移动" in _run(capsys, "2011")
    assert "*" not in _run(capsys, "2011", "--level", "city")
    assert "? provisional" in _run(capsys, "2031", "--lang", "en")


def test_an_interrupt_ends_quietly(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("migrant_fp.cli.plan.write", interrupted)

    assert main(["plan", "2011"]) == 130
    assert capsys.readouterr().err == ""


def test_a_reader_that_goes_away_is_no_error() -> None:
    command = [sys.executable, "-m", "migrant_fp", "plan", "2004-2026", "--format", "json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() == 0


def test_the_calendar_file_goes_to_the_screen_where_no_file_is_named(
    capfdbinary: pytest.CaptureFixture[bytes],
) -> None:
    assert main(["plan", "2011", "--duty", "annual-commendation", "--format", "ics"]) == 0

    assert capfdbinary.readouterr().out.startswith(b"BEGIN:VCALENDAR\r\n")


def test_a_year_without_a_notice_shows_its_candidates_and_no_invented_notice(
    capsys: pytest.CaptureFixture[str],
) -> None:
    rows = json.loads(_run(capsys, "2029", "--duty", "joint-meeting", "--format", "json"))

    assert {row["certainty"] for row in rows} == {"provisional"}
    assert all(row["candidates"][0] == row["actual"] for row in rows)
    assert all(day["notice"] is None for row in rows for day in row["stepped_over"])


def test_where_nothing_falls_due_the_table_says_so_and_csv_has_its_head(
    capsys: pytest.CaptureFixture[str],
) -> None:
    nothing = ("2013", "--level", "town", "--duty", "joint-meeting")

    assert _run(capsys, *nothing).splitlines()[-1] == "没有符合条件的事项。"
    assert _run(capsys, *nothing, "--lang", "en").splitlines()[-1] == "Nothing of this kind falls due."
    assert _run(capsys, *nothing, "--format", "csv").startswith(
        "\ufeffid,duty,title,clause,level,period,bound"
    )
    assert json.loads(_run(capsys, *nothing, "--format", "json")) == []


@pytest.mark.parametrize("year", ["0000", "1999", "2003", "2051", "9999"])
def test_a_year_that_cannot_be_answered_is_refused_with_the_years_that_can(
    year: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["plan", year]) == 2
    assert "covers 2004 to 2050" in capsys.readouterr().err


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "missing" / "plan.txt"

    assert main(["plan", "2013", "--output", str(target)]) == 2
    assert capsys.readouterr().err == f"migrant-fp: 无法读写 {target}：No such file or directory\n"
