"""Bytes as they arrive, kept in memory while they are few and on disk when they are many.

A tape is written once, from its beginning, and then read as often as anybody likes. Past
its limit it lives in an unnamed temporary file, so that a killed process leaves nothing.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

_READ = 1 << 20


class Tape:
    """A growing run of octets; more than *limit* of them move to a file in *folder*.

    *folder* is made when first needed; None means the system's temporary folder.
    """

    def __init__(self, limit: int = 1 << 20, folder: Path | None = None) -> None:
        self.size = 0
        self._limit = limit
        self._folder = folder
        self._pieces: list[bytes] = []
        self._file: IO[bytes] | None = None

    @classmethod
    def of(cls, octets: bytes) -> Tape:
        """Return a tape that holds *octets*, in memory."""
        tape = cls(limit=len(octets))
        tape.write(octets)
        return tape

    def sibling(self) -> Tape:
        """Return an empty tape with the same limit and folder."""
        return Tape(self._limit, self._folder)

    def write(self, octets: bytes) -> None:
        """Append *octets*. OSError when the disk refuses them; the tape is then as it was."""
        if not octets:
            return
        if self._file is None and self.size + len(octets) <= self._limit:
            self._pieces.append(octets)
        else:
            self._write_to_disk(octets)
        self.size += len(octets)

    def chunks(self) -> Iterator[bytes]:
        """Yield all octets in order, at most 1 MiB at a time when they lie on disk."""
        if self._file is None:
            if len(self._pieces) > 1:
                self._pieces = [b"".join(self._pieces)]  # every reader after is glad of it
            yield from tuple(self._pieces)
            return
        at = 0
        while at < self.size:
            self._file.seek(at)
            piece = self._file.read(_READ)
            at += len(piece)
            yield piece

    def read(self) -> bytes:
        """Return all octets as one string; only for what is known to be small."""
        return b"".join(self.chunks())

    def is_on_disk(self) -> bool:
        """Say whether the octets were too many for memory."""
        return self._file is not None

    def close(self) -> None:
        """Give back the memory or the disk. Closing twice is harmless."""
        self._pieces.clear()
        if self._file is not None:
            self._file.close()

    def _write_to_disk(self, octets: bytes) -> None:
        if self._file is not None:
            _write_all(self._file, self.size, octets)
            return
        if self._folder is not None:
            self._folder.mkdir(parents=True, exist_ok=True)
        file = _unnamed_file(self._folder)
        try:
            _write_all(file, 0, b"".join((*self._pieces, octets)))
        except OSError:
            file.close()
            raise
        self._file = file
        self._pieces.clear()


def _write_all(file: IO[bytes], at: int, octets: bytes) -> None:
    """Write *octets* from *at*; when that fails the file ends at *at*."""
    file.seek(at)
    view = memoryview(octets)
    try:
        while view:
            view = view[file.write(view) :]
    except OSError:
        file.truncate(at)
        raise


def _unnamed_file(folder: Path | None) -> IO[bytes]:
    return tempfile.TemporaryFile(dir=folder, buffering=0)
