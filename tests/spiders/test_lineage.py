"""Where requests come from, and the keys that tell a second time from a second wish."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from scrapy import Request, Spider
from scrapy.http import Response
from scrapy.utils.request import fingerprint
from scrapy.utils.test import get_crawler

from archiver.capture import HOME_KEY, LEASE_KEY, REQUISITE_KEY
from spiders.lineage import PARENT_KEY, Keys, Lineage

URL = "http://example.org/a"


def keys() -> Keys:
    asked: Counter[bytes] = Counter()

    def ordinal(key: bytes) -> int:
        asked[key] += 1
        return asked[key] - 1

    return Keys(fingerprint, ordinal)


def request(url: str = URL, **arguments: Any) -> Request:
    return Request(url, **arguments)


def unfiltered(url: str = URL, **meta: Any) -> Request:
    return Request(url, dont_filter=True, meta=meta)


def yielded(parent: Request | None) -> Request:
    response = None if parent is None else Response(URL, request=parent)
    child = Lineage(get_crawler(Spider)).get_processed_request(request(), response)
    assert child is not None
    return child


def test_a_child_knows_the_lease_of_its_parent() -> None:
    assert yielded(request(meta={LEASE_KEY: 7})).meta == {PARENT_KEY: 7}


@pytest.mark.parametrize("parent", [None, request()])
def test_a_request_without_a_leased_parent_knows_of_none(parent: Request | None) -> None:
    assert PARENT_KEY not in yielded(parent).meta


@pytest.mark.parametrize(
    ("url", "home"),
    [
        ("http://example.org/a", "example.org"),
        ("https://Ada:x@WIKI.:8080/", "wiki"),
        ("http://[::1]:8080/", "::1"),
        ("http://127.0.0.1/", "127.0.0.1"),
    ],
)
def test_the_home_of_a_start_request_is_its_own_host(url: str, home: str) -> None:
    start = Lineage(get_crawler(Spider)).get_processed_request(request(url), None)

    assert start is not None
    assert start.meta[HOME_KEY] == home


def test_what_a_start_request_leads_to_is_at_home_where_that_was() -> None:
    child = yielded(request("http://elsewhere.test/", meta={HOME_KEY: "wiki"}))

    assert yielded(child).meta[HOME_KEY] == "wiki"


def test_what_comes_from_nowhere_known_has_no_home() -> None:
    assert HOME_KEY not in yielded(request()).meta


def test_a_spider_may_say_where_a_request_is_at_home() -> None:
    given = request(meta={HOME_KEY: "wiki"})
    response = Response(URL, request=request(meta={HOME_KEY: "example.org"}))
    kept = Lineage(get_crawler(Spider)).get_processed_request(given, response)

    assert kept is not None
    assert kept.meta[HOME_KEY] == "wiki"


@pytest.mark.parametrize("parent", [None, 7])
def test_what_is_filtered_is_known_by_its_fingerprint(parent: int | None) -> None:
    assert keys().key_of(request(), parent) == fingerprint(request())


def test_what_is_not_filtered_and_came_from_nowhere_is_not_known() -> None:
    assert keys().key_of(unfiltered(), None) is None


def test_the_same_history_gives_the_same_keys() -> None:
    before, after = keys(), keys()
    history = [(unfiltered(), 7), (unfiltered(), 7), (unfiltered(is_start_request=True), None)]

    assert [before.key_of(*step) for step in history] == [after.key_of(*step) for step in history]


def test_every_wish_of_one_history_has_a_key_of_its_own() -> None:
    known = keys()
    start = unfiltered(is_start_request=True)
    history = [
        (request(), None), (start, None), (start, None), (unfiltered(), 7), (unfiltered(), 7),
        (unfiltered(), 8), (unfiltered("http://example.org/b"), 7),
    ]  # fmt: skip

    found = [known.key_of(*step) for step in history]

    assert len(set(found)) == len(history)


def test_the_order_among_different_children_does_not_matter() -> None:
    a, b = unfiltered("http://example.org/a"), unfiltered("http://example.org/b")
    before, after = keys(), keys()

    assert [before.key_of(a, 7), before.key_of(b, 7)] == [
        *reversed([after.key_of(b, 7), after.key_of(a, 7)])
    ]


def test_a_requisite_is_told_from_a_page_of_the_same_address_and_from_no_other() -> None:
    def requisite(page: str, **arguments: Any) -> Request:
        return request(meta={REQUISITE_KEY: page}, **arguments)

    as_page, as_requisite = keys().key_of(request(), 7), keys().key_of(requisite("a"), 7)

    assert as_page != as_requisite
    assert as_requisite == keys().key_of(requisite("b"), 8)
    assert keys().key_of(requisite("a", dont_filter=True), 7) != keys().key_of(unfiltered(), 7)


def test_a_retried_start_request_is_a_child_and_no_second_start() -> None:
    known = keys()
    start = unfiltered(is_start_request=True)
    known.key_of(start, None)

    assert known.key_of(start, 7) == keys().key_of(unfiltered(), 7)


def test_the_children_of_a_parent_that_comes_again_are_counted_anew() -> None:
    known = keys()
    first = known.key_of(unfiltered(), 7)

    known.forget(7)

    assert known.key_of(unfiltered(), 7) == first


def test_a_parent_without_children_may_be_forgotten() -> None:
    keys().forget(7)
