from __future__ import annotations

import pytest

from archiver.extraction.declared import Declared, address_from, declared_by
from archiver.extraction.linked_data import nodes_of
from archiver.extraction.meta_tags import MetaTags
from archiver.extraction.tree import parse

URL = "https://news.example.org/2/ferry?ref=feed"
BODY = "<h1>Ferry returns to Pell Quay</h1><p>The ferry came back to the quay on Friday.</p>"


def declared(head: str, url: str | None = URL) -> Declared:
    tree = parse(f"<html><head>{head}</head><body>{BODY}</body></html>".encode())
    assert tree is not None
    return declared_by(tree, url, MetaTags(tree), nodes_of(tree))


def linked(*nodes: str) -> str:
    return f'<script type="application/ld+json">[{", ".join(nodes)}]</script>'


def meta(name: str, content: str) -> str:
    return f'<meta property="{name}" content="{content}">'


def test_a_page_declares_what_it_is() -> None:
    page = declared(
        "<title>Ferry returns to Pell Quay | The Pell Times</title><link rel=canonical href=/f>"
        + meta("og:site_name", "The Pell Times")
        + meta("og:description", "It came\n back.")
        + meta("author", "Odile Harkness")
    )

    assert page.title == "Ferry returns to Pell Quay"
    assert page.sitename == "The Pell Times"
    assert page.description == "It came back."
    assert page.authors == ("Odile Harkness",)
    assert page.canonical == "https://news.example.org/f"
    assert page.article is None


def test_a_page_that_declares_nothing_has_its_heading_only() -> None:
    page = declared("", None)

    assert page.title == "Ferry returns to Pell Quay"
    assert (page.sitename, page.description, page.canonical) == (None, None, None)
    assert (page.authors, page.nodes, page.article) == ((), [], None)


def test_of_several_articles_the_one_with_the_address_of_the_page_is_meant() -> None:
    other = '{"@type": "NewsArticle", "url": "https://news.example.org/1", "description": "Cow."}'
    own = '{"@type": "NewsArticle", "url": "https://news.example.org/f", "description": "Ferry."}'

    page = declared("<link rel=canonical href=/f>" + linked(other, own))

    assert page.article is not None
    assert page.description == "Ferry."


def test_what_the_meta_elements_say_comes_first() -> None:
    node = '{"@type": "NewsArticle", "description": "Node.", "publisher": {"name": "Node Times"}}'

    page = declared(
        linked(node) + meta("description", "Meta.") + meta("og:site_name", "Meta Times")
    )

    assert (page.description, page.sitename) == ("Meta.", "Meta Times")
    assert (declared(linked(node)).description, declared(linked(node)).sitename) == (
        "Node.",
        "Node Times",
    )


@pytest.mark.parametrize(
    ("candidates", "base", "address"),
    [
        (["/a"], "https://a.example/b", "https://a.example/a"),
        (["javascript:0", "https://b.example/"], None, "https://b.example/"),
        ([" /a\n/b "], "https://a.example", "https://a.example/a/b"),
        (
            ["http://[::1", "mailto:x@a.example", "", "//"],
            "https://a.example/x",
            "https://a.example/x",
        ),
        (["/a"], None, None),
        ([], "https://a.example", None),
    ],
)
def test_the_first_address_of_the_web_is_taken(
    candidates: list[str], base: str | None, address: str | None
) -> None:
    assert address_from(candidates, base) == address
