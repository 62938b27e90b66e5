"""The octets of an archive file, decompressed, in order, with a view of what comes next.

A gzipped file is a run of members, a Zstandard file one of frames, which are members too in
what follows; an uncompressed file counts as a single one. This file knows nothing of records.
It reads forward only and holds a megabyte or two, whatever the file: a bomb is handed on piece
by piece.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from archiver.errors import ArchiveError
from archiver.frames import Frames, is_zstandard
from archiver.inflow import Inflow, Readable
from archiver.members import Members, is_gzip

_READ = 128 << 10

_FOREIGN = (
    (b"\x04\x22\x4d\x18", "LZ4", "lz4 -d"),
    (b"PK\x03\x04", "ZIP (a WACZ, perhaps)", "unzip"),
)


class UnreadableFormat(ArchiveError):
    """A file is whole for all we know, but of a kind that we do not read."""


class Octets:
    """The octets of *file* from *offset* on, through a *buffer* of which *at* come next.

    *file* stands at *offset*, which counts in the file as it lies; *reopened* gives it from its
    beginning, where it stands at another offset. *unit* is what a member is called, if the file
    *is_packed* into such, and *member_offset* where the current one begins in the file. Raises
    `UnreadableFormat` for a compression that we do not undo.
    """

    def __init__(
        self, file: Readable, filename: str, offset: int = 0,
        reopened: Callable[[], Readable] | None = None,
    ) -> None:  # fmt: skip
        self.filename = filename
        self.buffer = b""
        self.at = 0
        self._source = _source_of(Inflow(file, filename, offset), reopened)
        self.unit = self._source.unit
        self.is_packed = not isinstance(self._source, _Plain)
        self.member_offset = offset
        self._dropped = 0  # octets of this member that have left the buffer
        self._is_over = True  # this member has no more octets than the buffer holds

    @property
    def position(self) -> int:
        """Octets of the current member that have been read past."""
        return self._dropped + self.at

    @property
    def consumed(self) -> int:
        """How far the file has been read past; if packed, how far it has been unpacked."""
        return self._source.consumed if self.is_packed else self.member_offset + self.position

    def advance(self) -> bool:
        """Go on to the next member if this one is used up; False at the end of the file."""
        while not self.more_than(0):
            if not self._source.next_member():
                return False
            self.member_offset = self._source.member_offset
            self.buffer, self.at, self._dropped, self._is_over = b"", 0, 0, False
        return True

    def join(self) -> bool:
        """Take what follows this member as more of it; False if it is not.

        A record may lie in several frames of a Zstandard file. That which begins like one of
        its own does not continue another.
        """
        piece = b""
        while self._source.can_share_record and not piece and self._source.next_member():
            piece = self._source.piece()
        if not piece or piece.startswith(b"WARC/"):
            return False
        self._is_over = False
        self._lengthen(piece)
        return True

    def more(self) -> bool:
        """Lengthen the view by a piece of this member; False if the member has no more."""
        piece = b"" if self._is_over else self._source.piece()
        if not piece:
            self._is_over = True
            return False
        self._lengthen(piece)
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

    def _lengthen(self, piece: bytes) -> None:
        self._dropped += self.at
        self.buffer = self.buffer[self.at :] + piece
        self.at = 0


class _Source(Protocol):
    """What unpacks a file, member by member; at first it stands before the first."""

    unit: str
    can_share_record: bool
    member_offset: int

    @property
    def consumed(self) -> int: ...
    def next_member(self) -> bool: ...
    def piece(self) -> bytes: ...


class _Plain:
    """An uncompressed file is one member."""

    unit = "file"
    can_share_record = False

    def __init__(self, inflow: Inflow) -> None:
        self.member_offset = inflow.position
        self._inflow = inflow
        self._is_begun = False

    @property
    def consumed(self) -> int:
        return self._inflow.position

    def next_member(self) -> bool:
        is_first, self._is_begun = not self._is_begun, True
        return is_first

    def piece(self) -> bytes:
        return self._inflow.take(_READ)


def _source_of(inflow: Inflow, reopened: Callable[[], Readable] | None) -> _Source:
    beginning = inflow.peek(8)
    for magic, name, remedy in _FOREIGN:
        if beginning.startswith(magic):
            raise UnreadableFormat(
                f"{inflow.filename} is compressed with {name}, which cannot be read yet: "
                f"run {remedy!r} on it first"
            )
    if is_gzip(beginning):
        return Members(inflow)
    if is_zstandard(beginning):
        return Frames(inflow, reopened)
    return _Plain(inflow)
