"""Article 四(一)-(四): forms are recorded, entered into the site's system, and given to the community as a card."""

from __future__ import annotations

from datetime import date

from migrant_fp.domain.clause import LegalBasis, require_basis
from migrant_fp.domain.collection import (
    Collection,
    CollectionCard,
    Recipient,
    card_for,
    collection_findings,
    entry_for,
)
from migrant_fp.domain.errors import Invalid, Problem
from migrant_fp.domain.finding import Finding
from migrant_fp.domain.form import FormSettings, RegistrationForm, gaps
from migrant_fp.domain.form_items import Item
from migrant_fp.domain.privacy import Purpose
from migrant_fp.domain.staff import Pair, not_provided
from migrant_fp.ports.collection_system import CollectionSystem
from migrant_fp.ports.unit_of_work import UnitOfWork
from migrant_fp.regulations.changzhou_2011_134 import DOCUMENT
from migrant_fp.regulations.changzhou_form import POLICY_ITEMS, SETTINGS
from migrant_fp.regulations.national_law import FLOATING_POPULATION_2009
from migrant_fp.schedule.calendar import WorkingCalendar


def record_form(
    work: UnitOfWork,
    form: RegistrationForm,
    pair: Pair,
    today: date,
    *,
    basis: LegalBasis = FLOATING_POPULATION_2009,
    settings: FormSettings = SETTINGS,
) -> Collection:
    """Record a form that a pair collected today (四(二)), complete or not: its gaps are findings.

    Args:
        work: The unit of work.
        form: The form.
        pair: Who collected it.
        today: The day.
        basis: The law on which it is collected; that of the document ended in September 2021.
        settings: The adopter's items; an item with a law of its own is collected while that stood.

    Raises:
        NotYetIssued: Before the document.
        NoLegalBasis: If the law has ended, or that of one of the items.
        Invalid: If the pair is not bound today, or the form has an item that the settings do not know.
    """
    _require(form, today, basis, settings)
    collection = Collection(form, pair, today)
    work.collections.put(collection)
    return collection


def enter(
    work: UnitOfWork,
    system: CollectionSystem,
    form: str,
    today: date,
    *,
    basis: LegalBasis = FLOATING_POPULATION_2009,
    settings: FormSettings = SETTINGS,
) -> Collection:
    """Enter a form into the site's collection system (四(三)), or have it returned with reasons.

    A form with gaps is not sent: it is returned to the pair with the codes of its gaps. To a system operated by the police the
    eight items go as present or absent, never with their value.

    Args:
        work: The unit of work.
        system: The system; its operator is the one that the adopter declares.
        form: The id of the form.
        today: The day.
        basis: The law on which it is entered.
        settings: The adopter's items.

    Raises:
        NoSuchRecord: If the form was not recorded.
        NoLegalBasis: If the law has ended.
        WrongState: If it has been entered, or was returned and not corrected.
    """
    collection = work.collections.get(form)
    _require(collection.form, today, basis, settings)
    found = gaps(collection.form, settings, today)
    if found:
        returned = collection.returned(tuple(f"{gap.item}:{gap.code}" for gap in found), len(found))
    else:
        ready = collection.entered(
            "", 0
        )  # refused here, before anything is sent, if its state does not allow it
        answer = system.enter(entry_for(collection.form, settings, system.operator))
        returned = (
            collection.returned(answer.reasons, 0)
            if answer.reasons
            else ready.with_reference(answer.reference)
        )
    work.collections.put(returned)
    return returned


def give_card(
    work: UnitOfWork,
    form: str,
    today: date,
    recipient: Recipient = Recipient.COMMUNITY,
    *,
    basis: LegalBasis = FLOATING_POPULATION_2009,
    settings: FormSettings = SETTINGS,
) -> CollectionCard:
    """Return the card of a woman for the community (四(四)), or onward for the family-planning office (our inference).

    Args:
        work: The unit of work.
        form: The id of the form.
        today: The day.
        recipient: To whom it goes; no other sector can be named.
        basis: The law on which it is given.
        settings: The adopter's items; they say of whom the clause speaks.

    Raises:
        NoSuchRecord: If the form was not recorded.
        NoLegalBasis: If the law has ended.
        Invalid: If the form is not that of a woman of childbearing age.
    """
    collection = work.collections.get(form)
    _require(collection.form, today, basis, settings, Purpose.COMMUNITY_CARD)
    return card_for(collection, today, settings, recipient)


def collection_owed(
    work: UnitOfWork, today: date, calendar: WorkingCalendar, settings: FormSettings = SETTINGS
) -> tuple[Finding, ...]:
    """Return what is owed for collections that are not entered, and by sources that were asked and have not provided.

    Args:
        work: The unit of work.
        today: The day.
        calendar: The working calendar.
        settings: The adopter's items.

    Raises:
        NotYetIssued: Before the document.
        NotAnnounced: If a count of working days leaves the calendar.
    """
    DOCUMENT.require(today)
    found: list[Finding] = []
    for collection in work.collections.not_entered():
        found += collection_findings(collection, settings, today, DOCUMENT.clause("四(三)"))
    found += not_provided(work.inquiries.unanswered(), today, calendar, DOCUMENT.clause("四(二)"))
    return tuple(found)


def erase(work: UnitOfWork, person: str, forms: tuple[str, ...]) -> None:
    """Erase what is kept of a resident: person, certificate and forms (个人信息保护法 art. 47).

    Args:
        work: The unit of work.
        person: The record id.
        forms: The ids of her forms.

    Raises:
        NoSuchRecord: If the person or one of the forms is not there; nothing is kept unless the caller commits.
    """
    work.persons.erase(person)
    for form in forms:
        work.collections.erase(form)
    try:
        work.certificates.erase(person)
    except LookupError:
        return


def _require(
    form: RegistrationForm,
    today: date,
    basis: LegalBasis,
    settings: FormSettings,
    purpose: Purpose = Purpose.COLLECTION,
) -> None:
    DOCUMENT.require(today)
    basis.require(f"{purpose.zh}（{purpose.clause}）", today)
    known: dict[str, Item] = {item.name: item for item in (*POLICY_ITEMS, *settings.items)}
    unknown = sorted(name for name in form.own if name not in known)
    if unknown:
        fact = "is unknown; declare it among the own items of the settings"
        raise Invalid(form.id, tuple(Problem(name[:40], fact) for name in unknown))
    for item in known.values():
        if item.bases and form.answer(item.name) is not None:
            require_basis(item.bases, f"采集{item.zh}", today)
