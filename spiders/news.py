"""A newspaper, from whatever is known of it: its front page, a feed, a sitemap, an article.

A seed is taken for what it turns out to be. A front page leads to the feeds that it names, to
the sitemaps in robots.txt, to the articles that it links to, and by way of its sections to more.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from scrapy.http import Response

from archiver.capture import PASSED_OVER
from archiver.discovery import Link
from archiver.extraction.kinds import kind_of_url
from archiver.prospect import Prospect
from spiders.announcing import (
    announced_by,
    announcing,
    from_robots,
    guesses,
    sitemaps_of_robots,
    span_of,
)
from spiders.discovering import DiscoveringSpider
from spiders.leads import Lead, Way

# The text of a link to an article is its headline: longer than the name of a section.
_HEADLINE = 25
# Where feeds lie, as a rule, of sites that name none.
_USUAL_FEEDS = ("/feed", "/rss.xml", "/feed.xml", "/atom.xml", "/rss")
# So many pages of a section are turned at the most.
_MOST_PAGES = 20
_NO_READING = ("login", "search", "consent")


class NewsSpider(DiscoveringSpider):
    """Finds by itself what a newspaper announces, and reads each page once."""

    name = "news"
    arguments: ClassVar[tuple[str, ...]] = ("url", "seeds", "scope", "since", "until")

    def __init__(self, *, since: str | None = None, until: str | None = None, **kwargs: Any):
        super().__init__(**kwargs)
        self._span = span_of(since, until)

    def leads(self, prospect: Prospect, response: Response, way: Way) -> Iterator[Lead]:
        """Yield what is announced, and where a front page or a section leads."""
        if prospect.kind in ("feed", "sitemap"):
            yield from announced_by(prospect, way, self._span)
        elif way.role == "robots":
            yield from sitemaps_of_robots(response, way)
        elif way.role == "seed" and not self._is_article(prospect, way):
            yield from from_robots(response, way)
            yield from _named_in(prospect, response.url, way)
            yield from _links_of(prospect, way)
        elif way.role == "front" and prospect.page_type in PASSED_OVER:
            yield from _feeds_of(prospect, way)
            yield from _links_of(prospect, way)
        elif way.role in ("seed", "feed", "sitemap") and not way.is_guessed:
            self.logger.debug("%s is neither feed nor sitemap nor front page", response.url)

    def older(self, prospect: Prospect, way: Way, *, has_new: bool) -> Lead | None:
        """Return the next page of a section: its second, and others while they list new pages.

        What its first page lists may all be known from a feed, which is shorter.
        """
        following = prospect.links.following if prospect.links is not None else None
        is_section = way.role in ("seed", "front") and prospect.page_type in PASSED_OVER
        is_worthwhile = has_new and way.level < _MOST_PAGES
        if following is None or not is_section or not (is_worthwhile or way.level <= 1):
            return None
        return Lead(url=following, role="front", level=way.level + 1)

    def _is_article(self, prospect: Prospect, way: Way) -> bool:
        seed = self.seeds.get(way.seed)
        if seed is not None and seed.kind != "auto":
            return seed.kind == "article"
        return prospect.is_page


def _named_in(prospect: Prospect, url: str, way: Way) -> Iterator[Lead]:
    """Yield the feeds and sitemaps that a front page names; feeds by guess if it names none."""
    feeds = list(_feeds_of(prospect, way))
    yield from feeds or guesses(url, way, _USUAL_FEEDS)
    for sitemap in prospect.links.sitemaps if prospect.links is not None else ():
        yield announcing(sitemap, "sitemap", way)


def _feeds_of(prospect: Prospect, way: Way) -> Iterator[Lead]:
    for feed in prospect.links.feeds if prospect.links is not None else ():
        yield announcing(feed, "feed", way)


def _links_of(prospect: Prospect, way: Way) -> Iterator[Lead]:
    """Yield the articles that a document links to and, of a seed, what may be its sections."""
    for link in prospect.links.pages if prospect.links is not None else ():
        kind = kind_of_url(link.url)
        if link.is_nofollow or kind in _NO_READING:
            continue
        is_article = kind not in PASSED_OVER if kind is not None else _is_headline(link)
        if is_article:
            yield Lead(url=link.url, role="page", level=way.level + 1)
        elif way.role == "seed":
            yield Lead(url=link.url, role="front", level=way.level + 1)


def _is_headline(link: Link) -> bool:
    return len(link.text) >= _HEADLINE
