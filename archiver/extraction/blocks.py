"""A page cut into blocks: each line of text that a browser would begin anew, in order.

One pass over the tree. A block knows its text, how much of it is linked, and the container
it lies in; a container, which is an element that begins a new line, knows what lies in it
and what the classes of the elements around it speak of. Nothing is decided here.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from lxml.html import HtmlElement

from archiver.extraction.containers import Container

MAX_BLOCKS = 5_000  # a page with more is an index or an attack; the rest is not looked at
MAX_CHARS = 2_000_000

HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_SKIPPED = frozenset(
    ("title", "script", "style", "noscript", "template", "select", "button", "svg", "textarea",
     "iframe", "object", "audio", "video", "canvas", "map", "datalist", "math", "option")
)  # fmt: skip
_BREAKS = HEADINGS | frozenset(
    ("html", "body", "head", "p", "div", "td", "th", "li", "dd", "dt", "tr", "table", "tbody",
     "thead", "tfoot", "caption", "ul", "ol", "dl", "hr", "article", "section", "header", "nav",
     "aside", "main", "form", "fieldset", "blockquote", "pre", "figure", "figcaption", "center",
     "address", "footer", "details", "summary", "menu", "hgroup")
)  # fmt: skip
_SECTIONS = frozenset(("h2", "h3", "h4", "article"))
_BLANK_LINE = re.compile(r"\n[^\S\n]*\n")
_BOLD = frozenset(("b", "strong"))
_ITALIC = frozenset(("i", "em", "cite"))


_KINDS = dict.fromkeys(_BREAKS, 1) | dict.fromkeys(_SKIPPED, 2) | dict.fromkeys(_BOLD, 3)
_KINDS |= dict.fromkeys(_ITALIC, 4) | {"a": 5, "br": 6, "img": 7}
_BREAK, _SKIP, _STRONG, _SLANTED, _LINK, _BR, _IMAGE = range(1, 8)


class Block(NamedTuple):
    """A line of a page. Lengths are in characters.

    *linked*, *bold* and *italic* say how much of *text* is so; *images* and *sections* how many
    images come before it on the page, and what begins with a heading or is marked up as an
    article. *links* are the blocks that were joined to this one, which then is a menu.
    """

    text: str
    container: Container
    linked: int
    bold: int
    italic: int
    images: int
    sections: int
    links: tuple[Block, ...] = ()

    @property
    def tag(self) -> str:
        """Return the tag of the container."""
        return self.container.tag


def blocks_of(tree: HtmlElement) -> list[Block]:
    """Return the blocks of *tree* in their order, `MAX_BLOCKS` at most."""
    walk = _Walk()
    walk.enter(tree, _KINDS.get(tree.tag, 0))
    walk.end_line()
    return walk.blocks


class _Walk:
    """The line that is being read, whose pieces are *parts*, and where it is.

    It goes down with the tree, by two calls for an element; those of `tree.parse` have at most
    256 of them in each other.
    """

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.parts: list[str] = []
        self._is_full = False
        self._here = Container("", None)
        self._in = [0] * 8  # how many elements of each kind are open
        self._open_inlines = 0  # links, bold and italic elements
        self._linked = self._bold = self._italic = 0
        self._images = self._sections = self._read = 0

    def enter(self, element: HtmlElement, kind: int) -> None:
        """Read *element*, which is of *kind*, with what is in it."""
        if kind == _BREAK:
            self._enter_container(element, element.tag)
        elif kind == _BR:
            if self.parts:
                self.end_line()
            self._read_within(element)
        elif kind == _IMAGE:
            self._images += 1
            self._here.images += 1
            self._read_within(element)
        elif kind != _SKIP:
            self._in[kind] += 1
            self._open_inlines += 1
            self._read_within(element)
            self._open_inlines -= 1
            self._in[kind] -= 1

    def _enter_container(self, element: HtmlElement, tag: str) -> None:
        if self.parts:
            self.end_line()
        outer = self._here
        outer.children += 1
        here = Container(tag, element, outer.depth + 1, outer, len(self.blocks))
        self._here = here
        if tag in _SECTIONS:
            self._sections += 1
        self._read_within(element)
        if self.parts:
            self.end_line()
        here.after = len(self.blocks)
        outer.images += here.images
        self._here = outer

    def _read_within(self, element: HtmlElement) -> None:
        parts = self.parts
        text = element.text
        if text and (parts or not text.isspace()):
            self._add(text)
        for child in element:
            tag = child.tag
            kind = _KINDS.get(tag, 0)
            if kind == _BREAK:
                self._enter_container(child, tag)
            elif kind:
                self.enter(child, kind)
            else:
                self._read_within(child)
            text = child.tail
            if text and (parts or not text.isspace()):
                self._add(text)
            if self._is_full:
                return

    def _add(self, text: str) -> None:
        self.parts.append(text)
        if self._open_inlines and not text.isspace():
            self._count(text)

    def _count(self, text: str) -> None:
        """Count *text*, which is linked, bold or italic."""
        if self._in[_LINK]:
            self._linked += len(text.strip())
        if self._in[_STRONG]:
            self._bold += len(text)
        if self._in[_SLANTED]:
            self._italic += len(text)

    def end_line(self) -> None:
        """Make a block of the line, or of each of its paragraphs in preformatted text."""
        line = "".join(self.parts)
        self.parts.clear()
        if self._here.tag == "pre":
            for paragraph in _BLANK_LINE.split(line):
                self._add_block(paragraph)
        else:
            self._add_block(line)
        self._linked = self._bold = self._italic = 0

    def _add_block(self, line: str) -> None:
        text = " ".join(line.split())
        if not text:
            return
        length = len(text)
        linked, bold, italic = self._linked, self._bold, self._italic
        self.blocks.append(
            Block(
                text,
                self._here,
                linked if linked < length else length,
                bold if bold < length else length,
                italic if italic < length else length,
                self._images,
                self._sections,
            )
        )
        self._read += length
        self._is_full = self._read >= MAX_CHARS or len(self.blocks) >= MAX_BLOCKS
