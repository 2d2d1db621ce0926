"""`migrant-fp exchange`: the monthly hand-over on the command line."""

from __future__ import annotations

from migrant_fp.cli.arguments import Commands
from migrant_fp.cli.exchange import build, look, new, reconcile, traffic


def add_to(commands: Commands) -> None:
    """Add the command and its own commands."""
    parser = commands.add_parser(
        "exchange", help="信息互换", description="二：每月信息互换的数据包，制作、收发、核验、回执与核对"
    )
    own = parser.add_subparsers(dest="exchange", required=True, metavar="COMMAND")
    for command in (new, build, look, traffic, reconcile):
        command.add_to(own)
