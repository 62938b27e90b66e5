"""robots.txt by RFC 9309, obeyed by every request to a host, the first ones included.

In Scrapy 2.19 whatever keeps robots.txt from coming frees the whole host: an error of its
server, a timeout, a redirect too many. It is asked for once in a crawl, however long that is;
what it says of a delay is not heard; and requests that wait for it share one Deferred, whose
result the first of them takes away: the others find no rules, and go on. Here they wait in
line, and for as long as the rules cannot be had, nothing of the host is fetched.
"""

from __future__ import annotations

import asyncio
import logging
import re
import time
from collections import defaultdict
from dataclasses import replace
from typing import Self
from urllib.parse import urljoin

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from scrapy.robotstxt import RobotParser
from scrapy.utils.httpobj import urlparse_cached
from scrapy.utils.python import to_unicode
from w3lib.url import safe_url_string

from archiver import backoff
from archiver.capture import HOME_KEY, RIGHTS_KEY, SITEMAPS_KEY, UNDONE_KEY, HostRights
from archiver.options import options_from
from archiver.robots import Rulebook, Rules, standing_of
from archiver.urls import is_http
from pipelines.backoff import FOR_RULES_KEY, RulesUnreachable, may_be_given_back, wait_of
from pipelines.slots import Floors
from pipelines.visit import WITHHELD

logger = logging.getLogger(__name__)

_SITEMAP = re.compile(rb"^[^\S\r\n]*sitemap[^\S\r\n]*:[^\r\n]*", re.IGNORECASE | re.MULTILINE)
_MOST_HOPS = 5  # RFC 9309, 2.3.1.2


class Robots(RobotsTxtMiddleware):
    """Scrapy's middleware, with rules that age, and delays that are kept.

    It is asked by one request at a time for each origin. Why rules cannot be had is, to the
    request that asked, why it cannot be fetched itself: the retry middleware has it wait.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._lines: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._book = Rulebook()
        self._floors = Floors(crawler)
        self._delay_max = options_from(crawler.settings).crawl_delay_max
        self._sitemaps: dict[str, bytes] = {}
        self._limited: set[str] = set()  # origins whose delay is longer
        self._unreachable: dict[str, tuple[float, RulesUnreachable]] = {}

    async def robot_parser(self, request: Request) -> RobotParser:
        """Return the rules for *request*; an exception where they cannot be had."""
        url = urlparse_cached(request)
        origin = f"{url.scheme}://{url.netloc}"
        rules = self._book.fresh(origin, time.monotonic())
        if rules is None:
            async with self._lines[origin]:
                rules = self._book.fresh(origin, time.monotonic())
                if rules is None:
                    rules = await self._fetched(origin, request)
        return _Parser(origin, rules)

    def process_request_2(self, rp: RobotParser | None, request: Request) -> None:
        """Refuse *request* where the rules do; else note that, and keep to their delay."""
        super().process_request_2(rp, request)
        rights = request.meta.get(RIGHTS_KEY) or HostRights()
        request.meta[RIGHTS_KEY] = replace(rights, robots_allowed=True)
        if isinstance(rp, _Parser):
            if request.meta.get("is_start_request") and rp.origin in self._sitemaps:
                request.meta[SITEMAPS_KEY] = self._sitemaps[rp.origin]
            delay = rp.crawl_delay(self._robotstxt_useragent or self._default_useragent)
            self._keep(delay, rp.origin, request)

    def _keep(self, delay: float, origin: str, request: Request) -> None:
        if delay > self._delay_max and origin not in self._limited:
            self._limited.add(origin)
            logger.info(
                "%s asks for %g seconds between two requests: %g are kept "
                "(ARCHIVE_CRAWL_DELAY_MAX)",
                origin, delay, self._delay_max,
            )  # fmt: skip
        slot = self.crawler.engine.downloader.get_slot_key(request)
        self._floors.put(slot, origin, min(delay, self._delay_max))

    async def _fetched(self, origin: str, request: Request) -> Rules:
        """Ask for the rules of *origin*; the last ones will do where they cannot be had."""
        until, unreachable = self._unreachable.pop(origin, (0.0, None))
        if unreachable is not None and time.monotonic() < until:
            self._unreachable[origin] = until, unreachable
            raise unreachable.with_traceback(None)
        self._stats.inc_value("robotstxt/request_count")
        try:
            response = await self._answer(f"{origin}/robots.txt", request)
            rules = self._read(origin, response)
        except Exception as error:
            if not isinstance(error, IgnoreRequest):
                self._stats.inc_value(f"robotstxt/exception_count/{type(error)}")
            last = self._book.last(origin, time.monotonic())
            if last is None or request.meta.get(UNDONE_KEY):
                if isinstance(error, RulesUnreachable) and not error.asks_for_peace:
                    # What waits in line need not ask as well, nor thousands once it is given up.
                    # Where the host has said for how long, that is kept by whoever asks it.
                    self._unreachable[origin] = time.monotonic() + backoff.FIRST_PARKING / 2, error
                raise
            return last
        self._book.keep(origin, rules, time.monotonic())
        if request.meta.get("is_start_request"):  # who made it need not ask for them again
            is_read = standing_of(response.status) == "read"
            named = _SITEMAP.findall(response.body) if is_read else ()
            self._sitemaps[origin] = b"\n".join(named)
        await self.crawler.signals.send_catch_log_async(
            signal=signals.robots_parsed, robotparser=_Parser(origin, rules), request=request
        )
        return rules

    async def _answer(self, url: str, request: Request) -> Response:
        """Return what *url* answers to *request*, or what it redirects to."""
        meta = {
            "dont_obey_robotstxt": True,
            "dont_redirect": True,  # a spider that handles redirects itself means its own
            "dont_retry": True,
            "allow_offsite": True,
            FOR_RULES_KEY: may_be_given_back(request),
            **{key: request.meta[key] for key in (HOME_KEY,) if key in request.meta},
        }
        for _ in range(_MOST_HOPS + 1):
            asked = Request(
                url, priority=self.DOWNLOAD_PRIORITY, meta=dict(meta), callback=NO_CALLBACK
            )
            try:
                response = await self.crawler.engine.download_async(asked)
            except IgnoreRequest:
                if asked.meta.get(UNDONE_KEY):  # the crawl was stopped first
                    request.meta[UNDONE_KEY] = True
                raise
            target = _redirected_to(response)
            if target is None:
                break
            url = target
        return response

    def _read(self, origin: str, response: Response) -> Rules:
        self._stats.inc_value("robotstxt/response_count")
        self._stats.inc_value(f"robotstxt/response_status_count/{response.status}")
        standing = standing_of(response.status)
        if standing == "read" and WITHHELD in response.flags:
            raise RulesUnreachable(origin, "it is too long", asks_for_peace=False)
        if standing == "unreachable":
            asks_for_peace = response.status in (429, 503) and wait_of(response) is not None
            raise RulesUnreachable(origin, str(response.status), asks_for_peace=asks_for_peace)
        return Rules(response.body if standing == "read" else b"")


class _Parser(RobotParser):
    """The rules of *origin* as Scrapy asks them."""

    def __init__(self, origin: str, rules: Rules) -> None:
        self.origin = origin
        self._rules = rules

    @classmethod
    def from_crawler(cls, crawler: Crawler, robotstxt_body: bytes) -> Self:
        """Return the rules in *robotstxt_body*, of nobody knows where."""
        return cls("", Rules(robotstxt_body))

    def allowed(self, url: str | bytes, user_agent: str | bytes) -> bool:
        """Say whether *user_agent* may fetch *url*."""
        return self._rules.allows(to_unicode(url), to_unicode(user_agent, "latin-1"))

    def crawl_delay(self, user_agent: str | bytes) -> float:
        """Return the seconds between two requests of *user_agent*."""
        return self._rules.delay(to_unicode(user_agent, "latin-1"))


def _redirected_to(response: Response) -> str | None:
    """Return where *response* leads on to, None where it does not."""
    location = response.headers.get(b"Location")
    if location is None or response.status not in (301, 302, 303, 307, 308):
        return None
    try:
        url = urljoin(response.url, safe_url_string(location))
    except ValueError:
        return None  # no address at all
    return url if is_http(url) else None
