"""What is sensitive about a person, and for what it may be used.

A field of a class is marked by its metadata: `name: str = attrs.field(repr=False, metadata=NAME)`. The marks are what
adapters seal, mask and erase by; `sensitivities` reads them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType
from typing import Self

import attrs

from migrant_fp.schedule.term import Term

_KEY = "migrant_fp.sensitivity"
_SHOWN = 120
#: The fewest digits of a telephone.
_SHORTEST = 10


class Sensitivity(Term):
    """The kinds of personal data (个人信息保护法 art. 28 and 51: classification)."""

    IDENTITY = ("identity", "公民身份号码")
    NAME = ("name", "姓名")
    CONTACT = ("contact", "联系方式")
    ADDRESS = ("address", "住址")
    HEALTH = ("health", "婚育健康信息")
    PERSONAL = ("personal", "其他个人信息")


class Purpose(Enum):
    """For what personal data are used; each is a clause of the document.

    Attributes:
        zh: The Chinese name.
        clause: The clause.
    """

    COLLECTION = ("collection", "信息采集录入", "四(三)")
    COMMUNITY_CARD = ("community_card", "提供给社区", "四(四)")
    CERTIFICATE_CHECK = ("certificate_check", "查验婚育证明", "四(五)")
    FREE_SERVICE = ("free_service", "计划生育服务", "四(六)")
    EXCHANGE = ("exchange", "信息互换", "二(一)")

    zh: str
    clause: str

    def __new__(cls, value: str, zh: str, clause: str) -> Self:
        """Give each member its Chinese name and clause."""
        member = object.__new__(cls)
        member._value_ = value
        member.zh, member.clause = zh, clause
        return member


def _mark(kind: Sensitivity) -> Mapping[str, Sensitivity]:
    return MappingProxyType({_KEY: kind})


#: The marks, one for each kind.
IDENTITY, NAME, CONTACT = map(_mark, (Sensitivity.IDENTITY, Sensitivity.NAME, Sensitivity.CONTACT))
ADDRESS, HEALTH, PERSONAL = map(_mark, (Sensitivity.ADDRESS, Sensitivity.HEALTH, Sensitivity.PERSONAL))


_NUMBERS = re.compile(r"\d{10,17}[0-9Xx]?")
_DATE_IN_NUMBER = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
#: What a program made, and no person bears: a digest, a UUID (either has a letter in it), the id of a package.
_MADE = (
    r"(?=[0-9-]*[a-f])(?:[0-9a-f]{64}"
    r"|[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
    r"|[0-9a-f]{12}[1-8][0-9a-f]{3}[89ab][0-9a-f]{15})"
    r"|[0-9]{4}-[0-9]{2}\.[a-z_-]+(?:-[0-9a-f]{16})?\.[a-z-]+\.[a-z-]+\.[0-9]{6,12}"
    r"\.to\.[a-z-]+\.[a-z-]+\.[0-9]{6,12}\.r[0-9]+(?:\.p[0-9]+of[0-9]+)?"
)
_PERSONAL_NUMBER = re.compile(
    rf"(?<![0-9A-Za-z])(?:{_MADE})(?![0-9A-Za-z])"  # taken whole, so that nothing inside of it is looked at
    r"|(?P<number>"
    rf"\d{{6}}(?:1[89]|20)\d\d{_DATE_IN_NUMBER}\d{{3}}[0-9Xx]"  # an identity number
    rf"|(?<!\d)\d{{8}}{_DATE_IN_NUMBER}\d{{3}}(?!\d)"  # the number of one of the first cards
    r"|(?<!\d)(?:\+?86[ -]?)?1[ -]?[3-9]\d[ -]?\d{4}[ -]?\d{4}"  # a mobile telephone
    r"|(?<!\d)0\d{2,3}[ -]?\d{7,8}(?!\d)"  # another telephone
    r")"
)
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,79}")
#: What a code for a reason is, for a message.
CODE_EXPECTED = (
    "expected a code such as marriage:missing: letters, digits and _ . : - alone, and no number of a person"
)


def has_personal_number(text: str) -> bool:
    """Return whether text holds what looks like an identity number or a telephone, whatever stands before or after it.

    A whole digest, a UUID and the id of a package are passed over: a program made them.

    Example:
        >>> has_personal_number("P-99999919850301002X"), has_personal_number("P-20110601-17")
        (True, False)
    """
    return len(text) >= _SHORTEST and any(found["number"] for found in _PERSONAL_NUMBER.finditer(text))


def is_code(text: str) -> bool:
    """Return whether text is a code that may stand in a finding or a log: no free text, and no number of a person.

    Example:
        >>> is_code("marriage:missing"), is_code("示例甲"), is_code("99999919850301002X")
        (True, False, False)
    """
    return bool(_CODE.fullmatch(text)) and masked(text) == text


def without_personal_numbers(text: str) -> str:
    """Return text with *** for what looks like an identity number or a telephone, and nothing else changed.

    Example:
        >>> without_personal_numbers("form 99999919850301002X of 2011-06-01")
        'form *** of 2011-06-01'
    """
    return _PERSONAL_NUMBER.sub(lambda found: "***" if found["number"] else found[0], text)


def masked(text: str) -> str:
    """Return text for a message: what looks like an identity number or a telephone becomes ***, and its length is bounded.

    Example:
        >>> masked("P-1"), masked("99999919850301002X")
        ('P-1', '***')
    """
    return _NUMBERS.sub("***", without_personal_numbers(text))[:_SHOWN]


def sensitivities(cls: type) -> dict[str, Sensitivity]:
    """Return the sensitive fields of an attrs class.

    Example:
        >>> @attrs.frozen
        ... class Caller:
        ...     phone: str = attrs.field(repr=False, metadata=CONTACT)
        ...     day: str = "Monday"
        >>> sensitivities(Caller)
        {'phone': <Sensitivity.CONTACT: 'contact'>}
    """
    return {f.name: f.metadata[_KEY] for f in attrs.fields(cls) if _KEY in f.metadata}
