"""An occurrence in a sentence, in Chinese or English: the date, and why that day."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from migrant_fp.schedule.day import Day, DayKind
from migrant_fp.schedule.rule import Bound
from migrant_fp.schedule.statutory import FESTIVAL_EN

if TYPE_CHECKING:
    from migrant_fp.schedule.occurrence import Occurrence

_WEEKDAY_ZH = "一二三四五六日"
_PLAIN = {DayKind.WORKING, DayKind.WEEKLY_REST}
_LONG_WINDOW = 31


def explain_zh(one: Occurrence) -> str:
    """Return the occurrence as a Chinese sentence.

    A provisional answer ends in 暂定.
    """
    body = {Bound.ON: _on_zh, Bound.WITHIN: _within_zh}.get(one.bound, _by_zh)(one)
    return body + ("（暂定，放假通知尚未发布）" if one.provisional else "")


def explain_en(one: Occurrence) -> str:
    """Return the occurrence as an English sentence."""
    body = {Bound.ON: _on_en, Bound.WITHIN: _within_en}.get(one.bound, _by_en)(one)
    return body + (" (provisional: the notice is not out)" if one.provisional else "")


def weekday_zh(on: date) -> str:
    """Return 周一 to 周日.

    Example:
        >>> weekday_zh(date(2011, 10, 8))
        '周六'
    """
    return "周" + _WEEKDAY_ZH[on.weekday()]


def day_zh(day: Day) -> str:
    """Return a day with its weekday, and its kind where that is not plain."""
    kind = "" if day.kind in _PLAIN else f"（{day.kind.zh}）"
    return f"{day.date} {weekday_zh(day.date)}{kind}"


def _on_zh(one: Occurrence) -> str:
    landed = day_zh(one.days[-1])
    if one.last == one.nominal or one.nominal is None:
        return f"{landed}，按期"
    return f"{landed}，原定{_short(one.nominal)}：{_reason_zh(one.stepped_over)}，{_moved_zh(one)}"


def _moved_zh(one: Occurrence) -> str:
    days = (one.last - (one.nominal or one.last)).days
    return f"顺延{days}日" if days > 0 else f"提前{-days}日"


def _reason_zh(stepped_over: tuple[Day, ...]) -> str:
    names = list(dict.fromkeys(day.festival or "" for day in stepped_over))
    what = "、".join(name + "放假" if name else "周末休息" for name in names)
    return f"{what}至{_short(max(day.date for day in stepped_over))}"


def _by_zh(one: Occurrence) -> str:
    end = one.last
    text = f"{end} {weekday_zh(end)}前（含当日）"
    if one.act_by is None or one.act_by == end:
        return text
    why = "本期至此无工作日" if not one.working_days else "当日休息"
    return f"{text}；{why}，宜在{_short(one.act_by)}前办结"


def _within_zh(one: Occurrence) -> str:
    first = one.first or one.last
    if (one.last - first).days >= _LONG_WINDOW:
        return f"{first}至{one.last}之内，日期待定"
    days = "、".join(f"{day.day}日" for day in one.working_days or ())
    return f"{first}至{one.last}，待商定；工作日{len(one.working_days or ())}天：{days}"


def _short(on: date) -> str:
    return f"{on.month}月{on.day}日"


def _on_en(one: Occurrence) -> str:
    day = one.days[-1]
    landed = f"{day.date:%Y-%m-%d %a}" + ("" if day.kind in _PLAIN else f" ({day.kind.en})")
    if one.last == one.nominal or one.nominal is None:
        return f"{landed}, as scheduled"
    names = dict.fromkeys(day.festival or "" for day in one.stepped_over)
    what = " and ".join(FESTIVAL_EN.get(name, name) or "weekend" for name in names)
    days = abs((one.last - one.nominal).days)
    way = "later" if one.last > one.nominal else "earlier"
    last = max(day.date for day in one.stepped_over)
    return f"{landed}, due {one.nominal:%d %b}: {what}, off until {last:%d %b}; {days} day(s) {way}"


def _by_en(one: Occurrence) -> str:
    text = f"by {one.last:%Y-%m-%d %a} (that day included)"
    if one.act_by is None or one.act_by == one.last:
        return text
    why = "a rest day" if one.working_days else "no working day of the period until then"
    return f"{text}; {why}: best done by {one.act_by:%d %b}"


def _within_en(one: Occurrence) -> str:
    first = one.first or one.last
    if (one.last - first).days >= _LONG_WINDOW:
        return f"within {first} to {one.last}, day open"
    days = ", ".join(str(day.day) for day in one.working_days or ())
    return f"{first} to {one.last}, to be agreed; {len(one.working_days or ())} working days: {days}"
