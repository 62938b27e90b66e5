"""robots.txt obeyed by every request to a host, the first ones included.

In Scrapy 2.19 requests that wait for a host's robots.txt while the first of them fetches it
share one Deferred, whose result the first of those that wait takes away: the others find no
rules, and go on. Here they wait in line. And that a requisite's host does not answer is an
everyday thing: counted as ever, and no error.
"""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.robotstxt import RobotParser
from scrapy.utils.httpobj import urlparse_cached

from archiver.capture import REQUISITE_KEY

logger = logging.getLogger(__name__)

# In the `meta` of a request for robots.txt: nobody but a requisite has asked for it.
_FOR_REQUISITE_KEY = "archive_robots_for_requisite"


class Robots(RobotsTxtMiddleware):
    """Scrapy's middleware, asked by one request at a time for each host."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._lines: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._for_requisites: set[str] = set()  # the hosts that one asks about just now

    async def process_request(self, request: Request, spider: Spider | None = None) -> None:
        """Refuse *request* where the rules of its host do; note for what its rules are fetched."""
        url = urlparse_cached(request)
        is_for_rules = request.meta.get("dont_obey_robotstxt") and url.path == "/robots.txt"
        if is_for_rules and url.netloc in self._for_requisites:
            request.meta.update({_FOR_REQUISITE_KEY: True, "give_up_log_level": "DEBUG"})
        await super().process_request(request)

    async def robot_parser(self, request: Request) -> RobotParser | None:
        """Return the rules of the host of *request*, None where it has none."""
        host = urlparse_cached(request).netloc
        async with self._lines[host]:
            if REQUISITE_KEY in request.meta:
                self._for_requisites.add(host)
            try:
                return await super().robot_parser(request)
            finally:
                self._for_requisites.discard(host)

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Have it told in a line that the rules did not come, where a requisite alone waits.

        What is ignored, Scrapy neither logs nor counts.
        """
        if _FOR_REQUISITE_KEY in request.meta and not isinstance(exception, IgnoreRequest):
            logger.debug("No rules for a requisite from %s: %s", request.url, exception)
            self._stats.inc_value(f"robotstxt/exception_count/{type(exception)}")
            raise IgnoreRequest(str(exception)) from exception
