"""Files of people and counts: read in order, with every problem told by its line, and nothing left on disk. All people are invented."""

import csv
import hashlib
import hmac
import io
import os
import tempfile
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from migrant_fp.adapters.hand_over_files import hashed_with, read_rows, read_statistics
from migrant_fp.domain.errors import Invalid
from migrant_fp.domain.hand_over_record import CASES, CHANGES, DELETED
from migrant_fp.domain.join_key import JoinKey
from migrant_fp.domain.person import IdentityNumber
from migrant_fp.domain.statistics import COLUMNS, Dimension

DAY = date(2011, 10, 8)
PARTIES = ("public_security/district/320411", "family_planning/district/320411")
#: 999999 1985 03 01 002, and its check character by ISO 7064 MOD 11-2, worked out by hand.
NUMBER = "99999919850301002X"
KEYS = st.binary(min_size=32, max_size=32).map(bytes.hex)
TEXTS = st.text(
    st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"], exclude_characters="\ufeff"), max_size=20
).map(str.strip)
FIELDS = [field.name for field in CASES.fields]
anew = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


def _file(
    folder: Path, rows: list[list[str]], head: list[str], encoding: str = "utf-8-sig", end: str = "\r\n"
) -> Path:
    out = io.StringIO()
    csv.writer(out, lineterminator=end).writerows([head, *rows])
    path = folder / "rows.csv"
    path.write_bytes(out.getvalue().encode(encoding))
    return path


def _refused(rows: Iterator[dict[str, str]]) -> list[str]:
    with pytest.raises(Invalid) as caught:
        list(rows)
    assert caught.value.what == "rows.csv"
    return [str(one) for one in caught.value.problems]


@anew
@given(
    st.dictionaries(KEYS, st.tuples(TEXTS, TEXTS), max_size=20),
    st.sampled_from(["utf-8-sig", "utf-8", "gb18030"]),
    st.sampled_from(["\r\n", "\n"]),
    st.randoms(),
)
def test_any_rows_come_out_sorted_by_their_keys(
    tmp_path: Path, people: dict[str, tuple[str, str]], encoding: str, end: str, random: object
) -> None:
    rows = [[key, name, address, "320411"] for key, (name, address) in people.items()]
    random.shuffle(rows)  # type: ignore[attr-defined] # Hypothesis names no type
    path = _file(tmp_path, rows, ["_key", "name", "address", "residence"], encoding, end)

    found = [
        (row["_key"], row["name"], row["address"])
        for row in read_rows(path, CASES, encoding="utf-8-sig" if encoding == "utf-8" else encoding)
    ]
    assert found == sorted((key, name, address) for key, (name, address) in people.items())


@anew
@given(
    st.sets(
        st.tuples(
            st.sampled_from(["0" * 64, "a" * 64, "f" * 64]),
            st.sampled_from(["arrived", "left", "moved"]),
            st.dates(date(2011, 1, 1), date(2011, 12, 31)).map(str),
            st.sampled_from(["", "320411", "341221"]),
        )
    )
)
def test_rows_whose_keys_repeat_come_out_in_the_order_of_their_columns(
    tmp_path: Path, changes: set[tuple[str, ...]]
) -> None:
    path = _file(tmp_path, [[*one] for one in changes], ["_key", "change", "on", "origin"])

    found = [(row["_key"], row["change"], row["on"], row["origin"]) for row in read_rows(path, CHANGES)]
    assert found == sorted(changes)


def test_more_rows_than_are_sorted_at_once_come_out_sorted_and_whole(tmp_path: Path) -> None:
    keys = [hashlib.sha256(str(n).encode()).hexdigest() for n in range(100_003)]
    path = _file(tmp_path, [[key, "320411"] for key in keys], ["_key", "residence"])

    assert [row["_key"] for row in read_rows(path, CASES)] == sorted(keys)
    assert [*tmp_path.iterdir()] == [path]


def test_a_row_has_every_column_of_its_table_and_no_other(tmp_path: Path) -> None:
    [row] = read_rows(_file(tmp_path, [["0" * 64, "320411"]], ["_key", "residence"]), CASES)

    assert row == {**dict.fromkeys(FIELDS, ""), "_key": "0" * 64, "residence": "320411"}


def test_the_key_is_the_keyed_hash_of_number_month_and_parties(tmp_path: Path) -> None:
    secret = bytes(range(32))
    path = _file(tmp_path, [[NUMBER, "320411"]], ["identity", "residence"])
    [row] = read_rows(path, CASES, hashed=hashed_with(JoinKey("a", secret), "2011-10", PARTIES))

    message = "\0".join(["2011-10", PARTIES[1], PARTIES[0], NUMBER])
    assert row["_key"] == hmac.new(secret, message.encode(), hashlib.sha256).hexdigest()


def _hashed(number: IdentityNumber) -> str:
    return hashlib.sha256(number.text.encode()).hexdigest()


@pytest.mark.parametrize("head", [["identity", "residence"], ["_key", "identity", "residence"]])
def test_the_identity_number_stays_behind_unless_it_is_to_be_kept(tmp_path: Path, head: list[str]) -> None:
    path = _file(tmp_path, [["0" * 64, NUMBER, "320411"][-len(head) :]], head)
    [without] = read_rows(path, CASES, hashed=_hashed)
    [kept] = read_rows(path, CASES, hashed=_hashed, keep=True)

    assert (without["identity"], kept["identity"]) == ("", NUMBER)


def test_a_file_that_has_keys_already_does_not_hand_its_numbers_over(tmp_path: Path) -> None:
    path = _file(tmp_path, [["0" * 64, NUMBER, "320411"]], ["_key", "identity", "residence"])
    [row] = read_rows(path, CASES)

    assert row["identity"] == ""


def test_where_a_join_key_is_at_hand_an_old_key_of_the_file_is_not_used(tmp_path: Path) -> None:
    path = _file(tmp_path, [["0" * 64, NUMBER, "320411"]], ["_key", "identity", "residence"])
    [row] = read_rows(path, CASES, hashed=_hashed)

    assert row["_key"] == hashlib.sha256(NUMBER.encode()).hexdigest()


@pytest.mark.parametrize("keep", [True, False])
def test_deletions_and_changes_take_numbers_and_hand_over_keys_alone(tmp_path: Path, *, keep: bool) -> None:
    path = _file(tmp_path, [[NUMBER, "left"]], ["identity", "reason"])
    [row] = read_rows(path, DELETED, hashed=_hashed, keep=keep)

    assert row == {"_key": hashlib.sha256(NUMBER.encode()).hexdigest(), "reason": "left"}


@pytest.mark.parametrize(
    ("rows", "head", "expected"),
    [
        ([["1"]], ["residence"], "_key missing"),
        ([["0" * 64]], ["_key"], "residence missing"),
        ([], ["_key", "residence", "marriage", "示例甲"], "2 unknown"),
        ([], ["_key", "residence", "residence"], "named twice"),
    ],
)
def test_a_first_line_that_does_not_name_the_columns_is_told_once(
    tmp_path: Path, rows: list[list[str]], head: list[str], expected: str
) -> None:
    [problem] = _refused(read_rows(_file(tmp_path, rows, head), CASES))

    assert problem.startswith(f"line 1, columns: {expected}") or expected in problem
    assert "示例甲" not in problem


def test_a_file_without_a_first_line_is_told_and_nothing_of_it_is_shown(tmp_path: Path) -> None:
    problems = _refused(read_rows(_file(tmp_path, [], [NUMBER, "示例甲", "320411"]), CASES, hashed=_hashed))

    assert [one.partition(";")[0] for one in problems] == [
        "line 1, columns: identity, residence missing",
        "line 1, columns: 3 unknown",
    ]
    assert "示例甲" not in "".join(problems)


def test_every_problem_is_told_with_the_line_on_which_its_row_ends(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    good, key = "0" * 64, "1" * 64
    path.write_text(
        f'_key,residence,name,born\n{good},320411,"示例\n甲",\n\n{key},32041,示例乙,1985-02-30\n,,,\nshort\n{"2" * 64},,,\n',
        encoding="utf-8",
    )

    places = [one.partition(":")[0] for one in _refused(read_rows(path, CASES))]
    assert places == [
        "line 3, name",
        "line 5, born",
        "line 5, residence",
        "line 7, row",
        "line 8, residence",
    ]


def test_a_key_that_comes_twice_is_told_with_both_lines(tmp_path: Path) -> None:
    rows = [["1" * 64, "320411"], ["0" * 64, "320411"], ["1" * 64, "320412"]]

    [problem] = _refused(read_rows(_file(tmp_path, rows, ["_key", "residence"]), CASES))
    assert problem == "line 4, person: is that of line 2 again; keep one （重复）"


def test_the_same_change_twice_is_told_and_two_changes_of_a_person_are_not(tmp_path: Path) -> None:
    rows = [["1" * 64, "arrived", "2011-10-01"], ["1" * 64, "left", "2011-10-02"]]
    head = ["_key", "change", "on"]

    assert len([*read_rows(_file(tmp_path, rows, head), CHANGES)]) == 2
    [problem] = _refused(read_rows(_file(tmp_path, [*rows, rows[1]], head), CHANGES))
    assert problem == "line 4, row: is that of line 3 again; keep one （重复）"


def test_a_thousand_problems_are_listed_and_the_rest_is_counted(tmp_path: Path) -> None:
    problems = _refused(read_rows(_file(tmp_path, [["x", "320411"]] * 1_200, ["_key", "residence"]), CASES))

    assert len(problems) == 1_001
    assert problems[-1].startswith("file: 200 more problems")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "ascii", "idna"])
def test_a_file_in_another_encoding_is_told_with_what_to_do(tmp_path: Path, encoding: str) -> None:
    path = _file(tmp_path, [["0" * 64, "320411", "示例甲" * 9]], ["_key", "residence", "name"], "gb18030")

    [problem] = _refused(read_rows(path, CASES, encoding=encoding))
    assert "save it as CSV UTF-8, or say --encoding gb18030" in problem


def test_a_text_that_no_package_can_hold_is_told_and_not_written(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_bytes(b"_key,residence,name\n" + b"0" * 64 + b",320411,\\ud800\n")

    [problem] = _refused(read_rows(path, CASES, encoding="unicode_escape"))
    assert problem.startswith("line 2, name: came 1 characters that do not fit")


@pytest.mark.parametrize("value", ['"示例甲', '"示例"甲', "示" * 200_000])
def test_what_is_no_csv_is_told_with_the_line_from_which_on(tmp_path: Path, value: str) -> None:
    path = tmp_path / "rows.csv"
    path.write_text(f"_key,residence,name\n{'0' * 64},320411,\n{'1' * 64},320411,{value}\n", encoding="utf-8")

    [problem] = _refused(read_rows(path, CASES))
    assert problem.startswith("line 3, file: is no CSV from here on")


def test_what_is_on_disk_meanwhile_can_be_opened_by_its_owner_alone_and_is_gone_at_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, beside = _file(tmp_path, [["0" * 64, "320411"]], ["_key", "residence"]), tmp_path / "beside"
    beside.mkdir()
    modes, made = [], tempfile.TemporaryFile

    def watched(*given: object, **named: object) -> object:
        file = made(*given, **named)  # type: ignore[call-overload] # whatever the adapter passes
        modes.append(os.fstat(file.fileno()).st_mode & 0o777)
        assert named["dir"] == beside
        return file

    monkeypatch.setattr(tempfile, "TemporaryFile", watched)
    rows = read_rows(path, CASES, folder=beside)
    next(rows)
    rows.close()  # type: ignore[attr-defined] # it is a generator

    assert modes == [0o600, 0o600]
    assert [*beside.iterdir()] == []


# Counts

PEOPLE = ["division", "sex", "born", "stay"]


def test_people_are_counted_by_part_sex_age_and_purpose(tmp_path: Path) -> None:
    rows = [
        ["320411001", "女", "1993-10-09", "work"],  # 17 on the day
        ["320411001", "2", "1993-10-08", "工作"],  # 18 on the day
        ["320411002", "1", "1951-10-08", "living"],  # 60 on the day
    ]
    found = read_statistics(_file(tmp_path, rows, PEOPLE), "320411", 3, DAY)

    assert found.count_of("320411", Dimension.TOTAL, "total") == 3
    assert [found.count_of("320411001", Dimension.AGE, band) for band in ("15-17", "18-49", "60+")] == [
        1,
        1,
        0,
    ]
    assert [found.count_of("320411", Dimension.SEX, sex) for sex in ("1", "2")] == [1, 2]
    assert [found.count_of("320411", Dimension.STAY, stay) for stay in ("work", "living")] == [2, 1]


@anew
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["320411001", "320411002", "320411100"]),
            st.sampled_from("0129"),
            st.dates(date(1920, 1, 1), DAY).map(str),
            st.sampled_from(["work", "living", "school"]),
        ),
        max_size=40,
    )
)
def test_any_people_are_counted_as_a_plain_counter_counts_them(
    tmp_path: Path, people: list[tuple[str, ...]]
) -> None:
    found = read_statistics(_file(tmp_path, [[*one] for one in people], PEOPLE), "320411", 3, DAY)
    by_sex = Counter((division, sex) for division, sex, _, _ in people)

    assert {
        (division, sex): number
        for (division, dimension, sex), number in found.counts.items()
        if dimension is Dimension.SEX and division != "320411" and number
    } == by_sex
    assert found.count_of("320411", Dimension.TOTAL, "total") == len(people)


def test_every_problem_of_people_is_told_with_its_line_and_no_value(tmp_path: Path) -> None:
    rows = [
        ["320411", "x", "2011-10-09", "示例"],
        ["320411001", "1", "1985-03-01", "work"],
        ["9", "1", "", ""],
    ]
    with pytest.raises(Invalid) as caught:
        read_statistics(_file(tmp_path, rows, PEOPLE), "320411", 3, DAY)

    assert [one.place for one in caught.value.problems] == [
        "line 2, division",
        "line 2, sex",
        "line 2, born",
        "line 2, stay",
        "line 4, division",
        "line 4, born",
        "line 4, stay",
    ]
    assert "示例" not in str(caught.value)


def test_counts_that_are_made_already_are_read_back(tmp_path: Path) -> None:
    made = read_statistics(
        _file(tmp_path, [["320411001", "2", "1985-03-01", "work"]] * 5, PEOPLE), "320411", 3, DAY
    )
    rows = [
        [cell.division, cell.dimension.value, cell.category, str(cell.count)] for cell in reversed(made.cells)
    ]

    assert read_statistics(_file(tmp_path, rows, [*COLUMNS[:-1]]), "320411", 3, DAY) == made


def test_counts_with_problems_name_their_lines(tmp_path: Path) -> None:
    rows = [["320411", "total", "total", "-1"], ["320411", "marriage", "x", "1"]]
    with pytest.raises(Invalid) as caught:
        read_statistics(_file(tmp_path, rows, [*COLUMNS[:-1]]), "320411", 3, DAY)

    assert [one.place for one in caught.value.problems] == ["line 2", "line 3"]


@pytest.mark.parametrize("head", [["division", "sex", "born"], ["people"], []])
def test_a_file_of_neither_kind_is_told_which_columns_are_expected(tmp_path: Path, head: list[str]) -> None:
    with pytest.raises(Invalid, match="stay"):
        read_statistics(_file(tmp_path, [], head), "320411", 3, DAY)


def test_a_threshold_that_hides_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="came 2, expected 3 or more"):
        read_statistics(_file(tmp_path, [], PEOPLE), "320411", 2, DAY)
