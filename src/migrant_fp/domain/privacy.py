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
_PERSONAL_NUMBER = re.compile(
    rf"(?<!\d)\d{{6}}(?:1[89]|20)\d\d{_DATE_IN_NUMBER}\d{{3}}[0-9Xx](?!\d)"  # an identity number
    r"|(?<![0-9a-f])(?:"  # shorter ones are no part of a digest or a UUID
    rf"\d{{8}}{_DATE_IN_NUMBER}\d{{3}}"  # the number of one of the first cards
    r"|(?:\+?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}"  # a mobile telephone
    r"|0\d{2,3}[ -]?\d{7,8}"  # another telephone
    r")(?![0-9a-f])"
)
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,79}")
#: What a code for a reason is, for a message.
CODE_EXPECTED = (
    "expected a code such as marriage:missing: letters, digits and _ . : - alone, and no number of a person"
)


def has_personal_number(text: str) -> bool:
    """Return whether text holds what looks like an identity number or a telephone.

    Example:
        >>> has_personal_number("P-99999919850301002X"), has_personal_number("P-20110601-17")
        (True, False)
    """
    return bool(_PERSONAL_NUMBER.search(text))


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
    return _PERSONAL_NUMBER.sub("***", text)


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
