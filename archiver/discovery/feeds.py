"""What a feed announces: RSS from 0.90 to 2.0, Atom 0.3 and 1.0, JSON Feed.

A feed is told by its content, whatever it is served as, and read as far as it can be. Ours and
not feedparser's, which takes three or four times as long for feeds of five megabytes, hundreds of
times for hostile ones, the square of a tag's attributes, and reads no JSON.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from itertools import chain, islice
from typing import Literal

from archiver.discovery.announced import Announced, Feed, each_once, one_line
from archiver.discovery.base import Base
from archiver.discovery.jsonfeed import json_feed_in
from archiver.discovery.moments import moment_of
from archiver.discovery.opening import content_in, root_of
from archiver.discovery.outline import Field, Group, Outline

_KINDS: dict[str, Literal["rss", "rdf", "atom"]] = {"rss": "rss", "rdf": "rdf", "feed": "atom"}
_HEADS = frozenset(("rss", "rdf", "feed", "channel"))
_ENTRIES = frozenset(("item", "entry"))
# The first date that is one counts. Atom 0.3 has `issued`, `created` and `modified`, and so
# has Dublin Core.
_PUBLISHED = ("pubdate", "published", "issued", "created", "date")
_MODIFIED = ("updated", "modified")
_LINKS = ("link", "guid", "origlink")
_FIELDS = frozenset(("title", *_LINKS, *_PUBLISHED, *_MODIFIED))

_FOLLOWING = ("next", "prev-archive")  # RFC 5005, 3 and 4
_HTTP = re.compile(r"https?://", re.IGNORECASE)
_MOST_REFERENCES = 5  # of an entry, that lead nowhere
_MOST_FOLLOWING = 10
_MARKUP = re.compile(r"</?[a-zA-Z][^<>]*>")


def feed_of(octets: bytes, url: str, charset: str | None = None) -> Feed | None:
    """Return the feed in *octets*, which was fetched from *url*, or None if that is none.

    *charset* is what the HTTP header declares. An entry without a page that HTTP could fetch
    is passed over.
    """
    content = content_in(octets, charset)
    if content.text.startswith("{"):
        return json_feed_in(content.text, Base(url))
    root = root_of(content.text)
    if root is None or root.name not in _KINDS:
        return None
    outline = Outline(content.text[root.start :], heads=_HEADS, entries=_ENTRIES, fields=_FIELDS)
    if not _is_feed(root.name, outline):
        return None
    return _feed_in(outline, _KINDS[root.name], Base(url), is_cut=content.is_cut)


def _is_feed(root: str, outline: Outline) -> bool:
    # RDF describes anything, and `feed` is a word.
    if root == "rdf":
        return bool(outline.entries) or any(head.name == "channel" for head in outline.heads)
    return root == "rss" or bool(outline.entries) or any(head.fields for head in outline.heads)


def _feed_in(
    outline: Outline, kind: Literal["rss", "rdf", "atom"], base: Base, *, is_cut: bool
) -> Feed:
    titles = (_title_of(head) for head in outline.heads)
    following = dict.fromkeys(islice(_following(outline, base), _MOST_FOLLOWING))
    channel = base if kind == "atom" else _channel(outline, base)
    entries = [entry for group in outline.entries if (entry := _entry_of(group, base, channel))]
    return Feed(
        kind=kind,
        title=next((title for title in titles if title), None),
        entries=each_once(entries),
        following=tuple(url for url in following if url and url != base.url),
        left_out=outline.left_out + is_cut,
    )


def _following(outline: Outline, base: Base) -> Iterator[str | None]:
    for head in outline.heads:
        for field in head.fields:
            if field.name == "link" and _relation(field) in _FOLLOWING:
                yield _moved(base, head, field).resolved(field.attributes.get("href", ""))


def _channel(outline: Outline, base: Base) -> Base:
    """Return the URL of the site that RSS is of: its relative links are meant so."""
    return next((base.moved(head.own("link")) for head in outline.heads if head.own("link")), base)


def _entry_of(group: Group, base: Base, channel: Base) -> Announced | None:
    start = base if group.bases else channel
    references = islice(chain(_links(group), _permalinks(group)), _MOST_REFERENCES)
    urls = (_moved(start, group, field).resolved(reference) for field, reference in references)
    url = next((url for url in urls if url), None)
    if url is None:
        return None
    return Announced(
        url=url,
        published_at=next(filter(None, map(moment_of, group.texts(*_PUBLISHED))), None),
        modified_at=next(filter(None, map(moment_of, group.texts(*_MODIFIED))), None),
        title=_title_of(group),
    )


def _links(group: Group) -> Iterator[tuple[Field | None, str]]:
    """Yield the references to the page of an entry, the one that is meant most first."""
    links = [field for field in group.fields if field.name == "link"]
    # What FeedBurner puts its own links in the place of.
    yield from ((None, text) for text in group.texts("origlink"))
    yield from ((field, field.text) for field in links if field.is_own and field.text)
    for is_html in (True, False):
        for field in links:
            href = field.attributes.get("href")
            if href and _relation(field) == "alternate" and _is_html(field) is is_html:
                yield field, href
    yield from ((field, field.text) for field in links if not field.is_own and field.text)


def _permalinks(group: Group) -> Iterator[tuple[Field | None, str]]:
    """Yield what says which entry it is, where that is a URL."""
    for field in group.fields:
        is_link = field.attributes.get("ispermalink", "").strip().lower() != "false"
        if field.name == "guid" and is_link and _HTTP.match(field.text):
            yield field, field.text
    about = group.attributes.get("about", "")
    if _HTTP.match(about):
        yield None, about


def _relation(field: Field) -> str:
    """Return the relation of a link, of which Atom allows a long form (RFC 4287, 4.2.7)."""
    return field.attributes.get("rel", "alternate").strip().lower().rpartition("/")[2]


def _is_html(field: Field) -> bool:
    return "html" in field.attributes.get("type", "html").lower()


def _moved(base: Base, group: Group, field: Field | None) -> Base:
    own = field.attributes.get("base") if field else None
    for reference in (*group.bases, own):
        base = base.moved(reference)
    return base


def _title_of(group: Group) -> str | None:
    text = group.own("title") or ""
    # RSS does not say whether its titles are text or HTML, and most are HTML.
    return one_line(_MARKUP.sub("", unescape(text)))
