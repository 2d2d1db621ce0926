"""Print the table of `migrant_fp.schedule.lunar` from the ephemeris package sxtwl (pip install sxtwl)."""

from datetime import date

import sxtwl

FIRST, LAST = 2004, 2050
QINGMING = 7  # index of the solar term in sxtwl


def lunar(year: int, month: int, day: int) -> date:
    """Return a lunar date as a Gregorian one."""
    found = sxtwl.fromLunar(year, month, day)
    return date(found.getSolarYear(), found.getSolarMonth(), found.getSolarDay())


def qingming(year: int) -> date:
    """Return the day of Qingming."""
    for day in range(3, 7):
        found = sxtwl.fromSolar(year, 4, day)
        if found.hasJieQi() and found.getJieQi() == QINGMING:
            return date(year, 4, day)
    raise LookupError(year)


for year in range(FIRST, LAST + 1):
    days = (lunar(year, 1, 1), qingming(year), lunar(year, 5, 5), lunar(year, 8, 15))
    print(year, *(f"{day:%m%d}" for day in days))
