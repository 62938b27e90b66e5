"""Where a page comes from, as far as that tells how it writes its dates."""

from __future__ import annotations

from lxml.html import HtmlElement

from archiver.extraction.meta_tags import MetaTags
from archiver.urls import host_of

_MONTH_FIRST = frozenset(("us", "ph"))
# Top-level domains of two letters that countries sell to everybody.
_NOWHERE = frozenset(("io", "co", "ai", "tv", "me", "fm", "ly", "us", "ph"))


def is_month_first(tree: HtmlElement, meta: MetaTags, url: str | None) -> bool:
    """Say whether "5/3/2024" is a day in May: in American English, and where nothing is said."""
    said = tree.get("lang") or meta.first("og:locale", "content-language", "language") or ""
    language, *rest = said[:20].strip().lower().replace("_", "-").split("-")
    if language not in ("", "en"):
        return False
    region = next((part for part in rest if len(part) == 2), None)
    end = (host_of(url) or "").rsplit(".", 1)[-1] if url else ""
    if region and region not in _MONTH_FIRST:
        return False
    return len(end) != 2 or end in _NOWHERE
