"""The channel keeps its contract on a folder, in memory, and on real SFTP and FTP servers; and at every crash point."""

import ftplib
import getpass
import inspect
import itertools
import os
import shutil
import socket
import subprocess
import sys
import threading
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import quote

import fsspec
import pytest
from fsspec.implementations.memory import MemoryFileSystem
from hypothesis import given
from hypothesis import strategies as st

import migrant_fp.adapters.fsspec as adapter
from migrant_fp.adapters.fsspec import FsspecChannel
from migrant_fp.ports.channel import (
    MANIFEST,
    AlreadyClaimed,
    Channel,
    Limits,
    NotClaimed,
    OddName,
    TooLarge,
    Unreachable,
    box_of,
    is_file_name,
    is_package_id,
)
from migrant_fp.schedule.errors import MigrantFpError
from migrant_fp.testing.channel import ChannelContract

SENDER, RECEIVER = "public_security/district/999999", "family_planning/district/999999"
BOX = "family_planning-district-999999"
NAME = "999999-2031-10.r1"
FILES = {
    MANIFEST: b'{"example": true}\n',
    "SHA256SUMS": b"",
    "data/a.csv": b"a" * 300,
    "data/b.csv": b"b" * 500,
}
SSHD = Path("/usr/sbin/sshd")


def _write(folder: Path, files: Mapping[str, bytes] = FILES) -> Path:
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    return folder


def _read(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def _missing(package: str) -> None:
    """A server that is not installed fails the gate, and elsewhere skips."""
    text = f"no {package} on this machine: its tests did not run"
    if os.environ.get("CI") == "true":
        pytest.fail(text)
    pytest.skip(text)


class Places(ChannelContract):
    """A contract over an URL; every channel that was made is closed."""

    url: str
    options: Mapping[str, Any] = {}
    root: Path

    @pytest.fixture(autouse=True)
    def _closed(self) -> Iterator[None]:
        self.channels: list[FsspecChannel] = []
        yield
        for channel in self.channels:
            channel.close()

    def make(self, me: str, reader: str = "1") -> Channel:
        channel = FsspecChannel(self.url, me, reader, self.limits, self.options)
        self.channels.append(channel)
        return channel

    def plant(self, agency: str, name: str, files: Mapping[str, bytes]) -> None:
        _write(self.root / agency.replace("/", "-") / name, files)


class WithLinks(Places):
    """A place whose root is a folder of this machine, in which a stranger can make links."""

    def test_a_link_is_refused(self, tmp_path: Path) -> None:
        held = _write(self.root / BOX / NAME)
        (held / "data" / "link.csv").symlink_to(_write(tmp_path / "outside") / MANIFEST)

        with pytest.raises(OddName, match="link"):
            self.make(RECEIVER).claim(NAME, tmp_path / "in")
        assert not (tmp_path / "in" / NAME).exists()

    def test_a_data_folder_that_is_a_link_is_refused(self, tmp_path: Path) -> None:
        held = _write(self.root / BOX / NAME, {MANIFEST: b"{}"})
        (held / "data").symlink_to(_write(tmp_path / "outside"), target_is_directory=True)

        with pytest.raises(OddName, match="link"):
            self.make(RECEIVER).claim(NAME, tmp_path / "in")

    def test_a_rejected_link_is_removed_and_not_what_it_points_to(self, tmp_path: Path) -> None:
        outside, held = _write(tmp_path / "outside"), _write(self.root / BOX / NAME)
        (held / "data" / "link").symlink_to(outside, target_is_directory=True)
        channel = self.make(RECEIVER)
        with pytest.raises(OddName):
            channel.claim(NAME, tmp_path / "in")
        channel.acknowledge(NAME)

        assert _read(outside) == FILES
        assert list(_read(self.root)) == [f"{BOX}/_done/{NAME}"], list(self.root.rglob("*"))

    def test_a_root_that_is_not_there_is_an_error_and_not_an_empty_box(self) -> None:
        self.root.rmdir()

        with pytest.raises(Unreachable, match=r"the root folder is not there|No such file"):
            self.make(RECEIVER).poll()
        assert not self.root.exists()

    def test_a_folder_that_cannot_be_made_is_an_error_and_what_waits_stays(self, tmp_path: Path) -> None:
        self.make(SENDER).publish(RECEIVER, _write(tmp_path / NAME))
        (self.root / BOX / "_claimed").write_bytes(b"in the way")

        with pytest.raises(Unreachable):
            self.make(RECEIVER).claim(NAME, tmp_path / "in")
        (self.root / BOX / "_claimed").unlink()
        assert self.make(RECEIVER).poll() == (NAME,)

    def test_acknowledged_nothing_of_a_package_is_left_but_its_mark(self, tmp_path: Path) -> None:
        self.make(SENDER).publish(RECEIVER, _write(tmp_path / NAME))
        channel = self.make(RECEIVER)
        channel.claim(NAME, tmp_path / "in")
        channel.acknowledge(NAME)

        left = [path.relative_to(self.root).as_posix() for path in sorted(self.root.rglob("*"))]
        assert left == [
            BOX,
            *(f"{BOX}/{it}" for it in ("_claimed", "_claimed/1", "_coming", "_done", f"_done/{NAME}")),
        ]
        assert (self.root / BOX / "_done" / NAME).read_bytes() == b"done\n"

    def test_a_claimed_folder_without_a_manifest_gives_way(self, tmp_path: Path) -> None:
        _write(self.root / BOX / "_claimed" / "1" / NAME, {"data/stale.csv": b"stale"})
        self.make(SENDER).publish(RECEIVER, _write(tmp_path / NAME))

        assert _read(self.make(RECEIVER).claim(NAME, tmp_path / "in")) == FILES

    def test_after_a_broken_connection_it_connects_again(self, tmp_path: Path) -> None:
        self.make(SENDER).publish(RECEIVER, _write(tmp_path / NAME))
        channel = self.make(RECEIVER)
        channel.poll()
        channel.close()

        assert channel.poll() == (NAME,)


class TestFolder(WithLinks):
    @pytest.fixture(autouse=True)
    def _place(self, tmp_path_factory: pytest.TempPathFactory) -> None:
        self.root = tmp_path_factory.mktemp("前置机 1")
        self.url = str(self.root)


def test_a_file_url_and_a_plain_path_are_the_same_place(tmp_path: Path) -> None:
    FsspecChannel(f"file://{tmp_path}", SENDER).publish(RECEIVER, _write(tmp_path / NAME))

    assert FsspecChannel(str(tmp_path), RECEIVER).poll() == (NAME,)


class TestMemory(Places):
    no_atomic_rename = (
        "memory:// renames by copy and delete, so two readers at the same moment may both get a package"
    )

    @pytest.fixture(autouse=True)
    def _place(self) -> None:
        self.url = f"memory://{uuid.uuid4()}"

    def plant(self, agency: str, name: str, files: Mapping[str, bytes]) -> None:
        for path, content in files.items():
            box = agency.replace("/", "-")
            fsspec.filesystem("memory").pipe_file(f"{self.url}/{box}/{name}/{path}", content)


@contextmanager
def _openssh(home: Path, keys: Path) -> Iterator[int]:
    """OpenSSH's own server: one `sshd -i` for each connection to a socket that listens before any client comes."""
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)  # sshd insists on it when root starts it
    config = home / "sshd_config"
    settings = {
        "HostKey": keys / "host",
        "AuthorizedKeysFile": keys / "client.pub",
        "Subsystem": "sftp internal-sftp",
        "PidFile": "none",
        "StrictModes": "no",
        "UsePAM": "no",
        "PasswordAuthentication": "no",
        "PermitRootLogin": "prohibit-password",
        "LogLevel": "ERROR",
    }
    config.write_text("".join(f"{key} {value}\n" for key, value in settings.items()))
    running: list[subprocess.Popen[bytes]] = []
    listener = socket.create_server(("127.0.0.1", 0), backlog=64)

    def accept() -> None:
        with suppress(OSError), (home / "sshd.log").open("wb") as log:
            while True:
                connection, _ = listener.accept()
                with connection:
                    command = [SSHD, "-i", "-f", config]
                    running.append(subprocess.Popen(command, stdin=connection, stdout=connection, stderr=log))

    thread = threading.Thread(target=accept)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()
        listener.close()
        for process in running:
            process.terminate()
            process.wait()


SFTP_SERVER = """
import asyncio, sys, asyncssh
async def main():
    host, client = sys.argv[1:]
    server = await asyncssh.listen(
        "127.0.0.1", 0, server_host_keys=[host], authorized_client_keys=client, sftp_factory=True
    )
    print(server.get_port(), flush=True)
    await server.wait_closed()
asyncio.run(main())
"""
FTP_SERVER = """
import sys
from pyftpdlib.authorizers import DummyAuthorizer
from pyftpdlib.handlers import FTPHandler
from pyftpdlib.servers import FTPServer
FTPHandler.authorizer = DummyAuthorizer()
FTPHandler.authorizer.add_user("example", "secret-71", sys.argv[1], perm="elradfmwMT")
FTPHandler.auth_failed_timeout = 0
server = FTPServer(("127.0.0.1", 0), FTPHandler)
print(server.address[1], flush=True)
server.serve_forever()
"""


@contextmanager
def _program(text: str, log: Path, *arguments: Path) -> Iterator[int]:
    """Run a server that prints its port when it listens."""
    command = [sys.executable, "-W", "ignore", "-c", text, *map(str, arguments)]
    with log.open("wb") as errors, subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors) as server:
        assert server.stdout
        try:
            yield int(server.stdout.readline())
        finally:
            server.terminate()


def _asyncssh(home: Path, keys: Path) -> AbstractContextManager[int]:
    """The server of asyncssh, where OpenSSH's is not installed."""
    return _program(SFTP_SERVER, home / "sftp.log", keys / "host", keys / "client.pub")


@pytest.fixture(scope="module")
def sftp(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, int, Path]]:
    """A real SFTP server on a loopback port: its folder, its port, and a folder with the keys."""
    if not SSHD.exists() and not find_spec("asyncssh"):
        _missing("SFTP server (openssh-server or asyncssh)")
    home, keys = tmp_path_factory.mktemp("sftp"), tmp_path_factory.mktemp("keys")
    for name in ("host", "client"):
        command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "example", "-f", keys / name]
        subprocess.run(command, check=True)
    with (_openssh if SSHD.exists() else _asyncssh)(home, keys) as port:
        host = (keys / "host.pub").read_text()
        (keys / "known_hosts").write_text(f"[127.0.0.1]:{port} {host}")
        yield home, port, keys


class Sftp(WithLinks):
    scheme: ClassVar[str]
    key_option: ClassVar[str]

    @pytest.fixture(autouse=True)
    def _place(self, sftp: tuple[Path, int, Path]) -> None:
        home, port, keys = sftp
        self.root = home / f"交换 {uuid.uuid4()}"
        self.root.mkdir()
        self.url = f"{self.scheme}://{quote(getpass.getuser())}@127.0.0.1:{port}{self.root}"
        self.options = {
            self.key_option: str(keys / "client"),
            "known_hosts": str(keys / "known_hosts"),
        }


def _register_paramiko() -> None:
    """Reach paramiko by a scheme of its own: sshfs, where it is installed, takes sftp:// for itself."""
    fsspec.register_implementation(
        "sftp+paramiko", "fsspec.implementations.sftp.SFTPFileSystem", clobber=True
    )


class TestSftpThroughParamiko(Sftp):
    scheme, key_option = "sftp+paramiko", "key_filename"

    @pytest.fixture(autouse=True)
    def _scheme(self) -> None:
        pytest.importorskip("paramiko")
        _register_paramiko()

    def test_a_server_whose_key_is_not_known_is_not_believed(self, tmp_path: Path) -> None:
        _refuses_an_unknown_server(self, tmp_path)


class TestSftpThroughSshfs(Sftp):
    scheme, key_option = "sftp", "client_keys"

    @pytest.fixture(autouse=True)
    def _scheme(self) -> None:
        pytest.importorskip("sshfs")

    def test_a_server_whose_key_is_not_known_is_not_believed(self, tmp_path: Path) -> None:
        _refuses_an_unknown_server(self, tmp_path)


def _refuses_an_unknown_server(case: Sftp, tmp_path: Path) -> None:
    (tmp_path / "known_hosts").write_text("")
    case.options = {**case.options, "known_hosts": str(tmp_path / "known_hosts")}
    with pytest.raises(Unreachable):
        case.make(RECEIVER).poll()


@pytest.fixture(scope="module")
def ftp(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, int]]:
    """A real FTP server on a loopback port: its folder and its port."""
    if not find_spec("pyftpdlib"):
        _missing("FTP server (pyftpdlib)")
    home = tmp_path_factory.mktemp("ftp")
    with _program(FTP_SERVER, home.parent / "ftp.log", home) as port:
        yield home, port


class TestFtp(Places):
    @pytest.fixture(autouse=True)
    def _place(self, ftp: tuple[Path, int]) -> None:
        home, port = ftp
        folder = f"交换 {uuid.uuid4()}"
        self.root = home / folder
        self.root.mkdir()
        self.url = f"ftp://example:secret-71@127.0.0.1:{port}/{folder}"


class Crash(BaseException):
    """The process is killed here."""


class Killer:
    """Kills at the n-th step, and at every step after it: a killed process does nothing more."""

    def __init__(self) -> None:
        self.left: int | None = None

    def step(self, half: Callable[[], object] = lambda: None) -> None:
        if self.left is None:
            return
        self.left -= 1
        if self.left == 0:
            self.left = None
            half()
            self.left = 0
        if self.left <= 0:
            raise Crash

    @contextmanager
    def at(self, step: int) -> Iterator[None]:
        self.left = step
        try:
            yield
        finally:
            self.left = None


class Crashes:
    """A place whose every step can be the last: its two parties, how to look at it, and the killer before its steps.

    A channel that was killed has lost its connection, and keeps nothing else.
    """

    def __init__(
        self, root: Path, killer: Killer, url: str = "", options: Mapping[str, Any] | None = None
    ) -> None:
        self.root, self.killer = root, killer
        self.sender = FsspecChannel(url or str(root), SENDER, options=options or {})
        self.receiver = FsspecChannel(url or str(root), RECEIVER, options=options or {})
        self.other = FsspecChannel(url or str(root), RECEIVER, "2", options=options or {})

    def clear(self) -> None:
        shutil.rmtree(self.root)
        self.root.mkdir()

    def held(self) -> dict[str, bytes]:
        return _read(self.root)

    def publish(self, tmp_path: Path) -> None:
        self.sender.publish(RECEIVER, tmp_path / "out" / NAME)

    def claim(self, tmp_path: Path) -> None:
        self.receiver.claim(NAME, tmp_path / "in")

    def acknowledge(self, _: Path) -> None:
        self.receiver.acknowledge(NAME)

    def close(self) -> None:
        for channel in (self.sender, self.receiver, self.other):
            channel.close()


_local: Killer | None = None
_AUDITED = {"open", "os.rename", "os.mkdir", "os.remove", "os.rmdir", "os.scandir", "os.listdir"}


def _audit(event: str, arguments: tuple[Any, ...]) -> None:
    """Stand before every call of the system that touches a file; a file that is being written is left half-written."""
    if _local and event in _AUDITED:
        writes = event == "open" and arguments[2] & (os.O_WRONLY | os.O_RDWR)
        _local.step(lambda: Path(arguments[0]).write_bytes(b"half") if writes else None)


sys.addaudithook(_audit)


class FragileMemory(MemoryFileSystem):
    """Memory that stands before every call; a file that is being written is left half-written."""

    protocol = "fragile"
    killer = Killer()

    @classmethod
    def _strip_protocol(cls, path: str) -> str:
        return MemoryFileSystem._strip_protocol(path.replace("fragile://", "memory://", 1))

    def put_file(self, lpath: str, rpath: str, **_: object) -> None:
        self.killer.step(lambda: MemoryFileSystem.pipe_file(self, rpath, b"half"))
        super().pipe_file(rpath, Path(lpath).read_bytes())

    def mkdir(self, path: str, create_parents: bool = True, **_: object) -> None:  # noqa: FBT002 - fsspec's shape
        self.killer.step()
        super().mkdir(path, create_parents=create_parents)

    def __getattribute__(self, name: str) -> Any:
        """Stand before the calls that the channel makes."""
        if name in {"ls", "info", "pipe_file", "cp_file", "rm_file", "rmdir", "open"}:
            FragileMemory.killer.step()
        return super().__getattribute__(name)


class MemoryCrashes(Crashes):
    def clear(self) -> None:
        MemoryFileSystem.store.clear()
        MemoryFileSystem.pseudo_dirs[:] = [""]

    def held(self) -> dict[str, bytes]:
        files = fsspec.filesystem("memory")
        return {path.removeprefix("/crashes/"): files.cat_file(path) for path in files.find("/crashes")}


def _folder_crashes(request: pytest.FixtureRequest, patch: pytest.MonkeyPatch) -> Crashes:
    killer = Killer()
    patch.setattr(sys.modules[__name__], "_local", killer)
    return Crashes(request.getfixturevalue("tmp_path_factory").mktemp("place"), killer)


def _memory_crashes(_: pytest.FixtureRequest, patch: pytest.MonkeyPatch) -> Crashes:
    killer = Killer()
    fsspec.register_implementation("fragile", FragileMemory, clobber=True)
    patch.setattr(FragileMemory, "killer", killer)
    return MemoryCrashes(Path(), killer, "fragile://crashes")


def _ftp_crashes(request: pytest.FixtureRequest, patch: pytest.MonkeyPatch) -> Crashes:
    (home, port), killer, send = request.getfixturevalue("ftp"), Killer(), ftplib.FTP.putcmd

    def putcmd(self: ftplib.FTP, line: str) -> None:
        if line.split(maxsplit=1)[0] in {"MKD", "STOR", "RETR", "RNFR", "RNTO", "DELE", "RMD"}:
            killer.step()
        send(self, line)

    patch.setattr(ftplib.FTP, "putcmd", putcmd)
    root = home / uuid.uuid4().hex
    root.mkdir()
    return Crashes(root, killer, f"ftp://example:secret-71@127.0.0.1:{port}/{root.name}")


def _sftp_crashes(request: pytest.FixtureRequest, patch: pytest.MonkeyPatch) -> Crashes:
    return _sftp_place(request.getfixturevalue("sftp"), patch)


def _sftp_place(server: tuple[Path, int, Path], patch: pytest.MonkeyPatch) -> Crashes:
    (home, port, keys), killer = server, Killer()
    client = pytest.importorskip("paramiko").SFTPClient
    _register_paramiko()
    ask, kinds = (
        client._async_request,
        {3, 6, 13, 14, 15, 18, 200},
    )  # open, write, remove, mkdir, rmdir, rename

    def async_request(self: Any, fileobj: Any, kind: int, *arguments: Any) -> Any:
        if kind in kinds:
            killer.step()
        return ask(self, fileobj, kind, *arguments)

    patch.setattr(client, "_async_request", async_request)
    root = home / uuid.uuid4().hex
    root.mkdir()
    options = {"key_filename": str(keys / "client"), "known_hosts": str(keys / "known_hosts")}
    return Crashes(root, killer, f"sftp+paramiko://{getpass.getuser()}@127.0.0.1:{port}{root}", options)


CRASHES = {"folder": _folder_crashes, "memory": _memory_crashes, "ftp": _ftp_crashes, "sftp": _sftp_crashes}


@pytest.fixture(params=CRASHES)
def place(request: pytest.FixtureRequest) -> Iterator[Crashes]:
    with pytest.MonkeyPatch.context() as patch:
        place = CRASHES[request.param](request, patch)
        yield place
        place.close()


def _until_it_completes(
    place: Crashes, tmp_path: Path, before: str, act: str, after: Callable[[], None]
) -> int:
    """Kill an act at its first step, its second and so on until it completes; return how many steps it has."""
    for step in itertools.count(1):
        place.clear()
        shutil.rmtree(tmp_path / "in", ignore_errors=True)
        for earlier in before.split():
            getattr(place, earlier)(tmp_path)
        killed = True
        with place.killer.at(step), suppress(Crash):
            getattr(place, act)(tmp_path)
            killed = False
        after()
        if not killed:
            return step - 1
    raise AssertionError


def test_killed_at_any_step_of_publishing_nothing_is_half_visible_and_again_it_arrives(
    place: Crashes, tmp_path: Path
) -> None:
    _write(tmp_path / "out" / NAME)

    def arrives() -> None:
        held = {path.removeprefix(f"{BOX}/{NAME}/"): content for path, content in place.held().items()}
        visible = MANIFEST in held
        assert place.receiver.poll() == ((NAME,) if visible else ())
        if visible:
            came = {path: content for path, content in held.items() if not path.startswith(BOX)}
            assert {path: content for path, content in came.items() if not path.endswith("~")} == FILES
        place.publish(tmp_path)
        assert place.receiver.poll() == (NAME,)
        assert not [path for path in place.held() if "/_coming/" in path]
        place.claim(tmp_path)
        assert _read(tmp_path / "in" / NAME) == FILES

    steps = _until_it_completes(place, tmp_path, "", "publish", arrives)

    assert (
        steps >= 2 * len(FILES) + 3
    )  # at least: write and rename each file; make the box, the package and its data


def test_what_a_killed_publication_left_is_removed_when_its_sender_publishes_something_else_a_day_later(
    place: Crashes, tmp_path: Path
) -> None:
    _write(tmp_path / "out" / NAME)
    other = _write(tmp_path / "out" / "another-1")

    def swept() -> None:
        whole = place.receiver.poll() == (NAME,)
        place.sender.limits = Limits(unfinished=-1)  # a day later
        place.sender.publish(RECEIVER, other)
        place.sender.limits = Limits()
        held = [path for path in place.held() if not path.endswith("~")]  # left where a rename is a copy
        left = [path for path in held if f"/{NAME}/" in path or "/_coming/" in path]
        assert len(left) == (len(FILES) if whole else 0)
        assert place.receiver.poll() == (("999999-2031-10.r1", "another-1") if whole else ("another-1",))

    _until_it_completes(place, tmp_path, "", "publish", swept)


@pytest.mark.parametrize(
    ("mark", "content"),
    [
        (f"coordination-district-999999~{NAME}", b"0"),  # another sender's
        (f"public_security-district-999999~{NAME}", b"99999999999"),  # under way
        ("public_security-district-999999~..", b"0"),
        ("public_security-district-999999~_claimed", b"0"),
        ("public_security-district-999999~", b"0"),
    ],
)
def test_nothing_is_swept_but_what_this_sender_left_long_ago(
    tmp_path: Path, mark: str, content: bytes
) -> None:
    root = tmp_path / "box"
    _write(root / BOX / NAME, {"data/part": b"half"})
    _write(root / BOX / "_claimed" / "1" / "held-1")
    _write(root / BOX / "_coming", {mark: content})
    _write(root / "coordination-district-999999" / "waits-1")
    before = _read(root)
    FsspecChannel(str(root), me=SENDER).publish(RECEIVER, _write(tmp_path / "another-1"))

    assert {path: _read(root).get(path) for path in before} == before


def test_killed_at_any_step_of_a_claim_the_same_reader_goes_on_and_there_is_no_half_copy(
    place: Crashes, tmp_path: Path
) -> None:
    _write(tmp_path / "out" / NAME)

    def goes_on() -> None:
        if (tmp_path / "in" / NAME).exists():
            assert _read(tmp_path / "in" / NAME) == FILES
        if f"{BOX}/{NAME}/{MANIFEST}" in (held := place.held()):
            assert {path for path in FILES if f"{BOX}/{NAME}/{path}" in held} == set(FILES)
        assert place.receiver.poll() == (NAME,)
        place.publish(tmp_path)
        assert place.receiver.poll() == (NAME,)
        place.claim(tmp_path)
        assert _read(tmp_path / "in") == {f"{NAME}/{path}": content for path, content in FILES.items()}
        assert place.other.poll() == ()
        place.acknowledge(tmp_path)
        assert list(place.held()) == [f"{BOX}/_done/{NAME}"]

    steps = _until_it_completes(place, tmp_path, "publish", "claim", goes_on)

    assert (
        steps >= len(FILES) + 3
    )  # at least: make the folders of claims and of this reader, rename, read each file


def test_killed_at_any_step_of_an_acknowledgement_it_is_held_whole_or_done_for_good(
    place: Crashes, tmp_path: Path
) -> None:
    _write(tmp_path / "out" / NAME)

    def whole_or_done() -> None:
        if f"{BOX}/_done/{NAME}" in place.held():
            with pytest.raises(AlreadyClaimed):
                place.claim(tmp_path)
        if place.receiver.poll():
            place.claim(tmp_path)
            assert _read(tmp_path / "in" / NAME) == FILES
            place.acknowledge(tmp_path)
        assert list(place.held()) == [f"{BOX}/_done/{NAME}"]
        place.acknowledge(tmp_path)
        place.publish(tmp_path)
        assert place.receiver.poll() == (NAME,)
        place.claim(tmp_path)
        place.acknowledge(tmp_path)

    steps = _until_it_completes(place, tmp_path, "publish claim", "acknowledge", whole_or_done)

    assert steps >= len(FILES) + 2  # at least: set the mark, remove each file and the folder


@pytest.mark.parametrize("place", ["folder", "memory"], indirect=True)
def test_the_crash_tests_notice_a_manifest_that_does_not_come_last(
    place: Crashes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put = adapter._put

    def manifest_first(to: Any, package: Path, part: str, folder: str) -> None:
        put(to, package, MANIFEST, folder)
        if part != MANIFEST:
            put(to, package, part, folder)

    monkeypatch.setattr(adapter, "_put", manifest_first)

    with pytest.raises((AssertionError, Unreachable)):
        test_killed_at_any_step_of_publishing_nothing_is_half_visible_and_again_it_arrives(place, tmp_path)


class Lying(MemoryFileSystem):
    """Memory whose listings tell another size than what comes."""

    protocol = "lying"
    told: ClassVar[int]

    @classmethod
    def _strip_protocol(cls, path: str) -> str:
        return MemoryFileSystem._strip_protocol(path.replace("lying://", "memory://", 1))

    def ls(self, path: str, detail: bool = True, **_: object) -> Any:  # noqa: FBT002 - fsspec's shape
        rows = super().ls(path, detail=True)
        return [{**row, "size": self.told} if row["type"] == "file" else row for row in rows]


@pytest.mark.parametrize(("told", "error"), [(0, TooLarge), (1000, Unreachable)])
def test_what_a_listing_says_of_sizes_is_not_believed(
    tmp_path: Path, told: int, error: type[Exception]
) -> None:
    name = uuid.uuid4()
    files = fsspec.filesystem("memory")
    for path, content in FILES.items():
        files.pipe_file(f"/{name}/{BOX}/{NAME}/{path}", content)
    fsspec.register_implementation("lying", Lying, clobber=True)
    Lying.told = told

    with pytest.raises(error):
        FsspecChannel(f"lying://{name}", RECEIVER, limits=Limits(size=4000 if told else 299)).claim(
            NAME, tmp_path / "in"
        )
    assert list((tmp_path / "in").iterdir()) == []


def test_a_part_that_did_not_arrive_whole_keeps_the_package_invisible(tmp_path: Path) -> None:
    name = uuid.uuid4()
    fsspec.register_implementation("lying", Lying, clobber=True)
    Lying.told = 7

    with pytest.raises(Unreachable, match="3 of 3 files did not arrive whole"):
        FsspecChannel(f"lying://{name}", SENDER).publish(RECEIVER, _write(tmp_path / NAME))
    assert FsspecChannel(f"memory://{name}", RECEIVER).poll() == ()


def test_a_server_that_cannot_rename_onto_a_file_is_asked_for_a_plain_rename(
    sftp: tuple[Path, int, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unsupported(*_: object) -> None:
        raise OSError("Operation unsupported")

    paramiko = pytest.importorskip("paramiko")
    monkeypatch.setattr(paramiko.SFTPClient, "posix_rename", unsupported)
    with pytest.MonkeyPatch.context() as patch:
        place = _sftp_place(sftp, patch)
        _write(tmp_path / "out" / NAME)
        place.publish(tmp_path)
        place.claim(tmp_path)
        place.close()

    assert _read(tmp_path / "in" / NAME) == FILES


def test_of_a_url_with_a_password_nothing_secret_is_shown(ftp: tuple[Path, int]) -> None:
    url = f"ftp://example:wrong@secret-72@127.0.0.1:{ftp[1]}/box?token=secret-73"
    channel = FsspecChannel(url, RECEIVER, options={"acct": "secret-74"})
    with pytest.raises(Unreachable) as told:
        channel.poll()

    assert told.value.place == f"ftp://127.0.0.1:{ftp[1]}/box"
    assert told.value.__cause__ is not None
    assert "secret" not in f"{told.value}{told.value!r}{channel!r}"
    assert "wrong" not in f"{told.value}{told.value!r}{channel!r}"


def test_a_place_that_does_not_answer_is_an_error_of_ours_with_its_cause() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(Unreachable, match="Connection refused") as told:
        FsspecChannel(f"ftp://127.0.0.1:{port}/", RECEIVER).poll()

    assert (told.value.act, told.value.place) == ("poll", f"ftp://127.0.0.1:{port}/")
    assert isinstance(told.value, OSError)
    assert isinstance(told.value.__cause__, ConnectionRefusedError)


def test_a_scheme_that_nobody_knows_is_named() -> None:
    with pytest.raises(Unreachable, match="Protocol not known: pigeon"):
        FsspecChannel("pigeon://loft", RECEIVER).poll()


@pytest.mark.parametrize(("me", "reader"), [("../x", "1"), (RECEIVER, "../x"), (RECEIVER, "")])
def test_a_channel_of_odd_names_is_not_made(tmp_path: Path, me: str, reader: str) -> None:
    with pytest.raises(OddName):
        FsspecChannel(str(tmp_path), me, reader)


def test_every_error_of_a_channel_is_one_of_the_library_and_says_what_to_do() -> None:
    errors = {
        AlreadyClaimed("p"): "Poll again",
        NotClaimed("p"): "claim it first",
        TooLarge("p", "bytes", 7): "raise the limits",
        OddName.of("p", "q", fact="expected this"): "p/q: expected this",
        Unreachable("file:///x", "poll", "OSError"): "run it again",
    }
    for error, words in errors.items():
        assert isinstance(error, MigrantFpError)
        assert words in str(error)


def test_without_fsspec_it_says_which_extra_to_install() -> None:
    program = "import sys; sys.modules['fsspec'] = None; import migrant_fp.adapters.fsspec"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)

    assert "MissingExtra: the package fsspec is missing: pip install 'migrant-fp[transport]'" in done.stderr


@given(st.text() | st.from_regex(r"[a-z0-9_./-]+", fullmatch=True))
def test_what_may_be_a_package_id_is_one_plain_lower_case_name(name: str) -> None:
    may = is_package_id(name)

    plain = 0 < len(name) <= 200 and name[0] not in "._-" and ".." not in name
    assert may == (plain and set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789_.-"))
    if may:
        assert Path("in", name).parts == ("in", name)
        assert is_file_name(name)


@given(st.text(max_size=300))
def test_a_box_is_one_folder_or_refused(agency: str) -> None:
    with suppress(OddName):
        assert len(Path("root", box_of(agency)).parts) == 2


def _waiting(channel: FsspecChannel) -> Path:
    return Path(channel._url) / channel.me.replace("/", "-")


class _Altered(FsspecChannel):
    def claim(self, name: str, into: Path) -> Path:
        path = super().claim(name, into)
        for file in path.rglob("*"):
            if file.is_file():
                file.write_bytes(file.read_bytes() + b" ")
        return path


class _NeedsData(FsspecChannel):
    def publish(self, to: str, package: Path) -> None:
        (package / "data").stat()
        super().publish(to, package)


class _SeesAll(FsspecChannel):
    def poll(self) -> tuple[str, ...]:
        box = _waiting(self)
        found = [path.name for path in box.iterdir()] if box.exists() else []
        return tuple(sorted({*super().poll(), *(name for name in found if is_package_id(name))}))


class _KeepsStale(FsspecChannel):
    def publish(self, to: str, package: Path) -> None:
        folder = Path(self._url) / box_of(to) / package.name
        stale = _read(folder)
        super().publish(to, package)
        _write(folder, {path: content for path, content in stale.items() if not (folder / path).exists()})


class _PublishesOver(FsspecChannel):
    def publish(self, to: str, package: Path) -> None:
        folder = Path(self._url) / box_of(to) / package.name
        if folder.exists() and (folder / MANIFEST).exists():
            shutil.rmtree(folder / "data")
        super().publish(to, package)


class _ForgetsClaims(FsspecChannel):
    def publish(self, to: str, package: Path) -> None:
        box = Path(self._url) / box_of(to)
        for held in box.glob(f"_claimed/*/{package.name}"):
            held.rename(box / package.name)
        super().publish(to, package)


class _StaysDone(FsspecChannel):
    def publish(self, to: str, package: Path) -> None:
        if not (Path(self._url) / box_of(to) / "_done" / package.name).exists():
            super().publish(to, package)


class _Unsorted(FsspecChannel):
    def poll(self) -> tuple[str, ...]:
        return super().poll()[::-1]


class _FailsOnEmpty(FsspecChannel):
    def poll(self) -> tuple[str, ...]:
        _waiting(self).stat()
        return super().poll()


class _NamesAll(FsspecChannel):
    def poll(self) -> tuple[str, ...]:
        found = {path.name for path in _waiting(self).iterdir() if (path / MANIFEST).exists()}
        return tuple(sorted({*super().poll(), *found}))


class _OneBox(FsspecChannel):
    def __attrs_post_init__(self) -> None:
        self.me = RECEIVER

    def publish(self, to: str, package: Path) -> None:
        super().publish(RECEIVER, package)


class _Shares(FsspecChannel):
    def claim(self, name: str, into: Path) -> Path:
        for place in (_waiting(self) / name, *_waiting(self).glob(f"_claimed/*/{name}")):
            if place.exists():
                shutil.copytree(place, into / name)
                return into / name
        return super().claim(name, into)


class _ForgetsMine(FsspecChannel):
    def poll(self) -> tuple[str, ...]:
        return tuple(name for name in super().poll() if (_waiting(self) / name).exists())


class _KeepsTheFirstCopy(FsspecChannel):
    def claim(self, name: str, into: Path) -> Path:
        return into / name if (into / name).exists() else super().claim(name, into)


class _LeavesHalves(FsspecChannel):
    def claim(self, name: str, into: Path) -> Path:
        path = super().claim(name, into)
        (into / f"{name}~").mkdir(exist_ok=True)
        return path


class _InventsPackages(FsspecChannel):
    def claim(self, name: str, into: Path) -> Path:
        with suppress(AlreadyClaimed):
            return super().claim(name, into)
        (into / name).mkdir(parents=True)
        return into / name


class _NeverDone(FsspecChannel):
    def acknowledge(self, name: str) -> None:
        with suppress(NotClaimed):
            super().acknowledge(name)
            held = _waiting(self) / "_claimed" / self.reader / name
            _write(held)
            (_waiting(self) / "_done" / name).unlink()


class _DoneOnce(FsspecChannel):
    def acknowledge(self, name: str) -> None:
        if (_waiting(self) / "_done" / name).exists():
            raise NotClaimed(name)
        super().acknowledge(name)


class _AnyoneMay(FsspecChannel):
    def acknowledge(self, name: str) -> None:
        with suppress(NotClaimed):
            super().acknowledge(name)


class _Boundless(FsspecChannel):
    def __attrs_post_init__(self) -> None:
        self.limits = Limits()


class _Tight(FsspecChannel):
    def __attrs_post_init__(self) -> None:
        self.limits = Limits(self.limits.files - 1, self.limits.size - 1)


class _TakesAnything(FsspecChannel):
    def claim(self, name: str, into: Path) -> Path:
        try:
            return super().claim(name, into)
        except OddName:
            return Path(shutil.copytree(_waiting(self) / "_claimed" / self.reader / name, into / name))


class _Tells(FsspecChannel):
    def claim(self, name: str, into: Path) -> Path:
        try:
            return super().claim(name, into)
        except OddName as odd:
            held = _waiting(self) / "_claimed" / self.reader / name
            names = " ".join(path.name for path in held.rglob("*"))
            raise OddName(odd.name, odd.place, names) from None


class _Wanders(FsspecChannel):
    def claim(self, name: str, into: Path) -> Path:
        try:
            return super().claim(name, into)
        except OddName:
            raise AlreadyClaimed(name) from None


class _AnyBox(FsspecChannel):
    def publish(self, to: str, package: Path) -> None:
        with suppress(OddName):
            super().publish(to, package)


BROKEN: dict[str, tuple[type[FsspecChannel], dict[str, Any]]] = {
    "test_what_was_published_arrives_byte_for_byte": (_Altered, {}),
    "test_a_package_without_a_data_folder_arrives": (_NeedsData, {}),
    "test_nothing_is_visible_before_its_manifest": (_SeesAll, {}),
    "test_a_publication_that_was_broken_off_is_made_whole": (_KeepsStale, {}),
    "test_published_again_while_it_waits_it_is_visible_once_and_whole": (_PublishesOver, {}),
    "test_published_again_while_it_is_claimed_it_stays_with_its_reader": (_ForgetsClaims, {}),
    "test_published_again_when_it_is_done_it_comes_again": (_StaysDone, {}),
    "test_poll_names_what_waits_in_order": (_Unsorted, {}),
    "test_an_empty_place_has_nothing_to_poll": (_FailsOnEmpty, {}),
    "test_names_that_are_no_package_ids_are_passed_over": (_NamesAll, {}),
    "test_other_boxes_are_not_touched": (_OneBox, {}),
    "test_of_two_readers_one_gets_it_and_the_other_is_told": (_Shares, {}),
    "test_two_readers_at_the_same_time_claim_each_package_once": (_Shares, {}),
    "test_a_reader_that_was_killed_finds_again_what_it_had_claimed": (_ForgetsMine, {}),
    "test_claimed_again_it_comes_whole_again": (_KeepsTheFirstCopy, {}),
    "test_a_claim_leaves_nothing_beside_its_copy": (_LeavesHalves, {}),
    "test_what_never_came_cannot_be_claimed": (_InventsPackages, {}),
    "test_acknowledged_it_is_gone_for_every_reader": (_NeverDone, {}),
    "test_a_second_acknowledgement_is_harmless": (_DoneOnce, {}),
    "test_only_who_holds_it_can_acknowledge_it": (_AnyoneMay, {}),
    "test_beyond_the_limits_it_is_refused_and_stays_claimed": (_Boundless, {"what": "bytes"}),
    "test_within_the_limits_to_the_last_byte_it_is_taken": (_Tight, {}),
    "test_with_odd_names_or_nested_folders_it_is_refused_and_stays_claimed": (
        _TakesAnything,
        {"path": "data/deeper/a.csv"},
    ),
    "test_an_error_shows_no_odd_characters_and_no_long_numbers_of_a_foreign_name": (_Tells, {}),
    "test_an_odd_name_cannot_be_claimed_or_acknowledged": (_Wanders, {"name": "../escape"}),
    "test_nothing_is_published_to_what_is_no_agency_id": (_AnyBox, {"agency": "../escape"}),
    "test_what_is_no_package_is_not_published": (_AnyBox, {"name": "Odd Name", "files": FILES}),
}


def test_every_promise_has_a_channel_that_breaks_it() -> None:
    assert set(BROKEN) == {name for name in vars(ChannelContract) if name.startswith("test_")}


@pytest.mark.parametrize("promise", BROKEN)
def test_each_promise_fails_a_channel_that_breaks_it(promise: str, tmp_path: Path) -> None:
    channel, arguments = BROKEN[promise]

    class Broken(TestFolder):
        def make(self, me: str, reader: str = "1") -> Channel:
            return channel(self.url, me, reader, self.limits)

    broken = Broken()
    broken.root, broken.url = tmp_path / "place", str(tmp_path / "place")
    broken.root.mkdir()
    (tmp_path / "work").mkdir()
    test = getattr(broken, promise)
    if "tmp_path" in inspect.signature(test).parameters:
        arguments = {**arguments, "tmp_path": tmp_path / "work"}

    failures = (AssertionError, pytest.fail.Exception, MigrantFpError, OSError)
    with pytest.raises(failures):
        test(**arguments)
