from __future__ import annotations

import pytest

from archiver.extraction.headings import Headings
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
    ("rubric after a bar", "<title>{h} | Opinion | The Harbour Times</title>", HEADLINE),
    (
        "only heading, though search engines are told another",
        '<meta property="og:title" content="Ferry: timetable">'
        "<h1>Now the ferry is back at last</h1>",
        "Now the ferry is back at last",
    ),
    (
        "heading in a breadcrumb, headline in a lesser one",
        '<meta property="og:title" content="{h}"><ol><li><h1>Ferry timetable: all you need</h1>'
        "</li></ol><h2>{h}</h2>",
        HEADLINE,
    ),
    (
        "logo that says the site's name as the title does",
        "<title>{h} \u2013 Notes of a ferryman</title><div class='site-branding'>"
        "<h1>Notes of a ferryman</h1></div><h1>{h}</h1>",
        HEADLINE,
    ),
    (
        "kicker in an element of its own",
        '<meta property="og:title" content="{h}"><h1><i>At sea</i> <b>{h}</b></h1>',
        HEADLINE,
    ),
    (
        "no kicker where it is said elsewhere, too",
        '<meta property="og:title" content="{h}">'
        '<meta name="twitter:title" content="All of it {h}">'
        "<h1><i>All of it</i> {h}</h1>",
        f"All of it {HEADLINE}",
    ),
    (
        "title of a library's record",
        '<title>Document - The Harbour Times</title><meta name="DC.title" content="{h}">',
        HEADLINE,
    ),
    (
        "headings beside the story",
        "<title>{h}</title><aside><h1>Most read today</h1></aside>",
        HEADLINE,
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
        Headings(tree),
        MetaTags(tree),
        None,
        "The Harbour Times",
        "https://www.harbourtimes.example/a",
    )

    assert title == expected


def test_the_headline_of_linked_data_goes_before_the_title_element() -> None:
    tree = parse(b"<title>Ferry: all you need to know about its return</title><p>x</p>")
    assert tree is not None

    assert title_of(Headings(tree), MetaTags(tree), {"headline": HEADLINE}, None, None) == HEADLINE


@pytest.mark.parametrize("value", [7, None, [], {}, [[["x"]]], {"name": {}}])
def test_an_odd_headline_is_none(value: object) -> None:
    tree = parse(b"<title>Ferry returns to Pell Quay</title><p>x</p>")
    assert tree is not None

    title = title_of(Headings(tree), MetaTags(tree), {"headline": value}, None, None)

    assert title == "Ferry returns to Pell Quay"


def test_a_title_of_nothing_but_separators_is_read_in_no_time() -> None:
    tree = parse(f"<title>{'a | ' * 240}</title><h1>{' - ' * 100_000}</h1>".encode())
    assert tree is not None

    assert title_of(Headings(tree), MetaTags(tree), None, None, None) is not None


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
