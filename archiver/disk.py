"""The system calls by which an archive grows on a local disk, each a method of its own.

Everything that writes what must not be lost writes through here, so that there is one place
to read what happens when the system says no, and one to stand in for a disk that fails or
forgets. Nothing here retries, and nothing is durable before it is synced.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

from archiver.locks import try_lock

_BATCH = 1 << 20


class Disk:
    """The local disk."""

    def create(self, path: Path) -> GrowingFile:
        """Return the new file *path*; FileExistsError if there is one."""
        return GrowingFile(self, path, self.open(path, "x+b"))

    def reopen(self, path: Path) -> GrowingFile:
        """Return the file *path*, to be read and to grow at its end."""
        return GrowingFile(self, path, self.open(path, "r+b"))

    def open(self, path: Path, mode: str) -> BinaryIO:
        """Open *path*, unbuffered."""
        return path.open(mode, buffering=0)  # type: ignore[return-value]  # a FileIO it is

    def write(self, file: BinaryIO, octets: memoryview) -> int:
        """Write *octets* where *file* stands; return how many went in."""
        return file.write(octets)

    def truncate(self, file: BinaryIO, size: int) -> None:
        """Let *file* end at *size*."""
        file.truncate(size)

    def sync(self, file: BinaryIO) -> None:
        """Make what is written to *file* durable (fsync(2))."""
        os.fsync(file.fileno())

    def rename(self, path: Path, target: Path) -> None:
        """Give *path* the name *target*, in one step."""
        path.replace(target)

    def remove(self, path: Path) -> None:
        """Take *path* away, if it is there."""
        path.unlink(missing_ok=True)

    def make_folder(self, folder: Path) -> None:
        """Make *folder* and those above it, durably, as far as they are missing."""
        missing = [path for path in (folder, *folder.parents) if not path.exists()]
        folder.mkdir(parents=True, exist_ok=True)
        for path in reversed(missing):
            self.sync_folder(path.parent)

    def sync_folder(self, folder: Path) -> None:
        """Make the names in *folder* durable, where the platform lets a folder be synced."""
        if os.name != "posix":
            return
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

    def put(self, path: Path, octets: bytes) -> None:
        """Let *path* hold *octets*, durably and in one step, whatever it held before."""
        draft = path.with_name(f"{path.name}.open")
        self.remove(draft)
        file = self.create(draft)
        try:
            file.append(octets)
            file.sync()
            file.close()
            self.rename(draft, path)
        except OSError:
            file.close()
            self.remove(draft)
            raise
        self.sync_folder(path.parent)


DISK = Disk()


class GrowingFile:
    """A file that grows at its end; *size* is how far it is whole."""

    def __init__(self, disk: Disk, path: Path, file: BinaryIO) -> None:
        self.path = path
        self.size = os.fstat(file.fileno()).st_size
        self._disk = disk
        self._file = file
        self._is_synced = self.size == 0

    def lock(self) -> bool:
        """Lock the file for as long as it is open; False if another process has it."""
        return try_lock(self._file)

    def append(self, octets: bytes) -> None:
        """Write *octets* at the end, all or none. OSError leaves the file as it was."""
        self._is_synced = False
        view = memoryview(octets)
        self._file.seek(self.size)
        try:
            while view:
                view = view[self._disk.write(self._file, view) :]
        except OSError:
            self._disk.truncate(self._file, self.size)
            raise
        self.size += len(octets)

    def extend(self, pieces: Iterable[bytes]) -> None:
        """Write *pieces* at the end, short ones together."""
        batch: list[bytes] = []
        size = 0
        for piece in pieces:
            batch.append(piece)
            size += len(piece)
            if size > _BATCH:
                self.append(b"".join(batch))
                batch, size = [], 0
        self.append(b"".join(batch))

    def read(self, offset: int, size: int) -> bytes:
        """Return *size* octets from *offset*."""
        self._file.seek(offset)
        return self._file.read(size)

    def cut(self, size: int) -> None:
        """Let the file end at *size*."""
        self._is_synced = False
        self._disk.truncate(self._file, size)
        self.size = size

    def sync(self) -> None:
        """Make what is written durable, if it is not."""
        if not self._is_synced:
            self._disk.sync(self._file)
            self._is_synced = True

    def close(self) -> None:
        """Close the file, which stays where it is. Closing twice is harmless."""
        self._file.close()
