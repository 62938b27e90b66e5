"""What hosts say of the rights in their pages, asked for when the first of these has come.

Each host is asked once a day for `/.well-known/tdmrep.json` and `/ai.txt`, one after the other,
as anything else is asked for: robots.txt is obeyed, delays are kept, what comes is archived.
Whoever has no such file, or does not hand it out, has said nothing. Pages that come meanwhile
wait for the answer.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import Any, Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.http import HtmlResponse, Response
from scrapy.http.request import NO_CALLBACK
from scrapy.utils.httpobj import urlparse_cached

from archiver.capture import HOME_KEY, PAGE_KEY, REQUISITE_KEY, RIGHTS_KEY, Page
from archiver.rights import HOST_FILES, HostFiles, ai_txt, tdmrep
from pipelines.archive import Archive
from pipelines.backoff import FOR_RULES_KEY

logger = logging.getLogger(__name__)

# In the `meta` of a request for one of these files, lest it be taken for a page.
_FOR_RIGHTS_KEY = "archive_for_rights"
_DAY = 86_400.0
_SOON = 600.0  # after which a host is asked again that could not be asked
_MAX_OCTETS = 1 << 20  # of a file; longer ones are of no use to us
_MOST_HOSTS = 10_000  # that are remembered: those last asked about


@dataclass(slots=True)
class _Known:
    """What is known of a host, or will be, and *until* when that is so."""

    files: asyncio.Future[HostFiles]
    until: float


class Rights:
    """Notes on each page what its host says of the rights in it."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        # Nobody else's spider is to ask for what it was not told to.
        self._asks_hosts = getattr(crawler.spider, "archive_asks_for_rights", False)
        self._known: OrderedDict[str, _Known] = OrderedDict()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the middleware of *crawler*; NotConfigured where robots.txt is not obeyed."""
        if not crawler.settings.getbool("ROBOTSTXT_OBEY") or not crawler.get_extension(Archive):
            raise NotConfigured
        return cls(crawler)

    async def process_response(self, request: Request, response: Response) -> Response:
        """Complete the page that *response* may become."""
        page = request.meta.get(PAGE_KEY)
        if isinstance(page, Page) and _may_be_page(request, response):
            files = await self._files_of(request) if self._asks_hosts else HostFiles()
            rights = files.rights_in(page.target, request.meta.get(RIGHTS_KEY))
            request.meta.update({RIGHTS_KEY: rights, PAGE_KEY: replace(page, rights=rights)})
        return response

    async def _files_of(self, request: Request) -> HostFiles:
        """Return the files of the host of *request*."""
        url = urlparse_cached(request)
        origin = f"{url.scheme}://{url.netloc}"
        known = self._known.get(origin)
        if known is None or known.until < time.monotonic():
            asking = asyncio.ensure_future(self._ask(origin, request))
            known = self._known[origin] = _Known(asking, time.monotonic() + _DAY)
            if len(self._known) > _MOST_HOSTS:
                self._known.popitem(last=False)
        self._known.move_to_end(origin)
        # Shielded: who waits may be cut short, but others wait as well.
        return await asyncio.shield(known.files)

    async def _ask(self, origin: str, request: Request) -> HostFiles:
        tdm = await self._answer(f"{origin}{tdmrep.TDMREP_PATH}", origin, request)
        ai = await self._answer(f"{origin}{ai_txt.AI_TXT_PATH}", origin, request)
        return HostFiles(
            tdmrep=tdmrep.rules_of(tdm.body, tdm.url) if tdm is not None else (),
            # A page that says that there is no such file is none.
            ai_txt=ai_txt.rules_of(ai.body.decode("utf-8", "replace"))
            if ai is not None and not isinstance(ai, HtmlResponse)
            else (),
        )

    async def _answer(self, url: str, origin: str, request: Request) -> Response | None:
        """Return what *url* answers to who has sent *request*, None where that is nothing."""
        meta: dict[str, Any] = {  # Any: as Scrapy has it
            _FOR_RIGHTS_KEY: True,
            FOR_RULES_KEY: True,
            "allow_offsite": True,
            "dont_retry": True,
            "download_maxsize": _MAX_OCTETS,
            "download_warnsize": 0,
            "give_up_log_level": "DEBUG",
            **{key: request.meta[key] for key in (HOME_KEY,) if key in request.meta},
        }
        asked = Request(url, meta=meta, callback=NO_CALLBACK)
        try:
            response = await self._crawler.engine.download_async(asked)
        except Exception as error:  # whatever it is, the page is worth more than this
            logger.debug("Nothing said of rights at %s: %s", url, error)
            self._ask_again_soon(origin)
            return None
        if response.status >= 500:
            self._ask_again_soon(origin)
        return response if response.status == 200 else None

    def _ask_again_soon(self, origin: str) -> None:
        known = self._known.get(origin)
        if known is not None:
            known.until = min(known.until, time.monotonic() + _SOON)


def _may_be_page(request: Request, response: Response) -> bool:
    if _FOR_RIGHTS_KEY in request.meta or REQUISITE_KEY in request.meta:
        return False
    if urlparse_cached(request).path in HOST_FILES:
        return False
    return response.status == 200 and isinstance(response, HtmlResponse)
