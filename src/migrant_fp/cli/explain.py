"""`migrant-fp explain DATE`: why a date is what it is."""

from __future__ import annotations

import argparse

from migrant_fp.application.explain_date import explain_date
from migrant_fp.cli.arguments import (
    Commands,
    add_calendar,
    add_duty,
    add_lang,
    calendar_of,
    duties_of,
    iso_date,
)
from migrant_fp.cli.output import write


def add_to(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "explain", help="某日的由来", description="某日是什么日子、依据什么、有何事项"
    )
    parser.add_argument("date", type=iso_date, metavar="DATE", help="日期，如 2011-10-08")
    add_duty(parser)
    add_calendar(parser)
    add_lang(parser)
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> None:
    lines = explain_date(arguments.date, duties_of(arguments), calendar_of(arguments), arguments.lang)
    write("\n".join(lines) + "\n", None)
