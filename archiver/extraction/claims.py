"""What a page claims to be: by its address, its metadata, its title and headings, and by a label.

None of it is proof, for templates are copied and forgotten; `kinds` weighs it against what the
page shows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from lxml.etree import iterwalk
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
from archiver.extraction.phrases import any_of, is_any, plain
from archiver.extraction.url_kinds import kind_of_url

_MAX_HEADINGS = 4
_MAX_TEXTS = 50  # of one heading
_MAX_NAME = 160  # letters of a title or heading; what is longer is a text
_MIN_HEADLINE = 15  # letters

_SEPARATOR = re.compile(r"\s+[|\u2013\u2014·»«•~-]\s+|\s*[|\uff5c»_]\s*")
COLLECTIONS = frozenset(("collectionpage", "profilepage", "searchresultspage"))

# What viewers of libraries write above the beginning of an article.
_EXCERPT = any_of(
    r"^(?:newspaper |magazine |journal )?(?:article|document) (?:excerpt|extract|preview)\W*$",
    r"^(?:excerpt|extract|preview) (?:from|of) (?:the |this )?(?:article|document)\W*$",
    r"^artikel-?(?:auszug|vorschau)\W*$|^auszug aus (?:dem|diesem) artikel\W*$",
    r"^extrait d(?:e l'|e cet |')article\W*$|^extracto (?:del|de este) articulo\W*$",
    r"^(?:excerto|trecho) d[oe] artigo\W*$|^estratto dell'articolo\W*$",
    r"^artikelfragment\W*$|^fragment (?:van het artikel|artykulu)\W*$|^utdrag ur artikeln\W*$",
    r"^(?:отрывок|фрагмент)(?: из)? статьи\W*$",
)
# Books have excerpts as well, so that this alone says nothing.
_SOME_EXCERPT = any_of(
    r"^(?:excerpt|extract|auszug|leseprobe|extrait|extracto|excerto|estratto|fragment)\W*$"
)
_REST = any_of(
    r"\b(?:rest of|continue reading|full text of|preview of) (?:this|the) (?:article|document)\b",
    r"\bfull (?:text|article)\b.{0,40}\b(?:available|access|subscri|members|library)",
    r"\b(?:ganzen?|vollstandigen?|rest des) artikels?\b|\bla suite de (?:cet|l')",
    r"\b(?:l'article|articulo) complet[oe]?\b|\barticolo completo\b|\bartigo completo\b",
)
# Looked for first, since few pages have one.
_CUE = re.compile(
    "excerpt|extra|preview|auszug|vorschau|leseprobe|excerto|trecho|estratto|fragment|utdrag"
    "|отрывок|фрагмент",
    re.IGNORECASE,
)
_MAX_LABEL = 60  # letters
_MAX_LABELS = 2  # one of them a tab; search results have more
_MIN_PROSE = 60
_CUT_OFF = re.compile(r"(?:…|\. ?\. ?\.)[])'\"”\u2019»\s]*$")
_SENTENCE = re.compile(r"[.!?…][])'\"”\u2019»]*(?:\s|$)")
_SKIPPED = frozenset(
    ("title", "script", "style", "noscript", "template", "select", "button", "textarea", "a")
)


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


def is_label(text: str) -> bool:
    """Say whether *text*, a line of its own, calls what follows it an excerpt."""
    if len(text) > _MAX_LABEL or not _CUE.search(text):
        return False
    label = plain(text)
    return bool(_EXCERPT.search(label) or _SOME_EXCERPT.search(label))


def is_cut_off(text: str) -> bool:
    """Say whether *text* breaks off, by three dots at its end."""
    return _CUT_OFF.search(text) is not None


def is_excerpt(tree: HtmlElement) -> bool:
    """Say whether a label calls the text of the page part of an article, and it breaks off."""
    texts = list(_texts_in(tree))
    labels = [number for number, text in enumerate(texts) if is_label(text)]
    if not 1 <= len(labels) <= _MAX_LABELS:
        return False
    last = labels[-1]
    is_sure = any(_EXCERPT.search(plain(texts[number])) for number in labels)
    if not is_sure and not is_any(_REST, map(plain, texts[last:])):
        return False
    lengths = [len(text) if _is_prose(text) else 0 for text in texts]
    before, after, length = sum(lengths[:last]), sum(lengths[last:]), 0
    for text, prose in zip(texts[last:], lengths[last:], strict=True):
        length += prose
        # What goes on for as long was only quoting, or pausing for breath.
        if length >= max(_MIN_PROSE, before, after - length) and is_cut_off(text):
            return True
    return False


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


def _texts_in(tree: HtmlElement) -> Iterator[str]:
    """Yield what the page says, text by text, but for its links."""
    skipped = 0
    for event, element in iterwalk(tree, ("start", "end")):
        is_start = event == "start"
        if element.tag in _SKIPPED:
            skipped += 1 if is_start else -1
        text = element.text if is_start else element.tail
        if text and not skipped:
            yield " ".join(text.split())


def _is_prose(text: str) -> bool:
    return len(text) >= _MIN_PROSE and bool(_SENTENCE.search(text))


def _line(element: HtmlElement | None) -> str:
    if element is None:
        return ""
    return " ".join("".join(islice(element.itertext(), _MAX_TEXTS)).split())
