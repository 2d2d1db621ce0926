"""百佳流动人口计划生育服务信息采集员 (五.1): up to a hundred collectors a year, commended by three bodies together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from fractions import Fraction

import attrs

from migrant_fp.domain.agency import Role
from migrant_fp.domain.clause import Clause
from migrant_fp.domain.errors import Invalid, Problem
from migrant_fp.domain.finding import Finding
from migrant_fp.domain.life_cycle import LifeCycle
from migrant_fp.schedule.term import Term

#: 百佳.
LIMIT = 100


class TieRule(Term):
    """What becomes of those who tie for the last places; the document has no rule, so it is the adopter's."""

    LEAVE_OUT = ("leave_out", "末位并列者均不列入（默认，本库自定）")
    EARLIER_NOMINATION = ("earlier_nomination", "末位并列者先提名者列入")


@attrs.frozen
class CommendationSettings:
    """An adopter's settings; the document gives the name and the number, and nothing else.

    Attributes:
        limit: How many at most.
        months: In how many months of the year a collector must have been assessed; the default is ours.
        least: The least score; the default is ours.
        ties: What becomes of those who tie for the last places; the default is ours.
    """

    limit: int = LIMIT
    months: int = 1
    least: Fraction = Fraction(0)
    ties: TieRule = TieRule.LEAVE_OUT

    def __attrs_post_init__(self) -> None:
        """Refuse a limit that the clause does not allow."""
        if not 1 <= self.limit <= LIMIT:
            fact = f"came {self.limit}, expected 1 to {LIMIT} (五.1: 百佳)"
            raise Invalid("commendation settings", (Problem("limit", fact),))


@attrs.frozen
class Nomination:
    """A collector who is nominated.

    Attributes:
        collector: The record id of the coordinator or community worker.
        on: The day of nomination.
        score: The score of the year, from 0 to 1.
        months: In how many months the collector was assessed.
    """

    collector: str
    on: date
    score: Fraction
    months: int


@attrs.frozen
class Selection:
    """Who is chosen, and why the others are not.

    Attributes:
        chosen: The record ids, best score first.
        left_out: The record ids of the others, each with the reason.
    """

    chosen: tuple[str, ...]
    left_out: tuple[tuple[str, str], ...]


def select(nominations: Iterable[Nomination], settings: CommendationSettings | None = None) -> Selection:
    """Return the selection of a year; the order in which nominations come makes no difference.

    Args:
        nominations: The nominations.
        settings: The adopter's settings; the defaults say where they are ours.

    Raises:
        Invalid: If a collector is nominated twice.
    """
    rules = settings or CommendationSettings()
    given = sorted(nominations, key=lambda one: (-one.score, one.on, one.collector))
    counted = Counter(one.collector for one in given)
    twice = tuple(
        Problem(name, "is nominated more than once") for name, n in sorted(counted.items()) if n > 1
    )
    if twice:
        raise Invalid("nominations", twice)
    eligible = [one for one in given if not _ineligible(one, rules)]
    chosen = _within(eligible, rules)
    names = {one.collector for one in chosen}
    left_out = tuple(
        (one.collector, _ineligible(one, rules) or "名额已满") for one in given if one.collector not in names
    )
    return Selection(tuple(one.collector for one in chosen), left_out)


def _ineligible(one: Nomination, rules: CommendationSettings) -> str:
    if one.months < rules.months:
        return f"考核月数{one.months}，不足{rules.months}"
    return f"得分低于{rules.least}" if one.score < rules.least else ""


def _within(eligible: list[Nomination], rules: CommendationSettings) -> list[Nomination]:
    chosen = eligible[: rules.limit]
    if len(eligible) <= rules.limit:
        return chosen
    first_out, last_in = eligible[rules.limit], chosen[-1]
    edge = (last_in.score, last_in.on)
    if rules.ties is TieRule.EARLIER_NOMINATION and edge != (first_out.score, first_out.on):
        return chosen
    if last_in.score != first_out.score:
        return chosen
    tied = (
        (lambda one: one.score == last_in.score)
        if rules.ties is TieRule.LEAVE_OUT
        else (lambda one: (one.score, one.on) == edge)
    )
    return [one for one in chosen if not tied(one)]


class CommendationState(Term):
    """Where the commendation of a year stands."""

    SELECTED = ("selected", "已评选")
    DECIDED = ("decided", "已联合决定")
    ANNOUNCED = ("announced", "已表彰")


class CommendationEvent(Term):
    """What moves it."""

    CONSENT = ("consent", "三方同意")
    ANNOUNCE = ("announce", "表彰")


#: The one table of a commendation.
COMMENDATION_LIFE = LifeCycle(
    CommendationState.SELECTED,
    {
        (CommendationState.SELECTED, CommendationEvent.CONSENT): CommendationState.DECIDED,
        (CommendationState.DECIDED, CommendationEvent.ANNOUNCE): CommendationState.ANNOUNCED,
    },
)


@attrs.frozen
class Commendation:
    """The commendation of a year; every event returns a new one.

    Attributes:
        year: The year.
        selection: Who is chosen.
        state: Where it stands.
        consents: The city bodies that consent.
        announced: The day of commending.
    """

    year: int
    selection: Selection
    state: CommendationState = COMMENDATION_LIFE.first
    consents: tuple[Role, ...] = ()
    announced: date | None = None

    @property
    def id(self) -> str:
        """A stable id."""
        return f"annual-commendation/{self.year}"

    def consent(self, body: Role) -> Commendation:
        """Return the commendation with the consent of one of the three city bodies; with all it is decided (联合表彰).

        Raises:
            WrongState: If it is decided.
        """
        decided = COMMENDATION_LIFE.after(self.state, CommendationEvent.CONSENT, self.id)
        consents = tuple(role for role in Role if role in {*self.consents, body})
        return attrs.evolve(
            self, consents=consents, state=decided if len(consents) == len(Role) else self.state
        )

    def announce(self, on: date) -> Commendation:
        """Return the commendation announced.

        Raises:
            WrongState: If one of the three has not consented, or it is announced.
        """
        state = COMMENDATION_LIFE.after(self.state, CommendationEvent.ANNOUNCE, self.id)
        return attrs.evolve(self, state=state, announced=on)


def commendation_findings(
    year: int, commendation: Commendation | None, today: date, clause: Clause
) -> tuple[Finding, ...]:
    """Return what is owed for the commendation of a year once it is over (五.1: 每年联合表彰).

    Args:
        year: The year.
        commendation: The commendation; None if there is none.
        today: The day.
        clause: 五.1 of the document.
    """
    name, last = f"annual-commendation/{year}", date(year, 12, 31)
    if today <= last or (commendation and commendation.state is CommendationState.ANNOUNCED):
        return ()
    bodies = "市公安局、市人口计生委、综治委流动人口服务和管理工作领导小组办公室"
    finding = Finding(
        "not-commended", clause, bodies, "联合表彰百佳信息采集员", "commend the year", name, last
    )
    return (finding,)
