"""百佳流动人口计划生育服务信息采集员 (五.1): up to a hundred collectors a year, commended by three bodies together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from fractions import Fraction

import attrs

from migrant_fp.domain.agency import Role
from migrant_fp.domain.clause import Clause
from migrant_fp.domain.errors import Invalid, Problem, opaque
from migrant_fp.domain.finding import Finding
from migrant_fp.domain.life_cycle import LifeCycle
from migrant_fp.schedule.term import Term

#: 百佳.
LIMIT = 100
_MONTHS = 12
_BODIES = "市公安局、市人口计生委、综治委流动人口服务和管理工作领导小组办公室"
#: Those of a 辖市（区） with a system of its own (五.3).
DISTRICT_BODIES = "辖市（区）公安局、人口计生局和流动人口服务和管理工作领导小组办公室"


class TieRule(Term):
    """What becomes of those who tie for the last places; the document has no rule, so it is the adopter's.

    Where those who tie for the last places tie for the first too, the default would leave out everybody: then nobody is chosen,
    and a finding asks the three bodies to decide.
    """

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
        """Refuse what the clause does not allow, or nobody could reach; every problem."""
        problems = tuple(
            Problem(place, f"came {came}, expected {expected}")
            for place, came, least, most, expected in (
                ("limit", self.limit, 1, LIMIT, f"1 to {LIMIT} (五.1: 百佳)"),
                ("months", self.months, 0, _MONTHS, "0 to 12"),
                ("least", self.least, 0, 1, "a share from 0 to 1"),
            )
            if not least <= came <= most
        )
        if problems:
            raise Invalid("commendation settings", problems)


@attrs.frozen
class Nomination:
    """A collector who is nominated.

    Attributes:
        collector: The record id of the coordinator or community worker.
        on: The day of nomination.
        score: The score of the year, from 0 to 1.
        months: In how many months the collector was assessed.

    Raises:
        Invalid: If the score or the months are none that a year can have, or the id looks like an identity number or a
            telephone.
    """

    collector: str = attrs.field(validator=opaque)
    on: date
    score: Fraction
    months: int

    def __attrs_post_init__(self) -> None:
        """Refuse a score or months that no year can have."""
        problems = []
        if not 0 <= self.score <= 1:
            problems.append(Problem("score", f"came {self.score}, expected a share from 0 to 1"))
        if not 0 <= self.months <= _MONTHS:
            problems.append(Problem("months", f"came {self.months}, expected 0 to 12"))
        if problems:
            raise Invalid("nomination", tuple(problems))


@attrs.frozen
class Selection:
    """Who is chosen, and why the others are not.

    Attributes:
        chosen: The record ids, best score first.
        left_out: The record ids of the others, each with the reason.
        tied: The record ids of those who tie for the last places and are left out for it.
    """

    chosen: tuple[str, ...]
    left_out: tuple[tuple[str, str], ...]
    tied: tuple[str, ...] = ()

    @property
    def undecided(self) -> bool:
        """Whether a tie leaves nobody to commend, so that the three bodies have to decide."""
        return bool(self.tied) and not self.chosen


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
    tied = _tied(eligible, rules)
    chosen = [one for one in eligible[: rules.limit] if one not in tied]
    left_out = tuple((one.collector, _why(one, tied, rules)) for one in given if one not in chosen)
    return Selection(
        tuple(one.collector for one in chosen), left_out, tuple(one.collector for one in given if one in tied)
    )


def _ineligible(one: Nomination, rules: CommendationSettings) -> str:
    if one.months < rules.months:
        return f"考核月数{one.months}，不足{rules.months}"
    return f"得分低于{rules.least}" if one.score < rules.least else ""


def _tied(eligible: list[Nomination], rules: CommendationSettings) -> set[Nomination]:
    """Return those who tie with the first one beyond the limit and with the last one within it."""
    if len(eligible) <= rules.limit:
        return set()

    def rank(one: Nomination) -> tuple[Fraction, date | None]:
        return one.score, one.on if rules.ties is TieRule.EARLIER_NOMINATION else None

    edge = rank(eligible[rules.limit])
    same = {one for one in eligible if rank(one) == edge}
    return same if eligible[rules.limit - 1] in same else set()


def _why(one: Nomination, tied: set[Nomination], rules: CommendationSettings) -> str:
    unfit = _ineligible(one, rules)
    if unfit or not tied:
        return unfit or "名额已满"
    rule = f"（本库自定）：ties={rules.ties.value}"
    return f"末位并列，按规则不列入{rule}" if one in tied else f"名次在末位并列者之后，按规则不递补{rule}"


def commendation_id(year: int, division: str = "") -> str:
    """Return the id of the commendation of a year: that of the city, or of a 辖市（区） with a system of its own (五.3).

    Example:
        >>> commendation_id(2011), commendation_id(2011, "320412")
        ('annual-commendation/2011', 'annual-commendation/2011/320412')
    """
    return f"annual-commendation/{year}" + (f"/{division}" if division else "")


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
        consents: The bodies that consent.
        announced: The day of commending.
        selected: The day of the selection, where it is known.
        division: The code of the 辖市（区） whose own it is (五.3); empty for that of the city.
    """

    year: int
    selection: Selection
    state: CommendationState = COMMENDATION_LIFE.first
    consents: tuple[Role, ...] = ()
    announced: date | None = None
    selected: date | None = None
    division: str = ""

    @property
    def id(self) -> str:
        """A stable id."""
        return commendation_id(self.year, self.division)

    def consent(self, body: Role) -> Commendation:
        """Return the commendation with the consent of one of the three bodies; with all it is decided (联合表彰).

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
            Invalid: If the day lies before the selection, or before the year.
        """
        state = COMMENDATION_LIFE.after(self.state, CommendationEvent.ANNOUNCE, self.id)
        first = self.selected or date(self.year, 1, 1)
        if on < first:
            fact = f"{on} lies before {first}, the day of the selection or the first of the year"
            raise Invalid(self.id, (Problem("on", fact),))
        return attrs.evolve(self, state=state, announced=on)


def commendation_findings(
    year: int, commendation: Commendation | None, today: date, clause: Clause, division: str = ""
) -> tuple[Finding, ...]:
    """Return what is owed for the commendation of a year: a tie decided, and, once the year is over, the commendation (五.1).

    Args:
        year: The year.
        commendation: The commendation; None if there is none.
        today: The day.
        clause: 五.1 of the document; of a 辖市（区） with a system of its own 五.3.
        division: The code of that 辖市（区）; empty for the city.
    """
    name, last = commendation_id(year, division), date(year, 12, 31)
    bodies = DISTRICT_BODIES if division else _BODIES
    found = []
    state = commendation.state if commendation else None
    if commendation and state is CommendationState.SELECTED and commendation.selection.undecided:
        zh, en = "并列者多于名额，商定取舍办法后重新评选", "decide between those who tie, and select anew"
        found.append(Finding("tie-not-decided", clause, bodies, zh, en, name))
    if today > last and state is not CommendationState.ANNOUNCED:
        zh, en = "联合表彰百佳信息采集员", "commend the year"
        found.append(Finding("not-commended", clause, bodies, zh, en, name, last))
    return tuple(found)
