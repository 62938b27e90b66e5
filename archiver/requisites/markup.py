"""What the elements of a page name; the reading of HTML is libxml2's.

The page is read as a stream of tags: no tree is built, and no depth of elements is too deep.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress

from lxml.etree import HTMLParser, LxmlError, fromstring

from archiver.requisites.css import names_in_css
from archiver.requisites.requisite import Kind, Named
from archiver.requisites.srcset import urls_of_srcset

# Which attributes name something to be fetched: HTML's own, and those from which the scripts
# of many sites fill in `src` once a picture comes into view.
_LAZY = ("data-src", "data-lazy-src", "data-original")
_CHOICES = ("srcset", "data-srcset", "data-lazy-srcset", "imagesrcset")
_PARTS = {
    "img": ("src", *_LAZY),
    "source": _LAZY,  # its src is a film or a sound
    "video": ("poster",),
    "input": ("src",),
    "image": ("href", "xlink:href"),
    "use": ("href", "xlink:href"),
    "feimage": ("href", "xlink:href"),
}
_WITH_CHOICES = ("img", "source", "link")
_RELATIONS: dict[str, Kind] = {
    "stylesheet": "stylesheet",
    "modulepreload": "script",
    "icon": "part",
    "apple-touch-icon": "part",
    "apple-touch-icon-precomposed": "part",
    "mask-icon": "part",
}
_PRELOADED: dict[str, Kind] = {
    "style": "stylesheet",
    "script": "script",
    "font": "part",
    "image": "part",
}
# What a script is to fill in, and no URL.
_TEMPLATE = re.compile(r"[\s{}<>]")
# Quirk: libxml2 takes `<html lang="en" />` for a whole document and drops what follows.
_EMPTY_HTML = re.compile(r"(<html\b[^<>]{0,1000}?)/>", re.IGNORECASE)
_HEAD = 4096  # characters in which that is looked for


class Markup:
    """What one page names. *base* is the first `base` that it declares, None if it has none."""

    def __init__(self, text: str) -> None:
        self.base: str | None = None
        self.names: list[Named] = []
        self._style: list[str] | None = None  # the pieces of the `style` that is being read
        octets = _prepared(text).encode("utf-8", "replace")
        # Its stubs would have us take octets and comments, which a target need not.
        parser = HTMLParser(target=self, encoding="utf-8")  # type: ignore[arg-type]
        with suppress(LxmlError):  # what was named before a page broke off is named
            fromstring(octets, parser)

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Take in the beginning of an element."""
        self.names += _names_of(tag, attributes)
        if tag == "base" and self.base is None:
            self.base = attributes.get("href")
        if tag == "style" and attributes.get("type", "text/css").strip().lower() == "text/css":
            self._style = []

    def data(self, text: str) -> None:
        """Take in text."""
        if self._style is not None:
            self._style.append(text)

    def end(self, tag: str) -> None:
        """Take in the end of an element."""
        if tag == "style" and self._style is not None:
            self.names += names_in_css("".join(self._style))
            self._style = None

    def close(self) -> None:
        """Take in the end of the page."""


def _prepared(text: str) -> str:
    head = _EMPTY_HTML.sub(r"\1>", text[:_HEAD], count=1)
    return head + text[_HEAD:]


def _names_of(tag: str, attributes: Mapping[str, str]) -> Iterator[Named]:
    if not attributes:
        return
    if tag == "link":
        yield from _names_of_link(attributes)
    elif tag == "script" and "src" in attributes:
        yield Named(attributes["src"], "script")
    elif tag in _PARTS and not (tag == "input" and _token(attributes, "type") != "image"):
        yield from _parts(tag, attributes)
    if tag in _WITH_CHOICES:
        for name in _CHOICES:
            yield from (Named(url, "choice") for url in urls_of_srcset(attributes.get(name, "")))
    if "background" in attributes:
        yield Named(attributes["background"], "part")
    if "style" in attributes:
        yield from names_in_css(attributes["style"])


def _parts(tag: str, attributes: Mapping[str, str]) -> Iterator[Named]:
    for name in _PARTS[tag]:
        value = attributes.get(name)
        if value and not (name in _LAZY and _TEMPLATE.search(value.strip())):
            yield Named(value, "part")


def _names_of_link(attributes: Mapping[str, str]) -> Iterator[Named]:
    reference = attributes.get("href")
    relations = attributes.get("rel", "").lower().split()
    if not reference:
        return
    if "preload" in relations and (kind := _PRELOADED.get(_token(attributes, "as"))):
        yield Named(reference, kind)
    for relation in relations:
        if relation in _RELATIONS:
            yield Named(reference, _RELATIONS[relation])


def _token(attributes: Mapping[str, str], name: str) -> str:
    return attributes.get(name, "").strip().lower()
