"""Article 五.3: 武进, 金坛 and 溧阳 adopt an assessment and reward system of their own (参照建立考核奖励制度)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction

from migrant_fp.domain.assessment import Measure
from migrant_fp.domain.assessment_system import AssessmentSystem, system_for
from migrant_fp.domain.division import Divisions
from migrant_fp.domain.errors import Invalid, Problem
from migrant_fp.domain.finding import Finding
from migrant_fp.domain.privacy import masked
from migrant_fp.ports.registers import NoSuchRecord
from migrant_fp.ports.unit_of_work import UnitOfWork
from migrant_fp.regulations.changzhou_2011_134 import DOCUMENT
from migrant_fp.regulations.changzhou_divisions import BY_ANALOGY, DIVISIONS


def adopt_system(
    work: UnitOfWork,
    division: str,
    weights: Mapping[Measure, Fraction],
    limit: int,
    today: date,
    *,
    divisions: Divisions = DIVISIONS,
) -> AssessmentSystem:
    """Put the system of one of the three of 五.3 on record (参照建立考核奖励制度); one adopted before is replaced.

    Args:
        work: The unit of work.
        division: The code of 武进, 金坛 or 溧阳 on that day.
        weights: The weights of the measures.
        limit: How many collectors are commended a year.
        today: The day.
        divisions: The divisions.

    Raises:
        NotYetIssued: Before the document.
        Invalid: If the division is none of the three, a weight is negative, none is positive, or the limit is not 1 to 100.
    """
    DOCUMENT.require(today)
    three = [divisions.resolved(code, today).code for code in BY_ANALOGY]
    if division not in three:
        fact = f"came {masked(division)[:20]}, expected one of {'、'.join(three)} (五.3: 武进、金坛、溧阳)"
        raise Invalid("assessment system", (Problem("division", fact),))
    adopted = AssessmentSystem(
        division, tuple((m, weights[m]) for m in Measure if m in weights), limit, today
    )
    work.systems.put(adopted)
    return adopted


def system_of(
    work: UnitOfWork,
    division: str,
    city: AssessmentSystem,
    today: date,
    *,
    divisions: Divisions = DIVISIONS,
) -> tuple[AssessmentSystem, tuple[Finding, ...]]:
    """Return under which system a 辖市（区） stands today, and what it owes for it (五.3).

    A system that 金坛市 adopted holds for 金坛区, which took its place.

    Args:
        work: The unit of work.
        division: The code of the 辖市（区） today.
        city: The system of the city.
        today: The day.
        divisions: The divisions.

    Raises:
        NotYetIssued: Before the document.
        NoSuchDivision: If no such division stands today.
    """
    DOCUMENT.require(today)
    divisions.get(division, today)
    now = {code: divisions.resolved(code, today).code for code in BY_ANALOGY}
    own = {}
    for code in (*now, *now.values()):
        try:
            own[now.get(code, code)] = work.systems.get(code)
        except NoSuchRecord:
            continue
    return system_for(division, city, own, now.values(), DOCUMENT.clause("五.3"))
