"""From octets to the text of a feed or a sitemap, and to the element that it begins with.

What stands before that element (a byte-order mark, a declaration, comments, a doctype, a
warning of the server's script) is passed over, and none of it reaches a parser of XML: no
entity is ever declared.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from w3lib.encoding import read_bom

from archiver.content import content_of
from archiver.discovery.announced import MAX_OCTETS
from archiver.extraction.charset import decode

GZIP = b"\x1f\x8b"

# XML without a byte-order mark (XML 1.0, F.1).
_UTF_16 = {b"<\0": "utf-16le", b"\0<": "utf-16be"}
_SPACES = " \t\r\n\ufeff"
_PROLOGUE = 64 << 10  # characters in which the first element is looked for
_JUNK = 4096  # characters that may stand between it and what is known to come before it
_ROOTS_OF_HTML = ("html", "head", "body")
_OPENING = re.compile(
    r"<!--.*?(?:-->|\Z)"
    r"|<\?[^<>]*>"
    r"|<!doctype\s+(?P<doctype>html)\b"
    r"|<!doctype[^\[<>]*(?:>|\[.*?(?:\]\s*>|\Z))"
    r"|<(?:[\w.-]{1,40}:)?(?P<root>html|head|body|rss|rdf|feed|urlset|sitemapindex)(?=[\s/>])",
    re.DOTALL | re.IGNORECASE,
)


class Content(NamedTuple):
    """The text of a document; *is_cut* where it may have gone on."""

    text: str
    is_cut: bool


class Root(NamedTuple):
    """The first element that tells what a document is: its name in lower case, and its place."""

    name: str
    start: int


def content_in(octets: bytes, charset: str | None = None) -> Content:
    """Return the text of *octets*, unzipped where they are zipped, and cut after MAX_OCTETS.

    *charset* is what the HTTP header declares.
    """
    unzipped = _unzipped(octets[:MAX_OCTETS], MAX_OCTETS)
    is_cut = len(octets) > MAX_OCTETS or (unzipped is not octets and len(unzipped) == MAX_OCTETS)
    text = decode(unzipped, _UTF_16.get(unzipped[:2], charset)).text
    return Content(text.strip(_SPACES), is_cut)


def beginning_in(octets: bytes) -> str:
    """Return as much of the text of *octets* as it takes to tell what they are."""
    start = _unzipped(octets[:_PROLOGUE], _PROLOGUE)
    # Names of elements are ASCII: to find out a legacy encoding takes longer, and helps nobody.
    encoding = read_bom(start)[0] or _UTF_16.get(start[:2], "utf-8")
    return start.decode(encoding, "replace").strip(_SPACES)


def root_of(text: str) -> Root | None:
    """Return the root of the document that *text* is or begins, or None if none is known."""
    known, is_xml = 0, False
    for found in _OPENING.finditer(text, 0, _PROLOGUE):
        if found.start() - known > _JUNK:
            return None
        name = (found["doctype"] or found["root"] or "").lower()
        if name in _ROOTS_OF_HTML and is_xml and "<" in text[known : found.start()]:
            return None  # XML of another kind, such as OPML, has a head and a body too
        if name:
            return Root(name, found.start())
        known, is_xml = found.end(), is_xml or found[0][:5].lower() == "<?xml"
    return None


def _unzipped(octets: bytes, limit: int) -> bytes:
    if not octets.startswith(GZIP):
        return octets
    # Zipped twice where a server zips what is zipped, and says so once.
    return content_of(octets, b"gzip, gzip", limit)
