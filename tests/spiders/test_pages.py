"""From a response to the page that a spider declares, and the way that led to it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from scrapy import Request
from scrapy.http import HtmlResponse, Response, TextResponse, XmlResponse

from archiver.capture import Location, Page
from spiders.pages import page_of

PAGE = Page(
    target="http://example.org/story",
    captured_at=datetime(2026, 3, 4, 5, 6, 7, 8, tzinfo=UTC),
    record_id="<urn:uuid:00000000-0000-4000-8000-000000000001>",
    location=Location(filename="a.warc.gz", offset=10, length=20),
    collection="news",
    fetch_ms=12,
    charset="utf-8",
)
ARCHIVED = {"archive_page": PAGE}


def html(meta: dict[str, Any], **request: Any) -> HtmlResponse:  # Any: what Request takes
    asked = Request("http://example.org/story", meta=meta, **request)
    return HtmlResponse("http://example.org/story", request=asked, body=b"<p>")


def test_a_page_is_the_archives_own_with_the_way_that_led_to_it() -> None:
    meta = {
        **ARCHIVED,
        "redirect_urls": ["http://example.org/s", "http://example.org/st"],
        "depth": 2,
    }
    response = html(meta, headers={"Referer": "http://example.org/front"})

    page = page_of(response, seed="http://example.org/")

    assert page == replace(
        PAGE,
        seed="http://example.org/",
        url_requested="http://example.org/s",
        via="http://example.org/front",
        hops=2,
    )


def test_a_page_that_nothing_led_to_was_asked_for_itself() -> None:
    assert page_of(html(ARCHIVED)) == replace(
        PAGE, seed=None, url_requested="http://example.org/story", via=None, hops=0
    )


def test_a_referer_in_latin_1_is_taken_as_it_is() -> None:
    page = page_of(html(ARCHIVED, headers={"Referer": b"http://example.org/caf\xe9"}))

    assert page is not None
    assert page.via == "http://example.org/café"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://example.org/a#b", "http://example.org/a"),
        ("http://ada:s3cret@example.org/a", "http://example.org/a"),
        ("http://EXAMPLE.org/a", "http://example.org/a"),
    ],
)
def test_what_was_asked_for_is_said_without_fragment_and_credentials(
    url: str, expected: str
) -> None:
    page = page_of(html({**ARCHIVED, "redirect_urls": [url]}), seed=url)

    assert page is not None
    assert (page.url_requested, page.seed) == (expected, expected)


def test_credentials_in_a_referer_are_not_said() -> None:
    page = page_of(html(ARCHIVED, headers={"Referer": "http://ada:s3cret@example.org/"}))

    assert page is not None
    assert "s3cret" not in str(page.via)


@pytest.mark.parametrize("kind", [Response, TextResponse, XmlResponse])
def test_what_is_no_html_is_no_page(kind: type[Response]) -> None:
    request = Request("http://example.org/", meta=ARCHIVED)

    assert page_of(kind("http://example.org/", request=request)) is None


@pytest.mark.parametrize("meta", [{}, {"archive_page": None}, {"archive_page": "a page"}])
def test_what_the_archive_does_not_hold_is_no_page(meta: dict[str, Any]) -> None:
    assert page_of(html(meta)) is None


def test_a_response_that_answers_no_request_is_no_page() -> None:
    assert page_of(HtmlResponse("http://example.org/")) is None
