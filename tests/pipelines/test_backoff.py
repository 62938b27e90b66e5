"""What becomes of a request whose host wants peace, or is not well."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

import pytest
from scrapy import Request, Spider
from scrapy.core.downloader import Slot
from scrapy.crawler import Crawler
from scrapy.exceptions import (
    DownloadConnectionRefusedError,
    DownloadTimeoutError,
    IgnoreRequest,
    NotConfigured,
)
from scrapy.http import Response
from scrapy.utils.httpobj import urlparse_cached
from scrapy.utils.test import get_crawler
from twisted.internet.defer import Deferred
from twisted.python.failure import Failure

from archiver.capture import LEASE_KEY, NOT_BEFORE_KEY, REQUISITE_KEY
from pipelines.backoff import FOR_RULES_KEY, Backoff, HostHeld, RulesUnreachable
from pipelines.recall import RECOVERED

REFUSED = DownloadConnectionRefusedError("nobody listens")
UNREACHABLE = RulesUnreachable("http://a.example", "500", asks_for_peace=False)
WAIT = {"Retry-After": "100"}


@dataclass
class _Downloader:
    slots: dict[str, Slot] = field(default_factory=dict)

    def get_slot_key(self, request: Request) -> str:
        return urlparse_cached(request).hostname or ""


class Stage:
    """The middleware, with a slot for each of two hosts, as Scrapy plays with it."""

    def __init__(self, **settings: Any) -> None:
        throttle = {"AUTOTHROTTLE_ENABLED": True, "AUTOTHROTTLE_START_DELAY": 8.0}
        self.crawler: Crawler = get_crawler(Spider, {**throttle, **settings})
        self.slots = {name: Slot(2, 1.0, 0.0) for name in ("a.example", "b.example")}
        self.crawler.engine = _Engine(_Downloader(self.slots))  # type: ignore[assignment]
        self.crawler.spider = Spider.from_crawler(self.crawler, "a")
        self.backoff = Backoff.from_crawler(self.crawler)

    def stat(self, name: str) -> int:
        count: int = self.crawler.stats.get_value(f"archive/{name}", 0)
        return count

    def answer(self, request: Request, status: int, **headers: str) -> Request | Response:
        """Return what becomes of *request*, which is answered so."""
        fields = {name.replace("_", "-"): value for name, value in headers.items()}
        response = Response(request.url, status=status, headers=fields)
        self.backoff.response_downloaded(request=request, response=response)
        return self.backoff.process_response(request, response)

    def fail(self, request: Request, error: Exception = REFUSED) -> Request | Response | None:
        return self.backoff.process_exception(request, error)

    def fail_often(self, times: int = 5) -> None:
        """Have the host a.example fail so often in a row."""
        for number in range(times):
            self.fail(asked(f"/failing/{number}"))

    def waits_for(self, host: str = "a.example") -> float:
        """Return for how many seconds the slot of *host* sends nothing."""
        return round(self.slots[host].lastseen - time.monotonic())


@dataclass
class _Engine:
    downloader: _Downloader


def asked(path: str = "/", host: str = "a.example", **meta: Any) -> Request:
    """Return a request that a frontier has handed out."""
    return Request(f"http://{host}{path}", meta={LEASE_KEY: 1, **meta})


def wait_of(outcome: Request | Response | None) -> float:
    """Return after how many seconds *outcome*, a request, may be sent."""
    assert isinstance(outcome, Request), outcome
    not_before: float = outcome.meta[NOT_BEFORE_KEY]
    return round(not_before - time.time())


def _kind_of(answer: Deferred[Response]) -> str | None:
    """Return the name of the exception that *answer* is, None while it is nothing."""
    kinds: list[str] = []

    def note(failure: Failure) -> None:
        kinds.append(failure.value.__class__.__name__)

    answer.addErrback(note)
    return kinds[0] if kinds else None


# A host that asks for peace


@pytest.mark.parametrize("status", [429, 503])
def test_who_asks_for_peace_has_it(status: int) -> None:
    stage = Stage()
    request = asked()

    again = stage.answer(request, status, **WAIT)

    assert wait_of(again) == stage.waits_for() == 100
    assert isinstance(again, Request)
    assert (again.dont_filter, again.meta[LEASE_KEY], "retry_times" in again.meta) == (
        True, 1, False,
    )  # fmt: skip
    assert again.priority == request.priority + 1
    assert stage.waits_for("b.example") < 0
    assert (stage.stat(f"backoff_count/{status}"), stage.stat("given_back_count")) == (1, 1)


def test_the_same_request_waits_ten_times_and_then_its_answer_stands() -> None:
    stage = Stage()
    request: Any = asked()
    for _ in range(10):
        request = stage.answer(request, 429, **WAIT)
        assert isinstance(request, Request)

    assert isinstance(stage.answer(request, 429, **WAIT), Response)
    assert request.priority == 1


def test_other_requests_of_the_host_are_given_back_and_those_of_others_sent() -> None:
    stage = Stage()
    stage.answer(asked(), 429, **WAIT)
    other = asked("/other")

    assert wait_of(stage.backoff.process_request(other)) == 100
    assert stage.backoff.process_request(asked("/", "b.example")) is None


def test_what_waits_in_the_slot_already_is_given_back() -> None:
    stage = Stage()
    waiting = [asked("/kept"), Request("http://a.example/own"), asked("/no", dont_retry=True)]
    rules = Request("http://a.example/robots.txt", meta={FOR_RULES_KEY: True})
    answers: list[Deferred[Response]] = [Deferred() for _ in range(4)]
    stage.slots["a.example"].queue.extend(zip([*waiting, rules], answers, strict=True))

    stage.answer(asked(), 429, **WAIT)

    kinds = [_kind_of(answer) for answer in answers]
    assert kinds == ["HostHeld", None, None, "HostHeld"]
    queued = [request for request, _ in stage.slots["a.example"].queue]
    assert queued == waiting[1:]
    assert wait_of(stage.fail(waiting[0], HostHeld())) == 100


@pytest.mark.parametrize("meta", [{}, {LEASE_KEY: 1, "dont_retry": True}])
def test_what_cannot_be_given_back_waits_in_the_slot(meta: dict[str, Any]) -> None:
    stage = Stage()
    request = Request("http://a.example/", meta=meta)

    outcome = stage.answer(Request("http://a.example/", meta=meta), 429, **WAIT)

    assert isinstance(outcome, Response)
    assert stage.backoff.process_request(request) is None
    assert stage.waits_for() == 100


def test_without_retries_the_slot_is_held_all_the_same() -> None:
    stage = Stage(RETRY_ENABLED=False)
    waiting: Deferred[Response] = Deferred()
    stage.slots["a.example"].queue.append((asked("/waiting"), waiting))

    assert isinstance(stage.answer(asked(), 503, **WAIT), Response)

    assert stage.waits_for() == 100
    assert not waiting.called
    assert stage.backoff.process_request(asked()) is None
    assert stage.fail(asked()) is None


def test_a_recovered_answer_says_nothing_of_now() -> None:
    stage = Stage()
    response = Response("http://a.example/", status=429, headers=WAIT, flags=[RECOVERED])
    stage.backoff.response_downloaded(request=asked(), response=response)

    assert stage.waits_for() < 0


@pytest.mark.parametrize(
    ("status", "headers", "seconds"),
    [(403, WAIT, 100), (200, WAIT, None), (301, WAIT, None), (500, WAIT, None), (403, {}, None)],
)
def test_whose_wish_counts(status: int, headers: dict[str, str], seconds: int | None) -> None:
    stage = Stage(RETRY_HTTP_CODES=[])

    assert isinstance(stage.answer(asked(), status, **headers), Response)

    assert (stage.waits_for() == seconds) is (seconds is not None)


# A host that does not say for how long


def test_a_refusal_is_a_retry_that_waits_longer_each_time() -> None:
    stage = Stage()

    first = stage.answer(asked(), 503)

    assert (wait_of(first), stage.waits_for()) == (8, 8)
    assert isinstance(first, Request)
    assert first.meta["retry_times"] == 1
    assert stage.crawler.stats.get_value("retry/count") == 1


def test_without_autothrottle_a_refusal_is_a_retry_as_any_other() -> None:
    stage = Stage(AUTOTHROTTLE_ENABLED=False)

    again = stage.answer(asked(), 503)

    assert isinstance(again, Request)
    assert (NOT_BEFORE_KEY in again.meta, stage.waits_for() < 0) == (False, True)
    assert stage.slots["a.example"].delay == 1.0


@pytest.mark.parametrize(
    ("status", "delay"), [(429, 2.0), (503, 2.0), (403, 2.0), (404, 1.0), (500, 1.0), (200, 1.0)]
)
def test_a_host_that_refuses_is_slowed(status: int, delay: float) -> None:
    stage = Stage()
    stage.answer(asked(), status)

    assert stage.slots["a.example"].delay == delay


# A host that fails


@pytest.mark.parametrize("error", [REFUSED, DownloadTimeoutError("too slow")])
def test_the_first_failures_are_retries(error: Exception) -> None:
    stage = Stage()

    outcomes = [stage.fail(asked(f"/{n}"), error) for n in range(4)]

    assert [NOT_BEFORE_KEY in outcome.meta for outcome in outcomes if outcome] == [False] * 4
    assert stage.waits_for() < 0


def test_the_fifth_failure_parks_the_host_and_uses_up_no_retry() -> None:
    stage = Stage()
    stage.fail_often(4)

    again = stage.fail(asked())

    assert wait_of(again) == stage.waits_for() == 60
    assert isinstance(again, Request)
    assert "retry_times" not in again.meta
    assert again.priority == -1  # what is well goes first
    assert stage.stat("host_parked_count") == 1
    assert wait_of(stage.backoff.process_request(asked("/other"))) == 60


def test_errors_of_the_server_count_as_failures() -> None:
    stage = Stage()

    outcomes = [stage.answer(asked(f"/{n}"), 502) for n in range(5)]

    assert wait_of(outcomes[-1]) == 60


@pytest.mark.parametrize("status", [200, 301, 404])
def test_any_answer_of_a_host_that_is_well_ends_the_row(status: int) -> None:
    stage = Stage(AUTOTHROTTLE_ENABLED=False)
    stage.fail_often(4)
    stage.answer(asked(), status)
    stage.fail_often(4)

    assert stage.stat("host_parked_count") == 0


@pytest.mark.parametrize("status", [403, 408, 429])
def test_an_answer_that_is_none_does_not(status: int) -> None:
    stage = Stage(AUTOTHROTTLE_ENABLED=False)
    stage.fail_often(4)
    stage.answer(asked(), status)
    stage.fail_often(1)

    assert stage.stat("host_parked_count") == 1


@pytest.mark.parametrize("settings", [{"RETRY_ENABLED": False}, {}])
def test_a_host_is_not_parked_where_nothing_can_wait_in_a_frontier(
    settings: dict[str, bool],
) -> None:
    stage = Stage(**settings)
    request = Request("http://a.example/", meta={LEASE_KEY: 1} if settings else {})
    outcomes = [stage.fail(request.copy()) for _ in range(6)]
    stage.answer(request, 500)

    assert [isinstance(outcome, Request) for outcome in outcomes] == [not settings] * 6
    assert (stage.stat("host_parked_count"), stage.waits_for() < 0) == (0, True)


def test_what_is_ignored_is_no_failure() -> None:
    stage = Stage()

    assert [stage.fail(asked(), IgnoreRequest("no")) for _ in range(6)] == [None] * 6
    assert stage.stat("host_parked_count") == 0


# Requisites


def test_a_requisite_does_not_wait_for_a_host_that_fails() -> None:
    stage = Stage()
    stage.fail_often()

    with pytest.raises(HostHeld):
        stage.backoff.process_request(asked("/a.png", **{REQUISITE_KEY: "page"}))
    assert stage.fail(asked("/a.png", **{REQUISITE_KEY: "page"}), HostHeld()) is None


@pytest.mark.parametrize(("seconds", "waits"), [("600", True), ("700", False)])
def test_a_requisite_waits_for_ten_minutes_and_no_longer(seconds: str, waits: bool) -> None:
    stage = Stage()

    outcome = stage.answer(
        asked("/a.png", **{REQUISITE_KEY: "page"}), 429, **{"Retry-After": seconds}
    )

    assert isinstance(outcome, Request) is waits


# robots.txt


def test_where_the_rules_cannot_be_had_the_host_is_parked_at_once() -> None:
    stage = Stage()

    assert wait_of(stage.fail(asked(), UNREACHABLE)) == 60
    assert wait_of(stage.fail(asked("/b"), UNREACHABLE)) == 60
    assert stage.stat("host_parked_count") == 1


def test_where_the_rules_can_be_had_later_that_is_waited_for() -> None:
    stage = Stage()
    rules = Request("http://a.example/robots.txt", meta={FOR_RULES_KEY: True, "dont_retry": True})
    stage.answer(rules, 503, **WAIT)

    asks_for_peace = RulesUnreachable("http://a.example", "503", asks_for_peace=True)
    assert wait_of(stage.fail(asked(), asks_for_peace)) == 100
    assert stage.stat("host_parked_count") == 0


def test_a_failure_of_robots_txt_counts_as_that_of_what_waits_for_it() -> None:
    stage = Stage()
    rules = Request("http://a.example/robots.txt", meta={FOR_RULES_KEY: True, "dont_retry": True})
    assert [stage.fail(rules) for _ in range(5)] == [None] * 5
    assert [stage.answer(rules, 500).status for _ in range(5)] == [500] * 5  # type: ignore[union-attr]

    assert stage.stat("host_parked_count") == 0


def test_robots_txt_is_not_asked_for_while_its_host_is_left_in_peace() -> None:
    stage = Stage()
    stage.fail_often()

    with pytest.raises(HostHeld):
        stage.backoff.process_request(
            Request("http://a.example/robots.txt", meta={FOR_RULES_KEY: True})
        )


# Where nobody is asked


def test_where_an_archive_answers_nobody_is_left_in_peace() -> None:
    crawler = get_crawler(Spider, {"ARCHIVE_REPLAY_FROM": "collections/news"})

    with pytest.raises(NotConfigured):
        Backoff.from_crawler(crawler)
