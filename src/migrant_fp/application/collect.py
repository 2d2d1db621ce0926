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
from migrant_fp.domain.form import FormSettings, RegistrationForm
from migrant_fp.domain.form_gaps import gaps
from migrant_fp.domain.form_items import Item
from migrant_fp.domain.privacy import Purpose
from migrant_fp.domain.staff import Pair, not_provided
from migrant_fp.ports.collection_system import CollectionSystem
from migrant_fp.ports.registers import Certificates, NoSuchRecord, Persons
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
        NoSuchRecord: If one of the pair is not on record as staff.
        Invalid: If a form of this id is on record, the pair is not bound today or not one of each kind, or the form has
            an item that the settings do not know.
    """
    _require(form, today, basis, settings)
    pair.require_kinds(work.staff.get(pair.coordinator), work.staff.get(pair.community_worker))
    _refuse_second(work, form.id)
    collection = Collection(form, pair, today)
    work.collections.put(collection)
    return collection


def correct_form(
    work: UnitOfWork,
    form: RegistrationForm,
    today: date,
    *,
    basis: LegalBasis = FLOATING_POPULATION_2009,
    settings: FormSettings = SETTINGS,
) -> Collection:
    """Correct a form on record that is not entered, or was returned; what was found wrong at first stays on record.

    Args:
        work: The unit of work.
        form: The corrected form, with the id of the one on record.
        today: The day.
        basis: The law on which it is collected.
        settings: The adopter's items.

    Raises:
        NotYetIssued: Before the document.
        NoLegalBasis: If the law has ended, or that of one of the items.
        NoSuchRecord: If the form was not recorded.
        WrongState: If it has been entered; the site's system returns it first.
        Invalid: If the form has an item that the settings do not know.
    """
    _require(form, today, basis, settings)
    corrected = work.collections.get(form.id).corrected(form)
    work.collections.put(corrected)
    return corrected


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

    A form with a gap that blocks, in the eight items or in what decides whether they are asked, is not sent: it is returned
    to the pair with the codes of all its gaps. Other gaps go on record and stop nothing. To a system operated by the police no
    item about health goes with its value.

    Args:
        work: The unit of work.
        system: The system; its operator is the one that the adopter declares.
        form: The id of the form.
        today: The day.
        basis: The law on which it is entered; the day of registration may also rest on that of the document.
        settings: The adopter's items.

    Raises:
        NoSuchRecord: If the form was not recorded.
        NotYetIssued: Before the document.
        NotModelled: If the day of registration lies before the law.
        NoLegalBasis: If the law has ended, by today or by the day of registration.
        WrongState: If it has been entered, or was returned and not corrected.
        Invalid: If the system's answer has neither a reference nor reasons, or a reason that is no code; then the form stays
            as it was.
    """
    collection = work.collections.get(form)
    _require(collection.form, today, basis, settings)
    _require_then(collection.form, basis, Purpose.COLLECTION)
    found = gaps(collection.form, settings, today)
    if any(gap.blocks for gap in found):
        after = collection.returned(tuple(f"{gap.item}:{gap.code}" for gap in found), len(found))
    else:
        after = _sent(collection, system, settings, len(found))
    work.collections.put(after)
    return after


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
        basis: The law on which it is given; the day of registration may also rest on that of the document.
        settings: The adopter's items; they say of whom the clause speaks.

    Raises:
        NoSuchRecord: If the form was not recorded.
        NotYetIssued: Before the document.
        NotModelled: If the day of registration lies before the law.
        NoLegalBasis: If the law has ended, by today or by the day of registration.
        Invalid: If the form is not that of a floating woman of childbearing age, or does not say yet.
    """
    collection = work.collections.get(form)
    _require(collection.form, today, basis, settings, Purpose.COMMUNITY_CARD)
    _require_then(collection.form, basis, Purpose.COMMUNITY_CARD)
    return card_for(collection, today, settings, recipient)


def collection_owed(
    work: UnitOfWork,
    today: date,
    calendar: WorkingCalendar,
    settings: FormSettings = SETTINGS,
    *,
    basis: LegalBasis = FLOATING_POPULATION_2009,
) -> tuple[Finding, ...]:
    """Return what is owed for collections that are not entered, and by sources that were asked and have not provided.

    All of it is about single persons: nobody is asked for what could not be collected today.

    Args:
        work: The unit of work.
        today: The day.
        calendar: The working calendar.
        settings: The adopter's items.
        basis: The law on which it is collected.

    Raises:
        NotYetIssued: Before the document.
        NoLegalBasis: If the law has ended.
        NotAnnounced: If a count of working days leaves the calendar.
    """
    DOCUMENT.require(today)
    basis.require(f"{Purpose.COLLECTION.zh}（{Purpose.COLLECTION.clause}）", today)
    found: list[Finding] = []
    for collection in work.collections.not_entered():
        found += collection_findings(collection, settings, today, DOCUMENT.clause("四(三)"))
    found += not_provided(work.inquiries.unanswered(), today, calendar, DOCUMENT.clause("四(二)"))
    return tuple(found)


def erase(work: UnitOfWork, person: str, forms: tuple[str, ...] = ()) -> None:
    """Erase what is kept of a resident: person, certificate and forms (个人信息保护法 art. 47).

    Her forms are those linked to her (`RegistrationForm.person`), and those named here that are linked to nobody. A resident
    need not be on record for her forms to be erased.

    Args:
        work: The unit of work.
        person: The record id.
        forms: The ids of further forms of hers, which were recorded without the link.

    Raises:
        NoSuchRecord: If one of the forms is not there, or nothing at all is kept of her; nothing is erased unless the caller
            commits.
        Invalid: If one of the forms is linked to another resident.
    """
    named = [work.collections.get(form) for form in forms]
    if any(one.form.person not in {"", person} for one in named):
        raise Invalid(
            "erasure", (Problem("forms", "one of them is linked to another resident; name hers alone"),)
        )
    hers = {one.id for one in (*named, *(work.collections.of(person) if person else ()))}
    for form in sorted(hers):
        work.collections.erase(form)
    kept = [_erased(register, person) for register in (work.persons, work.certificates)]
    if not (hers or any(kept)):
        raise NoSuchRecord("persons", person)


def _erased(register: Persons | Certificates, person: str) -> bool:
    try:
        register.erase(person)
    except NoSuchRecord:
        return False
    return True


def _sent(
    collection: Collection, system: CollectionSystem, settings: FormSettings, gap_count: int
) -> Collection:
    ready = collection.entered(
        "", gap_count
    )  # refused here, before anything is sent, if its state does not allow it
    answer = system.enter(entry_for(collection.form, settings, system.operator))
    if answer.reasons:
        return collection.returned(answer.reasons, gap_count)
    if not answer.reference:
        fact = "the system gave neither a reference nor reasons; ask its operator, and enter the form again"
        raise Invalid(collection.id, (Problem("answer", fact),))
    return ready.with_reference(answer.reference)


def _refuse_second(work: UnitOfWork, form: str) -> None:
    try:
        work.collections.get(form)
    except NoSuchRecord:
        return
    raise Invalid(
        form,
        (Problem("id", "is on record; correct that form with correct_form, or give this one its own id"),),
    )


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
    unknown = sum(name not in known for name in {*form.own, *form.not_available})
    if unknown:
        fact = f"{unknown} items are unknown and not shown; declare them among the own items of the settings"
        raise Invalid(form.id, (Problem("own", fact),))
    for item in known.values():
        if item.bases and form.answer(item.name) is not None:
            require_basis(item.bases, f"采集{item.zh}", today)


def _require_then(form: RegistrationForm, basis: LegalBasis, purpose: Purpose) -> None:
    """Require a law for the day of registration too: that of the document, or the adopter's."""
    require_basis(
        (FLOATING_POPULATION_2009, basis), f"{purpose.zh}（{purpose.clause}，登记日期）", form.registered
    )
