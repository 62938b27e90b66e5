"""Files that somebody lists with their sizes and hashes, compared as they are read.

A package is read as others may have written it: WACZ 1.0.0 kept hash and size of a file in an
object of their own.
"""

from __future__ import annotations

import hashlib
import io
import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO, Literal

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

ALGORITHMS = ("sha256", "sha512", "sha384", "sha224", "sha1", "md5")

_READ = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A file as a package lists it; None for what it does not say, or not so that it counts."""

    path: str
    size: int | None
    algorithm: str | None
    digest: str | None

    def lie(self, file: HashedFile, shown: str) -> str | None:
        """Return a sentence that *file*, in the WACZ called *shown*, is not as listed, or None.

        *file* has been read to its end.
        """
        found, expected = next(self.differences(file), (None, None))
        if found is None:
            return None
        return (
            f"{shown} holds {self.path!r} with {found} where its datapackage.json says "
            f"{expected}: do not trust what it shows"
        )

    def differences(self, file: HashedFile) -> Iterator[tuple[str, str]]:
        """Yield what of *file*, read to its end, is not as listed: what it is, what it was."""
        if self.size is not None and file.size != self.size:
            yield f"bytes {file.size}", str(self.size)
        if self.digest is not None and file.digest != self.digest:
            yield f"{self.algorithm} {file.digest}", self.digest


class HashedFile(io.RawIOBase):
    """A *file* whose octets are counted and hashed as they are read, in order.

    To close it leaves *file* open.
    """

    def __init__(self, file: BinaryIO, algorithm: str | None = None) -> None:
        self.size = 0
        self.crc32 = 0
        self._file = file
        self._hasher = hashlib.new(algorithm or ALGORITHMS[0], usedforsecurity=False)

    @property
    def digest(self) -> str:
        """The digest of what has been read, in lower hex."""
        return self._hasher.hexdigest()

    def readable(self) -> Literal[True]:
        """Say that it can be read."""
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Fill *buffer* with the next octets; return how many, none at the end."""
        view = memoryview(buffer).cast("B")
        octets = self._file.read(len(view))
        view[: len(octets)] = octets
        self.size += len(octets)
        self.crc32 = zlib.crc32(octets, self.crc32)
        self._hasher.update(octets)
        return len(octets)

    def read_on(self) -> None:
        """Read what is left."""
        while self.read(_READ):
            pass


def object_in(octets: bytes) -> dict[str, Any] | None:
    """Return the JSON object that *octets* are, or None."""
    try:
        value = json.loads(octets)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def listed_in(package: Mapping[str, Any]) -> Iterator[Listed]:
    """Yield the files that *package* lists, as far as they have a path."""
    resources = package.get("resources")
    for entry in resources if isinstance(resources, list) else ():
        path = entry.get("path") if isinstance(entry, dict) else None
        if isinstance(path, str):
            yield listed_as(path, entry)


def listed_as(path: str, entry: Mapping[str, Any]) -> Listed:
    """Return what *entry* says of the file *path*."""
    stats = entry.get("stats")
    within = stats if isinstance(stats, dict) else entry  # as WACZ 1.0.0 has it
    size = within.get("bytes")
    algorithm, _, digest = str(within.get("hash")).lower().rpartition(":")
    algorithm = algorithm or str(entry.get("hashing")).lower()
    is_known = algorithm in ALGORITHMS and within.get("hash") is not None
    return Listed(
        path=path,
        size=size if type(size) is int else None,
        algorithm=algorithm if is_known else None,
        digest=digest if is_known else None,
    )
