"""Articles 五.1 and 五.3: the yearly commendation of the city, and of each of the three that adopted a system of its own."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction

import attrs

from migrant_fp.application.adopt import system_of
from migrant_fp.application.assess import CITY_SYSTEM
from migrant_fp.domain.agency import Role
from migrant_fp.domain.assessment import Subject
from migrant_fp.domain.assessment_system import AssessmentSystem
from migrant_fp.domain.commendation import (
    COMMENDATION_LIFE,
    Commendation,
    CommendationSettings,
    CommendationState,
    Nomination,
    commendation_findings,
    commendation_id,
    select,
)
from migrant_fp.domain.division import Divisions
from migrant_fp.domain.errors import Invalid, Problem, WrongState
from migrant_fp.domain.finding import Finding
from migrant_fp.ports.registers import NoSuchRecord
from migrant_fp.ports.unit_of_work import UnitOfWork
from migrant_fp.regulations.changzhou_2011_134 import DOCUMENT
from migrant_fp.regulations.changzhou_divisions import DIVISIONS

#: Those who collect together (四(二)).
_COLLECTS = (Subject.COLLECTOR, Subject.COMMUNITY_STAFF)


def nominate(work: UnitOfWork, collector: str, kind: Subject, year: int, on: date) -> Nomination:
    """Return a nomination for the commendation of a year, from the monthly assessments on record.

    Args:
        work: The unit of work.
        collector: The record id.
        kind: Collector or community staff: the two who collect together (四(二)).
        year: The year.
        on: The day of nomination.

    Raises:
        NotYetIssued: Before the document.
        Invalid: If the kind is another, or the year one before the document or still to come.
    """
    DOCUMENT.require(on)
    _require_year(year, on)
    if kind not in _COLLECTS:
        fact = f"came {kind.value}, expected collector or community_staff (五.1: 信息采集员)"
        raise Invalid("nomination", (Problem("kind", fact),))
    scores = [
        one.score
        for month in range(1, 13)
        for one in work.assessments.of(f"{year}-{month:02}")
        if (one.kind, one.subject) == (kind, collector) and one.score is not None
    ]
    mean = sum(scores, Fraction(0)) / len(scores) if scores else Fraction(0)
    return Nomination(collector, on, mean, len(scores))


def choose(
    work: UnitOfWork,
    year: int,
    nominations: Iterable[Nomination],
    today: date,
    settings: CommendationSettings | None = None,
    *,
    division: str = "",
    divisions: Divisions = DIVISIONS,
) -> Commendation:
    """Put the selection of a year on record (五.1); the three bodies consent to it one by one.

    Until all three have consented it can be made anew; their consents are then asked anew too.

    Args:
        work: The unit of work.
        year: The year, from that of the document to this one.
        nominations: The nominations.
        today: The day.
        settings: The adopter's settings.
        division: The code of one of the three of 五.3, for a commendation of its own: no more than its system allows are chosen. By
            default the commendation is the city's.
        divisions: The divisions.

    Raises:
        NotYetIssued: Before the document.
        Invalid: If a collector is nominated twice, the year is one before the document or still to come, or the division is none of the
            three, or has adopted no system.
        NoSuchDivision: If no such division stands today.
        WrongState: If the three bodies have decided, or the commendation is announced.
    """
    DOCUMENT.require(today)
    _require_year(year, today)
    rules = settings or CommendationSettings()
    if division:
        limit = _own_system(work, division, today, divisions).limit
        rules = attrs.evolve(rules, limit=min(rules.limit, limit))
    before = _commendation(work, year, division)
    if before and before.state is not CommendationState.SELECTED:
        allowed = tuple(event.zh for event in COMMENDATION_LIFE.allowed(before.state))
        raise WrongState(before.id, before.state.zh, "评选", allowed)
    chosen = select(nominations, rules)
    return _commended(work, Commendation(year, chosen, selected=today, division=division))


def consent(work: UnitOfWork, year: int, body: Role, today: date, *, division: str = "") -> Commendation:
    """Record the consent of one of the three bodies to the selection of a year (五.1: 联合表彰).

    Args:
        work: The unit of work.
        year: The year.
        body: Which of the three: those of the city, or of the division.
        today: The day.
        division: The code of the 辖市（区） whose own commendation it is (五.3).

    Raises:
        NotYetIssued: Before the document.
        NoSuchRecord: If nothing was selected.
        WrongState: If it is decided.
    """
    DOCUMENT.require(today)
    return _commended(work, work.commendations.get(commendation_id(year, division)).consent(body))


def announce(work: UnitOfWork, year: int, today: date, *, division: str = "") -> Commendation:
    """Record that those chosen were commended (五.1).

    Args:
        work: The unit of work.
        year: The year.
        today: The day.
        division: The code of the 辖市（区） whose own commendation it is (五.3).

    Raises:
        NotYetIssued: Before the document.
        NoSuchRecord: If nothing was selected.
        WrongState: If one of the three has not consented, or it is announced.
        Invalid: If the day lies before the selection.
    """
    DOCUMENT.require(today)
    return _commended(work, work.commendations.get(commendation_id(year, division)).announce(today))


def commendation_owed(
    work: UnitOfWork, year: int, today: date, *, division: str = "", divisions: Divisions = DIVISIONS
) -> tuple[Finding, ...]:
    """Return what is owed for the commendation of a year; for a year before the document, nothing.

    Args:
        work: The unit of work.
        year: The year.
        today: The day.
        division: The code of one of the three of 五.3: it owes one of its own for the years since it adopted its system, and before that the
            system. By default what the city owes is told.
        divisions: The divisions.

    Raises:
        NotYetIssued: Before the document.
        Invalid: If the division is none of the three.
        NoSuchDivision: If no such division stands today.
    """
    DOCUMENT.require(today)
    clause, first = DOCUMENT.clause("五.3" if division else "五.1"), DOCUMENT.issued
    if division:
        if owed := system_of(work, division, CITY_SYSTEM, today, divisions=divisions)[1]:
            return owed
        first = _own_system(work, division, today, divisions).adopted or first
    if year < first.year:
        return ()
    return commendation_findings(year, _commendation(work, year, division), today, clause, division)


def _own_system(work: UnitOfWork, division: str, today: date, divisions: Divisions) -> AssessmentSystem:
    system, owed = system_of(work, division, CITY_SYSTEM, today, divisions=divisions)
    if owed or system is CITY_SYSTEM:
        fact = (
            "has adopted no system: adopt it first (五.3)"
            if owed
            else "stands under the city's (五.1): leave it out"
        )
        raise Invalid("commendation", (Problem("division", f"{division} {fact}"),))
    return system


def _require_year(year: int, today: date) -> None:
    first = DOCUMENT.issued.year
    if not first <= year <= today.year:
        fact = f"came {year}, expected a year from {first}, that of the document, to {today.year}"
        raise Invalid("commendation", (Problem("year", fact),))


def _commendation(work: UnitOfWork, year: int, division: str) -> Commendation | None:
    try:
        return work.commendations.get(commendation_id(year, division))
    except NoSuchRecord:
        return None


def _commended(work: UnitOfWork, commendation: Commendation) -> Commendation:
    work.commendations.put(commendation)
    return commendation
