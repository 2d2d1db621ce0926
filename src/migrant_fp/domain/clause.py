"""A document, its clauses, and the law they rest on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

import attrs

from migrant_fp.domain.errors import Invalid, NoLegalBasis, NotModelled, NotYetIssued, Problem
from migrant_fp.schedule.errors import MigrantFpError
from migrant_fp.schedule.notice import Certainty


@attrs.frozen
class NoSuchClause(MigrantFpError, LookupError):
    """A document has no clause of this number.

    Attributes:
        number: The number asked for.
        known: The numbers there are.
    """

    number: str
    known: tuple[str, ...]

    def __str__(self) -> str:
        """Name the number and those that exist."""
        return f"no clause {self.number}: expected one of {'、'.join(self.known)}"


@attrs.frozen
class Clause:
    """One numbered clause, verbatim.

    Attributes:
        number: Its number, such as 一(二) or 五.1.
        text: Its text as published.
        note: What is odd about the text, if anything.
    """

    number: str
    text: str
    note: str = ""


@attrs.frozen
class LegalBasis:
    """A law and the interval in which it can be relied on.

    Attributes:
        title: Its title.
        number: Its number.
        since: Its first day in force.
        until: Its last day in force; None while it stands.
        ended_by: What ended it.
        source: Where the dates come from.
        since_certainty: How the first day is known.
        until_certainty: How the last day is known.
        public_on: When the end became public, where that is later than the end.
        inferred: Whether it is an inference of ours that what rests on this law ended with it, as where an amended law lives on.

    Raises:
        Invalid: If title, number or source is empty, or it ends before it begins; with every problem.
    """

    title: str
    number: str
    since: date
    until: date | None
    source: str
    ended_by: str = ""
    since_certainty: Certainty = Certainty.FOUND
    until_certainty: Certainty = Certainty.FOUND
    public_on: date | None = None
    inferred: bool = False

    def __attrs_post_init__(self) -> None:
        """Refuse a law that nobody could look up, with every problem."""
        problems = tuple(self._problems())
        if problems:
            raise Invalid("legal basis", problems)

    def _problems(self) -> Iterator[Problem]:
        for name in ("title", "number", "source"):
            if not getattr(self, name).strip():
                yield Problem(name, "is empty; name the document, its number and where its dates come from")
        if self.until is not None and self.until < self.since:
            yield Problem("until", f"{self.until} lies before {self.since}, its first day")

    def in_force(self, on: date) -> bool:
        """Return whether the law was in force on a day."""
        return self.since <= on and (self.until is None or on <= self.until)

    def require(self, what: str, on: date, still: str = "") -> None:
        """Return if the law was in force on a day, else refuse.

        Args:
            what: What is to be done, for the message.
            on: The day.
            still: What is owed all the same without the law, for the message.

        Raises:
            NotModelled: If another law governed before this one.
            NoLegalBasis: If this one had ended; between its end and the day that became public the
                error says that the end is uncertain.
        """
        if on < self.since:
            raise NotModelled(self.title, on, self.since)
        if not self.in_force(on):
            uncertain = self.public_on is not None and on < self.public_on
            ended = self.ended_by or f"its last day was {self.until}"
            raise NoLegalBasis(what, self.title, on, ended, uncertain, self.inferred, still)


def require_basis(bases: Iterable[LegalBasis], what: str, on: date) -> LegalBasis:
    """Return the law among several, in order of time, that carries an act on a day.

    Args:
        bases: The laws; one may have taken the place of another.
        what: What is to be done, for the message.
        on: The day.

    Raises:
        NotModelled: If the day lies before all of them.
        NoLegalBasis: If none is in force; the one that ended last is named, or none is known.
    """
    known = tuple(bases)
    for basis in known:
        if basis.in_force(on):
            return basis
    ended = [basis for basis in known if basis.since <= on]
    if known:
        (ended or known)[-1 if ended else 0].require(what, on)
    raise NoLegalBasis(what, "", on)


@attrs.frozen
class Regulation:
    """A published document, as it was published.

    Attributes:
        number: Its document number.
        title: Its title.
        index_number: Its index number on the portal.
        issuers: Who issued it, the lead issuer first.
        addressees: To whom.
        aim: The aim its preamble states.
        cites: The papers its preamble names.
        issued: The day it was signed.
        published: The day it was made public.
        validity: What the portal records under 废止日期.
        signature: The signature block, as printed.
        subject_words: Its 主题词.
        clauses: Its numbered clauses in order.
    """

    number: str
    title: str
    index_number: str
    issuers: tuple[str, ...]
    addressees: tuple[str, ...]
    aim: str
    cites: tuple[str, ...]
    issued: date
    published: date
    validity: str
    signature: tuple[str, ...]
    subject_words: tuple[str, ...]
    clauses: tuple[Clause, ...] = attrs.field(repr=False)

    def require(self, on: date) -> None:
        """Return if the document had been issued by a day, else refuse.

        Raises:
            NotYetIssued: If it had not.
        """
        if on < self.issued:
            raise NotYetIssued(self.number, on, self.issued)

    def clause(self, number: str) -> Clause:
        """Return a clause by its number.

        Raises:
            NoSuchClause: If the document has none such.
        """
        for clause in self.clauses:
            if clause.number == number:
                return clause
        raise NoSuchClause(number, tuple(c.number for c in self.clauses))
