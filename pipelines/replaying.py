"""Every request answered from an archive, and none from the network: `ARCHIVE_REPLAY_FROM`.

What is not archived is a miss: an exception of its own and counted, never a 404 that no server
gave. What is, comes out as it came in, with the errors and flags that it had.
"""

from __future__ import annotations

import asyncio
import ipaddress
from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import (
    DownloadFailedError,
    DownloadTimeoutError,
    NotConfigured,
    ResponseDataLossError,
    StopDownload,
)
from scrapy.http import Response

from archiver.answers.answer import Answer
from archiver.answers.choice import CAPTURE_KEY, NotArchived
from archiver.capture import PAGE_KEY
from archiver.cdxj import IndexEntry
from archiver.errors import ArchiveError, DamagedRecord
from archiver.urls import target_of
from pipelines.answering import HeldPage, Replay
from pipelines.visit import Limits, Visit
from pipelines.way import with_way

# How much of a payload is read at a time.
_STEP = 1 << 20


class ReplayDownloadHandler:
    """Answer from the archive, whatever the scheme."""

    lazy = True

    def __init__(self, crawler: Crawler, replay: Replay) -> None:
        self._crawler = crawler
        self._replay = replay
        self._fails_on_dataloss = crawler.settings.getbool("DOWNLOAD_FAIL_ON_DATALOSS")
        self._limits = Limits.of(crawler.settings, replay.options)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the handler of *crawler*, whose archive must be open."""
        replay = crawler.get_extension(Replay)
        if replay is None:
            raise NotConfigured("no archive is open: add archiver.addon.ArchiveAddon to ADDONS")
        return cls(crawler, replay)

    async def download_request(self, request: Request) -> Response:
        """Return what *request*, or the very capture that its meta names, was answered.

        ReplayMiss where that is not archived or cannot be read.
        """
        # Taken out, lest it come along to where the answer leads.
        entry = request.meta.pop(CAPTURE_KEY, None)
        try:
            answer, first = await asyncio.to_thread(self._begun, request, entry)
            try:
                response = await self._response(request, answer, first, is_named=entry is not None)
            finally:
                answer.close()
        except (NotArchived, DamagedRecord) as error:
            raise self._replay.miss(request, error) from error
        except (ArchiveError, OSError) as error:  # no HTTP, or the archive is there no more
            raise DownloadFailedError(str(error)) from error
        self._replay.hit()
        return response

    async def close(self) -> None:
        """Have nothing to let go of."""

    def _begun(self, request: Request, entry: object) -> tuple[Answer, list[bytes]]:
        """Return the answer to *request*, or the one that *entry* names, and how it begins.

        That is mostly all of it, and one turn of another thread is then enough.
        """
        answers = self._replay.answers
        if isinstance(entry, IndexEntry):
            answer = answers.at(entry)
        else:
            answer = answers.answer(request.method, request.url, request.body)
        try:
            return answer, answer.read(_STEP)
        except BaseException:
            answer.close()
            raise

    async def _response(
        self, request: Request, answer: Answer, pieces: list[bytes], *, is_named: bool
    ) -> Response:
        visit = Visit(self._crawler, request, self._limits)
        assert answer.head is not None
        is_stopped = False
        try:
            visit.on_head(answer.head)
            while pieces:
                for piece in pieces:
                    visit.on_payload(piece)
                over = answer.is_over
                pieces = [] if over else await asyncio.to_thread(answer.read, _STEP)
        except StopDownload:
            is_stopped = True  # a signal handler has seen enough
        page = answer.page() if answer.is_over else await asyncio.to_thread(answer.page)
        if page is not None:
            is_respected = self._replay.options.rights == "respect"
            page = with_way(page, request, is_rights_respected=is_respected)
            request.meta[PAGE_KEY] = HeldPage.of(page, answer.block, is_named=is_named)
        flags = [] if is_stopped else self._flags(request, answer)
        response = visit.response(
            answer.head, flags=flags, ip_address=_address(answer.ip_address), certificate=None
        )
        is_other = target_of(request.url) != target_of(answer.target)
        return response.replace(url=answer.target) if is_other else response

    def _flags(self, request: Request, answer: Answer) -> list[str]:
        """Return the flags that the crawl's own response had, or raise its error.

        Who archived for others may have taken away framing and kept what announced it: there
        what is in the record is the answer, and is flagged where more was announced.
        """
        reader = answer.reader
        is_cut = answer.is_unfinished or answer.truncated in ("length", "time")
        if not answer.is_ours:
            return ["dataloss"] if is_cut or answer.truncated else []
        if answer.truncated == "time":
            raise DownloadTimeoutError(f"Getting {answer.target} took longer than it might.")
        if reader.has_foreign_coding or (reader.is_broken and not reader.is_chunked):
            raise DownloadFailedError(reader.problem)
        if is_cut or reader.is_broken:
            if request.meta.get("download_fail_on_dataloss", self._fails_on_dataloss):
                raise ResponseDataLossError(reader.problem or "the body ended early")
            return ["dataloss"]
        return [] if answer.is_complete else ["partial"]


def _address(text: str | None) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text) if text else None
    except ValueError:
        return None  # somebody else's way to write it
