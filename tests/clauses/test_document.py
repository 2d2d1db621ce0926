"""The document as values is the published text, word for word."""

from datetime import date
from pathlib import Path

import pytest

from migrant_fp.domain.clause import NoSuchClause
from migrant_fp.domain.duty import Standing
from migrant_fp.regulations.changzhou_2011_134 import DOCUMENT, DUTIES, JOINT_MEETING

TEXT = Path(__file__).with_name("document.txt").read_text(encoding="utf-8")


def _squeezed(text: str) -> str:
    return "".join(text.split())


def test_the_clauses_in_order_are_the_whole_body_of_the_published_text() -> None:
    body = _squeezed("".join(clause.text for clause in DOCUMENT.clauses))

    published = _squeezed(TEXT)
    start = published.index("一、建立部门联席会议制度")
    assert published[start : start + len(body)] == body
    assert published[start + len(body) :].startswith("常州市公安局常州市人口和")


def test_the_documents_own_data_stand_in_the_published_text() -> None:
    published = _squeezed(TEXT)

    for value in (DOCUMENT.number, DOCUMENT.title, DOCUMENT.index_number, DOCUMENT.aim, *DOCUMENT.cites):
        assert _squeezed(value) in published
    assert all(_squeezed(value) in published for value in (*DOCUMENT.addressees, *DOCUMENT.subject_words))
    assert f"生成日期:{DOCUMENT.issued}公开日期:{DOCUMENT.published}废止日期:{DOCUMENT.validity}" in published
    assert DOCUMENT.signature[-1] in published


def test_numbers_are_unique_and_an_unknown_one_is_refused() -> None:
    numbers = [clause.number for clause in DOCUMENT.clauses]

    assert len(numbers) == len(set(numbers)) == 36
    with pytest.raises(NoSuchClause, match="六"):
        DOCUMENT.clause("六")


def test_the_five_scheduled_duties_name_their_clauses() -> None:
    assert [(duty.id, duty.clause.number) for duty in DUTIES] == [
        ("joint-meeting", "一(二)"),
        ("exchange-district", "二(二)"),
        ("exchange-town", "二(二)"),
        ("coordinators-meeting", "三(一)"),
        ("annual-commendation", "五.1"),
    ]


@pytest.mark.parametrize(
    ("on", "standing"),
    [
        (date(2011, 5, 17), Standing.BEFORE_ISSUE),
        (date(2011, 5, 18), Standing.IN_FORCE),
        (date(2021, 9, 8), Standing.IN_FORCE),
        (date(2021, 9, 27), Standing.BASIS_ENDED),
    ],
)
def test_not_revoked_and_basis_in_force_are_two_facts(on: date, standing: Standing) -> None:
    assert JOINT_MEETING.standing(on) is standing
