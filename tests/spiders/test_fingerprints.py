"""Requests that need be made once, and those that only look so."""

from __future__ import annotations

from typing import Any

import pytest
from scrapy import Request
from scrapy.utils.test import get_crawler

from spiders.fingerprints import CanonicalFingerprinter

STORY = "http://www.example.org/story"


def fingerprint(url: str = STORY, **kwargs: Any) -> bytes:  # Any: what a Request takes
    return CanonicalFingerprinter(get_crawler()).fingerprint(Request(url, **kwargs))


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/story",
        "http://www.example.org:80/story?utm_source=rss#top",
        "http://WWW.example.org/./story",
    ],
)
def test_addresses_of_one_page_are_the_same(url: str) -> None:
    assert fingerprint(url) == fingerprint()


@pytest.mark.parametrize("url", ["http://www.example.org/story?id=2", "http://example.net/story"])
def test_addresses_of_two_pages_are_not(url: str) -> None:
    assert fingerprint(url) != fingerprint()


def test_a_form_that_is_sent_is_another_request() -> None:
    assert fingerprint(method="POST", body=b"a=1") != fingerprint()
    assert fingerprint(method="POST", body=b"a=1") != fingerprint(method="POST", body=b"a=2")


def test_a_redirect_to_another_form_of_the_address_is_another_request_and_once_is_enough() -> None:
    meta = {"redirect_urls": [STORY]}
    redirected = fingerprint("https://www.example.org/story", meta=meta)

    assert redirected != fingerprint()
    assert redirected == fingerprint("https://www.example.org/story", meta=meta)


def test_a_redirect_to_a_page_that_was_asked_for_is_the_same_request() -> None:
    meta = {"redirect_urls": ["http://www.example.org/moved"]}

    assert fingerprint(STORY, meta=meta) == fingerprint()
