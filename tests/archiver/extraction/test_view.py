from __future__ import annotations

import pytest

from archiver.extraction.view import Line, Place
from tests.archiver.extraction.made_views import blocks, view_of

PROSE = "The ferry came back to Pell Quay on Friday, a year after its winch broke in the gale."
OTHER = "Its first passenger was a cow named Marigold, who had been waiting for it since last May."


def line(markup: str) -> Line:
    [block] = blocks(markup)
    return Line.of(block)


@pytest.mark.parametrize(
    ("markup", "is_prose"),
    [
        (PROSE, True),
        (PROSE[:40] + ".", False),
        (PROSE[:-1], False),
        (PROSE[:-1] + "?\u201d", True),
        (f"<a href=/>{PROSE}</a>", False),
        (f"<a href=/>{PROSE[:50]}</a>{PROSE[50:]}", False),
        (f"<a href=/>{PROSE[:30]}</a>{PROSE[30:]}", True),
        ("渡船在星期五回到了老码头的旁边那里有人了。", True),
        ("渡船回来了。", False),
        ("המעבורת חזרה " * 6 + "הביתה.", True),
        ("नाव लौट आई " * 6 + "है।", True),
        ("کشتی واپس " * 6 + "آئی\u06d4", True),
    ],
)  # fmt: skip
def test_prose_is_long_has_an_end_and_is_no_link(markup: str, is_prose: bool) -> None:
    assert line(f"<p>{markup}</p>").is_prose is is_prose


def test_an_ideograph_is_as_long_as_three_letters() -> None:
    assert line("<p>渡船 ab</p>").length == 9
    assert line("<p>caf\u00e9</p>").length == 4


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("One. Two! Three? Four\u2026 Five", 4),
        ("At 3.30 on news.example.org", 0),
        ("\u201cOne.\u201d Two.)", 2),
        ("一。二\uff01三\uff1f", 3),
    ],
)
def test_sentences_are_counted_by_their_ends(text: str, sentences: int) -> None:
    assert line(f"<p>{text}</p>").sentences == sentences


PAGE = (
    "<div><ul><li><a href=/>Home</a></li><li><a href=/t>Tides</a></li></ul></div>"
    f"<main><div class=story><h1>Ferry returns</h1><p>{PROSE}</p><p>{OTHER}</p></div>"
    "<div class=box><p>See <a href=/b>boats</a></p></div></main>"
)


def test_a_place_sums_up_all_that_lies_in_it() -> None:
    view = view_of(PAGE)
    prose = len(PROSE) + len(OTHER)

    root = view.places[0]

    assert root.container.tag == ""
    assert (root.blocks, root.chars) == (6, 4 + 5 + 13 + prose + 9)
    assert (root.prose, root.linked) == (prose, 4 + 5 + 5)
    story = view.at[3].outer
    assert (story.blocks, story.chars, story.linked) == (3, 13 + prose, 0)


def test_the_main_place_is_the_smallest_with_most_of_the_prose() -> None:
    assert view_of(PAGE).main.container.signature == "div story"


@pytest.mark.parametrize(
    ("markup", "signature"),
    [
        (f"<div class=a><p>{PROSE}</p></div><div class=b><p>{OTHER}</p></div>", "body"),
        (f"<div class=a><p>{PROSE} {OTHER} {PROSE}</p></div><p>{PROSE}</p>", "div a"),
        (f"<article class=a><p>{PROSE}</p></article>", "article a"),
        (f"<div class=a><section>{PROSE}<br>{OTHER}</section></div>", "section"),
    ],
)
def test_no_part_of_the_prose_is_main_for_the_rest(markup: str, signature: str) -> None:
    assert view_of(markup).main.container.signature == signature


def test_what_lies_outside_is_anchored_where_the_main_place_is_around() -> None:
    view = view_of(PAGE)
    home, _, heading, _, _, box = view.at

    assert (home.anchor.container.tag, home.steps) == ("body", 3)
    assert (box.anchor.container.tag, box.steps) == ("main", 2)
    assert (heading.anchor, heading.steps) == (view.main, 1)


def place_of(markup: str, text: str) -> Place:
    view = view_of(markup)
    at = [block.text for block in view.blocks].index(text)
    return view.at[at]


def test_twins_are_siblings_that_look_alike() -> None:
    markup = "<div><p class=a>1</p><p class=a>2</p><p>3</p><p class=b>4</p></div>"
    markup += "<div><p class=a>5</div>"

    assert [place.twins for place in view_of(markup).at] == [2, 2, 1, 1, 1]


def test_a_card_is_the_largest_place_around_with_few_blocks() -> None:
    cards = "<div class=card><div><p>one<p>two</div></div>" * 5

    card = place_of(cards + "<p>six</p>", "two").card

    assert card.container.signature == "div card"
    assert place_of("<p>one</p>", "one").card.container.tag == ""


def test_a_group_is_the_list_or_table_around() -> None:
    table = "<table class=t><tr><td><b>one</b><div>two</div></td></tr></table>"

    assert place_of(table, "two").group.container.signature == "table t"
    assert place_of(table, "one").group.container.signature == "table t"
    assert place_of("<div><p>one</p></div>", "one").group.container.tag == "p"
    nested = "<ul class=a><li><ul class=b><li>one</ul></ul>"
    assert place_of(nested, "one").group.container.signature == "ul b"


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<p>x</p><h1>Ferry returns to Pell</h1><p>y</p>", 1),
        ("<p>Ferry returns to Pell</p><h1>Ferry returns to Pell</h1>", 1),
        ("<h2>Ferry returns to Pell</h2><h1>Ferry returns to Pell</h1>", 1),
        ("<h2><a href=/>Ferry returns to Pell</a></h2><p>Ferry returns to Pell</p>", 1),
        ("<p>x</p><p>Ferry returns to Pell</p>", 1),
        ("<h1>The Pell Times</h1><p>y</p>", None),
        ("<h1>Ferry</h1><p>y</p>", None),
    ],
)
def test_the_headline_is_what_is_most_like_the_title(markup: str, expected: int | None) -> None:
    assert view_of(markup, "Ferry returns to Pell").headline == expected


def test_without_a_title_there_is_no_headline() -> None:
    assert view_of("<h1>Ferry returns to Pell</h1>").headline is None


def test_a_page_without_prose_has_a_main_place_too() -> None:
    assert view_of("one").main.blocks == 1
    assert view_of("<ul><li>one<li>two</ul>").main.blocks > 0
