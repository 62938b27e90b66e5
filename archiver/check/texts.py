"""The text records of a WARC against its response records.

They are in the order of the WARC, and are read in step with it.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterator
from datetime import datetime
from gzip import GzipFile

from archiver.check.digests import Reading
from archiver.check.fault import Fault, Problem
from archiver.check.pages import PagesCheck
from archiver.pages import bare_uuid
from archiver.reader import StoredRecord
from archiver.text import TextRecord, record_from_line

_LONGEST_LINE = 64 << 20
_CAPTURES = ("response", "revisit")


class TextsCheck:
    """The texts in *file*, called *shown*, of the WARC called *filename*."""

    def __init__(self, file: GzipFile, shown: str, filename: str) -> None:
        self.count = 0
        self._file = file
        self._shown = shown
        self._filename = filename
        self._last_offset = -1
        self._is_over = False
        self._next: TextRecord | None = None

    def faults(
        self, record: StoredRecord, reading: Reading, pages: PagesCheck | None
    ) -> Iterator[Fault]:
        """Yield where the texts disagree with *record*, which comes after those before."""
        yield from self._fetch()
        while self._next is not None and self._next.warc_offset < record.offset:
            yield from self._stray()
        text = self._next
        if text is None or text.warc_offset > record.offset or record.type not in _CAPTURES:
            return
        for problem in self._differences(text, record, reading):
            yield problem.at(self._shown, None, record.record_id)
        if pages is not None and not pages.holds(record.record_id or ""):
            problem = self._problem("a text without a page", "a page for each text")
            yield problem.at(self._shown, None, record.record_id)
        self._next = None

    def faults_at_the_end(self) -> Iterator[Fault]:
        """Yield the texts for which no response has come."""
        yield from self._fetch()
        while self._next is not None:
            yield from self._stray()

    def _fetch(self) -> Iterator[Fault]:
        """Read the next text, unless it has been read; None in the end."""
        while self._next is None and not self._is_over:
            try:
                line = self._file.readline(_LONGEST_LINE)
            except (OSError, EOFError, zlib.error) as error:
                self._is_over = True
                problem = self._problem(f"gunzipping stops here ({error})", "a sound gzip member")
                yield problem.at(self._shown)
                return
            if not line:
                self._is_over = True
                return
            self.count += 1
            try:
                text = record_from_line(line)
            except ValueError as error:
                yield self._problem(str(error), "a text record").at(self._shown)
                continue
            if type(text.warc_offset) is int and type(text.text) is str:
                self._next = text
            else:
                yield self._problem(f"{line[:80]!r}", "a text record").at(self._shown)

    def _stray(self) -> Iterator[Fault]:
        assert self._next is not None
        expected = "the offset of a response, and the order of the WARC"
        problem = self._problem(f"warc_offset {self._next.warc_offset}", expected)
        yield problem.at(self._shown, None, self._next.warc_record_id)
        self._next = None
        yield from self._fetch()

    def _differences(
        self, text: TextRecord, record: StoredRecord, reading: Reading
    ) -> Iterator[Problem]:
        of_record = {
            "id": bare_uuid(record.record_id or ""),
            "url": record.target,
            "http_status": _status(text, record, reading),
            "file_path": f"archive/{self._filename}",
            "warc_record_id": record.record_id,
            "warc_length": record.location.length,
            "payload_digest": record.get("WARC-Payload-Digest"),
        }
        for name, value in of_record.items():
            if getattr(text, name) != value:
                found = f"{name} {getattr(text, name)!r}"
                yield self._problem(found, f"{value!r} as its record")
        date = record.get("WARC-Date") or ""
        if _instant(str(text.date)) != _instant(date):
            yield self._problem(f"date {text.date!r}", f"{date!r} as its record")
        digest = hashlib.sha256(text.text.encode("utf-8", "surrogatepass")).hexdigest()
        if text.text_sha256 != digest:
            yield self._problem(f"text_sha256 {text.text_sha256!r}", f"{digest!r} as its text")

    def _problem(self, found: str, expected: str) -> Problem:
        return Problem("text", f"line {self.count}: {found}", expected)


def _status(text: TextRecord, record: StoredRecord, reading: Reading) -> int | None:
    """Return the status that *text* must have: of a revisit's, what came with its payload."""
    if record.type == "revisit":
        return text.http_status  # another record tells
    return reading.head.status if reading.head else None


def _instant(date: str) -> datetime | str:
    """Return the instant that *date* names, however it is written; itself if it names none."""
    try:
        return datetime.fromisoformat(date)
    except ValueError:
        return date
