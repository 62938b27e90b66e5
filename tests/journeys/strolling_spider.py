"""A spider that follows every link of the town, and declares its stories pages."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any

from scrapy import Request, Spider
from scrapy.http import HtmlResponse, Response

from archiver.capture import Page
from spiders.pages import page_of


class StrollingSpider(Spider):
    """Begin at each of *starts*, and read each of *again* whether it was read before or not.

    Both are lists with spaces between. A link with `rel="again"` is followed each time it is
    met, every other one once.
    """

    name = "strolling"

    def __init__(self, starts: str, again: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._starts, self._again = starts.split(), again.split()

    async def start(self) -> AsyncIterator[Request]:
        """Ask for where the stroll begins."""
        for url in self._starts:
            yield Request(url)
        for url in self._again:
            yield Request(url, dont_filter=True)

    def parse(self, response: Response, **kwargs: Any) -> Iterator[Page | Request]:
        """Declare *response* a page if it is a story, and follow its links.

        One story in two is declared before its links are followed, the others after them.
        """
        if not isinstance(response, HtmlResponse):
            return
        page = page_of(response) if response.css("article") else None
        is_first = len(response.url) % 2 == 0
        if page is not None and is_first:
            yield page
        for link in response.css("a"):
            is_again = link.attrib.get("rel") == "again"
            yield response.follow(link, self.parse, dont_filter=is_again)
        if page is not None and not is_first:
            yield page
