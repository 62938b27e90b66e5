"""Content-encoding undone for spiders, within what a spider may be handed.

Scrapy's own middleware decodes up to `DOWNLOAD_MAXSIZE`, a GiB by default, so that a small
gzip file could fill the memory in spite of `ARCHIVE_SPIDER_BYTES`. The archive holds what
crossed the wire either way.
"""

from __future__ import annotations

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.http import Response
from scrapy.utils._compression import _DecompressionMaxSizeExceeded

from archiver.options import options_from
from pipelines.visit import WITHHELD


class _TooLongForASpider(Exception):
    """A body grows beyond what a spider is handed while it is decoded."""


class Decompression(HttpCompressionMiddleware):
    """Decode a body, or hand on an empty, flagged response where it would be too long."""

    def __init__(self, *, crawler: Crawler) -> None:
        super().__init__(crawler=crawler)
        self._spider_bytes = options_from(crawler.settings).spider_bytes

    def process_response(
        self, request: Request, response: Response, spider: Spider | None = None
    ) -> Request | Response:
        """Return *response* decoded, or emptied and flagged."""
        try:
            return super().process_response(request, response)
        except _TooLongForASpider:
            response.headers.pop("Content-Encoding")
            return response.replace(body=b"", flags=[*response.flags, WITHHELD])

    def _handle_encoding(
        self, body: bytes, content_encoding: list[bytes], max_size: int
    ) -> tuple[bytes, list[bytes]]:
        limit = self._spider_bytes
        if not limit or 0 < max_size <= limit:
            return super()._handle_encoding(body, content_encoding, max_size)
        try:
            return super()._handle_encoding(body, content_encoding, limit)
        except _DecompressionMaxSizeExceeded as error:
            raise _TooLongForASpider from error
