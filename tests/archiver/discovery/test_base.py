"""References resolved by a shortcut, which nobody can tell from the long way."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.discovery.base import Base
from archiver.requisites.references import resolved

PAGE = "https://paper.example/town/story.html?page=1"

REFERENCES = [
    ("https://paper.example/a", "https://paper.example/a"),
    ("https://other.example/a?b=c", "https://other.example/a?b=c"),
    ("http://paper.example/a", "http://paper.example/a"),
    ("/a/b.html", "https://paper.example/a/b.html"),
    ("/a#part", "https://paper.example/a"),
    (" \n/a\t", "https://paper.example/a"),
    ("b.html", "https://paper.example/town/b.html"),
    ("../b.html", "https://paper.example/b.html"),
    ("?page=2", "https://paper.example/town/story.html?page=2"),
    ("//other.example/a", "https://other.example/a"),
    ("HTTPS://Other.Example/A", "https://other.example/A"),
    ("/fähre", "https://paper.example/f%C3%A4hre"),
    ("/a?q=fähre", "https://paper.example/a?q=f%C3%A4hre"),
    ("/a b", "https://paper.example/a%20b"),
    ("http://192.0.2.7:8080/a", "http://192.0.2.7:8080/a"),
    ("https://bücher.example/a", "https://xn--bcher-kva.example/a"),
    ("", None),
    ("#part", None),
    ("javascript:open()", None),
    ("mailto:desk@paper.example", None),
    ("data:text/html,a", None),
    ("tel:+1234567", None),
    ("ftp://paper.example/a", None),
    ("https://", None),
    ("https://[::1/a", None),
    ("https://paper.example:99999/a", None),
]


@pytest.mark.parametrize(("reference", "url"), REFERENCES)
def test_a_reference_means_a_url(reference: str, url: str | None) -> None:
    assert Base(PAGE).resolved(reference) == url


def test_a_url_is_as_long_as_servers_take() -> None:
    head = "https://paper.example/"

    assert Base(PAGE).resolved(head + "a" * (8000 - len(head))) is not None
    assert Base(PAGE).resolved(head + "a" * (8001 - len(head))) is None
    assert Base(PAGE).resolved("/" + "a" * 7990) is None
    assert Base(PAGE).resolved("/" + "ä" * 2000) is None
    assert Base(PAGE).resolved("a" * 10_000_000) is None


PIECES = st.sampled_from(
    [
        *("https:", "http:", "HTTPS:", "//", "/", "/", "a", "b.html", "B", ".", "..", "?", "&"),
        *(
            "=",
            ";",
            ":",
            "@",
            "%",
            "%41",
            "%zz",
            "%2e",
            "+",
            "~",
            "!",
            "'",
            "(",
            ")",
            "*",
            ",",
            "$",
        ),
        *(
            "[",
            "]",
            "|",
            "^",
            "{",
            "}",
            "<",
            ">",
            '"',
            "`",
            "\\",
            " ",
            "\t",
            "\n",
            "\r",
            "\0",
            "#",
        ),
        *(
            "ä",
            "Ω",
            "€",
            "\u00a0",
            "\u200b",
            "\u2028",
            "😀",
            "\ud800",
            "İ",
            "ß",
            "\uff11",
            "\ufb01",
        ),
        *("paper.example", "www.other.example", "xn--bcher-kva.example", "a" * 64 + ".example"),
        *("localhost", "192.0.2.7", "1.2", "0x7f.1", ":80", ":8080", ":0", ":099", ":65536", "-"),
        *("user@", "_", "a..b", "a-.example", "-a.example"),
    ]
)
BASES = st.sampled_from(
    [
        PAGE,
        "http://paper.example/",
        "https://paper.example",
        "https://paper.example/a//b/",
        "http://localhost:8080/a/b",
        "http://192.0.2.7/feed.xml",
        "https://paper.example/fähre/x?y=ä",
        "https://paper.example/a;b/c?d",
        "",
    ]
)


@given(st.lists(PIECES, max_size=8).map("".join), BASES)
@settings(max_examples=50, deadline=None)
def test_the_shortcut_leads_where_the_long_way_leads(reference: str, base: str) -> None:
    assert Base(base).resolved(reference) == resolved(reference, base)


@given(st.text(max_size=30), BASES)
@settings(max_examples=50, deadline=None)
def test_any_text_is_a_reference_to_a_url_or_to_none(reference: str, base: str) -> None:
    assert Base(base).resolved(reference) == resolved(reference, base)


def test_a_base_is_moved_by_what_is_relative_to_it() -> None:
    base = Base(PAGE)

    assert base.moved("../world/").url == "https://paper.example/world/"
    assert base.moved("../world/").moved("eu/x").url == "https://paper.example/world/eu/x"


@pytest.mark.parametrize("reference", [None, "", "#part", "mailto:desk@paper.example", PAGE])
def test_a_base_stays_where_nothing_moves_it(reference: str | None) -> None:
    base = Base(PAGE)

    assert base.moved(reference) is base
