"""What two hand-overs say differently: the values, who is asked to correct, and what stays hidden."""

import json

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrant_fp.domain.agency import Role
from migrant_fp.domain.privacy import sensitivities
from migrant_fp.domain.reconciliation import (
    KEY,
    Authority,
    Correction,
    Counts,
    Difference,
    FieldDifference,
    Found,
    Tally,
    compare_rows,
    corrections,
    row_of,
)
from migrant_fp.ports.reconciler import DAMAGED, NOT_A_ROW, EngineFailed, NotComparable

POLICE, PLANNING, COORDINATION = Role.PUBLIC_SECURITY, Role.FAMILY_PLANNING, Role.COORDINATION
K = "0" * 63 + "7"
CANARY = "金丝雀"
ROWS = st.dictionaries(st.sampled_from(["sex", "stay", "address", KEY]), st.sampled_from(["", "1", "2"]))


def _conflict(*names: str) -> Difference:
    return Difference(
        K, Found.CONFLICT, tuple(FieldDifference(name, f"{name} of a", f"{name} of b") for name in names)
    )


def test_a_row_of_one_side_alone_is_found_there() -> None:
    assert compare_rows(K, {"sex": "1"}, None) == Difference(K, Found.ONLY_IN_A)
    assert compare_rows(K, None, {"sex": "1"}) == Difference(K, Found.ONLY_IN_B)


def test_a_key_without_any_row_is_the_callers_mistake() -> None:
    with pytest.raises(ValueError, match="neither side has a row"):
        compare_rows(K, None, None)


def test_fields_that_differ_come_by_name_with_both_values() -> None:
    one, other = {KEY: K, "stay": "work", "sex": "1", "name": "甲"}, {KEY: K, "sex": "2", "name": "甲"}

    assert compare_rows(K, one, other) == Difference(
        K, Found.CONFLICT, (FieldDifference("sex", "1", "2"), FieldDifference("stay", "work", ""))
    )


def test_the_key_is_no_field() -> None:
    assert compare_rows(K, {KEY: "1"}, {KEY: "2"}) is None


@given(ROWS, ROWS)
def test_rows_agree_exactly_where_every_field_says_the_same(
    one: dict[str, str], other: dict[str, str]
) -> None:
    names = {name for name in ("sex", "stay", "address") if (one.get(name) or "") != (other.get(name) or "")}
    difference = compare_rows(K, one, other)

    assert {field.name for field in difference.fields} == names if difference else not names


def test_counts_are_what_was_added() -> None:
    tally = Tally()
    for difference in (
        Difference(K, Found.ONLY_IN_A),
        Difference(K, Found.ONLY_IN_B),
        Difference(K, Found.ONLY_IN_B),
        _conflict("stay", "sex"),
        _conflict("stay"),
        _conflict("stay"),
    ):
        tally.add(difference)
    counts = tally.counts(10, 11)

    assert counts == Counts(10, 11, 1, 2, 3, (("sex", 1), ("stay", 3)))
    assert (counts.common, counts.equal) == (9, 6)
    assert Tally().counts(0, 0) == Counts(0, 0, 0, 0, 0, ())


def test_a_masked_difference_keeps_the_kind_and_the_names_alone() -> None:
    masked = _conflict("sex", "stay").masked()

    assert attrs.asdict(masked) == {
        "key": "***",
        "found": Found.CONFLICT,
        "fields": ({"name": "sex", "a": "***", "b": "***"}, {"name": "stay", "a": "***", "b": "***"}),
    }
    assert Difference(K, Found.ONLY_IN_B).masked() == Difference("***", Found.ONLY_IN_B)


def test_nothing_shows_a_key_or_a_value() -> None:
    field = FieldDifference("sex", CANARY, CANARY)
    shown = repr([Difference(CANARY, Found.CONFLICT, (field,)), Correction(CANARY, "sex", CANARY)])

    assert CANARY not in shown
    assert "sex" in shown
    assert sensitivities(Difference).keys() == {"key"}
    assert sensitivities(FieldDifference).keys() == {"a", "b"}
    assert sensitivities(Correction).keys() == {"key", "value"}


def test_the_side_without_authority_is_asked_to_correct_to_what_the_other_says() -> None:
    authority = Authority(POLICE, {"stay": PLANNING})

    assert [*corrections(_conflict("sex", "stay"), POLICE, PLANNING, authority)] == [
        (PLANNING, Correction(K, "sex", "sex of a")),
        (POLICE, Correction(K, "stay", "stay of b")),
    ]
    assert [*corrections(_conflict("sex", "stay"), PLANNING, POLICE, authority)] == [
        (PLANNING, Correction(K, "sex", "sex of b")),
        (POLICE, Correction(K, "stay", "stay of a")),
    ]


def test_where_neither_side_or_both_have_authority_both_are_asked_to_check() -> None:
    for role_a, role_b in ((POLICE, PLANNING), (COORDINATION, COORDINATION)):
        assert [*corrections(_conflict("sex"), role_a, role_b, Authority(COORDINATION))] == [
            (role_a, Correction(K, "sex", "")),
            (role_b, Correction(K, "sex", "")),
        ]


def test_a_row_of_one_side_alone_is_checked_by_the_other() -> None:
    for found, asked in ((Found.ONLY_IN_A, PLANNING), (Found.ONLY_IN_B, POLICE)):
        assert [*corrections(Difference(K, found), POLICE, PLANNING, Authority(POLICE))] == [
            (asked, Correction(K, "_key", ""))
        ]


@given(st.sampled_from(Role), st.sampled_from(Role), st.dictionaries(st.just("sex"), st.sampled_from(Role)))
def test_no_office_is_asked_to_correct_what_it_alone_has_authority_for(
    role_a: Role, role_b: Role, fields: dict[str, Role]
) -> None:
    authority = Authority(POLICE, fields)
    asked = [*corrections(_conflict("sex"), role_a, role_b, authority)]

    assert {role for role, _ in asked} <= {role_a, role_b}
    assert asked
    if role_a is not role_b:
        assert authority.of("sex") not in {role for role, _ in asked}


def test_the_setting_is_not_changed_from_outside() -> None:
    given_fields = {"stay": PLANNING}
    authority = Authority(POLICE, given_fields)
    given_fields["sex"] = PLANNING

    assert (authority.of("stay"), authority.of("sex")) == (PLANNING, POLICE)
    with pytest.raises(TypeError):
        authority.fields["sex"] = PLANNING  # type: ignore[index] # that is what is tried


@pytest.mark.parametrize(
    "text",
    [
        '{"a":1}',
        '{"a":null}',
        '{"a":true}',
        '{"a":{"b":"1"}}',
        '{"a":["1"]}',
        '{"a":"1","a":"1"}',
        '{"a":"\\ud800"}',
        '{"a":"\\udc00x"}',
    ],
)
def test_what_is_no_row_is_refused_without_showing_it(text: str) -> None:
    with pytest.raises(ValueError, match=r"^a name is given twice, or a value is no text$") as refused:
        json.loads(text, object_pairs_hook=row_of)

    assert refused.value.__cause__ is refused.value.__context__ is None


@given(
    st.dictionaries(
        st.text(st.characters(exclude_categories=["Cs"])), st.text(st.characters(exclude_categories=["Cs"]))
    )
)
def test_every_object_of_texts_is_a_row(row: dict[str, str]) -> None:
    assert json.loads(json.dumps(row), object_pairs_hook=row_of) == row


def test_the_errors_of_an_engine_say_what_came_and_what_to_do() -> None:
    assert str(NotComparable("cases-1.jsonl", 7, NOT_A_ROW)) == (
        'cases-1.jsonl, row 7: is no row: expected one JSON object that begins {"_key":"<64 hexadecimal digits>" and '
        "whose values are all text, in UTF-8; ask the sender for a corrected package （文件无法核对）"
    )
    assert str(NotComparable("cases-1.jsonl.gz", 0, DAMAGED)) == (
        "cases-1.jsonl.gz: cannot be unpacked: the gzip data are damaged or cut off; ask the sender for a corrected "
        "package （文件无法核对）"
    )
    assert str(EngineFailed("duckdb", "OutOfMemoryException")) == (
        "the engine duckdb failed with OutOfMemoryException: give it more memory or room for temporary files, or take the "
        "engine merge for sorted files （核对引擎出错）"
    )


def test_the_kinds_have_chinese_names() -> None:
    assert [kind.zh for kind in Found] == ["仅甲方有", "仅乙方有", "两方不一致"]
