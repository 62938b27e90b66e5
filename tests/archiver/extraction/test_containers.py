from __future__ import annotations

import pytest

from archiver.extraction.blocks import blocks_of
from archiver.extraction.containers import Container
from archiver.extraction.hints import ALL, NOWHERE
from archiver.extraction.tree import parse
from tests.archiver.extraction.made_views import blocks


def container(markup: str) -> Container:
    """Return what the last block of *markup* lies in."""
    return blocks(markup)[-1].container


@pytest.mark.parametrize(
    ("markup", "is_hidden"),
    [
        ("<p>one</p>", False),
        ("<p hidden>one</p>", True),
        ("<div hidden><div><p>one</p></div></div>", True),
        ("<p style='color: red; Display : none'>one</p>", True),
        ("<p style='border: none'>one</p>", False),
        ("<div aria-hidden=true><p>one</p></div>", True),
        ("<div aria-hidden=false><p>one</p></div>", False),
        ("<div hidden></div><p>one</p>", False),
    ],
)
def test_what_is_hidden_says_so(markup: str, is_hidden: bool) -> None:
    assert container(markup).is_hidden is is_hidden


def test_a_container_knows_what_it_is_called_and_what_is_around_it() -> None:
    own = container("<div class='story main' id=x><section><p class=lead><b>one</b></p></section>")

    assert (own.tag, own.signature) == ("p", "p lead")
    assert own.parent is not None
    assert own.parent.signature == "section"
    assert own.parent.parent is not None
    assert own.parent.parent.signature == "div story main"
    assert own.depth == own.parent.depth + 1 == own.parent.parent.depth + 2
    assert own.parent.children == 1


def hints_at(markup: str) -> dict[str, int]:
    """Return for each hint how many elements up from the last block it is given."""
    own = container(markup)
    return {name: own.depth - depth for name, depth in zip(ALL, own.nearest, strict=True) if depth}


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<div class=sidebar><div><p>x</p></div></div>", {"aside": 2}),
        ("<div class=sidebar><div id=sidebar><p>x</p></div></div>", {"aside": 1}),
        ("<div class=sidebar>y</div><p>x</p>", {}),
        ("<div role=navigation><p>x</p></div>", {"nav": 1}),
        ("<div itemprop=articleBody><p>x</p></div>", {"article": 1, "body": 1}),
        ("<aside><p>x</p></aside>", {"aside_tag": 1}),
        ("<figure><figcaption>x</figcaption></figure>", {"figure_tag": 0, "caption": 0}),
        ("<p><span class=sidebar>x</span></p>", {}),
        ("<p data-x=sidebar title=sidebar>x</p>", {}),
    ],
)
def test_hints_are_known_by_how_far_up_they_are(markup: str, expected: dict[str, int]) -> None:
    assert hints_at(markup) == expected


def test_what_html_and_body_are_called_says_nothing_of_a_block() -> None:
    tree = parse(b"<html class=sidebar><body class='comments' id=newsletter><p>x</p></body>")
    assert tree is not None

    [block] = blocks_of(tree)

    assert block.container.nearest == NOWHERE
