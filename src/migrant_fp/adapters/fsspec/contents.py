"""Packages as folders: what one may hold, and a local copy that is whole or not there."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Self

import attrs

from migrant_fp.adapters.fsspec.place import UNFINISHED, Entry, Sink, flush, flush_folder
from migrant_fp.ports.channel import DATA, MANIFEST, OddName, TooLarge, is_file_name, is_package_id


def parts_of(package: Path) -> tuple[str, ...]:
    """Return the files of a local package, without its manifest.

    Raises:
        OddName: If the folder is no package.
    """
    name = package.name
    if not is_package_id(name) or package.is_symlink() or not (package / MANIFEST).is_file():
        raise OddName.of(name, fact=f"expected a folder named by a package id, with a {MANIFEST} in it")
    entries = [_entry(one) for one in package.iterdir()]
    below = [_entry(one) for one in (package / DATA).iterdir()] if (package / DATA).is_dir() else []
    return tuple(part for part, _ in flat(name, entries, below) if part != MANIFEST)


def _entry(path: Path) -> Entry:
    if path.is_symlink() or not (path.is_dir() or path.is_file()):
        return Entry(path.name, "link", 0)
    return (
        Entry(path.name, "directory", 0) if path.is_dir() else Entry(path.name, "file", path.stat().st_size)
    )


def flat(name: str, entries: Iterable[Entry], below: Iterable[Entry]) -> list[tuple[str, int]]:
    """Return the paths and sizes of the files of a package.

    Args:
        name: The id of the package.
        entries: What its folder holds.
        below: What its data folder holds.

    Raises:
        OddName: If it holds anything but files and one data folder of files.
    """
    top = [("", one) for one in entries if (one.name, one.kind) != (DATA, "directory")]
    found = []
    for prefix, entry in [*top, *((f"{DATA}/", one) for one in below)]:
        part = prefix + entry.name
        if part == MANIFEST + UNFINISHED:
            continue  # left where a rename is a copy
        if entry.kind != "file":
            fact = "a nested folder" if entry.kind == "directory" else "a link or a device"
            raise OddName.of(name, part, fact=f"is {fact}; expected files, and one folder {DATA} of files")
        if not is_file_name(entry.name):
            raise OddName.of(name, part, fact="expected letters, digits, _, . and - in a file name")
        found.append((part, entry.size))
    return sorted(found)


@attrs.define
class Half:
    """A local copy under way: it stands beside its place under another name until it is whole.

    Entered, it starts anew, whatever a broken copy left; left unfinished, it is removed.

    Attributes:
        target: Where it will be.
        limit: How many bytes it may have.
    """

    target: Path
    limit: int
    _left: int = attrs.field(init=False, default=attrs.Factory(lambda self: self.limit, takes_self=True))

    @property
    def _path(self) -> Path:
        return self.target.with_name(self.target.name + UNFINISHED)

    def __enter__(self) -> Self:
        """Start with an empty folder."""
        _clear(self._path)
        self._path.mkdir(parents=True)
        return self

    def __exit__(self, *_: object) -> None:
        """Remove what was not finished."""
        _clear(self._path)

    def add(self, part: str, fetch: Callable[[Sink], None]) -> int:
        """Add one file, flushed to the disk, and return how many bytes came.

        Raises:
            TooLarge: If more came than was left, whatever a listing said.
        """
        path = self._path / part
        path.parent.mkdir(exist_ok=True)
        with path.open("xb") as file:
            sink = _Bounded(file, self._left)
            try:
                fetch(sink)
            except OverflowError:
                raise TooLarge(self.target.name, "bytes", self.limit) from None
            flush(file)
        came, self._left = self._left - sink.left, sink.left
        return came

    def finish(self) -> Path:
        """Put the copy in its place; one that is there already gives way."""
        for folder in (self._path / DATA, self._path):
            if folder.is_dir():
                flush_folder(folder)
        old = self.target.with_name(f"{self.target.name}{UNFINISHED}old")
        _clear(old)
        if self.target.exists():
            self.target.rename(old)
        self._path.rename(self.target)
        flush_folder(self.target.parent)
        _clear(old)
        return self.target


def _clear(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


@attrs.define
class _Bounded:
    """Takes so many bytes and no more."""

    file: Sink
    left: int

    def write(self, data: bytes, /) -> int:
        self.left -= len(data)
        if self.left < 0:
            raise OverflowError
        return self.file.write(data)
