"""Each promise of a contract fails at least one deliberately broken adapter, and a right one keeps them all."""

from collections.abc import Iterable

import attrs
import pytest

from migrant_fp import HolidayNotice
from migrant_fp.testing.contracts import HolidayNoticesContract


class _Right:
    def __init__(self, notices: Iterable[HolidayNotice]) -> None:
        self.held = sorted(notices, key=lambda notice: notice.issued)

    def notices(self) -> tuple[HolidayNotice, ...]:
        return tuple(self.held)


class _ForgetsTheSource(_Right):
    def notices(self) -> tuple[HolidayNotice, ...]:
        return tuple(attrs.evolve(notice, source="") for notice in self.held)


class _NewestFirst(_Right):
    def notices(self) -> tuple[HolidayNotice, ...]:
        return tuple(reversed(self.held))


class _AnswersOnce(_Right):
    def notices(self) -> tuple[HolidayNotice, ...]:
        held, self.held = self.held, []
        return tuple(held)


class _RefusesAnEmptyHouse(_Right):
    def notices(self) -> tuple[HolidayNotice, ...]:
        if not self.held:
            raise LookupError("nothing here")
        return super().notices()


class _KeepsTheLastOfAYear(_Right):
    def notices(self) -> tuple[HolidayNotice, ...]:
        return tuple({notice.year: notice for notice in self.held}.values())


class _TakesEstimatesForNotices(_Right):
    def notices(self) -> tuple[HolidayNotice, ...]:
        return tuple(attrs.evolve(notice, estimated=False) for notice in self.held)


_BROKEN = {
    "test_every_field_of_a_notice_comes_back": _ForgetsTheSource,
    "test_notices_come_oldest_first_whatever_order_was_given": _NewestFirst,
    "test_asked_twice_it_answers_the_same": _AnswersOnce,
    "test_holding_nothing_it_answers_with_nothing": _RefusesAnEmptyHouse,
    "test_an_amendment_stands_beside_the_notice_it_amends": _KeepsTheLastOfAYear,
    "test_an_estimate_comes_back_marked": _TakesEstimatesForNotices,
    "test_a_calendar_made_from_it_equals_one_made_from_the_notices_given": _KeepsTheLastOfAYear,
}
_PROMISES = [name for name in dir(HolidayNoticesContract) if name.startswith("test_")]


def _contract(adapter: type[_Right]) -> HolidayNoticesContract:
    class Contract(HolidayNoticesContract):
        def make(self, notices: Iterable[HolidayNotice]) -> _Right:
            return adapter(notices)

    return Contract()


@pytest.mark.parametrize("promise", _PROMISES)
def test_a_broken_adapter_breaks_the_promise(promise: str) -> None:
    with pytest.raises((AssertionError, LookupError)):
        getattr(_contract(_BROKEN[promise]), promise)()


@pytest.mark.parametrize("promise", _PROMISES)
def test_a_right_adapter_keeps_the_promise(promise: str) -> None:
    getattr(_contract(_Right), promise)()
