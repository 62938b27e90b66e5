from __future__ import annotations

import pytest

from archiver.extraction.menus import with_menus_joined
from archiver.extraction.skeleton import numbers_in, skeleton_of
from tests.archiver.extraction.made_views import blocks

LINKED = "<a href=x>{}</a>"


def skeleton(body: str) -> str:
    return skeleton_of(blocks(body))


def test_a_skeleton_has_what_holds_blocks_and_what_that_is_called() -> None:
    lines = "<p>Ferry</p><p></p><p hidden>Tides</p>"
    around = '<div class="story-body" id=a data-x=1 style="display: none"><section>'

    assert skeleton(f"{around}{lines}</section></div>") == (
        '<div class="story-body" id="a" style="display: none"><section>'
        '<p>b0bxxxxx</p><p hidden="">b1bxxxxx</p></section></div>'
    )


def test_what_is_of_one_container_is_told_apart() -> None:
    assert skeleton("<p>one<br>two</p>three") == "<p>b0bxxx<br>b1bxxx</p><br>b2bxxxxx"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("<a href=/>Ferry</a>", LINKED.format("b0bxxxxx")),
        ("<a href=/>Ferry</a> to", LINKED.format("b0bxxxxxxxx")),
        ("to the <a href=/>Ferry</a>", "b0bxxxxxxx" + LINKED.format("xxxxx")),
    ],
)
def test_as_much_is_linked_as_on_the_page(line: str, expected: str) -> None:
    assert skeleton(f"<h2>{line}</h2>") == f"<h2>{expected}</h2>"


def test_a_paragraph_that_holds_more_than_text_is_none() -> None:
    assert skeleton("<p>one<figure>two</figure></p>") == (
        "<div>b0bxxx<figure>b1bxxx</figure></div>"
    )


@pytest.mark.parametrize("rows", ["<table>{}</table>", "<table><tr>{}</table>"])
def test_what_lies_in_a_row_and_in_no_cell_gets_one(rows: str) -> None:
    cells = "".join(f"<td><p><a href=/>Tide {at}</a></p></td>" for at in range(4))
    made = skeleton_of(with_menus_joined(blocks(f"<p>{'Ferry ' * 12}</p>{rows.format(cells)}")))

    assert f"<td>{LINKED.format('b1b' + 'x' * 27)}</td></t" in made


def test_what_is_long_is_cut() -> None:
    made = skeleton(f'<p class="{"a" * 999}">{"b" * 9_999}</p>')

    assert made == f'<p class="{"a" * 200}">b0b{"x" * 500}</p>'


def test_attributes_hold_no_markup() -> None:
    made = skeleton("<p class='a\"><b>'>Ferry</p>")

    assert made == '<p class="a><b>">b0bxxxxx</p>'


def test_what_is_left_of_it_is_known_by_its_numbers() -> None:
    assert numbers_in("b1bxxxb12b\n  b103bxx b") == {1, 12, 103}
    assert numbers_in("") == set()
