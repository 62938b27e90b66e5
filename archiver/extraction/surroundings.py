"""What lies around a headline, where a page says who wrote it and when.

What belongs to something else, a comment, a caption or another story, is left out, and every
walk has an end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property, lru_cache
from itertools import chain, islice

from lxml.html import HtmlElement

_MAX_SOON = 30  # elements after the headline
_MAX_LATER = 120
_MAX_BEFORE = 80
_MAX_SIBLINGS = 12  # before the headline, and before each of what it lies in
_MAX_LEVELS = 8
_MAX_LEVELS_BEFORE = 4
_MAX_ANCESTORS = 12
_MAX_MARKS = 300
_MAX_PARTS = 16  # of text in one element
_MAX_TEXT = 160
_MAX_RAW = 400

# Words in the names of classes, whole ones: "commentary" is none, "relatedStories" has one.
_WORD = r"(?:(?<![A-Za-z])|(?<=[a-z])(?=[A-Z]))"
_APART = re.compile(
    rf"{_WORD}(?:[Cc]omments?(?!ary)|[Rr]elated|[Rr]ecommend\w*|[Tt]easers?|[Tt]weet|[Nn]ewsletter|"
    r"[Pp]opular|[Tt]rending|[Ll]atest|[Cc]arousel|[Nn]av|[Mm]enu|[Uu]pcoming|"
    r"[Ff]ooter|[Cc]opyright|[Rr]epl(?:y|ies)|[Dd]isqus|[Mm]ost-?[Rr]ead|[Rr]espond|[Ee]vents?|"
    r"(?:[Ii]mage|[Ii]mg|[Pp]hoto|[Pp]icture|wp|[Mm]edia|[Vv]ideo|[Ss]lide)[-_]*[Cc]aption)(?![a-z])"
)
_FAR = re.compile(
    rf"{_WORD}(?:[Ss]idebar|[Cc]ards?|[Ww]idgets?|[Pp]romos?|[Mm]ore|[Ll]ists?(?:ing)?|[Ii]tems?|"
    r"[Ss]earch|[Cc]aption|[Tt]icker)(?![a-z])"
)
_APART_TAGS = frozenset(
    ("figure", "figcaption", "blockquote", "nav", "footer", "script", "style", "noscript",
     "button", "form", "select", "table", "svg", "iframe", "title", "head", "template", "q")
)  # fmt: skip


class Surroundings:
    """What lies around one *heading*; nothing around None."""

    def __init__(self, heading: HtmlElement | None) -> None:
        self.heading = heading
        self._after = iter(()) if heading is None else _after(heading)
        self.soon = list(islice(self._after, _MAX_SOON))

    @cached_property
    def before(self) -> list[HtmlElement]:
        """The elements before the heading, in the nearest of what it lies in."""
        return [] if self.heading is None else list(islice(_before(self.heading), _MAX_BEFORE))

    @cached_property
    def later(self) -> list[HtmlElement]:
        """The elements that come after those that come soon."""
        return list(islice(self._after, _MAX_LATER))


def is_foreign(element: HtmlElement, heading: HtmlElement | None) -> bool:
    """Say whether *element* belongs to something else than what *heading* is over."""
    ours = set() if heading is None else set(heading.iterancestors())
    for above in islice(chain((element,), element.iterancestors()), _MAX_ANCESTORS):
        if above in ours:
            return False
        if _is_apart(above) or _is_called_far(marks_of(above)):
            return True
    return False


def marks_of(element: HtmlElement) -> str:
    """Return the class and the id of *element*."""
    return f"{element.get('class', '')[:_MAX_MARKS]} {element.get('id', '')[:_MAX_MARKS]}"


def short_text_of(element: HtmlElement) -> str:
    """Return the text of *element* in one line, or nothing where it is longer than a byline."""
    parts = list(islice(element.itertext(), _MAX_PARTS + 1))
    if len(parts) > _MAX_PARTS or sum(map(len, parts)) > _MAX_RAW:
        return ""
    text = " ".join(" ".join(parts).split())
    return text if len(text) <= _MAX_TEXT else ""


def _after(heading: HtmlElement) -> Iterator[HtmlElement]:
    yield from _own(heading)
    element = heading
    for _ in range(_MAX_LEVELS):
        for sibling in element.itersiblings():
            yield from _own(sibling)
        parent = element.getparent()
        if parent is None or parent.tag == "body":
            return
        element = parent


def _before(heading: HtmlElement) -> Iterator[HtmlElement]:
    element = heading
    for _ in range(_MAX_LEVELS_BEFORE):
        for sibling in islice(element.itersiblings(preceding=True), _MAX_SIBLINGS):
            yield from islice(_own(sibling), _MAX_SIBLINGS)
        parent = element.getparent()
        if parent is None or parent.tag == "body":
            return
        element = parent


def _own(element: HtmlElement) -> Iterator[HtmlElement]:
    """Yield *element* and what lies in it, but for what belongs to something else."""
    left = [element]
    while left:
        current = left.pop()
        if not _is_apart(current):
            yield current
            left.extend(reversed(current))


def _is_apart(element: HtmlElement) -> bool:
    return element.tag in _APART_TAGS or _is_called_apart(marks_of(element))


# The elements of a page have few names between them.
@lru_cache(maxsize=10_000)
def _is_called_apart(marks: str) -> bool:
    return _APART.search(marks) is not None


@lru_cache(maxsize=10_000)
def _is_called_far(marks: str) -> bool:
    return _FAR.search(marks) is not None
