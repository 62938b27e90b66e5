"""Slots that are left in peace, and until when; the clock is the caller's."""

from __future__ import annotations

import heapq
from collections.abc import Iterator


class Parking:
    """The slots that are parked."""

    def __init__(self) -> None:
        self._until: dict[str, float] = {}
        self._order: list[tuple[float, str]] = []  # with what is true no more among it

    def __contains__(self, slot: str) -> bool:
        return slot in self._until

    def park(self, slot: str, until: float) -> None:
        """Leave *slot* in peace before *until*, or for longer if that is so already."""
        if until > self._until.get(slot, float("-inf")):
            self._until[slot] = until
            heapq.heappush(self._order, (until, slot))

    def leave(self, now: float) -> Iterator[str]:
        """Yield the slots whose time is over: they are parked no more."""
        while (first := self.first()) is not None and first <= now:
            _, slot = heapq.heappop(self._order)
            del self._until[slot]
            yield slot

    def first(self) -> float | None:
        """Return when the next slot's time will be over, None where none is parked."""
        while self._order and self._until.get(self._order[0][1]) != self._order[0][0]:
            heapq.heappop(self._order)
        return self._order[0][0] if self._order else None
