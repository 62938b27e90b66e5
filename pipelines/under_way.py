"""What is under way, downloads and extractions, and the end of waiting for it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from scrapy.core.downloader import Downloader
from scrapy.exceptions import IgnoreRequest

from archiver.capture import UNDONE_KEY
from pipelines.writer import ArchiveStopped

logger = logging.getLogger(__name__)

_T = TypeVar("_T")


class UnderWay:
    """What a crawl waits for; *is_abandoned* says that it waits no more."""

    def __init__(self) -> None:
        self.is_abandoned = False
        self._limits: set[asyncio.Timeout] = set()
        self._extractions: set[asyncio.Future[Any]] = set()  # Any: of whatever result

    @contextmanager
    def until(self, limit: asyncio.Timeout) -> Iterator[None]:
        """Let a download go on until its *limit*, or until everything is abandoned.

        TimeoutError where that is so already.
        """
        if self.is_abandoned:
            raise TimeoutError("the time to stop was over")
        self._limits.add(limit)
        try:
            yield
        finally:
            self._limits.discard(limit)

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

    def abandon(self, reason: str, downloader: Downloader) -> None:
        """Cut everything short, because of *reason*, so that the crawl can be sealed.

        What is cut short is not done, and the next crawl asks for it again.
        """
        logger.warning("Downloads and extractions are cut short: %s", reason)
        self.is_abandoned = True
        now = asyncio.get_running_loop().time()
        for limit in self._limits:
            limit.reschedule(now)
        for extraction in self._extractions:
            extraction.cancel()
        for slot in downloader.slots.values():
            while slot.queue:  # these wait for their turn, which may be minutes off
                request, answer = slot.queue.popleft()
                request.meta[UNDONE_KEY] = True
                answer.errback(IgnoreRequest("the crawl was stopped first; the next one asks"))
