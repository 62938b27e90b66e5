"""The scheduler: a frontier on disk, in which what was fetched but not finished is not done.

A request is done when the engine has let go of it: its capture is then on disk, and so is all
that its callback yielded, as requests in the frontier or as text.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Self

from scrapy import Request, Spider, signals
from scrapy.core.engine import _Slot
from scrapy.core.scheduler import BaseScheduler
from scrapy.crawler import Crawler

from archiver.capture import HELD_KEY, HOME_KEY, LEASE_KEY, NOT_BEFORE_KEY
from archiver.claims import Claims
from archiver.errors import ArchiveError
from archiver.frontier import Frontier, Lease
from archiver.growing import is_kept, is_sealed
from archiver.memory import Memory
from archiver.options import options_from
from archiver.state import PASSING, State, job_of
from archiver.storage import LocalStore, access_from
from archiver.urls import host_of
from spiders.leases import Leases
from spiders.lineage import PARENT_KEY, Keys
from spiders.live import Live
from spiders.packing import NotPackable, pack, unpack
from spiders.skipping import Skipping
from spiders.turns import Turns
from spiders.waiting import Waiting

logger = logging.getLogger(__name__)

_SYNC_EVERY = 4  # commits, of which there are four a second
_MOST_SKIPPED = 200  # in one turn of the event loop
_REPLACED = ("DUPEFILTER_CLASS", "JOBDIR")


class ArchiveScheduler(BaseScheduler):
    """Keeps the requests of one job, over any number of stops and kills."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._stats = crawler.stats
        self._options = options_from(crawler.settings)
        self._live = Live()
        self._volatile = Waiting()
        self._volatile_keys: set[bytes] = set()
        self._closing: asyncio.Future[None] | None = None
        self._failure: Exception | None = None
        self._is_open = False
        self._is_typed = False
        self._is_complete = False

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the scheduler of *crawler*; an ArchiveError where its files cannot be used.

        They are opened here and not in `open`: after that, the engine would meet the error with
        a traceback for each part of it that is not there yet.
        """
        scheduler = cls(crawler)
        if crawler.spider is not None:
            scheduler._open(crawler.spider)
        # Not weakly: the engine has let go of the scheduler before it stops.
        crawler.signals.connect(scheduler.engine_stopped, signals.engine_stopped, weak=False)
        return scheduler

    def open(self, spider: Spider) -> None:
        """Open the files of the spider's job, unless that is done."""
        if not self._is_open:
            self._open(spider)

    def _open(self, spider: Spider) -> None:
        """Open the frontier of the spider's job and take up what an earlier run left."""
        with ExitStack() as closing:
            self._open_all(spider, closing)
            closing.pop_all()
        self._is_open = True
        settings = self._crawler.settings
        if replaced := [n for n in _REPLACED if settings.getpriority(n) and settings.get(n)]:
            logger.warning(
                "The frontier takes the place of %s: it filters requests and keeps them itself",
                " and ".join(replaced),
            )

    def _open_all(self, spider: Spider, closing: ExitStack) -> None:
        options = self._options
        self._spider = spider
        endpoint = access_from(self._crawler.settings).endpoint_url
        state = State(options.work_dir, options.store, options.collection, endpoint)
        state.make()
        job = job_of(spider.name, str(getattr(spider, "archive_job", "")))
        self._is_typed = job.startswith(PASSING)  # in `scrapy shell`, by one who names the host
        self._frontier = Frontier(
            state.frontier_path(job),
            started_at=datetime.now(UTC),
            sync_every=1 if options.fsync == "record" else _SYNC_EVERY,
        )
        closing.callback(self._frontier.close)
        began_at = self._frontier.started_at
        claims = Claims(state.claims_path, job, spider.name, began_at=began_at)
        memory = Memory(state.memory_path) if options.recrawl == "new" else None
        self._skipping = Skipping(claims, memory, began_at)
        closing.callback(self._skipping.close, datetime.now(UTC))
        # What is sealed is known here, wherever it is sent afterwards.
        store, folder = LocalStore(state.root), state.root / options.collection
        sealed = is_sealed(store, options.collection)
        if self._frontier.is_resumed:
            self._take_up(is_kept(store, options.collection, folder), sealed)
        self._turns = Turns(
            self._frontier,
            downloader=lambda: self._crawler.engine.downloader,
            wake=lambda: self._slot().nextcall.schedule(),
        )
        fingerprint = self._crawler.request_fingerprinter.fingerprint
        self._keys = Keys(fingerprint, self._frontier.ordinal)
        self._leases = Leases(
            self._frontier,
            under_way=lambda: self._slot().inprogress,
            is_sealed=sealed,
            settled=self._keys.forget,
            fail=self._fail,
        )

    def close(self, reason: str) -> None:
        """Write down what is done, and stop for good."""
        if not self._is_open:
            return
        if self._failure is None:
            self._leases.flush()
        self._leases.stop()
        self._turns.stop()
        try:
            self._skipping.close(datetime.now(UTC))
        except ArchiveError as error:
            self._fail(error)
        self._count_left()
        self._is_complete = (
            reason == "finished"
            and self._failure is None
            and not self.has_pending_requests()
            and not self._frontier.leased
        )
        self._frontier.close()
        self._is_open = False

    def engine_stopped(self) -> None:
        """Delete the frontier of a job that is finished and sealed; its next run begins anew."""
        if self._is_complete and not self._stats.get_value("archive/failed"):
            self._frontier.remove()

    def has_pending_requests(self) -> bool:
        """Say whether any request waits."""
        return self._is_open and (bool(self._volatile) or len(self._frontier) > 0)

    def enqueue_request(self, request: Request) -> bool:
        """Queue *request*, or return False if it was queued before."""
        own, yielded = request.meta.pop(LEASE_KEY, None), request.meta.pop(PARENT_KEY, None)
        if self._is_typed:
            request.meta.setdefault(HOME_KEY, host_of(request.url))
        if self._failure is not None or not self._is_open:
            return False  # nothing is marked as done any more, so its parent comes again
        parent = own if own is not None else yielded
        if parent not in self._leases:
            parent = None
        try:
            is_new = self._add(request, parent)
        except ArchiveError as error:
            self._fail(error)
            return False
        except Exception:  # of the project's own code, such as its fingerprinter
            logger.exception("Not queued, so that its parent will come again: %r", request)
            self._leases.undo(parent)
            return False
        self._stats.inc_value("scheduler/enqueued" if is_new else "dupefilter/filtered")
        self._leases.touch()
        return is_new

    def next_request(self) -> Request | None:
        """Return the next request, None if there is none for now."""
        if self._failure is not None or not self._is_open:
            return None
        try:
            handed_out = self._next_volatile() or self._next_wanted()
        except ArchiveError as error:
            self._fail(error)
            return None
        if handed_out is None:
            return None
        lease_id, request = handed_out
        request.meta.pop(NOT_BEFORE_KEY, None)
        request.meta[LEASE_KEY] = lease_id
        self._live.know(request)
        self._leases.enter(lease_id, request)
        self._stats.inc_value("scheduler/dequeued")
        return request

    def _take_up(self, kept: Callable[[str, int], bool], sealed: Callable[[str], bool]) -> None:
        count = self._frontier.take_back(kept)
        self._frontier.forget(sealed)
        self._frontier.commit()
        logger.info(
            "Taking up the crawl begun %s: %d requests wait, %d were under way",
            self._frontier.started_at.isoformat(" ", "seconds"),
            len(self._frontier) - count,
            count,
        )

    def _add(self, request: Request, parent: int | None) -> bool:
        # What the pages of others wait for is wanted as long as they are.
        is_held = HELD_KEY in request.meta
        key = None if is_held else self._keys.key_of(request, self._leases.root_of(parent))
        if key is not None and key in self._volatile_keys:
            return False
        self._leases.part(request, parent)
        slot = str(self._crawler.engine.downloader.get_slot_key(request))
        self._turns.heed(request, slot)
        live = self._live.own(request)
        try:
            packed = pack(request, self._spider)
        except NotPackable as reason:
            return self._add_volatile(live or request, parent, key, slot, reason)
        number = self._frontier.add(packed, slot=slot, priority=request.priority, key=key)
        if number is not None and live is not None:
            self._live.keep(number, live)
        return number is not None

    def _add_volatile(
        self, request: Request, parent: int | None, key: bytes | None, slot: str,
        reason: NotPackable,
    ) -> bool:  # fmt: skip
        """Keep in memory what cannot be packed, its key too: after a stop it is wanted anew."""
        if key is not None:
            if self._frontier.has_seen(key):
                return False
            self._volatile_keys.add(key)
        is_ours = HELD_KEY in request.meta  # which makes it so on purpose
        if not (is_ours or self._stats.get_value("archive/frontier_volatile_count")):
            logger.warning(
                "Some requests are kept in memory only, and after a stop the callbacks that "
                "yielded them run again, such as %s",
                reason,
            )
        self._stats.inc_value("archive/frontier_volatile_count")
        self._volatile.add(self._leases.volatile(request, parent, key), slot)
        self._live.know(request)
        return True

    def _next_volatile(self) -> tuple[int, Request] | None:
        volatile = self._volatile.take(self._turns.is_free)
        return (volatile.id, volatile.request) if volatile is not None else None

    def _next_wanted(self) -> tuple[int, Request] | None:
        for _ in range(_MOST_SKIPPED):
            lease = self._turns.lease()
            if lease is None:
                return None
            request = self._live.take(lease.id) or self._unpacked(lease)
            if request is None:
                continue
            if self._turns.heed(request, lease.slot):  # one of an earlier run
                self._frontier.put_back(lease)
                self._live.keep(lease.id, request)
                continue
            reason = self._skipping.why(request, lease.key)
            if reason is None:
                return lease.id, request
            self._stats.inc_value(reason)
            self._frontier.finish(lease.id, None)
            self._leases.touch()
        self._slot().nextcall.schedule()
        return None

    def _unpacked(self, lease: Lease) -> Request | None:
        """Return the request of *lease*. One that cannot be read stays leased, for another run."""
        try:
            return unpack(lease.packed, self._spider)
        except ValueError as error:
            logger.error("Not fetched, but kept in %s: %s", self._frontier.path, error)
            self._stats.inc_value("archive/frontier_unreadable_count")
            return None

    def _count_left(self) -> None:
        left = len(self._frontier) + self._frontier.leased + len(self._volatile)
        self._stats.set_value("archive/frontier_left_count", left)
        if self._volatile:
            logger.warning(
                "%d requests that were kept in memory only are dropped: the callbacks that "
                "yielded them run again at the next start",
                len(self._volatile),
            )

    def _slot(self) -> _Slot:
        slot = self._crawler.engine._slot
        assert slot is not None, "the engine opens its slot before the scheduler"
        return slot

    def _fail(self, error: Exception) -> None:
        """Stop the crawl: the frontier stays as it was when it was last committed."""
        if self._failure is not None:
            return
        self._failure = error
        # Where the archive has failed before, ours is but a consequence.
        is_first = not self._stats.get_value("archive/failed")
        self._stats.set_value("archive/failed", 1)
        level = logging.ERROR if is_first else logging.WARNING
        logger.log(level, "The frontier stops the crawl: %s", error)
        if self._slot().closing is None:
            closing = self._crawler.engine.close_spider_async(reason="frontier_failed")
            self._closing = asyncio.ensure_future(closing)
