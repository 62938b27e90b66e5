"""What a discovering spider knows of a request: what it is for, and how it came about."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

# What is expected to come back: whatever a seed is; what announces pages; robots.txt, for the
# sitemaps that it names; a document for its links; a page to be read.
Role = Literal["seed", "feed", "sitemap", "robots", "front", "page"]

# In this order requests of one host are made: first what tells what there is.
PRIORITIES: dict[Role, int] = {
    "robots": 40, "seed": 30, "feed": 30, "sitemap": 20, "front": 10, "page": 0,
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """A URL to go on to, for the sake of its *role*.

    What *is_announced* by its publisher is taken as it is, where a link may be a trap;
    *changed_at* is when it last changed, by its announcement. It may lie *is_anywhere* where a
    feed announces it that is a seed itself. What *is_guessed* need not exist.
    """

    url: str
    role: Role
    level: int = 0
    is_announced: bool = False
    is_anywhere: bool = False
    is_guessed: bool = False
    changed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How a crawl came to a request: from *seed*, the URL of one, for the sake of its *role*.

    *home* is where that seed's request was led to in the end. *level* counts the documents
    between the two. What *is_guessed* may not be there, and nobody is told if it is not. *round*
    names the round of the seed, where there are several.
    """

    seed: str
    role: Role
    home: str | None = None
    level: int = 0
    is_guessed: bool = False
    round: str | None = None

    def to(self, lead: Lead) -> Way:
        """Return the way that leads on to *lead*."""
        return replace(self, role=lead.role, level=lead.level, is_guessed=lead.is_guessed)
