"""The headings of a page, and which of them may be its headline.

Logos, breadcrumbs and the headings of what surrounds the story are none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from lxml.html import HtmlElement

from archiver.extraction.letters import words_of
from archiver.text import normalise_line

_MAX_CHARS = 1000  # before normalisation; what is longer is no title
_MAX_HEADINGS = 20  # of a rank
_MAX_TEXTS = 50  # of one heading
_MAX_ELEMENTS = 1500
_MAX_MARKS = 300
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
    A crumb is set for search engines; an aside is the heading of something else, or unseen.
    """

    element: HtmlElement
    text: str
    endings: tuple[str, ...]
    is_logo: bool
    is_crumb: bool
    is_aside: bool
    is_titled: bool


def agreement(ours: list[str], theirs: list[str]) -> float:
    """Return how much of two lists of words is in both, from 0 to 1."""
    both = set(ours) | set(theirs)
    return len(set(ours) & set(theirs)) / len(both) if both else 0.0


def headings_of(tree: HtmlElement, *tags: str) -> Iterator[Heading]:
    """Yield the first headings in *tree* of the ranks *tags*, in order."""
    for element in islice(tree.iter(*tags), _MAX_HEADINGS):
        parts = [part for part in islice(element.itertext(), _MAX_TEXTS) if part.strip()]
        is_short = sum(map(len, parts)) <= _MAX_CHARS
        line = normalise_line(" ".join(parts)) if is_short else None
        if line is not None:
            endings = tuple(" ".join(parts[start:]) for start in range(1, min(len(parts), 4)))
            yield _heading(element, line, endings)


def heading_of(tree: HtmlElement, title: str | None) -> HtmlElement | None:
    """Return the heading that says *title*, else the first of the highest rank, or None."""
    wanted = words_of(title or "")
    for tag in ("h1", "h2", "h3"):
        for heading in headings_of(tree, tag):
            theirs = words_of(heading.text)
            if wanted and (theirs == wanted or agreement(theirs, wanted) >= _SAME):
                return heading.element
    called = _called_title(tree, wanted)
    return called if called is not None else next(tree.iter("h1"), None)


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


def _heading(element: HtmlElement, text: str, endings: tuple[str, ...]) -> Heading:
    above = [element, *islice(element.iterancestors(), 3)]
    own = _marks(element)
    marks = " ".join(map(_marks, above))
    tags = {each.tag for each in above}
    return Heading(
        element=element,
        text=text,
        endings=endings,
        is_logo=bool(_LOGO.search(" ".join(map(_marks, above[:3])))),
        is_crumb=bool(tags & {"nav", "li"} or _CRUMB.search(marks)),
        is_aside=bool(tags & {"aside", "footer"} or _ASIDE.search(marks)),
        is_titled=bool(_TITLED.search(own)),
    )


def _marks(element: HtmlElement) -> str:
    return f"{element.get('class', '')[:_MAX_MARKS]} {element.get('id', '')[:_MAX_MARKS]}"
