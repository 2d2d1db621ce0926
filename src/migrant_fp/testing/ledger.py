"""The promises of a ledger, one test each."""
# ruff: noqa: D102, S101 - the tests are named by sentences, and asserts are what tests are made of

from __future__ import annotations

from abc import ABC, abstractmethod
from contextlib import suppress
from datetime import date
from typing import Any, cast

import attrs
import pytest

from migrant_fp.domain.arrival import Arrival, ArrivalState
from migrant_fp.domain.audit import broken_at
from migrant_fp.domain.clause import LegalBasis
from migrant_fp.domain.dispatch import Dispatch, DispatchState
from migrant_fp.domain.manifest import (
    FIRST,
    Manifest,
    PackageAction,
    PackageKind,
    Resource,
    SealedTo,
)
from migrant_fp.domain.privacy import Purpose
from migrant_fp.domain.receipt import Outcome, Reason
from migrant_fp.ports.ledger import Ledger, LedgerMoved, Record
from migrant_fp.schedule.notice import Certainty

_POLICE, _PLANNING = "public_security/district/999999", "family_planning/district/999999"
_DAY = date(2011, 10, 8)
_BASIS = LegalBasis(
    "一部虚构的法律",
    "999999",
    date(2011, 1, 1),
    date(2021, 9, 1),
    "invented for a test",
    "an invented repeal",
    Certainty.RECALLED,
    Certainty.RECALLED,
    date(2021, 9, 28),
    inferred=True,
)
_FULL = Manifest(
    sender=_POLICE,
    receiver=_PLANNING,
    kind=PackageKind.CASES,
    period="2011-10",
    as_of=_DAY,
    due=_DAY,
    revision=2,
    action=PackageAction.DELTA,
    part=2,
    of=3,
    previous="1" * 64,
    replaces="2" * 64,
    basis=_BASIS,
    purpose=Purpose.EXCHANGE,
    retain_until=date(2012, 1, 8),
    chain_head="3" * 64,
    join_key="example",
    test=True,
    sealed=SealedTo("example", "example", "abcd"),
    resources=(Resource("data/cases-00001.jsonl.gz.sealed", 3, 7, 99, "4" * 64, "5" * 64),),
)
_PLAIN = Manifest(
    sender=_POLICE,
    receiver=_PLANNING,
    kind=PackageKind.STATISTICS,
    period="2011-10",
    as_of=_DAY,
    due=_DAY,
    threshold=10,
)
_ARRIVED = Arrival(_FULL.package_id, "6" * 64, _DAY, _FULL)
_MADE = Dispatch(_PLAIN, "7" * 64, _DAY)


class LedgerContract(ABC):
    """The promises of `Ledger`; `make` returns an empty one.

    Example:
        >>> from migrant_fp.adapters.ledger import SqliteLedger
        >>> class TestSqlite(LedgerContract):
        ...     def make(self):
        ...         return SqliteLedger(":memory:")
        >>> TestSqlite().test_a_record_comes_back_in_every_field()
    """

    @abstractmethod
    def make(self) -> Ledger:
        """Return an empty ledger."""

    def reopened(self, ledger: Any) -> Ledger | None:  # noqa: ANN401 - the adapter's own class
        """Return a ledger opened anew on what another one has kept; None if it lives no longer than the process."""
        del ledger
        return None

    def test_an_empty_ledger_holds_nothing(self) -> None:
        ledger = self.make()

        assert (ledger.head(), ledger.arrivals(), ledger.dispatches(), [*ledger.links()]) == (
            FIRST,
            (),
            (),
            [],
        )

    def test_a_record_comes_back_in_every_field(self) -> None:
        ledger = self.make()
        outcomes = (Outcome("added", rows=7), Outcome("not_added", "data/cases-00001.jsonl.gz", 3))
        arrived = attrs.evolve(
            _ARRIVED,
            state=ArrivalState.REJECTED,
            reason=Reason.PREVIOUS_REJECTED,
            decided=date(2011, 10, 9),
            integrity_only=True,
            outcomes=outcomes,
            head="8" * 64,
            told="example",
        )
        made = attrs.evolve(
            _MADE,
            state=DispatchState.REJECTED,
            sent=_DAY,
            received=date(2011, 10, 9),
            accepted=date(2011, 10, 10),
            rejected=date(2011, 10, 11),
            reason=Reason.NOT_OPENED,
            late=True,
            integrity_only=True,
        )
        nameless = Arrival("example", "9" * 64, _DAY)
        ledger.keep([arrived, nameless, made], FIRST)

        assert {one.id: one for one in ledger.arrivals()} == {arrived.id: arrived, nameless.id: nameless}
        assert ledger.dispatches() == (made,)

    def test_records_come_by_id(self) -> None:
        ledger = self.make()
        arrived = [attrs.evolve(_ARRIVED, package=name) for name in ("c", "a", "b")]
        made = [
            Dispatch(attrs.evolve(_PLAIN, period=f"2011-{month}"), "7" * 64, _DAY) for month in (12, 10, 11)
        ]
        ledger.keep([*arrived, *made], FIRST)

        assert [one.package for one in ledger.arrivals()] == ["a", "b", "c"]
        assert [one.manifest.period for one in ledger.dispatches()] == ["2011-10", "2011-11", "2011-12"]

    def test_a_record_takes_the_place_of_the_one_under_its_id(self) -> None:
        ledger = self.make()
        head = ledger.keep([_ARRIVED, _MADE], FIRST)
        accepted, sent = attrs.evolve(_ARRIVED, state=ArrivalState.ACCEPTED), _MADE.after_sending(_DAY)
        ledger.keep([accepted, sent], head)

        assert (ledger.arrivals(), ledger.dispatches()) == ((accepted,), (sent,))

    def test_the_chain_shows_each_keeping_once(self) -> None:
        ledger = self.make()
        first = ledger.keep([_ARRIVED], FIRST)
        second = ledger.keep([attrs.evolve(_ARRIVED, told="example"), _MADE], first)

        assert [link.digest for link in ledger.links()] == [first, second]

    def test_the_head_moves_with_each_keeping(self) -> None:
        ledger = self.make()
        heads = [ledger.head()]
        for told in ("a", "b", "c"):
            heads.append(ledger.keep([attrs.evolve(_ARRIVED, told=told)], heads[-1]))
            assert ledger.head() == heads[-1]

        assert len(set(heads)) == 4  # noqa: PLR2004 - the first and three more

    def test_the_chain_holds_and_each_head_is_a_witness(self) -> None:
        ledger = self.make()
        heads = [FIRST]
        for told in ("a", "b", "c"):
            heads.append(ledger.keep([attrs.evolve(_ARRIVED, told=told)], heads[-1]))

        assert broken_at(ledger.links(), heads) is None
        assert broken_at([*ledger.links()][:-1], heads) == 3  # noqa: PLR2004 - one beyond the two that are left

    def test_who_knows_an_older_head_is_refused_and_nothing_is_kept(self) -> None:
        ledger = self.make()
        head = ledger.keep([_ARRIVED], FIRST)
        for stale in (FIRST, "f" * 64):
            with pytest.raises(LedgerMoved) as moved:
                ledger.keep([_MADE], stale)
            assert (moved.value.expected, moved.value.found) == (stale, head)

        assert (ledger.head(), ledger.dispatches(), len([*ledger.links()])) == (head, (), 1)

    def test_nothing_to_keep_changes_nothing(self) -> None:
        ledger = self.make()
        head = ledger.keep([_ARRIVED], FIRST)

        assert ledger.keep([], head) == head
        assert (ledger.head(), len([*ledger.links()])) == (head, 1)

    def test_all_records_are_kept_or_none(self) -> None:
        ledger = self.make()
        head = ledger.keep([_ARRIVED], FIRST)
        no_record = cast("Record", None)
        with suppress(Exception):
            ledger.keep([_MADE, attrs.evolve(_ARRIVED, told="example"), no_record], head)

        assert (ledger.head(), ledger.arrivals(), ledger.dispatches()) == (head, (_ARRIVED,), ())

    def test_opened_anew_it_is_the_same(self) -> None:
        ledger = self.make()
        head = ledger.keep([_ARRIVED, _MADE], FIRST)
        again = self.reopened(ledger)
        if again is None:
            pytest.skip("the ledger of this adapter lives no longer than the process （不持久）")

        assert (again.head(), again.arrivals(), again.dispatches()) == (head, (_ARRIVED,), (_MADE,))
        assert broken_at(again.links(), [head]) is None
        assert again.keep([attrs.evolve(_ARRIVED, told="example")], head) == again.head()
