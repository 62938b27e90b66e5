"""Pages that lead on by themselves, and those that name no address in doing so."""

from __future__ import annotations

import pytest
from scrapy import Request
from scrapy.http import HtmlResponse, Response
from scrapy.utils.test import get_crawler

from pipelines.refresh import MetaRefresh

REFRESH = '<meta http-equiv="refresh" content="0;url={}">'


def led_on(html: str) -> tuple[Response, Request | Response]:
    """Return a page of *html*, and what the middleware makes of it."""
    request = Request("http://paper.test/story")
    page = HtmlResponse(request.url, body=html.encode(), request=request)
    return page, MetaRefresh.from_crawler(get_crawler()).process_response(request, page)


def test_a_refresh_is_followed_as_by_scrapy() -> None:
    _, found = led_on('<base href="/news/">' + REFRESH.format("a"))

    assert isinstance(found, Request)
    assert found.url == "http://paper.test/news/a"


@pytest.mark.parametrize(
    "html",
    [
        '<base href="http://[bad/"><p>The ferry is late.',
        '<base href="http://paper.test:99999999/"><p>The ferry is late.',
        '<base href="http://paper.test:99999999/">' + REFRESH.format("a"),
        REFRESH.format("http://[bad/"),
        REFRESH.format("http://paper.test:abc/"),
        "<p>The ferry is late.",
    ],
)
def test_a_page_with_an_impossible_address_is_a_page_as_it_stands(html: str) -> None:
    page, found = led_on(html)

    assert found is page
