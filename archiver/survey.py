"""What a growing WARC of ours holds, read back after its writer died: as far as it is whole.

Records that belong together (a response and its request) count as whole only together. The
survey opens no file for writing and mends nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Container
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urlsplit

from archiver.capture import Page
from archiver.contents import Contents
from archiver.errors import DamagedRecord
from archiver.head import Head, charset_of
from archiver.octets import UnreadableFormat
from archiver.reader import StoredRecord, read_records
from archiver.rights import HOST_FILES
from archiver.warcpages import declared, http_head_of, page_of, warc_fields

_MAX_FIELDS = 64 << 10

# What tells one exchange from another: method, target, and the digest of the body sent.
Exchange = tuple[bytes, str, bytes]


# Gives, by the record id of a capture whose request is done, the offset of the last record that
# was written for it; None for all others.
Done = Callable[[str], int | None]


def exchange_of(method: bytes, target: str, body: bytes) -> Exchange:
    """Return the exchange that sent *body* (empty: nothing) to *target*."""
    return method, target, hashlib.sha256(body).digest() if body else b""


@dataclass(slots=True)
class Survey:
    """The first *size* octets of a WARC: whole records, and none of a pair alone.

    *finished* are the offsets, by record id, of the pages that are declared and on disk with
    their text. *unclaimed* are the captures, by their exchange and in their order, that came
    whole and whose request is not known to be done; *unfinished* the pages, by record id, that
    were declared and whose text is not on disk. Not *is_ours* is a file that begins with
    another's record; of it nothing else is told.
    """

    filename: str
    is_ours: bool = True
    size: int = 0
    warcinfo_id: str = ""
    contents: Contents = field(default_factory=Contents)
    finished: dict[str, int] = field(default_factory=dict)
    unclaimed: dict[Exchange, list[Page]] = field(default_factory=dict)
    unfinished: dict[str, Page] = field(default_factory=dict)


def survey(path: Path, filename: str, *, done: Done, finished: Container[str]) -> Survey:
    """Return what the WARC at *path*, to be called *filename*, holds.

    Where the last record is missing that *done* knows of, a request is not done after all.
    *finished* has the ids of pages with a line, and a text where the line says so.
    """
    reading = _Reading(Survey(filename), done, finished)
    with path.open("rb") as file:
        try:
            for record in read_records(file, filename):
                reading.take(record)
        except _Foreign:
            return Survey(filename, is_ours=False)
        except (DamagedRecord, UnreadableFormat):
            pass  # what a kill leaves; how far the file is whole is what was asked
    return reading.ended()


class _Foreign(Exception):
    """The first record is not one that we write."""


@dataclass(frozen=True, slots=True)
class _Noted:
    """A record that has been read, with the head and the page of a capture."""

    record: StoredRecord
    head: Head | None = None
    page: Page | None = None


class _Reading:
    def __init__(self, survey: Survey, done: Done, finished: Container[str]) -> None:
        self.survey = survey
        self._done = done
        self._finished = finished
        self._collection: str | None = None
        self._waiting: _Noted | None = None  # for its request
        self._pages: dict[str, Page] = {}  # that may be declared
        self._unclaimed: dict[str, tuple[Exchange, Page]] = {}

    def ended(self) -> Survey:
        """Return the survey, now that there is no more to be taken in."""
        for exchange, page in self._unclaimed.values():
            self.survey.unclaimed.setdefault(exchange, []).append(page)
        return self.survey

    def take(self, record: StoredRecord) -> None:
        """Take in *record*; DamagedRecord if it is not whole, or not what must come next."""
        if not self.survey.size:
            self._take_first(record)
        elif self._waiting is not None:
            self._take_request(record, self._waiting)
        elif record.type in ("response", "revisit"):
            self._take_capture(record)
        else:
            self._take_other(record)

    def _take_first(self, record: StoredRecord) -> None:
        fields = warc_fields(record.read(_MAX_FIELDS)) if record.type == "warcinfo" else {}
        _ = record.location  # before anything is believed: it must be whole
        if not fields.get("software", "").startswith("archiver/"):
            raise _Foreign
        self._collection = fields.get("ispartof")
        self.survey.warcinfo_id = record.record_id or ""
        self._keep(_Noted(record))

    def _take_capture(self, record: StoredRecord) -> None:
        head = http_head_of(record)
        page = page_of(record, self._collection)
        if page is not None:
            original = record.get("WARC-Refers-To")
            page = replace(page, charset=charset_of(head), original=original)
        self._wait_or_keep(_Noted(record, head, page))

    def _take_other(self, record: StoredRecord) -> None:
        captured = self._pages.get(record.get("WARC-Refers-To") or "")
        if record.type == "metadata" and captured is not None:
            page = declared(captured, record)
            _ = record.location  # before anything is believed: it must be whole
            if page is not None:
                self._take_page(page)
            if self._done(captured.record_id) == record.offset:
                self._unclaimed.pop(captured.record_id, None)
        self._wait_or_keep(_Noted(record))

    def _take_page(self, page: Page) -> None:
        del self._pages[page.record_id]
        if page.record_id in self._finished:
            self.survey.finished[page.record_id] = page.location.offset
        else:
            self.survey.unfinished[page.record_id] = page

    def _take_request(self, record: StoredRecord, waiting: _Noted) -> None:
        if record.type != "request" or record.record_id != _request_id(waiting.record):
            problem = "the request of the capture before is missing"
            raise DamagedRecord(self.survey.filename, record.offset, problem)
        octets = record.read(record.content_length)
        _ = record.location
        method, body = octets.partition(b" ")[0], octets.partition(b"\r\n\r\n")[2]
        self._keep(waiting)
        self._keep(_Noted(record))
        self._waiting = None
        if waiting.page is not None:
            self._remember(waiting.page, waiting.record, method, body)

    def _wait_or_keep(self, noted: _Noted) -> None:
        if _request_id(noted.record) is None:
            self._keep(noted)
            if noted.page is not None:
                self._remember(noted.page, noted.record, b"GET", b"")
        else:
            _ = noted.record.location
            self._waiting = noted

    def _keep(self, noted: _Noted) -> None:
        record, location = noted.record, noted.record.location
        if not record.is_alone:
            problem = "the gzip member goes on after its record"
            raise DamagedRecord(self.survey.filename, record.offset, problem)
        self.survey.contents.note(
            record.type,
            record.get,
            target=record.target,
            http_head=noted.head,
            location=location,
        )
        self.survey.size = location.offset + location.length

    def _remember(self, page: Page, record: StoredRecord, method: bytes, body: bytes) -> None:
        self._pages[page.record_id] = page
        # What came back in part only is asked for again, and robots.txt and its like by each run.
        is_cut_short = record.type == "response" and record.get("WARC-Truncated")
        is_of_host = urlsplit(page.target).path in HOST_FILES
        done_at = self._done(page.record_id)
        is_done = done_at is not None and done_at <= page.location.offset
        if not (is_done or is_cut_short or is_of_host):
            exchange = exchange_of(method, page.target, body)
            self._unclaimed[page.record_id] = exchange, page


def _request_id(record: StoredRecord) -> str | None:
    """Return the id of the request that must follow *record*; None where none must."""
    if record.type not in ("response", "revisit", "metadata"):
        return None
    if record.type == "metadata" and record.get("WARC-Refers-To") is not None:
        return None  # it declares a page
    return record.get("WARC-Concurrent-To")
