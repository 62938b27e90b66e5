"""A spider that asks for what it is told to, and tells what came of each."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

from scrapy import Request, Spider
from scrapy.http import Response, TextResponse

from archiver.capture import Page

Item = dict[str, Any]  # Any: as items are


class AskingSpider(Spider):
    """Make the requests in the JSON file *asks*: lists of what `Request` takes."""

    name = "asking"

    def __init__(self, asks: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._asks = json.loads(Path(asks).read_text("utf-8"))

    async def start(self) -> AsyncIterator[Request]:
        """Make the requests, each once and in any case."""
        for ask in self._asks:
            yield Request(**ask, callback=self.parse, errback=self.say_why_not, dont_filter=True)

    def parse(self, response: Response) -> Iterator[Item | Page]:
        """Tell what came."""
        assert response.request is not None
        yield {
            "asked": response.request.meta.get("redirect_urls", [response.request.url])[0],
            "method": response.request.method,
            "url": response.url,
            "status": response.status,
            "text": response.text if isinstance(response, TextResponse) else len(response.body),
            "flags": response.flags,
        }
        page = response.meta.get("archive_page")
        if isinstance(page, Page):
            yield page

    def say_why_not(self, failure: Any) -> Iterator[Item]:  # Any: a Failure with a request
        """Tell why nothing came."""
        yield {
            "asked": failure.request.url,
            "method": failure.request.method,
            "error": failure.type.__name__,
            "why": str(failure.value),
        }
