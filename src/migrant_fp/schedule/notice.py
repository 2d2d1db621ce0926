"""The holiday notices of the State Council, as values."""

from __future__ import annotations

from collections import Counter
from datetime import date

import attrs

from migrant_fp.schedule.day import DayKind
from migrant_fp.schedule.errors import InvalidNotice
from migrant_fp.schedule.term import Term

_SATURDAY = 5


class Certainty(Term):
    """How a fact is known."""

    FOUND = ("found", "有据可查")
    RECALLED = ("recalled", "据记忆")
    ASSUMED = ("assumed", "推定")


@attrs.frozen
class NamedDay:
    """A day that a notice names, under its festival.

    Attributes:
        date: The date.
        festival: The festival, as the notice names it.
        kind: What the notice itself says the day is; None (the usual case) lets the law decide.
    """

    date: date
    festival: str
    kind: DayKind | None = None


@attrs.frozen
class HolidayNotice:
    """One notice: the days off and the make-up days of a year.

    A notice may name days of the December before, and may amend an earlier notice: on each day
    the notice issued last decides.

    Attributes:
        year: The year it arranges.
        issued: The day it was published.
        days_off: The days off it names, weekends inside a block included.
        make_up_days: The weekend days it makes working days.
        restored: Days that an amendment gives back to the plain week.
        number: Its document number, if known.
        source: Where it can be read.
        number_certainty: How the number is known.
        issued_certainty: How the day of publication is known.
        estimated: True for a notice that nobody has issued, made by `migrant_fp.schedule.estimate`.
    """

    year: int
    issued: date
    days_off: tuple[NamedDay, ...]
    make_up_days: tuple[NamedDay, ...] = ()
    restored: tuple[date, ...] = ()
    number: str | None = None
    source: str = ""
    number_certainty: Certainty = Certainty.FOUND
    issued_certainty: Certainty = Certainty.FOUND
    estimated: bool = False

    def __attrs_post_init__(self) -> None:
        """Refuse a notice that contradicts itself, with every problem at once."""
        problems = tuple(f"{self.title}: {problem}" for problem in self._problems())
        if problems:
            raise InvalidNotice(problems)

    @property
    def title(self) -> str:
        """The number where it is known, else the year; a recalled number and an estimate say so."""
        if self.estimated:
            return f"{self.year}年放假安排的推算"
        if self.number is None:
            return f"关于{self.year}年部分节假日安排的通知"
        mark = "" if self.number_certainty is Certainty.FOUND else f"（文号{self.number_certainty.zh}）"
        return self.number + mark

    @property
    def dates(self) -> tuple[date, ...]:
        """Every date the notice names."""
        return (*(d.date for d in self.days_off), *(d.date for d in self.make_up_days), *self.restored)

    def _problems(self) -> list[str]:
        found = [f"{day} is named {n} times" for day, n in Counter(self.dates).items() if n > 1]
        found += [
            f"{day.date} is a weekday and cannot be a make-up day"
            for day in self.make_up_days
            if day.date.weekday() < _SATURDAY
        ]
        first, last = date(self.year - 1, 12, 1), date(self.year, 12, 31)
        found += [f"{day} is outside {first} to {last}" for day in self.dates if not first <= day <= last]
        return found
