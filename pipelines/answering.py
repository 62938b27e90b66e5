"""The archive that answers a crawl, and the account of what it has not answered.

Nothing is written into a collection, nor into `ARCHIVE_WORK_DIR`.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field, fields
from typing import Any, Self

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest, NotConfigured

from archiver.answers.choice import Answers
from archiver.answers.spans import span_of
from archiver.capture import PAGE_KEY, PLACE_KEY, UNDONE_KEY, Page
from archiver.errors import ArchiveError, DamagedRecord, SettingError
from archiver.options import Options, options_from
from archiver.places import places_at
from archiver.sources import Source, open_source

logger = logging.getLogger(__name__)

# How many misses are named at the end, and how many captures that lie near to each.
_NAMED, _NEAR = 5, 3


class ReplayMiss(IgnoreRequest):
    """Nothing that is archived answers a request, or what does cannot be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldPage(Page):
    """A page whose record's *block* is in memory, for as long as somebody holds the page.

    It *is_named* where its request has named the very capture that it is.
    """

    block: bytes = field(repr=False, compare=False)
    is_named: bool = field(repr=False, compare=False)

    @classmethod
    def of(cls, page: Page, block: bytes, *, is_named: bool) -> Self:
        """Return *page* with its *block*."""
        return cls(**_values(page), block=block, is_named=is_named)

    def let_go(self) -> Page:
        """Return the page alone."""
        return Page(**_values(self))


class Replay:
    """The archive that answers *crawler*'s requests, and the account of what it answered."""

    def __init__(self, crawler: Crawler, options: Options, answers: Answers) -> None:
        self.options = options
        self.answers = answers
        self._stats = crawler.stats
        self._missed: dict[str, str] = {}  # what is said of them, by their URLs

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Open what `ARCHIVE_REPLAY_FROM` names; an ArchiveError where that cannot be."""
        options = options_from(crawler.settings)
        if options.replay_from is None:
            raise NotConfigured("ARCHIVE_REPLAY_FROM is not set")
        date = getattr(crawler.spider, "date", None)
        span = span_of(date, "-a date") if isinstance(date, str) else None
        source = _opened(crawler, options.replay_from)
        replay = cls(crawler, options, Answers(source, span))
        take = getattr(crawler.spider, "take_source", None)
        if callable(take):
            take(source)
        crawler.signals.connect(replay.request_scheduled, signals.request_scheduled)
        crawler.signals.connect(replay.spider_closed, signals.spider_closed)
        crawler.signals.connect(replay.engine_stopped, signals.engine_stopped)
        return replay

    def request_scheduled(self, request: Request) -> None:
        """Take away what came along with somebody else's meta."""
        for key in (PAGE_KEY, PLACE_KEY, UNDONE_KEY):
            request.meta.pop(key, None)

    def hit(self) -> None:
        """Count a request that was answered."""
        self._stats.inc_value("archive/replay_hit_count")

    def miss(self, request: Request, error: ArchiveError) -> ReplayMiss:
        """Count *request*, which was not answered because of *error*; return what to raise."""
        self._stats.inc_value("archive/replay_miss_count")
        if isinstance(error, DamagedRecord):
            logger.error("Not answered: %s: %s", request.url, error)
        elif len(self._missed) < _NAMED:
            self._missed.setdefault(request.url, str(error))
        return ReplayMiss(str(error))

    async def spider_closed(self, spider: Spider) -> None:
        """Name the first of what was missed, and what the archive has in its place."""
        count = self._stats.get_value("archive/replay_miss_count", 0)
        if not count:
            return
        logger.info("%d requests have no answer in %s", count, self.options.replay_from)
        for url, sentence in self._missed.items():
            near = await asyncio.to_thread(self.answers.near, url, _NEAR)
            captures = ", ".join(f"{entry.url} of {_date(entry.timestamp)}" for entry in near)
            logger.info("%s (nearest: %s)", sentence, captures or "nothing of its host")

    def engine_stopped(self) -> None:
        """Let go of the archive."""
        self.answers.source.close()


def _values(page: Page) -> dict[str, Any]:  # Any: of whatever type a field is
    return {field.name: getattr(page, field.name) for field in fields(Page)}


def _opened(crawler: Crawler, given: str) -> Source:
    addresses = [address.strip() for address in given.split(",") if address.strip()]
    if not addresses:
        raise SettingError("ARCHIVE_REPLAY_FROM names nothing: give a collection, WACZ or WARC")
    logger.info("Requests are answered from %s, and not by the network", ", ".join(addresses))
    places = places_at(addresses, lambda: crawler.settings)
    return open_source(places, complain=lambda sentence: logger.warning("%s", sentence))


def _date(timestamp: str) -> str:
    # Cut and not parsed: an index may have digits that are no date.
    year, month, day = timestamp[:4], timestamp[4:6], timestamp[6:8]
    return f"{year}-{month}-{day} {timestamp[8:10]}:{timestamp[10:12]}:{timestamp[12:]}"
