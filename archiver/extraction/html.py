"""From the octets of a page to its article, and what names this way of doing it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.metadata import version
from typing import Literal, get_args

from lxml.etree import LxmlError
from lxml.html import HtmlElement

from archiver import __version__
from archiver.extraction import choosing
from archiver.extraction.article import Article, ExtractionError, PageType
from archiver.extraction.blocks import Block, blocks_of
from archiver.extraction.body import OPTIONS, text_of
from archiver.extraction.choosing import Candidates, choose
from archiver.extraction.declared import Declared, declared_by
from archiver.extraction.kinds import READ, page_type_of
from archiver.extraction.language import model_name
from archiver.extraction.linked_data import nodes_of
from archiver.extraction.meta_tags import MetaTags
from archiver.extraction.metadata import article_from
from archiver.extraction.model import model_digest
from archiver.extraction.scars import healed
from archiver.extraction.tree import MAX_ELEMENTS, MAX_OCTETS, parse
from archiver.extraction.verdicts import Verdict
from archiver.text import NORMALISATION_VERSION, normalise

# `archiver` is ours; `trafilatura` finds the text alone, with the same metadata beside it.
Extractor = Literal["archiver", "trafilatura"]
EXTRACTORS: tuple[Extractor, ...] = get_args(Extractor)
MIN_CHARS = 50  # a text below that is a caption, a cookie notice or an error message

# Raise it whenever our own code finds other metadata, or other text, in the same page.
_REVISION = 6

# What broken pages have been seen to make trafilatura and lxml raise.
_CRASHES = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    LxmlError,
    RecursionError,
    TypeError,
    ValueError,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A page as it was read: its type, the verdict on each block, and the article if it has one.

    *verdicts* are empty where no text was looked for, and where trafilatura looked.
    """

    page_type: PageType
    verdicts: Sequence[Verdict] = ()
    article: Article | None = None


def extract_html(
    html: bytes,
    url: str | None = None,
    *,
    charset: str | None = None,
    status: int = 200,
    captured_at: datetime | None = None,
    extractor: Extractor = "archiver",
) -> Article | None:
    """Return the article in *html*, or None when there is none to speak of.

    None too for what is no article: a list of them, a wall, an empty page (see `kinds`).
    *url* is where it was fetched from, with which *status*, *charset* what the HTTP header
    declares, *captured_at* when; a date after that is not believed. The same arguments give
    the same article, on any day, in any process and after any other page. Nothing is fetched.
    ExtractionError when the extractor falls over; pages too large or too deep (see `tree`)
    are None.
    """
    reading = read_html(
        html,
        url,
        charset=charset,
        status=status,
        captured_at=captured_at,
        extractor=extractor,
    )
    return reading.article if reading else None


def read_html(
    html: bytes,
    url: str | None = None,
    *,
    charset: str | None = None,
    status: int = 200,
    captured_at: datetime | None = None,
    extractor: Extractor = "archiver",
) -> Reading | None:
    """Return how *html* was read, for those who want to know why; None for what is no page.

    The arguments are those of `extract_html`.
    """
    tree = parse(html, charset)
    if tree is None:
        return None
    try:
        meta, nodes, blocks = MetaTags(tree), nodes_of(tree), blocks_of(tree)
        page_type = page_type_of(tree, url, status=status, meta=meta, nodes=nodes, blocks=blocks)
        if page_type not in READ:
            return Reading(page_type=page_type)
        page = declared_by(tree, url, meta, nodes)
        if extractor == "trafilatura":
            found = text_of(tree)
            article = _article_with(tree, blocks, page, found, (), page_type, url, captured_at)
            return Reading(page_type=page_type, article=article)
        return _read(tree, blocks, page, page_type, url, captured_at)
    except _CRASHES as crash:
        problem = f"{type(crash).__name__}: {crash}"
        raise ExtractionError(f"{url or 'a page'}: extraction failed, {problem}") from crash


def _read(
    tree: HtmlElement,
    blocks: Sequence[Block],
    page: Declared,
    page_type: PageType,
    url: str | None,
    captured_at: datetime | None,
) -> Reading:
    candidates = Candidates.of(blocks, page.title or "", page.description or "")
    if candidates is None:
        return Reading(page_type=page_type)
    choice = choose(tree, candidates, page.authors)
    text = choice.text
    if page_type == "excerpt":
        choice = choice.excerpt
        text = healed(choice.text)
    article = _article_with(tree, blocks, page, text, choice.captions, page_type, url, captured_at)
    return Reading(page_type=page_type, verdicts=choice.verdicts, article=article)


def _article_with(
    tree: HtmlElement,
    blocks: Sequence[Block],
    page: Declared,
    text: str,
    captions: tuple[str, ...],
    page_type: PageType,
    url: str | None,
    captured_at: datetime | None,
) -> Article | None:
    normal = normalise(text)
    if len(normal) < MIN_CHARS:
        return None
    return article_from(tree, blocks, page, normal, captions, page_type, url, captured_at)


@cache
def extractor_version(extractor: Extractor = "archiver") -> str:
    """Return the version of *extractor*."""
    return version("trafilatura") if extractor == "trafilatura" else __version__


@cache
def config_hash(extractor: Extractor = "archiver") -> str:
    """Return 16 hexadecimal digits that change whenever a text or its metadata may.

    They are the beginning of the SHA-256 of every option and version that has a say.
    """
    libraries = ("chardetng-py", "justext", "lxml", "resiliparse", "trafilatura", "w3lib")
    config = {
        "body": OPTIONS,
        "choosing": choosing.OPTIONS,
        "extractor": extractor,
        "language": model_name(),
        "libraries": {name: version(name) for name in libraries},
        "max_elements": MAX_ELEMENTS,
        "max_octets": MAX_OCTETS,
        "min_chars": MIN_CHARS,
        "model": model_digest(),
        "normalisation": NORMALISATION_VERSION,
        "revision": _REVISION,
    }
    canonical = json.dumps(config, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()[:16]
