"""The registration form (《常州市流动人口信息登记表》, 四(一) and 四(三)) and the adopter's settings of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date

import attrs

from migrant_fp.domain.division import Divisions
from migrant_fp.domain.errors import Invalid, Problem, opaque
from migrant_fp.domain.form_items import Answers, Births, Contraception, Education, Item, Marriage
from migrant_fp.domain.person import CERTIFICATE_18_49, Birthday, ChildbearingAge, Sex, Stay
from migrant_fp.domain.privacy import (
    ADDRESS,
    CODE_EXPECTED,
    CONTACT,
    HEALTH,
    IDENTITY,
    NAME,
    PERSONAL,
    Sensitivity,
    is_code,
    sensitivities,
)

#: How many items of family planning 四(三) makes mandatory.
EIGHT = 8
#: What the item *pregnancy* says of a woman who is not pregnant.
NOT_PREGNANT = "none"


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
        not_available: Items that were asked and have no answer, each with a code of why, such as identity: no-card or births:
            declined. The eight may be among them: they are no gap and stop no entry, and `notes` tells of them.
        person: The record id of the resident it is about, where she is on record; by it her forms are found to be erased.

    Raises:
        Invalid: If one of the ids looks like an identity number or a telephone, or a reason is no code.
    """

    id: str = attrs.field(validator=opaque)
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
    own: Answers = attrs.field(factory=Answers, converter=Answers, repr=False, metadata=PERSONAL)
    not_available: Answers = attrs.field(factory=Answers, converter=Answers, repr=False, metadata=PERSONAL)
    person: str = attrs.field(default="", validator=opaque)

    def __attrs_post_init__(self) -> None:
        """Refuse free text where a code is expected."""
        if any(not is_code(reason) for reason in self.not_available.values()):
            raise Invalid(
                self.id, (Problem("not_available", f"holds a reason that is none, {CODE_EXPECTED}"),)
            )

    def answer(self, item: str) -> object:
        """Return what was entered for an item, without blanks around it; None if nothing was, or blanks alone."""
        found: object = getattr(self, item) if item in _FIELDS else self.own.get(item)
        return found.strip() or None if isinstance(found, str) else found


_FIELDS = frozenset(field.name for field in attrs.fields(RegistrationForm)) - {
    "id",
    "registered",
    "own",
    "not_available",
    "person",
}
#: The fields of the form that are about health; they go to no system that the police operate.
HEALTH_FIELDS = frozenset(
    n for n, kind in sensitivities(RegistrationForm).items() if kind is Sensitivity.HEALTH
)


@attrs.frozen
class FormSettings:
    """An adopter's form: which items there are, and which must be filled in.

    Attributes:
        basic: The items asked of everyone (四(一)1).
        eight: The eight items of family planning (四(三)), asked of floating women of childbearing age.
        own: The items of the adopter's form that are no field of ours. One that stands among the basic or the eight too is asked
            with them; any other is asked where the form's rules say so, and never missed here.
        ages: What 育龄 means.
        birthday: When a person is a year older.
        note: What is inferred about this choice of items.
        divisions: The divisions by which a woman is floating or not; a place outside of them is judged by its code.

    Raises:
        Invalid: If the eight are not eight, an item is unknown or given twice in one group, or one is asked both of everyone and
            of floating women; with every problem.
    """

    basic: tuple[Item, ...]
    eight: tuple[Item, ...]
    own: tuple[Item, ...] = ()
    ages: ChildbearingAge = CERTIFICATE_18_49
    birthday: Birthday = Birthday.ON_THE_DAY
    note: str = ""
    divisions: Divisions = attrs.field(default=Divisions(()), repr=False)

    def __attrs_post_init__(self) -> None:
        """Refuse settings that contradict the clause or themselves."""
        problems = tuple(self._problems())
        if problems:
            raise Invalid("form settings", problems)

    def _problems(self) -> Iterator[Problem]:
        if len(self.eight) != EIGHT:
            yield Problem(
                "eight", f"came {len(self.eight)} items, expected {EIGHT} (四(三): 计划生育8项内容)"
            )
        for group in (self.basic, self.eight, self.own):
            for name, count in Counter(item.name for item in group).items():
                if count > 1:
                    yield Problem(name, "is given more than once")
        for name in sorted({item.name for item in self.basic} & {item.name for item in self.eight}):
            yield Problem(name, "is among the basic items and the eight; ask it in one of the two")
        for item in (*self.basic, *self.eight):
            if item.name not in {*_FIELDS, *(own.name for own in self.own)}:
                yield Problem(item.name, "is no field of the form; declare it among your own items too")

    @property
    def items(self) -> tuple[Item, ...]:
        """Every item, each once."""
        once: dict[str, Item] = {}
        for item in (*self.basic, *self.eight, *self.own):
            once.setdefault(item.name, item)
        return tuple(once.values())

    @property
    def health(self) -> frozenset[str]:
        """The names of all items about health: the eight, the fields of the form marked so, and own ones not declared otherwise."""
        own = (item.name for item in self.own if item.sensitivity is Sensitivity.HEALTH)
        return HEALTH_FIELDS | {item.name for item in self.eight} | {*own}
