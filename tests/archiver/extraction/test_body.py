from __future__ import annotations

from lxml.html import HtmlElement, tostring

from archiver.extraction.body import text_of
from archiver.extraction.tree import parse

PARAGRAPHS = [
    "The ferry came back to Pell Quay on Friday, a year after a winch broke in the spring gale.",
    "Its first passenger was a cow named Marigold, who had been waiting on the island since May.",
    "The captain said the winch was new, the rope was new, and the captain was the old one.",
    "Fares stay as they were. Bicycles travel free until the end of June, and cows by agreement.",
]
ARTICLE = "<article><h1>Ferry</h1>{}</article>".format("".join(f"<p>{p}</p>" for p in PARAGRAPHS))
FURNITURE = (
    '<nav><a href="/">Home</a> <a href="/tides">Tides</a></nav>',
    '<aside class="related"><a href="/a">Breakwater closed for a third week</a></aside>',
    '<div class="comments"><p>About time, by my reckoning of the years it took.</p></div>',
    "<footer><p>All rights reserved, as they have been these forty years.</p></footer>",
)


def page(*parts: str) -> HtmlElement:
    tree = parse(
        f"<html><head><title>T</title></head><body>{''.join(parts)}</body></html>".encode()
    )
    assert tree is not None
    return tree


def test_the_article_comes_without_the_furniture() -> None:
    text = text_of(page(FURNITURE[0], ARTICLE, *FURNITURE[1:]))

    assert text.split("\n")[-4:] == PARAGRAPHS
    assert "Tides" not in text
    assert "Breakwater" not in text
    assert "reckoning" not in text
    assert "rights" not in text


def test_a_text_that_the_careful_mode_drops_comes_by_the_other() -> None:
    # Precision takes what is labelled a teaser for one, whatever its length.
    teasers = "".join(f'<div class="teaser"><p>{p}</p></div>' for p in PARAGRAPHS)

    text = text_of(page(teasers))

    assert [p for p in PARAGRAPHS if p in text] == PARAGRAPHS


def test_a_page_without_prose_has_no_text() -> None:
    links = "".join(f'<li><a href="/{n}">Story number {n}</a></li>' for n in range(5))

    assert text_of(page(f"<nav><ul>{links}</ul></nav>")) == ""


def test_the_tree_stays_as_it_is() -> None:
    tree = page(ARTICLE, *FURNITURE)
    before = tostring(tree)

    text_of(tree)

    assert tostring(tree) == before


def test_a_page_read_before_does_not_matter() -> None:
    assert [text_of(page(ARTICLE)) for _ in range(5)] == [text_of(page(ARTICLE))] * 5
