"""Agencies by role, level and division: roles are what the rules speak of, names are what papers print."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import pairwise

import attrs

from migrant_fp.domain.clause import Clause
from migrant_fp.domain.duty import Level
from migrant_fp.domain.errors import Invalid, Problem, opaque
from migrant_fp.domain.finding import Finding
from migrant_fp.schedule.errors import MigrantFpError
from migrant_fp.schedule.notice import Certainty
from migrant_fp.schedule.term import Term


class Role(Term):
    """The three parties of the document."""

    PUBLIC_SECURITY = ("public_security", "公安")
    FAMILY_PLANNING = ("family_planning", "人口计生")
    COORDINATION = ("coordination", "综治委流动人口服务管理")


#: What the document calls each party at each level. Of the community it names the staff for family planning alone (四(四));
#: the other two names there are ours.
_NAMES = {
    (Role.PUBLIC_SECURITY, Level.CITY): "市公安局",
    (Role.PUBLIC_SECURITY, Level.DISTRICT): "公安局（分局）",
    (Role.PUBLIC_SECURITY, Level.TOWN): "派出所",
    (Role.FAMILY_PLANNING, Level.CITY): "市人口和计划生育委员会",
    (Role.FAMILY_PLANNING, Level.DISTRICT): "人口计生局",
    (Role.FAMILY_PLANNING, Level.TOWN): "计生办",
    (Role.COORDINATION, Level.CITY): "综治委流动人口服务和管理工作领导小组办公室",
    (Role.COORDINATION, Level.DISTRICT): "综治委流动人口服务管理办公室",
    (Role.COORDINATION, Level.TOWN): "流动人口服务管理中心",
    (Role.PUBLIC_SECURITY, Level.COMMUNITY): "社区警务室",
    (Role.FAMILY_PLANNING, Level.COMMUNITY): "社区负责计划生育工作的负责人",
    (Role.COORDINATION, Level.COMMUNITY): "社区流动人口服务管理站",
}
#: The handling sections (承办科室) of 二(二): at district level the senders and receivers.
_SECTIONS = {Role.PUBLIC_SECURITY: "治安大队", Role.FAMILY_PLANNING: "职能处室"}


@attrs.frozen
class NoSuchAgency(MigrantFpError, LookupError):
    """No agency has this role at this level of this division.

    Attributes:
        role: The role.
        level: The level.
        division: The code of the division.
        on: The day asked about; None where any day would do.
    """

    role: Role
    level: Level
    division: str
    on: date | None = None

    def __str__(self) -> str:
        """Name what was asked and the cure."""
        asked = f"{self.role.value}/{self.level.value}/{self.division}" + (
            f" on {self.on}" if self.on else ""
        )
        return f"no agency {asked}: add it to the set, or ask for another division （未登记该机构）"


def _require_order(what: str, since: date | None, until: date | None) -> None:
    if since and until and until < since:
        raise Invalid(what, (Problem("until", f"{until} lies before {since}, its first day"),))


@attrs.frozen
class OfficeName:
    """The name of an agency during an interval.

    Attributes:
        zh: The name.
        since: Its first day; None where unknown.
        until: Its last day; None while it stands.
        certainty: How the days are known.

    Raises:
        Invalid: If the last day lies before the first.
    """

    zh: str
    since: date | None = None
    until: date | None = None
    certainty: Certainty = Certainty.FOUND

    def __attrs_post_init__(self) -> None:
        """Refuse an interval that ends before it begins."""
        _require_order("name of an agency", self.since, self.until)

    def stands(self, on: date) -> bool:
        """Return whether the name is borne on a day."""
        return (self.since is None or self.since <= on) and (self.until is None or on <= self.until)


@attrs.frozen
class Agency:
    """One agency, whatever it is called.

    Attributes:
        role: Its role.
        level: Its level.
        division: The code of its division.
        names: Its names over time; where none is given, the document's own word is used.
        succeeds: The ids of agencies of the past whose work it took over.
        since: Its first day; None where unknown.
        until: Its last day; None while it stands.
        certainty: How the days are known.
    """

    role: Role
    level: Level
    division: str
    names: tuple[OfficeName, ...] = ()
    succeeds: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    certainty: Certainty = Certainty.FOUND

    @property
    def id(self) -> str:
        """Its stable id: role, level and division."""
        return f"{self.role.value}/{self.level.value}/{self.division}"

    def stands(self, on: date) -> bool:
        """Return whether the agency exists on a day."""
        return (self.since is None or self.since <= on) and (self.until is None or on <= self.until)

    def name(self, on: date) -> str:
        """Return its name on a day; without a name of its own, what the document calls such an agency.

        A day after its end, or after that of its last name, gets its last name with （已撤销）; one before its first day its
        first name with （尚未设立）.

        Example:
            >>> Agency(Role.FAMILY_PLANNING, Level.DISTRICT, "320405", until=date(2015, 4, 28)).name(date(2016, 1, 1))
            '人口计生局（已撤销）'
        """
        borne = sorted(self.names, key=lambda name: name.since or date.min)
        word = _NAMES[self.role, self.level]
        if self.since and on < self.since:
            return f"{borne[0].zh if borne else word}（尚未设立）"
        ends = (self.until, borne[-1].until if borne else None)
        if any(end and end < on for end in ends):
            return f"{borne[-1].zh if borne else word}（已撤销）"
        return next((name.zh for name in borne if name.stands(on)), word)

    @property
    def section(self) -> str:
        """The section that sends and receives (承办科室, 二(二)); empty where the agency does so itself."""
        return _SECTIONS.get(self.role, "") if self.level is Level.DISTRICT else ""


@attrs.frozen
class NamedPerson:
    """The named person (专人) through whom an agency exchanges (二(二)).

    Attributes:
        agency: The id of the agency.
        staff: The record id of the person.
        since: The first day.
        until: The last day; None while it stands.

    Raises:
        Invalid: If the last day lies before the first, or the id of the person looks like an identity number or a telephone.
    """

    agency: str
    staff: str = attrs.field(validator=opaque)
    since: date
    until: date | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse an interval that ends before it begins."""
        _require_order("named person", self.since, self.until)

    @property
    def id(self) -> str:
        """A stable id: the agency and the first day."""
        return f"{self.agency}/{self.since}"

    def stands(self, on: date) -> bool:
        """Return whether the person is named for a day."""
        return self.since <= on and (self.until is None or on <= self.until)


def _in_order(agencies: Iterable[Agency]) -> tuple[Agency, ...]:
    return tuple(sorted(set(agencies), key=lambda agency: (agency.level.value, agency.division, agency.id)))


@attrs.frozen
class Agencies:
    """A set of agencies.

    Attributes:
        members: The agencies, by level, division and role.

    Raises:
        Invalid: If two have one id, or the names of one overlap.
    """

    members: tuple[Agency, ...] = attrs.field(converter=_in_order)

    def __attrs_post_init__(self) -> None:
        """Refuse a set that contradicts itself, with every problem."""
        problems = tuple(_problems(self.members))
        if problems:
            raise Invalid("agencies", problems)

    def get(self, role: Role, level: Level, division: str, on: date | None = None) -> Agency:
        """Return an agency.

        Args:
            role: Its role.
            level: Its level.
            division: The code of its division.
            on: A day: where the agency has ended, the one that took over its work and stands then is returned.

        Raises:
            NoSuchAgency: If there is none such, or none that stands on the day.
        """
        for agency in self.members:
            if (agency.role, agency.level, agency.division) == (role, level, division):
                found = agency if on is None else self._standing(agency, on)
                if found is not None:
                    return found
        raise NoSuchAgency(role, level, division, on)

    def parties(self, level: Level, division: str, on: date | None = None) -> tuple[Agency, ...]:
        """Return the three parties of an exchange or a meeting.

        Args:
            level: Their level.
            division: The code of their division.
            on: A day: for those that have ended, those that took over their work and stand then are returned.

        Raises:
            NoSuchAgency: If one of them is missing, or does not stand on the day.
        """
        return tuple(self.get(role, level, division, on) for role in Role)

    def counterparts(self, agency: Agency, on: date | None = None) -> tuple[Agency, ...]:
        """Return the two other parties of an agency.

        Args:
            agency: The agency.
            on: A day, as of `parties`.

        Raises:
            NoSuchAgency: If one of them is missing, or does not stand on the day.
        """
        return tuple(
            one for one in self.parties(agency.level, agency.division, on) if one.role is not agency.role
        )

    def _standing(self, agency: Agency, on: date) -> Agency | None:
        followed = [agency]
        for one in followed:
            if one.stands(on):
                return one
            if one.until and one.until < on:
                followed += [
                    next_ for next_ in self.members if one.id in next_.succeeds and next_ not in followed
                ]
        return None


def without_named_person(
    agencies: Iterable[Agency], named: Iterable[NamedPerson], on: date, clause: Clause
) -> tuple[Finding, ...]:
    """Return a finding for each agency that has no named person on a day.

    各级各部门均应明确专人承办信息互换事项 (二(二)).

    Args:
        agencies: The agencies that exchange.
        named: The named persons.
        on: The day.
        clause: 二(二) of the document.
    """
    held = {person.agency for person in named if person.stands(on)}
    return tuple(
        Finding(
            "no-named-person",
            clause,
            agency.name(on),
            "明确专人承办信息互换",
            "name a person for the exchange",
            agency.id,
        )
        for agency in agencies
        if agency.id not in held
    )


def _problems(members: tuple[Agency, ...]) -> Iterator[Problem]:
    ids = [agency.id for agency in members]
    for name in dict.fromkeys(name for name in ids if ids.count(name) > 1):
        yield Problem(name, "is given more than once; keep one, with all its names")
    for agency in members:
        yield from _time_problems(agency, members)
        dated = sorted(agency.names, key=lambda name: name.since or date.min)
        for before, after in pairwise(dated):
            if before.until is None or after.since is None or after.since <= before.until:
                yield Problem(
                    agency.id,
                    f"the names {before.zh} and {after.zh} overlap; end one before the other begins",
                )


def _time_problems(agency: Agency, members: tuple[Agency, ...]) -> Iterator[Problem]:
    if agency.since and agency.until and agency.until < agency.since:
        yield Problem(agency.id, f"ends on {agency.until}, before it begins on {agency.since}")
    for one in members:
        if one.id in agency.succeeds and one.until is None:
            yield Problem(agency.id, f"succeeds {one.id}, which has not ended; give that one its last day")
