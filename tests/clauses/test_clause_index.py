"""Every name that a clause is said to be implemented by exists, and every scheduled clause has one."""

from datetime import date
from importlib import import_module

import pytest

from migrant_fp.application.clause_index import IndexedClause, clause_index
from migrant_fp.regulations.changzhou_2011_134 import DUTIES

_INDEX = tuple(clause_index(date(2011, 5, 18)))


@pytest.mark.parametrize("name", sorted({name for one in _INDEX for name in one.implemented_by}))
def test_the_name_exists_and_is_public(name: str) -> None:
    module, _, attribute = name.rpartition(".")

    assert not attribute.startswith("_")
    assert getattr(import_module(module), attribute).__doc__


@pytest.mark.parametrize(
    "one", [one for one in _INDEX if one.as_row()["scheduled"]], ids=lambda one: one.clause.number
)
def test_a_scheduled_clause_is_implemented(one: IndexedClause) -> None:
    assert one.implemented_by


def test_the_scheduled_clauses_are_those_of_the_duties() -> None:
    assert {one.clause.number for one in _INDEX if one.as_row()["scheduled"]} == {
        d.clause.number for d in DUTIES
    }
