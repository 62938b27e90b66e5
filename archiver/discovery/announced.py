"""What feeds and sitemaps announce, and how much of one is read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

# The sitemap protocol's own limits are 50,000 URLs and 50 MB (sitemaps.org); a feed or a page
# that goes beyond them is no work of a person.
MOST = 50_000
MAX_OCTETS = 50_000_000

_LONGEST_TITLE = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Announced:
    """A URL, and what is said of it; times are aware and UTC, a day alone is its midnight."""

    url: str
    published_at: datetime | None = None
    modified_at: datetime | None = None
    title: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """What a feed says: its entries' pages, each once, and *following*, where more of it is.

    *left_out* is how many entries were left out at least, where the feed is too large.
    """

    kind: Literal["rss", "atom", "json", "rdf"]
    title: str | None
    entries: tuple[Announced, ...]
    following: tuple[str, ...]
    left_out: int


def each_once(announced: Iterable[Announced]) -> tuple[Announced, ...]:
    """Return *announced* with the first of each URL alone."""
    first: dict[str, Announced] = {}
    for one in announced:
        first.setdefault(one.url, one)
    return tuple(first.values())


def one_line(text: str) -> str | None:
    """Return the beginning of *text* as a line that can be written anywhere, or None if empty."""
    line = " ".join(text[:_LONGEST_TITLE].split())
    return line.encode("utf-8", "replace").decode() or None
