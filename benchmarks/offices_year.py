"""A year for 43,000 offices: each (office, occurrence) pair as a JSON line; pairs per second and peak memory.

The occurrences of a level are computed once and shared by its offices. The peer works as scripts do: for each office
it asks `chinese_calendar.is_workday` day by day; it is run on 200 offices, and gives dates without reasons.
"""

from __future__ import annotations

import json
import os
import resource
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import chinese_calendar

from migrant_fp.adapters.chinese_calendar import working_calendar
from migrant_fp.application.schedule_year import schedule_year
from migrant_fp.domain.duty import Level
from migrant_fp.regulations.changzhou_2011_134 import DUTIES

OFFICES, PEER, YEAR = 43_000, 200, 2026
DISTRICTS = 10
ROLES = ("public_security", "family_planning", "coordination")


def offices(count: int) -> Iterator[tuple[str, Level]]:
    """Yield invented offices of differing divisions, roles and levels: one city, ten districts, the rest towns."""
    for n in range(count):
        place, role = divmod(n, len(ROLES))
        level = Level.CITY if place == 0 else Level.DISTRICT if place <= DISTRICTS else Level.TOWN
        yield f"{ROLES[role]}/{level.value}/{place:06d}", level


def pairs(count: int) -> Iterator[str]:
    """Yield a JSON line for each office and occurrence."""
    calendar = working_calendar()
    shared = {
        level: [
            json.dumps(entry.as_row(), ensure_ascii=False)[1:]
            for entry in schedule_year(duties, YEAR, calendar)
        ]
        for level in Level
        if (duties := [duty for duty in DUTIES if duty.level is level])
    }
    for office, level in offices(count):
        head = f'{{"office": {json.dumps(office)}, '
        for tail in shared[level]:
            yield head + tail


def peer(count: int) -> int:
    """Return how many dates a script finds: the 5th of each month, or of each quarter, moved office by office."""
    found = 0
    for _, level in offices(count):
        for month in range(1, 13) if level is Level.TOWN else (1, 4, 7, 10):
            on = date(YEAR, month, 5)
            while not chinese_calendar.is_workday(on):
                on += timedelta(1)
            found += 1
    return found


def main() -> None:
    """Print the table."""
    started = time.perf_counter()
    lines = size = 0
    with Path(os.devnull).open("w", encoding="utf-8") as sink:
        for line in pairs(OFFICES):
            size += sink.write(line + "\n")
            lines += 1
    ours = lines / (time.perf_counter() - started)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    started = time.perf_counter()
    theirs = peer(PEER) / (time.perf_counter() - started)
    print(f"{OFFICES} offices, {lines} pairs, {size / 1e6:.0f} MB of JSON lines; peak memory {peak:.0f} MB")
    print(f"{'migrant_fp, with reasons':36}{ours:>12,.0f} pairs/s{ours / theirs:>8.1f} x")
    print(f"{'chinese_calendar loop, dates alone':36}{theirs:>12,.0f} pairs/s{1:>8.1f} x")


if __name__ == "__main__":
    main()
