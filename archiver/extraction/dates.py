"""When a page was published and changed, as it says, in RFC 3339.

A `date-time` where the page gives time and zone, a `full-date` where it gives less. What is
declared (JSON-LD, meta, microdata) goes before what `htmldate` finds in address and text.
No clock is read: what would lie after the capture is no date of the page's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from functools import partial

import htmldate.extractors
from lxml.html import HtmlElement

from archiver.extraction.linked_data import Node, strings_of
from archiver.extraction.meta_tags import MetaTags

# Quirk: htmldate has dateutil fill what a date string leaves out ("2019 12:30") from today,
# and warn of time zones it does not know. Re-extraction must give the same bytes on any day
# and any machine: from January 1 then, and without zones. Watched by a contract test.
_names = vars(htmldate.extractors)
_names["dateutil_parse"] = partial(
    _names["dateutil_parse"], default=datetime(1, 1, 1), ignoretz=True
)

_PUBLISHED = (
    "article:published_time", "article:published", "og:article:published_time",
    "og:published_time", "datepublished", "parsely-pub-date", "sailthru.date", "pubdate",
    "publishdate", "publish-date", "publish_date", "publication_date", "published_time",
    "dc.date.issued", "dcterms.issued", "dcterms.created", "dc.date", "dcterms.date", "date",
    "citation_publication_date", "citation_date", "cxenseparse:recs:publishtime",
)  # fmt: skip
_MODIFIED = (
    "article:modified_time", "article:modified", "og:article:modified_time", "og:updated_time",
    "datemodified", "dcterms.modified", "dc.date.modified", "last-modified", "lastmod",
)  # fmt: skip

_ISO = re.compile(
    r"\s*(\d{4})-?(\d{1,2})-?(\d{1,2})(?!\d)"
    r"(?:[T\s]+(\d{1,2}):(\d{2})(?::(\d{2}))?(?:[.,]\d+)?\s*(Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?)?",
    re.IGNORECASE,
)
_EARLIEST = date(1600, 1, 1)
_NEVER = date(1970, 1, 1)  # what a template prints when it has no date
# htmldate reads numbers as years; the web is not older.
_EARLIEST_FOUND = datetime(1995, 1, 1)
_LATEST = datetime(2100, 1, 1)


def published_date_of(
    tree: HtmlElement,
    meta: MetaTags,
    article: Node | None,
    url: str | None,
    captured_at: datetime | None,
) -> str | None:
    """Return when the page was published, or None; never after *captured_at*."""
    declared = [*_of(article, "datePublished"), *meta.all(*_PUBLISHED), *_marked(tree)]
    return _first(declared, captured_at) or _found(tree, url, captured_at)


def modified_date_of(
    meta: MetaTags, article: Node | None, captured_at: datetime | None
) -> str | None:
    """Return when the page says it was last changed, or None; never after *captured_at*."""
    return _first([*_of(article, "dateModified"), *meta.all(*_MODIFIED)], captured_at)


def rfc3339(text: str) -> str | None:
    """Return the date that *text* begins with, from ISO 8601 or an Internet date, or None."""
    match = _ISO.match(text)
    if match is None:
        return _internet_date(text)
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups()[:6])
    try:
        day_only = date(year, month, day)
    except ValueError:
        return None
    if match[7] is None:
        return day_only.isoformat()
    try:
        return _stamp(datetime(year, month, day, hour, minute, second, tzinfo=_zone(match[7])))
    except ValueError:
        return day_only.isoformat()  # "24:00", or an offset of a day


def _of(article: Node | None, name: str) -> list[str]:
    return strings_of(article, name) if article else []


def _marked(tree: HtmlElement) -> Iterator[str]:
    for element in tree.iter("time", "span", "p", "div", "abbr", "li"):
        if "datepublished" in (element.get("itemprop") or "").lower():
            yield element.get("datetime") or element.get("content") or element.text or ""


def _first(texts: Iterable[str], captured_at: datetime | None) -> str | None:
    latest = (captured_at or _LATEST).date() + timedelta(days=1)  # the page's zone may be ahead
    for text in texts:
        found = rfc3339(text)
        if (
            found
            and _EARLIEST < date.fromisoformat(found[:10]) <= latest
            and (found[:10] != _NEVER.isoformat())
        ):
            return found
    return None


def _found(tree: HtmlElement, url: str | None, captured_at: datetime | None) -> str | None:
    found = htmldate.find_date(
        tree,
        url=url,
        original_date=True,
        min_date=_EARLIEST_FOUND,
        max_date=(captured_at or _LATEST).strftime("%Y-%m-%d"),
    )
    # Quirk: where it finds but a year, as in a copyright line, htmldate says January 1.
    return None if not found or found.endswith("-01-01") else found


def _internet_date(text: str) -> str | None:
    try:
        moment = parsedate_to_datetime(text.strip())
    except (ValueError, OverflowError):
        return None
    return _stamp(moment) if moment.tzinfo else moment.date().isoformat()


def _zone(offset: str) -> timezone:
    if offset[0] not in "+-":
        return UTC
    minutes = int(offset[1:3]) * 60 + int(offset[3:].lstrip(":") or 0)
    return timezone(timedelta(minutes=-minutes if offset[0] == "-" else minutes))


def _stamp(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")
