"""Requests as they go over the wire, to the octet, and heads as spiders see them.

Section numbers are those of RFC 9112 unless another RFC is named.
"""

from __future__ import annotations

from typing import Any

import pytest
from scrapy import Request

from archiver.head import Head, parse_head
from pipelines.message import headers_of, octets_of, route_of
from pipelines.pool import Proxy, Route

PROXY = {"proxy": "http://proxy.example.org:3128"}


def sent(request: Request) -> bytes:
    return octets_of(request, route_of(request, None))


# Whole requests

REQUESTS = [
    pytest.param(
        Request("http://example.org/story?q=1"),
        b"GET /story?q=1 HTTP/1.1\r\nHost: example.org\r\n\r\n",
        id="get",
    ),
    pytest.param(
        Request("https://example.org/", method="HEAD", headers={"Accept": "*/*"}),
        b"HEAD / HTTP/1.1\r\nHost: example.org\r\nAccept: */*\r\n\r\n",
        id="head-over-tls",
    ),
    pytest.param(
        Request("http://example.org/", method="POST", body=b"a=1\r\n\r\n\x00"),
        b"POST / HTTP/1.1\r\nHost: example.org\r\nContent-Length: 8\r\n\r\na=1\r\n\r\n\x00",
        id="post",
    ),
    pytest.param(
        Request("http://example.org/", body=b"{}"),
        b"GET / HTTP/1.1\r\nHost: example.org\r\nContent-Length: 2\r\n\r\n{}",
        id="get-with-a-body",
    ),
    pytest.param(
        Request("http://example.org/", headers={"B": "2", "A": ["1", "one"], "b-c": "3"}),
        b"GET / HTTP/1.1\r\nHost: example.org\r\nB: 2\r\nA: 1\r\nA: one\r\nB-C: 3\r\n\r\n",
        id="fields-in-order",
    ),
    pytest.param(
        Request("http://example.org/", headers={"Accept": "*/*", "Host": "other.example"}),
        b"GET / HTTP/1.1\r\nAccept: */*\r\nHost: other.example\r\n\r\n",
        id="a-host-of-the-users",
    ),
    pytest.param(
        Request("http://example.org/", headers={"X": "Br\xfccke".encode("latin-1")}),
        b"GET / HTTP/1.1\r\nHost: example.org\r\nX: Br\xfccke\r\n\r\n",
        id="latin-1",
    ),
    pytest.param(
        Request("http://example.org/", headers={"X": ""}),
        b"GET / HTTP/1.1\r\nHost: example.org\r\nX: \r\n\r\n",
        id="an-empty-value",
    ),
]


@pytest.mark.parametrize(("request_", "expected"), REQUESTS)
def test_a_request_is_written_like_this(request_: Request, expected: bytes) -> None:
    assert sent(request_) == expected


# 3.2.1 and 3.2.2: the target, and 7.2 of RFC 9110: Host

TARGETS = [
    ("http://example.org", b"/", b"example.org"),
    ("http://example.org?q=1", b"/?q=1", b"example.org"),
    ("http://example.org/a;b?c=d?e#f", b"/a;b?c=d?e", b"example.org"),
    ("http://example.org/#frag?ment", b"/", b"example.org"),
    ("http://example.org/%7Ea/%2F%E4", b"/%7Ea/%2F%E4", b"example.org"),
    ("http://example.org/ä b?q=ü", b"/%C3%A4%20b?q=%C3%BC", b"example.org"),
    ("http://example.org//a//b", b"//a//b", b"example.org"),
    ("http://example.org:80/", b"/", b"example.org"),
    ("http://example.org:443/", b"/", b"example.org:443"),
    ("http://example.org:8080/", b"/", b"example.org:8080"),
    ("https://example.org:443/", b"/", b"example.org"),
    ("https://example.org:80/", b"/", b"example.org:80"),
    ("http://[::1]/", b"/", b"[::1]"),
    ("http://[2001:db8::80]/", b"/", b"[2001:db8::80]"),
    ("http://[2001:db8::80]:80/", b"/", b"[2001:db8::80]"),
    ("http://[::1]:8080/", b"/", b"[::1]:8080"),
    ("http://bücher.example/", b"/", b"xn--bcher-kva.example"),
    ("http://ada:s3cret@example.org/", b"/", b"example.org"),
    ("http://ada:p%40ss@example.org:8080/", b"/", b"example.org:8080"),
    ("http://ada@example.org/@x", b"/@x", b"example.org"),
]


@pytest.mark.parametrize(("url", "target", "host"), TARGETS)
def test_an_origin_is_asked_for_path_and_query_at_its_host(
    url: str, target: bytes, host: bytes
) -> None:
    assert sent(Request(url)) == b"GET %b HTTP/1.1\r\nHost: %b\r\n\r\n" % (target, host)


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("http://example.org/a?b#c", b"http://example.org/a?b"),
        ("http://example.org", b"http://example.org/"),
        ("http://ada:s3cret@example.org:8080/", b"http://example.org:8080/"),
        ("http://[::1]:80/", b"http://[::1]/"),
    ],
)
def test_a_plain_proxy_is_asked_for_the_whole_target(url: str, target: bytes) -> None:
    request_line, host, *_ = sent(Request(url, meta=PROXY)).split(b"\r\n")

    assert request_line == b"GET " + target + b" HTTP/1.1"
    assert target.startswith(b"http://" + host.removeprefix(b"Host: ") + b"/")


def test_through_a_tunnel_the_origin_is_asked_for_path_and_query() -> None:
    assert sent(Request("https://example.org/a?b", meta=PROXY)) == (
        b"GET /a?b HTTP/1.1\r\nHost: example.org\r\n\r\n"
    )


@pytest.mark.parametrize(
    ("url", "meta", "is_sent"),
    [
        ("http://example.org/", PROXY, True),
        ("https://example.org/", PROXY, False),
        ("http://example.org/", {}, False),
        ("https://example.org/", {}, False),
    ],
    ids=["plain-proxy", "tunnel", "origin", "origin-over-tls"],
)
def test_only_a_plain_proxy_is_sent_its_credentials(
    url: str, meta: dict[str, Any], is_sent: bool
) -> None:
    request = Request(url, headers={"proxy-authorization": "Basic QWRh"}, meta=meta)

    assert (b"\r\nProxy-Authorization: Basic QWRh\r\n" in sent(request)) is is_sent


@pytest.mark.parametrize("name", ["Proxy-Authorization ", "Proxy-Authorization\r\n"])
def test_an_origin_gets_no_credentials_of_a_proxy_however_they_are_spelt(name: str) -> None:
    assert b"QWRh" not in sent(Request("http://example.org/", headers={name: "Basic QWRh"}))


# 6.2 and 8.6 of RFC 9110: how long a request is, is ours to say


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH"])
def test_a_method_that_means_a_body_says_when_there_is_none(method: str) -> None:
    assert sent(Request("http://example.org/", method=method)).endswith(
        b"\r\nContent-Length: 0\r\n\r\n"
    )


@pytest.mark.parametrize("method", ["GET", "HEAD", "DELETE", "OPTIONS", "TRACE"])
def test_other_methods_say_nothing_of_a_body_that_is_not_there(method: str) -> None:
    assert b"Content-Length" not in sent(Request("http://example.org/", method=method))


@pytest.mark.parametrize(
    "name",
    [
        "Content-Length",
        "content-length",
        "Content-Length ",
        " Content-Length",
        "Content-Length\r\n",
        "Content-Length:",
        "Content\r\n-Length",
    ],
)
def test_a_length_that_the_user_gives_is_replaced(name: str) -> None:
    request = Request("http://example.org/", method="POST", body=b"hello", headers={name: "99"})

    assert sent(request) == (
        b"POST / HTTP/1.1\r\nHost: example.org\r\nContent-Length: 5\r\n\r\nhello"
    )


@pytest.mark.parametrize("name", ["Transfer-Encoding", "transfer-encoding", "Transfer-Encoding "])
def test_a_transfer_coding_that_the_user_gives_is_not_sent(name: str) -> None:
    request = Request("http://example.org/", body=b"hello", headers={name: "chunked"})

    assert sent(request) == (
        b"GET / HTTP/1.1\r\nHost: example.org\r\nContent-Length: 5\r\n\r\nhello"
    )


# Nobody begins a line of their own (11.1)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("a\r\nEvil: 1", b"a Evil: 1"),
        ("a\nEvil: 1", b"a Evil: 1"),
        ("a\rEvil: 1", b"a Evil: 1"),
        ("a\r\n\r\nGET / HTTP/1.1", b"a  GET / HTTP/1.1"),
        ("a\x00b", b"a b"),  # RFC 9110, 5.5
    ],
)
def test_a_value_stays_on_its_line(value: str, expected: bytes) -> None:
    assert sent(Request("http://example.org/", headers={"X": value})) == (
        b"GET / HTTP/1.1\r\nHost: example.org\r\nX: " + expected + b"\r\n\r\n"
    )


@pytest.mark.parametrize("name", ["X\r\nEvil", "X\nEvil", "X\rEvil", "X: 1\r\nEvil", "\r\n\r\nX"])
def test_a_name_stays_on_its_line(name: str) -> None:
    octets = sent(Request("http://example.org/", headers={name: "1"}))

    assert octets.count(b"\r") == octets.count(b"\n") == octets.count(b"\r\n") == 4
    assert octets.endswith(b": 1\r\n\r\n")


@pytest.mark.parametrize(
    "url", ["http://example.org/a b\r\nEvil: 1", "http://example.org/\x00?\n"]
)
def test_a_target_that_was_never_escaped_stays_on_its_line(url: str) -> None:
    request_line, host, *rest = sent(Request(url, meta={"verbatim_url": True})).split(b"\r\n")

    assert (request_line.count(b" "), host, rest) == (2, b"Host: example.org", [b"", b""])


@pytest.mark.parametrize("method", ["GET / HTTP/1.1\r\nEvil: 1\r\nX:", "GE T", "", "GET\n", "GÉT"])
def test_a_method_that_is_no_token_is_refused(method: str) -> None:
    with pytest.raises(ValueError, match=r"method|encode"):
        sent(Request("http://example.org/", method=method))


# Routes


@pytest.mark.parametrize(
    ("url", "host", "port", "is_tls"),
    [
        ("http://example.org/", "example.org", 80, False),
        ("https://example.org/", "example.org", 443, True),
        ("https://Example.ORG:8443/", "example.org", 8443, True),
        ("http://ada:x@[2001:DB8::1]:8080/", "2001:db8::1", 8080, False),
        ("http://bücher.example/", "xn--bcher-kva.example", 80, False),
    ],
)
def test_a_route_leads_to_host_and_port(url: str, host: str, port: int, is_tls: bool) -> None:
    assert route_of(Request(url), None) == Route(host=host, port=port, is_tls=is_tls)


@pytest.mark.parametrize(
    ("address", "proxy"),
    [
        ("http://proxy.example.org:3128", Proxy(host="proxy.example.org", port=3128)),
        ("http://proxy.example.org", Proxy(host="proxy.example.org", port=80)),
        ("proxy.example.org:3128", Proxy(host="proxy.example.org", port=3128)),
        ("https://proxy.example.org", Proxy(host="proxy.example.org", port=443, is_tls=True)),
        ("http://[::1]:3128", Proxy(host="::1", port=3128)),
        ("", None),
        (None, None),
    ],
)
def test_a_route_goes_through_the_proxy_of_the_request(
    address: str | None, proxy: Proxy | None
) -> None:
    request = Request("http://example.org/", meta={"proxy": address})

    assert route_of(request, None).proxy == proxy


def test_only_tls_through_a_proxy_is_a_tunnel() -> None:
    tunnels = [
        route_of(Request(f"{scheme}://example.org/", meta=meta), None).is_tunnel
        for scheme in ("http", "https")
        for meta in (None, PROXY)
    ]

    assert tunnels == [False, False, False, True]


def test_tls_to_a_proxy_and_on_through_it_is_refused_as_scrapy_does() -> None:
    request = Request("https://example.org/", meta={"proxy": "https://proxy.example.org"})

    with pytest.raises(NotImplementedError, match="HTTPS proxies for HTTPS destinations"):
        route_of(request, None)


def test_credentials_of_a_proxy_divide_routes_and_are_never_shown() -> None:
    headers = {"Proxy-Authorization": "Basic QWRh"}
    request = Request("https://example.org/", headers=headers, meta=PROXY)

    route = route_of(request, None)

    assert route.proxy is not None
    assert route.proxy.authorization == b"Basic QWRh"
    assert route != route_of(Request("https://example.org/", meta=PROXY), None)
    assert "QWRh" not in repr(route)


@pytest.mark.parametrize(
    ("meta", "expected"),
    [
        ({}, ("127.0.0.9", 0)),
        ({"bindaddress": None}, ("127.0.0.9", 0)),
        ({"bindaddress": "127.0.0.2"}, ("127.0.0.2", 0)),
        ({"bindaddress": ("127.0.0.2", 4000)}, ("127.0.0.2", 4000)),
    ],
)
def test_a_request_may_choose_its_local_address(
    meta: dict[str, Any], expected: tuple[str, int]
) -> None:
    route = route_of(Request("http://example.org/", meta=meta), ("127.0.0.9", 0))

    assert route.bind_address == expected


# What a spider sees


def head_with(lines: bytes) -> Head:
    head = parse_head(b"HTTP/1.1 200 OK\r\n" + lines + b"\r\n")
    assert head is not None
    return head


def test_a_spider_sees_the_fields_of_the_message() -> None:
    headers = headers_of(head_with(b"server: x\r\nContent-Length: 5\r\nX-Br\xfc: \xfc\r\n"))

    assert [(name, headers.getlist(name)) for name in headers] == [
        (b"Server", [b"x"]), (b"Content-Length", [b"5"]), (b"X-Br\xfc", [b"\xfc"]),
    ]  # fmt: skip


def test_repeated_fields_keep_their_order_however_they_are_spelt() -> None:
    headers = headers_of(head_with(b"Set-Cookie: a\r\nset-cookie: b\r\nSet-Cookie: c\r\n"))

    assert headers.getlist("Set-Cookie") == [b"a", b"b", b"c"]


@pytest.mark.parametrize(
    "name",
    [
        b"Connection", b"keep-alive", b"Proxy-Connection", b"TE", b"Trailers",
        b"Transfer-Encoding", b"UPGRADE",
    ],
)  # fmt: skip
def test_a_spider_does_not_see_the_fields_of_the_connection(name: bytes) -> None:
    assert list(headers_of(head_with(name + b": x\r\nA: 1\r\n"))) == [b"A"]


def test_a_head_full_of_one_field_takes_no_longer_than_another() -> None:
    headers = headers_of(head_with(b"A:\r\n" * 60_000))

    assert len(headers.getlist(b"A")) == 60_000


@pytest.mark.parametrize("host", ["nul\0.example", "blank .example", "del\x7f.example"])
def test_what_can_be_no_host_is_not_asked_for(host: str) -> None:
    request = Request(f"http://{host}/")

    with pytest.raises(ValueError, match="is not the name of a host"):
        octets_of(request, route_of(request, None))
