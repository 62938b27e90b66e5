"""Second opinions on which lines of a page are its article.

Resiliparse's costs a few milliseconds and is asked for every page; trafilatura's costs ten
times that and is asked only where the model is unsure. Both give a text, of which we take
which of our blocks it holds.
"""

from __future__ import annotations

from collections.abc import Sequence

from lxml.html import HtmlElement
from resiliparse.extract.html2text import extract_plain_text
from resiliparse.parse.html import HTMLTree

from archiver.extraction.body import fast_text_of
from archiver.extraction.tree import tamed
from archiver.extraction.view import Line, words_of

# A block so long may be part of a paragraph: opinions draw lines elsewhere.
_MIN_PART = 60
_BEGIN = 5  # words
_FEW = 50  # lines that can be looked for as they are
_MAX_TEXT = 500_000  # characters; no article is as long


def resiliparse_keeps(html: str, tree: HtmlElement, lines: Sequence[Line]) -> list[bool]:
    """Return for each of *lines*, the blocks of *tree*, whether resiliparse keeps it.

    *html* is what *tree* was parsed from. Where it is nested so that resiliparse would take
    minutes, it keeps nothing.
    """
    tamed_html = tamed(html, tree)
    if tamed_html is None:
        return [False] * len(lines)
    text = extract_plain_text(
        HTMLTree.parse(tamed_html),
        main_content=True,
        alt_texts=False,
        links=False,
        preserve_formatting=True,
        list_bullets=False,
    )
    return _keeps(text, lines)


def trafilatura_keeps(tree: HtmlElement, lines: Sequence[Line]) -> list[bool]:
    """Return for each of *lines*, the blocks of *tree*, whether trafilatura's text has it."""
    return _keeps(fast_text_of(tree), lines)


def _keeps(text: str, lines: Sequence[Line]) -> list[bool]:
    words = [words_of(line) for line in text[:_MAX_TEXT].split("\n")]
    kept = {" ".join(line) for line in words}
    parts = {line.key for line in lines if len(line.key) > _MIN_PART} - kept
    whole = [word for line in words for word in line]
    if len(parts) > _FEW:
        # Only what begins like some part of the text is looked for in all of it.
        begins = set(zip(*(whole[at:] for at in range(_BEGIN)), strict=False))
        parts = {key for key in parts if tuple(key.split(" ", _BEGIN)[:_BEGIN]) in begins}
    joined = " ".join(whole)
    kept |= {key for key in parts if key in joined}
    return [line.key in kept for line in lines]
