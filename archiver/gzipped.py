"""The two ways we gzip, both without name and time in the member, and the fast way back.

Records are compressed while a crawl waits, by ISA-L: on news pages a tenth of zlib's time at
its usual level for a sixth more octets, and on what a server had compressed already no
difference in size. Text files are compressed by zlib, whose output is the same on every
processor, so that text extracted again gives the same file byte for byte.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from typing import Protocol, cast

from isal import isal_zlib

# What is raised where a member is damaged; its type hints take the class for an instance.
GunzipError = cast("type[Exception]", isal_zlib.error)

_GZIP = 31  # the window bits that ask for a gzip header and trailer (RFC 1952)
_COLLECT = 4 << 20
_BATCH = 64 << 10


class _Compressor(Protocol):
    def compress(self, data: bytes, /) -> bytes: ...
    def flush(self) -> bytes: ...


class Gunzipper(Protocol):
    """Unpacks one gzip member."""

    @property
    def eof(self) -> bool:
        """Say whether the member has ended, and its checksum was right."""

    @property
    def unused_data(self) -> bytes:
        """What was given after the member's end."""

    def decompress(self, data: bytes, max_length: int, /) -> bytes:
        """Return what *data* holds, at most *max_length* octets, which must be more than none."""


def new_gunzipper() -> Gunzipper:
    """Return what unpacks a member in less than half of zlib's time, and raises `GunzipError`.

    Its state cannot be copied, so what it had unpacked in the call that raises is lost.
    """
    return isal_zlib.decompressobj(_GZIP)


def record_member(pieces: Iterable[bytes], size: int) -> Iterator[bytes]:
    """Yield *pieces*, of *size* octets in all, as one gzip member, fast: in one go when small."""
    if size > _COLLECT:
        return _compressed(isal_zlib.compressobj(2, isal_zlib.DEFLATED, _GZIP), pieces)
    # One call costs one turn of the interpreter's lock, for which a crawl's two threads contend.
    return iter([isal_zlib.compress(b"".join(pieces), 2, _GZIP)])


def gzip_member(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Yield *pieces* as one gzip member that depends on nothing but them and zlib."""
    return _compressed(zlib.compressobj(6, zlib.DEFLATED, _GZIP), pieces)


def _compressed(compressor: _Compressor, pieces: Iterable[bytes]) -> Iterator[bytes]:
    collected: list[bytes] = []
    size = 0
    for batch in _batches(pieces):
        collected.append(compressor.compress(batch))
        size += len(collected[-1])
        if size > _COLLECT:
            yield b"".join(collected)
            collected, size = [], 0
    collected.append(compressor.flush())
    yield b"".join(collected)


def _batches(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Yield short *pieces* joined: each call of a compressor costs a turn of a lock."""
    batch: list[bytes] = []
    size = 0
    for piece in pieces:
        if size + len(piece) > _BATCH:
            yield b"".join(batch)
            batch, size = [], 0
        batch.append(piece)
        size += len(piece)
    yield batch[0] if len(batch) == 1 else b"".join(batch)
