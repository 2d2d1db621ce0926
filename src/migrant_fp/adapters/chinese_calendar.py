"""The State Council's notices of 2004-2026, from the package chinese-calendar.

The package holds the final days of each year; which notice named them, and what an amendment replaced, is written
out here from the notices themselves. One day is corrected: 2005-12-31, which the notice for 2006 made a working
day, is missing from the package's data (1.11.0).
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta

import attrs
from chinese_calendar import constants

from migrant_fp.schedule.calendar import WorkingCalendar
from migrant_fp.schedule.day import DayKind
from migrant_fp.schedule.notice import Certainty, HolidayNotice, NamedDay
from migrant_fp.schedule.statutory import FESTIVAL_EN, LABOUR_DAY, NEW_YEAR, SPRING_FESTIVAL

_VICTORY = "抗战胜利70周年纪念日"
_ZH = {
    "Anti-Fascist 70th Day": _VICTORY,
    "Tomb-sweeping Day": "清明节",
    "Mid-autumn Festival": "中秋节",
    **{en: zh for zh, en in FESTIVAL_EN.items()},
}
_DECEMBER = 12
_ROOT = "https://www.gov.cn/zhengce/zhengceku/"
_F, _R = Certainty.FOUND, Certainty.RECALLED

#: (year, number, certainty of the number, day published, certainty of the day, address)
_NOTICES: tuple[tuple[int, str | None, Certainty, date, Certainty, str], ...] = (
    (2007, "国办发明电〔2006〕49号", _F, date(2006, 12, 14), _F, "2008-03/28/content_1761.htm"),
    (2008, None, _F, date(2007, 12, 16), _R, "2008-03/28/content_1645.htm"),
    (2009, None, _F, date(2008, 12, 10), _F, "2008-12/10/content_1572.htm"),
    (2010, None, _F, date(2009, 12, 8), _F, "2009-12/08/content_1476.htm"),
    (2011, "国办发明电〔2010〕40号", _R, date(2010, 12, 10), _F, "2010-12/10/content_1423.htm"),
    (2012, "国办发明电〔2011〕45号", _R, date(2011, 12, 6), _F, "2011-12/06/content_1411.htm"),
    (2013, "国办发明电〔2012〕33号", _R, date(2012, 12, 10), _F, "2012-12/10/content_1353.htm"),
    (2014, "国办发明电〔2013〕28号", _R, date(2013, 12, 11), _R, "2014-01/02/content_1194.htm"),
    (2015, "国办发明电〔2014〕28号", _R, date(2014, 12, 16), _F, "2014-12/16/content_9302.htm"),
    (2016, "国办发明电〔2015〕18号", _F, date(2015, 12, 10), _F, "2015-12/10/content_10394.htm"),
    (2017, "国办发明电〔2016〕17号", _F, date(2016, 12, 1), _F, "2016-12/01/content_5141603.htm"),
    (2018, "国办发明电〔2017〕12号", _R, date(2017, 11, 30), _F, "2017-11/30/content_5243579.htm"),
    (2019, "国办发明电〔2018〕15号", _R, date(2018, 12, 6), _F, "2018-12/06/content_5346276.htm"),
    (2020, "国办发明电〔2019〕16号", _R, date(2019, 11, 21), _F, "2019-11/21/content_5454164.htm"),
    (2021, "国办发明电〔2020〕27号", _R, date(2020, 11, 25), _F, "2020-11/25/content_5564127.htm"),
    (2022, "国办发明电〔2021〕11号", _R, date(2021, 10, 25), _F, "2021-10/25/content_5644835.htm"),
    (2023, "国办发明电〔2022〕16号", _R, date(2022, 12, 8), _F, "2022-12/08/content_5730844.htm"),
    (2024, "国办发明电〔2023〕7号", _R, date(2023, 10, 25), _R, "202310/content_6911528.htm"),
    (2025, "国办发明电〔2024〕12号", _R, date(2024, 11, 12), _R, "202411/content_6986383.htm"),
    (2026, "国办发明电〔2025〕7号", _F, date(2025, 11, 4), _F, "202511/content_7047091.htm"),
)


def _run(festival: str, first: date, last: date, kind: DayKind | None = None) -> tuple[NamedDay, ...]:
    return tuple(NamedDay(first + timedelta(n), festival, kind) for n in range((last - first).days + 1))


_AMENDMENTS = (
    HolidayNotice(
        2015,
        date(2015, 5, 13),
        (
            NamedDay(date(2015, 9, 3), _VICTORY, DayKind.SPECIALLY_DECLARED),
            *_run(_VICTORY, date(2015, 9, 4), date(2015, 9, 5)),
        ),
        (NamedDay(date(2015, 9, 6), _VICTORY),),
        number="国发明电〔2015〕1号",
        number_certainty=_R,
        source=_ROOT + "2015-05/13/content_9742.htm",
    ),
    HolidayNotice(
        2019,
        date(2019, 3, 22),
        _run(LABOUR_DAY, date(2019, 5, 1), date(2019, 5, 4)),
        (NamedDay(date(2019, 4, 28), LABOUR_DAY), NamedDay(date(2019, 5, 5), LABOUR_DAY)),
        number="国办发明电〔2019〕3号",
        number_certainty=_R,
        source=_ROOT + "2019-03/22/content_5375877.htm",
    ),
    HolidayNotice(
        2020,
        date(2020, 1, 27),
        _run(SPRING_FESTIVAL, date(2020, 1, 31), date(2020, 2, 2), DayKind.SPECIALLY_DECLARED),
        number="国办发明电〔2020〕1号",
        number_certainty=_R,
        source=_ROOT + "2020-01/27/content_5472352.htm",
    ),
)

#: What the first notices of those years said before they were amended.
_BEFORE_AMENDMENT = {
    2019: (_run(LABOUR_DAY, date(2019, 5, 1), date(2019, 5, 1)), ()),
    2020: ((), (NamedDay(date(2020, 2, 1), SPRING_FESTIVAL),)),
}


def notices() -> tuple[HolidayNotice, ...]:
    """Return every notice of the installed package, amendments apart, oldest first.

    A year whose notice is not listed here (2004-2006, and those newer than this module) counts as
    known from the first of January of the year, and is marked assumed.

    Example:
        >>> [n.title for n in notices() if n.year == 2026]
        ['国办发明电〔2025〕7号']
    """
    off, make_up = _by_year(constants.holidays), _by_year(constants.workdays)
    make_up[2006] = sorted({*make_up[2006], NamedDay(date(2005, 12, 31), NEW_YEAR)}, key=lambda d: d.date)
    amended = {on for notice in _AMENDMENTS for on in notice.dates}
    listed = {row[0]: row for row in _NOTICES}
    found = []
    for year in sorted(off):
        old_off, old_make_up = _BEFORE_AMENDMENT.get(year, ((), ()))
        notice = HolidayNotice(
            year,
            date(year, 1, 1),
            (*(day for day in off[year] if day.date not in amended), *old_off),
            (*(day for day in make_up[year] if day.date not in amended), *old_make_up),
            issued_certainty=Certainty.ASSUMED,
        )
        if year in listed:
            _, number, number_is, issued, issued_is, address = listed[year]
            notice = attrs.evolve(
                notice,
                number=number,
                number_certainty=number_is,
                issued=issued,
                issued_certainty=issued_is,
                source=_ROOT + address,
            )
        found.append(notice)
    return tuple(sorted((*found, *_AMENDMENTS), key=lambda n: n.issued))


def working_calendar() -> WorkingCalendar:
    """Return the calendar of every notice of the installed package.

    Example:
        >>> working_calendar().day(date(2011, 10, 8)).kind.zh
        '调休上班'
    """
    return WorkingCalendar(notices())


def _by_year(days: dict[date, str]) -> dict[int, list[NamedDay]]:
    found: dict[int, list[NamedDay]] = defaultdict(list)
    for on, name in sorted(days.items()):
        next_year = name == FESTIVAL_EN[NEW_YEAR] and on.month == _DECEMBER
        found[on.year + next_year].append(NamedDay(on, _ZH[name]))
    return found
