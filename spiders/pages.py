"""From a response to the page that a spider declares."""

from __future__ import annotations

from dataclasses import replace

from scrapy.http import HtmlResponse, Response

from archiver.capture import Page
from archiver.urls import target_of


def page_of(response: Response, *, seed: str | None = None) -> Page | None:
    """Return *response* as a page to be read, with the way that led to it.

    None for what is no HTML, and for what the archive does not hold, such as a response out
    of Scrapy's own cache.
    """
    request = response.request
    if request is None:
        return None
    page = request.meta.get("archive_page")
    if not isinstance(page, Page) or not isinstance(response, HtmlResponse):
        return None
    redirects = request.meta.get("redirect_urls") or [None]
    referer = request.headers.get(b"Referer")
    return replace(
        page,
        seed=target_of(seed) if seed else None,
        url_requested=target_of(redirects[0] or response.url),
        via=target_of(referer.decode("latin-1")) if referer else None,
        hops=request.meta.get("depth", 0),
    )
