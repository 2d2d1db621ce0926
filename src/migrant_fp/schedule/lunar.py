"""The lunar festivals and Qingming as Gregorian dates, 2004-2050.

A generated table: for each year the first day of the first lunar month (正月初一), Qingming (清明), the fifth of
the fifth (端午) and the fifteenth of the eighth (中秋), each as MMDD. It was generated from the ephemeris
package sxtwl 2.0.7 (寿星天文历) by `tools/generate_lunar_table.py`; the tests compare every cell with two other
libraries, lunardate (a table of the Hong Kong Observatory) and lunar_python.
"""

from __future__ import annotations

from datetime import date

import attrs

from migrant_fp.schedule.errors import OutsideLunarTable

_TABLE = """
2004 0122 0404 0622 0928
2005 0209 0405 0611 0918
2006 0129 0405 0531 1006
2007 0218 0405 0619 0925
2008 0207 0404 0608 0914
2009 0126 0404 0528 1003
2010 0214 0405 0616 0922
2011 0203 0405 0606 0912
2012 0123 0404 0623 0930
2013 0210 0404 0612 0919
2014 0131 0405 0602 0908
2015 0219 0405 0620 0927
2016 0208 0404 0609 0915
2017 0128 0404 0530 1004
2018 0216 0405 0618 0924
2019 0205 0405 0607 0913
2020 0125 0404 0625 1001
2021 0212 0404 0614 0921
2022 0201 0405 0603 0910
2023 0122 0405 0622 0929
2024 0210 0404 0610 0917
2025 0129 0404 0531 1006
2026 0217 0405 0619 0925
2027 0206 0405 0609 0915
2028 0126 0404 0528 1003
2029 0213 0404 0616 0922
2030 0203 0405 0605 0912
2031 0123 0405 0624 1001
2032 0211 0404 0612 0919
2033 0131 0404 0601 0908
2034 0219 0405 0620 0927
2035 0208 0405 0610 0916
2036 0128 0404 0530 1004
2037 0215 0404 0618 0924
2038 0204 0405 0607 0913
2039 0124 0405 0527 1002
2040 0212 0404 0614 0920
2041 0201 0404 0603 0910
2042 0122 0404 0622 0928
2043 0210 0405 0611 0917
2044 0130 0404 0531 1005
2045 0217 0404 0619 0925
2046 0206 0404 0608 0915
2047 0126 0405 0529 1004
2048 0214 0404 0615 0922
2049 0202 0404 0604 0911
2050 0123 0404 0623 0930
"""


@attrs.frozen
class LunarYear:
    """The four movable festivals of a Gregorian year.

    Attributes:
        spring_festival: 正月初一.
        qingming: 清明.
        dragon_boat: 五月初五.
        mid_autumn: 八月十五.
    """

    spring_festival: date
    qingming: date
    dragon_boat: date
    mid_autumn: date


def _parse(row: str) -> tuple[int, LunarYear]:
    year, *cells = row.split()
    return int(year), LunarYear(*(date(int(year), int(cell[:2]), int(cell[2:])) for cell in cells))


_YEARS = dict(map(_parse, _TABLE.split("\n")[1:-1]))


def lunar_year(year: int) -> LunarYear:
    """Return the movable festivals of *year*.

    Args:
        year: A Gregorian year from 2004 to 2050.

    Raises:
        OutsideLunarTable: For any other year.

    Example:
        >>> lunar_year(2013).qingming
        datetime.date(2013, 4, 4)
    """
    try:
        return _YEARS[year]
    except KeyError:
        raise OutsideLunarTable(year, min(_YEARS), max(_YEARS)) from None
