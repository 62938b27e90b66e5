"""The headings of a page, and which of them may be its headline.

Logos, breadcrumbs and the headings of what surrounds the story are none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice

from lxml.html import HtmlElement

from archiver.extraction.letters import words_of
from archiver.text import normalise_line

_MAX_CHARS = 1000  # before normalisation; what is longer is no title
_MAX_HEADINGS = 20  # of a rank
_MAX_TEXTS = 50  # of one heading
_MAX_ELEMENTS = 1500
_MAX_MARKS = 300
_ABOVE = 3  # elements around a heading whose names say what it is
_LOGO_ABOVE = 2
_SAME = 0.8  # of the words of both

_LOGO = re.compile(r"logo|site-?title|site-?name|site-brand|navbar-brand|masthead", re.IGNORECASE)
_CRUMB = re.compile(r"bread|(?<![a-z])seo", re.IGNORECASE)
_ASIDE = re.compile(
    r"comment|related|sidebar|widget|newsletter|screen-?reader|modal|popup|(?<![a-z])hidden|menu",
    re.IGNORECASE,
)
_TITLED = re.compile(r"headline|title", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Heading:
    """The normalised *text* of one heading, and what its markup makes of it.

    The *endings* are the text without its first elements, of which one may be a kicker.
    """

    element: HtmlElement
    text: str
    endings: tuple[str, ...]

    @property
    def is_logo(self) -> bool:
        """Say whether this is the name of the site."""
        return bool(_LOGO.search(self._marks_around(_LOGO_ABOVE)))

    @property
    def is_crumb(self) -> bool:
        """Say whether this stands in a breadcrumb, or is set for search engines."""
        return self._is_in("nav", "li") or bool(_CRUMB.search(self._marks_around(_ABOVE)))

    @property
    def is_aside(self) -> bool:
        """Say whether this is the heading of something else, or unseen."""
        return self._is_in("aside", "footer") or bool(_ASIDE.search(self._marks_around(_ABOVE)))

    @property
    def is_titled(self) -> bool:
        """Say whether this is called a title."""
        return bool(_TITLED.search(self._marks_around(0)))

    def _is_in(self, *tags: str) -> bool:
        return any(each.tag in tags for each in _around(self.element, _ABOVE))

    def _marks_around(self, above: int) -> str:
        return " ".join(map(_marks, _around(self.element, above)))


class Headings:
    """The headings of the page in *tree*, read when they are first asked for."""

    def __init__(self, tree: HtmlElement) -> None:
        self.tree = tree
        self._found: dict[tuple[str, ...], list[Heading]] = {}

    def of(self, *tags: str) -> list[Heading]:
        """Return the first headings of the ranks *tags*, in order."""
        if tags not in self._found:
            self._found[tags] = list(_headings_in(self.tree, tags))
        return self._found[tags]


def agreement(ours: list[str], theirs: list[str]) -> float:
    """Return how much of two lists of words is in both, from 0 to 1."""
    both = set(ours) | set(theirs)
    return len(set(ours) & set(theirs)) / len(both) if both else 0.0


def heading_of(headings: Headings, title: str | None) -> HtmlElement | None:
    """Return the heading that says *title*, else the first of the highest rank, or None."""
    wanted = words_of(title or "")
    for tag in ("h1", "h2", "h3"):
        for heading in headings.of(tag):
            theirs = words_of(heading.text)
            if wanted and (theirs == wanted or agreement(theirs, wanted) >= _SAME):
                return heading.element
    called = _called_title(headings.tree, wanted)
    return called if called is not None else next(headings.tree.iter("h1"), None)


def _called_title(tree: HtmlElement, wanted: list[str]) -> HtmlElement | None:
    """Return what is no heading to HTML, but says the title and is called so."""
    if not wanted:
        return None
    for element in islice(tree.iter("div", "span", "p", "strong", "a", "h4"), _MAX_ELEMENTS):
        if _TITLED.search(_marks(element)):
            text = "".join(islice(element.itertext(), _MAX_TEXTS))
            if len(text) <= _MAX_CHARS and words_of(text) == wanted:
                return element
    return None


def _headings_in(tree: HtmlElement, tags: tuple[str, ...]) -> Iterator[Heading]:
    for element in islice(tree.iter(*tags), _MAX_HEADINGS):
        parts = [part for part in islice(element.itertext(), _MAX_TEXTS) if part.strip()]
        is_short = sum(map(len, parts)) <= _MAX_CHARS
        line = normalise_line(" ".join(parts)) if is_short else None
        if line is not None:
            endings = tuple(" ".join(parts[start:]) for start in range(1, min(len(parts), 4)))
            yield Heading(element, line, endings)


def _around(element: HtmlElement, above: int) -> Iterator[HtmlElement]:
    return chain((element,), islice(element.iterancestors(), above))


def _marks(element: HtmlElement) -> str:
    return f"{element.get('class', '')[:_MAX_MARKS]} {element.get('id', '')[:_MAX_MARKS]}"
