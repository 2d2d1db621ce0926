"""`migrant-fp replan YEAR`: what a new notice changes."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from migrant_fp.application.schedule_year import schedule_year
from migrant_fp.cli.arguments import Commands, add_duty, add_lang, add_reading, calendar_with, duties_of, year
from migrant_fp.cli.output import write
from migrant_fp.schedule.calendar import WorkingCalendar
from migrant_fp.schedule.occurrence import Change, Occurrence, replan

_WORDS = {
    "zh": {
        "before": "原：{text}",
        "after": "新：{text}",
        "none": "（无）",
        "cause": "因：{cause}",
        "same": "无变化。",
        "sum": "改期{moved}项；日期未动而工作日或确定程度有变{kept}项。",
    },
    "en": {
        "before": "before: {text}",
        "after": "after:  {text}",
        "none": "(none)",
        "cause": "cause:  {cause}",
        "same": "Nothing changes.",
        "sum": "{moved} moved; {kept} kept the day but changed in certainty or working days.",
    },
}


def add_to(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "replan", help="新通知改变了什么", description="同一年日程在新旧放假通知下的差别"
    )
    parser.add_argument("year", type=year, metavar="YEAR", help="年份")
    parser.add_argument("--before", dest="old", type=Path, metavar="PATH", help="原通知（默认：自带的通知）")
    parser.add_argument("--after", dest="new", type=Path, metavar="PATH", required=True, help="新通知")
    parser.add_argument("--format", choices=["table", "json"], default="table", help="输出格式")
    add_duty(parser)
    add_reading(parser)
    add_lang(parser)
    parser.set_defaults(run=_run, before="inclusive")


def _run(arguments: argparse.Namespace) -> None:
    before, after = (_plan(arguments, calendar_with(path)) for path in (arguments.old, arguments.new))
    changes = replan(before, after)
    if arguments.format == "json":
        write(json.dumps([_row(change) for change in changes], ensure_ascii=False, indent=1) + "\n", None)
    else:
        write("\n".join(_table(changes, arguments.lang)) + "\n", None)


def _plan(arguments: argparse.Namespace, calendar: WorkingCalendar) -> tuple[Occurrence, ...]:
    entries = schedule_year(duties_of(arguments), arguments.year, calendar)
    return tuple(entry.occurrence for entry in entries)


def _row(change: Change) -> dict[str, Any]:
    return {
        "id": change.id,
        "moved": change.moved,
        "before": _side(change.before),
        "after": _side(change.after),
        "cause": [notice.title for notice in change.cause],
    }


def _side(one: Occurrence | None) -> dict[str, Any] | None:
    if one is None:
        return None
    return {
        "first": one.first.isoformat() if one.first else None,
        "last": one.last.isoformat(),
        "working_days": [day.isoformat() for day in one.working_days or ()] or None,
        "certainty": "provisional" if one.provisional else "confirmed",
    }


def _table(changes: tuple[Change, ...], lang: str) -> Iterator[str]:
    words = _WORDS[lang]
    for change in changes:
        before, after = (
            side.explain(lang) if side else words["none"] for side in (change.before, change.after)
        )
        yield f"{'*' if change.moved else ' '} {change.id}"
        yield "    " + words["before"].format(text=before)
        yield "    " + words["after"].format(text=after)
        yield "    " + words["cause"].format(cause="；".join(notice.title for notice in change.cause))
    moved = sum(change.moved for change in changes)
    yield words["sum"].format(moved=moved, kept=len(changes) - moved) if changes else words["same"]
