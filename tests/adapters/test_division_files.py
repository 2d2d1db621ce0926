"""A site's divisions in a CSV file."""

from datetime import date
from pathlib import Path

import attrs
import pytest

from migrant_fp.adapters.division_files import read_divisions, write_divisions
from migrant_fp.domain.division import Division, Divisions
from migrant_fp.domain.errors import Invalid
from migrant_fp.regulations.changzhou_divisions import DIVISIONS
from migrant_fp.schedule.notice import Certainty


def _problems(path: Path) -> list[str]:
    with pytest.raises(Invalid) as caught:
        read_divisions(path)
    assert caught.value.what == path.name
    return [str(problem) for problem in caught.value.problems]


def test_what_was_written_is_read_back(tmp_path: Path) -> None:
    write_divisions(DIVISIONS, tmp_path / "d.csv")
    plain = Divisions([attrs.evolve(row, source="", certainty=Certainty.FOUND) for row in DIVISIONS.rows])

    assert read_divisions(tmp_path / "d.csv") == plain
    assert (tmp_path / "d.csv").read_bytes().startswith(b"\xef\xbb\xbfcode,name,from,to,parent,succeeds\r\n")


def test_where_none_succeeds_another_the_file_has_the_five_columns(tmp_path: Path) -> None:
    write_divisions(Divisions([Division("320402", "天宁区", None)]), tmp_path / "d.csv")

    assert (tmp_path / "d.csv").read_bytes() == (
        b"\xef\xbb\xbfcode,name,from,to,parent\r\n320402,\xe5\xa4\xa9\xe5\xae\x81\xe5\x8c\xba,,,\r\n"
    )


def test_a_file_of_an_older_spreadsheet_is_read_when_it_is_declared(tmp_path: Path) -> None:
    file = tmp_path / "d.csv"
    file.write_bytes("code,name,from,to,parent\n320402, 天宁区 ,,,\n\n".encode("gb18030"))

    assert [row.name for row in read_divisions(file, "gb18030").rows] == ["天宁区"]
    assert _problems(file) == [
        "the file: byte 33 is not utf-8-sig: save it as UTF-8, or give encoding='gb18030'"
    ]


def test_every_problem_comes_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "d.csv"
    file.write_text("code,name,from,to,parent\n1,天宁区,soon,2015-13-01,\n320404,钟楼区\n", encoding="utf-8")

    assert _problems(file) == [
        "line 2, from: came 'soon', expected a date such as 2015-04-28, or nothing",
        "line 2, to: came '2015-13-01', expected a date such as 2015-04-28, or nothing",
        "line 2: expected a code of 6, 9 or 12 digits",
        "line 3: has 2 fields, expected 5",
    ]


def test_rows_that_contradict_each_other_are_refused_under_the_name_of_the_file(tmp_path: Path) -> None:
    file = tmp_path / "d.csv"
    file.write_text("code,name,from,to,parent\n320402,天宁区,,,\n320402,天宁区,,,320400\n", encoding="utf-8")

    assert _problems(file) == [
        "lines 2 and 3: 320402 天宁区（…至今） and 320402 天宁区（…至今） overlap; end one before the other begins",
        "line 3: its parent 320400 is not in the set; add it, or leave the parent out",
    ]


def test_what_is_wrong_in_a_line_and_between_lines_comes_in_one_pass_in_the_order_of_the_file(
    tmp_path: Path,
) -> None:
    file = tmp_path / "d.csv"
    lines = (
        "code,name,from,to,parent",
        "320402,天宁区,2011-13-01,,320400",
        "3204,,,,",
        "320404,钟楼区,2015-01-01,2014-01-01,999999",
        "320412,武进区,,2015-04-28,",
        "320412109,郑陆镇,,,320412",
        "320402109,郑陆镇,,,320402",
    )
    file.write_text("\n".join(lines), encoding="utf-8")

    assert _problems(file) == [
        "line 2, from: came '2011-13-01', expected a date such as 2015-04-28, or nothing",
        "line 2: its parent 320400 is not in the set; add it, or leave the parent out",
        "line 3: expected a code of 6, 9 or 12 digits",
        "line 3: has no name",
        "line 4: ends on 2014-01-01, before it begins on 2015-01-01",
        "line 4: its parent 999999 is not in the set; add it, or leave the parent out",
        "lines 5 and 6: 320412109 郑陆镇（…至今） stands on 2015-04-29, and its parent 320412 does not; end one where the other ends",
    ]


def test_what_follows_from_days_is_not_said_of_a_line_whose_days_cannot_be_read(tmp_path: Path) -> None:
    file = tmp_path / "d.csv"
    file.write_text(
        "code,name,from,to,parent,succeeds\n320402,甲区,,soon,,\n320402,甲区,2011-01-01,,,\n320413,乙区,later,,,320402\n320414,丙区\n320414001,丁街道,,,320414,\n",
        encoding="utf-8",
    )

    assert _problems(file) == [
        "line 2, to: came 'soon', expected a date such as 2015-04-28, or nothing",
        "line 4, from: came 'later', expected a date such as 2015-04-28, or nothing",
        "line 5: has 2 fields, expected 6",
    ]


@pytest.mark.parametrize("text", ["20150428", "2015-W18-2", "2015-4-28", "2015-04-28T00:00"])
def test_a_date_is_written_in_one_way(text: str, tmp_path: Path) -> None:
    file = tmp_path / "d.csv"
    file.write_text(f"code,name,from,to,parent\n320402,天宁区,{text},,\n", encoding="utf-8")

    assert _problems(file) == [f"line 2, from: came {text!r}, expected a date such as 2015-04-28, or nothing"]


def test_lines_above_each_other_are_refused_whatever_their_days(tmp_path: Path) -> None:
    file = tmp_path / "d.csv"
    file.write_text(
        "code,name,from,to,parent\n320402,天宁区,,,320404\n320404,钟楼区,x,,320402\n", encoding="utf-8"
    )

    assert _problems(file) == [
        "lines 2 and 3: is above itself: 320402 → 320404 → 320402; correct one of the parents",
        "line 3, from: came 'x', expected a date such as 2015-04-28, or nothing",
    ]


def test_what_is_no_csv_is_a_problem_with_its_line_and_the_others_are_read_on(tmp_path: Path) -> None:
    file = tmp_path / "d.csv"
    text = 'code,name,from,to,parent\n"320402"x,天宁区,,,\n320404,\n320405,"' + "例" * 140_000 + '"\n"'
    file.write_text(text, encoding="utf-8")

    found = _problems(file)
    assert [problem.split(" (")[0] for problem in found] == [
        "line 2: is no line of a CSV",
        "line 3: has 2 fields, expected 5",
        "line 4: is no line of a CSV",
        "line 5: is no line of a CSV",
    ]
    assert found[0].endswith("; correct its quotes, or save the file anew")


def test_a_successor_is_read_with_the_codes_of_those_it_took_the_place_of(tmp_path: Path) -> None:
    file = tmp_path / "d.csv"
    file.write_text(
        "code,name,from,to,parent,succeeds\n320405,甲区,,2015-04-28,,\n320412,乙区,,2015-04-28,,\n"
        "320420,丙区,2015-04-29,,,320405 320412\n",
        encoding="utf-8",
    )

    assert read_divisions(file).get("320420", date(2016, 1, 1)).succeeds == ("320405", "320412")


@pytest.mark.parametrize("text", ["", "code,name\n", "name,code,from,to,parent\n"])
def test_another_head_is_refused(text: str, tmp_path: Path) -> None:
    file = tmp_path / "d.csv"
    file.write_text(text, encoding="utf-8")

    assert _problems(file)[0].endswith("expected code,name,from,to,parent")
