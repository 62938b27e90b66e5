"""Whose turn it is: no host gets more than it may be sent, and none is asked before its time.

What waits, waits in the frontier and not in Scrapy's downloader, where a few slow hosts would
soon take up all places. Scrapy counts what a slot transfers a moment too late, so that several
requests that come at once are all sent: what is not handed out cannot be.
"""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable

from scrapy import Request
from scrapy.core.downloader import Downloader, Slot

from archiver.capture import NOT_BEFORE_KEY
from archiver.frontier import Frontier, Lease
from spiders.parking import Parking

# What lasts no longer than this may be waited for in the downloader.
_NOTICEABLE = 0.1
# Nobody asks for more peace: a clock was set.
_LONGEST = 24 * 3600.0


class Turns:
    """The turns of the slots of *frontier*; *wake* has the engine ask for a request again."""

    def __init__(
        self, frontier: Frontier, *, downloader: Callable[[], Downloader], wake: Callable[[], None]
    ) -> None:
        self._frontier = frontier
        self._downloader = downloader
        self._wake = wake
        self._parking = Parking()
        self._late: list[tuple[str, float]] = []
        self._active: dict[str, list[Request]] = {}  # what the downloader has, by slots
        self._timer: asyncio.TimerHandle | None = None

    def heed(self, request: Request, slot: str) -> bool:
        """Park *slot* if *request*, which belongs to it, says that it is to be left in peace.

        Return whether that is so.
        """
        seconds = _seconds_before(request)
        if seconds > 0:
            self._park(slot, time.monotonic() + seconds)
        return seconds > 0

    def lease(self) -> Lease | None:
        """Lease the next request, None if there is none for now."""
        self._look()
        lease = self._frontier.lease(self._room)
        for slot, until in self._late:
            self._park(slot, until)
        self._late.clear()
        return lease

    def is_free(self, slot: str) -> bool:
        """Say whether a request of *slot* may be handed out now."""
        self._look()
        return slot not in self._parking and self._room(slot) is not None

    def stop(self) -> None:
        """Wake nobody any more."""
        if self._timer is not None:
            self._timer.cancel()

    def _look(self) -> None:
        """See whose time is over, and what the downloader has of each slot."""
        self._go_on()
        downloader = self._downloader()
        active: defaultdict[str, list[Request]] = defaultdict(list)
        for request in downloader.active:
            active[downloader.get_slot_key(request)].append(request)
        self._active = active

    def _room(self, slot: str) -> int | None:
        """Return how many downloads *slot* has; None where it is to have no more for now."""
        downloader = self._downloader()
        there = downloader.slots.get(slot)
        active = self._active.get(slot, [])
        if len(active) >= _concurrency(slot, there, downloader):
            return None
        if there is not None and there.delay > _NOTICEABLE:
            due = _due(there, active)
            if due - time.monotonic() > _NOTICEABLE:
                self._late.append((slot, due))
                return None
        return len(active)

    def _park(self, slot: str, until: float) -> None:
        self._parking.park(slot, until)
        self._frontier.hold(slot)
        self._set_timer()

    def _go_on(self) -> None:
        """Let those take turns again whose time is over."""
        for slot in self._parking.leave(time.monotonic()):
            self._frontier.release(slot)

    def _set_timer(self) -> None:
        self.stop()
        first = self._parking.first()
        if first is not None:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(max(first - time.monotonic(), 0), self._ring)

    def _ring(self) -> None:
        self._go_on()
        self._set_timer()
        self._wake()


def _due(slot: Slot, active: list[Request]) -> float:
    """Return when *slot* can send another request than those that wait in it already."""
    has_waiting = any(request not in slot.transferring for request in active)
    share = 1 + slot.jitter if has_waiting else 1 - slot.jitter
    return slot.lastseen + slot.delay * share


def _concurrency(slot: str, there: Slot | None, downloader: Downloader) -> int:
    if there is not None:
        return max(there.concurrency, 1)
    most = downloader.ip_concurrency or downloader.domain_concurrency
    return max(int(downloader.per_slot_settings.get(slot, {}).get("concurrency", most)), 1)


def _seconds_before(request: Request) -> float:
    """Return for how many seconds *request* is to wait; no more than 0 where it need not."""
    not_before = request.meta.get(NOT_BEFORE_KEY)
    return min(float(not_before) - time.time(), _LONGEST) if not_before is not None else 0.0
