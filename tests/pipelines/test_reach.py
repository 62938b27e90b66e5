"""What a crawl connects to, and what it does not, whatever its names lead to."""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import Awaitable, Sequence
from typing import Any, TypeVar

import pytest
from scrapy import Request, Spider
from scrapy.statscollectors import StatsCollector
from scrapy.utils.test import get_crawler

from archiver.capture import HOME_KEY
from pipelines.connection import Connection
from pipelines.message import route_of
from pipelines.pool import Pool
from pipelines.reach import Permit, Reach, Refused

T = TypeVar("T")
WORLD, OTHER_WORLD = "93.184.216.34", "2606:2800:220:1::1"


@pytest.fixture
def stats() -> StatsCollector:
    found: StatsCollector = get_crawler(Spider).stats
    return found


@pytest.fixture
def reach(stats: StatsCollector) -> Reach:
    return Reach(stats, (".corp.example", "10.9.0.0/16"))


def permit(reach: Reach, url: str, home: str | None = None, *, is_proxied: bool = False) -> Permit:
    request = Request(url, meta={HOME_KEY: home} if home else {})
    return reach.permit(request, route_of(request, None).host, is_proxied=is_proxied)


# The host of a request, its home, the addresses of its host, and those of them that it may try.
ALLOWED = [
    ("example.org", None, [WORLD], [WORLD]),
    ("example.org", "example.org", [WORLD, OTHER_WORLD], [WORLD, OTHER_WORLD]),
    ("example.org", None, ["10.0.0.1", WORLD, "::1"], [WORLD]),
    ("example.org", "example.org", ["10.0.0.1", WORLD, "::1"], [WORLD]),
    ("example.org", None, ["10.9.0.1", "10.0.0.1"], ["10.9.0.1"]),
    ("example.org", None, ["10.9.0.1", "10.0.0.1", WORLD], ["10.9.0.1", WORLD]),
    ("wiki", "wiki", ["10.0.0.1"], ["10.0.0.1"]),
    ("wiki", "wiki", ["10.0.0.1", "169.254.1.1", "fd00::1"], ["10.0.0.1", "fd00::1"]),
    ("WIKI.", "wiki", ["127.0.0.1"], ["127.0.0.1"]),
    ("localhost", "localhost", ["127.0.0.1", "::1"], ["127.0.0.1", "::1"]),
    ("localhost", None, ["10.9.0.1", "127.0.0.1"], ["10.9.0.1"]),
    ("wiki.corp.example", None, ["10.0.0.1"], ["10.0.0.1"]),
    ("wiki.corp.example", "example.org", ["169.254.169.254"], ["169.254.169.254"]),
    ("10.9.0.1", None, ["10.9.0.1"], ["10.9.0.1"]),
    ("10.0.0.1", "10.0.0.1", ["10.0.0.1"], ["10.0.0.1"]),
    ("169.254.169.254", "169.254.169.254", ["169.254.169.254"], ["169.254.169.254"]),
    ("127.1", "127.1", ["127.0.0.1"], ["127.0.0.1"]),
    ("[::1]", "::1", ["::1"], ["::1"]),
    (WORLD, None, [WORLD], [WORLD]),
]
REFUSED = [
    ("example.org", None, ["127.0.0.1"], "example.org leads to 127.0.0.1, which lies on a"),
    ("example.org", None, ["10.0.0.1", "::1"], "example.org leads to 10.0.0.1, which lies on"),
    ("example.org", None, ["169.254.169.254"], "leads to 169.254.169.254"),
    ("example.org", None, ["::1"], "leads to ::1"),
    ("example.org", None, ["fe80::1%eth0"], "leads to fe80::1%eth0"),
    ("example.org", None, ["::ffff:127.0.0.1"], "leads to ::ffff:127.0.0.1"),
    ("example.org", "example.org", ["169.254.169.254"], "leads to 169.254.169.254"),
    ("metadata.google.internal", "metadata.google.internal", ["169.254.169.254"], "leads to"),
    ("example.org", "example.org", ["0.0.0.0"], "leads to 0.0.0.0"),
    ("wiki", "example.org", ["10.0.0.1"], "wiki leads to 10.0.0.1"),
    ("wiki.example.org", "example.org", ["10.0.0.1"], "leads to 10.0.0.1"),
    ("corp.example", None, ["10.0.0.1"], "leads to 10.0.0.1"),
    ("localhost", None, ["127.0.0.1"], "localhost leads to 127.0.0.1"),
    ("localhost", None, [WORLD], f"localhost leads to {WORLD}"),
    ("vault.internal", "example.org", [WORLD], "vault.internal leads to"),
    ("10.0.0.1", "example.org", ["10.0.0.1"], "10.0.0.1 lies on a closed network"),
    ("10.0.0.1", "10.0.0.2", ["10.0.0.1"], "10.0.0.1 lies on"),
    ("2130706433", "127.0.0.1", ["127.0.0.1"], "2130706433 leads to 127.0.0.1"),
]


@pytest.mark.parametrize(("host", "home", "addresses", "expected"), ALLOWED)
def test_a_request_may_reach_the_world_its_home_and_what_is_listed(
    reach: Reach, host: str, home: str | None, addresses: list[str], expected: list[str]
) -> None:
    allowed = permit(reach, f"http://{host}/", home)

    assert allowed.among(addresses) == expected
    assert allowed.allows(expected[0])


@pytest.mark.parametrize(("host", "home", "addresses", "reason"), REFUSED)
def test_a_request_may_reach_nobody_else(
    reach: Reach, host: str, home: str | None, addresses: list[str], reason: str
) -> None:
    asked = permit(reach, f"http://{host}/", home)

    with pytest.raises(Refused, match=reason) as refused:
        asked.among(addresses)
    assert "ARCHIVE_PRIVATE_HOSTS" in str(refused.value)
    assert not asked.allows(addresses[0])


def test_a_home_that_was_out_in_the_world_once_is_no_private_one_later(reach: Reach) -> None:
    permit(reach, "http://example.org/", "example.org").among([WORLD])
    later = permit(reach, "http://example.org/", "example.org")

    with pytest.raises(Refused):
        later.among(["10.0.0.1"])


def test_a_home_that_was_private_at_first_stays_so(reach: Reach) -> None:
    permit(reach, "http://wiki/", "wiki").among(["10.0.0.1"])
    permit(reach, "http://wiki/", "wiki").among([WORLD])

    assert permit(reach, "http://wiki/", "wiki").among(["10.0.0.2"]) == ["10.0.0.2"]


def test_what_another_seed_asks_does_not_say_what_a_home_is(reach: Reach) -> None:
    permit(reach, "http://wiki/", "example.org").among([WORLD])

    assert permit(reach, "http://wiki/", "wiki").among(["10.0.0.1"]) == ["10.0.0.1"]


@pytest.mark.parametrize(
    ("host", "home"),
    [
        ("example.org", None),
        ("wiki", None),
        ("wiki.corp.example", None),
        ("localhost", "localhost"),
        ("127.0.0.1", "127.0.0.1"),
        ("10.9.0.1", None),
    ],
)
def test_a_proxy_connects_to_whatever_it_likes_for_a_host_that_may_be_named(
    reach: Reach, host: str, home: str | None
) -> None:
    asked = permit(reach, f"http://{host}/", home, is_proxied=True)

    assert asked.allows("127.0.0.1")


@pytest.mark.parametrize(
    "host", ["localhost", "a.localhost", "127.0.0.1", "0x7f.1", "[::1]", "10.0.0.1", "a.internal"]
)
def test_no_proxy_is_asked_for_a_closed_network(reach: Reach, host: str) -> None:
    with pytest.raises(Refused, match="lies on a closed network"):
        permit(reach, f"http://{host}/", "example.org", is_proxied=True)


def test_refusals_are_counted_and_the_first_of_them_told(
    reach: Reach, stats: StatsCollector, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, logger="pipelines.reach"):
        for number in range(9):
            reach.refused(f"http://10.0.0.1/{number}", "10.0.0.1 lies on a closed network")

    assert stats.get_value("archive/private_refused_count") == 9
    assert len(caplog.messages) == 5
    assert caplog.messages[0] == (
        "Not asked: http://10.0.0.1/0: 10.0.0.1 lies on a closed network: "
        "ARCHIVE_PRIVATE_HOSTS can let this crawl ask it"
    )


class Line:
    """An end of a connection that leads to *peer*."""

    def __init__(self, peer: str) -> None:
        self.peer = peer
        self.is_gone = False

    def get_extra_info(self, name: str) -> tuple[str, int] | None:
        return (self.peer, 80) if name == "peername" else None

    def is_closing(self) -> bool:
        return self.is_gone

    def abort(self) -> None:
        self.is_gone = True


class Network(asyncio.SelectorEventLoop):
    """A loop whose names lead to *answers*, one after the other, and whose connections to *led*.

    A connection leads to what was asked for unless *led* says where to instead. *asked* holds
    the addresses that were connected to. Any: a loop takes more than we give it.
    """

    def __init__(self, answers: Sequence[Sequence[str]], led: dict[str, str]) -> None:
        super().__init__()
        self.asked: list[str] = []
        self.lines: list[Line] = []
        self._answers = list(answers)
        self._led = led

    async def getaddrinfo(self, host: Any, port: Any, **options: Any) -> Any:
        return [(0, 0, 0, "", (address, 0)) for address in self._answers.pop(0)]

    async def create_connection(self, *arguments: Any, **options: Any) -> Any:
        factory, host, _port = arguments
        self.asked.append(host)
        self.lines.append(Line(self._led.get(host, host)))
        connection = factory()
        line: Any = self.lines[-1]
        connection.connection_made(line)
        return line, connection


def on(network: Network, steps: Awaitable[T]) -> T:
    try:
        return network.run_until_complete(steps)
    finally:
        network.close()


@pytest.fixture(autouse=True)
def _without_reactor(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have names asked of the loop, even where a test before this one has made a reactor."""
    monkeypatch.setattr("pipelines.resolver.is_reactor_installed", lambda: False)


URL = "http://example.org/"


async def opened(pool: Pool, reach: Reach, url: str, home: str | None = None) -> Connection:
    request = Request(url, meta={HOME_KEY: home} if home else {})
    route = route_of(request, None)
    asked = reach.permit(request, route.host, is_proxied=False)
    return pool.take(route, asked) or await pool.open(route, asked)


def pool() -> Pool:
    return Pool(ssl.create_default_context(), per_route=8)


def test_a_name_that_changes_its_mind_between_two_connections_is_refused(reach: Reach) -> None:
    async def steps() -> None:
        kept = pool()
        await opened(kept, reach, URL, "example.org")
        with pytest.raises(Refused, match=r"leads to 127\.0\.0\.1"):
            await opened(kept, reach, URL, "example.org")

    network = Network([[WORLD], ["127.0.0.1"]], {})
    on(network, steps())

    assert network.asked == [WORLD]


def test_nothing_is_resolved_between_the_check_and_the_connection(reach: Reach) -> None:
    network = Network([[WORLD, "10.0.0.1"], ["10.0.0.1"]], {})
    on(network, opened(pool(), reach, URL))

    assert network.asked == [WORLD]


def test_a_connection_that_leads_elsewhere_than_it_was_to_is_dropped(reach: Reach) -> None:
    network = Network([[WORLD]], {WORLD: "10.0.0.1"})

    with pytest.raises(Refused, match=r"leads to 10\.0\.0\.1"):
        on(network, opened(pool(), reach, URL))
    assert [line.is_gone for line in network.lines] == [True]


def test_an_idle_connection_of_who_is_at_home_is_not_lent_to_others(reach: Reach) -> None:
    async def steps() -> tuple[Connection, Connection]:
        kept = pool()
        first = await opened(kept, reach, "http://wiki/", "wiki")
        kept.give(route_of(Request("http://wiki/"), None), first)
        with pytest.raises(Refused, match=r"wiki leads to 10\.0\.0\.1"):
            await opened(kept, reach, "http://wiki/", "example.org")
        second = await opened(kept, reach, "http://wiki/", "wiki")
        kept.close()
        return first, second

    network = Network([["10.0.0.1"], ["10.0.0.1"]], {})
    first, second = on(network, steps())

    assert first is second
    assert network.asked == ["10.0.0.1"]
