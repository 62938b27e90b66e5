"""A member of a ZIP file, as a file of its own: a window where it is stored, else inflated.

Its size is believed as far as the file bears it out: what is deflated is read no further.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from typing import TYPE_CHECKING, BinaryIO, Literal

from archiver.errors import ArchiveError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

LOCAL_HEADER = struct.Struct("<4s22xHH")  # APPNOTE 4.3.7; the rest of it repeats the directory

_READ = 64 << 10
_UTF8 = 0x800


class DamagedZip(ArchiveError):
    """A ZIP file is none, is not whole, or holds what nobody should unpack."""

    def __init__(self, shown: str, problem: str) -> None:
        super().__init__(f"{shown}: {problem}: fetch it again, or ask whoever made it")
        self.shown = shown
        self.problem = problem

    def __reduce__(self) -> tuple[type[DamagedZip], tuple[str, str]]:
        return type(self), (self.shown, self.problem)


class ZipMember:
    """One file of the ZIP called *shown*, which *opener* opens, as its directory has it.

    *crc32* is what the directory says of its octets.
    """

    def __init__(self, shown: str, opener: Callable[[], BinaryIO], info: zipfile.ZipInfo) -> None:
        self.name = info.orig_filename
        self.size = info.file_size
        self.crc32 = info.CRC
        self.is_stored = info.compress_type == zipfile.ZIP_STORED
        self._shown = shown
        self._opener = opener
        self._header_offset = info.header_offset
        self._stored_size = info.compress_size
        self._name_there = name_in_zip(info)
        self._data_offset: int | None = None  # known once it has been looked up

    def open(self) -> BinaryIO:
        """Open the member, at its beginning; each call opens a file of its own.

        One that is stored can be read from any place in it, one that is deflated is read
        forward. DamagedZip where it is not there; for what is deflated, at the first octet
        that contradicts the directory.
        """
        file = self._opener()
        try:
            if self._data_offset is None:
                self._data_offset = self._find_data(file)
            window = _Window(file, self._data_offset, self._stored_size)
        except BaseException:
            file.close()
            raise
        return io.BufferedReader(window if self.is_stored else _Inflated(window, self), _READ)

    def damaged(self, problem: str) -> DamagedZip:
        """Return the error that says *problem* of this member."""
        return DamagedZip(self._shown, f"its member {self.name!r} {problem}")

    def _find_data(self, file: BinaryIO) -> int:
        # The directory does not say how long the header before the data is.
        file.seek(self._header_offset)
        header = file.read(LOCAL_HEADER.size)
        if len(header) < LOCAL_HEADER.size or not header.startswith(b"PK\x03\x04"):
            raise self.damaged("is not where the directory says")
        _, name_size, extra_size = LOCAL_HEADER.unpack(header)
        name = file.read(name_size)
        if name != self._name_there:
            raise self.damaged(f"is called {name[:80]!r} where it lies")
        return self._header_offset + LOCAL_HEADER.size + int(name_size) + int(extra_size)


def name_in_zip(info: zipfile.ZipInfo) -> bytes:
    """Return the name of the member *info* as it stands in the file."""
    return info.orig_filename.encode("utf-8" if info.flag_bits & _UTF8 else "cp437")


class _Window(io.RawIOBase):
    """The *size* octets of *file* from *start* on, as a file. It closes *file*."""

    def __init__(self, file: BinaryIO, start: int, size: int) -> None:
        self._file = file
        self._start = start
        self._size = size
        self._at = 0

    def readable(self) -> Literal[True]:
        return True

    def seekable(self) -> Literal[True]:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        if base + offset < 0:
            raise ValueError(f"there is nothing before the beginning, at {base + offset}")
        self._at = base + offset
        return self._at

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer).cast("B")
        wanted = max(0, min(len(view), self._size - self._at))
        if not wanted:
            return 0
        self._file.seek(self._start + self._at)
        octets = self._file.read(wanted)
        view[: len(octets)] = octets
        self._at += len(octets)
        return len(octets)

    def close(self) -> None:
        self._file.close()
        super().close()


class _Inflated(io.RawIOBase):
    """The deflated *member* in *window*, read forward and no further than it is said to go."""

    def __init__(self, window: _Window, member: ZipMember) -> None:
        self._window = window
        self._member = member
        self._left = member.size
        self._crc = 0
        self._inflater = zlib.decompressobj(-zlib.MAX_WBITS)

    def readable(self) -> Literal[True]:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer).cast("B")
        # One octet more than is left: whether there is one has to be found out.
        piece = self._inflate(min(len(view), self._left + 1))
        if len(piece) > self._left:
            raise self._member.damaged(f"is larger than the {self._member.size} octets it claims")
        self._left -= len(piece)
        self._crc = zlib.crc32(piece, self._crc)
        if not piece and self._left:
            raise self._member.damaged(f"ends {self._left} octets before it should")
        if not piece and self._crc != self._member.crc32:
            raise self._member.damaged("is not what its checksum says")
        view[: len(piece)] = piece
        return len(piece)

    def _inflate(self, limit: int) -> bytes:
        while not self._inflater.eof:
            octets = self._inflater.unconsumed_tail or self._window.read(_READ)
            try:
                piece = self._inflater.decompress(octets or b"", limit)
            except zlib.error as error:
                raise self._member.damaged(f"cannot be inflated ({error})") from error
            if piece:
                return piece
            if not octets:
                break
        return b""

    def close(self) -> None:
        self._window.close()
        super().close()
