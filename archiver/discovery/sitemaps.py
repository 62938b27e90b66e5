"""What a sitemap announces (sitemaps.org/protocol.html), and where robots.txt names sitemaps."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from archiver.discovery.announced import MOST, Announced, each_once, one_line
from archiver.discovery.base import Base
from archiver.discovery.moments import moment_of
from archiver.discovery.opening import content_in, root_of
from archiver.discovery.outline import Group, Outline

_ROOTS = frozenset(("urlset", "sitemapindex"))
_ENTRIES = frozenset(("url", "sitemap"))
_FIELDS = frozenset(("loc", "lastmod", "publication_date", "title"))
_NEWS = "news"  # Google's extension; those for images and videos have such fields of their own

# A line of a sitemap in plain text: a URL, and nothing else.
LINE = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
_IN_ROBOTS = re.compile(
    r"^[ \t\ufeff]*sitemap[ \t]*:[ \t]*([^\s#]+)", re.IGNORECASE | re.MULTILINE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitemap:
    """The pages and the further sitemaps that a sitemap names, each once.

    *left_out* is how many were left out at least, where the sitemap is too large.
    """

    pages: tuple[Announced, ...]
    sitemaps: tuple[Announced, ...]
    left_out: int


def sitemap_of(octets: bytes, url: str) -> Sitemap | None:
    """Return the sitemap in *octets*, which was fetched from *url*, or None if that is none.

    A feed may be given for a sitemap; it is `feed_of`'s.
    """
    content = content_in(octets)
    base = Base(url)
    root = root_of(content.text)
    if root is None:
        return _sitemap_of_lines(content.text, base, is_cut=content.is_cut)
    if root.name not in _ROOTS:
        return None
    outline = Outline(
        content.text[root.start :], heads=_ROOTS, entries=_ENTRIES, fields=_FIELDS, part=_NEWS
    )
    return Sitemap(
        pages=_announced(outline, "url", base),
        sitemaps=_announced(outline, "sitemap", base),
        left_out=outline.left_out + content.is_cut,
    )


def sitemaps_in_robots(octets: bytes, url: str) -> tuple[str, ...]:
    """Return the sitemaps that a robots.txt fetched from *url* names, each once."""
    lines = content_in(octets).text.replace("\r", "\n")
    references = dict.fromkeys(found[1] for found in _IN_ROBOTS.finditer(lines))
    urls = map(Base(url).resolved, islice(references, MOST))
    return tuple(dict.fromkeys(url for url in urls if url))


def _sitemap_of_lines(text: str, base: Base, *, is_cut: bool) -> Sitemap | None:
    lines = [line for line in map(str.strip, text.splitlines()) if line]
    if is_cut:
        lines = lines[:-1]
    if not lines or not all(map(LINE.fullmatch, lines)):
        return None
    urls = map(base.resolved, lines[:MOST])
    return Sitemap(
        pages=each_once(Announced(url=url) for url in urls if url),
        sitemaps=(),
        left_out=max(0, len(lines) - MOST) + is_cut,
    )


def _announced(outline: Outline, name: str, base: Base) -> tuple[Announced, ...]:
    groups = (group for group in outline.entries if group.name == name)
    found = (_announced_by(group, base) for group in groups)
    return each_once(one for one in found if one)


def _announced_by(group: Group, base: Base) -> Announced | None:
    url = base.resolved(group.own("loc") or "")
    if url is None:
        return None
    return Announced(
        url=url,
        published_at=_moment(group, "publication_date"),
        modified_at=_moment(group, "lastmod"),
        title=one_line(next(group.texts("title"), "")),
    )


def _moment(group: Group, name: str) -> datetime | None:
    return next(filter(None, map(moment_of, group.texts(name))), None)
