"""`migrant-fp exchange build`: make a hand-over."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

from migrant_fp.adapters.hand_over_files import hashed_with, read_rows, read_statistics
from migrant_fp.adapters.package import zip_package
from migrant_fp.adapters.serialization import parse_json, structure
from migrant_fp.application.hand_over import (
    hand_over_records,
    hand_over_statistics,
)
from migrant_fp.application.office import Office
from migrant_fp.cli.arguments import Commands, calendar_with, iso_date
from migrant_fp.cli.exchange.office import add_month, add_office, opened_office, progress_bar, whole_number
from migrant_fp.cli.exchange.settings import party_of, read_settings
from migrant_fp.cli.exchange.shown import add_format, dispatch_row, say
from migrant_fp.domain.agency import Agency, Role
from migrant_fp.domain.clause import LegalBasis
from migrant_fp.domain.dispatch import Dispatch
from migrant_fp.domain.errors import Invalid, Problem
from migrant_fp.domain.hand_over_record import CASES, CHANGES, DELETED
from migrant_fp.domain.join_key import JoinKey
from migrant_fp.domain.manifest import PackageAction, PackageKind
from migrant_fp.domain.statistics import THRESHOLD
from migrant_fp.domain.table import Table
from migrant_fp.ports.packages import Tables
from migrant_fp.regulations.national_law import FLOATING_POPULATION_2009

_KINDS = (PackageKind.STATISTICS, PackageKind.CASES, PackageKind.CHANGES)
_OF_RECORDS = ("deleted", "delta", "join_key", "join_label", "with_identity", "basis", "retain_until")
_UNSIGNED = "注意：office.toml 中没有 [sign]，该包未签名，对方须明确同意才会接收"
_EMPTY = "注意：数据文件中没有一行数据，该包是空的"
_UNSEALED = "注意：office.toml 中没有对方的 [[seal]]，个人信息未加密，只可经受保护的通道传送"


def add_to(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "build",
        help="制作数据包",
        description="制作一个月的数据包。默认只交统计数据并隐去小计数；个案和变化须有当日有效的法律依据。",
    )
    add_office(parser)
    parser.add_argument("--to", required=True, choices=[role.value for role in Role], help="收方")
    add_month(parser)
    parser.add_argument(
        "--kind",
        choices=[kind.value for kind in _KINDS],
        default="statistics",
        help="内容（默认 statistics）",
    )
    parser.add_argument("--from", dest="source", type=Path, required=True, metavar="CSV", help="数据文件")
    parser.add_argument(
        "--encoding",
        default="utf-8-sig",
        metavar="NAME",
        help="数据文件编码（默认 UTF-8；Excel 另存的用 gb18030）",
    )
    parser.add_argument(
        "--threshold",
        type=whole_number,
        default=THRESHOLD,
        metavar="N",
        help=f"小于该数的计数隐去（默认 {THRESHOLD}）",
    )
    _add_records(parser)
    parser.add_argument("--correct", action="store_true", help="更正：以更高版次替代已制作的包")
    parser.add_argument("--zip", type=Path, metavar="DIR", help="另存为 zip（供光盘、U盘等）")
    add_format(parser)
    parser.set_defaults(run=_run)


def _add_records(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--deleted", type=Path, metavar="CSV", help="须删除的记录（仅增量）")
    parser.add_argument("--delta", action="store_true", help="增量；默认全量")
    parser.add_argument("--join-key", type=Path, metavar="FILE", help="双方约定的密钥文件（至少32字节）")
    parser.add_argument("--join-label", default="", metavar="LABEL", help="密钥标签，如 2011-10-a")
    parser.add_argument("--with-identity", action="store_true", help="除键外另交公民身份号码")
    parser.add_argument(
        "--basis",
        type=Path,
        metavar="JSON",
        help="当日有效的法律依据：title、number、since、until（可无）、source",
    )
    parser.add_argument("--retain-until", type=iso_date, metavar="DATE", help="收方可保存至（默认三个月后）")


def _run(arguments: argparse.Namespace) -> None:
    kind = next(one for one in _KINDS if one.value == arguments.kind)
    _require_fitting(arguments, kind)
    if arguments.zip:
        arguments.zip.mkdir(parents=True, exist_ok=True)
    with progress_bar("制作") as progress, opened_office(arguments.office, progress) as office:
        to = party_of(arguments.to, office.agency)
        if kind is PackageKind.STATISTICS:
            made: tuple[Dispatch, ...] = (_statistics(arguments, office, to),)
        else:
            made = _records(arguments, office, to, kind)
        for one in made if arguments.zip else ():
            zip_package(office.packages.made(one.id, one.digest), arguments.zip)
    say(arguments, packages=map(dispatch_row, made))
    _warn(arguments, made)


def _require_fitting(arguments: argparse.Namespace, kind: PackageKind) -> None:
    """Refuse options that would silently do nothing, and a join key without its label or the other way round.

    Raises:
        Invalid: With each.
    """
    problems = [
        Problem(f"--{name.replace('_', '-')}", "is for cases and changes; leave it out （仅用于个案与变化）")
        for name in _OF_RECORDS
        if kind is PackageKind.STATISTICS and getattr(arguments, name)
    ]
    if kind is PackageKind.CASES and not arguments.join_label:
        problems.append(
            Problem("--join-label", "is missing; name the key that both offices agreed （密钥标签）")
        )
    if arguments.deleted and not arguments.delta:
        problems.append(
            Problem("--deleted", "is for a delta; a snapshot leaves out what is gone （仅用于增量）")
        )
    if problems:
        raise Invalid("build", tuple(problems))


def _statistics(arguments: argparse.Namespace, office: Office, to: Agency) -> Dispatch:
    today = date.today()
    statistics = read_statistics(
        arguments.source, office.agency.division, arguments.threshold, today, arguments.encoding
    )
    return hand_over_statistics(
        office,
        to,
        arguments.month,
        statistics,
        today,
        calendar=calendar_with(arguments.notices),
        corrects=arguments.correct,
    )


def _records(
    arguments: argparse.Namespace, office: Office, to: Agency, kind: PackageKind
) -> tuple[Dispatch, ...]:
    return hand_over_records(
        office,
        to,
        kind,
        arguments.month,
        parts=[_tables(arguments, office, to, kind)],
        today=date.today(),
        calendar=calendar_with(arguments.notices),
        join_key=arguments.join_label if kind is PackageKind.CASES else "",
        basis=_basis(arguments.basis),
        action=PackageAction.DELTA if arguments.delta else PackageAction.SNAPSHOT,
        retain_until=arguments.retain_until,
        corrects=arguments.correct,
    )


def _tables(arguments: argparse.Namespace, office: Office, to: Agency, kind: PackageKind) -> Tables:
    hashed = None
    if arguments.join_key:
        key = JoinKey(arguments.join_label, arguments.join_key.read_bytes())
        hashed = hashed_with(key, arguments.month, (office.agency.id, to.id))

    def rows(path: Path, table: Table) -> Iterator[dict[str, str]]:
        return read_rows(
            path,
            table,
            hashed=hashed,
            keep=arguments.with_identity,
            encoding=arguments.encoding,
            folder=arguments.office,
        )

    table = CASES if kind is PackageKind.CASES else CHANGES
    tables = {table.name: rows(arguments.source, table)}
    if arguments.deleted:
        tables[DELETED.name] = rows(arguments.deleted, DELETED)
    return tables


def _basis(path: Path | None) -> LegalBasis:
    if path is None:
        return FLOATING_POPULATION_2009
    raw = parse_json(path.read_bytes(), path.name)
    if isinstance(raw, dict):
        raw.setdefault("until", None)
    return structure(raw, LegalBasis, path.name)


def _warn(arguments: argparse.Namespace, made: Iterable[Dispatch]) -> None:
    settings = read_settings(arguments.office)
    if settings.sign is None:
        print(_UNSIGNED, file=sys.stderr)  # noqa: T201 - a command line prints
    if not any(resource.rows for one in made for resource in one.manifest.resources):
        print(_EMPTY, file=sys.stderr)  # noqa: T201 - a command line prints
    if any(one.manifest.kind.is_about_persons and one.manifest.sealed is None for one in made):
        print(_UNSEALED, file=sys.stderr)  # noqa: T201 - a command line prints
