"""What is measured of a block's place among the others: before, behind and beside it."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from archiver.extraction.blocks import HEADINGS
from archiver.extraction.columns import FAR, Columns, Ints, columns_of, thousandths
from archiver.extraction.onward import ONWARD
from archiver.extraction.view import View

_MIN_REPEATED = 20
_REACH = 5  # blocks in either direction
# What begins the furniture below an article.
_STOP = re.compile(
    rf"^(?:{ONWARD}|popular|latest|comments?\b|\d+ comments?|leave a|tags?\b|share this|"
    r"about the author|you (?:may|might)|what to read|also (?:on|read)|next|previous|"
    r"newsletter|sign up|subscribe|kommentare|commentaires|comentarios|комментари|komentarze)",
    re.IGNORECASE,
)
_MAX_STOP = 8  # words


def context_of(view: View, columns: Columns) -> Columns:
    """Return the features of the blocks of *view* that others give them.

    *columns* are those of their own.
    """
    return _of_position(view, columns) | _of_headings(view, columns)


def _of_position(view: View, columns: Columns) -> Columns:
    count = len(view.blocks)
    here = np.arange(count)
    chars, prose = columns["chars"], columns["prose"] > 0
    before = np.concatenate(([0], np.cumsum(chars)))
    prosaic = np.concatenate(([0], np.cumsum(chars * prose)))
    low, high = np.maximum(here - _REACH, 0), np.minimum(here + _REACH + 1, count)
    headline = view.headline
    at_prose = np.flatnonzero(prose)
    return {
        "from_headline": here - headline if headline is not None else here * 0 - 999,
        "from_first_prose": here - (int(at_prose[0]) if at_prose.size else 0),
        "to_last_prose": (int(at_prose[-1]) if at_prose.size else count) - here,
        "prose_ahead": _to_next(prose),
        "window": thousandths(prosaic[high] - prosaic[low], before[high] - before[low]),
    }


def _to_next(marked: NDArray[np.bool_]) -> Ints:
    """Return how many blocks after each the next marked one is."""
    count = marked.size
    here = np.arange(count)
    after = np.minimum.accumulate(np.where(marked, here, count + FAR)[::-1])[::-1]
    return np.minimum(np.concatenate((after[1:], [count + FAR])) - here, FAR)


def _of_headings(view: View, columns: Columns) -> Columns:
    """Return what came before each block: the last heading, link, repetition, and the end."""
    seen: set[str] = set()
    heading = linked = stop = -FAR
    numbers: list[int] = []
    for at, (block, line) in enumerate(zip(view.blocks, view.lines, strict=True)):
        if block.tag in HEADINGS:
            heading = at
        if len(line.words) <= _MAX_STOP and _STOP.match(block.text):
            stop = at
        numbers += heading, at - linked, line.key in seen, at - stop if stop >= 0 else -1
        if len(line.key) > _MIN_REPEATED:
            seen.add(line.key)
        if 2 * block.linked > len(block.text):
            linked = at
    last, linked_ago, is_seen, stops = columns_of(numbers, 4)
    under = np.maximum(last, 0)
    return {
        "heading_ago": np.minimum(np.arange(last.size) - last, FAR),
        "heading_title": np.where(last < 0, -1, columns["title_same"][under]),
        "heading_level": np.where(last < 0, -1, columns["heading"][under]),
        "linked_ago": np.minimum(linked_ago, FAR),
        "seen": is_seen,
        "stops": np.minimum(stops, FAR),
    }
