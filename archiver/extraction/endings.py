"""What follows an article as if it were part of it: who wrote it, who should pay, what to read.

Each ending is looked for from below, and what is taken for one is never most of the text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from archiver.extraction.blocks import HEADINGS
from archiver.extraction.letters import words_of
from archiver.extraction.onward import ONWARD
from archiver.extraction.view import View

_MAX_SHARE = 4  # an ending has at most one part in so many of the text
_LITTLE = 12  # what follows an announcement of other pages has one part in so many
_SHORT = 10  # words
_MAX_APPEAL = 150  # words of a section
_LAST = 3  # kept blocks among which a biography is looked for
_NEAR = 2  # blocks after a section in which its button is looked for

# What asks to give, and is linked.
_BUTTON = re.compile(
    r"^\W*(?:give|donate|make a (?:gift|donation|contribution)|support|pledge|contribute|"
    r"join|become a (?:member|supporter)|subscribe|sign up|spenden|jetzt abonnieren|"
    r"faire un don|s'abonner|suscr[ií]b\w+|поддержать)\b",
    re.IGNORECASE,
)
_STOP = re.compile(
    rf"^\W*(?:close\W+)?(?:x\W+)?(?:{ONWARD}|cite this\b|the rest of this article\b|"
    r"about the authors?\b|sign up\b|our newsletter)",
    re.IGNORECASE,
)
_ABOUT = re.compile(
    r"\b(?:covers|reports|writes|is an?|is the|was an?|joined|works|has (?:been|covered|worked)|"
    r"can be reached|schreibt|berichtet|ist (?:redakteur|reporter)|est (?:journaliste|un))\b",
    re.IGNORECASE,
)


def endings_in(
    view: View, reasons: Sequence[str | None], authors: Sequence[str]
) -> dict[int, str]:
    """Return why blocks at the end of a text are none of it, by their indices.

    *reasons* has None for the blocks of *view* that are kept so far, *authors* are the page's.
    """
    kept = [at for at, reason in enumerate(reasons) if reason is None]
    lengths = np.asarray([view.lines[at].length for at in kept])
    if not kept:
        return {}
    least = int(lengths.sum()) // _MAX_SHARE
    found: dict[int, str] = {}
    below = np.cumsum(lengths[::-1])[::-1]  # letters from each kept block to the end
    tail = [at for at, rest in zip(kept, below, strict=True) if rest <= least]
    if not tail:
        return {}
    found |= _after_stop(view, reasons, tail, int(lengths.sum()) // _LITTLE)
    found |= _appeals(view, kept, tail)
    left = [at for at in tail if at not in found]
    found |= _biographies(view, left[-_LAST:], authors)
    return found | _dangling(view, [at for at in kept if at not in found], tail[0])


def _after_stop(
    view: View, reasons: Sequence[str | None], tail: Sequence[int], little: int
) -> dict[int, str]:
    """Return what follows a line that announces other pages, *little* letters at most."""
    for at in range(max(0, tail[0] - 1), len(view.lines)):
        line = view.lines[at]
        if 0 < len(line.words) <= _SHORT and _STOP.match(view.blocks[at].text):
            above = [each for each in range(at) if reasons[each] is None]
            places = {view.at[each].parent for each in above}
            looks = {view.blocks[each].container.signature for each in above}
            below = [
                each
                for each in tail
                if each >= at
                and view.at[each].parent not in places
                and (_is_heading(view, at) or view.blocks[each].container.signature not in looks)
            ]
            is_little = sum(view.lines[each].length for each in below) <= little
            return dict.fromkeys(below, "after the article") if is_little else {}
    return {}


def _appeals(view: View, kept: Sequence[int], tail: Sequence[int]) -> dict[int, str]:
    """Return the last section, from its heading to the button to give that is part of it.

    Where the heading is not *kept*, the section is what lies in the same element, which then
    holds no text above it.
    """
    near = range(max(0, tail[0] - 1), tail[-1] + 1)
    headings = (at for at in near if _is_heading(view, at) and not _is_button(view, at))
    heading = max(headings, default=None)
    if heading is None:
        return {}
    section = [at for at in tail if at >= heading]
    is_short = sum(len(view.lines[at].words) for at in section) <= _MAX_APPEAL
    element = view.at[heading].parent
    if heading not in section and (
        any(view.at[at].parent is not element for at in section)
        or any(view.at[at].parent is element for at in kept if at < heading)
    ):
        return {}
    ahead = range(heading, min(section[-1] + 1 + _NEAR, len(view.blocks)))
    # The button is an element of its own beside the heading, or a line of what holds it.
    buttons = [
        at
        for at in ahead
        if _is_button(view, at) and (view.at[at].parent is element or view.at[at] is element)
    ]
    if not is_short or not buttons:
        return {}
    return dict.fromkeys((at for at in section if at <= buttons[-1]), "appeal")


def _biographies(view: View, last: Sequence[int], authors: Sequence[str]) -> dict[int, str]:
    names = [
        " ".join(name.casefold().split())
        for name in authors
        if " " in name.strip() and not view.title.issuperset(words_of(name))
    ]
    found: dict[int, str] = {}
    for at in last:
        text = " ".join(view.blocks[at].text.casefold().split())
        for name in names:
            begins = text.startswith(name) and _ABOUT.search(text[len(name) : len(name) + 60])
            is_pointer = name in text and len(view.lines[at].words) <= _SHORT and "stories" in text
            if begins or is_pointer:
                found[at] = "biography"
    return found


def _dangling(view: View, kept: Sequence[int], first: int) -> dict[int, str]:
    """Return the last line, if it is a heading that nothing follows any more."""
    if not kept or kept[-1] < first:
        return {}
    line = view.lines[kept[-1]]
    is_bare = not line.sentences and len(line.words) <= _SHORT
    is_heading = view.blocks[kept[-1]].tag in HEADINGS
    return {kept[-1]: "heading of nothing"} if is_heading and is_bare else {}


def _is_heading(view: View, at: int) -> bool:
    block, line = view.blocks[at], view.lines[at]
    is_bold = 2 * block.bold > len(block.text)
    return block.tag in HEADINGS or (is_bold and len(line.words) <= _SHORT)


def _is_button(view: View, at: int) -> bool:
    block, line = view.blocks[at], view.lines[at]
    return (
        2 * block.linked > len(block.text)
        and len(line.words) <= _SHORT
        and _BUTTON.match(block.text) is not None
    )
