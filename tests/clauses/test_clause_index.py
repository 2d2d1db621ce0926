"""Every name that a clause is said to be implemented by exists, and every clause has one, a test and an example."""

from datetime import date
from importlib import import_module
from pathlib import Path

import pytest

from migrant_fp.application.clause_index import IndexedClause, clause_index
from migrant_fp.regulations.changzhou_2011_134 import DUTIES
from migrant_fp.regulations.national_law import POPULATION_LAWS

_ROOT = Path(__file__).parents[2]
_INDEX = tuple(clause_index(date(2011, 5, 18)))


@pytest.mark.parametrize("name", sorted({name for one in _INDEX for name in one.implemented_by}))
def test_the_name_exists_and_is_public(name: str) -> None:
    module, _, attribute = name.rpartition(".")

    assert not attribute.startswith("_")
    assert getattr(import_module(module), attribute).__doc__


@pytest.mark.parametrize("one", _INDEX, ids=lambda one: one.clause.number)
def test_every_clause_is_implemented(one: IndexedClause) -> None:
    assert one.implemented_by


@pytest.mark.parametrize("one", _INDEX, ids=lambda one: one.clause.number)
def test_every_clause_is_named_in_a_test_file_and_in_an_example(one: IndexedClause) -> None:
    for folder in ("tests/clauses", "examples"):
        texts = [file.read_text("utf-8") for file in (_ROOT / folder).glob("*.py")]
        assert any(one.clause.number in text for text in texts), folder


@pytest.mark.parametrize(("on", "in_force"), [(date(2021, 8, 19), True), (date(2021, 8, 20), False)])
def test_the_commendation_rests_on_every_wording_of_the_population_law_and_the_reward_on_the_old_ones(
    on: date, in_force: bool
) -> None:
    by_number = {one.clause.number: one for one in clause_index(on)}

    assert by_number["五.1"].bases == POPULATION_LAWS
    assert [basis.title for basis in by_number["五.1"].in_force] == ["人口与计划生育法"]
    assert by_number["五.2"].bases == POPULATION_LAWS[:2]
    assert bool(by_number["五.2"].in_force) is in_force


def test_the_scheduled_clauses_are_those_of_the_duties() -> None:
    assert {one.clause.number for one in _INDEX if one.as_row()["scheduled"]} == {
        d.clause.number for d in DUTIES
    }
