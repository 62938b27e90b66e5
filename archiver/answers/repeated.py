"""The original that a revisit refers to, found by an index.

By its URI and date, as the revisit names them (WARC 1.1, 6.7), and proved by its digest or its
record's id; else, as older revisits name neither, by the digest among captures of the URI.
"""

from __future__ import annotations

import re

from archiver.cdxj import IndexEntry
from archiver.lookup import Index
from archiver.reader import StoredRecord
from archiver.sources import Source

_REVISIT = "warc/revisit"
_NO_DIGIT = re.compile(r"[^0-9]")


def original_entry(
    source: Source, index: Index, entry: IndexEntry, revisit: StoredRecord
) -> IndexEntry | None:
    """Return the entry of what *revisit* repeats, the record at *entry*; None if there is none."""
    target = revisit.get("WARC-Refers-To-Target-URI") or entry.url
    moment = _NO_DIGIT.sub("", revisit.get("WARC-Refers-To-Date") or "")[:14]
    digest = _bare(revisit.get("WARC-Payload-Digest") or entry.digest)
    record_id = revisit.get("WARC-Refers-To")
    found: IndexEntry | None = None
    for other in index.captures(target.strip("<>")):
        if other.mime == _REVISIT:
            continue
        has_digest = digest is not None and _bare(other.digest) == digest
        is_named = other.timestamp == moment
        if is_named and (has_digest or _has_id(source, other, record_id, digest)):
            return other
        # The last one before the revisit is the one that it most likely means.
        if has_digest and (found is None or other.timestamp <= entry.timestamp):
            found = other
    return found


def _has_id(source: Source, entry: IndexEntry, record_id: str | None, digest: str | None) -> bool:
    """Say whether the record at *entry* has *record_id*, or nothing else could prove it."""
    if record_id is None:
        return digest is None or entry.digest is None
    with source.record(entry.location) as record:
        return record.record_id == record_id


def _bare(digest: str | None) -> str | None:
    """Return *digest* without the name of its algorithm, which older indexes leave out."""
    return digest and digest.rpartition(":")[2].casefold()
