"""Where a package is read from: a folder, or one zip. Nothing in it is trusted, and nothing is unpacked to disk."""

from __future__ import annotations

import os
import re
import stat
import struct
import zipfile
from collections.abc import Callable, Iterator
from copy import copy
from itertools import islice
from pathlib import Path
from typing import BinaryIO, Protocol

import attrs

from migrant_fp.domain.flaw import Flaw, PackageRule
from migrant_fp.domain.privacy import without_personal_numbers

#: What reading a file that is not what it seems can raise; the zip module leaves much to the modules below it.
UNREADABLE = (zipfile.BadZipFile, OSError, EOFError, ValueError, RuntimeError, OverflowError, struct.error)
_FILE = re.compile(r"(data/)?[A-Za-z0-9][A-Za-z0-9_.-]{0,199}")
_HIDDEN = re.compile(r"[^A-Za-z0-9_./-]")
_UNIX_TYPE = 16
_END, _LOCATOR, _END_64 = 22, 20, 56
_ENTRY = 512
_R = PackageRule


@attrs.frozen
class Limits:
    """What a reader takes at the most; beyond it a package is refused before it costs more.

    Attributes:
        files: Files of a package.
        size: Bytes of all its files as transported.
        ratio: How many times larger a file may become when it is unpacked.
        rows: Rows of one file.
        manifest: Bytes of the manifest, and of each small file beside it.
        sealed: Bytes of one sealed file: it is opened whole, since nothing of it may be used before all is proven.
        flaws: Flaws that are listed; the rest is counted.
    """

    files: int = 1_000
    size: int = 4 * 1024**3
    ratio: int = 200
    rows: int = 100_000
    manifest: int = 1024**2
    sealed: int = 256 * 1024**2
    flaws: int = 1_000


class Source(Protocol):
    """The files of a package, by their path in it.

    Attributes:
        sizes: The size of each file that can be read.
        refused: The paths of what is there and is not taken; a flaw says why.
    """

    sizes: dict[str, int]
    refused: set[str]

    def open(self, path: str) -> BinaryIO:
        """Return a file that is read from its beginning."""
        ...

    def moved(self, place: Path) -> Source:
        """Return the same files after the folder or zip was moved to a place."""
        ...


def shown(path: str) -> str:
    """Return a name that came, as a message or a receipt may show it: no number of a person, no odd character.

    Example:
        >>> shown("data/99999919850301002X 名.txt")
        'data/_____.txt'
    """
    return _HIDDEN.sub("_", without_personal_numbers(path))[:120]


class FolderSource:
    """A package in a folder."""

    def __init__(self, folder: Path, limits: Limits, flaw: Callable[[Flaw], None]) -> None:
        """List what is there; links, odd names and other things that are no files are flaws."""
        self.sizes: dict[str, int] = {}
        self.refused: set[str] = set()
        self._folder = folder
        most = limits.files + 1
        entries = [*islice(self._entries(folder, "", most), most)]
        if len(entries) == most:
            flaw(Flaw(_R.LIMIT, "", None, f"has more than {limits.files} files"))
            return
        for path, entry in entries:
            if entry.is_symlink():
                flaw(Flaw(_R.LINK, shown(path), None, "is a link; expected a file"))
            elif not entry.is_file(follow_symlinks=False):
                flaw(Flaw(_R.FILES, shown(path), None, "is no file; expected files, and the folder data"))
            elif not _FILE.fullmatch(path):
                fact = "has an odd name; expected letters, digits, _, . and -"
                flaw(Flaw(_R.NAME, shown(path), None, fact))
            else:
                self.sizes[path] = entry.stat(follow_symlinks=False).st_size
                continue
            self.refused.add(path)

    def open(self, path: str) -> BinaryIO:
        """Return a file that is read from its beginning; a link or a pipe put in its place meanwhile is refused."""
        *folders, name = path.split("/")
        at = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            for folder in folders:
                above, at = at, os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=at)
                os.close(above)
            handle = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=at)
        finally:
            os.close(at)
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            os.close(handle)
            raise OSError("is no file any more")
        return os.fdopen(handle, "rb")

    def moved(self, place: Path) -> FolderSource:
        """Return the same files after the folder was moved to a place."""
        found = copy(self)
        found._folder = place
        return found

    def _entries(self, folder: Path, prefix: str, most: int) -> Iterator[tuple[str, os.DirEntry[str]]]:
        with os.scandir(folder) as entries:
            for entry in sorted(islice(entries, most), key=lambda one: one.name):
                if entry.name == "data" and not prefix and entry.is_dir(follow_symlinks=False):
                    yield from self._entries(Path(entry.path), "data/", most)
                else:
                    yield prefix + entry.name, entry


class ZipSource:
    """A package in one zip, its entries stored and below one folder that bears the package's name."""

    def __init__(self, archive: Path, limits: Limits, flaw: Callable[[Flaw], None]) -> None:
        """List what is there; whatever a package's zip does not have is a flaw."""
        self.sizes: dict[str, int] = {}
        self.refused: set[str] = set()
        self._entries: dict[str, zipfile.ZipInfo] = {}
        self._top, self._note = archive.name.removesuffix(".zip"), flaw
        rule, fact = self._listed(archive, limits)
        if fact:
            flaw(Flaw(rule, "", None, fact))
            return
        for info in self._zip.infolist():
            self._take(info)

    def open(self, path: str) -> BinaryIO:
        """Return a file that is read from its beginning."""
        found: BinaryIO = self._zip.open(self._entries[path])  # type: ignore[assignment] # it reads bytes
        return found

    def moved(self, place: Path) -> ZipSource:
        """Return itself: the zip is open, wherever it is."""
        del place
        return self

    def _listed(self, archive: Path, limits: Limits) -> tuple[PackageRule, str]:
        """Read the list of entries, if it is not larger than that of a package can be; return what is wrong."""
        many = f"has more than {limits.files} files"
        try:
            with archive.open("rb") as file:
                if _directory_size(file) > limits.files * _ENTRY:
                    return _R.LIMIT, many
            self._zip = zipfile.ZipFile(archive)
        except UNREADABLE as error:
            return _R.CONTAINER, f"is no zip that can be read ({type(error).__name__})"
        infos = self._zip.infolist()
        if len(infos) > limits.files:
            return _R.LIMIT, many
        if sum(one.compress_size for one in infos) > archive.stat().st_size:
            return _R.CONTAINER, "has files that overlap or are larger than the zip itself"
        return _R.CONTAINER, ""

    def _take(self, info: zipfile.ZipInfo) -> None:
        top, _, path = info.filename.partition("/")
        mode = info.external_attr >> _UNIX_TYPE
        if stat.S_ISLNK(mode):
            rule, fact = _R.LINK, "is a link; expected a file"
        elif top != self._top or not _FILE.fullmatch(path) or info.orig_filename != info.filename:
            rule, fact = _R.NAME, "has an odd name; expected the package's name, / and the name of a file"
        elif path in self._entries:
            rule, fact = _R.CONTAINER, "is there twice"
        elif info.compress_type != zipfile.ZIP_STORED or info.flag_bits & 1:
            rule, fact = _R.CONTAINER, "is compressed or encrypted; expected it stored"
        elif info.compress_size != info.file_size:
            rule, fact = _R.CONTAINER, "has two sizes"
        else:
            self._entries[path] = info
            self.sizes[path] = info.file_size
            return
        self.refused.add(path)
        self._note(Flaw(rule, shown(path or top), None, fact))


def _directory_size(file: BinaryIO) -> int:
    """Return the size of a zip's list of entries as its last bytes declare it, before a reader believes them.

    Raises:
        BadZipFile: If the zip does not end there: it is cut off, or has a comment or something else behind it.
    """
    file.seek(0, os.SEEK_END)
    file.seek(-min(file.tell(), _END_64 + _LOCATOR + _END), os.SEEK_END)
    tail = file.read()
    end, locator = tail[-_END:], tail[-_LOCATOR - _END : -_END]
    if len(end) < _END or not end.startswith(b"PK\5\6") or not end.endswith(b"\0\0"):
        raise zipfile.BadZipFile
    if locator.startswith(b"PK\6\7"):
        if not tail.startswith(b"PK\6\6"):
            raise zipfile.BadZipFile
        size: int = struct.unpack_from("<Q", tail, 40)[0]
    else:
        size = struct.unpack_from("<L", end, 12)[0]
    return size
