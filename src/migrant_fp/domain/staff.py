"""Who collects (四(二)): coordinators, community staff, the pair of both, and those who provide what they know."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

import attrs

from migrant_fp.domain.clause import Clause
from migrant_fp.domain.errors import Invalid, Problem, opaque
from migrant_fp.domain.finding import Finding
from migrant_fp.domain.privacy import CONTACT, NAME
from migrant_fp.schedule.calendar import WorkingCalendar
from migrant_fp.schedule.counting import add_working_days
from migrant_fp.schedule.term import Term


class StaffKind(Term):
    """The two who collect together."""

    COORDINATOR = ("coordinator", "流动人口协管员")
    COMMUNITY = ("community", "社区专兼职人员")


@attrs.frozen
class StaffMember:
    """A coordinator or a member of community staff.

    Attributes:
        id: The record id; the only field that appears in findings.
        kind: Which of the two.
        town: The code of the town or street.
        community: The code or id of the community; empty for a coordinator of a whole town.
        name: The name.
        phone: The telephone at work.

    Raises:
        Invalid: If the id looks like an identity number or a telephone.
    """

    id: str = attrs.field(validator=opaque)
    kind: StaffKind
    town: str
    community: str = ""
    name: str = attrs.field(default="", repr=False, metadata=NAME)
    phone: str = attrs.field(default="", repr=False, metadata=CONTACT)


@attrs.frozen
class Pair:
    """A coordinator and a community worker bound together (结对捆绑); a collection needs both.

    Attributes:
        coordinator: The record id of the coordinator.
        community_worker: The record id of the community worker.
        community: The community they collect in.
        since: The first day.
        until: The last day; None while it stands.

    Raises:
        Invalid: If one of the two is not named, or by an identity number or a telephone, both are one, or it ends before it
            begins.
    """

    coordinator: str = attrs.field(validator=opaque)
    community_worker: str = attrs.field(validator=opaque)
    community: str
    since: date
    until: date | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse a pair that is none, with every problem."""
        problems = tuple(self._problems())
        if problems:
            raise Invalid("pair", problems)

    def _problems(self) -> Iterator[Problem]:
        for name in ("coordinator", "community_worker"):
            if not getattr(self, name).strip():
                yield Problem(name, "is empty; a collection needs both (四(二): 结对捆绑,共同采集)")
        if self.coordinator.strip() and self.coordinator == self.community_worker:
            yield Problem("community_worker", "is the coordinator too; expected two people (四(二))")
        if self.until is not None and self.until < self.since:
            yield Problem("until", f"{self.until} lies before {self.since}, the first day")

    @classmethod
    def of(cls, one: StaffMember, other: StaffMember, community: str, since: date) -> Pair:
        """Return the pair of two members of staff, given in either order.

        Raises:
            Invalid: If they are not one of each kind.
        """
        by_kind = {member.kind: member.id for member in (one, other)}
        if len(by_kind) != len(StaffKind):
            fact = f"two of {one.kind.zh}; expected one coordinator and one community worker (四(二))"
            raise Invalid("pair", (Problem("staff", fact),))
        return cls(by_kind[StaffKind.COORDINATOR], by_kind[StaffKind.COMMUNITY], community, since)

    def require_kinds(self, coordinator: StaffMember, community_worker: StaffMember) -> None:
        """Return if the two on record are a coordinator and a community worker, else refuse.

        Raises:
            Invalid: If one of them is of the other kind; with every problem.
        """
        problems = tuple(
            Problem(name, f"{member.id} is on record as {member.kind.value}, expected {kind.value} (四(二))")
            for name, member, kind in (
                ("coordinator", coordinator, StaffKind.COORDINATOR),
                ("community_worker", community_worker, StaffKind.COMMUNITY),
            )
            if member.kind is not kind
        )
        if problems:
            raise Invalid("pair", problems)

    def stands(self, on: date) -> bool:
        """Return whether the pair is bound on a day."""
        return self.since <= on and (self.until is None or on <= self.until)


class Source(Term):
    """Who should provide information in time (四(二))."""

    ENTERPRISE = ("enterprise", "企业")
    ASSOCIATION_MEMBER = ("association_member", "流动人口计划生育协会会员")


#: How many working days a source has to answer: our default; the clause says 及时 and gives no number.
DEFAULT_PROVIDE_WITHIN = 5


@attrs.frozen
class Inquiry:
    """That a source was asked for the floating people who work with it.

    Attributes:
        id: Its id.
        source: What kind of source.
        asked: The record id of the enterprise or member.
        on: The day of asking.
        provided: The day on which it provided; None while it has not.

    Raises:
        Invalid: If one of the ids looks like an identity number or a telephone.
    """

    id: str = attrs.field(validator=opaque)
    source: Source
    asked: str = attrs.field(validator=opaque)
    on: date
    provided: date | None = None

    def answered(self, on: date) -> Inquiry:
        """Return the inquiry answered on a day.

        Raises:
            Invalid: If the day lies before that of asking.
        """
        if on < self.on:
            raise Invalid(self.id, (Problem("provided", f"{on} lies before {self.on}, the day of asking"),))
        return attrs.evolve(self, provided=on)


def not_provided(
    inquiries: Iterable[Inquiry],
    today: date,
    calendar: WorkingCalendar,
    clause: Clause,
    within: int = DEFAULT_PROVIDE_WITHIN,
) -> tuple[Finding, ...]:
    """Return a finding for each source that was asked and has not provided in time (四(二)).

    Args:
        inquiries: The inquiries.
        today: The day.
        calendar: The working calendar.
        clause: 四(二) of the document.
        within: How many working days a source has; the default is ours.

    Raises:
        NotAnnounced: If the count leaves the calendar.
    """
    return tuple(
        Finding(
            "not-provided",
            clause,
            f"{inquiry.source.zh} {inquiry.asked}",
            "提供在本地区、本单位就业的流动人口信息",
            "provide the information asked for",
            inquiry.id,
            last,
        )
        for inquiry in inquiries
        if inquiry.provided is None and today > (last := add_working_days(inquiry.on, within, calendar))
    )
