"""Stores over the servers that the tests run."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from archiver.storage.access import Access, access_from
from archiver.storage.bucket import S3Store
from archiver.storage.proof import WHOLE_BYTES
from tests.servers.s3 import S3Server

# Of a file that goes in two parts; no random octets, so that a failure can be read.
LARGE = bytes(range(256)) * (WHOLE_BYTES // 256) + b"and one part more"


def access_to(server: S3Server) -> Access:
    """Return the access that the settings of *server* describe."""
    return access_from(server.settings())


def store_on(
    server: S3Server, prefix: str = "", *, bucket: str | None = None, **access: object
) -> S3Store:
    """Return a store in *bucket*, or in a fresh one, whose access is changed as *access* says."""
    changed: Access = replace(access_to(server), **access)  # type: ignore[arg-type]
    return S3Store(bucket or server.bucket(), prefix, changed)


def held(server: S3Server, store: S3Store, name: str) -> bytes:
    """Return the octets that *server* holds as *name*, asked without our code."""
    key = f"{store.place.prefix}/{name}" if store.place.prefix else name
    octets: bytes = server.client().get_object(Bucket=store.place.bucket, Key=key)["Body"].read()
    return octets


def written(path: Path, octets: bytes) -> Path:
    """Write *octets* to *path*; return it."""
    path.write_bytes(octets)
    return path
