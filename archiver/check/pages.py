"""The pages of a WARC against its records.

A page is a response that a metadata record refers to. Memory holds one number for each.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import BinaryIO

from archiver.check.digests import Reading
from archiver.check.fault import Fault, Problem
from archiver.pagefields import NOT_A_PAGE
from archiver.pages import bare_uuid
from archiver.reader import StoredRecord

_LONGEST_LINE = 64 << 20
_MARK = f"{NOT_A_PAGE}:".encode()
_CAPTURES = ("response", "revisit")


class PagesCheck:
    """The pages in *file*, called *shown*; *count* of them."""

    def __init__(self, file: BinaryIO, shown: str) -> None:
        self.count = 0
        self._file = file
        self._shown = shown
        self._places: dict[int, int] = {}  # by hash of the id: pages whose response is to come
        self._undeclared: dict[int, int] = {}  # pages whose metadata record is to come

    def faults_alone(self) -> Iterator[Fault]:
        """Yield what is wrong with the file in itself. To be asked before all else."""
        header = self._file.readline(_LONGEST_LINE)
        if _object(header).get("format") != "json-pages-1.0":
            problem = Problem("page", f"{header[:80]!r}", "a header with format json-pages-1.0")
            yield problem.at(self._shown, 0)
        place = len(header)
        for line in iter(lambda: self._file.readline(_LONGEST_LINE), b""):
            self.count += 1
            page = _object(line)
            if not all(isinstance(page.get(name), str) for name in ("id", "url", "ts")):
                problem = Problem("page", f"{line[:80]!r}", "an object with id, url and ts")
                yield problem.at(self._shown, place)
            elif hash(page["id"]) in self._places:
                problem = Problem("page", f"another page with id {page['id']!r}", "one")
                yield problem.at(self._shown, place)
            else:
                self._places[hash(page["id"])] = place
            place += len(line)

    def faults(self, record: StoredRecord, reading: Reading) -> Iterator[Fault]:
        """Yield where the pages disagree with *record*."""
        if record.type in _CAPTURES:
            key = hash(bare_uuid(record.record_id or ""))
            place = self._places.pop(key, None)
            if place is not None:
                self._undeclared[hash(record.record_id)] = place
                yield from self._differences(place, record)
            return
        response = record.get("WARC-Refers-To")
        if record.type != "metadata" or response is None:
            return
        if reading.beginning.startswith(_MARK):
            if hash(response) in self._undeclared:
                expected = f"none, as {record.record_id} marks it"
                problem = Problem("page", "a page for this response", expected)
                yield problem.at(self._shown, None, response)
            return
        if self._undeclared.pop(hash(response), None) is None:
            expected = f"one, as {record.record_id} declares"
            problem = Problem("page", "no page for this response", expected)
            yield problem.at(self._shown, None, response)

    def faults_at_the_end(self) -> Iterator[Fault]:
        """Yield the pages that the WARC does not know."""
        for place in self._places.values():
            problem = Problem("page", f"id {self._page(place).get('id')!r}", "that of a response")
            yield problem.at(self._shown, place)
        for place in self._undeclared.values():
            expected = "a metadata record that declares it"
            problem = Problem("page", f"{self._page(place).get('url')!r} is no page", expected)
            yield problem.at(self._shown, place)

    def holds(self, record_id: str) -> bool:
        """Say whether the response last seen, *record_id*, has a page."""
        return hash(record_id) in self._undeclared

    def _differences(self, place: int, record: StoredRecord) -> Iterator[Fault]:
        page = self._page(place)
        for name, value in (("url", record.target), ("ts", record.get("WARC-Date"))):
            if page.get(name) != value:
                problem = Problem("page", f"{name} {page.get(name)!r}", f"{value!r} as its record")
                yield problem.at(self._shown, place, record.record_id)

    def _page(self, place: int) -> dict[str, object]:
        self._file.seek(place)
        return _object(self._file.readline(_LONGEST_LINE))


def _object(line: bytes) -> dict[str, object]:
    """Return the JSON object in *line*; an empty one if there is none."""
    try:
        value = json.loads(line)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
