"""`migrant-fp exchange reconcile A B`: compare the case hand-overs of two offices in one round."""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import Any

from migrant_fp.adapters.merge import MergeReconciler
from migrant_fp.adapters.package import CaseFiles, Package, read_package
from migrant_fp.application.reconcile import Reconciliation, Reveal, reconcile, standing_of
from migrant_fp.cli.arguments import Commands
from migrant_fp.cli.exchange.corrections import authority_of, made_request
from migrant_fp.cli.exchange.keys import opener_of, verifier_of
from migrant_fp.cli.exchange.office import add_office, opened_ledger, progress_bar, whole_number
from migrant_fp.cli.exchange.own_copies import readable_copy
from migrant_fp.cli.exchange.private_files import private_file, private_folder
from migrant_fp.cli.exchange.settings import OfficeSettings, named_persons, read_settings
from migrant_fp.cli.exchange.shown import add_format, say_json
from migrant_fp.cli.output import write
from migrant_fp.domain.errors import Invalid, Problem
from migrant_fp.domain.reconciliation import Difference
from migrant_fp.ports.reconciler import Reconciler

_FINDINGS = 1
_LABELS = {
    "a": "甲方",
    "b": "乙方",
    "month": "月份",
    "rows_a": "甲方行数",
    "rows_b": "乙方行数",
    "equal": "一致",
    "only_in_a": "仅甲方有",
    "only_in_b": "仅乙方有",
    "conflicting": "不一致",
    "fields": "不一致项目",
    "revealed_to": "查看人",
    "reason": "理由",
    "hint": "提示",
    "output": "全部差异已写入",
    "request": "更正请求",
}
_MASKED = "（已遮盖）"
_OPEN = "（含键与内容，仅本人可读，用后请删除）"
_NOTHING = "没有须由对方更正的"
_NOT_JOINED = "没有一条能对上：双方是否使用了同一密钥？"


def add_to(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "reconcile",
        help="核对",
        description="核对同一轮中本机构与对方互交的个案；先报数，键与内容默认遮盖",
    )
    parser.add_argument("a", type=Path, metavar="A", help="甲方移交的个案包（目录或 zip）")
    parser.add_argument(
        "b", type=Path, metavar="B", help="乙方移交的个案包；其中一个是本机构的（made 中的即可）"
    )
    add_office(parser)
    parser.add_argument("--engine", choices=["merge", "duckdb"], default="merge", help="引擎（默认 merge）")
    parser.add_argument(
        "--memory-limit", type=_size, default="1GB", metavar="SIZE", help="duckdb 的内存上限（默认 1GB）"
    )
    parser.add_argument(
        "--show", type=whole_number, default=20, metavar="N", help="列出的差异条数（默认 20）"
    )
    parser.add_argument(
        "--output", type=Path, metavar="FILE", help="全部差异写入文件（JSON Lines，仅本人可读）"
    )
    parser.add_argument(
        "--reveal",
        metavar="STAFF",
        help="由专人（office.toml 中的记录号）查看键与内容，须同时说明理由；--output 也不再遮盖",
    )
    parser.add_argument("--reason", default="", metavar="TEXT", help="查看键与内容的理由或文号")
    parser.add_argument(
        "--authority",
        nargs="+",
        metavar="FIELD=ROLE",
        default=[],
        help="各项以哪方为准：default=ROLE，个别项目如 residence=public_security",
    )
    parser.add_argument("--ask", action="store_true", help="制作更正请求包，送回对方；须同时给出 --authority")
    add_format(parser)
    parser.set_defaults(run=_run)


def _size(text: str) -> str:
    if not re.fullmatch("[1-9][0-9]{0,8}(MB|GB)", text):
        raise argparse.ArgumentTypeError(f"收到 {text[:20]!r}，应为容量，如 500MB 或 2GB")
    return text


def _run(arguments: argparse.Namespace) -> int:
    settings = read_settings(arguments.office)
    authority = authority_of(arguments.authority) if arguments.authority or arguments.ask else None
    reveal = _reveal(arguments, settings)
    with progress_bar("核对") as progress, private_folder(arguments.office) as folder:
        sides = [*_sides(arguments, settings, progress)]
        mine = _own(sides, settings.agency)
        a, b = (CaseFiles(side, folder) for side in sides)
        engine = _engine(arguments, folder)
        done, shown = _compared(arguments, a, b, engine, reveal)
        summary = _summary(done, arguments.output)
        if arguments.ask and authority:
            theirs, own = (b, a) if mine is sides[0] else (a, b)
            request = made_request(arguments.office, theirs, own, engine, authority)
            summary["request"] = request or _NOTHING
    _say(arguments, summary, shown)
    counts = done.counts
    return _FINDINGS if counts.only_in_a or counts.only_in_b or counts.conflicting else 0


def _sides(
    arguments: argparse.Namespace, settings: OfficeSettings, progress: Callable[[int], None]
) -> Iterator[Package]:
    verifier, opener = verifier_of(settings, arguments.office), opener_of(settings, arguments.office)
    for path in (arguments.a, arguments.b):
        yield read_package(
            readable_copy(path, arguments.office),
            verifier=verifier,
            opener=opener,
            unsigned=settings.unsigned,
            progress=progress,
        )


def _own(sides: list[Package], me: str) -> Package:
    for side in sides:
        if side.manifest.sender == me:
            return side
    fact = f"neither is a hand-over of {me}; an office compares its own with what came （须有本机构的包）"
    raise Invalid("reconciliation", (Problem("parties", fact),))


def _compared(
    arguments: argparse.Namespace, a: CaseFiles, b: CaseFiles, engine: Reconciler, reveal: Reveal | None
) -> tuple[Reconciliation, list[dict[str, Any]]]:
    """Compare, write all differences where that is asked for, and return the first of them."""
    shown: list[dict[str, Any]] = []
    with opened_ledger(arguments.office) as ledger:
        standing = standing_of(ledger.dispatches(), ledger.arrivals())
    with ExitStack() as stack:
        out = stack.enter_context(private_file(arguments.output)) if arguments.output else None

        def keep(found: Difference) -> None:
            if out:
                out.write(json.dumps(_row(found), ensure_ascii=False) + "\n")
            if len(shown) < arguments.show:
                shown.append(_row(found))

        done = reconcile(a, b, engine, date.today(), found=keep, reveal=reveal, standing=standing)
    return done, shown


def _engine(arguments: argparse.Namespace, folder: Path) -> Reconciler:
    """Return what compares; what it keeps outside of memory stays in a folder of the office's own."""
    if arguments.engine == "merge":
        return MergeReconciler()
    from migrant_fp.adapters.duckdb import DuckDbReconciler  # noqa: PLC0415 - an extra

    return DuckDbReconciler(memory_limit=arguments.memory_limit, temporary=folder)


def _reveal(arguments: argparse.Namespace, settings: OfficeSettings) -> Reveal | None:
    if arguments.reveal is None:
        return None
    for person in named_persons(settings):
        if person.staff == arguments.reveal and person.stands(date.today()):
            return Reveal(person, arguments.reason)
    fact = "is no named person of office.toml today; expected the record id of one （专人）"
    raise Invalid("reveal", (Problem("--reveal", fact),))


def _row(one: Difference) -> dict[str, Any]:
    fields = {field.name: {"a": field.a, "b": field.b} for field in one.fields}
    return {"key": one.key, "found": one.found.value, "fields": fields, "found_zh": one.found.zh}


def _summary(done: Reconciliation, output: Path | None) -> dict[str, Any]:
    counts = done.counts
    return {
        "a": done.a.sender,
        "b": done.b.sender,
        "month": done.a.period,
        "rows_a": counts.a,
        "rows_b": counts.b,
        "equal": counts.equal,
        "only_in_a": counts.only_in_a,
        "only_in_b": counts.only_in_b,
        "conflicting": counts.conflicting,
        "fields": dict(counts.fields),
        "revealed_to": done.revealed_to or None,
        "reason": done.reason or None,
        "hint": None if done.is_joined else _NOT_JOINED,
        "output": str(output) if output else None,
    }


def _say(arguments: argparse.Namespace, summary: dict[str, Any], shown: list[dict[str, Any]]) -> None:
    if arguments.format == "json":
        say_json({**summary, "differences": shown})
        return
    fields = "，".join(f"{name} {rows}" for name, rows in summary["fields"].items())
    told = {**summary, "fields": fields or None}
    if told["output"]:
        told["output"] += _OPEN if told["revealed_to"] else _MASKED
    lines = [f"{_LABELS[name]}：{value}" for name, value in told.items() if value is not None]
    total = summary["only_in_a"] + summary["only_in_b"] + summary["conflicting"]
    if len(shown) < total:
        lines.append(f"差异（前{len(shown)}条，共{total}条）：")
    lines += [line for one in shown for line in _lines(one)]
    write("\n".join(lines) + "\n", None)


def _lines(one: dict[str, Any]) -> Iterator[str]:
    revealed = set(one["key"]) != {"*"}
    names = "" if revealed else "、".join(one["fields"])
    yield f"  {one['found_zh']} {one['key']} {names}".rstrip()
    for name, values in one["fields"].items() if revealed else ():
        yield f"      {name}：甲方 {values['a'] or '（空）'}，乙方 {values['b'] or '（空）'}"
