"""Answers that lead on by themselves, how far, and those that name no address in doing so."""

from __future__ import annotations

import pytest
from scrapy import Request, Spider
from scrapy.exceptions import IgnoreRequest
from scrapy.http import HtmlResponse, Response
from scrapy.utils.test import get_crawler

from pipelines.refresh import MetaRefresh, Redirect

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


@pytest.fixture
def redirect() -> Redirect:
    return Redirect.from_crawler(get_crawler(Spider, {"URLLENGTH_LIMIT": 100}))


def moved(redirect: Redirect, location: str, **meta: object) -> tuple[Response, object]:
    """Return an answer that sends on to *location*, and what the middleware makes of it."""
    request = Request("http://paper.test/story", meta=meta)
    response = Response(request.url, status=302, headers={"Location": location})
    return response, redirect.process_response(request, response)


def limited(redirect: Redirect) -> object:
    assert redirect.crawler.stats is not None
    return redirect.crawler.stats.get_value("archive/redirect_limited_count")


def test_a_redirect_is_followed_as_by_scrapy(redirect: Redirect) -> None:
    _, found = moved(redirect, "/news/a")

    assert isinstance(found, Request)
    assert (found.url, found.meta["redirect_times"]) == ("http://paper.test/news/a", 1)
    assert limited(redirect) is None


@pytest.mark.parametrize(
    "location", ["http://[::1", "http://[bad/", "http://paper.test:99999/", "file:///etc/hosts"]
)
def test_a_redirect_to_what_is_no_address_is_an_answer_as_it_stands(
    redirect: Redirect, location: str
) -> None:
    response, found = moved(redirect, location)

    assert found is response
    assert limited(redirect) is None


@pytest.mark.parametrize(("length", "is_followed"), [(100, True), (101, False)])
def test_an_address_that_is_too_long_is_not_followed_and_counted(
    redirect: Redirect, length: int, is_followed: bool
) -> None:
    location = "http://paper.test/".ljust(length, "a")
    response, found = moved(redirect, location)

    assert (found is not response) is is_followed
    assert limited(redirect) == (None if is_followed else 1)


def test_the_last_of_too_many_is_given_up_and_counted(redirect: Redirect) -> None:
    with pytest.raises(IgnoreRequest, match="max redirections"):
        moved(redirect, "/on", redirect_times=20)
    assert limited(redirect) == 1


def test_a_refresh_to_an_address_that_is_too_long_is_not_followed() -> None:
    page, found = led_on(REFRESH.format("a" * 3000))

    assert found is page
