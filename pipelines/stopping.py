"""SIGTERM as the first Ctrl-C, but within a time: what takes longer is left to the next run.

At the first signal Scrapy fetches nothing more and waits for what is under way, however long
that takes. Whoever sends SIGTERM, a service manager say, does not wait: he kills in the end.
"""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Callable
from types import FrameType
from typing import Self, TypeGuard

from scrapy import signals
from scrapy.crawler import Crawler, CrawlerProcessBase
from scrapy.exceptions import NotConfigured

from archiver.options import options_from
from pipelines.archive import Archive

_Handler = Callable[[int, FrameType | None], object]


class Stopping:
    """Let *crawler* give up what is under way *seconds* after SIGTERM.

    It listens in only where Scrapy handles the signal, in `scrapy crawl` and its kin: who
    runs a crawl in a program of his own decides himself what ends it.
    """

    def __init__(self, crawler: Crawler, seconds: float) -> None:
        self._crawler = crawler
        self._seconds = seconds
        self._loop: asyncio.AbstractEventLoop | None = None
        self._timer: asyncio.TimerHandle | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Watch for SIGTERM from the start of the engine until everything is fetched."""
        options = options_from(crawler.settings)
        if not options.is_enabled:
            raise NotConfigured("ARCHIVE_ENABLED is off")
        stopping = cls(crawler, options.stop_seconds)
        crawler.signals.connect(stopping.engine_started, signals.engine_started)
        crawler.signals.connect(stopping.spider_closed, signals.spider_closed)
        return stopping

    def engine_started(self) -> None:
        """Listen in. Before this there is nothing under way, and Scrapy stops at once."""
        self._loop = asyncio.get_running_loop()
        listen(self._told)

    def spider_closed(self) -> None:
        """Listen no more: nothing is under way, and what is left to do is to seal."""
        ignore(self._told)
        self._loop = None
        if self._timer is not None:
            self._timer.cancel()

    def _told(self) -> None:
        # A signal arrives in the midst of anything: what is to be done waits for its turn.
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._count_down)

    def _count_down(self) -> None:
        if self._loop is None:
            return
        self._timer = self._loop.call_later(self._seconds, self._give_up)
        archive = self._crawler.get_extension(Archive)
        if archive is not None:
            archive.stop_by = self._timer.when()

    def _give_up(self) -> None:
        archive = self._crawler.get_extension(Archive)
        if archive is None:
            return  # the user's settings took it out: there is nothing to keep safe
        reason = (
            f"the crawl is not done {self._seconds:g} seconds after SIGTERM "
            "(ARCHIVE_STOP_SECONDS); the same command fetches what is missing"
        )
        archive.under_way.abandon(reason, self._crawler.engine.downloader)


class Chain:
    """A handler of SIGTERM that calls Scrapy's own, and then all *listeners*."""

    def __init__(self, scrapys: _Handler) -> None:
        self.scrapys = scrapys
        self.listeners: list[Callable[[], None]] = []

    def __call__(self, number: int, frame: FrameType | None) -> None:
        """Pass the signal on; Scrapy puts another handler in our place, for the next one."""
        self.scrapys(number, frame)
        for listener in self.listeners:
            listener()


def listen(listener: Callable[[], None]) -> None:
    """Have *listener* called at the first SIGTERM, where Scrapy handles it."""
    if threading.current_thread() is not threading.main_thread():
        return  # Python lets no other thread set a handler
    present = signal.getsignal(signal.SIGTERM)
    if isinstance(present, Chain):  # another crawl of this process listens already
        present.listeners.append(listener)
    elif _is_scrapys(present):
        chain = Chain(present)
        chain.listeners.append(listener)
        signal.signal(signal.SIGTERM, chain)


def ignore(listener: Callable[[], None]) -> None:
    """Have *listener* called no more; leave the signal to Scrapy alone after the last."""
    present = signal.getsignal(signal.SIGTERM)
    if isinstance(present, Chain) and listener in present.listeners:
        present.listeners.remove(listener)
        if not present.listeners:
            signal.signal(signal.SIGTERM, present.scrapys)


def _is_scrapys(handler: object) -> TypeGuard[_Handler]:
    return isinstance(getattr(handler, "__self__", None), CrawlerProcessBase)
