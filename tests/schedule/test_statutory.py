"""The four versions of the law; totals from their texts, dates from the calendars of those years."""

from datetime import date

import pytest

from migrant_fp.schedule.errors import OutsideLunarTable
from migrant_fp.schedule.statutory import holiday_law, statutory_days


@pytest.mark.parametrize(
    ("year", "total"), [(2005, 10), (2007, 10), (2008, 11), (2013, 11), (2014, 11), (2024, 11), (2025, 13)]
)
def test_the_law_gives_its_number_of_days(year: int, total: int) -> None:
    assert sum(map(len, statutory_days(year).values())) == total


@pytest.mark.parametrize(
    ("day", "statutory"),
    [
        (date(2013, 2, 9), True),  # 除夕 under the version of 2008
        (date(2014, 1, 30), False),  # 除夕 under the version of 2014
        (date(2025, 1, 28), True),  # 除夕 again from 2025
        (date(2007, 5, 3), True),
        (date(2008, 5, 2), False),
        (date(2025, 5, 2), True),
        (date(2007, 4, 5), False),
        (date(2008, 4, 4), True),
    ],
)
def test_a_day_is_statutory_by_the_version_of_its_year(day: date, statutory: bool) -> None:
    assert (day in statutory_days(day.year)) is statutory


def test_a_version_is_in_force_from_its_first_day() -> None:
    assert holiday_law(date(2007, 12, 31)).order == "国务院令第270号"
    assert holiday_law(date(2008, 1, 1)).order == "国务院令第513号"


def test_a_day_before_the_first_version_is_refused() -> None:
    with pytest.raises(OutsideLunarTable):
        holiday_law(date(1999, 9, 17))
