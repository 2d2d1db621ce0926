"""信息互换 (二): the round of a month. Three parties, each owes the two others: six directed hand-overs.

The clause says 互换一次 and not how; all pairs is our reading. A hand-over may hold statistics, cases or changes.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import permutations

import attrs

from migrant_fp.domain.agency import Agency, NamedPerson
from migrant_fp.domain.clause import Clause
from migrant_fp.domain.errors import Invalid, Problem
from migrant_fp.domain.finding import Finding
from migrant_fp.domain.hand_over import (
    Deadline,
    DeadlinePolicy,
    HandOver,
    HandOverEvent,
    HandOverState,
    Timeliness,
)
from migrant_fp.domain.privacy import masked
from migrant_fp.schedule.calendar import WorkingCalendar
from migrant_fp.schedule.counting import add_working_days
from migrant_fp.schedule.occurrence import Occurrence
from migrant_fp.schedule.term import Term


class Content(Term):
    """What a hand-over holds (二(一))."""

    STATISTICS = ("statistics", "流动人口数量、结构、分布等数据")
    CASES = ("cases", "流动人口个案")
    CHANGES = ("changes", "流动人口动态变化信息")

    @property
    def is_personal(self) -> bool:
        """Whether it is about single persons, and so needs a law in force."""
        return self is not Content.STATISTICS


@attrs.frozen
class Round:
    """The exchange of one month among the three parties of one division.

    Attributes:
        id: The id of the occurrence and the code of the division.
        month: The month, such as 2011-10.
        parties: The three agencies.
        contents: What is handed over in this round.
        nominal: The deadline as written.
        last_working_day: The last working day on or before it.
        without_working_day: Whether the month had no working day up to it.
        hand_overs: The six directed hand-overs.
    """

    id: str
    month: str
    parties: tuple[Agency, ...]
    contents: tuple[Content, ...]
    nominal: date
    last_working_day: date
    without_working_day: bool
    hand_overs: tuple[HandOver, ...]

    @classmethod
    def opened(
        cls,
        occurrence: Occurrence,
        parties: Iterable[Agency],
        contents: Iterable[Content] = (Content.STATISTICS,),
    ) -> Round:
        """Return the round that an occurrence of the exchange opens.

        Args:
            occurrence: From `plan` of EXCHANGE_DISTRICT or EXCHANGE_TOWN.
            parties: The three parties, as `Agencies.parties` returns them.
            contents: What is handed over; statistics alone by default (least data).

        Raises:
            Invalid: If there are not three parties of three roles and one division, or no content.
        """
        three, held = tuple(parties), {*contents}
        problems = []
        if len(three) != 3 or len({a.role for a in three}) != 3:  # noqa: PLR2004 - the three parties of 二(二)
            problems.append(Problem("parties", "expected three agencies, one of each role"))
        if len({(agency.level, agency.division) for agency in three}) > 1:
            problems.append(Problem("parties", "are not of one level and division"))
        if not held:
            problems.append(Problem("contents", "is empty; expected statistics, cases or changes (二(一))"))
        if problems:
            raise Invalid(occurrence.id, tuple(problems))
        name = f"{occurrence.id}/{three[0].division}"
        return cls(
            name,
            occurrence.period.label if occurrence.period else str(occurrence.last),
            three,
            tuple(content for content in Content if content in held),
            occurrence.last,
            occurrence.act_by or occurrence.last,
            not occurrence.working_days,
            tuple(
                HandOver(f"{name}/{a.role.value}-{b.role.value}", a.id, b.id)
                for a, b in permutations(three, 2)
            ),
        )

    def hand_over(self, sender: str, receiver: str) -> HandOver:
        """Return the hand-over from one agency to another.

        Raises:
            Invalid: If the round has none such.
        """
        for one in self.hand_overs:
            if (one.sender, one.receiver) == (sender, receiver):
                return one
        names = "、".join(agency.id for agency in self.parties)
        raise Invalid(
            self.id, (Problem("parties", f"no hand-over between these two; the parties are {names}"),)
        )

    def after(self, hand_over: str, event: HandOverEvent, on: date, reason: str = "") -> Round:
        """Return the round after an event of one of its hand-overs, named by its id.

        Raises:
            WrongState: If the event is not allowed in the state of the hand-over.
            Invalid: If the round has no such hand-over, the day lies before the last event, or a return has no reason
                that is a code.
        """
        if hand_over not in {one.id for one in self.hand_overs}:
            ids = "、".join(one.id for one in self.hand_overs)
            raise Invalid(
                self.id, (Problem("hand_over", f"came {masked(hand_over)}, expected one of {ids}"),)
            )
        return attrs.evolve(
            self,
            hand_overs=tuple(
                one.after(event, on, reason) if one.id == hand_over else one for one in self.hand_overs
            ),
        )

    def deadline(
        self, calendar: WorkingCalendar, policy: DeadlinePolicy = DeadlinePolicy.EXCUSED
    ) -> Deadline:
        """Return the last day of the round, as an adopter's policy reads it.

        Policies differ only where the month had no working day up to the deadline: every October, and some other months.

        Args:
            calendar: The working calendar; asked only where the policy needs the next working day.
            policy: What to make of such a month.

        Raises:
            NotAnnounced: If the next working day is asked for and lies beyond the calendar.
        """
        if not self.without_working_day or policy is DeadlinePolicy.AS_WRITTEN:
            return Deadline(self.nominal)
        if policy is DeadlinePolicy.PREVIOUS_WORKING_DAY:
            return Deadline(self.last_working_day)
        following = add_working_days(self.nominal, 1, calendar)
        if policy is DeadlinePolicy.NEXT_WORKING_DAY:
            return Deadline(following)
        return Deadline(self.nominal, excused_until=following)


@attrs.frozen
class Position:
    """How one hand-over of a round stands on a day.

    Attributes:
        hand_over: The hand-over, as it stood on the day.
        sender: The sending agency.
        receiver: The receiving agency.
        timeliness: How it stands to its deadline.
    """

    hand_over: HandOver
    sender: Agency
    receiver: Agency
    timeliness: Timeliness


def positions(
    exchange: Round, today: date, calendar: WorkingCalendar, policy: DeadlinePolicy = DeadlinePolicy.EXCUSED
) -> tuple[Position, ...]:
    """Return how each of the six hand-overs stands on a day: who owes whom."""
    deadline = exchange.deadline(calendar, policy)
    by_id = {agency.id: agency for agency in exchange.parties}
    return tuple(
        Position(one, by_id[one.sender], by_id[one.receiver], one.timeliness(deadline, today))
        for one in (hand_over.as_of(today) for hand_over in exchange.hand_overs)
    )


def round_findings(
    exchange: Round,
    today: date,
    calendar: WorkingCalendar,
    clause: Clause,
    *,
    policy: DeadlinePolicy = DeadlinePolicy.EXCUSED,
    named: Iterable[NamedPerson] = (),
) -> tuple[Finding, ...]:
    """Return what is owed in a round on a day: hand-overs that are missing, late, returned, not yet answered, or not yet decided on.

    Args:
        exchange: The round.
        today: The day.
        calendar: The working calendar.
        clause: 二(二) of the document.
        policy: What to make of a month without a working day up to the deadline.
        named: The named persons of the offices, for the findings to name their record ids.
    """
    last = exchange.deadline(calendar, policy).last
    through = {person.agency: person.staff for person in named if person.stands(today)}
    found = []
    for place in positions(exchange, today, calendar, policy):
        for code, owed_by, action, action_en in _owed(place, today, last):
            found.append(
                Finding(
                    code,
                    clause,
                    owed_by.name(today) + owed_by.section,
                    action,
                    action_en,
                    place.hand_over.id,
                    last,
                    through=through.get(owed_by.id, ""),
                )
            )
    return tuple(found)


def _owed(place: Position, today: date, last: date) -> Iterable[tuple[str, Agency, str, str]]:
    state, to = place.hand_over.state, place.receiver.name(today)
    if place.timeliness is Timeliness.MISSING:
        yield "hand-over-missing", place.sender, f"向{to}移交信息", "hand the data over"
    if place.timeliness is Timeliness.LATE:
        yield "hand-over-late", place.sender, f"说明逾期向{to}移交的原因", "explain the late hand-over"
    if state is HandOverState.RETURNED:
        yield "hand-over-returned", place.sender, f"更正后重新向{to}移交", "correct it and hand it over again"
    if state is HandOverState.SENT and today > last + timedelta(1):
        yield "hand-over-unanswered", place.receiver, "确认收到", "confirm its receipt"
    if state is HandOverState.RECEIVED and today > last + timedelta(1):
        yield "hand-over-undecided", place.receiver, "接受或者退回", "accept it or return it"
