"""What can be wrong with a package that came from another office: file, row and rule, and nothing of its contents."""

from __future__ import annotations

import re

import attrs

from migrant_fp.domain.receipt import NOTHING, Reason
from migrant_fp.schedule.errors import MigrantFpError
from migrant_fp.schedule.term import Term

_SHOWN = 20
_PARTY = r"[a-z-]+\.[a-z]+\.[0-9]{4}(?:[0-9]{2}(?:[0-9]{3}){0,2})?"
_ID = re.compile(
    rf"[0-9]{{4}}-[0-9]{{2}}\.[a-z-]+(?:-[0-9a-f]{{16}})?\.{_PARTY}\.to\.{_PARTY}"
    r"\.r[0-9]{1,3}(?:\.p[0-9]{1,3}of[0-9]{1,3})?"
)


class PackageRule(Term):
    """The rules that a package keeps."""

    NAME = ("name", "文件名")
    LINK = ("link", "不得有链接")
    FILES = ("files", "文件齐全且无多余")
    LIMIT = ("limit", "大小与数量限制")
    CONTAINER = ("container", "压缩包格式")
    MANIFEST = ("manifest", "清单内容")
    CANONICAL = ("canonical", "规范写法")
    DIGEST = ("digest", "摘要一致")
    DIGEST_LIST = ("digest_list", "摘要清单一致")
    SIGNATURE = ("signature", "签名")
    SEAL = ("seal", "加密")
    GZIP = ("gzip", "gzip格式完整")
    ENCODING = ("encoding", "UTF-8编码")
    ROW = ("row", "行内容")
    ORDER = ("order", "按键排序且不重复")
    TOTALS = ("totals", "行数与控制总数一致")
    SUPPRESSION = ("suppression", "小计数隐去")
    BASIS = ("basis", "法律依据当日有效")
    RETENTION = ("retention", "保存期未满")
    CHAIN = ("chain", "所接续的包已入库")


_REASONS = {
    PackageRule.LIMIT: Reason.TOO_LARGE,
    PackageRule.SIGNATURE: Reason.UNPROVEN,
    PackageRule.SEAL: Reason.NOT_OPENED,
}


def shown_id(package: str) -> str:
    """Return the id of a package as a message may show it: a name that has not the form of one, and may be anything, is hidden.

    Example:
        >>> shown_id("99999919850301002X")
        '***'
    """
    return package if _ID.fullmatch(package) else "***"


@attrs.frozen
class Flaw:
    """One thing that is wrong with a package.

    Attributes:
        rule: The rule that is broken.
        file: The path in the package; "" for the package itself.
        row: The row of the file, the first being 1; None where it is about the whole file.
        fact: What came and what was expected, without anything of the contents.
    """

    rule: PackageRule
    file: str
    row: int | None
    fact: str

    def __str__(self) -> str:
        """Return file, row, rule and fact as one line."""
        place = self.file or "the package"
        return f"{place}{f', row {self.row}' if self.row else ''} [{self.rule.value}]: {self.fact}"


@attrs.frozen
class PackageRefused(MigrantFpError, ValueError):
    """A package cannot be accepted.

    Attributes:
        package: Its name; in words and repr hidden, unless it has the form of an id.
        flaws: What is wrong, in the order of the files; at most as many as the limits say, then only the first of each rule and file.
        more: How many flaws were found beyond those.
        digest: The SHA-256 digest of its manifest as it came; of nothing, where there was none.
    """

    package: str = attrs.field(repr=shown_id)
    flaws: tuple[Flaw, ...]
    more: int = 0
    digest: str = NOTHING

    @property
    def reason(self) -> Reason:
        """What the receipt says: the one thing that is wrong, where it is size, signature or seal, else damaged."""
        rules = {flaw.rule for flaw in self.flaws}
        return _REASONS.get(next(iter(rules)), Reason.DAMAGED) if len(rules) == 1 else Reason.DAMAGED

    def __str__(self) -> str:
        """List the flaws, a line each, and what to do."""
        shown = [f"- {flaw}" for flaw in self.flaws[:_SHOWN]]
        rest = len(self.flaws) - len(shown) + self.more
        if rest:
            shown.append(f"- and {rest} more")
        lines = "\n".join(shown)
        return f"{shown_id(self.package)} is refused; ask the sender to send it again, made anew:\n{lines}\n（数据包不予接受）"
