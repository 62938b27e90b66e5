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
import time
from dataclasses import dataclass, field
from datetime import datetime
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

from archiver.capture import Capture, Truncation
from archiver.head import Head
from archiver.urls import target_of
from pipelines.archive import Archive, ArchiveStopped
from pipelines.connection import Connection, Ending, Exchange, Peer, SpoolError
from pipelines.message import octets_of, route_of
from pipelines.pool import Pool
from pipelines.visit import Limits, Visit

logger = logging.getLogger(__name__)

# RFC 9110, 9.2.2, less what carries a body: these may be sent again when an idle connection
# turns out to be dead, as Twisted's client does.
_REPEATABLE = ("GET", "HEAD", "OPTIONS", "DELETE", "TRACE")


@dataclass(slots=True)
class _Attempt:
    """How far one download came, filled in as it goes."""

    captured_at: datetime
    started: float = field(default_factory=time.monotonic)
    request: bytes = b""
    connection: Connection | None = None
    exchange: Exchange | None = None
    ending: Ending | None = None
    error: BaseException | None = None

    @property
    def has_answer(self) -> bool:
        """Say whether anything came back, or might have, had nobody ended it."""
        if self.exchange is None or self.ending not in (Ending.CLOSED, Ending.LOST):
            return True
        return self.exchange.has_arrived

    def stop(self, error: BaseException | None) -> None:
        """End it here, because of *error*."""
        if self.exchange is not None:
            self.exchange.stop(error)
            self.ending = Ending.STOPPED
        self.error = error

    def abandon(self) -> None:
        """Let go of everything: nobody waits for the answer any more."""
        self.stop(None)
        if self.connection is not None:
            self.connection.abort()
        if self.exchange is not None:
            self.exchange.tape.close()


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
        self._limits = Limits(
            maxsize=settings.getint("DOWNLOAD_MAXSIZE"),
            warnsize=settings.getint("DOWNLOAD_WARNSIZE"),
            spider_bytes=archive.options.spider_bytes,
        )
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
        """Return the response to *request*, or raise what Scrapy's own handler would raise."""
        visit = Visit(self._crawler, request, self._limits)
        timeout = float(request.meta.get("download_timeout") or 10.0)
        attempts = [_Attempt(self._archive.now())]
        try:
            async with asyncio.timeout(timeout) as limit:
                await self._exchange(attempts, request, visit)
        except (OSError, TunnelError, ValueError) as error:  # ValueError: no such name or port
            late = f"Getting {target_of(request.url)} took longer than {timeout} seconds."
            attempts[-1].stop(DownloadTimeoutError(late) if limit.expired() else error)
        except asyncio.CancelledError:
            attempts[-1].abandon()
            raise
        for attempt in attempts:
            capture = self._capture(attempt, request, visit)
            self._put_back(attempt, request)
            if isinstance(attempt.error, SpoolError):
                self._archive.fail_to_spool(attempt.error)
            try:
                await self._archive.keep(capture, request, is_last=attempt is attempts[-1])
            except ArchiveStopped as stopped:
                raise IgnoreRequest(str(stopped)) from stopped
        return self._answer(attempts[-1], request, visit)

    async def close(self) -> None:
        """Drop the idle connections."""
        self._pool.close()

    async def _exchange(self, attempts: list[_Attempt], request: Request, visit: Visit) -> None:
        """Try *request* on an idle connection, if there is one, and else on a fresh one.

        An idle connection that turns out to be dead has cost nothing: the request is sent once
        more, and the archive keeps both tries.
        """
        route = route_of(request, self._bind_address)
        octets = octets_of(request, route)
        method = request.method.encode("ascii")
        idle = self._pool.take(route)
        while True:
            attempt = attempts[-1]
            attempt.connection = idle or await self._pool.open(route)
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
            attempts.append(_Attempt(self._archive.now()))

    def _put_back(self, attempt: _Attempt, request: Request) -> None:
        if attempt.connection is None or attempt.exchange is None:
            return
        asked_to_close = b"close" in (request.headers.get(b"Connection") or b"").lower()
        is_complete = attempt.ending is Ending.COMPLETE and not asked_to_close
        if is_complete and attempt.exchange.reader.may_be_reused:
            self._pool.give(route_of(request, self._bind_address), attempt.connection)
        else:
            attempt.connection.abort()

    def _capture(self, attempt: _Attempt, request: Request, visit: Visit) -> Capture:
        exchange = attempt.exchange
        peer = attempt.connection.peer if attempt.connection else Peer()
        return Capture(
            target=target_of(request.url),
            captured_at=attempt.captured_at,
            request=attempt.request,
            response=exchange.tape if exchange else self._archive.new_tape(),
            request_id=self._archive.new_id(),
            response_id=self._archive.new_id(),
            ip_address=peer.ip_address,
            protocols=_protocols(peer, exchange.reader.head if exchange else None),
            cipher_suite=peer.cipher_suite,
            truncated=_truncation(attempt, visit),
            problem=exchange.reader.problem if exchange else None,
            failure=_failure(attempt),
            fetch_ms=round((time.monotonic() - attempt.started) * 1000),
        )

    def _answer(self, attempt: _Attempt, request: Request, visit: Visit) -> Response:
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

    def _flags(self, attempt: _Attempt, request: Request) -> list[str]:
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


def _protocols(peer: Peer, head: Head | None) -> tuple[str, ...]:
    http = f"http/{head.version}" if head else "http/1.1"
    return (http, peer.tls_protocol) if peer.tls_protocol else (http,)


def _connected(peer: Peer) -> dict[str, Any]:
    """Return what Scrapy's responses say of their connection."""
    return {
        "certificate": Certificate.load(peer.certificate) if peer.certificate else None,
        "ip_address": ipaddress.ip_address(peer.ip_address) if peer.ip_address else None,
    }


def _truncation(attempt: _Attempt, visit: Visit) -> Truncation | None:
    exchange = attempt.exchange
    if exchange is None:
        return None
    if not exchange.is_cut_short and attempt.ending is not Ending.STOPPED:
        return None
    if visit.was_too_long:
        return "length"
    if isinstance(attempt.error, DownloadTimeoutError):
        return "time"
    if attempt.ending in (Ending.CLOSED, Ending.LOST):
        return "disconnect"
    return "unspecified"


def _failure(attempt: _Attempt) -> str | None:
    if attempt.exchange is not None and attempt.exchange.tape.size:
        return None
    if attempt.error is None:
        return "the server closed the connection unanswered"
    name = type(attempt.error).__name__
    return f"{name}: {attempt.error}" if str(attempt.error) else name


def _scrapy_error(error: BaseException) -> BaseException:
    """Return the exception that Scrapy's middlewares know for *error*."""
    if isinstance(error, socket.gaierror):
        return CannotResolveHostError(str(error))
    if isinstance(error, ConnectionRefusedError):
        return DownloadConnectionRefusedError(str(error))
    if isinstance(error, OSError):
        return DownloadFailedError(str(error) or type(error).__name__)
    return error
