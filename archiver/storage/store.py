"""What a store can do, and how its address is read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Protocol

from archiver.errors import StoreError
from archiver.storage.local import LocalStore


class Store(Protocol):
    """Whole files under names such as `news/archive/x.warc.gz`; every failure is a StoreError."""

    def put(self, path: Path, name: str) -> None:
        """Take the local file *path* in as *name*, whole or not at all; *path* is then gone.

        StoreError when *name* exists already, since a sealed file never changes.
        """

    def open(self, name: str) -> BinaryIO:
        """Open *name* for reading, from its beginning."""

    def list(self, prefix: str) -> Iterator[str]:
        """Yield the names that begin with *prefix*, in byte order."""

    def exists(self, name: str) -> bool:
        """Say whether the store holds *name*."""

    def prove_writable(self, folder: str) -> None:
        """Raise StoreError, and leave nothing behind, if nothing can be put into *folder*."""


def open_store(address: str) -> Store:
    """Return the store at *address*, a folder's path. StoreError if it cannot be one."""
    scheme, separator, _ = address.partition("://")
    if separator:
        raise StoreError(
            f"ARCHIVE_STORE {scheme}:// is not supported by this version: name a local folder"
        )
    return LocalStore(Path(address))
