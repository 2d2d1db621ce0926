from datetime import date

import pytest
from lunar_python import Lunar
from lunardate import LunarDate

from migrant_fp.schedule.errors import OutsideLunarTable
from migrant_fp.schedule.lunar import lunar_year

YEARS = range(2004, 2051)


def _lunardate(year: int, month: int, day: int) -> date:
    found = LunarDate(year, month, day)
    return found.to_solar_date() if hasattr(found, "to_solar_date") else found.toSolarDate()


def _lunar_python(lunar: object) -> date:
    return date.fromisoformat(lunar.getSolar().toYmd())


@pytest.mark.parametrize("year", YEARS)
def test_the_lunar_days_agree_with_lunardate(year: int) -> None:
    moon = lunar_year(year)
    expected = [_lunardate(year, m, d) for m, d in ((1, 1), (5, 5), (8, 15))]

    assert expected == [moon.spring_festival, moon.dragon_boat, moon.mid_autumn]


@pytest.mark.parametrize("year", YEARS)
def test_every_cell_agrees_with_lunar_python(year: int) -> None:
    moon = lunar_year(year)
    expected = [_lunar_python(Lunar.fromYmd(year, m, d)) for m, d in ((1, 1), (5, 5), (8, 15))]
    qingming = date.fromisoformat(Lunar.fromYmd(year, 1, 1).getJieQiTable()["清明"].toYmd())

    assert [*expected, qingming] == [moon.spring_festival, moon.dragon_boat, moon.mid_autumn, moon.qingming]


@pytest.mark.parametrize("year", [2003, 2051])
def test_a_year_outside_the_table_is_refused_with_its_range(year: int) -> None:
    with pytest.raises(OutsideLunarTable) as caught:
        lunar_year(year)

    assert "2004 to 2050" in str(caught.value)
