"""How often `estimate` would have been right: each year from only the notices published before its own.

Two rules stand beside it: a plain guess (statutory days and weekends), and a fixed bridging rule (seven days for
Spring Festival and National Day, the three-day weekend for the others, paid for by the nearest weekend days).
"""

from __future__ import annotations

from datetime import date, timedelta

from migrant_fp import Convention, WorkingCalendar, adjust
from migrant_fp.adapters.chinese_calendar import working_calendar
from migrant_fp.schedule.estimate import Scenario, candidates, estimate

YEARS = range(2014, 2027)
TRUTH = working_calendar()


def known_before(year: int) -> WorkingCalendar:
    """Return the calendar as it was on the day before the first notice of a year."""
    first = min(notice.issued for notice in TRUTH.notices if notice.year == year)
    return TRUTH.known_on(first - timedelta(1))


def plain(on: date) -> date:
    """Return where a date falls by statutory days and weekends alone."""
    return adjust(on, Convention.FOLLOWING, WorkingCalendar(()), provisional=True).actual


def true(on: date) -> date:
    """Return where a date fell."""
    return adjust(on, Convention.FOLLOWING, TRUTH).actual


def figures(
    months: tuple[int, ...], scenarios: dict[int, tuple[Scenario, ...]]
) -> list[tuple[date, date, tuple[date, ...]]]:
    """Return nominal day, true day and candidates of the 5th of some months, year by year."""
    days = [date(year, month, 5) for year in YEARS for month in months]
    return [(on, true(on), candidates(on, Convention.FOLLOWING, scenarios[on.year])) for on in days]


def main() -> None:
    """Print the table and the misses."""
    scenarios = {year: estimate(year, known_before(year)) for year in YEARS}
    print(
        f"{'':22}{'dates':>6}{'plain':>7}{'estimate':>10}{'in candidates':>15}{'candidates, mean':>18}{'most':>6}"
    )
    for name, months in (("quarterly", (1, 4, 7, 10)), ("monthly", tuple(range(1, 13)))):
        rows = figures(months, scenarios)
        guessed = sum(plain(on) == truth for on, truth, _ in rows)
        exact = sum(found[0] == truth for _, truth, found in rows)
        inside = sum(truth in found for _, truth, found in rows)
        mean = sum(len(found) for _, _, found in rows) / len(rows)
        most = max(len(found) for _, _, found in rows)
        print(f"{name:22}{len(rows):>6}{guessed:>7}{exact:>10}{inside:>15}{mean:>18.2f}{most:>6}")
    print("\nmisses")
    for on, truth, found in figures(tuple(range(1, 13)), scenarios):
        if found[0] != truth:
            print(f"  {on} fell on {truth}; candidates {', '.join(map(str, found))}")


if __name__ == "__main__":
    main()
