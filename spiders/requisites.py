"""The requisites of pages: asked for beside the pages that need them, and no pages themselves.

They go the way of every other request: through the frontier, robots.txt and the limits of their
host. They do not count as steps on a spider's way, so that neither its depth nor its domains
hold for them. Documents are read off the event loop.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Hashable, Iterable, Iterator
from typing import Any, Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest, NotConfigured
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError
from scrapy.utils.httpobj import urlparse_cached
from w3lib.encoding import http_content_type_encoding

from archiver.capture import PAGE_KEY, REQUISITE_KEY, UNDONE_KEY, Page
from archiver.options import Options, options_from
from archiver.pages import bare_uuid
from archiver.requisites import Requisite, requisites_of_css, requisites_of_html

# Where the `meta` of a request for a stylesheet says how many name one another up to it.
_LEVEL_KEY = "archive_requisite_level"
_DEEPEST = 5
_HTML = (b"text/html", b"application/xhtml+xml")
# How many pages, hosts and URLs are kept in mind.
_PAGES, _HOSTS, _URLS = 10_000, 100_000, 20_000


class Requisites:
    """Asks for the requisites of each Page that a spider yields from the page's own response."""

    def __init__(self, crawler: Crawler, options: Options) -> None:
        self._stats = crawler.stats
        self._per_page = _Counts(_PAGES, options.requisites_per_page)
        self._per_host = _Counts(_HOSTS, options.requisites_per_host)
        # What was asked for lately need not be put to the frontier again: most pages of a site
        # have the same stylesheets.
        self._known = _Counts(_URLS, 0)
        limits = options.requisites_max_bytes, crawler.settings.getint("DOWNLOAD_MAXSIZE")
        self._max_bytes = min((limit for limit in limits if limit), default=0)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the middleware of *crawler*; NotConfigured where nobody wants requisites.

        That is where nothing is written, too, because an archive answers.
        """
        options = options_from(crawler.settings)
        if not (options.is_enabled and options.requisites) or options.replay_from is not None:
            raise NotConfigured
        middleware = cls(crawler, options)
        crawler.signals.connect(middleware.request_scheduled, signal=signals.request_scheduled)
        crawler.signals.connect(middleware.request_dropped, signal=signals.request_dropped)
        return middleware

    async def process_spider_output(
        self, response: Response, result: AsyncIterator[Any]
    ) -> AsyncIterator[Any]:  # Any: a spider may yield whatever it likes
        """Yield what a callback yielded, and beside each page requests for its requisites."""
        async for item in result:
            yield item
            if isinstance(item, Page) and _is_of(item, response):
                found = await asyncio.to_thread(
                    requisites_of_html, response.body, response.url, item.charset
                )
                for request in self._requests(found, response, bare_uuid(item.record_id), 1):
                    yield request
        if REQUISITE_KEY in response.meta:
            for request in await self._arrived(response):
                yield request

    def request_scheduled(self, request: Request) -> None:
        """Count what was missed, which is all that is wanted of such a request."""
        if isinstance(request, Missed):
            self._stats.inc_value("archive/requisite_failed_count")
            raise IgnoreRequest

    def request_dropped(self, request: Request) -> None:
        """Take back the count of what the frontier had seen before."""
        if REQUISITE_KEY in request.meta and "redirect_times" not in request.meta:
            self._count(request, -1)

    async def _arrived(self, response: Response) -> Iterable[Request]:
        """Count the requisite in *response*; return what it names, if it is a stylesheet."""
        if not 200 <= response.status < 300:
            self._stats.inc_value("archive/requisite_failed_count")
            return ()
        self._stats.inc_value("archive/requisite_count")
        level = response.meta.get(_LEVEL_KEY, _DEEPEST)
        media_type = response.headers.get(b"Content-Type") or b""
        if level >= _DEEPEST or media_type.partition(b";")[0].strip().lower() in _HTML:
            return ()
        charset = http_content_type_encoding(media_type.decode("latin-1"))
        found = await asyncio.to_thread(requisites_of_css, response.body, response.url, charset)
        return self._requests(found, response, response.meta[REQUISITE_KEY], level + 1)

    def _requests(
        self, found: Iterable[Requisite], response: Response, page_id: str, level: int
    ) -> Iterator[Request]:
        """Yield requests for those that *found* in *response* are new, as far as there is room."""
        assert response.request is not None
        # Before other pages: what a page is made of is to be of the same hour, and addresses of
        # pictures expire. Nothing is lost by it, for all is to be fetched in the end.
        priority = response.request.priority + (level == 1)
        for requisite in found:
            if self._known.has(hash(requisite.url)):
                continue
            request = Request(
                requisite.url,
                callback=archived,
                errback=missed,
                meta=self._meta(requisite, page_id, level),
                priority=priority,
            )
            if self._has_room(request):
                self._count(request, 1)
                yield request
            else:
                self._stats.inc_value("archive/requisite_limited_count")

    def _meta(self, requisite: Requisite, page_id: str, level: int) -> dict[str, object]:
        meta: dict[str, object] = {
            REQUISITE_KEY: page_id,
            "allow_offsite": True,  # pictures lie on other hosts
            "download_maxsize": self._max_bytes,
            "give_up_log_level": "DEBUG",  # counted, and nobody's fault here
        }
        return meta | ({_LEVEL_KEY: level} if requisite.kind == "stylesheet" else {})

    def _has_room(self, request: Request) -> bool:
        host, page_id = urlparse_cached(request).hostname, request.meta[REQUISITE_KEY]
        return self._per_page.has_room(page_id) and self._per_host.has_room(host)

    def _count(self, request: Request, step: int) -> None:
        self._known.count(hash(request.url), 1)
        self._per_page.count(request.meta[REQUISITE_KEY], step)
        self._per_host.count(urlparse_cached(request).hostname, step)


class Missed(Request):
    """Says of a requisite that it did not come; never fetched.

    A function that an errback can be, once it has been on disk, knows no crawler: but what it
    yields comes to it.
    """


def archived(response: Response) -> None:
    """Do nothing with a requisite: it lies in the archive."""


def missed(failure: Any) -> Iterator[Request]:  # Any: Scrapy gives a Failure its request
    """Have it counted that a requisite did not come, unless the next run asks for it again."""
    request: Request = failure.request
    # What came with an error status has a response, which is counted as it comes by.
    if not failure.check(HttpError) and not request.meta.get(UNDONE_KEY):
        meta = {REQUISITE_KEY: request.meta.get(REQUISITE_KEY), "allow_offsite": True}
        yield Missed(request.url, meta=meta)


class _Counts:
    """How often each key was counted, of the *most* that were counted last; up to *limit*.

    A limit of 0 is none.
    """

    def __init__(self, most: int, limit: int) -> None:
        self._most = most
        self._limit = limit
        self._counts: OrderedDict[Hashable, int] = OrderedDict()

    def has(self, key: Hashable) -> bool:
        """Say whether *key* was counted, and keep it in mind if it was."""
        if key not in self._counts:
            return False
        self._counts.move_to_end(key)
        return True

    def has_room(self, key: Hashable) -> bool:
        """Say whether *key* may be counted once more."""
        return not self._limit or self._counts.get(key, 0) < self._limit

    def count(self, key: Hashable, step: int) -> None:
        """Count *key* once more, or once less."""
        self._counts[key] = self._counts.get(key, 0) + step
        self._counts.move_to_end(key)
        if len(self._counts) > self._most:
            self._counts.popitem(last=False)


def _is_of(page: Page, response: Response) -> bool:
    """Say whether *page* is that of *response*: another's HTML is not at hand."""
    own = response.meta.get(PAGE_KEY)
    return isinstance(own, Page) and own.record_id == page.record_id
