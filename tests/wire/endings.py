"""Cases about how an exchange ends before its message does: closes, resets, timeouts, limits."""

from __future__ import annotations

from typing import Any

from tests.wire.case import Case, Failed, Seen
from tests.wire.script import PLAIN, Answer, End, Pause, Step, Truncated, nothing, whole

_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
_FAILED = "DownloadFailedError"
_LOST = "ResponseDataLossError"
_TIMEOUT = "DownloadTimeoutError"
_SOON: dict[str, Any] = {"download_timeout": 2}


def _cut(name: str, *steps: Step, error: str, truncated: Truncated = "disconnect") -> Case:
    """Return a case whose response is cut short by the last of *steps*."""
    meta = _SOON if truncated == "time" else {}
    answers = (whole(*steps, truncated=truncated),)
    return Case(name=name, answers=answers, meta=meta, seen=Failed(error=error), reused=False)


def _unanswered(name: str, *steps: Step, error: str = _FAILED) -> Case:
    """Return a case whose request gets not one octet back."""
    meta = _SOON if error == _TIMEOUT else {}
    answers = (nothing(*steps),)
    return Case(name=name, answers=answers, meta=meta, seen=Failed(error=error), reused=False)


DISCONNECTS = (
    _cut("close-mid-head", b"HTTP/1.1 200 OK\r\nContent-Le", End.CLOSE, error=_FAILED),
    _cut("close-mid-status-line", b"HTT", End.CLOSE, error=_FAILED),
    _cut("reset-mid-head", b"HTTP/1.1 200 OK\r\nX-", Pause(), End.RESET, error=_FAILED),
    _cut("close-before-body", _HEAD + b"Content-Length: 9\r\n\r\n", End.CLOSE, error=_LOST),
    _cut("close-mid-body", _HEAD + b"Content-Length: 9\r\n\r\nhell", End.CLOSE, error=_LOST),
    _cut(
        "half-close-mid-body",
        _HEAD + b"Content-Length: 9\r\n\r\nhell",
        End.HALF_CLOSE,
        error=_LOST,
    ),
    _cut(
        "reset-mid-body", _HEAD + b"Content-Length: 9\r\n\r\nhell", Pause(), End.RESET, error=_LOST
    ),
    _cut(
        "close-mid-chunk",
        _HEAD + b"Transfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n9\r\nlo",
        End.CLOSE,
        error=_LOST,
    ),
    _cut(
        "close-mid-chunk-size",
        _HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n1",
        End.CLOSE,
        error=_LOST,
    ),
    _cut(
        "close-before-last-chunk",
        _HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
        End.CLOSE,
        error=_LOST,
    ),
    _cut(
        "close-before-last-crlf",
        _HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n",
        End.CLOSE,
        error=_LOST,
    ),
    Case(
        name="reset-where-close-ends-the-body",
        answers=(whole(_HEAD + b"\r\nhello", Pause(), End.RESET, truncated="disconnect"),),
        seen=Seen(status=200, body=b"hello", flags=("partial",)),
        reused=False,
    ),
    Case(
        name="close-after-interim",
        answers=(
            Answer(steps=(b"HTTP/1.1 100 Continue\r\n\r\n", Pause(), End.CLOSE), block=None),
        ),
        seen=Failed(error=_FAILED),
        reused=False,
    ),
    _unanswered("close-before-any-octet", End.CLOSE),
    _unanswered("reset-before-any-octet", End.RESET),
    Case(
        name="closed-when-reused",
        answers=(PLAIN, nothing(End.CLOSE)),
        seen=Seen(status=200, body=b"yes"),
        probe_delay=0.2,
        reused=None,
    ),
)

TIMEOUTS = (
    _unanswered("silence", End.WAIT, error=_TIMEOUT),
    _cut("silence-mid-head", b"HTTP/1.1 200 OK\r\nX-", End.WAIT, error=_TIMEOUT, truncated="time"),
    _cut(
        "silence-mid-body",
        _HEAD + b"Content-Length: 9\r\n\r\nhell",
        End.WAIT,
        error=_TIMEOUT,
        truncated="time",
    ),
    _cut(
        "silence-mid-chunk",
        _HEAD + b"Transfer-Encoding: chunked\r\n\r\n9\r\nhell",
        End.WAIT,
        error=_TIMEOUT,
        truncated="time",
    ),
    _cut(
        "silence-where-close-ends-the-body",
        _HEAD + b"\r\nhell",
        End.WAIT,
        error=_TIMEOUT,
        truncated="time",
    ),
    _cut(
        "drip-until-the-timeout",
        _HEAD + b"\r\n",
        Pause(0.3),
        b"a",
        Pause(0.3),
        b"b",
        End.WAIT,
        error=_TIMEOUT,
        truncated="time",
    ),
)


def _limited(
    name: str, octets: bytes, meta: dict[str, Any], seen: Seen | Failed,
    unlike_scrapy: str | None = None, truncated: Truncated = "length",
) -> Case:  # fmt: skip
    """Return a case that our side ends: it has all of *octets*, and the server says no more."""
    answers = (whole(octets, End.WAIT, truncated=truncated),)
    return Case(
        name=name, answers=answers, meta=meta, seen=seen, reused=False, unlike_scrapy=unlike_scrapy
    )


_MAXSIZE: dict[str, Any] = {"download_maxsize": 1000}
_CANCELLED = Failed(error="DownloadCancelledError")
_TOO_MUCH = b"0123456789" * 101

LIMITS = (
    _limited(
        "maxsize-by-length", _HEAD + b"Content-Length: 1010\r\n\r\n0123", _MAXSIZE, _CANCELLED
    ),
    _limited("maxsize-until-close", _HEAD + b"\r\n" + _TOO_MUCH, _MAXSIZE, _CANCELLED),
    _limited(
        "maxsize-by-chunks",
        _HEAD + b"Transfer-Encoding: chunked\r\n\r\n3f2\r\n" + _TOO_MUCH + b"\r\n",
        _MAXSIZE,
        _CANCELLED,
    ),
    _limited(
        "stopped-at-the-head",
        _HEAD + b"Content-Length: 9\r\n\r\nhell",
        {"stop_on": "headers_received", "stop_fails": False},
        Seen(status=200, body=b"", flags=("download_stopped",)),
        unlike_scrapy="the response knows its IP address here",
        truncated="unspecified",
    ),
    _limited(
        "stopped-in-the-body",
        _HEAD + b"Content-Length: 9\r\n\r\nhell",
        {"stop_on": "bytes_received", "stop_fails": False},
        Seen(status=200, body=b"hell", flags=("download_stopped",)),
        truncated="unspecified",
    ),
    _limited(
        "stopped-in-the-body-and-failed",
        _HEAD + b"Content-Length: 9\r\n\r\nhell",
        {"stop_on": "bytes_received", "stop_fails": True},
        Failed(error="StopDownload"),
        truncated="unspecified",
    ),
)

ENDINGS = DISCONNECTS + TIMEOUTS + LIMITS
