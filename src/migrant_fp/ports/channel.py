"""The channel: it moves packages from office to office, and knows nothing of what is in them.

A package is a folder named by its id. It holds files and one sub-folder `data` of files, and nothing deeper; the file
`datapackage.json` is its manifest. The manifest is put last, so where it is, the package is whole.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Protocol

import attrs

from migrant_fp.domain.privacy import masked
from migrant_fp.schedule.errors import MigrantFpError

#: The file that makes a package whole.
MANIFEST = "datapackage.json"
#: The one sub-folder of a package.
DATA = "data"

_ID = re.compile(r"[a-z0-9][a-z0-9_.-]{0,199}")
_FILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,199}")
_UNSHOWN = re.compile(r"[^A-Za-z0-9_.~/-]")


def is_package_id(name: str) -> bool:
    """Return whether a name can be the id of a package, a box or a reader: lower case, digits, `_`, `.` and `-`, no `..`.

    Example:
        >>> is_package_id("hand-over_320411_2011-10.r1"), is_package_id("../2011-10"), is_package_id("包")
        (True, False, False)
    """
    return _ID.fullmatch(name) is not None and ".." not in name


def is_file_name(name: str) -> bool:
    """Return whether a name can be that of a file of a package: letters, digits, `_`, `.` and `-`, no `..`.

    Example:
        >>> is_file_name("SHA256SUMS"), is_file_name(".hidden"), is_file_name("a/b")
        (True, False, False)
    """
    return _FILE.fullmatch(name) is not None and ".." not in name


def box_of(agency: str) -> str:
    """Return the name of an agency's box: its id with `-` for `/`.

    Raises:
        OddName: If it is no agency id.

    Example:
        >>> box_of("public_security/district/320411")
        'public_security-district-320411'
    """
    box = agency.replace("/", "-")
    if not is_package_id(box):
        raise OddName.of(agency, fact="expected an agency id, such as public_security/district/320411")
    return box


@attrs.frozen
class Limits:
    """What a receiver takes at most; a package beyond it is refused before it fills the disk.

    Attributes:
        files: How many files one package may have.
        size: How many bytes all its files may have together.
        unfinished: After how many seconds what a sender began to put there and never finished is removed, by that sender.
    """

    files: int = 1_000
    size: int = 4 * 1024**3
    unfinished: int = 24 * 60 * 60


@attrs.frozen
class AlreadyClaimed(MigrantFpError, LookupError):
    """A package cannot be claimed: another reader has it, it is done, or it never came.

    Attributes:
        package: The id of the package.
    """

    package: str

    def __str__(self) -> str:
        """Name the package and what to do."""
        return (
            f"package {masked(self.package)}: another reader has it, or it is gone; expected one that poll() names. "
            "Poll again and go on with the next （已被领取或不存在）"
        )


@attrs.frozen
class NotClaimed(MigrantFpError, LookupError):
    """A package was acknowledged by a reader that does not hold it.

    Attributes:
        package: The id of the package.
    """

    package: str

    def __str__(self) -> str:
        """Name the package and what to do."""
        return (
            f"package {masked(self.package)}: this reader does not hold it, so it cannot be acknowledged; "
            "claim it first （尚未领取）"
        )


@attrs.frozen
class TooLarge(MigrantFpError, ValueError):
    """A package is beyond the limits of its receiver. It stays claimed, to be rejected by its id.

    Attributes:
        package: The id of the package.
        what: What there is too much of: files or bytes.
        limit: The limit; counting stopped there.
    """

    package: str
    what: str
    limit: int

    def __str__(self) -> str:
        """Name the limit and what to do."""
        return (
            f"package {masked(self.package)}: more than {self.limit} {self.what}; ask the sender for smaller packages, or "
            "raise the limits （超出大小限制）"
        )


@attrs.frozen
class OddName(MigrantFpError, ValueError):
    """A name or a thing that does not belong into a package. Characters that a name may not have are shown as `?`.

    Attributes:
        name: The package, agency or reader.
        place: The file or folder in the package, where it is one.
        fact: What is wrong or what was expected.
    """

    name: str
    place: str
    fact: str

    @classmethod
    def of(cls, name: str, place: str = "", *, fact: str) -> OddName:
        """Return the error with its names made fit to be shown: a foreign file name may hold anything."""
        return cls(masked(_UNSHOWN.sub("?", name)), masked(_UNSHOWN.sub("?", place)), fact)

    def __str__(self) -> str:
        """Name the place and the fact."""
        where = f"{self.name}/{self.place}" if self.place else self.name
        return f"{where}: {self.fact} （名称或结构不符合要求）"


@attrs.frozen
class Unreachable(MigrantFpError, OSError):
    """The place of the channel cannot be reached or does not do what was asked. What was under way can be done again.

    Attributes:
        place: The place, without user and password.
        act: What was asked: publish, poll, claim or acknowledge.
        fact: What the file system said: the kind of its error, and its number's meaning where it has one.
    """

    place: str
    act: str
    fact: str

    def __str__(self) -> str:
        """Name the place, the act and what to do."""
        return (
            f"{self.place}: {self.act} did not succeed ({self.fact}). Check the address, the account and the disk, and run "
            "it again: nothing is lost or half-visible （无法访问传输通道）"
        )


class Channel(Protocol):
    """Moves packages between the boxes of agencies. One channel is one party, one reader and one thread.

    Every act may be broken off at any point and done again. A place that cannot be reached raises `Unreachable`.
    """

    def publish(self, to: str, package: Path) -> None:
        """Put a package folder into the box of the agency *to*: its parts first, the manifest last.

        It is not visible before it is whole. Publishing the same id again makes it whole and visible once: after a
        break it is completed; where it waits or is claimed, nothing happens. What is done comes again: a receiver that found
        it damaged asks for that, and takes a package once, however often it comes.

        Raise `OddName` if *to* is no agency id, or the folder is no package.
        """
        ...

    def poll(self) -> tuple[str, ...]:
        """Return the ids, sorted, of whole packages that wait in this party's box or are held by this very reader.

        A reader that was killed so finds again what it had claimed. Names that are no package ids are passed over.
        """
        ...

    def claim(self, name: str, into: Path) -> Path:
        """Take a package for this reader, copy it to *into*/*name* whole or not at all, and return that path.

        Claiming again what this reader holds gives it again.

        Raise `AlreadyClaimed` if another reader has it or it is gone; `OddName` if the name is no package id, or if it
        holds odd names, links or nested folders; `TooLarge` if it is beyond the declared limits. After the last two the
        package stays claimed, so that it can be rejected and acknowledged by its id.
        """
        ...

    def acknowledge(self, name: str) -> None:
        """Take a package that this reader holds out of the box for good; a second time is harmless.

        Raise `NotClaimed` if this reader does not hold it and it is not done.
        """
        ...
