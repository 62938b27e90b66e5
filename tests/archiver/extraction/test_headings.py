from __future__ import annotations

import pytest

from archiver.extraction.headings import Headings, agreement, heading_of
from archiver.extraction.tree import parse

TITLE = "Ferry returns to Pell Quay"


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<h1>Most read</h1><h1>Ferry returns to Pell Quay</h1>", "Ferry returns to Pell Quay"),
        ("<h1>The Harbour Times</h1><h2>FERRY returns to Pell Quay!</h2>", "FERRY returns to"),
        ("<h1>Timetables</h1><h3>Now ferry returns to Pell Quay</h3>", "Now ferry"),
        ("<p>x</p><div class='storyTitle'>Ferry returns to Pell Quay</div>", "Ferry returns"),
        ("<h1>Timetables</h1><h2>Most read</h2>", "Timetables"),
    ],
)
def test_the_heading_that_says_the_title_is_found(markup: str, expected: str) -> None:
    tree = parse(markup.encode())
    assert tree is not None

    heading = heading_of(Headings(tree), TITLE)

    assert heading is not None
    assert str(heading.text).startswith(expected)


def test_a_page_may_have_no_heading() -> None:
    tree = parse(b"<p>x</p>" * 5000)
    assert tree is not None

    assert heading_of(Headings(tree), TITLE) is None
    assert heading_of(Headings(tree), None) is None


def test_markup_tells_what_a_heading_is() -> None:
    tree = parse(
        b"<div class='logo'><h1>A</h1></div><nav><h1>B</h1></nav><div class='relatedNews'><h1>C"
        b"</h1></div><h1 class='story-headline'>D <i>E</i></h1>"
    )
    assert tree is not None

    logo, crumb, aside, own = Headings(tree).of("h1")

    assert logo.is_logo
    assert crumb.is_crumb
    assert aside.is_aside
    assert (own.is_logo, own.is_crumb, own.is_aside, own.is_titled) == (False, False, False, True)
    assert (own.text, own.endings) == ("D E", ("E",))


def test_a_whole_article_in_a_heading_is_passed_over() -> None:
    tree = parse(f"<h1>{'x ' * 100_000}</h1><h1>Ferry</h1>".encode())
    assert tree is not None

    assert [heading.text for heading in Headings(tree).of("h1")] == ["Ferry"]


def test_agreement_goes_from_nothing_to_all() -> None:
    assert agreement(["ferry", "returns"], ["ferry", "returns"]) == 1.0
    assert agreement(["ferry"], ["ferry", "returns"]) == 0.5
    assert agreement(["ferry"], ["cow"]) == 0.0
    assert agreement([], []) == 0.0
