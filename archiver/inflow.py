"""The octets of an archive file as they lie on disk, read forward, with a view of what is next.

What unpacks them is built on this. It holds no more than it was asked to look ahead, and a
quarter of a megabyte.
"""

from __future__ import annotations

from typing import Protocol

from archiver.errors import DamagedRecord

_READ = 256 << 10


class CutShort(DamagedRecord):
    """A file ends before its last record does: what came before it is sound."""


class Readable(Protocol):
    """A binary file that is read forward."""

    def read(self, size: int, /) -> bytes:
        """Return at most *size* octets, none only at the end of the file."""


class Inflow:
    """The octets of *file* from *offset* on, through a *buffer* of which *at* come next.

    *file* stands at *offset*; *filename* is what messages call it.
    """

    def __init__(self, file: Readable, filename: str, offset: int = 0) -> None:
        self.filename = filename
        self.buffer = b""
        self.at = 0
        self._file = file
        self._offset = offset  # of the buffer's beginning

    @property
    def position(self) -> int:
        """Where in the file lies what comes next."""
        return self._offset + self.at

    def give_back(self, octets: bytes) -> None:
        """Put *octets*, which were the last to be taken, in front of what comes next."""
        self._offset += self.at - len(octets)
        self.buffer, self.at = octets + self.buffer[self.at :], 0

    def hold(self, count: int) -> bool:
        """Lengthen the buffer until *count* octets are in it; False if the file has fewer."""
        held = len(self.buffer) - self.at
        if held >= count:
            return True
        pieces = [self.buffer[self.at :]]
        while held < count and (piece := self._file.read(_READ)):
            pieces.append(piece)
            held += len(piece)
        self._offset += self.at
        self.buffer, self.at = b"".join(pieces), 0
        return held >= count

    def peek(self, count: int) -> bytes:
        """Return the next *count* octets without reading past them, fewer only at the end."""
        self.hold(count)
        return self.buffer[self.at : self.at + count]

    def take(self, limit: int) -> bytes:
        """Return the next octets, at most *limit*; none only at the end of the file."""
        if self.at == len(self.buffer):
            self._offset += self.at
            self.buffer, self.at = self._file.read(_READ), 0
        octets = self.buffer[self.at : self.at + limit]
        self.at += len(octets)
        return octets
