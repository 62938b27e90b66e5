"""When a page was published and changed, as it says, in RFC 3339.

A `date-time` where the page gives time and zone, a `full-date` where it gives less. What is
declared (JSON-LD, meta, microdata) goes before what readers are shown, in the page's address
or around its headline, unless it lies so long after the day of the address that it is that of
a move. No clock is read: what would lie after the capture is no date of the page's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import chain

from lxml.html import HtmlElement

from archiver.extraction.annotations import Annotations
from archiver.extraction.iso_dates import rfc3339
from archiver.extraction.linked_data import Node, strings_of, types_of
from archiver.extraction.meta_tags import MetaTags
from archiver.extraction.regions import is_month_first
from archiver.extraction.surroundings import Surroundings
from archiver.extraction.visible_dates import (
    Shown,
    dates_in,
    dates_marked,
    day_in_folders,
    day_in_number,
    day_of_address,
)
from archiver.extraction.written_dates import first_day

_PUBLISHED = (
    "article:published_time", "article:published", "og:article:published_time",
    "og:published_time", "datepublished", "parsely-pub-date", "sailthru.date", "pubdate",
    "publishdate", "publish-date", "publish_date", "publication_date", "published_time",
    "dc.date.issued", "dcterms.issued", "dcterms.created", "dc.date", "dcterms.date", "date",
    "citation_publication_date", "citation_date", "cxenseparse:recs:publishtime",
    "dc.date.created", "og:pubdate", "originalpublicationdate", "publication-date", "pub_date",
    "article_date_original", "displaydate", "date_published", "datecreated", "bt:pubdate",
    "rnews:datepublished", "ptime", "timestamp", "created", "citation_online_date",
    "article.published", "article.created", "dc:date", "dc:created", "published-date",
    "shareaholic:article_published_time", "release_date", "og:release_date", "uploaddate",
)  # fmt: skip
_MODIFIED = (
    "article:modified_time", "article:modified", "og:article:modified_time", "og:updated_time",
    "datemodified", "dcterms.modified", "dc.date.modified", "last-modified", "lastmod",
    "article.updated", "article.modified", "date_modified", "last_updated", "revised",
    "cxenseparse:recs:modifiedtime", "dateupdated", "updated_time",
)  # fmt: skip

_PAGES = frozenset(("webpage", "itempage", "recipe", "videoobject", "podcastepisode", "review"))
_EARLIEST = date(1600, 1, 1)
_NEVER = date(1970, 1, 1)  # what a template prints when it has no date
_EARLIEST_SHOWN = date(1995, 1, 1)  # numbers are read as years; the web is not older
_LATEST = date(2100, 1, 1)
_DAY = timedelta(days=1)
_SOON = timedelta(days=30)  # by which a page may be published after its address was given to it


@dataclass(frozen=True, slots=True, kw_only=True)
class Dates:
    """When a page was *published* and *modified*, in RFC 3339; None where it does not say."""

    published: str | None
    modified: str | None


def dates_of(
    tree: HtmlElement,
    meta: MetaTags,
    annotations: Annotations,
    nodes: list[Node],
    article: Node | None,
    near: Surroundings,
    url: str | None,
    captured_at: datetime | None,
) -> Dates:
    """Return the dates of the page; *near* is around its headline.

    Neither lies after *captured_at*.
    """
    latest = captured_at.date() + _DAY if captured_at else _LATEST  # its zone may be ahead
    months = is_month_first(tree, meta, url)
    soon = _soon_after_address(url, latest)
    published = _declared(_published(meta, annotations, nodes, article), soon, months)
    modified = _declared(_modified(meta, annotations, article), latest, months)
    if published and modified:
        return Dates(published=published, modified=modified)
    shown = _believed(dates_in(near.soon, months), latest)
    if published is None:
        shown += _believed(dates_in(chain(near.before, near.later), months), latest)
        published = _shown(shown, _address(url, latest))
    if published is None:
        marked = _believed(dates_marked(tree, near.heading, months), latest)
        published = _marked(marked, shown, url, latest)
    if modified is None:
        modified = next((each.value for each in shown if each.is_modified), None)
    return Dates(published=published, modified=modified)


def _published(
    meta: MetaTags, annotations: Annotations, nodes: list[Node], article: Node | None
) -> Iterator[str]:
    yield from strings_of(article, "datePublished") if article else ()
    yield from meta.all(*_PUBLISHED)
    yield from annotations.values("datepublished")
    pages = (node for node in nodes if not _PAGES.isdisjoint(types_of(node)))
    for node in pages:
        yield from strings_of(node, "datePublished") or strings_of(node, "uploadDate")


def _modified(meta: MetaTags, annotations: Annotations, article: Node | None) -> Iterator[str]:
    yield from strings_of(article, "dateModified") if article else ()
    yield from meta.all(*_MODIFIED)
    if article is None:
        yield from annotations.values("datemodified")


def _declared(texts: Iterable[str], latest: date, months: bool) -> str | None:
    for text in texts:
        found = rfc3339(text)
        if found is None and (day := first_day(text.strip(), months)):
            found = day.isoformat()
        if found and _is_possible(found, _EARLIEST, latest):
            return found
    return None


def _is_possible(found: str, earliest: date, latest: date) -> bool:
    return earliest < _day(found) <= latest and _day(found) != _NEVER


def _day(found: str) -> date:
    return date.fromisoformat(found[:10])


def _believed(shown: Iterable[Shown], latest: date) -> list[Shown]:
    return [each for each in shown if _is_possible(each.value, _EARLIEST_SHOWN, latest)]


def _believable(day: date | None, latest: date) -> date | None:
    return day if day and _is_possible(day.isoformat(), _EARLIEST_SHOWN, latest) else None


def _address(url: str | None, latest: date) -> date | None:
    return _believable(day_of_address(url) if url else None, latest)


def _soon_after_address(url: str | None, latest: date) -> date:
    """Return the last day a page at *url* may have been published: *latest* if it names none."""
    day = _believable(day_in_folders(url) if url else None, latest)
    return min(latest, day + _SOON) if day else latest


def _shown(near: list[Shown], address: date | None) -> str | None:
    """Return the day of the *address*, with the time that is shown beside it, if one is."""
    first = _first(near)
    if address is None or (first and "T" in first and abs(_day(first) - address) <= _DAY):
        return first
    return address.isoformat()


def _first(shown: list[Shown]) -> str | None:
    """Return the first that is called published, else the first that is not a change."""
    unchanged = [each for each in shown if not each.is_modified and not each.is_prose]
    called = [each for each in unchanged if each.is_published]
    return next((each.value for each in called or unchanged), None)


def _marked(marked: list[Shown], near: list[Shown], url: str | None, latest: date) -> str | None:
    """Return what is only marked as a date, else any date near, else one in the address."""
    found = _first(marked) or next((each.value for each in [*near, *marked]), None)
    number = _believable(day_in_number(url) if url and not found else None, latest)
    return number.isoformat() if number else found
