"""The octets of an archive file, decompressed, in order, with a view of what comes next.

A gzipped file is a run of members (RFC 1952, 2.2), an uncompressed one counts as a single
member. This file knows nothing of records. It reads forward only and holds a few hundred
kilobytes, whatever the file: a gzip bomb is handed on piece by piece.
"""

from __future__ import annotations

import zlib
from typing import Protocol

from archiver.errors import ArchiveError, DamagedRecord

_MAGIC = b"\x1f\x8b"
_GZIP = 31  # zlib's window bits for a gzip header and trailer
_READ = 128 << 10
# What zlib is given at a time. It hands back a copy of what it did not use, at the end of
# each member: a larger slice costs more for small members than it saves for large ones.
_SLICE = 32 << 10
_PIECE = 256 << 10

_FOREIGN = (
    (b"\x04\x22\x4d\x18", "LZ4", "lz4 -d"),
    (b"\x28\xb5\x2f\xfd", "Zstandard", "zstd -d"),
    (b"\x5d\x2a\x4d\x18", "Zstandard (with a dictionary)", "zstd -d -D"),
    (b"PK\x03\x04", "ZIP (a WACZ, perhaps)", "unzip"),
)


class UnreadableFormat(ArchiveError):
    """A file is whole for all we know, but of a kind that we do not read."""


class CutShort(DamagedRecord):
    """A file ends before its last record does: what came before it is sound."""


class Readable(Protocol):
    """A binary file that is read forward."""

    def read(self, size: int, /) -> bytes:
        """Return at most *size* octets, none only at the end of the file."""


class Octets:
    """The octets of *file* from *offset* on, through a *buffer* of which *at* come next.

    *file* stands at *offset*, which counts in the file as it lies. Raises `UnreadableFormat`
    for a compression that we do not undo.
    """

    def __init__(self, file: Readable, filename: str, offset: int = 0) -> None:
        self.filename = filename
        self.buffer = b""
        self.at = 0
        ahead = _beginning(file)
        for magic, name, remedy in _FOREIGN:
            if ahead.startswith(magic):
                raise UnreadableFormat(
                    f"{filename} is compressed with {name}, which cannot be read yet: "
                    f"run {remedy!r} on it first"
                )
        self.is_gzip = bool(ahead) and _MAGIC.startswith(ahead[:2])
        self._source: _Gzip | _Plain = (
            _Gzip(file, filename, offset, ahead) if self.is_gzip else _Plain(file, offset, ahead)
        )
        self._dropped = 0  # octets of this member that have left the buffer
        self._is_over = False  # this member has no more octets than the buffer holds

    @property
    def position(self) -> int:
        """Octets of the current member that have been read past."""
        return self._dropped + self.at

    @property
    def member_offset(self) -> int:
        """Where the current member begins in the file."""
        return self._source.member_offset

    @property
    def consumed(self) -> int:
        """How far the file has been read past; in gzip, how far it has been decompressed."""
        if isinstance(self._source, _Gzip):
            return self._source.consumed
        return self._source.member_offset + self.position

    def advance(self) -> bool:
        """Go on to the next member if this one is used up; False at the end of the file."""
        while not self.more_than(0):
            if not self._source.next_member():
                return False
            self.buffer, self.at, self._dropped, self._is_over = b"", 0, 0, False
        return True

    def more(self) -> bool:
        """Lengthen the view by a piece of this member; False if the member has no more."""
        piece = b"" if self._is_over else self._source.piece()
        if not piece:
            self._is_over = True
            return False
        self._dropped += self.at
        self.buffer = self.buffer[self.at :] + piece
        self.at = 0
        return True

    def more_than(self, count: int) -> bool:
        """Say whether more than *count* octets of this member are still to come."""
        while len(self.buffer) - self.at <= count:
            if not self.more():
                return False
        return True

    def take(self, limit: int) -> bytes:
        """Return the next octets of this member, at most *limit*; none at its end."""
        if self.at == len(self.buffer) and not self.more():
            return b""
        piece = self.buffer[self.at : self.at + limit]
        self.at += len(piece)
        return piece


class _Plain:
    """An uncompressed file is one member."""

    def __init__(self, file: Readable, offset: int, ahead: bytes) -> None:
        self.member_offset = offset
        self._file = file
        self._ahead = ahead

    def piece(self) -> bytes:
        piece, self._ahead = self._ahead, b""
        return piece or self._file.read(_READ)

    def next_member(self) -> bool:
        return False


class _Gzip:
    """The members of a gzipped file; *ahead* has been read of it already."""

    def __init__(self, file: Readable, filename: str, offset: int, ahead: bytes) -> None:
        self.member_offset = offset
        self._file = file
        self._filename = filename
        self._input = ahead
        self._input_offset = offset
        self._at = 0
        self._inflater = zlib.decompressobj(_GZIP)
        self._damage: DamagedRecord | None = None

    @property
    def consumed(self) -> int:
        """How far the file has been decompressed."""
        # Quirk: at a member's end zlib may leave the same octets here and in unused_data.
        tail = b"" if self._inflater.eof else self._inflater.unconsumed_tail
        return self._input_offset + self._at - len(tail)

    def piece(self) -> bytes:
        """Return the next octets of this member, none at its end.

        DamagedRecord where its data is damaged, after all that came before the damage.
        """
        if self._damage is not None:
            raise self._damage
        while not self._inflater.eof:
            octets = self._inflater.unconsumed_tail or self._next_slice()
            spare = self._inflater.copy()
            try:
                piece = self._inflater.decompress(octets, _PIECE)
            except zlib.error as error:
                return self._salvage(spare, octets, error)
            self._at -= len(self._inflater.unused_data)
            if piece:
                return piece
        return b""

    def next_member(self) -> bool:
        """Turn to the member that follows; False at the end of the file."""
        self.member_offset = self.consumed
        while len(self._input) - self._at < 2 and self._fill():
            pass
        magic = self._input[self._at : self._at + 2]
        if not magic:
            return False
        if not _MAGIC.startswith(magic):
            found = self._input[self._at : self._at + 20]
            raise DamagedRecord(
                self._filename, self.member_offset, f"{found!r} where a gzip member should begin"
            )
        self._inflater = zlib.decompressobj(_GZIP)
        return True

    def _next_slice(self) -> bytes:
        if self._at == len(self._input) and not self._fill():
            raise CutShort(
                self._filename, self.member_offset, "the file ends inside a gzip member"
            )
        octets = self._input[self._at : self._at + _SLICE]
        self._at += len(octets)
        return octets

    def _fill(self) -> bool:
        piece = self._file.read(_READ)
        self._input_offset += self._at
        self._input = self._input[self._at :] + piece
        self._at = 0
        return bool(piece)

    def _salvage(self, inflater: zlib._Decompress, octets: bytes, error: zlib.error) -> bytes:
        """Return what *octets* give before the damage, which *error* has swallowed.

        Where many records share a member, those before the damage are among it.
        """
        problem = f"the gzip member is damaged ({error})"
        self._damage = DamagedRecord(self._filename, self.member_offset, problem)
        pieces = []
        for at in range(len(octets)):
            try:
                pieces.append(inflater.decompress(octets[at : at + 1]))
            except zlib.error:
                break
        if not any(pieces):
            raise self._damage from error
        return b"".join(pieces)


def _beginning(file: Readable) -> bytes:
    """Return the first octets of *file*, enough to tell what it is."""
    octets = b""
    while len(octets) < 8 and (piece := file.read(_READ)):
        octets += piece
    return octets
