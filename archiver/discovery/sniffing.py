"""What a response holds, told from its beginning."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import Literal

from archiver.discovery.opening import GZIP, beginning_in, root_of
from archiver.discovery.sitemaps import LINE

Sniffed = Literal["feed", "sitemap", "html", "text", "other"]

_LOOKED_AT = 4096  # characters or octets
_ROOTS: dict[str, Sniffed] = {
    "rss": "feed",
    "feed": "feed",
    "urlset": "sitemap",
    "sitemapindex": "sitemap",
    "html": "html",
    "head": "html",
    "body": "html",
}
_FEED_TYPES = re.compile(r"application/(?:rss|atom|rdf)\+xml|application/feed\+json")
_HTML_TYPES = ("text/html", "application/xhtml+xml")
_TEXT_TYPES = ("text/plain", "text/markdown", "text/x-markdown")
_UNTOLD = ("", "application/octet-stream", "binary/octet-stream", "application/x-gzip",
           "application/gzip", "unknown/unknown", "*/*")  # fmt: skip
_TYPES_BY_SUFFIX = {
    ".atom": "application/atom+xml", ".rss": "application/rss+xml", ".htm": "text/html",
    ".html": "text/html", ".xhtml": "text/html", ".txt": "text/plain", ".md": "text/markdown",
}  # fmt: skip
# Servers in PHP write a slash in JSON with a backslash before it.
_JSON_FEED = re.compile(r"jsonfeed\.org\\?/version\\?/")
_RSS_IN_RDF = re.compile(r"purl\.org/(?:net/)?rss|netscape\.com/rdf|<(?:\w+:)?(?:channel|item)\b")
# The elements by which browsers know HTML that is served without a type
# (mimesniff.spec.whatwg.org, 7.1).
_HTML = re.compile(
    r"<(?:!doctype html|script|iframe|h1|div|font|table|a|style|title|b|br|p|meta|article"
    r"|section|main|span|ul)(?=[\s>/])",
    re.IGNORECASE,
)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
# Binary data bytes (mimesniff.spec.whatwg.org, 3).
_BINARY = re.compile("[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")


def sniffed(octets: bytes, media_type: str | None, path: str = "") -> Sniffed:
    """Return what *octets* are: by their beginning first, then by *media_type*, then by *path*.

    A feed or a sitemap that is zipped is one still; all else that is zipped is other. Only
    reading the whole tells for sure: `feed_of` and `sitemap_of` return None where this erred.
    """
    text = beginning_in(octets)
    kind = _told_by(text, octets)
    if octets.startswith(GZIP):
        return kind if kind in ("feed", "sitemap") else "other"
    head = text[:_LOOKED_AT]
    if kind is None and (not head or _BINARY.search(head) or head.startswith("%PDF-")):
        return "other"
    return kind or _typed(media_type, path, head)


def _told_by(text: str, octets: bytes) -> Sniffed | None:
    root = root_of(text)
    if root is not None:
        is_rdf = root.name == "rdf"
        head = text[root.start : root.start + _LOOKED_AT]
        return _ROOTS[root.name] if not is_rdf else "feed" if _RSS_IN_RDF.search(head) else None
    if text.startswith("{"):
        # Members stand in any order; in that of the alphabet the version is the last.
        ends = text[:_LOOKED_AT] + octets[-_LOOKED_AT:].decode("latin-1")
        return "feed" if _JSON_FEED.search(ends) else None
    return "sitemap" if _is_list(text) else None


def _is_list(text: str) -> bool:
    """Say whether *text* looks like a sitemap in plain text, as far as it is looked at."""
    lines = text[: _LOOKED_AT + 1].splitlines()
    if len(text) > _LOOKED_AT:
        lines = lines[:-1]
    return bool(lines) and all(LINE.fullmatch(line.strip()) for line in lines if line.strip())


def _typed(media_type: str | None, path: str, head: str) -> Sniffed:
    essence = (media_type or "").partition(";")[0].strip().lower()
    if essence in _UNTOLD:
        if _HTML.match(_COMMENT.sub("", head).lstrip()):
            return "html"
        suffix = PurePosixPath(path).suffix.lower()
        essence = _TYPES_BY_SUFFIX.get(suffix, "text/plain")
    if _FEED_TYPES.fullmatch(essence):
        return "feed"
    if essence in _HTML_TYPES:
        return "html"
    return "text" if essence in _TEXT_TYPES else "other"
