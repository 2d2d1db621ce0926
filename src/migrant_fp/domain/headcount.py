"""What is counted of a resident (二(一)): her sex, the band of her age, why she stays, and where. Nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

import attrs

from migrant_fp.domain.errors import Invalid, Problem
from migrant_fp.domain.person import Person, Sex, Stay, age
from migrant_fp.domain.privacy import PERSONAL
from migrant_fp.schedule.term import Term


class Dimension(Term):
    """What residents are counted by. The set is closed, and holds nothing of health, marriage or births."""

    TOTAL = ("total", "总数")
    SEX = ("sex", "性别")
    AGE = ("age", "年龄")
    STAY = ("stay", "居住事由")


class AgeBand(Term):
    """Ages in full years (周岁), in bands of our own choice around 成年 (18) and the 育龄 of statistics (to 49)."""

    TO_14 = ("0-14", "0至14周岁")
    TO_17 = ("15-17", "15至17周岁")
    TO_49 = ("18-49", "18至49周岁")
    TO_59 = ("50-59", "50至59周岁")
    FROM_60 = ("60+", "60周岁及以上")


#: The ages of each band; nobody is 150.
AGE_BANDS: Mapping[AgeBand, range] = MappingProxyType(
    {
        AgeBand.TO_14: range(15),
        AgeBand.TO_17: range(15, 18),
        AgeBand.TO_49: range(18, 50),
        AgeBand.TO_59: range(50, 60),
        AgeBand.FROM_60: range(60, 150),
    }
)
#: The categories of each dimension, in their order.
CATEGORIES: Mapping[Dimension, tuple[str, ...]] = MappingProxyType(
    {
        Dimension.TOTAL: ("total",),
        Dimension.SEX: tuple(sex.value for sex in Sex),
        Dimension.AGE: tuple(band.value for band in AgeBand),
        Dimension.STAY: tuple(stay.value for stay in Stay),
    }
)


@attrs.frozen
class Facts:
    """What is counted of one resident; nothing else of her is needed.

    Attributes:
        division: The code of the part in which she is counted.
        sex: Her sex.
        age: The band of her age.
        stay: Why she lives there.
    """

    division: str
    sex: Sex = attrs.field(repr=False, metadata=PERSONAL)
    age: AgeBand = attrs.field(repr=False, metadata=PERSONAL)
    stay: Stay = attrs.field(repr=False, metadata=PERSONAL)


def age_band(born: date, on: date) -> AgeBand:
    """Return the band of the age on a day.

    Args:
        born: The date of birth.
        on: The day.

    Raises:
        Invalid: If that is after the day, or 150 years or more before it.

    Example:
        >>> age_band(date(1993, 10, 8), date(2011, 10, 8))
        <AgeBand.TO_49: '18-49'>
    """
    years = age(born, on)
    for band, ages in AGE_BANDS.items():
        if years in ages:
            return band
    fact = f"the age on {on} is not between 0 and 149; correct the date of birth"
    raise Invalid("date of birth", (Problem("born", fact),))


def facts_of(person: Person, on: date, division: str) -> Facts:
    """Return what is counted of a person.

    Args:
        person: The person.
        on: The as-of day: her age is that of this day.
        division: The code of the part in which she is counted.

    Raises:
        Invalid: If she was born after that day, or 150 years or more before it; the record is named by its id.
    """
    try:
        return Facts(division, person.sex, age_band(person.born, on), person.stay)
    except Invalid as error:
        raise Invalid(person.id, error.problems) from None
