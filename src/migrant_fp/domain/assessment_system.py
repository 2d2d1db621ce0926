"""The assessment and reward system of a 辖市（区） (五.3): three adopt their own, the others stand under the city's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction

import attrs

from migrant_fp.domain.assessment import Measure, weight_problems
from migrant_fp.domain.clause import Clause
from migrant_fp.domain.commendation import DISTRICT_BODIES, LIMIT
from migrant_fp.domain.errors import Invalid, Problem
from migrant_fp.domain.finding import Finding


@attrs.frozen
class AssessmentSystem:
    """The assessment and reward system of a 辖市（区） (五).

    Attributes:
        division: The code of the division whose system it is.
        weights: The weights of the measures.
        limit: How many collectors are commended a year: 1 to 100, as 百佳 in 五.1; that this binds the three of 五.3 is ours.
        adopted: The day on which it was adopted, where that is recorded.

    Raises:
        Invalid: If a weight is negative, none is positive, or the limit is none; with every problem.
    """

    division: str
    weights: tuple[tuple[Measure, Fraction], ...]
    limit: int
    adopted: date | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse a system by which nobody could be assessed or commended."""
        problems = [*weight_problems(dict(self.weights))]
        if not 1 <= self.limit <= LIMIT:
            problems.append(Problem("limit", f"came {self.limit}, expected 1 to {LIMIT} (五.1: 百佳)"))
        if problems:
            raise Invalid("assessment system", tuple(problems))

    @property
    def id(self) -> str:
        """A stable id: the code of the division."""
        return self.division


def system_for(
    division: str,
    city: AssessmentSystem,
    own: Mapping[str, AssessmentSystem],
    by_analogy: Iterable[str],
    clause: Clause,
) -> tuple[AssessmentSystem, tuple[Finding, ...]]:
    """Return under which system a 辖市（区） stands, and what it owes for it (五.3).

    武进, 金坛 and 溧阳 adopt the system with settings of their own (参照建立); until one has, the city's applies and a finding says
    that its own is owed. The others stand directly under the city's.

    Args:
        division: The code of the 辖市（区）.
        city: The system of the city.
        own: The systems adopted by those of 五.3, by code.
        by_analogy: The codes of the three.
        clause: 五.3 of the document.

    Raises:
        Invalid: If a 辖市（区） outside of the three has a system of its own.
    """
    if division not in set(by_analogy):
        if division in own:
            fact = "stands directly under the city's system (五.1); only the three of 五.3 adopt their own"
            raise Invalid("assessment system", (Problem(division, fact),))
        return city, ()
    if division in own:
        return own[division], ()
    missing = Finding(
        "no-system-of-its-own", clause, DISTRICT_BODIES, "参照建立考核奖励制度", "adopt the system", division
    )
    return city, (missing,)
