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


def html(meta: dict[str, Any]) -> HtmlResponse:
    asked = Request("http://example.org/story", meta=meta)
    return HtmlResponse("http://example.org/story", request=asked, body=b"<p>")


def test_a_page_is_the_archives_own_with_its_seed() -> None:
    page = page_of(html(ARCHIVED), seed="http://example.org/")

    assert page == replace(PAGE, seed="http://example.org/")


def test_a_page_without_a_seed_is_the_archives_own() -> None:
    assert page_of(html(ARCHIVED)) == PAGE


def test_a_seed_is_said_without_fragment_and_credentials() -> None:
    page = page_of(html(ARCHIVED), seed="http://ada:s3cret@EXAMPLE.org/a#b")

    assert page is not None
    assert page.seed == "http://example.org/a"


@pytest.mark.parametrize("kind", [Response, TextResponse, XmlResponse])
def test_what_is_no_html_is_no_page(kind: type[Response]) -> None:
    request = Request("http://example.org/", meta=ARCHIVED)

    assert page_of(kind("http://example.org/", request=request)) is None


@pytest.mark.parametrize("meta", [{}, {"archive_page": None}, {"archive_page": "a page"}])
def test_what_the_archive_does_not_hold_is_no_page(meta: dict[str, Any]) -> None:
    assert page_of(html(meta)) is None


def test_a_response_that_answers_no_request_is_no_page() -> None:
    assert page_of(HtmlResponse("http://example.org/")) is None
