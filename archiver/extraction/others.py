"""What is of other articles than the page's, however much it looks like more of it.

Where another begins, a page says: by a headline of its own, or by a heading that announces other
pages. How much there is of it does not matter then.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate

from archiver.extraction.blocks import HEADINGS
from archiver.extraction.containers import WHOLE, Container
from archiver.extraction.onward import ONWARD
from archiver.extraction.view import View

_MIN_BEFORE = 500  # letters of text before a section that announces other pages
_LEAST_OWN = 3  # one part in so many of the text is in the article that the headline is of
_TOP = 3  # blocks of an article among which its headline is
# Nothing but an announcement: "Related conditions" is a heading of the text.
_ONWARD = re.compile(
    rf"^\W*(?:{ONWARD})(?:\W+(?:stories|articles|content|news|coverage|posts|reading|links|"
    r"auch interessieren))?\W*$",
    re.IGNORECASE,
)


def others_in(view: View, kept: Sequence[bool]) -> dict[int, str]:
    """Return why blocks of *view* are of no concern to its article, by their indices.

    *kept* says which of them would be its text.
    """
    found = dict.fromkeys(_within(view, kept, _announced(view, kept)), "after the article")
    return found | dict.fromkeys(_within(view, kept, _articles(view, kept)), "another article")


def _within(view: View, kept: Sequence[bool], elements: Sequence[Container]) -> Iterator[int]:
    """Yield which of the *kept* blocks lie in one of *elements*."""
    among = set(elements)
    for at, block in enumerate(view.blocks if among else ()):
        here: Container | None = block.container if kept[at] else None
        while here is not None and here not in among:
            here = here.parent
        if here is not None:
            yield at


def _announced(view: View, kept: Sequence[bool]) -> list[Container]:
    """Return the elements that begin with a heading that announces other pages.

    Only those are looked for that stand below the page's headline and enough text.
    """
    if view.headline is None:
        return []
    sizes = (line.length * is_kept for line, is_kept in zip(view.lines, kept, strict=True))
    found = []
    for at, (block, until) in enumerate(zip(view.blocks, accumulate(sizes), strict=True)):
        is_below = at > view.headline and until >= _MIN_BEFORE
        if is_below and block.tag in HEADINGS and _ONWARD.match(block.text):
            section = _section(block.container)
            found += [section] if section else []
    return found


def _section(heading: Container) -> Container | None:
    """Return the smallest element that begins with *heading* and has more than it."""
    here = heading
    while (outer := here.parent) and outer.tag not in WHOLE and outer.first == here.first:
        if outer.after > here.after:
            return outer
        here = outer
    return None


def _articles(view: View, kept: Sequence[bool]) -> list[Container]:
    """Return the `article` elements below that of the headline which begin with an `h1`.

    None where the headline's has little of the text, or lies in another: then they may be the
    chapters of a long read, or the entries of a live blog.
    """
    own = None if view.headline is None else _article_around(view.blocks[view.headline].container)
    if view.headline is None or own is None or _article_around(own.parent):
        return []
    heads = (block for block in view.blocks[view.headline + 1 :] if block.tag == "h1")
    around = dict.fromkeys(_article_headed(block.container) for block in heads)
    others = [each for each in around if each and each.first >= own.after]
    if not others:
        return []
    whole = sum(line.length for line, is_kept in zip(view.lines, kept, strict=True) if is_kept)
    inside = sum(view.lines[at].length for at in _within(view, kept, [own]))
    return others if inside * _LEAST_OWN >= whole else []


def _article_headed(heading: Container) -> Container | None:
    """Return the `article` that *heading* is at the top of, not in one of its asides."""
    here: Container | None = heading
    while here is not None and here.tag not in ("article", "aside"):
        here = here.parent
    is_headed = here is not None and here.tag == "article" and heading.first < here.first + _TOP
    return here if is_headed else None


def _article_around(container: Container | None) -> Container | None:
    here = container
    while here is not None and here.tag != "article":
        here = here.parent
    return here
