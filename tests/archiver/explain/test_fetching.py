from __future__ import annotations

import socket

import pytest

from archiver import __version__
from archiver.explain.fetching import NotFetched, fetch
from tests.archiver.explain.serving import ok, serving

BODY = b"<title>The ferry</title>"
PAGE = ok(BODY, "Content-Type: text/html")
REMEDY = "save the page in a browser, and give the file"


def moved(location: str) -> bytes:
    head = f"HTTP/1.1 302 Found\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n"
    return head.encode("latin-1")


def refused(url: str, *, most: int = 10_000, seconds: float = 20) -> str:
    with pytest.raises(NotFetched) as error:
        fetch(url, most=most, seconds=seconds)
    return str(error.value)


def test_a_page_comes_as_it_crossed_the_wire() -> None:
    with serving(PAGE) as server:
        fetched = fetch(f"{server.address}/story?a=1#part", most=10_000)

    assert (fetched.url, fetched.block) == (f"{server.address}/story?a=1", PAGE)


def test_a_request_says_who_asks_and_nothing_private() -> None:
    with serving(PAGE) as server:
        fetch(f"{server.address}/größe?a=1", most=10_000)

    assert server.requests == [
        b"GET /gr%C3%B6%C3%9Fe?a=1 HTTP/1.1\r\n"
        b"Host: " + server.address.removeprefix("http://").encode() + b"\r\n"
        b"User-Agent: archiver/" + __version__.encode() + b"\r\n"
        b"Accept: text/html,application/xhtml+xml;q=0.9,*/*;q=0.1\r\n"
        b"Accept-Encoding: gzip\r\nConnection: close\r\n\r\n"
    ]


def test_redirects_are_followed() -> None:
    with serving(moved("/new"), moved("ADDRESS/newer"), PAGE) as server:
        fetched = fetch(server.address, most=10_000)

    assert fetched.url == f"{server.address}/newer"
    assert [request.split()[1] for request in server.requests] == [b"/", b"/new", b"/newer"]


def test_redirects_without_end_are_not_followed() -> None:
    with serving(*[moved("/")] * 11) as server:
        sentence = refused(server.address)

    assert sentence == f"{server.address} leads from one address to the next without end: {REMEDY}"


@pytest.mark.parametrize(
    "location", ["file:///etc/passwd", "ftp://example.org/", "http://user:pw@127.0.0.1/"]
)
def test_a_redirect_out_of_the_web_is_not_followed(location: str) -> None:
    with serving(moved(location)) as server:
        sentence = refused(server.address)

    assert sentence == f"{server.address}/ leads to {location!r}, which is no address of the web"


@pytest.mark.parametrize("host", ["localhost", "127.0.0.2", "[::1]"])
def test_a_redirect_into_a_private_network_is_not_followed(host: str) -> None:
    with serving(moved(f"http://{host}:9/")) as server:
        sentence = refused(server.address)

    assert sentence.startswith("a redirect leads into a private network, to http://")


def test_what_is_too_long_is_left() -> None:
    with serving(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 600_000, trickles=b"x" * 10_000) as server:
        sentence = refused(server.address)

    assert sentence == f"{server.address}/ is longer than 10000 octets: no page is so long"


@pytest.mark.parametrize("beginning", [b"", b"HTTP/1.1 200 OK\r\n", PAGE[:-5] + b"\r\n"])
def test_who_sends_an_octet_now_and_then_is_given_up(beginning: bytes) -> None:
    beginning = beginning.replace(b"24", b"900")
    with serving(beginning, trickles=b"H") as server:
        sentence = refused(server.address, seconds=0.3, most=1 << 20)

    assert sentence == f"{server.address}/ took more than 0.3 seconds: {REMEDY}"


def test_what_is_no_http_is_named() -> None:
    with serving(b"SSH-2.0-server\r\n") as server:
        sentence = refused(server.address)

    assert sentence == f"{server.address}/ does not answer in HTTP: {REMEDY}"


def test_a_page_that_is_cut_short_is_taken_as_far_as_it_came() -> None:
    with serving(PAGE[:-5]) as server:
        assert fetch(server.address, most=10_000).block == PAGE[:-5]


def test_a_server_that_is_not_there_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"http://127.0.0.1:{server.getsockname()[1]}/"

    assert refused(address) == f"{address} cannot be had (Connection refused): {REMEDY}"


def test_a_server_without_tls_is_named() -> None:
    with serving(b"HTTP/1.1 400 Bad\r\n\r\n") as server:
        sentence = refused(server.address.replace("http:", "https:"))

    assert sentence.endswith(REMEDY)


@pytest.mark.parametrize(
    "url", ["ftp://example.org/", "https://", "https://me:secret@example.org/"]
)
def test_what_is_no_address_of_the_web_is_asked_of_nobody(url: str) -> None:
    assert refused(url)
