"""Reconciliation: what two case hand-overs of one round say differently, and who is asked to correct it.

Rows are matched by a keyed hash of the identity number. Such a hash is still personal information (个人信息保护法 art. 73: it
is de-identified, not anonymous), so neither it nor a value is shown in a repr.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

import attrs

from migrant_fp.domain.agency import Role
from migrant_fp.domain.privacy import IDENTITY, PERSONAL
from migrant_fp.domain.table import KEY
from migrant_fp.schedule.term import Term

#: What a masked value looks like.
MASK = "***"


class Found(Term):
    """What was found about one key."""

    ONLY_IN_A = ("only_in_a", "仅甲方有")
    ONLY_IN_B = ("only_in_b", "仅乙方有")
    CONFLICT = ("conflict", "两方不一致")


@attrs.frozen
class FieldDifference:
    """One field of which the two sides say different things.

    Attributes:
        name: The name of the field.
        a: What side A says; empty where it says nothing.
        b: What side B says; empty where it says nothing.
    """

    name: str
    a: str = attrs.field(repr=False, metadata=PERSONAL)
    b: str = attrs.field(repr=False, metadata=PERSONAL)


@attrs.frozen
class Difference:
    """What the two sides say differently about one key.

    Attributes:
        key: The keyed hash, 64 hexadecimal digits.
        found: Whether one side alone has it, or both in conflict.
        fields: Of a conflict: the fields that differ, by name.
    """

    key: str = attrs.field(repr=False, metadata=IDENTITY)
    found: Found
    fields: tuple[FieldDifference, ...] = ()

    def masked(self) -> Difference:
        """Return the same without key and values: the kind and the names of the fields stay.

        Example:
            >>> compare_rows("0" * 64, {"sex": "1"}, {"sex": "2"}).masked().fields[0].a
            '***'
        """
        return Difference(
            MASK, self.found, tuple(FieldDifference(field.name, MASK, MASK) for field in self.fields)
        )


@attrs.frozen
class Counts:
    """How many rows agree and differ: what is told first.

    Attributes:
        a: The rows of side A.
        b: The rows of side B.
        only_in_a: The rows that side A alone has.
        only_in_b: The rows that side B alone has.
        conflicting: The rows that both have and that differ in some field.
        fields: By name: in how many rows a field differs.
    """

    a: int
    b: int
    only_in_a: int = 0
    only_in_b: int = 0
    conflicting: int = 0
    fields: tuple[tuple[str, int], ...] = ()

    @property
    def common(self) -> int:
        """The rows that both sides have."""
        return self.a - self.only_in_a

    @property
    def equal(self) -> int:
        """The rows that both sides have and that agree in every field."""
        return self.common - self.conflicting


@attrs.define
class Tally:
    """Counts differences as they pass; an engine adds each and asks for the counts at the end.

    Example:
        >>> tally = Tally()
        >>> tally.add(compare_rows("0" * 64, {"sex": "1"}, {"sex": "2"}))
        >>> tally.counts(a=3, b=3)
        Counts(a=3, b=3, only_in_a=0, only_in_b=0, conflicting=1, fields=(('sex', 1),))
    """

    _kinds: Counter[Found] = attrs.field(factory=Counter, init=False)
    _fields: Counter[str] = attrs.field(factory=Counter, init=False)

    def add(self, difference: Difference) -> None:
        """Count one difference."""
        self._kinds[difference.found] += 1
        for field in difference.fields:
            self._fields[field.name] += 1

    def counts(self, a: int, b: int) -> Counts:
        """Return the counts of sides of *a* and *b* rows."""
        only_in_a, only_in_b, conflicting = (self._kinds[kind] for kind in Found)
        return Counts(a, b, only_in_a, only_in_b, conflicting, tuple(sorted(self._fields.items())))


def row_of(members: Sequence[tuple[str, object]]) -> dict[str, str]:
    """Return the row that the members of a JSON object are; made to be the pairs hook of a JSON decoder.

    Raises:
        ValueError: If a name is given twice, or a value is no text or holds half a character; nothing of them is in
            the message.

    Example:
        >>> row_of([("_key", "0" * 64), ("sex", "1")])["sex"]
        '1'
    """
    row = {name: value for name, value in members if isinstance(value, str)}
    if len(row) != len(members) or not _is_whole("".join(row.values())):
        raise ValueError("a name is given twice, or a value is no text")
    return row


def _is_whole(text: str) -> bool:
    """Return whether text holds no half of a surrogate pair, which JSON can escape and UTF-8 cannot write."""
    try:
        return bool(text.encode()) or not text
    except UnicodeEncodeError:
        return False


def compare_rows(
    key: str, row_a: Mapping[str, str] | None, row_b: Mapping[str, str] | None
) -> Difference | None:
    """Return what two rows of one key say differently, field by field; None where they agree.

    A field that a row does not have counts as empty. A side that has no such row at all is None.

    Raises:
        ValueError: If neither side has a row.

    Example:
        >>> compare_rows("0" * 64, {"sex": "1", "stay": "work"}, {"sex": "2", "stay": "work"})
        Difference(found=<Found.CONFLICT: 'conflict'>, fields=(FieldDifference(name='sex'),))
        >>> compare_rows("0" * 64, {"sex": "1"}, None)
        Difference(found=<Found.ONLY_IN_A: 'only_in_a'>, fields=())
    """
    if row_a is None or row_b is None:
        if row_a is row_b:
            raise ValueError("neither side has a row")
        return Difference(key, Found.ONLY_IN_A if row_b is None else Found.ONLY_IN_B)
    differing = {name for name, _ in row_a.items() ^ row_b.items()} - {KEY}
    fields = tuple(
        FieldDifference(name, row_a.get(name, ""), row_b.get(name, ""))
        for name in sorted(differing)
        if row_a.get(name, "") != row_b.get(name, "")
    )
    return Difference(key, Found.CONFLICT, fields) if fields else None


def _read_only(fields: Mapping[str, Role]) -> Mapping[str, Role]:
    return MappingProxyType(dict(fields))


@attrs.frozen
class Authority:
    """Which party is authoritative for which field: a setting of the two offices, not of the document.

    Attributes:
        default: The party that is authoritative where no other is named.
        fields: By the name of a field: the party that is authoritative for it.

    Example:
        >>> Authority(Role.PUBLIC_SECURITY, {"stay": Role.FAMILY_PLANNING}).of("stay").zh
        '人口计生'
    """

    default: Role
    fields: Mapping[str, Role] = attrs.field(factory=dict, converter=_read_only)

    def of(self, field: str) -> Role:
        """Return the party that is authoritative for a field."""
        return self.fields.get(field, self.default)


@attrs.frozen
class Correction:
    """What one office asks another to correct, or to check.

    Attributes:
        key: The keyed hash of the row.
        field: The field; `_key` where the row itself is missing on one side.
        value: What the authoritative side says; empty: the office is asked to check, and nothing is prescribed.
    """

    key: str = attrs.field(repr=False, metadata=IDENTITY)
    field: str
    value: str = attrs.field(default="", repr=False, metadata=PERSONAL)


def corrections(
    difference: Difference, role_a: Role, role_b: Role, authority: Authority
) -> Iterator[tuple[Role, Correction]]:
    """Yield who is asked to correct what.

    The side that is not authoritative for a field is asked to correct it to what the authoritative side says. Where
    neither side is, or both are offices of the authoritative party, both are asked to check. A row that one side alone
    has is checked by the other. An authoritative side that says nothing prescribes nothing.

    Args:
        difference: What was found.
        role_a: The party of side A.
        role_b: The party of side B.
        authority: Who is authoritative for which field.

    Example:
        >>> found = compare_rows("0" * 64, {"sex": "1"}, {"sex": "2"})
        >>> police, planning = Role.PUBLIC_SECURITY, Role.FAMILY_PLANNING
        >>> [(who, asked)] = corrections(found, police, planning, Authority(police))
        >>> who.zh, asked.field, asked.value
        ('人口计生', 'sex', '1')
    """
    if difference.found is Found.ONLY_IN_A:
        yield role_b, Correction(difference.key, KEY)
    elif difference.found is Found.ONLY_IN_B:
        yield role_a, Correction(difference.key, KEY)
    for field in difference.fields:
        holder = authority.of(field.name)
        if (role_a is holder) == (role_b is holder):
            yield role_a, Correction(difference.key, field.name)
            yield role_b, Correction(difference.key, field.name)
        elif role_a is holder:
            yield role_b, Correction(difference.key, field.name, field.a)
        else:
            yield role_a, Correction(difference.key, field.name, field.b)
