"""Reward for a report (五.2): by reference, verified by the family planning department, then granted, while the law stood."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date

import attrs

from migrant_fp.domain.agency import Agency, Role
from migrant_fp.domain.clause import LegalBasis, require_basis
from migrant_fp.domain.duty import Level
from migrant_fp.domain.errors import Invalid, Problem
from migrant_fp.domain.life_cycle import LifeCycle
from migrant_fp.schedule.term import Term

# Too short for a date of birth or a number of a person.
_PREFIX = re.compile(r"[A-Z]{1,4}")
_REFERENCE = re.compile(r"([A-Z]+)-([0-9]{4})-[1-9][0-9]{0,3}")
#: What begins a file number unless the adopter declares another prefix: our default, of 举报.
DEFAULT_PREFIX = "JB"
#: Where the department of 五.2 stands: a community has agencies and no department.
_VERIFY = (Level.CITY, Level.DISTRICT, Level.TOWN)


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
        reference: The file number at the department: the prefix, the year of submission and a number of at most 4 digits, such as
            JB-2011-17.
        submitted: The day of submission.
        state: Where it stands.
        verified_on: The day on which the department said what it found.
        granted_on: The day of the reward.
        prefix: The prefix that the adopter declares for such files: 1 to 4 letters.

    Raises:
        Invalid: If the reference could hold more than a file number, or the prefix is none.
    """

    reference: str
    submitted: date
    state: ReportState = REPORT_LIFE.first
    verified_on: date | None = None
    granted_on: date | None = None
    prefix: str = DEFAULT_PREFIX

    def __attrs_post_init__(self) -> None:
        """Refuse a reference that could hold more than a file number."""
        if not _PREFIX.fullmatch(self.prefix):
            raise Invalid("report", (Problem("prefix", "expected 1 to 4 capital letters, such as JB"),))
        found = _REFERENCE.fullmatch(self.reference)
        if not found or (found[1], int(found[2])) != (self.prefix, self.submitted.year):
            year = self.submitted.year
            fact = f"expected a file number such as {self.prefix}-{year}-17: declared prefix, year of submission, 1-4 digits"
            raise Invalid("report", (Problem("reference", fact),))

    @property
    def id(self) -> str:
        """The reference."""
        return self.reference

    def verified(self, by: Agency, on: date, bases: Iterable[LegalBasis], *, confirmed: bool) -> Report:
        """Return the report after the family planning department looked into it (经人口计生部门核查,情况属实的).

        Raises:
            Invalid: If another department did, or one of a community, or the day lies before the submission.
            NotModelled: If the day lies before every law known.
            NoLegalBasis: If the law on which such reports could be rewarded has ended.
            WrongState: If that has been done.
        """
        problems = [*self._too_early(on)]
        if by.role is not Role.FAMILY_PLANNING:
            problems.insert(0, Problem("by", f"came {by.role.value}, expected family_planning (五.2)"))
        if by.level not in _VERIFY:
            fact = f"came level {by.level.value}, expected {'、'.join(level.value for level in _VERIFY)} (五.2: 人口计生部门)"
            problems.insert(0, Problem("by", fact))
        if problems:
            raise Invalid(self.reference, tuple(problems))
        return attrs.evolve(self._moved(_E.CONFIRM if confirmed else _E.DISMISS, on, bases), verified_on=on)

    def granted(self, on: date, bases: Iterable[LegalBasis]) -> Report:
        """Return the report with its reward granted.

        Raises:
            Invalid: If the day lies before the verification.
            NotModelled: If the day lies before every law known.
            NoLegalBasis: If the law on which such reports could be rewarded has ended.
            WrongState: If it was not verified, or was rewarded.
        """
        moved = self._moved(_E.GRANT, on, bases)
        problems = tuple(self._too_early(on))
        if problems:
            raise Invalid(self.reference, problems)
        return attrs.evolve(moved, granted_on=on)

    def _too_early(self, on: date) -> Iterator[Problem]:
        last = self.verified_on or self.submitted
        if on < last:
            yield Problem(
                "on",
                f"{on} lies before {last}, the day of {'verification' if self.verified_on else 'submission'}",
            )

    def _moved(self, event: ReportEvent, on: date, bases: Iterable[LegalBasis]) -> Report:
        require_basis(bases, f"五.2 {event.zh}", on)
        return attrs.evolve(self, state=REPORT_LIFE.after(self.state, event, self.reference))
