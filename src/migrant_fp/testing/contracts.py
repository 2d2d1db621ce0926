"""The promises of each port, one test each: an adapter's author writes `make` and nothing else."""
# ruff: noqa: D102, S101 - the tests are named by sentences, and asserts are what tests are made of

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from datetime import date

from migrant_fp.ports.notices import HolidayNotices
from migrant_fp.schedule.calendar import WorkingCalendar
from migrant_fp.schedule.day import DayKind
from migrant_fp.schedule.notice import Certainty, HolidayNotice, NamedDay

#: Invented notices. Every field of the amendment differs from its default, but for the mark of an estimate.
_FIRST = HolidayNotice(
    2027,
    date(2026, 11, 9),
    (NamedDay(date(2026, 12, 31), "元旦"), NamedDay(date(2027, 1, 1), "元旦")),
    (NamedDay(date(2027, 1, 3), "元旦"),),
)
_AMENDMENT = HolidayNotice(
    2027,
    date(2027, 3, 15),
    (NamedDay(date(2027, 1, 4), "国庆节、中秋节", DayKind.SPECIALLY_DECLARED),),
    (NamedDay(date(2027, 1, 9), "春节", DayKind.MAKE_UP),),
    restored=(date(2026, 12, 31), date(2027, 1, 3)),
    number="培训发〔2027〕1号",
    source="https://www.example.org/2027-03/15/content_1.htm",
    number_certainty=Certainty.RECALLED,
    issued_certainty=Certainty.ASSUMED,
)
_EARLIER = HolidayNotice(2026, date(2025, 11, 4), (NamedDay(date(2026, 1, 1), "元旦"),))
_ESTIMATE = HolidayNotice(2028, date(2027, 9, 1), (NamedDay(date(2028, 1, 1), "元旦"),), estimated=True)


class HolidayNoticesContract(ABC):
    """The promises of `HolidayNotices`, one test each.

    Example:
        >>> class Kept(tuple):
        ...     def notices(self):
        ...         return tuple(sorted(self, key=lambda notice: notice.issued))
        >>> class TestKept(HolidayNoticesContract):
        ...     def make(self, notices):
        ...         return Kept(notices)
        >>> TestKept().test_notices_come_oldest_first_whatever_order_was_given()
    """

    @abstractmethod
    def make(self, notices: Iterable[HolidayNotice]) -> HolidayNotices:
        """Return an adapter that holds the notices and no others."""

    def test_every_field_of_a_notice_comes_back(self) -> None:
        assert self.make([_AMENDMENT]).notices() == (_AMENDMENT,)

    def test_notices_come_oldest_first_whatever_order_was_given(self) -> None:
        given = (_AMENDMENT, _EARLIER, _FIRST)

        assert [n.issued for n in self.make(given).notices()] == sorted(n.issued for n in given)

    def test_asked_twice_it_answers_the_same(self) -> None:
        held = self.make([_FIRST, _EARLIER])

        assert held.notices() == held.notices()

    def test_holding_nothing_it_answers_with_nothing(self) -> None:
        assert self.make([]).notices() == ()

    def test_an_amendment_stands_beside_the_notice_it_amends(self) -> None:
        assert self.make([_FIRST, _AMENDMENT]).notices() == (_FIRST, _AMENDMENT)

    def test_an_estimate_comes_back_marked(self) -> None:
        assert [notice.estimated for notice in self.make([_FIRST, _ESTIMATE]).notices()] == [False, True]

    def test_a_calendar_made_from_it_equals_one_made_from_the_notices_given(self) -> None:
        given = (_EARLIER, _FIRST, _AMENDMENT)

        assert WorkingCalendar(self.make(given).notices()) == WorkingCalendar(given)
