"""From an archived page to its text, when a crawl is answered from an archive.

The block is at hand that the page's record has: it is extracted off the event loop, as in a
crawl, and nothing is written.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from typing import Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem, NotConfigured

from archiver.capture import PASSED_OVER, Page
from archiver.text import TextRecord
from archiver.workers import ExtractionLost, Source, Workers
from pipelines.answering import HeldPage, Replay
from pipelines.extract import text_of
from pipelines.reserved import read_by

logger = logging.getLogger(__name__)

# Records whose text was given are remembered, as many as this, to give each once.
_MOST_READ = 100_000


class ReplayText:
    """Turn each Page into a TextRecord; every other item passes through."""

    def __init__(self, crawler: Crawler, workers: Workers | None) -> None:
        self._crawler = crawler
        self._stats = crawler.stats
        self._workers = workers
        self._has_failed = False
        self._parts: dict[str, bytes] = {}  # blocks, by the ids of records
        self._read: OrderedDict[str, None] = OrderedDict()  # ids of records

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the pipeline of *crawler*, whose archive must be open."""
        replay = crawler.get_extension(Replay)
        if replay is None:
            raise NotConfigured("no archive is open")
        options, workers = replay.options, None
        if options.is_text_enabled:
            workers = Workers(
                options.extract_workers,
                timeout=options.extract_timeout,
                function=options.extract_function,
            )
        pipeline = cls(crawler, workers)
        crawler.signals.connect(pipeline.spider_closed, signal=signals.spider_closed)
        return pipeline

    async def process_item(self, item: object) -> object:
        """Return the text record of a Page; DropItem when it has no article text.

        A page that repeats one whose text was given is dropped, as in the crawl.
        """
        if not isinstance(item, HeldPage):
            return item
        if item.page_type in PASSED_OVER:
            if item.page_type == "part":
                self._parts[item.record_id] = item.block
            self._stats.inc_value("archive/passed_over_count")
            raise DropItem(f"{item.target} is no page: {item.page_type}", log_level="DEBUG")
        page, key = item.let_go(), item.original or item.record_id
        if not item.is_named and key in self._read:
            self._stats.inc_value("archive/page_unchanged_count")
            raise DropItem(f"{page.target} is what it was", log_level="DEBUG")
        self._stats.inc_value("archive/page_count")
        if self._workers is None:
            return page
        self._note(key)
        # Its parts came before it: an article is a page when it has come to its end.
        parts = [self._parts.pop(record_id) for record_id in page.parts]
        source = (item.block, *parts) if parts else item.block
        record, is_read = await self._extracted(self._workers, page, source)
        if not is_read:
            self._read.pop(key, None)
        if record is None:
            raise DropItem(f"no article text in {page.target}", log_level="DEBUG")
        self._stats.inc_value("archive/text_count")
        return record

    def spider_closed(self) -> None:
        """End the worker processes."""
        if self._workers is not None:
            self._workers.close()

    async def _extracted(
        self, workers: Workers, page: Page, source: Source
    ) -> tuple[TextRecord | None, bool]:
        try:
            return await text_of(page, read_by(workers, source, page), self._stats)
        except ExtractionLost as error:
            self._fail(error)
            return None, False

    def _fail(self, error: ExtractionLost) -> None:
        """Stop the crawl: to go on would lose the text of every page."""
        self._stats.inc_value("archive/text_failed_count/stopped")
        if self._has_failed:
            return
        self._has_failed = True
        self._stats.set_value("archive/failed", 1)
        logger.error("The crawl is stopped: %s: free some, and run it again", error.detail)
        closing = self._crawler.engine.close_spider_async(reason="archive_failed")
        self._closing = asyncio.ensure_future(closing)

    def _note(self, key: str) -> None:
        self._read[key] = None
        if len(self._read) > _MOST_READ:
            self._read.popitem(last=False)
