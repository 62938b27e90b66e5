"""Lines that come in any order and leave in the order of their records.

Each line is on disk, whole, as soon as it is added; memory holds only where it lies.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path


class Scratch:
    """A growing file at *path*; `sorted_lines` gives back its lines by ascending key."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = path.open("xb+", buffering=0)
        self._size = 0
        self._places: dict[int, tuple[int, int]] = {}

    def __len__(self) -> int:
        return len(self._places)

    def add(self, key: int, line: bytes) -> None:
        """Append *line*, which ends with its line end; a key may be given once.

        OSError leaves the file as it was.
        """
        if key in self._places:
            raise ValueError(f"{self.path.name} has a line for {key} already")
        view = memoryview(line)
        self._file.seek(self._size)
        try:
            while view:
                view = view[self._file.write(view) :]
        except OSError:
            self._file.truncate(self._size)
            raise
        self._places[key] = (self._size, len(line))
        self._size += len(line)

    def forget(self, key: int) -> None:
        """Take back the line of *key*, if there is one; its octets stay in the file, unread."""
        self._places.pop(key, None)

    def sorted_lines(self) -> Iterator[bytes]:
        """Yield the lines by ascending key."""
        for key in sorted(self._places):
            offset, length = self._places[key]
            self._file.seek(offset)
            yield self._file.read(length)

    def remove(self) -> None:
        """Close the file and take it away."""
        self.close()
        self.path.unlink(missing_ok=True)

    def close(self) -> None:
        """Close the file, which stays where it is. Closing twice is harmless."""
        self._file.close()
