"""The pages of a WARC that has no page list, with what their documents say of themselves.

Which records are pages is what `archiver.warcpages` says: in a WARC of ours those that were
declared, in anybody else's the HTML documents that were answered with 200.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import BinaryIO

from archiver.capture import Page
from archiver.errors import DamagedRecord
from archiver.head import parse_head
from archiver.indexing import Indexed
from archiver.pages import bare_uuid
from archiver.reader import read_record, read_records
from archiver.records import warc_date
from archiver.rights import reservation_of
from archiver.sources.outline import MOST_OCTETS, Outline, outline_of
from archiver.sources.pagelines import moment_of, page_line
from archiver.warcpages import find_pages, warc_fields

_MIMES = (b"text/html", b"application/xhtml+xml")
_UNKNOWN = Outline(None, None)


def is_ours(found: Indexed) -> bool:
    """Say whether *found* is the warcinfo record that our crawls begin a WARC with."""
    if found.record.type != "warcinfo":
        return False
    return warc_fields(found.beginning).get("software", "").startswith("archiver/")


def document_line(found: Indexed) -> bytes | None:
    """Return the page line of what was *found* if it is an HTML document; None if it is none."""
    head, record, entry = found.head, found.record, found.entry
    if head is None or head.status != 200 or entry is None or record.type != "response":
        return None
    media_type = (head.get(b"content-type") or b"").partition(b";")[0].strip().lower()
    if media_type not in _MIMES:
        return None
    date = record.get("WARC-Date") or ""
    # A date may stop anywhere; where it does, the index has its earliest moment.
    ts = date if len(date) >= len("2026-01-31T23:59:59Z") else moment_of(entry.timestamp)
    outline = outline_of(head, found.beginning)
    return page_line(
        url=entry.url,
        ts=ts or date,
        id=bare_uuid(record.record_id) if record.record_id else None,
        title=outline.title,
        text=outline.text,
    )


def declared_lines(opener: Callable[[], BinaryIO], filename: str) -> Iterator[bytes]:
    """Yield the pages that the WARC which *opener* opens, one of ours, declares."""
    with opener() as file:
        pages = [found.page for found in find_pages(read_records(file, filename)).pages]
        for page in pages:
            yield _line(page, _outline(file, page))


def _outline(file: BinaryIO, page: Page) -> Outline:
    if page.original is not None:
        return _UNKNOWN  # a revisit has no document of its own
    try:
        block = read_record(file, page.location).read(MOST_OCTETS)
    except DamagedRecord:
        return _UNKNOWN  # which is told where the file is read through
    head = parse_head(block)
    if head is None or reservation_of(page, block) is not None:
        return _UNKNOWN
    return outline_of(head, block)


def _line(page: Page, outline: Outline) -> bytes:
    return page_line(
        url=page.target,
        ts=warc_date(page.captured_at),
        id=bare_uuid(page.record_id),
        title=outline.title,
        text=outline.text,
        seed=page.seed,
    )
