"""The article of a page: what extraction finds in its HTML, and nothing about its capture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from archiver.errors import ArchiveError

# What a page is. An excerpt is the beginning of an article, which the page, such as a library's
# viewer, says is all that it shows. A listing is a page of links to others: a section, a tag,
# an author, an archive; the front is the one that a site begins with. A soft404 says that there
# is nothing, whatever its status says. What fits none of them, such as an imprint, is other.
PageType = Literal[
    "article", "excerpt", "liveblog", "gallery", "video", "audio", "front", "listing", "search",
    "login", "consent", "botwall", "soft404", "other",
]  # fmt: skip
# Those that may have a text; the others are archived and marked, and kept out of the corpus.
READ: frozenset[PageType] = frozenset(
    ("article", "excerpt", "liveblog", "gallery", "video", "audio")
)


class ExtractionError(ArchiveError):
    """A page on which the extractor fell over, as opposed to one without an article."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """The text of a page and what the page says of it.

    The names are the columns of `archiver.text.TextRecord`, and mean the same. *text* is
    normalised and not empty, *captions* are those of its images; None is absent, and never an
    empty string. *paywalled* is what the page declares, *tdm_reservation* and *tdm_policy* are
    its TDMRep declaration.
    """

    text: str
    captions: tuple[str, ...]
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
    page_type: PageType
    robots_meta: str | None
    tdm_reservation: int | None
    tdm_policy: str | None
    license: str | None
    paywalled: bool | None
