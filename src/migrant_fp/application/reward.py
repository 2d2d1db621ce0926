"""Article 五.2: a report by reference is submitted, verified by the family planning department, and rewarded, while the law stood."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from migrant_fp.domain.agency import Agency
from migrant_fp.domain.clause import LegalBasis, require_basis
from migrant_fp.domain.errors import Invalid, Problem
from migrant_fp.domain.reward import DEFAULT_PREFIX, Report
from migrant_fp.ports.registers import NoSuchRecord
from migrant_fp.ports.unit_of_work import UnitOfWork
from migrant_fp.regulations.changzhou_2011_134 import DOCUMENT
from migrant_fp.regulations.national_law import POPULATION_LAW_2001, POPULATION_LAW_2015

#: The law on which a report could be rewarded; what could be reported ended with the law of 2021-08-20 (our inference).
REWARD_BASES = (POPULATION_LAW_2001, POPULATION_LAW_2015)


def submit_report(
    work: UnitOfWork,
    reference: str,
    today: date,
    *,
    bases: Iterable[LegalBasis] = REWARD_BASES,
    prefix: str = DEFAULT_PREFIX,
) -> Report:
    """Record that a report was submitted (五.2), by the number of its file at the department; nothing of it is kept here.

    Args:
        work: The unit of work.
        reference: The file number, such as JB-2011-17.
        today: The day.
        bases: The laws on which reports can be rewarded.
        prefix: The prefix that the adopter declares for such files; the default is ours.

    Raises:
        NotYetIssued: Before the document.
        NoLegalBasis: From 2021-08-20 on (our inference), unless the adopter supplies a law.
        Invalid: If the reference is no file number with that prefix and of this year, or is on record.
    """
    DOCUMENT.require(today)
    require_basis(bases, "五.2 登记", today)
    report = Report(reference, today, prefix=prefix)
    try:
        work.reports.get(report.id)
    except NoSuchRecord:
        work.reports.put(report)
        return report
    raise Invalid(report.id, (Problem("reference", "is on record already: give another number"),))


def verify_report(
    work: UnitOfWork,
    reference: str,
    by: Agency,
    today: date,
    *,
    confirmed: bool,
    bases: Iterable[LegalBasis] = REWARD_BASES,
) -> Report:
    """Record that the family planning department of the city, a district or a town looked into a report (五.2).

    Args:
        work: The unit of work.
        reference: The file number.
        by: The department.
        today: The day.
        confirmed: Whether it found the report true.
        bases: The laws on which reports can be rewarded.

    Raises:
        NotYetIssued: Before the document.
        NoSuchRecord: If the report is not on record.
        NoLegalBasis: From 2021-08-20 on (our inference), unless the adopter supplies a law.
        Invalid: If another department did, or one of a community, or the day lies before the submission.
        WrongState: If that has been done.
    """
    DOCUMENT.require(today)
    after = work.reports.get(reference).verified(by, today, bases, confirmed=confirmed)
    work.reports.put(after)
    return after


def grant_reward(
    work: UnitOfWork, reference: str, today: date, *, bases: Iterable[LegalBasis] = REWARD_BASES
) -> Report:
    """Record that the reward for a verified report was granted (五.2).

    Args:
        work: The unit of work.
        reference: The file number.
        today: The day.
        bases: The laws on which reports can be rewarded.

    Raises:
        NotYetIssued: Before the document.
        NoSuchRecord: If the report is not on record.
        NoLegalBasis: From 2021-08-20 on (our inference), unless the adopter supplies a law.
        Invalid: If the day lies before the verification.
        WrongState: If it was not verified, or was rewarded.
    """
    DOCUMENT.require(today)
    after = work.reports.get(reference).granted(today, bases)
    work.reports.put(after)
    return after
