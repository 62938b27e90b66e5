"""What is measured of a block's place among the others: before, behind and beside it."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from archiver.extraction.blocks import HEADINGS
from archiver.extraction.columns import FAR, Columns, Ints, column, thousandths
from archiver.extraction.view import Place, View

_MIN_REPEATED = 20
_MIN_KEPT = 40  # letters of a block that the second opinion is asked about
_NEIGHBOURS = (-3, -2, -1, 1, 2, 3)
# What begins the furniture below an article.
_STOP = re.compile(
    r"^(?:related|more (?:from|on|stories|news)|read (?:more|next|also)|recommended|trending|"
    r"most (?:read|popular|viewed)|popular|latest|comments?\b|\d+ comments?|leave a|tags?\b|"
    r"share this|about the author|you (?:may|might)|what to read|see also|also (?:on|read)|next|"
    r"previous|newsletter|sign up|subscribe|mehr zum|lesen sie|kommentare|weitere|"
    r"lire aussi|sur le m|commentaires|leggi anche|lea tambi|te puede|comentarios|"
    r"читайте|комментари|zobacz|komentarze|czytaj)",
    re.IGNORECASE,
)
_MAX_STOP = 8  # words


def context_of(view: View, columns: Columns) -> Columns:
    """Return the features of the blocks of *view* that others give them.

    *columns* are those of their own.
    """
    return (
        _of_position(view, columns) | _of_headings(view, columns) | _of_neighbours(view, columns)
    )


def _of_position(view: View, columns: Columns) -> Columns:
    count = len(view.blocks)
    here = np.arange(count)
    chars, prose = columns["chars"], columns["prose"] > 0
    before = np.concatenate(([0], np.cumsum(chars)))
    prosaic = np.concatenate(([0], np.cumsum(chars * prose)))
    kept = (columns["opinion"] > 0) & (chars > _MIN_KEPT)
    prose_ago, prose_ahead = _around(prose)
    kept_ago, kept_ahead = _around(kept)
    headline = view.headline
    at_prose = np.flatnonzero(prose)
    found: Columns = {
        "position": 1000 * here // count,
        "char_position": thousandths(before[:-1], int(before[-1])),
        "from_headline": here - headline if headline is not None else here * 0 - 999,
        "from_first_prose": here - (int(at_prose[0]) if at_prose.size else 0),
        "to_last_prose": (int(at_prose[-1]) if at_prose.size else count) - here,
        "prose_ago": np.where(prose_ago < 0, FAR, np.minimum(here - prose_ago, FAR)),
        "prose_ahead": np.where(prose_ahead < 0, FAR, np.minimum(prose_ahead - here, FAR)),
        "opinion_ago": np.where(kept_ago < 0, FAR, np.minimum(here - kept_ago, FAR)),
        "opinion_ahead": np.where(kept_ahead < 0, FAR, np.minimum(kept_ahead - here, FAR)),
        "prose_ago_near": _apart(view.at, prose_ago),
        "prose_ahead_near": _apart(view.at, prose_ahead),
    }
    for reach in (5, 12):
        low, high = np.maximum(here - reach, 0), np.minimum(here + reach + 1, count)
        found[f"window{reach}"] = thousandths(
            prosaic[high] - prosaic[low], before[high] - before[low]
        )
    return found


def _around(marked: NDArray[np.bool_]) -> tuple[Ints, Ints]:
    """Return for each place the last marked one before it and the next after it; -1 for none."""
    count = marked.size
    here = np.arange(count)
    last = np.maximum.accumulate(np.where(marked, here, -1))
    after = np.minimum.accumulate(np.where(marked, here, count)[::-1])[::-1]
    following = np.concatenate((after[1:], [count]))
    return np.concatenate(([-1], last[:-1])), np.where(following == count, -1, following)


def _apart(places: Sequence[Place], others: Ints) -> Ints:
    """Return how many elements lie between each place and the other that belongs to it."""
    known: dict[tuple[Place, Place], int] = {}
    found = []
    for mine, at in zip(places, others.tolist(), strict=True):
        if at < 0:
            found.append(-1)
            continue
        pair = mine, places[at]
        if pair not in known:
            known[pair] = _steps_between(*pair)
        found.append(known[pair])
    return column(found)


def _steps_between(one: Place, other: Place) -> int:
    steps = 0
    while one is not other:
        if one.container.depth < other.container.depth:
            one, other = other, one
        one = one.outer
        steps += 1
    return steps


def _of_headings(view: View, columns: Columns) -> Columns:
    """Return what came before each block: the last heading, link, repetition, and the end."""
    seen: set[str] = set()
    heading = linked = stop = -1
    run = 0
    rows = []
    for at, (block, line) in enumerate(zip(view.blocks, view.lines, strict=True)):
        if block.tag in HEADINGS:
            heading = at
        if len(line.words) <= _MAX_STOP and _STOP.match(block.text):
            stop = at
        rows.append((
            min(at - heading, FAR) if heading >= 0 else FAR, heading,
            min(at - linked, FAR) if linked >= 0 else FAR, run, line.key in seen,
            min(at - stop, FAR) if stop >= 0 else -1,
        ))  # fmt: skip
        if len(line.key) > _MIN_REPEATED:
            seen.add(line.key)
        if 2 * block.linked > len(block.text):
            linked = at
            run += 1
        else:
            run = 0
    table = np.asarray(rows, dtype=np.int64)
    named = ("heading_ago", "heading_at", "linked_ago", "linked_run", "seen", "stops")
    found = {name: table[:, at] for at, name in enumerate(named)}
    last = found.pop("heading_at")
    for name, of in (("title", "title_same"), ("level", "heading"), ("linked", "linked")):
        found[f"heading_{name}"] = np.where(last < 0, -1, columns[of][last])
    return found


def _of_neighbours(view: View, columns: Columns) -> Columns:
    count = len(view.blocks)
    here = np.arange(count)
    own = column([id(place) for place in view.at])
    parent = column([id(place.parent) for place in view.at])
    found: Columns = {}
    for step in _NEIGHBOURS:
        there = np.clip(here + step, 0, count - 1)
        outside = (here + step < 0) | (here + step >= count)
        for name in ("chars", "linked", "prose", "opinion"):
            found[f"{name}{step:+d}"] = np.where(outside, -1, columns[name][there])
        same = (parent == parent[there]).astype(np.int64) + (own == own[there])
        found[f"same{step:+d}"] = np.where(outside, -1, same)
        alike = (columns["sig"] == columns["sig"][there]).astype(np.int64)
        found[f"alike{step:+d}"] = np.where(outside, -1, alike)
    return found
