"""Elements that no parser gets through in time, and pages that only look so."""

from __future__ import annotations

import gzip
import json
from base64 import b64decode
from pathlib import Path

import pytest

from archiver.extraction.endless import has_endless_tag
from archiver.extraction.tree import parse

PICTURE = '<img alt="rain" src="data:image/png;base64,' + "A" * 200_000 + '">'
STATE = "<div data-state='" + '{"a": 1, "b": [2, 3]} ' * 5_000 + "'>x</div>"
SCRIPT = "<script>for (i = 0; i<n ; i++) {" + ' say("it\'s"); ' * 5_000 + "}</script>"

HARMLESS = {
    "a long attribute": PICTURE,
    "many words in an attribute": STATE,
    "a script": SCRIPT,
    "a style": "<style>a" + " b" * 5_000 + "</style>",
    "a comment": "<!-- <a" + " b" * 5_000 + " -->",
    "many elements": '<p class="a">x</p>' * 20_000,
    "an apostrophe in a tag": "<p class=a don't>" + "It's raining. " * 5_000 + "</p>",
    "text after a quotation mark too many": '<p title="a"">' + "It's raining. " * 5_000 + "</p>",
    "nine hundred attributes": "<p " + " ".join(f"a{n}" for n in range(900)) + ">",
    "a long address without quotes": "<img src=data:image/png," + "A" * 200_000 + ">",
    "angle brackets in attributes": """<p title="a > b" alt='"<b>"'>x</p>""" * 2_000,
    "a tag in a script": "<script>write('<a" + " b" * 5_000 + "')</script>",
    "comments of every kind": "<!--><!---><!--x--!><!-- > -- > ->-->" * 2_000,
    "declarations": "<!DOCTYPE html><?xml x?><![CDATA[x]]></ x>< x>" * 2_000,
}


@pytest.mark.parametrize("markup", HARMLESS.values(), ids=HARMLESS)
def test_a_page_like_others_is_parsed(markup: str) -> None:
    page = f"<html><p>Rain in the valley.</p>{markup}<p>More rain.</p>"

    assert not has_endless_tag(page.encode())


@pytest.mark.parametrize(
    "attribute", ["a{} ", "a{}='>' ", 'a{}="x" ', 'a{} = "<" ', "a{}=x ", 'a{}="x"', "a{}/"]
)
def test_an_element_with_endless_attributes_is_told_however_they_are_written(
    attribute: str,
) -> None:
    many = "".join(attribute.format(number) for number in range(50_000))

    assert has_endless_tag(f"<html><p>Rain.</p><div {many}>x</div>".encode())
    assert has_endless_tag(f"<html><p>Rain.</p><div {many}".encode())


@pytest.mark.parametrize(
    "before",
    [
        "<!-->",
        "<!--->",
        "<!-- x --!>",
        "<title>x</TITLE>",
        "<script>a<b</script>",
        "a < b <c/> </",
        "",
    ],
)
@pytest.mark.parametrize("name", ["div", "script", "TITLE", "x:y"])
def test_an_element_with_endless_attributes_is_told_behind_whatever_it_hides(
    before: str, name: str
) -> None:
    many = " ".join(f"a{number}" for number in range(50_000))

    assert has_endless_tag(f"<html>{before}<{name} {many}>x".encode())


def test_a_page_with_one_is_no_page() -> None:
    assert parse(b"<p>Rain in the valley.</p><a " + b"b " * 2_000 + b">x</a>") is None


@pytest.mark.parametrize("name", ["fundus", "atf", "rdb"])
def test_no_real_page_has_one(name: str, shared: Path) -> None:
    with gzip.open(shared / "extraction" / "dev" / f"{name}.jsonl.gz", "rt") as lines:
        rows = [json.loads(line) for line in lines]
    pages = [
        row["html"].encode() if row["html_encoding"] == "text" else b64decode(row["html"])
        for row in rows
    ]

    assert [number for number, page in enumerate(pages) if has_endless_tag(page)] == []
