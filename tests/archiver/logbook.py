"""Three records as they lie in a file, packed in every way, and short ways to read a file."""

from __future__ import annotations

import gzip
import io
from typing import NamedTuple

from archiver.errors import DamagedRecord
from archiver.reader import StoredRecord, read_records

INFO = (
    b"WARC/1.1\r\n"
    b"WARC-Type: warcinfo\r\n"
    b"WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-000000000001>\r\n"
    b"WARC-Date: 2026-03-04T05:06:07Z\r\n"
    b"Content-Length: 15\r\n"
    b"\r\n"
    b"software: pen\r\n"
    b"\r\n\r\n"
)
REPLY = (
    b"WARC/1.1\r\n"
    b"WARC-Type: response\r\n"
    b"WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-000000000002>\r\n"
    b"WARC-Date: 2026-03-04T05:06:08Z\r\n"
    b"WARC-Target-URI: http://127.0.0.1/harbour\r\n"
    b"Content-Type: application/http;msgtype=response\r\n"
    b"Content-Length: 39\r\n"
    b"\r\n"
    b"HTTP/1.1 200 OK\r\nX: y\r\n\r\nA grey morning"
    b"\r\n\r\n"
)
NOTE = (
    b"WARC/1.0\r\n"
    b"WARC-Type: metadata\r\n"
    b"WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-000000000003>\r\n"
    b"WARC-Date: 2026-03-04T05:06:09Z\r\n"
    b"Content-Length: 0\r\n"
    b"\r\n"
    b"\r\n\r\n"
)
RECORDS = (INFO, REPLY, NOTE)
BLOCKS = [
    b"software: pen\r\n",
    b"HTTP/1.1 200 OK\r\nX: y\r\n\r\nA grey morning",
    b"",
]
PLAIN = INFO + REPLY + NOTE


def zipped(octets: bytes) -> bytes:
    return gzip.compress(octets, mtime=0)


MEMBERS = b"".join(map(zipped, RECORDS))
ONE_MEMBER = zipped(PLAIN)
PACKED = {"plain": PLAIN, "a member each": MEMBERS, "one member": ONE_MEMBER}


class Outcome(NamedTuple):
    """The blocks that were read to their ends, and what stopped the reading."""

    blocks: list[bytes]
    damage: DamagedRecord | None


def read_all(octets: bytes) -> list[bytes]:
    return [b"".join(record.chunks()) for record in read_records(io.BytesIO(octets), "x.warc")]


def outcome_of(octets: bytes) -> Outcome:
    blocks: list[bytes] = []
    try:
        for record in read_records(io.BytesIO(octets), "x.warc"):
            blocks.append(b"".join(record.chunks()))
    except DamagedRecord as damage:
        return Outcome(blocks, damage)
    return Outcome(blocks, None)


def first(octets: bytes) -> StoredRecord:
    return next(read_records(io.BytesIO(octets), "x.warc"))


def faults_of(octets: bytes) -> list[str]:
    return [f for record in read_records(io.BytesIO(octets), "x.warc") for f in closed(record)]


def closed(record: StoredRecord) -> list[str]:
    assert record.location
    return record.faults
