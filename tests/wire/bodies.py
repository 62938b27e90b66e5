"""Cases about bodies: their length, their encodings, their absence (RFC 9110, 6.4 and 8.4)."""

from __future__ import annotations

import gzip
import zlib

import brotli

from tests.wire.case import Case, Failed, Seen
from tests.wire.script import Answer, End, Pause, octet_by_octet, whole

_STORY = b"<p>Three ferries were late on Monday, and nobody on the quay minded much.</p>\n" * 40
_OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
_BIG = bytes(range(256)) * (3 * 4096)
_HUGE = bytes(range(255, -1, -1)) * (5 * 4096)
_GZIP = gzip.compress(_STORY, mtime=0)
_DEFLATE = zlib.compressobj(wbits=-15)
_RAW_DEFLATE = _DEFLATE.compress(_STORY) + _DEFLATE.flush()


def _encoded(name: str, coding: bytes, body: bytes) -> Case:
    """Return a case whose body is the story, encoded as the head says."""
    fields = b"Content-Encoding: %b\r\nContent-Length: %d\r\n\r\n" % (coding, len(body))
    answers = (whole(_OK + fields + body),)
    return Case(name=name, answers=answers, seen=Seen(status=200, body=_STORY))


def _without_body(name: str, octets: bytes, status: int, method: str = "GET") -> Case:
    """Return a case whose answer ends with its head."""
    seen = Seen(status=status, body=b"")
    return Case(name=name, answers=(whole(octets),), seen=seen, method=method)


ENCODINGS = (
    _encoded("gzip", b"gzip", _GZIP),
    _encoded("x-gzip", b"x-gzip", _GZIP),
    _encoded("deflate", b"deflate", zlib.compress(_STORY)),
    _encoded("deflate-without-zlib", b"deflate", _RAW_DEFLATE),
    _encoded("brotli", b"br", brotli.compress(_STORY)),
    Case(
        name="zstd",
        # RFC 8878, 3.1.1: a frame of one raw block.
        answers=(
            whole(
                _OK + b"Content-Encoding: zstd\r\nContent-Length: 14\r\n\r\n"
                b"\x28\xb5\x2f\xfd\x20\x05\x29\x00\x00hello"
            ),
        ),
        seen=Seen(status=200, body=b"hello"),
    ),
    _encoded("gzip-twice", b"gzip, gzip", gzip.compress(_GZIP, mtime=0)),
    _encoded("gzip-in-capitals", b"GZIP", _GZIP),
    Case(
        name="unknown-encoding",
        answers=(whole(_OK + b"Content-Encoding: rot13\r\nContent-Length: 5\r\n\r\nuryyb"),),
        seen=Seen(status=200, body=b"uryyb"),
    ),
    Case(
        name="bad-gzip",
        answers=(whole(_OK + b"Content-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello"),),
        seen=Failed(error="BadGzipFile"),
    ),
    Case(
        name="gzip-cut-short",
        answers=(
            whole(
                _OK
                + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % (len(_GZIP) - 8)
                + _GZIP[:-8]
            ),
        ),
        seen=Seen(status=200, body=_STORY),
    ),
)

LENGTHS = (
    _without_body("content-length-0", _OK + b"Content-Length: 0\r\n\r\n", 200),
    _without_body("head-with-length", _OK + b"Content-Length: 12345\r\n\r\n", 200, "HEAD"),
    _without_body("head-with-chunked", _OK + b"Transfer-Encoding: chunked\r\n\r\n", 200, "HEAD"),
    _without_body("204", b"HTTP/1.1 204 No Content\r\nX-Why: none\r\n\r\n", 204),
    _without_body("204-with-length", b"HTTP/1.1 204 None\r\nContent-Length: 9\r\n\r\n", 204),
    _without_body("304", b'HTTP/1.1 304 Not Modified\r\nETag: "one"\r\n\r\n', 304),
    _without_body("304-with-length", b"HTTP/1.1 304 Same\r\nContent-Length: 999\r\n\r\n", 304),
    _without_body("205", b"HTTP/1.1 205 Reset Content\r\nContent-Length: 0\r\n\r\n", 205),
    Case(
        name="head-answered-with-a-body",
        answers=(whole(_OK + b"Content-Length: 5\r\n\r\nhello", problem=True),),
        seen=Seen(status=200, body=b""),
        method="HEAD",
        reused=False,
    ),
    Case(
        name="204-with-a-body",
        answers=(whole(b"HTTP/1.1 204 None\r\nContent-Length: 5\r\n\r\nhello", problem=True),),
        seen=Seen(status=204, body=b""),
        reused=False,
    ),
    Case(
        name="body-until-close",
        answers=(whole(_OK + b"\r\nuntil", Pause(), b" the end", End.CLOSE),),
        seen=Seen(status=200, body=b"until the end", flags=("partial",)),
        reused=False,
    ),
    Case(
        name="body-until-half-close",
        answers=(whole(_OK + b"\r\nuntil the end", End.HALF_CLOSE),),
        seen=Seen(status=200, body=b"until the end", flags=("partial",)),
        reused=False,
    ),
    Case(
        name="empty-body-until-close",
        answers=(whole(_OK + b"\r\n", End.CLOSE),),
        seen=Seen(status=200, body=b"", flags=("partial",)),
        reused=False,
    ),
    Case(
        name="http-1.0-until-close",
        answers=(whole(b"HTTP/1.0 200 OK\r\n\r\nold but good", End.CLOSE),),
        seen=Seen(status=200, body=b"old but good", flags=("partial",)),
        reused=False,
    ),
    Case(
        name="length-then-close",
        answers=(whole(_OK + b"Content-Length: 5\r\n\r\nhello", End.CLOSE),),
        seen=Seen(status=200, body=b"hello"),
        probe_delay=0.2,
        reused=False,
    ),
    Case(
        name="body-octet-by-octet",
        answers=(whole(_OK + b"Content-Length: 81\r\n\r\n", *octet_by_octet(_STORY[:81])),),
        seen=Seen(status=200, body=_STORY[:81]),
    ),
    Case(
        name="nul-and-crlf-octets",
        answers=(whole(_OK + b"Content-Length: 12\r\n\r\n\r\n\r\n\x00\xff\r\n\n\r00"),),
        seen=Seen(status=200, body=b"\r\n\r\n\x00\xff\r\n\n\r00"),
    ),
    Case(
        name="3-mebibytes",
        answers=(whole(_OK + b"Content-Length: 3145728\r\n\r\n", _BIG),),
        seen=Seen(status=200, body=_BIG),
    ),
    Case(
        name="3-mebibytes-until-close",
        answers=(whole(_OK + b"\r\n", _BIG, End.CLOSE),),
        seen=Seen(status=200, body=_BIG, flags=("partial",)),
        reused=False,
    ),
    Case(
        name="longer-than-a-spider-is-handed",
        answers=(whole(_OK + b"Content-Length: 5242880\r\n\r\n", _HUGE),),
        seen=Seen(status=200, body=b"", flags=("archive_body_withheld",)),
        unlike_scrapy="ARCHIVE_SPIDER_BYTES: the archive has it whole, the spider a flag",
    ),
)


def _interims(*interims: bytes, final: bytes) -> Answer:
    """Return the answer *final* after *interims*, which are left out of its record."""
    return Answer(steps=(b"".join(interims) + final,), block=final)


_FINAL = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
_HINTS = b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\nlink: </b.js>\r\n\r\n"
_PROCESSING = b"HTTP/1.1 102\r\nContent-Length: 7\r\n\r\n"

INTERIMS = (
    Case(
        name="100-then-200",
        answers=(_interims(_CONTINUE, final=_FINAL),),
        seen=Seen(status=200, body=b"hello"),
    ),
    Case(
        name="103-then-200",
        answers=(_interims(_HINTS, final=_FINAL),),
        seen=Seen(status=200, body=b"hello"),
    ),
    Case(
        name="two-interims-then-200",
        answers=(_interims(_CONTINUE, _HINTS, final=_FINAL),),
        seen=Seen(status=200, body=b"hello"),
    ),
    Case(
        name="102-with-a-length",
        answers=(_interims(_PROCESSING, final=_FINAL),),
        seen=Seen(status=200, body=b"hello"),
    ),
    Case(
        name="interim-and-final-apart",
        answers=(
            Answer(
                steps=(
                    _HINTS[:20],
                    Pause(),
                    _HINTS[20:],
                    Pause(),
                    _HINTS + _FINAL[:9],
                    Pause(),
                    _FINAL[9:],
                ),
                block=_FINAL,
            ),
        ),
        seen=Seen(status=200, body=b"hello"),
    ),
)

BODIES = ENCODINGS + LENGTHS + INTERIMS
