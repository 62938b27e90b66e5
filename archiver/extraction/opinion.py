"""Second opinions on which lines of a page are its article.

Resiliparse's costs one or two milliseconds, trafilatura's ten times that, so neither is asked
where the model is sure. Resiliparse is shown where our blocks lie; of trafilatura's text we take
which of them it holds.
"""

from __future__ import annotations

from collections.abc import Sequence

from lxml.html import HtmlElement
from resiliparse.extract.html2text import extract_plain_text
from resiliparse.parse.html import HTMLTree

from archiver.extraction.blocks import Block
from archiver.extraction.body import fast_text_of
from archiver.extraction.letters import words_of
from archiver.extraction.skeleton import MAX_DEPTH, numbers_in, skeleton_of
from archiver.extraction.view import Line

# A block so long may be part of a paragraph: opinions draw lines elsewhere.
_MIN_PART = 60  # characters
_BEGIN = 5  # words
_MAX_SOUGHT = 5_000_000  # characters read in looking for lines as they are
_MAX_TEXT = 500_000  # characters; no article is as long


def resiliparse_keeps(blocks: Sequence[Block]) -> list[bool] | None:
    """Return for each of *blocks*, all of a page, whether resiliparse keeps what stands there.

    It is shown the skeleton of the page, unless that is nested so that it would take minutes:
    then it is not asked, which is None.
    """
    if any(block.container.depth > MAX_DEPTH for block in blocks):
        return None
    text = extract_plain_text(
        HTMLTree.parse(skeleton_of(blocks)),
        main_content=True,
        preserve_formatting=False,
        list_bullets=False,
        alt_texts=False,
        links=False,
    )
    kept = numbers_in(text)
    return [at in kept for at in range(len(blocks))]


def trafilatura_keeps(tree: HtmlElement, lines: Sequence[Line]) -> list[bool]:
    """Return for each of *lines*, the blocks of *tree*, whether trafilatura's text has it."""
    text = fast_text_of(tree)[:_MAX_TEXT]
    kept = [" ".join(words_of(line)) for line in text.split("\n")]
    return _are_in(kept, [line.key for line in lines])


def _are_in(text: Sequence[str], lines: Sequence[str]) -> list[bool]:
    """Return for each of *lines* whether it is one of *text*, or long and a part of it."""
    kept = set(text)
    whole = " ".join(filter(None, text))
    parts = {line for line in lines if len(line) > _MIN_PART} - kept
    if len(parts) * len(whole) > _MAX_SOUGHT:
        # Only what begins like some part of the text is looked for in all of it.
        words = whole.split(" ")
        begins = set(zip(*(words[at:] for at in range(_BEGIN)), strict=False))
        parts = {line for line in parts if tuple(line.split(" ", _BEGIN)[:_BEGIN]) in begins}
    kept |= {line for line in parts if line in whole}
    return [line in kept for line in lines]
