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
from migrant_fp.domain.form_items import Births, Contraception, Item, Marriage
from migrant_fp.domain.person import IdentityNumber, Sex, identity_problems, is_place, why_settled
from migrant_fp.domain.privacy import HEALTH

_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")
#: The items that decide whether the eight are asked.
_DECIDE = frozenset({"sex", "born", "household", "residence", "stay"})


@attrs.frozen
class Gap:
    """One thing to put right in a form; it holds no answer, and of items about health it does not say which rule is broken.

    Attributes:
        item: The name of the item.
        code: A stable code: missing, unexpected, contradicts for every rule across the items about health, or that of another rule.
        zh: What is to be done, in Chinese.
        en: The same in English.
        clause: The number of the clause.
        blocks: Whether the form is not entered before it is put right (四(三): 必填项目); all others are findings alone.
        detail: Which rule about health is broken, for the form's own handler; it tells of the answers, and stays out of repr, str,
            reasons and findings.
    """

    item: str
    code: str
    zh: str
    en: str
    clause: str
    blocks: bool = False
    detail: str = attrs.field(default="", repr=False, metadata=HEALTH)

    def __str__(self) -> str:
        """Return the gap as a line."""
        return f"{self.clause} {self.item}: {self.zh} ({self.en})"


def gaps(form: RegistrationForm, settings: FormSettings, today: date) -> tuple[Gap, ...]:
    """Return everything to put right in a form, in the order of its items.

    The eight are mandatory for entry, and so is what decides whether they are asked; nothing else is. An item that is marked not
    available is no gap, and one whose own law has ended is not missed.

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
    found = [*_missing(form, settings.basic, today)]
    found += _missing(form, settings.eight, today) if asked else _unexpected(form, settings, asked=asked)
    found += [gap for gap, broken in _RULES if broken(form, today)]
    if not asked:  # where they are asked both places stand
        found += _places(form, settings)
    if form.answer("identity"):
        found += _identity(form)
    held_back = {item.name for item in settings.eight} if asked else _DECIDE if asked is None else frozenset()
    return tuple(attrs.evolve(gap, blocks=True) if gap.item in held_back else gap for gap in found)


def notes(form: RegistrationForm, settings: FormSettings) -> tuple[Gap, ...]:
    """Return what may be asked about once more and is no gap: items not available, and answers that can be true as they stand.

    Args:
        form: The form.
        settings: The adopter's items.

    Example:
        >>> from migrant_fp.regulations.changzhou_form import SETTINGS
        >>> one = RegistrationForm("F-1", date(2011, 6, 1), births=Births.SOME, children=0, not_available={"phone": "none"})
        >>> [(note.item, note.code) for note in notes(one, SETTINGS)]
        [('children', 'odd')]
    """
    silent = (item for item in settings.items if _is_silent(form, item))
    en = "not available, with a reason: ask once more where that may help"
    return (
        *(Gap(item.name, "not-available", f"{item.zh}未提供，已记原因", en, item.clause) for item in silent),
        *(note for note, odd in _NOTES if odd(form)),
    )


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
    home, here = form.answer("household"), form.answer("residence")
    if home and here and form.stay is not None:
        try:
            settled = why_settled(str(home), str(here), form.stay, form.registered, settings.divisions)
        except Invalid:
            return None
        if settled:
            return False
        return None if form.sex is None or form.born is None else True
    return None


def _is_silent(form: RegistrationForm, item: Item) -> bool:
    return item.name in form.not_available and form.answer(item.name) is None


def _missing(form: RegistrationForm, items: tuple[Item, ...], today: date) -> Iterator[Gap]:
    for item in items:
        if form.answer(item.name) is not None or item.name in form.not_available:
            continue
        if not item.bases or any(basis.in_force(today) for basis in item.bases):
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
        code = form.answer(name)
        if code and not is_place(str(code), form.registered, settings.divisions):
            en = "expected the six digits of a division that stands on the day of registration (GB/T 2260)"
            yield Gap(
                name, "division-code", f"核对{zh}：应为登记之日有效的六位区划代码（GB/T 2260）", en, "四(一)1"
            )


def _identity(form: RegistrationForm) -> Iterator[Gap]:
    try:
        number = IdentityNumber(form.identity.strip())
    except Invalid:
        for place, fact, zh in identity_problems(form.identity.strip()):
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
    return form.pregnancy.strip() not in {"", NOT_PREGNANT} and not _MONTH.fullmatch(form.pregnancy.strip())


def _month_is_later(form: RegistrationForm, _: date) -> bool:
    month = form.pregnancy.strip()
    return bool(_MONTH.fullmatch(month)) and month > f"{form.registered:%Y-%m}"


#: What the office reads of a rule across the items of family planning: the same for each, so that no answer can be told from it.
_CONTRADICTS, _ODD = "contradicts", "odd"
_ZH, _EN = "填写有误或与另一项不符，请核对登记表", "is wrong or contradicts another item: see the form"
_ODD_ZH, _ODD_EN = (
    "与另一项不常同时出现，如属实无需更正",
    "is unusual beside another item; nothing is to be corrected if it is so",
)


def _health(item: str, detail: str) -> Gap:
    return Gap(item, _CONTRADICTS, _ZH, _EN, "四(三)", detail=detail)


def _odd(item: str, detail: str) -> Gap:
    return Gap(item, _ODD, _ODD_ZH, _ODD_EN, "四(三)", detail=detail)


def _basic(item: str, code: str, zh: str, en: str) -> Gap:
    return Gap(item, code, zh, en, "四(一)1")


def _method_is_missing(form: RegistrationForm, _: date) -> bool:
    return form.contraception_used is True and form.contraception in _NO_METHOD


def _method_is_too_much(form: RegistrationForm, _: date) -> bool:
    return (
        form.contraception_used is False and form.contraception is not None and form.contraception.is_method
    )


_NO_METHOD = frozenset({Contraception.NONE, Contraception.NOT_APPLICABLE})
#: The rules across items. That an unmarried woman has no child is no rule here, though forms in use have it: it is not so.
_RULES: tuple[tuple[Gap, Callable[[RegistrationForm, date], bool]], ...] = (
    (
        _basic("registered", "registered-later", "核对登记日期：晚于今日", "lies after today"),
        lambda form, today: form.registered > today,
    ),
    (
        _basic("arrived", "arrived-later", "核对到达日期：晚于登记日期", "lies after the registration"),
        lambda form, _: form.arrived is not None and form.arrived > form.registered,
    ),
    (
        _basic("born", "born-later", "核对出生日期：晚于到达日期", "lies after the arrival"),
        lambda form, _: form.born is not None and form.born > (form.arrived or form.registered),
    ),
    (
        _health("children", "核对子女数：应为0或以上 (expected 0 or more)"),
        lambda form, _: form.children is not None and form.children < 0,
    ),
    (
        _health("contraception", "采取措施而未填方法 (a method is used: expected which)"),
        _method_is_missing,
    ),
    (
        _health("contraception", "未采取措施而填有方法 (no method is used: expected none)"),
        _method_is_too_much,
    ),
    (
        _health("with_spouse", "未婚而填夫妻同行 (single: expected no)"),
        lambda form, _: form.marriage is Marriage.SINGLE and form.with_spouse is True,
    ),
    (
        _health("pregnancy", "应为年月或无 (expected a month such as 2011-03, or none)"),
        _month_is_wrong,
    ),
    (
        _health("pregnancy", "现孕年月晚于登记 (lies after the registration)"),
        _month_is_later,
    ),
)
#: What is unusual and may be true: a child may have died or been adopted, and nobody is asked to write otherwise.
_NOTES: tuple[tuple[Gap, Callable[[RegistrationForm], bool]], ...] = (
    (
        _odd("children", "已育而子女数为0 (births: some, and no child)"),
        lambda form: form.births is Births.SOME and form.children == 0,
    ),
    (
        _odd("children", "未育而子女数不为0 (births: none, and a child)"),
        lambda form: form.births is Births.NONE and (form.children or 0) > 0,
    ),
)
