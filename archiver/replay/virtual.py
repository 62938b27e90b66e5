"""A ZIP that lies nowhere: its octets, any range of them, made from the files it would hold.

Files are stored in it as they are, so that a range of the ZIP is a range of one of them with
little around it; only what is asked for is read (.ZIP File Format Specification, APPNOTE).
"""

from __future__ import annotations

import struct
import zlib
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import islice
from typing import BinaryIO, Protocol

from archiver.errors import ArchiveError

PIECE = 256 << 10
_16_BITS = 0xFFFF
_32_BITS = 0xFFFFFFFF
_PLAIN_VERSION, _ZIP64_VERSION = 20, 45  # 4.4.3.2
_CRC_FOLLOWS, _UTF8 = 0x0008, 0x0800  # 4.4.4
_ZIP64 = 0x0001  # 4.5.3
_OF_UNIX = 3 << 8  # 4.4.2
_MODE = 0o100644 << 16  # a file that its owner may write and others read


class Entry(Protocol):
    """A file that the ZIP holds."""

    @property
    def name(self) -> str:
        """Its path in the ZIP."""

    @property
    def size(self) -> int:
        """How many octets it has."""

    def open(self) -> BinaryIO:
        """Open it at its beginning; it can be read from any place."""


class Shrunk(ArchiveError):
    """A file has fewer octets than when the ZIP was laid out."""


@dataclass(frozen=True, slots=True)
class _Span:
    """Octets of the ZIP, *size* of them from *start*; *read* returns a range of them."""

    start: int
    size: int
    read: Callable[[int, int], Iterator[bytes]]


class VirtualZip:
    """The ZIP of *entries*, dated *made_at*; it has *size* octets.

    A CRC-32 can only be told once all octets of a file were read, and ReplayWeb.page never asks
    for one. So it follows each file, where the format lets it, and is 0 until `whole` was read.
    """

    def __init__(self, entries: Sequence[Entry], made_at: datetime) -> None:
        self._entries = entries
        self._stamp = _dos_stamp(made_at)
        self._crcs = [0] * len(entries)
        self._offsets: list[int] = []
        self._spans: list[_Span] = []
        self.size = 0
        for number, entry in enumerate(entries):
            self._offsets.append(self.size)
            self._add_octets(partial(self._local_header, number))
            self._add(entry.size, partial(_read, entry))
            self._add_octets(partial(self._descriptor, number))
        self._directory_at = self.size
        self._add_octets(self._directory)
        self._starts = [span.start for span in self._spans]

    def read(self, start: int, stop: int) -> Iterator[bytes]:
        """Yield the octets from *start* to before *stop*, in pieces of a bounded size."""
        for span in islice(self._spans, max(0, bisect_right(self._starts, start) - 1), None):
            if span.start >= stop:
                return
            first, last = max(start, span.start), min(stop, span.start + span.size)
            if first < last:
                yield from span.read(first - span.start, last - span.start)

    def whole(self) -> Iterator[bytes]:
        """Yield all octets, with every CRC-32 what it should be."""
        for number, entry in enumerate(self._entries):
            yield self._local_header(number)
            crc = 0
            for piece in _read(entry, 0, entry.size):
                crc = zlib.crc32(piece, crc)
                yield piece
            self._crcs[number] = crc
            yield self._descriptor(number)
        yield from _pieces(self._directory(), 0, self.size - self._directory_at)

    def _add(self, size: int, read: Callable[[int, int], Iterator[bytes]]) -> None:
        self._spans.append(_Span(self.size, size, read))
        self.size += size

    def _add_octets(self, make: Callable[[], bytes]) -> None:
        self._add(len(make()), lambda start, stop: _pieces(make(), start, stop))

    def _local_header(self, number: int) -> bytes:
        """Return what lies before a file (4.3.7); its sizes follow, as its CRC does."""
        entry = self._entries[number]
        name = entry.name.encode()
        is_large = entry.size >= _32_BITS
        # That the sizes which follow have eight octets is only told by this field being there.
        extra = struct.pack("<HHQQ", _ZIP64, 16, 0, 0) if is_large else b""
        size = _32_BITS if is_large else 0
        return b"".join((
            b"PK\x03\x04",
            self._common(_ZIP64_VERSION if is_large else _PLAIN_VERSION),
            struct.pack("<IIIHH", 0, size, size, len(name), len(extra)),
            name,
            extra,
        ))  # fmt: skip

    def _descriptor(self, number: int) -> bytes:
        """Return what lies after a file (4.3.9)."""
        size = self._entries[number].size
        form = "<4sIQQ" if size >= _32_BITS else "<4sIII"
        return struct.pack(form, b"PK\x07\x08", self._crcs[number], size, size)

    def _common(self, version: int) -> bytes:
        """Return the version needed, the flags, that a file is stored, and its date."""
        return struct.pack("<HHHI", version, _CRC_FOLLOWS | _UTF8, 0, self._stamp)

    def _directory(self) -> bytes:
        """Return the directory and what ends the ZIP (4.3.12, 4.3.14 to 4.3.16)."""
        listed = b"".join(map(self._listed, range(len(self._entries))))
        count, size, start = len(self._entries), len(listed), self._directory_at
        end = b""
        if count >= _16_BITS or size >= _32_BITS or start >= _32_BITS:
            end = struct.pack(
                "<4sQHHIIQQQQ", b"PK\x06\x06", 44, _OF_UNIX | _ZIP64_VERSION, _ZIP64_VERSION,
                0, 0, count, count, size, start,
            ) + struct.pack("<4sIQI", b"PK\x06\x07", 0, start + size, 1)  # fmt: skip
        count = min(count, _16_BITS)
        size, start = min(size, _32_BITS), min(start, _32_BITS)
        return listed + end + struct.pack(
            "<4sHHHHIIH", b"PK\x05\x06", 0, 0, count, count, size, start, 0
        )  # fmt: skip

    def _listed(self, number: int) -> bytes:
        """Return what the directory says of a file (4.3.12)."""
        entry, offset = self._entries[number], self._offsets[number]
        name = entry.name.encode()
        large = [n for n in (entry.size, entry.size, offset) if n >= _32_BITS]
        extra = struct.pack(f"<HH{len(large)}Q", _ZIP64, 8 * len(large), *large) if large else b""
        version = _ZIP64_VERSION if large else _PLAIN_VERSION
        size = min(entry.size, _32_BITS)
        return b"".join((
            b"PK\x01\x02",
            struct.pack("<H", _OF_UNIX | version),
            self._common(version),
            struct.pack("<IIIHH", self._crcs[number], size, size, len(name), len(extra)),
            struct.pack("<HHHII", 0, 0, 0, _MODE, min(offset, _32_BITS)),
            name,
            extra,
        ))  # fmt: skip


def _read(entry: Entry, start: int, stop: int) -> Iterator[bytes]:
    with entry.open() as file:
        file.seek(start)
        while start < stop:
            piece = file.read(min(PIECE, stop - start))
            if not piece:
                raise Shrunk(f"{entry.name} ends at {start} of {entry.size} octets: open it anew")
            start += len(piece)
            yield piece


def _pieces(octets: bytes, start: int, stop: int) -> Iterator[bytes]:
    for at in range(start, stop, PIECE):
        yield octets[at : min(at + PIECE, stop)]


def _dos_stamp(moment: datetime) -> int:
    """Return *moment* as MS-DOS writes it, from 1980 on and to two seconds (4.4.6)."""
    date = max(0, moment.year - 1980) << 9 | moment.month << 5 | moment.day
    return date << 16 | moment.hour << 11 | moment.minute << 5 | moment.second // 2
