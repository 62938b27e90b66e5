"""Scrapy's door to the collection: one thread that writes, and a bounded way to it.

The event loop never writes, hashes or compresses. It hands a capture over and waits for the
record to be on disk; when the writer is behind, downloads wait. What is released by garbage
collection (nobody can declare a page any more) is passed on with the next thing to write.
"""

from __future__ import annotations

import asyncio
import logging
import weakref
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import ParamSpec, Self, TypeVar

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.utils.asyncio import is_asyncio_available

from archiver.capture import Capture, Page
from archiver.collection import Collection
from archiver.crawllog import CrawlLog
from archiver.errors import CollectionError, SettingError, StoreError
from archiver.options import Options, options_from
from archiver.tape import Tape
from archiver.text import TextRecord
from pipelines.crawl_details import crawl_details
from pipelines.opening import SPOOL, collection_for, new_id, prove_work_dir
from pipelines.way import with_way

logger = logging.getLogger(__name__)


class ArchiveStopped(Exception):
    """The archive cannot go on, which has been said; whoever waits for it should let go."""


_P = ParamSpec("_P")
_T = TypeVar("_T")

# Where a response's `meta` holds the Page that its spider may declare.
PAGE_KEY = "archive_page"


class Archive:
    """Keeps captures, pages and texts of one crawl; *failure* says why it could not go on."""

    def __init__(self, crawler: Crawler, options: Options, collection: Collection) -> None:
        self.options = options
        self.failure: str | None = None
        self.path = Path(options.store) / options.collection
        self._crawler = crawler
        self._collection = collection
        self._log: CrawlLog | None = None
        self._writer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="archive-writer")
        self._places = asyncio.Semaphore(options.queue_captures)
        self._held: set[weakref.ref[Request]] = set()
        self._released: deque[Page] = deque()
        self._closing: asyncio.Future[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Open the collection that *crawler*'s settings name; an ArchiveError if they cannot."""
        options = options_from(crawler.settings)
        if not options.is_enabled:
            raise NotConfigured("ARCHIVE_ENABLED is off")
        if not is_asyncio_available():
            raise SettingError("the archive needs asyncio: leave TWISTED_REACTOR at its default")
        collection = collection_for(crawler, options)
        collection.prove_usable()
        prove_work_dir(options.work_dir)
        archive = cls(crawler, options, collection)
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

    async def keep(self, capture: Capture, request: Request, *, is_last: bool = True) -> None:
        """Write *capture*, and put the page it may become into the meta of *request*.

        It is on disk when this returns. ArchiveStopped when it could not be written. Not
        *is_last* is a try that another one follows, as after a dead idle connection.
        """
        async with self._places:
            page = await self._write(self._keep, capture)
        self._count(capture, is_last=is_last)
        request.meta.pop(PAGE_KEY, None)
        if page is not None:
            request.meta[PAGE_KEY] = with_way(page, request)
            self._hold(request, page)

    async def declare(self, page: Page) -> Path:
        """Write down that *page* is one; return the file where its response lies now."""
        path = await self._write(self._collection.declare, page)
        self._count_page()
        return path

    async def list_page(self, page: Page) -> None:
        """Write down that *page* is one whose text nobody asks for."""
        await self._write(self._list_page, page)
        self._count_page()

    async def finish(self, page: Page, record: TextRecord | None) -> None:
        """Write the text of the declared *page*, None where it has none."""
        await self._write(self._collection.finish, page, record)

    async def spider_opened(self, spider: Spider) -> None:
        """Begin the crawl's log; before this nothing is left on disk."""
        try:
            self._log = await self._write(self._collection.begin, spider.name)
        except ArchiveStopped:
            return  # said; the crawl is being closed

    def request_scheduled(self, request: Request) -> None:
        """Take away a page that came along with somebody else's meta."""
        request.meta.pop(PAGE_KEY, None)

    async def spider_closed(self, spider: Spider, reason: str) -> None:
        """Seal everything and complete the crawl's log."""
        try:
            if self.failure is None:
                await self._write(self._collection.sealed)
        except ArchiveStopped:
            pass  # said and remembered in self.failure; what is written stays as it is
        finally:
            outcome = f"failed: {self.failure}" if self.failure else reason
            self._crawler.stats.set_value("archive/warc_bytes", self._collection.size)
            details = crawl_details(self._crawler)
            await self._run(self._end, outcome, details)
            self._writer.shutdown()

    def _keep(self, capture: Capture) -> Page | None:
        try:
            return self._collection.write(capture)
        finally:
            capture.response.close()

    def _list_page(self, page: Page) -> None:
        self._collection.declare(page)
        self._collection.finish(page, None)

    def _end(self, outcome: str, details: dict[str, object]) -> None:
        self._collection.close()
        if self._log is None:
            return
        try:
            self._log.write(outcome=outcome, finished_at=self.now(), details=details)
        except OSError as error:
            self._complain_of_log(self._log, outcome, error)

    async def _write(self, function: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
        """Run *function* in the writer thread; what goes wrong there stops the crawl."""
        if self.failure is not None:
            raise ArchiveStopped(self.failure)
        try:
            return await self._run(self._worked, partial(function, *args, **kwargs))
        except CollectionError:
            raise
        except OSError as error:
            place = error.filename or self.path
            self.fail(
                f"{place} cannot be written ({error.strerror}): make room or choose "
                "another ARCHIVE_STORE"
            )
            raise ArchiveStopped(str(error)) from error
        except StoreError as error:
            self.fail(str(error))
            raise ArchiveStopped(str(error)) from error
        except Exception as error:
            # A fault of ours: better a crawl that stops than one that archives in part.
            self.fail(f"{type(error).__name__}: {error}")
            logger.exception("This is a fault of the archive: please report it")
            raise ArchiveStopped(str(error)) from error

    def _worked(self, function: Callable[[], _T]) -> _T:
        """Run *function*, and release what nobody can declare a page any more."""
        result = function()
        while self._released:
            self._collection.release(self._released.popleft())
        return result

    async def _run(self, function: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._writer, partial(function, *args, **kwargs))

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
        logger.error("The archive stops the crawl: %s", message)
        closing = self._crawler.engine.close_spider_async(reason="archive_failed")
        self._closing = asyncio.ensure_future(closing)

    def fail_to_spool(self, error: Exception) -> None:
        """Stop the crawl: what arrives can be kept neither in memory nor on disk."""
        self.fail(
            f"{self.options.work_dir / SPOOL} cannot be written ({error}): make room, or name "
            "another folder in ARCHIVE_WORK_DIR"
        )

    def _hold(self, request: Request, page: Page) -> None:
        """Keep the seal of *page* open for as long as *request* is alive."""

        def let_go(reference: weakref.ref[Request]) -> None:
            self._held.discard(reference)
            self._released.append(page)

        self._held.add(weakref.ref(request, let_go))

    def _count_page(self) -> None:
        self._crawler.stats.inc_value("archive/page_count")
        self._crawler.stats.inc_value("archive/record_count/metadata")

    def _count(self, capture: Capture, *, is_last: bool) -> None:
        stats = self._crawler.stats
        stats.inc_value("archive/capture_count")
        has_response = bool(capture.response.size)
        stats.inc_value(f"archive/record_count/{'response' if has_response else 'metadata'}")
        if capture.request:
            stats.inc_value("archive/record_count/request")
        if not is_last:
            stats.inc_value("archive/fetch_repeated_count")
        elif not has_response:
            stats.inc_value("archive/fetch_failed_count")
        elif capture.truncated:
            stats.inc_value(f"archive/truncated_count/{capture.truncated}")
        if capture.problem:
            stats.inc_value("archive/problem_count")
            logger.warning("Archived as it came: %s: %s", capture.target, capture.problem)
        stats.set_value("archive/warc_bytes", self._collection.size)
