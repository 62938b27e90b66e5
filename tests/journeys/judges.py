"""What outsiders make of our files: warcio and FastWARC, a WARC at a time."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path

from fastwarc.warc import ArchiveIterator as FastWarcIterator
from warcio.archiveiterator import ArchiveIterator as WarcioIterator


def wrong_for_warcio(warc: Path) -> Iterator[str]:
    """Read *warc* to its end; yield the target of each record with a digest that is wrong."""
    with warc.open("rb") as file:
        for record in WarcioIterator(file, check_digests=True):
            record.content_stream().read()
            if record.digest_checker.passed is False:
                yield record.rec_headers.get_header("WARC-Target-URI")


def fields_by_warcio(member: bytes, *names: str) -> tuple[str | None, ...]:
    """Return what the fields *names* hold in the one record that is all of *member*."""
    (fields,) = [record.rec_headers for record in WarcioIterator(io.BytesIO(member))]
    return tuple(fields.get_header(name) for name in names)


def blocks_by_fastwarc(warc: Path) -> Iterator[tuple[str, bool]]:
    """Yield the target of each record, and whether its block has its digest."""
    with warc.open("rb") as file:
        for record in FastWarcIterator(file, parse_http=False):
            yield record.headers.get("WARC-Target-URI") or "", record.verify_block_digest()


def payloads_by_fastwarc(warc: Path) -> Iterator[tuple[str, bool]]:
    """Yield the target of each HTTP message, and whether its payload has its digest."""
    with warc.open("rb") as file:
        for record in FastWarcIterator(file, parse_http=True):
            if record.is_http:
                yield record.headers.get("WARC-Target-URI") or "", record.verify_payload_digest()


def index_line(line: bytes) -> tuple[bytes, bytes, dict[str, str]]:
    """Return an index line whose fields have no order and whose numbers are text."""
    key, timestamp, fields = line.split(b" ", 2)
    return key, timestamp, {name: str(value) for name, value in json.loads(fields).items()}
