"""The download handler that keeps the wire: Scrapy's `http` and `https` in our hands.

Every exchange is captured octet for octet and is on disk before Scrapy sees its response or
its error. Everything underscored that we lean on in Scrapy is imported here, in `visit` and
in `message`; tests/pipelines/test_contract.py fails when one of these names moves.
"""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import socket
from typing import Any, Self

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import TunnelError
from scrapy.crawler import Crawler
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    NotConfigured,
    ResponseDataLossError,
    StopDownload,
)
from scrapy.http import Response
from scrapy.utils._download_handlers import get_dataloss_msg, normalize_bind_address
from scrapy.utils.ssl import _make_ssl_context
from twisted.internet.ssl import Certificate

from archiver.capture import (
    PAGE_KEY,
    REQUISITE_KEY,
    UNDONE_KEY,
    Capture,
    Original,
    Page,
)
from archiver.urls import target_of
from pipelines.archive import Archive
from pipelines.attempt import Attempt
from pipelines.conditional import conditional
from pipelines.connection import Ending, Exchange, Peer, SpoolError
from pipelines.message import octets_of, route_of
from pipelines.pool import Pool
from pipelines.reach import Reach, Refused
from pipelines.recall import NOT_MODIFIED, RECOVERED, recalled
from pipelines.visit import Limits, Visit
from pipelines.writer import OWN_LIMITS, ArchiveStopped

logger = logging.getLogger(__name__)

# RFC 9110, 9.2.2, less what carries a body: these may be sent again when an idle connection
# turns out to be dead, as Twisted's client does.
_REPEATABLE = ("GET", "HEAD", "OPTIONS", "DELETE", "TRACE")


class ArchiveDownloadHandler:
    """Download over HTTP/1.1 and archive what crossed the wire."""

    lazy = True

    def __init__(self, crawler: Crawler, archive: Archive) -> None:
        settings = crawler.settings
        self._crawler = crawler
        self._archive = archive
        self._fails_on_dataloss = settings.getbool("DOWNLOAD_FAIL_ON_DATALOSS")
        self._has_warned_of_dataloss = False
        self._bind_address = normalize_bind_address(settings.get("DOWNLOAD_BIND_ADDRESS"))
        self._limits = Limits.of(settings, archive.options)
        self._reach = Reach(crawler.stats, archive.options.private_hosts)
        context = _make_ssl_context(settings)
        context.set_alpn_protocols(["http/1.1"])
        # Not CONCURRENT_REQUESTS_PER_DOMAIN: Scrapy's slots let more through now and then, and
        # a connection that finds no room here would be thrown away and opened again.
        self._pool = Pool(context, per_route=settings.getint("CONCURRENT_REQUESTS") or 16)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the handler of *crawler*, whose archive must be open."""
        archive = crawler.get_extension(Archive)
        if archive is None:
            raise NotConfigured("no archive is open: add archiver.addon.ArchiveAddon to ADDONS")
        return cls(crawler, archive)

    async def download_request(self, request: Request) -> Response:
        """Return the response to *request*, or raise what Scrapy's own handler would raise.

        It comes out of the archive where a killed crawl has brought it there and no further,
        and where its server says that what an earlier crawl has brought is what there is.
        """
        try:
            page = self._archive.past.recovered(request)
            response = await self._recalled(page, request, RECOVERED) if page else None
            if response is None and (original := await self._archive.past.last_answer(request)):
                response = await self._asked_again(request, original)
            if response is None:
                visit = self._visit(request)
                last = await self._fetched(request, request, visit)
                response = self._answer(last, request, visit)
            return response
        except ArchiveStopped as stopped:
            request.meta[UNDONE_KEY] = True
            raise IgnoreRequest(str(stopped)) from stopped

    async def close(self) -> None:
        """Drop the idle connections."""
        self._pool.close()

    async def _asked_again(self, request: Request, original: Original) -> Response | None:
        """Ask for *request* on condition that it is no more what it was: *original*.

        None where it is, and *original* cannot be read any more.
        """
        visit = self._visit(request)
        last = await self._fetched(request, conditional(request, original), visit, original)
        page = request.meta.get(PAGE_KEY)
        if last.head is None or last.head.status != 304 or page is None:
            return self._answer(last, request, visit)
        response = await self._recalled(page, request, NOT_MODIFIED)
        if response is None:
            await self._archive.past.forget(original)
        return response

    async def _recalled(self, page: Page, request: Request, flag: str) -> Response | None:
        return await recalled(self._archive.past, page, request, self._visit(request), flag)

    def _visit(self, request: Request) -> Visit:
        return Visit(self._crawler, request, self._limits)

    async def _fetched(
        self, request: Request, asked: Request, visit: Visit, original: Original | None = None
    ) -> Attempt:
        """Send *asked* in the place of *request*, archive what comes of it, and return that."""
        timeout = float(request.meta.get("download_timeout") or 10.0)
        attempts = [Attempt(self._archive.now())]
        try:
            async with asyncio.timeout(timeout) as limit:
                with self._archive.under_way.until(limit):
                    await self._exchange(attempts, asked, visit)
        except (OSError, TunnelError, Refused, ValueError) as error:
            # ValueError: no such name or port
            late = f"Getting {target_of(request.url)} took longer than {timeout} seconds."
            attempts[-1].stop(DownloadTimeoutError(late) if limit.expired() else error)
        except asyncio.CancelledError:
            attempts[-1].abandon()
            raise
        last = attempts[-1]
        self._refuse_unfinished(last)
        for attempt in attempts:
            capture = self._capture(attempt, request, visit)
            self._put_back(attempt, request)
            if isinstance(attempt.error, SpoolError):
                self._archive.fail_to_spool(attempt.error)
            is_last = attempt is last
            await self._archive.keep(capture, request, unchanged=original, is_last=is_last)
        return last

    def _refuse_unfinished(self, attempt: Attempt) -> None:
        """Raise ArchiveStopped where *attempt* ended because of us, and is no visit at all."""
        if self._archive.under_way.is_abandoned and attempt.ending is not Ending.COMPLETE:
            attempt.abandon()
            raise ArchiveStopped("the crawl was stopped first; the next one asks again")
        error = attempt.error
        if isinstance(error, OSError) and error.errno in OWN_LIMITS:
            attempt.abandon()
            self._archive.fail(
                f"no connection can be opened ({error.strerror}): raise the limit of open files "
                "(ulimit -n) or lower CONCURRENT_REQUESTS, and run the same command again"
            )
            raise ArchiveStopped(str(error)) from error

    def _capture(self, attempt: Attempt, request: Request, visit: Visit) -> Capture:
        return attempt.capture(
            target_of(request.url),
            visit,
            request_id=self._archive.new_id(),
            response_id=self._archive.new_id(),
            page_id=request.meta.get(REQUISITE_KEY),
            nothing=self._archive.new_tape(),
        )

    async def _exchange(self, attempts: list[Attempt], request: Request, visit: Visit) -> None:
        """Try *request* on an idle connection, if there is one, and else on a fresh one.

        An idle connection that turns out to be dead has cost nothing: the request is sent once
        more, and the archive keeps both tries.
        """
        route = route_of(request, self._bind_address)
        octets = octets_of(request, route)
        permit = self._reach.permit(request, route.host, is_proxied=route.proxy is not None)
        method = request.method.encode("ascii")
        idle = self._pool.take(route, permit)
        while True:
            attempt = attempts[-1]
            attempt.connection = idle or await self._pool.open(route, permit)
            attempt.exchange = Exchange(method, self._archive.new_tape(), visit)
            if attempt.connection.send(octets, attempt.exchange):
                attempt.request = octets
            # Shielded: a timeout must find the exchange as it is and end it itself.
            attempt.ending = await asyncio.shield(attempt.exchange.ended)
            attempt.error = attempt.exchange.error
            may_repeat = request.method in _REPEATABLE and not request.body
            if idle is None or attempt.has_answer or not may_repeat:
                return
            idle = None
            attempts.append(Attempt(self._archive.now()))

    def _put_back(self, attempt: Attempt, request: Request) -> None:
        if attempt.connection is None or attempt.exchange is None:
            return
        asked_to_close = b"close" in (request.headers.get(b"Connection") or b"").lower()
        is_complete = attempt.ending is Ending.COMPLETE and not asked_to_close
        if is_complete and attempt.exchange.reader.may_be_reused:
            self._pool.give(route_of(request, self._bind_address), attempt.connection)
        else:
            attempt.connection.abort()

    def _answer(self, attempt: Attempt, request: Request, visit: Visit) -> Response:
        """Return the response, or raise the error that Scrapy knows for what happened."""
        exchange, error = attempt.exchange, attempt.error
        if isinstance(error, StopDownload):
            error = None
        if error is not None and (exchange is None or exchange.reader.head is None):
            raise _scrapy_error(error) from error
        if exchange is None or exchange.reader.head is None:
            problem = exchange.reader.problem if exchange else None
            raise DownloadFailedError(problem or "the server closed the connection unanswered")
        if error is not None and attempt.ending is Ending.STOPPED:
            raise error
        assert attempt.connection is not None
        flags = self._flags(attempt, request)
        connected = _connected(attempt.connection.peer)
        return visit.response(exchange.reader.head, flags=flags, **connected)

    def _flags(self, attempt: Attempt, request: Request) -> list[str]:
        assert attempt.exchange is not None
        reader = attempt.exchange.reader
        if attempt.ending is Ending.STOPPED:
            return []
        if reader.has_foreign_coding or (reader.is_broken and not reader.is_chunked):
            raise DownloadFailedError(reader.problem)
        if attempt.exchange.is_unfinished or reader.is_broken:
            if request.meta.get("download_fail_on_dataloss", self._fails_on_dataloss):
                if not self._has_warned_of_dataloss:
                    self._has_warned_of_dataloss = True
                    logger.warning(get_dataloss_msg(request.url))
                raise ResponseDataLossError(reader.problem or "the body ended early")
            return ["dataloss"]
        return [] if attempt.ending is Ending.COMPLETE else ["partial"]


def _connected(peer: Peer) -> dict[str, Any]:
    """Return what Scrapy's responses say of their connection."""
    return {
        "certificate": Certificate.load(peer.certificate) if peer.certificate else None,
        "ip_address": ipaddress.ip_address(peer.ip_address) if peer.ip_address else None,
    }


def _scrapy_error(error: BaseException) -> BaseException:
    """Return the exception that Scrapy's middlewares know for *error*."""
    if isinstance(error, socket.gaierror):
        return CannotResolveHostError(str(error))
    if isinstance(error, ConnectionRefusedError):
        return DownloadConnectionRefusedError(str(error))
    if isinstance(error, OSError):
        return DownloadFailedError(str(error) or type(error).__name__)
    return error
