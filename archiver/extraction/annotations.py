"""What the `rel` and `itemprop` of elements say, read in one pass for all that ask."""

from __future__ import annotations

from collections.abc import Iterator

from lxml.etree import XPath
from lxml.html import HtmlElement

from archiver.extraction.tree import owners_of

_MAX_ELEMENTS = 2000  # of a word
_MAX_WORDS = 200  # characters of an attribute
_ANNOTATED = XPath("//@rel | //@itemprop")
_RELATED = ("a", "link")
_DECLARING = ("meta", "link")  # which `MetaTags` has


class Annotations:
    """The links of one page by the words of their `rel`, its elements by those of `itemprop`.

    Words are in lower case, elements in their order.
    """

    def __init__(self, tree: HtmlElement) -> None:
        self._related: dict[str, list[HtmlElement]] = {}
        self._properties: dict[str, list[HtmlElement]] = {}
        for element in dict.fromkeys(owners_of(_ANNOTATED, tree)):
            if element.tag in _RELATED:
                _put(element, "rel", self._related)
            if element.tag not in _DECLARING:
                _put(element, "itemprop", self._properties)

    def links(self, relation: str) -> list[HtmlElement]:
        """Return the `link` and `a` elements whose `rel` holds *relation*."""
        return self._related.get(relation, [])

    def addresses(self, relation: str) -> list[str]:
        """Return where the elements lead whose `rel` holds *relation*."""
        hrefs = ((element.get("href") or "").strip() for element in self.links(relation))
        return list(filter(None, hrefs))

    def properties(self, name: str) -> list[HtmlElement]:
        """Return the elements whose `itemprop` holds *name*, but `meta` and `link`."""
        return self._properties.get(name, [])

    def values(self, name: str) -> Iterator[str]:
        """Yield the values of the property *name*: machine-readable ones, or else the text."""
        for element in self.properties(name):
            value = element.get("datetime") or element.get("content") or element.text
            if value and value.strip():
                yield value


def _put(element: HtmlElement, attribute: str, elements: dict[str, list[HtmlElement]]) -> None:
    for word in dict.fromkeys((element.get(attribute) or "")[:_MAX_WORDS].lower().split()):
        marked = elements.setdefault(word, [])
        if len(marked) < _MAX_ELEMENTS:
            marked.append(element)
