"""From octets to a tree: the one time that a page is parsed.

What is no HTML, or too much of it, gives no tree. Trees are `lxml.html`'s, without comments,
processing instructions, code and styles; whoever wants to change one copies it first.
"""

from __future__ import annotations

import re

from lxml.etree import ParserError
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from archiver.extraction.charset import decode
from archiver.extraction.endless import has_endless_tag

# Of 921 news pages the largest has 2.9 MB and 11,529 elements. Extraction takes some 0.1 ms
# for each element, so that the largest that passes here takes a few seconds.
MAX_OCTETS = 20_000_000
MAX_ELEMENTS = 50_000

# XML 1.0, 2.2: characters that lxml refuses to hold.
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_TAG = re.compile("<[a-zA-Z!/]")
_DOCTYPE = re.compile("<!doctype[^>]*>", re.IGNORECASE)
_HEAD = 4096  # characters in which the oddities below are looked for
# Quirk: libxml2 takes `<html lang="en" />` for a whole document and drops what follows.
_EMPTY_HTML = re.compile(r"(<html\b[^>]*?)/>", re.IGNORECASE)


def parse(
    octets: bytes, charset: str | None = None, *, most: int = MAX_ELEMENTS
) -> HtmlElement | None:
    """Return the tree of the page in *octets*, which HTTP says is in *charset*, or None.

    None for what is empty, without a tag, or binary whatever it is served as, and for what is
    too large, or has more elements than *most*.
    Elements nested deeper than 256, the limit of libxml2, are cut off.
    """
    if len(octets) > MAX_OCTETS:
        return None
    text = _prepared(decode(octets, charset).text)
    if text is None:
        return None
    # One parser for each page: a shared one keeps names of earlier pages, and may not be
    # used by two threads at once.
    parser = HTMLParser(
        encoding="utf-8",
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
    )
    try:
        tree = document_fromstring(text.encode(), parser=parser)
    except ParserError:  # nothing but comments or blanks
        return None
    count = tree.xpath("count(//*)")  # counted in C
    if isinstance(count, float) and count > most:
        return None
    for element in tree.iter("script", "style"):
        if "json" not in (element.get("type") or ""):
            element.text = None  # megabytes on some pages, copied and searched many times
    return tree


def _prepared(text: str) -> str | None:
    clean = _NO_XML.sub("", text)
    if not _TAG.search(clean) or _is_binary(text[:_HEAD]) or has_endless_tag(clean):
        return None
    # Quirk: a doctype with a stray slash makes libxml2 lose the head; we need none.
    head = _DOCTYPE.sub("", clean[:_HEAD], count=1)
    return _EMPTY_HTML.sub(r"\1>", head, count=1) + clean[_HEAD:]


def _is_binary(head: str) -> bool:
    # The controls that no text holds (mimesniff.spec.whatwg.org, 3: binary data byte). Pages
    # with a few stray ones are real.
    return len(_NO_XML.findall(head)) > max(8, len(head) // 50)
