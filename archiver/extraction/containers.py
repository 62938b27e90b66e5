"""The elements of a page that begin a new line, as what lies in them needs to know them."""

from __future__ import annotations

from lxml.html import HtmlElement

from archiver.extraction.hints import NOWHERE, TAGS, hints_of, nearer

_NAMING = ("class", "id", "role", "itemprop")
_WHOLE = frozenset(("html", "body"))  # their classes speak of the page
_MAX_NAMES = 200  # characters of an attribute


class Container:
    """An *element* that begins a new line: what is around it, and where.

    *children* are the containers right below it, *images* those at any depth. What its
    attributes mean is only found out where somebody asks: most containers hold no text. What
    the whole page, which is None, and its `html` and `body` are called says nothing of a part.
    """

    __slots__ = (
        "_element", "_nearest", "_signature", "children", "depth", "images", "parent", "tag",
    )  # fmt: skip

    def __init__(
        self, element: HtmlElement | None, depth: int = 0, parent: Container | None = None
    ) -> None:
        self.tag = "" if element is None else element.tag
        self.depth = depth
        self.parent = parent
        self.children = 0
        self.images = 0
        self._element = None if self.tag in _WHOLE else element
        self._nearest: tuple[int, ...] | None = None
        self._signature: str | None = None

    @property
    def signature(self) -> str:
        """Return the tag and the classes, which what looks the same has in common."""
        if self._signature is None:
            called = None if self._element is None else self._element.get("class")
            self._signature = self.tag if called is None else f"{self.tag} {called}"
        return self._signature

    @property
    def nearest(self) -> tuple[int, ...]:
        """Return for each hint the depth of the nearest element around that gives it, or 0."""
        if self._nearest is None:
            around = self.parent.nearest if self.parent else NOWHERE
            mask = TAGS.get(self.tag, 0)
            if self._element is not None:
                mask |= _hints_given_by(self._element)
            self._nearest = nearer(around, self.depth, mask) if mask else around
        return self._nearest

    @property
    def is_hidden(self) -> bool:
        """Say whether this, or what is around it, is hidden from readers by its attributes."""
        here: Container | None = self
        while here is not None:
            if here._element is not None and _hides(here._element):
                return True
            here = here.parent
        return False


def _hints_given_by(element: HtmlElement) -> int:
    mask = 0
    for name in _NAMING:
        value = element.get(name)
        if value:
            mask |= hints_of(value[:_MAX_NAMES])
    return mask


def _hides(element: HtmlElement) -> bool:
    style = element.get("style", "").lower().replace(" ", "")
    is_said = element.get("hidden") is not None or element.get("aria-hidden") == "true"
    return is_said or "display:none" in style
