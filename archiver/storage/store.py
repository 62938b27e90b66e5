"""What a store can do, and how its address is read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Protocol

from archiver.errors import StoreError
from archiver.storage.access import Access
from archiver.storage.address import is_bucket, place_at
from archiver.storage.local import LocalStore


class Store(Protocol):
    """Whole files under names such as `news/archive/x.warc.gz`; every failure is a StoreError."""

    def put(self, path: Path, name: str) -> None:
        """Take the local file *path* in as *name*, whole or not at all; *path* is then gone.

        StoreConflict when *name* exists already, since a sealed file never changes.
        """

    def open(self, name: str) -> BinaryIO:
        """Open *name* for reading, from its beginning."""

    def list(self, prefix: str) -> Iterator[str]:
        """Yield the names that begin with *prefix*, in byte order."""

    def exists(self, name: str) -> bool:
        """Say whether the store holds *name*."""

    def prove_writable(self, folder: str) -> None:
        """Raise StoreError, and leave nothing behind, if nothing can be put into *folder*."""


class Bucket(Store, Protocol):
    """A store to which files are sent over a network; StoreAway is worth another try.

    *takes_conditions* says that it was proven to refuse what is not new where that is asked.
    """

    takes_conditions: bool

    @property
    def endpoint_url(self) -> str:
        """The server that is asked, wherever its address came from."""

    def send(
        self,
        path: Path,
        name: str,
        *,
        sha256: str | None = None,
        replaces: bool = False,
        is_new: bool = False,
    ) -> bool:
        """Let the bucket hold *path* as *name*, proven equal; *path* stays.

        Return False where it did already. *sha256* is what the file must have: FileDamaged
        where it has another. StoreConflict where other octets have the name, unless the file
        *replaces* them. A file that *is_new* nobody has tried to send before.
        """

    def claim(self, name: str, octets: bytes) -> bool:
        """Let *name* hold *octets*, like no other claim's; False where it holds others."""

    def size(self, name: str) -> int:
        """Return how many octets *name* has. StoreError if there is none."""


def open_store(address: str, access: Access | None = None) -> Store:
    """Return the store at *address*: a folder's path, or `s3://bucket/prefix`.

    SettingError or StoreError if it cannot be one. A bucket is reached by *access*; None
    leaves all of it to boto3's own chain.
    """
    if is_bucket(address):
        return open_bucket(address, access)
    scheme, separator, _ = address.partition("://")
    if separator:
        raise StoreError(
            f"ARCHIVE_STORE {scheme}:// is not supported by this version: "
            "name a local folder, or s3://bucket/prefix"
        )
    return LocalStore(Path(address))


def open_bucket(address: str, access: Access | None = None, *, is_brief: bool = False) -> Bucket:
    """Return the bucket at *address*, as in `s3://bucket/prefix`, reached by *access*.

    One that *is_brief* does not wait for its server as long as another would.
    """
    from archiver.storage.bucket import S3Store  # boto3 takes half a second to import

    place = place_at(address)
    return S3Store(place.bucket, place.prefix, access or Access(), is_brief=is_brief)
