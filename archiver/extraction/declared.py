"""What a page declares of itself, read once for all that ask: type, text and metadata."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement

from archiver.extraction.annotations import Annotations
from archiver.extraction.authors import authors_of
from archiver.extraction.headings import Headings, heading_of
from archiver.extraction.linked_data import Node, article_of, objects_of, strings_of, types_of
from archiver.extraction.meta_tags import MetaTags
from archiver.extraction.surroundings import Surroundings
from archiver.extraction.titles import title_of
from archiver.text import normalise_line

_DESCRIPTIONS = ("og:description", "description", "twitter:description")


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """The `meta` and `link` elements of a page, its JSON-LD, and what they name it.

    *article* is the node of *nodes* that the page is about, *canonical* the address that the
    page says is its own (RFC 6596), *near* what stands around the headline.
    """

    meta: MetaTags
    nodes: list[Node]
    article: Node | None
    annotations: Annotations
    canonical: str | None
    sitename: str | None
    title: str | None
    description: str | None
    near: Surroundings
    authors: tuple[str, ...]


def declared_by(tree: HtmlElement, url: str | None, meta: MetaTags, nodes: list[Node]) -> Declared:
    """Return what *tree*, which was fetched from *url*, declares; *meta* and *nodes* are its."""
    annotations = Annotations(tree)
    canonical = _canonical(annotations, meta, url)
    node = article_of(nodes, {address for address in (url, canonical) if address})
    sitename = _sitename(meta, node, nodes)
    headings = Headings(tree)
    title = title_of(headings, meta, node, sitename, url)
    near = Surroundings(heading_of(headings, title))
    credited = objects_of(node, "author", nodes) if node else []
    return Declared(
        meta=meta,
        nodes=nodes,
        article=node,
        annotations=annotations,
        canonical=canonical,
        sitename=sitename,
        title=title,
        description=_line([*meta.all(*_DESCRIPTIONS), *_of(node, "description")]),
        near=near,
        authors=authors_of(tree, meta, annotations, near, credited, sitename),
    )


def _of(node: Node | None, name: str) -> list[str]:
    return strings_of(node, name) if node else []


def address_from(candidates: Iterable[str], base: str | None) -> str | None:
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


def _canonical(annotations: Annotations, meta: MetaTags, url: str | None) -> str | None:
    """Return the address that the page says is its own (RFC 6596), or None."""
    return address_from([*annotations.addresses("canonical"), *meta.all("og:url")], url)


def _sitename(meta: MetaTags, node: Node | None, nodes: list[Node]) -> str | None:
    publishers = objects_of(node, "publisher", nodes) if node else []
    return (
        _line(meta.all("og:site_name", "application-name"))
        or _line(name for publisher in publishers for name in strings_of(publisher, "name"))
        or _line(
            name for each in nodes if "website" in types_of(each) for name in _of(each, "name")
        )
    )


def _line(texts: Iterable[str]) -> str | None:
    return next(filter(None, map(normalise_line, texts)), None)
