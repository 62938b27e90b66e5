from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml.html import HtmlElement, document_fromstring

from archiver.extraction.linked_data import (
    article_of,
    links_of,
    nodes_of,
    objects_of,
    strings_of,
    types_of,
)

ARTICLE = {"@type": "NewsArticle", "headline": "Ferry back"}


def page(*scripts: str, type: str = "application/ld+json") -> HtmlElement:
    elements = "".join(f'<script type="{type}">{script}</script>' for script in scripts)
    return document_fromstring(f"<html><head>{elements}</head><body><p>x</p></body></html>")


@pytest.mark.parametrize(
    "script",
    [
        '{"@type": "NewsArticle", "headline": "Ferry back"}',
        '\n <!-- {"@type": "NewsArticle", "headline": "Ferry back"} -->\n',
        '//<![CDATA[\n{"@type": "NewsArticle", "headline": "Ferry back"}\n//]]>',
        '{"@type": "NewsArticle", "headline": "Ferry back",}',
    ],
    ids=["plain", "in a comment", "in a character section", "with a comma too many"],
)
def test_json_is_found_however_it_is_wrapped(script: str) -> None:
    assert nodes_of(page(script)) == [ARTICLE]


@pytest.mark.parametrize("script", ["", "  ", "{", "null", "5", '"text"', "[" * 100_000])
def test_what_is_no_object_is_passed_over(script: str) -> None:
    assert nodes_of(page(script, json.dumps(ARTICLE))) == [ARTICLE]


def test_a_line_break_inside_a_string_is_forgiven() -> None:
    assert nodes_of(page('{"headline": "Ferry\nback"}')) == [{"headline": "Ferry\nback"}]


def test_scripts_of_other_types_are_not_read() -> None:
    assert nodes_of(page(json.dumps(ARTICLE), type="text/javascript")) == []


def test_outer_objects_come_before_inner_ones() -> None:
    script = '[{"n": 1, "a": {"n": 3}}, {"n": 2, "b": [{"n": 4, "c": {"n": 5}}]}]'

    assert [node["n"] for node in nodes_of(page(script))] == [1, 2, 3, 4, 5]


OTHER = {"@type": "NewsArticle", "headline": "Breakwater", "url": "https://a.example/b"}
HERE = {"@type": "Article", "mainEntityOfPage": {"@id": "https://a.example/f"}}
ARTICLES = [
    ("the only one", [ARTICLE], ARTICLE),
    ("the one at this address", [OTHER, HERE], HERE),
    ("the first with a headline", [{"@type": "Article"}, ARTICLE, OTHER], ARTICLE),
    (
        "the first of those without",
        [{"@type": "Report", "n": 1}, {"@type": "Report"}],
        {"@type": "Report", "n": 1},
    ),
    (
        "one of several types",
        [{"@type": ["Thing", "BlogPosting"]}],
        {"@type": ["Thing", "BlogPosting"]},
    ),
    ("none", [{"@type": "WebPage", "headline": "x"}, {}], None),
]


@pytest.mark.parametrize(
    ("nodes", "expected"), [case[1:] for case in ARTICLES], ids=[case[0] for case in ARTICLES]
)
def test_the_article_of_a_page_is_found(
    nodes: list[dict[str, Any]], expected: dict[str, Any] | None
) -> None:
    assert article_of(nodes, {"https://a.example/f"}) == expected


VALUES = [
    ("Ann", ["Ann"]),
    (["Ann", "", "Bo"], ["Ann", "Bo"]),
    ({"name": "Ann"}, ["Ann"]),
    ([{"@value": "Ann"}, {"headline": "Bo"}], ["Ann", "Bo"]),
    (None, []),
    (5, []),
    ([None, 5, {}, {"name": 5}, {"name": {"name": "x"}}], []),
]


@pytest.mark.parametrize(("value", "expected"), VALUES)
def test_a_property_is_read_whatever_its_shape(value: object, expected: list[str]) -> None:
    assert strings_of({"author": value}, "author") == expected


def test_objects_stand_for_their_addresses() -> None:
    node = {"image": [{"url": "https://a.example/1.jpg"}, "https://a.example/2.jpg"]}

    assert links_of(node, "image") == ["https://a.example/1.jpg", "https://a.example/2.jpg"]


def test_types_lose_the_address_of_their_vocabulary() -> None:
    assert types_of({"@type": ["http://schema.org/NewsArticle", "Thing"]}) == [
        "newsarticle",
        "thing",
    ]


def test_a_reference_is_followed() -> None:
    person = {"@type": "Person", "@id": "#ann", "name": "Ann"}
    article = {"author": [{"@id": "#ann"}, "Bo", {"@id": "#nobody"}]}

    assert objects_of(article, "author", [article, person]) == [
        person,
        {"name": "Bo"},
        {"@id": "#nobody"},
    ]


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["@type", "@id", "author", "name", "url"]), inner, max_size=4
        )
    ),
    max_leaves=12,
)


@given(anything)
def test_no_json_is_too_strange(value: object) -> None:
    nodes = nodes_of(page(json.dumps(value).replace("<", "\\u003c")))

    article = article_of(nodes, {"https://a.example/f"})

    assert article is None or article in nodes
    assert all(isinstance(name, str) for node in nodes for name in strings_of(node, "author"))
    assert all(isinstance(o, dict) for node in nodes for o in objects_of(node, "author", nodes))
