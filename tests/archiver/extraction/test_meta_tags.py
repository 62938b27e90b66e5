from __future__ import annotations

from archiver.extraction.meta_tags import MetaTags
from archiver.extraction.tree import parse

PAGE = b"""<meta name="Author" content="A"><meta property="og:title dc.title" content="T">
<meta name="author" content=" "><meta content="x"><meta name="author" content="B">"""


def test_meta_elements_are_found_by_any_of_their_names() -> None:
    tree = parse(PAGE)
    assert tree is not None

    meta = MetaTags(tree)

    assert meta.all("author") == ["A", "B"]
    assert meta.all("dc.title", "og:title") == ["T", "T"]
    assert meta.first("author") == "A"
    assert meta.first("description") is None
