"""`migrant-fp explain`, as a user types it."""

import pytest

from migrant_fp.cli import main


def _run(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
    assert main(["explain", *arguments]) == 0
    return capsys.readouterr().out.splitlines()


def test_a_recalled_number_says_so_and_the_notice_has_its_day_and_source(
    capsys: pytest.CaptureFixture[str],
) -> None:
    lines = _run(capsys, "2011-10-08")

    assert lines[0] == "2011-10-08 周六，调休上班，国庆节"
    assert lines[1] == "依据：国办发明电〔2010〕40号（文号据记忆），2010-12-10发布。"
    assert lines[2].startswith("出处：https://www.gov.cn/")


def test_a_recalled_day_of_publication_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert "发布（日期据记忆）" in _run(capsys, "2008-05-01")[1]
    assert "(the day is recalled)" in _run(capsys, "2008-05-01", "--lang", "en")[1]


def test_every_day_stepped_over_is_listed_with_its_kind_and_the_clause_follows(
    capsys: pytest.CaptureFixture[str],
) -> None:
    lines = _run(capsys, "2011-10-08", "--duty", "joint-meeting")

    start = lines.index(
        "一(二) 联席会议 joint-meeting/2011-Q4：2011-10-08 周六（调休上班），原定10月5日：国庆节放假至10月7日，顺延3日。"
    )
    assert lines[start + 1 : start + 5] == [
        "  2011-10-05 周三，补假，国庆节（补假或调休系按规则推定）：顺延",
        "  2011-10-06 周四，调休，国庆节（补假或调休系按规则推定）：顺延",
        "  2011-10-07 周五，调休，国庆节（补假或调休系按规则推定）：顺延",
        "  2011-10-08 周六，调休上班，国庆节：落在这一天",
    ]
    assert "于每季度第一个月的5日召开(遇节假日顺延)" in lines[start + 5]
    assert len(lines) == start + 7


def test_the_day_a_duty_moved_from_is_explained_too(capsys: pytest.CaptureFixture[str]) -> None:
    lines = _run(capsys, "2013-04-05", "--duty", "joint-meeting", "--lang", "en")

    assert lines[0] == "2013-04-05 Fri, adjusted rest day, Qingming Festival"
    assert "  2013-04-07 Sun, make-up working day, Qingming Festival: it falls here" in lines


def test_the_advised_day_is_advice_and_not_law(capsys: pytest.CaptureFixture[str]) -> None:
    lines = _run(capsys, "2011-09-30", "--duty", "exchange-town")

    assert "  2011-09-30 是能够按时办结的最后一个工作日（建议，非法定）。" in lines
    assert any("exchange-town/2011-10" in line for line in lines)


def test_a_day_on_which_nothing_falls_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(capsys, "2011-10-20", "--duty", "joint-meeting")[-1] == "文件没有在这一天安排事项。"
    assert _run(capsys, "2011-10-20", "--duty", "joint-meeting", "--lang", "en")[-1].startswith(
        "The document has"
    )


def test_outside_its_time_the_document_is_computed_only(capsys: pytest.CaptureFixture[str]) -> None:
    assert "  仅为推算：法律依据已废止。" in _run(capsys, "2026-01-05", "--duty", "joint-meeting")
    assert "  Computed only: the document had not been issued." in _run(
        capsys, "2010-01-05", "--duty", "joint-meeting", "--lang", "en"
    )


def test_a_year_without_a_notice_is_said_to_be_an_estimate(capsys: pytest.CaptureFixture[str]) -> None:
    lines = _run(capsys, "2031-10-01")

    assert lines[0] == "2031-10-01 周三，法定节假日，国庆节（暂定）"
    assert lines[1] == "依据：2031年的放假通知尚未载入，只作推算。"


def test_a_working_day_of_the_window_is_offered_and_a_rest_day_is_not(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert any("coordinators-meeting/2011-10" in line for line in _run(capsys, "2011-10-10"))
    assert not any("coordinators-meeting/2011-10" in line for line in _run(capsys, "2011-10-07"))


@pytest.mark.parametrize("on", ["2004-01-01", "2050-12-31"])
def test_the_first_and_the_last_day_that_can_be_answered_are(
    on: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run(capsys, on, "--duty", "annual-commendation")[0].startswith(on)


def test_a_day_of_an_estimated_year_names_no_notice(capsys: pytest.CaptureFixture[str]) -> None:
    lines = _run(capsys, "2028-10-05", "--duty", "joint-meeting")

    assert lines[1] == "依据：2028年的放假通知尚未载入，只作推算。"
    assert not any("发布" in line for line in lines)
