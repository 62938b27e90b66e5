"""What a page says of itself in JSON-LD, found and flattened.

The vocabulary is schema.org's. Pages break its rules in every way, so whoever asks for a
value gets strings or nothing, whatever shape it was written in.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from lxml.html import HtmlElement

Node = dict[str, Any]  # Any: whatever JSON a page holds

# schema.org/Article and what is below it there, in the order of how often the press uses it
_ARTICLES = frozenset(
    (
        "newsarticle", "article", "blogposting", "reportagenewsarticle", "liveblogposting",
        "analysisnewsarticle", "opinionnewsarticle", "backgroundnewsarticle",
        "reviewnewsarticle", "askpublicnewsarticle", "advertisercontentarticle",
        "satiricalarticle", "report", "scholarlyarticle", "medicalscholarlyarticle",
        "techarticle", "socialmediaposting", "discussionforumposting",
    )
)  # fmt: skip
_MAX_CHARS = 2_000_000
_MAX_NODES = 20_000
_MAX_ENDING = 100  # characters of a wrapper and blanks
_MAX_OBJECTS = 50  # of one property
# Wrappers for browsers of the nineties, which templates still print.
_OPENING = re.compile(r"(?://)?\s*(?:<!--|<!\[CDATA\[)")
_CLOSING = ("-->", "]]>")
_TRAILING_COMMA = re.compile(r",(\s*[}\]])")


def nodes_of(tree: HtmlElement) -> list[Node]:
    """Return every object of every JSON-LD script of *tree*, outer ones before inner ones.

    A script that is no JSON, even without a comma too many, is passed over: there is
    nobody to tell, and the page has other words for the same things.
    """
    level: list[Any] = [
        script
        for element in tree.iter("script")
        if "ld+json" in (element.get("type") or "").lower()
        for script in _read(element.text or "")
    ]
    nodes: list[Node] = []
    while level and len(nodes) < _MAX_NODES:
        nodes += [value for value in level if isinstance(value, dict)]
        level = [inner for value in level for inner in _inner(value)]
    return nodes


def article_of(nodes: list[Node], urls: set[str]) -> Node | None:
    """Return the article among *nodes* that the page is about, or None.

    That is the one with an address in *urls*; else the first with a headline, the first.
    """
    articles = articles_in(nodes)
    for node in articles:
        if has_address(node, urls):
            return node
    return next((node for node in articles if node.get("headline")), None) or next(
        iter(articles), None
    )


def articles_in(nodes: list[Node]) -> list[Node]:
    """Return the articles among *nodes*."""
    return [node for node in nodes if _ARTICLES.intersection(types_of(node))]


def has_address(node: Node, urls: set[str]) -> bool:
    """Say whether one of *urls* is an address of *node*, or of the page that it stands on."""
    return not urls.isdisjoint(
        link for name in ("url", "@id", "mainEntityOfPage") for link in links_of(node, name)
    )


def types_of(node: Node) -> list[str]:
    """Return the types of *node* in lower case, without schema.org's address."""
    return [name.rsplit("/", 1)[-1].lower() for name in _strings(node.get("@type"), ())]


def strings_of(node: Node, name: str) -> list[str]:
    """Return the property *name* of *node* as text; objects count by their name."""
    return list(_strings(node.get(name), ("@value", "name", "headline")))


def links_of(node: Node, name: str) -> list[str]:
    """Return the property *name* of *node* as addresses; objects count by their URL."""
    return list(_strings(node.get(name), ("url", "contentUrl", "@id")))


def objects_of(node: Node, name: str, nodes: list[Node]) -> list[Node]:
    """Return the property *name* of *node* as objects; a reference is what it refers to."""
    value = node.get(name)
    found = []
    for item in value[:_MAX_OBJECTS] if isinstance(value, list) else [value]:
        if isinstance(item, str):
            found.append({"name": item})
        elif isinstance(item, dict):
            found.append(_referred(item, nodes) if set(item) == {"@id"} else item)
    return found


def _read(text: str) -> Iterator[Any]:
    text = _unwrapped(text.strip()) if len(text) <= _MAX_CHARS else ""
    for mend in (str, _without_trailing_commas):
        try:
            yield json.loads(mend(text), strict=False)
        except (ValueError, RecursionError):
            continue
        return


def _unwrapped(text: str) -> str:
    if match := _OPENING.match(text):
        text = text[match.end() :]
    ending = text[-_MAX_ENDING:].rstrip("; \t\r\n")
    if ending.endswith(_CLOSING):
        text = text[:-_MAX_ENDING] + ending[:-3].rstrip().removesuffix("//")
    return text


def _without_trailing_commas(text: str) -> str:
    return _TRAILING_COMMA.sub(r"\1", text)


def _inner(value: object) -> list[Any]:
    if isinstance(value, dict):
        return [inner for inner in value.values() if isinstance(inner, (dict, list))]
    return value if isinstance(value, list) else []


def _strings(value: object, keys: tuple[str, ...]) -> Iterator[str]:
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, dict):
            item = next((item[key] for key in keys if item.get(key)), None)
        if isinstance(item, str) and item.strip():
            yield item


def _referred(reference: Node, nodes: list[Node]) -> Node:
    identity = reference["@id"]
    same = (node for node in nodes if node.get("@id") == identity and len(node) > 1)
    return next(same, reference)
