"""Scrapy's door to the collection: one thread that writes, and a bounded way to it.

The event loop never writes, hashes or compresses. It hands a capture over and waits for the
record to be on disk; when the writer is behind, downloads wait. What is released by garbage
collection (nobody can declare a page any more) is passed on with the next thing to write.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self, TypeVar

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest, NotConfigured
from scrapy.utils.asyncio import is_asyncio_available

from archiver.capture import LEASE_KEY, PAGE_KEY, PLACE_KEY, UNDONE_KEY, Capture, Original, Page
from archiver.collection import Collection, Kept
from archiver.crawllog import CrawlLog
from archiver.errors import SettingError, StoreError
from archiver.locks import Lock
from archiver.manifests import prove_usable
from archiver.options import Options, options_from
from archiver.reader import read_record
from archiver.rereading import MAX_BLOCK
from archiver.storage import open_store
from archiver.survey import exchange_of
from archiver.tape import Tape
from archiver.text import TextRecord
from archiver.urls import target_of
from pipelines.conditional import may_be_conditional
from pipelines.counting import count_capture, count_page
from pipelines.crawl_details import crawl_details
from pipelines.holding import Holding
from pipelines.opening import (
    SPOOL,
    began_at,
    collection_for,
    locked,
    new_id,
    note_log,
    prove_work_dir,
    state_of,
)
from pipelines.way import with_way
from pipelines.writer import ArchiveStopped, Writer

logger = logging.getLogger(__name__)

# How often what is written is made durable with ARCHIVE_FSYNC = "seconds".
_SYNC_SECONDS = 1.0


_T = TypeVar("_T")


class Archive:
    """Keeps captures, pages and texts of one crawl; *failure* says why it could not go on.

    *is_abandoned* says that the time to stop in order is over. *unfinished* are the pages that
    a killed crawl declared and did not finish.
    """

    def __init__(
        self, crawler: Crawler, options: Options, collection: Collection, lock: Lock,
        began_at: datetime,
    ) -> None:  # fmt: skip
        self.options = options
        self.failure: str | None = None
        self.is_abandoned = False
        self.path = Path(options.store) / options.collection
        # The time limits of downloads that are under way, for `abandon` to bring forward.
        self.limits: set[asyncio.Timeout] = set()
        taken = collection.take_up()
        if learned := collection.learn():
            logger.info("Learned what %d WARCs of the collection hold", learned)
        self.unfinished = taken.unfinished
        self._unclaimed = taken.unclaimed
        self._began = began_at
        self._asks_for_changes = options.recrawl == "changed" and collection.has_past()
        self._crawler = crawler
        self._collection = collection
        self._lock = lock
        self._log: CrawlLog | None = None
        self._writer = Writer(options, fail=self.fail, after=self._release)
        self._places = asyncio.Semaphore(options.queue_captures)
        self._holding = Holding()
        self._extractions: set[asyncio.Future[Any]] = set()  # Any: of whatever result
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
        prove_usable(open_store(options.store), options.collection)
        prove_work_dir(options.work_dir)
        state = state_of(options)
        state.make()
        lock = locked(crawler, state, options)
        try:
            collection = collection_for(crawler, options, state)
            archive = cls(crawler, options, collection, lock, began_at(crawler, state))
        except OSError as error:
            lock.release()
            raise StoreError(
                f"what a killed crawl left cannot be mended ({error}): make room, or free the file"
            ) from error
        crawler.signals.connect(archive.spider_opened, signal=signals.spider_opened)
        crawler.signals.connect(archive.request_scheduled, signal=signals.request_scheduled)
        crawler.signals.connect(archive.spider_closed, signal=signals.spider_closed)
        return archive

    def now(self) -> datetime:
        """Return the present, in UTC."""
        return datetime.now(UTC)

    def new_id(self) -> str:
        """Return a fresh WARC-Record-ID."""
        return new_id()

    def new_tape(self) -> Tape:
        """Return an empty tape that moves to disk when it grows long."""
        return Tape(self.options.memory_bytes, self.options.work_dir / SPOOL)

    def recovered(self, request: Request) -> Page | None:
        """Return what a killed crawl captured for *request* and nobody has read; once.

        Only for what the frontier hands out: robots.txt, for one, is to be fresh.
        """
        if not self._unclaimed or LEASE_KEY not in request.meta:
            return None
        exchange = exchange_of(request.method.encode(), target_of(request.url), request.body)
        pages = self._unclaimed.get(exchange)
        if not pages:
            return None
        page = pages.popleft()
        request.meta[PLACE_KEY] = page.location
        self._offer(request, page)
        return page

    async def last_answer(self, request: Request) -> Original | None:
        """Return what an earlier crawl has brought, if *request* is to ask whether it changed."""
        if not self._asks_for_changes or not may_be_conditional(request):
            return None
        target = target_of(request.url)
        return await self._writer.write(self._collection.last_answer, target, before=self._began)

    async def block_of(self, page: Page) -> AsyncIterator[bytes]:
        """Yield the block of *page*'s record, or of the one it refers to, off the event loop.

        StoreError or DamagedRecord when it cannot be read.
        """
        location = page.location
        if page.original is not None:
            original = await self._writer.write(self._collection.original, page.original)
            if original is None:
                raise StoreError(f"{page.original}, to which {page.record_id} refers, is unknown")
            location = original.location
        file = await self._writer.run(self._collection.opened, location.filename)
        with file:
            chunks = read_record(file, location).chunks()
            while chunk := await asyncio.to_thread(next, chunks, b""):
                yield chunk

    async def beginning_of(self, page: Page) -> bytes:
        """Return as much of the block of *page*'s record as an extractor looks at."""
        block = b""
        async for octets in self.block_of(page):
            block += octets
            if len(block) > MAX_BLOCK:
                break
        return block[:MAX_BLOCK]

    async def has_read(self, page: Page) -> bool:
        """Say whether *page* is a revisit of one whose text the collection has, if it has one."""
        if page.original is None:
            return False
        original = await self._writer.write(self._collection.original, page.original)
        return original is not None and original.is_page

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
        count_capture(stats, capture, kept.page, is_last=is_last)
        stats.set_value("archive/warc_bytes", self._collection.size)
        request.meta.pop(PAGE_KEY, None)
        request.meta[PLACE_KEY] = kept.location
        if kept.page is not None:
            self._offer(request, kept.page)

    async def declare(self, page: Page) -> Path:
        """Write down that *page* is one; return the file where its response lies now."""
        path, location = await self._writer.write(self._collection.declare, page)
        request = self._holding.request_of(page)
        if location is not None and request is not None:
            request.meta[PLACE_KEY] = location
        count_page(self._crawler.stats)
        return path

    async def path_of(self, page: Page) -> Path:
        """Return the file where the response of *page* lies now, which is not sealed."""
        return await self._writer.write(self._collection.path_of, page)

    async def list_page(self, page: Page) -> None:
        """Write down that *page* is one whose text nobody asks for."""
        await self.declare(page)
        await self.finish(page, None)

    async def finish(self, page: Page, record: TextRecord | None) -> None:
        """Write the text of the declared *page*, None where it has none."""
        await self._writer.write(self._collection.finish, page, record)

    def lose(self, page: Page) -> None:
        """Note that *page* could not be finished: the next crawl is to ask for it again."""
        self._holding.lose(page)

    async def unless_abandoned(self, work: Awaitable[_T]) -> _T:
        """Return the result of *work*. ArchiveStopped when the time to stop is over first."""
        working = asyncio.ensure_future(work)
        if self.is_abandoned:
            working.cancel()
        self._extractions.add(working)
        try:
            return await working
        except asyncio.CancelledError:
            if not self.is_abandoned:
                raise
            raise ArchiveStopped("the time to stop was over") from None
        finally:
            self._extractions.discard(working)

    def abandon(self, reason: str) -> None:
        """Cut short what is under way, because of *reason*, so that the crawl can be sealed.

        What is cut short is not done, and the next crawl asks for it again.
        """
        logger.warning("Downloads and extractions are cut short: %s", reason)
        self.is_abandoned = True
        now = asyncio.get_running_loop().time()
        for limit in self.limits:
            limit.reschedule(now)
        for extraction in self._extractions:
            extraction.cancel()
        for slot in self._crawler.engine.downloader.slots.values():
            while slot.queue:  # these wait for their turn, which may be minutes off
                request, answer = slot.queue.popleft()
                request.meta[UNDONE_KEY] = True
                answer.errback(IgnoreRequest("the crawl was stopped first; the next one asks"))

    async def spider_opened(self, spider: Spider) -> None:
        """Begin the crawl's log; before this nothing is left on disk."""
        try:
            self._log = await self._writer.write(self._collection.begin, spider.name)
        except ArchiveStopped:
            return  # said; the crawl is being closed
        note_log(self._lock, self._log)
        if self.options.fsync == "seconds":
            self._syncing = asyncio.ensure_future(self._sync_each_second())

    def request_scheduled(self, request: Request) -> None:
        """Take away what came along with somebody else's meta."""
        for key in (PAGE_KEY, PLACE_KEY, UNDONE_KEY):
            request.meta.pop(key, None)

    async def spider_closed(self, spider: Spider, reason: str) -> None:
        """Seal everything and complete the crawl's log."""
        if self._syncing is not None:
            self._syncing.cancel()
        stats = self._crawler.stats
        try:
            # The frontier, too, may have failed: then what is done is not written down, and a
            # stem that is not sealed is how the next run tells.
            if not stats.get_value("archive/failed"):
                await self._writer.write(self._collection.sealed)
            await self._writer.write(self._collection.close)
        except ArchiveStopped:
            pass  # said and remembered in self.failure; what is written stays as it is
        finally:
            outcome = f"failed: {self.failure}" if self.failure else reason
            stats.set_value("archive/warc_bytes", self._collection.size)
            await self._writer.run(self._end, outcome, crawl_details(self._crawler))
            self._writer.close()
            # Last of all: until then the scheduler may put away what is locked.
            self._crawler.signals.connect(self._lock.release, signal=signals.engine_stopped)

    async def _sync_each_second(self) -> None:
        while self.failure is None:
            await asyncio.sleep(_SYNC_SECONDS)
            try:
                await self._writer.write(self._collection.sync)
            except ArchiveStopped:
                return  # said

    def _keep(self, capture: Capture, unchanged: Original | None) -> Kept:
        try:
            return self._collection.write(capture, unchanged)
        finally:
            capture.response.close()

    def _offer(self, request: Request, page: Page) -> None:
        """Let the spider declare *page* for as long as *request* is alive."""
        request.meta[PAGE_KEY] = with_way(page, request)
        self._holding.hold(request, page)

    def _release(self) -> None:
        """Let go of what nobody can declare a page any more. Called in the writer's thread."""
        while self._holding.released:
            self._collection.release(self._holding.released.popleft())

    def _end(self, outcome: str, details: dict[str, object]) -> None:
        if self._log is None:
            return
        try:
            self._log.write(outcome=outcome, finished_at=self.now(), details=details)
        except OSError as error:
            self._complain_of_log(self._log, outcome, error)

    def _complain_of_log(self, log: CrawlLog, outcome: str, error: OSError) -> None:
        """Say that *log* has no room, and put down at least how the crawl ended."""
        message = f"{log.path} cannot be written ({error.strerror}): make room"
        # A crawl that stopped for want of room has said so: the log is but a consequence.
        level = logging.ERROR if self.failure is None else logging.WARNING
        self.failure = self.failure or message
        logger.log(level, "The crawl's log is not complete: %s", message)
        try:
            log.write(outcome=outcome, finished_at=self.now())
        except OSError:
            logger.warning("The crawl's log goes on saying `running`: %s", log.path)

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
