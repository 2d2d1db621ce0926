"""Article 二: the round of a month is opened, its hand-overs are recorded, and what is owed is told."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date

from migrant_fp.domain.agency import Agency, without_named_person
from migrant_fp.domain.clause import LegalBasis
from migrant_fp.domain.duty import Level
from migrant_fp.domain.errors import Invalid, Problem
from migrant_fp.domain.exchange import (
    Content,
    DeadlinePolicy,
    HandOverEvent,
    Round,
    round_findings,
)
from migrant_fp.domain.finding import Finding
from migrant_fp.ports.registers import NoSuchRecord
from migrant_fp.ports.unit_of_work import UnitOfWork
from migrant_fp.regulations.changzhou_2011_134 import DOCUMENT, EXCHANGE_DISTRICT, EXCHANGE_TOWN
from migrant_fp.regulations.national_law import FLOATING_POPULATION_2009
from migrant_fp.schedule.calendar import WorkingCalendar
from migrant_fp.schedule.occurrence import Occurrence, plan

_DUTY = {Level.DISTRICT: EXCHANGE_DISTRICT, Level.TOWN: EXCHANGE_TOWN}
_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


def open_round(
    work: UnitOfWork,
    parties: Sequence[Agency],
    month: str,
    calendar: WorkingCalendar,
    *,
    contents: Iterable[Content] = (Content.STATISTICS,),
    basis: LegalBasis = FLOATING_POPULATION_2009,
) -> Round:
    """Put the round of a month on record (二(二)); one that is there stays as it is.

    Args:
        work: The unit of work.
        parties: The three parties of a district or a town, as `Agencies.parties` returns them.
        month: The month, such as 2011-10.
        calendar: The working calendar.
        contents: What is handed over; statistics alone by default. Cases and changes are personal data.
        basis: The law on which cases and changes are handed over; that of the document ended in September 2021.

    Raises:
        Invalid: If there are not three parties of one division, of a district or a town, or the month is none.
        NotYetIssued: If the month's deadline lies before the document.
        NoLegalBasis: For cases or changes, once the law has ended.
        NotAnnounced: If no notice arranges the month.
    """
    held = tuple(contents)
    occurrence = _occurrence(parties, month, calendar)
    DOCUMENT.require(occurrence.last)
    if {Content.CASES, Content.CHANGES} & {*held}:
        basis.require("互换流动人口个案和动态变化信息（二(一)）", occurrence.last)
    opened = Round.opened(occurrence, parties, held)
    try:
        return work.rounds.get(opened.id)
    except NoSuchRecord:
        work.rounds.put(opened)
        return opened


def record_hand_over(
    work: UnitOfWork, hand_over: str, event: HandOverEvent, today: date, reason: str = ""
) -> Round:
    """Record what happened to one hand-over of a round today.

    Args:
        work: The unit of work.
        hand_over: The id of the hand-over, as `Round.hand_over(sender, receiver).id`.
        event: What happened.
        today: The day.
        reason: Of a return: why, as a code without personal data.

    Raises:
        NoSuchRecord: If there is no such round.
        WrongState: If the event is not allowed in the state of the hand-over.
        Invalid: If there is no such hand-over, the day lies before the last event, or a return has no reason.
    """
    after = work.rounds.get(hand_over.rpartition("/")[0]).after(hand_over, event, today, reason)
    work.rounds.put(after)
    return after


def round_state(
    work: UnitOfWork,
    month: str,
    today: date,
    calendar: WorkingCalendar,
    policy: DeadlinePolicy = DeadlinePolicy.EXCUSED,
) -> tuple[Finding, ...]:
    """Return what is owed in the rounds of a month on a day, offices without a named person (专人) first.

    Args:
        work: The unit of work.
        month: The month, such as 2011-10.
        today: The day.
        calendar: The working calendar.
        policy: What to make of a month without a working day up to the deadline.

    Raises:
        NotYetIssued: Before the document.
        NotAnnounced: If the next working day is asked for and lies beyond the calendar.
    """
    DOCUMENT.require(today)
    clause, named = DOCUMENT.clause("二(二)"), work.named_persons.standing(today)
    found: list[Finding] = []
    for exchange in work.rounds.of(month):
        found += without_named_person(exchange.parties, named, today, clause)
        found += round_findings(exchange, today, calendar, clause, policy=policy, named=named)
    return tuple(found)


def _occurrence(parties: Sequence[Agency], month: str, calendar: WorkingCalendar) -> Occurrence:
    level = parties[0].level if parties else Level.CITY
    if level in _DUTY and _MONTH.fullmatch(month):
        for one in plan(_DUTY[level], int(month[:4]), calendar):
            if one.period and one.period.label == month:
                return one
    fact = f"came {month[:20]} at level {level.value}, expected a month such as 2011-10 of a district or town (二(二))"
    raise Invalid("round", (Problem("month", fact),))
