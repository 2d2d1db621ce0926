"""What notices do with statutory days: the blocks of past years, and the patterns they follow.

Nothing here knows a year: all habits are read from the notices at hand.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from datetime import date, timedelta
from typing import TypeVar

import attrs

from migrant_fp.schedule.calendar import WorkingCalendar
from migrant_fp.schedule.day import Day, DayKind
from migrant_fp.schedule.statutory import statutory_days

T = TypeVar("T", bound=Hashable)
_ONE = timedelta(1)
_SATURDAY = 5
#: Statutory days at most so many days apart fall into one block: what lies between is always bridged.
_APART = 3
_REACH = 10


@attrs.frozen
class Cluster:
    """Statutory days that are arranged together.

    Attributes:
        days: The days, in order.
        festivals: The festivals, one for each statutory day owed (two where they coincide).
    """

    days: tuple[date, ...]
    festivals: tuple[str, ...]

    @property
    def festival(self) -> str:
        """The festival with the most days: the one that the block follows."""
        return max(self.festivals, key=self.festivals.count)

    @property
    def owed(self) -> int:
        """How many days off the law gives."""
        return len(self.festivals)


@attrs.frozen
class Arrangement:
    """What a notice made, or may make, of a cluster.

    Attributes:
        cluster: The statutory days.
        first: The first day off.
        last: The last day off.
        make_up: The make-up days as ranks: 1 is the first weekend day after the block, -1 the last before it.
    """

    cluster: Cluster
    first: date
    last: date
    make_up: tuple[int, ...]

    @property
    def lead(self) -> int:
        """How many days before the first statutory day the block begins."""
        return (self.cluster.days[0] - self.first).days

    @property
    def length(self) -> int:
        """How many days the block has."""
        return (self.last - self.first).days + 1

    @property
    def make_up_days(self) -> tuple[date, ...]:
        """The make-up days."""
        return tuple(_weekend_day(self.first, self.last, rank) for rank in self.make_up)


def clusters(year: int) -> Iterator[Cluster]:
    """Yield the statutory days of a year, drawn together where one block will hold them.

    Example:
        >>> [cluster.festivals for cluster in clusters(2012)][-1]
        ('中秋节', '国庆节', '国庆节', '国庆节')
    """
    days: list[date] = []
    names: list[str] = []
    for day, festivals in statutory_days(year).items():
        if days and (day - days[-1]).days > _APART:
            yield Cluster(tuple(days), tuple(names))
            days, names = [], []
        days.append(day)
        names += festivals
    yield Cluster(tuple(days), tuple(names))


def past_arrangements(calendar: WorkingCalendar) -> Iterator[Arrangement]:
    """Yield what the notices of a calendar made of each cluster, oldest first.

    Days declared for an occasion of their own (`DayKind.SPECIALLY_DECLARED`) are no habit and are left out.
    """
    years = calendar.announced
    for year in years:
        for cluster in clusters(year):
            first = _edge(cluster.days[0], -_ONE, calendar, years)
            last = _edge(cluster.days[-1], _ONE, calendar, years)
            yield Arrangement(cluster, first, last, tuple(_ranks(first, last, calendar, years)))


def vote(evidence: Iterable[tuple[T, float]]) -> dict[T, float]:
    """Return the share of each answer in the evidence, the largest first.

    Example:
        >>> vote([("a", 1.0), ("b", 3.0)])
        {'b': 0.75, 'a': 0.25}
    """
    weights: defaultdict[T, float] = defaultdict(float)
    for answer, weight in evidence:
        weights[answer] += weight
    total = sum(weights.values())
    return {answer: weights[answer] / total for answer in sorted(weights, key=lambda a: -weights[a])}


def make_ups_owed(first: date, last: date, owed: int) -> int:
    """Return how many weekend days must be worked for a block: its weekdays less the days that the law gives.

    Example:
        >>> make_ups_owed(date(2011, 10, 1), date(2011, 10, 7), 3)
        2
    """
    return _weekdays(first, last) - owed


def last_of_block(first: date, last: date, owed: int) -> date:
    """Return the last day of a block, lengthened where it gives fewer weekdays than the law (补假, art. 6).

    Example:
        >>> last_of_block(date(2014, 4, 5), date(2014, 4, 5), 1)
        datetime.date(2014, 4, 7)
    """
    while _weekdays(first, last) < owed:
        last += _ONE
    return last


def _weekdays(first: date, last: date) -> int:
    return sum((first + timedelta(n)).weekday() < _SATURDAY for n in range((last - first).days + 1))


def _edge(day: date, step: timedelta, calendar: WorkingCalendar, years: tuple[int, ...]) -> date:
    while (day + step).year in years and _belongs(calendar.day(day + step)):
        day += step
    return day


def _belongs(day: Day) -> bool:
    return not day.kind.is_working and day.kind is not DayKind.SPECIALLY_DECLARED


def _ranks(first: date, last: date, calendar: WorkingCalendar, years: tuple[int, ...]) -> Iterator[int]:
    for rank in (-3, -2, -1, 1, 2, 3):
        on = _weekend_day(first, last, rank)
        near = (first - on).days <= _REACH if rank < 0 else (on - last).days <= _REACH
        if near and on.year in years and calendar.day(on).kind is DayKind.MAKE_UP:
            yield rank


def _weekend_day(first: date, last: date, rank: int) -> date:
    on, step = (first, -_ONE) if rank < 0 else (last, _ONE)
    left = abs(rank)
    while left:
        on += step
        left -= on.weekday() >= _SATURDAY
    return on
