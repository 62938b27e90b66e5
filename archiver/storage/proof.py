"""What proves that a bucket holds a file: the file's digests, and what a server reports.

A server that follows S3 reports the MD5 of an object that came in one request, and the MD5 of
the parts' MD5s, with their number, of one that came in parts. Nothing here talks to a server.
"""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from archiver.errors import StoreError

WHOLE_BYTES = 16 << 20  # from here on a file goes in parts
MOST_PARTS = 10_000
_PART_BYTES = 16 << 20
_MIB = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The digests of what goes in one request; *sha256* is None where no server is asked."""

    md5: bytes
    sha256: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What the file *path* is: its size, its SHA-256 in hex, and the digests of its *parts*."""

    path: Path
    size: int
    sha256: str
    part_size: int
    parts: tuple[Part, ...]

    @property
    def is_whole(self) -> bool:
        """Say whether the file goes in one request."""
        return self.size < WHOLE_BYTES

    def has_etag(self, etag: str) -> bool:
        """Say whether *etag* shows that an object is the file. StoreError if it cannot be read.

        Quirk: `rclone serve s3` reports the MD5 of the whole of an object that came in parts.
        Reading the local file once more costs less than reading the object back.
        """
        if etag == self.etag:
            return True
        is_md5 = re.fullmatch(r"[0-9a-f]{32}", etag) is not None
        return is_md5 and not self.is_whole and etag == _md5_of(self.path)

    @property
    def etag(self) -> str:
        """The ETag that a server reports which follows S3."""
        if self.is_whole:
            return self.parts[0].md5.hex()
        md5s = b"".join(part.md5 for part in self.parts)
        return f"{hashlib.md5(md5s, usedforsecurity=False).hexdigest()}-{len(self.parts)}"

    @property
    def checksums(self) -> frozenset[str]:
        """What `x-amz-checksum-sha256` may be: of the file, or of the digests of its parts."""
        found = {b64(bytes.fromhex(self.sha256))}
        if not self.is_whole:
            sha256s = b"".join(part.sha256 or b"" for part in self.parts)
            composite = b64(hashlib.sha256(sha256s).digest())
            found |= {composite, f"{composite}-{len(self.parts)}"}
        return frozenset(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a server says of an object; *sha256* is what whoever sent it said it was."""

    size: int
    etag: str
    sha256: str | None = None
    checksum: str | None = None


def b64(digest: bytes) -> str:
    """Return *digest* as HTTP headers write it."""
    return b64encode(digest).decode("ascii")


def part_size_for(size: int) -> int:
    """Return how large the parts of a file are: 16 MiB, or what 10,000 parts need."""
    needed = -(-size // MOST_PARTS)
    return max(_PART_BYTES, -(-needed // _MIB) * _MIB)


def part_of(octets: bytes, *, with_sha256: bool) -> Part:
    """Return the digests of *octets*, which go in one request."""
    md5 = hashlib.md5(octets, usedforsecurity=False).digest()
    return Part(md5=md5, sha256=hashlib.sha256(octets).digest() if with_sha256 else None)


def proof_of(
    path: Path,
    *,
    with_part_sha256: bool = False,
    tell: Callable[[Part], None] = lambda _: None,
) -> Proof:
    """Read *path* once, from beginning to end, and *tell* of each part as it is known.

    StoreError if it cannot be read.
    """
    whole, size = hashlib.sha256(), 0
    parts: list[Part] = []
    try:
        part_size = part_size_for(path.stat().st_size)
        with path.open("rb", buffering=0) as file:
            while True:
                left, md5 = part_size, hashlib.md5(usedforsecurity=False)
                part = hashlib.sha256() if with_part_sha256 else None
                while left and (octets := file.read(min(left, _MIB))):
                    whole.update(octets)
                    md5.update(octets)
                    if part:
                        part.update(octets)
                    left -= len(octets)
                if left == part_size and parts:
                    break
                parts.append(Part(md5=md5.digest(), sha256=part.digest() if part else None))
                tell(parts[-1])
                size += part_size - left
                if left:
                    break
    except OSError as error:
        raise StoreError(f"{path} cannot be read: {error.strerror or error}") from error
    return Proof(
        path=path, size=size, sha256=whole.hexdigest(), part_size=part_size, parts=tuple(parts)
    )


def is_proven(proof: Proof, report: Report, *, trusts_checksum: bool) -> bool | None:
    """Say whether *report* proves that the object is the file; None: it neither does nor denies.

    Quirk: `rclone serve s3` reports whatever checksum it was told, unverified. So a checksum
    alone is proof only where the server *trusts_checksum*, but a wrong one is always a doubt.
    """
    if report.size != proof.size:
        return False
    if report.sha256 not in (None, proof.sha256):
        return None
    if report.checksum is not None and report.checksum not in proof.checksums:
        return None
    if proof.has_etag(report.etag):
        return True
    return True if trusts_checksum and report.checksum is not None else None


def _md5_of(path: Path) -> str:
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False))
    except OSError as error:
        raise StoreError(f"{path} cannot be read: {error.strerror or error}") from error
    return digest.hexdigest()
