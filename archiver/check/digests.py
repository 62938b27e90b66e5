"""A record's block read once, and what its digests say of it.

The standard decides what a payload is: the message body with its transfer encoding removed
(WARC 1.1, 6.3.2). warcio, wget and others hash the chunk framing too, and crawlers that
drive a browser store a decoded body below the head of the encoded one. Where a digest in
somebody else's WARC is that of the body just as it stands in the block, the octets are those
that were written: that is a note and no fault. In our own WARCs the standard's reading alone
is right.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from archiver.check.fault import Kind, Problem
from archiver.check.payload import message_of
from archiver.head import Head
from archiver.reader import StoredRecord

_BEGINNING = 64 << 10
_ALGORITHMS = ("md5", "sha1", "sha224", "sha256", "sha384", "sha512")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What reading a block once has told: its *beginning*, the HTTP *head* of a response.

    *problems_unless_head* are none if the request was a HEAD, which only its record tells.
    """

    beginning: bytes
    head: Head | None
    problems: tuple[Problem, ...]
    problems_unless_head: tuple[Problem, ...] = ()


def read_block(record: StoredRecord, *, is_ours: bool) -> Reading:
    """Read the block of *record* to its end and compare it with the record's digests.

    DamagedRecord if the block is not all there.
    """
    block = _declared(record, "WARC-Block-Digest")
    # A revisit's payload lies in the original record (6.7.2), that of a segmented record in
    # several (7): neither can be had from this block.
    is_elsewhere = record.type in ("revisit", "continuation") or record.get("WARC-Segment-Number")
    payload = None if is_elsewhere else _declared(record, "WARC-Payload-Digest")
    message = message_of(record)
    beginning = b""
    for octets in record.chunks():
        if len(beginning) < _BEGINNING:
            beginning = (beginning + octets)[:_BEGINNING]
        meant, as_it_stands = message.feed(octets)
        if isinstance(block, _Digest):
            block.hasher.update(octets)
        if isinstance(payload, _Digest):
            payload.hasher.update(meant)
            if not is_ours:
                payload.as_it_stands.update(as_it_stands)
    of_block = _problems(block, is_ours=True)
    of_payload = _problems(payload, is_ours=is_ours)
    if isinstance(payload, _Digest) and payload.is_of_nothing:
        return Reading(
            beginning=beginning,
            head=message.head,
            problems=of_block,
            problems_unless_head=of_payload,
        )
    return Reading(beginning=beginning, head=message.head, problems=of_block + of_payload)


def _declared(record: StoredRecord, field: str) -> _Digest | Problem | None:
    """Return the digest that *field* of *record* declares, or what is wrong with it."""
    declared = record.get(field)
    if declared is None:
        return None
    algorithm = declared.partition(":")[0].strip().lower().replace("-", "")
    if algorithm not in _ALGORITHMS:
        known = f"one of {', '.join(_ALGORITHMS)}"
        return Problem("unknown-digest", f"{field} is {declared!r}", known, "note")
    digest = _Digest(field, declared, algorithm)
    if digest.raw() is None:
        expected = f"{digest.hasher.digest_size} octets in hex or Base32"
        return Problem("bad-field", f"{field} is {declared!r}", expected)
    return digest


def _problems(digest: _Digest | Problem | None, *, is_ours: bool) -> tuple[Problem, ...]:
    if isinstance(digest, _Digest):
        return tuple(digest.problems(is_ours=is_ours))
    return () if digest is None else (digest,)


class _Digest:
    """The digest that a field declares, and the hash of what it should be of."""

    def __init__(self, field: str, declared: str, algorithm: str) -> None:
        self._field = field
        self._declared = declared
        self._value = declared.partition(":")[2].strip()
        self._algorithm = algorithm
        self.hasher = hashlib.new(algorithm, usedforsecurity=False)
        self.as_it_stands = self.hasher.copy()

    @property
    def is_of_nothing(self) -> bool:
        """Say whether the declared digest is that of no octets at all."""
        return self.raw() == hashlib.new(self._algorithm, usedforsecurity=False).digest()

    def problems(self, *, is_ours: bool) -> Iterator[Problem]:
        """Yield what is wrong once all octets have been seen."""
        if self.raw() == self.hasher.digest():
            return
        kind: Kind = "block-digest" if "Block" in self._field else "payload-digest"
        if self.raw() == self.as_it_stands.digest() and not is_ours:
            found = f"{self._field} {self._declared} is of the body as it stands in the block"
            yield Problem(kind, found, "that of the payload (6.3.2)", "note")
            return
        found = f"{self._algorithm}:{self._written(self.hasher.digest())}"
        yield Problem(kind, found, f"{self._declared} as {self._field} says")

    def raw(self) -> bytes | None:
        """Return the declared digest as octets; None if it is neither hex nor Base32."""
        size, value = self.hasher.digest_size, self._value.rstrip("=")
        try:
            if len(value) == 2 * size:
                raw = bytes.fromhex(value)
            else:
                raw = base64.b32decode(value + "=" * (-len(value) % 8), casefold=True)
        except (ValueError, binascii.Error):
            return None
        return raw if len(raw) == size else None

    def _written(self, raw: bytes) -> str:
        """Return *raw* in the form in which the declared value is written."""
        if len(self._value) == 2 * len(raw):
            return raw.hex()
        return base64.b32encode(raw).decode("ascii").rstrip("=")
