"""Holiday notices in files: both formats, and everything that can be wrong with them."""

import json
from collections.abc import Iterable
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from migrant_fp import Certainty, HolidayNotice, MigrantFpError, NamedDay, NotAnnounced, WorkingCalendar
from migrant_fp.adapters.chinese_calendar import working_calendar
from migrant_fp.adapters.notice_files import NoticeFiles, read_notices, write_notices, write_year_file
from migrant_fp.schedule.errors import InvalidNotice
from migrant_fp.testing.contracts import HolidayNoticesContract

CALENDAR = working_calendar()
# The notice for 2026 (国办发明电〔2025〕7号), written down by hand from its text.
YEAR_2026 = {
    "$schema": "https://example.org/schema.json",
    "$id": "https://example.org/2026.json",
    "year": 2026,
    "papers": ["https://www.gov.cn/zhengce/zhengceku/202511/content_7047091.htm"],
    "days": [
        *({"name": "元旦", "date": f"2026-01-0{d}", "isOffDay": d < 4} for d in (1, 2, 3, 4)),
        {"name": "春节", "date": "2026-02-14", "isOffDay": False},
        *({"name": "春节", "date": f"2026-02-{d}", "isOffDay": d < 24} for d in range(15, 24)),
        {"name": "春节", "date": "2026-02-28", "isOffDay": False},
        *({"name": "清明节", "date": f"2026-04-0{d}", "isOffDay": True} for d in (4, 5, 6)),
        *({"name": "劳动节", "date": f"2026-05-0{d}", "isOffDay": d < 6} for d in (1, 2, 3, 4, 5, 9)),
        *({"name": "端午节", "date": f"2026-06-{d}", "isOffDay": True} for d in (19, 20, 21)),
        {"name": "国庆节", "date": "2026-09-20", "isOffDay": False},
        *({"name": "中秋节", "date": f"2026-09-{d}", "isOffDay": True} for d in (25, 26, 27)),
        *(
            {"name": "国庆节", "date": f"2026-10-{d:02}", "isOffDay": d < 8}
            for d in (1, 2, 3, 4, 5, 6, 7, 10)
        ),
    ],
}


def _write(path: Path, value: object) -> Path:
    path.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
    return path


def _problems(path: Path) -> tuple[str, ...]:
    with pytest.raises(InvalidNotice) as caught:
        read_notices(path)
    return caught.value.problems


class TestNoticeFiles(HolidayNoticesContract):
    """A file of our own schema keeps the port's promises."""

    @pytest.fixture(autouse=True)
    def _directory(self, tmp_path: Path) -> None:
        self.path = tmp_path / "notices.json"

    def make(self, notices: Iterable[HolidayNotice]) -> NoticeFiles:
        write_notices(notices, self.path)
        return NoticeFiles(self.path)


def test_a_year_file_written_down_from_the_notice_gives_the_days_of_the_package(tmp_path: Path) -> None:
    (notice,) = read_notices(_write(tmp_path / "2026.json", YEAR_2026))
    ours = WorkingCalendar([*(n for n in CALENDAR.notices if n.year != 2026), notice])

    assert all(
        ours.day(on).kind.is_working == CALENDAR.day(on).kind.is_working
        for on in (
            date.fromordinal(n) for n in range(date(2026, 1, 1).toordinal(), date(2027, 1, 1).toordinal())
        )
    )
    assert notice.source == YEAR_2026["papers"][0]


@pytest.mark.parametrize("year", range(2007, 2027))
def test_a_year_survives_the_year_file(year: int, tmp_path: Path) -> None:
    write_year_file(year, CALENDAR, tmp_path / "year.json")
    (read,) = read_notices(tmp_path / "year.json")
    ours = WorkingCalendar([*(n for n in CALENDAR.notices if n.year != year), read])
    days = [
        date.fromordinal(n)
        for n in range(date(year - 1, 12, 1).toordinal(), date(year + 1, 1, 1).toordinal())
    ]

    assert [on for on in days if ours.day(on).kind.is_working != CALENDAR.day(on).kind.is_working] == []


def test_a_year_without_a_notice_is_not_written(tmp_path: Path) -> None:
    with pytest.raises(NotAnnounced):
        write_year_file(2031, CALENDAR, tmp_path / "2031.json")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("papers", "issued", "certainty"),
    [
        (["https://www.gov.cn/x/2026-11/05/content_1.htm"], date(2026, 11, 5), Certainty.FOUND),
        (
            ["https://www.gov.cn/x/2026-11/05/a.htm", "https://www.gov.cn/x/2027-03/22/b.htm"],
            date(2027, 3, 22),
            Certainty.FOUND,
        ),
        (["https://www.gov.cn/x/202611/content_1.htm"], date(2026, 11, 30), Certainty.ASSUMED),
        (["https://www.gov.cn/x/202612/content_1.htm"], date(2026, 12, 31), Certainty.ASSUMED),
        (["https://www.gov.cn/x/2026-02/content_1.htm"], date(2026, 2, 28), Certainty.ASSUMED),
        (["https://example.org/1"], date(2026, 12, 31), Certainty.ASSUMED),
        ([], date(2026, 12, 31), Certainty.ASSUMED),
    ],
)
def test_the_day_of_issue_comes_from_the_address_or_is_marked_assumed(
    papers: list[str], issued: date, certainty: Certainty, tmp_path: Path
) -> None:
    file = {
        "year": 2027,
        "papers": papers,
        "days": [{"name": "元旦", "date": "2027-01-01", "isOffDay": True}],
    }
    (notice,) = read_notices(_write(tmp_path / "2027.json", file))

    assert (notice.issued, notice.issued_certainty) == (issued, certainty)


def test_a_year_file_without_days_holds_no_notice(tmp_path: Path) -> None:
    assert read_notices(_write(tmp_path / "2027.json", {"year": 2027, "papers": [], "days": []})) == ()


def test_a_directory_is_read_file_by_file_and_other_files_are_left_alone(tmp_path: Path) -> None:
    _write(tmp_path / "2026.json", YEAR_2026)
    write_notices(
        [HolidayNotice(2027, date(2026, 11, 9), (NamedDay(date(2027, 1, 1), "元旦"),))], tmp_path / "a.json"
    )
    (tmp_path / "readme.txt").write_text("not a notice", encoding="utf-8")

    assert [notice.year for notice in NoticeFiles(tmp_path).notices()] == [2026, 2027]


def test_all_problems_of_all_files_come_at_once_with_file_and_place(tmp_path: Path) -> None:
    day: dict[str, Any] = {"date": "2027-01-04", "festival": "元旦"}
    wrong = {
        "year": 2027,
        "issued": "2026-11-09",
        "days_off": [day, day],
        "make_up_days": [{**day, "date": "2027-01-05"}],
    }
    _write(
        tmp_path / "a.json", {"schema": "migrant-fp/holiday-notices/1", "notices": [wrong, {"year": "2027"}]}
    )
    _write(
        tmp_path / "b.json",
        {"year": 2027, "papers": [], "days": [{"name": "元旦", "date": "2027-13-01", "isOffDay": "no"}]},
    )
    (tmp_path / "c.json").write_bytes(b"\xff\xfe")

    assert _problems(tmp_path) == (
        "a.json: notices[0]: 关于2027年部分节假日安排的通知: 2027-01-04 is named 2 times",
        "a.json: notices[0]: 关于2027年部分节假日安排的通知: 2027-01-05 is a weekday and cannot be a make-up day",
        "a.json: notices[1].year: came '2027', expected a whole number",
        "a.json: notices[1].issued: is missing",
        "a.json: notices[1].days_off: is missing",
        "b.json: days[0].date: came '2027-13-01', expected a date such as 2027-01-31",
        "b.json: days[0].isOffDay: came 'no', expected true or false",
        "c.json: the file: byte 0 is not UTF-8: save the file as UTF-8",
    )


def test_days_out_of_order_out_of_the_year_and_on_weekdays_are_listed_together(tmp_path: Path) -> None:
    days = [("2027-01-04", False), ("2027-01-02", True), ("2027-01-02", True), ("2028-05-01", True)]
    file = {
        "year": 2027,
        "papers": [],
        "days": [{"name": "元旦", "date": on, "isOffDay": off} for on, off in days],
    }

    assert _problems(_write(tmp_path / "x.json", file)) == (
        "x.json: days[1].date: came 2027-01-02 after 2027-01-04, expected the days in order",
        "x.json: days[2].date: came 2027-01-02 after 2027-01-02, expected the days in order",
        "x.json: days: 关于2027年部分节假日安排的通知: 2027-01-02 is named 2 times",
        "x.json: days: 关于2027年部分节假日安排的通知: 2027-01-04 is a weekday and cannot be a make-up day",
        "x.json: days: 关于2027年部分节假日安排的通知: 2028-05-01 is outside 2026-12-01 to 2027-12-31",
    )


def test_two_notices_of_one_day_that_name_the_same_date_are_refused(tmp_path: Path) -> None:
    for name, festival in (("a.json", "元旦"), ("b.json", "新年")):
        notice = HolidayNotice(2027, date(2026, 11, 9), (NamedDay(date(2027, 1, 1), festival),))
        write_notices([notice], tmp_path / name)

    assert "2027-01-01 is named by" in _problems(tmp_path)[0]


@pytest.mark.parametrize(
    ("file", "problem"),
    [
        (
            {"schema": "other/1", "notices": []},
            "schema: came 'other/1', expected 'migrant-fp/holiday-notices/1'",
        ),
        ({"notices": []}, "schema: is missing"),
        (
            {"year": 0, "papers": [], "days": [{"name": "x", "date": "2027-01-01", "isOffDay": True}]},
            "days: year -1 is out of range",
        ),
        (
            {
                "year": 2027,
                "papers": ["https://x/2026-02/30/"],
                "days": [{"name": "x", "date": "2027-01-01", "isOffDay": True}],
            },
            "days: day is out of range for month",
        ),
    ],
)
def test_a_file_of_another_kind_is_refused(file: object, problem: str, tmp_path: Path) -> None:
    assert _problems(_write(tmp_path / "x.json", file)) == (f"x.json: {problem}",)


def test_an_empty_directory_is_refused_and_a_missing_file_is_an_os_error(tmp_path: Path) -> None:
    assert _problems(tmp_path)[0].endswith(
        "holds no *.json file; expected one file for each year, or one file"
    )
    with pytest.raises(FileNotFoundError):
        read_notices(tmp_path / "none.json")


def test_a_file_of_more_than_ten_million_bytes_is_refused_unread(tmp_path: Path) -> None:
    big = tmp_path / "big.json"
    with big.open("wb") as file:
        file.truncate(10_000_001)

    assert _problems(big) == ("big.json: the file: has 10000001 bytes; expected at most 10000000",)


def test_a_failed_write_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "notices.json"
    write_notices([], path)
    before = path.read_bytes()

    def broken(*_: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(Path, "replace", broken)
    with pytest.raises(OSError, match="no space"):
        write_notices(CALENDAR.notices, path)
    assert [p.name for p in tmp_path.iterdir()] == ["notices.json"]
    assert path.read_bytes() == before


def test_the_shipped_notices_survive_our_own_schema(tmp_path: Path) -> None:
    write_notices(CALENDAR.notices, tmp_path / "all.json")

    assert read_notices(tmp_path / "all.json") == CALENDAR.notices


_BYTES = json.dumps(YEAR_2026).encode()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, len(_BYTES)), st.integers(0, 40), st.binary(max_size=20))
def test_a_damaged_file_is_read_or_refused_and_nothing_else(
    tmp_path: Path, at: int, cut: int, put: bytes
) -> None:
    file = tmp_path / "x.json"
    file.write_bytes(_BYTES[:at] + put + _BYTES[at + cut :])
    with suppress(MigrantFpError):
        assert len(read_notices(file)) <= 1
