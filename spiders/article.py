"""Article pages, one by one: every seed is fetched and declared a page."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterator
from typing import Any, Self

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from archiver.capture import Page
from archiver.seeds import Seed
from archiver.urls import target_of
from spiders.pages import page_of
from spiders.starting import starting_of


class ArticleSpider(Spider):
    """Fetch the seeds of `-a seeds=FILE` or the one of `-a url=URL` and go no further."""

    name = "article"
    archive_asks_for_rights = True  # in the files in which a host says them

    def __init__(self, seeds: list[Seed], archive_job: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.archive_job = archive_job  # sets this crawl apart from those of other seeds
        self._seeds = seeds

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Read the seeds before anything is fetched; SeedError when they cannot be used."""
        start = starting_of(kwargs)
        return super().from_crawler(
            crawler, *args, seeds=start.seeds, archive_job=start.job, **kwargs
        )

    async def start(self) -> AsyncIterator[Request]:
        """Ask for each seed once."""
        for seed in self._seeds:
            if seed.kind not in ("article", "auto"):
                self.logger.warning(
                    "%s is a %s: this spider takes it for one page and follows no link",
                    seed.url,
                    seed.kind,
                )
            yield Request(
                seed.url,
                callback=self.parse,
                errback=self.say_why_not,
                cb_kwargs={"seed": seed.url},
            )

    def parse(self, response: Response, seed: str) -> Iterator[Page]:
        """Declare *response* a page, if it is text that a person could read."""
        page = page_of(response, seed=seed)
        if page is None:
            self.logger.info("Archived, but no page to read: %s is no HTML", response.url)
        else:
            yield page

    def say_why_not(self, failure: Any) -> None:  # Any: Scrapy gives a Failure its request
        """Say in a line why a seed gave no page; the archive holds what there was."""
        # Refused by robots.txt, or answered with an error status: nobody's fault here.
        level = logging.INFO if failure.check(IgnoreRequest) else logging.ERROR
        target = target_of(failure.request.url)
        reason = str(failure.value) or type(failure.value).__name__
        self.logger.log(level, "No page from %s: %s", target, reason)
