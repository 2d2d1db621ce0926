"""Reward for a report (五.2): by reference, verified by the family planning department, then granted, while the law stood."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

import attrs

from migrant_fp.domain.agency import Agency, Role
from migrant_fp.domain.clause import LegalBasis, require_basis
from migrant_fp.domain.errors import Invalid, Problem
from migrant_fp.domain.life_cycle import LifeCycle
from migrant_fp.schedule.term import Term

_REFERENCE = re.compile(r"[A-Z]{1,6}-\d{4}-\d{1,6}")


class ReportState(Term):
    """Where a report stands."""

    SUBMITTED = ("submitted", "已登记")
    VERIFIED = ("verified", "经核查属实")
    NOT_CONFIRMED = ("not_confirmed", "经核查不属实")
    GRANTED = ("granted", "已奖励")


class ReportEvent(Term):
    """What moves it."""

    CONFIRM = ("confirm", "核查属实")
    DISMISS = ("dismiss", "核查不属实")
    GRANT = ("grant", "奖励")


_S, _E = ReportState, ReportEvent
#: The one table of a report.
REPORT_LIFE = LifeCycle(
    _S.SUBMITTED,
    {
        (_S.SUBMITTED, _E.CONFIRM): _S.VERIFIED,
        (_S.SUBMITTED, _E.DISMISS): _S.NOT_CONFIRMED,
        (_S.VERIFIED, _E.GRANT): _S.GRANTED,
    },
)


@attrs.frozen
class Report:
    """A report by reference: the file is with the department, and nothing of it is here; no name, no personal field.

    Attributes:
        reference: The file number at the department: letters, year and number, such as JB-2011-17.
        submitted: The day of submission.
        state: Where it stands.
    """

    reference: str
    submitted: date
    state: ReportState = REPORT_LIFE.first

    def __attrs_post_init__(self) -> None:
        """Refuse a reference that could hold more than a file number."""
        if not _REFERENCE.fullmatch(self.reference):
            fact = (
                "expected a file number such as JB-2011-17: letters, year, number, and nothing about anybody"
            )
            raise Invalid("report", (Problem("reference", fact),))

    @property
    def id(self) -> str:
        """The reference."""
        return self.reference

    def verified(self, by: Agency, on: date, bases: Iterable[LegalBasis], *, confirmed: bool) -> Report:
        """Return the report after the family planning department looked into it (经人口计生部门核查,情况属实的).

        Raises:
            Invalid: If another department did, or the day lies before the submission.
            NotModelled: If the day lies before every law known.
            NoLegalBasis: If the law on which such reports could be rewarded has ended.
            WrongState: If that has been done.
        """
        problems = []
        if by.role is not Role.FAMILY_PLANNING:
            problems.append(Problem("by", f"came {by.role.value}, expected family_planning (五.2)"))
        if on < self.submitted:
            problems.append(Problem("on", f"{on} lies before {self.submitted}, the day of submission"))
        if problems:
            raise Invalid(self.reference, tuple(problems))
        return self._moved(_E.CONFIRM if confirmed else _E.DISMISS, on, bases)

    def granted(self, on: date, bases: Iterable[LegalBasis]) -> Report:
        """Return the report with its reward granted.

        Raises:
            NotModelled: If the day lies before every law known.
            NoLegalBasis: If the law on which such reports could be rewarded has ended.
            WrongState: If it was not verified, or was rewarded.
        """
        return self._moved(_E.GRANT, on, bases)

    def _moved(self, event: ReportEvent, on: date, bases: Iterable[LegalBasis]) -> Report:
        require_basis(bases, f"五.2 {event.zh}", on)
        return attrs.evolve(self, state=REPORT_LIFE.after(self.state, event, self.reference))
