"""婚育证明 and the permit: their states, what is owed at a desk, and the deadlines of the 条例."""

from __future__ import annotations

from datetime import date

import attrs

from migrant_fp.domain.clause import Clause, LegalBasis
from migrant_fp.domain.errors import opaque
from migrant_fp.domain.finding import Action, Finding
from migrant_fp.domain.life_cycle import LifeCycle
from migrant_fp.domain.privacy import HEALTH
from migrant_fp.schedule.calendar import WorkingCalendar
from migrant_fp.schedule.convention import Convention
from migrant_fp.schedule.occurrence import Occurrence, due
from migrant_fp.schedule.rule import After
from migrant_fp.schedule.term import Term


class CertificateState(Term):
    """What 四(五) distinguishes."""

    NONE = ("none", "未持证明")
    HELD = ("held", "持有证明未交验")
    VERIFIED = ("verified", "已交验")


class CertificateEvent(Term):
    """What changes it."""

    ISSUED = ("issued", "办理或补办")
    SUBMITTED = ("submitted", "交验")
    LAPSED = ("lapsed", "失效或遗失")


#: The one table of the certificate.
CERTIFICATE_LIFE = LifeCycle(
    CertificateState.NONE,
    {
        (CertificateState.NONE, CertificateEvent.ISSUED): CertificateState.HELD,
        (CertificateState.HELD, CertificateEvent.SUBMITTED): CertificateState.VERIFIED,
        (CertificateState.HELD, CertificateEvent.LAPSED): CertificateState.NONE,
        (CertificateState.VERIFIED, CertificateEvent.LAPSED): CertificateState.NONE,
    },
)


@attrs.frozen
class Certificate:
    """A certificate as far as a desk needs it, with what art. 7 of the 条例 has it state.

    Attributes:
        holder: The record id of the woman.
        state: Where it stands.
        marriage: Marital status as stated in it.
        births: Births as stated in it.
        contraception: Contraception as stated in it.

    Raises:
        Invalid: If the id of the holder looks like an identity number or a telephone.
    """

    holder: str = attrs.field(validator=opaque)
    state: CertificateState = CERTIFICATE_LIFE.first
    marriage: str = attrs.field(default="", repr=False, metadata=HEALTH)
    births: str = attrs.field(default="", repr=False, metadata=HEALTH)
    contraception: str = attrs.field(default="", repr=False, metadata=HEALTH)

    @property
    def id(self) -> str:
        """The record id of the woman: she has one certificate at most."""
        return self.holder

    def with_event(self, event: CertificateEvent) -> Certificate:
        """Return the certificate after an event.

        Raises:
            WrongState: If the event is not allowed in its state.
        """
        return attrs.evolve(self, state=CERTIFICATE_LIFE.after(self.state, event, f"婚育证明 {self.holder}"))


#: Where a last day goes that is no working day. That the rule of the civil law (民法通则 art. 154, 民法典 art. 203: the day after the
#: day off) holds for deadlines of the 条例 is our inference; that every rest day counts, and not Sundays and holidays alone, is
#: ours: it never shortens anybody's time.
LAST_DAY_ON_A_DAY_OFF = Convention.FOLLOWING


@attrs.frozen
class DeadlineDay:
    """A last day that a law gives, with its reasons.

    Attributes:
        occurrence: The last day and what it rests on.
        convention: Where it went from a day off.
        beyond_basis: Whether it lies after the end of the law that gave it; whether it still binds then is not ours to say.
    """

    occurrence: Occurrence
    convention: Convention
    beyond_basis: bool

    @property
    def last(self) -> date:
        """The last day."""
        return self.occurrence.last

    def explain(self, lang: str = "zh") -> str:
        """Return the day and its reasons as a sentence, in Chinese (zh) or English (en); a day beyond its law is marked."""
        zh, en = "（该日其法律依据已废止）", " (its law has ended by that day)"
        return self.occurrence.explain(lang) + self.beyond_basis * (en if lang == "en" else zh)


@attrs.frozen
class StatutoryDeadline:
    """A deadline that a law starts with an event.

    Attributes:
        id: A stable id.
        article: The article.
        rule: When it ends.
        basis: The law.
        owed_by: Who must keep it.
    """

    id: str
    article: str
    rule: After
    basis: LegalBasis
    owed_by: str

    def due(
        self, event_on: date, calendar: WorkingCalendar, convention: Convention = LAST_DAY_ON_A_DAY_OFF
    ) -> DeadlineDay:
        """Return the last day, with its reasons; one after the end of the law is marked.

        Args:
            event_on: The day of the event, which is not counted.
            calendar: The working calendar.
            convention: Where the last day goes from a day off; by default to the next working day (our inference).

        Raises:
            NotModelled: If an earlier law governed on the day of the event.
            NoLegalBasis: If the law had ended by the day of the event.
            NotInForce: If the law that the convention comes from did not stand on the last day.
            NotAnnounced: If the count leaves the calendar.
        """
        self.basis.require(f"{self.id}（{self.article}）", event_on)
        found = due(self.id, attrs.evolve(self.rule, convention=convention), event_on, calendar)
        return DeadlineDay(found, convention, beyond_basis=not self.basis.in_force(found.last))


def permit_desk_findings(certificate: Certificate, clause: Clause) -> tuple[Finding, ...]:
    """Return what a permit desk owes a woman of childbearing age (四(五)); it is never a ground for refusing her permit.

    查验其是否持有流动人口婚育证明,对未持证明者告知其必须补办;对未交验者动员其及时交验证明并采集信息反馈给所在社区。

    Args:
        certificate: Her certificate.
        clause: 四(五) of the document.
    """
    return tuple(
        Finding(code, clause, "公安派出所", action, action_en, certificate.holder, kind=kind)
        for code, kind, action, action_en in _AT_THE_PERMIT_DESK[certificate.state]
    )


def service_station_findings(
    holder: str, clause: Clause, *, holds_permit: bool, permit: str = "暂住证"
) -> tuple[Finding, ...]:
    """Return what a service station owes a woman (四(六)): to serve her, always; without a permit, to remind her of it.

    The clause says 凭证享受免费服务. Here the service never depends on the permit: art. 10 of the 条例 was the higher norm.

    Args:
        holder: Her record id.
        clause: 四(六) of the document.
        holds_permit: Whether she holds a residence permit.
        permit: The name of the permit on that day; 暂住证 in the words of the clause.
    """
    serve = Finding(
        "serve", clause, _STATION, "提供免费服务", "serve her free of charge", holder, kind=Action.SERVE
    )
    if holds_permit:
        return (serve,)
    remind = f"督促到派出所办理{permit}"
    return (
        serve,
        Finding(
            "permit-missing", clause, _STATION, remind, "remind her of the permit", holder, kind=Action.REMIND
        ),
    )


_STATION = "街道计划生育服务站"
_AT_THE_PERMIT_DESK = {
    CertificateState.NONE: (
        (
            "certificate-missing",
            Action.TELL,
            "告知补办流动人口婚育证明",
            "tell her to have the certificate issued",
        ),
    ),
    CertificateState.HELD: (
        (
            "certificate-not-submitted",
            Action.URGE,
            "动员及时交验流动人口婚育证明",
            "urge her to submit the certificate",
        ),
        ("record-for-community", Action.RECORD, "采集信息", "record the information"),
        ("feed-back-to-community", Action.FEED_BACK, "反馈给所在社区", "feed it back to her community"),
    ),
    CertificateState.VERIFIED: (),
}
