from __future__ import annotations

import random

import pytest
from lxml.html import tostring

from archiver.extraction import tree as tree_module
from archiver.extraction.tree import parse

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


def test_a_page_in_another_encoding_becomes_the_same_tree() -> None:
    page = "<p>Fähre nach Ærø"

    assert tostring(parse(page.encode())) == tostring(parse(page.encode("cp1252"), "windows-1252"))


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
