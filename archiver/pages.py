"""The pages of one WARC, in the form that WACZ asks for (json-pages-1.0).

A header line, then one JSON object for each page, ordered by the offset of its response.
"""

from __future__ import annotations

import json

from archiver.capture import Page
from archiver.records import warc_date
from archiver.text import TextRecord

# What a replayer's full-text search gets to see of a page; the whole text is elsewhere.
TEXT_LIMIT = 10_000

HEADER = (
    json.dumps({"format": "json-pages-1.0", "id": "pages", "title": "All Pages", "hasText": True})
    + "\n"
).encode("ascii")


def page_line(page: Page, record: TextRecord | None) -> bytes:
    """Return the line of *page*; what it has no text for stays out of it."""
    fields = {
        "id": bare_uuid(page.record_id),
        "url": page.target,
        "ts": warc_date(page.captured_at),
        "title": record.title if record else None,
        "text": record.text[:TEXT_LIMIT] if record else None,
        "language": record.language if record else None,
        "seed": page.seed,
    }
    present = {name: value for name, value in fields.items() if value is not None}
    line = json.dumps(present, ensure_ascii=False) + "\n"
    return line.encode("utf-8", "backslashreplace")


def bare_uuid(record_id: str) -> str:
    """Return the UUID inside the WARC-Record-ID *record_id*."""
    return record_id.removeprefix("<urn:uuid:").removesuffix(">")
