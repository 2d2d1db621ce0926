"""`migrant-fp replan`, as a user types it."""

import json
from pathlib import Path

import pytest

from migrant_fp.cli import main

_SCHEMA = "migrant-fp/holiday-notices/1"
# The notices for May Day 2019, as published on 2018-12-06 and on 2019-03-22; other days of the year left out.
_FIRST = {"year": 2019, "issued": "2018-12-06", "days_off": [{"date": "2019-05-01", "festival": "劳动节"}]}
_AMENDED = {
    "year": 2019,
    "issued": "2019-03-22",
    "days_off": [{"date": f"2019-05-0{day}", "festival": "劳动节"} for day in (1, 2, 3, 4)],
    "make_up_days": [
        {"date": "2019-04-28", "festival": "劳动节"},
        {"date": "2019-05-05", "festival": "劳动节"},
    ],
}


def _file(path: Path, *notices: dict[str, object]) -> str:
    path.write_text(json.dumps({"schema": _SCHEMA, "notices": notices}), encoding="utf-8")
    return str(path)


def _replan(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["replan", *arguments]) == 0
    return capsys.readouterr().out


def test_it_shows_what_the_amendment_of_2019_changed_and_why(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before, after = _file(tmp_path / "a.json", _FIRST), _file(tmp_path / "b.json", _FIRST, _AMENDED)
    lines = _replan(
        capsys, "2019", "--before", before, "--after", after, "--duty", "coordinators-meeting"
    ).splitlines()

    assert lines == [
        "  coordinators-meeting/2019-05",
        "    原：2019-05-01至2019-05-10，待商定；工作日7天：2-3、6-10日",
        "    新：2019-05-01至2019-05-10，待商定；工作日6天：5-10日",
        "    因：关于2019年部分节假日安排的通知",
        "改期0项；日期未动而工作日或确定程度有变1项。",
    ]


def test_json_has_both_sides_and_the_cause(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before, after = _file(tmp_path / "a.json", _FIRST), _file(tmp_path / "b.json", _FIRST, _AMENDED)
    rows = json.loads(_replan(capsys, "2019", "--before", before, "--after", after, "--format", "json"))

    may = next(row for row in rows if row["id"] == "exchange-town/2019-05")
    assert (may["moved"], may["before"]["working_days"], may["after"]["working_days"]) == (
        False,
        ["2019-05-02", "2019-05-03"],
        ["2019-05-05"],
    )


def test_a_first_notice_makes_a_provisional_year_certain(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # Invented: nobody knows the notice for 2031.
    notice = {
        "year": 2031,
        "issued": "2030-11-05",
        "days_off": [{"date": f"2031-10-0{day}", "festival": "国庆节"} for day in range(1, 8)],
    }
    text = _replan(
        capsys,
        "2031",
        "--after",
        _file(tmp_path / "n.json", notice),
        "--lang",
        "en",
        "--duty",
        "joint-meeting",
    )

    assert "joint-meeting/2031-Q4" in text
    assert "after:  2031-10-08 Wed, due 05 Oct: National Day, off until 07 Oct; 3 day(s) later" in text


def test_the_same_notices_change_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    same = _file(tmp_path / "a.json", _FIRST)

    assert _replan(capsys, "2019", "--before", same, "--after", same) == "无变化。\n"


def test_a_bad_file_is_refused_with_its_place_and_exit_code_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = _file(tmp_path / "bad.json", {**_FIRST, "issued": "soon"})

    assert main(["replan", "2019", "--after", bad]) == 2
    assert "notices[0].issued" in capsys.readouterr().err
    assert main(["replan", "2019", "--after", str(tmp_path / "none.json")]) == 2


def test_a_year_is_one_year(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["replan", "2019-2020", "--after", "x"])

    assert "应为年份" in capsys.readouterr().err
