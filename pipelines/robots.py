"""robots.txt obeyed by every request to a host, the first ones included.

In Scrapy 2.19 requests that wait for a host's robots.txt while the first of them fetches it
share one Deferred, whose result the first of those that wait takes away: the others find no
rules, and go on. Here they wait in line.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.robotstxt import RobotParser
from scrapy.utils.httpobj import urlparse_cached


class Robots(RobotsTxtMiddleware):
    """Scrapy's middleware, asked by one request at a time for each host."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._lines: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def robot_parser(self, request: Request) -> RobotParser | None:
        """Return the rules of the host of *request*, None where it has none."""
        async with self._lines[urlparse_cached(request).netloc]:
            return await super().robot_parser(request)
