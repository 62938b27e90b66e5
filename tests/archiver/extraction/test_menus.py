from __future__ import annotations

import pytest

from archiver.extraction.menus import with_menus_joined
from tests.archiver.extraction.made_views import blocks

PROSE = "<p>The ferry came back to Pell Quay on Friday, a year after the gale of last spring.</p>"
LINKS = "".join(f"<li><a href=/{name}>{name}</a></li>" for name in ("Tides", "Ferries", "Fares"))


def joined(body: str) -> list[tuple[str, str, int]]:
    return [(b.tag, b.text, b.linked) for b in with_menus_joined(blocks(body))]


def test_a_run_of_short_links_is_one_block() -> None:
    links = f"<ul>{LINKS}</ul><a href=/x>Notices</a>"

    found = joined(f"<div>{PROSE}{links}<p>After</p></div>")

    assert found[1:] == [("div", "Tides\nFerries\nFares\nNotices", 24), ("p", "After", 0)]


def test_three_links_are_no_menu() -> None:
    assert [text for _, text, _ in joined(f"<ul>{LINKS}</ul>")] == ["Tides", "Ferries", "Fares"]


@pytest.mark.parametrize(
    "between",
    [
        f"<li><a href=/>{'The ferry is back at Pell Quay after a year'}</a></li>",
        "<li><h3><a href=/>Notices</a></h3></li>",
        "<li><a href=/>Notices</a> here</li>",
        "<table><td><a href=/>Notices</a></table>",
    ],
)
def test_what_is_long_or_a_heading_or_a_cell_or_less_than_linked_ends_a_run(between: str) -> None:
    assert len(joined(f"<div>{PROSE}<ul>{LINKS}</ul>{between}<ul>{LINKS}</ul></div>")) == 8


def test_what_holds_hardly_anything_but_links_is_one_block() -> None:
    story = "<h3><a href=/>The ferry is back at Pell Quay after a year</a></h3><p>3 hours ago</p>"

    found = joined(f"{PROSE}<div><h2>Latest news</h2><ul>{LINKS}</ul>{story * 2}</div>{PROSE}")

    assert [tag for tag, _, _ in found] == ["p", "div", "p"]
    assert found[1][1].split("\n")[:2] == ["Latest news", "Tides"]


def test_the_largest_such_container_is_the_menu_and_the_inner_one_of_two_alike() -> None:
    lists = f"<ul>{LINKS}</ul><ul>{LINKS}</ul>"
    around = f"<main><section><div>{lists}</div></section>{PROSE}</main>"

    [menu, _] = with_menus_joined(blocks(around))

    assert (menu.tag, len(menu.links)) == ("div", 6)


@pytest.mark.parametrize(
    "line",
    [
        "<h1>Ferry returns</h1>",
        "<table><td>Friday 6:40</table>",
        "<p>The ferry came back to Pell Quay on Friday, a year after the gale of last spring</p>",
        "<p>Shall the ferry come today</p>" * 10,
        f"<p><a name=top>{'The ferry came back to Pell Quay on Friday. ' * 5}</a></p>",
    ],
)
def test_what_says_something_of_its_own_is_no_menu(line: str) -> None:
    links = f"<ul>{LINKS}</ul><p><a href=/>{'Notices ' * 40}</a></p>"

    found = joined(f"<div><ul>{LINKS}</ul>{line}{links}</div>")

    assert [text for _, text, _ in found][:3] == ["Tides", "Ferries", "Fares"]


def test_what_is_less_than_half_linked_is_no_menu() -> None:
    assert len(joined(f"<div><ul>{LINKS}</ul>{'<p>Tides</p>' * 10}</div>")) == 13


def test_a_whole_page_is_no_menu() -> None:
    found = with_menus_joined(blocks(f"<ul>{LINKS}</ul><p>Tides</p><ul>{LINKS}</ul>"))

    assert len(found) == 7


def test_a_menu_lies_in_what_holds_all_of_its_links() -> None:
    lists = f"<div><ul>{LINKS}</ul></div><section><p><a href=/>Notices</a></section>"
    [menu, _] = with_menus_joined(blocks(f"<main><img>{lists}<img>{PROSE}</main>"))

    assert menu.tag == "main"
    assert menu.images == 1


def test_a_nav_is_one_block() -> None:
    items = "<li><a href=/>Home</a></li><li>Tides <b>today</b></li>"
    hidden = "<script>Script</script><button>Button</button>"

    found = joined(f"<p>Before</p><nav><h2>Menu</h2><ul>{items}</ul>{hidden}</nav><p>After</p>")

    assert found == [("p", "Before", 0), ("nav", "Menu\nHome\nTides today", 4), ("p", "After", 0)]


def test_a_menu_keeps_its_links() -> None:
    [menu] = with_menus_joined(blocks(f"<nav><ul>{LINKS}</ul></nav>"))

    assert [link.text for link in menu.links] == ["Tides", "Ferries", "Fares"]
    assert {link.links for link in menu.links} == {()}


@pytest.mark.parametrize(
    "inside",
    [
        "<h1>Ferry returns</h1>",
        "<h2>Ferry</h2><p>The ferry came back to Pell Quay on Friday, a year after the gale.</p>",
        "<p>Ferries are back</p>" * 20,
    ],
)
def test_what_a_nav_swallows_that_was_never_closed_is_no_menu(inside: str) -> None:
    found = joined(f"<nav><p><a href=/>Home</a></p>{inside}")

    assert all("\n" not in text for _, text, _ in found)
