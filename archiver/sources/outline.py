"""The title and the visible text of a document, quickly: what a list and a search need.

It is not the extraction of an article: whatever a reader may see is text here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from lxml.etree import iterwalk, strip_elements
from lxml.html import HtmlElement

from archiver.content import content_of
from archiver.head import Head, charset_of
from archiver.pages import TEXT_LIMIT
from archiver.wire import payload_of

# The octets of a block, and of its content, that are looked at.
MOST_OCTETS = 2 << 20

_UNSEEN = ("script", "style", "noscript", "template", "head", "svg", "iframe", "object")
_INLINE = frozenset(
    (
        "a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "del", "dfn", "em", "font", "i",
        "ins", "kbd", "mark", "q", "s", "samp", "small", "span", "strong", "sub", "sup", "tt", "u",
        "var", "wbr",
    )
)  # fmt: skip


class Outline(NamedTuple):
    """What a document calls itself and what it says; None where it does not."""

    title: str | None
    text: str | None


def outline_of(head: Head, block: bytes) -> Outline:
    """Return the outline of the HTML response that *block*, which may be cut, begins with."""
    # With it come the extractors, half a second that only a WARC without a page list costs.
    from archiver.extraction.tree import parse

    # Quirk: browsers write decoded bodies below heads whose Content-Length is the encoded one's.
    is_chunked = b"chunked" in b",".join(head.get_all(b"transfer-encoding")).lower()
    payload = b"".join(payload_of([block])) if is_chunked else block[head.length :]
    content = content_of(payload, head.get(b"content-encoding"), MOST_OCTETS)
    tree = parse(content, charset_of(head))
    if tree is None:
        return Outline(None, None)
    title = next((_joined(element.itertext()) for element in tree.iter("title")), "")
    strip_elements(tree, *_UNSEEN, with_tail=False)
    return Outline(title or None, _joined(_seen(tree))[:TEXT_LIMIT] or None)


def _seen(tree: HtmlElement) -> Iterator[str]:
    """Yield the text below *tree*, and a blank where a block ends, as far as it is wanted."""
    size = 0
    for event, element in iterwalk(tree, events=("start", "end")):
        if event == "end" and element.tag not in _INLINE:
            yield " "
        text = element.text if event == "start" else element.tail
        if text:
            yield text
            size += len(text)
        if size > 4 * TEXT_LIMIT:
            return  # blanks are most of some pages, but not of what comes first


def _joined(pieces: Iterator[str]) -> str:
    return " ".join("".join(pieces).split())
