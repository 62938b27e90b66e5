"""From a page to its text: declared in the archive, extracted off the event loop, written."""

from __future__ import annotations

import logging
from collections.abc import Awaitable
from pathlib import Path
from typing import Self, cast

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem, NotConfigured
from scrapy.statscollectors import StatsCollector

from archiver.capture import PASSED_OVER, Page
from archiver.errors import ArchiveError, CollectionError
from archiver.text import TextRecord
from archiver.workers import ExtractionLost, Source, Workers
from pipelines.archive import Archive
from pipelines.reserved import Reserved, read_by
from pipelines.writer import ArchiveStopped

logger = logging.getLogger(__name__)


class ExtractPipeline:
    """Turn each Page into a TextRecord; every other item passes through."""

    def __init__(self, crawler: Crawler, archive: Archive, workers: Workers | None) -> None:
        self._stats = crawler.stats
        self._archive = archive
        self._workers = workers

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the pipeline of *crawler*, whose archive must be open."""
        archive = crawler.get_extension(Archive)
        if archive is None:
            raise NotConfigured("no archive is open")
        options = archive.options
        workers = None
        if options.is_text_enabled:
            workers = Workers(
                options.extract_workers,
                timeout=options.extract_timeout,
                function=options.extract_function,
            )
        pipeline = cls(crawler, archive, workers)
        crawler.signals.connect(pipeline.spider_closed, signal=signals.spider_closed)
        return pipeline

    async def open_spider(self) -> None:
        """Finish the pages that a killed crawl declared and did not finish."""
        for page in self._archive.unfinished:
            try:
                await self._finish_left(page)
            except ArchiveStopped:
                return  # said; the crawl is being closed

    async def process_item(self, item: object) -> object:
        """Return the text record of a Page; DropItem when it has no article text."""
        if not isinstance(item, Page):
            return item
        try:
            if item.page_type in PASSED_OVER:
                await self._archive.pass_over(item)
                raise DropItem(f"{item.target} is no page: {item.page_type}", log_level="DEBUG")
            if await self._is_unchanged(item):
                await self._archive.note_unchanged(item)
                self._stats.inc_value("archive/page_unchanged_count")
                raise DropItem(f"{item.target} is what it was", log_level="DEBUG")
            if self._workers is None:
                await self._archive.list_page(item)
                return item
            with self._archive.past.reading(item):
                path = await self._archive.declare(item)
                extraction = self._extracted(self._workers, path, item)
                record, is_read = await self._archive.under_way.unless_abandoned(extraction)
                await self._archive.finish(item, record, is_read=is_read)
        except CollectionError as error:
            self._stats.inc_value("archive/page_late_count")
            raise DropItem(str(error)) from error
        except ArchiveStopped as stopped:
            self._archive.lose(item)
            self._stats.inc_value("archive/text_failed_count/stopped")
            raise DropItem(str(stopped), log_level="DEBUG") from stopped
        if record is None:
            raise DropItem(f"no article text in {item.target}", log_level="DEBUG")
        self._stats.inc_value("archive/text_count")
        return record

    def spider_closed(self) -> None:
        """End the worker processes."""
        if self._workers is None:
            return
        if self._archive.under_way.is_abandoned:
            self._workers.kill()  # nobody waits for what they do
        else:
            self._workers.close()

    async def _is_unchanged(self, page: Page) -> bool:
        """Say whether *page* is one that the collection has, as far as it is asked for."""
        if self._workers is None:
            return await self._archive.past.has_listed(page)
        return await self._archive.past.has_read(page)

    async def _finish_left(self, page: Page) -> None:
        record, is_read = None, False
        if self._workers is not None:
            path = await self._archive.path_of(page)
            record, is_read = await self._extracted(self._workers, path, page)
        await self._archive.finish(page, record, is_read=is_read)

    async def _extracted(
        self, workers: Workers, path: Path, page: Page
    ) -> tuple[TextRecord | None, bool]:
        """Return the text of *page*, None where it has none, and whether that is certain."""
        try:
            return await text_of(page, self._submitted(workers, path, page), self._stats)
        except ExtractionLost as error:
            # To go on would lose the text of every page, and no page is at fault.
            self._archive.fail(f"{error.detail}: free some, and run the same command again")
            raise ArchiveStopped(error.detail) from error

    async def _submitted(
        self, workers: Workers, path: Path, page: Page
    ) -> TextRecord | Reserved | None:
        # A revisit has no payload: it is read where the record lies that it refers to.
        past, source = self._archive.past, cast(Source, str(path))
        if page.parts:
            source = (await past.beginning_of(page), *[await past.part(id) for id in page.parts])
        elif page.original is not None:
            source = await past.beginning_of(page)
        return await read_by(workers, source, page)


async def text_of(
    page: Page, extraction: Awaitable[TextRecord | Reserved | None], stats: StatsCollector
) -> tuple[TextRecord | None, bool]:
    """Return what *extraction* gives of *page*, and whether it is certain; count and log it.

    ExtractionLost where no worker can be had for any page.
    """
    try:
        record = await extraction
    except ExtractionLost as error:
        if error.reason == "start":
            raise
        stats.inc_value(f"archive/text_failed_count/{error.reason}")
        logger.warning("The text of %s is lost: %s", page.target, error.detail)
        return None, False
    except ArchiveError as error:
        stats.inc_value("archive/text_failed_count/damage")
        logger.error("The text of %s is lost: %s", page.target, error)
        return None, False
    except Exception:
        stats.inc_value("archive/text_failed_count/crash")
        logger.exception("The text of %s is lost", page.target)
        return None, False
    if isinstance(record, Reserved):
        stats.inc_value("archive/rights_reserved_count")
        logger.debug("No text is kept of %s, for it is reserved: %s", page.target, record.reason)
        return None, True
    if record is None:
        stats.inc_value("archive/text_empty_count")
        logger.info("No article text in %s", page.target)
    return record, True
