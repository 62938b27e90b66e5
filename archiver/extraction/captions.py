"""The captions of an article's images, which have a column of their own.

A caption is what its element or its image says it is; else the short line that follows an
image in the same small box. The lines of a credit that stand below belong to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import numpy as np
from lxml.html import HtmlElement
from numpy.typing import NDArray

from archiver.extraction.blocks import HEADINGS
from archiver.extraction.columns import Columns, Ints
from archiver.extraction.hints import ALL
from archiver.extraction.letters import words_of
from archiver.extraction.view import Place, View
from archiver.text import normalise_line

_QUOTE, _TABLE, _FIGURE, _CAPTION = (
    ALL.index(name) for name in ("quote_tag", "table_tag", "figure_tag", "caption")
)
_MAX_CAPTION = 500  # letters
_MAX_UNMARKED = 250  # of one that only its place tells
_MAX_CREDIT = 80
_MIN_CAPTION = 10
_MAX_PROSE = 300  # thousandths of the page's prose in elements that look like a caption's
_FIGURE_NEAR = 3  # elements up
_NAMED_NEAR = 1
_MIN_ALT = 20
_MAX_BEFORE = 12  # blocks before the first of the text
_MAX_BOX = 6  # blocks
_TEXT = 800  # thousandths; what is likelier is no caption by its place alone
_SURE_TEXT = 850  # thousandths; what is likelier must say so itself
_MAX_CARD = 8
_MAX_APART = 4  # blocks between a credit and the caption that it belongs to
# What is printed on the image of a slideshow, and what follows a pixel that counts readers.
_NO_CAPTION = re.compile(
    r"^\W*(?:view|open|enlarge|toggle|hide|show|zoom|share|play|copyright|©)\b", re.IGNORECASE
)
_CREDIT = re.compile(
    r"^\W*(?:photo|image|picture|foto|bild|credit|photograph|file photo|fot\.|фото|摄影|摄)\w*\b"
    r"|^\W{1,3}$",
    re.IGNORECASE,
)


def caption_runs(tree: HtmlElement, view: View, columns: Columns, likely: Ints) -> list[list[int]]:
    """Return the indices of the blocks of each caption of *tree*, which *view* is of.

    *likely* says, in thousandths, how likely each is text; what is so in all likelihood is no
    caption just because it stands below an image.
    """
    alts = _alternatives(tree)
    runs: list[list[int]] = []
    named = (columns["near_figure_tag"] <= _FIGURE_NEAR) | (columns["near_caption"] <= _NAMED_NEAR)
    below = (columns["images_since"] > 0) & (likely < _TEXT)
    marked, under, sure, repeats = (
        each.tolist() for each in (named, below, likely >= _SURE_TEXT, columns["repeats"])
    )
    for at, line in enumerate(view.lines):
        is_sure = sure[at]
        if (
            (marked[at] and _is_caption_like(view, at, is_sure=is_sure))
            or (line.key in alts and _is_below_image(view, at, is_sure=is_sure))
            or (under[at] and _follows(view, columns, at))
            or (not is_sure and repeats[at] > 1 and _is_twice(view, at))
        ):
            if runs and runs[-1][-1] == at - 1 and _is_of_same_box(view, runs[-1][0], at):
                runs[-1].append(at)
            else:
                runs.append([at])
        elif (
            not is_sure
            and runs
            and runs[-1][-1] == at - 1
            and _is_credit(view, columns, runs[-1], at)
        ):
            runs[-1].append(at)
    return runs


def captions_from(
    view: View, runs: Iterable[Sequence[int]], kept: NDArray[np.bool_]
) -> tuple[str, ...]:
    """Return the captions that *runs* of blocks are, those of the article's images, each once.

    *kept* says which blocks are its text.
    """
    text = np.flatnonzero(kept)
    if not text.size:
        return ()
    first, last = int(text[0]) - _MAX_BEFORE, int(text[-1]) + 1
    captions: dict[str, str] = {}
    credit: list[int] = []  # one that stands above its caption
    for run in runs:
        if not first <= run[0] <= last:
            continue
        parts = _once(view, run)
        if len(parts) == 1 and _CREDIT.match(view.blocks[parts[0]].text):
            credit = parts
            continue
        if credit and parts[0] - credit[0] <= _MAX_APART:
            parts += credit
        credit = []
        line = normalise_line(" ".join(view.blocks[at].text for at in parts))
        key = view.lines[parts[0]].key
        words = view.lines[parts[0]].words
        if line and len(words) > 1 and len(line) >= _MIN_CAPTION and set(words) != view.title:
            captions.setdefault(key, line)
    return tuple(captions.values())


def _once(view: View, run: Sequence[int]) -> list[int]:
    seen: set[str] = set()
    parts = []
    for at in run:
        key = view.lines[at].key
        if not key or key not in seen:
            parts.append(at)
            seen.add(key)
    return parts


def _alternatives(tree: HtmlElement) -> set[str]:
    texts = (image.get("alt", "") for image in tree.iter("img"))
    return {" ".join(words_of(text[:_MAX_CAPTION])) for text in texts if len(text) >= _MIN_ALT}


def _is_caption_like(view: View, at: int, *, is_sure: bool) -> bool:
    """Say whether the block, in a figure or an element named as a caption, is one.

    What the model is sure of must be in a `figcaption`, which is both.
    """
    block = view.blocks[at]
    if view.lines[at].length > _MAX_CAPTION or 2 * block.linked > len(block.text):
        return False
    nearest = block.container.nearest  # figures hold quotations, tables and code as well
    if block.tag == "pre" or (is_sure and not 0 < nearest[_FIGURE] == nearest[_CAPTION]):
        return False
    return max(nearest[_QUOTE], nearest[_TABLE]) <= max(nearest[_FIGURE], nearest[_CAPTION])


def _is_below_image(view: View, at: int, *, is_sure: bool) -> bool:
    """Say whether an image is just above the block; if the text is sure of it, a credit, too."""
    block = view.blocks[at]
    near = view.blocks[max(0, at - _MAX_APART) : at + 2]
    if is_sure and not any(_CREDIT.match(each.text) for each in near if each is not block):
        return False
    return (
        view.lines[at].length <= _MAX_UNMARKED
        and block.tag not in HEADINGS
        and block.images > (view.blocks[at - _MAX_APART].images if at >= _MAX_APART else 0)
    )


def _follows(view: View, columns: Columns, at: int) -> bool:
    """Say whether the block stands below an image, in the box that holds both."""
    block, line = view.blocks[at], view.lines[at]
    if not _MIN_CAPTION <= line.length <= _MAX_UNMARKED or 2 * block.linked > len(block.text):
        return False
    if _NO_CAPTION.match(block.text) or block.tag in HEADINGS:
        return False
    if columns["sig_prose"][at] > _MAX_PROSE and columns["near_media"][at] > _NAMED_NEAR:
        # It looks like a paragraph; then only a credit, in it or below it, tells.
        lines = view.blocks[at : at + 2]
        if not any(_CREDIT.match(each.text) for each in lines):
            return False
    box = view.at[at]
    while not box.container.images and box.blocks <= _MAX_BOX and box.parent is not None:
        box = box.parent
    return box.container.images > 0 and box.blocks <= _MAX_BOX and box is not view.main


def _is_twice(view: View, at: int) -> bool:
    """Say whether the line stands twice below an image, as templates with an overlay have it."""
    line = view.lines[at]
    if not _MIN_ALT <= line.length <= _MAX_CAPTION:
        return False
    there = range(max(0, at - _MAX_BOX), min(at + _MAX_BOX + 1, len(view.lines)))
    first = next((each for each in there if view.lines[each].key == line.key), at)
    boxes = (
        _common(view.at[each], view.at[at])
        for each in there
        if each != at and view.lines[each].key == line.key
    )
    # The box holds the image with its captions, not the story.
    is_twice = any(box.blocks <= 2 * _MAX_CARD and box.anchor is not box for box in boxes)
    above = view.blocks[max(0, first - _MAX_APART)].images
    return is_twice and view.blocks[first].images > above


def _is_of_same_box(view: View, first: int, at: int) -> bool:
    one, other = view.at[first], view.at[at]
    return one.parent is other.parent or _common(one, other).blocks <= _MAX_CARD


def _common(one: Place, other: Place) -> Place:
    """Return the smallest place that holds both."""
    while one is not other:
        if one.container.depth < other.container.depth:
            one, other = other, one
        one = one.outer
    return one


def _is_credit(view: View, columns: Columns, run: Sequence[int], at: int) -> bool:
    """Say whether the block is, or goes on with, the credit of the caption that *run* is."""
    block, line = view.blocks[at], view.lines[at]
    is_name = line.length <= _MAX_CREDIT and not line.sentences and not block.linked
    if not is_name or block.tag in HEADINGS or not _is_of_same_box(view, run[0], at):
        return False
    begins = _CREDIT.match(block.text) is not None
    goes_on = len(run) > 1 and view.at[run[-1]].parent is view.at[at].parent
    return begins or goes_on or bool(columns["near_media"][at] <= _NAMED_NEAR)
