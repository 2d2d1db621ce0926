"""A site's divisions in a CSV file."""

from pathlib import Path

import attrs
import pytest

from migrant_fp.adapters.division_files import read_divisions, write_divisions
from migrant_fp.domain.division import Divisions
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
    assert (tmp_path / "d.csv").read_bytes().startswith(b"\xef\xbb\xbfcode,name,from,to,parent\r\n")


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
        "line 3: has 2 fields, expected 5",
    ]


def test_rows_that_contradict_each_other_are_refused_under_the_name_of_the_file(tmp_path: Path) -> None:
    file = tmp_path / "d.csv"
    file.write_text("code,name,from,to,parent\n320402,天宁区,,,\n320402,天宁区,,,320400\n", encoding="utf-8")

    assert len(_problems(file)) == 2


@pytest.mark.parametrize("text", ["", "code,name\n", "name,code,from,to,parent\n"])
def test_another_head_is_refused(text: str, tmp_path: Path) -> None:
    file = tmp_path / "d.csv"
    file.write_text(text, encoding="utf-8")

    assert _problems(file)[0].endswith("expected code,name,from,to,parent")
