"""The errors of the domain: law in time, life cycles, and data that contradict themselves."""

from __future__ import annotations

from datetime import date

import attrs

from migrant_fp.schedule.errors import MigrantFpError


@attrs.frozen
class NotYetIssued(MigrantFpError, ValueError):
    """A duty of the document was asked about on a day before the document.

    Attributes:
        document: The number of the document.
        on: The day asked about.
        issued: The day the document was issued.
    """

    document: str
    on: date
    issued: date

    def __str__(self) -> str:
        """Name the document, its day and the cure."""
        return (
            f"{self.document} was issued on {self.issued}; on {self.on} its duties did not exist. "
            f"Pass a day from {self.issued} on （文件尚未印发）"
        )


@attrs.frozen
class NotModelled(MigrantFpError, LookupError):
    """Another law governed on that day, and this library does not hold it.

    Attributes:
        title: The law that the library holds.
        on: The day asked about.
        since: The first day of that law.
    """

    title: str
    on: date
    since: date

    def __str__(self) -> str:
        """Name the law, its first day and the cure."""
        return (
            f"《{self.title}》 is in force from {self.since}; on {self.on} an earlier rule governed, which is "
            f"not modelled here. Pass a day from {self.since} on （此前的规定未收录）"
        )


@attrs.frozen
class NoLegalBasis(MigrantFpError, PermissionError):
    """The law that an act rests on had ended, or none is known.

    Attributes:
        what: What was to be done.
        title: The law it rested on; empty where none is known.
        on: The day asked about.
        ended_by: What ended the law.
        uncertain: Whether the day lies where the end of the law is not certain to the day.
    """

    what: str
    title: str
    on: date
    ended_by: str = ""
    uncertain: bool = False

    def __str__(self) -> str:
        """Name the law and its end, and say what can still be done."""
        held = (
            f"《{self.title}》 no longer carries it: {self.ended_by}"
            if self.title
            else "no law known to us carries it"
        )
        doubt = (
            ". The day of the repeal is uncertain: on this day the basis may or may not have stood"
            * self.uncertain
        )
        return (
            f"{self.what} on {self.on}: {held}{doubt}. To look at the past, pass a date before the repeal; to act, supply a "
            "LegalBasis with its document and interval （无法律依据）"
        )


@attrs.frozen
class WrongState(MigrantFpError, ValueError):
    """An event is not allowed in the state that a thing is in.

    Attributes:
        what: The id of the thing.
        state: The state it is in, in Chinese.
        event: The event that came, in Chinese.
        allowed: The events that are allowed there, in Chinese.
    """

    what: str
    state: str
    event: str
    allowed: tuple[str, ...]

    def __str__(self) -> str:
        """Name the state, the event and what is allowed instead."""
        ways = "、".join(self.allowed) or "无（已终结）"
        return f"{self.what}: {self.event} is not allowed in state {self.state}; allowed: {ways}"


@attrs.frozen
class Problem:
    """One thing that is wrong with what was given.

    Attributes:
        place: Where: a field, a line, an item.
        fact: What is wrong, what was expected and what to do; no personal data.
    """

    place: str
    fact: str

    def __str__(self) -> str:
        """Return place and fact as one line."""
        return f"{self.place}: {self.fact}"


@attrs.frozen
class Invalid(MigrantFpError, ValueError):
    """What was given cannot be used.

    Attributes:
        what: What was given, such as "division file".
        problems: Every problem found.
    """

    what: str
    problems: tuple[Problem, ...]

    def __str__(self) -> str:
        """List every problem, one a line."""
        return f"{self.what} cannot be used; correct every line below:\n" + "\n".join(
            f"- {p}" for p in self.problems
        )
