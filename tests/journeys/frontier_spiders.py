"""Spiders that ask for more of a frontier than that it keeps URLs."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

from scrapy import Request, Spider
from scrapy.http import Response


class ClosureSpider(Spider):
    """Ask *base* for `/list`, and then with a lambda for each of sixty stories."""

    name = "closures"

    def __init__(self, base: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._base = base

    async def start(self) -> AsyncIterator[Request]:
        """Ask for the list."""
        yield Request(f"{self._base}/list")

    def parse(self, response: Response, **kwargs: Any) -> Iterator[Request]:
        """Ask for the stories, as what knows their numbers only by a closure."""
        for number in range(60):
            yield Request(f"{self._base}/{number}", callback=self._teller(number))

    def _teller(self, number: int) -> Callable[[Response], Iterator[dict[str, object]]]:
        return lambda response: iter([{"number": number, "url": response.url}])


class GatheringSpider(Spider):
    """Gather of *base* what three pages say of one thing into one item."""

    name = "gathering"

    def __init__(self, base: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._base = base

    async def start(self) -> AsyncIterator[Request]:
        """Ask for three pages, which all have the item."""
        item: dict[str, int] = {}
        for number in range(3):
            yield Request(f"{self._base}/{number}", cb_kwargs={"item": item, "number": number})

    def parse(self, response: Response, **kwargs: Any) -> Iterator[dict[str, int]]:
        """Add to the item; the last to do so yields it."""
        item = kwargs["item"]
        item[f"page {kwargs['number']}"] = response.status
        if len(item) == 3:
            yield item
