"""Article 四(五)-(六) over the registers: a desk opens a record, and is told what it owes her."""

from __future__ import annotations

from datetime import date

from migrant_fp.application.desk import permit_desk, service_station
from migrant_fp.domain.certificate import Certificate, CertificateEvent
from migrant_fp.domain.clause import LegalBasis
from migrant_fp.domain.division import Divisions
from migrant_fp.domain.errors import Invalid, Problem
from migrant_fp.domain.finding import Finding
from migrant_fp.domain.person import Sex
from migrant_fp.ports.registers import NoSuchRecord
from migrant_fp.ports.unit_of_work import UnitOfWork
from migrant_fp.regulations.changzhou_2011_134 import DOCUMENT
from migrant_fp.regulations.changzhou_divisions import DIVISIONS
from migrant_fp.regulations.national_law import FLOATING_POPULATION_2009


def inspect_at_permit_desk(
    work: UnitOfWork,
    person: str,
    today: date,
    *,
    basis: LegalBasis = FLOATING_POPULATION_2009,
    divisions: Divisions = DIVISIONS,
) -> tuple[Finding, ...]:
    """Return what a residence-permit desk owes a person today (四(五)); never a condition of the permit.

    Args:
        work: The unit of work.
        person: The record id.
        today: The day.
        basis: The law on which the certificate is checked.
        divisions: The divisions of the day decide whether she is floating.

    Raises:
        NoSuchRecord: If the person is not on record.
        Invalid: If her household or residence is no code of a division that can be judged today.
        NotYetIssued: Before the document.
        NoLegalBasis: After the repeal of the 条例, unless the adopter supplies a basis.
    """
    held = _certificate(work, person)
    return permit_desk(work.persons.get(person), held, today, basis=basis, divisions=divisions)


def inspect_at_service_station(
    work: UnitOfWork,
    person: str,
    today: date,
    *,
    holds_permit: bool,
    basis: LegalBasis = FLOATING_POPULATION_2009,
) -> tuple[Finding, ...]:
    """Return what a service station owes a woman today (四(六)); serving her is always among it.

    Args:
        work: The unit of work.
        person: The record id.
        today: The day.
        holds_permit: Whether she holds a residence permit.
        basis: The law on which her permit is checked.

    Raises:
        NoSuchRecord: If the person is not on record.
        NotYetIssued: Before the document.
        NoLegalBasis: After the repeal of the 条例, unless the adopter supplies a basis; she is served all the same.
    """
    return service_station(work.persons.get(person), today, holds_permit=holds_permit, basis=basis)


def record_certificate(
    work: UnitOfWork,
    person: str,
    event: CertificateEvent,
    today: date,
    *,
    basis: LegalBasis = FLOATING_POPULATION_2009,
) -> Certificate:
    """Record that a certificate was issued, submitted or lapsed.

    Args:
        work: The unit of work.
        person: The record id of the woman.
        event: What happened.
        today: The day.
        basis: The law on which it is recorded.

    Raises:
        NotYetIssued: Before the document.
        NoLegalBasis: After the repeal of the 条例, unless the adopter supplies a basis.
        NoSuchRecord: If the woman is not on record.
        Invalid: If the person is a man: the certificate is one of women (条例 art. 7).
        WrongState: If the event is not allowed in the state of the certificate.
    """
    DOCUMENT.require(today)
    basis.require("登记流动人口婚育证明", today)
    if work.persons.get(person).sex is Sex.MALE:
        fact = "expected the record of a woman: the certificate is issued to women alone （婚育证明仅发给育龄妇女）"
        raise Invalid("certificate", (Problem("person", fact),))
    after = (_certificate(work, person) or Certificate(person)).with_event(event)
    work.certificates.put(after)
    return after


def _certificate(work: UnitOfWork, person: str) -> Certificate | None:
    try:
        return work.certificates.get(person)
    except NoSuchRecord:
        return None
