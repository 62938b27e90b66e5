"""Feeds as publishers write them: RSS 2.0, Atom, JSON Feed."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from html import escape

from tests.journeys.press.prose import Story


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """What a feed says of a story: where it is, and when it was *updated* if it was."""

    link: str
    story: Story
    updated: datetime | None = None
    base: str | None = None


def rss(title: str, link: str, items: Iterable[Item], *, itself: str) -> str:
    """Return an RSS 2.0 feed with the modules that news sites use, at the URL *itself*."""
    told = "".join(
        f"""<item>
<title>{escape(item.story.headline)}</title>
<link>{escape(item.link)}</link>
<guid isPermaLink="false">story-{item.story.number}</guid>
<pubDate>{format_datetime(item.story.published)}</pubDate>
<dc:creator>{item.story.author}</dc:creator>
<description><![CDATA[<p>{item.story.standfirst}</p>]]></description>
<media:content url="/pictures/{item.story.number}.jpg" medium="image"/>
</item>
"""
        for item in items
    )
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" \
xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/">
<channel>
<title>{escape(title)}</title>
<link>{link}</link>
<atom:link href="{escape(itself)}" rel="self" type="application/rss+xml"/>
<description>What is new</description>
<language>en</language>
<ttl>15</ttl>
{told}</channel>
</rss>
"""


def atom(
    title: str, items: Iterable[Item], *, base: str, pages: Iterable[tuple[str, str]],
    updated: datetime,
) -> str:  # fmt: skip
    """Return an Atom feed below xml:base *base*; *pages* links it, by relation, to others."""
    links = "".join(f'<link rel="{rel}" href="{href}"/>\n' for rel, href in pages)
    told = "".join(
        f"""<entry{f' xml:base="{item.base}"' if item.base else ""}>
<title type="html">{escape(item.story.headline)}</title>
<link href="{item.link}"/>
<id>tag:press.test,2024:{item.story.number}</id>
<published>{item.story.published.isoformat()}</published>
<updated>{(item.updated or item.story.published).isoformat()}</updated>
<author><name>{item.story.author}</name></author>
<summary>{item.story.standfirst}</summary>
</entry>
"""
        for item in items
    )
    return f"""<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:base="{base}" xml:lang="en">
<title>{title}</title>
<id>tag:press.test,2024:feed</id>
<updated>{updated.isoformat()}</updated>
{links}{told}</feed>
"""


def json_feed(
    title: str, items: Iterable[Item], *, home: str, itself: str, following: str | None = None
) -> str:
    """Return a JSON Feed 1.1 that goes on in *following*."""
    told: dict[str, object] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": title,
        "home_page_url": home,
        "feed_url": itself,
        "items": [
            {
                "id": str(item.story.number),
                "url": item.link,
                "title": item.story.headline,
                "summary": item.story.standfirst,
                "date_published": item.story.published.isoformat(),
                "authors": [{"name": item.story.author}],
            }
            for item in items
        ],
    }
    if following is not None:
        told["next_url"] = following
    return json.dumps(told, indent=1)
