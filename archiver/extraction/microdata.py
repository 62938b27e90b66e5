"""What a page says of itself in microdata: the properties that `itemprop` names."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from lxml.etree import XPath
from lxml.html import HtmlElement

from archiver.extraction.tree import owners_of

_MAX_ELEMENTS = 2000
_MARKED = XPath("//@itemprop")


def properties_of(tree: HtmlElement, name: str) -> Iterator[HtmlElement]:
    """Yield the elements of *tree* whose `itemprop` holds *name*, in lower case, but `meta`."""
    for element in islice(owners_of(_MARKED, tree), _MAX_ELEMENTS):
        names = (element.get("itemprop") or "").lower().split()
        if name in names and element.tag not in ("meta", "link"):
            yield element


def values_of(tree: HtmlElement, name: str) -> Iterator[str]:
    """Yield the values of the property *name*: machine-readable ones, or else the text."""
    for element in properties_of(tree, name):
        value = element.get("datetime") or element.get("content") or element.text
        if value and value.strip():
            yield value
