"""Which responses are to be kept out of the archive."""

from __future__ import annotations

import gzip

import pytest

from archiver.chunked import ChunkedReader
from archiver.rights import Withheld, noarchive_in
from archiver.tape import Tape

META = b'<html><head><meta name="robots" content="noindex, noarchive"></head><body>x</body></html>'
BY_HEAD = Withheld(by="x-robots-tag", status=200)
BY_META = Withheld(by="meta robots", status=200)
HTML = b"Content-Type: text/html\r\n"
GZIP = b"Content-Encoding: gzip\r\n"


def response(fields: bytes, body: bytes = b"x", status: bytes = b"200 OK") -> bytes:
    return b"HTTP/1.1 %b\r\n%bContent-Length: %d\r\n\r\n%b" % (status, fields, len(body), body)


CASES = [
    (response(HTML), None),
    (response(b"X-Robots-Tag: noarchive\r\n"), BY_HEAD),
    (response(b"X-Robots-Tag: noindex\r\nx-robots-tag: archiver: NoArchive\r\n"), BY_HEAD),
    (response(b"X-Robots-Tag: googlebot: noarchive\r\n"), None),
    (response(b"X-Robots-Tag: none, noai, noindex\r\n"), None),
    (
        response(b"X-Robots-Tag: noarchive\r\n", status=b"404 Not Found"),
        Withheld(by="x-robots-tag", status=404),
    ),
    (
        b"HTTP/1.1 304 Not Modified\r\nX-Robots-Tag: noarchive\r\n\r\n",
        Withheld(by="x-robots-tag", status=304),
    ),
    (response(b"X-Robots-Tag: noarchive\r\nContent-Type: image/png\r\n"), BY_HEAD),
    (response(HTML, META), BY_META),
    (response(b"", META), BY_META),
    (response(b"Content-Type: application/xhtml+xml; charset=utf-8\r\n", META), BY_META),
    (response(b"Content-Type: text/plain\r\n", META), None),
    (response(HTML, META.replace(b"robots", b"archiver")), BY_META),
    (response(HTML, META.replace(b"robots", b"googlebot")), None),
    (response(HTML + GZIP, gzip.compress(META)), BY_META),
    (response(HTML + GZIP, gzip.compress(META)[:-8]), BY_META),
    (response(HTML, META.decode().encode("utf-16")), BY_META),
    (response(HTML, b"\xef\xbb\xbf" + META), BY_META),
    (response(HTML, META + b" " * 5_000_000), BY_META),
    (response(HTML, b" " * (1 << 20) + META), None),
    (response(HTML + GZIP, gzip.compress(b" " * (1 << 20) + META)), None),
    (response(HTML, META[:80]), BY_META),
    (response(HTML, META[:60]), None),
    (response(HTML, b""), None),
    (b"HTTP/1.1 200 OK\r\nX-Robots-Tag: noarchive", None),
    (b"X-Robots-Tag: noarchive\r\n\r\n", None),
    (b"", None),
]


@pytest.mark.parametrize(("octets", "expected"), CASES)
def test_a_response_is_withheld_where_its_publisher_asks(
    octets: bytes, expected: Withheld | None
) -> None:
    assert noarchive_in(Tape.of(octets), b"GET") == expected


def test_what_came_in_chunks_is_read_without_them() -> None:
    body = b"%x\r\n%b\r\n%x\r\n%b\r\n0\r\n\r\n" % (40, META[:40], len(META) - 40, META[40:])
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"

    assert noarchive_in(Tape.of(head + body), b"GET") == BY_META
    assert ChunkedReader().feed(body)[0] == META


def test_a_long_response_is_read_from_the_disk_no_further_than_need_be() -> None:
    tape = Tape(limit=10)
    tape.write(response(HTML, META + b" " * 3_000_000))

    assert tape.is_on_disk()
    assert noarchive_in(tape, b"GET") == BY_META
    tape.close()
