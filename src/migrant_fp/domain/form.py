"""The registration form (《常州市流动人口信息登记表》, 四(一) and 四(三)) and all its gaps at once.

A gap says what an office still has to ask, or must not have asked. It is never a ground for refusing a registration.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date

import attrs

from migrant_fp.domain.errors import Invalid, Problem
from migrant_fp.domain.form_items import Births, Contraception, Education, Item, Marriage
from migrant_fp.domain.person import (
    CERTIFICATE_18_49,
    Birthday,
    ChildbearingAge,
    IdentityNumber,
    Sex,
    Stay,
)
from migrant_fp.domain.privacy import ADDRESS, CONTACT, HEALTH, IDENTITY, NAME, PERSONAL

#: How many items of family planning 四(三) makes mandatory.
EIGHT = 8
#: What the item *pregnancy* says of a woman who is not pregnant.
NOT_PREGNANT = "none"
_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


@attrs.frozen
class RegistrationForm:
    """A form as it was filled in; None and "" mean that nothing was entered. Every answer stays out of repr.

    Attributes:
        id: The register's own key of the form; opaque.
        registered: The day of registration.
        name: The name.
        sex: The sex.
        born: The date of birth.
        identity: The identity number as written.
        household: The county-level code of the household registration.
        residence: The county-level code of the place of residence.
        address: The address there.
        phone: The telephone.
        arrived: The day of arrival.
        stay: Why the person lives there.
        education: The education.
        employer: The employer.
        marriage: Marital status.
        with_spouse: Whether the couple travels together.
        births: Whether she has given birth.
        children: How many children she has.
        contraception_used: Whether a method of contraception is used.
        contraception: Which.
        pregnancy: The month since which she is pregnant, such as 2011-03; "none" if she is not.
        certificate_held: Whether she holds the certificate.
        own: Items of the adopter's own form, by name.
    """

    id: str
    registered: date = attrs.field(repr=False)
    name: str = attrs.field(default="", repr=False, metadata=NAME)
    sex: Sex | None = attrs.field(default=None, repr=False, metadata=PERSONAL)
    born: date | None = attrs.field(default=None, repr=False, metadata=PERSONAL)
    identity: str = attrs.field(default="", repr=False, metadata=IDENTITY)
    household: str = attrs.field(default="", repr=False, metadata=ADDRESS)
    residence: str = attrs.field(default="", repr=False, metadata=ADDRESS)
    address: str = attrs.field(default="", repr=False, metadata=ADDRESS)
    phone: str = attrs.field(default="", repr=False, metadata=CONTACT)
    arrived: date | None = attrs.field(default=None, repr=False, metadata=PERSONAL)
    stay: Stay | None = attrs.field(default=None, repr=False, metadata=PERSONAL)
    education: Education | None = attrs.field(default=None, repr=False, metadata=PERSONAL)
    employer: str = attrs.field(default="", repr=False, metadata=PERSONAL)
    marriage: Marriage | None = attrs.field(default=None, repr=False, metadata=HEALTH)
    with_spouse: bool | None = attrs.field(default=None, repr=False, metadata=HEALTH)
    births: Births | None = attrs.field(default=None, repr=False, metadata=HEALTH)
    children: int | None = attrs.field(default=None, repr=False, metadata=HEALTH)
    contraception_used: bool | None = attrs.field(default=None, repr=False, metadata=HEALTH)
    contraception: Contraception | None = attrs.field(default=None, repr=False, metadata=HEALTH)
    pregnancy: str = attrs.field(default="", repr=False, metadata=HEALTH)
    certificate_held: bool | None = attrs.field(default=None, repr=False, metadata=HEALTH)
    own: dict[str, str] = attrs.field(factory=dict, repr=False, metadata=PERSONAL)

    def answer(self, item: str) -> object:
        """Return what was entered for an item; None if nothing was."""
        found: object = getattr(self, item) if item in _FIELDS else self.own.get(item)
        return None if found == "" else found


_FIELDS = frozenset(field.name for field in attrs.fields(RegistrationForm)) - {"id", "registered", "own"}


@attrs.frozen
class FormSettings:
    """An adopter's form: which items there are, and which must be filled in.

    Attributes:
        basic: The items asked of everyone (四(一)1).
        eight: The eight items of family planning (四(三)), asked of women of childbearing age.
        own: Further items of the adopter's form, asked where its rules say so and never missed here.
        ages: What 育龄 means.
        birthday: When a person is a year older.
        note: What is inferred about this choice of items.

    Raises:
        Invalid: If the eight are not eight, or an item is unknown or given twice; with every problem.
    """

    basic: tuple[Item, ...]
    eight: tuple[Item, ...]
    own: tuple[Item, ...] = ()
    ages: ChildbearingAge = CERTIFICATE_18_49
    birthday: Birthday = Birthday.ON_THE_DAY
    note: str = ""

    def __attrs_post_init__(self) -> None:
        """Refuse settings that contradict the clause or themselves."""
        problems = tuple(self._problems())
        if problems:
            raise Invalid("form settings", problems)

    def _problems(self) -> Iterator[Problem]:
        names = [item.name for item in self.items]
        if len(self.eight) != EIGHT:
            yield Problem(
                "eight", f"came {len(self.eight)} items, expected {EIGHT} (四(三): 计划生育8项内容)"
            )
        for name in dict.fromkeys(name for name in names if names.count(name) > 1):
            yield Problem(name, "is given more than once")
        for item in (*self.basic, *self.eight):
            if item.name not in {*_FIELDS, *(own.name for own in self.own)}:
                yield Problem(item.name, "is no field of the form; declare it among your own items too")

    @property
    def items(self) -> tuple[Item, ...]:
        """Every item, each once."""
        return (*self.basic, *self.eight, *self.own)


@attrs.frozen
class Gap:
    """One thing to put right in a form; it holds no answer.

    Attributes:
        item: The name of the item.
        code: A stable code: missing, unexpected, or that of a rule.
        zh: What is to be done, in Chinese.
        en: The same in English.
        clause: The number of the clause.
    """

    item: str
    code: str
    zh: str
    en: str
    clause: str

    def __str__(self) -> str:
        """Return the gap as a line."""
        return f"{self.clause} {self.item}: {self.zh} ({self.en})"


def gaps(form: RegistrationForm, settings: FormSettings, today: date) -> tuple[Gap, ...]:
    """Return everything to put right in a form, in the order of its items.

    Args:
        form: The form.
        settings: The adopter's items.
        today: The day on which it is checked.

    Example:
        >>> from migrant_fp.regulations.changzhou_form import SETTINGS
        >>> empty = RegistrationForm("F-1", date(2011, 6, 1), sex=Sex.FEMALE, born=date(1985, 3, 1))
        >>> [gap.item for gap in gaps(empty, SETTINGS, date(2011, 6, 1))][-8:-6]
        ['marriage', 'with_spouse']
    """
    asked = asks_eight(form, settings)
    found = [*_missing(form, settings.basic)]
    found += _missing(form, settings.eight) if asked else _unexpected(form, settings)
    found += [gap for gap, broken in _RULES if broken(form, today)]
    if form.identity:
        found += _identity(form)
    return tuple(found)


def asks_eight(form: RegistrationForm, settings: FormSettings) -> bool:
    """Return whether the eight items are asked: of women of childbearing age on the day of registration (四(一)2)."""
    if form.sex is not Sex.FEMALE or form.born is None:
        return False
    return settings.ages.includes(form.born, form.registered, settings.birthday)


def _missing(form: RegistrationForm, items: tuple[Item, ...]) -> Iterator[Gap]:
    for item in items:
        if form.answer(item.name) is None:
            yield Gap(item.name, "missing", f"补填{item.zh}", f"fill in: {item.en}", item.clause)


def _unexpected(form: RegistrationForm, settings: FormSettings) -> Iterator[Gap]:
    if form.sex is None or form.born is None:
        return  # whether the items are asked is not known yet: the missing sex or birth is the gap
    for item in settings.eight:
        if form.answer(item.name) is not None:
            zh = f"删除{item.zh}：只向流入育龄妇女采集"
            en = f"remove: {item.en} is asked of women of childbearing age alone"
            yield Gap(item.name, "unexpected", zh, en, "四(一)2")


def _identity(form: RegistrationForm) -> Iterator[Gap]:
    try:
        number = IdentityNumber(form.identity)
    except Invalid as error:
        for problem in error.problems:
            en = f"{problem.place}: {problem.fact}"
            yield Gap("identity", "identity-number", "核对公民身份号码（GB 11643）", en, "四(一)1")
        return
    if form.born is not None and number.born != form.born:
        yield Gap(
            "born",
            "born-differs",
            "核对出生日期：与身份号码不一致",
            "differs from the identity number",
            "四(一)1",
        )
    if form.sex in {Sex.MALE, Sex.FEMALE} and number.sex is not form.sex:
        yield Gap(
            "sex", "sex-differs", "核对性别：与身份号码不一致", "differs from the identity number", "四(一)1"
        )


def _month_is_wrong(form: RegistrationForm, _: date) -> bool:
    return form.pregnancy not in {"", NOT_PREGNANT} and not _MONTH.fullmatch(form.pregnancy)


def _month_is_later(form: RegistrationForm, _: date) -> bool:
    return bool(_MONTH.fullmatch(form.pregnancy)) and form.pregnancy > f"{form.registered:%Y-%m}"


#: The rules across items. That an unmarried woman has no child is no rule here, though forms in use have it: it is not so.
_RULES: tuple[tuple[Gap, Callable[[RegistrationForm, date], bool]], ...] = (
    (
        Gap("registered", "registered-later", "核对登记日期：晚于今日", "lies after today", "四(一)1"),
        lambda form, today: form.registered > today,
    ),
    (
        Gap(
            "arrived", "arrived-later", "核对到达日期：晚于登记日期", "lies after the registration", "四(一)1"
        ),
        lambda form, _: form.arrived is not None and form.arrived > form.registered,
    ),
    (
        Gap("born", "born-later", "核对出生日期：晚于到达日期", "lies after the arrival", "四(一)1"),
        lambda form, _: form.born is not None and form.born > (form.arrived or form.registered),
    ),
    (
        Gap("children", "children-negative", "核对子女数", "expected 0 or more", "四(三)"),
        lambda form, _: form.children is not None and form.children < 0,
    ),
    (
        Gap(
            "children",
            "children-without-birth",
            "核对：未育而子女数不为0",
            "expected 0, or births: some",
            "四(三)",
        ),
        lambda form, _: form.births is Births.NONE and bool(form.children),
    ),
    (
        Gap(
            "children",
            "birth-without-children",
            "核对：已育而子女数为0",
            "expected 1 or more, or births: none",
            "四(三)",
        ),
        lambda form, _: form.births is Births.SOME and form.children == 0,
    ),
    (
        Gap("contraception", "method-expected", "补填避孕方法", "a method is used: say which", "四(三)"),
        lambda form, _: (
            form.contraception_used is True
            and form.contraception is not None
            and not form.contraception.is_method
        ),
    ),
    (
        Gap(
            "contraception",
            "no-method-expected",
            "核对：未采取措施而填有方法",
            "no method is used: expected none",
            "四(三)",
        ),
        lambda form, _: (
            form.contraception_used is False
            and form.contraception is not None
            and form.contraception.is_method
        ),
    ),
    (
        Gap("with_spouse", "spouse-unmarried", "核对：未婚而填夫妻同行", "single: expected no", "四(三)"),
        lambda form, _: form.marriage is Marriage.SINGLE and form.with_spouse is True,
    ),
    (
        Gap(
            "pregnancy",
            "month-expected",
            "核对现孕年月：应为年月或无",
            "expected a month such as 2011-03, or none",
            "四(三)",
        ),
        _month_is_wrong,
    ),
    (
        Gap(
            "pregnancy", "pregnancy-later", "核对现孕年月：晚于登记", "lies after the registration", "四(三)"
        ),
        _month_is_later,
    ),
)
