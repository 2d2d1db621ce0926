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
    POPULATION_LAWS,
)

_PLAN = ("migrant_fp.schedule.occurrence.plan", "migrant_fp.application.schedule_year.schedule_year")
_DOCUMENT = "migrant_fp.regulations.changzhou_2011_134."
_FORM = "migrant_fp.regulations.changzhou_form."
_DOMAIN, _ACT = "migrant_fp.domain.", "migrant_fp.application."
_TOPICS = (_DOMAIN + "coordinators_meeting.Topic", _ACT + "coordinate.hold_coordinators_meeting")
_AGENDA = (
    _DOMAIN + "meeting.AgendaItem",
    _DOMAIN + "meeting.JointMeeting",
    _DOMAIN + "meeting_findings.agenda_findings",
    _ACT + "meet.hold",
)
#: Public names by the clause they implement, innermost room first. `tests/clauses` fails where a name does not exist or
#: a clause has none. A heading is implemented by what implements the clauses under it.
_IMPLEMENTED_BY: dict[str, tuple[str, ...]] = {
    "一(一)": (
        _DOMAIN + "meeting.Post",
        _DOMAIN + "meeting.CONVENERS",
        _DOMAIN + "meeting_findings.absent_findings",
        _ACT + "meet.hold",
    ),
    "一(二)": (
        _DOCUMENT + "JOINT_MEETING",
        *_PLAN,
        _DOMAIN + "meeting.JointMeeting",
        _DOMAIN + "meeting_findings.quarter_findings",
        *(
            _ACT + f"meet.{name}"
            for name in (
                *("planned_joint_meetings", "open_joint_meetings", "hold", "meetings_owed"),
                *("propose", "agree", "schedule", "postpone", "cancel"),
            )
        ),
    ),
    **dict.fromkeys((f"一(三){n}" for n in range(1, 6)), _AGENDA),
    "一(三)4": (*_AGENDA, _ACT + "meet.minute"),
    "一(四)": (
        _DOMAIN + "meeting.Minutes",
        _ACT + "meet.minute",
        _ACT + "meet.dispatch",
        _ACT + "meet.acknowledge",
    ),
    "二(一)": (
        _DOMAIN + "exchange.Content",
        _DOMAIN + "statistics.suppressed",
        _DOMAIN + "hand_over_record.Case",
        _DOMAIN + "hand_over_record.Change",
        _ACT + "exchange.open_round",
        _ACT + "hand_over.hand_over_statistics",
        _ACT + "hand_over.hand_over_records",
    ),
    "二(二)": (
        _DOCUMENT + "EXCHANGE_DISTRICT",
        _DOCUMENT + "EXCHANGE_TOWN",
        *_PLAN,
        _DOMAIN + "agency.Agencies",
        _DOMAIN + "exchange.Round",
        _DOMAIN + "round_progress.progressed",
        _ACT + "exchange.round_state",
        _ACT + "exchange_status.exchange_status",
        _ACT + "reconcile.reconcile",
    ),
    "二(三)": (
        _DOMAIN + "hand_over.HandOver",
        _DOMAIN + "arrival.decide",
        _ACT + "exchange.record_hand_over",
        _ACT + "hand_over.send",
        _ACT + "receive.receive",
    ),
    "三(一)": (
        _DOCUMENT + "COORDINATORS_MEETING",
        *_PLAN,
        _DOMAIN + "coordinators_meeting.CoordinatorsMeeting",
        *(
            _ACT + f"coordinate.{name}"
            for name in (
                *("planned_coordinators_meeting", "open_coordinators_meeting"),
                *("propose_day", "consent_to_day"),
            )
        ),
    ),
    "三(二)1": _TOPICS,
    "三(二)2": (*_TOPICS, _DOMAIN + "coordinators_meeting.open_tasks", _ACT + "assess.assess_staff"),
    "三(二)3": (*_TOPICS, _DOMAIN + "coordinators_meeting.Task"),
    "三(二)4": _TOPICS,
    "四(一)1": (_DOMAIN + "form.RegistrationForm", _FORM + "BASIC"),
    "四(一)2": (_DOMAIN + "form_gaps.asks_eight", _FORM + "EIGHT_INFERRED"),
    "四(一)3": (_DOMAIN + "certificate.Certificate", _ACT + "inspect.record_certificate"),
    "四(一)4": (_DOMAIN + "form_items.Item", _DOMAIN + "form.FormSettings", _FORM + "POLICY_ITEMS"),
    "四(二)": (_DOMAIN + "staff.Pair", _DOMAIN + "staff.not_provided", _ACT + "collect.record_form"),
    "四(三)": (
        _DOMAIN + "form_gaps.gaps",
        _DOMAIN + "form_reading.read_form",
        _DOMAIN + "collection.entry_for",
        _ACT + "collect.enter",
        _ACT + "collect.correct_form",
    ),
    "四(四)": (_DOMAIN + "collection.CollectionCard", _ACT + "collect.give_card"),
    "四(五)": (
        _DOMAIN + "certificate.Certificate",
        _ACT + "desk.permit_desk",
        _ACT + "desk.SUBMIT_CERTIFICATE",
        _ACT + "inspect.inspect_at_permit_desk",
    ),
    "四(六)": (_ACT + "desk.service_station", _ACT + "inspect.inspect_at_service_station"),
    "五.1": (
        _DOCUMENT + "ANNUAL_COMMENDATION",
        *_PLAN,
        _DOMAIN + "commendation.select",
        _DOMAIN + "commendation.commendation_findings",
        *(
            _ACT + f"commend.{name}"
            for name in ("nominate", "choose", "consent", "announce", "commendation_owed")
        ),
    ),
    "五.2": (
        _DOMAIN + "reward.Report",
        _ACT + "reward.submit_report",
        _ACT + "reward.verify_report",
        _ACT + "reward.grant_reward",
    ),
    "五.3": (
        _DOMAIN + "assessment_system.system_for",
        _ACT + "adopt.adopt_system",
        _ACT + "adopt.system_of",
        "migrant_fp.regulations.changzhou_divisions.BY_ANALOGY",
    ),
}
#: The clauses that rest on other laws than the 条例. What a report could be rewarded for lost its meaning with the amendment of
#: 2021-08-20 (our inference).
_BASES = {"五.1": POPULATION_LAWS, "五.2": (POPULATION_LAW_2001, POPULATION_LAW_2015)}


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

    @property
    def is_heading(self) -> bool:
        """Whether other clauses stand under it."""
        return any(
            one.number.startswith(self.clause.number) and one != self.clause for one in DOCUMENT.clauses
        )

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
        yield IndexedClause(clause, bases, valid, _implemented_by(clause.number))


def _implemented_by(number: str) -> tuple[str, ...]:
    under = (names for other, names in _IMPLEMENTED_BY.items() if other.startswith(number))
    return tuple(dict.fromkeys(name for names in under for name in names))


def _bases(clause: Clause) -> tuple[LegalBasis, ...]:
    return _BASES.get(clause.number, (FLOATING_POPULATION_2009,))
