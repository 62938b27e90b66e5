"""What a WARC tells of what a collection holds: visits, and which of them are pages.

A visit is a response that brought a payload, whole, or a revisit of one. It is made from a
record as it is written, or from the same record read back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from archiver.capture import Location
from archiver.head import Head
from archiver.pagefields import passed_over_in
from archiver.payload import Measure, is_repeatable
from archiver.reader import StoredRecord
from archiver.records import IDENTICAL, NOT_MODIFIED, Record
from archiver.warcpages import fields_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A visit to *target*, whose record lies at *location*.

    *etag* and *last_modified* are kept where they can be asked about later: those of an answer
    with status 200. Where it *is_repeatable* a revisit may refer to it; where it is a revisit
    itself, *original* is the id of the response that it refers to.
    """

    record_id: str
    target: str
    date: str
    location: Location
    payload_digest: str
    status: int
    etag: str | None = None
    last_modified: str | None = None
    is_repeatable: bool = False
    original: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """That the response *record_id* has been read, and that the *urls* have led to it.

    *passed_over* says what it is instead of a page, None if it is one.
    """

    record_id: str
    urls: tuple[str, ...]
    passed_over: str | None = None


def visit_of(record: Record, location: Location) -> Visit | None:
    """Return the visit that *record*, written at *location*, tells of; None for all else."""
    return _visit(record.type, record.get, record.http_head, record.payload_size, location)


def read_visits(records: Iterable[StoredRecord]) -> Iterator[Visit | Declaration]:
    """Yield what *records*, those of one of our WARCs from its beginning, tell.

    DamagedRecord where they are damaged, after what comes before.
    """
    waiting: tuple[str, Visit] | None = None  # for its request, which says GET
    for record in records:
        if record.type in ("response", "revisit"):
            visit, request_id = _read_visit(record), record.get("WARC-Concurrent-To")
            waiting = (request_id, visit) if visit and request_id else None
            if visit and not request_id:
                yield visit
        elif record.type == "request" and waiting and record.record_id == waiting[0]:
            if record.read(4) == b"GET ":
                yield waiting[1]
        elif record.type == "metadata" and (response_id := record.get("WARC-Refers-To")):
            fields = fields_of(record)
            names = (fields.get("urlrequested"), fields.get("canonical"))
            yield Declaration(
                record_id=response_id,
                urls=tuple(url for url in names if url),
                passed_over=passed_over_in(fields),
            )


def _read_visit(record: StoredRecord) -> Visit | None:
    measure = Measure(b"GET")
    for octets in record.chunks():
        measure.feed(octets)
    payload_size = measure.finish()
    if record.get("WARC-Truncated"):
        payload_size = None
    return _visit(record.type, record.get, measure.head, payload_size, record.location)


def _visit(
    type_: str, get: Callable[[str], str | None], head: Head | None, payload_size: int | None,
    location: Location,
) -> Visit | None:  # fmt: skip
    is_revisit = type_ == "revisit" and get("WARC-Profile") in (IDENTICAL, NOT_MODIFIED)
    is_response = type_ == "response" and payload_size is not None
    if head is None or not (is_revisit or is_response):
        return None
    if is_response and 300 <= head.status < 400:
        return None
    names = ("WARC-Record-ID", "WARC-Target-URI", "WARC-Date", "WARC-Payload-Digest")
    record_id, target, date, payload_digest = map(get, names)
    if not record_id or not target or not date or not payload_digest:
        return None
    return Visit(
        record_id=record_id,
        target=target,
        date=date,
        location=location,
        payload_digest=payload_digest,
        status=head.status,
        etag=_validator(head, b"etag"),
        last_modified=_validator(head, b"last-modified"),
        is_repeatable=is_response and is_repeatable(head, payload_size),
        original=get("WARC-Refers-To") if is_revisit else None,
    )


def _validator(head: Head, name: bytes) -> str | None:
    value = head.get(name) if head.status == 200 else None
    return value.decode("latin-1") if value else None
