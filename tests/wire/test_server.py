"""The servers of the golden test, checked with bare sockets: their log is what was on the wire."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator, Sequence

import pytest
import trustme

from tests.wire.proxies import ConnectProxy, ForwardProxy
from tests.wire.script import PLAIN, Answer, End, Pause, Step, octet_by_octet, whole
from tests.wire.server import Servers, Stage

GET = b"GET /case/x HTTP/1.1\r\nHost: a\r\n\r\n"
POST = b"POST /case/x HTTP/1.1\r\ncontent-length: 9\r\n\r\n\r\n\r\n\r\n\r\n!"
PLAIN_OCTETS = b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Type: text/plain\r\n\r\nyes"


@pytest.fixture
def servers() -> Iterator[Servers]:
    """Yield servers that close with the test."""
    with Servers() as opened:
        yield opened


@pytest.mark.parametrize(
    ("steps", "received"),
    [
        ((b"one\r\n", Pause(0.01), b"two", End.CLOSE), b"one\r\ntwo"),
        ((*octet_by_octet(b"\x00\xff\r\n"), End.CLOSE), b"\x00\xff\r\n"),
        ((b"no answer at all", End.HALF_CLOSE), b"no answer at all"),
        ((End.CLOSE,), b""),
        ((b"z" * (3 << 20), End.CLOSE), b"z" * (3 << 20)),
    ],
    ids=["pauses", "single-octets", "half-close", "nothing", "3-mebibytes"],
)
def test_the_log_holds_what_the_client_received(
    servers: Servers, steps: tuple[Step, ...], received: bytes
) -> None:
    stage = Stage([whole(*steps)])

    octets = _ask(servers.open(stage), GET)

    assert octets == received
    assert [bytes(exchange.sent) for exchange in stage.exchanges] == [received]


@pytest.mark.parametrize("request_octets", [GET, POST], ids=["without-body", "with-body"])
def test_the_log_holds_what_the_client_sent(servers: Servers, request_octets: bytes) -> None:
    stage = Stage([whole(b"x", End.CLOSE)])

    _ask(servers.open(stage), request_octets)

    assert [exchange.received for exchange in stage.exchanges] == [request_octets]


def test_requests_on_one_connection_are_logged_as_such(servers: Servers) -> None:
    stage = Stage([whole(b"first"), whole(b"second", End.CLOSE)])

    octets = _ask(servers.open(stage), GET + POST)

    assert octets == b"firstsecond"
    assert [exchange.connection for exchange in stage.exchanges] == [1, 1]
    assert [exchange.received for exchange in stage.exchanges] == [GET, POST]


def test_a_script_goes_on_over_connections_and_ends_in_its_epilogue(servers: Servers) -> None:
    stage = Stage([whole(b"first", End.CLOSE)], epilogue=whole(b"last", End.CLOSE))
    port = servers.open(stage)

    octets = [_ask(port, GET), _ask(port, GET), _ask(port, GET)]

    assert octets == [b"first", b"last", b"last"]
    assert [exchange.connection for exchange in stage.exchanges] == [1, 2, 3]


def test_a_reset_is_a_reset(servers: Servers) -> None:
    stage = Stage([whole(b"half", Pause(), End.RESET)])

    with socket.create_connection(("127.0.0.1", servers.open(stage)), timeout=5) as client:
        client.sendall(GET)
        first = client.recv(100)
        with pytest.raises(ConnectionResetError):
            client.recv(100)

    assert first == b"half"


def test_a_waiting_server_leaves_the_end_to_the_client(servers: Servers) -> None:
    stage = Stage([whole(b"half", End.WAIT)])

    with socket.create_connection(("127.0.0.1", servers.open(stage)), timeout=0.3) as client:
        client.sendall(GET)
        first = client.recv(100)
        with pytest.raises(TimeoutError):
            client.recv(100)

    assert first == b"half"


def test_a_first_answer_waits_for_no_request(servers: Servers) -> None:
    stage = Stage([Answer(steps=(b"banner", End.CLOSE), block=b"banner", first=True)])

    with socket.create_connection(("127.0.0.1", servers.open(stage)), timeout=5) as client:
        octets = client.recv(100)

    assert octets == b"banner"


@pytest.mark.parametrize(
    ("end", "outcome"), [(End.CLOSE, b""), (End.CUT, ssl.SSLEOFError)], ids=["closed", "cut"]
)
def test_under_tls_only_a_close_says_goodbye(
    servers: Servers, end: End, outcome: bytes | type[Exception]
) -> None:
    authority = trustme.CA()
    server, client = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.create_default_context()
    authority.issue_cert("localhost").configure_cert(server)
    authority.configure_trust(client)
    stage = Stage([whole(b"secret", Pause(), end)])
    port = servers.open(stage, tls=server)

    with (
        socket.create_connection(("127.0.0.1", port), timeout=5) as bare,
        client.wrap_socket(
            bare, server_hostname="localhost", suppress_ragged_eofs=False
        ) as connection,
    ):
        connection.sendall(GET)
        first = connection.recv(100)
        second = _outcome_of_recv(connection)

    assert (first, second) == (b"secret", outcome)
    assert [exchange.received for exchange in stage.exchanges] == [GET]
    assert [exchange.tls for exchange in stage.exchanges] == [
        ("TLSv1.3", "TLS_AES_256_GCM_SHA384")
    ]


def test_a_proxy_relays_in_origin_form_and_logs_the_absolute_form(servers: Servers) -> None:
    stage = Stage([], epilogue=whole(*PLAIN.steps, End.CLOSE))
    origin = servers.open(stage)
    proxy = ForwardProxy()
    absolute = b"GET http://127.0.0.1:%d/case/x HTTP/1.1\r\nHost: a\r\n\r\n" % origin

    octets = _ask(servers.open(proxy), absolute, len(PLAIN_OCTETS))

    assert octets == PLAIN_OCTETS
    assert [exchange.received for exchange in stage.exchanges] == [GET]
    assert [exchange.received for exchange in proxy.exchanges] == [absolute]
    assert [bytes(exchange.sent) for exchange in proxy.exchanges] == [PLAIN_OCTETS]


def test_a_tunnel_carries_both_ways_and_logs_only_its_opening(servers: Servers) -> None:
    stage = Stage([whole(b"through", End.CLOSE)])
    proxy = ConnectProxy(b"HTTP/1.1 200 Fine\r\n", b"\r\n")
    connect = b"CONNECT 127.0.0.1:%d HTTP/1.1\r\n\r\n" % servers.open(stage)

    octets = _ask(servers.open(proxy), connect + GET)

    assert octets == b"HTTP/1.1 200 Fine\r\n\r\nthrough"
    assert proxy.received == [connect]
    assert [exchange.received for exchange in stage.exchanges] == [GET]


def test_a_proxy_that_refuses_opens_no_tunnel(servers: Servers) -> None:
    proxy = ConnectProxy(b"HTTP/1.1 403 No\r\n\r\n", refuses=True)

    octets = _ask(servers.open(proxy), b"CONNECT 127.0.0.1:1 HTTP/1.1\r\n\r\n")

    assert octets == b"HTTP/1.1 403 No\r\n\r\n"


def test_leaving_closes_what_still_waits() -> None:
    with Servers() as servers:
        port = servers.open(Stage([whole(b"half", End.WAIT)]))
        client = socket.create_connection(("127.0.0.1", port), timeout=5)
        client.sendall(GET)
        first = client.recv(100)

    with client:
        assert (first, client.recv(100)) == (b"half", b"")
    assert [thread for thread in threading.enumerate() if thread.name == "servers"] == []


def _ask(port: int, request: bytes, length: int | None = None) -> bytes:
    """Send *request* and return what comes back until the close, or *length* octets of it."""
    pieces: list[bytes] = []
    with socket.create_connection(("127.0.0.1", port), timeout=5) as client:
        client.sendall(request)
        while _total(pieces) != length and (piece := client.recv(1 << 16)):
            pieces.append(piece)
    return b"".join(pieces)


def _total(pieces: Sequence[bytes]) -> int:
    return sum(len(piece) for piece in pieces)


def _outcome_of_recv(connection: ssl.SSLSocket) -> bytes | type[Exception]:
    try:
        return connection.recv(100)
    except ssl.SSLError as error:
        return type(error)
