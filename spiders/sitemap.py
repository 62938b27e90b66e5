"""The pages that sitemaps announce, of all time or of some."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar
from urllib.parse import urlsplit

from scrapy.http import Response

from archiver.prospect import Prospect
from spiders.announcing import announced_by, announcing, from_robots, sitemaps_of_robots, span_of
from spiders.discovering import DiscoveringSpider
from spiders.leads import Lead, Way


class SitemapSpider(DiscoveringSpider):
    """Reads sitemaps, the sitemaps that they list, and what these announce.

    A seed is a sitemap, a robots.txt that names some, or any page of a site that has them.
    """

    name = "sitemap"
    arguments: ClassVar[tuple[str, ...]] = ("url", "seeds", "scope", "since", "until")

    def __init__(self, *, since: str | None = None, until: str | None = None, **kwargs: Any):
        super().__init__(**kwargs)
        self._span = span_of(since, until)

    def leads(self, prospect: Prospect, response: Response, way: Way) -> Iterator[Lead]:
        """Yield what a sitemap announces, and from all else the way to one."""
        is_robots = urlsplit(response.url).path == "/robots.txt"
        if prospect.kind in ("feed", "sitemap"):
            yield from announced_by(prospect, way, self._span)
        elif way.role == "robots" or (way.role == "seed" and is_robots):
            yield from sitemaps_of_robots(response, way)
        elif way.role == "seed" and prospect.kind == "document":
            yield from from_robots(response, way)
            for url in prospect.links.sitemaps if prospect.links is not None else ():
                yield announcing(url, "sitemap", way)
        elif way.role in ("seed", "sitemap") and not way.is_guessed:
            self.logger.warning("No sitemap: %s", response.url)
