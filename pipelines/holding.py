"""Which requests may still declare a page: a WARC is not sealed while one of them is alive.

A request is alive for as long as Scrapy, its spider or the scheduler hold it; the scheduler
lets go of one only when the frontier has written down that it is done.
"""

from __future__ import annotations

import weakref
from collections import deque

from scrapy import Request

from archiver.capture import UNDONE_KEY, Page


class Holding:
    """The requests that hold a page; *released* are the pages whose request has died."""

    def __init__(self) -> None:
        self.released: deque[Page] = deque()
        self._held: dict[str, weakref.ref[Request]] = {}  # by the page's record id

    def hold(self, request: Request, page: Page) -> None:
        """Hold *page* for as long as *request* is alive."""

        def let_go(_: weakref.ref[Request]) -> None:
            self._held.pop(page.record_id, None)
            self.released.append(page)

        self._held[page.record_id] = weakref.ref(request, let_go)

    def request_of(self, page: Page) -> Request | None:
        """Return the request that holds *page*, None if it has died."""
        reference = self._held.get(page.record_id)
        return reference() if reference is not None else None

    def lose(self, page: Page) -> None:
        """Note that *page* could not be written to its end: its request is not done."""
        request = self.request_of(page)
        if request is not None:
            request.meta[UNDONE_KEY] = True
