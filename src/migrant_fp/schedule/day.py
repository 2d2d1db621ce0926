"""A day, and what kind of day it is."""

from __future__ import annotations

from datetime import date
from enum import Enum
from typing import TYPE_CHECKING, Self

import attrs

if TYPE_CHECKING:
    from migrant_fp.schedule.notice import HolidayNotice


class DayKind(Enum):
    """What a day is, in the four layers that Chinese law keeps apart.

    The weekly rest is that of 国务院关于职工工作时间的规定 art. 7 (Saturday and Sunday), the statutory day
    that of 全国年节及纪念日放假办法 art. 2, the substitute that of its art. 6; the adjusted rest and the make-up
    working day come from the yearly notice of the State Council, and so does a specially declared day.

    Attributes:
        zh: The Chinese term.
        en: The English term.
        is_working: Whether offices work on such a day.
    """

    WORKING = ("working", "工作日", "working day", True)
    MAKE_UP = ("make_up", "调休上班", "make-up working day", True)
    WEEKLY_REST = ("weekly_rest", "周休息日", "weekly rest day", False)
    STATUTORY = ("statutory", "法定节假日", "statutory holiday", False)
    SUBSTITUTE = ("substitute", "补假", "substitute day off", False)
    ADJUSTED_REST = ("adjusted_rest", "调休", "adjusted rest day", False)
    SPECIALLY_DECLARED = ("specially_declared", "特别放假", "specially declared day off", False)

    zh: str
    en: str
    is_working: bool

    def __new__(cls, value: str, zh: str, en: str, is_working: bool) -> Self:
        """Give each member its two names."""
        member = object.__new__(cls)
        member._value_ = value
        member.zh, member.en, member.is_working = zh, en, is_working
        return member


@attrs.frozen
class Day:
    """A date with its kind, and the notice that says so.

    Attributes:
        date: The date.
        kind: What kind of day it is.
        festival: The festival whose block of days off, or whose make-up days, it belongs to;
            None for a plain day.
        notice: The notice that arranges it (for a plain day, by its silence); None where no
            notice is known yet.
        inferred: True where the notice leaves open which weekday is 补假 and which 调休, and the
            kind follows from the rule of `migrant_fp.schedule.classification`.
        provisional: True while a notice still to come may change it.
    """

    date: date
    kind: DayKind
    festival: str | None = None
    notice: HolidayNotice | None = attrs.field(default=None, repr=False)
    inferred: bool = False
    provisional: bool = False
