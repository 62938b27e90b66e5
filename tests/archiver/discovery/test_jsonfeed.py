from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.discovery import jsonfeed
from archiver.discovery.announced import Announced, Feed
from archiver.discovery.base import Base
from archiver.discovery.jsonfeed import json_feed_in

BASE = Base("https://paper.example/feeds/all.json")
VERSION = "https://jsonfeed.org/version/1.1"


def feed_of(items: Any, **members: Any) -> Feed:
    feed = json_feed_in(json.dumps({"version": VERSION, "items": items, **members}), BASE)
    assert feed is not None
    return feed


def test_a_feed_is_read() -> None:
    feed = feed_of(
        [
            {
                "id": "7",
                "url": "https://paper.example/ferry",
                "external_url": "https://other.example/",
                "title": "The ferry is back",
                "date_published": "2024-05-03T13:42:10+02:00",
                "date_modified": "2024-05-04T08:00:00Z",
            }
        ],
        title="Paper",
        home_page_url="https://paper.example/",
        next_url="https://paper.example/feeds/all.json?page=2",
    )

    assert feed == Feed(
        kind="json",
        title="Paper",
        entries=(
            Announced(
                url="https://paper.example/ferry",
                published_at=datetime(2024, 5, 3, 11, 42, 10, tzinfo=UTC),
                modified_at=datetime(2024, 5, 4, 8, tzinfo=UTC),
                title="The ferry is back",
            ),
        ),
        following=("https://paper.example/feeds/all.json?page=2",),
        left_out=0,
    )


@pytest.mark.parametrize(
    "version",
    ["https://jsonfeed.org/version/1", VERSION, "http://jsonfeed.org/version/1"],
)
def test_every_version_is_read(version: str) -> None:
    assert feed_of([], version=version).kind == "json"


ITEMS: list[tuple[Any, list[str]]] = [
    ([{"url": "/a"}, {"url": "b"}], ["/a", "/feeds/b"]),
    ([{"url": "/a"}, {"url": "/a#b"}], ["/a"]),
    ([{"id": "https://paper.example/a"}], ["/a"]),
    ([{"id": "https://paper.example/a", "external_url": "https://other.example/"}], ["/a"]),
    ([{"id": "7", "external_url": "/b"}], ["/b"]),
    ([{"url": "mailto:desk@paper.example", "external_url": "/b"}], ["/b"]),
    ([{"id": "7"}], []),
    ([{"url": None}, {"url": 7}, {"url": ["/a"]}, {"url": ""}], []),
    ([{"url": "/" + "a" * 8000}], []),
    ([{"url": "/\ud800"}, {"url": "/a"}], ["/a"]),
    ([None, 7, "x", [], {"url": "/a"}], ["/a"]),
    ({"url": "/a"}, []),
    (None, []),
]


@pytest.mark.parametrize(("items", "urls"), ITEMS)
def test_an_item_has_a_link(items: Any, urls: list[str]) -> None:
    found = [entry.url.removeprefix("https://paper.example") for entry in feed_of(items).entries]

    assert found == urls


def test_what_is_of_another_type_is_absent() -> None:
    feed = feed_of([{"url": "/a", "title": 7, "date_published": 2024}], title=[], next_url={})

    assert feed.entries == (Announced(url="https://paper.example/a"),)
    assert (feed.title, feed.following) == (None, ())


def test_a_feed_that_goes_on_with_itself_ends() -> None:
    assert feed_of([], next_url="all.json").following == ()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "{}",
        "[]",
        '{"version": 1}',
        '{"version": "1.1", "items": []}',
        '["version", "https://jsonfeed.org/version/1"]',
        '{"version": "https://jsonfeed.org/version/1"} <!-- cached -->',
        "[" * 1_000_000,
        '{"a":' * 1_000_000,
        '{"version": "https://jsonfeed.org/version/1", "a": ' + "9" * 100_000 + "}",
    ],
    ids=range(11),
)
def test_what_is_no_feed_is_none(text: str) -> None:
    assert json_feed_in(text, BASE) is None


def test_a_feed_that_is_too_long_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    text = json.dumps({"version": VERSION})
    monkeypatch.setattr(jsonfeed, "MAX_LENGTH", len(text) - 1)

    assert json_feed_in(text, BASE) is None


def test_items_beyond_the_most_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jsonfeed, "MOST", 2)

    feed = feed_of([{"url": f"/{number}"} for number in range(5)])

    assert [entry.url[-2:] for entry in feed.entries] == ["/0", "/1"]
    assert feed.left_out == 3


VALUES = st.recursive(
    st.none() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["url", "id", "title", "date_published"]), inner)
    ),
    max_leaves=10,
)


@given(VALUES, VALUES)
@settings(max_examples=50, deadline=None)
def test_any_values_are_a_feed(items: Any, other: Any) -> None:
    assert feed_of([items], title=other, next_url=other).left_out == 0
