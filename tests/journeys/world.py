"""A server that answers as the servers of the world do, each path in its own way."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from tests.journeys.site import answer, chunks_of, gzipped, head
from tests.journeys.stories import story

LINKS = (
    "/plain", "/packed", "/chunked", "/latin", "/meta-latin", "/moved", "/gone", "/closed",
    "/short", "/picture", "/refused",
)  # fmt: skip
FRONT = "<html><title>Front</title>" + "".join(f'<a href="{path}">On</a>' for path in LINKS)
# What a spider that follows every link, and asks /search as it likes, makes texts of.
STORIES = {
    "/plain": 1, "/packed": 2, "/chunked": 3, "/latin": 4, "/meta-latin": 5, "/arrived": 6,
    "/gone": 7, "/closed": 8, "/short": 9, "/again": 10, "/search": 20, "q=ferry": 21,
    "q=weir": 22,
}  # fmt: skip


class World(ThreadingHTTPServer):
    """Answers at *base*; *asked* holds the paths it was asked for, with bodies, in order."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.base = f"http://127.0.0.1:{self.server_address[1]}"
        self.asked: list[tuple[str, str]] = []
        self.edition = 0


@contextmanager
def world() -> Iterator[World]:
    """Let the world answer until the block ends."""
    with World() as server:
        thread = Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def answer_of(path: str, body: str, edition: int) -> list[bytes]:
    """Return the answer from *path* to a request with *body*; one page has editions."""
    article = story(STORIES.get(body or path, 1))
    match path:
        case "/":
            return answer(FRONT.encode())
        case "/plain":
            return answer(story(1 + 100 * edition))
        case "/packed":
            return gzipped(article)
        case "/chunked":
            fields = ["Content-Type: text/html; charset=utf-8", "Transfer-Encoding: chunked"]
            return [head(*fields, "X-Note: caf\xe9", "x-oDD:  spaced ") + chunks_of(article)]
        case "/latin":
            octets = article.decode().encode("cp1252")
            return answer(octets, media_type="text/html; charset=windows-1252")
        case "/meta-latin":
            octets = article.replace(b'"utf-8"', b'"windows-1252"').decode().encode("cp1252")
            return answer(octets, media_type="text/html")
        case "/moved":
            return answer(b"", "Location: /arrived", status="302 Found")
        case "/gone":
            return answer(article, status="404 Not Found")
        case "/closed":
            return [head("Content-Type: text/html", "Connection: close") + article]
        case "/short":
            fields = ["Content-Type: text/html", "Content-Length: 90000", "Connection: close"]
            return [head(*fields) + article]
        case "/picture":
            return answer(bytes(range(256)) * 9, media_type="image/png")
        case "/refused":
            return answer(b"No.", status="403 Forbidden")
        case "/again":
            return answer(article, "Set-Cookie: a=1", "Set-Cookie: b=2")
        case _:
            return answer(article)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 60
    server: World

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        self.server.asked.append((self.path, body))
        octets = b"".join(answer_of(self.path, body, self.server.edition))
        self.wfile.write(octets)
        self.close_connection = b"\r\nConnection: close\r\n" in octets[:1000]

    do_POST = do_GET

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""
