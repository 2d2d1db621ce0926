"""What a registration form asks: items with their clause, and the code lists they are answered from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Generic, TypeVar

import attrs

from migrant_fp.domain.clause import LegalBasis
from migrant_fp.domain.errors import Invalid, Problem
from migrant_fp.domain.privacy import Sensitivity
from migrant_fp.schedule.term import Term

T = TypeVar("T", bound=Term)


class Marriage(Term):
    """Marital status, as GB/T 2261.2-2003 codes it; sub-codes of 20 are mapped by the site that uses them."""

    SINGLE = ("10", "未婚")
    MARRIED = ("20", "已婚")
    WIDOWED = ("30", "丧偶")
    DIVORCED = ("40", "离婚")
    NOT_STATED = ("90", "未说明")


class Education(Term):
    """Education, as the main classes of GB/T 4658-2006."""

    POSTGRADUATE = ("10", "研究生教育")
    BACHELOR = ("20", "大学本科")
    COLLEGE = ("30", "大学专科")
    VOCATIONAL = ("40", "中等职业教育")
    SENIOR_SECONDARY = ("60", "普通高级中学")
    JUNIOR_SECONDARY = ("70", "初级中学")
    PRIMARY = ("80", "小学")
    OTHER = ("90", "其他")


class Births(Term):
    """Whether a woman has given birth."""

    NONE = ("none", "未育")
    SOME = ("some", "已育")


class Contraception(Term):
    """The eight methods of the national statistics, and what else an answer may be.

    The values are words: the numbers of the national code (GB/T 18848-2002, table 5.2.6) are not known to us.
    """

    MALE_STERILISATION = ("male_sterilisation", "男性绝育")
    FEMALE_STERILISATION = ("female_sterilisation", "女性绝育")
    INTRAUTERINE_DEVICE = ("intrauterine_device", "宫内节育器")
    IMPLANT = ("implant", "皮下埋植")
    PILL_OR_INJECTION = ("pill_or_injection", "口服及注射避孕药")
    CONDOM = ("condom", "避孕套")
    EXTERNAL = ("external", "外用药")
    OTHER = ("other", "其他")
    NONE = ("none", "未避孕")
    NOT_APPLICABLE = ("not_applicable", "不适用")
    NOT_STATED = ("not_stated", "未说明")

    @property
    def is_method(self) -> bool:
        """Whether it names a method."""
        return self not in {Contraception.NONE, Contraception.NOT_APPLICABLE, Contraception.NOT_STATED}


class YesNo(Term):
    """The answer to a question that has two; a form keeps it as a truth value."""

    YES = ("1", "是")
    NO = ("0", "否")


class Answers(Mapping[str, str]):
    """Answers by the name of their item: a mapping that cannot be changed, can be hashed, and shows nothing in repr.

    Example:
        >>> Answers({"shoe_size": "37"})
        Answers()
        >>> Answers({"shoe_size": "37"}) == {"shoe_size": "37"}
        True
    """

    __slots__ = ("_held",)

    def __init__(self, given: Mapping[str, str] = MappingProxyType({})) -> None:
        """Take a copy of the answers."""
        self._held = dict(given)

    def __getitem__(self, item: str) -> str:
        """Return the answer to an item; KeyError if there is none."""
        return self._held[item]

    def __iter__(self) -> Iterator[str]:
        """Yield the names of the items."""
        return iter(self._held)

    def __len__(self) -> int:
        """Return how many answers there are."""
        return len(self._held)

    def __hash__(self) -> int:
        """Return a hash of all answers."""
        return hash(frozenset(self._held.items()))

    def __repr__(self) -> str:
        """Return the name of the class alone: the answers may be about somebody."""
        return "Answers()"


@attrs.frozen
class CodeList(Generic[T]):
    """A closed list of answers, and the codes that a site's own system uses for them.

    Attributes:
        standard: The national standard, or the words "own list" with its source.
        terms: The answers.
        local: A site's codes, each with its answer; several codes may mean one answer.
    """

    standard: str
    terms: type[T]
    local: Mapping[str, T] = attrs.field(factory=dict)

    def term(self, code: str) -> T:
        """Return the answer that a code stands for; a site's own code is looked up first.

        Raises:
            Invalid: If no answer has this code; the codes there are, are named, and what came is not: it may be about somebody.

        Example:
            >>> CodeList("GB/T 2261.2-2003", Marriage, {"1": Marriage.MARRIED}).term("1").zh
            '已婚'
        """
        if code in self.local:
            return self.local[code]
        for term in self.terms:
            if term.value == code:
                return term
        known = ", ".join([*self.local, *(str(term.value) for term in self.terms)])
        raise Invalid(
            self.standard,
            (
                Problem(
                    "code",
                    f"came a code of {len(code)} characters that is not in the list, expected one of {known}",
                ),
            ),
        )

    def with_local(self, local: Mapping[str, T]) -> CodeList[T]:
        """Return the list with a site's codes added."""
        return attrs.evolve(self, local={**self.local, **local})


@attrs.frozen
class Item:
    """One item of a form.

    Attributes:
        name: Its name: a field of the form, or the key of an item of the adopter's own.
        zh: Its Chinese name.
        en: Its English name.
        clause: The number of the clause that asks for it.
        standard: The standard of its code list; empty where it has none.
        inferred: Whether that it belongs here is an inference of ours.
        bases: The laws on which it could be asked for, in order of time, where they are others than the form's own.
        sensitivity: What kind of personal data an item of the adopter's own is; health unless declared otherwise. For a
            field of the form the field's own mark counts.
    """

    name: str
    zh: str
    en: str
    clause: str
    standard: str = ""
    inferred: bool = False
    bases: tuple[LegalBasis, ...] = ()
    sensitivity: Sensitivity = Sensitivity.HEALTH
