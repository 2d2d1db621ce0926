"""Article 四(五)-(六) over the registers: a desk opens a record, and is told what it owes her."""

from __future__ import annotations

from datetime import date

from migrant_fp.application.desk import permit_desk, service_station
from migrant_fp.domain.certificate import Certificate, CertificateEvent
from migrant_fp.domain.finding import Finding
from migrant_fp.ports.registers import NoSuchRecord
from migrant_fp.ports.unit_of_work import UnitOfWork
from migrant_fp.regulations.changzhou_2011_134 import DOCUMENT
from migrant_fp.regulations.national_law import FLOATING_POPULATION_2009


def inspect_at_permit_desk(work: UnitOfWork, person: str, today: date) -> tuple[Finding, ...]:
    """Return what a residence-permit desk owes a person today (四(五)); never a condition of the permit.

    Args:
        work: The unit of work.
        person: The record id.
        today: The day.

    Raises:
        NoSuchRecord: If the person is not on record.
        NotYetIssued: Before the document.
        NoLegalBasis: After the repeal of the 条例.
    """
    return permit_desk(work.persons.get(person), _certificate(work, person), today)


def inspect_at_service_station(
    work: UnitOfWork, person: str, today: date, *, holds_permit: bool
) -> tuple[Finding, ...]:
    """Return what a service station owes a woman today (四(六)); serving her is always among it.

    Args:
        work: The unit of work.
        person: The record id.
        today: The day.
        holds_permit: Whether she holds a residence permit.

    Raises:
        NoSuchRecord: If the person is not on record.
        NotYetIssued: Before the document.
        NoLegalBasis: After the repeal of the 条例.
    """
    return service_station(work.persons.get(person), today, holds_permit=holds_permit)


def record_certificate(work: UnitOfWork, person: str, event: CertificateEvent, today: date) -> Certificate:
    """Record that a certificate was issued, submitted or lapsed.

    Args:
        work: The unit of work.
        person: The record id of the woman.
        event: What happened.
        today: The day.

    Raises:
        NotYetIssued: Before the document.
        NoLegalBasis: After the repeal of the 条例.
        WrongState: If the event is not allowed in the state of the certificate.
    """
    DOCUMENT.require(today)
    FLOATING_POPULATION_2009.require("登记流动人口婚育证明", today)
    after = (_certificate(work, person) or Certificate(person)).with_event(event)
    work.certificates.put(after)
    return after


def _certificate(work: UnitOfWork, person: str) -> Certificate | None:
    try:
        return work.certificates.get(person)
    except NoSuchRecord:
        return None
