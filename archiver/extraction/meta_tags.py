"""What a page says of itself in `meta` elements.

A name is looked for in `name`, `property`, `itemprop` and `http-equiv` alike, in any case,
since pages put Open Graph in `name` and Dublin Core in `property`.
"""

from __future__ import annotations

from lxml.html import HtmlElement

_NAMES = ("property", "name", "itemprop", "http-equiv")


class MetaTags:
    """The `meta` elements of one page, by lower-case name, in their order."""

    def __init__(self, tree: HtmlElement) -> None:
        self._contents: dict[str, list[str]] = {}
        for element in tree.iter("meta"):
            content = element.get("content")
            if content and content.strip():
                # RDFa lets one property attribute hold several names.
                for name in {n for key in _NAMES for n in (element.get(key) or "").split()}:
                    self._contents.setdefault(name.lower(), []).append(content)

    def all(self, *names: str) -> list[str]:
        """Return the contents of every element called one of *names*, by name."""
        return [content for name in names for content in self._contents.get(name, ())]

    def first(self, *names: str) -> str | None:
        """Return the content of the first of *names* that the page has, or None."""
        return next(iter(self.all(*names)), None)
