"""The two desks of 四(五) and 四(六): what the office owes her, never what she is refused."""

from __future__ import annotations

from datetime import date

from migrant_fp.domain.certificate import (
    Certificate,
    StatutoryDeadline,
    permit_desk_findings,
    service_station_findings,
)
from migrant_fp.domain.clause import LegalBasis
from migrant_fp.domain.division import Divisions
from migrant_fp.domain.errors import Invalid, Problem
from migrant_fp.domain.finding import Finding
from migrant_fp.domain.person import CERTIFICATE_18_49, Birthday, ChildbearingAge, Person, Sex, floating
from migrant_fp.regulations.changzhou_2011_134 import DOCUMENT
from migrant_fp.regulations.changzhou_divisions import DIVISIONS
from migrant_fp.regulations.national_law import FLOATING_POPULATION_2009, RESIDENCE_PERMIT_2015
from migrant_fp.schedule.rule import After

_LAW = FLOATING_POPULATION_2009
#: The deadlines of the 条例, each with its article.
SUBMIT_CERTIFICATE = StatutoryDeadline(
    "submit-certificate", "第八条", After("到达现居住地", days=30), _LAW, "成年育龄妇女"
)
REISSUE_CERTIFICATE = StatutoryDeadline(
    "reissue-certificate", "第二十三条", After("通知补办", months=3), _LAW, "成年育龄妇女"
)
ASK_HOUSEHOLD_PLACE = StatutoryDeadline(
    "ask-household-place", "第十六条", After("收到材料", working_days=7), _LAW, "现居住地乡镇、街道"
)
ANSWER_RESIDENCE_PLACE = StatutoryDeadline(
    "answer-residence-place", "第十六条", After("收到核查", working_days=15), _LAW, "户籍所在地乡镇、街道"
)
TELL_HOUSEHOLD_PLACE = StatutoryDeadline(
    "tell-household-place", "第十六条", After("办理登记", working_days=15), _LAW, "现居住地乡镇、街道"
)


def permit_desk(
    person: Person,
    certificate: Certificate | None,
    on: date,
    *,
    ages: ChildbearingAge = CERTIFICATE_18_49,
    birthday: Birthday = Birthday.ON_THE_DAY,
    basis: LegalBasis = FLOATING_POPULATION_2009,
    divisions: Divisions = DIVISIONS,
) -> tuple[Finding, ...]:
    """Return what a residence-permit desk owes a floating woman of childbearing age on a day (四(五)).

    Nothing here is a condition of her permit. A man, a woman of another age, or one who is not floating on that day (条例 art. 2:
    moved between the districts of one city, or here for treatment), is told nothing: the certificate is not asked of them.

    Args:
        person: The applicant.
        certificate: Her certificate; None if she has none.
        on: The day.
        ages: What 育龄 means.
        birthday: When a person is a year older.
        basis: The law on which the certificate is checked.
        divisions: The divisions of that day decide who is floating.

    Raises:
        NotYetIssued: Before the document.
        NoLegalBasis: After the repeal of the 条例, unless the adopter supplies a basis.
        Invalid: If the certificate is that of somebody else, or her household or residence is no code of a division that can be
            judged on that day.
    """
    DOCUMENT.require(on)
    basis.require("查验流动人口婚育证明", on)
    if certificate is not None and certificate.holder != person.id:
        fact = f"is not that of {person.id}: ask for her own, or pass none （证明与本人不符）"
        raise Invalid("certificate", (Problem("holder", fact),))
    if person.sex is not Sex.FEMALE or not floating(person, on, divisions, ages, birthday).floating:
        return ()
    return permit_desk_findings(certificate or Certificate(person.id), DOCUMENT.clause("四(五)"))


def permit_name(on: date) -> str:
    """Return what the permit of 四(六) is called on a day: 居住证 from 2016-01-01 (居住证暂行条例), before that 暂住证 as in the clause.

    On what day before 2016 the city went over to the 居住证 is not known to us.

    Example:
        >>> permit_name(date(2015, 12, 31)), permit_name(date(2016, 1, 1))
        ('暂住证', '居住证')
    """
    return "居住证" if RESIDENCE_PERMIT_2015.in_force(on) else "暂住证"


def service_station(
    person: Person, on: date, *, holds_permit: bool, basis: LegalBasis = FLOATING_POPULATION_2009
) -> tuple[Finding, ...]:
    """Return what a service station owes a woman on a day (四(六)); serving her is always among it.

    The permit has the name of the day, as `permit_name` gives it.

    Args:
        person: The woman.
        on: The day.
        holds_permit: Whether she holds a residence permit.
        basis: The law on which her permit is checked.

    Raises:
        NotYetIssued: Before the document.
        NoLegalBasis: After the repeal of the 条例, unless the adopter supplies a basis: checking her permit for this has none
            then. The error says to serve her all the same.
    """
    DOCUMENT.require(on)
    permit, clause = permit_name(on), DOCUMENT.clause("四(六)")
    basis.require(f"在服务站查验{permit}", on, still="serve her （照常提供服务）")
    return service_station_findings(person.id, clause, holds_permit=holds_permit, permit=permit)
