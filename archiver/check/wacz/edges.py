"""Octets of a ZIP file that belong to none of its files: before them, after them, at its end.

A reader of ZIP files passes over them, and no hash vouches for them.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from typing import IO, BinaryIO, cast

from archiver.places import Place
from archiver.zipmember import LOCAL_HEADER

_END = 22  # octets of the record at the end (APPNOTE 4.3.16), which a comment may follow
_LONGEST_COMMENT = 0xFFFF
_HAS_DESCRIPTOR = 0x8
_LONGEST_DESCRIPTOR = 24


def octets_beside(place: Place) -> Iterator[str]:
    """Yield how many octets lie where in the ZIP file at *place*, which is a sound one."""
    with place.open("rb") as file:
        archive = zipfile.ZipFile(cast("IO[bytes]", file))
        infos = sorted(archive.infolist(), key=lambda info: info.header_offset)
        before = infos[0].header_offset if infos else archive.start_dir
        between = archive.start_dir - _end_of(infos[-1], file) if infos else 0
        after = _after(file, len(archive.comment))
    if before:
        yield f"{before} octets before the first file"
    if between > 0:
        yield f"{between} octets after the last file"
    if after > 0:
        yield f"{after} octets after the end"


def _end_of(info: zipfile.ZipInfo, file: BinaryIO) -> int:
    """Return where *info* ends at the latest."""
    file.seek(info.header_offset)
    header = file.read(LOCAL_HEADER.size)
    if len(header) < LOCAL_HEADER.size:
        return info.header_offset
    _, name_size, extra_size = LOCAL_HEADER.unpack(header)
    descriptor = _LONGEST_DESCRIPTOR if info.flag_bits & _HAS_DESCRIPTOR else 0
    start = info.header_offset + LOCAL_HEADER.size + int(name_size) + int(extra_size)
    return start + info.compress_size + descriptor


def _after(file: BinaryIO, comment_size: int) -> int:
    size = file.seek(0, 2)
    file.seek(max(0, size - _END - _LONGEST_COMMENT))
    end = file.read()
    return len(end) - end.rfind(b"PK\x05\x06") - _END - comment_size
