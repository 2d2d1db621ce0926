"""Article 二 between offices: a hand-over is made as packages and sent; statistics by default, records about persons on a law alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from dateutil.relativedelta import relativedelta

from migrant_fp.application.draft import Draft
from migrant_fp.application.office import Office
from migrant_fp.domain.agency import Agency
from migrant_fp.domain.clause import LegalBasis
from migrant_fp.domain.dispatch import Dispatch
from migrant_fp.domain.errors import Invalid, Problem
from migrant_fp.domain.manifest import PackageAction, PackageKind
from migrant_fp.domain.statistics import COLUMNS, Statistics, rows, suppressed
from migrant_fp.ports.packages import NoSuchPackage, Tables
from migrant_fp.regulations.national_law import FLOATING_POPULATION_2009
from migrant_fp.schedule.calendar import WorkingCalendar

#: How long a receiver may keep rows about persons where the sender sets nothing else. The document says nothing; this is ours.
RETENTION = relativedelta(months=3)


def hand_over_statistics(
    office: Office,
    receiver: Agency,
    month: str,
    statistics: Statistics,
    today: date,
    *,
    calendar: WorkingCalendar,
    corrects: bool = False,
    simulation: bool = False,
) -> Dispatch:
    """Make the default hand-over of a month (二(一)): counts, structure and distribution, small counts suppressed.

    Args:
        office: The sending office.
        receiver: The receiving agency.
        month: The month, such as 2011-10.
        statistics: The counts; what is small is suppressed here. Where that was done before, they are looked through by their sums.
        today: The day.
        calendar: The working calendar, for the deadline.
        corrects: Whether it takes the place of what was made for the month before. What that one hid stays hidden (see `suppressed`).
        simulation: Whether it is none in earnest; it is marked as a test.

    Raises:
        NotYetIssued: Before the document.
        Invalid: If the offices are no two parties of one exchange, the month is none, the counts are of another division, or
            a hand-over of the month is there already; if suppressed cells came and a small count can be worked out, or
            would from this table and the revision before; or if that one is gone; with every problem.
        NotAnnounced: If no notice arranges the month.
    """
    draft = Draft(office, receiver, PackageKind.STATISTICS, month, today, test=simulation)
    if statistics.parent != office.agency.division:
        fact = f"came the counts of {statistics.parent}, expected those of {office.agency.division}"
        raise Invalid("hand-over", (Problem("statistics", fact),))
    published = suppressed(statistics, draft.counts_before(corrects=corrects))
    table = [dict(zip(COLUMNS, row, strict=True)) for row in rows(published)]
    facts: dict[str, Any] = {"threshold": statistics.threshold}
    return draft.made([{"counts": table}], draft.due(calendar), facts, corrects=corrects)[0]


def hand_over_records(
    office: Office,
    receiver: Agency,
    kind: PackageKind,
    month: str,
    *,
    parts: Sequence[Tables],
    today: date,
    calendar: WorkingCalendar,
    join_key: str = "",
    basis: LegalBasis = FLOATING_POPULATION_2009,
    action: PackageAction = PackageAction.SNAPSHOT,
    retain_until: date | None = None,
    corrects: bool = False,
    simulation: bool = False,
) -> tuple[Dispatch, ...]:
    """Make a hand-over of cases or changes (二(一)), which is opt-in and needs a law in force today.

    Args:
        office: The sending office.
        receiver: The receiving agency.
        kind: CASES or CHANGES.
        month: The month, such as 2011-10.
        parts: For each package of the hand-over, usually one: its tables, with rows such as `Case.row()` gives, in order of key.
        today: The day; the data are of this day.
        calendar: The working calendar, for the deadline.
        join_key: Of cases: the label of the key that both offices agreed.
        basis: The law; that of the document ended in September 2021. An adopter who has another names it, with its interval.
        action: Whether the rows are all there are, or change what came before.
        retain_until: The last day on which the receiver may keep them; three months from today unless said otherwise, and not
            beyond the law.
        corrects: Whether it takes the place of what was made for the month before.
        simulation: Whether it is none in earnest; it is marked as a test.

    Raises:
        NotYetIssued: Before the document.
        NoLegalBasis: If the law has ended.
        NotModelled: If another law governed before it.
        Invalid: If the offices are no two parties of one exchange, the month is none, rows do not fit, or a hand-over of
            the month is there already; with every problem.
        NotAnnounced: If no notice arranges the month.
    """
    draft = Draft(office, receiver, kind, month, today, test=simulation)
    basis.require(f"互换{kind.zh}（二(一)）", today)
    facts: dict[str, Any] = {
        "action": action,
        "basis": basis,
        "join_key": join_key,
        "retain_until": retain_until or _kept_until(basis, today),
    }
    return draft.made(parts, draft.due(calendar), facts, corrects=corrects)


def ask_corrections(
    office: Office,
    provider: Agency,
    month: str,
    corrections: Iterable[Mapping[str, str]],
    *,
    today: date,
    join_key: str,
    basis: LegalBasis = FLOATING_POPULATION_2009,
    retain_until: date | None = None,
    simulation: bool = False,
) -> Dispatch:
    """Make a correction request after a reconciliation: it travels back to the provider as a package of its own.

    Args:
        office: The office that asks.
        provider: The agency that handed over what is to be corrected.
        month: The month of the round.
        corrections: The rows of `CORRECTIONS`, in order.
        today: The day.
        join_key: The label of the key that both offices agreed.
        basis: The law.
        retain_until: The last day on which the provider may keep it; three months from today unless said otherwise, and not
            beyond the law.
        simulation: Whether it is none in earnest.

    Raises:
        NotYetIssued: Before the document.
        NoLegalBasis: If the law has ended.
        Invalid: If rows do not fit; with every problem.
    """
    draft = Draft(office, provider, PackageKind.CORRECTION, month, today, test=simulation)
    basis.require("请求更正流动人口个案（二(一)）", today)
    facts: dict[str, Any] = {
        "basis": basis,
        "join_key": join_key,
        "retain_until": retain_until or _kept_until(basis, today),
    }
    return draft.made([{"corrections": corrections}], today + RETENTION, facts, corrects=True)[0]


def _kept_until(basis: LegalBasis, today: date) -> date:
    last = today + RETENTION
    return min(last, basis.until) if basis.until else last


def send(office: Office, today: date, *, unanswered: bool = False) -> tuple[Dispatch, ...]:
    """Send what was made and not sent, or is to be sent again, and return it.

    What is past its last day of keeping, or is gone from the office's packages, is not sent: it is recorded as expired, returned among
    the others, and hinders none of them.

    Args:
        office: The office.
        today: The day.
        unanswered: Whether to send again also what was sent and is not known to be applied or rejected: it, or its receipt, may
            have been lost. So may what came unproven or too large be sent again. The receiver takes a package once, however often
            it comes, and answers each time.

    Raises:
        Unreachable: If the channel cannot be reached; what was sent before stays sent.
        LedgerMoved: If another run of the same office recorded first; the next run goes on.
    """
    head, sent = office.ledger.head(), []
    for dispatch in sorted(office.ledger.dispatches(), key=lambda one: (one.made, one.id)):
        if dispatch.waits_to_be_sent or (unanswered and not dispatch.is_ended):
            after = _published(office, dispatch, today)
            head = office.ledger.keep([after] if after != dispatch else [], head)
            sent.append(after)
    return tuple(sent)


def _published(office: Office, dispatch: Dispatch, today: date) -> Dispatch:
    if dispatch.manifest.is_past_retention(today):
        return dispatch.after_expiry()
    try:
        folder = office.packages.made(dispatch.id, dispatch.digest)
    except NoSuchPackage:
        return dispatch.after_expiry()
    office.channel.publish(dispatch.manifest.receiver, folder)
    return dispatch.after_sending(today)
