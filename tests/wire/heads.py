"""Cases about the status line and the header fields (RFC 9112, 4 and 5)."""

from __future__ import annotations

from tests.wire.case import Case, Failed, Seen
from tests.wire.script import End, Pause, octet_by_octet, whole

_HELLO = Seen(status=200, body=b"hello")
_NOT_HTTP = Failed(error="DownloadFailedError")
_LONG = b"x" * 100_000
_MANY = b"".join(b"X-Field-%03d: value %d\r\n" % (number, number) for number in range(300))


def _hello(
    name: str,
    octets: bytes,
    *,
    seen: Seen = _HELLO,
    reused: bool | None = True,
    unlike_scrapy: str | None = None,
) -> Case:
    """Return a case whose one answer is *octets*, sent in one piece."""
    answers = (whole(octets),)
    return Case(name=name, answers=answers, seen=seen, reused=reused, unlike_scrapy=unlike_scrapy)


def _no_http(name: str, *steps: bytes | Pause | End, unlike_scrapy: str | None = None) -> Case:
    """Return a case whose answer is no HTTP response at all."""
    answers = (whole(*steps, problem=True),)
    return Case(
        name=name, answers=answers, seen=_NOT_HTTP, reused=False, unlike_scrapy=unlike_scrapy
    )


HEADS = (
    _hello(
        "ordinary",
        b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello",
    ),
    _hello(
        "odd-case-order-and-spacing",
        b"HTTP/1.1 200 OK\r\nx-ZEBRA:   two  \r\ncOnTeNt-LeNgTh:5\r\n"
        b"CONTENT-TYPE:\ttext/plain \t\r\nx-alpha:one\r\nX-Empty:\r\nX-Empty: \r\n\r\nhello",
    ),
    _hello(
        "repeated-set-cookie",
        b"HTTP/1.1 200 OK\r\nSet-Cookie: a=1; Path=/\r\nContent-Length: 5\r\n"
        b"set-cookie: b=2\r\nSET-COOKIE: a=3, c=4\r\n\r\nhello",
    ),
    _hello(
        "repeated-fields-apart",
        b"HTTP/1.1 200 OK\r\nVary: Accept\r\nX-Between: 1\r\nvary: Cookie\r\n"
        b"Content-Length: 5\r\nVary: Accept\r\n\r\nhello",
    ),
    _hello(
        "latin-1-value",
        b"HTTP/1.1 200 OK\r\nX-Place: Z\xfcrich, caf\xe9\r\nContent-Length: 5\r\n\r\nhello",
    ),
    _hello(
        "utf-8-and-control-octets-in-a-value",
        b"HTTP/1.1 200 OK\r\nX-Place: \xc3\xa9\x01\x7f\x80\xff\r\nContent-Length: 5\r\n\r\nhello",
    ),
    _hello(
        "latin-1-reason",
        b"HTTP/1.1 200 Tr\xe8s bien, d\xe9j\xe0\r\nContent-Length: 5\r\n\r\nhello",
    ),
    _hello("empty-reason", b"HTTP/1.1 200 \r\nContent-Length: 5\r\n\r\nhello"),
    _hello("no-reason", b"HTTP/1.1 200\r\nContent-Length: 5\r\n\r\nhello"),
    _hello(
        "long-reason", b"HTTP/1.1 200 " + b"Fine " * 200 + b"\r\nContent-Length: 5\r\n\r\nhello"
    ),
    _hello(
        "folded-lines",
        b"HTTP/1.1 200 OK\r\nX-Folded: one\r\n two\r\nContent-Length: 5\r\n"
        b"X-Last: a\r\n b\r\n c\r\n\r\nhello",
    ),
    _hello(
        "lines-folded-widely",
        b"HTTP/1.1 200 OK\r\nX-Folded: one \r\n\t  two\r\nContent-Length: 5\r\n\r\nhello",
        unlike_scrapy="a fold and the blanks about it are one blank (RFC 9112, 5.2)",
    ),
    _hello(
        "line-without-colon",
        b"HTTP/1.1 200 OK\r\nthis line has none\r\nContent-Length: 5\r\n"
        b"neither has this\r\n\r\nhello",
    ),
    _hello(
        "blank-before-colon",
        b"HTTP/1.1 200 OK\r\nX-Blank : yes\r\nContent-Length: 5\r\n\r\nhello",
        unlike_scrapy="Twisted gives up on a blank before a colon; a browser does not",
    ),
    _hello(
        "empty-name",
        b"HTTP/1.1 200 OK\r\n: nameless\r\nContent-Length: 5\r\n\r\nhello",
        unlike_scrapy="Twisted gives up on a field without a name; a browser does not",
    ),
    _hello(
        "line-of-100-kilobytes",
        b"HTTP/1.1 200 OK\r\nX-Long: " + _LONG + b"\r\nContent-Length: 5\r\n\r\nhello",
        unlike_scrapy="Twisted gives up on a line of more than 16,384 octets",
    ),
    _hello("300-fields", b"HTTP/1.1 200 OK\r\n" + _MANY + b"Content-Length: 5\r\n\r\nhello"),
    _hello("lf-only", b"HTTP/1.1 200 OK\nContent-Type: text/plain\nContent-Length: 5\n\nhello"),
    _hello("lf-and-crlf", b"HTTP/1.1 200 OK\nX-One: 1\r\nContent-Length: 5\n\r\nhello"),
    _hello(
        "status-999",
        b"HTTP/1.1 999 Request denied\r\nContent-Length: 5\r\n\r\nhello",
        seen=Seen(status=999, body=b"hello"),
    ),
    Case(
        name="101-unasked",
        answers=(
            whole(
                b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: chat\r\n"
                b"Connection: Upgrade\r\n\r\n",
                End.CLOSE,
            ),
        ),
        seen=Seen(status=101, body=b""),
        reused=False,
        unlike_scrapy="no other answer follows a 101 (RFC 9110, 15.2.2), and Twisted waits for it",
    ),
    _hello("version-1.2", b"HTTP/1.2 200 OK\r\nContent-Length: 5\r\n\r\nhello", reused=None),
    _hello(
        "connection-close-with-length",
        b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello",
        reused=False,
    ),
    _hello(
        "connection-close-in-a-list",
        b"HTTP/1.1 200 OK\r\nConnection: X-Hop, Close\r\nContent-Length: 5\r\n\r\nhello",
        reused=False,
    ),
    _hello(
        "http-1.0-with-length", b"HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello", reused=False
    ),
    _hello(
        "http-1.0-kept-alive",
        b"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 5\r\n\r\nhello",
        reused=None,
    ),
    Case(
        name="octet-by-octet",
        answers=(
            whole(
                *octet_by_octet(
                    b"HTTP/1.1 200 OK\r\nX-A: 1\r\n b\r\nContent-Length: 5\r\n\r\nhello"
                )
            ),
        ),
        seen=_HELLO,
    ),
    Case(
        name="head-cut-between-cr-and-lf",
        answers=(
            whole(
                b"HTTP/1.1 200 OK\r",
                Pause(),
                b"\nContent-Length: 5\r\n\r",
                Pause(),
                b"\nhel",
                Pause(),
                b"lo",
            ),
        ),
        seen=_HELLO,
    ),
    _no_http("garbage-then-close", b"\x00\x01 this is no status line\r\n\r\nnone", End.CLOSE),
    _no_http(
        "garbage-then-silence",
        b"220 mail.example ESMTP\r\n",
        Pause(0.5),
        b"500 command unrecognised\r\n",
        End.WAIT,
    ),
    _no_http("http-0.9-body", b"<html><p>No head at all.</p></html>\n", End.CLOSE),
    _no_http(
        "http-2-preface",
        b"\x00\x00\x12\x04\x00\x00\x00\x00\x00\x00\x03\x00\x00\x00\x80",
        End.CLOSE,
    ),
    _no_http("icy", b"ICY 200 OK\r\nicy-name: radio\r\n\r\nmusic", End.CLOSE),
    _no_http(
        "empty-line-first", b"\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", End.CLOSE
    ),
    _no_http(
        "status-of-two-digits",
        b"HTTP/1.1 20 OK\r\nContent-Length: 5\r\n\r\nhello",
        End.CLOSE,
        unlike_scrapy="Twisted takes any number, RFC 9112 section 4 asks for three digits",
    ),
    _no_http(
        "head-of-a-mebibyte",
        b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * (1 << 20) + b"\r\n\r\n",
        End.CLOSE,
    ),
    _no_http("status-in-letters", b"HTTP/1.1 OK\r\nContent-Length: 5\r\n\r\nhello", End.CLOSE),
    _no_http(
        "version-in-letters", b"HTTP/one 200 OK\r\nContent-Length: 5\r\n\r\nhello", End.CLOSE
    ),
)
