from __future__ import annotations

from archiver.extraction.annotations import Annotations
from archiver.extraction.tree import parse

LINKS = b"""<link rel="Canonical" href=" /a "><a rel="nofollow author" href="/b">B</a>
<a rel="author">C</a><a href="/c">D</a><p rel="license">E</p>"""


def annotated(page: bytes) -> Annotations:
    tree = parse(page)
    assert tree is not None
    return Annotations(tree)


def test_links_are_found_by_each_word_of_their_relation() -> None:
    found = annotated(LINKS)

    assert found.addresses("canonical") == ["/a"]
    assert found.addresses("author") == ["/b"]
    assert [element.text for element in found.links("author")] == ["B", "C"]
    assert found.links("license") == []


def test_a_property_is_read_from_attributes_or_text() -> None:
    found = annotated(
        b"<meta itemprop='datePublished' content='1'><time itemprop='datePublished' datetime='2'>"
        b"x</time><p itemprop='dateModified datePublished'>3</p><p itemprop='datePublished'> </p>"
    )

    assert list(found.values("datepublished")) == ["2", "3"]


def test_an_element_may_have_both() -> None:
    found = annotated(b"<a rel='author' itemprop='author' href='/b'>B</a>")

    assert [element.text for element in found.links("author")] == ["B"]
    assert [element.text for element in found.properties("author")] == ["B"]


def test_of_an_attribute_of_great_length_only_the_beginning_is_read() -> None:
    many = " ".join(f"w{at}" for at in range(100_000))

    assert len(annotated(f"<p itemprop='{many} author'>x</p>".encode()).properties("author")) == 0


def test_no_more_elements_are_read_than_a_page_can_need() -> None:
    assert len(annotated(b"<p itemprop='author'>x</p>" * 5000).properties("author")) == 2000
