"""What is measured of each block of a page, in numbers, for the model that chooses blocks.

Whole numbers only, shares in thousandths, so that a feature is the same on every machine.
"""

from __future__ import annotations

import re
from collections import Counter

import numpy as np

from archiver.extraction.blocks import HEADINGS
from archiver.extraction.columns import FAR, Columns, column, thousandths
from archiver.extraction.context import context_of
from archiver.extraction.hints import ALL
from archiver.extraction.view import View

_READ = 200  # characters of a block that are searched for letters and words
_MAX_TITLE_WORDS = 60
_PREFIX = 50  # letters by which a block is known again

_ENDS = tuple(".!?…\"”'\u2019»“)。\uff01\uff1f」』")
_UPPER = re.compile("[A-Z\u00c0-\u00de\u0391-\u03a9\u0410-\u042f]")
_SMALL_WORD = re.compile("(?<!\\w)[a-z\u00df-\u00ff\u03ac-\u03ce\u0430-\u044f]")
_DIGIT = re.compile(r"\d")


def features_of(view: View, description: str) -> Columns:
    """Return the features of the blocks of *view*, each a column with a number for each block.

    *description* is the page's own, as its `meta` elements give it.
    """
    columns = _of_text(view, description)
    columns |= _of_places(view)
    columns |= _of_containers(view)
    columns |= _of_signatures(view)
    columns |= _of_page(view, columns)
    return columns | context_of(view, columns)


def _of_text(view: View, description: str) -> Columns:
    described = " ".join(re.findall(r"\w+", description.casefold()))
    rows = []
    for block, line in zip(view.blocks, view.lines, strict=True):
        text = block.text
        read = text[:_READ]
        words = set(line.words) if len(line.words) <= _MAX_TITLE_WORDS else set()
        rows.append((
            len(text), line.length, len(line.words), line.sentences, line.is_prose,
            block.linked, block.bold, block.italic, block.images,
            text.endswith(_ENDS), len(read), len(_UPPER.findall(read)), len(_DIGIT.findall(read)),
            len(_SMALL_WORD.findall(read)),
            len(words), len(words & view.title), len(line.words) > 3 and line.key in described,
        ))  # fmt: skip
    names = (
        "size", "chars", "words", "sentences", "prose", "linked", "bold", "italic", "images",
        "ends", "read", "upper", "digits", "small", "different", "common", "in_description",
    )  # fmt: skip
    table = np.asarray(rows, dtype=np.int64)
    raw = {name: table[:, at] for at, name in enumerate(names)}
    repeats = Counter(line.key for line in view.lines)
    prefixes = Counter(line.key[:_PREFIX] for line in view.lines)
    shares = {
        "word_length": 10 * raw["chars"] // np.maximum(raw["words"], 1),
        **{name: thousandths(raw.pop(name), raw["size"]) for name in ("bold", "italic")},
        "linked_chars": raw["linked"],
        "linked": thousandths(raw.pop("linked"), raw["size"]),
        "small_share": thousandths(raw.pop("small"), raw["read"]),
        "upper_share": thousandths(raw.pop("upper"), raw["read"]),
        "digit_share": thousandths(raw.pop("digits"), raw.pop("read")),
        "title_same": thousandths(raw["common"], len(view.title)),
        "title_share": thousandths(raw.pop("common"), raw.pop("different")),
        "images_since": np.diff(raw.pop("images"), prepend=0),
        "repeats": column([repeats[line.key] for line in view.lines]),
        "prefix_repeats": column([prefixes[line.key[:_PREFIX]] for line in view.lines]),
    }
    raw.pop("size")
    return raw | shares


def _of_places(view: View) -> Columns:
    own = view.at
    up = [own]
    for _ in range(3):
        up.append([place.outer for place in up[-1]])
    prose = max(1, view.places[0].prose)
    columns: Columns = {}
    at = {place: number for number, place in enumerate(view.places)}
    sums = np.asarray(
        [(p.chars, p.linked, p.prose, p.opinion, p.blocks, p.twins) for p in view.places],
        dtype=np.int64,
    )
    named = dict(zip(("parent", "grand", "great"), up[1:], strict=True))
    named |= {"card": [place.card for place in own], "group": [place.group for place in own]}
    for name, places in named.items():
        chars, linked, prosaic, opinion, blocks, _ = sums[[at[place] for place in places]].T
        columns |= {
            f"{name}_chars": chars,
            f"{name}_linked": thousandths(linked, chars),
            f"{name}_prose": thousandths(prosaic, prose),
            f"{name}_opinion": thousandths(opinion, chars),
            f"{name}_blocks": blocks,
            f"{name}_mean": chars // np.maximum(blocks, 1),
        }
    for steps, places in enumerate(up):
        columns[f"twins{steps}"] = sums[[at[place] for place in places], 5]
    return columns | {
        "in_main": column([place.anchor is view.main for place in own]),
        "to_main": column([place.steps for place in own]),
        "anchor_prose": thousandths(column([place.anchor.prose for place in own]), prose),
    }


def _of_containers(view: View) -> Columns:
    containers = [block.container for block in view.blocks]
    depth = column([container.depth for container in containers])
    nearest = np.asarray([container.nearest for container in containers], dtype=np.int64)
    distances = np.where(nearest > 0, depth[:, None] - nearest, FAR)
    columns = {f"near_{name}": distances[:, at] for at, name in enumerate(ALL)}
    tags = [container.tag for container in containers]
    return columns | {
        "depth": depth,
        "depth_under_main": depth - view.main.container.depth,
        "parent_children": column([(c.parent or c).children for c in containers]),
        "is_p": column([tag == "p" for tag in tags]),
        "is_div": column([tag in ("div", "section") for tag in tags]),
        "is_cell": column([tag in ("td", "th") for tag in tags]),
        "is_pre": column([tag in ("pre", "blockquote") for tag in tags]),
        "heading": column([int(tag[1]) if tag in HEADINGS else 0 for tag in tags]),
        "hidden": column([container.is_hidden for container in containers]),
        "opinion": column([int(kept) for kept in view.opinion]),
    }  # fmt: skip


def _of_signatures(view: View) -> Columns:
    """Return what the blocks in containers that look the same have in common."""
    numbers: dict[str, int] = {}
    kinds = column([numbers.setdefault(b.container.signature, len(numbers)) for b in view.blocks])
    lengths = column([line.length for line in view.lines])
    proses = column([line.length * line.is_prose for line in view.lines])
    links = column([block.linked for block in view.blocks])
    sums = np.zeros((4, len(numbers)), dtype=np.int64)
    for row, values in enumerate((np.ones_like(kinds), lengths, proses, links)):
        np.add.at(sums[row], kinds, values)
    blocks, chars, prosaic, linked = sums[:, kinds]
    return {
        "sig": kinds,
        "sig_blocks": blocks,
        "sig_chars": chars,
        "sig_prose": thousandths(prosaic, view.places[0].prose),
        "sig_linked": thousandths(linked, chars),
    }


def _of_page(view: View, columns: Columns) -> Columns:
    root = view.places[0]
    said = {
        "page_blocks": root.blocks,
        "page_chars": root.chars,
        "page_prose_share": 1000 * root.prose // max(1, root.chars),
        "page_linked": 1000 * root.linked // max(1, root.chars),
        "page_opinion": 1000 * root.opinion // max(1, root.chars),
    }
    return {name: np.full_like(columns["chars"], value) for name, value in said.items()}
