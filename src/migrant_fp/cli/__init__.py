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


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code: 0 fine, 2 usage or input, 130 interrupted."""
    arguments = _parser().parse_args(argv)
    try:
        arguments.run(arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the reader has gone: say no more
    except MigrantFpError as error:
        return _refuse(str(error))
    except OSError as error:
        return _refuse(f"无法读写 {error.filename}：{error.strerror}")
    except KeyboardInterrupt:
        return _INTERRUPTED
    return 0


def _refuse(message: str) -> int:
    print(f"migrant-fp: {message}", file=sys.stderr)  # noqa: T201 - a command line prints
    return _USAGE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="migrant-fp", description=f"{DOCUMENT.number} 的日程，逐日说明理由")
    commands = parser.add_subparsers(dest="command", required=True)
    for command in _COMMANDS:
        command.add_to(commands)
    return parser
