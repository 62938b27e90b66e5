"""Files that grow at their end, on a disk that may say no at any call."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import pytest

from archiver.disk import DISK, Disk, GrowingFile
from tests.archiver.crashing import CountingDisk, FailingDisk


class StingyDisk(Disk):
    """A disk that takes three octets at a time, as write(2) may."""

    def write(self, file: BinaryIO, octets: memoryview) -> int:
        return super().write(file, octets[:3])


@pytest.fixture
def file(tmp_path: Path) -> Iterator[GrowingFile]:
    file = DISK.create(tmp_path / "file")
    yield file
    file.close()


def test_a_file_grows_at_its_end(file: GrowingFile) -> None:
    file.append(b"one,")
    file.append(b"two")

    assert (file.path.read_bytes(), file.size) == (b"one,two", 7)


def test_a_new_file_never_takes_the_place_of_another(file: GrowingFile) -> None:
    with pytest.raises(FileExistsError):
        DISK.create(file.path)


def test_a_file_that_is_reopened_grows_on(file: GrowingFile) -> None:
    file.append(b"one,")
    file.close()

    again = DISK.reopen(file.path)
    again.append(b"two")
    again.close()

    assert file.path.read_bytes() == b"one,two"


def test_what_is_not_there_cannot_be_reopened(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        DISK.reopen(tmp_path / "file")


def test_a_write_may_take_many_calls(tmp_path: Path) -> None:
    file = StingyDisk().create(tmp_path / "file")

    file.append(b"The ferry is late.")
    file.close()

    assert file.path.read_bytes() == b"The ferry is late."


def test_reading_moves_no_end(file: GrowingFile) -> None:
    file.append(b"one,two")
    assert file.read(4, 3) == b"two"

    file.append(b",three")

    assert file.path.read_bytes() == b"one,two,three"


def test_pieces_are_written_together(tmp_path: Path) -> None:
    disk = CountingDisk()
    file = disk.create(tmp_path / "file")
    before = disk.calls

    file.extend([b"one,", b"two,", b"three"])
    file.close()

    assert (file.path.read_bytes(), disk.calls - before) == (b"one,two,three", 1)


def test_many_pieces_are_not_kept_in_memory(tmp_path: Path) -> None:
    disk = CountingDisk()
    file = disk.create(tmp_path / "file")
    before = disk.calls

    file.extend(b"x" * 700_000 for _ in range(4))
    file.close()

    assert (file.size, disk.calls - before) == (2_800_000, 2)


def test_a_file_may_be_cut(file: GrowingFile) -> None:
    file.append(b"one,two")

    file.cut(4)
    file.append(b"2")

    assert (file.path.read_bytes(), file.size) == (b"one,2", 5)


# open, write, write: the second write puts half of its octets in before it fails.
def test_a_write_that_fails_half_way_is_undone(tmp_path: Path) -> None:
    file = FailingDisk(3).create(tmp_path / "file")
    file.append(b"one,")

    with pytest.raises(OSError, match="Input/output error"):
        file.append(b"two,")
    file.append(b"three")
    file.close()

    assert file.path.read_bytes() == b"one,three"


def test_a_disk_that_is_broken_says_so(tmp_path: Path) -> None:
    file = FailingDisk(3, is_broken=True).create(tmp_path / "file")
    file.append(b"one,")

    with pytest.raises(OSError, match="Input/output error"):
        file.append(b"two,")
    file.close()

    assert (file.path.read_bytes(), file.size) == (b"one,tw", 4)


# What is synced


def syncs(disk: CountingDisk, file: GrowingFile) -> int:
    before = disk.calls
    file.sync()
    return disk.calls - before


@pytest.fixture
def disk() -> CountingDisk:
    return CountingDisk()


@pytest.fixture
def counted(tmp_path: Path, disk: CountingDisk) -> Iterator[GrowingFile]:
    file = disk.create(tmp_path / "counted")
    yield file
    file.close()


def test_what_was_not_written_is_not_synced(disk: CountingDisk, counted: GrowingFile) -> None:
    assert syncs(disk, counted) == 0


def test_what_was_written_is_synced_once(disk: CountingDisk, counted: GrowingFile) -> None:
    counted.append(b"one")

    assert (syncs(disk, counted), syncs(disk, counted)) == (1, 0)


def test_what_was_cut_is_synced(disk: CountingDisk, counted: GrowingFile) -> None:
    counted.append(b"one")
    counted.sync()
    counted.cut(1)

    assert syncs(disk, counted) == 1


def test_what_a_dead_process_wrote_may_not_be_synced(
    disk: CountingDisk, counted: GrowingFile
) -> None:
    counted.append(b"one")
    counted.sync()
    again = disk.reopen(counted.path)

    assert syncs(disk, again) == 1

    again.close()


def test_a_sync_that_fails_is_not_taken_for_one(tmp_path: Path) -> None:
    disk = FailingDisk(3)
    file = disk.create(tmp_path / "file")
    file.append(b"one")

    with pytest.raises(OSError, match="Input/output error"):
        file.sync()

    assert syncs(disk, file) == 1
    file.close()


def test_the_real_disk_syncs_files_and_folders(
    file: GrowingFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[int] = []
    monkeypatch.setattr("os.fsync", lambda handle: synced.append(os.fstat(handle).st_ino))
    file.append(b"one")

    file.sync()
    DISK.sync_folder(file.path.parent)

    assert synced == [file.path.stat().st_ino, file.path.parent.stat().st_ino]


# Names and locks


def test_a_file_moves_in_one_step(file: GrowingFile) -> None:
    file.append(b"one")

    DISK.rename(file.path, file.path.with_name("other"))

    assert file.path.with_name("other").read_bytes() == b"one"
    assert not file.path.exists()


def test_what_is_not_there_is_taken_away_all_the_same(tmp_path: Path) -> None:
    DISK.remove(tmp_path / "file")

    assert list(tmp_path.iterdir()) == []


def test_a_locked_file_is_locked_until_it_is_closed(file: GrowingFile) -> None:
    other = DISK.reopen(file.path)

    assert file.lock()
    assert not other.lock()
    file.close()
    assert other.lock()

    other.close()


def test_a_file_may_be_closed_twice(file: GrowingFile) -> None:
    file.close()
    file.close()
