"""How fast `adjust` is, with its reasons, beside peers that give none (pip install -e '.[bench]').

Every day of 2004-2026 in shuffled order, best of three rounds, in one process; no result is kept between calls.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from datetime import date, timedelta

import chinese_calendar
import numpy as np
import QuantLib as ql

from migrant_fp import Convention, adjust
from migrant_fp.adapters.chinese_calendar import working_calendar

FIRST, LAST = date(2004, 1, 1), date(2026, 12, 31)
ONE = timedelta(1)


def shuffled_days() -> list[date]:
    """Return every day of the range that has a working day after it, shuffled with a fixed seed."""
    days = [FIRST + timedelta(n) for n in range((LAST - FIRST).days + 1)]
    random.Random(2011).shuffle(days)  # noqa: S311 - not for secrets
    return days


def nanoseconds(step: Callable[[object], object], arguments: list[object]) -> float:
    """Return the best of three rounds, in nanoseconds a call."""
    best = float("inf")
    for _ in range(3):
        start = time.perf_counter()
        for argument in arguments:
            step(argument)
        best = min(best, time.perf_counter() - start)
    return best / len(arguments) * 1e9


def loop(day: date) -> date:
    """Move a day as a user of chinese_calendar does."""
    while day < LAST and not chinese_calendar.is_workday(day):
        day += ONE
    return day


def main() -> None:
    """Print the table."""
    start = time.perf_counter()
    calendar = working_calendar()
    built = time.perf_counter() - start
    days = shuffled_days()
    quantlib = ql.China(ql.China.IB)
    off = [d for d in days if d.weekday() < 5 and not chinese_calendar.is_workday(d)]  # noqa: PLR2004 - Saturday
    busday = np.busdaycalendar(holidays=np.array(off, dtype="datetime64[D]"))
    rows = {
        "migrant_fp adjust, with reasons": nanoseconds(
            lambda d: adjust(d, Convention.FOLLOWING, calendar), days
        ),
        "chinese_calendar is_workday loop": nanoseconds(loop, days),
        "QuantLib Calendar.adjust": nanoseconds(
            lambda d: quantlib.adjust(d, ql.Following), [ql.Date(d.day, d.month, d.year) for d in days]
        ),
        "numpy busday_offset, scalar": nanoseconds(
            lambda d: np.busday_offset(d, 0, "forward", busdaycal=busday), [np.datetime64(d) for d in days]
        ),
    }
    ours = next(iter(rows.values()))
    print(f"calendar built once in {built * 1000:.1f} ms; {len(days)} days")
    for name, each in rows.items():
        print(f"{name:34} {each:9.0f} ns  {each / ours:6.1f} x")


if __name__ == "__main__":
    main()
