"""The working calendar: what each day is, and on whose word."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

import attrs

from migrant_fp.schedule.classification import classify
from migrant_fp.schedule.day import Day, DayKind
from migrant_fp.schedule.errors import InvalidNotice, NotAnnounced
from migrant_fp.schedule.notice import HolidayNotice, NamedDay
from migrant_fp.schedule.statutory import statutory_days

_SATURDAY = 5
_ONE = timedelta(1)
#: Notices have named days of the December before from the 29th on (2007, 2018): until the next
#: year's notice is known, those days are provisional.
_REACH_FROM = (12, 29)


def _in_order(notices: Iterable[HolidayNotice]) -> tuple[HolidayNotice, ...]:
    return tuple(sorted(set(notices), key=lambda n: (n.issued, n.year, n.number or "", n.dates)))


@attrs.frozen
class WorkingCalendar:
    """A calendar made of holiday notices; immutable.

    Attributes:
        notices: The notices, oldest first.
        joined: Other calendars whose rest days are rest days here too.

    Raises:
        InvalidNotice: If two notices of the same day name the same date.
    """

    notices: tuple[HolidayNotice, ...] = attrs.field(converter=_in_order)
    joined: tuple[WorkingCalendar, ...] = ()
    _days: dict[date, Day] = attrs.field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        """Work out every day that is announced."""
        _refuse_conflicts(self.notices)
        days = _days_of(self.notices)
        for other in self.joined:
            days = {d: _both(day, other._days[d]) for d, day in days.items() if d in other._days}
        object.__setattr__(self, "_days", days)

    @property
    def announced(self) -> tuple[int, ...]:
        """The years every member of the calendar has a notice for, in order."""
        own = {notice.year for notice in self.notices}
        return tuple(sorted(own.intersection(*(other.announced for other in self.joined))))

    def day(self, on: date, *, provisional: bool = False) -> Day:
        """Return what a day is.

        Args:
            on: The day.
            provisional: Answer from the statutory days and the plain week, marked provisional,
                where no notice is known, instead of raising.

        Raises:
            NotAnnounced: If no notice arranges the year of the day.
            OutsideLunarTable: If a provisional answer is asked beyond the lunar table.

        Example:
            >>> calendar = WorkingCalendar(())
            >>> calendar.day(date(2027, 10, 1), provisional=True).kind.zh
            '法定节假日'
        """
        day = self._days.get(on)
        if day is None:
            return self._unannounced(on, provisional=provisional)
        return day

    def known_on(self, on: date) -> WorkingCalendar:
        """Return the calendar as it was known on a day: only the notices published by then."""
        published = (n for n in self.notices if n.issued <= on and not n.estimated)
        return WorkingCalendar(published, tuple(other.known_on(on) for other in self.joined))

    def with_notice(self, notice: HolidayNotice) -> WorkingCalendar:
        """Return the calendar with one notice more."""
        return attrs.evolve(self, notices=(*self.notices, notice))

    def joined_with(self, other: WorkingCalendar) -> WorkingCalendar:
        """Return the calendar of two offices together: a day is worked only if both work."""
        return attrs.evolve(self, joined=(*self.joined, other))

    def _unannounced(self, on: date, *, provisional: bool) -> Day:
        if isinstance(on, datetime):
            return self.day(on.date(), provisional=provisional)
        if not provisional:
            raise NotAnnounced(on, self.announced)
        festivals = statutory_days(on.year).get(on)
        if festivals:
            return Day(on, DayKind.STATUTORY, festivals[-1], provisional=True)
        return Day(on, _plain(on), provisional=True)


def _plain(on: date) -> DayKind:
    return DayKind.WEEKLY_REST if on.weekday() >= _SATURDAY else DayKind.WORKING


def _both(one: Day, other: Day) -> Day:
    resting = other if one.kind.is_working else one
    return attrs.evolve(resting, provisional=one.provisional or other.provisional)


def _days_of(notices: tuple[HolidayNotice, ...]) -> dict[date, Day]:
    first: dict[int, HolidayNotice] = {}
    for notice in notices:
        first.setdefault(notice.year, notice)
    days: dict[date, Day] = {}
    for year, notice in first.items():
        days.update(_plain_year(year, notice, settled=year + 1 in first))
    named = [_named_days([n for n in notices if n.year == year]) for year in sorted(first)]
    return days | dict(sorted((item for days_off in named for item in days_off.items()), key=_issued))


def _issued(item: tuple[date, Day]) -> date:
    return item[1].notice.issued if item[1].notice else date.min


def _plain_year(year: int, notice: HolidayNotice, *, settled: bool) -> dict[date, Day]:
    days, on, statutory = {}, date(year, 1, 1), statutory_days(year)
    while on.year == year:
        waits = not settled and (on.month, on.day) >= _REACH_FROM
        # A statutory day is one by the law, even where a notice leaves it out.
        kind = DayKind.STATUTORY if on in statutory else _plain(on)
        festival = statutory[on][-1] if on in statutory else None
        days[on] = Day(on, kind, festival, notice, provisional=notice.estimated or waits)
        on += _ONE
    return days


def _named_days(notices: list[HolidayNotice]) -> dict[date, Day]:
    off: dict[date, tuple[NamedDay, HolidayNotice]] = {}
    days: dict[date, Day] = {}
    for notice in notices:
        for on in notice.restored:
            off.pop(on, None)
            days[on] = Day(on, _plain(on), notice=notice, provisional=notice.estimated)
        for named in notice.make_up_days:
            off.pop(named.date, None)
            days[named.date] = _named(named, DayKind.MAKE_UP, notice)
        for named in notice.days_off:
            off[named.date] = (named, notice)
    make_ups = [day for notice in notices for day in notice.make_up_days]
    kinds = classify({on: named for on, (named, _) in off.items()}, make_ups)
    for on, (named, notice) in off.items():
        days[on] = _named(named, kinds[on][0], notice, inferred=kinds[on][1])
    return days


def _named(named: NamedDay, kind: DayKind, notice: HolidayNotice, *, inferred: bool = False) -> Day:
    return Day(named.date, kind, named.festival, notice, inferred, notice.estimated)


def _refuse_conflicts(notices: tuple[HolidayNotice, ...]) -> None:
    seen: dict[tuple[date, date], HolidayNotice] = {}
    problems = []
    for notice in notices:
        for on in notice.dates:
            other = seen.setdefault((notice.issued, on), notice)
            if other is not notice:
                problems.append(
                    f"{on} is named by {other.title} and {notice.title}, both issued {notice.issued}"
                )
    if problems:
        raise InvalidNotice(tuple(problems))
