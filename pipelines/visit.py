"""One download as Scrapy means it: its limits and signals while it arrives, its response after.

A visit watches an exchange. What it refuses (a body over `DOWNLOAD_MAXSIZE`, a signal handler
that raises StopDownload) ends the exchange, never the archive: what arrived is kept.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from typing import Any

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadCancelledError, StopDownload
from scrapy.http import Headers, Response
from scrapy.settings import BaseSettings
from scrapy.utils._download_handlers import (
    check_stop_download,
    get_maxsize_msg,
    get_warnsize_msg,
    make_response,
)

from archiver.head import Head
from archiver.options import Options
from pipelines.message import headers_of

logger = logging.getLogger(__name__)

# The flag of a response whose body was too long for a spider: it is empty here and whole in
# the archive.
WITHHELD = "archive_body_withheld"
# Octets that may arrive beside a payload four times as long: head, chunk framing, no HTTP at all.
_MOST_BESIDE = 2 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Octets: when to warn, when to stop, and how much of a body a spider is handed. 0: none."""

    maxsize: int
    warnsize: int
    spider_bytes: int

    @classmethod
    def of(cls, settings: BaseSettings, options: Options) -> Limits:
        """Return the limits of a crawl, by Scrapy's settings and ours."""
        return cls(
            maxsize=settings.getint("DOWNLOAD_MAXSIZE"),
            warnsize=settings.getint("DOWNLOAD_WARNSIZE"),
            spider_bytes=options.spider_bytes,
        )

    def for_request(self, request: Request) -> Limits:
        """Return the limits as *request* sets them in its meta."""
        return Limits(
            maxsize=request.meta.get("download_maxsize", self.maxsize),
            warnsize=request.meta.get("download_warnsize", self.warnsize),
            spider_bytes=self.spider_bytes,
        )


class Visit:
    """What Scrapy learns of one download while it arrives."""

    def __init__(self, crawler: Crawler, request: Request, limits: Limits) -> None:
        self.started = time.monotonic()
        self.headers: Headers | None = None
        self.stop_download: StopDownload | None = None
        self.was_too_long = False
        self._crawler = crawler
        self._request = request
        self._limits = limits.for_request(request)
        self._pieces: list[bytes] = []
        self._received = 0
        self._is_withheld = False
        self._has_warned = False

    def on_head(self, head: Head) -> None:
        """Tell Scrapy of the head, and refuse a body that announces to be too long."""
        self._request.meta["download_latency"] = time.monotonic() - self.started
        self.headers = headers_of(head)
        announced = head.get(b"content-length") or b""
        expected = int(announced) if announced.isdigit() and len(announced) < 19 else None
        self._check_stop(signals.headers_received, headers=self.headers, body_length=expected)
        if self._request.method != "HEAD" and expected is not None:
            self._is_withheld = 0 < self._limits.spider_bytes < expected
            self._check_size(expected, expected=True)

    def on_payload(self, payload: bytes) -> None:
        """Keep *payload* for the spider, unless it grows too long for one."""
        self._received += len(payload)
        if 0 < self._limits.spider_bytes < self._received:
            self._is_withheld = True
            self._pieces.clear()
        if not self._is_withheld:
            self._pieces.append(payload)
        self._check_stop(signals.bytes_received, data=payload)
        self._check_size(self._received, expected=False)

    def on_octets(self, size: int) -> None:
        """Refuse what is no payload and fills the disk all the same: framing, or no HTTP."""
        beside = size - self._received
        if beside > self._received // 4 + _MOST_BESIDE:
            message = f"Stopped: {beside} octets of {self._request.url} are no payload"
            logger.warning(message)
            self.was_too_long = True
            raise DownloadCancelledError(message)

    def response(self, head: Head, *, flags: list[str], **connection: Any) -> Response:
        """Return what the spider gets. StopDownload where its raiser wanted an error."""
        body = b"".join(self._pieces)
        self._pieces.clear()
        if self._is_withheld:
            flags = [*flags, WITHHELD]
        headers = self.headers if self.headers is not None else headers_of(head)
        if self._is_withheld:
            # An empty body in no encoding, or HttpCompressionMiddleware would try to decode it.
            headers.pop(b"Content-Encoding", None)
        return make_response(
            url=self._request.url.partition("#")[0],
            status=head.status,
            headers=headers,
            body=body,
            flags=flags,
            protocol=f"HTTP/{head.version}",
            stop_download=self.stop_download,
            **connection,
        )

    def _check_stop(self, signal: object, **arguments: Any) -> None:
        stop = check_stop_download(signal, self._crawler, self._request, **arguments)
        if stop is not None:
            self.stop_download = stop
            raise stop

    def _check_size(self, size: int, *, expected: bool) -> None:
        if self._limits.maxsize and size > self._limits.maxsize:
            message = get_maxsize_msg(size, self._limits.maxsize, self._request, expected=expected)
            logger.warning(message)
            self.was_too_long = True
            raise DownloadCancelledError(message)
        if self._limits.warnsize and size > self._limits.warnsize and not self._has_warned:
            self._has_warned = True
            message = get_warnsize_msg(
                size, self._limits.warnsize, self._request, expected=expected
            )
            logger.warning(message)
