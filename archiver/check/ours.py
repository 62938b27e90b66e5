"""What our own WARCs promise beyond the standard: how their records stand to each other.

A capture's response and request are adjacent and name each other, and the page that they are a
requisite of, if of any; a page's metadata record refers to a capture before it, a revisit to a
response; each record has a gzip member to itself.

Memory holds a few numbers for each capture, so that a WARC of any usual size can be checked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

from archiver.check.digests import Reading
from archiver.check.fault import Fault, Problem
from archiver.check.fields import problems_of_our_fields
from archiver.check.revisits import (
    Originals,
    Response,
    problems_of_condition,
    problems_of_match,
    problems_of_revisit,
)
from archiver.reader import StoredRecord
from archiver.records import NOT_MODIFIED

_SOFTWARE = b"software: archiver/"
# The id of a page is that of its response, a UUID of version 4 or 7, without what is around it.
_PAGE_ID = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[47][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", re.A
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Waiting:
    """A record whose request must be the next record."""

    offset: int
    record_id: str | None
    request_id: str
    page_id: str | None
    event: str
    problems_unless_head: tuple[Problem, ...]
    is_unmodified: bool


class OurRecords:
    """The records of one WARC of ours, reported under the name *shown*.

    *originals* are those of its collection; without them, what a revisit refers to in another
    WARC cannot be told.
    """

    def __init__(self, shown: str, warcinfo_id: str | None, originals: Originals | None) -> None:
        self._shown = shown
        self._warcinfo_id = warcinfo_id
        self._originals = originals
        self._captures: dict[int, int] = {}  # hashes: of a record id, of its target and date
        self._payloads: dict[int, int] = {}  # of a response's id, and of its payload digest
        self._waiting: _Waiting | None = None
        self._is_first = True

    @classmethod
    def begun_by(
        cls, record: StoredRecord, reading: Reading, shown: str, originals: Originals | None
    ) -> Self | None:
        """Return the check of the WARC that *record* opens, or None if it is not ours."""
        is_ours = record.type == "warcinfo" and any(
            line.lower().startswith(_SOFTWARE) for line in reading.beginning.splitlines()
        )
        return cls(shown, record.record_id, originals) if is_ours else None

    def faults(self, record: StoredRecord, reading: Reading, filename: str) -> Iterator[Fault]:
        """Yield what is wrong with *record*, whose WARC is called *filename*."""
        yield from self._faults_of_waiting(record, reading)
        for problem in (*self._problems(record, filename), *self._of_revisit(record, reading)):
            yield problem.at(self._shown, record.offset, record.record_id)
        self._is_first = False
        is_failure = record.type == "metadata" and record.get("WARC-Refers-To") is None
        request_id = record.get("WARC-Concurrent-To")
        if request_id and (record.type in ("response", "revisit") or is_failure):
            self._waiting = _Waiting(
                offset=record.offset,
                record_id=record.record_id,
                request_id=request_id,
                page_id=record.get("WARC-Page-ID"),
                event=_event(record),
                problems_unless_head=reading.problems_unless_head,
                is_unmodified=record.get("WARC-Profile") == NOT_MODIFIED,
            )
            return
        for problem in reading.problems_unless_head:
            yield problem.at(self._shown, record.offset, record.record_id)

    def faults_at_the_end(self) -> Iterator[Fault]:
        """Yield what the end of the file leaves open."""
        if self._waiting is not None:
            yield self._unpaired(self._waiting, "the end of the file comes next")

    def _faults_of_waiting(self, record: StoredRecord, reading: Reading) -> Iterator[Fault]:
        waiting, self._waiting = self._waiting, None
        if waiting is None:
            if record.type == "request":
                problem = Problem("pair", "a request on its own", "its response just before it")
                yield problem.at(self._shown, record.offset, record.record_id)
            return
        if record.type != "request" or record.record_id != waiting.request_id:
            yield self._unpaired(waiting, f"{record.type} {record.record_id} comes next")
        elif record.get("WARC-Concurrent-To") != waiting.record_id:
            found = f"WARC-Concurrent-To is {record.get('WARC-Concurrent-To')!r}"
            problem = Problem("pair", found, f"{waiting.record_id}, the record before")
            yield problem.at(self._shown, record.offset, record.record_id)
        elif _event(record) != waiting.event:
            problem = Problem("pair", _event(record), f"{waiting.event}, as the record before")
            yield problem.at(self._shown, record.offset, record.record_id)
        elif record.get("WARC-Page-ID") != waiting.page_id:
            found = f"WARC-Page-ID is {record.get('WARC-Page-ID')!r}"
            problem = Problem("pair", found, f"{waiting.page_id!r}, as the record before")
            yield problem.at(self._shown, record.offset, record.record_id)
        elif waiting.is_unmodified:
            for problem in problems_of_condition(reading.beginning):
                yield problem.at(self._shown, waiting.offset, waiting.record_id)
        if not (record.type == "request" and reading.beginning.startswith(b"HEAD ")):
            for problem in waiting.problems_unless_head:
                yield problem.at(self._shown, waiting.offset, waiting.record_id)

    def _unpaired(self, waiting: _Waiting, found: str) -> Fault:
        problem = Problem("pair", found, f"request {waiting.request_id}")
        return problem.at(self._shown, waiting.offset, waiting.record_id)

    def _problems(self, record: StoredRecord, filename: str) -> Iterator[Problem]:
        yield from problems_of_our_fields(record, self._warcinfo_id)
        if not record.is_alone:
            found = "several records in one gzip member"
            yield Problem("shared-member", found, "one gzip member a record")
        page_id = record.get("WARC-Page-ID")
        if page_id is not None and not _PAGE_ID.fullmatch(page_id):
            found = f"WARC-Page-ID is {page_id!r}"
            yield Problem("bad-id", found, "the UUID of a page's response")
        if record.type == "warcinfo":
            if not self._is_first:
                yield Problem("first-record", "another warcinfo", "one, at the beginning")
            if record.get("WARC-Filename") != filename:
                found = f"WARC-Filename is {record.get('WARC-Filename')!r}"
                yield Problem("filename", found, repr(filename))
        elif record.type in ("response", "revisit", "resource"):
            key = hash(record.record_id)
            if key in self._captures:
                yield Problem("duplicate-id", "the WARC-Record-ID of another", "one of its own")
            self._captures[key] = hash(_event(record))
            if record.type == "response":
                self._note(record)
        elif record.type == "metadata" and (original := record.get("WARC-Refers-To")):
            event = self._captures.get(hash(original))
            if event is None:
                found = f"WARC-Refers-To is {original!r}"
                yield Problem("reference", found, "a capture earlier in this file")
            elif event != hash(_event(record)):
                expected = f"target and date of {original}"
                yield Problem("reference", _event(record), expected)

    def _note(self, record: StoredRecord) -> None:
        response = Response(hash(_event(record)), hash(record.get("WARC-Payload-Digest")))
        self._payloads[hash(record.record_id)] = response.payload
        if self._originals is not None:
            self._originals.note(record.record_id or "", response)

    def _of_revisit(self, record: StoredRecord, reading: Reading) -> Iterator[Problem]:
        if record.type != "revisit":
            return
        yield from problems_of_revisit(record, reading)
        refers_to = record.get("WARC-Refers-To")
        if not refers_to:
            return  # which has been said
        key = hash(refers_to)
        named = (record.get("WARC-Refers-To-Target-URI"), record.get("WARC-Refers-To-Date"))
        expected = Response(
            hash("{} of {}".format(*named)), hash(record.get("WARC-Payload-Digest"))
        )
        if key in self._payloads:
            original = Response(self._captures[key], self._payloads[key])
            yield from problems_of_match(refers_to, expected, original)
        elif key in self._captures:
            yield Problem("revisit", f"WARC-Refers-To is {refers_to!r}", "a response, no revisit")
        elif self._originals is not None:
            if not self._originals.refer(record, expected):
                yield Problem("revisit", f"WARC-Refers-To is {refers_to!r}", "a UUID of ours")
        else:
            found = f"{refers_to}, to which it refers, lies in another WARC"
            yield Problem("revisit", found, "a check of the whole collection", "note")


def _event(record: StoredRecord) -> str:
    """Return what the records of one capture event share (5.4)."""
    return f"{record.target} of {record.get('WARC-Date')}"
