"""From a response to the page that a spider declares."""

from __future__ import annotations

from dataclasses import replace

from scrapy.http import HtmlResponse, Response

from archiver.capture import Page
from archiver.urls import target_of


def page_of(response: Response, *, seed: str | None = None) -> Page | None:
    """Return *response* as a page to be read, which *seed* led to.

    None for what is no HTML, and for what the archive does not hold, such as a response out
    of Scrapy's own cache.
    """
    request = response.request
    page = request.meta.get("archive_page") if request is not None else None
    if not isinstance(page, Page) or not isinstance(response, HtmlResponse):
        return None
    if request is None or page.target not in (response.url, target_of(response.url)):
        return None
    return replace(page, seed=target_of(seed)) if seed else page
