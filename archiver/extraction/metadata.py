"""From a tree and its text to an article: everything the page declares about itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice

from lxml.html import HtmlElement

from archiver.extraction.agency import agency_of
from archiver.extraction.article import Article, PageType
from archiver.extraction.blocks import Block
from archiver.extraction.dates import dates_of
from archiver.extraction.declared import Declared, address_from
from archiver.extraction.language import language_of
from archiver.extraction.linked_data import (
    Node,
    links_of,
    objects_of,
    strings_of,
    types_of,
)
from archiver.extraction.meta_tags import MetaTags
from archiver.extraction.titles import without_headline
from archiver.rights.robots_tags import AGENT, robots_metas
from archiver.rights.tdmrep import POLICY, RESERVATION, Declaration
from archiver.text import normalise_line

_MAX_LABELS = 50  # categories or tags; more is an index, not a description
_MAX_LABEL = 100
_MAX_PARTS = 1000
_SECTIONS = ("article:section", "article.section", "parsely-section", "section")
_TAGS = (
    "article:tag", "news_keywords", "parsely-tags", "sailthru.tags", "keywords", "dc.subject",
    "dcterms.subject",
)  # fmt: skip
_IMAGES = ("og:image", "og:image:url", "twitter:image")
_SOURCES = ("sourceOrganization", "copyrightHolder", "provider", "creditText")
_FREE = "isAccessibleForFree"
_REFERENCE = re.compile(r"\s*(?:https?:)?/\S+\s*", re.IGNORECASE)


def article_from(
    tree: HtmlElement,
    blocks: Sequence[Block],
    page: Declared,
    text: str,
    captions: tuple[str, ...],
    page_type: PageType,
    url: str | None,
    captured_at: datetime | None,
) -> Article:
    """Return the article with *text*, which is normalised, and the metadata of *tree*.

    A headline that *text* begins with is left out: it is the title. *page* is what *tree*
    declares, whose *blocks* they are; *url* is where it was fetched from, *captured_at* when.
    """
    meta, node = page.meta, page.article
    credited = objects_of(node, "author", page.nodes) if node else []
    near, authors = page.near, page.authors
    text = without_headline(text, page.title)
    sources = [*authors, *_names(credited), *(name for r in _SOURCES for name in _of(node, r))]
    language, score = language_of(text)
    dates = dates_of(tree, meta, page.annotations, page.nodes, node, near, url, captured_at)
    tdm = Declaration.of(meta.all(RESERVATION), meta.all(POLICY), url)
    return Article(
        text=text,
        captions=captions,
        language=language,
        language_score=score,
        title=page.title,
        authors=authors,
        published_date=dates.published,
        modified_date=dates.modified,
        sitename=page.sitename,
        description=page.description,
        categories=_labels([*meta.all(*_SECTIONS), *_of(node, "articleSection")]),
        tags=_labels(_parts([*meta.all(*_TAGS), *_of(node, "keywords")])),
        url_canonical=page.canonical,
        image_url=address_from([*meta.all(*_IMAGES), *_linked(node, "image")], url),
        agency=agency_of(tree, blocks, near, meta, text, sources, page.sitename, url),
        page_type=page_type,
        robots_meta=_joined(robots_metas({name: meta.all(name) for name in ("robots", AGENT)})),
        tdm_reservation=tdm.reservation,
        tdm_policy=tdm.policy,
        license=address_from([*_licences(node), *page.annotations.addresses("license")], url),
        paywalled=_is_paywalled(node, page.nodes, meta),
    )


def _names(nodes: list[Node]) -> list[str]:
    return [name for node in nodes for name in strings_of(node, "name")]


def _of(node: Node | None, name: str) -> list[str]:
    return strings_of(node, name) if node else []


def _linked(node: Node | None, name: str) -> list[str]:
    return links_of(node, name) if node else []


def _licences(node: Node | None) -> list[str]:
    """Return the licences that *node* names by address; some name theirs in words."""
    return [licence for licence in _linked(node, "license") if _REFERENCE.fullmatch(licence)]


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


def _joined(texts: Iterable[str]) -> str | None:
    return ", ".join(filter(None, map(normalise_line, texts))) or None


def _parts(lists: Iterable[str]) -> Iterator[str]:
    return (part for each in lists for part in each.split(","))


def _labels(texts: Iterable[str]) -> tuple[str, ...]:
    labels: dict[str, str] = {}
    for line in filter(None, map(normalise_line, islice(texts, _MAX_PARTS))):
        if len(line) <= _MAX_LABEL:
            labels.setdefault(line.casefold(), line)
    return tuple(labels.values())[:_MAX_LABELS]
