"""The promises of a channel, one test each."""
# ruff: noqa: D102, S101 - the tests are named by sentences, and asserts are what tests are made of

from __future__ import annotations

import shutil
from abc import ABC, abstractmethod
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import ClassVar

import pytest

from migrant_fp.ports.channel import (
    MANIFEST,
    AlreadyClaimed,
    Channel,
    Limits,
    NotClaimed,
    OddName,
    TooLarge,
)

_SENDER, _RECEIVER = "public_security/district/999999", "family_planning/district/999999"
_OTHER = "coordination/district/999999"
_NAME = "999999-2031-10.r1"
_FILES = {
    MANIFEST: b'{"example": true}\n',
    "SHA256SUMS": b"",
    "data/cases-00001.jsonl.gz": bytes(range(256)) * 8,
    "data/counts.csv": "区划,人数\n999999,12\n".encode(),
}
_COMPETED = tuple(f"example-{number:02}" for number in range(20))


class ChannelContract(ABC):
    """The promises of `Channel`; every channel that `make` returns in one test reaches the same place, empty at first.

    Attributes:
        limits: The limits that a channel of `make` keeps.
        no_atomic_rename: Why two readers at the same moment may both get a package; empty where only one can.

    Example:
        >>> from tempfile import mkdtemp
        >>> from migrant_fp.adapters.fsspec import FsspecChannel
        >>> place = Path(mkdtemp())
        >>> class TestFolder(ChannelContract):
        ...     def make(self, me, reader="1"):
        ...         return FsspecChannel(str(place), me, reader, self.limits)
        ...     def plant(self, agency, name, files):
        ...         for path, content in files.items():
        ...             file = place / agency.replace("/", "-") / name / path
        ...             file.parent.mkdir(parents=True, exist_ok=True)
        ...             _ = file.write_bytes(content)
        >>> TestFolder().test_what_was_published_arrives_byte_for_byte(Path(mkdtemp()))
    """

    limits: ClassVar[Limits] = Limits(files=8, size=4096)
    no_atomic_rename: ClassVar[str] = ""

    @abstractmethod
    def make(self, me: str, reader: str = "1") -> Channel:
        """Return a channel of an agency to the place of this test, for one of its readers."""

    @abstractmethod
    def plant(self, agency: str, name: str, files: Mapping[str, bytes]) -> None:
        """Put files into an agency's box under a name, as a broken or a hostile sender could, past the channel."""

    def test_what_was_published_arrives_byte_for_byte(self, tmp_path: Path) -> None:
        self._publish(tmp_path)

        path = self.make(_RECEIVER).claim(_NAME, tmp_path / "in")

        assert path == tmp_path / "in" / _NAME
        assert _read(path) == _FILES

    def test_a_package_without_a_data_folder_arrives(self, tmp_path: Path) -> None:
        self.make(_SENDER).publish(_RECEIVER, _package(tmp_path / "out", files={MANIFEST: b"{}"}))

        assert _read(self.make(_RECEIVER).claim(_NAME, tmp_path / "in")) == {MANIFEST: b"{}"}

    def test_nothing_is_visible_before_its_manifest(self, tmp_path: Path) -> None:
        receiver = self.make(_RECEIVER)
        self.plant(_RECEIVER, _NAME, {"data/cases-00001.jsonl.gz": b"half"})

        assert receiver.poll() == ()
        with pytest.raises(AlreadyClaimed):
            receiver.claim(_NAME, tmp_path / "in")
        assert self._publish(tmp_path) == receiver.poll() == (_NAME,)

    def test_a_publication_that_was_broken_off_is_made_whole(self, tmp_path: Path) -> None:
        self.plant(
            _RECEIVER, _NAME, {"data/cases-00001.jsonl.gz": b"half", "data/stale-00002.jsonl.gz": b"old"}
        )
        self._publish(tmp_path)

        assert _read(self.make(_RECEIVER).claim(_NAME, tmp_path / "in")) == _FILES

    def test_published_again_while_it_waits_it_is_visible_once_and_whole(self, tmp_path: Path) -> None:
        self._publish(tmp_path)
        self._publish(tmp_path)
        receiver = self.make(_RECEIVER)

        assert receiver.poll() == (_NAME,)
        assert _read(receiver.claim(_NAME, tmp_path / "in")) == _FILES

    def test_published_again_while_it_is_claimed_it_stays_with_its_reader(self, tmp_path: Path) -> None:
        self._publish(tmp_path)
        first, second = self.make(_RECEIVER, "1"), self.make(_RECEIVER, "2")
        first.claim(_NAME, tmp_path / "in")
        self._publish(tmp_path)

        assert (first.poll(), second.poll()) == ((_NAME,), ())

    def test_published_again_when_it_is_done_it_comes_again(self, tmp_path: Path) -> None:
        self._publish(tmp_path)
        receiver = self.make(_RECEIVER)
        receiver.claim(_NAME, tmp_path / "in")
        receiver.acknowledge(_NAME)
        self._publish(tmp_path)

        assert receiver.poll() == (_NAME,)
        assert _read(receiver.claim(_NAME, tmp_path / "in")) == _FILES

    def test_poll_names_what_waits_in_order(self, tmp_path: Path) -> None:
        for name in ("c-3", "a-1", "b-2"):
            self.make(_SENDER).publish(_RECEIVER, _package(tmp_path / "out", name))

        assert self.make(_RECEIVER).poll() == ("a-1", "b-2", "c-3")

    def test_an_empty_place_has_nothing_to_poll(self) -> None:
        assert self.make(_RECEIVER).poll() == ()

    def test_names_that_are_no_package_ids_are_passed_over(self, tmp_path: Path) -> None:
        for name in ("Odd Name", "包裹", "_hidden", "UPPER", "name~", "a..b"):
            self.plant(_RECEIVER, name, _FILES)
        self._publish(tmp_path)

        assert self.make(_RECEIVER).poll() == (_NAME,)

    def test_other_boxes_are_not_touched(self, tmp_path: Path) -> None:
        receiver, other = self.make(_RECEIVER), self.make(_OTHER)
        self._publish(tmp_path)
        assert other.poll() == ()
        other_files = {MANIFEST: b"{}", "note.txt": b"another"}
        self.make(_SENDER).publish(_OTHER, _package(tmp_path / "other", files=other_files))
        receiver.claim(_NAME, tmp_path / "in")
        receiver.acknowledge(_NAME)

        assert other.poll() == (_NAME,)
        assert _read(other.claim(_NAME, tmp_path / "in")) == other_files

    def test_of_two_readers_one_gets_it_and_the_other_is_told(self, tmp_path: Path) -> None:
        self._publish(tmp_path)
        self.make(_RECEIVER, "1").claim(_NAME, tmp_path / "in")
        second = self.make(_RECEIVER, "2")

        assert second.poll() == ()
        with pytest.raises(AlreadyClaimed) as told:
            second.claim(_NAME, tmp_path / "second")
        assert told.value.package == _NAME
        assert not (tmp_path / "second" / _NAME).exists()

    def test_two_readers_at_the_same_time_claim_each_package_once(self, tmp_path: Path) -> None:
        if self.no_atomic_rename:
            pytest.skip(self.no_atomic_rename)
        for name in _COMPETED:
            self.make(_SENDER).publish(_RECEIVER, _package(tmp_path / "out", name))
        start = Barrier(2)

        def claim_all(reader: str) -> list[str]:
            channel = self.make(_RECEIVER, reader)
            start.wait(timeout=60)
            return [name for name in _COMPETED if _claims(channel, name, tmp_path / reader)]

        with ThreadPoolExecutor(2) as readers:
            first, second = readers.map(claim_all, ("1", "2"))
        assert sorted(first + second) == list(_COMPETED)

    def test_a_reader_that_was_killed_finds_again_what_it_had_claimed(self, tmp_path: Path) -> None:
        self._publish(tmp_path)
        self.make(_RECEIVER).claim(_NAME, tmp_path / "lost")
        again = self.make(_RECEIVER)

        assert again.poll() == (_NAME,)
        assert _read(again.claim(_NAME, tmp_path / "in")) == _FILES

    def test_claimed_again_it_comes_whole_again(self, tmp_path: Path) -> None:
        self._publish(tmp_path)
        receiver = self.make(_RECEIVER)
        (receiver.claim(_NAME, tmp_path / "in") / "data" / "counts.csv").unlink()

        assert _read(receiver.claim(_NAME, tmp_path / "in")) == _FILES

    def test_a_claim_leaves_nothing_beside_its_copy(self, tmp_path: Path) -> None:
        self._publish(tmp_path)
        receiver = self.make(_RECEIVER)
        receiver.claim(_NAME, tmp_path / "in")
        receiver.claim(_NAME, tmp_path / "in")

        assert [path.name for path in (tmp_path / "in").iterdir()] == [_NAME]

    def test_what_never_came_cannot_be_claimed(self, tmp_path: Path) -> None:
        with pytest.raises(AlreadyClaimed) as told:
            self.make(_RECEIVER).claim("never-came", tmp_path / "in")

        assert told.value.package == "never-came"

    def test_acknowledged_it_is_gone_for_every_reader(self, tmp_path: Path) -> None:
        self._publish(tmp_path)
        first, second = self.make(_RECEIVER, "1"), self.make(_RECEIVER, "2")
        first.claim(_NAME, tmp_path / "in")
        first.acknowledge(_NAME)

        assert (first.poll(), second.poll()) == ((), ())
        for reader in (first, second):
            with pytest.raises(AlreadyClaimed):
                reader.claim(_NAME, tmp_path / "again")

    def test_a_second_acknowledgement_is_harmless(self, tmp_path: Path) -> None:
        self._publish(tmp_path)
        receiver = self.make(_RECEIVER)
        copy = receiver.claim(_NAME, tmp_path / "in")
        receiver.acknowledge(_NAME)
        receiver.acknowledge(_NAME)

        assert receiver.poll() == ()
        assert _read(copy) == _FILES

    def test_only_who_holds_it_can_acknowledge_it(self, tmp_path: Path) -> None:
        self._publish(tmp_path)
        first, second = self.make(_RECEIVER, "1"), self.make(_RECEIVER, "2")
        with pytest.raises(NotClaimed):
            second.acknowledge(_NAME)
        first.claim(_NAME, tmp_path / "in")
        with pytest.raises(NotClaimed) as told:
            second.acknowledge(_NAME)

        assert told.value.package == _NAME
        assert first.poll() == (_NAME,)

    @pytest.mark.parametrize("what", ["files", "bytes"])
    def test_beyond_the_limits_it_is_refused_and_stays_claimed(self, tmp_path: Path, what: str) -> None:
        many = {f"data/{number}.csv": b"" for number in range(self.limits.files)}
        files = many if what == "files" else {"data/a.csv": b"\0" * self.limits.size}
        self.plant(_RECEIVER, _NAME, {MANIFEST: b"{}", **files})
        with pytest.raises(TooLarge) as told:
            self.make(_RECEIVER).claim(_NAME, tmp_path / "in")

        assert (told.value.package, told.value.what) == (_NAME, what)
        self._stays_claimed_until_it_is_rejected(tmp_path)

    def test_within_the_limits_to_the_last_byte_it_is_taken(self, tmp_path: Path) -> None:
        many = {f"{number}.csv": b"" for number in range(self.limits.files - 2)}
        files = {MANIFEST: b"{}", "a.csv": b"\0" * (self.limits.size - 2), **many}
        self.plant(_RECEIVER, _NAME, files)

        assert _read(self.make(_RECEIVER).claim(_NAME, tmp_path / "in")) == files

    @pytest.mark.parametrize(
        "path", ["data/deeper/a.csv", "other/a.csv", ".hidden", "名单.csv", "data/a b.csv"]
    )
    def test_with_odd_names_or_nested_folders_it_is_refused_and_stays_claimed(
        self, tmp_path: Path, path: str
    ) -> None:
        self.plant(_RECEIVER, _NAME, {**_FILES, path: b""})
        with pytest.raises(OddName) as told:
            self.make(_RECEIVER).claim(_NAME, tmp_path / "in")

        assert told.value.name == _NAME
        self._stays_claimed_until_it_is_rejected(tmp_path)

    def test_an_error_shows_no_odd_characters_and_no_long_numbers_of_a_foreign_name(
        self, tmp_path: Path
    ) -> None:
        self.plant(_RECEIVER, _NAME, {**_FILES, "data/甲 99999919850301002X.csv": b""})
        with pytest.raises(OddName) as told:
            self.make(_RECEIVER).claim(_NAME, tmp_path / "in")

        assert told.value.place.startswith("data/")
        for hidden in ("甲", "19850301", "99999919850301002X"):
            assert hidden not in f"{told.value}{told.value!r}"

    @pytest.mark.parametrize("name", ["../escape", "a/b", "", ".", "..", "UPPER", "包裹", "x" * 201])
    def test_an_odd_name_cannot_be_claimed_or_acknowledged(self, tmp_path: Path, name: str) -> None:
        receiver = self.make(_RECEIVER)
        for act in (lambda: receiver.claim(name, tmp_path / "in"), lambda: receiver.acknowledge(name)):
            with pytest.raises(OddName):
                act()

        assert list(tmp_path.iterdir()) == []

    @pytest.mark.parametrize("agency", ["../escape", "", "甲/乙/丙", "_claimed"])
    def test_nothing_is_published_to_what_is_no_agency_id(self, tmp_path: Path, agency: str) -> None:
        with pytest.raises(OddName):
            self.make(_SENDER).publish(agency, _package(tmp_path / "out"))

    @pytest.mark.parametrize(
        ("name", "files"),
        [
            ("Odd Name", _FILES),
            (_NAME, {"data/counts.csv": b""}),
            (_NAME, {**_FILES, "data/deeper/a.csv": b""}),
            (_NAME, {**_FILES, "other/a.csv": b""}),
            (_NAME, {**_FILES, "名单.csv": b""}),
        ],
    )
    def test_what_is_no_package_is_not_published(
        self, tmp_path: Path, name: str, files: Mapping[str, bytes]
    ) -> None:
        with pytest.raises(OddName):
            self.make(_SENDER).publish(_RECEIVER, _package(tmp_path / "out", name, files))

        assert self.make(_RECEIVER).poll() == ()

    def _publish(self, tmp_path: Path) -> tuple[str, ...]:
        self.make(_SENDER).publish(_RECEIVER, _package(tmp_path / "out"))
        return (_NAME,)

    def _stays_claimed_until_it_is_rejected(self, tmp_path: Path) -> None:
        first, second = self.make(_RECEIVER, "1"), self.make(_RECEIVER, "2")
        assert not (tmp_path / "in" / _NAME).exists()
        assert (first.poll(), second.poll()) == ((_NAME,), ())
        first.acknowledge(_NAME)
        assert first.poll() == ()


def _package(folder: Path, name: str = _NAME, files: Mapping[str, bytes] = _FILES) -> Path:
    """Write a package and return its folder."""
    shutil.rmtree(folder / name, ignore_errors=True)
    for path, content in files.items():
        (folder / name / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / name / path).write_bytes(content)
    return folder / name


def _read(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def _claims(channel: Channel, name: str, into: Path) -> bool:
    try:
        return _read(channel.claim(name, into)) == _FILES
    except AlreadyClaimed:
        return False
