"""A duty: who does what, by when, leaving what evidence."""

from __future__ import annotations

from datetime import date
from enum import Enum
from typing import Self

import attrs

from migrant_fp.domain.clause import Clause, LegalBasis, Regulation
from migrant_fp.schedule.rule import Rule
from migrant_fp.schedule.term import Term


class Level(Term):
    """The level of government at which a duty falls."""

    CITY = ("city", "市")
    DISTRICT = ("district", "辖市（区）")
    TOWN = ("town", "镇（街道）")
    COMMUNITY = ("community", "社区")


class Standing(Enum):
    """What the document's word is worth on a day; "not revoked" and "basis in force" are two facts.

    Attributes:
        zh: The Chinese name.
        en: The English name.
    """

    BEFORE_ISSUE = ("before_issue", "文件尚未印发", "the document had not been issued")
    IN_FORCE = ("in_force", "文件有效，依据有效", "document and legal basis in force")
    BASIS_ENDED = ("basis_ended", "法律依据已废止", "its legal basis has ended")

    zh: str
    en: str

    def __new__(cls, value: str, zh: str, en: str) -> Self:
        """Give each member its two names."""
        member = object.__new__(cls)
        member._value_ = value
        member.zh, member.en = zh, en
        return member


@attrs.frozen
class Duty:
    """One scheduled duty of a document.

    Attributes:
        id: A stable id, such as joint-meeting.
        title: Its Chinese title.
        title_en: Its English title.
        regulation: The document.
        clause: The clause that lays it down.
        rule: When it falls due.
        level: At which level.
        parties: Who owes it, in the words of the clause.
        evidence: What it must leave behind.
        basis: The law it rests on.
    """

    id: str
    title: str
    title_en: str
    regulation: Regulation = attrs.field(repr=False)
    clause: Clause = attrs.field(repr=False)
    rule: Rule
    level: Level
    parties: tuple[str, ...]
    evidence: str
    basis: LegalBasis

    def standing(self, on: date) -> Standing:
        """Return the standing of the duty on a day. Whether it is still owed is not for a library to say."""
        if on < self.regulation.issued:
            return Standing.BEFORE_ISSUE
        return Standing.IN_FORCE if self.basis.in_force(on) else Standing.BASIS_ENDED

    def with_rule(self, rule: Rule) -> Self:
        """Return the duty with another reading of its date."""
        return attrs.evolve(self, rule=rule)
