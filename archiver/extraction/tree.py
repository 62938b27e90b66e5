"""From octets to a tree: the one time that a page is parsed.

What is no HTML, or too much of it, gives no tree. Trees are `lxml.html`'s, without comments,
processing instructions, code and styles; whoever wants to change one copies it first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml.etree import ElementDefaultClassLookup, ParserError, XPath, _ElementUnicodeResult
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from archiver.extraction.charset import in_utf_8
from archiver.extraction.endless import has_endless_tag

# Of 921 news pages the largest has 2.9 MB and 11,529 elements. Extraction takes some 0.1 ms
# for each element, so that the largest that passes here takes a few seconds.
MAX_OCTETS = 20_000_000
MAX_ELEMENTS = 50_000

# XML 1.0, 2.2: characters that lxml refuses to hold.
_CONTROLS = bytes({*range(0x20)} - {*b"\t\n\r"})
_FFFE, _FFFF = "\ufffe".encode(), "\uffff".encode()
_TAG = re.compile(rb"<[a-zA-Z!/]")
_DOCTYPE = re.compile(rb"<!doctype[^>]*>", re.IGNORECASE)
_HEAD = 4096  # octets in which the oddities below are looked for
# Quirk: libxml2 takes `<html lang="en" />` for a whole document and drops what follows.
_EMPTY_HTML = re.compile(rb"(<html\b[^>]*?)/>", re.IGNORECASE)


def parse(
    octets: bytes, charset: str | None = None, *, most: int = MAX_ELEMENTS
) -> HtmlElement | None:
    """Return the tree of the page in *octets*, which HTTP says is in *charset*, or None.

    None for what is too large, empty, without a tag, or binary whatever it is served as, and
    for what has more elements than *most*, or one with endless attributes. Elements nested
    deeper than 256, the limit of libxml2, are cut off.
    """
    if len(octets) > MAX_OCTETS:
        return None
    prepared = _prepared(in_utf_8(octets, charset))
    if prepared is None:
        return None
    # One parser for each page: a shared one keeps names of earlier pages, and may not be
    # used by two threads at once.
    parser = HTMLParser(
        encoding="utf-8",
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
    )
    # Quirk: lxml.html's own lookup runs Python for every element that is touched.
    parser.set_element_class_lookup(ElementDefaultClassLookup(element=HtmlElement))
    try:
        tree = document_fromstring(prepared, parser=parser)
    except ParserError:  # nothing but comments or blanks
        return None
    count = tree.xpath("count(//*)")  # counted in C
    if not isinstance(count, float) or count > most:
        return None
    for element in tree.iter("script", "style"):
        if "json" not in (element.get("type") or ""):
            element.text = None  # megabytes on some pages, copied and searched many times
    return tree


def owners_of(path: XPath, tree: HtmlElement) -> Iterator[HtmlElement]:
    """Yield the elements of *tree* that have the attributes that *path* leads to, in order.

    Quirk: with `/..` in the path libxml2 takes time by the square of how many there are.
    """
    found = path(tree)
    for each in found if isinstance(found, list) else ():
        owner = each.getparent() if isinstance(each, _ElementUnicodeResult) else None
        if isinstance(owner, HtmlElement):
            yield owner


def _prepared(octets: bytes) -> bytes | None:
    clean = octets.translate(None, _CONTROLS)
    if b"\xef" in clean:  # else there is neither, and that is told at once
        clean = clean.replace(_FFFE, b"").replace(_FFFF, b"")
    if not _TAG.search(clean) or _is_binary(octets[:_HEAD]) or has_endless_tag(clean):
        return None
    # Quirk: a doctype with a stray slash makes libxml2 lose the head; we need none.
    head = _DOCTYPE.sub(b"", clean[:_HEAD], count=1)
    return _EMPTY_HTML.sub(rb"\1>", head, count=1) + clean[_HEAD:]


def _is_binary(head: bytes) -> bool:
    # The controls that no text holds (mimesniff.spec.whatwg.org, 3: binary data byte). Pages
    # with a few stray ones are real.
    return len(head) - len(head.translate(None, _CONTROLS)) > max(8, len(head) // 50)
