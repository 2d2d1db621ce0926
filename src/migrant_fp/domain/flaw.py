"""What can be wrong with a package that came from another office: file, row and rule, and nothing of its contents."""

from __future__ import annotations

import hashlib

import attrs

from migrant_fp.domain.receipt import Reason
from migrant_fp.schedule.errors import MigrantFpError
from migrant_fp.schedule.term import Term

_SHOWN = 20


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
        package: Its name.
        flaws: What is wrong, in the order of the files; at most as many as the limits say, then only the first of each rule and file.
        more: How many flaws were found beyond those.
        digest: The SHA-256 digest of its manifest as it came; of nothing, where there was none.
    """

    package: str
    flaws: tuple[Flaw, ...]
    more: int = 0
    digest: str = hashlib.sha256(b"").hexdigest()

    @property
    def reason(self) -> Reason:
        """What the receipt says: not opened or unproven where nothing else is wrong, else damaged."""
        rules = {flaw.rule for flaw in self.flaws}
        if rules == {PackageRule.SIGNATURE}:
            return Reason.UNPROVEN
        return Reason.NOT_OPENED if rules == {PackageRule.SEAL} else Reason.DAMAGED

    def __str__(self) -> str:
        """List the flaws, a line each, and what to do."""
        shown = [f"- {flaw}" for flaw in self.flaws[:_SHOWN]]
        rest = len(self.flaws) - len(shown) + self.more
        if rest:
            shown.append(f"- and {rest} more")
        lines = "\n".join(shown)
        return f"{self.package} is refused; ask the sender to send it again, made anew:\n{lines}\n（数据包不予接受）"
