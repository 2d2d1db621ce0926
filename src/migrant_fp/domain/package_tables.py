"""Every table that a package can hold, by name."""

from __future__ import annotations

from types import MappingProxyType

from migrant_fp.domain.hand_over_record import CASES, CHANGES, CORRECTIONS, DELETED
from migrant_fp.domain.receipt import Fate
from migrant_fp.domain.table import CODE, Field, Table, one_of

_NUMBER = "0|[1-9][0-9]{0,11}"
_ROWS = "0|[1-9][0-9]{0,8}"
#: 数量、结构、分布 (二(一)): a count that is suppressed is empty.
COUNTS = Table(
    "counts",
    "流动人口数量、结构、分布",
    (
        Field("division", "区划代码", CODE, required=True),
        Field("dimension", "维度", "[a-z]{1,20}", required=True),
        Field("category", "类别", "[a-z0-9_+-]{1,40}", required=True),
        Field("count", "人数", _NUMBER),
        Field("suppressed", "是否隐去", "1"),
    ),
)
#: What became of the rows of a package that a receipt is about.
OUTCOMES = Table(
    "outcomes",
    "处理结果",
    (
        Field("outcome", "结果", one_of(Fate), required=True),
        Field(
            "file",
            "文件",
            r"data/(?:cases|changes|corrections|counts|deleted)(?:-[0-9]{5}\.jsonl\.gz|\.csv)(?:\.sealed)?",
        ),
        Field("row", "行", _ROWS),
        Field("rows", "行数", _ROWS, required=True),
    ),
)
TABLES = MappingProxyType(
    {table.name: table for table in (CASES, CHANGES, CORRECTIONS, COUNTS, DELETED, OUTCOMES)}
)
