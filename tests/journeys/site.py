"""A small web server on loopback: it answers with the octets that a test gives it."""

from __future__ import annotations

import gzip
import traceback
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread
from types import TracebackType
from typing import Any, Self

# No socket waits longer for its client, so that a server always comes to its end.
PATIENCE = 60.0
_CHUNK = 8000


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request that has arrived; *fields* has the last value of each, by lower-case name."""

    path: str
    fields: dict[str, str]


Respond = Callable[[Asked], Iterable[bytes]]


class Site(ThreadingTCPServer):
    """Answers at *base* until the block ends; *asked* holds what it was asked, in order.

    *address* is one of this machine's own: each of 127.0.0.0/8 is another host to a crawl.

    *respond* gives the pieces of a whole answer, head and all, and may take its time: every
    connection has a thread. A connection is closed after an answer that says so.
    """

    allow_reuse_address = True
    request_queue_size = 64

    def __init__(self, respond: Respond, address: str = "127.0.0.1") -> None:
        super().__init__((address, 0), _Handler)
        self.base = f"http://{address}:{self.server_address[1]}"
        self.asked: list[Asked] = []
        self.respond = respond
        self._problems: list[str] = []
        self._thread = Thread(target=self.serve_forever, args=(0.02,), name="site")

    @property
    def paths(self) -> list[str]:
        """The paths that were asked for."""
        return [asked.path for asked in self.asked]

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None = None, error: BaseException | None = None,
        trace: TracebackType | None = None,
    ) -> None:  # fmt: skip
        self.shutdown()
        self._thread.join()
        self.server_close()
        assert self._problems == []

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Remember what went wrong in the test's own `respond`."""
        self._problems.append(traceback.format_exc())


class _Handler(StreamRequestHandler):
    server: Site
    timeout = PATIENCE

    def handle(self) -> None:
        """Answer request after request until one side closes."""
        try:
            while (asked := self._next_request()) is not None:
                self.server.asked.append(asked)
                if self._answer(asked):
                    return
        except (ConnectionError, TimeoutError):
            return  # a client may leave when it likes

    def finish(self) -> None:
        """Close the connection, whether or not the client has done so."""
        try:
            super().finish()
        except ConnectionError:
            self.rfile.close()

    def _next_request(self) -> Asked | None:
        request_line = self.rfile.readline().decode("ascii")
        if not request_line:
            return None
        fields = {}
        while line := self.rfile.readline().decode("latin-1").strip():
            name, _, value = line.partition(":")
            fields[name.lower()] = value.strip()
        return Asked(path=request_line.split(" ")[1], fields=fields)

    def _answer(self, asked: Asked) -> bool:
        """Send the answer; say whether the connection ends with it."""
        closes = False
        for piece in self.server.respond(asked):
            closes = closes or b"\r\nConnection: close\r\n" in piece[:1000]
            self.wfile.write(piece)
        return closes


def answer(
    body: bytes, *fields: str, status: str = "200 OK", media_type: str = "text/html; charset=utf-8"
) -> list[bytes]:
    """Return a response with *body*, its length, its type and further *fields*."""
    lines = (f"Content-Type: {media_type}", *fields, f"Content-Length: {len(body)}")
    return [head(*lines, status=status) + body]


def gzipped(body: bytes, *, media_type: str = "text/html; charset=utf-8") -> list[bytes]:
    """Return a response with *body* in gzip."""
    octets = gzip.compress(body, 1, mtime=0)
    return answer(octets, "Content-Encoding: gzip", media_type=media_type)


def head(*lines: str, status: str = "200 OK") -> bytes:
    """Return the head of a response."""
    return "\r\n".join((f"HTTP/1.1 {status}", *lines, "", "")).encode("latin-1")


def chunks_of(body: bytes) -> bytes:
    """Return *body* in chunks (RFC 9112, 7.1)."""
    pieces = (body[start : start + _CHUNK] for start in range(0, len(body), _CHUNK))
    return b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"
