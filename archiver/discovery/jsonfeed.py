"""JSON Feed (jsonfeed.org/version/1.1)."""

from __future__ import annotations

import json
import re
from typing import Any

from archiver.discovery.announced import MOST, Announced, Feed, each_once, one_line
from archiver.discovery.base import Base
from archiver.discovery.moments import moment_of

VERSION = "jsonfeed.org/version/"
# Half a file in JSON cannot be read, and one of small objects takes thirty times its length.
MAX_LENGTH = 10_000_000

_HTTP = re.compile(r"https?://", re.IGNORECASE)


def json_feed_in(text: str, base: Base) -> Feed | None:
    """Return the feed that *text* is, or None if it is none, or longer than MAX_LENGTH."""
    if len(text) > MAX_LENGTH:
        return None
    try:
        feed: Any = json.loads(text)  # anybody's
    except (ValueError, RecursionError):
        return None
    if not isinstance(feed, dict) or VERSION not in _text(feed, "version"):
        return None
    items = feed.get("items")
    items = items if isinstance(items, list) else []
    entries = (_entry_of(item, base) for item in items[:MOST] if isinstance(item, dict))
    following = base.resolved(_text(feed, "next_url"))
    return Feed(
        kind="json",
        title=one_line(_text(feed, "title")),
        entries=each_once(entry for entry in entries if entry),
        following=() if following in (None, base.url) else (following,),
        left_out=max(0, len(items) - MOST),
    )


def _entry_of(item: dict[str, Any], base: Base) -> Announced | None:
    # An id should be the item's URL; an external URL is a page that the item is about.
    own = _text(item, "id")
    references = (_text(item, "url"), own if _HTTP.match(own) else "", _text(item, "external_url"))
    url = next((url for url in map(base.resolved, references) if url), None)
    if url is None:
        return None
    return Announced(
        url=url,
        published_at=moment_of(_text(item, "date_published")),
        modified_at=moment_of(_text(item, "date_modified")),
        title=one_line(_text(item, "title")),
    )


def _text(members: dict[str, Any], name: str) -> str:
    value = members.get(name)
    return value if isinstance(value, str) else ""
