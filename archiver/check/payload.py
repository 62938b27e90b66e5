"""The payload in a block, in the standard's reading and as it stands.

What a payload is, WARC 1.1 says for each record type (6.2 to 6.9): the body of an HTTP
message with its transfer encoding removed, the whole block otherwise.
"""

from __future__ import annotations

import re
from typing import Protocol

from archiver.chunked import ChunkedReader
from archiver.head import MAX_HEAD, Head
from archiver.reader import StoredRecord
from archiver.wire import ResponseReader

_HEAD_END = re.compile(rb"\n\r?\n")
_CHUNKED = re.compile(rb"^transfer-encoding[ \t]*:[^\n]*chunked", re.I | re.M)


class Message(Protocol):
    """A block that is fed in, piece by piece."""

    @property
    def head(self) -> Head | None:
        """The head of the response in it, if there is one."""

    def feed(self, octets: bytes, /) -> tuple[bytes, bytes]:
        """Take *octets*; return those of the payload, and those of the body as it stands."""


def message_of(record: StoredRecord) -> Message:
    """Return what takes the block of *record* apart."""
    media_type = (record.get("Content-Type") or "").partition(";")[0].strip().lower()
    target = (record.target or "").lower()
    is_http = media_type in ("application/http", "message/http") or (
        not media_type and target.startswith(("http:", "https:"))
    )
    if is_http and record.type in ("response", "revisit"):
        return _Response()
    if is_http and record.type == "request":
        return _Request()
    return _Whole()


class _Whole:
    """A block that is its own payload."""

    head = None

    def feed(self, octets: bytes) -> tuple[bytes, bytes]:
        return octets, octets


class _Response:
    """An HTTP response, taken for the answer to a GET."""

    def __init__(self) -> None:
        self._reader = ResponseReader()
        self._fed = 0

    @property
    def head(self) -> Head | None:
        return self._reader.head

    def feed(self, octets: bytes) -> tuple[bytes, bytes]:
        before = self._reader.head
        payload = self._reader.feed(octets)[1]
        self._fed += len(octets)
        if before is not None or self._reader.head is None:
            return payload, octets if before else b""
        heads = sum(map(len, self._reader.interim)) + self._reader.head.length
        return payload, octets[len(octets) - (self._fed - heads) :]


class _Request:
    """An HTTP request."""

    head = None

    def __init__(self) -> None:
        self._pending: bytes | None = b""  # the head, until it is whole
        self._chunked: ChunkedReader | None = None

    def feed(self, octets: bytes) -> tuple[bytes, bytes]:
        if self._pending is not None:
            self._pending += octets
            end = _HEAD_END.search(self._pending)
            if end is None and len(self._pending) <= MAX_HEAD:
                return b"", b""
            length = end.end() if end else len(self._pending)
            head, octets = self._pending[:length], self._pending[length:]
            self._pending = None
            if _CHUNKED.search(head):
                self._chunked = ChunkedReader()
        payload = self._chunked.feed(octets)[0] if self._chunked else octets
        return payload, octets
