from __future__ import annotations

import time

from lxml.html import tostring

from archiver.extraction.menus import with_menus_joined
from archiver.extraction.opinion import resiliparse_keeps, trafilatura_keeps
from archiver.extraction.view import Line
from tests.archiver.extraction.made_views import blocks, tree_of

PARAGRAPHS = (
    "The ferry came back to Pell Quay on Friday, a year after a winch broke in the spring gale.",
    "Its first passenger was a cow named Marigold, who had been waiting on the island since May.",
    "The captain said the winch was new, the rope was new, and the captain was the old one.",
    "Fares stay as they were. Bicycles travel free until the end of June, and cows by agreement.",
)
NAV = "<div class=nav><ul><li><a href=/>Home</a></li><li><a href=/t>Tides</a></li></ul></div>"
FOOTER = "<footer><p>All rights reserved, as they have been.</p></footer>"
ARTICLE = "<article>{}</article>".format("".join(f"<p>{p}</p>" for p in PARAGRAPHS))
PAGE = NAV + ARTICLE + FOOTER


def lines(body: str) -> list[Line]:
    return [Line.of(block) for block in blocks(body)]


def resiliparse(body: str) -> list[bool]:
    kept = resiliparse_keeps(blocks(body))
    assert kept is not None
    return kept


def trafilatura(body: str) -> list[bool]:
    return trafilatura_keeps(tree_of(body), lines(body))


def test_resiliparse_keeps_the_blocks_of_the_article() -> None:
    kept = resiliparse(PAGE)

    assert kept == [False, False, True, True, True, True, False]


def test_trafilatura_keeps_the_blocks_of_the_article() -> None:
    assert trafilatura(PAGE) == [False, False, True, True, True, True, False]


def test_asking_trafilatura_leaves_the_tree_as_it_is() -> None:
    tree = tree_of(PAGE)
    before = tostring(tree)

    trafilatura_keeps(tree, lines(PAGE))

    assert tostring(tree) == before


def test_a_paragraph_is_found_where_an_opinion_joins_its_lines() -> None:
    body = NAV + "<article><div>{}</div></article>".format("<br>".join(PARAGRAPHS)) + FOOTER

    kept = resiliparse(body)

    assert kept == [False, False, True, True, True, True, False]


def test_a_short_paragraph_is_found_and_no_part_of_a_line_is() -> None:
    short = "She said no more of it, and the cow was led aboard."
    body = NAV + ARTICLE.replace("</p><p>", f"</p><p>{short}</p><p>", 1)

    assert resiliparse(body)[2:5] == [True] * 3
    assert trafilatura(body)[2:5] == [True] * 3
    assert trafilatura_keeps(tree_of(body), lines(f"<p>{short[:22]}</p>")) == [False]


def test_a_part_of_a_paragraph_is_found_where_it_is_long() -> None:
    whole = f"<article><p>{PARAGRAPHS[0]} {PARAGRAPHS[1]}</p><p>{PARAGRAPHS[2]}</p></article>"
    parts = lines(f"<p>{PARAGRAPHS[1]}</p><p>{PARAGRAPHS[0][:30]}</p>")

    assert trafilatura_keeps(tree_of(NAV + whole + FOOTER), parts) == [True, False]


def test_markup_within_a_paragraph_does_not_matter() -> None:
    body = PAGE.replace("winch", "<b>winch</b>").replace("Marigold", "<a href=/m>Marigold</a>")

    assert resiliparse(body)[2:6] == [True] * 4
    assert trafilatura(body)[2:6] == [True] * 4


def test_a_menu_is_a_block_like_others() -> None:
    menu = "<div class=nav>{}</div>".format(
        "".join(f"<p><a href=/{at}>Tide {at}</a></p>" for at in range(9))
    )
    joined = with_menus_joined(blocks(menu + ARTICLE))

    assert len(joined[0].links) == 9
    assert resiliparse_keeps(joined) == [False, True, True, True, True]


def test_a_page_without_text_keeps_nothing() -> None:
    assert resiliparse_keeps([]) == []
    assert trafilatura_keeps(tree_of(""), lines(PAGE)) == [False] * 7


def test_what_is_nested_to_be_slow_is_not_asked_about() -> None:
    deep = "<div>" * 100 + ARTICLE
    many = ("<div>" * 75 + f"<p>{'Ferry ' * 100}</p>" + "</div>" * 75) * 60
    broad = "<div>" * 75 + f"<p>{'Ferry ' * 100}</p><ul><li><a href=/>Tides</a></ul>" * 2_500
    started = time.process_time()

    assert resiliparse_keeps(blocks(deep)) is None
    assert any(resiliparse(many))
    assert any(resiliparse(broad))

    assert time.process_time() - started < 10
