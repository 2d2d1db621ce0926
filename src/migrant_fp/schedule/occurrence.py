"""Occurrences: what falls due when, with a stable id and the days the answer rests on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Protocol

import attrs

from migrant_fp.schedule.calendar import WorkingCalendar
from migrant_fp.schedule.convention import adjust
from migrant_fp.schedule.day import Day
from migrant_fp.schedule.estimate import estimate, likely
from migrant_fp.schedule.explanation import explain_en, explain_zh
from migrant_fp.schedule.notice import HolidayNotice
from migrant_fp.schedule.period import Period
from migrant_fp.schedule.rule import After, Bound, Rule

_ONE = timedelta(1)


class Scheduled(Protocol):
    """Anything with an id and a rule can be planned."""

    @property
    def id(self) -> str:
        """A stable id, such as joint-meeting."""
        ...

    @property
    def rule(self) -> Rule:
        """When it falls due."""
        ...


@attrs.frozen
class Occurrence:
    """One time that a duty falls due.

    Attributes:
        duty: The id of the duty.
        period: The period in which it falls due; None for a deadline that starts from an event.
        data_period: The period its data concern.
        bound: How it binds.
        nominal: The day as the rule has it; None for a window.
        first: The first day on which it may be done (of a window), else None.
        last: The day on which, or the last day by which, it must be done.
        working_days: Of a window or a deadline: the working days of the period up to *last*.
        stepped_over: The rest days between the nominal day and the day it moved to.
        act_by: Of a deadline: the last working day on which it can be met. Advice, not law.
        days: Every day the answer rests on.
        candidates: Of a provisional day: the days it may turn out to be, the likeliest first.
        given_id: The id that the caller gave, of an extra one; None where it follows from duty and period.
    """

    duty: str
    period: Period | None
    data_period: Period | None
    bound: Bound
    nominal: date | None
    first: date | None
    last: date
    working_days: tuple[date, ...] | None
    stepped_over: tuple[Day, ...]
    act_by: date | None
    days: tuple[Day, ...] = attrs.field(repr=False)
    candidates: tuple[date, ...] = ()
    given_id: str | None = None

    @property
    def id(self) -> str:
        """The stable id: duty and period, or the one given. It survives moving."""
        if self.given_id is not None:
            return self.given_id
        return f"{self.duty}/{self.period.label if self.period else self.nominal}"

    @property
    def actual(self) -> date | None:
        """The day on or by which it falls due; None for a window."""
        return None if self.bound is Bound.WITHIN else self.last

    @property
    def provisional(self) -> bool:
        """Whether a notice still to come may change it."""
        return any(day.provisional for day in self.days)

    @property
    def notices(self) -> tuple[HolidayNotice, ...]:
        """The notices the answer rests on, oldest first."""
        found = {day.notice for day in self.days if day.notice is not None and not day.notice.estimated}
        return tuple(sorted(found, key=lambda n: (n.issued, n.year)))

    def explain(self, lang: str = "zh") -> str:
        """Return the date and its reasons as a sentence, in Chinese (zh) or English (en)."""
        return explain_en(self) if lang == "en" else explain_zh(self)


@attrs.frozen
class Change:
    """What a new calendar changes of one occurrence.

    Attributes:
        before: The occurrence before, or None.
        after: The occurrence after, or None.
        cause: The notices that the new answer rests on and the old one did not, or, where a notice
            was withdrawn, the other way round.
    """

    before: Occurrence | None
    after: Occurrence | None
    cause: tuple[HolidayNotice, ...]

    @property
    def id(self) -> str:
        """The id of the occurrence."""
        return next(side.id for side in (self.after, self.before) if side is not None)

    @property
    def moved(self) -> bool:
        """Whether a date changed, and not only its certainty."""
        if self.before is None or self.after is None:
            return True
        return (self.before.first, self.before.last) != (self.after.first, self.after.last)


def plan(
    duty: Scheduled, year: int, calendar: WorkingCalendar, *, provisional: bool = False
) -> Iterator[Occurrence]:
    """Yield the occurrences whose nominal day, or last day of the window, lies in a year; lazily.

    Args:
        duty: What falls due.
        year: The Gregorian year.
        calendar: The working calendar.
        provisional: Answer, marked, where no notice is known. The days of a year without a notice are then
            those of `migrant_fp.schedule.estimate`, and each day carries its candidates.

    Raises:
        NotAnnounced: On reaching a day that no notice arranges, unless *provisional*.
        InvalidRule: If a period has no such day as the rule names.
    """
    if provisional and year not in calendar.announced:
        return _estimated(duty, year, calendar)
    return _planned(duty, year, calendar, provisional=provisional)


def _estimated(duty: Scheduled, year: int, calendar: WorkingCalendar) -> Iterator[Occurrence]:
    scenarios = estimate(year, calendar)
    plans = [{one.id: one for one in _planned(duty, year, s.calendar, provisional=True)} for s in scenarios]
    for name in plans[0]:
        same = [(plan[name], s.likelihood) for plan, s in zip(plans, scenarios, strict=True) if name in plan]
        if same[0][0].bound is Bound.WITHIN:
            yield same[0][0]
        else:
            days = likely((one.last, likelihood) for one, likelihood in same)
            yield attrs.evolve(next(one for one, _ in same if one.last == days[0]), candidates=days)


def _planned(
    duty: Scheduled, year: int, calendar: WorkingCalendar, *, provisional: bool
) -> Iterator[Occurrence]:
    rule = duty.rule
    period = rule.every.period(date(year, 1, 1)).shifted(-1)
    while period.start <= date(year, 12, 31):
        last = rule.at.span(period, calendar, provisional=True)[1]
        if last.year == year:
            yield _occurrence(duty.id, rule, period, calendar, provisional=provisional)
        period = period.shifted(1)


def due(
    duty: str, rule: After, event_on: date, calendar: WorkingCalendar, *, provisional: bool = False
) -> Occurrence:
    """Return the deadline that an event starts.

    Args:
        duty: The id of the duty; the occurrence's own id is this and the nominal last day.
        rule: The deadline.
        event_on: The day of the event, which is not counted.
        calendar: The working calendar.
        provisional: Answer, marked, where no notice is known.

    Raises:
        NotAnnounced: If the count leaves the calendar, unless *provisional*.
    """
    nominal = rule.last_day(event_on, calendar, provisional=provisional)
    moved = adjust(
        nominal,
        rule.convention,
        calendar,
        reading=rule.reading,
        since=event_on + _ONE,
        provisional=provisional,
    )
    days = _days(event_on + _ONE, moved.actual, calendar, provisional=provisional)
    return Occurrence(
        duty=duty,
        period=None,
        data_period=None,
        bound=Bound.BY,
        nominal=nominal,
        first=None,
        last=moved.actual,
        working_days=_working(days),
        stepped_over=moved.stepped_over,
        act_by=_last_working_day(moved.actual, calendar, provisional=provisional).date,
        days=days,
    )


def extra(
    duty: str, given_id: str, on: date, calendar: WorkingCalendar, *, provisional: bool = False
) -> Occurrence:
    """Return an extra occurrence on an agreed day (一(二): 平时确因工作需要…经双方召集人商定后召开).

    Args:
        duty: The id of the duty.
        given_id: The id of the occurrence, such as joint-meeting/2011-extra-1; it stays when the day moves.
        on: The day agreed; it is not moved.
        calendar: The working calendar.
        provisional: Answer, marked, where no notice is known.

    Raises:
        NotAnnounced: If no notice arranges the day, unless *provisional*.

    Example:
        >>> extra("joint-meeting", "joint-meeting/x1", date(2027, 3, 2), WorkingCalendar(()), provisional=True).id
        'joint-meeting/x1'
    """
    day = calendar.day(on, provisional=provisional)
    return Occurrence(
        duty=duty,
        period=None,
        data_period=None,
        bound=Bound.ON,
        nominal=on,
        first=None,
        last=on,
        working_days=None,
        stepped_over=(),
        act_by=None,
        days=(day,),
        given_id=given_id,
    )


def replan(before: Iterable[Occurrence], after: Iterable[Occurrence]) -> tuple[Change, ...]:
    """Return what changed between two plans, in the order of the new one, each with its cause.

    An occurrence whose dates stay, but become certain, is a change that did not move.
    """
    old, new = {o.id: o for o in before}, {o.id: o for o in after}
    changes = []
    for name in (*new, *(name for name in old if name not in new)):
        one, other = old.get(name), new.get(name)
        if one is None or other is None or _answer(one) != _answer(other):
            changes.append(Change(one, other, _cause(one, other)))
    return tuple(changes)


def _answer(one: Occurrence) -> tuple[object, ...]:
    return one.first, one.last, one.working_days, one.act_by, one.provisional


def _cause(before: Occurrence | None, after: Occurrence | None) -> tuple[HolidayNotice, ...]:
    old, new = (side.notices if side else () for side in (before, after))
    return tuple(n for n in new if n not in old) or tuple(n for n in old if n not in new)


def _occurrence(
    duty: str, rule: Rule, period: Period, calendar: WorkingCalendar, *, provisional: bool
) -> Occurrence:
    first, nominal = rule.at.span(period, calendar, provisional=provisional)
    window = rule.bound is Bound.WITHIN
    last = nominal - _ONE if rule.bound is Bound.BEFORE else nominal
    moved = adjust(
        last, rule.convention, calendar, reading=rule.reading, since=period.start, provisional=provisional
    )
    act_by, working_days, days = None, None, (*moved.stepped_over, moved.day)
    if rule.bound is not Bound.ON:
        span = _days(first if window else period.start, moved.actual, calendar, provisional=provisional)
        working_days = _working(span)
        if not window:
            advised = _last_working_day(moved.actual, calendar, provisional=provisional)
            act_by, span = advised.date, (advised, *span)
        days = (*span, *days)
    return Occurrence(
        duty=duty,
        period=period,
        data_period=period.shifted(rule.data),
        bound=rule.bound,
        nominal=None if window else nominal,
        first=first if window else None,
        last=moved.actual,
        working_days=working_days,
        stepped_over=moved.stepped_over,
        act_by=act_by,
        days=tuple(dict.fromkeys(days)),
    )


def _days(first: date, last: date, calendar: WorkingCalendar, *, provisional: bool) -> tuple[Day, ...]:
    return tuple(
        calendar.day(first + timedelta(n), provisional=provisional) for n in range((last - first).days + 1)
    )


def _working(days: Iterable[Day]) -> tuple[date, ...]:
    return tuple(day.date for day in days if day.kind.is_working)


def _last_working_day(on: date, calendar: WorkingCalendar, *, provisional: bool) -> Day:
    day = calendar.day(on, provisional=provisional)
    while not day.kind.is_working:
        on -= _ONE
        day = calendar.day(on, provisional=provisional)
    return day
