"""Write WARC records into one growing file, a gzip member each.

A record is with the operating system, whole, when `WarcWriter.write` returns; a write that
fails half way is undone, so that the file always ends with a whole record. Names, rotation
and sealing are the collection's.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from archiver.capture import Location
from archiver.disk import DISK, Disk, GrowingFile
from archiver.errors import CollectionError
from archiver.gzipped import record_member
from archiver.records import Record

_LONG = 1 << 20


class WarcWriter:
    """The one writer of the WARC at *path*, which will be called *filename* once sealed.

    The file is made, unless *file* is given, which is locked and holds whole records only.
    It is locked while it is open: CollectionError if another process was faster.
    """

    def __init__(
        self, path: Path, filename: str, disk: Disk = DISK, file: GrowingFile | None = None
    ) -> None:
        self.path = path
        self.filename = filename
        self._disk = disk
        self._file = file or disk.create(path)
        if file is None and not self._file.lock():
            self._file.close()
            raise CollectionError(f"{path} was taken by another process: start again")
        self._hasher = _hasher_of(self._file)
        self._unhashed: list[bytes] = []

    @property
    def size(self) -> int:
        """The octets written so far."""
        return self._file.size

    @property
    def sha256(self) -> str:
        """The digest of the file, kept while writing so that sealing need not read it again."""
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
            self._hasher, self._unhashed = hasher, unhashed
            self._file.cut(start)
            raise

    def sync(self) -> None:
        """Make what is written durable."""
        self._file.sync()

    def remove(self) -> None:
        """Close the file, unsynced, and take it away."""
        self._file.close()
        self._disk.remove(self.path)

    def close(self) -> None:
        """Close the file and unlock it. Closing twice is harmless."""
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
        self._file.append(octets)
        self._unhashed.append(octets)
        self._hash(_LONG)


def _hasher_of(file: GrowingFile) -> hashlib._Hash:
    hasher = hashlib.sha256()
    for offset in range(0, file.size, _LONG):
        hasher.update(file.read(offset, min(_LONG, file.size - offset)))
    return hasher


def _pieces(header: bytes, record: Record) -> Iterator[bytes]:
    yield header
    yield from record.block.chunks()
    yield b"\r\n\r\n"
