"""Where each discovering spider goes on to, and what it refuses to begin with."""

from __future__ import annotations

from typing import Any

import pytest
from scrapy.http import TextResponse
from scrapy.utils.test import get_crawler

from archiver.discovery import Announced
from archiver.errors import SeedError
from archiver.prospect import Prospect
from spiders.discovering import DiscoveringSpider
from spiders.feed import FeedSpider
from spiders.leads import Lead, Role
from spiders.news import NewsSpider
from spiders.site import SiteSpider
from spiders.sitemap import SitemapSpider
from tests.spiders.prospects import SITE, answer, document, link, way

STORY = "/2026/05/07/ferry-returns-to-the-old-quay.html"
SPIDERS = [FeedSpider, SitemapSpider, SiteSpider, NewsSpider]
ANNOUNCED = (Announced(url=f"{SITE}{STORY}"),)


def spider_of(kind: type[DiscoveringSpider], **arguments: Any) -> DiscoveringSpider:
    # Any: what a command line gives.
    return kind.from_crawler(get_crawler(kind), **{"url": f"{SITE}/", **arguments})


def leads(
    kind: type[DiscoveringSpider], prospect: Prospect, role: Role = "seed", path: str = "/",
    level: int = 0, **arguments: Any,
) -> list[tuple[str, str]]:  # fmt: skip
    """Return the paths and roles of what *kind* goes on to."""
    found = spider_of(kind, **arguments).leads(prospect, answer(path), way(role, level))
    return [(lead.url.removeprefix(SITE), lead.role) for lead in found]


FRONT = document(
    "front",
    link("/world/", "World"),
    link(STORY, "Ferry"),
    link("/node/of-an-old-system", "The weir is mended at last, says its keeper"),
    link("/login?next=/", "Sign in"),
    link("/offers", "Offers for the whole family, today alone", is_nofollow=True),
    feeds=("/rss.xml",),
    sitemaps=("/map.xml",),
)


# What they refuse


@pytest.mark.parametrize("kind", SPIDERS)
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"url": None}, "name what to fetch: either -a url=URL or -a seeds=FILE"),
        ({"scope": "town"}, "-a scope=town: it is one of page, prefix, host, domain"),
        ({"depth": "2"}, "-a depth is nothing that"),
        ({"url": "ftp://paper.example.org"}, "starts with ftp:"),
    ],
)
def test_what_cannot_be_used_is_refused_before_anything_is_fetched(
    kind: type[DiscoveringSpider], arguments: dict[str, Any], message: str
) -> None:
    with pytest.raises(SeedError) as refusal:
        spider_of(kind, **arguments)

    assert message in str(refusal.value)


@pytest.mark.parametrize("kind", [FeedSpider, SiteSpider])
def test_a_time_is_refused_where_it_would_mean_nothing(kind: type[DiscoveringSpider]) -> None:
    with pytest.raises(SeedError, match="-a since is nothing that"):
        spider_of(kind, since="2026-11-01")


def test_the_scope_sets_a_crawl_apart() -> None:
    assert spider_of(SiteSpider).archive_job == f"url={SITE}/"
    assert spider_of(SiteSpider, scope="host").archive_job == f"url={SITE}/ scope=host"
    assert spider_of(SiteSpider, scope="host").seeds[f"{SITE}/"].scope == "host"


# Where they go


@pytest.mark.parametrize("kind", SPIDERS)
@pytest.mark.parametrize("what", ["feed", "sitemap"])
def test_what_is_announced_is_followed_by_all(kind: type[DiscoveringSpider], what: Any) -> None:
    assert leads(kind, Prospect(kind=what, announced=ANNOUNCED)) == [(STORY, "page")]


def test_feed_goes_from_a_page_to_the_feeds_that_it_names_and_no_further() -> None:
    assert leads(FeedSpider, FRONT) == [("/rss.xml", "feed")]
    assert leads(FeedSpider, FRONT, "page", STORY) == []


def test_feed_says_where_there_is_none(caplog: pytest.LogCaptureFixture) -> None:
    assert leads(FeedSpider, document("article")) == []
    assert caplog.messages == [f"No feed, and none named in it: {SITE}/"]


def test_sitemap_goes_from_a_page_to_robots_and_the_sitemaps_that_it_names() -> None:
    assert leads(SitemapSpider, FRONT) == [("/robots.txt", "robots"), ("/map.xml", "sitemap")]


@pytest.mark.parametrize("kind", [SitemapSpider, NewsSpider])
def test_robots_leads_to_the_sitemaps_that_it_names(kind: type[DiscoveringSpider]) -> None:
    rules = TextResponse(f"{SITE}/robots.txt", body=b"Sitemap: /map/news.xml\n")
    found = list(spider_of(kind).leads(Prospect(kind="other"), rules, way("robots")))

    assert found == [
        Lead(
            url=f"{SITE}/map/news.xml",
            role="sitemap",
            level=1,
            is_announced=True,
            is_anywhere=True,
        )
    ]


def test_sitemap_takes_the_robots_of_a_site_for_a_seed() -> None:
    rules = TextResponse(f"{SITE}/robots.txt", body=b"Sitemap: /map/news.xml\n")
    found = spider_of(SitemapSpider).leads(Prospect(kind="other"), rules, way("seed"))

    assert [lead.url for lead in found] == [f"{SITE}/map/news.xml"]


def test_site_follows_every_link_but_those_that_say_not_to() -> None:
    assert leads(SiteSpider, FRONT, "front", level=2) == [
        ("/world/", "front"),
        (STORY, "front"),
        ("/node/of-an-old-system", "front"),
        ("/login?next=/", "front"),
    ]


def test_news_goes_from_a_front_page_to_all_that_it_names() -> None:
    assert leads(NewsSpider, FRONT) == [
        ("/robots.txt", "robots"),
        ("/rss.xml", "feed"),
        ("/map.xml", "sitemap"),
        ("/world/", "front"),
        (STORY, "page"),
        ("/node/of-an-old-system", "page"),
    ]


def test_news_goes_from_a_section_to_its_articles_and_feeds_alone() -> None:
    assert leads(NewsSpider, FRONT, "front", "/world/", level=1) == [
        ("/rss.xml", "feed"),
        (STORY, "page"),
        ("/node/of-an-old-system", "page"),
    ]


def test_news_looks_for_feeds_where_a_front_page_names_none() -> None:
    assert leads(NewsSpider, document("front"))[1:] == [
        ("/feed", "feed"),
        ("/rss.xml", "feed"),
        ("/feed.xml", "feed"),
        ("/atom.xml", "feed"),
        ("/rss", "feed"),
    ]


@pytest.mark.parametrize("role", ["seed", "front", "page"])
def test_news_goes_no_further_from_an_article(role: Role) -> None:
    prospect = document("article", link("/2026/05/06/weir-is-mended-at-last.html"))

    assert leads(NewsSpider, prospect, role, STORY) == []


@pytest.mark.parametrize(
    ("level", "has_new", "expected"),
    [(1, False, True), (2, False, False), (2, True, True), (20, True, False)],
)
def test_news_turns_the_pages_of_a_section_while_they_have_something_new(
    level: int, has_new: bool, expected: bool
) -> None:
    prospect = document("listing", following="/world/?page=3")
    older = spider_of(NewsSpider).older(prospect, way("front", level), has_new=has_new)

    assert (older is not None) is expected


def test_a_time_lets_through_what_was_announced_of_it() -> None:
    assert leads(NewsSpider, Prospect(kind="feed", announced=ANNOUNCED), since="2026-11-01") == [
        (STORY, "page")
    ]
