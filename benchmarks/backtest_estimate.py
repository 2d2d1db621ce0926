"""How often `estimate` would have been right: each year from only the notices published before its own.

Two rules stand beside it: a plain guess (statutory days and weekends), and a fixed bridging rule (seven days for
Spring Festival and National Day, five for Labour Day, a bridged weekend for the others, paid for by the nearest weekend
days), which was written with all of these years known.
"""

from __future__ import annotations

from datetime import date, timedelta

from migrant_fp import Convention, WorkingCalendar, adjust
from migrant_fp.adapters.chinese_calendar import working_calendar
from migrant_fp.schedule.estimate import Scenario, candidates, estimate
from migrant_fp.schedule.habit import Arrangement, Cluster, clusters, last_of_block, make_ups_owed

YEARS = range(2014, 2027)
SATURDAY = 5
#: Days off before and after a single statutory day, by its weekday from Monday on.
BRIDGES = ((2, 0), (2, 0), (0, 0), (0, 2), (0, 2), (0, 2), (1, 1))
NEAREST = (-1, 1, -2, 2)
TRUTH = working_calendar()


def known_before(year: int) -> WorkingCalendar:
    """Return the calendar as it was on the day before the first notice of a year."""
    first = min(notice.issued for notice in TRUTH.notices if notice.year == year)
    return TRUTH.known_on(first - timedelta(1))


def plain(on: date) -> date:
    """Return where a date falls by statutory days and weekends alone."""
    return adjust(on, Convention.FOLLOWING, WorkingCalendar(()), provisional=True).actual


def fixed(on: date) -> date:
    """Return where a date falls by a bridging rule that is fixed for all years."""
    off, worked = set(), set()
    for cluster in clusters(on.year):
        first, last = fixed_block(cluster)
        off |= {first + timedelta(n) for n in range((last - first).days + 1)}
        ranks = NEAREST[: make_ups_owed(first, last_of_block(first, last, cluster.owed), cluster.owed)]
        worked |= set(Arrangement(cluster, first, last, ranks).make_up_days)
    while on in off or (on.weekday() >= SATURDAY and on not in worked):
        on += timedelta(1)
    return on


def fixed_block(cluster: Cluster) -> tuple[date, date]:
    """Return seven days for Spring Festival and National Day, five for Labour Day, a bridged weekend for the others."""
    first = cluster.days[0]
    length = {"春节": 7, "国庆节": 6 + len(set(cluster.festivals)), "劳动节": 5}.get(cluster.festival)
    if length:
        return first, first + timedelta(length - 1)
    before, after = BRIDGES[first.weekday()]
    return first - timedelta(before), first + timedelta(after)


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
        f"{'':22}{'dates':>6}{'plain':>7}{'fixed':>7}{'estimate':>10}{'in candidates':>15}{'candidates, mean':>18}{'most':>6}"
    )
    for name, months in (("quarterly", (1, 4, 7, 10)), ("monthly", tuple(range(1, 13)))):
        rows = figures(months, scenarios)
        guessed = sum(plain(on) == truth for on, truth, _ in rows)
        bridged = sum(fixed(on) == truth for on, truth, _ in rows)
        exact = sum(found[0] == truth for _, truth, found in rows)
        inside = sum(truth in found for _, truth, found in rows)
        mean = sum(len(found) for _, _, found in rows) / len(rows)
        most = max(len(found) for _, _, found in rows)
        print(f"{name:22}{len(rows):>6}{guessed:>7}{bridged:>7}{exact:>10}{inside:>15}{mean:>18.2f}{most:>6}")
    print("\nmisses")
    for on, truth, found in figures(tuple(range(1, 13)), scenarios):
        if found[0] != truth:
            print(f"  {on} fell on {truth}; candidates {', '.join(map(str, found))}")


if __name__ == "__main__":
    main()
