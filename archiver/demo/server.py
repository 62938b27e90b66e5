"""Serves the demonstration site on a free port of this machine, until told to stop.

It speaks HTTP/1.1 and keeps connections open. It sends neither `Date` nor `Server`, so that
the same request to the same port always gets the same octets.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from archiver.demo.site import Resource, build_site, missing_page

_IDLE_SECONDS = 30.0
_CHUNK = 1000


class DemoServer(ThreadingHTTPServer):
    """The site, bound to a free port of 127.0.0.1; a thread for each connection."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.base = f"http://127.0.0.1:{self.server_address[1]}"
        self.resources = build_site(self.base)
        self.missing = missing_page(self.base)


@contextmanager
def demo_server() -> Iterator[DemoServer]:
    """Serve the site from a thread while the block runs; `base` is its address."""
    with DemoServer() as server:
        thread = Thread(target=server.serve_forever, args=(0.05,), name="demo-site", daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


class _Handler(BaseHTTPRequestHandler):
    server: DemoServer
    protocol_version = "HTTP/1.1"
    timeout = _IDLE_SECONDS  # a connection on which nobody speaks is closed

    def do_GET(self) -> None:
        self._answer(has_body=True)

    def do_HEAD(self) -> None:
        self._answer(has_body=False)

    def log_message(self, format: str, *args: object) -> None:
        """Stay quiet: the crawler has a log of its own."""

    def _answer(self, *, has_body: bool) -> None:
        path = self.path.partition("?")[0]
        resource = self.server.resources.get(path, self.server.missing)
        is_gzipped = resource.is_gzipped and "gzip" in self.headers.get("Accept-Encoding", "")
        is_chunked = resource.is_chunked and self.request_version == "HTTP/1.1"
        body = gzip.compress(resource.body, mtime=0) if is_gzipped else resource.body
        self.send_response_only(resource.status)
        self._send_head(resource, None if is_chunked else len(body), is_gzipped=is_gzipped)
        if has_body:
            self.wfile.write(b"".join(_chunked(body)) if is_chunked else body)

    def _send_head(self, resource: Resource, length: int | None, *, is_gzipped: bool) -> None:
        self.send_header("Content-Type", resource.media_type)
        if resource.location is not None:
            self.send_header("Location", resource.location)
        if is_gzipped:
            self.send_header("Content-Encoding", "gzip")
        if resource.is_gzipped:
            self.send_header("Vary", "Accept-Encoding")
        if length is None:
            self.send_header("Transfer-Encoding", "chunked")
        else:
            self.send_header("Content-Length", str(length))
        self.end_headers()


def _chunked(body: bytes) -> Iterator[bytes]:
    for start in range(0, len(body), _CHUNK):
        piece = body[start : start + _CHUNK]
        yield b"%x\r\n%b\r\n" % (len(piece), piece)
    yield b"0\r\n\r\n"
