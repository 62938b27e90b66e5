"""The spider `news` for which time flies: an hour in a second and a half."""

from __future__ import annotations

import asyncio
import time

from spiders.news import NewsSpider
from spiders.rounds import Time

_PACE = 2400.0


class Flying(Time):
    """Time that begins now and passes so many times as fast."""

    def __init__(self) -> None:
        self._began = time.time()

    def now(self) -> float:
        """Return what time it is by then."""
        return self._began + (time.time() - self._began) * _PACE

    async def pass_(self, seconds: float) -> None:
        """Let so many seconds pass, which are not long."""
        await asyncio.sleep(seconds / _PACE)


class HurriedSpider(NewsSpider):
    """Watches its seeds as `news` does, by that time."""

    name = "hurried"
    time = Flying()
