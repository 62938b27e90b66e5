from __future__ import annotations

from lxml.html import HtmlElement

from archiver.extraction.surroundings import (
    Surroundings,
    is_foreign,
    marks_of,
    short_text_of,
)
from archiver.extraction.tree import parse


def tree_of(markup: str) -> HtmlElement:
    tree = parse(f"<html><body>{markup}</body></html>".encode())
    assert tree is not None
    return tree


def heading_in(tree: HtmlElement) -> HtmlElement:
    return next(tree.iter("h1"))


def ids(elements: list[HtmlElement]) -> list[str]:
    return [element.get("id") or element.tag for element in elements]


def test_what_lies_around_a_headline_is_read_outwards() -> None:
    tree = tree_of(
        "<div><p id=a>x</p><div><p id=b>x</p><h1>Ferry</h1><p id=c>x</p></div><p id=d>x</p></div>"
    )

    near = Surroundings(heading_in(tree))

    assert ids(near.soon) == ["h1", "c", "d"]
    assert ids(near.before) == ["b", "a"]
    assert near.later == []


def test_what_belongs_to_something_else_is_left_out() -> None:
    tree = tree_of(
        "<h1>Ferry</h1><div class='relatedLinks'><p>x</p></div><figure><p>x</p></figure>"
        "<p id=c class='commentary'>x</p>"
    )

    assert ids(Surroundings(heading_in(tree)).soon) == ["h1", "c"]


def test_every_walk_has_an_end() -> None:
    tree = tree_of("<p>x</p>" * 20_000 + "<h1>Ferry</h1>" + "<p>x</p>" * 20_000)

    near = Surroundings(heading_in(tree))

    assert (len(near.soon), len(near.before), len(near.later)) == (30, 12, 120)


def test_there_is_nothing_around_no_headline() -> None:
    near = Surroundings(None)

    assert (near.soon, near.before, near.later) == ([], [], [])


def test_what_lies_in_a_card_is_foreign_unless_the_headline_does_too() -> None:
    tree = tree_of("<div class='card'><h1>Ferry</h1><p id=a>x</p></div><li class='card'><p>y</p>")
    ours, theirs = tree.iter("p")

    assert not is_foreign(ours, heading_in(tree))
    assert is_foreign(theirs, heading_in(tree))


def test_only_a_short_text_is_one_line() -> None:
    short, long = tree_of(f"<p>By\n <b>Ada</b></p><p>{'x' * 100_000}</p>").iter("p")

    assert short_text_of(short) == "By Ada"
    assert short_text_of(long) == ""


def test_a_long_class_is_cut_short() -> None:
    (element,) = tree_of(f"<p class='{'x' * 1_000_000}'>x</p>").iter("p")

    assert len(marks_of(element)) < 1000
