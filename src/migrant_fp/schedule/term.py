"""Closed sets whose members carry the Chinese term."""

from __future__ import annotations

from enum import Enum
from typing import Self


class Term(Enum):
    """An enum whose members are written (value, Chinese term).

    Attributes:
        zh: The Chinese term.
    """

    zh: str

    def __new__(cls, value: str, zh: str) -> Self:
        """Give each member its Chinese term."""
        member = object.__new__(cls)
        member._value_ = value
        member.zh = zh
        return member
