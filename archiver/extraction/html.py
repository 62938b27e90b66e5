"""From the octets of a page to its article, and what names this way of doing it."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from functools import cache
from importlib.metadata import version

from lxml.etree import LxmlError

from archiver.extraction.article import Article, ExtractionError
from archiver.extraction.body import OPTIONS, text_of
from archiver.extraction.kinds import READ, page_type_of
from archiver.extraction.language import model_name
from archiver.extraction.linked_data import nodes_of
from archiver.extraction.meta_tags import MetaTags
from archiver.extraction.metadata import article_from
from archiver.extraction.tree import MAX_ELEMENTS, MAX_OCTETS, parse
from archiver.text import NORMALISATION_VERSION, normalise

EXTRACTOR = "trafilatura"
MIN_CHARS = 50  # a text below that is a caption, a cookie notice or an error message

# Raise it whenever our own code finds other metadata, or other text, in the same page.
_REVISION = 2

# What broken pages have been seen to make trafilatura, htmldate and lxml raise.
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


def extract_html(
    html: bytes,
    url: str | None = None,
    *,
    charset: str | None = None,
    status: int = 200,
    captured_at: datetime | None = None,
) -> Article | None:
    """Return the article in *html*, or None when there is none to speak of.

    None too for what is no article: a list of them, a wall, an empty page (see `kinds`).
    *url* is where it was fetched from, with which *status*, *charset* what the HTTP header
    declares, *captured_at* when; a date after that is not believed. The same arguments give
    the same article, on any day, in any process and after any other page. Nothing is fetched.
    ExtractionError when the extractor falls over; pages too large or too deep (see `tree`)
    are None.
    """
    tree = parse(html, charset)
    if tree is None:
        return None
    try:
        meta, nodes = MetaTags(tree), nodes_of(tree)
        page_type = page_type_of(tree, url, status=status, meta=meta, nodes=nodes)
        if page_type not in READ:
            return None
        text = normalise(text_of(tree))
        if len(text) < MIN_CHARS:
            return None
        return article_from(tree, meta, nodes, text, page_type, url, captured_at)
    except _CRASHES as crash:
        problem = f"{type(crash).__name__}: {crash}"
        raise ExtractionError(f"{url or 'a page'}: extraction failed, {problem}") from crash


@cache
def extractor_version() -> str:
    """Return the version of the extractor."""
    return version(EXTRACTOR)


@cache
def config_hash() -> str:
    """Return 16 hexadecimal digits that change whenever a text or its metadata may.

    They are the beginning of the SHA-256 of every option and version that has a say.
    """
    config = {
        "body": OPTIONS,
        "language": model_name(),
        "libraries": {
            name: version(name)
            for name in ("chardetng-py", "htmldate", "justext", "lxml", EXTRACTOR, "w3lib")
        },
        "max_elements": MAX_ELEMENTS,
        "max_octets": MAX_OCTETS,
        "min_chars": MIN_CHARS,
        "normalisation": NORMALISATION_VERSION,
        "revision": _REVISION,
    }
    canonical = json.dumps(config, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()[:16]
