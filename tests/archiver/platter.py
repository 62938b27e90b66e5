"""What of a folder is durable, and what of it a kill and a power cut leave.

A `Platter` watches over a real folder. What a process does after its death, such as the
`finally` of Python's own unwinding, comes to nothing: `Platter.kill` gives the folder back as
it was in that moment, and `Platter.cut_power` takes away what nobody had synced, as far as
chance will.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

# SQLite's own business, and locks, which mean nothing once their holder is dead.
_NOT_OURS = (".sqlite", ".sqlite-wal", ".sqlite-shm", ".lock")


@dataclass
class Content:
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
    lost: tuple[bytes, Content] | None = None


class Platter:
    """The folder *root*; all that is in it now is durable."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._contents: dict[Path, Content] = {}
        self._changes: dict[Path, list[_Change]] = {}
        self._last: dict[Path, bytes] | None = None
        self._believe()

    # What a process does

    def create(self, path: Path) -> Content:
        content = self._contents[path] = Content()
        self._note(path.parent, _Change(None, path))
        return content

    def content(self, path: Path) -> Content:
        return self._contents.setdefault(path, Content())

    def rename(self, path: Path, target: Path) -> None:
        assert path.parent == target.parent, "a move between folders is not modelled"
        lost = self._held(target)
        self._contents[target] = self._contents.pop(path, Content())
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
        for path in self._files():
            path.unlink()
        for path, octets in self._last.items():
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

    def _held(self, path: Path) -> tuple[bytes, Content] | None:
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
        if path.name.endswith(_NOT_OURS):
            return
        if chance.random() < 0.5:
            path.unlink()
        else:
            _spoil(path, Content(), chance)

    def _files(self) -> dict[Path, bytes]:
        return {path: path.read_bytes() for path in self.root.rglob("*") if path.is_file()}

    def _believe(self) -> None:
        self._contents = {
            path: Content(len(octets))
            for path, octets in self._files().items()
            if not path.name.endswith(_NOT_OURS)
        }


def _spoil(path: Path, content: Content, chance: random.Random) -> None:
    octets = path.read_bytes()
    if content.cut_off and chance.random() < 0.5:
        path.write_bytes(octets + content.cut_off)
        return
    end = chance.choice([content.synced, len(octets), chance.randint(content.synced, len(octets))])
    first, last = sorted(chance.randint(content.synced, end) for _ in range(2))
    if chance.random() < 0.5:  # blocks that were never written read as zeros
        octets = octets[:first] + bytes(last - first) + octets[last:]
    path.write_bytes(octets[:end])
