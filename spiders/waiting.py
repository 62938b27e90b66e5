"""The requests that wait in memory only, each in the line of its slot."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Callable

from spiders.leases import Volatile


class Waiting:
    """Lines of volatile requests; slots take turns."""

    def __init__(self) -> None:
        self._lines: OrderedDict[str, deque[Volatile]] = OrderedDict()
        self._count = 0

    def __len__(self) -> int:
        """Return how many wait."""
        return self._count

    def add(self, volatile: Volatile, slot: str) -> None:
        """Have *volatile* wait in the line of *slot*."""
        self._lines.setdefault(slot, deque()).append(volatile)
        self._count += 1

    def take(self, is_free: Callable[[str], bool]) -> Volatile | None:
        """Return the first in the line of a slot that *is_free*; None where there is none."""
        slot = next((slot for slot in self._lines if is_free(slot)), None)
        if slot is None:
            return None
        line = self._lines[slot]
        volatile = line.popleft()
        self._lines.move_to_end(slot)
        if not line:
            del self._lines[slot]
        self._count -= 1
        return volatile
