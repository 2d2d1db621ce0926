"""Each clause of the document: the law it rests on, and what in this library carries it out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import attrs

from migrant_fp.domain.clause import Clause, LegalBasis
from migrant_fp.regulations.changzhou_2011_134 import DOCUMENT, DUTIES
from migrant_fp.regulations.national_law import (
    FLOATING_POPULATION_2009,
    POPULATION_LAW_2001,
    POPULATION_LAW_2015,
)

_PLAN = ("migrant_fp.schedule.occurrence.plan", "migrant_fp.application.schedule_year.schedule_year")
_DOCUMENT = "migrant_fp.regulations.changzhou_2011_134."
_MEETING, _AGENCY = "migrant_fp.domain.meeting.", "migrant_fp.domain.agency."
#: Public names by the clause they implement, innermost room first. `tests/clauses` fails where a name does not exist or
#: a scheduled clause has none.
_IMPLEMENTED_BY: dict[str, tuple[str, ...]] = {
    "一(一)": (_MEETING + "Post", _MEETING + "CONVENERS"),
    "一(二)": (_DOCUMENT + "JOINT_MEETING", *_PLAN, _MEETING + "JointMeeting"),
    **dict.fromkeys((f"一(三){n}" for n in range(1, 6)), (_MEETING + "AgendaItem",)),
    "一(四)": (_MEETING + "Minutes", _MEETING + "meeting_findings"),
    "二(二)": (_DOCUMENT + "EXCHANGE_DISTRICT", _DOCUMENT + "EXCHANGE_TOWN", *_PLAN, _AGENCY + "Agencies"),
    "三(一)": (_DOCUMENT + "COORDINATORS_MEETING", *_PLAN),
    "四(五)": (
        "migrant_fp.application.desk.permit_desk",
        "migrant_fp.application.desk.SUBMIT_CERTIFICATE",
        "migrant_fp.domain.certificate.Certificate",
    ),
    "四(六)": ("migrant_fp.application.desk.service_station",),
    "五.1": (_DOCUMENT + "ANNUAL_COMMENDATION", *_PLAN),
}
_REWARD = "五.2"


@attrs.frozen
class IndexedClause:
    """A clause on a day.

    Attributes:
        clause: The clause.
        bases: The laws it rests on, as far as the library knows.
        in_force: Those of them in force on the day.
        implemented_by: The public names that carry it out.
    """

    clause: Clause
    bases: tuple[LegalBasis, ...]
    in_force: tuple[LegalBasis, ...]
    implemented_by: tuple[str, ...]

    def as_row(self) -> dict[str, Any]:
        """Return the clause as plain values for JSON."""
        return {
            "clause": self.clause.number,
            "text": self.clause.text,
            "bases": [basis.title for basis in self.bases],
            "basis_in_force": bool(self.in_force),
            "scheduled": [duty.id for duty in DUTIES if duty.clause == self.clause],
            "implemented_by": list(self.implemented_by),
        }


def clause_index(on: date) -> Iterator[IndexedClause]:
    """Yield every numbered clause of the document with its standing on a day.

    Args:
        on: The day; before the document was issued no clause is in force.
    """
    for clause in DOCUMENT.clauses:
        bases = _bases(clause)
        valid = tuple(basis for basis in bases if on >= DOCUMENT.issued and basis.in_force(on))
        yield IndexedClause(clause, bases, valid, _IMPLEMENTED_BY.get(clause.number, ()))


def _bases(clause: Clause) -> tuple[LegalBasis, ...]:
    # What a report could be rewarded for lost its meaning with the amendment of 2021-08-20 (our inference).
    if clause.number == _REWARD:
        return (POPULATION_LAW_2001, POPULATION_LAW_2015)
    return (FLOATING_POPULATION_2009,)
