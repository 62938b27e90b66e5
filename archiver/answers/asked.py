"""What a capture answers: the method and the body of its request.

An index says nothing of it, or the method at most; the request record does, and most writers
put it right behind its response. Where there is none, a capture is the answer to a GET.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Literal

from archiver.capture import Location
from archiver.errors import DamagedRecord
from archiver.headers import read_header
from archiver.octets import Octets, UnreadableFormat
from archiver.reader import StoredRecord
from archiver.sources import Source

# A request that is longer is compared with no other.
_LONGEST = 16 << 20


@dataclass(frozen=True, slots=True)
class Asked:
    """A request's *method* and the *digest* of its body, None where nobody can tell."""

    method: str
    digest: bytes | None

    def fits(self, wanted: Asked) -> Literal["yes", "perhaps", "no"]:
        """Say whether what this was answered with is the answer to what is *wanted*."""
        if self.method != wanted.method:
            return "no"
        if self.digest is None:
            return "perhaps"
        return "yes" if self.digest == wanted.digest else "no"


def asked(method: str, body: bytes) -> Asked:
    """Return what asks by *method* with *body*."""
    return Asked(method.upper(), hashlib.sha256(body).digest())


GET = asked("GET", b"")


def asked_of(source: Source, location: Location, record: StoredRecord, method: object) -> Asked:
    """Return what *record*, which lies at *location* of *source*, is the answer to.

    *method* is what its index line calls so, None where that says nothing.
    """
    request = _request_after(source, location, record)
    if request is not None:
        return request
    if isinstance(method, str) and method.upper() != "GET":
        return Asked(method.upper(), None)
    return GET


def _request_after(source: Source, location: Location, record: StoredRecord) -> Asked | None:
    """Return what the request record behind *record* asks, None if there is none of its own."""
    member = source.members[location.filename]
    end = location.offset + location.length
    if end >= member.size:
        return None
    with member.open() as file:
        file.seek(end)
        try:
            octets = Octets(file, location.filename, end, member.open)
            header = read_header(octets) if octets.advance() else None
            if header is None:
                return None
            request = StoredRecord(header, octets)
            if request.type != "request" or not _are_concurrent(request, record):
                return None
            block = request.read(_LONGEST + 1)
        except (DamagedRecord, UnreadableFormat):
            return None  # the capture itself may be as sound as any
    line, _, _ = block.partition(b"\n")
    method = line.partition(b" ")[0].decode("latin-1").upper()
    if len(block) > _LONGEST:
        return Asked(method, None)
    return asked(method, block.partition(b"\r\n\r\n")[2])


def _are_concurrent(one: StoredRecord, other: StoredRecord) -> bool:
    """Say whether one of two records names the other as its counterpart (5.7)."""
    name = "WARC-Concurrent-To"
    return one.record_id in other.get_all(name) or other.record_id in one.get_all(name)
