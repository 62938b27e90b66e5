"""What lies on a disk, put object by object where a command may find it in a store."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from archiver.places import Names, StoredPlace
from archiver.storage import LocalStore
from tests.servers.s3 import S3Server

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer


def landed(folder: Path, server: S3Server, prefix: str = "") -> str:
    """Put all files below *folder* into a bucket of their own; return the address of *folder*."""
    bucket = server.bucket()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            key = f"{prefix}/{path.relative_to(folder)}".lstrip("/")
            server.client().put_object(Bucket=bucket, Key=key, Body=path.read_bytes())
    return f"s3://{bucket}/{prefix}".rstrip("/")


def put(server: S3Server, address: str, octets: bytes) -> None:
    """Let the object at *address* be *octets*."""
    server.client().put_object(**_key_of(address), Body=octets)


def take_away(server: S3Server, address: str) -> None:
    """Remove the object at *address*, which is there."""
    server.client().head_object(**_key_of(address))
    server.client().delete_object(**_key_of(address))


def given(server: S3Server) -> list[str]:
    """Return the arguments of a command that reach *server*."""
    return [f"-s{name}={value}" for name, value in server.settings().items()]


def _key_of(address: str) -> dict[str, str]:
    bucket, _, key = address.removeprefix("s3://").partition("/")
    return {"Bucket": bucket, "Key": key}


class Counting:
    """The folder *root* as a store that counts: what is listed, asked for, opened and read."""

    def __init__(self, root: Path) -> None:
        self.listed: list[str] = []
        self.asked: list[str] = []
        self.opened: list[str] = []
        self.octets: Counter[str] = Counter()
        self._store = LocalStore(root)

    def place(self, path: str = "") -> StoredPlace:
        return StoredPlace("s3://quay", path, Names(self))

    def put(self, path: Path, name: str) -> None:
        self._store.put(path, name)

    def open(self, name: str) -> BinaryIO:
        self.opened.append(name)
        return io.BufferedReader(_Counted(self._store.open(name), name, self.octets), 64 << 10)

    def list(self, prefix: str) -> Iterator[str]:
        self.listed.append(prefix)
        return self._store.list(prefix)

    def exists(self, name: str) -> bool:
        self.asked.append(name)
        return self._store.exists(name)

    def prove_writable(self, folder: str) -> None:
        self._store.prove_writable(folder)


class _Counted(io.RawIOBase):
    def __init__(self, file: BinaryIO, name: str, octets: Counter[str]) -> None:
        self._file = file
        self._name = name
        self._octets = octets

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer).cast("B")
        octets = self._file.read(len(view))
        view[: len(octets)] = octets
        self._octets[self._name] += len(octets)
        return len(octets)

    def close(self) -> None:
        self._file.close()
        super().close()
