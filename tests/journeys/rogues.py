"""A host that answers as nobody should: without end, without sense, or with far too much of it.

Each way is a path. What has no end is bounded here, in octets and in seconds, so that a server
stops by itself whatever its client does.
"""

from __future__ import annotations

import gzip
import time
import zlib
from collections.abc import Callable, Iterable, Iterator
from functools import cache

import brotli

from tests.journeys.site import Asked, answer, head

# What has no end ends all the same after so many octets, or seconds.
MOST_OCTETS = 64 << 20
MOST_SECONDS = 20.0
LINKS = 50_000
COOKIES = 9000
FIELDS = 80_000
BOMB_OCTETS = 64 << 20
# What cannot be the name of a host.
NOWHERE = (
    "http://[::1/", "http://nul\0host.example.org/", "http://nul%00host.example.org/",
    f"http://{'a' * 64}.example.org/", f"http://{'a.' * 200}example.org/",
    "http://two..dots.example.org/", "http://blank host.example.org/", "http://./",
    "http://xn--a.example.org/", "http://a.example.org:99999/", "http:///",
)  # fmt: skip
_PIECE = b"All work and no play. " * 3000
_STORY = b"<title>A story</title><p>" + b"The lamp at the lock is lit again. " * 20

Respond = Callable[[Asked], Iterable[bytes]]


def rogue(asked: Asked) -> Iterable[bytes]:
    """Answer at `/`, at the path of one of *WAYS* and below it; `/links` is for itself."""
    way = asked.path[1:].partition("/")[0]
    if way == "links":
        return _page(f"/story/{number}" for number in range(LINKS))
    if not way:
        nowhere = (f"/nowhere/{number}" for number in range(len(NOWHERE)))
        return _page([*(f"/{way}" for way in WAYS), *nowhere])
    return WAYS[way](asked) if way in WAYS else answer(_STORY)


def _page(links: Iterable[str]) -> list[bytes]:
    return answer("".join(f'<a href="{link}">On</a>' for link in links).encode())


def _endlessly(piece: bytes, before: bytes = b"", pause: float = 0.0) -> Iterator[bytes]:
    yield before
    until = time.monotonic() + MOST_SECONDS
    for _ in range(MOST_OCTETS // len(piece)):
        if time.monotonic() > until:
            return
        yield piece
        time.sleep(pause)


def _redirect(location: str) -> list[bytes]:
    return answer(b"", f"Location: {location}", status="302 Found")


def _chain(asked: Asked) -> Iterable[bytes]:
    number = asked.path.removeprefix("/chain").removeprefix("/")
    return _redirect(f"/chain/{int(number or 0) + 1}")


def _nowhere(asked: Asked) -> Iterable[bytes]:
    number = asked.path.removeprefix("/nowhere").removeprefix("/")
    return _redirect(NOWHERE[int(number or 0)])


def _refresh(url: str) -> list[bytes]:
    return answer(f'<meta http-equiv="refresh" content="0; url={url}">'.encode())


def _bomb(coding: str, octets: bytes) -> list[bytes]:
    return answer(octets, f"Content-Encoding: {coding}")


@cache
def _zeros_in_gzip() -> bytes:
    packer = zlib.compressobj(1, wbits=31)
    piece = bytes(1 << 20)
    return b"".join(packer.compress(piece) for _ in range(BOMB_OCTETS >> 20)) + packer.flush()


@cache
def _zeros_in_brotli() -> bytes:
    packer = brotli.Compressor(quality=1)
    piece = bytes(1 << 20)
    packed = b"".join(packer.process(piece) for _ in range(BOMB_OCTETS >> 20))
    return bytes(packed + packer.finish())


def _nul(asked: Asked) -> Iterable[bytes]:
    body = b"<title>A\0 title</title><p>No\0thing</p><a href='/nul\0/a'>On</a>" + bytes(2000)
    return [head("Content-Type: text/html", "X-Nul: a\0b", f"Content-Length: {len(body)}") + body]


_OK = b"HTTP/1.1 200 OK\r\n"
_HTML = "Content-Type: text/html"
_CHUNKED = head(_HTML, "Transfer-Encoding: chunked", "Connection: close")

WAYS: dict[str, Respond] = {
    "loop": lambda asked: _redirect("/loop"),
    "chain": _chain,
    "refreshing": lambda asked: _refresh("/refreshing"),
    "endless-body": lambda asked: _endlessly(_PIECE, head(_HTML, "Connection: close")),
    "endless-chunks": lambda asked: _endlessly(b"%x\r\n%b\r\n" % (len(_PIECE), _PIECE), _CHUNKED),
    "tiny-chunks": lambda asked: _endlessly(b"1\r\na\r\n" * 10_000, _CHUNKED),
    "endless-extension": lambda asked: _endlessly(b"a" * 60_000, _CHUNKED + b"5;"),
    "endless-trailers": lambda asked: _endlessly(b"A: b\r\n" * 10_000, _CHUNKED + b"0\r\n"),
    "endless-head": lambda asked: _endlessly(b"A: b\r\n" * 10_000, _OK),
    "endless-field": lambda asked: _endlessly(b"a" * 60_000, _OK + b"A: "),
    "endless-interim": lambda asked: _endlessly(b"HTTP/1.1 103 Early\r\nA: b\r\n\r\n" * 2000),
    "endless-nonsense": lambda asked: _endlessly(b"nonsense " * 7000),
    "announced": lambda asked: _endlessly(_PIECE, head(_HTML, "Content-Length: 99999999999")),
    "dripping-body": lambda asked: _endlessly(b"a", head(_HTML, "Connection: close"), 0.2),
    "dripping-head": lambda asked: _endlessly(b"a", _OK + b"A: ", 0.2),
    "dripping-interim": lambda asked: _endlessly(b"HTTP/1.1 102 Wait\r\n\r\n", b"", 0.2),
    "gzip-bomb": lambda asked: _bomb("gzip", _zeros_in_gzip()),
    "bomb-in-a-bomb": lambda asked: _bomb("gzip, gzip", gzip.compress(_zeros_in_gzip())),
    "brotli-bomb": lambda asked: _bomb("br", _zeros_in_brotli()),
    "long-links": lambda asked: _page(["/story/" + "a" * 2_000_000] * 2),
    "long-base": lambda asked: answer(
        b"<base href='/" + b"a" * 3000 + b"/'>" + b"<a href='b'>On</a>" * 5000
    ),
    "long-location": lambda asked: _redirect("/story/" + "a" * 200_000),
    "long-refresh": lambda asked: _refresh("/story/" + "a" * 3000),
    "nowhere": _nowhere,
    "nul-location": lambda asked: _redirect("/story/a\0b"),
    "control-location": lambda asked: _redirect("/story/\x01\x1b[31m\x7f"),
    "nul": _nul,
    "controls": lambda asked: answer(_STORY, "X-A: \x01\x02\x1b[31m\x7f\x85", "X\x01Y: b"),
    "cookies": lambda asked: answer(
        _STORY, *(f"Set-Cookie: {asked.path[1:]}{n}=b" for n in range(COOKIES))
    ),
    "fields": lambda asked: [
        _OK + b"A:\n" * FIELDS + b"Content-Type: text/html\r\nContent-Length: 0\r\n\r\n"
    ],
    "folds": lambda asked: [
        _OK + b"A: b\n" + b" a\n" * FIELDS + b"Content-Length: 0\r\n\r\n"
    ],
}  # fmt: skip
