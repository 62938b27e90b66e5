"""What the discovering spiders share: seeds, rounds, and the way from an answer to the next.

Every answer is taken for what it is, a feed, a sitemap or a document, whatever it was asked for
as. Each spider says by `leads` where it goes on from there; what is a page is read as one.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, ClassVar, Self, TypeVar

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider, IgnoreRequest
from scrapy.http import Response
from scrapy.settings import BaseSettings
from scrapy.spidermiddlewares.depth import DepthMiddleware
from w3lib.encoding import http_content_type_encoding

from archiver.capture import EDITION_KEY, PASSED_OVER, UNDONE_KEY, Page
from archiver.errors import ArchiveError, SeedError
from archiver.options import options_from
from archiver.prospect import Prospect, prospect_of
from archiver.series import is_later_part
from archiver.state import job_of
from archiver.urls import target_of
from spiders.admission import Admission
from spiders.depth import Depth
from spiders.fingerprints import CanonicalFingerprinter
from spiders.leads import PRIORITIES, Lead, Way
from spiders.paging import Series, begun, went_on
from spiders.reading import Reading
from spiders.remembering import remembered_by
from spiders.rounds import Time
from spiders.starting import Starting, starting_of

Found = TypeVar("Found", Page, Request, Page | Request)


class DiscoveringSpider(Spider):
    """Goes from seeds to the pages that they announce, or lead to."""

    # Scrapy asks for this name: what stands there instead of a page is to be told.
    handle_httpstatus_list: ClassVar[list[int]] = [401, 402, 403, 404, 410, 429, 451, 503]
    # Whether pages that the collection has are asked for again, if only to hear that they are
    # what they were, or only when their publisher says that they have changed.
    asks_again: ClassVar[bool] = False
    arguments: ClassVar[tuple[str, ...]] = ("url", "seeds", "scope")
    time: ClassVar[Time] = Time()
    archive_asks_for_rights: ClassVar[bool] = True

    def __init__(self, starting: Starting, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.archive_job = starting.job  # sets this crawl apart from those of other seeds
        self.seeds = {seed.url: seed for seed in starting.seeds}
        self._opened = ExitStack()

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        """Have addresses of one page asked for once, and articles read to their end."""
        super().update_settings(settings)
        settings.set("REQUEST_FINGERPRINTER_CLASS", CanonicalFingerprinter, priority="spider")
        middlewares = settings.getdict("SPIDER_MIDDLEWARES") | {DepthMiddleware: None, Depth: 900}
        settings.set("SPIDER_MIDDLEWARES", middlewares, priority="spider")

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Read the seeds before anything is fetched; SeedError when they cannot be used."""
        starting = starting_of(kwargs)
        for name in kwargs:
            if name not in cls.arguments:
                known = ", ".join(cls.arguments)
                raise SeedError(f"-a {name} is nothing that {cls.name} knows: it takes {known}")
        spider = super().from_crawler(crawler, *args, starting=starting, **kwargs)
        crawler.signals.connect(spider.spider_closed, signal=signals.spider_closed)
        return spider

    def leads(self, prospect: Prospect, response: Response, way: Way) -> Iterator[Lead]:
        """Yield where to go on to from *response*, which *way* has led to."""
        raise NotImplementedError

    def older(self, prospect: Prospect, way: Way, *, has_new: bool) -> Lead | None:
        """Return where more of the kind is to be had; *has_new* says that `leads` gave some."""
        return None

    def spider_closed(self) -> None:
        """Let go of what is remembered."""
        self._opened.close()

    async def start(self) -> AsyncIterator[Request]:
        """Ask for each seed: once, or, where the crawl watches, whenever it is due."""
        try:
            self._open()
        except ArchiveError as error:
            self.logger.error("The crawl cannot begin: %s", error)
            self.crawler.stats.set_value("archive/failed", 1)
            raise CloseSpider("archive_failed") from error
        async for url, round in self._rounds:
            way = Way(seed=url, role="seed", round=round)
            yield self._request(Lead(url=url, role="seed"), way, round)

    async def parse(self, response: Response, way: Way) -> AsyncIterator[Request | Page]:
        """Read *response* as what it is, and go on from there."""
        if way.role == "seed" and way.home is None:
            way = replace(way, home=response.url)
        prospect = await self._prospect(response)
        if prospect.left_out:
            self.crawler.stats.inc_value("archive/left_out_count", prospect.left_out)
        page = self._reading.page(prospect, response, way)
        if page is not None:
            for found in begun(page, prospect, response, way, self._part_request):
                yield self._noted(found, way)
        if response.status >= 400:
            self._say_status(response, way)
            if way.role != "robots":  # where there are no rules, there may be a sitemap
                return
        async for request in self._onward(prospect, response, way, first=response.url):
            yield request

    async def _onward(
        self, prospect: Prospect, response: Response, way: Way, *, first: str
    ) -> AsyncIterator[Request]:
        """Yield requests for what *response* leads to, but for parts of the article at *first*."""
        now, new_pages = datetime.now(UTC), 0
        following = prospect.links.following if prospect.links is not None else None
        goes_on = following is not None and is_later_part(following, first)
        is_spread = prospect.is_page and (goes_on or first != response.url)
        for number, lead in enumerate(self.leads(prospect, response, way)):
            if is_spread and is_later_part(lead.url, first):
                continue  # which are asked for one after the other
            if (request := self._followed(lead, way, now)) is not None:
                new_pages += lead.role == "page"
                yield request
            if number % 500 == 499:
                await asyncio.sleep(0)  # a sitemap has 50,000, and others wait for this loop
        older = self.older(prospect, way, has_new=new_pages > 0)
        if older is not None and (request := self._followed(older, way, now)) is not None:
            yield request

    async def parse_part(
        self, response: Response, way: Way, series: Series
    ) -> AsyncIterator[Request | Page]:
        """Read *response* as one more page of an article that is spread over several."""
        prospect = await self._prospect(response)
        if response.status != 200 or not prospect.is_page:
            self.crawler.stats.inc_value("archive/part_missing_count")
            self.logger.warning("An article ends before its time: no page at %s", response.url)
        for found in went_on(series, prospect, response, self._part_request):
            yield self._noted(found, way)
        if response.status == 200:
            first = series.first.target
            async for request in self._onward(prospect, response, way, first=first):
                yield request

    def end_series(self, failure: Any) -> Iterator[Page]:  # Any: as in `say_why_not`
        """Declare an article as far as it has come, since the rest of it did not."""
        self.say_why_not(failure)
        self.crawler.stats.inc_value("archive/part_missing_count")
        if not failure.request.meta.get(UNDONE_KEY):  # or the next run asks for it again
            kept = failure.request.cb_kwargs
            yield self._noted(kept["series"].first, kept["way"])

    def say_why_not(self, failure: Any) -> None:  # Any: Scrapy gives a Failure its request
        """Say in a line why something did not come; the archive holds what there was."""
        request = failure.request
        way: Way = request.cb_kwargs["way"]
        reason = str(failure.value) or type(failure.value).__name__
        if way.is_guessed:
            level = logging.DEBUG
        elif way.role == "seed" and not failure.check(IgnoreRequest):
            level = logging.ERROR
        else:
            level = logging.INFO
        self.logger.log(level, "No %s from %s: %s", way.role, target_of(request.url), reason)
        if not request.meta.get(UNDONE_KEY):
            self._note_failed(request, way)

    def _open(self) -> None:
        """Open what is remembered from earlier crawls; before, there may be no place for it."""
        options = options_from(self.crawler.settings)
        job = job_of(self.name, self.archive_job)
        seeds = list(self.seeds)
        known, self._rounds = remembered_by(self.crawler, options, job, seeds, self.time)
        self._opened.callback(known.close)
        self._opened.callback(self._rounds.close)
        self._reading = Reading(known, self.seeds)
        self._admission = Admission(
            known,
            self.crawler.stats,
            self.seeds,
            host_budget=options.host_budget,
            asks_again=self.asks_again,
        )

    async def _prospect(self, response: Response) -> Prospect:
        media_type = (response.headers.get(b"Content-Type") or b"").decode("latin-1")
        return await asyncio.to_thread(
            prospect_of,
            response.body,
            response.url,
            media_type=media_type or None,
            charset=http_content_type_encoding(media_type),
            status=response.status,
        )

    def _followed(self, lead: Lead, way: Way, now: datetime) -> Request | None:
        admitted = self._admission.admitted(lead, way, now)
        return self._request(lead, way.to(lead), admitted.edition) if admitted else None

    def _request(self, lead: Lead, way: Way, edition: str | None) -> Request:
        return Request(
            lead.url,
            callback=self.parse,
            errback=self.say_why_not,
            cb_kwargs={"way": way},
            meta={} if edition is None else {EDITION_KEY: edition},
            priority=PRIORITIES[lead.role],
        )

    def _part_request(self, url: str, series: Series) -> Request:
        return Request(
            url,
            callback=self.parse_part,
            errback=self.end_series,
            cb_kwargs={"way": series.way, "series": series},
            priority=PRIORITIES["page"] + 1,
            dont_filter=True,  # somebody may have asked for it as a page of its own
        )

    def _noted(self, found: Found, way: Way) -> Found:
        """Return *found*; a page that is new counts for the seed that has led to it."""
        if isinstance(found, Page) and found.page_type not in PASSED_OVER and not found.original:
            self._rounds.note_new(way.seed)
        return found

    def _say_status(self, response: Response, way: Way) -> None:
        level = logging.DEBUG if way.is_guessed else logging.INFO
        level = logging.ERROR if way.role == "seed" else level
        url = target_of(response.url)
        self.logger.log(level, "No %s from %s: its status is %d", way.role, url, response.status)
        assert response.request is not None
        self._note_failed(response.request, way)

    def _note_failed(self, request: Request, way: Way) -> None:
        """See to it that *request*, which *way* led to, is made again in a later round."""
        if way.role == "page":
            self._admission.note_failed(redirected_from(request))
        elif way.role == "seed":
            self.crawler.stats.inc_value("archive/seed_failed_count")
            self._rounds.note_failed(way.seed)


def redirected_from(request: Request) -> str:
    """Return the URL of *request* before redirects."""
    urls: list[str] = request.meta.get("redirect_urls") or [request.url]
    return urls[0]
