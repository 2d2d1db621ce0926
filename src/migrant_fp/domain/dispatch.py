"""What becomes of a package that was sent, as the receipts tell (二). Receipts may be lost, repeated or out of order."""

from __future__ import annotations

from datetime import date

import attrs

from migrant_fp.domain.life_cycle import LifeCycle
from migrant_fp.domain.manifest import Manifest
from migrant_fp.domain.receipt import NOTHING, Reason, Receipt, Stage
from migrant_fp.schedule.term import Term


class DispatchState(Term):
    """Where a package that was made stands, as far as its sender knows."""

    MADE = ("made", "已制作")
    SENT = ("sent", "已发送")
    RECEIVED = ("received", "对方已收到")
    ACCEPTED = ("accepted", "对方已接受")
    APPLIED = ("applied", "对方已入库")
    REJECTED = ("rejected", "对方不予接受")
    RETURNED = ("returned", "对方退回，未重发")
    EXPIRED = ("expired", "已不再保存")


class DispatchEvent(Term):
    """What moves it: it is sent, a receipt comes, or it is kept no longer."""

    SEND = ("send", "发送")
    RECEIVED = ("received", "收到回执")
    ACCEPTED = ("accepted", "接受回执")
    APPLIED = ("applied", "入库回执")
    REJECTED = ("rejected", "拒收回执")
    AGAIN = ("again", "要求重发")
    RETURN = ("return", "退回回执")
    EXPIRE = ("expire", "不再保存")


_S, _E = DispatchState, DispatchEvent
_OPEN = (_S.MADE, _S.SENT, _S.RECEIVED, _S.RETURNED)
_CAME_BADLY = (_E.AGAIN, _E.RETURN)
#: The one table of a package that was made. A weaker receipt that comes after a stronger one changes nothing.
DISPATCH_LIFE = LifeCycle(
    _S.MADE,
    {
        (_S.MADE, _E.SEND): _S.SENT,
        (_S.SENT, _E.SEND): _S.SENT,
        (_S.RECEIVED, _E.SEND): _S.RECEIVED,
        (_S.RETURNED, _E.SEND): _S.SENT,
        **{(state, _E.AGAIN): _S.MADE for state in (_S.MADE, _S.SENT)},
        **{(state, _E.RETURN): _S.RETURNED for state in (_S.MADE, _S.SENT)},
        **{(_S.RECEIVED, event): _S.RECEIVED for event in _CAME_BADLY},
        **{(_S.RETURNED, event): _S.RETURNED for event in _CAME_BADLY},
        **{(state, _E.RECEIVED): _S.RECEIVED for state in _OPEN},
        **{(state, _E.ACCEPTED): _S.ACCEPTED for state in _OPEN},
        **{(state, _E.APPLIED): _S.APPLIED for state in (*_OPEN, _S.ACCEPTED)},
        **{(state, _E.REJECTED): _S.REJECTED for state in _OPEN},
        **{(_S.ACCEPTED, event): _S.ACCEPTED for event in (_E.SEND, _E.RECEIVED, _E.ACCEPTED, *_CAME_BADLY)},
        **{
            (_S.APPLIED, event): _S.APPLIED
            for event in (_E.SEND, _E.RECEIVED, _E.ACCEPTED, _E.APPLIED, *_CAME_BADLY, _E.EXPIRE)
        },
        **{
            (_S.REJECTED, event): _S.REJECTED
            for event in (_E.SEND, _E.RECEIVED, _E.REJECTED, *_CAME_BADLY, _E.EXPIRE)
        },
        **{(state, _E.EXPIRE): _S.EXPIRED for state in (*_OPEN, _S.ACCEPTED)},
        **{
            (_S.EXPIRED, event): _S.EXPIRED
            for event in (_E.SEND, _E.RECEIVED, _E.ACCEPTED, *_CAME_BADLY, _E.EXPIRE)
        },
        (_S.EXPIRED, _E.APPLIED): _S.APPLIED,
        (_S.EXPIRED, _E.REJECTED): _S.REJECTED,
    },
)
#: Why a package is held, from the worse to the better: a receiver goes this way and never back.
_HELD_FOR = (Reason.NONE, Reason.OUT_OF_ORDER, Reason.PARTIAL)
#: Why what came was not what was sent, from the reason that sending again cures to the one that it does not.
_BAD_FOR = (Reason.NONE, Reason.DAMAGED, Reason.UNPROVEN, Reason.TOO_LARGE)
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
        rejected: The day on which it was rejected, or came damaged, unproven or too large and was not sent again since.
        reason: Why it is held, rejected or returned.
        late: Whether the receiver marked it as late.
        integrity_only: Whether a receipt that told of it was unsigned, and taken because that was asked for.
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
    integrity_only: bool = False

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
        """Whether it is not sent again: it is applied or rejected, or not kept any more."""
        return self.state in {_S.APPLIED, _S.REJECTED, _S.EXPIRED}

    @property
    def is_lost(self) -> bool:
        """Whether it is no link of the chain: the receiver did not accept it, and it does not come again as it is."""
        if self.state is _S.EXPIRED:
            return self.accepted is None
        too_large = self.state is _S.RETURNED and self.reason is Reason.TOO_LARGE
        return too_large or self.state is _S.REJECTED

    def after_sending(self, on: date) -> Dispatch:
        """Return it after it was sent."""
        state = DISPATCH_LIFE.after(self.state, _E.SEND, self.id)
        return attrs.evolve(self._not_returned(), state=state, sent=self.sent or on)

    def after_expiry(self) -> Dispatch:
        """Return it after the office has removed the package, or found it gone."""
        state = DISPATCH_LIFE.after(self.state, _E.EXPIRE, self.id)
        return attrs.evolve(self, state=state) if state is not self.state else self

    def after_receipt(self, receipt: Receipt, *, integrity_only: bool = False) -> Dispatch:
        """Return it after a receipt; the same receipts in whatever order, and however often, have the same end.

        One about something else that came under its name asks for it again, or changes nothing. What came unproven, or too large to
        be read, is returned: it may be taken yet, so that this contradicts no other receipt, and it is not sent again by itself.

        Args:
            receipt: What the receiver says.
            integrity_only: Whether nobody signed it.

        Raises:
            WrongState: If the receipt contradicts an earlier one.
        """
        event = self._event(receipt)
        if receipt.package != self.id or event is None:
            return self
        state = DISPATCH_LIFE.after(self.state, event, self.id)
        after = self._came_badly(state, receipt) if event in _CAME_BADLY else self._told(state, receipt)
        return attrs.evolve(after, integrity_only=self.integrity_only or integrity_only)

    def _event(self, receipt: Receipt) -> DispatchEvent | None:
        """Return what a receipt of this name is; None where it is about other bytes that do not concern the sender."""
        if receipt.reason is Reason.TOO_LARGE and receipt.digest == NOTHING:
            return _E.RETURN
        if receipt.reason is Reason.UNPROVEN and receipt.digest == self.digest:
            return _E.RETURN
        if receipt.reason.asks_again:
            return _E.AGAIN
        return _BY_STAGE[receipt.stage] if receipt.digest == self.digest else None

    def _came_badly(self, state: DispatchState, receipt: Receipt) -> Dispatch:
        """Keep the day and the worst reason, until it is sent again or found to have come whole."""
        if state not in {_S.MADE, _S.RETURNED}:
            return self
        return attrs.evolve(
            self,
            state=state,
            received=_earlier(self.received, receipt.on),
            rejected=_earlier(self.rejected, receipt.on),
            reason=max(self.reason, receipt.reason, key=_BAD_FOR.index),
        )

    def _not_returned(self) -> Dispatch:
        """Return it without what was told of a copy that came badly."""
        if self.reason not in _BAD_FOR[1:] or self.state is _S.REJECTED:
            return self
        return attrs.evolve(self, received=None, rejected=None, reason=Reason.NONE)

    def _told(self, state: DispatchState, receipt: Receipt) -> Dispatch:
        """Take the earliest days, the strongest state and the best reason, none of which depends on the order."""
        taken = receipt.on if receipt.stage in {Stage.ACCEPTED, Stage.APPLIED} else None
        one = self._not_returned()
        return attrs.evolve(
            one,
            state=state,
            sent=_earlier(one.sent, receipt.on),
            received=_earlier(one.received, receipt.on),
            accepted=_earlier(one.accepted, taken),
            rejected=_earlier(one.rejected, receipt.on if receipt.stage is Stage.REJECTED else None),
            reason=one._reason(state, receipt),
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
