"""Article 二 on a day: where each hand-over of an office stands, and what is owed, by whom, through which named person."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

import attrs

from migrant_fp.application.exchange import exchange_of
from migrant_fp.application.office import Office
from migrant_fp.domain.agency import Agencies, NamedPerson, without_named_person
from migrant_fp.domain.arrival import Arrival, ArrivalState
from migrant_fp.domain.exchange import Content, Position, Round, positions, round_findings
from migrant_fp.domain.finding import Finding
from migrant_fp.domain.hand_over import DeadlinePolicy, HandOver
from migrant_fp.domain.round_progress import progressed, unanswered_corrections
from migrant_fp.regulations.changzhou_2011_134 import DOCUMENT
from migrant_fp.regulations.changzhou_agencies import AGENCIES
from migrant_fp.schedule.calendar import WorkingCalendar

_HELD = {ArrivalState.HELD_PARTIAL, ArrivalState.HELD_OUT_OF_ORDER}
_CLAUSE = "二(二)"


@attrs.frozen
class ExchangeStatus:
    """Where the exchange of an office stands on a day.

    Attributes:
        round: The round of the month, as far as the office sees it.
        positions: The four hand-overs that the office sends or receives; the other two it does not see.
        findings: What is owed in them; also an answer to a correction of what was accepted, from the second day after it was sent.
        held: Packages that wait for another.
    """

    round: Round
    positions: tuple[Position, ...]
    findings: tuple[Finding, ...]
    held: tuple[Arrival, ...]


def exchange_status(
    office: Office,
    month: str,
    today: date,
    *,
    calendar: WorkingCalendar,
    agencies: Agencies = AGENCIES,
    contents: Iterable[Content] = (Content.STATISTICS,),
    policy: DeadlinePolicy = DeadlinePolicy.EXCUSED,
    named: Iterable[NamedPerson] = (),
) -> ExchangeStatus:
    """Return where the hand-overs of a month stand, for one office.

    Args:
        office: The office.
        month: The month, such as 2011-10.
        today: The day.
        calendar: The working calendar.
        agencies: The agencies, among them the two other parties.
        contents: What is handed over in the round.
        policy: What to make of a month without a working day up to the deadline.
        named: The named persons of the offices (专人); an office without one is a finding. Where none at all are given, nothing
            is known of them, and nothing is found.

    Raises:
        NotYetIssued: Before the document, or for a month before it.
        NoSuchAgency: If another party is not among the agencies.
        Invalid: If the month is none.
        NotAnnounced: If no notice arranges the month.
    """
    DOCUMENT.require(today)
    mine, people = office.agency, tuple(named)
    parties = agencies.parties(mine.level, mine.division)
    opened = Round.opened(exchange_of(mine.level, month, calendar), parties, contents)
    DOCUMENT.require(opened.nominal)
    dispatches, arrivals = office.ledger.dispatches(), office.ledger.arrivals()
    now = progressed(opened, dispatches, arrivals, today)
    seen = attrs.evolve(
        now, hand_overs=tuple(one for one in now.hand_overs if mine.id in {one.sender, one.receiver})
    )
    clause = DOCUMENT.clause(_CLAUSE)
    found = without_named_person(parties, people, today, clause) if people else ()
    found += round_findings(seen, today, calendar, clause, policy=policy, named=people)
    found += tuple(
        _corrections(now, unanswered_corrections(opened, dispatches, arrivals, today), today, people)
    )
    held = tuple(one for one in arrivals if one.state in _HELD)
    return ExchangeStatus(now, positions(seen, today, calendar, policy), found, held)


def _corrections(
    exchange: Round, waiting: Iterable[tuple[HandOver, date]], today: date, people: Iterable[NamedPerson]
) -> Iterator[Finding]:
    """Yield an answer that is owed for each correction of what was accepted."""
    through = {person.agency: person.staff for person in people if person.stands(today)}
    parties = {agency.id: agency for agency in exchange.parties}
    for hand_over, sent in waiting:
        if today > sent + timedelta(1):
            receiver, clause = parties[hand_over.receiver], DOCUMENT.clause(_CLAUSE)
            yield Finding(
                "correction-unanswered",
                clause,
                receiver.name(today) + receiver.section,
                "答复更正后的移交",
                "answer the corrected hand-over",
                hand_over.id,
                through=through.get(receiver.id, ""),
            )
