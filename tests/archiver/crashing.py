"""Local disks that a test can stop: killed or without power at any call, or refusing it.

A `Platter` watches over a real folder and knows what of it is durable. A `MortalDisk` is the
disk of a process that dies; what its process would do after that, such as the `finally` of
Python's own unwinding, comes to nothing: `Platter.kill` gives the folder back as it was in
that moment, and `Platter.cut_power` takes away what nobody had synced, as far as chance will.
"""

from __future__ import annotations

import errno
import os
import random
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from archiver.disk import Disk

# SQLite's own business, and locks, which mean nothing once their holder is dead.
_NOT_OURS = (".sqlite", ".sqlite-wal", ".sqlite-shm", ".lock")


class Killed(BaseException):
    """The process has died."""


@dataclass
class _Content:
    """What of a file is durable: its first *synced* octets.

    *cut_off* is what a truncation took from its end that is not durable itself.
    """

    synced: int = 0
    cut_off: bytes = b""


@dataclass(frozen=True)
class _Change:
    """A name that came (*before* is None), went (*after* is None) or moved.

    *lost* is what the file held that went, or that another took the name of.
    """

    before: Path | None
    after: Path | None
    lost: tuple[bytes, _Content] | None = None


class Platter:
    """The folder *root*; all that is in it now is durable."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._contents: dict[Path, _Content] = {}
        self._changes: dict[Path, list[_Change]] = {}
        self._last: dict[Path, bytes] | None = None
        self._believe()

    # What a process does

    def create(self, path: Path) -> _Content:
        content = self._contents[path] = _Content()
        self._note(path.parent, _Change(None, path))
        return content

    def content(self, path: Path) -> _Content:
        return self._contents.setdefault(path, _Content())

    def rename(self, path: Path, target: Path) -> None:
        assert path.parent == target.parent, "a move between folders is not modelled"
        lost = self._held(target)
        self._contents[target] = self._contents.pop(path, _Content())
        self._note(path.parent, _Change(path, target, lost))

    def remove(self, path: Path) -> None:
        lost = self._held(path)
        if lost is not None:
            self._contents.pop(path, None)
            self._note(path.parent, _Change(path, None, lost))

    def sync_folder(self, folder: Path) -> None:
        self._changes.pop(folder, None)

    # What happens to it

    def die(self) -> None:
        """Remember what there is in this moment."""
        self._last = self._files()

    def kill(self) -> None:
        """Give the folder back as it was when the process died, which holds no file of it now.

        All names are new files: what the process had locked is free.
        """
        assert self._last is not None, "nobody has died"
        for entry in self.root.iterdir():
            shutil.rmtree(entry)
        for path, octets in self._last.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(octets)
        self._last = None

    def cut_power(self, seed: int) -> None:
        """Do as `kill`, and take away what was not durable, as far as *seed* says.

        In each folder the last changes of names are undone, back to any one of them; files
        end anywhere behind what was synced of them, and what is left behind that may be
        zeros. A file made past the disk was never synced, nor was its name.
        """
        self.kill()
        chance = random.Random(seed)
        for _, changes in sorted(self._changes.items()):
            for change in reversed(changes[chance.randint(0, len(changes)) :]):
                self._undo(change)
        for path in sorted(self._files()):
            if path not in self._contents:
                self._forget(path, chance)
            else:
                _spoil(path, self._contents[path], chance)
        self._changes.clear()
        self._believe()

    def _note(self, folder: Path, change: _Change) -> None:
        self._changes.setdefault(folder, []).append(change)

    def _held(self, path: Path) -> tuple[bytes, _Content] | None:
        return (path.read_bytes(), self.content(path)) if path.exists() else None

    def _undo(self, change: _Change) -> None:
        if change.before is None and change.after is not None:
            change.after.unlink(missing_ok=True)
        elif change.before is not None and change.after is not None:
            change.after.rename(change.before)
            self._contents[change.before] = self._contents.pop(change.after)
        back = change.after or change.before
        if change.lost is not None and back is not None:
            octets, self._contents[back] = change.lost
            back.write_bytes(octets)

    def _forget(self, path: Path, chance: random.Random) -> None:
        if path.name.endswith(_NOT_OURS) or (path.parent.name == 'crawls'):
            return
        if chance.random() < 0.5:
            path.unlink()
        else:
            _spoil(path, _Content(), chance)

    def _files(self) -> dict[Path, bytes]:
        return {path: path.read_bytes() for path in self.root.rglob("*") if path.is_file()}

    def _believe(self) -> None:
        self._contents = {
            path: _Content(len(octets))
            for path, octets in self._files().items()
            if not path.name.endswith(_NOT_OURS)
        }


def _spoil(path: Path, content: _Content, chance: random.Random) -> None:
    octets = path.read_bytes()
    if content.cut_off and chance.random() < 0.5:
        path.write_bytes(octets + content.cut_off)
        return
    end = chance.randint(content.synced, len(octets))
    first, last = sorted(chance.randint(content.synced, end) for _ in range(2))
    if chance.random() < 0.5:  # blocks that were never written read as zeros
        octets = octets[:first] + bytes(last - first) + octets[last:]
    path.write_bytes(octets[:end])


class _CountingDisk(Disk):
    """A disk that is asked before each call, and told of the octets of a write."""

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
        self.before_call()  # and no fsync(2): what would be durable is the platter's to know

    def rename(self, path: Path, target: Path) -> None:
        self.before_call()
        super().rename(path, target)

    def remove(self, path: Path) -> None:
        self.before_call()
        super().remove(path)

    def sync_folder(self, folder: Path) -> None:
        self.before_call()


class MortalDisk(_CountingDisk):
    """The disk of a process that lives as long as it is let, and writes on *platter*."""

    def __init__(self, platter: Platter) -> None:
        super().__init__()
        self.is_dead = False
        self._platter = platter
        self._opened: list[tuple[BinaryIO, _Content]] = []
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

    def _content(self, file: BinaryIO) -> _Content:
        return next(content for opened, content in self._opened if opened is file)


class FailingDisk(_CountingDisk):
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
