from __future__ import annotations

from typing import Any

import pytest

from archiver.extraction.authors import authors_of, people
from archiver.extraction.meta_tags import MetaTags
from archiver.extraction.tree import parse

PEOPLE = [
    ("Odile Harkness", ["Odile Harkness"]),
    ("By Odile Harkness", ["Odile Harkness"]),
    ("Von Jörg Thießen und Ute Maaß", ["Jörg Thießen", "Ute Maaß"]),
    (
        "Odile Harkness, Tomas Varga and Ruta Oyelaran",
        ["Odile Harkness", "Tomas Varga", "Ruta Oyelaran"],
    ),
    ("Odile Harkness & Tomas Varga", ["Odile Harkness", "Tomas Varga"]),
    (
        "Odile Harkness; Tomas Varga | Ruta Oyelaran",
        ["Odile Harkness", "Tomas Varga", "Ruta Oyelaran"],
    ),
    ("By Odile Harkness, Staff Writer", ["Odile Harkness"]),
    ("Odile Harkness - Transport Correspondent", ["Odile Harkness"]),
    ("Odile Harkness in Berlin", ["Odile Harkness"]),
    ("Odile Harkness for The Harbour Times", ["Odile Harkness"]),
    ("Odile Harkness (Harbour)", ["Odile Harkness"]),
    ("Odile Harkness 12 May 2024", ["Odile Harkness"]),
    ("Written by: Odile Harkness", ["Odile Harkness"]),
    ("Interview: Odile Harkness", ["Odile Harkness"]),
    ("Odile Harkness, Reuters", ["Odile Harkness"]),
    ("Jean-Luc O\u2019Brien de la Cruz", ["Jean-Luc O\u2019Brien de la Cruz"]),
    ("Odile  Harkness\u00a0", ["Odile Harkness"]),
    ("Мария Ветрова", ["Мария Ветрова"]),
    ("周师傅", ["周师傅"]),
    ("Reuters", ["Reuters"]),
    ("", []),
    ("admin", []),
    ("https://www.example.org/author/odile", []),
    ("odile@example.org", []),
    (", The Harbour Times", []),
    ("Updated March 13, 2024", []),
]


@pytest.mark.parametrize(("text", "expected"), PEOPLE)
def test_people_are_named_one_by_one(text: str, expected: list[str]) -> None:
    assert people([text]) == tuple(expected)


def test_a_person_named_twice_is_one() -> None:
    assert people(["Odile Harkness", "ODILE HARKNESS", "Tomas Varga"]) == (
        "Odile Harkness",
        "Tomas Varga",
    )


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

    found = authors_of(tree, MetaTags(tree), credited, "The Harbour Times")

    assert found == tuple(expected)
