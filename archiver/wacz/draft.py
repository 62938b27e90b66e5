"""A WACZ in the making: a ZIP that is written beside its target and gets its name at the end.

Nothing is deflated, so that every file in it can be read by range. What does not get so far
leaves nothing behind.
"""

from __future__ import annotations

import errno
import hashlib
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import IO, BinaryIO, Self, cast

from archiver.disk import DISK, Disk
from archiver.errors import ArchiveError

_READ = 1 << 20


class NotWritten(ArchiveError):
    """A WACZ was not written; nothing of it is there."""


class Drafts:
    """Files that come into being together, on *disk*: all get their names, or none is left."""

    def __init__(self, disk: Disk = DISK) -> None:
        self._disk = disk
        self._drafts: list[tuple[Path, Path]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for draft, _ in self._drafts:
            self._disk.remove(draft)

    @contextmanager
    def open(self, target: Path) -> Iterator[Output]:
        """Open the draft of *target*, which is durable when it is left.

        NotWritten if one of them is there already, or the disk takes no more.
        """
        draft = target.with_name(f"{target.name}.open")
        if target.exists():
            raise NotWritten(f"{target} exists already: name another")
        with _explained(target):
            if draft.exists():
                raise NotWritten(
                    f"{draft} is in the way, of an export that runs or was killed: wait for it, "
                    "or remove that file"
                )
            file = self._disk.open(draft, "x+b")
        self._drafts.append((draft, target))
        try:
            yield Output(file, target, self._disk)
            with _explained(target):
                self._disk.sync(file)
        finally:
            file.close()

    def publish(self) -> None:
        """Give every draft its name, in the order in which they were opened."""
        while self._drafts:
            draft, target = self._drafts[0]
            with _explained(target):
                if target.exists():
                    raise NotWritten(f"{target} exists by now: name another")
                self._disk.rename(draft, target)
                self._disk.sync_folder(target.parent)
            del self._drafts[0]


class Output:
    """The *file* that becomes *target*, as the ZIP writer sees it; NotWritten where it fails."""

    def __init__(self, file: BinaryIO, target: Path, disk: Disk) -> None:
        self._file = file
        self._target = target
        self._disk = disk

    def write(self, octets: bytes) -> int:
        """Write all of *octets* where the file stands."""
        view = memoryview(octets)
        with _explained(self._target):
            while view:
                view = view[self._disk.write(self._file, view) :]
        return len(octets)

    def seek(self, offset: int, whence: int = 0) -> int:
        """Let writing go on at *offset*."""
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        """Return where writing goes on."""
        return self._file.tell()

    def flush(self) -> None:
        """Do nothing: what is written is with the system."""

    def hashed(self) -> tuple[int, str]:
        """Return the size and the SHA-256, in lower hex, of what has been written."""
        hasher = hashlib.sha256()
        with _explained(self._target):
            self._file.seek(0)
            while octets := self._file.read(_READ):
                hasher.update(octets)
        return self._file.tell(), hasher.hexdigest()


class ZipWriter:
    """The ZIP in *output*, whose entries are all of the moment *created*.

    *is_large* lets every entry be one that may exceed 4 GiB, whatever it is said to have.
    """

    def __init__(self, output: Output, created: datetime, *, is_large: bool = False) -> None:
        # An Output has all that a ZIP is written with.
        self._zip = zipfile.ZipFile(cast("IO[bytes]", output), "w", zipfile.ZIP_STORED)
        self._moment = created.astimezone(UTC)
        self._is_large = is_large

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if error is not None:
            self._zip.fp = None  # no directory for what is given up, not even by its finaliser
        self._zip.close()

    def add(self, name: str, size: int, pieces: Iterable[bytes]) -> None:
        """Add the entry *name*, which consists of *pieces*, of *size* octets in all."""
        moment = self._moment
        info = zipfile.ZipInfo(
            name,
            (moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second),
        )
        info.file_size = size  # says whether it is a large one
        info.create_system = 3  # Unix, wherever this runs: its permissions follow
        info.external_attr = 0o644 << 16
        with self._zip.open(info, "w", force_zip64=self._is_large) as entry:
            for piece in pieces:
                entry.write(piece)


@contextmanager
def _explained(target: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            remedy = "make room, or name another place"
        elif error.errno == errno.ENOENT:
            remedy = f"make the folder {target.parent}, or name another place"
        else:
            remedy = "name another place"
        raise NotWritten(f"{target} cannot be written ({error.strerror}): {remedy}") from error
