"""A live line about the crawl on a terminal, and a summary when it is over.

`tqdm` draws the line, and not `rich`: it puts the log's lines above its own untouched, where
rich would break those that are longer than the terminal is wide, and it brings no other
packages along.
"""

from __future__ import annotations

import logging
import sys
import time
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any, Self, TextIO, cast

from scrapy import Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.statscollectors import StatsCollector
from scrapy.utils.asyncio import create_looping_call
from tqdm import tqdm

from archiver.options import options_from

logger = logging.getLogger(__name__)

_INTERVAL = 0.5
_TICKS_OF_RATE = 20


class Progress:
    """Say how the crawl is doing: while it runs only to a terminal, at its end always.

    On a terminal the summary is printed below the log; elsewhere it is part of the log, so
    that a crawl with `--nolog` under cron stays silent. *clock* counts seconds. *folder* is
    where the crawl writes, or what it reads where it *is_replay*.
    """

    def __init__(
        self,
        stats: StatsCollector,
        folder: str,
        *,
        terminal: TextIO | None,
        clock: Callable[[], float] = time.monotonic,
        is_replay: bool = False,
    ) -> None:
        self._stats = stats
        self._folder = folder
        self._is_replay = is_replay
        self._terminal = terminal
        self._clock = clock
        self._started = clock()
        self._outcome = ""
        self._ticks: deque[tuple[float, int]] = deque(maxlen=_TICKS_OF_RATE)
        self._line: tqdm[Any] | None = None
        self._handlers: list[logging.StreamHandler[TextIO]] = []
        self._loop = create_looping_call(self._tick)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make the extension, unless `ARCHIVE_PROGRESS` is off."""
        options = options_from(crawler.settings)
        if not options.shows_progress:
            raise NotConfigured("ARCHIVE_PROGRESS is off")
        folder = options.replay_from or f"{options.store.rstrip('/')}/{options.collection}"
        terminal = sys.stderr if sys.stderr.isatty() else None
        is_replay = options.replay_from is not None
        progress = cls(crawler.stats, folder, terminal=terminal, is_replay=is_replay)
        crawler.signals.connect(progress.spider_opened, signals.spider_opened)
        crawler.signals.connect(progress.spider_closed, signals.spider_closed)
        crawler.signals.connect(progress.engine_stopped, signals.engine_stopped)
        return progress

    def spider_opened(self) -> None:
        """Draw the line from now on, if there is a terminal to draw it on."""
        self._started = self._clock()
        if self._terminal is None:
            return
        self._line = tqdm(
            bar_format="{desc}", file=self._terminal, leave=False, dynamic_ncols=True
        )
        self._handlers = _handlers_on(self._terminal)
        for handler in self._handlers:
            handler.setStream(cast("TextIO", _AboveLine(self._terminal)))
        self._loop.start(_INTERVAL)

    def spider_closed(self, spider: Spider, reason: str) -> None:
        """Take the line away."""
        elapsed = tqdm.format_interval(self._clock() - self._started)
        self._outcome = f"{spider.name}, {reason}, after {elapsed}"
        if self._line is not None and self._terminal is not None:
            self._loop.stop()
            self._line.close()
            for handler in self._handlers:
                handler.setStream(self._terminal)

    def engine_stopped(self) -> None:
        """Sum up, once everybody else has finished and counted."""
        if not self._outcome:
            return  # no spider was ever opened
        summed_up = replay_summary if self._is_replay else summary
        for line in summed_up(self._stats.get_stats(), self._outcome, self._folder):
            if self._terminal is None:
                logger.info("%s", line)
            else:
                print(line, file=self._terminal)

    def _tick(self) -> None:
        stats, now = self._stats.get_stats(), self._clock()
        self._ticks.append((now, _count(stats, "page")))
        (then, few), (_, many) = self._ticks[0], self._ticks[-1]
        rate = (many - few) / (now - then) if now > then else 0.0
        if self._line is not None:
            described = replay_line if self._is_replay else live_line
            self._line.set_description_str(described(stats, rate, now - self._started))


def live_line(stats: Mapping[str, Any], rate: float, seconds: float) -> str:
    """Return what the live line says: *rate* is in pages a second, over the last while."""
    queued = stats.get("scheduler/enqueued", 0) - stats.get("scheduler/dequeued", 0)
    return (
        f"{tqdm.format_interval(seconds)}  "
        f"{_count(stats, 'page')} pages ({rate:.1f}/s), "
        f"{_size(stats)}, "
        f"{_count(stats, 'text')} texts, "
        f"{_count(stats, 'fetch_failed') + _count(stats, 'text_failed')} errors, "
        f"{queued} queued"
    )


def replay_line(stats: Mapping[str, Any], rate: float, seconds: float) -> str:
    """Return what the live line says where an archive answers."""
    return (
        f"{tqdm.format_interval(seconds)}  "
        f"{_count(stats, 'page')} pages ({rate:.1f}/s), "
        f"{_count(stats, 'replay_hit')} captures read, "
        f"{_count(stats, 'replay_miss')} misses, "
        f"{_count(stats, 'text')} texts, "
        f"{_count(stats, 'text_failed')} errors"
    )


def replay_summary(stats: Mapping[str, Any], outcome: str, archive: str) -> list[str]:
    """Return the lines that a crawl ends with which *archive* has answered."""
    return [
        f"crawl    {outcome}",
        f"archive  {_count(stats, 'replay_hit')} captures read, "
        f"{_count(stats, 'replay_miss')} misses",
        _pages(stats),
        f"errors   {_count(stats, 'text_failed')} texts lost, "
        f"{stats.get('log_count/ERROR', 0)} logged",
        f"read     {archive}",
    ]


def summary(stats: Mapping[str, Any], outcome: str, folder: str) -> list[str]:
    """Return the lines that a crawl ends with: five, and one for each kind of what is left."""
    left = stats.get("archive/frontier_left_count", 0)
    unsent = stats.get("archive/outbox_left_count", 0)
    return [
        f"crawl    {outcome}",
        f"archive  {_count(stats, 'capture')} captures, {_count(stats, 'record')} records, "
        f"{_size(stats)} of WARC",
        _pages(stats),
        f"errors   {_count(stats, 'fetch_failed')} fetches failed, "
        f"{_count(stats, 'text_failed')} texts lost, {stats.get('log_count/ERROR', 0)} logged",
        *([f"left     {left} requests wait: the same command goes on with them"] if left else []),
        *([f"unsent   {unsent} files wait: archiver sync, or the next crawl"] if unsent else []),
        f"written  {folder}"
        + ("" if unsent else f" (to prove it sound: archiver check {folder})"),
    ]


def _pages(stats: Mapping[str, Any]) -> str:
    return (
        f"pages    {_count(stats, 'page')}, of which {_count(stats, 'text')} with text, "
        f"{_count(stats, 'text_empty')} without"
    )


class _AboveLine:
    """A stream on which every write lands above the live line."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> None:
        tqdm.write(text, file=self._stream, end="")

    def flush(self) -> None:
        self._stream.flush()


def _handlers_on(terminal: TextIO) -> list[logging.StreamHandler[TextIO]]:
    return [
        handler
        for handler in logging.root.handlers
        if isinstance(handler, logging.StreamHandler) and handler.stream is terminal
    ]


def _count(stats: Mapping[str, Any], what: str) -> int:
    """Return a count, which may be kept whole or by kinds: `archive/record_count/response`."""
    name = f"archive/{what}_count"
    return sum(count for key, count in stats.items() if key == name or key.startswith(f"{name}/"))


def _size(stats: Mapping[str, Any]) -> str:
    return f"{tqdm.format_sizeof(stats.get('archive/warc_bytes', 0))}B"
