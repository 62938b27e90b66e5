from __future__ import annotations

import time

import pytest

from archiver.extraction import blocks as module
from archiver.extraction.blocks import MAX_BLOCKS, Block, blocks_of
from archiver.extraction.tree import parse
from tests.archiver.extraction.made_views import blocks

CASES = [
    # what begins a line
    ("<p>one</p><p>two</p>", ["one", "two"]),
    ("one<p>two</p>three", ["one", "two", "three"]),
    ("<div>one<div>two</div>three</div>", ["one", "two", "three"]),
    ("one<br>two<br/><br>three", ["one", "two", "three"]),
    ("<br><br>one<br>", ["one"]),
    ("<p>one<br> \n <br>two</p>", ["one", "two"]),
    ("<ul><li>one<li>two<ul><li>three</ul></ul>", ["one", "two", "three"]),
    ("<dl><dt>one<dd>two</dl>", ["one", "two"]),
    ("<table><caption>one</caption><tr><th>two<td>three</table>", ["one", "two", "three"]),
    ("<blockquote>one<p>two</p></blockquote>", ["one", "two"]),
    ("<details><summary>one</summary>two</details>", ["one", "two"]),
    ("one<hr>two", ["one", "two"]),
    ("<pre>one\n  two\n\nthree</pre>", ["one two", "three"]),
    # what does not
    ("<p>one <b>two</b>, <i><span>three</span></i>.</p>", ["one two, three."]),
    ("<p>f<em>err</em>y</p>", ["ferry"]),
    ("<p><b>one</b> <i>two</i></p>", ["one two"]),
    ("<p><b>one</b>\n<i>two</i></p>", ["one two"]),
    ("<p><b>one</b><i>two</i></p>", ["onetwo"]),
    ("<p>one\u00a0\u00a0two\u3000three</p>", ["one two three"]),
    ("<p>one<span><span><span> two</span></span></span> three</p>", ["one two three"]),
    ("<custom-tag>one</custom-tag> two", ["one two"]),
    ("<font>one <font>two</font></font>", ["one two"]),
    ("<p>one<wbr>two <img src=a alt=cow> three</p>", ["onetwo three"]),
    ("<p>H<sub>2</sub>O, <ruby>\u6e21<rt>to</rt></ruby></p>", ["H2O, \u6e21to"]),
    # what is skipped, and what stands after it
    ("<p>one<script>x = 1</script> two</p>", ["one two"]),
    ("<p>one<style>x</style><noscript><p>y</p></noscript> two</p>", ["one two"]),
    ("<p>one<svg><title>x</title><text>y</text></svg> two</p>", ["one two"]),
    ("<p>one<button>x<b>y</b></button> <i>two</i></p>", ["one two"]),
    ("<select><option>x</select>one<textarea>y</textarea>", ["one"]),
    ("<iframe>x</iframe><video>y<p>z</p></video>one", ["one"]),
    ("<script>x</script>", []),
    ("<!-- x --><p>one<!-- <p>y</p> -->two</p>", ["onetwo"]),
    # nothing
    ("", []),
    ("<p> </p><div>\n\t</div>\u00a0<br>", []),
]


@pytest.mark.parametrize(("markup", "texts"), CASES)
def test_a_page_is_cut_where_a_browser_begins_a_line(markup: str, texts: list[str]) -> None:
    assert [block.text for block in blocks(markup)] == texts


def block(markup: str) -> Block:
    [only] = blocks(markup)
    return only


@pytest.mark.parametrize(
    ("markup", "linked", "bold", "italic"),
    [
        ("<p>one two</p>", 0, 0, 0),
        ("<p><a href=/>one</a> two</p>", 3, 0, 0),
        ("<p><a href=/> one </a> two</p>", 3, 0, 0),
        ("<p><a href=/><b>one</b></a> <em>two</em></p>", 3, 3, 3),
        ("<p><b>one <i>two</i></b></p>", 0, 7, 3),
        ("<p><b><b>one</b></b> two</p>", 0, 3, 0),
        ("<a href=/><p>one <span>two</span></p></a>", 6, 0, 0),
        ("<b><div><p>one two</p></div></b>", 0, 7, 0),
        ("<p><strong>one\n\n\n\n\n two</strong></p>", 0, 7, 0),
        ("<p><a href=/><script>x</script></a>one</p>", 0, 0, 0),
    ],
)
def test_what_is_linked_bold_or_italic_is_counted(
    markup: str, linked: int, bold: int, italic: int
) -> None:
    found = block(markup)

    assert (found.linked, found.bold, found.italic) == (linked, bold, italic)


def test_a_link_around_blocks_links_each_and_none_after_it() -> None:
    found = blocks("<a href=/><h3>one</h3><p>two<br>six</p></a><p>four</p>")

    assert [each.linked for each in found] == [3, 3, 3, 0]


def test_children_are_counted_where_they_are_and_images_at_every_depth() -> None:
    found = blocks(
        "<div><figure><img src=a><img src=b></figure><p>one</p><p>two<img src=c></p></div><p>x</p>"
    )

    one, two, last = found
    around = one.container.parent
    assert around is not None
    assert around is two.container.parent
    assert (around.children, around.images) == (3, 3)
    assert (one.container.images, two.container.images) == (0, 1)
    assert [one.images, two.images, last.images] == [2, 3, 3]


@pytest.mark.parametrize("between", ["", "\n", "<br>\n", "<b> </b>"])
def test_no_more_blocks_are_read_than_the_most(between: str) -> None:
    found = blocks(f"<p>one</p>{between}" * (MAX_BLOCKS + 50))

    assert len(found) == MAX_BLOCKS


def test_no_more_is_read_than_the_most_characters(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_CHARS", 30)

    assert [each.text for each in blocks("<p>ten octets</p>" * 9)] == ["ten octets"] * 3


def test_a_page_of_deep_nests_and_many_breaks_is_read_in_no_time() -> None:
    started = time.process_time()

    blocks("<div>" * 200 + "<br><img src=a>" * 20_000 + "one")
    blocks("<b>" * 200 + "<p>one</p> " * 20_000)

    assert time.process_time() - started < 20


def test_of_an_attribute_of_great_length_only_the_beginning_is_read() -> None:
    (near,) = blocks(f"<p class='sidebar {'x' * 10_000}'>one</p>")
    (far,) = blocks(f"<p class='{'x' * 10_000} sidebar'>one</p>")

    assert any(near.container.nearest)
    assert not any(far.container.nearest)


def test_a_container_knows_which_blocks_lie_in_it() -> None:
    found = blocks("<p>one</p><div>two<p>three</p><p></p></div><p>four<br>five</p>")

    inside = [(block.container.first, block.container.after) for block in found]
    assert inside == [(0, 1), (1, 3), (2, 3), (3, 5), (3, 5)]
    whole = found[0].container.parent
    assert whole is not None
    assert (whole.tag, whole.first, whole.after) == ("body", 0, 5)


def test_a_page_nested_as_deep_as_it_can_be_is_read_wherever_it_is_asked_about() -> None:
    tree = parse(b"<nav>" * 240 + b"Ferry")
    assert tree is not None

    def deeper(frames: int) -> list[Block]:
        return blocks_of(tree) if frames == 0 else deeper(frames - 1)

    [found] = deeper(250)
    assert found.text == "Ferry"
    assert max(found.container.nearest) > 200
