from __future__ import annotations

import pytest

from archiver.extraction.menus import with_menus_joined
from archiver.extraction.verdicts import Verdict, text_from
from tests.archiver.extraction.made_views import blocks


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("<p>one</p><p>two</p>", "one\ntwo"),
        ("<ul><li>one<li>two</ul>three", "- one\n- two\nthree"),
        ("<ol><li>one<ol><li>two</ol></ol>", "- one\n- two"),
        ("<table><tr><td>one<td>two<tr><td>six<td>ten</table>", "one | two\nsix | ten"),
        ("<table><tr><th>one<th>two<tr><th>six<td>ten</table>", "one | two\nsix | ten"),
        ("<table><tr><td>one</table><table><tr><td>two</table>", "one\ntwo"),
        ("<table><tr><td>one</table>two", "one\ntwo"),
        ("one<table><tr><td>two</table>", "one\ntwo"),
        # a cell is no row, and may hold more than a line
        ("<table><tr><td>one<br>two<br><br>six</table>", "one\ntwo\nsix"),
        ("<table><tr><td><p>one</p><p>two</p></table>", "one\ntwo"),
        ("<table><tr><td>ten<td>one<br>two</table>", "ten | one\ntwo"),
        ("<table><tr><td><p>one</p><td><p>two</p></table>", "one | two"),
        ("<ul><li><p>one</p></li><li><p>two</p></li></ul>", "- one\n- two"),
    ],
)
def test_rows_and_lists_are_written_as_such(body: str, text: str) -> None:
    assert text_from([Verdict(each, each.text, 900, None) for each in blocks(body)]) == text


def test_a_menu_that_is_kept_is_written_link_by_link() -> None:
    links = "".join(f"<li><a href=/>{name}</a></li>" for name in ("one", "two", "six", "ten"))
    prose = "<p>Eleven ferries sail to Pell Quay on Friday, and one of them comes back."
    found = blocks(f"<ul>{links}</ul><ul><li>eleven</li></ul>{prose}")
    menu, last, _ = with_menus_joined(found)

    text = text_from([Verdict(menu, menu.text, 900, None), Verdict(last, "eleven", 900, None)])

    assert text == "- one\n- two\n- six\n- ten\n- eleven"


def test_what_has_a_reason_is_not_written() -> None:
    one, two, six = blocks("<table><tr><td>one<td>two<td>six</table>")

    verdicts = [
        Verdict(one, "one", 9, None),
        Verdict(two, "two", 9, "x"),
        Verdict(six, "6", 9, None),
    ]

    assert text_from(verdicts) == "one | 6"
