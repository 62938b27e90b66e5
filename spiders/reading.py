"""From an answer to the page that it is, or to the word that says what it is instead."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from scrapy.http import Response

from archiver.canonical import is_twin
from archiver.capture import PASSED_OVER, Page
from archiver.prospect import Prospect
from archiver.seeds import Seed
from spiders.known import Known
from spiders.leads import Way
from spiders.pages import page_of

# What an answer with an error status may be all the same that is worth a word.
_WALLS = ("botwall", "login", "consent")
_FOR_READING = ("seed", "front", "page")
# What a document that somebody calls an article may look like, if nobody but him can tell.
_IN_DOUBT = ("front", "listing", "search", "other")


class Reading:
    """Tells pages from all else; *seeds* are those of the crawl by their URLs."""

    def __init__(self, known: Known, seeds: Mapping[str, Seed]) -> None:
        self._known = known
        self._seeds = seeds

    def page(self, prospect: Prospect, response: Response, way: Way) -> Page | None:
        """Return *response* as a page, with its type. None for what is nothing to speak of.

        One whose type is in `PASSED_OVER` is no page to be read, but to be marked as what it is.
        """
        page = page_of(response, seed=way.seed)
        if page is None or prospect.kind != "document" or way.role not in _FOR_READING:
            return None  # where a feed was looked for, many a site answers with its front page
        kind, canonical = prospect.page_type, self._canonical(prospect, response)
        if response.status >= 400:
            return replace(page, page_type=kind) if kind in _WALLS else None
        if kind in _IN_DOUBT and self._is_called_an_article(way):
            kind = None
        elif kind not in PASSED_OVER and self._known.has_twin(response.url, canonical):
            kind = "twin"
        return replace(page, page_type=kind, canonical=canonical)

    def _canonical(self, prospect: Prospect, response: Response) -> str | None:
        """Return the address that *response* calls its own, if it can be believed."""
        canonical = prospect.links.canonical if prospect.links is not None else None
        if canonical is None or not is_twin(response.url, canonical):
            return None
        return canonical

    def _is_called_an_article(self, way: Way) -> bool:
        seed = self._seeds.get(way.seed)
        return way.role == "seed" and seed is not None and seed.kind == "article"
