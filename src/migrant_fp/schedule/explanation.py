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

    A provisional answer ends in 暂定 and in the other days that it may turn out to be.
    """
    body = {Bound.ON: _on_zh, Bound.WITHIN: _within_zh}.get(one.bound, _by_zh)(one)
    others = "、".join(_short(on) for on in one.candidates[1:])
    return body + (f"（暂定{'，或' * bool(others)}{others}）" if one.provisional else "")


def explain_en(one: Occurrence) -> str:
    """Return the occurrence as an English sentence."""
    body = {Bound.ON: _on_en, Bound.WITHIN: _within_en}.get(one.bound, _by_en)(one)
    others = "".join(f", or {on:%d %b}" for on in one.candidates[1:])
    return body + (f" (provisional{others})" if one.provisional else "")


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


def describe(day: Day, lang: str = "zh") -> str:
    """Return a date with its weekday, its kind and its festival, in Chinese (zh) or English (en).

    Example:
        >>> describe(Day(date(2011, 10, 8), DayKind.MAKE_UP, "国庆节"))
        '2011-10-08 周六，调休上班，国庆节'
    """
    if lang == "en":
        parts = [f"{day.date:%Y-%m-%d %a}", day.kind.en, FESTIVAL_EN.get(day.festival or "", day.festival)]
        return ", ".join(part for part in parts if part)
    parts = [f"{day.date} {weekday_zh(day.date)}", day.kind.zh, day.festival]
    return "，".join(part for part in parts if part)


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
    days = "、".join(_runs(one.working_days or ()))
    return f"{first}至{one.last}，待商定；工作日{len(one.working_days or ())}天：{days}日"


def _runs(days: tuple[date, ...]) -> list[str]:
    """Return days of the month with runs drawn together: 1-3, 7."""
    runs: list[list[date]] = []
    for day in days:
        if runs and (day - runs[-1][-1]).days == 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    return [str(run[0].day) + (f"-{run[-1].day}" if run[1:] else "") for run in runs]


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
    days = ", ".join(_runs(one.working_days or ()))
    return f"{first} to {one.last}, to be agreed; {len(one.working_days or ())} working days: {days}"
