"""The article of a page: what extraction finds in its HTML, and nothing about its capture."""

from __future__ import annotations

from dataclasses import dataclass

from archiver.errors import ArchiveError


class ExtractionError(ArchiveError):
    """A page on which the extractor fell over, as opposed to one without an article."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """The text of a page and what the page says of it.

    The names are the columns of `archiver.text.TextRecord`, and mean the same. *text* is
    normalised and not empty; None is absent, and never an empty string. *paywalled* is what
    the page declares, *tdm_reservation* and *tdm_policy* are its TDMRep declaration.
    """

    text: str
    language: str | None
    language_score: float | None
    title: str | None
    authors: tuple[str, ...]
    published_date: str | None
    modified_date: str | None
    sitename: str | None
    description: str | None
    categories: tuple[str, ...]
    tags: tuple[str, ...]
    url_canonical: str | None
    image_url: str | None
    agency: str | None
    page_type: str | None
    robots_meta: str | None
    tdm_reservation: int | None
    tdm_policy: str | None
    license: str | None
    paywalled: bool | None
