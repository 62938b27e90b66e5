"""The way to a page, as a request tells it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from scrapy import Request

from archiver.capture import Location, Page
from pipelines.way import with_way

PAGE = Page(
    target="http://example.org/story",
    captured_at=datetime(2026, 3, 4, 5, 6, 7, 8, tzinfo=UTC),
    record_id="<urn:uuid:00000000-0000-4000-8000-000000000001>",
    location=Location(filename="a.warc.gz", offset=10, length=20),
    collection="news",
    fetch_ms=12,
    charset="utf-8",
)


def asked(meta: dict[str, Any] | None = None, **request: Any) -> Request:  # Any: Request's own
    return Request("http://example.org/story", meta=meta, **request)


def test_a_page_names_what_was_asked_for_what_named_it_and_how_far_it_is() -> None:
    meta = {"redirect_urls": ["http://example.org/s", "http://example.org/st"], "depth": 2}
    request = asked(meta, headers={"Referer": "http://example.org/front"})

    assert with_way(PAGE, request) == replace(
        PAGE, url_requested="http://example.org/s", via="http://example.org/front", hops=2
    )


def test_a_page_that_nothing_led_to_was_asked_for_itself() -> None:
    assert with_way(PAGE, asked()) == replace(
        PAGE, url_requested="http://example.org/story", via=None, hops=0
    )


def test_a_referer_in_latin_1_is_taken_as_it_is() -> None:
    page = with_way(PAGE, asked(headers={"Referer": b"http://example.org/caf\xe9"}))

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
    assert with_way(PAGE, asked({"redirect_urls": [url]})).url_requested == expected


def test_credentials_in_a_referer_are_not_said() -> None:
    page = with_way(PAGE, asked(headers={"Referer": "http://ada:s3cret@example.org/"}))

    assert "s3cret" not in str(page.via)
