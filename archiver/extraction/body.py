"""The text of an article, by trafilatura: the only file that asks it for any.

Measured on 813 pages of seven benchmarks (mean F1): trafilatura's balanced mode .940, its
precision mode .942, precision with balance as a second try where it dropped most of the
page's long paragraphs .944, at the cost of a second run on one page in twenty.
"""

from __future__ import annotations

import logging
from typing import Any

from lxml.html import HtmlElement
from trafilatura import bare_extraction
from trafilatura.settings import Document, Extractor

_MIN_SHARE = 0.5  # of the text in long paragraphs; less, and the balanced mode tries
_LONG_PARAGRAPH = 80  # characters; shorter ones are teasers and captions as often as prose
_MAX_LINKED = 0.5  # of a text, in lines that are links and nothing else

# What influences the text, as `extractor_config_hash` has it.
OPTIONS: dict[str, Any] = {  # Any: what the engine takes
    "modes": ["precision", "balanced"],
    "min_share": _MIN_SHARE,
    "long_paragraph": _LONG_PARAGRAPH,
    "max_linked": _MAX_LINKED,
    "comments": False,
    "tables": True,
    "deduplicate": False,  # it would make a text depend on the pages read before it
}

# It warns of every page without an article; our callers count those.
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)


def text_of(tree: HtmlElement) -> str:
    """Return the article text of *tree*, a paragraph a line; empty when there is none.

    *tree* stays as it is. Whatever broken pages make trafilatura raise passes through.
    """
    text = _text(tree, precision=True)
    lengths = [len(_line(paragraph)) for paragraph in tree.iter("p")]
    expected = sum(length for length in lengths if length >= _LONG_PARAGRAPH)
    if not text or len(text) < _MIN_SHARE * expected:
        text = max(text, _text(tree, precision=False), key=len)
    return "" if _is_index(tree, text) else text


def fast_text_of(tree: HtmlElement) -> str:
    """Return the text of trafilatura's balanced mode, without its own second tries."""
    return _text(tree, precision=False, fast=True)


def _text(tree: HtmlElement, *, precision: bool, fast: bool = False) -> str:
    options = Extractor(
        output_format="python",
        precision=precision,
        fast=fast,
        comments=OPTIONS["comments"],
        tables=OPTIONS["tables"],
        dedup=OPTIONS["deduplicate"],
    )
    document = bare_extraction(tree, options=options)
    return (document.text or "") if isinstance(document, Document) else ""


def _is_index(tree: HtmlElement, text: str) -> bool:
    """Say whether most of *text* is lines that are links: a list of stories, and none of them."""
    links = {_line(link) for link in tree.iter("a")}
    linked = sum(len(line) for line in text.split("\n") if line.removeprefix("- ") in links)
    return linked > _MAX_LINKED * len(text)


def _line(element: HtmlElement) -> str:
    return " ".join("".join(element.itertext()).split())
