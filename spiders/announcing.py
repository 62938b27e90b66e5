"""Leads out of what publishers announce: feeds, sitemaps, and robots.txt for the latter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urljoin

from scrapy.http import Response

from archiver.capture import SITEMAPS_KEY
from archiver.discovery import Announced, sitemaps_in_robots
from archiver.errors import SeedError
from archiver.prospect import Prospect
from spiders.leads import Lead, Role, Way

# Where a sitemap lies, as a rule, of which robots.txt says nothing.
_USUAL_SITEMAPS = ("/sitemap.xml", "/sitemap_index.xml", "/sitemap.txt")
# How deep sitemaps may list sitemaps: by the protocol once, by some publishers twice.
_DEEPEST = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The time from *since* to *until* in which a page must have been published or changed."""

    since: datetime | None = None
    until: datetime | None = None

    def admits(self, announced: Announced) -> bool:
        """Say whether *announced* is of that time, or nobody knows of which."""
        dates = [date for date in (announced.published_at, announced.modified_at) if date]
        if not dates:
            return True
        is_late = self.since is None or max(dates) >= self.since
        is_early = self.until is None or min(dates) <= self.until
        return is_late and is_early

    def may_hold(self, sitemap: Announced) -> bool:
        """Say whether *sitemap*, by when it last changed, may list pages of that time."""
        changed_at = sitemap.modified_at
        return self.since is None or changed_at is None or changed_at >= self.since


def span_of(since: str | None, until: str | None) -> Span:
    """Return the time between two days or moments (RFC 3339). SeedError where it is none.

    A day is meant whole, and without a zone in UTC.
    """
    begin, end = _moment("since", since), _moment("until", until)
    if end is not None and until is not None and len(until) == len("2026-11-01"):
        end += timedelta(days=1) - timedelta(microseconds=1)
    if begin is not None and end is not None and begin > end:
        raise SeedError(f"-a since={since} is after -a until={until}: exchange them")
    return Span(since=begin, until=end)


def announced_by(prospect: Prospect, way: Way, span: Span) -> Iterator[Lead]:
    """Yield where a feed or sitemap leads, which *way* has led to: on, and to its pages."""
    is_own = way.role == "seed" and prospect.kind == "feed"
    for url in prospect.following:
        yield Lead(url=url, role="feed", level=way.level, is_announced=True)
    if way.level < _DEEPEST:
        for sitemap in filter(span.may_hold, prospect.sitemaps):
            yield Lead(
                url=sitemap.url,
                role="sitemap",
                level=way.level + 1,
                is_announced=True,
                changed_at=sitemap.modified_at,
            )
    for announced in filter(span.admits, prospect.announced):
        yield Lead(
            url=announced.url,
            role="page",
            level=way.level + 1,
            is_announced=True,
            is_anywhere=is_own,
            changed_at=announced.modified_at,
        )


def from_robots(response: Response, way: Way) -> Iterator[Lead]:
    """Yield the sitemaps that robots.txt of the host of *response* names.

    Where nobody has read it yet, that is a lead to robots.txt itself.
    """
    url, rules = urljoin(response.url, "/robots.txt"), response.meta.get(SITEMAPS_KEY)
    if rules is None:
        yield Lead(url=url, role="robots", is_announced=True, is_guessed=True)
    else:
        yield from _sitemaps_in(rules, url, way)


def sitemaps_of_robots(response: Response, way: Way) -> Iterator[Lead]:
    """Yield the sitemaps that robots.txt, in *response*, names; where it names none, guesses."""
    rules = response.body if response.status == 200 else b""
    yield from _sitemaps_in(rules, response.url, way)


def _sitemaps_in(rules: bytes, url: str, way: Way) -> Iterator[Lead]:
    named = sitemaps_in_robots(rules, url)
    for sitemap in named:
        yield announcing(sitemap, "sitemap", way)
    if not named:
        yield from guesses(url, way, _USUAL_SITEMAPS)


def announcing(url: str, role: Role, way: Way) -> Lead:
    """Return the lead to a feed or sitemap that a publisher names, which may lie elsewhere.

    What it announces is held to the scope of the seed all the same.
    """
    return Lead(url=url, role=role, level=way.level + 1, is_announced=True, is_anywhere=True)


def guesses(url: str, way: Way, paths: tuple[str, ...]) -> Iterator[Lead]:
    """Yield the *paths* on the host of *url* where what announces pages lies as a rule."""
    for path in paths:
        yield Lead(
            url=urljoin(url, path),
            role="sitemap" if "sitemap" in path else "feed",
            level=way.level + 1,
            is_announced=True,
            is_guessed=True,
        )


def _moment(name: str, value: str | None) -> datetime | None:
    if value is None:
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise SeedError(f"-a {name}={value}: write a day, such as 2026-11-01") from None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
