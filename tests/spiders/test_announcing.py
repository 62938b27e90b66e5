"""Leads out of announcements: dates, nested sitemaps, and what may lie anywhere."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from scrapy import Request
from scrapy.http import Response, TextResponse

from archiver.capture import SITEMAPS_KEY
from archiver.discovery import Announced
from archiver.errors import SeedError
from archiver.prospect import Prospect
from spiders.announcing import (
    Span,
    announced_by,
    from_robots,
    guesses,
    sitemaps_of_robots,
    span_of,
)
from spiders.leads import Lead, Way

SITE = "https://paper.example.org"
SEED = Way(seed=f"{SITE}/map", role="seed")
BELOW = Way(seed=f"{SITE}/map", role="sitemap", level=1)
MAY, JUNE = datetime(2026, 5, 7, tzinfo=UTC), datetime(2026, 6, 7, tzinfo=UTC)


def announced(path: str, **dates: datetime) -> Announced:
    return Announced(url=f"{SITE}{path}", **dates)  # type: ignore[arg-type]  # a date is one


def robots(rules: bytes, status: int = 200) -> Response:
    return TextResponse(f"{SITE}/robots.txt", body=rules, status=status)


def test_a_sitemap_leads_to_its_sitemaps_and_its_pages() -> None:
    prospect = Prospect(
        kind="sitemap",
        sitemaps=(announced("/map/2", modified_at=JUNE),),
        announced=(announced("/a", published_at=MAY, modified_at=JUNE), announced("/b")),
    )

    assert list(announced_by(prospect, SEED, Span())) == [
        Lead(url=f"{SITE}/map/2", role="sitemap", level=1, is_announced=True, changed_at=JUNE),
        Lead(url=f"{SITE}/a", role="page", level=1, is_announced=True, changed_at=JUNE),
        Lead(url=f"{SITE}/b", role="page", level=1, is_announced=True),
    ]


def test_a_feed_that_is_a_seed_may_announce_pages_anywhere() -> None:
    prospect = Prospect(kind="feed", announced=(announced("/a"),), following=(f"{SITE}/feed/2",))

    assert list(announced_by(prospect, SEED, Span())) == [
        Lead(url=f"{SITE}/feed/2", role="feed", is_announced=True),
        Lead(url=f"{SITE}/a", role="page", level=1, is_announced=True, is_anywhere=True),
    ]


def test_a_feed_that_was_found_on_the_way_may_not() -> None:
    prospect = Prospect(kind="feed", announced=(announced("/a"),))
    way = Way(seed=f"{SITE}/", role="feed", level=1)

    assert [lead.is_anywhere for lead in announced_by(prospect, way, Span())] == [False]


def test_sitemaps_are_not_followed_for_ever() -> None:
    prospect = Prospect(kind="sitemap", sitemaps=(announced("/map/9"),))
    way = Way(seed=f"{SITE}/map", role="sitemap", level=4)

    assert list(announced_by(prospect, way, Span())) == []


@pytest.mark.parametrize(
    ("since", "until", "paths"),
    [
        (None, None, ["/may", "/june", "/mended", "/undated"]),
        ("2026-06-01", None, ["/june", "/mended", "/undated"]),
        (None, "2026-05-31", ["/may", "/mended", "/undated"]),
        ("2026-05-07", "2026-05-07", ["/may", "/mended", "/undated"]),
        ("2026-07-01", None, ["/undated"]),
    ],
)
def test_pages_of_another_time_are_left_out(
    since: str | None, until: str | None, paths: list[str]
) -> None:
    prospect = Prospect(
        kind="sitemap",
        announced=(
            announced("/may", published_at=MAY),
            announced("/june", modified_at=JUNE),
            announced("/mended", published_at=MAY, modified_at=JUNE),
            announced("/undated"),
        ),
    )
    leads = announced_by(prospect, BELOW, span_of(since, until))

    assert [lead.url.removeprefix(SITE) for lead in leads] == paths


def test_a_sitemap_that_has_not_changed_since_holds_nothing_newer() -> None:
    prospect = Prospect(
        kind="sitemap", sitemaps=(announced("/old", modified_at=MAY), announced("/undated"))
    )

    leads = announced_by(prospect, SEED, span_of("2026-06-01", None))

    assert [lead.url for lead in leads] == [f"{SITE}/undated"]


@pytest.mark.parametrize(
    ("since", "until", "message"),
    [
        ("last week", None, "-a since=last week: write a day, such as 2026-11-01"),
        (None, "2026-13-01", "-a until=2026-13-01: write a day, such as 2026-11-01"),
        (
            "2026-06-02", "2026-06-01",
            "-a since=2026-06-02 is after -a until=2026-06-01: exchange them",
        ),
    ],
)  # fmt: skip
def test_what_is_no_time_is_refused(since: str | None, until: str | None, message: str) -> None:
    with pytest.raises(SeedError) as refusal:
        span_of(since, until)

    assert str(refusal.value) == message


def page_at(url: str, **meta: Any) -> Response:  # Any: what a meta holds
    return TextResponse(url, request=Request(url, meta=meta))


def test_robots_lies_at_the_root_of_the_host() -> None:
    response = page_at("http://paper.example.org:8080/world/?a=b")

    assert list(from_robots(response, SEED)) == [
        Lead(
            url="http://paper.example.org:8080/robots.txt",
            role="robots",
            is_announced=True,
            is_guessed=True,
        )
    ]


def test_robots_that_was_read_for_its_rules_need_not_be_asked_for_again() -> None:
    response = page_at(f"{SITE}/world/", **{SITEMAPS_KEY: b"Sitemap: /maps/news.xml"})

    assert [(lead.url, lead.role) for lead in from_robots(response, SEED)] == [
        (f"{SITE}/maps/news.xml", "sitemap")
    ]


def test_robots_leads_to_the_sitemaps_that_it_names() -> None:
    rules = (
        b"User-agent: *\nDisallow: /x\n\nsitemap: /maps/news.xml\nSitemap: https://cdn.example/m\n"
    )
    leads = list(sitemaps_of_robots(robots(rules), SEED))

    assert [(lead.url, lead.is_guessed) for lead in leads] == [
        (f"{SITE}/maps/news.xml", False),
        ("https://cdn.example/m", False),
    ]


@pytest.mark.parametrize(("rules", "status"), [(b"", 200), (b"Sitemap: /not-found-here", 404)])
def test_where_robots_names_none_there_are_usual_places(rules: bytes, status: int) -> None:
    leads = list(sitemaps_of_robots(robots(rules, status), SEED))

    assert [lead.url.removeprefix(SITE) for lead in leads] == [
        "/sitemap.xml", "/sitemap_index.xml", "/sitemap.txt",
    ]  # fmt: skip
    assert all(lead.is_guessed for lead in leads)


def test_a_guess_is_of_the_kind_that_its_path_says() -> None:
    leads = guesses(f"{SITE}/front", SEED, ("/feed", "/sitemap_index.xml"))

    assert [lead.role for lead in leads] == ["feed", "sitemap"]
