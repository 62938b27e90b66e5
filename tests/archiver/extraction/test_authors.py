from __future__ import annotations

from typing import Any

import pytest

from archiver.extraction.annotations import Annotations
from archiver.extraction.authors import authors_of
from archiver.extraction.headings import Headings, heading_of
from archiver.extraction.meta_tags import MetaTags
from archiver.extraction.surroundings import Surroundings
from archiver.extraction.tree import parse

PERSON = {"@type": "Person", "name": "Odile Harkness"}
SITE = {"@type": "Organization", "name": "The Harbour Times"}
PAGES: list[tuple[str, str, list[dict[str, Any]], list[str]]] = [
    ("linked data", '<meta name="author" content="Tomas Varga">', [PERSON], ["Odile Harkness"]),
    ("rel", '<p>By <a rel="author" href="/o">Odile Harkness</a></p>', [], ["Odile Harkness"]),
    ("itemprop", '<span itemprop="author"><b>Odile Harkness</b></span>', [], ["Odile Harkness"]),
    ("meta", '<meta name="author" content="Odile Harkness">', [], ["Odile Harkness"]),
    (
        "byline",
        '<div class="article-byline"><span>By</span> <a>Odile Harkness</a>, <a>Tomas Varga</a>'
        "<time>May 3</time><span>Share</span></div>",
        [],
        ["Odile Harkness", "Tomas Varga"],
    ),
    (
        "a reader's comment",
        '<ol class="comments"><li><p class="comment-author">Old Salt</p></li></ol>',
        [],
        [],
    ),
    (
        "an organisation, and a person in the page",
        '<a rel="author">Odile Harkness</a>',
        [SITE],
        ["Odile Harkness"],
    ),
    ("an organisation alone", "<p>x</p>", [SITE], ["The Harbour Times"]),
    (
        "the site as a person",
        '<p class="byline">By Odile Harkness</p>',
        [{"@type": "Person", "name": "The Harbour Times"}],
        ["Odile Harkness"],
    ),
    (
        "a whole article called byline",
        f'<div class="byline-top"><p>{"Some Words Here " * 40}</p></div>',
        [],
        [],
    ),
    ("nobody", "<p>x</p>", [], []),
    (
        "more in a meta element than in linked data",
        '<meta name="author" content="Odile Harkness, Tomas Varga">',
        [PERSON],
        ["Odile Harkness", "Tomas Varga"],
    ),
    (
        "more in the byline than in linked data",
        '<h1>Ferry</h1><p class="byline">By <a>Odile Harkness</a> <a>and Tomas Varga</a></p>',
        [PERSON],
        ["Odile Harkness", "Tomas Varga"],
    ),
    (
        "given and family name",
        "<p>x</p>",
        [{"@type": "Person", "givenName": "Odile", "familyName": "Harkness"}],
        ["Odile Harkness"],
    ),
    (
        "a byline, and who runs the site in a meta element",
        '<meta name="author" content="Ruta Oyelaran"><h1>Ferry</h1><p>By Odile Harkness</p>',
        [],
        ["Odile Harkness"],
    ),
    (
        "a wire service, and the site",
        '<h1>Ferry</h1><span class="author">Associated Press</span>',
        [SITE],
        ["Associated Press"],
    ),
    (
        "a person and a newsroom",
        "<p>x</p>",
        [{"@type": "Person", "name": "Odile Harkness, The Harbour Times"}],
        ["Odile Harkness"],
    ),
    ("odd values", "<p>x</p>", [{"name": 7}, {"name": [[]]}, {"name": {"name": {}}}], []),
]


@pytest.mark.parametrize(
    ("markup", "credited", "expected"),
    [case[1:] for case in PAGES],
    ids=[case[0] for case in PAGES],
)
def test_the_authors_of_a_page_are_found(
    markup: str, credited: list[dict[str, Any]], expected: list[str]
) -> None:
    tree = parse(f"<html><body>{markup}<p>x</p></body></html>".encode())
    assert tree is not None

    near = Surroundings(heading_of(Headings(tree), None))
    found = authors_of(
        tree, MetaTags(tree), Annotations(tree), near, credited, "The Harbour Times"
    )

    assert found == tuple(expected)
