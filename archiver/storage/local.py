"""A store that is a folder on a local disk."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from archiver.disk import DISK, Disk
from archiver.errors import StoreConflict, StoreError


class LocalStore:
    """The folder *root*, which is made when the first file arrives."""

    def __init__(self, root: Path, disk: Disk = DISK) -> None:
        self.root = root
        self._disk = disk

    def put(self, path: Path, name: str) -> None:
        """Move *path* to *name*: synced, in one step, and never over another file."""
        target = self.root / name
        try:
            self._disk.make_folder(target.parent)
            if target.exists():
                raise StoreConflict(f"{target} exists already, and a sealed file never changes")
            self._move(path, target)
            self._disk.sync_folder(target.parent)
        except OSError as error:
            raise StoreError(f"{target} cannot be stored: {error.strerror or error}") from error

    def open(self, name: str) -> BinaryIO:
        """Open *name* for reading."""
        try:
            return (self.root / name).open("rb")
        except OSError as error:
            raise StoreError(f"{self.root / name} cannot be read: {error.strerror}") from error

    def list(self, prefix: str) -> Iterator[str]:
        """Yield the names that begin with *prefix*, in byte order."""
        folder = self.root / prefix.rpartition("/")[0]
        try:
            found = [path for path in folder.rglob("*") if path.is_file()]
        except OSError as error:
            raise StoreError(f"{folder} cannot be listed: {error.strerror}") from error
        names = (path.relative_to(self.root).as_posix() for path in found)
        yield from sorted(name for name in names if name.startswith(prefix))

    def exists(self, name: str) -> bool:
        """Say whether there is a file *name*."""
        return (self.root / name).is_file()

    def prove_writable(self, folder: str) -> None:
        """Write and remove a file in *folder*, and leave nothing behind."""
        made: list[Path] = []
        try:
            made += self._missing(self.root / folder)
            (self.root / folder).mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=self.root / folder) as probe:
                probe.write(b"archiver")
        except OSError as error:
            raise StoreError(
                f"the store {str(self.root)!r} cannot be written ({error.strerror}): "
                "free it, or name another folder in ARCHIVE_STORE"
            ) from error
        finally:
            for path in made:
                with suppress(OSError):  # never made, or another crawl began in it meanwhile
                    path.rmdir()

    def _missing(self, folder: Path) -> Iterator[Path]:
        """Yield the folders, innermost first, that making *folder* would make."""
        while folder != folder.parent and not folder.exists():
            yield folder
            folder = folder.parent

    def _move(self, path: Path, target: Path) -> None:
        """Move *path* to *target*; the one is durable before the other is there."""
        with self._disk.open(path, "rb") as file:
            self._disk.sync(file)
        if path.stat().st_dev == target.parent.stat().st_dev:
            self._disk.rename(path, target)
            return
        copy = target.with_name(f"{target.name}.part")
        try:
            with path.open("rb") as source, copy.open("wb") as file:
                shutil.copyfileobj(source, file, 1 << 20)
                file.flush()
                self._disk.sync(file)
            self._disk.rename(copy, target)
        finally:
            copy.unlink(missing_ok=True)
        self._disk.remove(path)
