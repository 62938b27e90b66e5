"""An HTTP/1.1 response as bytes: where it ends, and what its payload is.

Rule 1: this file does no I/O and never changes a byte that it hands on.
Rule 2: whatever a server sends, reading goes on: what breaks the protocol is described in
`ResponseReader.problem`, and all that arrives is still the response.

Section numbers are those of RFC 9112 (HTTP/1.1) unless another RFC is named.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import Enum, auto

from archiver.chunked import ChunkedReader
from archiver.head import HEAD_END, MAX_HEAD, Head, parse_head

# RFC 9110, 15.2 lets a server send any number of interim answers; this is more than enough.
_MAX_INTERIM = 64 << 10

_NO_HTTP = "no HTTP status line where one must be"


class _State(Enum):
    HEAD = auto()
    LENGTH = auto()
    CHUNKED = auto()
    CLOSE = auto()  # the body ends where the connection does
    DONE = auto()


class ResponseReader:
    """Tell where the final response to one request ends, and what its payload is.

    Feed it what arrives. Interim answers (1xx, RFC 9110 15.2) are separate responses: they
    are collected in *interim* and are no part of the final response. After `is_complete`,
    further octets are not this message's: an unasked second response is put in *leftover*
    and dropped, anything else is kept as part of what arrived and called a problem.
    """

    def __init__(self, method: bytes = b"GET") -> None:
        self.head: Head | None = None
        self.interim: list[bytes] = []
        self.leftover = b""
        self.problem: str | None = None
        self.is_broken = False  # nobody can tell where the body ends
        self._method = method
        self._state = _State.HEAD
        self._pending = bytearray()  # the part of a head that has arrived
        self._interim_size = 0
        self._remaining = 0
        self._chunked = ChunkedReader()
        self._is_chunked = False
        self._has_excess = False
        self.has_foreign_coding = False  # one that nobody asked for and nobody here undoes

    @property
    def is_complete(self) -> bool:
        """Say whether the response has ended by its own framing."""
        return self._state is _State.DONE

    @property
    def is_http(self) -> bool:
        """Say whether what has arrived so far can still be an HTTP response."""
        return self.head is not None or self._state is _State.HEAD

    @property
    def has_pending(self) -> bool:
        """Say whether the part of a head is waiting for the rest."""
        return bool(self._pending)

    @property
    def is_chunked(self) -> bool:
        """Say whether the body came in chunks."""
        return self._is_chunked

    @property
    def has_trailers(self) -> bool:
        """Say whether fields came after the body (7.1.2)."""
        return self._chunked.has_trailers

    @property
    def may_be_reused(self) -> bool:
        """Say whether the connection can carry another request (9.3)."""
        if self.head is None or not self.is_complete or self.problem or self.leftover:
            return False
        tokens = b",".join(self.head.get_all(b"connection")).lower()
        if self.head.version == "1.0":
            # 6.1: a 1.0 server that sends chunks may have a proxy behind it that knows no such.
            return b"keep-alive" in tokens and not self._is_chunked
        return self.head.status != 101 and b"close" not in tokens

    def feed(self, octets: bytes) -> tuple[bytes, bytes]:
        """Take *octets*; return those of the final response, and those of its payload.

        While a head is incomplete both are empty; the head is returned once it is whole.
        """
        if self._state is not _State.HEAD:
            return self._feed_body(octets)
        arrived: bytes | bytearray = octets
        searched = 0
        if self._pending:
            searched = max(0, len(self._pending) - 3)  # where a blank line may have begun
            self._pending += octets
            arrived = self._pending
        at = 0  # where the head begins that is being read
        while self._state is _State.HEAD:
            start = arrived[at : at + 5]
            end = HEAD_END.search(arrived, max(at, searched))
            length = (end.end() if end else len(arrived)) - at
            if start != b"HTTP/"[: len(start)]:
                return self._take_as_it_is(arrived[at:], _NO_HTTP)
            if length > MAX_HEAD:
                return self._take_as_it_is(
                    arrived[at:], f"the head is longer than {MAX_HEAD} octets"
                )
            if end is None:
                self._pending = (
                    bytearray(arrived[at:]) if at or not self._pending else self._pending
                )
                return b"", b""
            head = parse_head(bytes(arrived[at : end.end()]))
            if head is None:
                return self._take_as_it_is(arrived[at:], _NO_HTTP)
            if self._interim_size > _MAX_INTERIM:
                return self._take_as_it_is(
                    arrived[at:], f"over {_MAX_INTERIM} octets of interim answers"
                )
            at = self._accept(head, arrived, at)
        return self._begin_body(bytes(arrived[at:]) if at or self._pending else octets)

    def _begin_body(self, octets: bytes) -> tuple[bytes, bytes]:
        """Take *octets*, which begin with the final head."""
        assert self.head is not None
        self._pending = bytearray()
        body = octets[self.head.length :]
        raw, payload = self._feed_body(body)
        # What came is often long and all of it the message's: then it is handed on uncopied.
        return octets if len(raw) == len(body) else octets[: self.head.length] + raw, payload

    def close(self) -> tuple[bytes, bool]:
        """Take note that nothing more will come.

        Return the octets of an unfinished head, and whether the response was cut short.
        """
        pending, self._pending = bytes(self._pending), bytearray()
        cut_short = self._state not in (_State.DONE, _State.CLOSE) and not self.is_broken
        if self._state is _State.CLOSE:
            self._state = _State.DONE
        return pending, cut_short

    def _accept(self, head: Head, arrived: bytes | bytearray, at: int) -> int:
        """Take note of *head*, which begins *at*; return where the next one would begin."""
        if 100 <= head.status < 200 and head.status != 101:
            self.interim.append(bytes(arrived[at : at + head.length]))
            self._interim_size += head.length
            return at + head.length
        self.head = head
        self._state = self._framing(head)
        return at

    def _framing(self, head: Head) -> _State:
        """Decide how the body is delimited (6.3); the numbers are those of the list there."""
        if self._method == b"HEAD" or head.status in (101, 204, 304):  # 1
            return _State.DONE
        if self._method == b"CONNECT" and 200 <= head.status < 300:  # 2
            return _State.DONE
        codings = b",".join(head.get_all(b"transfer-encoding")).lower().split(b",")
        codings = [coding.strip() for coding in codings if coding.strip()]
        if codings not in ([], [b"chunked"], [b"identity"]):
            self.has_foreign_coding = True
            self.problem = f"Transfer-Encoding {b', '.join(codings)[:80]!r} was not asked for"
        if codings:  # 3 and 4: Transfer-Encoding overrides Content-Length
            if codings[-1] == b"chunked":
                self._is_chunked = True
                return _State.CHUNKED
            if codings != [b"identity"]:  # RFC 2616 3.6 had it; some servers still say it
                return _State.CLOSE
        if head.get(b"content-length") is None:  # 8
            return _State.CLOSE
        announced = b",".join(head.get_all(b"content-length"))
        lengths = [part.strip() for part in announced.split(b",") if part.strip()]
        numbers = {int(part) if part.isdigit() and len(part) < 19 else -1 for part in lengths}
        if len(numbers) != 1 or -1 in numbers:  # 5
            self.problem = f"Content-Length {announced[:80]!r} is no single number"
            self.is_broken = True
            return _State.CLOSE
        self._remaining = numbers.pop()  # 6
        return _State.LENGTH if self._remaining else _State.DONE

    def _feed_body(self, octets: bytes) -> tuple[bytes, bytes]:
        if not octets:
            return b"", b""
        if self._state is _State.CLOSE:
            # Where we do not know what is body, as in no HTTP at all, there is no payload.
            return octets, octets if self.head else b""
        if self._state is _State.CHUNKED:
            payload, taken = self._chunked.feed(octets)
            if self._chunked.problem:
                self.problem = self._chunked.problem
                self.is_broken = True
            elif self._chunked.is_complete:
                self._state = _State.DONE
        elif self._state is _State.LENGTH:
            taken = min(len(octets), self._remaining)
            payload = octets[:taken]
            self._remaining -= taken
            if not self._remaining:
                self._state = _State.DONE
        else:
            payload, taken = b"", 0
        if taken == len(octets):
            return octets, payload
        return octets[:taken] + self._excess(octets[taken:]), payload

    def _excess(self, octets: bytes) -> bytes:
        """Return those of the *octets* after the message that are kept as what arrived."""
        if self._has_excess:
            return octets
        self.leftover += octets
        if self.leftover[:5] == b"HTTP/"[: len(self.leftover)]:
            return b""
        octets, self.leftover = self.leftover, b""
        self._has_excess = True
        self.problem = self.problem or "octets after the end of the message"
        return octets

    def _take_as_it_is(self, octets: bytes | bytearray, problem: str) -> tuple[bytes, bytes]:
        self.problem = problem
        self.is_broken = True
        self._state = _State.CLOSE
        self._pending = bytearray()
        return bytes(octets), b""


def payload_of(chunks: Iterable[bytes], method: bytes = b"GET") -> Iterator[bytes]:
    """Yield the payload of the response in *chunks*: its body without transfer-encoding.

    Content-encoding stays. What is no HTTP response has no payload. A body that claims to be
    chunked and is not (common in archives, whose writers remove the framing and keep the
    header) is its own payload.
    """
    reader = ResponseReader(method)
    for octets in chunks:
        _, payload = reader.feed(octets)
        if payload:
            yield payload
