"""信息采集 (四(二)-(四)): collected by a pair, entered into the site's system, returned with reasons; and the card."""

from __future__ import annotations

from datetime import date

import attrs

from migrant_fp.domain.agency import Role
from migrant_fp.domain.clause import Clause
from migrant_fp.domain.errors import Invalid, Problem
from migrant_fp.domain.finding import Finding
from migrant_fp.domain.form import HEALTH_FIELDS, FormSettings, RegistrationForm
from migrant_fp.domain.form_gaps import Gap, asks_eight, gaps
from migrant_fp.domain.form_items import Births, Contraception, Marriage
from migrant_fp.domain.life_cycle import LifeCycle
from migrant_fp.domain.privacy import CODE_EXPECTED, HEALTH, PERSONAL, is_code
from migrant_fp.domain.staff import Pair
from migrant_fp.schedule.term import Term


class CollectionState(Term):
    """Where a collected form stands."""

    COLLECTED = ("collected", "已采集")
    ENTERED = ("entered", "已录入")
    RETURNED = ("returned", "被退回")


class CollectionEvent(Term):
    """What moves it."""

    ENTER = ("enter", "录入")
    RETURN = ("return", "退回")
    CORRECT = ("correct", "更正")


_S, _E = CollectionState, CollectionEvent
#: The one table of a collection. What is not entered yet may be corrected by the pair. What was entered may still be returned, and is then corrected and entered again.
COLLECTION_LIFE = LifeCycle(
    _S.COLLECTED,
    {
        (_S.COLLECTED, _E.ENTER): _S.ENTERED,
        (_S.COLLECTED, _E.CORRECT): _S.COLLECTED,
        (_S.COLLECTED, _E.RETURN): _S.RETURNED,
        (_S.ENTERED, _E.RETURN): _S.RETURNED,
        (_S.RETURNED, _E.CORRECT): _S.COLLECTED,
    },
)


class Recipient(Term):
    """To whom a card may go: a closed set, and no other sector is in it."""

    COMMUNITY = ("community", "社区负责计划生育工作的负责人，四(四)")
    FAMILY_PLANNING_OFFICE = ("family_planning_office", "镇（街道）计生办，本库推断")


@attrs.frozen
class Collection:
    """A form with the pair that collected it; every event returns a new one.

    Attributes:
        form: The form.
        pair: Who collected it: a coordinator and a community worker together (四(二)).
        on: The day of collecting.
        state: Where it stands.
        reference: What the site's system calls the entry.
        reasons: Why it was returned last, as codes; they may tell of answers, and stay out of repr and findings.
        gaps_at_entry: How many gaps it had when it was first entered or returned.
        was_returned: Whether it was ever returned.
    """

    form: RegistrationForm
    pair: Pair
    on: date
    state: CollectionState = COLLECTION_LIFE.first
    reference: str = attrs.field(default="", repr=False)
    reasons: tuple[str, ...] = attrs.field(default=(), repr=False, metadata=HEALTH)
    gaps_at_entry: int | None = None
    was_returned: bool = False

    def __attrs_post_init__(self) -> None:
        """Refuse a collection by a pair that was not bound on the day."""
        if not self.pair.stands(self.on):
            fact = f"is not bound on {self.on}; both of a pair collect together (四(二): 结对捆绑,共同采集)"
            raise Invalid(self.id, (Problem("pair", fact),))

    @property
    def id(self) -> str:
        """The id of the form."""
        return self.form.id

    def entered(self, reference: str, gap_count: int) -> Collection:
        """Return the collection as entered into the site's system.

        Raises:
            WrongState: If it has been entered, or was returned and not corrected.
        """
        return self._moved(CollectionEvent.ENTER, gap_count, reference=reference, reasons=())

    def with_reference(self, reference: str) -> Collection:
        """Return the collection with what the site's system calls it."""
        return attrs.evolve(self, reference=reference)

    def returned(self, reasons: tuple[str, ...], gap_count: int | None = None) -> Collection:
        """Return the collection as sent back with reasons.

        Raises:
            WrongState: If it is being corrected already.
            Invalid: If no reason is given, or one that is no code; what came is not shown.
        """
        if not reasons:
            raise Invalid(self.id, (Problem("reasons", "are empty; say what is to be corrected"),))
        if not all(map(is_code, reasons)):
            raise Invalid(self.id, (Problem("reasons", f"hold one that is none, {CODE_EXPECTED}"),))
        return self._moved(CollectionEvent.RETURN, gap_count, reasons=reasons, was_returned=True)

    def corrected(self, form: RegistrationForm) -> Collection:
        """Return the collection with a corrected form, to be entered; without a person the form stays linked to the one it had.

        Raises:
            WrongState: If it has been entered.
            Invalid: If it is another form.
        """
        if form.id != self.id:
            raise Invalid(self.id, (Problem("form", f"is {form.id}, another form"),))
        linked = attrs.evolve(form, person=form.person or self.form.person)
        return self._moved(CollectionEvent.CORRECT, None, form=linked)

    def _moved(self, event: CollectionEvent, gap_count: int | None, **changes: object) -> Collection:
        state = COLLECTION_LIFE.after(self.state, event, self.id)
        first = self.gaps_at_entry if self.gaps_at_entry is not None else gap_count
        return attrs.evolve(self, state=state, gaps_at_entry=first, **changes)  # type: ignore[arg-type]


@attrs.frozen
class Entry:
    """What goes into the site's collection system (社会化采集系统, 四(三)).

    Attributes:
        id: The id of the form.
        operator: Who operates the system.
        answers: The answers by item; to a system operated by the police none about health is among them.
        present: For each of the eight items that was asked: whether it is filled in.
    """

    id: str
    operator: Role
    answers: tuple[tuple[str, object], ...] = attrs.field(repr=False, metadata=PERSONAL)
    present: tuple[tuple[str, bool], ...] = attrs.field(repr=False, metadata=HEALTH)


@attrs.frozen
class CollectionCard:
    """流入育龄妇女计划生育信息采集卡 (四(四)): what a coordinator gives the community about a woman, and no more.

    Attributes:
        form: The id of the form it was taken from.
        pair: Who collected it.
        filled: The day it was filled in.
        recipient: To whom it goes.
        marriage: Marital status.
        births: Whether she has given birth.
        children: How many children she has.
        contraception: Which contraception is used.
        pregnancy: The month since which she is pregnant, or "none".
        certificate_held: Whether she holds the certificate.
    """

    form: str
    pair: Pair
    filled: date
    recipient: Recipient
    marriage: Marriage | None = attrs.field(repr=False, metadata=HEALTH)
    births: Births | None = attrs.field(repr=False, metadata=HEALTH)
    children: int | None = attrs.field(repr=False, metadata=HEALTH)
    contraception: Contraception | None = attrs.field(repr=False, metadata=HEALTH)
    pregnancy: str = attrs.field(repr=False, metadata=HEALTH)
    certificate_held: bool | None = attrs.field(repr=False, metadata=HEALTH)


def entry_for(form: RegistrationForm, settings: FormSettings, operator: Role) -> Entry:
    """Return what goes into a site's collection system.

    To a system operated by the police go no items about health: the eight as present or absent and never with their value, and
    own items that are not declared to be of another kind not at all. That is our choice, and stricter than 四(三), which
    has the eight entered. Where the eight are not asked, neither they nor any other field of the form about health go anywhere.

    Args:
        form: The form.
        settings: The adopter's items.
        operator: Who operates the system, as the adopter declares.
    """
    asked = bool(asks_eight(form, settings))
    hidden: frozenset[str] = frozenset()
    if operator is Role.PUBLIC_SECURITY:
        hidden = settings.health
    elif not asked:
        hidden = HEALTH_FIELDS | {item.name for item in settings.eight}
    answers = tuple(
        (item.name, form.answer(item.name))
        for item in settings.items
        if item.name not in hidden and form.answer(item.name) is not None
    )
    present = tuple((item.name, form.answer(item.name) is not None) for item in settings.eight if asked)
    return Entry(form.id, operator, answers, present)


def card_for(
    collection: Collection,
    filled: date,
    settings: FormSettings,
    recipient: Recipient = Recipient.COMMUNITY,
) -> CollectionCard:
    """Return the card of a woman, filled in from a collected form (四(四)).

    Args:
        collection: The collection.
        filled: The day of filling it in.
        settings: The adopter's items; they say of whom the clause speaks.
        recipient: To whom it goes; the community by the clause, onward to the family-planning office by our inference.

    Raises:
        Invalid: If the form is not that of a floating woman of childbearing age, or does not say yet.
    """
    form = collection.form
    if not asks_eight(form, settings):
        fact = "is not, or not yet, that of a floating woman of childbearing age: no card is filled in (四(四): 流入育龄妇女)"
        raise Invalid(collection.id, (Problem("form", fact),))
    return CollectionCard(
        form.id,
        collection.pair,
        filled,
        recipient,
        form.marriage,
        form.births,
        form.children,
        form.contraception,
        form.pregnancy,
        form.certificate_held,
    )


def collection_findings(
    collection: Collection, settings: FormSettings, today: date, clause: Clause
) -> tuple[Finding, ...]:
    """Return what the pair still owes for a collection: gaps to fill, corrections, and the entry itself.

    Of contradictions among the items about health there is one finding, about the form: the item alone could tell the answer.

    Args:
        collection: The collection.
        settings: The adopter's items.
        today: The day.
        clause: 四(三) of the document.
    """
    owed_by = f"流动人口协管员{collection.pair.coordinator}、社区{collection.pair.community_worker}"
    missed = gaps(collection.form, settings, today)
    found = [
        Finding(f"form-{gap.code}", clause, owed_by, gap.zh, gap.en, _about(collection, gap))
        for gap in missed
    ]
    found = [*dict.fromkeys(found)]
    if collection.state is CollectionState.RETURNED:
        action = "更正被退回的登记表"
        found.append(Finding("form-returned", clause, owed_by, action, "correct it", collection.id))
    if collection.state is CollectionState.COLLECTED and not any(gap.blocks for gap in missed):
        found.append(
            Finding("form-not-entered", clause, owed_by, "录入社会化采集系统", "enter it", collection.id)
        )
    return tuple(found)


def _about(collection: Collection, gap: Gap) -> str:
    return collection.id if gap.detail else f"{collection.id}/{gap.item}"
