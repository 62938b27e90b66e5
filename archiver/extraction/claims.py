"""What a page claims to be: by its address, its metadata, its title and headings.

None of it is proof, for templates are copied and forgotten; `kinds` weighs it against what the
page shows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice

from lxml.html import HtmlElement

from archiver.extraction.article import PageType
from archiver.extraction.linked_data import (
    Node,
    articles_in,
    has_address,
    strings_of,
    types_of,
)
from archiver.extraction.meta_tags import MetaTags
from archiver.extraction.phrases import plain
from archiver.extraction.url_kinds import kind_of_url

_MAX_HEADINGS = 4
_MAX_TEXTS = 50  # of one heading
_MAX_NAME = 160  # letters of a title or heading; what is longer is a text
_MIN_HEADLINE = 15  # letters

_SEPARATOR = re.compile(r"\s+[|\u2013\u2014·»«•~-]\s+|\s*[|\uff5c»_]\s*")
COLLECTIONS = frozenset(("collectionpage", "profilepage", "searchresultspage"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """What one page claims.

    *address* is the type that its URL tells, *status* that of HTTP; *article* is the article
    that it declares to be in JSON-LD, *types* are those of everything there. *og_type* and
    *is_dated* are Open Graph's. *names* are the title, its parts and the headings, plain.
    """

    address: PageType | None
    status: int
    article: Node | None
    types: frozenset[str]
    og_type: str
    is_dated: bool
    classes: frozenset[str]
    title: str
    names: list[str]


def claims_of(
    tree: HtmlElement, url: str | None, status: int, meta: MetaTags, nodes: list[Node]
) -> Claims:
    """Return what the page in *tree* claims, whose declarations are *meta* and *nodes*."""
    title = _line(next(tree.iter("title"), None))
    types = frozenset(name for node in nodes for name in types_of(node))
    urls = {address for address in (url, meta.first("og:url")) if address}
    return Claims(
        address=kind_of_url(url) if url else None,
        status=status,
        article=_article_in(nodes, types, urls, title),
        types=types,
        og_type=(meta.first("og:type") or "").strip().lower(),
        is_dated=meta.first("article:published_time") is not None,
        classes=_classes_of(tree),
        title=title,
        names=_names_of(tree, title),
    )


def _article_in(
    nodes: list[Node], types: frozenset[str], urls: set[str], title: str
) -> Node | None:
    """Return the article that the page declares to be, or None where it lists some."""
    articles = articles_in(nodes)
    if len(articles) == 1 and not types & COLLECTIONS:
        return articles[0]
    named = plain(title)
    ours = [node for node in articles if has_address(node, urls) or _is_named(node, named)]
    live = (node for node in ours if "liveblogposting" in types_of(node))
    return next(live, None) or next(iter(ours), None)


def _is_named(node: Node, title: str) -> bool:
    headlines = (plain(text) for text in strings_of(node, "headline"))
    return any(len(line) >= _MIN_HEADLINE and line in title for line in headlines)


def _names_of(tree: HtmlElement, title: str) -> list[str]:
    names = [title, *_SEPARATOR.split(title)]
    for tag in ("h1", "h2"):
        found = [_line(element) for element in islice(tree.iter(tag), _MAX_HEADINGS)]
        names += found
        if any(found):
            break
    return [plain(name) for name in names if name and len(name) <= _MAX_NAME]


def _classes_of(tree: HtmlElement) -> frozenset[str]:
    body = next(tree.iter("body"), None)
    return frozenset() if body is None else frozenset((body.get("class") or "").lower().split())


def _line(element: HtmlElement | None) -> str:
    if element is None:
        return ""
    return " ".join("".join(islice(element.itertext(), _MAX_TEXTS)).split())
