"""What is measured of each block of a page, in numbers, for the model that chooses blocks.

Whole numbers only, shares in thousandths, so that a feature is the same on every machine.
"""

from __future__ import annotations

import re
from collections import Counter
from operator import itemgetter

import numpy as np

from archiver.extraction.blocks import HEADINGS
from archiver.extraction.columns import FAR, Columns, column, columns_of, thousandths
from archiver.extraction.context import context_of
from archiver.extraction.hints import ALL
from archiver.extraction.view import View

_MAX_TITLE_WORDS = 60
_PREFIX = 50  # letters by which a block is known again

_ENDS = tuple(".!?…\"”'\u2019»“)。\uff01\uff1f」』")
# The hints that tell, of all that are given.
_HINTS = (
    "article", "article_tag", "body", "caption", "comment", "comment_text", "figure_tag", "lead",
    "list_tag", "main_tag", "media", "notice", "section_tag", "signup", "table_tag",
)  # fmt: skip
_nearest_of = itemgetter(*map(ALL.index, _HINTS))


def features_of(view: View, description: str) -> Columns:
    """Return the features of the blocks of *view*, each a column with a number for each block.

    *description* is the page's own, as its `meta` elements give it.
    """
    columns = _of_text(view, description)
    columns |= _of_places(view)
    columns |= _of_containers(view)
    columns |= _of_signatures(view)
    return columns | context_of(view, columns)


def _of_text(view: View, description: str) -> Columns:
    description = " ".join(re.findall(r"\w+", description.casefold()))
    title = view.title
    numbers: list[int] = []
    for block, line in zip(view.blocks, view.lines, strict=True):
        text, count = block.text, len(line.words)
        different_words = set(line.words) if count <= _MAX_TITLE_WORDS else ()
        numbers += (
            len(text), line.length, count, line.sentences, line.is_prose, block.linked,
            block.italic, block.images, text.endswith(_ENDS), len(different_words),
            len(title.intersection(different_words)), count > 3 and line.key in description,
        )  # fmt: skip
    table = columns_of(numbers, 12)
    size, chars, words, sentences, prose, linked = table[:6]
    italic, images, ends, different, common, described = table[6:]
    repeats = Counter(line.key for line in view.lines)
    prefixes = Counter(line.key[:_PREFIX] for line in view.lines)
    return {
        "chars": chars,
        "words": words,
        "sentences": sentences,
        "prose": prose,
        "ends": ends,
        "italic": thousandths(italic, size),
        "linked": thousandths(linked, size),
        "title_same": thousandths(common, len(title)),
        "title_share": thousandths(common, different),
        "in_description": described,
        "images_since": np.diff(images, prepend=0),
        "repeats": column([repeats[line.key] for line in view.lines]),
        "prefix_repeats": column([prefixes[line.key[:_PREFIX]] for line in view.lines]),
    }


def _of_places(view: View) -> Columns:
    index = {place: at for at, place in enumerate(view.places)}
    own = column([index[place] for place in view.at])
    outer = column([index[place.outer] for place in view.places])
    parent = outer[own]
    grand = outer[parent]
    great = outer[grand]
    prose = max(1, view.places[0].prose)
    numbers: list[int] = []
    for p in view.places:
        numbers += (
            p.chars, p.linked, p.prose, p.blocks, p.twins, p.steps, p.anchor is view.main,
            p.anchor.prose,
        )  # fmt: skip
    table = columns_of(numbers, 8)
    chars, linked, prosaic, blocks, twins, steps, in_main, anchored = table
    sums = {
        "chars": chars,
        "linked": thousandths(linked, chars),
        "prose": thousandths(prosaic, prose),
        "blocks": blocks,
        "mean": chars // np.maximum(blocks, 1),
    }
    card = column([index[place.card] for place in view.places])[own]
    group = column([index[place.group] for place in view.places])[own]
    columns = {
        f"{name}_{of}": sums[of][at]
        for name, at, wanted in (
            ("parent", parent, ("blocks", "linked", "mean", "prose")),
            ("grand", grand, ("linked", "mean", "prose")),
            ("great", great, ("linked", "mean", "prose")),
            ("card", card, ("linked", "mean", "prose")),
            ("group", group, ("blocks", "chars", "linked", "mean", "prose")),
        )
        for of in wanted
    }
    return columns | {
        "twins": twins[own],
        "grand_twins": twins[grand],
        "in_main": in_main[own],
        "to_main": steps[own],
        "anchor_prose": thousandths(anchored[own], prose),
    }


def _of_containers(view: View) -> Columns:
    containers = dict.fromkeys(block.container for block in view.blocks)
    index = {container: at for at, container in enumerate(containers)}
    own = column([index[block.container] for block in view.blocks])
    numbers: list[int] = []
    for c in containers:
        numbers += (
            c.depth, (c.parent or c).children, c.tag in ("div", "section"), c.tag in ("td", "th"),
            int(c.tag[1]) if c.tag in HEADINGS else 0, *_nearest_of(c.nearest),
        )  # fmt: skip
    table = columns_of(numbers, 5 + len(_HINTS))[:, own]
    depth, children, is_div, is_cell, heading = table[:5]
    distances = np.where(table[5:] > 0, depth - table[5:], FAR)
    columns = {f"near_{name}": row for name, row in zip(_HINTS, distances, strict=True)}
    return columns | {
        "depth_under_main": depth - view.main.container.depth,
        "parent_children": children,
        "is_div": is_div,
        "is_cell": is_cell,
        "heading": heading,
    }


def _of_signatures(view: View) -> Columns:
    """Return what the blocks in containers that look the same have in common."""
    numbers: dict[str, int] = {}
    kinds = column([numbers.setdefault(b.container.signature, len(numbers)) for b in view.blocks])
    lengths = column([line.length for line in view.lines])
    proses = column([line.length * line.is_prose for line in view.lines])
    links = column([block.linked for block in view.blocks])
    blocks, chars, prosaic, linked = (
        np.bincount(kinds, weights=values).astype(np.int64)[kinds]
        for values in (np.ones_like(kinds), lengths, proses, links)
    )
    return {
        "sig_blocks": blocks,
        "sig_chars": chars,
        "sig_prose": thousandths(prosaic, view.places[0].prose),
        "sig_linked": thousandths(linked, chars),
    }
