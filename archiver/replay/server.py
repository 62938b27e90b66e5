"""The server of an archive: it listens on this machine's own address and writes nothing.

A request that names another host comes from another site's page, whose name was made to lead
here (DNS rebinding): it is refused.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import BoundedSemaphore
from typing import Any
from urllib.parse import urlsplit

from archiver.errors import ArchiveError
from archiver.replay.routes import Answer, Routes, plain
from archiver.sources.part import Complain

_IDLE_SECONDS = 30.0
# So many answers read from the archive at a time, and so many of its files are open.
_MOST_READERS = 16
_HOSTS = ("localhost", "127.0.0.1")
_HOST = re.compile(r"(?:localhost|127\.0\.0\.1)(?::[0-9]{1,5})?", re.IGNORECASE)
_FIELDS = {
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-DNS-Prefetch-Control": "off",
}


class ReplayServer(ThreadingHTTPServer):
    """The server of *routes* on *port* of 127.0.0.1; a thread for each connection.

    OSError where the port is taken.
    """

    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(self, routes: Routes, port: int, complain: Complain) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.routes = routes
        self.complain = complain
        self.readers = BoundedSemaphore(_MOST_READERS)
        # Chromium connects to nobody else then, by WebRTC neither, of which no policy speaks.
        ours = " ".join(f'"http://{host}:{self.server_address[1]}/*"' for host in _HOSTS)
        self.allowed = f"({ours} response-origin);redirects=allow"

    @property
    def base(self) -> str:
        """The address that people are told."""
        return f"http://localhost:{self.server_address[1]}"

    # Any: a socket, and the address that it is connected to.
    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say what went wrong; that a browser hung up is nothing wrong."""
        error = sys.exc_info()[1]
        if not isinstance(error, ConnectionError | TimeoutError):
            self.complain(f"a request could not be answered: {error!r}")


class _Handler(BaseHTTPRequestHandler):
    server: ReplayServer
    protocol_version = "HTTP/1.1"
    timeout = _IDLE_SECONDS  # a connection on which nobody speaks is closed

    def do_GET(self) -> None:
        self._send(self._answer(), has_body=True)

    def do_HEAD(self) -> None:
        self._send(self._answer(), has_body=False)

    def send_error(
        self, code: int, message: str | None = None, explain: str | None = None
    ) -> None:
        """Answer what cannot be understood, or asks for something else than to be shown."""
        self.close_connection = True  # whatever else was sent is not read
        if code == HTTPStatus.NOT_IMPLEMENTED:
            answer = plain(
                HTTPStatus.METHOD_NOT_ALLOWED, "archives are only shown", Allow="GET, HEAD"
            )
        else:
            answer = plain(HTTPStatus(code), message or HTTPStatus(code).phrase)
        self._send(answer, has_body=self.command != "HEAD")

    def log_message(self, format: str, *args: object) -> None:
        """Stay quiet: there is a line that says where the archive is, and that is all."""

    def _answer(self) -> Answer:
        if not _HOST.fullmatch(self.headers.get("Host", "")):
            return plain(HTTPStatus.FORBIDDEN, "this server answers to localhost alone")
        try:
            if "Content-Length" in self.headers or "Transfer-Encoding" in self.headers:
                self.close_connection = True  # what follows is no request
            return self.server.routes.answer(urlsplit(self.path), self.headers)
        except ValueError:
            return plain(HTTPStatus.BAD_REQUEST, "this is no address")
        except (ArchiveError, OSError) as error:
            self.server.complain(str(error))
            return plain(HTTPStatus.INTERNAL_SERVER_ERROR, str(error))

    def _send(self, answer: Answer, *, has_body: bool) -> None:
        self.send_response_only(answer.status)
        fields = {
            "Content-Type": answer.media_type,
            "Content-Length": str(answer.size),
            "Content-Security-Policy": answer.policy,
            "Connection-Allowlist": self.server.allowed,
            **_FIELDS,
            **answer.fields,
        }
        if self.close_connection:
            fields["Connection"] = "close"
        for name, value in fields.items():
            self.send_header(name, value)
        self.end_headers()
        if has_body:
            self._send_body(answer.body)

    def _send_body(self, body: Iterable[bytes]) -> None:
        with self.server.readers:
            try:
                for piece in body:
                    self.wfile.write(piece)
            except (ConnectionError, TimeoutError):
                raise  # it is the browser that is away
            except (ArchiveError, OSError) as error:
                # Less was sent than was said: the browser must not take more for the rest.
                self.close_connection = True
                self.server.complain(str(error))
