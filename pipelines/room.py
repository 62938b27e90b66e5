"""A crawl that pauses while a disk is nearly full, and goes on by itself when it is not.

What the system and other programs leave free can change at any time, so the disks are asked
every second. What is kept free serves to write and seal what has been fetched already. The
same goes for what waits to be sent to a bucket, which must not fill the disk.
"""

from __future__ import annotations

import asyncio
import logging
import shutil
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from tqdm import tqdm

from archiver.options import options_from
from pipelines.archive import Archive

logger = logging.getLogger(__name__)

_INTERVAL = 1.0
# Where a user asks for nothing: so much of a disk of that size or more, of a lesser nothing.
_SPARE = 100_000_000
_LARGE = 10_000_000_000
# The spool takes room and gives it back: a crawl at the brink pauses again and again.
_NEWS_AFTER = 60.0


def disk_of(folder: Path) -> tuple[int, int]:
    """Return the octets of *folder*'s disk, and how many of them a common user may still fill.

    A folder that is not there yet will lie on the disk of the one above it.
    """
    there = next(path for path in (folder, *folder.parents) if path.exists())
    total, _, free = shutil.disk_usage(there)
    return total, free


class Room:
    """Pause *crawler* while the disk of one of *folders* has less than *least* octets free.

    None for *least* asks for 100 MB of a disk of 10 GB or more, and for nothing of a smaller
    one. It pauses, too, while more than *most_waiting* octets wait to be sent. What somebody
    else has paused, by telnet say, somebody else lets go on. *clock* counts seconds, and *look*
    is `disk_of` but in tests.
    """

    def __init__(
        self, crawler: Crawler, folders: Sequence[Path], least: int | None, *,
        most_waiting: int | None = None,
        clock: Callable[[], float] = time.monotonic,
        look: Callable[[Path], tuple[int, int]] = disk_of,
    ) -> None:  # fmt: skip
        self._crawler = crawler
        self._folders = [folder.absolute() for folder in folders]
        self._least = least
        self._most_waiting = most_waiting
        self._clock = clock
        self._look = look
        self._counted: float | None = None  # until when our present pause is in the stats
        self._resumed: float | None = None
        self._timer: asyncio.TimerHandle | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Watch the disks of the collection and of the work folder, and what waits to be sent."""
        options = options_from(crawler.settings)
        if not options.is_enabled:
            raise NotConfigured("ARCHIVE_ENABLED is off")
        if options.min_free_bytes == 0 and not options.is_remote:
            raise NotConfigured("ARCHIVE_MIN_FREE_BYTES is 0")
        folders = [options.work_dir]
        if not options.is_remote:
            folders.insert(0, Path(options.store) / options.collection)
        most_waiting = options.outbox_max_bytes if options.is_remote else None
        room = cls(crawler, folders, options.min_free_bytes, most_waiting=most_waiting)
        crawler.signals.connect(room.engine_started, signals.engine_started)
        crawler.signals.connect(room.spider_closed, signals.spider_closed)
        return room

    def engine_started(self) -> None:
        """Look before anything is fetched, and then again and again."""
        self._tick()

    def spider_closed(self) -> None:
        """Look no more: what is left to do is to seal, which is what the room is for."""
        if self._timer is not None:
            self._timer.cancel()
        self._count()

    def check(self) -> None:
        """Look at the disks; pause the crawl, or let it go on."""
        engine = self._crawler.engine
        self._count()
        if not engine.paused:
            self._counted = None  # somebody else has let it go on, and is to be told again
        try:
            shortage = self._shortage()
        except OSError as error:
            logger.warning("Whether the disks have room cannot be seen any more: %s", error)
            self._folders, shortage = [], None
        if shortage is not None and not engine.paused:
            self._pause(shortage)
        elif shortage is None and self._counted is not None:
            self._go_on()

    def _tick(self) -> None:
        self.check()
        self._timer = asyncio.get_running_loop().call_later(_INTERVAL, self._tick)

    def _shortage(self) -> str | None:
        """Return, in a sentence, what there is too little or too much of, and what helps."""
        for folder in self._folders:
            total, free = self._look(folder)
            least = self._least if self._least is not None else _spare_of(total)
            if free < least:
                return (
                    f"{folder} has {_size(free)} free, and {_size(least)} are to stay so "
                    "(ARCHIVE_MIN_FREE_BYTES). Make room, and it goes on by itself"
                )
        return None if self._most_waiting is None else self._backlog(self._most_waiting)

    def _backlog(self, most: int) -> str | None:
        archive = self._crawler.get_extension(Archive)
        if archive is None or archive.waiting_octets <= most:
            return None
        return (
            f"{_size(archive.waiting_octets)} wait to be sent, and more than {_size(most)} are "
            "not to (ARCHIVE_OUTBOX_MAX_BYTES). It goes on by itself when the store takes them"
        )

    def _pause(self, shortage: str) -> None:
        now = self._clock()
        is_news = self._resumed is None or now - self._resumed > _NEWS_AFTER
        level = logging.WARNING if is_news else logging.INFO
        logger.log(level, "The crawl pauses: %s", shortage)
        self._crawler.engine.pause()
        self._crawler.stats.inc_value("archive/pause_count")
        self._counted = now

    def _go_on(self) -> None:
        logger.info("The crawl goes on: there is room again")
        self._crawler.engine.unpause()
        self._counted, self._resumed = None, self._clock()

    def _count(self) -> None:
        """Add what has passed of a pause to its stat, which the crawl's log takes at any time."""
        if self._counted is not None:
            stats, now = self._crawler.stats, self._clock()
            before = stats.get_value("archive/paused_seconds", 0.0)
            stats.set_value("archive/paused_seconds", round(before + now - self._counted, 3))
            self._counted = now


def _spare_of(total: int) -> int:
    return _SPARE if total >= _LARGE else 0


def _size(octets: int) -> str:
    return f"{tqdm.format_sizeof(octets)}B"
