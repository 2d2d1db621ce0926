"""`migrant-fp clauses`: each clause, its legal basis on a day, and what carries it out."""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterator
from datetime import date

from migrant_fp.application.clause_index import IndexedClause, clause_index
from migrant_fp.cli.arguments import Commands, iso_date
from migrant_fp.cli.output import write
from migrant_fp.regulations.changzhou_2011_134 import DOCUMENT

_WIDTH = 26
_ENUMERATOR = re.compile(r"^(?:[一二三四五]、|\([一二三四五六]\)|\d\.)")


def add_to(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "clauses", help="逐条列出条文", description="条文、当日有无法律依据、由何处实现"
    )
    parser.add_argument("--on", type=iso_date, metavar="DATE", help="哪一天的依据（默认今天）")
    parser.add_argument("--format", choices=["table", "json"], default="table", help="输出格式")
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> None:
    on = arguments.on or date.today()
    clauses = tuple(clause_index(on))
    if arguments.format == "json":
        rows = [clause.as_row() for clause in clauses]
        write(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", None)
    else:
        write("\n".join(_table(clauses, on)) + "\n", None)


def _table(clauses: tuple[IndexedClause, ...], on: date) -> Iterator[str]:
    yield f"{DOCUMENT.number}，{on}：● 依据有效  ○ 无有效依据"
    for one in clauses:
        text = _ENUMERATOR.sub("", one.clause.text.replace("\n", ""))
        yield f"{'●' if one.in_force else '○'} {one.clause.number} {text[:_WIDTH]}{'…' * (len(text) > _WIDTH)}"
        if not one.implemented_by:
            yield "      （尚无实现）"
        for name in () if one.is_heading else one.implemented_by:
            yield f"      {name.removeprefix('migrant_fp.')}"
