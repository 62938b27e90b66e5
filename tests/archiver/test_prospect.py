"""What an answer turns out to be, whatever its server calls it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.capture import PASSED_OVER
from archiver.discovery import Announced
from archiver.extraction.article import READ
from archiver.extraction.kinds import PageType
from archiver.prospect import Prospect, prospect_of

URL = "https://paper.example.org/world/"
FEED = b"<rss version='2.0'><channel><item><link>/a</link></item></channel></rss>"
SITEMAP = (
    b"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>"
    b"<url><loc>https://paper.example.org/a</loc></url></urlset>"
)
INDEX = (
    b"<sitemapindex xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>"
    b"<sitemap><loc>https://paper.example.org/map/1</loc></sitemap></sitemapindex>"
)
A = Announced(url="https://paper.example.org/a")


@pytest.mark.parametrize(
    "media_type",
    ["application/rss+xml", "text/xml", "text/html; charset=utf-8", "text/plain", None],
)
def test_a_feed_is_a_feed_whatever_it_is_called(media_type: str | None) -> None:
    assert prospect_of(FEED, URL, media_type=media_type) == Prospect(kind="feed", announced=(A,))


@pytest.mark.parametrize(
    "media_type", ["application/xml", "text/html", "application/octet-stream"]
)
def test_a_sitemap_is_a_sitemap_whatever_it_is_called(media_type: str) -> None:
    found = prospect_of(SITEMAP, URL, media_type=media_type)

    assert found == Prospect(kind="sitemap", announced=(A,))


def test_a_list_of_sitemaps_names_them() -> None:
    found = prospect_of(INDEX, URL, media_type="text/xml")

    assert (found.kind, found.announced) == ("sitemap", ())
    assert [sitemap.url for sitemap in found.sitemaps] == ["https://paper.example.org/map/1"]


def test_a_list_of_addresses_is_a_sitemap_and_other_text_is_not() -> None:
    urls = b"https://paper.example.org/a\nhttps://paper.example.org/b\n"

    assert prospect_of(urls, URL, media_type="text/plain").kind == "sitemap"
    assert prospect_of(b"Rain in the valley.\n", URL, media_type="text/plain").kind == "other"


def test_a_document_has_a_type_and_links() -> None:
    html = (
        b"<html><title>x</title><a href='/story'>A story</a><link rel=canonical href='/c'></html>"
    )
    found = prospect_of(html, URL, media_type="text/html")

    assert found.kind == "document"
    assert found.links is not None
    assert [link.url for link in found.links.pages] == ["https://paper.example.org/story"]
    assert found.links.canonical == "https://paper.example.org/c"


def test_what_is_none_of_these_leads_nowhere() -> None:
    assert prospect_of(b"\x89PNG\r\n\x1a\n\0\0", URL, media_type="image/png") == Prospect(
        kind="other"
    )
    assert prospect_of(b"", URL, media_type="text/html").kind == "other"


def test_every_type_is_read_or_passed_over() -> None:
    types = set(PageType.__args__)  # type: ignore[attr-defined]  # of a Literal

    assert types - READ == types & PASSED_OVER
    assert PASSED_OVER - types == {"part", "twin"}


@given(st.binary(max_size=300), st.sampled_from(["text/html", "text/xml", "text/plain", None]))
def test_no_answer_makes_it_raise(octets: bytes, media_type: str | None) -> None:
    assert prospect_of(octets, URL, media_type=media_type).kind in (
        "feed", "sitemap", "document", "other",
    )  # fmt: skip
