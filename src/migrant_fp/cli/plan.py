"""`migrant-fp plan YEAR`: the schedule of a year, with reasons."""

from __future__ import annotations

import argparse
import csv
import io
import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from itertools import groupby

from migrant_fp.application.schedule_year import ROW_KEYS, Entry, schedule_year
from migrant_fp.cli.arguments import (
    Commands,
    add_calendar,
    add_duty,
    add_lang,
    add_output,
    calendar_of,
    duties_of,
    years,
)
from migrant_fp.cli.output import write
from migrant_fp.domain.duty import Level, Standing
from migrant_fp.regulations.changzhou_2011_134 import DOCUMENT, DUTIES

_BASIS = DUTIES[0].basis
_HEAD = {
    "zh": (
        f"{DOCUMENT.number}《{DOCUMENT.title}》",
        f"文件：门户网站记载“{DOCUMENT.validity}”（{DOCUMENT.issued}印发）。",
        f"依据：《{_BASIS.title}》{_BASIS.since}施行，2021年9月废止（日期据记忆）。",
        "机构：文中部门此后多已更名或撤销。本表只推算日期，不判断是否仍须执行。",
    ),
    "en": (
        f"{DOCUMENT.number} (Changzhou, 2011)",
        f"Document: recorded as in force by the portal ({DOCUMENT.validity}); issued {DOCUMENT.issued}.",
        f"Legal basis: State Council Decree 555, from {_BASIS.since}, repealed in September 2021",
        "(the day is recalled). Offices have since been renamed or abolished.",
        "Dates only: whether they are still owed is not for this table to say.",
    ),
}
_LEGEND = {
    "zh": {"*": "* 遇节假日移动", "?": "? 暂定：该年放假通知尚未载入，日期为推算"},
    "en": {"*": "* moved from a rest day", "?": "? provisional: no notice for the year is loaded"},
}


def add_to(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "plan", help="某年（或某几年）的日程", description="某年的会议与信息互换日程"
    )
    parser.add_argument("years", type=years, metavar="YEAR[-YEAR]", help="年份，如 2013 或 2011-2013")
    add_duty(parser)
    parser.add_argument(
        "--level",
        choices=[level.value for level in Level if any(duty.level is level for duty in DUTIES)],
        help="只列一级",
    )
    parser.add_argument("--format", choices=["table", "json", "csv", "ics"], default="table", help="输出格式")
    add_output(parser)
    add_calendar(parser)
    add_lang(parser)
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> None:
    calendar = calendar_of(arguments)
    duties = [duty for duty in duties_of(arguments) if arguments.level in {None, duty.level.value}]
    entries = [entry for year in arguments.years for entry in schedule_year(duties, year, calendar)]
    write(_FORMATS[arguments.format](entries, arguments), arguments.output)


def _json(entries: list[Entry], _: argparse.Namespace) -> str:
    return json.dumps([entry.as_row() for entry in entries], ensure_ascii=False, indent=1) + "\n"


def _csv(entries: list[Entry], _: argparse.Namespace) -> str:
    out = io.StringIO()
    rows = [entry.as_row() for entry in entries]
    writer = csv.DictWriter(out, fieldnames=ROW_KEYS, lineterminator="\r\n")
    writer.writeheader()
    for row in rows:
        row["working_days"] = " ".join(row["working_days"] or ())
        row["candidates"] = " ".join(row["candidates"] or ())
        row["stepped_over"] = " ".join(day["date"] for day in row["stepped_over"])
        writer.writerow(row)
    return "\ufeff" + out.getvalue()  # the mark by which Excel and WPS know UTF-8


def _ics(entries: list[Entry], arguments: argparse.Namespace) -> bytes:
    from migrant_fp.adapters.icalendar import CalendarEntry, to_ics  # noqa: PLC0415 - an extra, and slow to load

    lang, path = arguments.lang, arguments.output
    shown = [CalendarEntry(one.occurrence, _title(one, lang), _description(one, lang)) for one in entries]
    previous = path.read_bytes() if path and path.exists() else None
    years = (date(arguments.years[0], 1, 1), date(arguments.years[-1], 12, 31))
    return to_ics(shown, stamp=datetime.now(UTC), previous=previous, within=years, name=DOCUMENT.number)


def _title(entry: Entry, lang: str) -> str:
    title = entry.duty.title_en if lang == "en" else entry.duty.title
    return (
        title
        if entry.standing is Standing.IN_FORCE
        else title + {"zh": "（仅为推算）"}.get(lang, " (computed only)")
    )


def _description(entry: Entry, lang: str) -> str:
    notices = [notice.title for notice in entry.occurrence.notices]
    return "\n".join(
        [entry.occurrence.explain(lang), f"{DOCUMENT.number} {entry.duty.clause.number}", *notices]
    )


def _table(entries: list[Entry], arguments: argparse.Namespace) -> str:
    lang = arguments.lang
    lines = list(_HEAD[lang])
    for duty, group in groupby(entries, key=lambda entry: entry.duty):
        lines += ["", f"{duty.clause.number} {duty.title_en if lang == 'en' else duty.title}"]
        for standing, block in groupby(group, key=lambda entry: entry.standing):
            lines += [*_standing(standing, lang), *(_line(entry, lang) for entry in block)]
    if not entries:
        lines += ["", {"zh": "没有符合条件的事项。"}.get(lang, "Nothing of this kind falls due.")]
    legend = list(_legend(entries, lang))
    return "\n".join([*lines, *([""] if legend else []), *legend]) + "\n"


def _standing(standing: Standing, lang: str) -> list[str]:
    if standing is Standing.IN_FORCE:
        return []
    return [f"   〔仅为推算：{standing.zh}〕" if lang == "zh" else f"   [computed only: {standing.en}]"]


def _line(entry: Entry, lang: str) -> str:
    return f"{_marks(entry):>2} {entry.occurrence.explain(lang)}"


def _marks(entry: Entry) -> str:
    return "*" * bool(entry.occurrence.stepped_over) + "?" * entry.occurrence.provisional


def _legend(entries: list[Entry], lang: str) -> Iterator[str]:
    marks = {mark for entry in entries for mark in _marks(entry)}
    return (text for mark, text in _LEGEND[lang].items() if mark in marks)


_FORMATS: dict[str, Callable[[list[Entry], argparse.Namespace], str | bytes]] = {
    "table": _table,
    "json": _json,
    "csv": _csv,
    "ics": _ics,
}
