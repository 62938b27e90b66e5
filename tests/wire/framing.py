"""Cases about framing: chunks, lengths that contradict, octets left over (RFC 9112, 6 and 7)."""

from __future__ import annotations

import gzip

from tests.wire.case import Case, Failed, Seen
from tests.wire.script import End, Pause, Step, octet_by_octet, whole

_CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n"
_HELLO = Seen(status=200, body=b"hello")
_LOST = Failed(error="ResponseDataLossError")
_NO_LENGTH = Failed(error="DownloadFailedError")
_POEM = b"<p>The kettle sang, the cat walked out, the letter stayed unread.</p>\n" * 30
_POEM_GZIP = gzip.compress(_POEM, mtime=0)


def _chunked(name: str, *steps: Step, seen: Seen = _HELLO) -> Case:
    """Return a case whose chunked body, sent as *steps*, is sound."""
    return Case(name=name, answers=(whole(*steps),), seen=seen)


def _broken(name: str, *steps: Step) -> Case:
    """Return a case whose chunk framing breaks in *steps*."""
    answers = (whole(*steps, problem=True),)
    return Case(name=name, answers=answers, seen=_LOST, reused=False)


CHUNKS = (
    _chunked("chunked", _CHUNKED + b"\r\n5\r\nhello\r\n0\r\n\r\n"),
    _chunked(
        "chunked-octet-by-octet",
        _CHUNKED + b"\r\n",
        *octet_by_octet(b"2\r\nhe\r\n3;a=b\r\nllo\r\n0\r\nX-T: 1\r\n\r\n"),
    ),
    _chunked(
        "chunk-extensions",
        _CHUNKED + b'\r\n2;name=value\r\nhe\r\n3;quoted="a;b";bare\r\nllo\r\n0;last\r\n\r\n',
    ),
    _chunked(
        "trailers",
        _CHUNKED + b"Trailer: X-Sum\r\n\r\n5\r\nhello\r\n0\r\nX-Sum: 42\r\nx-other:1\r\n\r\n",
    ),
    _chunked(
        "chunk-sizes-in-odd-hex",
        _CHUNKED + b"\r\nA\r\n0123456789\r\n000000a\r\nabcdefghij\r\n0000\r\n\r\n",
        seen=Seen(status=200, body=b"0123456789abcdefghij"),
    ),
    _chunked(
        "5000-chunks",
        _CHUNKED + b"\r\n" + b"1\r\nz\r\n" * 5000 + b"0\r\n\r\n",
        seen=Seen(status=200, body=b"z" * 5000),
    ),
    _chunked(
        "chunked-and-gzip",
        _CHUNKED
        + b"Content-Encoding: gzip\r\nContent-Type: text/html\r\n\r\n10\r\n"
        + _POEM_GZIP[:16]
        + b"\r\n",
        Pause(),
        b"%x\r\n" % (len(_POEM_GZIP) - 16) + _POEM_GZIP[16:] + b"\r\n0\r\n\r\n",
        seen=Seen(status=200, body=_POEM),
    ),
    _chunked(
        "chunked-3-mebibytes",
        _CHUNKED + b"\r\n",
        *(b"10000\r\n" + b"%016d" % number * 4096 + b"\r\n" for number in range(48)),
        b"0\r\n\r\n",
        seen=Seen(status=200, body=b"".join(b"%016d" % n * 4096 for n in range(48))),
    ),
    _chunked("chunked-and-empty", _CHUNKED + b"\r\n0\r\n\r\n", seen=Seen(status=200, body=b"")),
    _chunked(
        "chunked-in-capitals",
        b"HTTP/1.1 200 OK\r\ntransfer-ENCODING:  Chunked \r\n\r\n5\r\nhello\r\n0\r\n\r\n",
    ),
    Case(
        name="chunked-and-length",
        answers=(whole(_CHUNKED + b"Content-Length: 3\r\n\r\n5\r\nhello\r\n0\r\n\r\n"),),
        seen=_HELLO,
        reused=None,
    ),
    Case(
        name="chunked-with-blanks-and-bare-lf",
        answers=(whole(_CHUNKED + b"\r\n5  \r\nhello\n0\n\n"),),
        seen=_HELLO,
        reused=None,
        unlike_scrapy="blanks after a size and a bare LF end are read, as browsers do",
    ),
    Case(
        name="chunked-over-http-1.0",
        answers=(
            whole(b"HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"),
        ),
        seen=_HELLO,
        reused=None,
    ),
    _broken(
        "bad-chunk-size", _CHUNKED + b"\r\n5\r\nhello\r\nfive\r\nhello\r\n0\r\n\r\n", End.CLOSE
    ),
    _broken("bad-first-chunk-size", _CHUNKED + b"\r\n<html>No chunk</html>\r\n", End.CLOSE),
    _broken("negative-chunk-size", _CHUNKED + b"\r\n-5\r\nhello\r\n0\r\n\r\n", End.CLOSE),
    _broken("no-crlf-after-chunk", _CHUNKED + b"\r\n5\r\nhelloXX0\r\n\r\n", End.CLOSE),
    _broken("chunk-size-overflow", _CHUNKED + b"\r\n" + b"F" * 17 + b"\r\nhello", End.CLOSE),
    _broken(
        "bad-chunk-then-silence",
        _CHUNKED + b"\r\n5\r\nhello\r\nfive\r\n",
        Pause(0.5),
        b"and more",
        End.WAIT,
    ),
    Case(
        name="bad-chunk-and-no-failing",
        answers=(whole(_CHUNKED + b"\r\n5\r\nhello\r\nfive\r\n", End.CLOSE, problem=True),),
        meta={"download_fail_on_dataloss": False},
        seen=Seen(status=200, body=b"hello", flags=("dataloss",)),
        reused=False,
    ),
)

CODINGS = (
    Case(
        name="gzip-as-transfer-coding",
        answers=(
            whole(
                b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n"
                + b"%x\r\n" % len(_POEM_GZIP)
                + _POEM_GZIP
                + b"\r\n0\r\n\r\n",
                problem=True,
            ),
        ),
        seen=_NO_LENGTH,
        reused=None,
    ),
    Case(
        name="unknown-transfer-coding",
        answers=(
            whole(
                b"HTTP/1.1 200 OK\r\nTransfer-Encoding: rot13\r\n\r\nuryyb",
                End.CLOSE,
                problem=True,
            ),
        ),
        seen=_NO_LENGTH,
        reused=False,
    ),
    Case(
        name="identity-with-length",
        answers=(
            whole(
                b"HTTP/1.1 200 OK\r\nTransfer-Encoding: identity\r\nContent-Length: 5\r\n\r\nhello"
            ),
        ),
        seen=_HELLO,
        reused=None,
        unlike_scrapy="RFC 2616 section 3.6 had the coding identity, and some servers still do",
    ),
)

FRAMING = CHUNKS + CODINGS
