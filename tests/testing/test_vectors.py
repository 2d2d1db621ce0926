"""The shipped vectors are what their schema says, and this library gives their answers."""

import json
from datetime import date
from fractions import Fraction
from importlib.resources import files
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from migrant_fp import plan
from migrant_fp.adapters.chinese_calendar import working_calendar
from migrant_fp.adapters.serialization import structure
from migrant_fp.application.desk import permit_desk, service_station
from migrant_fp.domain.certificate import Certificate, CertificateState
from migrant_fp.domain.commendation import CommendationSettings, Nomination, TieRule, select
from migrant_fp.domain.errors import NoLegalBasis, NotYetIssued
from migrant_fp.domain.form import RegistrationForm
from migrant_fp.domain.form_gaps import gaps
from migrant_fp.domain.person import Person, Sex, Stay
from migrant_fp.regulations.changzhou_2011_134 import DUTIES
from migrant_fp.regulations.changzhou_form import SETTINGS

CALENDAR = working_calendar()
FOLDER = files("migrant_fp.testing") / "vectors"
KINDS = ("dates", "form_gaps", "desk_findings", "commendations")
DUTY = {duty.id: duty for duty in DUTIES}
ERRORS = {"NotYetIssued": NotYetIssued, "NoLegalBasis": NoLegalBasis}


def _load(kind: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((FOLDER / f"{kind}.json").read_text("utf-8"))
    return loaded


def _cases(kind: str, key: str = "cases") -> list[Any]:
    return [pytest.param(case, id=case["id"]) for case in _load(kind)[key]]


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_follows_the_schema_and_its_cases_have_ids_of_their_own(kind: str) -> None:
    schema = json.loads((FOLDER / "schema.json").read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    loaded = _load(kind)
    Draft202012Validator(schema).validate(loaded)

    assert loaded["kind"] == kind
    ids = [case["id"] for case in [*loaded["cases"], *loaded.get("windows", [])]]
    assert len(ids) == len(set(ids)) > 0


@pytest.mark.parametrize("case", _cases("dates"))
def test_dates(case: dict[str, Any]) -> None:
    found = plan(DUTY[case["duty"]], case["year"], CALENDAR)

    assert [str(one.last) for one in found] == case["expected"]
    assert DUTY[case["duty"]].clause.number == case["clause"]


@pytest.mark.parametrize("case", _cases("dates", "windows"))
def test_windows(case: dict[str, Any]) -> None:
    month = list(plan(DUTY[case["duty"]], case["year"], CALENDAR))[case["month"] - 1]

    assert [str(day) for day in month.working_days or ()] == case["expected"]


@pytest.mark.parametrize("year", ["2011", "2013"])
def test_the_calendars_in_the_file_are_enough_to_work_the_dates_out(year: str) -> None:
    held = _load("dates")["calendars"][year]
    for month in range(1, 13):
        for day in range(1, 29):
            on = date(int(year), month, day)
            worked = str(on) in held["make_up_days"] or (on.weekday() < 5 and str(on) not in held["days_off"])
            assert CALENDAR.day(on).kind.is_working is worked


@pytest.mark.parametrize("case", _cases("form_gaps"))
def test_form_gaps(case: dict[str, Any]) -> None:
    form = structure(case["form"], RegistrationForm, case["id"])
    today = date.fromisoformat(_load("form_gaps")["today"])

    assert [[gap.item, gap.code] for gap in gaps(form, SETTINGS, today)] == case["expected"]


@pytest.mark.parametrize("case", _cases("desk_findings"))
def test_desk_findings(case: dict[str, Any]) -> None:
    on = date.fromisoformat(case["on"])
    born = date.fromisoformat(case["born"])
    person = Person("P-1", "示例甲", Sex(case["sex"]), born, "341221", "320404", Stay.WORK, on)
    held = case.get("certificate")
    certificate = Certificate("P-1", CertificateState(held)) if held else None

    def asked() -> list[str]:
        found = (
            permit_desk(person, certificate, on)
            if case["desk"] == "permit"
            else service_station(person, on, holds_permit=case["permit"])
        )
        return [finding.kind.value for finding in found if finding.kind]

    if isinstance(case["expected"], str):
        with pytest.raises(ERRORS[case["expected"]]):
            asked()
    else:
        assert asked() == case["expected"]


@pytest.mark.parametrize("case", _cases("commendations"))
def test_commendations(case: dict[str, Any]) -> None:
    nominations = [
        Nomination(one["collector"], date.fromisoformat(one["on"]), Fraction(one["score"]), one["months"])
        for one in case["nominations"]
    ]
    found = select(nominations, CommendationSettings(limit=case["limit"], ties=TieRule(case["ties"])))

    assert list(found.chosen) == case["chosen"]
    assert [name for name, _ in found.left_out] == case["left_out"]
