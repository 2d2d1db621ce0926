"""What the commands of the exchange print: Chinese for people, codes for programs, and the same facts in both.

Ids, days and counts, and nothing of a resident.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from migrant_fp.cli.output import write
from migrant_fp.domain.arrival import Arrival
from migrant_fp.domain.dispatch import Dispatch
from migrant_fp.domain.finding import Finding
from migrant_fp.domain.flaw import PackageRefused, shown_id
from migrant_fp.domain.manifest import FIRST, Manifest
from migrant_fp.domain.receipt import Reason
from migrant_fp.schedule.term import Term

Row = Mapping[str, object]
#: What a table calls each key of a row; the first of a row stands alone. A key that is not here is for programs.
_LABELS = MappingProxyType(
    {
        "next": "下一步",
        "state": "状态",
        "reason": "原因",
        "timeliness": "时限",
        "conclusion": "结论",
        "kind": "内容",
        "test": "测试",
        "sender": "发方",
        "receiver": "收方",
        "period": "月份",
        "as_of": "数据日期",
        "due": "截止",
        "revision": "版次",
        "action": "方式",
        "part": "分包",
        "rows": "行数",
        "suppressed": "小计数隐去",
        "signed_by": "签名",
        "basis": "法律依据",
        "retain_until": "保存至",
        "sealed": "加密",
        "sent": "首次发送",
        "came": "收到",
        "late": "晚于截止日",
        "integrity_only": "仅证明完整",
        "through": "专人",
        "previous": "前一包",
        "replaces": "替代",
        "chain_head": "台账",
        "digest": "摘要",
        "flaws": "问题",
        "more": "另有问题",
    }
)


def add_format(parser: argparse.ArgumentParser) -> None:
    """Add --format."""
    parser.add_argument("--format", choices=["table", "json"], default="table", help="输出格式（默认 table）")


def say(arguments: argparse.Namespace, nothing: str = "无", **found: Iterable[Row]) -> None:
    """Print lists of rows by their names: as one JSON object, or each row as a block of lines.

    Args:
        arguments: What --format says.
        nothing: What a table says where there is no row.
        found: The lists.
    """
    lists = {name: list(rows) for name, rows in found.items()}
    if arguments.format == "json":
        say_json(lists)
    else:
        blocks = [_block(row) for rows in lists.values() for row in rows]
        write("\n".join(blocks or [nothing]) + "\n", None)


def say_json(value: object) -> None:
    """Print a value as JSON: of a term its code, of a day its text."""
    write(json.dumps(value, ensure_ascii=False, indent=1, default=_plain) + "\n", None)


def _plain(value: object) -> object:
    return value.value if isinstance(value, Term) else str(value)


def _block(row: Row) -> str:
    head, *rest = row.items()
    told = [(_LABELS[name], value) for name, value in rest if name in _LABELS and _is_told(value)]
    return "\n".join([str(head[1]), *(f"    {label}：{_text(value)}" for label, value in told)])


def _is_told(value: object) -> bool:
    return value not in (None, "", [], Reason.NONE, FIRST) and value is not False


def _text(value: object) -> str:
    if isinstance(value, Term):
        return value.zh
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "".join(f"\n      {one}" for one in value)
    return "是" if value is True else str(value)


def dispatch_row(one: Dispatch) -> dict[str, Any]:
    """Return a package that was made, as plain values."""
    return {
        "package": one.id,
        "state": one.state,
        "reason": one.reason,
        "due": one.manifest.due,
        "sent": one.sent,
        "late": one.late,
        "integrity_only": one.integrity_only,
        "retain_until": one.manifest.retain_until,
        "sealed": one.manifest.sealed.algorithm if one.manifest.sealed else None,
        "digest": one.digest,
    }


def arrival_row(one: Arrival) -> dict[str, Any]:
    """Return a package that came, as plain values."""
    return {
        "package": shown_id(one.package),
        "state": one.state,
        "reason": one.reason,
        "came": one.on,
        "late": one.late,
        "integrity_only": one.integrity_only,
        "retain_until": one.manifest.retain_until if one.manifest else None,
        "digest": one.digest,
    }


def manifest_row(one: Manifest, digest: str) -> dict[str, Any]:
    """Return what a package says of itself, as plain values."""
    return {
        "package": one.package_id,
        "kind": one.kind,
        "test": one.test,
        "sender": one.sender,
        "receiver": one.receiver,
        "period": one.period,
        "as_of": one.as_of,
        "due": one.due,
        "revision": one.revision,
        "action": one.action,
        "part": f"{one.part}/{one.of}",
        "rows": sum(resource.rows for resource in one.resources),
        "suppressed": f"1-{one.threshold - 1}" if one.threshold else None,
        "basis": _law(one),
        "retain_until": one.retain_until,
        "sealed": one.sealed.algorithm if one.sealed else None,
        "previous": one.previous,
        "replaces": one.replaces,
        "chain_head": one.chain_head,
        "digest": digest,
    }


def _law(one: Manifest) -> str | None:
    if one.basis is None:
        return None
    return f"《{one.basis.title}》{one.basis.number}，{one.basis.since}至{one.basis.until or '今'}"


def refused_row(one: PackageRefused) -> dict[str, Any]:
    """Return the flaws of a package, as plain values."""
    return {
        "package": shown_id(one.package),
        "conclusion": "不予接受",
        "flaws": [str(flaw) for flaw in one.flaws],
        "more": one.more or None,
        "digest": one.digest if one.digest != PackageRefused("", ()).digest else None,
    }


def finding_row(one: Finding) -> dict[str, Any]:
    """Return a finding, as plain values."""
    return {
        "finding": f"待办：{one.clause.number} {one.owed_by} {one.action}",
        "code": one.code,
        "clause": one.clause.number,
        "owed_by": one.owed_by,
        "due": one.due,
        "through": one.through,
        "about": one.about,
    }
