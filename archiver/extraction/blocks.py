"""A page cut into blocks: each line of text that a browser would begin anew, in order.

One pass over the tree. A block knows its text, how much of it is linked, and the container
it lies in; a container, which is an element that begins a new line, knows what lies in it
and what the classes of the elements around it speak of. Nothing is decided here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml.etree import iterwalk
from lxml.html import HtmlElement

from archiver.extraction.hints import NOWHERE, TAGS, hints_of, nearer

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
_MAX_NAMES = 200  # characters of an attribute
_WHOLE = frozenset(("html", "body"))  # their classes speak of the page
_BLANK_LINE = re.compile(r"\n[^\S\n]*\n")
_BOLD = frozenset(("b", "strong"))
_ITALIC = frozenset(("i", "em", "cite"))


_KINDS = dict.fromkeys(_BREAKS, 1) | dict.fromkeys(_SKIPPED, 2) | dict.fromkeys(_BOLD, 3)
_KINDS |= dict.fromkeys(_ITALIC, 4) | {"a": 5, "br": 6, "img": 7}
_BREAK, _SKIP, _STRONG, _SLANTED, _LINK, _BR, _IMAGE = range(1, 8)


class Container:
    """An element that begins a new line: what is around it, and where.

    *nearest* holds for each hint the depth of the nearest element around that gives it, 0 for
    none; *signature* the tag and the classes. *children* are right below it,
    *images* at any depth.
    """

    __slots__ = (
        "children", "depth", "images", "is_hidden", "nearest", "parent", "signature", "tag",
    )  # fmt: skip

    def __init__(
        self,
        tag: str,
        depth: int,
        parent: Container | None,
        nearest: tuple[int, ...],
        signature: str,
        is_hidden: bool,
    ) -> None:
        self.tag = tag
        self.depth = depth
        self.parent = parent
        self.nearest = nearest
        self.signature = signature
        self.is_hidden = is_hidden
        self.children = 0
        self.images = 0


@dataclass(slots=True, eq=False)
class Block:
    """A line of a page. Lengths are in characters.

    *linked*, *bold* and *italic* say how much of *text* is so, *images* how many images come
    before it on the page.
    """

    text: str
    container: Container
    linked: int
    bold: int
    italic: int
    images: int

    @property
    def tag(self) -> str:
        """Return the tag of the container."""
        return self.container.tag


def blocks_of(tree: HtmlElement) -> list[Block]:
    """Return the blocks of *tree* in their order, `MAX_BLOCKS` at most."""
    walk = _Walk()
    parts = walk.parts
    steps = iterwalk(tree, ("start", "end"))
    for event, element in steps:
        kind = _KINDS.get(element.tag, 0)
        if event == "start":
            if kind == _SKIP:
                steps.skip_subtree()
                continue
            if kind:
                walk.enter(kind, element)
            text = element.text
        else:
            if kind:
                walk.leave(kind)
            text = element.tail
        if text:
            if not text.isspace():
                parts.append(text)
                if walk.open_inlines:
                    walk.count(text)
            elif parts:
                parts.append(text)
        if walk.is_full:
            break
    walk.end_line()
    return walk.blocks


class _Walk:
    """The line that is being read, whose pieces are *parts*, and where it is."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.parts: list[str] = []
        self.open_inlines = 0  # links, bold and italic elements
        self.is_full = False
        self._root = self._here = Container("", 0, None, NOWHERE, "", False)
        self._in = [0] * 8  # how many elements of each kind are open
        self._linked = self._bold = self._italic = 0
        self._images = self._read = 0

    def enter(self, kind: int, element: HtmlElement) -> None:
        if kind == _BREAK:
            if self.parts:
                self.end_line()
            self._here.children += 1
            self._here = _container(element, self._here)
        elif kind == _BR:
            if self.parts:
                self.end_line()
        elif kind == _IMAGE:
            self._images += 1
            self._here.images += 1
        else:
            self._in[kind] += 1
            self.open_inlines += 1

    def leave(self, kind: int) -> None:
        if kind == _BREAK:
            if self.parts:
                self.end_line()
            outer = self._here.parent or self._root
            outer.images += self._here.images
            self._here = outer
        elif kind < _BR and kind != _SKIP:
            self._in[kind] -= 1
            self.open_inlines -= 1

    def count(self, text: str) -> None:
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
        texts = _BLANK_LINE.split(line) if self._here.tag == "pre" else (line,)
        for paragraph in texts:
            self._add_block(" ".join(paragraph.split()))
        self.parts.clear()
        self._linked = self._bold = self._italic = 0

    def _add_block(self, text: str) -> None:
        if not text:
            return
        length = len(text)
        linked, bold, italic = (min(n, length) for n in (self._linked, self._bold, self._italic))
        self.blocks.append(Block(text, self._here, linked, bold, italic, self._images))
        self._read += length
        self.is_full = self._read >= MAX_CHARS or len(self.blocks) >= MAX_BLOCKS


def _container(element: HtmlElement, parent: Container) -> Container:
    tag = element.tag
    depth = parent.depth + 1
    names = ""
    is_hidden = parent.is_hidden
    mask = TAGS.get(tag, 0)
    if tag not in _WHOLE:
        said = dict(element.items())
        if said:
            names = said.get("class", "")
            mask |= hints_of(
                f"{names[:_MAX_NAMES]} {said.get('id', '')[:_MAX_NAMES]} "
                f"{said.get('role', '')[:_MAX_NAMES]} {said.get('itemprop', '')[:_MAX_NAMES]}"
            )
            is_hidden = is_hidden or _is_hidden(said)
    nearest = nearer(parent.nearest, depth, mask) if mask else parent.nearest
    return Container(tag, depth, parent, nearest, f"{tag} {names}", is_hidden)


def _is_hidden(said: dict[str, str]) -> bool:
    style = said.get("style", "").lower()
    if "none" in style and "display:none" in style.replace(" ", ""):
        return True
    return "hidden" in said or said.get("aria-hidden") == "true"
