"""Hypothesis strategies for the values of the domain, all visibly invented. Importing this registers them.

Names are 示例 with a letter, telephones begin with 000, identity numbers with 999999, a code that no division has; so
`st.from_type(Person)` and its like give values that cannot be mistaken for anybody's.
"""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from migrant_fp.domain.agency import Agency, NamedPerson, Role
from migrant_fp.domain.assessment import Assessment, Fact, Measure, Subject, assess
from migrant_fp.domain.certificate import Certificate, CertificateState
from migrant_fp.domain.collection import Collection
from migrant_fp.domain.commendation import Commendation, Nomination, select
from migrant_fp.domain.coordinators_meeting import Attendee, CoordinatorsMeeting, Host, Outcome, Task, Topic
from migrant_fp.domain.duty import Level
from migrant_fp.domain.exchange import Content, Round
from migrant_fp.domain.form import NOT_PREGNANT, RegistrationForm
from migrant_fp.domain.form_items import Births, Contraception, Education, Marriage
from migrant_fp.domain.hand_over import HAND_OVER_LIFE, HandOverEvent
from migrant_fp.domain.meeting import CONVENERS, AgendaItem, Decision, JointMeeting, Minutes, Post
from migrant_fp.domain.person import IdentityNumber, Person, Sex, Stay, check_digit
from migrant_fp.domain.reward import Report
from migrant_fp.domain.staff import Inquiry, Pair, Source, StaffKind, StaffMember
from migrant_fp.schedule.calendar import WorkingCalendar
from migrant_fp.schedule.convention import Convention
from migrant_fp.schedule.notice import HolidayNotice, NamedDay
from migrant_fp.schedule.occurrence import plan
from migrant_fp.schedule.period import MONTH, QUARTER
from migrant_fp.schedule.rule import Bound, DayOfPeriod, Rule, TenDays

_LETTERS = "甲乙丙丁戊己庚辛"
_COUNTIES = ("320402", "320404", "320411", "320412", "320481", "341221")
_FIRST, _LAST = date(2011, 5, 18), date(2014, 12, 31)
_DAYS = st.dates(_FIRST, _LAST)
_BIRTHS = st.dates(date(1930, 1, 1), date(2011, 5, 18))
_NUMBERS = st.integers(1, 9999)


def _ids(prefix: str) -> SearchStrategy[str]:
    return _NUMBERS.map(lambda n: f"{prefix}-{n}")


_STAFF, _SOURCES = _ids("S"), _ids("E")


@st.composite
def identity_numbers(draw: DrawFn, born: date | None = None, sex: Sex | None = None) -> IdentityNumber:
    """Draw an identity number with a code that no division has.

    Args:
        draw: Hypothesis' own.
        born: The date of birth in it; any by default.
        sex: The sex in it; any by default.
    """
    day = born or draw(_BIRTHS)
    sequence = draw(st.integers(0, 499)) * 2
    odd = draw(st.booleans()) if sex is None else sex is Sex.MALE
    first_17 = f"999999{day:%Y%m%d}{sequence + odd:03}"
    return IdentityNumber(first_17 + check_digit(first_17))


@st.composite
def persons(draw: DrawFn, sex: Sex | None = None) -> Person:
    """Draw a resident.

    Args:
        draw: Hypothesis' own.
        sex: Her or his sex; either by default.
    """
    which = sex or draw(st.sampled_from([Sex.FEMALE, Sex.MALE]))
    born = draw(_BIRTHS)
    return Person(
        draw(_ids("P")),
        f"示例{draw(st.sampled_from(_LETTERS))}",
        which,
        born,
        draw(st.sampled_from(_COUNTIES)),
        draw(st.sampled_from(_COUNTIES)),
        draw(st.sampled_from(Stay)),
        draw(_DAYS),
        draw(st.none() | identity_numbers(born, which)),
        f"000{draw(st.integers(0, 10**8 - 1)):08}",
        f"示例路{draw(_NUMBERS)}号",
    )


def certificates() -> SearchStrategy[Certificate]:
    """Return certificates in any state."""
    return st.builds(
        Certificate,
        _ids("P"),
        st.sampled_from(CertificateState),
        st.sampled_from(["", "已婚", "未婚"]),
        st.sampled_from(["", "已育"]),
        st.sampled_from(["", "避孕套"]),
    )


def staff_members() -> SearchStrategy[StaffMember]:
    """Return coordinators and community staff."""
    name = st.sampled_from(_LETTERS).map(lambda letter: f"示例{letter}")
    return st.builds(
        StaffMember,
        _STAFF,
        st.sampled_from(StaffKind),
        st.just("320411001"),
        st.sampled_from(["", "C-1"]),
        name,
        st.just("00000000000"),
    )


def pairs() -> SearchStrategy[Pair]:
    """Return pairs bound from the document's day on."""
    return st.builds(
        Pair, _STAFF, _ids("W"), st.sampled_from(["C-1", "C-2"]), st.just(_FIRST), st.none() | st.just(_LAST)
    )


@st.composite
def three_parties(draw: DrawFn) -> tuple[Agency, ...]:
    """Draw the three parties of a district or a town."""
    level, division = draw(
        st.sampled_from([(Level.DISTRICT, "320411"), (Level.DISTRICT, "320412"), (Level.TOWN, "320411001")])
    )
    return tuple(Agency(role, level, division) for role in Role)


def agencies() -> SearchStrategy[Agency]:
    """Return agencies."""
    return three_parties().flatmap(st.sampled_from)


def named_persons() -> SearchStrategy[NamedPerson]:
    """Return named persons (专人)."""
    return st.builds(NamedPerson, agencies().map(lambda agency: agency.id), _STAFF, _DAYS)


@st.composite
def holiday_notices(draw: DrawFn, year: int | None = None) -> HolidayNotice:
    """Draw a notice with days off on any days and make-up days on weekends, under a festival named 培训.

    Args:
        draw: Hypothesis' own.
        year: The year it arranges; one of 2011 to 2014 by default.
    """
    of = year or draw(st.integers(2011, 2014))
    named = draw(st.lists(st.dates(date(of, 1, 1), date(of, 12, 31)), max_size=12, unique=True))
    off = [day for day in named if day.weekday() < 5 or draw(st.booleans())]  # noqa: PLR2004 - Saturday
    worked = [day for day in named if day not in off]
    issued = date(of - 1, 11, 1) + timedelta(draw(st.integers(0, 59)))
    return HolidayNotice(
        of,
        issued,
        tuple(NamedDay(day, "培训") for day in off),
        tuple(NamedDay(day, "培训") for day in worked),
    )


@st.composite
def working_calendars(draw: DrawFn) -> WorkingCalendar:
    """Draw a calendar of 2010 to 2015, one invented notice a year."""
    return WorkingCalendar(tuple(draw(holiday_notices(year)) for year in range(2010, 2016)))


def minutes() -> SearchStrategy[Minutes]:
    """Return minutes with one decision to three."""
    offices = st.lists(
        st.sampled_from([f"public_security/town/32041100{n}" for n in range(1, 4)]), min_size=1
    )
    decision = st.tuples(st.sampled_from(AgendaItem), offices.map(lambda names: tuple(dict.fromkeys(names))))
    return st.lists(decision, min_size=1, max_size=3).map(
        lambda given: Minutes(
            tuple(Decision(str(n), item, f"例：事项{n}", to) for n, (item, to) in enumerate(given, 1))
        )
    )


@st.composite
def joint_meetings(draw: DrawFn) -> JointMeeting:
    """Draw a regular meeting that is scheduled, cancelled, or as far along as it came."""
    calendar = WorkingCalendar(
        tuple(HolidayNotice(year, date(year - 1, 11, 1), ()) for year in range(2010, 2017))
    )
    quarterly = _Planned("joint-meeting", Rule(QUARTER, DayOfPeriod(5), convention=Convention.FOLLOWING))
    occurrence = draw(st.sampled_from(list(plan(quarterly, draw(st.integers(2012, 2014)), calendar))))
    meeting = JointMeeting.regular(occurrence, draw(st.sampled_from(["320411", "320412"])))
    day = occurrence.last
    present = (*CONVENERS, *draw(st.lists(st.sampled_from(list(Post)[2:]), unique=True)))
    held = meeting.hold(day, present)
    minuted = held.minute(draw(minutes()), day)
    sent = minuted.dispatch(day + timedelta(1))
    return draw(st.sampled_from([meeting, meeting.cancel(day, "例：无议题"), held, minuted, sent]))


@st.composite
def coordinators_meetings(draw: DrawFn) -> CoordinatorsMeeting:
    """Draw a coordinators' meeting, open to held."""
    calendar = draw(working_calendars())
    monthly = _Planned("coordinators-meeting", Rule(MONTH, TenDays(1), bound=Bound.WITHIN))
    occurrence = draw(st.sampled_from(list(plan(monthly, 2012, calendar))))
    opened = CoordinatorsMeeting.opened(occurrence, "320411001")
    day = draw(st.dates(opened.first, opened.last))
    proposed = opened.propose(day, Host.CENTRE)
    agreed = proposed.consent(Host.POLICE).consent(Host.FAMILY_PLANNING)
    held = agreed.hold(day, draw(st.sets(st.sampled_from(Attendee))), draw(st.sets(st.sampled_from(Topic))))
    return draw(st.sampled_from([opened, proposed, agreed, held]))


def tasks() -> SearchStrategy[Task]:
    """Return tasks, reviewed or not."""
    month = st.sampled_from(["2011-06", "2011-07"])
    outcome = st.none() | st.sampled_from(Outcome)
    return st.builds(Task, _ids("T"), st.sampled_from(Attendee), _STAFF, month, st.just("例：走访"), outcome)


def inquiries() -> SearchStrategy[Inquiry]:
    """Return inquiries, answered or not."""
    return st.builds(
        lambda one, after: one if after is None else one.answered(one.on + timedelta(after)),
        st.builds(Inquiry, _ids("Q"), st.sampled_from(Source), _SOURCES, _DAYS),
        st.none() | st.integers(0, 30),
    )


@st.composite
def registration_forms(draw: DrawFn) -> RegistrationForm:
    """Draw a form: any item filled in or left open, whether the answers fit together or not."""
    born, sex = draw(_BIRTHS), draw(st.sampled_from([Sex.FEMALE, Sex.MALE]))

    def perhaps(given: SearchStrategy[Any], empty: Any = None) -> Any:  # noqa: ANN401 - an answer of any kind
        return draw(st.just(empty) | given)

    return RegistrationForm(
        draw(_ids("F")),
        draw(_DAYS),
        perhaps(st.sampled_from(_LETTERS).map(lambda letter: f"示例{letter}"), ""),
        perhaps(st.just(sex)),
        perhaps(st.just(born)),
        perhaps(identity_numbers(born, sex).map(lambda number: number.text), ""),
        perhaps(st.sampled_from(_COUNTIES), ""),
        perhaps(st.sampled_from(_COUNTIES), ""),
        perhaps(st.just("示例路1号"), ""),
        perhaps(st.just("00000000000"), ""),
        perhaps(_DAYS),
        perhaps(st.sampled_from(Stay)),
        perhaps(st.sampled_from(Education)),
        perhaps(st.just("示例厂"), ""),
        perhaps(st.sampled_from(Marriage)),
        perhaps(st.booleans()),
        perhaps(st.sampled_from(Births)),
        perhaps(st.integers(0, 5)),
        perhaps(st.booleans()),
        perhaps(st.sampled_from(Contraception)),
        perhaps(st.sampled_from([NOT_PREGNANT, "2011-03", "2012-11"]), ""),
        perhaps(st.booleans()),
        perhaps(st.just({"birth_policy": "例"}), {}),
        perhaps(st.sampled_from([{"identity": "no-card"}, {"births": "declined"}]), {}),
        perhaps(_ids("P"), ""),
    )


def collections() -> SearchStrategy[Collection]:
    """Return collections: collected, entered or returned."""
    fresh = st.builds(Collection, registration_forms(), pairs(), _DAYS)
    return st.one_of(
        fresh,
        fresh.map(lambda one: one.entered(f"entry/{one.id}", 0)),
        fresh.map(lambda one: one.returned(("name:missing",), 1)),
    )


@st.composite
def rounds(draw: DrawFn) -> Round:
    """Draw a round of the exchange, with some of what happened to its hand-overs."""
    parties = draw(three_parties())
    monthly = _Planned(f"exchange-{parties[0].level.value}", Rule(MONTH, DayOfPeriod(5), bound=Bound.BY))
    occurrence = draw(st.sampled_from(list(plan(monthly, 2012, draw(working_calendars())))))
    contents = draw(st.sets(st.sampled_from(Content), min_size=1))
    found = Round.opened(occurrence, parties, contents)
    on = found.nominal - timedelta(5)
    for index in draw(st.lists(st.integers(0, 5), max_size=12)):
        one = found.hand_overs[index]
        allowed = HAND_OVER_LIFE.allowed(one.state)
        if allowed:
            event = draw(st.sampled_from(allowed))
            on += timedelta(draw(st.integers(0, 3)))
            found = found.after(one.id, event, on, "COUNTS" if event is HandOverEvent.RETURN else "")
    return found


def facts() -> SearchStrategy[Fact]:
    """Return facts for an assessment."""
    return st.builds(
        Fact,
        st.sampled_from(Measure),
        st.sampled_from(Subject),
        _STAFF,
        _ids("A"),
        st.booleans(),
        st.just(""),
    )


@st.composite
def assessments(draw: DrawFn) -> Assessment:
    """Draw an assessment with its facts."""
    kind, subject = draw(st.sampled_from(Subject)), draw(_STAFF)
    given = draw(st.lists(st.tuples(st.sampled_from(Measure), _ids("A"), st.booleans()), max_size=6))
    weights = draw(
        st.dictionaries(st.sampled_from(Measure), st.integers(1, 9).map(Fraction), min_size=1, max_size=6)
    )
    own = [Fact(measure, kind, subject, about, met) for measure, about, met in given]
    return assess(kind, subject, draw(st.sampled_from(["2011-06", "2011-07"])), own, weights)


def nominations() -> SearchStrategy[Nomination]:
    """Return nominations for the commendation."""
    score = st.integers(0, 10).map(lambda n: Fraction(n, 10))
    return st.builds(Nomination, _STAFF, _DAYS, score, st.integers(0, 12))


@st.composite
def commendations(draw: DrawFn) -> Commendation:
    """Draw a commendation of the city or of one of the three of 五.3, with some or all consents."""
    given = draw(st.lists(nominations(), max_size=5, unique_by=lambda one: one.collector))
    division = draw(st.sampled_from(["", "320412"]))
    found = Commendation(draw(st.integers(2011, 2020)), select(given), division=division)
    for role in draw(st.sampled_from([(), (Role.PUBLIC_SECURITY,), tuple(Role)])):
        found = found.consent(role)
    return found


def reports() -> SearchStrategy[Report]:
    """Return reports by reference."""
    return st.builds(Report, _NUMBERS.map(lambda n: f"JB-2011-{n}"), _DAYS)


class _Planned:
    """Something with an id and a rule, so that the strategies need no document."""

    def __init__(self, name: str, rule: Rule) -> None:
        self.id, self.rule = name, rule


def register() -> None:
    """Register every strategy, so that `st.from_type(Person)` and the like draw from it."""
    for kind, strategy in (
        (IdentityNumber, identity_numbers()),
        (Person, persons()),
        (Certificate, certificates()),
        (StaffMember, staff_members()),
        (Pair, pairs()),
        (Agency, agencies()),
        (NamedPerson, named_persons()),
        (HolidayNotice, holiday_notices()),
        (WorkingCalendar, working_calendars()),
        (Minutes, minutes()),
        (JointMeeting, joint_meetings()),
        (CoordinatorsMeeting, coordinators_meetings()),
        (Task, tasks()),
        (Inquiry, inquiries()),
        (RegistrationForm, registration_forms()),
        (Collection, collections()),
        (Round, rounds()),
        (Fact, facts()),
        (Assessment, assessments()),
        (Nomination, nominations()),
        (Commendation, commendations()),
        (Report, reports()),
    ):
        st.register_type_strategy(kind, strategy)


register()
