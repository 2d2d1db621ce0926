"""The resident: identity number, age, and whether she is floating on a date. No score, no ranking, no verdict."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NoReturn

import attrs

from migrant_fp.domain.division import Divisions, NoSuchDivision
from migrant_fp.domain.errors import Invalid, Problem, opaque
from migrant_fp.domain.privacy import ADDRESS, CONTACT, IDENTITY, NAME, PERSONAL
from migrant_fp.schedule.counting import anniversary
from migrant_fp.schedule.term import Term

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"
_LENGTH, _OLD_LENGTH, _COUNTY = 18, 15, 6


class Sex(Term):
    """Sex as GB/T 2261.1-2003 codes it."""

    UNKNOWN = ("0", "未知")
    MALE = ("1", "男")
    FEMALE = ("2", "女")
    NOT_STATED = ("9", "未说明")


class Birthday(Term):
    """From when a person is a year older; the civil law does not say, so it is an argument."""

    ON_THE_DAY = ("on_the_day", "生日当日")
    DAY_AFTER = ("day_after", "生日次日")


class Stay(Term):
    """Why a person lives away from home (流动人口计划生育工作条例 art. 2)."""

    WORK = ("work", "工作")
    LIVING = ("living", "生活")
    BUSINESS_TRIP = ("business_trip", "出差")
    MEDICAL = ("medical", "就医")
    SCHOOL = ("school", "上学")
    TRAVEL = ("travel", "旅游")
    VISIT = ("visit", "探亲访友")

    @property
    def is_passing(self) -> bool:
        """Whether the person is expected to return, and so is not floating (art. 2, item 1)."""
        return self not in {Stay.WORK, Stay.LIVING}


@attrs.frozen
class IdentityNumber:
    """A citizen identity number (GB 11643): 18 characters, the last one a check (ISO 7064 MOD 11-2).

    The first six digits are the division at first issue: a code that has since ended, or never was in a table at
    hand, is no error. The number itself shows in no repr and no message.

    Attributes:
        text: The number.

    Raises:
        Invalid: If it is not a number of this kind, with every problem.
    """

    text: str = attrs.field(repr=False, metadata=IDENTITY)

    def __attrs_post_init__(self) -> None:
        """Refuse what cannot be one."""
        found = identity_problems(self.text)
        problems = tuple(Problem(place, f"{fact} （{zh}）") for place, fact, zh in found)
        if problems:
            raise Invalid("identity number", problems)

    @property
    def born(self) -> date:
        """The date of birth in it."""
        return _born(self.text)

    @property
    def sex(self) -> Sex:
        """The sex in it: the last digit but the check, odd for men."""
        return Sex.MALE if int(self.text[16]) % 2 else Sex.FEMALE

    @property
    def division(self) -> str:
        """The code of the division at first issue."""
        return self.text[:6]

    def notes(self, on: date, divisions: Divisions) -> tuple[str, ...]:
        """Return what is odd, none of it a ground for refusing anything: an unknown division, a birth to come.

        A division is unknown only where *divisions* hold others of its prefecture; of other places they say nothing.

        Args:
            on: The day.
            divisions: The divisions at hand.
        """
        found = []
        codes = {row.code for row in divisions.rows}
        if self.division not in codes and self.division[:4] in {code[:4] for code in codes}:
            found.append("前六位不在所载区划表内（发证时的区划，不影响登记）")
        if self.born > on:
            found.append("出生日期晚于该日，请核对")
        return tuple(found)


@attrs.frozen
class ChildbearingAge:
    """A definition of 育龄 by age in full years.

    Attributes:
        first: The first age.
        last: The last age; it ends on the birthday after.
        use: What it is used for.
    """

    first: int
    last: int
    use: str

    def includes(self, born: date, on: date, birthday: Birthday = Birthday.ON_THE_DAY) -> bool:
        """Return whether a person is of that age on a day."""
        return self.first <= age(born, on, birthday) <= self.last


#: 15 to 49, of population statistics.
STATISTICS_15_49 = ChildbearingAge(15, 49, "统计")
#: 18 to 49, of the certificate in practice; the 条例 itself says 成年育龄妇女 and no number.
CERTIFICATE_18_49 = ChildbearingAge(18, 49, "婚育证明")


@attrs.frozen
class Person:
    """A resident, as a register keeps her.

    Attributes:
        id: The register's own key; opaque, and the only field that may appear anywhere.
        name: Her name.
        sex: Her sex.
        born: Her date of birth.
        household: The county-level code of her household registration.
        residence: The county-level code of where she lives.
        stay: Why she lives there.
        arrived: The day she arrived.
        identity: Her identity number; None where it has not been collected.
        phone: Her telephone.
        address: Her address.

    Raises:
        Invalid: If the id looks like an identity number or a telephone.
    """

    id: str = attrs.field(validator=opaque)
    name: str = attrs.field(repr=False, metadata=NAME)
    sex: Sex = attrs.field(repr=False, metadata=PERSONAL)
    born: date = attrs.field(repr=False, metadata=PERSONAL)
    household: str = attrs.field(repr=False, metadata=ADDRESS)
    residence: str = attrs.field(repr=False, metadata=ADDRESS)
    stay: Stay = attrs.field(repr=False, metadata=PERSONAL)
    arrived: date = attrs.field(repr=False, metadata=PERSONAL)
    identity: IdentityNumber | None = attrs.field(default=None, repr=False, metadata=IDENTITY)
    phone: str = attrs.field(default="", repr=False, metadata=CONTACT)
    address: str = attrs.field(default="", repr=False, metadata=ADDRESS)


@attrs.frozen
class FloatingView:
    """Whether a person is floating on a day, and by what.

    Attributes:
        floating: Whether she is.
        reason: Why, in Chinese, with the article; it stays out of repr.
    """

    floating: bool
    reason: str = attrs.field(repr=False, metadata=PERSONAL)


def check_digit(first_17: str) -> str:
    """Return the check character of 17 digits (GB 11643, ISO 7064 MOD 11-2).

    Example:
        >>> check_digit("99999919000101000")
        '7'
    """
    return _CHECK[sum(w * int(d) for w, d in zip(_WEIGHTS, first_17, strict=True)) % 11]


def suggested(old: str) -> str:
    """Return the 18-character form of a 15-digit number, as a suggestion to ask the person about; nothing is rewritten.

    Raises:
        Invalid: If it is not 15 digits with a date.

    Example:
        >>> suggested("999999000101000")
        '999999190001010007'
    """
    if not (len(old) == _OLD_LENGTH and old.isascii() and old.isdigit()):
        raise Invalid("identity number", (Problem("number", "expected 15 digits （应为15位数字）"),))
    first_17 = old[:6] + "19" + old[6:]
    return IdentityNumber(first_17 + check_digit(first_17)).text


def age(born: date, on: date, birthday: Birthday = Birthday.ON_THE_DAY) -> int:
    """Return the age in full years (周岁); born on 29 February, one turns on the last of February (民法典 art. 202).

    Args:
        born: The date of birth.
        on: The day; before the birth the age is negative.
        birthday: Whether one is a year older on the birthday or on the day after.

    Example:
        >>> age(date(2000, 2, 29), date(2018, 2, 28))
        18
    """
    years = on.year - born.year
    turned = anniversary(born, years)
    reached = turned <= on if birthday is Birthday.ON_THE_DAY else turned < on
    return years if reached else years - 1


def floating(
    person: Person,
    on: date,
    divisions: Divisions,
    ages: ChildbearingAge = CERTIFICATE_18_49,
    birthday: Birthday = Birthday.ON_THE_DAY,
) -> FloatingView:
    """Return whether a person is 流动人口 on a day (流动人口计划生育工作条例 art. 2), by the divisions of that day.

    A woman of 金坛 who lived in 钟楼 was floating while 金坛 was a county-level city, and is not since it became a district.

    Args:
        person: The person.
        on: The day.
        divisions: The divisions; a household registered outside of them is judged by the digits of its code.
        ages: What 成年育龄 means; the 条例 gives no ages.
        birthday: When a person is a year older.

    Raises:
        Invalid: If the household or the residence is no county-level code, or one of *divisions* that neither stands on
            that day nor was replaced by one that does; the code is not shown.
    """
    settled = why_settled(person.household, person.residence, person.stay, on, divisions)
    if on < person.arrived:
        return FloatingView(floating=False, reason="该日尚未到达")
    if settled:
        return FloatingView(floating=False, reason=settled)
    if not ages.includes(person.born, on, birthday):
        return FloatingView(
            floating=False, reason=f"不在{ages.first}至{ages.last}周岁之内（“成年育龄”的一种定义）"
        )
    return FloatingView(
        floating=True, reason="离开户籍所在地的县、市或者市辖区，以工作、生活为目的异地居住（第二条）"
    )


def why_settled(household: str, residence: str, stay: Stay, on: date, divisions: Divisions) -> str:
    """Return why place and purpose make nobody 流动人口 on a day (条例 art. 2), or nothing where they do.

    Args:
        household: The county-level code of the household registration.
        residence: The county-level code of the place of residence.
        stay: Why the person lives there.
        on: The day.
        divisions: As of `floating`.

    Raises:
        Invalid: As `floating`.
    """
    home, here = _place("household", household, on, divisions), _place("residence", residence, on, divisions)
    if home == here:
        return "未离开户籍所在地的县、市或者市辖区（第二条）"
    if home[1:] == here[1:] == (True, here[2]):
        return "设区的市行政区域内区与区之间异地居住（第二条第二项）"
    if stay.is_passing:
        return "因第二条第一项所列事由异地居住、预期返回（第二条第一项）"
    return ""


def is_place(code: str, on: date, divisions: Divisions) -> bool:
    """Return whether a code is that of a county, city or district which stands on a day, or was replaced by one that does.

    Example:
        >>> is_place("341221", date(2011, 6, 1), Divisions(())), is_place("34122", date(2011, 6, 1), Divisions(()))
        (True, False)
    """
    try:
        _place("place", code, on, divisions)
    except Invalid:
        return False
    return True


def _place(field: str, code: str, on: date, divisions: Divisions) -> tuple[str, bool, str]:
    """Return the code that stands for a place on a day, whether it is a city district, and its prefecture."""
    if not (len(code) == _COUNTY and code.isascii() and code.isdigit()):
        _refuse_place(field, f"came {len(code)} characters that are no code")
    rows = [row for row in divisions.rows if row.code == code]
    if not rows:
        return code, 1 <= int(code[4:]) <= 20, code[:4]  # noqa: PLR2004 - GB/T 2260 numbers districts so
    try:
        row = next((row for row in rows if row.stands(on)), None) or divisions.resolved(code, on)
    except NoSuchDivision:
        _refuse_place(field, f"is the code of a division that does not stand on {on}")
    return row.code, row.is_city_district, row.prefecture


def _refuse_place(field: str, fact: str) -> NoReturn:
    expected = (
        "expected the six digits of a county, city or district (GB/T 2260): bring the record up to date"
    )
    raise Invalid("place", (Problem(field, f"{fact}; {expected} （区划代码有误）"),)) from None


def identity_problems(text: object) -> Iterator[tuple[str, str, str]]:
    """Yield what is wrong with an identity number (GB 11643): the place in it, the reason, and the reason in Chinese.

    Example:
        >>> [place for place, _, _ in identity_problems("999999190013010007")]
        ['digits 7 to 14', 'character 18']
    """
    if isinstance(text, str) and len(text) == _OLD_LENGTH and text.isascii() and text.isdigit():
        fact = "has 15 digits, the form of the first cards; ask for the 18-character number (suggested() shows what it should be)"
        yield "number", fact, "为15位旧号码，请核对18位号码"
    elif not (isinstance(text, str) and len(text) == _LENGTH and _has_form(text)):
        fact = "expected 17 digits and a check character, which is a digit or a capital X"
        yield "number", fact, "应为17位数字加1位校验码（数字或大写X）"
    else:
        try:
            _born(text)
        except ValueError:
            yield "digits 7 to 14", "expected a date of birth that exists", "第7至14位不是存在的出生日期"
        if check_digit(text[:17]) != text[17]:
            fact = "the check character does not fit: one of the characters is mistyped"
            yield "character 18", fact, "校验码不符，有字符填写错误"


def _has_form(text: str) -> bool:
    return text.isascii() and text[:17].isdigit() and text[17] in "0123456789X"


def _born(text: str) -> date:
    return date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
