"""The file systems under the channel: what it needs of each, and where fsspec's own ways would not do."""

from __future__ import annotations

import ftplib
import io
import os
import shutil
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO, Protocol

import attrs

from migrant_fp.application.extras import MissingExtra
from migrant_fp.ports.channel import MANIFEST

try:
    from fsspec import get_filesystem_class
    from fsspec.core import split_protocol, url_to_fs
    from fsspec.implementations.local import LocalFileSystem
    from fsspec.spec import AbstractFileSystem
except ImportError as error:
    raise MissingExtra("fsspec", "transport") from error

#: The end of the name of what is being written.
UNFINISHED = "~"
_MARK = b"done\n"
_CHUNK = 1024 * 1024
_FTP_KINDS = {"file": "file", "dir": "directory"}
_FTP_HERE = {"cdir", "pdir"}
_FTP_UNKNOWN = ("500", "502", "504")


class Sink(Protocol):
    """What bytes can be written to."""

    def write(self, data: bytes, /) -> int:
        """Take all of the bytes."""
        ...


@attrs.frozen
class Entry:
    """One line of a listing. The kind is file, directory or another; a size that is not told is -1."""

    name: str
    kind: str
    size: int


class Place:
    """What the channel needs of a file system; paths are those of fsspec.

    Attributes:
        files: The file system of fsspec.
        renames_folders: Whether it renames a folder in one step; fsspec's own `mv` copies and deletes.
    """

    def __init__(self, files: AbstractFileSystem) -> None:
        """Take the file system."""
        self.files = files
        self.renames_folders = type(files).mv is not AbstractFileSystem.mv or hasattr(type(files), "_mv")

    def entries(self, path: str) -> list[Entry]:
        """Return what is in a folder; nothing if it is not there."""
        self.files.invalidate_cache()
        try:
            rows = self.files.ls(path, detail=True)
        except FileNotFoundError:
            return []
        return [_entry(row, path) for row in rows if row["name"].rstrip("/") != path]

    def has(self, path: str) -> bool:
        """Return whether something is there; fsspec's `exists` takes a broken connection for a no."""
        self.files.invalidate_cache()
        try:
            self.files.info(path)
        except FileNotFoundError:
            return False
        return True

    def make(self, path: str) -> None:
        """Make a folder and those above it, where they are not there."""
        if self.has(path):
            return
        if above := path.rpartition("/")[0]:
            self.make(above)
        self.files.invalidate_cache()
        try:
            self.files.mkdir(path, create_parents=False)
        except Exception:  # another process may have made it meanwhile
            if not self.has(path):
                raise
        self.settle(above)

    def put(self, source: Path, path: str) -> None:
        """Write a local file to a path."""
        self.files.put_file(str(source), path)

    def mark(self, path: str, content: bytes = _MARK) -> None:
        """Set a mark: a few bytes."""
        self.files.pipe_file(path, content)

    def fetch(self, path: str, target: Sink) -> None:
        """Read a file and write its bytes to the target."""
        with self.files.open(path, "rb") as source:
            shutil.copyfileobj(source, target, _CHUNK)

    def rename(self, old: str, new: str) -> None:
        """Rename a file or folder; nothing is at the new path."""
        self.files.mv(old, new)

    def unlink(self, path: str) -> None:
        """Remove a file or a link."""
        self.files.rm_file(path)

    def rmdir(self, path: str) -> None:
        """Remove an empty folder."""
        self.files.rmdir(path)

    def settle(self, path: str) -> None:
        """Make what was changed in a folder survive a power cut, where that is in our hands."""

    def close(self) -> None:
        """Give the connection up, where there is one."""

    def walk(self, path: str) -> tuple[list[str], list[str]]:
        """Return the folders from a path down, and the files in them; links are files."""
        folders, files = [path], list[str]()
        for folder in folders:
            for entry in self.entries(folder):
                (folders if entry.kind == "directory" else files).append(f"{folder}/{entry.name}")
        return folders, files

    def remove(self, path: str) -> None:
        """Remove a folder with all it holds, its manifest first; nothing if it is not there."""
        if not self.has(path):
            return
        folders, files = self.walk(path)
        for file in sorted(files, key=f"{path}/{MANIFEST}".__ne__):
            with suppress(FileNotFoundError):
                self.unlink(file)
        for folder in reversed(folders):
            with suppress(FileNotFoundError):
                self.rmdir(folder)

    def move(self, old: str, new: str) -> None:
        """Move a package: in one step, or, where there is none, a whole copy before the original is touched."""
        if self.renames_folders:
            self.rename(old, new)
            self.settle(old.rpartition("/")[0])
            self.settle(new.rpartition("/")[0])
            return
        _, files = self.walk(old)
        for file in sorted(files, key=f"{old}/{MANIFEST}".__eq__):
            target = new + file.removeprefix(old)
            self.make(target.rpartition("/")[0])
            self.files.cp_file(file, target)
        self.remove(old)


class _Folder(Place):
    """A local folder: the system's own rename, and what is written is flushed to the disk."""

    def put(self, source: Path, path: str) -> None:
        with source.open("rb") as opened, Path(path).open("wb") as target:
            shutil.copyfileobj(opened, target, _CHUNK)
            flush(target)

    def mark(self, path: str, content: bytes = _MARK) -> None:
        with Path(path).open("wb") as target:
            target.write(content)
            flush(target)
        self.settle(path.rpartition("/")[0])

    def rename(self, old: str, new: str) -> None:
        Path(old).rename(new)  # fsspec moves into a folder that exists, and copies where a rename fails

    def unlink(self, path: str) -> None:
        Path(path).unlink()

    def settle(self, path: str) -> None:
        flush_folder(Path(path or "/"))


class _Ftp(Place):
    """FTP: one transfer a file, and an error that will pass is not taken for a missing file."""

    def entries(self, path: str) -> list[Entry]:
        try:
            rows = [
                (name, facts) for name, facts in self.files.ftp.mlsd(path) if facts["type"] not in _FTP_HERE
            ]
        except ftplib.error_perm as refused:
            return super().entries(path) if str(refused).startswith(_FTP_UNKNOWN) else []
        return [
            Entry(name, _FTP_KINDS.get(facts["type"], facts["type"]), int(facts.get("size", -1)))
            for name, facts in rows
            if name not in {".", ".."}
        ]

    def has(self, path: str) -> bool:
        folder, _, name = path.rpartition("/")
        return not name or any(entry.name == name for entry in self.entries(folder or "/"))

    def put(self, source: Path, path: str) -> None:
        with source.open("rb") as opened:
            self.files.ftp.storbinary(f"STOR {path}", opened, _CHUNK)

    def mark(self, path: str, content: bytes = _MARK) -> None:
        self.files.ftp.storbinary(f"STOR {path}", io.BytesIO(content))

    def fetch(self, path: str, target: Sink) -> None:
        self.files.ftp.retrbinary(f"RETR {path}", target.write, _CHUNK)

    def unlink(self, path: str) -> None:
        self.files.ftp.delete(path)

    def close(self) -> None:
        self.files.ftp.close()


class _Sftp(Place):
    """SFTP through paramiko."""

    def fetch(self, path: str, target: Sink) -> None:
        self.files.ftp.getfo(path, target, max_concurrent_prefetch_requests=64)

    def rename(self, old: str, new: str) -> None:
        try:
            self.files.mv(old, new)
        except (
            OSError
        ):  # a server without the extension posix-rename, or a real failure, which will fail again
            self.files.ftp.rename(old, new)

    def unlink(self, path: str) -> None:
        self.files.ftp.remove(path)

    def close(self) -> None:
        self.files.client.close()


class _Sshfs(Place):
    """SFTP through sshfs, whose `rmdir` does nothing and whose `rm` removes an empty folder."""

    def rmdir(self, path: str) -> None:
        self.files.rm(path)


def _entry(row: Mapping[str, Any], path: str) -> Entry:
    kind = "link" if row.get("islink") else row["type"]
    size = row.get("size")
    return Entry(row["name"].rstrip("/").removeprefix(f"{path}/"), kind, -1 if size is None else size)


def flush(file: BinaryIO) -> None:
    """Write a file through to the disk."""
    file.flush()
    os.fsync(file.fileno())


def flush_folder(path: Path) -> None:
    """Write the names in a folder through to the disk; Windows does so by itself and has no call for it."""
    if os.name == "nt":
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def connected(url: str, options: Mapping[str, Any]) -> tuple[Place, str]:
    """Connect to what a URL of fsspec names, with a connection of its own, and return it with the path of the URL.

    Raises:
        Exception: Whatever fsspec and the library of the protocol raise; the channel wraps it.
    """
    kind = get_filesystem_class(split_protocol(url)[0] or "file")
    files, path = url_to_fs(url, skip_instance_cache=True, **_guarded(kind, options))
    return _kind(files)(files), files._strip_protocol(path).rstrip("/")


def _kind(files: AbstractFileSystem) -> type[Place]:
    if isinstance(files, LocalFileSystem):
        return _Folder
    if _is_of(type(files), "sshfs.spec"):
        return _Sshfs
    if isinstance(getattr(files, "ftp", None), ftplib.FTP):
        return _Ftp
    return _Sftp if hasattr(files, "ftp") else Place


def _is_of(kind: type, module: str) -> bool:
    return any(one.__module__ == module for one in kind.__mro__)


def _guarded(kind: type, options: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the options for SSH such that only a server whose key is known is believed; fsspec believes any."""
    if _is_of(kind, "sshfs.spec"):
        return {"known_hosts": (), **options}
    if not _is_of(kind, "fsspec.implementations.sftp") or "host_key_policy" in options:
        return options
    rest = {key: value for key, value in options.items() if key != "known_hosts"}
    file = options.get("known_hosts", Path.home() / ".ssh" / "known_hosts")
    return {**rest, "host_key_policy": _known_hosts(Path(file))}


def _known_hosts(file: Path) -> object:
    """Return the policy of paramiko that asks a file, before anything secret is sent."""
    import paramiko  # noqa: PLC0415 - only this kind of place needs it
    from fsspec.implementations import sftp  # noqa: PLC0415 - the same

    if not hasattr(sftp, "HOST_KEY_POLICIES"):
        raise ConnectionRefusedError(
            0, "this fsspec cannot check the key of a server; install sshfs or a newer fsspec"
        )

    def missing_host_key(_: object, __: object, hostname: str, key: Any) -> None:  # noqa: ANN401 - a key of paramiko
        if not (file.exists() and paramiko.HostKeys(str(file)).check(hostname, key)):
            raise ConnectionRefusedError(
                0, "the key of the server is not in known_hosts; check it, then add it"
            )

    policy = type("KnownHosts", (paramiko.MissingHostKeyPolicy,), {"missing_host_key": missing_host_key})
    return policy()
