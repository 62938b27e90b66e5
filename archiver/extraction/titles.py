"""The headline of a page, as its reader sees it, without the name of the site.

Pages name themselves up to five times: JSON-LD, Open Graph, `title` and `h1`. The `h1` is
what the reader sees, but pages have several, some of them logos, so it must agree with one
of the others; these in turn are written for search engines and carry the site's name.
Since it has a column of its own, it goes where the text begins with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import islice

from lxml.html import HtmlElement

from archiver.extraction.linked_data import Node, strings_of
from archiver.extraction.meta_tags import MetaTags
from archiver.text import normalise_line
from archiver.urls import host_of

# An ideograph is a word of its own; an underscore separates, as on Chinese pages.
_IDEOGRAPHS = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_WORD = re.compile(f"[{_IDEOGRAPHS}]|[^\\W_{_IDEOGRAPHS}]+")
_SEPARATOR = re.compile(r"\s+(?:[|\u2013\u2014:·»«•~/-]|::)\s+|\s*[|»_]\s*")
_MAX_CHARS = 1000  # before normalisation; what is longer is no title
_MAX_LINES = 8  # of a kind
_MIN_AGREEMENT = 0.5  # of the words of both
_MAX_SITE_WORDS = 4
_MIN_TITLE_WORDS = 3


def title_of(
    tree: HtmlElement, meta: MetaTags, article: Node | None, sitename: str | None, url: str | None
) -> str | None:
    """Return the title of the page, or None when it has none."""
    site = _Site(sitename, url)
    written = _lines(strings_of(article, "headline") if article else [])
    written += _lines(meta.all("og:title", "twitter:title"))
    named = _lines(_texts(tree, "title")[:1])
    headings = [line for line in _lines(_texts(tree, "h1")) if not site.is_named_by(line)]
    heading = _agreed(headings, written + named, site)
    if heading is not None:
        return _without_kicker(heading, written)
    for text in written:
        return site.cut_from(text)
    if len(headings) == 1 and len(_words(headings[0])) >= _MIN_TITLE_WORDS:
        return headings[0]
    for text in named:
        return site.cut_from(text, is_sure=True)
    return next(iter(headings), None)


def without_headline(text: str, title: str | None) -> str:
    """Return the normalised *text* without its first paragraph, where that is the *title*."""
    first, _, rest = text.partition("\n\n")
    return rest if rest and title and _words(first) == _words(title) else text


class _Site:
    """The names that a site goes by in its own titles."""

    def __init__(self, sitename: str | None, url: str | None) -> None:
        self._name = _without_the(" ".join(_words(sitename or "")))
        self._host = re.sub(r"\W", "", (host_of(url or "") or "").removeprefix("www."))

    def is_named_by(self, text: str) -> bool:
        """Say whether *text* is this site's name, part of it, or it and a word or two."""
        words = _words(text)
        name = _without_the(" ".join(words))
        if not words or f" {name} " in f" {self._name} ":
            return True
        if self._name and len(words) <= _MAX_SITE_WORDS and f" {self._name} " in f" {name} ":
            return True
        return len(name) > 3 and name.replace(" ", "") in self._host

    def cut_from(self, title: str, is_sure: bool = False) -> str:
        """Return *title* without this site's name before or after a separator.

        *is_sure* says that the title ends with some such name, so that a short last part
        is one even where it is none that we know.
        """
        rest = title
        while parts := list(_SEPARATOR.finditer(rest)):
            first, last = parts[0], parts[-1]
            tail = rest[last.end() :]
            is_short = len(_words(tail)) <= _MAX_SITE_WORDS
            is_left = len(_words(rest[: last.start()])) >= _MIN_TITLE_WORDS
            if self.is_named_by(tail) or (is_sure and is_short and is_left):
                rest = rest[: last.start()]
            elif self.is_named_by(rest[: first.start()]):
                rest = rest[first.end() :]
            else:
                break
        return rest or title


def _agreed(headings: list[str], claims: list[str], site: _Site) -> str | None:
    """Return the heading that agrees best with one of *claims*, or None if none does."""
    claims = claims + [site.cut_from(claim, is_sure=True) for claim in claims]
    best, best_agreement = None, 0.0
    for heading in headings:
        agreement = max((_agreement(heading, claim) for claim in claims), default=0.0)
        if agreement >= _MIN_AGREEMENT and agreement > best_agreement:
            best, best_agreement = heading, agreement
    return best


def _agreement(heading: str, claim: str) -> float:
    ours, theirs = _words(heading), _words(claim)
    if not ours or not theirs:
        return 0.0
    if len(ours) >= _MIN_TITLE_WORDS and f" {' '.join(ours)} " in f" {' '.join(theirs)} ":
        return 1.0
    return len(set(ours) & set(theirs)) / len(set(ours) | set(theirs))


def _without_kicker(heading: str, claims: list[str]) -> str:
    # "Politics | Council votes for bridge", where JSON-LD has only what follows the bar.
    words = _words(heading)
    for claim in claims:
        theirs = _words(claim)
        if 0 < len(words) - len(theirs) <= _MAX_SITE_WORDS and words[-len(theirs) :] == theirs:
            return claim
    return heading


def _texts(tree: HtmlElement, tag: str) -> list[str]:
    return [" ".join(" ".join(element.itertext()).split()) for element in tree.iter(tag)]


def _lines(texts: Iterable[str]) -> list[str]:
    lines = (normalise_line(text) for text in texts if len(text) <= _MAX_CHARS)
    return list(islice(filter(None, lines), _MAX_LINES))


def _without_the(name: str) -> str:
    return name.removeprefix("the ")


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())
