"""Why a date is what it is: the day, its notice, and what the document has on it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from types import MappingProxyType

from migrant_fp.application.schedule_year import Entry, schedule_year
from migrant_fp.domain.duty import Duty, Standing
from migrant_fp.schedule.calendar import WorkingCalendar
from migrant_fp.schedule.day import Day
from migrant_fp.schedule.errors import OutsideLunarTable
from migrant_fp.schedule.estimate import estimate
from migrant_fp.schedule.explanation import describe
from migrant_fp.schedule.notice import Certainty

_ZH = MappingProxyType(
    {
        "inferred": "（补假或调休系按规则推定）",
        "provisional": "（暂定）",
        "unknown": "依据：{year}年的放假通知尚未载入，只作推算。",
        "notice": "依据：{title}，{issued}发布{certainty}。",
        "recalled": "（日期{word}）",
        "source": "出处：{source}",
        "entry": "{clause} {title} {id}：{why}。",
        "stepped_over": "  {day}：顺延",
        "lands_on": "  {day}：落在这一天",
        "act_by": "  {on} 是能够按时办结的最后一个工作日（建议，非法定）。",
        "standing": "  仅为推算：{standing}。",
        "text": "  条文：{text}",
        "note": "  注：{note}",
        "nothing": "文件没有在这一天安排事项。",
    }
)
_EN = MappingProxyType(
    {
        "inferred": " (substitute or adjusted rest: inferred by rule)",
        "provisional": " (provisional)",
        "unknown": "No notice for {year} is loaded: this is an estimate.",
        "notice": "By {title}, published {issued}{certainty}.",
        "recalled": " (the day is recalled)",
        "source": "Source: {source}",
        "entry": "{clause} {title} {id}: {why}.",
        "stepped_over": "  {day}: stepped over",
        "lands_on": "  {day}: it falls here",
        "act_by": "  {on} is the last working day on which it can be met in time (advice, not law).",
        "standing": "  Computed only: {standing}.",
        "text": "  Clause: {text}",
        "note": "  Note: {note}",
        "nothing": "The document has nothing on this day.",
    }
)


def explain_date(
    on: date, duties: Iterable[Duty], calendar: WorkingCalendar, lang: str = "zh"
) -> tuple[str, ...]:
    """Return the chain of reasons for a date, a sentence a line.

    First what kind of day it is and by which notice; then each occurrence of which the date is the nominal day, the
    day or the deadline, the advised day, or a working day of the window: every day stepped over, and the clause.

    Args:
        on: The date.
        duties: The duties to look through.
        calendar: The calendar; a day it has no notice for is answered provisionally, and says so.
        lang: zh or en.

    Raises:
        OutsideLunarTable: If the date lies beyond the lunar table and no notice arranges it.
    """
    around = calendar if on.year in calendar.announced else estimate(on.year, calendar)[0].calendar
    day = around.day(on, provisional=True)
    lines = [_day(day, lang), *_notice(day, lang)]
    met = tuple(_touching(on, duties, calendar))
    for entry in met:
        lines += ["", *_entry(entry, on, lang)]
    return tuple(lines) if met else (*lines, "", _words(lang)["nothing"])


def _touching(on: date, duties: Iterable[Duty], calendar: WorkingCalendar) -> Iterator[Entry]:
    for duty in duties:
        for year in (on.year - 1, on.year, on.year + 1):
            for entry in _year(duty, year, calendar):
                one = entry.occurrence
                window = (one.working_days or ()) if one.first else ()
                if on in {one.nominal, one.actual, one.act_by, *window}:
                    yield entry


def _year(duty: Duty, year: int, calendar: WorkingCalendar) -> tuple[Entry, ...]:
    try:
        return tuple(schedule_year([duty], year, calendar))
    except OutsideLunarTable:  # a year beside the first or the last that can be answered
        return ()


def _words(lang: str) -> MappingProxyType[str, str]:
    return _EN if lang == "en" else _ZH


def _day(day: Day, lang: str) -> str:
    words = _words(lang)
    return describe(day, lang) + words["inferred"] * day.inferred + words["provisional"] * day.provisional


def _notice(day: Day, lang: str) -> list[str]:
    words, notice = _words(lang), day.notice
    if notice is None or notice.estimated:
        return [words["unknown"].format(year=day.date.year)]
    recalled = notice.issued_certainty is not Certainty.FOUND
    certainty = words["recalled"].format(word=notice.issued_certainty.zh) if recalled else ""
    by = words["notice"].format(title=notice.title, issued=notice.issued, certainty=certainty)
    return [by, words["source"].format(source=notice.source)] if notice.source else [by]


def _entry(entry: Entry, on: date, lang: str) -> list[str]:
    words, duty, one = _words(lang), entry.duty, entry.occurrence
    title = duty.title_en if lang == "en" else duty.title
    lines = [
        words["entry"].format(clause=duty.clause.number, title=title, id=one.id, why=one.explain(lang)),
        *(words["stepped_over"].format(day=_day(day, lang)) for day in one.stepped_over),
    ]
    if one.stepped_over:
        lines.append(words["lands_on"].format(day=_day(one.days[-1], lang)))
    if on == one.act_by != one.last:
        lines.append(words["act_by"].format(on=on))
    if entry.standing is not Standing.IN_FORCE:
        lines.append(
            words["standing"].format(standing=entry.standing.en if lang == "en" else entry.standing.zh)
        )
    lines.append(words["text"].format(text=duty.clause.text.replace("\n", "")))
    return [*lines, words["note"].format(note=duty.clause.note)] if duty.clause.note else lines
