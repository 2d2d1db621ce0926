"""All gaps of a registration form at once (四(一), 四(三)).

A gap says what an office still has to ask, or must not have asked. It is never a ground for refusing a registration.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date

import attrs

from migrant_fp.domain.errors import Invalid
from migrant_fp.domain.form import NOT_PREGNANT, FormSettings, RegistrationForm
from migrant_fp.domain.form_items import Births, Item, Marriage
from migrant_fp.domain.person import IdentityNumber, Sex, identity_problems, is_place, why_settled

_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")
#: The items that decide whether the eight are asked.
_DECIDE = frozenset({"sex", "born", "household", "residence", "stay"})


@attrs.frozen
class Gap:
    """One thing to put right in a form; it holds no answer.

    Attributes:
        item: The name of the item.
        code: A stable code: missing, unexpected, or that of a rule.
        zh: What is to be done, in Chinese.
        en: The same in English.
        clause: The number of the clause.
        blocks: Whether the form is not entered before it is put right (四(三): 必填项目); all others are findings alone.
    """

    item: str
    code: str
    zh: str
    en: str
    clause: str
    blocks: bool = False

    def __str__(self) -> str:
        """Return the gap as a line."""
        return f"{self.clause} {self.item}: {self.zh} ({self.en})"


def gaps(form: RegistrationForm, settings: FormSettings, today: date) -> tuple[Gap, ...]:
    """Return everything to put right in a form, in the order of its items.

    The eight are mandatory for entry, and so is what decides whether they are asked; nothing else is.

    Args:
        form: The form.
        settings: The adopter's items.
        today: The day on which it is checked.

    Example:
        >>> from migrant_fp.regulations.changzhou_form import SETTINGS
        >>> empty = RegistrationForm("F-1", date(2011, 6, 1), sex=Sex.FEMALE, born=date(1985, 3, 1))
        >>> [gap.item for gap in gaps(empty, SETTINGS, date(2011, 6, 1))][2:4]
        ['household', 'residence']
    """
    asked = asks_eight(form, settings)
    found = [gap for gap in _missing(form, settings.basic) if gap.item not in form.not_available]
    found += _missing(form, settings.eight) if asked else _unexpected(form, settings, asked=asked)
    found += [gap for gap, broken in _RULES if broken(form, today)]
    if not asked:  # where they are asked both places stand
        found += _places(form, settings)
    if form.identity:
        found += _identity(form)
    held_back = {item.name for item in settings.eight} if asked else _DECIDE if asked is None else frozenset()
    return tuple(attrs.evolve(gap, blocks=True) if gap.item in held_back else gap for gap in found)


def notes(form: RegistrationForm) -> tuple[Gap, ...]:
    """Return what may be asked about once more and is no gap: it can be true as it stands.

    Example:
        >>> one = RegistrationForm("F-1", date(2011, 6, 1), births=Births.SOME, children=0)
        >>> [note.code for note in notes(one)]
        ['birth-without-children']
    """
    return tuple(note for note, odd in _NOTES if odd(form))


def asks_eight(form: RegistrationForm, settings: FormSettings) -> bool | None:
    """Return whether the eight items are asked: of floating women of childbearing age on the day of registration.

    四(一)2 and 四(四) speak of 流入育龄妇女. One who moved within the districts of a city, or is here to be treated or to visit, is
    not floating (条例 art. 2).

    Args:
        form: The form.
        settings: The adopter's items, ages and divisions.

    Returns:
        None while an item that decides it is missing or wrong; that item is the gap.
    """
    if form.sex not in {None, Sex.FEMALE}:
        return False
    if form.born is not None and not settings.ages.includes(form.born, form.registered, settings.birthday):
        return False
    if form.household and form.residence and form.stay is not None:
        try:
            settled = why_settled(
                form.household, form.residence, form.stay, form.registered, settings.divisions
            )
        except Invalid:
            return None
        if settled:
            return False
        return None if form.sex is None or form.born is None else True
    return None


def _missing(form: RegistrationForm, items: tuple[Item, ...]) -> Iterator[Gap]:
    for item in items:
        if form.answer(item.name) is None:
            yield Gap(item.name, "missing", f"补填{item.zh}", f"fill in: {item.en}", item.clause)


def _unexpected(form: RegistrationForm, settings: FormSettings, *, asked: bool | None) -> Iterator[Gap]:
    if asked is None:
        return  # whether the items are asked is not known yet: what is missing or wrong is the gap
    for item in settings.eight:
        if form.answer(item.name) is not None:
            zh = f"删除{item.zh}：只向流入育龄妇女采集"
            en = f"remove: {item.en} is asked of floating women of childbearing age alone"
            yield Gap(item.name, "unexpected", zh, en, "四(一)2")


def _places(form: RegistrationForm, settings: FormSettings) -> Iterator[Gap]:
    for name, zh in (("household", "户籍所在地"), ("residence", "现居住地")):
        code = getattr(form, name)
        if code and not is_place(code, form.registered, settings.divisions):
            en = "expected the six digits of a division that stands on the day of registration (GB/T 2260)"
            yield Gap(
                name, "division-code", f"核对{zh}：应为登记之日有效的六位区划代码（GB/T 2260）", en, "四(一)1"
            )


def _identity(form: RegistrationForm) -> Iterator[Gap]:
    try:
        number = IdentityNumber(form.identity)
    except Invalid:
        for place, fact, zh in identity_problems(form.identity):
            todo = f"核对公民身份号码（GB 11643）：{zh}"
            yield Gap("identity", "identity-number", todo, f"{place}: {fact}", "四(一)1")
        return
    if form.born is not None and number.born != form.born:
        zh, en = "核对出生日期：与身份号码不一致", "differs from the identity number"
        yield Gap("born", "born-differs", zh, en, "四(一)1")
    if form.sex in {Sex.MALE, Sex.FEMALE} and number.sex is not form.sex:
        zh, en = "核对性别：与身份号码不一致", "differs from the identity number"
        yield Gap("sex", "sex-differs", zh, en, "四(一)1")


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
#: What is odd and may be true: a child may have died, and nobody is asked to write otherwise.
_NOTES: tuple[tuple[Gap, Callable[[RegistrationForm], bool]], ...] = (
    (
        Gap(
            "children",
            "birth-without-children",
            "提示：已育而子女数为0，如属实无需更正",
            "births: some and no child; nothing is to be corrected if it is so",
            "四(三)",
        ),
        lambda form: form.births is Births.SOME and form.children == 0,
    ),
)
