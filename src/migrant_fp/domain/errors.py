"""The errors of the domain: law in time, life cycles, and data that contradict themselves."""

from __future__ import annotations

from datetime import date

import attrs

from migrant_fp.domain.privacy import has_personal_number, without_personal_numbers
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
        inferred: Whether that the act ended with the law is an inference of ours.
        still: What is owed all the same, if anything.
    """

    what: str
    title: str
    on: date
    ended_by: str = ""
    uncertain: bool = False
    inferred: bool = False
    still: str = ""

    def __str__(self) -> str:
        """Name the law and its end, what of it is inferred, what is owed all the same, and what can still be done."""
        held = (
            f"《{self.title}》 no longer carries it: {self.ended_by}"
            if self.title
            else "no law known to us carries it"
        )
        doubt = (
            ". The day of the repeal is uncertain: on this day the basis may or may not have stood"
            * self.uncertain
        )
        inference = ". That it ended with the law is our inference （本库推断）" * self.inferred
        still = f"All the same: {self.still}. " if self.still else ""
        return (
            f"{self.what} on {self.on}: {held}{doubt}{inference}. {still}To look at the past, pass a date before the repeal; to act, supply a "
            "LegalBasis with its document and interval （无法律依据）"
        )


@attrs.frozen
class WrongState(MigrantFpError, ValueError):
    """An event is not allowed in the state that a thing is in.

    Attributes:
        what: The id of the thing; what looks like a number of a person in it is masked.
        state: The state it is in, in Chinese.
        event: The event that came, in Chinese.
        allowed: The events that are allowed there, in Chinese.
    """

    what: str = attrs.field(converter=without_personal_numbers)
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

    What looks like a number of a person is masked in both.
    """

    place: str = attrs.field(converter=without_personal_numbers)
    fact: str = attrs.field(converter=without_personal_numbers)

    def __str__(self) -> str:
        """Return place and fact as one line."""
        return f"{self.place}: {self.fact}"


@attrs.frozen
class Invalid(MigrantFpError, ValueError):
    """What was given cannot be used.

    Attributes:
        what: What was given, such as "division file"; what looks like a number of a person in it is masked.
        problems: Every problem found.
    """

    what: str = attrs.field(converter=without_personal_numbers)
    problems: tuple[Problem, ...]

    def __str__(self) -> str:
        """List every problem, one a line."""
        return f"{self.what} cannot be used; correct every line below:\n" + "\n".join(
            f"- {p}" for p in self.problems
        )


def opaque(record: object, field: attrs.Attribute[str], value: str) -> None:
    """Refuse a record id that looks like a number of a person, as a validator of an attrs field: an id shows everywhere.

    Raises:
        Invalid: If it does; what came is not shown.
    """
    if has_personal_number(value):
        fact = "looks like an identity number or a telephone; expected a key of the register's own, such as P-1 （编号不得含身份号码或电话）"
        raise Invalid(type(record).__name__, (Problem(field.name, fact),))
