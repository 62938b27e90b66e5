"""A ZIP that lies nowhere, judged by the standard library's and by Info-ZIP's reader."""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.replay.virtual import PIECE, Shrunk, VirtualZip
from tests.conftest import miss

MADE_AT = datetime(2026, 4, 2, 8, 30, 12, tzinfo=UTC)
CONTENTS = {
    "archive/a.warc.gz": bytes(range(256)) * 3000,
    "indexes/index.cdxj": b"",
    "pages/pages.jsonl": b'{"id": "pages"}\n',
    "archive/ä.warc.gz": b"last",
}


@dataclass(frozen=True, slots=True)
class Held:
    name: str
    octets: bytes

    @property
    def size(self) -> int:
        return len(self.octets)

    def open(self) -> BinaryIO:
        return io.BytesIO(self.octets)


@dataclass(frozen=True, slots=True)
class Hollow:
    """A file of any size that holds zeros, of which there is no end."""

    name: str
    size: int

    def open(self) -> BinaryIO:
        return Zeros()


class Zeros(io.BytesIO):
    def seek(self, offset: int, whence: int = 0) -> int:
        return offset

    def read(self, size: int | None = -1) -> bytes:
        return b"\0" * (size or 0)


class Remote(io.RawIOBase):
    """The ZIP as a file, so that a reader can look where it likes."""

    def __init__(self, archive: VirtualZip) -> None:
        self._archive = archive
        self._at = 0

    def seekable(self) -> bool:
        return True

    def readable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = 0) -> int:
        self._at = offset + (0, self._at, self._archive.size)[whence]
        return self._at

    def read(self, size: int = -1) -> bytes:
        stop = self._archive.size if size < 0 else min(self._at + size, self._archive.size)
        octets = b"".join(self._archive.read(self._at, stop))
        self._at += len(octets)
        return octets


def small() -> VirtualZip:
    return VirtualZip([Held(name, octets) for name, octets in CONTENTS.items()], MADE_AT)


def test_read_as_a_whole_it_is_a_zip_whose_sums_are_right() -> None:
    archive = small()
    octets = b"".join(archive.whole())

    assert len(octets) == archive.size
    with zipfile.ZipFile(io.BytesIO(octets)) as found:
        assert found.testzip() is None
        assert {name: found.read(name) for name in found.namelist()} == CONTENTS


def test_info_zip_finds_no_fault(tmp_path: Path) -> None:
    unzip = shutil.which("unzip")
    if unzip is None:
        miss("Info-ZIP's unzip is not installed")
    (tmp_path / "it.zip").write_bytes(b"".join(small().whole()))
    done = subprocess.run([unzip, "-t", "it.zip"], cwd=tmp_path, capture_output=True, text=True)

    assert (done.returncode, done.stderr) == (0, "")
    assert "No errors detected" in done.stdout


def test_before_that_it_is_a_zip_without_sums() -> None:
    with zipfile.ZipFile(io.BytesIO(b"".join(small().read(0, small().size)))) as found:
        assert {info.filename: info.CRC for info in found.infolist()} == dict.fromkeys(CONTENTS, 0)
        assert {info.date_time for info in found.infolist()} == {(2026, 4, 2, 8, 30, 12)}


@given(st.integers(0, small().size), st.integers(0, small().size))
def test_any_range_of_it_is_that_range_of_the_whole(one: int, other: int) -> None:
    archive = small()
    octets = b"".join(archive.read(0, archive.size))
    start, stop = sorted((one, other))

    assert b"".join(archive.read(start, stop)) == octets[start:stop]


def test_no_piece_is_larger_than_it_may_be() -> None:
    archive = VirtualZip([Hollow("archive/big.warc.gz", 3 * PIECE + 1)], MADE_AT)

    assert max(map(len, archive.read(0, archive.size))) == PIECE


def test_files_and_offsets_may_be_larger_than_four_gigabytes() -> None:
    archive = VirtualZip(
        [Hollow("archive/one.warc", 5 << 30), Held("two", b"2"), Hollow("archive/three", 1 << 40)],
        MADE_AT,
    )
    with zipfile.ZipFile(Remote(archive)) as found:
        infos = {info.filename: (info.file_size, info.compress_size) for info in found.infolist()}
        assert infos == {
            "archive/one.warc": (5 << 30, 5 << 30),
            "two": (1, 1),
            "archive/three": (1 << 40, 1 << 40),
        }
        assert found.getinfo("two").header_offset > 5 << 30


def test_a_file_after_five_gigabytes_is_read_by_its_local_header() -> None:
    two = Held("two", b"")
    archive = VirtualZip([Hollow("archive/one.warc", 5 << 30), two], MADE_AT)
    with zipfile.ZipFile(Remote(archive)) as found:
        assert found.read("two") == b""


def test_it_may_hold_more_files_than_sixteen_bits_can_count() -> None:
    archive = VirtualZip([Held(f"archive/{number}", b"") for number in range(70_000)], MADE_AT)
    with zipfile.ZipFile(Remote(archive)) as found:
        assert len(found.namelist()) == 70_000


def test_a_file_that_has_become_shorter_is_named() -> None:
    @dataclass(frozen=True, slots=True)
    class Torn(Held):
        @property
        def size(self) -> int:
            return 100

    archive = VirtualZip([Torn("archive/torn.warc.gz", b"ten octets")], MADE_AT)
    with pytest.raises(Shrunk, match=r"archive/torn\.warc\.gz ends at 10 of 100 octets"):
        list(archive.read(0, archive.size))
