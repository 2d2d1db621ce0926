"""Receipts of a package (二): received, accepted, applied, rejected. Each is a package of its own, since the way may be one-way."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from datetime import date

import attrs

from migrant_fp.domain.errors import Invalid, Problem
from migrant_fp.schedule.term import Term

# What a channel can bring: a package whose manifest cannot be read is known by the name it came under.
_PACKAGE = re.compile(r"[a-z0-9][a-z0-9_.-]{0,199}")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_FILE = re.compile(r"data/(cases|changes|corrections|counts|deleted)(-[0-9]{5}\.jsonl\.gz|\.csv)(\.sealed)?|")
# Fewer digits than a telephone number has: a receipt is no way for one to travel.
_MOST = 10**9 - 1


class Stage(Term):
    """What a receipt says, weakest first."""

    RECEIVED = ("received", "已收到")
    REJECTED = ("rejected", "不予接受")
    ACCEPTED = ("accepted", "已接受")
    APPLIED = ("applied", "已入库")


class Reason(Term):
    """Why a package is held or rejected."""

    NONE = ("none", "无")
    PARTIAL = ("partial", "分包未齐，待齐后处理")
    OUT_OF_ORDER = ("out_of_order", "前一包未到，待到后处理")
    DAMAGED = ("damaged", "损坏或不符合格式，请重发")
    UNPROVEN = ("unproven", "签名缺失或未通过验证，请重发")
    TOO_LARGE = ("too_large", "超出接收方限制，请拆分后重新移交")
    NOT_OPENED = ("not_opened", "无法解密，请用收方密钥重新封装")
    NOT_ADDRESSED = ("not_addressed", "不是发给本机构的")
    NO_LEGAL_BASIS = ("no_legal_basis", "所列法律依据当日无效")
    ID_REUSED = ("id_reused", "同一编号内容不同")
    NOT_REPLACING = ("not_replacing", "同期已有，须以更高版次并注明所替代的包")
    PREVIOUS_REJECTED = ("previous_rejected", "前一包未被接受，请从全量重新开始")
    NOT_FOLLOWING = ("not_following", "前一包之后已有后续包，请接在最后被接受的包之后")
    NOT_A_PARTY = ("not_a_party", "发方不是同一级别、同一区划的另一方（二(二)）")
    MISDATED = ("misdated", "数据日期在今日之后，或者截止日不在该月")
    PAST_RETENTION = ("past_retention", "收到时保存期已满")

    @property
    def asks_again(self) -> bool:
        """Whether the same package sent again may do: what came was not what was sent."""
        return self in {Reason.DAMAGED, Reason.UNPROVEN}


#: The digest of nothing: of a package whose manifest did not come.
NOTHING = hashlib.sha256(b"").hexdigest()
#: Of a package that is held, why.
HELD = frozenset({Reason.PARTIAL, Reason.OUT_OF_ORDER})


class Fate(Term):
    """What can become of rows. The set is closed, so that no word of a row can travel back in a receipt."""

    ADDED = ("added", "新增")
    REPLACED = ("replaced", "替换")
    UNCHANGED = ("unchanged", "无变化")
    DELETED = ("deleted", "删除")
    APPLIED = ("applied", "已入库")
    NOT_ADDED = ("not_added", "未入库")


def _fate(given: Fate | str) -> Fate:
    for fate in Fate:
        if given in {fate, fate.value}:
            return fate
    codes = ", ".join(fate.value for fate in Fate)
    raise Invalid("outcome", (Problem("outcome", f"expected one of {codes}"),))


@attrs.frozen
class Outcome:
    """What became of rows: how many had one fate, or the place of one that was refused.

    Attributes:
        outcome: Their fate; its code, such as added, will do.
        file: The file, where one is meant: a path that a package can have.
        row: The row, where one is meant; 0 otherwise.
        rows: How many rows.

    Raises:
        Invalid: If it could not travel in a receipt, with every problem.
    """

    outcome: Fate = attrs.field(converter=_fate)
    file: str = ""
    row: int = 0
    rows: int = 1

    def __attrs_post_init__(self) -> None:
        """Refuse what the table of outcomes cannot hold, before anything is recorded."""
        if problems := tuple(self._problems()):
            raise Invalid("outcome", problems)

    def _problems(self) -> Iterator[Problem]:
        if not _FILE.fullmatch(self.file):
            yield Problem("file", "expected the path of a file in the package, such as data/counts.csv")
        for name in ("row", "rows"):
            if not 0 <= getattr(self, name) <= _MOST:
                yield Problem(name, f"expected a number from 0 to {_MOST}")


@attrs.frozen
class Receipt:
    """What a receiver says of a package; the same package is always answered with the same receipt.

    Attributes:
        package: The id of the package.
        digest: The SHA-256 digest of its manifest, as it came.
        stage: What is said.
        on: The day on which it was decided.
        reason: Why it is held or rejected.
        late: Whether it came after its due day; it is accepted all the same.

    Raises:
        Invalid: If it contradicts itself, with every problem.
    """

    package: str
    digest: str
    stage: Stage
    on: date
    reason: Reason = Reason.NONE
    late: bool = False

    def __attrs_post_init__(self) -> None:
        """Refuse a receipt that contradicts itself."""
        problems = []
        if not _PACKAGE.fullmatch(self.package):
            problems.append(Problem("package", "expected the id of a package"))
        if not _DIGEST.fullmatch(self.digest):
            problems.append(Problem("digest", "expected a digest of 64 hexadecimal digits"))
        fits = {
            Stage.RECEIVED: self.reason is Reason.NONE or self.reason in HELD,
            Stage.REJECTED: self.reason is not Reason.NONE and self.reason not in HELD,
        }
        if not fits.get(self.stage, self.reason is Reason.NONE):
            problems.append(Problem("reason", "does not fit what the receipt says"))
        if problems:
            raise Invalid("receipt", tuple(problems))

    @property
    def label(self) -> str:
        """What makes its own package's id: the stage, the reason, and which package with which digest it is about."""
        said = self.stage.value if self.reason is Reason.NONE else f"{self.stage.value}-{self.reason.value}"
        about = hashlib.sha256(f"{self.package}@{self.digest}".encode()).hexdigest()
        return f"receipt-{said.replace('_', '-')}-{about[:16]}"
