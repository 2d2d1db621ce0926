"""Article 二: the round of a month is opened, its hand-overs are recorded, and what is owed is told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from migrant_fp.domain.agency import Agencies, Agency, Role, without_named_person
from migrant_fp.domain.clause import LegalBasis
from migrant_fp.domain.coordinators_meeting import require_month
from migrant_fp.domain.duty import Level
from migrant_fp.domain.errors import Invalid, Problem
from migrant_fp.domain.exchange import Content, Round, round_findings
from migrant_fp.domain.finding import Finding
from migrant_fp.domain.hand_over import DeadlinePolicy, HandOverEvent
from migrant_fp.ports.registers import NoSuchRecord
from migrant_fp.ports.unit_of_work import UnitOfWork
from migrant_fp.regulations.changzhou_2011_134 import DOCUMENT, EXCHANGE_DISTRICT, EXCHANGE_TOWN
from migrant_fp.regulations.changzhou_agencies import AGENCIES
from migrant_fp.regulations.national_law import FLOATING_POPULATION_2009
from migrant_fp.schedule.calendar import WorkingCalendar
from migrant_fp.schedule.occurrence import Occurrence, plan

_DUTY = {Level.DISTRICT: EXCHANGE_DISTRICT, Level.TOWN: EXCHANGE_TOWN}
_PERSONAL = "互换流动人口个案和动态变化信息（二(一)）"


def open_round(
    work: UnitOfWork,
    parties: Sequence[Agency],
    month: str,
    calendar: WorkingCalendar,
    today: date,
    *,
    contents: Iterable[Content] = (Content.STATISTICS,),
    basis: LegalBasis = FLOATING_POPULATION_2009,
) -> Round:
    """Put the round of a month on record (二(二)); one that is there with the same contents is returned as it stands.

    Args:
        work: The unit of work.
        parties: The three parties of a district or a town, as `Agencies.parties` returns them.
        month: The month, such as 2011-10.
        calendar: The working calendar.
        today: The day.
        contents: What is handed over; statistics alone by default. Cases and changes are personal data.
        basis: The law on which cases and changes are handed over; that of the document ended in September 2021.

    Raises:
        Invalid: If there are not three parties of one division, of a district or a town, the month is none, or the
            round is on record with other contents.
        NotYetIssued: If today or the month's deadline lies before the document.
        NoLegalBasis: For cases or changes, if the law has ended by today or by the deadline.
        NotAnnounced: If no notice arranges the month.
    """
    DOCUMENT.require(today)
    occurrence = exchange_of(parties[0].level if parties else Level.CITY, month, calendar)
    DOCUMENT.require(occurrence.last)
    opened = Round.opened(occurrence, parties, contents)
    for on in (today, occurrence.last):
        _require_basis(opened, basis, on)
    try:
        kept = work.rounds.get(opened.id)
    except NoSuchRecord:
        work.rounds.put(opened)
        return opened
    _refuse_other_contents(kept, opened)
    return kept


def record_hand_over(
    work: UnitOfWork,
    hand_over: str,
    event: HandOverEvent,
    today: date,
    reason: str = "",
    *,
    basis: LegalBasis = FLOATING_POPULATION_2009,
) -> Round:
    """Record what happened to one hand-over of a round today.

    Args:
        work: The unit of work.
        hand_over: The id of the hand-over, as `Round.hand_over(sender, receiver).id`.
        event: What happened.
        today: The day.
        reason: Of a return: why, as a code such as counts:differ.
        basis: The law on which cases and changes are handed over, where the round holds any.

    Raises:
        NoSuchRecord: If there is no such round.
        NotYetIssued: Before the document.
        NoLegalBasis: If the round holds cases or changes, and the law has ended.
        WrongState: If the event is not allowed in the state of the hand-over.
        Invalid: If there is no such hand-over, the day lies before the last event, or a return has no reason that is a
            code.
    """
    DOCUMENT.require(today)
    exchange = work.rounds.get(hand_over.rpartition("/")[0])
    _require_basis(exchange, basis, today)
    after = exchange.after(hand_over, event, today, reason)
    work.rounds.put(after)
    return after


def round_state(
    work: UnitOfWork,
    month: str,
    today: date,
    calendar: WorkingCalendar,
    policy: DeadlinePolicy = DeadlinePolicy.EXCUSED,
    *,
    agencies: Agencies = AGENCIES,
    basis: LegalBasis = FLOATING_POPULATION_2009,
) -> tuple[Finding, ...]:
    """Return what is owed in the rounds of a month on a day, offices without a named person (专人) first.

    A round that nobody opened is owed all the same, by each three parties of *agencies* that stand on its deadline, while the law
    stands on the deadline and today. A round on record is told whenever it is asked for.

    Args:
        work: The unit of work.
        month: The month, such as 2011-10.
        today: The day.
        calendar: The working calendar.
        policy: What to make of a month without a working day up to the deadline.
        agencies: The agencies concerned; those of the districts by default. A town supplies its own.
        basis: The law on which the exchange rests.

    Raises:
        NotYetIssued: Before the document.
        NoLegalBasis: If a round on record holds cases or changes, and the law has ended.
        Invalid: If the month is none, or one of three parties is missing in *agencies*.
        NotAnnounced: If no notice arranges the month, or the next working day is asked for and lies beyond the calendar.
    """
    DOCUMENT.require(today)
    require_month("rounds", month)
    clause, named = DOCUMENT.clause("二(二)"), work.named_persons.standing(today)
    found: list[Finding] = []
    owed = _owed_rounds(month, calendar, agencies, basis) if basis.in_force(today) else ()
    by_id = {one.id: one for one in (*owed, *work.rounds.of(month))}
    for exchange in [by_id[name] for name in sorted(by_id)]:
        _require_basis(exchange, basis, today)
        found += without_named_person(exchange.parties, named, today, clause)
        found += round_findings(exchange, today, calendar, clause, policy=policy, named=named)
    return tuple(found)


def exchange_of(level: Level, month: str, calendar: WorkingCalendar) -> Occurrence:
    """Return when the exchange of a month falls due at a level (二(二)).

    Args:
        level: District or town.
        month: The month, such as 2011-10.
        calendar: The working calendar.

    Raises:
        Invalid: If the level does not exchange, or the month is none.
        NotAnnounced: If no notice arranges the month.
    """
    require_month("round", month)
    if level not in _DUTY:
        fact = f"came {level.value}, expected district or town (二(二))"
        raise Invalid("round", (Problem("level", fact),))
    planned = plan(_DUTY[level], int(month[:4]), calendar)
    return next(one for one in planned if one.period and one.period.label == month)


def _owed_rounds(
    month: str, calendar: WorkingCalendar, agencies: Agencies, basis: LegalBasis
) -> Iterator[Round]:
    """Yield the rounds that the document has the agencies hold in a month, as if they had been opened."""
    by_place: dict[tuple[Level, str], list[Agency]] = {}
    for agency in sorted(agencies.members, key=lambda one: [*Role].index(one.role)):
        by_place.setdefault((agency.level, agency.division), []).append(agency)
    for (level, _), parties in by_place.items():
        if level not in _DUTY:
            continue
        occurrence = exchange_of(level, month, calendar)
        lawful = occurrence.last >= DOCUMENT.issued and basis.in_force(occurrence.last)
        if lawful and all(party.stands(occurrence.last) for party in parties):
            yield Round.opened(occurrence, parties)


def _require_basis(exchange: Round, basis: LegalBasis, on: date) -> None:
    if any(content.is_personal for content in exchange.contents):
        basis.require(_PERSONAL, on)


def _refuse_other_contents(kept: Round, opened: Round) -> None:
    if kept.contents == opened.contents:
        return
    held, came = ("、".join(one.value for one in each.contents) for each in (kept, opened))
    fact = f"came {came}, but the round is on record with {held}: its contents do not change; hand the rest over next month"
    raise Invalid(opened.id, (Problem("contents", fact),))
