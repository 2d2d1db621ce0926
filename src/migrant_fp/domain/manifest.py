"""The manifest of a package: who hands over what to whom, for which month, on which law, and how it can be checked (二)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date

import attrs
from dateutil.relativedelta import relativedelta

from migrant_fp.domain.clause import LegalBasis
from migrant_fp.domain.errors import Invalid, Problem
from migrant_fp.domain.exchange import Content
from migrant_fp.domain.package_tables import TABLES
from migrant_fp.domain.privacy import Purpose, has_personal_number
from migrant_fp.domain.receipt import Receipt
from migrant_fp.schedule.term import Term

#: The version of the format; a reader refuses every other.
SCHEMA_VERSION = 1
#: The digest that stands for "nothing before": the first link of every chain.
FIRST = "0" * 64
#: How long after the as-of day a receiver may keep rows about persons at the most. The document says nothing; this is ours.
KEPT_AT_MOST = relativedelta(years=2)
_AGENCY = re.compile(
    r"(public_security|family_planning|coordination)/(city|district|town)/[0-9]{4}([0-9]{2}([0-9]{3}){0,2})?"
)
_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_PATH = re.compile(r"data/([a-z]+)(?:-[0-9]{5}\.jsonl\.gz|\.csv)(?:\.sealed)?")
_LABEL = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_NAME = re.compile(r"[!-~]{1,120}")
_HEX = re.compile(r"([0-9a-f]{2}){1,4096}")
_BASIS_TEXTS = ("title", "number", "source", "ended_by")
_MOST = 10**15
_COUNT = 999


class PackageKind(Term):
    """What a package is."""

    STATISTICS = ("statistics", "统计数据")
    CASES = ("cases", "流动人口个案")
    CHANGES = ("changes", "流动人口动态变化信息")
    RECEIPT = ("receipt", "回执")
    CORRECTION = ("correction", "更正请求")

    @property
    def is_about_persons(self) -> bool:
        """Whether its rows are about persons, so that it needs a legal basis in force."""
        return self in {PackageKind.CASES, PackageKind.CHANGES, PackageKind.CORRECTION}

    @property
    def content(self) -> Content | None:
        """What of 二(一) it carries; None for receipts and corrections."""
        return next((one for one in Content if one.value == self.value), None)

    @property
    def tables(self) -> tuple[str, ...]:
        """The tables it may hold; the first is always there."""
        return _TABLES[self.value]


_TABLES = {
    "statistics": ("counts",),
    "cases": ("cases", "deleted"),
    "changes": ("changes", "deleted"),
    "receipt": ("outcomes",),
    "correction": ("corrections",),
}


class PackageAction(Term):
    """Whether a package stands alone or changes what came before (as the dataset actions of SDMX)."""

    SNAPSHOT = ("snapshot", "全量")
    DELTA = ("delta", "增量")


@attrs.frozen
class Resource:
    """One file of a package.

    Attributes:
        path: Its path in the package.
        rows: The number of its rows.
        control_total: Of keyed rows the sum of the first eight hexadecimal digits of each key, of counts their sum.
        size: Its size in bytes, as transported.
        sha256: Its SHA-256 digest, as transported.
        sm3: Its SM3 digest (GB/T 32905), as transported.
    """

    path: str
    rows: int
    control_total: int
    size: int
    sha256: str
    sm3: str

    @property
    def table(self) -> str:
        """The table that its rows belong to."""
        found = _PATH.fullmatch(self.path)
        return found[1] if found else ""


@attrs.frozen
class SealedTo:
    """To whom the files of a package are sealed.

    Attributes:
        algorithm: How.
        key_id: Which key of the receiver.
        wrapped: The content key, wrapped to that key, in hexadecimal digits.
    """

    algorithm: str
    key_id: str
    wrapped: str = attrs.field(repr=False)


def _party(agency: str) -> str:
    return agency.replace("/", ".").replace("_", "-")


@attrs.frozen(kw_only=True)
class Manifest:
    """Everything a package says of itself.

    Attributes:
        sender: The id of the sending agency.
        receiver: The id of the receiving agency.
        kind: What it is.
        period: The month, such as 2011-10.
        as_of: The day whose state it shows.
        due: The last day in time, as the document sets it.
        revision: 1, and one more for each correction of the same hand-over.
        action: Whether it stands alone.
        part: Which part of the hand-over it is, from 1.
        of: How many parts the hand-over has.
        previous: The digest of the manifest before it from this sender to this receiver of this kind; zeros for the first.
        replaces: The digest of the manifest that a later revision takes the place of; empty for a first one.
        basis: The law it rests on; needed where its rows are about persons.
        purpose: For what.
        retain_until: The last day on which the receiver may keep it; needed where its rows are about persons. Not after the last
            day of the law, nor two years after the as-of day.
        chain_head: The head of the sender's audit chain when it was made.
        threshold: Of statistics: counts from 1 to one less than this are suppressed.
        join_key: Of cases: the label of the key under which both offices hashed.
        test: Whether it is a test or a simulation, not a hand-over.
        sealed: To whom the files are sealed, if they are.
        receipt: Of a receipt: what it says.
        resources: Its files.
        schema_version: The version of the format.

    Raises:
        Invalid: If it contradicts itself, rests on a law that was not in force on the as-of day, or holds what looks like the number
            of a person; with every problem.
    """

    sender: str
    receiver: str
    kind: PackageKind
    period: str
    as_of: date
    due: date
    revision: int = 1
    action: PackageAction = PackageAction.SNAPSHOT
    part: int = 1
    of: int = 1
    previous: str = FIRST
    replaces: str = ""
    basis: LegalBasis | None = None
    purpose: Purpose = Purpose.EXCHANGE
    retain_until: date | None = None
    chain_head: str = FIRST
    threshold: int = 0
    join_key: str = ""
    test: bool = False
    sealed: SealedTo | None = None
    receipt: Receipt | None = None
    resources: tuple[Resource, ...] = ()
    schema_version: int = SCHEMA_VERSION

    def __attrs_post_init__(self) -> None:
        """Refuse a manifest that contradicts itself."""
        problems = (*_identity_problems(self), *_content_problems(self), *_resource_problems(self))
        if problems:
            raise Invalid("manifest", problems)

    @property
    def package_id(self) -> str:
        """The id that follows from sender, receiver, kind, period, revision and part: the same hand-over, the same id.

        Example:
            >>> Manifest(
            ...     sender="public_security/district/320411", receiver="family_planning/district/320411",
            ...     kind=PackageKind.STATISTICS, period="2011-10", as_of=date(2011, 10, 8), due=date(2011, 10, 5),
            ...     threshold=10,
            ... ).package_id
            '2011-10.statistics.public-security.district.320411.to.family-planning.district.320411.r1'
        """
        what = self.receipt.label if self.receipt else self.what
        parts = f".p{self.part}of{self.of}" if self.of > 1 else ""
        between = f"{_party(self.sender)}.to.{_party(self.receiver)}"
        return f"{self.period}.{what}.{between}.r{self.revision}{parts}"

    @property
    def what(self) -> str:
        """Its kind; a test has a name and a chain of its own, so that it never stands in the way of a hand-over."""
        return f"{self.kind.value}-test" if self.test else self.kind.value

    @property
    def stream(self) -> tuple[str, str, str]:
        """Whose chain it is a link of: sender, receiver and kind."""
        return (self.sender, self.receiver, self.what)

    @property
    def hand_over(self) -> tuple[str, str, str, str]:
        """Which hand-over it is, whatever its revision and part: sender, receiver, kind and period."""
        return (*self.stream, self.period)

    def is_past_retention(self, today: date) -> bool:
        """Return whether its last day of keeping is past."""
        return self.retain_until is not None and self.retain_until < today

    def require_basis(self, on: date) -> None:
        """Return if the package needs no law, or the one it names is in force on its as-of day and on another.

        Args:
            on: The day on which somebody acts on it.

        Raises:
            NoLegalBasis: If the law has ended.
            NotModelled: If another law governed before it.
        """
        if self.kind.is_about_persons and self.basis is not None:
            what = f"互换{self.kind.zh}（二(一)）"
            self.basis.require(what, self.as_of)
            self.basis.require(what, on)


def _identity_problems(manifest: Manifest) -> Iterator[Problem]:
    for name in ("sender", "receiver"):
        if not _AGENCY.fullmatch(getattr(manifest, name)):
            yield Problem(name, "expected the id of an agency, such as public_security/district/320411")
    if manifest.sender == manifest.receiver:
        yield Problem("receiver", "is the sender; a hand-over is between two offices")
    if not _MONTH.fullmatch(manifest.period):
        yield Problem("period", "expected a month such as 2011-10")
    if manifest.schema_version != SCHEMA_VERSION:
        yield Problem("schema_version", f"expected {SCHEMA_VERSION}: this reader knows no other format")
    yield from _number_problems(manifest)


def _number_problems(manifest: Manifest) -> Iterator[Problem]:
    if not 1 <= manifest.revision <= _COUNT:
        yield Problem("revision", f"expected a number from 1 to {_COUNT}")
    if not 1 <= manifest.part <= manifest.of <= _COUNT:
        yield Problem("part", f"expected part n of m with 1 <= n <= m <= {_COUNT}")
    for name in ("previous", "chain_head", "replaces"):
        given = getattr(manifest, name)
        if not (_DIGEST.fullmatch(given) or (name == "replaces" and not given)):
            yield Problem(name, "expected a digest of 64 hexadecimal digits")
    if (manifest.revision > 1) != bool(manifest.replaces):
        yield Problem("replaces", "belongs to a revision from 2 on: the digest of what it takes the place of")


def _content_problems(manifest: Manifest) -> Iterator[Problem]:
    kind = manifest.kind
    if kind.is_about_persons:
        yield from _basis_problems(manifest)
        yield from _retention_problems(manifest)
    yield from _text_problems(manifest)
    if (kind is PackageKind.STATISTICS) != (manifest.threshold > 0):
        yield Problem("threshold", "expected a number for statistics, and nothing for anything else")
    if kind in {PackageKind.CASES, PackageKind.CORRECTION} and not _LABEL.fullmatch(manifest.join_key):
        yield Problem("join_key", "expected the label of the key that both offices agreed, such as 2011-10-a")
    if (kind is PackageKind.RECEIPT) != (manifest.receipt is not None):
        yield Problem("receipt", "belongs to a receipt and to nothing else")
    if manifest.action is PackageAction.DELTA and manifest.previous == FIRST:
        yield Problem("previous", "is empty; a delta changes what came before and must name it")


def _basis_problems(manifest: Manifest) -> Iterator[Problem]:
    basis, kind = manifest.basis, manifest.kind.value
    if basis is None:
        yield Problem("basis", f"is missing; {kind} are about persons and need a legal basis")
    elif not basis.in_force(manifest.as_of):
        until = basis.until or "now"
        yield Problem(
            "basis", f"was in force from {basis.since} to {until}, and not on the as-of day {manifest.as_of}"
        )


def _retention_problems(manifest: Manifest) -> Iterator[Problem]:
    last = manifest.as_of + KEPT_AT_MOST
    if manifest.basis and manifest.basis.until and manifest.basis.in_force(manifest.as_of):
        last = min(last, manifest.basis.until)
    if manifest.retain_until is None or not manifest.as_of <= manifest.retain_until <= last:
        yield Problem("retain_until", f"expected a last day of keeping from {manifest.as_of} to {last}")


def _text_problems(manifest: Manifest) -> Iterator[Problem]:
    """Yield the texts in which a number of a person travels; the text is not shown."""
    texts = {"join_key": manifest.join_key}
    if manifest.basis:
        texts |= {f"basis.{name}": getattr(manifest.basis, name) for name in _BASIS_TEXTS}
    if manifest.sealed:
        texts |= {f"sealed.{name}": getattr(manifest.sealed, name) for name in ("algorithm", "key_id")}
    for place, text in texts.items():
        if has_personal_number(text):
            yield Problem(place, "holds what looks like the number of a person; leave it out")


def _resource_problems(manifest: Manifest) -> Iterator[Problem]:
    allowed = manifest.kind.tables
    yield from _sealed_problems(manifest.sealed)
    for number, one in enumerate(manifest.resources):
        place = f"resources[{number}]"
        if not _PATH.fullmatch(one.path) or one.table not in allowed:
            yield Problem(place, f"has a path that is not allowed; expected a file of {', '.join(allowed)}")
        if not (_DIGEST.fullmatch(one.sha256) and _DIGEST.fullmatch(one.sm3)):
            yield Problem(place, "has a digest that is not 64 hexadecimal digits")
        if not all(0 <= value <= _MOST for value in (one.rows, one.control_total, one.size)):
            yield Problem(place, f"has a number that is not from 0 to {_MOST}")
    paths = [one.path for one in manifest.resources]
    if paths != [*_paths(manifest)]:
        fact = "are not in the order of their paths, not numbered from 00001 without a gap, or not sealed as the manifest says"
        yield Problem("resources", fact)


def _sealed_problems(sealed: SealedTo | None) -> Iterator[Problem]:
    if sealed is None:
        return
    for name in ("algorithm", "key_id"):
        if not _NAME.fullmatch(getattr(sealed, name)):
            yield Problem(f"sealed.{name}", "expected 1 to 120 visible ASCII characters")
    if not _HEX.fullmatch(sealed.wrapped):
        yield Problem("sealed.wrapped", "expected the wrapped key in hexadecimal digits")


def _paths(manifest: Manifest) -> Iterator[str]:
    """Yield the paths that as many files of each table have."""
    end = ".sealed" if manifest.sealed else ""
    files = Counter(one.table for one in manifest.resources if one.table in TABLES)
    for table, count in sorted(files.items()):
        if TABLES[table].is_keyed:
            yield from (f"data/{table}-{number:05}.jsonl.gz{end}" for number in range(1, count + 1))
        else:
            yield f"data/{table}.csv{end}"
