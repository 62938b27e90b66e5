"""Local disks that a test can stop: dead at any call of the system, or refusing it."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import BinaryIO

from archiver.disk import Disk
from tests.archiver.platter import Content, Platter


class Killed(BaseException):
    """The process has died."""


class CountingDisk(Disk):
    """A disk that counts its *calls*, and for the sake of speed syncs nothing."""

    def __init__(self) -> None:
        self.calls = 0

    def before_call(self) -> None:
        self.calls += 1

    def before_write(self, file: BinaryIO, octets: memoryview) -> None:
        self.before_call()

    def open(self, path: Path, mode: str) -> BinaryIO:
        self.before_call()
        return super().open(path, mode)

    def write(self, file: BinaryIO, octets: memoryview) -> int:
        self.before_write(file, octets)
        return super().write(file, octets)

    def truncate(self, file: BinaryIO, size: int) -> None:
        self.before_call()
        super().truncate(file, size)

    def sync(self, file: BinaryIO) -> None:
        self.before_call()

    def rename(self, path: Path, target: Path) -> None:
        self.before_call()
        super().rename(path, target)

    def remove(self, path: Path) -> None:
        self.before_call()
        super().remove(path)

    def sync_folder(self, folder: Path) -> None:
        self.before_call()


class MortalDisk(CountingDisk):
    """The disk of a process that lives as long as it is let, and writes on *platter*."""

    def __init__(self, platter: Platter) -> None:
        super().__init__()
        self.is_dead = False
        self._platter = platter
        self._opened: list[tuple[BinaryIO, Content]] = []
        self._left: int | None = None
        self._part = 0.0

    def die_after(self, calls: int, part: float = 0.0) -> None:
        """Die after so many *calls* from now; if it is writing then, do *part* of that first."""
        self._left, self._part = calls, part

    def let_go(self) -> None:
        """Close what is open, as the system does for the dead."""
        for file, _ in self._opened:
            file.close()

    def before_call(self) -> None:
        super().before_call()
        if self._left == 0 and not self.is_dead:
            self.is_dead = True
            self._platter.die()
        if self.is_dead:
            raise Killed
        if self._left is not None:
            self._left -= 1

    def before_write(self, file: BinaryIO, octets: memoryview) -> None:
        if self._left == 0 and not self.is_dead:
            file.write(octets[: int(len(octets) * self._part)])
        self.before_call()

    def open(self, path: Path, mode: str) -> BinaryIO:
        file = super().open(path, mode)
        is_new = mode.startswith("x")
        content = self._platter.create(path) if is_new else self._platter.content(path)
        self._opened.append((file, content))
        return file

    def write(self, file: BinaryIO, octets: memoryview) -> int:
        written = super().write(file, octets)
        self._content(file).cut_off = b""
        return written

    def truncate(self, file: BinaryIO, size: int) -> None:
        content = self._content(file)
        file.seek(size)
        cut_off = b"" if self.is_dead else file.read()
        super().truncate(file, size)
        content.cut_off, content.synced = cut_off, min(content.synced, size)

    def sync(self, file: BinaryIO) -> None:
        super().sync(file)
        content = self._content(file)
        content.synced, content.cut_off = os.fstat(file.fileno()).st_size, b""

    def rename(self, path: Path, target: Path) -> None:
        self.before_call()
        self._platter.rename(path, target)
        path.rename(target)

    def remove(self, path: Path) -> None:
        self.before_call()
        self._platter.remove(path)
        path.unlink(missing_ok=True)

    def sync_folder(self, folder: Path) -> None:
        super().sync_folder(folder)
        self._platter.sync_folder(folder)

    def _content(self, file: BinaryIO) -> Content:
        return next(content for opened, content in self._opened if opened is file)


class FailingDisk(CountingDisk):
    """A disk whose call number *first* fails, and with *is_broken* every one after it."""

    def __init__(self, first: int, *, is_broken: bool = False) -> None:
        super().__init__()
        self._first = first
        self._is_broken = is_broken

    def before_call(self) -> None:
        self.calls += 1
        if self.calls == self._first or (self._is_broken and self.calls > self._first):
            raise OSError(errno.EIO, os.strerror(errno.EIO))

    def before_write(self, file: BinaryIO, octets: memoryview) -> None:
        try:
            self.before_call()
        except OSError:
            file.write(octets[: len(octets) // 2])
            raise
