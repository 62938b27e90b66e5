"""Revisits of ours against the responses that they refer to, in whatever WARC these lie.

A revisit stands for a response without its payload, so what it refers to must be there: in a
WARC that is sealed, or before it in its own, so that what cuts that off takes both. Memory
holds a few numbers for each response and for each revisit of another WARC's.

Section numbers are those of the WARC format 1.1 (ISO 28500:2017).
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from archiver.check.digests import Reading
from archiver.check.fault import Fault, Problem
from archiver.pages import bare_uuid
from archiver.reader import StoredRecord
from archiver.records import IDENTICAL, NOT_MODIFIED

_REQUIRED = (
    "WARC-Refers-To", "WARC-Refers-To-Target-URI", "WARC-Refers-To-Date", "WARC-Payload-Digest",
)  # fmt: skip
_CONDITIONAL = re.compile(rb"^if-(?:none-match|modified-since)[ \t]*:", re.I | re.M)


class Response(NamedTuple):
    """A response in numbers: hashes of its target and date, and of its payload digest."""

    event: int
    payload: int


@dataclass(frozen=True, slots=True)
class _Warc:
    shown: str
    is_growing: bool


class Originals:
    """The responses of the WARCs of a collection, and the revisits that refer to them."""

    def __init__(self) -> None:
        self._warcs: list[_Warc] = []
        # Of each response: the hash of its id, its two numbers, the number of its WARC.
        self._responses = tuple(array("q") for _ in range(4))
        # Of each revisit: the number of its WARC, its offset, its two numbers; and two ids.
        self._revisits = tuple(array("q") for _ in range(4))
        self._ids = bytearray()

    def begin(self, shown: str, *, is_growing: bool) -> None:
        """Take note that the WARC reported under the name *shown* comes next."""
        self._warcs.append(_Warc(shown, is_growing))

    def note(self, record_id: str, response: Response) -> None:
        """Take note of a response of the WARC that has begun."""
        numbers = (hash(record_id), *response, len(self._warcs) - 1)
        for column, number in zip(self._responses, numbers, strict=True):
            column.append(number)

    def refer(self, record: StoredRecord, expected: Response) -> bool:
        """Take note that *record* refers to a response that its WARC does not hold before it.

        False where nothing of ours can be meant, since an id in it is no UUID.
        """
        try:
            ids = _octets(record.record_id), _octets(record.get("WARC-Refers-To"))
        except ValueError:
            return False
        self._ids += b"".join(ids)
        numbers = (len(self._warcs) - 1, record.offset, *expected)
        for column, number in zip(self._revisits, numbers, strict=True):
            column.append(number)
        return True

    def faults(self) -> Iterator[Fault]:
        """Yield what is wrong with the revisits that refer to another WARC. To be asked last."""
        found = self._wanted()
        for number, (warc, offset, event, payload) in enumerate(zip(*self._revisits, strict=True)):
            record_id, refers_to = self._ids_of(number)
            shown, is_growing = self._warcs[warc].shown, self._warcs[warc].is_growing
            original = found.get(hash(refers_to))
            problems = list(_problems_of_place(refers_to, original, warc, self._warcs))
            if original is not None:
                problems += problems_of_match(refers_to, Response(event, payload), original[0])
            for problem in problems:
                if is_growing and original is None:
                    # It may have been sealed, and have moved, since the check began.
                    problem = problem._replace(severity="note")
                yield problem.at(shown, offset, record_id)

    def _wanted(self) -> dict[int, tuple[Response, int]]:
        """Return the responses that revisits refer to, each with the number of its WARC."""
        wanted = {hash(self._ids_of(number)[1]) for number in range(len(self._ids) // 32)}
        return {
            key: (Response(event, payload), warc)
            for key, event, payload, warc in zip(*self._responses, strict=True)
            if key in wanted
        }

    def _ids_of(self, number: int) -> tuple[str, str]:
        octets = self._ids[32 * number : 32 * number + 32]
        return f"<{UUID(bytes=bytes(octets[:16])).urn}>", f"<{UUID(bytes=bytes(octets[16:])).urn}>"


def problems_of_revisit(record: StoredRecord, reading: Reading) -> Iterator[Problem]:
    """Yield what is wrong with the revisit *record* in itself."""
    profile = record.get("WARC-Profile")
    for name in _REQUIRED:
        if not record.get(name):
            yield Problem("missing-field", f"no {name}", "one in a revisit record")
    if profile == IDENTICAL:
        if reading.head is None or reading.head.length != record.content_length:
            found = f"a block of {record.content_length} octets"
            yield Problem("revisit", found, "the head of a response and no more (6.7.2)")
        if record.get("WARC-Truncated") != "length":
            found = f"WARC-Truncated is {record.get('WARC-Truncated')!r}"
            yield Problem("revisit", found, "length, as the payload is left out (6.7.2)")
    elif profile == NOT_MODIFIED:
        if reading.head is None or reading.head.status != 304:
            found = f"status {reading.head.status}" if reading.head else "no HTTP"
            yield Problem("revisit", found, "304 (6.7.3)")
    elif profile:
        found = f"WARC-Profile is {profile!r}"
        yield Problem("revisit", found, f"{IDENTICAL} or {NOT_MODIFIED}")


def problems_of_condition(request: bytes) -> Iterator[Problem]:
    """Yield what is wrong with *request*, the beginning of one that was answered with 304."""
    if not _CONDITIONAL.search(request):
        found = "not modified, said of a request that did not ask"
        yield Problem("revisit", found, "If-None-Match or If-Modified-Since")


def problems_of_match(refers_to: str, expected: Response, original: Response) -> Iterator[Problem]:
    """Yield where what a revisit says of its *original*, whose id it gives, is not so."""
    if expected.event != original.event:
        found = "WARC-Refers-To-Target-URI and WARC-Refers-To-Date"
        yield Problem("revisit", found, f"target and date of {refers_to}")
    if expected.payload != original.payload:
        yield Problem("revisit", "WARC-Payload-Digest", f"that of {refers_to}")


def _problems_of_place(
    refers_to: str, original: tuple[Response, int] | None, warc: int, warcs: list[_Warc]
) -> Iterator[Problem]:
    found = f"WARC-Refers-To is {refers_to!r}"
    if original is None:
        yield Problem("revisit", found, "a response in this collection")
    elif original[1] == warc:
        yield Problem("revisit", found, "in its own WARC, a response before it")
    elif warcs[original[1]].is_growing:
        yield Problem("revisit", found, "in another WARC, a response that is sealed")


def _octets(record_id: str | None) -> bytes:
    return UUID(bare_uuid(record_id or "")).bytes
