"""The elements of a page that begin a new line, as what lies in them needs to know them."""

from __future__ import annotations

from collections.abc import Mapping

from lxml.html import HtmlElement

from archiver.extraction.hints import NOWHERE, TAGS, hints_of, nearer

_NAMING = ("class", "id", "role", "itemprop")
WHOLE = frozenset(("html", "body"))  # their classes speak of the page
_MAX_NAMES = 200  # characters of an attribute


class Container:
    """An *element* that begins a new line: what is around it, and where.

    *children* are the containers right below it, *images* those at any depth; the blocks that
    lie in it are those from *first* up to, but not, *after*. What its attributes are and mean
    is only found out where somebody asks: most containers hold no text. The whole page, its
    `html` and its `body` have none: what they are called says nothing of a part.
    """

    __slots__ = (
        "_attributes", "_element", "_nearest", "after", "children", "depth", "first", "images",
        "parent", "tag",
    )  # fmt: skip

    def __init__(
        self,
        tag: str,
        element: HtmlElement | None,
        depth: int = 0,
        parent: Container | None = None,
        first: int = 0,
    ) -> None:
        self.tag = tag
        self.depth = depth
        self.parent = parent
        self.first = self.after = first
        self.children = self.images = 0
        self._element = None if tag in WHOLE else element
        self._attributes: dict[str, str] | None = None
        self._nearest: tuple[int, ...] | None = None

    @property
    def attributes(self) -> dict[str, str]:
        """Return the attributes of the element, but for those of a whole page."""
        if self._attributes is None:
            self._attributes = {} if self._element is None else dict(self._element.items())
        return self._attributes

    @property
    def signature(self) -> str:
        """Return the tag and the classes, which what looks the same has in common."""
        called = self.attributes.get("class")
        return self.tag if called is None else f"{self.tag} {called}"

    @property
    def nearest(self) -> tuple[int, ...]:
        """Return for each hint the depth of the nearest element around that gives it, or 0."""
        if self._nearest is None:
            around = self.parent.nearest if self.parent else NOWHERE
            mask = TAGS.get(self.tag, 0)
            attributes = self.attributes
            for name in _NAMING:
                if value := attributes.get(name):
                    mask |= hints_of(value[:_MAX_NAMES])
            self._nearest = nearer(around, self.depth, mask) if mask else around
        return self._nearest

    @property
    def is_hidden(self) -> bool:
        """Say whether this, or what is around it, is hidden from readers by its attributes."""
        here: Container | None = self
        while here is not None:
            if _hides(here.attributes):
                return True
            here = here.parent
        return False


def _hides(attributes: Mapping[str, str]) -> bool:
    style = attributes.get("style", "").lower().replace(" ", "")
    is_said = "hidden" in attributes or attributes.get("aria-hidden") == "true"
    return is_said or "display:none" in style
