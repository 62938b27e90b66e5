"""Cases about Content-Length, sound and not, and octets left over (RFC 9112, 6.3 and 9.2)."""

from __future__ import annotations

from tests.wire.case import Case, Failed, Seen
from tests.wire.script import Answer, End, Pause, whole

_HELLO = Seen(status=200, body=b"hello")
_LOST = Failed(error="ResponseDataLossError")
_CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n"


def _bad_length(name: str, *fields: bytes) -> Case:
    """Return a case whose head has no one length for its body of five octets."""
    octets = b"HTTP/1.1 200 OK\r\n" + b"\r\n".join(fields) + b"\r\n\r\nhello"
    answers = (whole(octets, End.CLOSE, problem=True),)
    return Case(name=name, answers=answers, seen=Failed(error="DownloadFailedError"), reused=False)


def _good_length(name: str, *fields: bytes) -> Case:
    """Return a case whose head says oddly, but clearly, that the body has five octets."""
    octets = b"HTTP/1.1 200 OK\r\n" + b"\r\n".join(fields) + b"\r\n\r\nhello"
    return Case(name=name, answers=(whole(octets),), seen=_HELLO)


ANNOUNCED = (
    _good_length("length-repeated", b"Content-Length: 5", b"Content-Length: 5"),
    _good_length("length-as-a-list", b"Content-Length: 5, 5"),
    _good_length("length-with-zeros", b"Content-Length: 0005"),
    _bad_length("length-negative", b"Content-Length: -5"),
    _bad_length("length-in-letters", b"Content-Length: five"),
    _bad_length("length-signed", b"Content-Length: +5"),
    _bad_length("length-empty", b"Content-Length:"),
    _bad_length("lengths-that-differ", b"Content-Length: 5", b"Content-Length: 6"),
    _bad_length("list-of-lengths-that-differ", b"Content-Length: 5, 6"),
    Case(
        name="length-too-short",
        answers=(
            whole(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello, world", problem=True),
        ),
        seen=_HELLO,
        reused=False,
    ),
    Case(
        name="length-too-short-and-late",
        answers=(
            Answer(
                steps=(
                    b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
                    Pause(0.3),
                    b", world",
                ),
                block=b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
            ),
        ),
        seen=_HELLO,
        probe_delay=0.6,
        reused=False,
    ),
    Case(
        name="length-too-long",
        answers=(
            whole(
                b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello",
                End.CLOSE,
                truncated="disconnect",
            ),
        ),
        seen=_LOST,
        reused=False,
    ),
    Case(
        name="length-too-long-and-no-failing",
        answers=(
            whole(
                b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello",
                End.CLOSE,
                truncated="disconnect",
            ),
        ),
        meta={"download_fail_on_dataloss": False},
        seen=Seen(status=200, body=b"hello", flags=("dataloss",)),
        reused=False,
    ),
    Case(
        name="length-astronomical",
        answers=(
            whole(
                b"HTTP/1.1 200 OK\r\nContent-Length: 999999999999999\r\n\r\nhello",
                End.WAIT,
                truncated="length",
            ),
        ),
        seen=Failed(error="DownloadCancelledError"),
        reused=False,
    ),
)

_FIRST = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
_SECOND = b"HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\nnone"

LEFTOVERS = (
    Case(
        name="second-response-unasked",
        answers=(Answer(steps=(_FIRST + _SECOND,), block=_FIRST),),
        seen=_HELLO,
        reused=False,
    ),
    Case(
        name="second-response-after-chunks",
        answers=(
            Answer(
                steps=(_CHUNKED + b"\r\n5\r\nhello\r\n0\r\n\r\n" + _SECOND,),
                block=_CHUNKED + b"\r\n5\r\nhello\r\n0\r\n\r\n",
            ),
        ),
        seen=_HELLO,
        reused=False,
    ),
    Case(
        name="second-response-after-304",
        answers=(
            Answer(
                steps=(b"HTTP/1.1 304 Same\r\n\r\n" + _SECOND,),
                block=b"HTTP/1.1 304 Same\r\n\r\n",
            ),
        ),
        seen=Seen(status=304, body=b""),
        reused=False,
    ),
    Case(
        name="crlf-after-the-body",
        answers=(whole(_FIRST + b"\r\n\r\n", problem=True),),
        seen=_HELLO,
        reused=False,
    ),
    Case(
        name="garbage-after-chunks",
        answers=(whole(_CHUNKED + b"\r\n5\r\nhello\r\n0\r\n\r\n<!-- cached -->", problem=True),),
        seen=_HELLO,
        reused=False,
    ),
)

LENGTHS = ANNOUNCED + LEFTOVERS
