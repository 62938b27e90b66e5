"""The rounds of a crawl: each seed once, or, where it watches, whenever a seed is due."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime

from scrapy.statscollectors import StatsCollector

from archiver.watch import Watch

logger = logging.getLogger(__name__)

_LONGEST_NAP = 60.0  # in which a clock that was put forward would go unnoticed


class Time:
    """The time as it passes, in seconds since the epoch."""

    def now(self) -> float:
        """Return what time it is."""
        return time.time()

    async def pass_(self, seconds: float) -> None:
        """Let so many *seconds* pass."""
        await asyncio.sleep(seconds)


class Rounds:
    """Gives the *seeds*, by their URLs, round by round; *watch* keeps their intervals.

    Without a *watch* nothing is remembered of them. Not *is_watching* ends after one round.
    """

    def __init__(
        self, watch: Watch | None, seeds: Sequence[str], stats: StatsCollector, time: Time, *,
        is_watching: bool,
    ) -> None:  # fmt: skip
        self._watch = watch
        self._seeds = seeds
        self._stats = stats
        self._is_watching = is_watching and watch is not None
        self._time = time

    async def __aiter__(self) -> AsyncIterator[tuple[str, str | None]]:
        """Yield seeds whose time has come, each with the name of its round."""
        while True:
            now = self._time.now()
            self._report_silent(now)
            for url in self._due(now):
                self._begin(url, now)
                yield url, self._name(now)
            if not self._is_watching or self._watch is None:
                return
            wait = self._watch.next_due_at() - self._time.now()
            await self._time.pass_(min(max(wait, 0.0), _LONGEST_NAP))

    def note_new(self, url: str) -> None:
        """Take note that the seed *url* has led to something new."""
        if self._watch is not None:
            self._watch.note_new(url, self._time.now())

    def note_failed(self, url: str) -> None:
        """Take note that the seed *url* did not come, which says nothing of what is new there."""
        if self._watch is not None:
            self._watch.note_failed(url)

    def close(self) -> None:
        """Let go of what is remembered."""
        if self._watch is not None:
            self._watch.close()

    def _due(self, now: float) -> Sequence[str]:
        return self._watch.due(now) if self._is_watching and self._watch else self._seeds

    def _begin(self, url: str, now: float) -> None:
        if self._watch is not None:
            self._watch.begin(url, now)
        if self._is_watching and self._watch is not None:
            self._stats.inc_value("archive/round_count")
            logger.info(
                "%s is asked for now, and again in %s, or sooner if it has something new",
                url,
                _span(self._watch.interval(url)),
            )

    def _name(self, now: float) -> str | None:
        """Return what sets a round apart from those before; None where there is but one."""
        if not self._is_watching:
            return None
        return datetime.fromtimestamp(now, UTC).isoformat(timespec="seconds")

    def _report_silent(self, now: float) -> None:
        for silence in self._watch.silent(now) if self._watch is not None else ():
            self._stats.inc_value("archive/silent_seed_count")
            logger.warning(
                "Nothing new from %s for %s, where %s was its longest pause: see whether it has "
                "moved",
                silence.url,
                _span(silence.seconds),
                _span(silence.usual),
            )


def _span(seconds: float) -> str:
    if seconds < 3 * 3600:
        return f"{seconds / 60:.0f} minutes"
    return f"{seconds / 3600:.0f} hours" if seconds < 72 * 3600 else f"{seconds / 86400:.0f} days"
