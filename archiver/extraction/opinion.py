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

from archiver.extraction.blocks import Block
from archiver.extraction.body import fast_text_of
from archiver.extraction.letters import words_of
from archiver.extraction.tree import tamed
from archiver.extraction.view import Line

# A block so long may be part of a paragraph: opinions draw lines elsewhere.
_MIN_PART = 60  # characters
_BEGIN = 5  # words
_FEW = 50  # lines that can be looked for as they are
_MAX_SOUGHT = 5_000_000  # characters read in looking for lines as they are
_MAX_TEXT = 500_000  # characters; no article is as long


def resiliparse_keeps(html: str, tree: HtmlElement, blocks: Sequence[Block]) -> list[bool]:
    """Return for each of *blocks*, which are those of *tree*, whether resiliparse keeps it.

    *html* is what *tree* was parsed from. Where it is nested so that resiliparse would take
    minutes, it keeps nothing.
    """
    tamed_html = tamed(html, tree)
    if tamed_html is None:
        return [False] * len(blocks)
    text = extract_plain_text(
        HTMLTree.parse(tamed_html),
        main_content=True,
        alt_texts=False,
        links=False,
        preserve_formatting=True,
        list_bullets=False,
    )
    # It takes texts as they stand, but for the blanks.
    kept = {" ".join(line.split()) for line in text[:_MAX_TEXT].split("\n")}
    whole = " ".join(text[:_MAX_TEXT].split())
    texts = [block.text.replace("\n", " ") for block in blocks]
    parts = {each for each in texts if len(each) > _MIN_PART} - kept
    if len(parts) * len(whole) > _MAX_SOUGHT:
        words = whole.split(" ")
        begins = set(zip(*(words[at:] for at in range(_BEGIN)), strict=False))
        parts = {each for each in parts if tuple(each.split(" ", _BEGIN)[:_BEGIN]) in begins}
    kept |= {each for each in parts if each in whole}
    return [each in kept for each in texts]


def trafilatura_keeps(tree: HtmlElement, lines: Sequence[Line]) -> list[bool]:
    """Return for each of *lines*, the blocks of *tree*, whether trafilatura's text has it."""
    text = fast_text_of(tree)[:_MAX_TEXT]
    words = [words_of(line) for line in text.split("\n")]
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
