"""What the collection had before a request: what a killed crawl brought, or an earlier one."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime

from scrapy import Request

from archiver.capture import EDITION_KEY, LEASE_KEY, MAX_BLOCK, PLACE_KEY, Location, Original, Page
from archiver.collection import Collection
from archiver.errors import StoreError
from archiver.reader import read_record
from archiver.survey import Exchange, exchange_of
from archiver.urls import target_of
from pipelines.conditional import may_be_conditional
from pipelines.writer import Writer


class Past:
    """What *collection* had before, asked for by way of *writer*.

    *unclaimed* is what a killed crawl captured and nobody has read; *offer* lets a spider
    declare such a page. What came after *began_at* is no past, and is not asked about again.
    """

    def __init__(
        self, collection: Collection, writer: Writer, *,
        unclaimed: Mapping[Exchange, deque[Page]], offer: Callable[[Request, Page], None],
        began_at: datetime, asks_for_changes: bool,
    ) -> None:  # fmt: skip
        self._collection = collection
        self._writer = writer
        self._unclaimed = unclaimed
        self._offer = offer
        self._began_at = began_at
        self._reading: set[str | None] = set()  # ids of records whose text is being made
        self._asks_for_changes = asks_for_changes
        self._has_past = collection.holdings.has_past()

    def recovered(self, request: Request) -> Page | None:
        """Return what a killed crawl captured for *request* and nobody has read; once.

        Only for what the frontier hands out: robots.txt, for one, is to be fresh.
        """
        if not self._unclaimed or LEASE_KEY not in request.meta:
            return None
        exchange = exchange_of(request.method.encode(), target_of(request.url), request.body)
        pages = self._unclaimed.get(exchange)
        if not pages:
            return None
        page = pages.popleft()
        request.meta[PLACE_KEY] = page.location
        self._offer(request, page)
        return page

    async def last_answer(self, request: Request) -> Original | None:
        """Return what an earlier crawl has brought, if *request* is to ask whether it changed."""
        # A crawl that watches asks again about what it has brought itself.
        is_again = EDITION_KEY in request.meta
        if not self._asks_for_changes or not (self._has_past or is_again):
            return None
        if not may_be_conditional(request):
            return None
        before = datetime.now(UTC) if is_again else self._began_at
        target = target_of(request.url)
        return await self._writer.write(self._collection.last_answer, target, before=before)

    @property
    def unclaimed(self) -> list[Page]:
        """What a killed crawl captured and nobody has read so far."""
        return [page for pages in self._unclaimed.values() for page in pages]

    async def forget(self, original: Original) -> None:
        """Refer no more to the WARC of *original*, which cannot be read."""
        holdings = self._collection.holdings
        await self._writer.write(holdings.forget, original.location.filename)

    async def has_read(self, page: Page) -> bool:
        """Say whether *page* is a revisit of one that has been read, or is being read."""
        if page.original is None:
            return False
        if page.original in self._reading:
            return True
        original = await self._original(page)
        return original is not None and original.is_page

    async def has_listed(self, page: Page) -> bool:
        """Say whether *page* is a revisit of one that the collection lists as a page."""
        if page.original is None:
            return False
        has_page, now = self._collection.holdings.has_page, datetime.now(UTC)
        return await self._writer.write(has_page, page.target, before=now)

    @contextmanager
    def reading(self, page: Page) -> Iterator[None]:
        """Let no other page with the payload of *page* be read at the same time."""
        ids = {page.record_id, page.original}
        self._reading |= ids  # None among them is no id, and is never asked for
        try:
            yield
        finally:
            self._reading -= ids

    async def block_of(self, page: Page) -> AsyncIterator[bytes]:
        """Yield the block of *page*'s record, or of the one it refers to, off the event loop.

        StoreError or DamagedRecord when it cannot be read.
        """
        location = page.location
        if page.original is not None:
            original = await self._original(page)
            if original is None:
                raise StoreError(f"{page.original}, to which {page.record_id} refers, is unknown")
            location = original.location
        async for chunk in self._block_at(location):
            yield chunk

    async def beginning_of(self, page: Page) -> bytes:
        """Return as much of that block as an extractor looks at."""
        return await _beginning(self.block_of(page))

    async def part(self, record_id: str) -> bytes:
        """Return as much of the block with the payload of *record_id*, a part of a page.

        StoreError or DamagedRecord when it cannot be read.
        """
        found = await self._writer.write(self._collection.holdings.payload_of, record_id)
        if found is None:
            raise StoreError(f"{record_id}, a part of a page, is unknown")
        return await _beginning(self._block_at(found.location))

    async def _block_at(self, location: Location) -> AsyncIterator[bytes]:
        file = await self._writer.run(self._collection.opened, location.filename)
        with file:
            chunks = read_record(file, location).chunks()
            while chunk := await asyncio.to_thread(next, chunks, b""):
                yield chunk

    async def _original(self, page: Page) -> Original | None:
        if page.original is None:
            return None
        return await self._writer.write(self._collection.holdings.original, page.original)


async def _beginning(chunks: AsyncIterator[bytes]) -> bytes:
    block = b""
    async for octets in chunks:
        block += octets
        if len(block) > MAX_BLOCK:
            break
    return block[:MAX_BLOCK]
