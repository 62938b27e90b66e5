"""A local site of many pages for benchmarks: every response is ready bytes, kept in memory.

    python benchmarks/site.py PAGES [--gzip]

prints its address, serves until its standard input is closed. Pages come from the development
set beside the checkout where that is there, else they are made up, from a fixed seed.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import contextlib
import gzip
import itertools
import json
import random
import sys
from collections.abc import Iterator
from pathlib import Path

DEV = Path(__file__).resolve().parents[2] / "shared/extraction/dev"
_SETS = ("aeb", "atf", "fundus")


def pages(count: int) -> list[bytes]:
    """Return *count* HTML pages, real ones first and round again when they run out."""
    real = list(_real()) if DEV.is_dir() else [_made_up(random.Random(n)) for n in range(200)]
    return list(itertools.islice(itertools.cycle(real), count))


def _real() -> Iterator[bytes]:
    for name in _SETS:
        with gzip.open(DEV / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
            for line in lines:
                row = json.loads(line)
                html = row["html"]
                yield html.encode() if row["html_encoding"] == "text" else base64.b64decode(html)


def _made_up(rng: random.Random) -> bytes:
    words = [f"word{rng.randrange(5000)}" for _ in range(9000)]
    paragraphs = (" ".join(words[at : at + 60]) for at in range(0, len(words), 60))
    body = "".join(f"<p>{paragraph}.</p>\n" for paragraph in paragraphs)
    title = f"Story {rng.random()}"
    return f"<html><head><title>{title}</title></head><body>{body}</body></html>".encode()


def _response(page: bytes, *, is_gzipped: bool) -> bytes:
    coding = b""
    if is_gzipped:
        page, coding = gzip.compress(page, 6, mtime=0), b"Content-Encoding: gzip\r\n"
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n%sContent-Length: %d\r\n"
    return head % (coding, len(page)) + b"\r\n" + page


class _Site(asyncio.Protocol):
    def __init__(self, responses: list[bytes]) -> None:
        self._responses = responses
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        assert self._transport is not None
        path = data.split(b" ", 2)[1].partition(b"?")[0]
        self._transport.write(self._responses[int(path.rsplit(b"/", 1)[1])])


async def _serve(count: int, *, is_gzipped: bool) -> None:
    responses = [_response(page, is_gzipped=is_gzipped) for page in pages(count)]
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Site(responses), "127.0.0.1", 0)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    async with server:
        await loop.run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int)
    parser.add_argument("--gzip", action="store_true")
    arguments = parser.parse_args()
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(arguments.count, is_gzipped=arguments.gzip))
