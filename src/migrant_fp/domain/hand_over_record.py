"""What a hand-over may hold of a person (二(一)): an allow-list, and nothing beside it.

Every value is text; "" means that it is not handed over. There is no field for marriage, pregnancy, births or contraception,
so that no argument can put one into a package to another sector.
"""

from __future__ import annotations

from datetime import date

import attrs

from migrant_fp.domain.person import Sex, Stay
from migrant_fp.domain.privacy import ADDRESS, IDENTITY, NAME, PERSONAL, Sensitivity
from migrant_fp.domain.table import CODE, DATE, KEY, TEXT, Field, Table, one_of
from migrant_fp.schedule.term import Term

_HASH = "[0-9a-f]{64}"
_IDENTITY = "[0-9]{15}|[0-9]{17}[0-9X]"


class ChangeKind(Term):
    """How a person's presence changed (流动人口动态变化信息)."""

    ARRIVED = ("arrived", "流入")
    MOVED = ("moved", "区内迁移")
    LEFT = ("left", "流出")


class Deletion(Term):
    """Why a record handed over before is to be deleted."""

    LEFT = ("left", "已流出")
    MISTAKEN = ("mistaken", "误报")
    ERASED = ("erased", "依法删除")


_S = Sensitivity
_KEYED = Field(
    KEY, "键（公民身份号码的带钥散列）", _HASH, required=True, sensitivity=_S.IDENTITY, is_hash=True
)
#: The cases (流动人口个案).
CASES = Table(
    "cases",
    "流动人口个案",
    (
        _KEYED,
        Field("address", "现居住地址", f"{TEXT}{{1,200}}", sensitivity=_S.ADDRESS, is_text=True),
        Field("arrived", "流入日期", DATE, sensitivity=_S.PERSONAL, is_date=True),
        Field("born", "出生日期", DATE, sensitivity=_S.PERSONAL, is_date=True),
        Field("household", "户籍地区划代码", CODE, sensitivity=_S.ADDRESS),
        Field("identity", "公民身份号码", _IDENTITY, sensitivity=_S.IDENTITY),
        Field("name", "姓名", f"{TEXT}{{1,60}}", sensitivity=_S.NAME, is_text=True),
        Field("residence", "现居住地区划代码", CODE, required=True, sensitivity=_S.ADDRESS),
        Field("sex", "性别", one_of(Sex), sensitivity=_S.PERSONAL),
        Field("stay", "居住事由", one_of(Stay), sensitivity=_S.PERSONAL),
    ),
)
#: The changes (流动人口动态变化信息).
CHANGES = Table(
    "changes",
    "流动人口动态变化信息",
    (
        _KEYED,
        Field("change", "变化", one_of(ChangeKind), required=True, sensitivity=_S.PERSONAL),
        Field("destination", "流向区划代码", CODE, sensitivity=_S.ADDRESS),
        Field("on", "日期", DATE, required=True, sensitivity=_S.PERSONAL, is_date=True),
        Field("origin", "来自区划代码", CODE, sensitivity=_S.ADDRESS),
    ),
    repeats=True,
)
#: What was handed over before and is to be deleted.
DELETED = Table("deleted", "删除", (_KEYED, Field("reason", "原因", one_of(Deletion), required=True)))
#: What a provider is asked to correct, after a reconciliation.
CORRECTIONS = Table(
    "corrections",
    "更正请求",
    (
        _KEYED,
        Field("field", "项目", "|".join(field.name for field in CASES.fields), required=True),
        Field("value", "应为", f"{TEXT}{{1,200}}", sensitivity=_S.PERSONAL, is_text=True),
    ),
    repeats=True,
    about=CASES,
)


@attrs.frozen
class Case:
    """One case record; whatever is empty is not handed over.

    Attributes:
        key: The keyed hash of the identity number, as `JoinKey.hashed` makes it.
        residence: The code of the place of residence.
        address: The address there.
        arrived: The day of arrival.
        born: The date of birth.
        household: The code of the household registration.
        identity: The identity number; the key alone lets the receiver find a person it knows.
        name: The name.
        sex: The sex.
        stay: Why the person lives there.
    """

    key: str = attrs.field(repr=False, metadata=IDENTITY)
    residence: str = attrs.field(repr=False, metadata=ADDRESS)
    address: str = attrs.field(default="", repr=False, metadata=ADDRESS)
    arrived: date | None = attrs.field(default=None, repr=False, metadata=PERSONAL)
    born: date | None = attrs.field(default=None, repr=False, metadata=PERSONAL)
    household: str = attrs.field(default="", repr=False, metadata=ADDRESS)
    identity: str = attrs.field(default="", repr=False, metadata=IDENTITY)
    name: str = attrs.field(default="", repr=False, metadata=NAME)
    sex: Sex | None = attrs.field(default=None, repr=False, metadata=PERSONAL)
    stay: Stay | None = attrs.field(default=None, repr=False, metadata=PERSONAL)

    def row(self) -> dict[str, str]:
        """Return the record as a row of `CASES`."""
        return {
            KEY: self.key,
            "address": self.address,
            "arrived": self.arrived.isoformat() if self.arrived else "",
            "born": self.born.isoformat() if self.born else "",
            "household": self.household,
            "identity": self.identity,
            "name": self.name,
            "residence": self.residence,
            "sex": str(self.sex.value) if self.sex else "",
            "stay": str(self.stay.value) if self.stay else "",
        }


@attrs.frozen
class Change:
    """One change of a person's presence.

    Attributes:
        key: The keyed hash of the identity number.
        change: What happened.
        on: When.
        origin: The code of the division the person came from, if handed over.
        destination: The code of the division the person went to, if handed over.
    """

    key: str = attrs.field(repr=False, metadata=IDENTITY)
    change: ChangeKind = attrs.field(repr=False, metadata=PERSONAL)
    on: date = attrs.field(repr=False, metadata=PERSONAL)
    origin: str = attrs.field(default="", repr=False, metadata=ADDRESS)
    destination: str = attrs.field(default="", repr=False, metadata=ADDRESS)

    def row(self) -> dict[str, str]:
        """Return the record as a row of `CHANGES`."""
        return {
            KEY: self.key,
            "change": str(self.change.value),
            "destination": self.destination,
            "on": self.on.isoformat(),
            "origin": self.origin,
        }


@attrs.frozen
class Tombstone:
    """A case handed over before that is to be deleted.

    Attributes:
        key: The keyed hash of the identity number.
        reason: Why.
    """

    key: str = attrs.field(repr=False, metadata=IDENTITY)
    reason: Deletion

    def row(self) -> dict[str, str]:
        """Return the record as a row of `DELETED`."""
        return {KEY: self.key, "reason": str(self.reason.value)}
