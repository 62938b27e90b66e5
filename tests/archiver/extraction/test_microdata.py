from __future__ import annotations

from archiver.extraction.microdata import properties_of, values_of
from archiver.extraction.tree import parse


def test_a_property_is_read_from_attributes_or_text() -> None:
    tree = parse(
        b"<meta itemprop='datePublished' content='1'><time itemprop='datePublished' datetime='2'>"
        b"x</time><p itemprop='dateModified datePublished'>3</p><p itemprop='datePublished'> </p>"
    )
    assert tree is not None

    assert list(values_of(tree, "datepublished")) == ["2", "3"]


def test_no_more_elements_are_read_than_a_page_can_need() -> None:
    tree = parse(b"<p itemprop='author'>x</p>" * 5000)
    assert tree is not None

    assert len(list(properties_of(tree, "author"))) == 2000
