from __future__ import annotations

from archiver.extraction.meta_tags import MetaTags, Relations
from archiver.extraction.tree import parse

PAGE = b"""<meta name="Author" content="A"><meta property="og:title dc.title" content="T">
<meta name="author" content=" "><meta content="x"><meta name="author" content="B">
<link rel="Canonical" href=" /a "><a rel="nofollow author" href="/b">B</a><a rel="author">C</a>
<a href="/c">D</a>"""


def test_meta_elements_are_found_by_any_of_their_names() -> None:
    tree = parse(PAGE)
    assert tree is not None

    meta = MetaTags(tree)

    assert meta.all("author") == ["A", "B"]
    assert meta.all("dc.title", "og:title") == ["T", "T"]
    assert meta.first("author") == "A"
    assert meta.first("description") is None


def test_links_are_found_by_each_word_of_their_relation() -> None:
    tree = parse(PAGE)
    assert tree is not None

    relations = Relations(tree)

    assert relations.addresses("canonical") == ["/a"]
    assert relations.addresses("author") == ["/b"]
    assert [element.text for element in relations.elements("author")] == ["B", "C"]
    assert relations.elements("license") == []
