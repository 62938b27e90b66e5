"""A scheduler in the hands of a test, which plays the part of Scrapy's engine.

The engine's part is small: it takes a request, has it under way, and lets go of it.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace, TracebackType
from typing import Any, Self

from scrapy import Request, Spider
from scrapy.http import Response
from scrapy.utils.httpobj import urlparse_cached
from scrapy.utils.test import get_crawler

from archiver.capture import LEASE_KEY, PLACE_KEY, UNDONE_KEY, Location
from spiders.lineage import Lineage
from spiders.scheduler import ArchiveScheduler


class Walker(Spider):
    """A spider whose methods requests may name."""

    name = "walker"

    async def start(self) -> AsyncIterator[Any]:
        """Yield nothing: the test is where requests come from."""
        return
        yield

    def parse(self, response: Response) -> None:
        """Yield nothing."""


class Engine:
    """What the scheduler uses of Scrapy's engine."""

    def __init__(self) -> None:
        self.downloader = SimpleNamespace(
            active=set(),
            slots={},
            per_slot_settings={},
            ip_concurrency=0,
            domain_concurrency=8,
            get_slot_key=_slot_of,
        )
        self.wakes = 0
        self._slot = SimpleNamespace(
            inprogress=set(), closing=None, nextcall=SimpleNamespace(schedule=self._wake)
        )
        self.closed: list[str] = []

    async def close_spider_async(self, *, reason: str) -> None:
        """Note why the spider is to be closed."""
        self.closed.append(reason)

    def _wake(self) -> None:
        self.wakes += 1


class Backstage:
    """One run of a crawl that keeps its state in *work*, of the job that *job* tells apart."""

    def __init__(
        self, work: Path, store: Path, job: str = "", spider: Spider | None = None
    ) -> None:
        self.work = work
        self.store = store
        self.engine = Engine()
        settings = {"ARCHIVE_WORK_DIR": str(work), "ARCHIVE_STORE": str(store)}
        crawler = get_crawler(Walker, settings)
        crawler.engine = self.engine  # type: ignore[assignment]  # all that is used of it
        self.stats = crawler.stats
        self.scheduler = ArchiveScheduler.from_crawler(crawler)
        self.spider = spider or Walker()
        self.spider.archive_job = job  # type: ignore[attr-defined]  # any spider may have it
        self._lineage = Lineage(crawler)
        self._loop = asyncio.new_event_loop()
        self._is_open = True
        self.scheduler.open(self.spider)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        if self._is_open:
            self.close("shutdown")
        self._loop.close()

    def other(self, job: str) -> Backstage:
        """Return a run of another job that goes on at the same time."""
        return Backstage(self.work, self.store, job)

    def killed(self, work: Path) -> Backstage:
        """Return the next run of the job, as if this one had been killed at this moment."""
        shutil.copytree(self.work, work)
        return Backstage(work, self.store, self.spider.archive_job)  # type: ignore[attr-defined]

    def add(self, *requests: Request) -> list[bool]:
        """Queue *requests*; return which were new."""
        return [self._in_loop(self.scheduler.enqueue_request, request) for request in requests]

    def take(self) -> Request:
        """Take the next request, which is under way from then on."""
        request = self._in_loop(self.scheduler.next_request)
        assert isinstance(request, Request)
        self.engine._slot.inprogress.add(request)
        return request

    def next(self) -> Request | None:
        """Ask for the next request, which is nowhere then, or None."""
        request: Request | None = self._in_loop(self.scheduler.next_request)
        return request

    def download(self) -> Request:
        """Take the next request, which the downloader has from then on."""
        request = self.take()
        self.engine.downloader.active.add(request)
        return request

    def arrived(self, request: Request) -> None:
        """Let go of *request*, whose answer is there."""
        self.engine.downloader.active.remove(request)
        self.let_go(request)

    def take_all(self) -> list[str]:
        """Take all there is, and return the paths of their URLs."""
        taken = iter(lambda: self._in_loop(self.scheduler.next_request), None)
        return [urlparse_cached(request).path for request in taken]

    def let_go(self, request: Request, *, filename: str | None = None) -> None:
        """Let go of *request*, for which something was written into *filename*, if anything."""
        if filename is not None:
            request.meta[PLACE_KEY] = Location(filename=filename, offset=0, length=1)
        self.engine._slot.inprogress.discard(request)

    def undo(self, request: Request) -> None:
        """Let go of *request*, of which something could not be written."""
        request.meta[UNDONE_KEY] = True
        self.let_go(request)

    def yielded(self, request: Request, *children: Request) -> list[bool]:
        """Queue *children* as the callback of *request* would; return which were new."""
        response = Response(request.url, request=request)
        output = self._lineage.process_spider_output(response, list(children))
        return self.add(*output)

    def pass_time(self, seconds: float = 0.04) -> None:
        """Let the event loop turn for *seconds*, which lets the scheduler write down much."""
        self._loop.run_until_complete(asyncio.sleep(seconds))

    def turn(self) -> None:
        """Let the event loop turn once."""
        self.pass_time(0)

    def close(self, reason: str) -> None:
        """Close the scheduler as the engine does when it has let go of everything."""
        self._is_open = False
        self._in_loop(self.scheduler.close, reason)

    def _in_loop(self, function: Any, *args: Any) -> Any:  # Any: whatever it takes and returns
        async def call() -> Any:
            return function(*args)

        return self._loop.run_until_complete(call())


def _slot_of(request: Request) -> str:
    return request.meta.get("download_slot") or urlparse_cached(request).hostname or ""


def lease_of(request: Request) -> int:
    """Return the number under which *request* was handed out."""
    lease_id = request.meta[LEASE_KEY]
    assert isinstance(lease_id, int)
    return lease_id
