"""The shipped calendar against data that this library did not compute."""

from datetime import date, timedelta

import pytest

from migrant_fp.adapters.chinese_calendar import notices, working_calendar
from migrant_fp.schedule.notice import Certainty

ALL_DAYS = [date(2004, 1, 1) + timedelta(n) for n in range((date(2027, 1, 1) - date(2004, 1, 1)).days)]


def test_every_day_of_2004_to_2026_agrees_with_holidays() -> None:
    """No exception: on 2005-12-31, where chinese-calendar is wrong, `holidays` has the make-up day too."""
    holidays = pytest.importorskip("holidays", reason="holidays forbids python-dateutil 3 and later")
    china, ours = holidays.country_holidays("CN", years=range(2004, 2027)), working_calendar()

    assert [d for d in ALL_DAYS if ours.day(d).kind.is_working is not china.is_working_day(d)] == []


def test_notices_of_unknown_issue_are_assumed_and_say_so() -> None:
    assumed = [n.year for n in notices() if n.issued_certainty is Certainty.ASSUMED]

    assert assumed == [2004, 2005, 2006]


def test_the_notices_come_in_the_order_of_their_publication() -> None:
    days = [notice.issued for notice in notices()]

    assert days == sorted(days)
    assert len(days) == 26
