"""Write WARC records into one growing file, a gzip member each.

A record is with the operating system, whole, when `WarcWriter.write` returns; a write that
fails half way is undone, so that the file always ends with a whole record. Names, rotation
and sealing are the collection's.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from archiver.capture import Location
from archiver.gzipped import record_member
from archiver.records import Record

_LONG = 1 << 20


class WarcWriter:
    """The one writer of the WARC at *path*, which will be called *filename* once sealed.

    *size* is the octets written so far and *sha256* their hexadecimal digest, kept while
    writing so that sealing a large file need not read it again.
    """

    def __init__(self, path: Path, filename: str) -> None:
        self.path = path
        self.filename = filename
        self.size = 0
        self._hasher = hashlib.sha256()
        self._unhashed: list[bytes] = []
        self._file = path.open("xb", buffering=0)

    @property
    def sha256(self) -> str:
        """The digest of the file as it stands."""
        self._hash()
        return self._hasher.hexdigest()

    def write(self, record: Record) -> Location:
        """Append *record* and return where it lies. OSError leaves the file as it was."""
        return self.write_all([record])[0]

    def write_all(self, records: Sequence[Record]) -> list[Location]:
        """Append *records*, all or none, and return where they lie."""
        start, hasher, unhashed = self.size, self._hasher.copy(), list(self._unhashed)
        locations: list[Location] = []
        pending: list[bytes] = []  # short members leave together: one call of the system
        end = start
        try:
            for record in records:
                begin = end
                header = record.header()
                size = len(header) + record.block.size
                for octets in record_member(_pieces(header, record), size):
                    pending.append(octets)
                    end += len(octets)
                    if len(octets) > _LONG:
                        self._append(pending)
                        pending = []
                length = end - begin
                locations.append(Location(filename=self.filename, offset=begin, length=length))
            self._append(pending)
            return locations
        except OSError:
            self.size, self._hasher, self._unhashed = start, hasher, unhashed
            os.ftruncate(self._file.fileno(), start)
            self._file.seek(start)
            raise

    def remove(self) -> None:
        """Close the file, unsynced, and take it away."""
        self._file.close()
        self.path.unlink(missing_ok=True)

    def close(self) -> None:
        """Sync the file to the disk and close it. Closing twice is harmless."""
        if not self._file.closed:
            os.fsync(self._file.fileno())
            self._file.close()

    def _hash(self, at_least: int = 0) -> None:
        """Hash what is written and waits for it, once there are *at_least* so many octets.

        Each turn of the hasher costs one of the interpreter's lock.
        """
        if sum(map(len, self._unhashed)) >= at_least:
            self._hasher.update(b"".join(self._unhashed))
            self._unhashed = []

    def _append(self, pieces: list[bytes]) -> None:
        octets = b"".join(pieces)
        self._unhashed.append(octets)
        self.size += len(octets)
        self._hash(_LONG)
        view = memoryview(octets)
        while view:
            view = view[self._file.write(view) :]


def _pieces(header: bytes, record: Record) -> Iterator[bytes]:
    yield header
    yield from record.block.chunks()
    yield b"\r\n\r\n"
