"""Cases about requests and about visits that take several of them: redirects and retries."""

from __future__ import annotations

from typing import Any

from tests.wire.case import Case, Failed, Seen
from tests.wire.script import PLAIN, Answer, End, Pause, Read, nothing, whole

_YES = Seen(status=200, body=b"yes")
_MOVED = whole(
    b"HTTP/1.1 301 Moved Permanently\r\nLocation: /case/redirects/second\r\n"
    b"Set-Cookie: seen=1\r\nContent-Length: 5\r\n\r\nmoved"
)
_FOUND = whole(
    b"HTTP/1.1 302 Found\r\nlocation:/case/redirects/third\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
)
_ERROR = whole(b"HTTP/1.1 500 Oh No\r\nContent-Length: 3\r\n\r\nbad")
_RETRIES: dict[str, Any] = {"dont_retry": False}


def _status(name: str, octets: bytes, seen: Seen) -> Case:
    """Return a case whose answer has another status than 200."""
    return Case(name=name, answers=(whole(octets),), seen=seen)


RESPONSES = (
    Case(name="redirects", answers=(_MOVED, _FOUND, PLAIN), seen=_YES),
    Case(
        name="redirect-to-itself-with-close",
        answers=(
            whole(
                b"HTTP/1.1 302 Again\r\nLocation: /case/redirect-to-itself-with-close/2\r\n\r\n",
                b"until close",
                End.CLOSE,
            ),
            PLAIN,
        ),
        seen=_YES,
        reused=None,
    ),
    _status(
        "401",
        b'HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm="x"\r\n'
        b"Content-Length: 2\r\n\r\nno",
        Seen(status=401, body=b"no"),
    ),
    _status(
        "404",
        b"HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\nnone",
        Seen(status=404, body=b"none"),
    ),
    Case(
        name="500-retried",
        answers=(_ERROR, _ERROR, PLAIN),
        seen=_YES,
        meta=_RETRIES,
    ),
    Case(
        name="500-to-the-end",
        answers=(_ERROR, _ERROR, _ERROR),
        seen=Seen(status=500, body=b"bad"),
        meta=_RETRIES,
    ),
    Case(
        name="cut-short-and-retried",
        answers=(
            whole(
                b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhell",
                End.CLOSE,
                truncated="disconnect",
            ),
            nothing(End.RESET),
            PLAIN,
        ),
        seen=_YES,
        meta=_RETRIES,
        reused=None,
    ),
    Case(name="three-on-one-connection", answers=(PLAIN,), seen=_YES, probes=2),
    Case(
        name="answer-before-the-request",
        answers=(
            Answer(
                steps=(b"SSH-2.0-NoWeb_1.0\r\n", Read(), Pause(), End.CLOSE),
                block=b"SSH-2.0-NoWeb_1.0\r\n",
                problem=True,
                first=True,
            ),
        ),
        seen=Failed(error="DownloadFailedError"),
        reused=False,
        unlike_scrapy="Twisted drops a connection on which the server speaks first",
    ),
)

REQUESTS = (
    Case(
        name="post",
        answers=(PLAIN,),
        seen=_YES,
        method="POST",
        headers={"Content-Type": "application/x-www-form-urlencoded"},
        body=b"name=Ada&city=Z%FCrich\r\n\r\nnot a head",
    ),
    Case(name="post-nothing", answers=(PLAIN,), seen=_YES, method="POST"),
    Case(name="put", answers=(PLAIN,), seen=_YES, method="PUT", body=b"\x00\xff\r\n binary"),
    Case(name="delete", answers=(PLAIN,), seen=_YES, method="DELETE"),
    Case(
        name="post-3-mebibytes",
        answers=(PLAIN,),
        seen=_YES,
        method="POST",
        body=bytes(range(256)) * (3 * 4096),
    ),
    Case(name="cookies", answers=(PLAIN,), seen=_YES, cookies={"a": "1", "b": "two"}),
    Case(
        name="odd-request-fields",
        answers=(PLAIN,),
        seen=_YES,
        headers={"x-ODD_name": "  blanks ", "X-Place": "Zürich".encode("latin-1"), "X-None": ""},
    ),
    Case(name="query-and-fragment", answers=(PLAIN,), seen=_YES, suffix="?q=%20a+b&amp;=1#part"),
    Case(
        name="authorization",
        answers=(PLAIN,),
        seen=_YES,
        headers={"Authorization": "Basic QWRhOnNlY3JldA=="},
        withheld=b"Basic QWRhOnNlY3JldA==",
    ),
    Case(
        name="another-local-address",
        answers=(PLAIN,),
        seen=_YES,
        meta={"bindaddress": ("127.0.0.2", 0)},
        reused=None,
    ),
)

VISITS = RESPONSES + REQUESTS
