"""Digests as WARC 1.1 (5.8, 5.9) labels them: `algorithm:value`.

`sha256` values are lower-case hexadecimal, `sha1` values upper-case Base32, as the field
writes them.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from typing import Literal, Protocol

Algorithm = Literal["sha256", "sha1"]


class Hasher(Protocol):
    """What `hashlib` gives us: feed it octets, ask it for the digest of all of them."""

    def update(self, octets: bytes, /) -> None:
        """Take in *octets*."""

    def digest(self) -> bytes:
        """Return the digest of all octets so far, as raw bytes."""


def new_hasher(algorithm: Algorithm) -> Hasher:
    """Return a fresh hasher for *algorithm*."""
    return _NEW[algorithm]()


def label(algorithm: Algorithm, hasher: Hasher) -> str:
    """Return the labelled digest of all that *hasher* has been fed."""
    if algorithm == "sha1":
        return "sha1:" + base64.b32encode(hasher.digest()).decode("ascii")
    return "sha256:" + hasher.digest().hex()


def digest_of(octets: bytes, algorithm: Algorithm) -> str:
    """Return the labelled digest of *octets*."""
    hasher = new_hasher(algorithm)
    hasher.update(octets)
    return label(algorithm, hasher)


def _sha1() -> Hasher:
    # SHA-1 names content here, as in most archives; it guards nothing.
    return hashlib.sha1(usedforsecurity=False)


_NEW: dict[Algorithm, Callable[[], Hasher]] = {"sha256": hashlib.sha256, "sha1": _sha1}
