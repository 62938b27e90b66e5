"""Sitemaps as publishers write them: lists, indexes, and the extensions for news and images."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from html import escape

from tests.journeys.press.prose import Story

_XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
_NAMESPACES = (
    'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    ' xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
    ' xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"'
)

# A URL, and when it last changed where that is said.
Dated = tuple[str, datetime | None]


def sitemap(urls: Iterable[Dated]) -> str:
    """Return a sitemap."""
    told = "".join(f"<url><loc>{escape(url)}</loc>{_lastmod(at)}</url>\n" for url, at in urls)
    return f"{_XML}<urlset {_NAMESPACES}>\n{told}</urlset>\n"


def sitemap_index(urls: Iterable[Dated]) -> str:
    """Return the index of sitemaps."""
    told = "".join(
        f"<sitemap><loc>{escape(url)}</loc>{_lastmod(at)}</sitemap>\n" for url, at in urls
    )
    return f"{_XML}<sitemapindex {_NAMESPACES}>\n{told}</sitemapindex>\n"


def news_sitemap(paper: str, stories: Iterable[tuple[str, Story]]) -> str:
    """Return a sitemap of *paper* with the extension for news."""
    told = "".join(
        f"""<url>
<loc>{escape(url)}</loc>
<news:news><news:publication><news:name>{paper}</news:name>\
<news:language>en</news:language></news:publication>
<news:publication_date>{story.published.isoformat()}</news:publication_date>
<news:title>{escape(story.headline)}</news:title></news:news>
</url>
"""
        for url, story in stories
    )
    return f"{_XML}<urlset {_NAMESPACES}>\n{told}</urlset>\n"


def image_sitemap(urls: Iterable[tuple[str, str]]) -> str:
    """Return a sitemap with, for each URL, the URL of its picture."""
    told = "".join(
        f"<url><loc>{escape(url)}</loc><image:image><image:loc>{escape(picture)}</image:loc>"
        "</image:image></url>\n"
        for url, picture in urls
    )
    return f"{_XML}<urlset {_NAMESPACES}>\n{told}</urlset>\n"


def _lastmod(at: datetime | None) -> str:
    return f"<lastmod>{at.isoformat()}</lastmod>" if at is not None else ""
