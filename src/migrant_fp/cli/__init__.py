"""The command line: `migrant-fp plan 2013`."""

from __future__ import annotations

import argparse
import csv
import io
import json
import os
import re
import sys
import tempfile
from collections.abc import Sequence
from datetime import date
from itertools import groupby
from pathlib import Path

from migrant_fp.adapters.chinese_calendar import working_calendar
from migrant_fp.application.schedule_year import Entry, read_as, schedule_year
from migrant_fp.domain.duty import Level, Standing
from migrant_fp.regulations.changzhou_2011_134 import DOCUMENT, DUTIES
from migrant_fp.schedule.convention import Reading
from migrant_fp.schedule.errors import MigrantFpError
from migrant_fp.schedule.rule import Bound

_USAGE = 2


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code: 0 fine, 2 usage."""
    arguments = _parser().parse_args(argv)
    try:
        _write(_plan(arguments), arguments.output)
    except (MigrantFpError, OSError) as error:
        print(f"migrant-fp: {error}", file=sys.stderr)  # noqa: T201 - a command line prints
        return _USAGE
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="migrant-fp", description=f"{DOCUMENT.number} 的日程，逐日说明理由")
    commands = parser.add_subparsers(dest="command", required=True)
    plan = commands.add_parser("plan", help="某年（或某几年）的日程", description="某年的会议与信息互换日程")
    plan.add_argument("years", type=_years, metavar="YEAR[-YEAR]", help="年份，如 2013 或 2011-2013")
    plan.add_argument("--duty", choices=[duty.id for duty in DUTIES], help="只列一项")
    plan.add_argument("--level", choices=[level.value for level in Level], help="只列一级")
    plan.add_argument("--format", choices=["table", "json", "csv"], default="table", help="输出格式")
    plan.add_argument("--output", type=Path, metavar="FILE", help="写入文件（先写临时文件，再替换）")
    plan.add_argument("--known-on", type=_date, metavar="DATE", help="只用该日之前已发布的放假通知")
    plan.add_argument(
        "--reading", choices=[r.value for r in Reading], default="all-rest", help="“节假日”的解释"
    )
    plan.add_argument(
        "--before", choices=["inclusive", "exclusive"], default="inclusive", help="“5日前”是否含5日"
    )
    plan.add_argument("--lang", choices=["zh", "en"], default="zh", help="说明文字的语言")
    return parser


def _plan(arguments: argparse.Namespace) -> str:
    calendar = working_calendar()
    if arguments.known_on:
        calendar = calendar.known_on(arguments.known_on)
    before = Bound.BEFORE if arguments.before == "exclusive" else Bound.BY
    duties = [
        duty
        for duty in read_as(DUTIES, Reading(arguments.reading), before)
        if arguments.duty in {None, duty.id} and arguments.level in {None, duty.level.value}
    ]
    entries = [entry for year in arguments.years for entry in schedule_year(duties, year, calendar)]
    if arguments.format == "json":
        return json.dumps([entry.as_row() for entry in entries], ensure_ascii=False, indent=1) + "\n"
    if arguments.format == "csv":
        return _csv(entries)
    return _table(entries, arguments.lang)


def _table(entries: list[Entry], lang: str) -> str:
    basis = DUTIES[0].basis
    lines = [
        f"{DOCUMENT.number}《{DOCUMENT.title}》",
        f"文件：门户网站记载“{DOCUMENT.validity}”（{DOCUMENT.issued}印发）。",
        f"依据：《{basis.title}》{basis.since}施行，2021年9月废止（确切日期据记忆）。",
        "机构：文中部门此后多已更名或撤销。本表只推算日期，不判断是否仍须执行。",
    ]
    for duty, group in groupby(entries, key=lambda entry: entry.duty):
        title = duty.title_en if lang == "en" else duty.title
        lines += ["", f"{duty.clause.number} {title}（{duty.level.zh}）"]
        lines += [_line(entry, lang) for entry in group]
    return "\n".join(lines) + "\n"


def _line(entry: Entry, lang: str) -> str:
    mark = "*" if entry.occurrence.stepped_over else " "
    standing = "" if entry.standing is Standing.IN_FORCE else f"〔仅为推算：{entry.standing.zh}〕"
    return f" {mark} {entry.occurrence.explain(lang)}{standing}"


def _csv(entries: list[Entry]) -> str:
    rows = [entry.as_row() for entry in entries]
    out = io.StringIO()
    writer = csv.DictWriter(out, fieldnames=list(rows[0]) if rows else [], lineterminator="\r\n")
    writer.writeheader()
    for row in rows:
        row["working_days"] = " ".join(row["working_days"] or ())
        row["stepped_over"] = " ".join(day["date"] for day in row["stepped_over"])
        writer.writerow(row)
    return "\ufeff" + out.getvalue()  # the mark by which Excel and WPS know UTF-8


def _write(text: str, path: Path | None) -> None:
    if path is None:
        sys.stdout.write(text)
        return
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _years(text: str) -> range:
    match = re.fullmatch(r"(\d{4})(?:-(\d{4}))?", text)
    if not match or (match[2] and match[2] < match[1]):
        raise argparse.ArgumentTypeError(f"收到 {text[:20]!r}，应为年份，如 2013 或 2011-2013")
    return range(int(match[1]), int(match[2] or match[1]) + 1)


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"收到 {text[:20]!r}，应为日期，如 2011-05-18") from None
