"""A finding is what an office owes."""

from datetime import date

from migrant_fp.domain.clause import Clause
from migrant_fp.domain.finding import Action, Finding

_CLAUSE = Clause("二(二)", "…")


def test_it_reads_as_a_line_with_what_it_is_about_and_by_when() -> None:
    finding = Finding(
        "not-sent", _CLAUSE, "派出所", "移交数据", "hand over", "exchange-town/2011-11", date(2011, 11, 5)
    )

    assert str(finding) == "二(二) 派出所 移交数据（exchange-town/2011-11，2011-11-05前）"


def test_without_these_it_is_clause_office_and_act() -> None:
    assert str(Finding("not-sent", _CLAUSE, "派出所", "移交数据", "hand over")) == "二(二) 派出所 移交数据"


def test_refusing_is_not_among_the_actions() -> None:
    assert {action.value for action in Action} == {"tell", "urge", "record", "feed_back", "remind", "serve"}
