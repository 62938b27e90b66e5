"""A bucket that is a folder, and fails as it is told: for tests of those who send to one."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path
from threading import Lock

from archiver.errors import FileDamaged, StoreConflict
from archiver.storage import LocalStore


class Depot(LocalStore):
    """Keeps what is sent in *root*, and in *calls* what it was asked: names, and how.

    Before each *send* it does what *first* says, which may raise.
    """

    takes_conditions = False
    endpoint_url = "https://depot.example.org"

    def __init__(self, root: Path, first: Callable[[str], None] = lambda _: None) -> None:
        super().__init__(root)
        self.first = first
        self.calls: list[tuple[str, bool, bool]] = []
        self._turn = Lock()

    def send(
        self, path: Path, name: str, *, sha256: str | None = None, replaces: bool = False,
        is_new: bool = False,
    ) -> bool:  # fmt: skip
        """Keep a copy of *path*."""
        with self._turn:
            self.calls.append((name, replaces, is_new))
        self.first(name)
        octets = path.read_bytes()
        if sha256 is not None and hashlib.sha256(octets).hexdigest() != sha256:
            raise FileDamaged(f"{path} is not what its manifest says")
        target = self.root / name
        if target.exists():
            if target.read_bytes() == octets:
                return False
            if not replaces:
                raise StoreConflict(f"{name} exists already, and a sealed file never changes")
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
        return True

    def claim(self, name: str, octets: bytes) -> bool:
        """Refuse to claim anything: whoever sends claims nothing."""
        raise NotImplementedError

    def size(self, name: str) -> int:
        """Return how many octets *name* has."""
        return (self.root / name).stat().st_size

    @property
    def names(self) -> list[str]:
        """What was sent, in its order, once for each time."""
        return [name for name, _, _ in self.calls]
