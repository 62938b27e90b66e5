"""Three records as they lie in a file, packed in every way, and short ways to read a file."""

from __future__ import annotations

import gzip
import io
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from archiver.errors import DamagedRecord
from archiver.inflow import Readable
from archiver.reader import StoredRecord, read_records

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

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


def framed(octets: bytes, dictionary: zstd.ZstdDict | None = None) -> bytes:
    """Return a zstd frame as the specification of WARCs in zstd wants it."""
    options: dict[int, int] = {zstd.CompressionParameter.checksum_flag: 1}
    return zstd.compress(octets, options=options, zstd_dict=dictionary)


def skippable(octets: bytes, magic: int = 0x184D2A50) -> bytes:
    """Return a frame that is not for who unpacks a file."""
    return magic.to_bytes(4, "little") + len(octets).to_bytes(4, "little") + octets


DICTIONARY = zstd.finalize_dict(zstd.ZstdDict(PLAIN, is_raw=True), list(RECORDS) * 3, 1024, 3)
DICTIONARY_FRAME = skippable(DICTIONARY.dict_content, 0x184D2A5D)


def framed_by_dictionary(octets: bytes) -> bytes:
    return framed(octets, DICTIONARY)


MEMBERS = b"".join(map(zipped, RECORDS))
ONE_MEMBER = zipped(PLAIN)
FRAMES = b"".join(map(framed, RECORDS))
ONE_FRAME = framed(PLAIN)
WITH_DICTIONARY = DICTIONARY_FRAME + b"".join(map(framed_by_dictionary, RECORDS))
PACKED = {
    "plain": PLAIN,
    "a member each": MEMBERS,
    "one member": ONE_MEMBER,
    "a frame each": FRAMES,
    "one frame": ONE_FRAME,
    "a frame each, with a dictionary": WITH_DICTIONARY,
}


class Packing(NamedTuple):
    """How records are packed one by one, and what stands before the first."""

    pack: Callable[[bytes], bytes]
    lead: bytes = b""

    def file(self, records: Iterable[bytes]) -> bytes:
        return self.lead + b"".join(map(self.pack, records))


EACH_ALONE = {
    "gzip": Packing(zipped),
    "zstd": Packing(framed),
    "zstd with a dictionary": Packing(framed_by_dictionary, DICTIONARY_FRAME),
}


@dataclass
class Dribble:
    """A file that gives one octet at a time."""

    file: io.BytesIO

    def read(self, size: int, /) -> bytes:
        return self.file.read(min(size, 1))


class Outcome(NamedTuple):
    """The blocks that were read to their ends, and what stopped the reading."""

    blocks: list[bytes]
    damage: DamagedRecord | None


def read_all(octets: bytes) -> list[bytes]:
    return [b"".join(record.chunks()) for record in read_records(io.BytesIO(octets), "x.warc")]


def outcome_of(octets: bytes, by: type[Dribble] | None = None) -> Outcome:
    file: Readable = by(io.BytesIO(octets)) if by else io.BytesIO(octets)
    blocks: list[bytes] = []
    try:
        for record in read_records(file, "x.warc"):
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
