"""Scrapy's downloader slots: held for a time, slowed, and kept from going faster than is asked.

AutoThrottle has one least delay for all hosts, and lowers what it finds with every page; the
delays of slots vary by half, so that one in two is shorter than it says. A slot that is held
sends nothing, not even what waits in it already.
"""

from __future__ import annotations

from typing import Any

from scrapy import Request, signals
from scrapy.core.downloader import Slot
from scrapy.crawler import Crawler

# A slot without any delay cannot be held.
_LEAST_DELAY = 0.001


def hold(slot: Slot, until: float) -> None:
    """Have *slot* send nothing before *until*, in seconds of `time.monotonic`."""
    # What it sends next waits for a delay since this time, which need not be past.
    slot.lastseen = max(slot.lastseen, until)
    slot.delay = slot.delay or _LEAST_DELAY


def slow(slot: Slot, most: float) -> None:
    """Double the delay of *slot*, up to *most*; AutoThrottle shortens it again."""
    slot.delay = max(slot.delay, min(slot.delay * 2, most))


class Floors:
    """The delays that hosts ask for, below which AutoThrottle does not take their slots.

    Such a slot sends one request at a time, and its delay does not vary.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._floors: dict[str, dict[str, float]] = {}  # by slot, and by origin
        # Extensions are there before middlewares are, and so AutoThrottle hears it first.
        crawler.signals.connect(self.response_downloaded, signals.response_downloaded)

    def put(self, key: str, origin: str, delay: float) -> None:
        """Leave *delay* seconds between the requests of the slot *key*, as *origin* asks."""
        floors = self._floors.setdefault(key, {}) if delay else self._floors.get(key, {})
        if floors.get(origin, 0.0) == delay:
            return
        floors[origin] = delay
        downloader = self._crawler.engine.downloader
        # A slot is forgotten when nothing was sent for a minute: the next is made by these.
        given: dict[str, Any] = downloader.per_slot_settings.get(key, {})
        least = max(given.get("delay", 0.0), *floors.values())
        own = {"delay": least, "concurrency": 1, "jitter": 0.0}
        downloader.per_slot_settings[key] = {**given, **own}
        slot = downloader.slots.get(key)
        if slot is not None:
            slot.concurrency, slot.jitter = 1, 0.0
            slot.delay = max(slot.delay, least)

    def response_downloaded(self, request: Request) -> None:
        """Take the delay back up to the floor before the next request is sent."""
        key = request.meta.get("download_slot")
        floors = self._floors.get(key) if key is not None else None
        slot = self._crawler.engine.downloader.slots.get(key) if floors and key else None
        if slot is not None and floors:
            slot.delay = max(slot.delay, *floors.values())
