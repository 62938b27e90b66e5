"""Cases about the way to the server: TLS, IPv6, proxies, and ways that lead nowhere."""

from __future__ import annotations

from tests.wire.case import Case, Failed, Route, Seen
from tests.wire.script import End, Pause, nothing, whole

_YES = Seen(status=200, body=b"yes")
_CHUNKS = whole(
    b"HTTP/1.1 200 OK\r\nset-cookie: a=1\r\nTransfer-Encoding: chunked\r\n\r\n",
    Pause(),
    b"3\r\nyes\r\n0\r\n\r\n",
)
_CLOSED = whole(b"HTTP/1.1 200 OK\r\nX-Way: there\r\n\r\nyes", End.CLOSE)


def _way(name: str, route: Route, unlike_scrapy: str | None = None) -> Case:
    """Return a case whose answer is ordinary and whose *route* is not."""
    return Case(name=name, route=route, answers=(_CHUNKS,), seen=_YES, unlike_scrapy=unlike_scrapy)


def _no_way(name: str, route: Route, error: str) -> Case:
    """Return a case whose request never gets to a server."""
    return Case(
        name=name, route=route, answers=(), seen=Failed(error=error), probes=0, reused=None
    )


ROUTES = (
    _way("over-ipv6", "ipv6", unlike_scrapy="Scrapy's own handler cannot reach IPv6 literals"),
    _way("over-tls-1.2", "tls-1.2"),
    _way("over-tls-1.3", "tls-1.3"),
    Case(
        name="tls-body-until-close",
        route="tls-1.3",
        answers=(_CLOSED,),
        seen=Seen(status=200, body=b"yes", flags=("partial",)),
        reused=False,
    ),
    Case(
        name="tls-body-until-cut",
        route="tls-1.3",
        answers=(whole(b"HTTP/1.1 200 OK\r\n\r\nyes", Pause(), End.CUT, truncated="disconnect"),),
        seen=Seen(status=200, body=b"yes", flags=("partial",)),
        reused=False,
    ),
    Case(
        name="tls-cut-mid-body",
        route="tls-1.2",
        answers=(
            whole(
                b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhell",
                Pause(),
                End.CUT,
                truncated="disconnect",
            ),
        ),
        seen=Failed(error="ResponseDataLossError"),
        reused=False,
    ),
    Case(
        name="tls-silence",
        route="tls-1.3",
        answers=(nothing(End.WAIT),),
        meta={"download_timeout": 2},
        seen=Failed(error="DownloadTimeoutError"),
        reused=False,
    ),
    Case(
        name="tls-3-mebibytes",
        route="tls-1.3",
        answers=(
            whole(
                b"HTTP/1.1 200 OK\r\nContent-Length: 3145728\r\n\r\n",
                bytes(range(256)) * (3 * 4096),
            ),
        ),
        seen=Seen(status=200, body=bytes(range(256)) * (3 * 4096)),
    ),
    Case(
        name="through-a-proxy",
        route="forward",
        answers=(
            whole(b"HTTP/1.1 200 OK\r\nVia: 1.1 us\r\nContent-Length: 3\r\n\r\nyes", End.CLOSE),
        ),
        seen=_YES,
    ),
    Case(
        name="through-a-proxy-with-credentials",
        route="forward-with-credentials",
        answers=(whole(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nyes", End.CLOSE),),
        seen=_YES,
        withheld=b"Basic QWRhOnNlY3JldA==",
    ),
    _way("through-a-tunnel", "tunnel"),
    _way("through-a-tunnel-with-credentials", "tunnel-with-credentials"),
    _way("through-a-tunnel-that-opens-slowly", "tunnel-slow"),
    _no_way("tunnel-refused", "tunnel-403", "TunnelError"),
    _no_way("tunnel-wants-credentials", "tunnel-407", "TunnelError"),
    _no_way("nobody-listens", "no-listener", "DownloadConnectionRefusedError"),
    _no_way("no-tls-where-tls-is-asked-for", "no-tls", "DownloadFailedError"),
)
