"""How a collection writes, what it calls its stems, and how their WARCs begin."""

from __future__ import annotations

import re
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from archiver import __version__
from archiver.digests import Algorithm
from archiver.options import Dedup, Fsync
from archiver.records import CONFORMS_TO, Record, Wire, warcinfo


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How a collection writes: sizes in octets, fields of warcinfo, and the free choices.

    *fsync* says when what is written is made durable at the latest: before `write` and
    `finish` return, when `sync` is called, or when its stem is sealed. *dedup* says which
    payloads become a revisit: those that the collection has at the same URL, or at any. What
    *heeds_noarchive* keeps out what is not to be archived.
    """

    prefix: str
    max_bytes: int = 1_000_000_000
    algorithm: Algorithm = "sha256"
    wire: Wire = "exact"
    fsync: Fsync = "seal"
    dedup: Dedup = "off"
    heeds_noarchive: bool = False
    description: Mapping[str, str] = field(default_factory=dict)


def stem_name(prefix: str, now: datetime, *, serial: int, random_id: str) -> str:
    """Return `<prefix>-<timestamp17>-<serial5>-<host>-<random>`, the last from *random_id*."""
    host = re.sub(r"[^A-Za-z0-9]+", "-", socket.gethostname().partition(".")[0]).strip("-")
    timestamp = now.astimezone(UTC).strftime("%Y%m%d%H%M%S%f")[:17]
    random = re.sub(r"[^0-9a-f]", "", random_id.rpartition(":")[2])[-8:]
    return "-".join((prefix, timestamp, f"{serial:05}", host or "host", random))


def first_record(
    terms: Terms, collection: str, *, record_id: str, filename: str, written_at: datetime
) -> Record:
    """Return the warcinfo record that opens the WARC *filename* of *collection*."""
    fields = {
        "software": f"archiver/{__version__}",
        "format": "WARC File Format 1.1",
        "conformsTo": CONFORMS_TO,
        "isPartOf": collection,
        "hostname": socket.gethostname(),
        **terms.description,
    }
    return warcinfo(
        fields,
        record_id=record_id,
        filename=filename,
        written_at=written_at,
        algorithm=terms.algorithm,
    )
