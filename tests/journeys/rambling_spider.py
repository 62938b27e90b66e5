"""A spider of a user's own: it follows links, sends forms, and looks closely at what it gets."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Iterator
from typing import Any

from scrapy import FormRequest, Request, Spider
from scrapy.http import Response, TextResponse

from archiver.capture import Page
from spiders.pages import page_of

Item = dict[str, Any]  # Any: as items are


class RamblingSpider(Spider):
    """Begin at *base*, ask its search twice, and tell of all that comes back."""

    name = "rambling"

    def __init__(self, base: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._base = base

    async def start(self) -> AsyncIterator[Request]:
        """Ask for the front page, for what is to be searched, and for one page twice."""
        yield self._request("/")
        for word in ("ferry", "weir"):
            yield FormRequest(f"{self._base}/search", self.parse, formdata={"q": word})
        yield self._request("/search")
        yield self._request("/again")

    def parse(self, response: Response) -> Iterator[Item | Page | Request]:
        """Tell of *response*, declare it a page, and follow its links."""
        yield self._told(response)
        page = page_of(response, seed=self._base)
        if page is not None:
            yield page
        if response.url.endswith("/again") and "is_second" not in response.meta:
            yield self._request("/again", dont_filter=True, meta={"is_second": True})
        if isinstance(response, TextResponse):
            for link in response.css("a"):
                yield response.follow(
                    link,
                    self.parse,
                    errback=self.say_why_not,
                    meta={"handle_httpstatus_list": [404], "download_fail_on_dataloss": False},
                )

    def say_why_not(self, failure: Any) -> Iterator[Item]:  # Any: a Failure with a request
        """Tell of what did not come."""
        yield {"path": self._path(failure.request.url), "error": failure.type.__name__}

    def _request(self, path: str, **kwargs: Any) -> Request:
        return Request(self._base + path, self.parse, errback=self.say_why_not, **kwargs)

    def _told(self, response: Response) -> Item:
        assert response.request is not None
        return {
            "path": self._path(response.url),
            "asked": f"{response.request.method} {response.request.body.decode()}",
            "status": response.status,
            "headers": sorted(map(str, response.headers.items())),
            "flags": response.flags,
            "protocol": response.protocol,
            "ip_address": str(response.ip_address),
            "encoding": response.encoding if isinstance(response, TextResponse) else None,
            "body": hashlib.sha256(response.body).hexdigest(),
            "redirects": response.meta.get("redirect_urls"),
            "depth": response.meta.get("depth"),
        }

    def _path(self, url: str) -> str:
        return url.removeprefix(self._base)
