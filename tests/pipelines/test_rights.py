"""Hosts are asked what they say of the rights in their pages: when, how often, and for what."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy import Request
from scrapy.exceptions import IgnoreRequest, NotConfigured
from scrapy.http import HtmlResponse, Response, TextResponse
from scrapy.settings import Settings

from archiver.capture import (
    HOME_KEY,
    PAGE_KEY,
    REQUISITE_KEY,
    RIGHTS_KEY,
    HostRights,
    Location,
    Page,
)
from pipelines import rights
from pipelines.rights import Rights

TDMREP, AI_TXT = "/.well-known/tdmrep.json", "/ai.txt"
FILES = {
    TDMREP: b'[{"location": "/mined/", "tdm-reservation": 1}]',
    AI_TXT: b"User-Agent: *\nDisallow: /trained/\n",
}
DAY = 86_400.0


class Engine:
    """Scrapy's engine as far as a middleware asks it to download something."""

    def __init__(self) -> None:
        self.asked: list[Request] = []
        self.answer: Callable[[Request], Response] = given

    @property
    def urls(self) -> list[str]:
        return [request.url for request in self.asked]

    async def download_async(self, request: Request) -> Response:
        self.asked.append(request)
        await asyncio.sleep(0)
        return self.answer(request)


def given(request: Request) -> Response:
    path = "/" + request.url.split("/", 3)[3]
    return TextResponse(request.url, body=FILES[path])


def missing(request: Request) -> Response:
    return TextResponse(request.url, status=404)


def broken(request: Request) -> Response:
    return TextResponse(request.url, status=503)


def a_page(request: Request) -> Response:
    return HtmlResponse(request.url, body=b"<html>User-Agent: *\nDisallow: /\n</html>")


def refused(request: Request) -> Response:
    raise IgnoreRequest("Forbidden by robots.txt")


def failing(request: Request) -> Response:
    raise OSError("no route to host")


class World:
    """A middleware, what it asks, and the time of day."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *, asks: bool = True) -> None:
        self.engine = Engine()
        self.spider = SimpleNamespace(archive_asks_for_rights=True) if asks else None
        self.now = 1_000.0
        self.rights = Rights(self.crawler)
        monkeypatch.setattr(rights, "time", SimpleNamespace(monotonic=lambda: self.now))

    @property
    def crawler(self) -> Any:  # Any: as much of a crawler as is asked for
        settings = Settings({"ROBOTSTXT_OBEY": False})
        return SimpleNamespace(engine=self.engine, settings=settings, spider=self.spider)

    def see(
        self, *requests: Request, kind: type[Response] = HtmlResponse, status: int = 200
    ) -> None:
        """Let all *requests* be answered at the same time."""

        async def all_at_once() -> None:
            answers: list[Coroutine[None, None, Response]] = [
                self.rights.process_response(request, kind(request.url, status=status))
                for request in requests
            ]
            await asyncio.gather(*answers)

        asyncio.run(all_at_once())


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    return World(monkeypatch)


def request_for(url: str, **meta: object) -> Request:
    """Return a request whose answer lies in the archive and may be declared a page."""
    page = Page(
        target=url,
        captured_at=datetime(2026, 5, 3, tzinfo=UTC),
        record_id="<urn:uuid:7f3c1f8e-0000-4000-8000-000000000001>",
        location=Location(filename="news-1.warc.gz", offset=512, length=2048),
        collection="news",
    )
    return Request(url, meta={PAGE_KEY: page, **meta})


def rights_in(request: Request) -> HostRights | None:
    page = request.meta[PAGE_KEY]
    assert isinstance(page, Page)
    assert request.meta.get(RIGHTS_KEY) is page.rights
    return page.rights


HOST = "https://news.example.org"
SAID = [
    ("/mined/1", HostRights(tdm_reservation=1)),
    ("/trained/2", HostRights(ai_txt_allowed=False)),
    ("/story/0", HostRights()),
]


@pytest.mark.parametrize(("path", "expected"), SAID)
def test_a_page_is_told_what_its_host_says_of_it(
    world: World, path: str, expected: HostRights
) -> None:
    request = request_for(f"{HOST}{path}")

    world.see(request)

    assert rights_in(request) == expected


def test_what_robots_txt_has_said_stays(world: World) -> None:
    known = HostRights(robots_allowed=True)
    request = request_for(f"{HOST}/mined/1", **{RIGHTS_KEY: known})

    world.see(request)

    assert rights_in(request) == HostRights(robots_allowed=True, tdm_reservation=1)


def test_pages_that_come_together_wait_for_one_answer(world: World) -> None:
    requests = [request_for(f"{HOST}/mined/{number}") for number in range(5)]

    world.see(*requests)

    assert world.engine.urls == [f"{HOST}{TDMREP}", f"{HOST}{AI_TXT}"]
    assert [rights_in(request) for request in requests] == [HostRights(tdm_reservation=1)] * 5


def test_each_scheme_host_and_port_is_asked_for_itself(world: World) -> None:
    origins = ("http://a.example", "https://a.example", "https://a.example:8443")

    world.see(*[request_for(f"{origin}/1") for origin in origins])

    assert sorted(world.engine.urls) == sorted(
        f"{origin}{path}" for origin in origins for path in (TDMREP, AI_TXT)
    )


ANSWERS = [
    # what is answered, seconds, how often both files are asked for by then
    (given, DAY - 1, 1),
    (given, DAY + 1, 2),
    (missing, DAY - 1, 1),
    (a_page, DAY - 1, 1),
    (broken, 599, 1),
    (broken, 601, 2),
    (failing, 599, 1),
    (failing, 601, 2),
    (refused, 601, 2),
]


@pytest.mark.parametrize(("answer", "seconds", "times"), ANSWERS)
def test_a_host_is_asked_once_a_day_and_sooner_if_it_could_not_answer(
    world: World, answer: Callable[[Request], Response], seconds: float, times: int
) -> None:
    world.engine.answer = answer
    world.see(request_for(f"{HOST}/story/0"))
    world.now += seconds

    world.see(request_for(f"{HOST}/story/1"))

    assert len(world.engine.asked) == 2 * times


@pytest.mark.parametrize("answer", [missing, broken, a_page, failing, refused])
def test_who_hands_nothing_out_has_said_nothing(
    world: World, answer: Callable[[Request], Response]
) -> None:
    world.engine.answer = answer
    request = request_for(f"{HOST}/mined/1")

    world.see(request)

    assert rights_in(request) == HostRights()


NOBODY_ASKS = [
    ("no HTML", request_for(f"{HOST}/a.png"), Response, 200),
    ("a status", request_for(f"{HOST}/gone"), HtmlResponse, 404),
    ("a requisite", request_for(f"{HOST}/frame", **{REQUISITE_KEY: "1"}), HtmlResponse, 200),
    ("robots.txt", request_for(f"{HOST}/robots.txt"), HtmlResponse, 200),
    ("ai.txt", request_for(f"{HOST}{AI_TXT}"), HtmlResponse, 200),
    ("not archived", Request(f"{HOST}/story/0"), HtmlResponse, 200),
]


@pytest.mark.parametrize(
    ("request_", "kind", "status"), [n[1:] for n in NOBODY_ASKS], ids=[n[0] for n in NOBODY_ASKS]
)
def test_nobody_is_asked_because_of_what_is_no_page(
    world: World, request_: Request, kind: type[Response], status: int
) -> None:
    world.see(request_, kind=kind, status=status)

    assert world.engine.asked == []


def test_the_answers_themselves_are_no_pages_wherever_they_lead(world: World) -> None:
    world.see(request_for(f"{HOST}/story/0"))
    redirected = world.engine.asked[0].replace(url="https://other.example/tdm")
    redirected.meta[PAGE_KEY] = request_for(redirected.url).meta[PAGE_KEY]

    world.see(redirected)

    assert len(world.engine.asked) == 2


def test_the_files_are_asked_for_with_no_more_force_than_they_are_worth(world: World) -> None:
    world.see(request_for(f"{HOST}/story/0", **{HOME_KEY: "news.example.org"}))

    meta = world.engine.asked[0].meta
    assert meta[HOME_KEY] == "news.example.org"
    assert (meta["dont_retry"], meta["download_maxsize"]) == (True, 1_048_576)
    assert "dont_obey_robotstxt" not in meta


def test_of_very_many_hosts_the_last_are_remembered(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rights, "_MOST_HOSTS", 2)
    first, second, third = (request_for(f"https://{name}.example/") for name in "abc")

    world.see(first)
    world.see(second)
    world.see(first)
    world.see(third)
    world.see(first)
    assert len(world.engine.asked) == 6

    world.see(second)
    assert len(world.engine.asked) == 8


def test_who_does_not_obey_robots_txt_asks_for_none_of_this(world: World) -> None:
    with pytest.raises(NotConfigured):
        Rights.from_crawler(world.crawler)


def test_a_spider_that_does_not_want_it_has_no_host_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World(monkeypatch, asks=False)
    request = request_for("http://a.test/story", **{RIGHTS_KEY: HostRights(robots_allowed=True)})
    world.see(request)

    assert world.engine.asked == []
    assert rights_in(request) == HostRights(robots_allowed=True)
