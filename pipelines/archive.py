"""Scrapy's door to the collection: one thread that writes, and a bounded way to it.

The event loop never writes, hashes or compresses. It hands a capture over and waits for the
record to be on disk; when the writer is behind, downloads wait. What is released by garbage
collection (nobody can declare a page any more) is passed on with the next thing to write.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime
from pathlib import Path
from typing import Self, TypeVar

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.utils.asyncio import is_asyncio_available

from archiver.capture import (
    PAGE_KEY,
    PASSING,
    PLACE_KEY,
    UNDONE_KEY,
    Capture,
    Location,
    Original,
    Page,
)
from archiver.collection import Kept
from archiver.crawllog import CrawlLog
from archiver.errors import ArchiveError, SettingError
from archiver.options import Options, options_from
from archiver.tape import Tape
from archiver.text import TextRecord
from pipelines.counting import count_capture, count_mark, count_page
from pipelines.crawl_details import complete
from pipelines.holding import Holding
from pipelines.opening import SPOOL, Opened, new_id, note_log, opened
from pipelines.past import Past
from pipelines.shipping import Shipping
from pipelines.under_way import UnderWay
from pipelines.way import with_way
from pipelines.writer import ArchiveStopped, Writer

logger = logging.getLogger(__name__)

# How often what is written is made durable with ARCHIVE_FSYNC = "seconds".
_SYNC_SECONDS = 1.0


_T = TypeVar("_T")


class Archive:
    """Keeps captures, pages and texts of one crawl; *failure* says why it could not go on.

    *past* is what the collection had before, *under_way* what the crawl waits for, and
    *unfinished* are the pages that a killed crawl declared and did not finish. *unsent* says
    in the end what a bucket has still to get, which is waited for until *stop_by* at most,
    by the clock of the event loop.
    """

    def __init__(self, crawler: Crawler, options: Options, opened: Opened) -> None:
        self.options = options
        self.failure: str | None = None
        self.unsent: str | None = None
        self.stop_by: float | None = None
        self.under_way = UnderWay()
        self.unfinished = opened.taken.unfinished
        self._crawler = crawler
        self._collection = opened.collection
        self._lock = opened.lock
        self._shipping = opened.shipping
        self._log: CrawlLog | None = None
        self._writer = Writer(options, fail=self.fail, after=self._release)
        self._places = asyncio.Semaphore(options.queue_captures)
        self._holding = Holding()
        self.past = Past(
            opened.collection,
            self._writer,
            unclaimed=opened.taken.unclaimed,
            offer=self._offer,
            began_at=opened.began_at,
            asks_for_changes=options.recrawl == "changed",
        )
        self._closing: asyncio.Future[None] | None = None
        self._syncing: asyncio.Task[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Open the collection that *crawler*'s settings name; an ArchiveError if they cannot.

        What a killed crawl left there is mended first.
        """
        options = options_from(crawler.settings)
        if not options.is_enabled:
            raise NotConfigured("ARCHIVE_ENABLED is off")
        if not is_asyncio_available():
            raise SettingError("the archive needs asyncio: leave TWISTED_REACTOR at its default")
        archive = cls(crawler, options, opened(crawler, options))
        crawler.signals.connect(archive.spider_opened, signal=signals.spider_opened)
        crawler.signals.connect(archive.request_scheduled, signal=signals.request_scheduled)
        crawler.signals.connect(archive.spider_closed, signal=signals.spider_closed)
        crawler.signals.connect(archive.engine_stopped, signal=signals.engine_stopped)
        return archive

    @property
    def waiting_octets(self) -> int:
        """The octets that a bucket has still to get."""
        return self._shipping.waiting_octets if self._shipping is not None else 0

    def now(self) -> datetime:
        """Return the present, in UTC."""
        return datetime.now(UTC)

    def new_id(self) -> str:
        """Return a fresh WARC-Record-ID."""
        return new_id()

    def new_tape(self) -> Tape:
        """Return an empty tape that moves to disk when it grows long."""
        return Tape(self.options.memory_bytes, self.options.work_dir / SPOOL)

    async def keep(
        self, capture: Capture, request: Request, *, unchanged: Original | None = None,
        is_last: bool = True,
    ) -> None:  # fmt: skip
        """Write *capture*, and put the page it may become into the meta of *request*.

        It is on disk when this returns. ArchiveStopped when it could not be written.
        *unchanged* is what the request asked about, if it was conditional. Not *is_last* is a
        try that another one follows, as after a dead idle connection.
        """
        async with self._places:
            kept = await self._writer.write(self._keep, capture, unchanged)
        stats = self._crawler.stats
        count_capture(stats, capture, kept, is_last=is_last)
        stats.set_value("archive/warc_bytes", self._collection.size)
        request.meta.pop(PAGE_KEY, None)
        request.meta[PLACE_KEY] = kept.location
        if kept.page is not None:
            self._offer(request, kept.page)

    async def declare(self, page: Page) -> Path:
        """Write down that *page* is one; return the file where its response lies now."""
        path, location = await self._writer.write(self._collection.declare, page)
        self._place(page, location)
        count_page(self._crawler.stats, page)
        return path

    async def path_of(self, page: Page) -> Path:
        """Return the file where the response of *page* lies now, which is not sealed."""
        return await self._writer.write(self._collection.path_of, page)

    async def list_page(self, page: Page) -> None:
        """Write down that *page* is one whose text nobody asks for."""
        self._place(page, await self._writer.write(self._list_page, page))
        count_page(self._crawler.stats, page)

    async def finish(self, page: Page, record: TextRecord | None, *, is_read: bool = True) -> None:
        """Write the text of the declared *page*, None where it has none.

        Not *is_read* is one whose text was lost, or not asked for.
        """
        await self._writer.write(self._collection.finish, page, record, is_read=is_read)

    async def pass_over(self, page: Page) -> None:
        """Write down that *page* is none worth reading, and what it is instead.

        Of one that repeats another this has been said.
        """
        if page.original is not None:
            if page.page_type not in PASSING:
                await self.note_unchanged(page)
            return
        location = await self._writer.write(self._collection.mark, page)
        self._place(page, location)
        count_mark(self._crawler.stats, page)

    async def note_unchanged(self, page: Page) -> None:
        """Remember that *page* was looked at, and is what it was."""
        await self._writer.write(self._collection.holdings.note_read, page)

    def lose(self, page: Page) -> None:
        """Note that *page* could not be finished: the next crawl is to ask for it again."""
        self._holding.lose(page)

    async def spider_opened(self, spider: Spider) -> None:
        """Begin the crawl's log; before this nothing is left on disk."""
        try:
            self._log = await self._writer.write(self._begin, spider.name)
        except ArchiveStopped:
            return  # said; the crawl is being closed
        if self.options.fsync == "seconds":
            self._syncing = asyncio.ensure_future(self._sync_each_second())

    def request_scheduled(self, request: Request) -> None:
        """Take away what came along with somebody else's meta."""
        for key in (PAGE_KEY, PLACE_KEY, UNDONE_KEY):
            request.meta.pop(key, None)

    async def spider_closed(self, spider: Spider, reason: str) -> None:
        """Seal everything, complete the crawl's log, and wait until all is sent."""
        if self._syncing is not None:
            self._syncing.cancel()
        stats = self._crawler.stats
        try:
            # The frontier, too, may have failed: then what is done is not written down, and a
            # stem that is not sealed is how the next run tells.
            if not stats.get_value("archive/failed"):
                unclaimed = [] if reason == "finished" else self.past.unclaimed
                await self._writer.write(self._collection.sealed, unclaimed)
            await self._writer.write(self._collection.close)
        except ArchiveStopped:
            pass  # said and remembered in self.failure; what is written stays as it is
        finally:
            outcome = f"failed: {self.failure}" if self.failure else reason
            stats.set_value("archive/warc_bytes", self._collection.size)
            await self._writer.run(self._end, outcome)
            self._writer.close()
            await self._ship()
            # Last of all: until then the scheduler may put away what is locked.
            self._crawler.signals.connect(self._lock.release, signal=signals.engine_stopped)

    async def _sync_each_second(self) -> None:
        while self.failure is None:
            await asyncio.sleep(_SYNC_SECONDS)
            try:
                await self._writer.write(self._collection.sync)
            except ArchiveStopped:
                return  # said

    def engine_stopped(self) -> None:
        """Say what is unsent if somebody has ended the wait for it."""
        if self.unsent is None and self._shipping is not None:
            self._say_unsent(self._shipping)

    async def _ship(self) -> None:
        """Wait for what is still to be sent, but not past the time when there is to be an end."""
        if self._shipping is None:
            return
        patience = self.options.upload_wait
        if self.stop_by is not None:
            left = self.stop_by - asyncio.get_running_loop().time()
            patience = min(patience, max(0.0, left))
        try:
            await self._shipping.finish(patience, self._crawler.stats)
        except ArchiveError as error:  # of the outbox: nobody knows what is left
            self.failure = self.failure or str(error)
            logger.error("Whether all is sent is not known: %s", error)
        else:
            self._say_unsent(self._shipping)

    def _say_unsent(self, shipping: Shipping) -> None:
        self.unsent = shipping.unsent
        if self.unsent is not None:
            logger.error("%s", self.unsent)

    def _begin(self, spider: str) -> CrawlLog:
        log = self._collection.begin(spider, self._claim)
        if self._shipping is not None:
            self._shipping.publish(log.name)
            self._shipping.start()
        return log

    def _claim(self, log: str) -> bool:
        note_log(self._lock, log)
        return self._shipping is None or self._shipping.claim(log)

    def _keep(self, capture: Capture, unchanged: Original | None) -> Kept:
        try:
            return self._collection.write(capture, unchanged)
        finally:
            capture.response.close()

    def _place(self, page: Page, location: Location | None) -> None:
        """Note that the last record written for *page*'s request lies at *location*."""
        request = self._holding.request_of(page)
        if location is not None and request is not None:
            request.meta[PLACE_KEY] = location

    def _list_page(self, page: Page) -> Location | None:
        _, location = self._collection.declare(page)
        self._collection.finish(page, None, is_read=False)
        return location

    def _offer(self, request: Request, page: Page) -> None:
        """Let the spider declare *page* for as long as *request* is alive."""
        is_respected = self.options.rights == "respect"
        request.meta[PAGE_KEY] = with_way(page, request, is_rights_respected=is_respected)
        self._holding.hold(request, page)

    def _release(self) -> None:
        """Let go of what nobody can declare a page any more. Called in the writer's thread."""
        while self._holding.released:
            self._collection.release(self._holding.released.popleft())

    def _end(self, outcome: str) -> None:
        if self._log is None:
            return
        problem = complete(self._log, self._crawler, outcome, finished_at=self.now())
        if problem is not None:
            # A crawl that stopped for want of room has said so: the log is but a consequence.
            level = logging.ERROR if self.failure is None else logging.WARNING
            self.failure = self.failure or problem
            logger.log(level, "The crawl's log is not complete: %s", problem)
        if self._shipping is not None:
            try:
                self._shipping.publish(self._log.name)
            except (ArchiveError, OSError) as error:
                self.failure = self.failure or str(error)
                logger.error("The crawl's log is not sent: %s", error)

    def fail(self, message: str) -> None:
        """Say once why the archive cannot go on, and stop the crawl."""
        if self.failure is not None:
            return
        self.failure = message
        self._writer.refuse(message)
        # Where the frontier has failed before, ours is but a consequence.
        is_first = not self._crawler.stats.get_value("archive/failed")
        self._crawler.stats.set_value("archive/failed", 1)
        level = logging.ERROR if is_first else logging.WARNING
        logger.log(level, "The archive stops the crawl: %s", message)
        closing = self._crawler.engine.close_spider_async(reason="archive_failed")
        self._closing = asyncio.ensure_future(closing)

    def fail_to_spool(self, error: Exception) -> None:
        """Stop the crawl: what arrives can be kept neither in memory nor on disk."""
        self.fail(
            f"{self.options.work_dir / SPOOL} cannot be written ({error}): make room, or name "
            "another folder in ARCHIVE_WORK_DIR"
        )
