from __future__ import annotations

import pytest

from archiver.extraction.annotations import Annotations
from archiver.extraction.bylines import names_marked, names_marked_near, names_worded_near
from archiver.extraction.headings import Headings, heading_of
from archiver.extraction.names import people
from archiver.extraction.surroundings import Surroundings
from archiver.extraction.tree import parse

H1 = "<h1>Ferry is back</h1>"
NEAR = [
    ("class", f"{H1}<p class='story-author'>Odile Harkness</p>", ["Odile Harkness"]),
    ("address", f"{H1}<a href='/staff/odile/'>Odile Harkness</a>", ["Odile Harkness"]),
    ("first word", f"{H1}<p>Von Odile Harkness</p>", ["Odile Harkness"]),
    ("words", f"{H1}<p>Written by Odile Harkness</p>", ["Odile Harkness"]),
    ("end of the deck", f"{H1}<p>It came at nine. By Odile Harkness</p>", ["Odile Harkness"]),
    ("before", f"<p class='byline'>Odile Harkness</p>{H1}", ["Odile Harkness"]),
    (
        "several alike",
        f"{H1}<p><a class=author>Odile Harkness</a><i>x</i><a class=author>Tomas Varga</a></p>",
        ["Odile Harkness", "Tomas Varga"],
    ),
    (
        "joined across elements",
        f"{H1}<p class=byline>By <b>Odile Harkness</b> <b>and Tomas Varga, Quay</b></p>",
        ["Odile Harkness", "Tomas Varga"],
    ),
    (
        "one after a caption's",
        f"{H1}<p class='image-credit'>By Ruta Oyelaran</p><p class=author>Odile Harkness</p>",
        ["Odile Harkness"],
    ),
    ("prose", f"{H1}<p>By noon the ferry was full.</p>", []),
    ("a section", f"{H1}<p class=author>edit subjects</p>", []),
    ("a bio", f"{H1}<p class='author-bio'>Odile Harkness</p>", []),
    ("nothing", "<p class=author>Odile Harkness</p>", []),
]


@pytest.mark.parametrize(
    ("markup", "expected"), [case[1:] for case in NEAR], ids=[case[0] for case in NEAR]
)
def test_the_byline_near_the_headline_is_read(markup: str, expected: list[str]) -> None:
    tree = parse(f"<html><body><main>{markup}</main></body></html>".encode())
    assert tree is not None

    near = Surroundings(heading_of(Headings(tree), "Ferry is back"))
    found = names_marked_near(near) or names_worded_near(near)

    assert people(found) == tuple(expected)


def test_markup_is_read_from_the_surest_on() -> None:
    tree = parse(
        b"<p class='author'>Ruta Oyelaran</p><p itemprop='author'>Tomas Varga</p>"
        b"<a rel='author'>Odile Harkness</a>"
    )
    assert tree is not None

    found = list(names_marked(tree, Annotations(tree)))

    assert found == [["Odile Harkness"], ["Tomas Varga"], ["Ruta Oyelaran"]]


def test_a_page_of_nothing_but_authors_is_read_in_no_time() -> None:
    tree = parse(b"<h1>Ferry</h1>" + b"<div class='author'>1 2 3</div>" * 20_000)
    assert tree is not None

    near = Surroundings(heading_of(Headings(tree), "Ferry"))
    assert names_marked_near(near) == names_worded_near(near) == []
    assert list(names_marked(tree, Annotations(tree))) == []
