"""A ZIP file read where it lies: its members as files, none of them unpacked.

Everything in it came from outside. A directory that contradicts itself, or a name that would
lead out of a folder, makes the whole file one that is refused. What the members hold is for
others to judge.
"""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping
from typing import IO, BinaryIO, cast

from archiver.places import Place
from archiver.zipmember import LOCAL_HEADER, DamagedZip, ZipMember, name_in_zip

__all__ = ["DamagedZip", "Zip", "ZipMember"]

_LARGEST_DIRECTORY = 16 << 20  # a hundred thousand members; it is read as a whole
_ENCRYPTED = 0x1


class Zip:
    """The ZIP file at *place*; *members* are its files, by their names, in its order.

    DamagedZip where its directory cannot be read or be true.
    """

    def __init__(self, place: Place) -> None:
        self.shown = str(place)
        infos, end = self._directory(place)
        self.members: Mapping[str, ZipMember] = {
            info.orig_filename: ZipMember(self.shown, lambda: place.open("rb"), info)
            for info in infos
            if not info.is_dir()
        }
        self._refuse_overlaps(infos, end)

    def _directory(self, place: Place) -> tuple[list[zipfile.ZipInfo], int]:
        """Return what the directory lists, each checked by itself, and where it begins."""
        with place.open("rb") as file:
            try:
                archive = zipfile.ZipFile(cast("IO[bytes]", _Bounded(file, self.shown)))
            except (ValueError, NotImplementedError, struct.error, OverflowError) as error:
                raise DamagedZip(self.shown, f"no ZIP that can be read ({error})") from error
            except zipfile.BadZipFile as error:
                problem = "is no ZIP file, or its end is missing"
                raise DamagedZip(self.shown, problem) from error
        names: set[str] = set()
        for info in archive.infolist():
            reason = _problem_of(info)
            if reason is None and info.orig_filename in names:
                reason = "is there twice"
            if reason is not None:
                raise DamagedZip(self.shown, f"its member {info.orig_filename!r} {reason}")
            names.add(info.orig_filename)
        return archive.infolist(), archive.start_dir

    def _refuse_overlaps(self, infos: list[zipfile.ZipInfo], end: int) -> None:
        ordered = sorted(infos, key=lambda info: info.header_offset)
        ends = [info.header_offset for info in ordered[1:]] + [end]
        for info, following in zip(ordered, ends, strict=True):
            least = info.header_offset + _local_size(info) + info.compress_size
            if info.header_offset < 0 or least > following:
                problem = f"its member {info.orig_filename!r} lies over what follows it"
                raise DamagedZip(self.shown, problem)


class _Bounded:
    """A *file* for the directory's reader, which takes it into memory as a whole."""

    def __init__(self, file: BinaryIO, shown: str) -> None:
        self._file = file
        self._shown = shown
        self.tell = file.tell

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        if whence == io.SEEK_SET and offset < 0:
            raise DamagedZip(self._shown, "its directory would begin before the file")
        try:
            return self._file.seek(offset, whence)
        except (OSError, ValueError) as error:
            if whence == io.SEEK_END:  # to before the beginning: the file is shorter than that
                raise zipfile.BadZipFile("too short") from error
            raise

    def read(self, size: int = -1) -> bytes:
        if size > _LARGEST_DIRECTORY:
            raise DamagedZip(self._shown, f"its directory would be {size} octets large")
        return self._file.read(size)


def _problem_of(info: zipfile.ZipInfo) -> str | None:
    """Return why the member *info* is refused, None if it is not."""
    name = info.orig_filename
    parts = name.removesuffix("/").split("/")
    if "\\" in name or ":" in parts[0] or any(part in ("", ".", "..") for part in parts):
        return "has a name that leads out of the archive"
    if not name.isprintable():
        return "has control characters in its name"
    if info.flag_bits & _ENCRYPTED:
        return "is encrypted"
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return f"is compressed by method {info.compress_type}, neither stored nor deflated"
    if info.compress_type == zipfile.ZIP_STORED and info.compress_size != info.file_size:
        return f"is stored in {info.compress_size} octets and claims {info.file_size}"
    if info.is_dir() and info.file_size:
        return "is a folder with octets of its own"
    return None


def _local_size(info: zipfile.ZipInfo) -> int:
    """Return how long the header before the data is at least."""
    return LOCAL_HEADER.size + len(name_in_zip(info))
