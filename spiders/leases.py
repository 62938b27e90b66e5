"""The requests that the frontier has handed out, kept until their done mark is on disk.

Done marks, new requests and leases are committed together, four times a second, in a turn of
the event loop of their own: so no commit comes between a request and the retry or redirect
that takes its place, for those happen in one turn.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Container

from scrapy import Request

from archiver.capture import PAGE_KEY, PLACE_KEY, UNDONE_KEY, Location, Page
from archiver.errors import ArchiveError
from archiver.frontier import Frontier

_FLUSH_SECONDS = 0.25
_FLUSH_OPERATIONS = 2000


class Leases:
    """The leases of *frontier* that this process holds.

    *under_way* returns the requests that the engine has not let go of, *fail* is told why
    nothing can be written down any more, and *settled* which leases are over.
    """

    def __init__(
        self,
        frontier: Frontier,
        *,
        under_way: Callable[[], Container[Request]],
        is_sealed: Callable[[str], bool],
        settled: Callable[[int], None],
        fail: Callable[[Exception], None],
    ) -> None:
        self._frontier = frontier
        self._under_way = under_way
        self._is_sealed = is_sealed
        self._settled = settled
        self._fail = fail
        # Strongly held, and those that are over until no power cut can undo their marks: the
        # archive seals a WARC once all requests that were captured in it are gone, and what
        # is sealed must be known as done.
        self._requests: dict[int, Request] = {}
        self._over: list[Request] = []
        self._warcs: set[str] = set()
        self._operations = 0
        self._timer: asyncio.Handle | None = None

    def __contains__(self, lease_id: object) -> bool:
        return lease_id in self._requests

    def enter(self, lease_id: int, request: Request) -> None:
        """Note that *request* was handed out."""
        self._requests[lease_id] = request
        self.touch()

    def touch(self) -> None:
        """See to it that what has changed in the frontier is committed soon."""
        self._operations += 1
        loop = asyncio.get_running_loop()
        if self._timer is None:
            self._timer = loop.call_later(_FLUSH_SECONDS, self.flush)
        elif self._operations == _FLUSH_OPERATIONS:
            self._timer.cancel()
            self._timer = loop.call_soon(self.flush)

    def flush(self) -> None:
        """Mark as done what the engine has let go of, and commit."""
        self.stop()
        self._timer, self._operations = None, 0
        under_way = self._under_way()
        over = [lease for lease in self._requests.items() if lease[1] not in under_way]
        try:
            for lease_id, request in over:
                self._settle(lease_id, request)
            is_durable = self._frontier.commit()
        except (ArchiveError, OSError) as error:
            self._fail(error)
            return
        for lease_id, _ in over:
            self._over.append(self._requests.pop(lease_id))
            self._settled(lease_id)
        if is_durable:
            self._over.clear()
        if self._requests or self._over:
            self._timer = asyncio.get_running_loop().call_later(_FLUSH_SECONDS, self.flush)

    def stop(self) -> None:
        """Commit no more."""
        if self._timer is not None:
            self._timer.cancel()

    def _settle(self, lease_id: int, request: Request) -> None:
        if request.meta.get(UNDONE_KEY):
            return  # it stays leased on disk, and the next run takes it back
        place, page = request.meta.get(PLACE_KEY), request.meta.get(PAGE_KEY)
        record_id = page.record_id if isinstance(page, Page) else None
        if not isinstance(place, Location):
            self._frontier.finish(lease_id, None)
            return
        self._frontier.finish(lease_id, place, record_id)
        if place.filename not in self._warcs:
            self._warcs.add(place.filename)
            self._frontier.forget(self._is_sealed)
