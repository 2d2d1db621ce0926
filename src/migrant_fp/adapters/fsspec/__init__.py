"""The channel on fsspec: a folder, SFTP, FTP, memory and whatever else fsspec reaches, behind one URL.

    <root>/<box>/<id>/...                    waits, as soon as its manifest is there
    <root>/<box>/_claimed/<reader>/<id>/...  held by a reader
    <root>/<box>/_done/<id>                  acknowledged: a mark, nothing of the package
    <root>/<box>/_coming/<sender>~<id>       being put there by a sender: a mark, until it is whole

A name that ends in `~` is being written. A part is written under such a name, then renamed; the manifest comes last.
A claim renames the folder of the package, in one step: of two readers one gets it. An acknowledgement sets the mark,
then removes the package; the sender looks for the package and its claim before it publishes again. What is done comes
again when it is published again: a receiver that found it damaged asks for that.

`kill -9` between two steps leaves: parts without a manifest (not visible; published again, all are written anew, and what
is not published again is removed when its sender publishes something else there a day later); a
claimed package without a local copy, or a half one named `<id>~` (polled again by the same reader); a mark beside a
package (not polled; the next poll of its reader removes the rest). On a local folder each file and folder is flushed to
the disk before the rename that makes it visible.

What object stores and `memory://` cannot keep: they have no rename of a folder, only copy and delete. There a claim
copies the package, its manifest last, and then deletes the original, its manifest first. Nothing is lost or
half-visible, but two readers at the same moment may both get a package. Use one reader there.

One sender publishes into a box under one id at a time. A sender needs to read and list the receiver's box.
"""

from __future__ import annotations

import io
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

import attrs

from migrant_fp.adapters.fsspec.contents import Half, flat, parts_of
from migrant_fp.adapters.fsspec.place import UNFINISHED, Place, connected
from migrant_fp.ports.channel import (
    DATA,
    MANIFEST,
    AlreadyClaimed,
    Limits,
    NotClaimed,
    OddName,
    TooLarge,
    Unreachable,
    box_of,
    is_package_id,
)
from migrant_fp.schedule.errors import MigrantFpError

_CLAIMED, _DONE, _COMING = "_claimed", "_done", "_coming"


@attrs.define(eq=False)
class FsspecChannel:
    """The boxes of agencies in one place, as one reader of one agency uses them.

    It connects when it is first used, and again after an error. Where packages are renamed in one step (a folder, SFTP,
    FTP) the root must exist: a share that is not mounted is an error, not an empty box. SSH servers are believed only
    if their key is in `known_hosts`.

    Attributes:
        me: The agency id of this party.
        reader: The name of this reader, for a party that has several.
        limits: What is taken at most.

    Raises:
        OddName: If `me` is no agency id, or the reader's name is none.

    Example:
        >>> from tempfile import mkdtemp
        >>> here, package = Path(mkdtemp()), Path(mkdtemp()) / "2011-10.r1"
        >>> package.mkdir()
        >>> _ = (package / "datapackage.json").write_text("{}")
        >>> FsspecChannel(str(here), me="public_security/district/320411").publish(
        ...     "family_planning/district/320411", package
        ... )
        >>> inbox = FsspecChannel(str(here), me="family_planning/district/320411")
        >>> inbox.poll()
        ('2011-10.r1',)
        >>> inbox.claim("2011-10.r1", Path(mkdtemp())).name
        '2011-10.r1'
        >>> inbox.acknowledge("2011-10.r1"), inbox.poll()
        (None, ())
    """

    _url: str = attrs.field(repr=False)
    me: str
    reader: str = "1"
    limits: Limits = attrs.field(factory=Limits)
    _options: Mapping[str, Any] = attrs.field(factory=dict, repr=False)
    _place: Place | None = attrs.field(default=None, init=False, repr=False)
    _root: str = attrs.field(default="", init=False, repr=False)

    def __attrs_post_init__(self) -> None:
        """Refuse names that could lead out of the place."""
        box_of(self.me)
        if not is_package_id(self.reader):
            raise OddName.of(self.reader, fact="expected a reader's name of lower case letters and digits")

    @property
    def place(self) -> str:
        """The place, without user and password."""
        scheme, colon, rest = self._url.partition("://")
        return f"{scheme}{colon}{rest.rpartition('@')[2].partition('?')[0]}"

    def publish(self, to: str, package: Path) -> None:
        """Put a package folder into the box of the agency *to*: its parts first, the manifest last.

        Raises:
            OddName: If *to* is no agency id, or the folder is no package.
            Unreachable: If the place cannot be reached; do it again.
        """
        name, box, parts = package.name, box_of(to), parts_of(package)
        with self._reaching("publish") as place:
            box = f"{self._root}/{box}"
            self._sweep(place, box)
            _finish(place, box, name)
            folder, coming = f"{box}/{name}", f"{box}/{_COMING}/{box_of(self.me)}{UNFINISHED}{name}"
            if _is_known(place, box, name):
                if place.has(coming):
                    place.unlink(coming)
                return
            place.remove(folder)  # what a broken publication left
            place.make(f"{box}/{_COMING}")
            place.mark(coming, str(int(time.time())).encode())
            place.make(folder)
            for part in parts:
                _put(place, package, part, folder)
            _compare(place, folder, package, parts)
            _put(place, package, MANIFEST, folder)
            place.settle(box)
            place.unlink(coming)

    def poll(self) -> tuple[str, ...]:
        """Return the ids, sorted, of whole packages that wait in this party's box or are held by this very reader.

        It also finishes acknowledgements that were broken off.

        Raises:
            Unreachable: If the place cannot be reached.
        """
        with self._reaching("poll") as place:
            done = {entry.name for entry in place.entries(f"{self._box}/{_DONE}")}
            found: set[str] = set()
            for folder in (self._held, self._box):
                names = {
                    e.name for e in place.entries(folder) if e.kind == "directory" and is_package_id(e.name)
                }
                for name in names & done:
                    place.remove(f"{folder}/{name}")
                found |= {name for name in names - done if place.has(f"{folder}/{name}/{MANIFEST}")}
            return tuple(sorted(found))

    def claim(self, name: str, into: Path) -> Path:
        """Take a package for this reader, copy it to *into*/*name* whole or not at all, and return that path.

        Raises:
            AlreadyClaimed: If another reader has it or it is gone.
            OddName: If the name is no package id, or it holds odd names, links or nested folders.
            TooLarge: If it is beyond the limits.
            Unreachable: If the place cannot be reached; do it again.
        """
        _checked(name)
        with self._reaching("claim") as place:
            self._take(place, name)
            held = f"{self._held}/{name}"
            parts = flat(name, place.entries(held), place.entries(f"{held}/{DATA}"))
            self._within_limits(name, parts)
            with Half(into / name, self.limits.size) as half:
                _copy(place, held, parts, half)
                return half.finish()

    def acknowledge(self, name: str) -> None:
        """Take a package that this reader holds out of the box for good; a second time is harmless.

        Raises:
            OddName: If the name is no package id.
            NotClaimed: If this reader does not hold it and it is not done.
            Unreachable: If the place cannot be reached; do it again.
        """
        _checked(name)
        with self._reaching("acknowledge") as place:
            held, mark = f"{self._held}/{name}", f"{self._box}/{_DONE}/{name}"
            if not place.has(mark):
                if not place.has(f"{held}/{MANIFEST}"):
                    raise NotClaimed(name)
                place.make(f"{self._box}/{_DONE}")
                place.mark(mark)
            place.remove(held)

    def close(self) -> None:
        """Close the connection; the next act opens another."""
        if self._place is not None:
            with suppress(Exception):
                self._place.close()
        self._place = None

    @property
    def _box(self) -> str:
        return f"{self._root}/{box_of(self.me)}"

    @property
    def _held(self) -> str:
        return f"{self._box}/{_CLAIMED}/{self.reader}"

    @contextmanager
    def _reaching(self, act: str) -> Iterator[Place]:
        """Connect, and wrap whatever the libraries of the protocols raise; each has errors of its own."""
        try:
            if self._place is None:
                self._place, self._root = connected(self._url, self._options)
            if self._place.renames_folders and not self._place.has(self._root or "/"):
                raise FileNotFoundError(0, "the root folder is not there; make it, or mount the share")  # noqa: TRY301
            yield self._place
        except (AlreadyClaimed, NotClaimed, OddName):
            raise
        except MigrantFpError:
            self.close()
            raise
        except Exception as error:
            self.close()
            raise Unreachable(self.place, act, _fact(error)) from error
        except BaseException:
            self.close()
            raise

    def _take(self, place: Place, name: str) -> None:
        held, waiting = f"{self._held}/{name}", f"{self._box}/{name}"
        done = place.has(f"{self._box}/{_DONE}/{name}")
        if not done and place.has(f"{held}/{MANIFEST}"):
            place.remove(waiting)
            return
        if done or not place.has(f"{waiting}/{MANIFEST}"):
            raise AlreadyClaimed(name)
        place.make(self._held)
        place.remove(held)  # what a broken copy left
        try:
            place.move(waiting, held)
        except Exception:
            if place.has(f"{waiting}/{MANIFEST}"):
                raise
            raise AlreadyClaimed(name) from None

    def _sweep(self, place: Place, box: str) -> None:
        """Remove what broken publications of this sender left long ago: parts that nobody will ever see."""
        mine = box_of(self.me) + UNFINISHED
        for entry in place.entries(f"{box}/{_COMING}"):
            name, mark = entry.name.removeprefix(mine), f"{box}/{_COMING}/{entry.name}"
            if not (entry.name.startswith(mine) and is_package_id(name)):
                continue
            begun = _begun(place, mark)
            if begun.isdigit() and time.time() - int(begun) > self.limits.unfinished:
                if not place.has(f"{box}/{name}/{MANIFEST}"):
                    place.remove(f"{box}/{name}")
                place.unlink(mark)
            elif not begun.isdigit():  # broken off before anything else was put there
                place.unlink(mark)

    def _within_limits(self, name: str, parts: list[tuple[str, int]]) -> None:
        if len(parts) > self.limits.files:
            raise TooLarge(name, "files", self.limits.files)
        if sum(size for _, size in parts) > self.limits.size:
            raise TooLarge(name, "bytes", self.limits.size)


def _checked(name: str) -> None:
    if not is_package_id(name):
        raise OddName.of(name, fact="expected a package id, such as poll() returns")


def _is_known(place: Place, box: str, name: str) -> bool:
    # In the order in which a package goes on, so that one that moves meanwhile is not missed.
    if place.has(f"{box}/{name}/{MANIFEST}"):
        return True
    readers = [entry.name for entry in place.entries(f"{box}/{_CLAIMED}")]
    claims = (f"{box}/{_CLAIMED}/{reader}/{name}/{MANIFEST}" for reader in readers)
    return any(map(place.has, claims))


def _begun(place: Place, mark: str) -> bytes:
    content = io.BytesIO()
    place.fetch(mark, content)
    return content.getvalue()[:20].strip()


def _finish(place: Place, box: str, name: str) -> None:
    """Take away what an acknowledgement left, so that the package can come again."""
    mark = f"{box}/{_DONE}/{name}"
    if not place.has(mark):
        return
    for reader in place.entries(f"{box}/{_CLAIMED}"):
        place.remove(f"{box}/{_CLAIMED}/{reader.name}/{name}")
    place.remove(f"{box}/{name}")
    place.unlink(mark)
    place.settle(f"{box}/{_DONE}")


def _put(place: Place, package: Path, part: str, folder: str) -> None:
    path = f"{folder}/{part}"
    place.make(path.rpartition("/")[0])
    place.put(package / part, path + UNFINISHED)
    place.rename(path + UNFINISHED, path)
    place.settle(path.rpartition("/")[0])


def _copy(place: Place, held: str, parts: list[tuple[str, int]], half: Half) -> None:
    for part, size in parts:
        came = half.add(part, partial(place.fetch, f"{held}/{part}"))
        if size not in {-1, came}:
            raise ConnectionError(0, f"a file came with {came} bytes of {size}")


def _compare(place: Place, folder: str, package: Path, parts: tuple[str, ...]) -> None:
    """Fail before the manifest is put if a part did not arrive with its size."""
    came = dict(flat(package.name, place.entries(folder), place.entries(f"{folder}/{DATA}")))
    short = [part for part in parts if came.get(part) not in {-1, (package / part).stat().st_size}]
    if short:
        raise ConnectionError(0, f"{len(short)} of {len(parts)} files did not arrive whole")


def _fact(error: Exception) -> str:
    """Return what can be shown of a foreign error: its text may hold the URL with the password."""
    kind = type(error).__name__
    if isinstance(error, ImportError) or str(error).startswith("Protocol not known"):
        return f"{kind}: {error}"
    return f"{kind}: {error.strerror}" if isinstance(error, OSError) and error.strerror else kind
