"""`migrant-fp exchange verify` and `inspect`: look at packages, without taking them."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from migrant_fp.adapters.package import peek, read_package
from migrant_fp.cli.arguments import Commands
from migrant_fp.cli.exchange.keys import opener_of, verifier_of
from migrant_fp.cli.exchange.office import add_office, progress_bar
from migrant_fp.cli.exchange.settings import read_settings
from migrant_fp.cli.exchange.shown import Row, add_format, manifest_row, refused_row, say
from migrant_fp.domain.flaw import PackageRefused

_FINDINGS = 1


def add_to(commands: Commands) -> None:
    """Add the commands."""
    verify = commands.add_parser(
        "verify", help="核验数据包", description="核验签名、摘要、格式与内容，一次列出全部问题；不收下"
    )
    verify.add_argument("packages", type=Path, nargs="+", metavar="PATH", help="数据包目录或 zip")
    add_office(verify, required=False)
    verify.add_argument("--unsigned", action="store_true", help="未签名的也核验，只能证明完整")
    add_format(verify)
    verify.set_defaults(run=_verify)
    inspect = commands.add_parser(
        "inspect", help="查看清单", description="只看清单，不核验内容，不能证明来源"
    )
    inspect.add_argument("packages", type=Path, nargs="+", metavar="PATH", help="数据包目录或 zip")
    add_format(inspect)
    inspect.set_defaults(run=_inspect)


def _verify(arguments: argparse.Namespace) -> int:
    settings = read_settings(arguments.office) if arguments.office else None
    verifier = verifier_of(settings, arguments.office) if settings else None
    opener = opener_of(settings, arguments.office) if settings else None
    unsigned = arguments.unsigned or bool(settings and settings.unsigned)
    with progress_bar("核验") as progress:

        def verified(path: Path) -> Row:
            package = read_package(
                path, verifier=verifier, opener=opener, unsigned=unsigned, progress=progress
            )
            proven = "内容完整，来源未证明" if package.signature is None else "签名有效，内容完整"
            signed_by = package.signature.key_id if package.signature else None
            row = manifest_row(package.manifest, package.digest)
            return {**row, "signed_by": signed_by, "conclusion": proven}

        return _said(arguments, verified)


def _inspect(arguments: argparse.Namespace) -> int:
    return _said(arguments, lambda path: {**manifest_row(*peek(path)), "conclusion": "未核验"})


def _said(arguments: argparse.Namespace, look: Callable[[Path], Row]) -> int:
    """Print what a look at each package gives; those that are refused with every flaw."""
    rows: list[Row] = []
    code = 0
    for path in arguments.packages:
        try:
            rows.append(look(path))
        except PackageRefused as refused:
            rows.append({**refused_row(refused), "package": refused.package})
            code = _FINDINGS
    say(arguments, packages=rows)
    return code
