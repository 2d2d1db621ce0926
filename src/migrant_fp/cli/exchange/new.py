"""`migrant-fp exchange new DIR`: begin the folder of an office."""

from __future__ import annotations

import argparse
import json
from datetime import date
from pathlib import Path

from migrant_fp.adapters.whole_file import write_whole
from migrant_fp.cli.arguments import Commands
from migrant_fp.cli.exchange.settings import SETTINGS, agency_of
from migrant_fp.cli.exchange.shown import add_format, say
from migrant_fp.domain.agency import Role
from migrant_fp.domain.errors import Invalid, Problem

_TEMPLATE = """\
# 本机构（角色/层级/区划代码）与交换目录（文件夹，或 sftp://、ftp:// 等）
agency = "{agency}"
channel = {channel}

# 未签名的包一律拒收；确需接收时改为 true，所收的包只能证明完整，不能证明来源
unsigned = false

# 签名私钥：openssl genpkey -algorithm ed25519 -out sign.pem
# 公钥交给对方：openssl pkey -in sign.pem -pubout -out sign.pub.pem
# [sign]
# id = "{agency}"
# file = "sign.pem"

# 解密私钥：openssl genpkey -algorithm x25519 -out open.pem
# [open]
# id = "{agency}"
# file = "open.pem"

# 本机构专人的记录号（不写姓名）与起始日
# [[named]]
# agency = "{agency}"
# staff = "S-1"
# since = {today}
{others}"""
_OTHER = """
# 对方的公钥（签名、加密）与专人
# [[trust]]
# id = "{other}"
# file = "{role}.sign.pub.pem"
# [[seal]]
# id = "{other}"
# file = "{role}.open.pub.pem"
# [[named]]
# agency = "{other}"
# staff = "S-1"
# since = {today}
"""
_NEXT = "请填写密钥与专人，然后用 migrant-fp exchange build 制作数据包"


def add_to(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "new",
        help="建立本机构的目录",
        description=f"建立只有本人可读的目录，写出 {SETTINGS} 样本，由本机构填写密钥与专人",
    )
    parser.add_argument("folder", type=Path, metavar="DIR", help="目录")
    parser.add_argument(
        "--agency",
        required=True,
        metavar="ID",
        help="机构：角色/层级/区划代码，如 public_security/district/320411",
    )
    parser.add_argument(
        "--channel", required=True, metavar="URL", help="交换目录，如 /srv/exchange 或 sftp://…"
    )
    add_format(parser)
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> None:
    mine = agency_of(arguments.agency)
    path = arguments.folder / SETTINGS
    if path.exists():
        raise Invalid(SETTINGS, (Problem("the file", "is there already; edit it, or choose another folder"),))
    arguments.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    today = date.today()
    others = "".join(
        _OTHER.format(other=f"{role.value}/{mine.level.value}/{mine.division}", role=role.value, today=today)
        for role in Role
        if role is not mine.role
    )
    text = _TEMPLATE.format(
        agency=mine.id, channel=json.dumps(_place(arguments.channel)), others=others, today=today
    )
    write_whole(path, text.encode())
    say(
        arguments,
        offices=[{"created": f"已建立 {path}", "next": _NEXT, "file": str(path), "agency": mine.id}],
    )


def _place(channel: str) -> str:
    """Return a URL as it is, and a folder by its whole path, so that it does not depend on where a command is run."""
    return channel if "://" in channel else str(Path(channel).absolute())
