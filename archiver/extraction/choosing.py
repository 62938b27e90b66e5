"""Which blocks of a page are its article, and why the others are not.

The model gives each block a likelihood. Where these leave it open which text is right,
resiliparse is asked for a second opinion, and where it is open still, trafilatura for a third.
Then as many blocks are kept, the likeliest first, as promise the best F1; and rules take out
what is no text of the article whatever it looks like.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from lxml.html import HtmlElement
from numpy.typing import NDArray

from archiver.extraction.blocks import Block
from archiver.extraction.captions import caption_runs, captions_from
from archiver.extraction.claims import is_cut_off
from archiver.extraction.columns import Columns, Ints
from archiver.extraction.endings import endings_in
from archiver.extraction.features import features_of
from archiver.extraction.furniture import furniture_in
from archiver.extraction.menus import with_menus_joined
from archiver.extraction.model import logits_from, model, thousandths_from
from archiver.extraction.opinion import resiliparse_keeps, trafilatura_keeps
from archiver.extraction.others import others_in
from archiver.extraction.scars import without_byline
from archiver.extraction.verdicts import Verdict, text_from
from archiver.extraction.view import Line, View

SURE = 900  # thousandths of expected F1; below, resiliparse is asked
FAIRLY_SURE = 750  # below, trafilatura is asked as well
MAX_ASKED = 1_000  # elements of a page that trafilatura is asked about; it takes 20 µs for each
WORD = 10_000  # ten-thousandths of a logit that either adds or takes away
MOST_ASKED = 500  # thousandths; what is likelier than that is kept in any case
DOUBTFUL = 150  # thousandths; a standfirst is kept that is likelier
LEAD_NEAR = 1  # elements up to one that is named as a standfirst
LEAST_ASKED = 50  # what is less likely never

Kept = NDArray[np.bool_]

# What influences the text, as `extractor_config_hash` has it.
OPTIONS = {
    "sure": SURE,
    "fairly_sure": FAIRLY_SURE,
    "max_asked": MAX_ASKED,
    "word": WORD,
    "most_asked": MOST_ASKED,
    "least_asked": LEAST_ASKED,
    "doubtful": DOUBTFUL,
    "lead_near": LEAD_NEAR,
}


@dataclass(frozen=True, slots=True)
class Candidates:
    """The blocks of a page, at least one, and what is known of them before any is chosen."""

    view: View
    columns: Columns
    sizes: Ints  # words of each block

    @classmethod
    def of(
        cls,
        blocks: Sequence[Block],
        title: str,
        description: str,
    ) -> Candidates | None:
        """Return the candidates among *blocks*, all of a page; None without any.

        *title* and *description* are what the page declares, and may be empty.
        """
        blocks = with_menus_joined(blocks)
        if not blocks:
            return None
        lines = [Line.of(block) for block in blocks]
        view = View.of(blocks, lines, title)
        sizes = np.asarray([len(line.words) for line in lines])
        return cls(view, features_of(view, description), sizes)


@dataclass(frozen=True, slots=True)
class Choice:
    """The verdict on each block of a page, and the captions of its article's images."""

    verdicts: Sequence[Verdict] = ()
    captions: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """Return the text of the kept blocks, a line each; the cells of a row share one."""
        return text_from(self.verdicts)

    @property
    def excerpt(self) -> Choice:
        """Return the same for an excerpt, below whose end its viewer speaks of itself."""
        cut = [at for at, v in enumerate(self.verdicts) if v.reason is None and is_cut_off(v.text)]
        end = cut[-1] + 1 if cut else len(self.verdicts)
        below = [v._replace(reason=v.reason or "below the excerpt") for v in self.verdicts[end:]]
        return Choice([*self.verdicts[:end], *below], self.captions)


def choose(
    tree: HtmlElement,
    candidates: Candidates,
    authors: Sequence[str] = (),
    likely: Ints | None = None,
) -> Choice:
    """Return what is kept of *tree*, whose *candidates* they are, and which *authors* wrote.

    *likely* says, in thousandths, how likely each block is article; by itself, what the model
    says.
    """
    view, columns, sizes = candidates.view, candidates.columns, candidates.sizes
    if likely is None:
        likely = model().likelihoods(columns)
    likely = _with_opinions(likely, sizes, tree, view)
    kept = _with_deck(view, columns, likely, likely > limit_of(likely, sizes))
    others = others_in(view, kept.tolist())
    kept[list(others)] = False
    runs = caption_runs(tree, view, columns, likely)
    captions = {at for run in runs for at in run}
    reasons = [
        reason or (None if is_kept else others.get(at, "unlikely"))
        for at, (reason, is_kept) in enumerate(
            zip(furniture_in(view, kept.tolist(), captions, authors), kept, strict=True)
        )
    ]
    for at, reason in endings_in(view, reasons, authors).items():
        reasons[at] = reason
    verdicts = [
        Verdict(block, block.text, share, reason)
        for block, share, reason in zip(view.blocks, likely.tolist(), reasons, strict=True)
    ]
    deck = next((at for at, reason in enumerate(reasons) if reason is None), None)
    if deck is not None:
        text = without_byline(verdicts[deck].text, authors)
        verdicts[deck] = verdicts[deck]._replace(text=text)
    return Choice(verdicts, captions_from(view, runs, kept))


def _with_opinions(likely: Ints, sizes: Ints, tree: HtmlElement, view: View) -> Ints:
    """Return how *likely* the blocks are by all that were asked, where the model is unsure."""
    if expected_f1(likely, sizes) < SURE:
        likely = _heard(likely, resiliparse_keeps(view.blocks))
        is_open = expected_f1(likely, sizes) < FAIRLY_SURE
        if is_open and sum(1 for _ in tree.iter()) <= MAX_ASKED:
            likely = _heard(likely, trafilatura_keeps(tree, view.lines))
    return likely


def _heard(likely: Ints, keeps: Sequence[bool] | None) -> Ints:
    """Return how *likely* the blocks are by one more opinion, which *keeps* some, if any."""
    if keeps is None:
        return likely
    return thousandths_from(logits_from(likely) + np.where(keeps, WORD, -WORD))


def _with_deck(view: View, columns: Columns, likely: Ints, kept: Kept) -> Kept:
    """Return *kept* with the standfirst, which stands alone between headline and text."""
    prose = columns["prose"] > 0
    body = np.flatnonzero(kept & prose)
    if not body.size or view.headline is None:
        return kept
    here = np.arange(len(kept))
    is_above = (here > view.headline) & (here < body[0])
    return np.asarray(
        kept | (is_above & prose & (likely > DOUBTFUL) & (columns["near_lead"] <= LEAD_NEAR))
    )


def expected_f1(likely: Ints, sizes: Ints) -> int:
    """Return the F1, in thousandths, that keeping what is likelier than not promises.

    *sizes* are the words of the blocks.
    """
    kept = likely > 1000 * 2 // 5
    right = int((likely * sizes)[kept].sum())
    whole = 1000 * int(sizes[kept].sum()) + int((likely * sizes).sum())
    return 2000 * right // whole if whole else 0


def limit_of(likely: Ints, sizes: Ints) -> int:
    """Return the likelihood that a block must exceed for the expected F1 to be the best.

    With blocks taken in the order of their likelihood the expected F1 rises, then falls
    (Lewis 1995, Evaluating and optimizing autonomous text classification systems).
    """
    order = np.argsort(-likely, kind="stable")
    right = np.cumsum((likely * sizes)[order])
    whole = 1000 * np.cumsum(sizes[order]) + right[-1]
    best = int(np.argmax(2_000_000 * right // np.maximum(whole, 1)))
    return max(LEAST_ASKED, min(MOST_ASKED, int(likely[order[best]]) - 1))
