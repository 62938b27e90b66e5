"""From the records of a WARC to the lines of its index, as cdxj-indexer gives them.

Each record is read once, and kept no further than its line takes. What is read of a document
on the way can be had for its title and text.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace

from archiver.capture import Location
from archiver.cdxj import DamagedIndexLine, IndexEntry, is_indexed, make_line, parse_line
from archiver.errors import DamagedRecord
from archiver.head import MAX_HEAD, Head, parse_head
from archiver.inflow import Readable
from archiver.reader import StoredRecord, read_records

_FIRST_READ = 8 << 10  # nearly every head fits in
_HTTP = ("http:", "https:")
_PLAIN = (b"WARC/", b"filedesc:")


@dataclass(frozen=True, slots=True, kw_only=True)
class Indexed:
    """A *record* that has been read past, and what was found in it.

    *line* is None for a record that gets none, and for one whose *damage* is such that it can
    have none, although there is nothing amiss with those after it; *entry* is what the line
    says. *head* is that of an HTTP response, *beginning* what was kept of the block. A record
    behind which octets were `passed_over` has its line, although its block is damaged.
    """

    record: StoredRecord
    head: Head | None
    beginning: bytes
    location: Location
    line: bytes | None = None
    entry: IndexEntry | None = None
    damage: DamagedRecord | None = None


def index_records(file: Readable, filename: str, *, most: int = 0) -> Iterator[Indexed]:
    """Yield each record of *file*, a WARC or an ARC called *filename*, with its line.

    Of a response with status 200 *most* octets of the block are kept, if it has so many.
    What `read_records` raises ends it, after every record before the damage.
    """
    peeked = _Peeked(file)
    is_plain = peeked.beginning.lstrip(b"\r\n").startswith(_PLAIN)
    for record in read_records(peeked, filename):
        if is_indexed(record.type, record.get("Content-Type")):
            yield _indexed(record, most, is_plain)
        else:
            kept = record.read(_FIRST_READ)
            yield Indexed(record=record, head=None, beginning=kept, location=record.location)


class _Peeked:
    """The octets of *file*, of which the *beginning* is known."""

    def __init__(self, file: Readable) -> None:
        self.beginning = file.read(16)
        self._ahead = self.beginning
        self._file = file

    def read(self, size: int, /) -> bytes:
        ahead, self._ahead = self._ahead[:size], self._ahead[size:]
        return ahead or self._file.read(size)


def _indexed(record: StoredRecord, most: int, is_plain: bool) -> Indexed:
    faults = len(record.faults)
    head, kept = _begun(record, most)
    digest = record.get("WARC-Payload-Digest") or None
    if digest is None and record.type != "revisit":
        digest = _digest(record, kept[head.length if head else 0 :])
    location = record.location
    filename = location.filename
    # Quirk: cdxj-indexer counts the line ends after a record with it in gzip only.
    if is_plain and len(record.faults) == faults:
        length = location.length - (1 if record.version == "arc" else 4)
        shown = Location(filename=filename, offset=location.offset, length=length)
    else:
        shown = location
    found = Indexed(record=record, head=head, beginning=kept, location=location)
    try:
        line = _line(record, head, digest, shown)
        return replace(found, line=line, entry=parse_line(line))
    except DamagedRecord as error:  # its date or its target, on which nothing else hangs
        return replace(found, damage=error)
    except DamagedIndexLine as error:
        problem = f"no index can list it, {error.problem}"
        return replace(found, damage=DamagedRecord(filename, location.offset, problem))


def _line(
    record: StoredRecord, head: Head | None, digest: str | None, location: Location
) -> bytes:
    if not record.target:
        problem = f"a {record.type} without WARC-Target-URI"
        raise DamagedRecord(location.filename, location.offset, problem)
    return make_line(
        type=record.type,
        # Quirk: blanks in a target, which no URI may have, are escaped in the line.
        target=record.target.replace(" ", "%20"),
        date=record.get("WARC-Date") or "",
        http_head=head,
        content_type=record.get("Content-Type"),
        payload_digest=digest,
        location=location,
    )


def _begun(record: StoredRecord, most: int) -> tuple[Head | None, bytes]:
    """Read the head of *record*, and of a document *most* octets of the block, head and all."""
    kept = record.read(_FIRST_READ)
    is_http = record.type in ("response", "revisit") and (record.target or "").startswith(_HTTP)
    if not is_http:
        return None, kept
    head = parse_head(kept)
    if head is None and kept.startswith(b"HTTP/"):
        kept += record.read(MAX_HEAD - len(kept))
        head = parse_head(kept)
    if head is not None and head.status == 200 and most > len(kept):
        kept += record.read(most - len(kept))
    return head, kept


def _digest(record: StoredRecord, beginning: bytes) -> str:
    """Return the digest of a payload that has none of its own, as cdxj-indexer makes it."""
    # Quirk: it takes the payload as it lies there, in its chunks.
    sha1 = hashlib.sha1(beginning)
    for chunk in record.chunks():
        sha1.update(chunk)
    return f"sha1:{base64.b32encode(sha1.digest()).decode('ascii')}"
