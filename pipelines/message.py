"""Between Scrapy's messages and the wire: a request's octets and route, a head's headers."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, urlsplit

from scrapy import Request
from scrapy.http import Headers
from scrapy.utils._download_handlers import normalize_bind_address
from scrapy.utils.url import add_http_if_no_scheme

from archiver.head import Head
from pipelines.pool import Proxy, Route

_PORTS = {"http": 80, "https": 443}
# Fields that speak of the connection and not of the message: Twisted's client keeps them from
# Scrapy's responses, and so do we.
_OF_CONNECTION = {
    b"connection", b"keep-alive", b"proxy-connection", b"te", b"trailers", b"transfer-encoding",
    b"upgrade",
}  # fmt: skip
# Fields that we write ourselves: two answers to one question of framing are request smuggling.
_OURS = {b"content-length", b"transfer-encoding"}
_METHOD = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_NOT_IN_A_NAME = re.compile(rb"[^!#$%&'*+.^_`|~0-9A-Za-z-]")  # RFC 9110, 5.6.2
_NOT_IN_A_VALUE = re.compile(rb"\r\n|[\r\n\0]")
_NOT_IN_A_HOST = re.compile(r"[\x00-\x20\x7f]")
_NOT_IN_TARGET = re.compile(rb"[\x00-\x20\x7f]")


def route_of(request: Request, bind_address: tuple[str, int] | None) -> Route:
    """Return the way that *request* asks for: its host, proxy and local address."""
    url = urlsplit(request.url)
    bound = normalize_bind_address(request.meta.get("bindaddress")) or bind_address
    return Route(
        host=url.hostname or "",
        port=url.port or _PORTS[url.scheme],
        is_tls=url.scheme == "https",
        proxy=_proxy_of(request, is_tls=url.scheme == "https"),
        bind_address=bound,
    )


def octets_of(request: Request, route: Route) -> bytes:
    """Return *request* as HTTP/1.1 writes it (RFC 9112, 3 and 5). ValueError if it cannot be.

    Header fields keep Scrapy's order. Host comes first where a user gave none. A request to a
    plain proxy names its whole target; only there the proxy's credentials belong.
    """
    url = urlsplit(request.url)
    asks_proxy = route.proxy is not None and not route.is_tunnel
    if not _METHOD.fullmatch(request.method):
        raise ValueError(f"method {request.method!r} is no word that HTTP allows")
    method = request.method.encode("ascii")
    lines = [b"%s %s HTTP/1.1" % (method, _request_target(url, asks_proxy=asks_proxy))]
    if b"Host" not in request.headers:
        lines.append(b"Host: " + _host_field(url))
    for given, values in request.headers.items():
        name = _NOT_IN_A_NAME.sub(b"", given)
        kept_back = not asks_proxy and name.lower() == b"proxy-authorization"
        if name and name.lower() not in _OURS and not kept_back:
            lines += [b"%s: %s" % (name, _NOT_IN_A_VALUE.sub(b" ", value)) for value in values]
    if request.body or method in (b"POST", b"PUT", b"PATCH"):
        lines.append(b"Content-Length: %d" % len(request.body))
    return b"\r\n".join((*lines, b"", request.body))


def headers_of(head: Head) -> Headers:
    """Return what a spider sees of *head*: all fields but those of the connection."""
    # All at once: one by one, Scrapy takes minutes for a head in which a field is repeated as
    # often as there is room for it.
    return Headers(
        [(name, value) for name, value in head.fields if name.lower() not in _OF_CONNECTION]
    )


def _proxy_of(request: Request, *, is_tls: bool) -> Proxy | None:
    address = request.meta.get("proxy")
    if not address:
        return None
    url = urlsplit(add_http_if_no_scheme(address))
    if is_tls and url.scheme == "https":
        raise NotImplementedError("HTTPS proxies for HTTPS destinations are not supported")
    return Proxy(
        host=url.hostname or "",
        port=url.port or _PORTS.get(url.scheme, 80),
        is_tls=url.scheme == "https",
        authorization=request.headers.get(b"Proxy-Authorization"),
    )


def _request_target(url: SplitResult, *, asks_proxy: bool) -> bytes:
    target = (url.path or "/") + (f"?{url.query}" if url.query else "")
    octets = target.encode("ascii")
    if asks_proxy:
        octets = b"%s://%s%s" % (url.scheme.encode("ascii"), _host_field(url), octets)
    # A URL that was never escaped (`verbatim_url`) may not end the request line early.
    return _NOT_IN_TARGET.sub(lambda match: b"%%%02X" % match[0][0], octets)


def _host_field(url: SplitResult) -> bytes:
    """Return host and, unless it is the scheme's own, port; credentials stay behind."""
    host = url.netloc.rpartition("@")[2]
    if _NOT_IN_A_HOST.search(host):
        raise ValueError(f"{host!r} is not the name of a host")
    return host.removesuffix(f":{_PORTS[url.scheme]}").encode("ascii")
