"""From a tree and its text to an article: everything the page declares about itself."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement

from archiver.extraction.agency import agency_of
from archiver.extraction.article import Article, PageType
from archiver.extraction.authors import authors_of
from archiver.extraction.dates import modified_date_of, published_date_of
from archiver.extraction.language import language_of
from archiver.extraction.linked_data import (
    Node,
    article_of,
    links_of,
    objects_of,
    strings_of,
    types_of,
)
from archiver.extraction.meta_tags import MetaTags, links
from archiver.extraction.titles import title_of, without_headline
from archiver.rights.robots_tags import AGENT, robots_metas
from archiver.rights.tdmrep import POLICY, RESERVATION, Declaration
from archiver.text import normalise_line

_MAX_LABELS = 50  # categories or tags; more is an index, not a description
_MAX_LABEL = 100
_FREE = "isAccessibleForFree"
_REFERENCE = re.compile(r"\s*(?:https?:)?/\S+\s*", re.IGNORECASE)


def article_from(
    tree: HtmlElement,
    meta: MetaTags,
    nodes: list[Node],
    text: str,
    page_type: PageType,
    url: str | None,
    captured_at: datetime | None,
) -> Article:
    """Return the article with *text*, which is normalised, and the metadata of *tree*.

    A headline that *text* begins with is left out: it is the title. *meta* and *nodes* are
    what *tree* declares; *url* is where it was fetched from, *captured_at* when.
    """
    canonical = _canonical(tree, meta, url)
    node = article_of(nodes, {address for address in (url, canonical) if address})
    sitename = _sitename(meta, node, nodes)
    credited = objects_of(node, "author", nodes) if node else []
    authors = authors_of(tree, meta, credited, sitename)
    names = [name for person in credited for name in strings_of(person, "name")]
    title = title_of(tree, meta, node, sitename, url)
    text = without_headline(text, title)
    language, score = language_of(text)
    tdm = Declaration.of(meta.all(RESERVATION), meta.all(POLICY), url)
    return Article(
        text=text,
        language=language,
        language_score=score,
        title=title,
        authors=authors,
        published_date=published_date_of(tree, meta, node, url, captured_at),
        modified_date=modified_date_of(meta, node, captured_at),
        sitename=sitename,
        description=_line(meta.all("og:description", "description", "twitter:description"))
        or _line(_of(node, "description")),
        categories=_labels([*meta.all("article:section"), *_of(node, "articleSection")]),
        tags=_labels(
            part
            for value in [
                *meta.all("article:tag", "news_keywords", "parsely-tags", "keywords"),
                *_of(node, "keywords"),
            ]
            for part in value.split(",")
        ),
        url_canonical=canonical,
        image_url=_address(
            [*meta.all("og:image", "og:image:url", "twitter:image"), *_linked(node, "image")], url
        ),
        agency=agency_of(text, [*authors, *names, *_of(node, "sourceOrganization")]),
        page_type=page_type,
        robots_meta=_joined(robots_metas({name: meta.all(name) for name in ("robots", AGENT)})),
        tdm_reservation=tdm.reservation,
        tdm_policy=tdm.policy,
        license=_address([*_licences(node), *links(tree, "license")], url),
        paywalled=_is_paywalled(node, nodes, meta),
    )


def _of(node: Node | None, name: str) -> list[str]:
    return strings_of(node, name) if node else []


def _linked(node: Node | None, name: str) -> list[str]:
    return links_of(node, name) if node else []


def _licences(node: Node | None) -> list[str]:
    """Return the licences that *node* names by address; some name theirs in words."""
    return [licence for licence in _linked(node, "license") if _REFERENCE.fullmatch(licence)]


def _canonical(tree: HtmlElement, meta: MetaTags, url: str | None) -> str | None:
    """Return the address that the page says is its own (RFC 6596), or None."""
    return _address([*links(tree, "canonical"), *meta.all("og:url")], url)


def _address(candidates: Iterable[str], base: str | None) -> str | None:
    """Return the first of *candidates* that is an HTTP address, made absolute by *base*."""
    for candidate in candidates:
        try:
            address = urljoin(base or "", "".join(candidate.split()))
            parts = urlsplit(address)
        except ValueError:  # an unclosed bracket in the host
            continue
        if parts.scheme in ("http", "https") and parts.hostname:
            return normalise_line(address)
    return None


def _sitename(meta: MetaTags, node: Node | None, nodes: list[Node]) -> str | None:
    publishers = objects_of(node, "publisher", nodes) if node else []
    return (
        _line(meta.all("og:site_name", "application-name"))
        or _line(name for publisher in publishers for name in strings_of(publisher, "name"))
        or _line(
            name for each in nodes if "website" in types_of(each) for name in _of(each, "name")
        )
    )


def _is_paywalled(node: Node | None, nodes: list[Node], meta: MetaTags) -> bool | None:
    """Say whether the page declares that not all of it can be read for nothing.

    One part of an article that cannot is enough, whatever is said of the whole. That a part can
    says nothing of the rest.
    """
    wholes = [node] if node else [n for n in nodes if "webpage" in types_of(n)]
    parts = [part for whole in wholes for part in objects_of(whole, "hasPart", nodes)]
    said = [_truth(whole.get(_FREE)) for whole in wholes]
    if False in (*said, *(_truth(part.get(_FREE)) for part in parts)):
        return True
    if True in said:
        return False
    tier = (meta.first("article:content_tier") or "").strip().lower()
    locked = {"free": False, "metered": True, "locked": True}.get(tier)
    free = _truth(meta.first(_FREE.lower()))  # as microdata
    return locked if locked is not None or free is None else not free


def _truth(value: object) -> bool | None:
    """Return the Boolean that *value* is, or names, as schema.org's True and False; else None."""
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if isinstance(value, dict):
        value = value.get("@value", value.get("@id"))
    if isinstance(value, str):
        value = {"true": True, "false": False}.get(value.strip().rsplit("/", 1)[-1].lower())
    return value if isinstance(value, bool) else None


def _line(texts: Iterable[str]) -> str | None:
    return next(filter(None, map(normalise_line, texts)), None)


def _joined(texts: Iterable[str]) -> str | None:
    return ", ".join(filter(None, map(normalise_line, texts))) or None


def _labels(texts: Iterable[str]) -> tuple[str, ...]:
    labels: dict[str, str] = {}
    for line in filter(None, map(normalise_line, texts)):
        if len(line) <= _MAX_LABEL:
            labels.setdefault(line.casefold(), line)
    return tuple(labels.values())[:_MAX_LABELS]
