"""Where a page leads: its links, and the relations that it declares.

An address that scripts would make, and a next page that only looks like one, are not guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from lxml.etree import iterwalk
from lxml.html import HtmlElement

from archiver.discovery.announced import MOST, one_line
from archiver.discovery.base import Base

_FEED_TYPES = (
    "application/rss+xml",
    "application/atom+xml",
    "application/feed+json",
    "application/rdf+xml",
)
# Types of feeds and of much else, so that the address has to tell.
_OTHER_TYPES = ("application/json", "application/xml", "text/xml")
_NAMES_A_FEED = re.compile(r"feed|rss|atom", re.IGNORECASE)
_OBVIOUS_FEED = re.compile(
    r"(?:/(?:feed|rss|atom)/?|\.(?:rss|atom)|(?:feed|rss|atom)\.xml|/index\.xml|/feed\.json)\Z",
    re.IGNORECASE,
)
_MOST_DECLARED = 1000  # addresses of one relation; more are no page's own
_STEPS = 200  # tags in a link after which its text is not read; most have fewer than ten


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A URL that a page links to; *is_nofollow* where each link to it says so."""

    url: str
    text: str
    is_nofollow: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """Where a page leads, each URL once, in the order of the page.

    *canonical* is the page's own URL as it prefers it (RFC 6596), *amp* its version in AMP,
    *following* the next page of what it is a part of. *left_out* is how many links were left
    out, where there are too many.
    """

    pages: tuple[Link, ...]
    feeds: tuple[str, ...]
    canonical: str | None
    amp: str | None
    following: str | None
    sitemaps: tuple[str, ...]
    left_out: int


def links_of(tree: HtmlElement, url: str) -> Links:
    """Return where the page in *tree*, which was fetched from *url*, leads by HTTP."""
    base = Base(url)
    for element in tree.iter("base"):
        if element.get("href") is not None:  # the first alone counts (HTML, 4.2.3)
            base = base.moved(element.get("href"))
            break
    declared = list(_declared(tree))
    anchors = _Anchors(tree, base)
    canonical = _related(declared, "canonical", base)
    following = [*_related(declared, "next", base), *anchors.following]
    return Links(
        pages=anchors.pages(),
        feeds=tuple(_feeds(declared, base) or filter(_is_feed, anchors.urls())),
        canonical=canonical[0] if len(canonical) == 1 else None,  # two contradict each other
        amp=next(iter(_related(declared, "amphtml", base)), None),
        following=next(iter(following), None),
        sitemaps=tuple(_related(declared, "sitemap", base)),
        left_out=anchors.left_out,
    )


class _Declared(NamedTuple):
    """A `link` element."""

    relations: frozenset[str]
    media_type: str
    reference: str


def _declared(tree: HtmlElement) -> Iterator[_Declared]:
    for element in islice(tree.iter("link"), MOST):
        reference = element.get("href")
        if reference:
            media_type = (element.get("type") or "").partition(";")[0].strip().lower()
            yield _Declared(_relations(element), media_type, reference)


def _relations(element: HtmlElement) -> frozenset[str]:
    return frozenset((element.get("rel") or "").lower().split())


def _related(declared: Iterable[_Declared], relation: str, base: Base) -> list[str]:
    references = (one.reference for one in declared if relation in one.relations)
    return _each_once(references, base)


def _feeds(declared: Iterable[_Declared], base: Base) -> list[str]:
    references = (
        one.reference
        for one in declared
        if "alternate" in one.relations
        and (
            one.media_type in _FEED_TYPES
            or (one.media_type in _OTHER_TYPES and _NAMES_A_FEED.search(one.reference))
        )
    )
    return _each_once(references, base)


def _each_once(references: Iterable[str], base: Base) -> list[str]:
    urls = map(base.resolved, islice(references, _MOST_DECLARED))
    return list(dict.fromkeys(url for url in urls if url))


def _is_feed(url: str) -> bool:
    return bool(_OBVIOUS_FEED.search(url.partition("?")[0]))


class _Anchors:
    """The `a` and `area` elements of a page."""

    def __init__(self, tree: HtmlElement, base: Base) -> None:
        self.following: list[str] = []
        self.left_out = 0
        self._base = base
        self._urls: dict[str, str | None] = {}  # by reference, as far as any was looked at
        self._texts: dict[str, str] = {}
        self._followed: set[str] = set()  # by a link without `nofollow`
        for element in tree.iter("a", "area"):
            reference = element.get("href")
            if reference:
                self._add(element, reference)

    def urls(self) -> Iterable[str]:
        """Return where they lead."""
        return self._texts

    def pages(self) -> tuple[Link, ...]:
        """Return them as links."""
        return tuple(
            Link(url=url, text=text, is_nofollow=url not in self._followed)
            for url, text in self._texts.items()
        )

    def _add(self, element: HtmlElement, reference: str) -> None:
        if reference not in self._urls:
            if len(self._texts) >= MOST or len(self._urls) >= 2 * MOST:
                self.left_out += 1
                return
            self._urls[reference] = self._base.resolved(reference)
        url = self._urls[reference]
        if url is None:
            return
        if not self._texts.get(url):
            self._texts[url] = _text_of(element)
        relations = _relations(element)
        if "nofollow" not in relations:
            self._followed.add(url)
        if "next" in relations:
            self.following.append(url)


def _text_of(element: HtmlElement) -> str:
    if element.tag == "area":
        return one_line(element.get("alt") or "") or ""
    pieces = [element.text or ""]
    if len(element):  # elements may lie within links within links: none is read to its end
        for event, inner in islice(iterwalk(element, events=("start", "end")), 1, _STEPS):
            if inner is not element:
                pieces.append((inner.text if event == "start" else inner.tail) or "")
    return one_line("".join(pieces)) or ""
