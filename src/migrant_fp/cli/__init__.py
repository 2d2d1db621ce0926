"""The command line: `migrant-fp plan 2013`."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from migrant_fp.cli import clauses, explain, plan, replan
from migrant_fp.regulations.changzhou_2011_134 import DOCUMENT
from migrant_fp.schedule.errors import MigrantFpError

_USAGE = 2
_INTERRUPTED = 130
_COMMANDS = (plan, explain, replan, clauses)
_EXCHANGE = "exchange"


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code: 0 fine, 1 findings, 2 usage or input, 130 interrupted."""
    given = list(sys.argv[1:] if argv is None else argv)
    arguments = _parser(given).parse_args(given)
    code = 0
    try:
        code = arguments.run(arguments) or 0
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the reader has gone: say no more
    except MigrantFpError as error:
        return _refuse(str(error))
    except OSError as error:
        place = f" {error.filename}" if error.filename else ""
        return _refuse(f"无法读写{place}：{error.strerror or error}")
    except KeyboardInterrupt:
        return _INTERRUPTED
    return code


def _refuse(message: str) -> int:
    print(f"migrant-fp: {message}", file=sys.stderr)  # noqa: T201 - a command line prints
    return _USAGE


def _parser(given: Sequence[str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="migrant-fp", description=f"{DOCUMENT.number} 的日程，逐日说明理由")
    commands = parser.add_subparsers(dest="command", required=True)
    for command in _COMMANDS:
        command.add_to(commands)
    if given[:1] == [_EXCHANGE]:
        from migrant_fp.cli import exchange  # noqa: PLC0415 - its adapters cost more than a plan of dates takes

        exchange.add_to(commands)
    else:
        commands.add_parser(_EXCHANGE, help="信息互换：制作、收发、核验、回执与核对")
    return parser
