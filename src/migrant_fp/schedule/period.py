"""Periods: the week, month, quarter, half-year and year, and the odd ones that offices really use."""

from __future__ import annotations

from datetime import date, timedelta

import attrs
from dateutil.relativedelta import relativedelta

from migrant_fp.schedule.errors import InvalidRule

_YEAR = 12


@attrs.frozen
class Cycle:
    """How time is cut into periods.

    Attributes:
        name: Its name.
        zh: Its Chinese name.
        months: The length of a period in months, a divisor of 12; 0 for the week.
        first_month: The month in which the first period of a year begins.
        first_day: The day of the month on which periods begin.
    """

    name: str
    zh: str
    months: int
    first_month: int = 1
    first_day: int = 1

    def period(self, on: date) -> Period:
        """Return the period that holds a day.

        Example:
            >>> QUARTER.period(date(2011, 5, 18)).label
            '2011-Q2'
        """
        if not self.months:
            start = on - timedelta(on.weekday())
            return Period(self, start, start + timedelta(6))
        index = on.year * _YEAR + on.month - 1 - (on.day < self.first_day)
        index -= (index - (self.first_month - 1)) % self.months
        return self._from(index)

    def _from(self, index: int) -> Period:
        start = date(index // _YEAR, index % _YEAR + 1, self.first_day)
        return Period(self, start, start + relativedelta(months=self.months) - timedelta(1))


@attrs.frozen
class Period:
    """One period of a cycle.

    Attributes:
        cycle: Its cycle.
        start: Its first day.
        end: Its last day.
    """

    cycle: Cycle
    start: date
    end: date

    def shifted(self, n: int) -> Period:
        """Return the period *n* later, or earlier where *n* is negative."""
        if not self.cycle.months:
            return Period(self.cycle, self.start + timedelta(7 * n), self.end + timedelta(7 * n))
        return self.cycle.period(self.start + relativedelta(months=n * self.cycle.months))

    def month(self, k: int) -> date:
        """Return the first day of the *k*-th month of the period.

        Raises:
            InvalidRule: If the period has no such month.
        """
        if not 1 <= k <= self.cycle.months:
            raise InvalidRule(f"month {k} of a {self.cycle.name}", f"a month from 1 to {self.cycle.months}")
        return self.start + relativedelta(months=k - 1)

    @property
    def label(self) -> str:
        """A stable label, such as 2011-Q4, 2011-10, 2011-W40, 2011-H2 or 2011."""
        year, month = self.start.year, self.start.month
        match self.cycle:
            case Cycle(months=0):
                week = self.start.isocalendar()
                return f"{week.year}-W{week.week:02}"
            case Cycle(months=1, first_day=1):
                return f"{year}-{month:02}"
            case Cycle(months=3, first_month=1, first_day=1):
                return f"{year}-Q{(month + 2) // 3}"
            case Cycle(months=6, first_month=1, first_day=1):
                return f"{year}-H{(month + 5) // 6}"
            case Cycle(months=12, first_month=1, first_day=1):
                return f"{year}"
        return f"{self.start:%Y%m%d}-{self.end:%Y%m%d}"


WEEK = Cycle("week", "周", 0)
MONTH = Cycle("month", "月", 1)
QUARTER = Cycle("quarter", "季度", 3)
HALF_YEAR = Cycle("half-year", "半年", 6)
YEAR = Cycle("year", "年", 12)
#: 10月1日至次年9月30日, the statistical year of family planning, and its halves.
YEAR_FROM_OCTOBER = Cycle("year from October", "统计年度", 12, first_month=10)
HALF_YEAR_FROM_OCTOBER = Cycle("half-year from October", "统计半年", 6, first_month=10)
#: 上月21日至本月20日.
MONTH_FROM_21ST = Cycle("month from the 21st", "月（21日起）", 1, first_day=21)
