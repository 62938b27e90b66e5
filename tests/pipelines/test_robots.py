"""robots.txt, asked for and obeyed: what is asked, and what becomes of whoever waits for it."""

from __future__ import annotations

import asyncio
import logging
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy import Request, Spider, signals
from scrapy.core.downloader import Slot
from scrapy.exceptions import DownloadTimeoutError, IgnoreRequest
from scrapy.http import Response
from scrapy.robotstxt import RobotParser
from scrapy.utils.httpobj import urlparse_cached
from scrapy.utils.test import get_crawler

import pipelines.robots
from archiver.capture import HOME_KEY, LEASE_KEY, RIGHTS_KEY, UNDONE_KEY, HostRights
from archiver.robots import DAY
from pipelines.backoff import FOR_RULES_KEY, RulesUnreachable
from pipelines.robots import Robots
from pipelines.visit import WITHHELD

RULES = b"User-agent: archiver\nDisallow: /private\nCrawl-delay: 3\n"


class Stage:
    """The middleware, and an engine whose downloads the test answers."""

    def __init__(self, *answers: Response | Exception, **settings: Any) -> None:
        self.asked: list[Request] = []
        self.slot = Slot(2, 1.0, 0.5)
        self._answers = list(answers)
        given = {"ROBOTSTXT_OBEY": True, "USER_AGENT": "archiver/1 (+me@example.org)", **settings}
        self.crawler = get_crawler(Spider, given)
        downloader = SimpleNamespace(
            slots={"a.example": self.slot},
            per_slot_settings={},
            get_slot_key=lambda request: urlparse_cached(request).hostname,
        )
        self.crawler.engine = SimpleNamespace(  # type: ignore[assignment]
            downloader=downloader, download_async=self._download
        )
        self.robots = Robots.from_crawler(self.crawler)

    async def _download(self, request: Request) -> Response:
        self.asked.append(request)
        answer = self._answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer.replace(url=request.url)

    def ask(self, *requests: Request) -> list[BaseException | None]:
        """Let *requests* go by at once; return what they meet with."""

        async def all_of_them() -> list[BaseException | None]:
            going = (self.robots.process_request(request) for request in requests)
            return await asyncio.gather(*going, return_exceptions=True)

        return asyncio.run(all_of_them())

    def stat(self, name: str) -> int:
        count: int = self.crawler.stats.get_value(f"robotstxt/{name}", 0)
        return count


def answer(body: bytes = RULES, status: int = 200, **headers: str) -> Response:
    return Response("http://a.example/robots.txt", status=status, body=body, headers=headers)


def page(path: str = "/a", meta: dict[str, Any] | None = None) -> Request:
    return Request(f"http://a.example{path}", meta=meta)


def kinds(outcomes: list[BaseException | None]) -> list[str]:
    return [type(outcome).__name__ for outcome in outcomes]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """Give the clock by which rules grow old."""
    hands = SimpleNamespace(now=1000.0)
    hands.monotonic = lambda: hands.now
    monkeypatch.setattr(pipelines.robots, "time", hands)
    return hands


# The rules


def test_what_is_forbidden_is_refused_and_the_rest_goes_by_after_one_request() -> None:
    stage = Stage(answer())

    outcomes = stage.ask(page("/private/1"), page("/a"), page("/private/2"), page("/b"))

    assert kinds(outcomes) == ["IgnoreRequest", "NoneType", "IgnoreRequest", "NoneType"]
    assert [request.url for request in stage.asked] == ["http://a.example/robots.txt"]
    assert (stage.stat("forbidden"), stage.stat("request_count")) == (2, 1)
    assert (stage.stat("response_count"), stage.stat("response_status_count/200")) == (1, 1)


def test_each_origin_has_rules_of_its_own() -> None:
    stage = Stage(answer(), answer(b""))

    stage.ask(page())
    outcomes = stage.ask(Request("https://a.example/private"))

    assert kinds(outcomes) == ["NoneType"]
    assert stage.asked[1].url == "https://a.example/robots.txt"


@pytest.mark.parametrize(
    ("settings", "headers", "is_refused"),
    [
        ({}, {}, True),
        ({"ROBOTSTXT_USER_AGENT": "other"}, {}, False),
        ({}, {"User-Agent": "other/1"}, False),
        ({"USER_AGENT": "other"}, {"User-Agent": "Archiver/7"}, True),
    ],
)
def test_who_asks_is_who_is_meant(
    settings: dict[str, str], headers: dict[str, str], is_refused: bool
) -> None:
    stage = Stage(answer(), **settings)

    (outcome,) = stage.ask(Request("http://a.example/private", headers=headers))

    assert (outcome is not None) is is_refused


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_where_there_are_no_rules_all_is_free(status: int) -> None:
    assert kinds(Stage(answer(RULES, status)).ask(page("/private"))) == ["NoneType"]


def test_others_may_listen_to_the_rules() -> None:
    stage = Stage(answer())
    heard: list[RobotParser] = []

    def listen(robotparser: RobotParser) -> None:
        heard.append(robotparser)

    stage.crawler.signals.connect(listen, signals.robots_parsed)
    stage.ask(page())

    assert [heard[0].allowed("http://a.example/private", b"archiver"), len(heard)] == [False, 1]
    assert heard[0].crawl_delay("archiver") == 3.0


# What is noted on a request


def test_that_a_request_was_allowed_is_noted_beside_what_is_known() -> None:
    request = page(meta={RIGHTS_KEY: HostRights(tdm_reservation=1)})
    Stage(answer()).ask(request)

    assert request.meta[RIGHTS_KEY] == HostRights(robots_allowed=True, tdm_reservation=1)


@pytest.mark.parametrize("meta", [{"dont_obey_robotstxt": True}])
def test_of_whom_nobody_asks_nothing_is_noted(meta: dict[str, Any]) -> None:
    stage, request = Stage(), page(meta=meta)
    stage.ask(request)

    assert (stage.asked, RIGHTS_KEY in request.meta) == ([], False)


# The delay


def test_a_delay_is_kept() -> None:
    stage = Stage(answer())
    stage.ask(page())

    assert (stage.slot.delay, stage.slot.concurrency, stage.slot.jitter) == (3.0, 1, 0.0)


@pytest.mark.parametrize(("most", "delay", "lines"), [("2", 2.0, 1), ("3", 3.0, 0), ("0", 1.0, 1)])
def test_a_delay_is_kept_up_to_a_limit_and_that_said_once(
    most: str, delay: float, lines: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "pipelines.robots")
    stage = Stage(answer(), ARCHIVE_CRAWL_DELAY_MAX=most)
    stage.ask(page("/a"), page("/b"))

    assert stage.slot.delay == delay
    assert len(caplog.messages) == lines


# How it is asked for


def test_it_is_asked_for_in_the_name_of_who_waits() -> None:
    stage = Stage(answer())
    stage.ask(page(meta={HOME_KEY: "intranet", LEASE_KEY: 7}))
    meta = stage.asked[0].meta

    assert (meta[HOME_KEY], meta[FOR_RULES_KEY], meta["dont_obey_robotstxt"]) == (
        "intranet", True, True,
    )  # fmt: skip
    assert LEASE_KEY not in meta
    assert meta["allow_offsite"]  # or a requisite's host would be free unasked


@pytest.mark.parametrize("meta", [{}, {LEASE_KEY: 7, "dont_retry": True}])
def test_for_what_may_not_wait_in_the_frontier_it_waits_in_its_slot(meta: dict[str, Any]) -> None:
    stage = Stage(answer())
    stage.ask(page(meta=meta))

    assert stage.asked[0].meta[FOR_RULES_KEY] is False
    assert HOME_KEY not in stage.asked[0].meta


def moved(location: str, status: int = 301) -> Response:
    return answer(b"", status, Location=location)


def test_it_is_followed_to_other_hosts_and_counts_where_it_was_asked_for() -> None:
    stage = Stage(moved("//www.a.example/robots.txt", 308), moved("/other.txt", 302), answer())

    outcomes = stage.ask(page("/private"))

    assert kinds(outcomes) == ["IgnoreRequest"]
    assert [request.url for request in stage.asked[1:]] == [
        "http://www.a.example/robots.txt", "http://www.a.example/other.txt",
    ]  # fmt: skip
    assert all(request.meta["dont_obey_robotstxt"] for request in stage.asked)


@pytest.mark.parametrize(("hops", "outcome"), [(5, "IgnoreRequest"), (6, "NoneType")])
def test_it_is_followed_over_five_hops(hops: int, outcome: str) -> None:
    stage = Stage(*(moved(f"/{n}") for n in range(hops)), answer())

    assert kinds(stage.ask(page("/private"))) == [outcome]
    assert len(stage.asked) == 6


@pytest.mark.parametrize("location", ["ftp://a.example/robots.txt", "http://[", "data:,x"])
def test_where_it_leads_nowhere_there_is_none(location: str) -> None:
    assert kinds(Stage(moved(location)).ask(page("/private"))) == ["NoneType"]


# Where it cannot be had


@pytest.mark.parametrize(
    ("response", "asks_for_peace"),
    [
        (answer(b"", 500), False),
        (answer(b"", 503), False),
        (answer(b"", 429), False),
        (answer(b"", 503, **{"Retry-After": "9"}), True),
        (answer(b"", 429, **{"Retry-After": "9"}), True),
        (answer(b"", 500, **{"Retry-After": "9"}), False),
        (answer(b"").replace(flags=[WITHHELD]), False),
    ],
)
def test_nothing_may_be_fetched(response: Response, asks_for_peace: bool) -> None:
    (outcome,) = Stage(response).ask(page())

    assert isinstance(outcome, RulesUnreachable)
    assert outcome.asks_for_peace is asks_for_peace
    assert str(outcome).startswith("http://a.example/robots.txt cannot be had (")


def test_who_waits_in_line_need_not_ask_again() -> None:
    stage = Stage(answer(b"", 500))

    assert kinds(stage.ask(page("/a"), page("/b"))) == ["RulesUnreachable"] * 2
    assert len(stage.asked) == 1


def test_it_is_asked_for_again_when_its_host_has_been_left_in_peace(
    clock: SimpleNamespace,
) -> None:
    stage = Stage(answer(b"", 500), answer())
    stage.ask(page())
    clock.now += 60

    assert kinds(stage.ask(page("/a"), page("/private"))) == ["NoneType", "IgnoreRequest"]


def test_an_error_on_the_way_is_the_error_of_who_waits() -> None:
    error = DownloadTimeoutError("too slow")
    stage = Stage(error, answer())

    outcomes = stage.ask(page("/a"), page("/b"))

    assert (outcomes[0] is error, outcomes[1]) == (True, None)
    assert stage.stat("exception_count/<class 'scrapy.exceptions.DownloadTimeoutError'>") == 1


def test_what_was_stopped_first_is_not_done() -> None:
    stage = Stage(IgnoreRequest("the crawl was stopped first"))
    stage.crawler.engine.download_async = _stopping(stage)  # type: ignore[method-assign]
    request = page()

    assert kinds(stage.ask(request)) == ["IgnoreRequest"]
    assert request.meta[UNDONE_KEY]


def _stopping(stage: Stage) -> Any:  # Any: in the place of a method
    async def download(request: Request) -> Response:
        request.meta[UNDONE_KEY] = True
        return await stage._download(request)

    return download


# How long it counts


def test_it_counts_for_a_day(clock: SimpleNamespace) -> None:
    stage = Stage(answer(), answer(b""))
    stage.ask(page())
    clock.now += DAY - 1
    assert kinds(stage.ask(page("/private"))) == ["IgnoreRequest"]
    clock.now += 1

    assert kinds(stage.ask(page("/private"))) == ["NoneType"]


@pytest.mark.parametrize("trouble", [answer(b"", 503), DownloadTimeoutError("too slow")])
def test_the_last_one_counts_for_another_day_while_it_cannot_be_had(
    trouble: Response | Exception, clock: SimpleNamespace
) -> None:
    stage = Stage(answer(), trouble, trouble)
    stage.ask(page())
    clock.now += DAY

    assert kinds(stage.ask(page("/private"), page("/a"))) == ["IgnoreRequest", "NoneType"]
    assert len(stage.asked) == 2
    clock.now += DAY
    assert kinds(stage.ask(page("/a"))) != ["NoneType"]
