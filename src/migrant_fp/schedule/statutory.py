"""The statutory days (全国年节及纪念日放假办法 art. 2) in its four versions.

Sources: 国务院令270号 (1999), 513号 (2007), 644号 (2013) and 795号 (2024), read in public copies; the dates in
force are those of the texts. Days for a part of the population (art. 3) are no days off for an office and are
left out.
"""

from __future__ import annotations

from datetime import date, timedelta

import attrs

from migrant_fp.schedule.errors import OutsideLunarTable
from migrant_fp.schedule.lunar import lunar_year

NEW_YEAR = "元旦"
SPRING_FESTIVAL = "春节"
QINGMING = "清明节"
LABOUR_DAY = "劳动节"
DRAGON_BOAT = "端午节"
MID_AUTUMN = "中秋节"
NATIONAL_DAY = "国庆节"

#: English names of the festivals, for output in English; another name is printed as it is.
FESTIVAL_EN = {
    NEW_YEAR: "New Year's Day",
    SPRING_FESTIVAL: "Spring Festival",
    QINGMING: "Qingming Festival",
    LABOUR_DAY: "Labour Day",
    DRAGON_BOAT: "Dragon Boat Festival",
    MID_AUTUMN: "Mid-Autumn Festival",
    NATIONAL_DAY: "National Day",
    "抗战胜利70周年纪念日": "70th anniversary of victory in the War of Resistance",
}


@attrs.frozen
class HolidayLaw:
    """One version of 全国年节及纪念日放假办法.

    Attributes:
        order: The State Council order that carries it.
        since: Its first day in force.
        until: Its last day in force, or None while it stands.
        spring: The days of the Spring Festival, as offsets from 正月初一 (-1 is 除夕).
        labour: How many days of May are statutory, from the first.
        lunar_days: Whether 清明, 端午 and 中秋 are statutory.
    """

    order: str
    since: date
    until: date | None
    spring: tuple[int, ...]
    labour: int
    lunar_days: bool


HOLIDAY_LAWS = (
    HolidayLaw("国务院令第270号", date(1999, 9, 18), date(2007, 12, 31), (0, 1, 2), 3, lunar_days=False),
    HolidayLaw("国务院令第513号", date(2008, 1, 1), date(2013, 12, 31), (-1, 0, 1), 1, lunar_days=True),
    HolidayLaw("国务院令第644号", date(2014, 1, 1), date(2024, 12, 31), (0, 1, 2), 1, lunar_days=True),
    HolidayLaw("国务院令第795号", date(2025, 1, 1), None, (-1, 0, 1, 2), 2, lunar_days=True),
)


def holiday_law(on: date) -> HolidayLaw:
    """Return the version in force on a day.

    Args:
        on: A day from 1999-09-18.

    Raises:
        OutsideLunarTable: Before the first version that is modelled.

    Example:
        >>> holiday_law(date(2011, 5, 18)).order
        '国务院令第513号'
    """
    for law in reversed(HOLIDAY_LAWS):
        if law.since <= on:
            return law
    raise OutsideLunarTable(on.year, HOLIDAY_LAWS[0].since.year + 1, 2050)


def statutory_days(year: int) -> dict[date, tuple[str, ...]]:
    """Return the statutory days of a year with their festivals (two where they coincide).

    Args:
        year: A Gregorian year from 2004 to 2050; for a later version of the law not yet known
            here, the last one is taken.

    Raises:
        OutsideLunarTable: For a year outside the lunar table.

    Example:
        >>> statutory_days(2020)[date(2020, 10, 1)]
        ('中秋节', '国庆节')
    """
    moon = lunar_year(year)
    law = holiday_law(date(year, 1, 1))
    days = [(date(year, 1, 1), NEW_YEAR)]
    days += [(moon.spring_festival + timedelta(n), SPRING_FESTIVAL) for n in law.spring]
    days += [(date(year, 5, n + 1), LABOUR_DAY) for n in range(law.labour)]
    if law.lunar_days:
        days += [(moon.qingming, QINGMING), (moon.dragon_boat, DRAGON_BOAT), (moon.mid_autumn, MID_AUTUMN)]
    days += [(date(year, 10, n), NATIONAL_DAY) for n in (1, 2, 3)]
    found: dict[date, tuple[str, ...]] = {}
    for day, festival in sorted(days, key=lambda item: item[0]):
        found[day] = (*found.get(day, ()), festival)
    return found
