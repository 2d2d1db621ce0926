"""What becomes of a package that was sent, as the receipts tell (二). Receipts may be lost, repeated or out of order."""

from __future__ import annotations

from datetime import date

import attrs

from migrant_fp.domain.life_cycle import LifeCycle
from migrant_fp.domain.manifest import Manifest
from migrant_fp.domain.receipt import Reason, Receipt, Stage
from migrant_fp.schedule.term import Term


class DispatchState(Term):
    """Where a package that was made stands, as far as its sender knows."""

    MADE = ("made", "已制作")
    SENT = ("sent", "已发送")
    RECEIVED = ("received", "对方已收到")
    ACCEPTED = ("accepted", "对方已接受")
    APPLIED = ("applied", "对方已入库")
    REJECTED = ("rejected", "对方不予接受")


class DispatchEvent(Term):
    """What moves it: it is sent, or a receipt comes."""

    SEND = ("send", "发送")
    RECEIVED = ("received", "收到回执")
    ACCEPTED = ("accepted", "接受回执")
    APPLIED = ("applied", "入库回执")
    REJECTED = ("rejected", "拒收回执")
    AGAIN = ("again", "要求重发")


_S, _E = DispatchState, DispatchEvent
_OPEN = (_S.MADE, _S.SENT, _S.RECEIVED)
#: The one table of a package that was made. A weaker receipt that comes after a stronger one changes nothing.
DISPATCH_LIFE = LifeCycle(
    _S.MADE,
    {
        (_S.MADE, _E.SEND): _S.SENT,
        (_S.SENT, _E.SEND): _S.SENT,
        (_S.RECEIVED, _E.SEND): _S.RECEIVED,
        **{(state, _E.AGAIN): _S.MADE for state in (_S.MADE, _S.SENT)},
        (_S.RECEIVED, _E.AGAIN): _S.RECEIVED,
        **{(state, _E.RECEIVED): _S.RECEIVED for state in _OPEN},
        **{(state, _E.ACCEPTED): _S.ACCEPTED for state in _OPEN},
        **{(state, _E.APPLIED): _S.APPLIED for state in (*_OPEN, _S.ACCEPTED)},
        **{(state, _E.REJECTED): _S.REJECTED for state in _OPEN},
        **{(_S.ACCEPTED, event): _S.ACCEPTED for event in (_E.SEND, _E.RECEIVED, _E.ACCEPTED, _E.AGAIN)},
        **{
            (_S.APPLIED, event): _S.APPLIED
            for event in (_E.SEND, _E.RECEIVED, _E.ACCEPTED, _E.APPLIED, _E.AGAIN)
        },
        **{(_S.REJECTED, event): _S.REJECTED for event in (_E.SEND, _E.RECEIVED, _E.REJECTED, _E.AGAIN)},
    },
)
#: Why a package is held, from the worse to the better: a receiver goes this way and never back.
_HELD_FOR = (Reason.NONE, Reason.OUT_OF_ORDER, Reason.PARTIAL)
_BY_STAGE = {
    Stage.RECEIVED: _E.RECEIVED,
    Stage.ACCEPTED: _E.ACCEPTED,
    Stage.APPLIED: _E.APPLIED,
    Stage.REJECTED: _E.REJECTED,
}


@attrs.frozen
class Dispatch:
    """A package that was made to be sent.

    Attributes:
        manifest: What it says of itself.
        digest: The digest of its manifest.
        made: The day on which it was made.
        state: Where it stands.
        sent: The day on which it was first sent, or that of the first receipt, where that is earlier or alone is known.
        received: The day of the earliest receipt.
        accepted: The day on which it was accepted.
        rejected: The day on which it was rejected.
        reason: Why it is held or rejected.
        late: Whether the receiver marked it as late.
    """

    manifest: Manifest
    digest: str
    made: date
    state: DispatchState = DISPATCH_LIFE.first
    sent: date | None = None
    received: date | None = None
    accepted: date | None = None
    rejected: date | None = None
    reason: Reason = Reason.NONE
    late: bool = False

    @property
    def id(self) -> str:
        """A stable id: that of the package."""
        return self.manifest.package_id

    @property
    def waits_to_be_sent(self) -> bool:
        """Whether it is made and not sent, or to be sent again."""
        return self.state is _S.MADE

    @property
    def is_answered(self) -> bool:
        """Whether the receiver has said that it came."""
        return self.state not in {_S.MADE, _S.SENT}

    @property
    def is_ended(self) -> bool:
        """Whether no receipt can tell more: it is applied or rejected."""
        return self.state in {_S.APPLIED, _S.REJECTED}

    def after_sending(self, on: date) -> Dispatch:
        """Return it after it was sent."""
        state = DISPATCH_LIFE.after(self.state, _E.SEND, self.id)
        return attrs.evolve(self, state=state, sent=self.sent or on)

    def after_receipt(self, receipt: Receipt) -> Dispatch:
        """Return it after a receipt; the same receipts in whatever order, and however often, have the same end.

        One about something else that came under its name asks for it again, or changes nothing.

        Raises:
            WrongState: If the receipt contradicts an earlier one.
        """
        again = receipt.reason.asks_again
        if receipt.package != self.id or (receipt.digest != self.digest and not again):
            return self
        state = DISPATCH_LIFE.after(self.state, _E.AGAIN if again else _BY_STAGE[receipt.stage], self.id)
        return attrs.evolve(self, state=state) if again else self._told(state, receipt)

    def _told(self, state: DispatchState, receipt: Receipt) -> Dispatch:
        """Take the earliest days, the strongest state and the best reason, none of which depends on the order."""
        taken = receipt.on if receipt.stage in {Stage.ACCEPTED, Stage.APPLIED} else None
        return attrs.evolve(
            self,
            state=state,
            sent=_earlier(self.sent, receipt.on),
            received=_earlier(self.received, receipt.on),
            accepted=_earlier(self.accepted, taken),
            rejected=_earlier(self.rejected, receipt.on if receipt.stage is Stage.REJECTED else None),
            reason=self._reason(state, receipt),
            late=self.late or receipt.late,
        )

    def _reason(self, state: DispatchState, receipt: Receipt) -> Reason:
        if state is _S.RECEIVED:
            return max(self.reason, receipt.reason, key=_HELD_FOR.index)
        if state is _S.REJECTED:
            return receipt.reason if receipt.stage is Stage.REJECTED else self.reason
        return Reason.NONE


def _earlier(one: date | None, other: date | None) -> date | None:
    days = [day for day in (one, other) if day]
    return min(days) if days else None
