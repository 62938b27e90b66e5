"""An answer out of the archive, for a request whose answer lies there already."""

from __future__ import annotations

import logging

from scrapy import Request
from scrapy.exceptions import StopDownload
from scrapy.http import Response

from archiver.capture import Page
from archiver.errors import ArchiveError
from archiver.wire import ResponseReader
from pipelines.past import Past
from pipelines.visit import Visit

logger = logging.getLogger(__name__)

# The flags of responses that are not what has just crossed the wire: one that a killed crawl
# brought, and one of an earlier crawl that its server calls what there is still.
RECOVERED = "archive_recovered"
NOT_MODIFIED = "archive_not_modified"


async def recalled(
    past: Past, page: Page, request: Request, visit: Visit, flag: str
) -> Response | None:
    """Return the response whose payload *page* has, as *request* would have got it, with *flag*.

    None, and a word in the log, where it cannot be read.
    """
    reader = ResponseReader(request.method.encode("ascii"))
    try:
        async for octets in past.block_of(page):
            had_head = reader.head is not None
            payload = reader.feed(octets)[1]
            if not had_head and reader.head is not None:
                visit.on_head(reader.head)
            if payload:
                visit.on_payload(payload)
    except StopDownload:
        pass  # a signal handler has seen enough: what there is of the response goes on
    except ArchiveError as error:
        logger.warning("Fetched again, since its capture cannot be read: %s", error)
        return None
    if reader.head is None:
        logger.warning("Fetched again, since its capture is no HTTP: %s", page.target)
        return None
    _, is_unfinished = reader.close()
    # How fast a disk is says nothing of the server, whose delay AutoThrottle would shorten.
    request.meta.pop("download_latency", None)
    flags = [flag, "dataloss"] if is_unfinished else [flag]
    return visit.response(reader.head, flags=flags)
