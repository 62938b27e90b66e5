"""The requests that were handed out, kept until their done mark is on disk.

Done marks, new requests and leases are committed together, four times a second, in a turn of
the event loop of their own: so no commit comes between a request and the retry or redirect
that takes its place, for those happen in one turn.

A volatile request, which is kept in memory only, has a number too, below 0. While it waits or
is under way, the request that it came from is not done: whatever stops the crawl, the next
run calls the callback that yielded it again.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Container
from dataclasses import dataclass
from itertools import count

from scrapy import Request
from scrapy.core.downloader import Downloader
from scrapy.utils.httpobj import urlparse_cached

from archiver.capture import PAGE_KEY, PLACE_KEY, UNDONE_KEY, Location, Page
from archiver.errors import ArchiveError
from archiver.frontier import Frontier

_FLUSH_SECONDS = 0.25
_FLUSH_OPERATIONS = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Volatile:
    """A request that is kept in memory only, the number of what it came from, and its key.

    *root* is the lease of the nearest of its ancestors that has one, None if it has none.
    """

    id: int
    request: Request
    parent: int | None
    root: int | None
    key: bytes | None


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
        self._volatile: dict[int, Volatile] = {}
        self._volatile_ids = count(-1, -1)
        self._volatile_children: Counter[int] = Counter()
        self._warcs: set[str] = set()
        self._operations = 0
        self._timer: asyncio.Handle | None = None

    def __contains__(self, lease_id: object) -> bool:
        return lease_id in self._requests

    def enter(self, lease_id: int, request: Request) -> None:
        """Note that *request* was handed out."""
        self._requests[lease_id] = request
        self.touch()

    def volatile(self, request: Request, parent: int | None, key: bytes | None) -> Volatile:
        """Give *request* a number to hand it out by; until it is over, *parent* is not."""
        added = Volatile(
            id=next(self._volatile_ids),
            request=request,
            parent=parent,
            root=self.root_of(parent),
            key=key,
        )
        self._volatile[added.id] = added
        if parent is not None:
            self._volatile_children[parent] += 1
        return added

    def root_of(self, parent: int | None) -> int | None:
        """Return the lease that *parent* is or came from, None where there is none."""
        if parent is None or parent > 0:
            return parent
        return self._volatile[parent].root

    def part(self, request: Request, parent: int | None) -> None:
        """Take off *request* the slot of *parent*'s host, if it goes to another.

        Scrapy notes the slot in the request, and so in its redirects too (its issue 2141): what
        one host redirects to another would count against the first one's limits.
        """
        slot = request.meta.get(Downloader.DOWNLOAD_SLOT)
        if slot is None or parent is None or parent not in self._requests:
            return
        host = urlparse_cached(self._requests[parent]).hostname
        if slot == host and urlparse_cached(request).hostname != host:
            del request.meta[Downloader.DOWNLOAD_SLOT]

    def undo(self, lease_id: int | None) -> None:
        """Have the request of *lease_id* come again in the next run; None has none."""
        if lease_id is not None:
            self._requests[lease_id].meta[UNDONE_KEY] = True

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
        over: list[int] = []
        under_way = self._under_way()
        try:
            # Lower numbers first: the younger of two volatile requests, and those before leases.
            for lease_id in sorted(self._requests):
                request = self._requests[lease_id]
                if request not in under_way and not self._volatile_children[lease_id]:
                    self._settle(lease_id, request)
                    over.append(lease_id)
            is_durable = self._frontier.commit()
        except (ArchiveError, OSError) as error:
            self._fail(error)
            return
        for lease_id in over:
            self._over.append(self._requests.pop(lease_id))
            self._volatile_children.pop(lease_id, None)
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
        volatile = self._volatile.pop(lease_id, None)
        if volatile is not None:
            self._settle_volatile(volatile)
            return
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

    def _settle_volatile(self, volatile: Volatile) -> None:
        """Let go of its parent; if it is undone, its parent is."""
        if volatile.request.meta.get(UNDONE_KEY):
            self.undo(volatile.parent)
        elif volatile.key is not None:
            self._frontier.see(volatile.key)
        if volatile.parent is not None:
            self._volatile_children[volatile.parent] -= 1
