"""Captures and texts to write, and what an outside reader finds of them in a collection."""

from __future__ import annotations

import gzip
import hashlib
import json
import random
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from warcio.archiveiterator import ArchiveIterator

from archiver.capture import Capture, Page
from archiver.pages import bare_uuid
from archiver.records import warc_date
from archiver.tape import Tape
from archiver.text import TextRecord

MOMENT = datetime(2026, 3, 4, 5, 6, 7, 8, tzinfo=UTC)
LONG = (4 << 20) + 1  # octets: so long a record is compressed and written piece by piece
NOISE = random.Random(7).randbytes(LONG)


def capture_of(number: int, new_id: Callable[[], str]) -> Capture:
    """Return a new capture whose kind and size are chosen by *number*."""
    request_id, response_id = new_id(), new_id()
    size = LONG if number % 24 == 23 else (0, 1, 300, 3_000, 70_000, 90_000)[number % 6]
    has_answer, has_request = number % 5 != 0, number % 25 != 0
    body = NOISE[:size]
    if number % 4:  # or else it is one that comes again
        body = response_id.encode() + body
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + body
    return Capture(
        target=f"http://example.org/{response_id[-13:-1]}",
        captured_at=MOMENT + timedelta(seconds=number),
        request=b"GET / HTTP/1.1\r\nHost: example.org\r\n\r\n" if has_request else b"",
        response=Tape.of(answer if has_answer else b""),
        request_id=request_id,
        response_id=response_id,
        failure=None if has_answer else "no answer",
        truncated="length" if has_answer and number % 7 == 0 else None,
    )


def has_text(record_id: str) -> bool:
    """Say whether the page *record_id* has a text; every third has none."""
    return int(record_id[-13:-1], 16) % 3 != 0


def text_of(page: Page) -> TextRecord | None:
    """Return the text of *page*, the same each time; None where it has none."""
    if not has_text(page.record_id):
        return None
    id = bare_uuid(page.record_id)
    text = f"The ferry {id} is late."
    return TextRecord(
        id=id,
        url=page.target,
        text=text,
        text_sha256=hashlib.sha256(text.encode()).hexdigest(),
        word_count=5,
        date=warc_date(page.captured_at),
        http_status=200,
        file_path=f"archive/{page.location.filename}",
        warc_record_id=page.record_id,
        warc_offset=page.location.offset,
        warc_length=page.location.length,
        payload_digest=page.payload_digest,
        extractor="none",
        extractor_version="0",
        extractor_config_hash="0",
        quality_mean_word_length=4.0,
        quality_alphabetic_word_fraction=1.0,
        quality_symbol_word_ratio=0.0,
        quality_ellipsis_line_fraction=0.0,
        quality_terminal_punctuation_fraction=1.0,
        quality_short_line_fraction=0.0,
        quality_duplicate_line_fraction=0.0,
        quality_replacement_count=0,
    )


def captures_in(folder: Path) -> Counter[str]:
    """Count the captures in the WARCs of *folder* by record id, as warcio finds them."""
    found: Counter[str] = Counter()
    for path in folder.glob("archive/*.warc.gz"):
        with path.open("rb") as file:
            for record in ArchiveIterator(file, no_record_parse=True):
                while record.raw_stream.read(1 << 20):
                    pass
                refers_to = record.rec_headers.get_header("WARC-Refers-To")
                is_page = record.rec_type == "metadata" and refers_to is not None
                if record.rec_type in ("response", "revisit", "metadata") and not is_page:
                    found[record.rec_headers.get_header("WARC-Record-ID")] += 1
    return found


def pages_in(folder: Path) -> Counter[str]:
    """Count the lines of pages in *folder* by record id, whether or not there is a text."""
    lines = [
        json.loads(line)
        for path in folder.glob("pages/*.jsonl")
        for line in path.read_bytes().splitlines()[1:]
    ]
    return Counter(f"<urn:uuid:{line['id']}>" for line in lines)


def texts_in(folder: Path) -> Counter[str]:
    """Count the texts in *folder* by the record ids of their pages."""
    lines = [
        json.loads(line)
        for path in folder.glob("text/*.jsonl.gz")
        for line in gzip.decompress(path.read_bytes()).splitlines()
    ]
    return Counter(line["warc_record_id"] for line in lines)
