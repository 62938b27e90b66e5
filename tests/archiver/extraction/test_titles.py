from __future__ import annotations

import pytest

from archiver.extraction.meta_tags import MetaTags
from archiver.extraction.titles import title_of, without_headline
from archiver.extraction.tree import parse

HEADLINE = "Ferry returns to Pell Quay after a year"
CASES = [
    ("title alone", "<title>{h} | The Harbour Times</title>", HEADLINE),
    ("site first", "<title>Harbour Times: News » {h}</title>", HEADLINE),
    ("site's host", "<title>{h} - Harbourtimes</title>", HEADLINE),
    ("heading", "<title>The Harbour Times</title><h1>{h}</h1>", HEADLINE),
    (
        "heading that agrees",
        "<title>{h} | The Harbour Times</title>"
        "<h1>The Harbour Times</h1><h1>{h}</h1><h1>Most read</h1>",
        HEADLINE,
    ),
    (
        "heading that says more than the address line",
        '<meta property="og:title" content="Ferry returns after a year"><h1>{h}</h1>',
        HEADLINE,
    ),
    (
        "heading with a kicker",
        '<meta property="og:title" content="{h}"><h1><span>Transport</span> | {h}</h1>',
        HEADLINE,
    ),
    (
        "no heading that agrees",
        '<meta property="og:title" content="{h} - The Harbour Times"><h1>Tides and tables</h1>',
        HEADLINE,
    ),
    (
        "entities twice over",
        "<title>Fish &amp;amp; chips at the quay</title>",
        "Fish & chips at the quay",
    ),
    (
        "dash in the title",
        "<title>Ferry - at last - returns</title><h1>Ferry - at last - returns</h1>",
        "Ferry - at last - returns",
    ),
    (
        "Chinese",
        "<title>老渡口重新开放_江城新闻网</title><h1>老渡口重新开放</h1>",
        "老渡口重新开放",
    ),
    ("nothing but the site", "<title>The Harbour Times</title>", "The Harbour Times"),
    ("empty", "<title> </title><h1>\u200b</h1>", None),
    ("none", "<p>x</p>", None),
]


@pytest.mark.parametrize(
    ("markup", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_a_page_has_the_title_that_its_reader_sees(markup: str, expected: str | None) -> None:
    tree = parse(f"<html><body>{markup.format(h=HEADLINE)}<p>x</p></body></html>".encode())
    assert tree is not None

    title = title_of(
        tree, MetaTags(tree), None, "The Harbour Times", "https://www.harbourtimes.example/a"
    )

    assert title == expected


def test_the_headline_of_linked_data_goes_before_the_title_element() -> None:
    tree = parse(b"<title>Ferry: all you need to know about its return</title><p>x</p>")
    assert tree is not None

    assert title_of(tree, MetaTags(tree), {"headline": HEADLINE}, None, None) == HEADLINE


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ferry is back\n\nIt came at nine.", "It came at nine."),
        ("FERRY is back!\n\nIt came at nine.", "It came at nine."),
        ("It came at nine.\n\nFerry is back", "It came at nine.\n\nFerry is back"),
        ("Ferry is back, they say\n\nIt came.", "Ferry is back, they say\n\nIt came."),
        ("Ferry is back", "Ferry is back"),
    ],
)
def test_a_text_that_begins_with_its_title_loses_it(text: str, expected: str) -> None:
    assert without_headline(text, "Ferry is back") == expected


def test_a_text_without_a_title_stays() -> None:
    assert without_headline("Ferry\n\nback", None) == "Ferry\n\nback"
