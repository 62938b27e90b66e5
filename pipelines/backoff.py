"""Retries that leave a host in peace for as long as it asks, or for as long as it is not well.

Scrapy 2.19 reads no Retry-After, sends a retry as soon as its turn comes, and lets every other
request of the host go on meanwhile. A host that is down gets three tries for each of its URLs,
one after the other, and loses them all.

A request that has to wait is given back to the frontier, whose scheduler hands out nothing of
its host until then: it takes up no place here, and a crawl that stops leaves it there. What no
frontier has handed out waits in the downloader's slot.
"""

from __future__ import annotations

import logging
import time
from datetime import UTC, datetime
from typing import Self, TypeVar

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.exceptions import IgnoreRequest, NotConfigured
from scrapy.http import Response

from archiver.backoff import Hosts, retry_after
from archiver.capture import LEASE_KEY, NOT_BEFORE_KEY, REQUISITE_KEY
from archiver.options import options_from
from pipelines.recall import RECOVERED
from pipelines.slots import hold, slow

logger = logging.getLogger(__name__)

# In the `meta` of a request for robots.txt: whether what waits for it may be given back.
FOR_RULES_KEY = "archive_for_rules"
# How often a request was given back because its host asked for a time of peace.
_TIMES_KEY = "archive_given_back"
_MOST_TIMES = 10
# What a page is made of is to be of the same hour, and addresses of pictures expire.
_PATIENCE_FOR_REQUISITES = 600.0
_BUSY = (429, 503)
_FORBIDDEN, _TIMEOUT = 403, 408  # of the latter nobody knows whose fault it is

_Outcome = TypeVar("_Outcome", bound=Request | Response | None)


class HostHeld(IgnoreRequest):
    """A request was not sent, since its host is left in peace for longer than it may wait."""


class RulesUnreachable(IgnoreRequest):
    """Nothing of a host may be fetched, since nobody knows what its robots.txt says.

    *asks_for_peace* says whether it has said for how long that is so.
    """

    def __init__(self, origin: str, problem: str, *, asks_for_peace: bool) -> None:
        super().__init__(
            f"{origin}/robots.txt cannot be had ({problem}), and until it can, nothing there "
            "may be fetched"
        )
        self.asks_for_peace = asks_for_peace


def may_be_given_back(request: Request) -> bool:
    """Say whether *request* may come again later: a frontier keeps it, and nobody objects."""
    return LEASE_KEY in request.meta and not request.meta.get("dont_retry", False)


def wait_of(response: Response) -> float | None:
    """Return the seconds of peace that *response* asks for, None where it does not say."""
    value = response.headers.get(b"Retry-After")
    return retry_after(value.decode("latin-1"), datetime.now(UTC)) if value else None


class Backoff(RetryMiddleware):
    """Scrapy's middleware, which waits."""

    def __init__(self, crawler: Crawler) -> None:
        settings = crawler.settings
        self.crawler = crawler
        self._stats = crawler.stats
        self._hosts = Hosts()
        self._is_retrying = settings.getbool("RETRY_ENABLED")
        self._is_throttled = settings.getbool("AUTOTHROTTLE_ENABLED")
        self._first = settings.getfloat("AUTOTHROTTLE_START_DELAY")
        self._most = settings.getfloat("AUTOTHROTTLE_MAX_DELAY")
        if self._is_retrying:
            super().__init__(settings)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the middleware of *crawler*; NotConfigured where an archive answers."""
        if options_from(crawler.settings).replay_from is not None:
            raise NotConfigured
        backoff = cls(crawler)
        # It is sent before the next request of the slot is, which no middleware is in time for.
        crawler.signals.connect(backoff.response_downloaded, signals.response_downloaded)
        return backoff

    def process_request(self, request: Request) -> Request | None:
        """Give *request* back where its host is left in peace."""
        host = self._host_of(request)
        if not self._is_retrying or self._hosts.until(host, time.monotonic()) is None:
            return None
        if request.meta.get(FOR_RULES_KEY) or self._is_hopeless(request, host):
            raise HostHeld(f"{host} is left in peace")
        return self._given_back(request, host)

    def response_downloaded(self, request: Request, response: Response) -> None:
        """Take note of how the host has answered, and leave it in peace if need be."""
        if RECOVERED in response.flags:
            return  # a killed crawl brought it, and nobody was asked
        host, status = self._host_of(request), response.status
        if status in (*_BUSY, _FORBIDDEN):
            self._refused(host, request, response)
        elif status >= 500:
            self._failed(host, request, status)
        elif status < 500 and status != _TIMEOUT:
            self._hosts.answered(host, time.monotonic())

    def process_response(
        self, request: Request, response: Response, spider: Spider | None = None
    ) -> Request | Response:
        """Return *response*, or *request* if it is to be tried again, at once or later."""
        if not self._is_retrying or request.meta.get("dont_retry", False):
            return response
        host = self._host_of(request)
        if response.status in _BUSY and wait_of(response) is not None:
            return self._given_back_in_turn(request, host) or response
        if response.status >= 500 and self._hosts.is_parked(host, time.monotonic()):
            return self._given_back(request, host, self.priority_adjust) or response
        return self._in_peace(super().process_response(request, response), host)

    def process_exception(
        self, request: Request, exception: Exception, spider: Spider | None = None
    ) -> Request | Response | None:
        """Return *request* if it is to be tried again, None where *exception* stands."""
        if not self._is_retrying or request.meta.get("dont_retry", False):
            return None
        host = self._host_of(request)
        if isinstance(exception, HostHeld):
            return self._given_back(request, host)
        if isinstance(exception, RulesUnreachable):
            if exception.asks_for_peace:
                return self._given_back_in_turn(request, host)
            self._failed(host, request, exception, at_once=True)
        elif isinstance(exception, self.exceptions_to_retry):
            self._failed(host, request, str(exception) or type(exception).__name__)
        else:
            return None
        if self._hosts.is_parked(host, time.monotonic()):
            return self._given_back(request, host, self.priority_adjust)
        return self._in_peace(super().process_exception(request, exception), host)

    def _refused(self, host: str, request: Request, response: Response) -> None:
        """Leave *host* in peace, which does not want what it was asked, or not now."""
        seconds, now = wait_of(response), time.monotonic()
        self._stats.inc_value(f"archive/backoff_count/{response.status}")
        if seconds is not None:
            if self._hosts.asks(host, seconds, now):
                logger.info(
                    "%s asks to be left in peace for %g seconds (%d)",
                    host, seconds, response.status,
                )  # fmt: skip
        elif response.status in _BUSY and FOR_RULES_KEY not in request.meta:
            if response.status >= 500:
                self._failed(host, request, response.status)
            if self._is_throttled:
                self._hosts.refuses(host, self._first, self._most, now)
        slot = self.crawler.engine.downloader.slots.get(host)
        if slot is not None and self._is_throttled:
            slow(slot, self._most)
        self._hold(host)

    def _failed(
        self, host: str, request: Request, reason: object, *, at_once: bool = False
    ) -> None:
        """Note that *host* failed *request*, and park it if that has happened often enough.

        Only where that may wait in a frontier: here it would hold up the end of the crawl.
        """
        if not self._is_retrying or not may_be_given_back(request):
            return
        seconds = self._hosts.failed(host, time.monotonic(), at_once=at_once)
        if seconds is None:
            return
        self._stats.inc_value("archive/host_parked_count")
        logger.info("%s fails: it is left in peace for %g seconds (%s)", host, seconds, reason)
        self._hold(host)

    def _hold(self, host: str) -> None:
        """Have nothing sent to *host* before its time is over, not even what waits in its slot."""
        until = self._hosts.until(host, time.monotonic())
        slot = self.crawler.engine.downloader.slots.get(host)
        if until is None or slot is None:
            return
        hold(slot, until)
        if not self._is_retrying:
            return
        waiting = list(slot.queue)
        slot.queue.clear()
        for request, answer in waiting:
            if may_be_given_back(request) or request.meta.get(FOR_RULES_KEY):
                answer.errback(HostHeld(f"{host} is left in peace"))
            else:
                slot.queue.append((request, answer))

    def _given_back(self, request: Request, host: str, priority: int = 0) -> Request | None:
        """Return *request* as one that is to wait in the frontier; None where it may not wait."""
        if not may_be_given_back(request) or self._is_hopeless(request, host):
            return None
        again = request.copy()
        again.dont_filter = True
        again.priority += priority
        self._stats.inc_value("archive/given_back_count")
        self._in_peace(again, host)
        return again

    def _given_back_in_turn(self, request: Request, host: str) -> Request | None:
        """Return *request* so for some times; it comes first then, and in a next run, too."""
        times = request.meta.get(_TIMES_KEY, 0)
        if times >= _MOST_TIMES or self._hosts.is_given_up(host):
            logger.info("No more asked for, since its host has no time for it: %s", request)
            return None
        again = self._given_back(request, host, priority=0 if times else 1)
        if again is not None:
            again.meta[_TIMES_KEY] = times + 1
        return again

    def _in_peace(self, tried_again: _Outcome, host: str) -> _Outcome:
        """Return it as it is, with a note on when it may be sent, if it is a request."""
        now = time.monotonic()
        until = self._hosts.until(host, now)
        if isinstance(tried_again, Request) and until is not None:
            tried_again.meta[NOT_BEFORE_KEY] = time.time() + until - now
        return tried_again

    def _is_hopeless(self, request: Request, host: str) -> bool:
        """Say whether *request* is for a requisite that would come too late."""
        if REQUISITE_KEY not in request.meta:
            return False
        now = time.monotonic()
        until = self._hosts.until(host, now) or now
        return self._hosts.is_parked(host, now) or until - now > _PATIENCE_FOR_REQUISITES

    def _host_of(self, request: Request) -> str:
        """Return the slot of *request*: what shares the limits of one host."""
        return str(self.crawler.engine.downloader.get_slot_key(request))
