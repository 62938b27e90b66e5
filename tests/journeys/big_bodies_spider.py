"""A spider that asks for bodies too long for it, all at once, and says what it was handed.

Run by `scrapy runspider`; *urls* is a list with spaces between.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any

from scrapy import Request, Spider
from scrapy.http import Response


class BigBodiesSpider(Spider):
    """Ask for all of *urls* at once."""

    name = "big-bodies"
    custom_settings = {  # noqa: RUF012  # Scrapy declares it as an instance variable
        "CONCURRENT_REQUESTS_PER_DOMAIN": 16,
    }

    def __init__(self, urls: str) -> None:
        super().__init__()
        self._urls = urls.split()

    async def start(self) -> AsyncIterator[Request]:
        """Yield a request for each URL."""
        for url in self._urls:
            yield Request(url)

    def parse(self, response: Response, **kwargs: Any) -> Iterator[dict[str, object]]:
        """Say what *response* is like."""
        yield {
            "url": response.url,
            "status": response.status,
            "length": len(response.body),
            "announced": (response.headers.get("Content-Length") or b"").decode("ascii"),
            "flags": response.flags,
        }
