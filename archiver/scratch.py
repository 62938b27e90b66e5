"""Lines that come in any order and leave in the order of their records.

Each line is with the operating system, whole, as soon as it is added; memory holds only
where it lies.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from archiver.disk import DISK, Disk


class Scratch:
    """A growing file at *path*; `sorted_lines` gives back its lines by ascending key.

    FileExistsError if there is one already, unless it *is_reopened*.
    """

    def __init__(self, path: Path, disk: Disk = DISK, *, is_reopened: bool = False) -> None:
        self.path = path
        self._disk = disk
        self._file = disk.reopen(path) if is_reopened else disk.create(path)
        self._places: dict[int, tuple[int, int]] = {}

    @classmethod
    def reopened(
        cls, path: Path, key_of: Callable[[bytes], int | None], disk: Disk = DISK
    ) -> Scratch:
        """Return the scratch at *path*, whose lines are all whole, as it was left.

        *key_of* gives the key of a line, None for one that is to stay unread. Of two lines
        with one key the later counts.
        """
        scratch = cls(path, disk, is_reopened=True)
        offset = 0
        with path.open("rb") as file:
            for line in file:
                key = key_of(line)
                if key is not None:
                    scratch._places[key] = (offset, len(line))
                offset += len(line)
        return scratch

    def __len__(self) -> int:
        return len(self._places)

    def __contains__(self, key: int) -> bool:
        return key in self._places

    def add(self, key: int, line: bytes) -> None:
        """Append *line*, which ends with its line end; a key may be given once.

        OSError leaves the file as it was.
        """
        if key in self._places:
            raise ValueError(f"{self.path.name} has a line for {key} already")
        offset = self._file.size
        self._file.append(line)
        self._places[key] = (offset, len(line))

    def forget(self, key: int) -> None:
        """Take back the line of *key*, if there is one; its octets stay in the file, unread."""
        self._places.pop(key, None)

    def sorted_lines(self) -> Iterator[bytes]:
        """Yield the lines by ascending key."""
        for key in sorted(self._places):
            yield self._file.read(*self._places[key])

    def sync(self) -> None:
        """Make the lines durable."""
        self._file.sync()

    def remove(self) -> None:
        """Close the file and take it away."""
        self.close()
        self._disk.remove(self.path)

    def close(self) -> None:
        """Close the file, which stays where it is. Closing twice is harmless."""
        self._file.close()
