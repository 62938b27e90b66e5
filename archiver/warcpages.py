"""Which records of a WARC are pages, learned from the WARC alone.

In a WARC of ours they are the captures that a metadata record refers to (6.6 of the WARC
format 1.1); it also tells how the crawl came to them. In anybody else's, where nothing says
which captures are worth reading, they are the HTML documents that were answered with 200.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from archiver.capture import Page
from archiver.errors import DamagedRecord
from archiver.head import MAX_HEAD, Head, parse_head
from archiver.pagefields import page_from_fields
from archiver.reader import StoredRecord

_MIMES = (b"text/html", b"application/xhtml+xml")
_MAX_FIELDS = 64 << 10  # a block of warc-fields has a few lines
_FIRST_READ = 8 << 10  # nearly every head fits in


@dataclass(frozen=True, slots=True)
class FoundPage:
    """A page, and its response record's *number* in the file.

    Where not *is_alone* the record shares its gzip member with others: its location does not
    tell where it begins, but its number does.
    """

    page: Page
    number: int
    is_alone: bool


@dataclass(slots=True)
class Found:
    """The pages of a file in its order, and the *damage* met while looking for them."""

    pages: list[FoundPage] = field(default_factory=list)
    damage: list[DamagedRecord] = field(default_factory=list)


def find_pages(records: Iterable[StoredRecord]) -> Found:
    """Return the pages among *records*, those of one file from its beginning.

    What comes before a damaged record is found all the same.
    """
    search = _Search()
    before: StoredRecord | None = None
    try:
        for number, record in enumerate(records):
            search.end(before)
            search.see(record, number)
            before = record
        search.end(before)
    except DamagedRecord as damage:
        search.found.damage.append(damage)
    search.found.pages.sort(key=lambda found: found.number)
    return search.found


def page_of(record: StoredRecord, collection: str | None) -> Page | None:
    """Return the page that the capture *record* may be declared; its block is passed over.

    None where it has no valid date, id or target.
    """
    captured_at = _moment(record.get("WARC-Date") or "")
    if captured_at is None or record.record_id is None or record.target is None:
        return None
    return Page(
        target=record.target,
        captured_at=captured_at,
        record_id=record.record_id,
        location=record.location,
        collection=collection,
        payload_digest=record.get("WARC-Payload-Digest"),
        original=record.get("WARC-Refers-To") if record.type == "revisit" else None,
    )


def declared(page: Page, record: StoredRecord) -> Page | None:
    """Return *page* with what its metadata *record*, which declares it, says of it.

    None where it is no declaration, but marks the capture as no page worth reading.
    """
    return page_from_fields(page, fields_of(record))


def fields_of(record: StoredRecord) -> dict[str, str]:
    """Return the fields of *record*, whose block is `application/warc-fields`."""
    return warc_fields(record.read(_MAX_FIELDS))


def http_head_of(record: StoredRecord) -> Head | None:
    """Return the head of the HTTP response in *record*, whose block is at its beginning."""
    octets = record.read(_FIRST_READ)
    head = parse_head(octets)
    if head is None and octets.startswith(b"HTTP/"):
        head = parse_head(octets + record.read(MAX_HEAD - len(octets)))
    return head


def warc_fields(block: bytes) -> dict[str, str]:
    """Return the fields of a block of `application/warc-fields`, their names in lower case."""
    pairs = (line.partition(":") for line in block.decode("utf-8", "replace").splitlines())
    return {name.strip().lower(): value.strip() for name, colon, value in pairs if colon}


class _Search:
    def __init__(self) -> None:
        self.found = Found()
        self._is_ours = False
        self._collection: str | None = None
        self._undeclared: dict[str, FoundPage] = {}

    def see(self, record: StoredRecord, number: int) -> None:
        if record.type == "warcinfo":
            fields = warc_fields(record.read(_MAX_FIELDS))
            self._is_ours = fields.get("software", "").startswith("archiver/")
            self._collection = fields.get("ispartof")
        elif record.type == "metadata" and self._is_ours:
            self._declare(record)
        elif _is_capture(record) if self._is_ours else _is_document(record):
            self._keep(record, number)

    def end(self, record: StoredRecord | None) -> None:
        """Note what was passed over behind *record*, which has been read to its end."""
        if record is not None and record.passed_over:
            octets = f"{record.passed_over} octets passed over may hold records"
            problem = f"the record does not end where its Content-Length says, and {octets}"
            filename = record.location.filename
            self.found.damage.append(DamagedRecord(filename, record.offset, problem))

    def _keep(self, record: StoredRecord, number: int) -> None:
        """Make a page of a capture; in a WARC of ours it waits for its declaration."""
        page = page_of(record, self._collection)
        if page is None:
            problem = (
                f"a {record.type} without a valid WARC-Date, WARC-Record-ID or WARC-Target-URI"
            )
            location = record.location
            self.found.damage.append(DamagedRecord(location.filename, location.offset, problem))
            return
        found = FoundPage(page, number, record.is_alone)
        if self._is_ours:
            self._undeclared[page.record_id] = found
        else:
            self.found.pages.append(found)

    def _declare(self, record: StoredRecord) -> None:
        found = self._undeclared.get(record.get("WARC-Refers-To") or "")
        if found is None:
            return  # it describes something else, such as a fetch that failed
        page = declared(found.page, record)
        if page is not None:
            self.found.pages.append(replace(found, page=page))
            del self._undeclared[page.record_id]


def _is_capture(record: StoredRecord) -> bool:
    return record.type in ("response", "revisit")


def _is_document(record: StoredRecord) -> bool:
    head = http_head_of(record) if record.type == "response" else None
    if head is None or head.status != 200:
        return False
    media_type = head.get(b"content-type") or b""
    return media_type.partition(b";")[0].strip().lower() in _MIMES


def _moment(date: str) -> datetime | None:
    """Return a WARC-Date, which may stop at the year or the month (5.4); None if it is none."""
    if len(date) in (4, 7):
        date += "-01-01"[-(10 - len(date)) :]
    try:
        moment = datetime.fromisoformat(date)
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
