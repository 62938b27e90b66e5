from __future__ import annotations

import random

import pytest
from lxml.html import tostring
from resiliparse.extract.html2text import extract_plain_text
from resiliparse.parse.html import HTMLTree

from archiver.extraction import tree as tree_module
from archiver.extraction.tree import parse, parse_text, tamed

NOISE = random.Random(5).randbytes(20_000)


@pytest.mark.parametrize(
    "octets",
    [
        b"",
        b" \n\t ",
        b"no tag in here, not even a < b",
        b'{"headline": "Ferry"}',
        b"<!-- nothing but a comment -->",
        b"\x89PNG\r\n\x1a\n<p>" + NOISE,
        b"%PDF-1.7\n<< /Type /Catalog >>\nstream\n" + NOISE,
        b"\x1f\x8b\x08" + NOISE,
        b"\0" * 5000 + b"<p>",
    ],
    ids=["empty", "blank", "text", "json", "comment", "png", "pdf", "gzip", "zeros"],
)
def test_what_is_no_html_has_no_tree(octets: bytes) -> None:
    assert parse(octets) is None


CASES = [
    ("fragment", b"<p>Ferry", "<html><body><p>Ferry</p></body></html>"),
    ("control characters", b"<p>Fe\x00rr\x0by</p>", "<html><body><p>Ferry</p></body></html>"),
    (
        "characters that XML has not",
        "<p>F\ufffee\uffffr\x1fry".encode(),
        "<html><body><p>Ferry</p></body></html>",
    ),
    ("comment", b"<p>Fer<!-- x -->ry</p>", "<html><body><p>Ferry</p></body></html>"),
    (
        "doctype with a slash",
        b'<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0//EN"/><html><head><title>T</title>',
        "<html><head><title>T</title></head></html>",
    ),
    (
        "root that closes itself",
        b'<html lang="en" /><body><p>Ferry</p></body></html>',
        '<html lang="en"><body><p>Ferry</p></body></html>',
    ),
    (
        "declaration of an encoding that was used already",
        b'<?xml version="1.0" encoding="utf-16"?><html><body>F\xc3\xa4hre</body></html>',
        "<html><body>F&#228;hre</body></html>",
    ),
    (
        "code and styles",
        b"<head><script>var a</script><style>p{}</style></head><body>Ferry",
        "<html><head><script></script><style></style></head><body>Ferry</body></html>",
    ),
]


@pytest.mark.parametrize(
    ("octets", "html"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_html_becomes_a_tree(octets: bytes, html: str) -> None:
    assert tostring(parse(octets)).decode() == html


def test_text_that_was_decoded_becomes_the_same_tree() -> None:
    octets = "<p>Fähre nach Ærø".encode("cp1252")

    assert tostring(parse_text("<p>Fähre nach Ærø")) == tostring(parse(octets, "windows-1252"))


def test_half_a_character_is_left_out_of_a_tree() -> None:
    tree = parse_text("<p>Fer\ud83dry \ude00")

    assert tostring(tree) == b"<html><body><p>Ferry </p></body></html>"


def test_json_in_scripts_stays() -> None:
    tree = parse(b'<head><script type="application/ld+json">{"a": 1}</script></head><p>x')

    assert tree is not None
    assert [script.text for script in tree.iter("script")] == ['{"a": 1}']


def test_a_page_that_is_too_long_has_no_tree() -> None:
    assert parse(b"<p>" + b"x" * tree_module.MAX_OCTETS) is None


def test_a_page_of_too_many_elements_has_no_tree() -> None:
    assert parse(b"<p>" * (tree_module.MAX_ELEMENTS + 1)) is None


@pytest.mark.parametrize("markup", ["<br>", "</p>", "x</p>", "&#120;<hr/>", "<td>x", "<b>"])
def test_a_page_has_no_more_elements_than_it_may(markup: str) -> None:
    page = f"<p>{markup * 100}".encode()
    tree = parse(page, most=10_000)
    assert tree is not None
    elements = sum(1 for _ in tree.iter())

    assert parse(page, most=elements) is not None
    assert parse(page, most=elements - 1) is None


def test_a_hundred_thousand_nested_elements_are_no_trouble() -> None:
    assert parse(b"<div>" * 100_000 + b"Ferry") is not None


def test_a_page_for_another_parser_is_the_same_page() -> None:
    page = "<main><p><b>Fähre</b> <I class=x>nach</I> <strong\n>Ærø</strong><br/><base><ins>"
    many = "<em>x</em>" * 150
    tree, larger = parse_text(page), parse_text(page + many)
    assert tree is not None
    assert larger is not None

    assert tamed(page, tree) == page
    assert tamed(page + many, larger) == (
        "<main><p><span>Fähre</span> <span class=x>nach</span> <span\n>Ærø</span><br/><base><ins>"
        + "<span>x</span>" * 150
    )


@pytest.mark.parametrize(
    "deep", ["<div>", "<span>", "<ul><li>", "<b><p><i><div></b></i>", "<div></x>"]
)
def test_a_page_too_deep_for_another_parser_is_kept_from_it(deep: str) -> None:
    page = "<p>Ferry</p>" + deep * 300
    tree = parse_text(page)
    assert tree is not None

    assert tamed(page, tree) is None


def test_another_parser_gets_through_what_is_never_closed() -> None:
    page = "".join(f"<p><b id={number}>Ferry {number}</p>" for number in range(4_000))
    tree = parse_text(page)
    assert tree is not None
    text = tamed(page, tree)

    assert text is not None
    assert (
        extract_plain_text(HTMLTree.parse(text)).count("Ferry") == 4_000
    )  # else it takes gigabytes
