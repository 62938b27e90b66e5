"""Locks that the system takes back when their holder dies, however it dies.

A lock is held on a file, not by the file's being there: a kill leaves the file behind and
frees the lock (flock(2)). Where the platform has no such lock, on Windows, everybody gets it,
and running one crawl at a time is the user's care.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import IO, Any

if sys.platform != "win32":
    import fcntl


def try_lock(file: IO[Any]) -> bool:
    """Lock *file* until it is closed; False if somebody else holds it, here or elsewhere."""
    if sys.platform == "win32":
        return True
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


class Lock:
    """The lock on the file *path*, which holds a line about its holder and goes with the lock."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: IO[str] | None = None

    def acquire(self, holder: str = "") -> bool:
        """Take the lock and note *holder*; False if another has it."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        while True:
            file = self.path.open("a+", encoding="utf-8")
            if not try_lock(file):
                file.close()
                return False
            if self._is_at_path(file):
                break
            file.close()  # its holder has let go of it, and taken it away, in this very moment
        self._file = file
        self.note(holder)
        return True

    def note(self, holder: str) -> None:
        """Note *holder* as the one who has the lock, in the place of what stands there."""
        assert self._file is not None, "only the holder may say who it is"
        self._file.truncate(0)
        self._file.write(holder)
        self._file.flush()

    def holder(self) -> str:
        """Return what the present holder noted, or one who was killed; empty if there is none."""
        try:
            return self.path.read_text("utf-8")
        except FileNotFoundError:
            return ""

    def release(self) -> None:
        """Let go, and take the file away; twice is harmless."""
        if self._file is not None:
            if sys.platform != "win32":
                self.path.unlink(missing_ok=True)
            self._file.close()
            self._file = None

    def _is_at_path(self, file: IO[str]) -> bool:
        try:
            return os.path.samestat(os.fstat(file.fileno()), self.path.stat())
        except FileNotFoundError:
            return False
