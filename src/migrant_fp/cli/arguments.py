"""Arguments that several commands share."""

from __future__ import annotations

import argparse
import re
from datetime import date
from pathlib import Path
from typing import TypeAlias

from migrant_fp.adapters.chinese_calendar import working_calendar
from migrant_fp.application.schedule_year import read_as
from migrant_fp.application.site_notices import with_notices
from migrant_fp.domain.duty import Duty
from migrant_fp.regulations.changzhou_2011_134 import DUTIES
from migrant_fp.schedule.calendar import WorkingCalendar
from migrant_fp.schedule.convention import Reading
from migrant_fp.schedule.rule import Bound

#: What argparse's add_subparsers returns; the class is generic for the type checker alone.
Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def add_lang(parser: argparse.ArgumentParser) -> None:
    """Add --lang."""
    parser.add_argument("--lang", choices=["zh", "en"], default="zh", help="说明文字的语言（默认 zh）")


def add_duty(parser: argparse.ArgumentParser) -> None:
    """Add --duty."""
    parser.add_argument("--duty", choices=[duty.id for duty in DUTIES], help="只看一项")


def add_output(parser: argparse.ArgumentParser) -> None:
    """Add --output."""
    parser.add_argument("--output", type=Path, metavar="FILE", help="写入文件（要么写全，要么不写）")


def add_calendar(parser: argparse.ArgumentParser) -> None:
    """Add what decides about the days: --notices, --known-on, --reading, --before."""
    parser.add_argument(
        "--notices", type=Path, metavar="PATH", help="放假通知文件或目录（JSON），补充或替换自带的通知"
    )
    parser.add_argument(
        "--known-on", type=iso_date, metavar="DATE", help="只用该日（含）之前已发布的放假通知"
    )
    add_reading(parser)
    parser.add_argument(
        "--before", choices=["inclusive", "exclusive"], default="inclusive", help="“5日前”是否含5日（默认含）"
    )


def add_reading(parser: argparse.ArgumentParser) -> None:
    """Add --reading."""
    parser.add_argument(
        "--reading",
        choices=[r.value for r in Reading],
        default="all-rest",
        help="“节假日”的解释（默认：一切休息日）",
    )


def calendar_of(arguments: argparse.Namespace) -> WorkingCalendar:
    """Return the calendar that the arguments ask for.

    Raises:
        InvalidNotice: If the file of --notices cannot be used.
        OSError: If it cannot be read.
    """
    calendar = calendar_with(arguments.notices)
    return calendar.known_on(arguments.known_on) if arguments.known_on else calendar


def calendar_with(path: Path | None) -> WorkingCalendar:
    """Return the calendar of the notices that come with the library, and those of a path."""
    if path is None:
        return working_calendar()
    from migrant_fp.adapters.notice_files import read_notices  # noqa: PLC0415 - cattrs costs a third of the start

    return with_notices(working_calendar(), read_notices(path))


def duties_of(arguments: argparse.Namespace) -> tuple[Duty, ...]:
    """Return the duties that the arguments ask for, read as they ask."""
    before = Bound.BEFORE if arguments.before == "exclusive" else Bound.BY
    read = read_as(DUTIES, Reading(arguments.reading), before)
    return tuple(duty for duty in read if arguments.duty in {None, duty.id})


def years(text: str) -> range:
    """Return the years of 2013 or 2011-2013."""
    match = re.fullmatch(r"(\d{4})(?:-(\d{4}))?", text)
    if not match or (match[2] and match[2] < match[1]):
        raise argparse.ArgumentTypeError(f"收到 {text[:20]!r}，应为年份，如 2013 或 2011-2013")
    return range(int(match[1]), int(match[2] or match[1]) + 1)


def year(text: str) -> int:
    """Return one year."""
    if not re.fullmatch(r"\d{4}", text):
        raise argparse.ArgumentTypeError(f"收到 {text[:20]!r}，应为年份，如 2013")
    return int(text)


def iso_date(text: str) -> date:
    """Return the date of 2011-05-18."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"收到 {text[:20]!r}，应为日期，如 2011-05-18") from None
