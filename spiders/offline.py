"""The captures of an archive, one by one: no link is followed and no server is asked."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from itertools import islice
from typing import Any, Self

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from archiver.answers.choice import CAPTURE_KEY
from archiver.answers.selection import FILTERS, Selection, selection_of
from archiver.capture import PAGE_KEY, Page
from archiver.cdxj import IndexEntry
from archiver.errors import SettingError
from archiver.sources import Source

# So many index lines are looked at in a turn of another thread.
_LINES = 2000


class OfflineSpider(Spider):
    """Yield a page for each capture of `-a archive=…` that the filters let through."""

    name = "offline"

    def __init__(self, selection: Selection, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._selection = selection
        self._source: Source | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Read the filters, and have the archive answer; SettingError if that cannot be."""
        archive = kwargs.pop("archive", None)
        if archive is not None:
            crawler.settings.set("ARCHIVE_REPLAY_FROM", archive, priority="cmdline")
        if not crawler.settings.get("ARCHIVE_REPLAY_FROM"):
            raise SettingError("name what to walk: -a archive=collections/news, a WACZ or a WARC")
        # Nobody leads it astray: however long a URL is, it was fetched.
        crawler.settings.set("URLLENGTH_LIMIT", 0, priority="spider")
        filters = {name: kwargs.pop(name) for name in FILTERS if name in kwargs}
        for name in kwargs:
            known = ", ".join(("archive", *FILTERS))
            raise SettingError(f"-a {name} is nothing that offline knows: it takes {known}")
        return super().from_crawler(crawler, *args, selection=selection_of(filters), **kwargs)

    def take_source(self, source: Source) -> None:
        """Walk *source*, which answers."""
        self._source = source

    async def start(self) -> AsyncIterator[Request]:
        """Ask for each capture, no faster than they are answered."""
        if self._source is None:
            raise SettingError("nothing answers: add archiver.addon.ArchiveAddon to ADDONS")
        lines = self._source.index().lines()
        while some := await asyncio.to_thread(list, islice(lines, _LINES)):
            for entry in self._selection.of(some):
                if self.crawler.engine.needs_backout():
                    await self.crawler.signals.wait_for(signals.scheduler_empty)
                request = self._request(entry)
                if request is not None:
                    yield request

    def parse(self, response: Response) -> Iterator[Page]:
        """Declare *response* a page."""
        page = response.meta.get(PAGE_KEY)
        if isinstance(page, Page):
            yield page

    def say_why_not(self, failure: Any) -> None:  # Any: Scrapy gives a Failure its request
        """Say in a line why a capture gave no page."""
        level = logging.INFO if failure.check(IgnoreRequest) else logging.ERROR
        self.logger.log(level, "No page from %s: %s", failure.request.url, failure.value)

    def _request(self, entry: IndexEntry) -> Request | None:
        """Return a request for the very capture that *entry* names, as it is.

        None where its URL is none that Scrapy can take: that capture is missed, and no other.
        """
        try:
            return Request(
                entry.url,
                callback=self.parse,
                errback=self.say_why_not,
                dont_filter=True,
                meta={
                    CAPTURE_KEY: entry,
                    "dont_redirect": True,
                    "handle_httpstatus_all": True,
                    "download_fail_on_dataloss": False,
                },
            )
        except ValueError as error:  # an address, port or character that is none
            self.crawler.stats.inc_value("archive/replay_miss_count")
            self.logger.info("No page from %r: %s", entry.url, error)
            return None
