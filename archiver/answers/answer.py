"""One archived answer to a request, read once and in order: its head, then its payload.

Whatever record it lies in, it comes out as HTTP: a `resource` has no head, and answers as a
server would have that gave it away with status 200.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace

from archiver.capture import Page
from archiver.head import Head, charset_of, parse_head
from archiver.reader import StoredRecord
from archiver.warcpages import page_of
from archiver.wire import ResponseReader

# Of a block that may be a page this much is kept for its extraction: what is longer is none.
_MOST_HELD = 32 << 20
_HTML = ("", "text/html", "application/xhtml+xml")


class Answer:
    """The payload of *record*, under the head of *revisit* where that is what answered.

    *method* is that of the request. *collection* is what the records' WARC is said to be part
    of, and *is_ours* says that we wrote it. *target* is the URI that was answered, and
    *ip_address* who did. *closing* is closed with it. *is_of_original* says that the page of a
    revisit is the one that it repeats.
    """

    def __init__(
        self, record: StoredRecord, *, method: str, collection: str | None, is_ours: bool,
        revisit: StoredRecord | None = None, is_of_original: bool = False,
    ) -> None:  # fmt: skip
        said = revisit or record
        self.is_ours = is_ours
        self.target = said.target or ""
        self.ip_address = said.get("WARC-IP-Address")
        self.truncated = record.get("WARC-Truncated")
        self.reader = ResponseReader(method.encode("ascii", "replace"))
        self.closing = ExitStack()
        self.is_over = False
        self.is_complete = False  # it has ended by its own framing
        self.is_unfinished = False  # that says that more should have come
        self._record = record
        self._paged = record if is_of_original else said
        self._collection = collection
        self._octets = _octets_of(record)
        self._held: list[bytes] = []
        self._held_size = 0
        self._has_payload = False
        self._first = self._read_head()
        self._head = self.reader.head
        self._holds = self._head is not None and _media_type(self._head) in _HTML
        if not self._holds:
            self._held.clear()
        if revisit is not None:
            own = parse_head(revisit.read(_MOST_HELD))
            # What a 304 answered was a condition, which nobody makes here.
            if own is not None and own.status != 304:
                self._head = own
        self._charset = charset_of(self._head)

    @property
    def head(self) -> Head | None:
        """The head of the answer, None where the record is no HTTP."""
        return self._head

    @property
    def block(self) -> bytes:
        """The block of the record with the payload, as far as extraction could use it.

        Empty where that is no HTML.
        """
        return b"".join(self._held)

    def read(self, size: int) -> list[bytes]:
        """Return the next pieces of the payload, about *size* octets; none after the last.

        DamagedRecord where the record is not whole.
        """
        pieces, taken = [], 0
        while taken < size and not self.is_over:
            piece = self._next()
            taken += len(piece)
            pieces += [piece] if piece else []
        return pieces

    def page(self) -> Page | None:
        """Return the page that this may be declared, None where its record says too little.

        DamagedRecord where what nobody has read of the record is not whole.
        """
        _ = self._record.location
        page = page_of(self._paged, self._collection)
        return page and replace(page, charset=self._charset)

    def close(self) -> None:
        """Let go of the record's file. Closing twice is harmless."""
        self.closing.close()

    def _read_head(self) -> bytes:
        """Read until the head is there; return what of the payload came along."""
        for octets in self._octets:
            self._hold(octets)
            payload = self.reader.feed(octets)[1]
            if self.reader.head is not None:
                return payload
        return b""

    def _next(self) -> bytes:
        payload, self._first = self._first, b""
        if not payload:
            octets = next(self._octets, None)
            if octets is None:
                self._end()
                return b""
            if self._holds:
                self._hold(octets)
            payload = self.reader.feed(octets)[1]
        self._has_payload = self._has_payload or bool(payload)
        return payload

    def _hold(self, octets: bytes) -> None:
        kept = octets[: _MOST_HELD - self._held_size]
        self._held_size += len(kept)
        self._held += [kept] if kept else []

    def _end(self) -> None:
        self.is_over, self.is_complete = True, self.reader.is_complete
        _, is_unfinished = self.reader.close()
        # Nothing at all after a head that announces something is how HEAD is answered.
        self.is_unfinished = is_unfinished and bool(self._has_payload or self.truncated)


def _octets_of(record: StoredRecord) -> Iterator[bytes]:
    """Yield the HTTP message that is the block of *record*, or is made of it."""
    if record.type == "resource":
        media_type = record.get("Content-Type")
        yield (
            b"HTTP/1.1 200 OK\r\n"
            + (f"Content-Type: {media_type}\r\n".encode("utf-8", "replace") if media_type else b"")
            + b"Content-Length: %d\r\n\r\n" % record.content_length
        )
    yield from record.chunks()


def _media_type(head: Head) -> str:
    value = (head.get(b"content-type") or b"").decode("latin-1")
    return value.partition(";")[0].strip().lower()
