"""JSON in and out: strict, with every problem and its place."""

from contextlib import suppress
from datetime import date
from enum import Enum

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

import migrant_fp.testing  # noqa: F401 - registers the strategies
from migrant_fp.adapters.serialization import dump_json, parse_json, shown, structure, unstructure
from migrant_fp.domain.errors import Invalid
from migrant_fp.domain.form import RegistrationForm


class Colour(Enum):
    RED = "red"
    BLUE = "blue"


@attrs.frozen
class Inner:
    on: date
    note: str = ""


@attrs.frozen
class Outer:
    number: int
    inner: tuple[Inner, ...]
    colour: Colour | None = None
    sure: bool = False


_INNER = st.builds(Inner, st.dates(), st.text())
_OUTER = st.builds(
    Outer, st.integers(-(10**17), 10**17), st.tuples(_INNER, _INNER), st.none() | st.sampled_from(Colour)
)


def _problems(raw: object) -> list[str]:
    with pytest.raises(Invalid) as caught:
        structure(raw, Outer, "a file")
    return [str(problem) for problem in caught.value.problems]


@given(_OUTER)
def test_what_was_written_is_read_back(outer: Outer) -> None:
    assert structure(parse_json(dump_json(unstructure(outer)), "a file"), Outer, "a file") == outer


def test_fields_at_their_default_are_left_out() -> None:
    assert unstructure(Outer(1, (Inner(date(2027, 1, 31)),))) == {
        "number": 1,
        "inner": [{"on": "2027-01-31"}],
    }


def test_every_problem_is_named_with_its_place() -> None:
    assert _problems(
        {
            "number": "5",
            "inner": [{"on": "2027-02-30"}, {"note": 3, "nose": 1}, 7, {"on": 20270131}],
            "colour": "green",
            "sure": 1,
        }
    ) == [
        "number: came '5', expected a whole number",
        "inner[0].on: came '2027-02-30', expected a date such as 2027-01-31",
        "inner[1].on: is missing",
        "inner[1].note: came 3, expected text",
        "inner[1]: the key 'nose' is unknown; expected on, note",
        "inner[2]: came 7, expected an object",
        "inner[3].on: came 20270131, expected a date such as 2027-01-31",
        "colour: came 'green', expected one of red, blue",
        "sure: came 1, expected true or false",
    ]


@pytest.mark.parametrize(
    ("raw", "problem"),
    [
        ([], "the file: came a list, expected an object"),
        ({"number": True, "inner": []}, "number: came true, expected a whole number"),
        ({"number": 1, "inner": {}}, "inner: came an object, expected a list"),
        ({"number": 1, "inner": "ab"}, "inner: came 'ab', expected a list"),
        (
            {"number": 1, "inner": [{"on": "2027-W01-1"}]},
            "inner[0].on: came '2027-W01-1', expected a date such as 2027-01-31",
        ),
    ],
)
def test_nothing_is_coerced(raw: object, problem: str) -> None:
    assert _problems(raw) == [problem]


def test_a_key_given_twice_is_refused_where_it_stands() -> None:
    raw = parse_json(b'{"number": 1, "inner": [{"on": "2027-01-31", "note": "a", "note": "b"}]}', "a file")

    assert _problems(raw) == ["inner[0]: the key 'note' is given more than once"]


def test_a_number_too_long_to_be_meant_is_refused() -> None:
    assert _problems(parse_json(b'{"number": ' + b"9" * 19 + b', "inner": []}', "a file")) == [
        "number: came Infinity, expected a whole number"
    ]
    assert parse_json(b"9" * 18, "a file") == 999_999_999_999_999_999


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"\xff", "the file: byte 0 is not UTF-8: save the file as UTF-8"),
        (b'{"a" 1}', "the file: line 1, column 6 is not JSON"),
        (b"", "the file: line 1, column 1 is not JSON"),
        (b"[" * 200_000, "the file: is nested too deeply"),
    ],
)
def test_bytes_that_are_no_json_are_refused_with_their_place(data: bytes, problem: str) -> None:
    with pytest.raises(Invalid) as caught:
        parse_json(data, "2027.json")

    assert str(caught.value).splitlines()[0].startswith("2027.json cannot be used")
    assert str(caught.value.problems[0]).startswith(problem)


def test_a_byte_order_mark_is_allowed() -> None:
    assert parse_json(b"\xef\xbb\xbf[]", "a file") == []


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("x" * 50, "'" + "x" * 38 + "…"),
        ("x" * 38, "'" + "x" * 38 + "'"),
        (None, "null"),
        ({}, "an object"),
        ("a\nb", "'a\\nb'"),
    ],
)
def test_input_is_shown_short_and_on_one_line(value: object, text: str) -> None:
    assert shown(value) == text


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda s: st.lists(s) | st.dictionaries(st.text(), s),
    )
)
def test_any_json_is_structured_or_refused_and_nothing_else(raw: object) -> None:
    with suppress(Invalid):
        assert isinstance(structure(raw, Outer, "a file"), Outer)


def test_a_lone_surrogate_is_written_as_its_escape() -> None:
    assert parse_json(dump_json("\ud800"), "a file") == "\ud800"


def _problems_of_a_form(raw: object) -> list[str]:
    with pytest.raises(Invalid) as caught:
        structure(raw, RegistrationForm, "forms.json")
    return [str(problem) for problem in caught.value.problems]


@given(st.from_type(RegistrationForm))
def test_a_form_with_answers_of_its_own_is_read_back(form: RegistrationForm) -> None:
    assert structure(parse_json(dump_json(unstructure(form)), "a form"), RegistrationForm, "a form") == form


def test_answers_of_its_own_are_an_object_of_texts() -> None:
    form = RegistrationForm("F-1", date(2011, 6, 1), own={"shoe_size": "37"})

    assert unstructure(form) == {"id": "F-1", "registered": "2011-06-01", "own": {"shoe_size": "37"}}
    assert unstructure(RegistrationForm("F-1", date(2011, 6, 1))) == {"id": "F-1", "registered": "2011-06-01"}


@pytest.mark.parametrize("own", [{"示例甲": 5}, [], "示例甲", None])
def test_answers_of_its_own_that_are_none_are_refused_and_not_shown(own: object) -> None:
    assert _problems_of_a_form({"id": "F-1", "registered": "2011-06-01", "own": own}) == [
        "own: came a value that is not shown here, expected an object of texts, each item once"
    ]


def test_an_answer_given_twice_is_refused_and_not_shown() -> None:
    raw = parse_json(
        '{"id": "F-1", "registered": "2011-06-01", "own": {"示例": "a", "示例": "b"}}'.encode(), "x"
    )

    assert _problems_of_a_form(raw) == [
        "own: came a value that is not shown here, expected an object of texts, each item once"
    ]


def test_keys_that_a_record_about_a_person_does_not_have_are_counted() -> None:
    (problem,) = _problems_of_a_form({"id": "F-1", "registered": "2011-06-01", "示例甲": 1, "name2": 2})

    assert problem.startswith(
        "the file: 2 keys that are not shown here are unknown; expected id, registered, "
    )
    raw = parse_json(b'{"id": "F-1", "name2": "x", "name2": "y"}', "x")
    assert _problems_of_a_form(raw) == ["the file: a key is given more than once"]


def test_a_key_that_is_no_word_of_a_program_is_not_shown_anywhere() -> None:
    assert _problems({"number": 1, "inner": [], "示例甲": 1}) == [
        "the file: a key of 3 characters is unknown; expected number, inner, colour, sure"
    ]


@pytest.mark.parametrize("came", ["99999919850301002X", 99999919850301002, "示例 13900000000"])
def test_what_looks_like_a_number_of_a_person_is_never_shown(came: object) -> None:
    assert "***" in shown(came)
    assert "00000000" not in shown(came)
    assert "19850301" not in shown(came)
