"""How a crawl came to a page, as Scrapy's own middlewares have noted it in the request."""

from __future__ import annotations

from dataclasses import replace

from scrapy import Request

from archiver.capture import RIGHTS_KEY, Page
from archiver.urls import target_of


def with_way(page: Page, request: Request, *, is_rights_respected: bool = False) -> Page:
    """Return *page* with what *request*, which was answered by it, says of the way to it.

    That is the URL before redirects, the page that named it, the links from the start, and what
    is known of the rights in it, which are respected or recorded alone.
    """
    redirects = request.meta.get("redirect_urls") or [request.url]
    referer = request.headers.get(b"Referer")
    return replace(
        page,
        url_requested=target_of(redirects[0]),
        via=target_of(referer.decode("latin-1")) if referer else None,
        hops=request.meta.get("depth", 0),
        rights=request.meta.get(RIGHTS_KEY),
        is_rights_respected=is_rights_respected,
    )
