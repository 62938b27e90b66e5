"""The requests that wait as the very objects that were queued, and not only as bytes on disk.

What such a request holds stays shared with others, as a dict that several callbacks fill. It
is a bounded number of them: what waits beyond it, or from an earlier run, is unpacked.
"""

from __future__ import annotations

from weakref import WeakSet

from scrapy import Request

_MOST = 10_000


class Live:
    """Requests by the numbers that the frontier gave them."""

    def __init__(self) -> None:
        self._waiting: dict[int, Request] = {}
        self._known: WeakSet[Request] = WeakSet()

    def own(self, request: Request) -> Request | None:
        """Return *request*, or a twin with the same values where it is known already.

        For the engine cannot have one object under way twice. None where there is no twin.
        """
        if request not in self._known:
            return request
        try:
            return request.copy()
        except Exception:  # any: the class may be a user's own
            return None

    def keep(self, number: int, request: Request) -> None:
        """Have *request* wait, if there is room for it."""
        if len(self._waiting) < _MOST:
            self._waiting[number] = request
            self.know(request)

    def know(self, request: Request) -> None:
        """Note that *request* waits or was handed out."""
        self._known.add(request)

    def take(self, number: int) -> Request | None:
        """Return the request *number*, which waits no more; None if it did not."""
        return self._waiting.pop(number, None)
