"""Who wrote a page: people, one string each, without "By", posts, places and agencies."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice

from lxml.html import HtmlElement

from archiver.extraction.agency import agency_named
from archiver.extraction.linked_data import Node, strings_of, types_of
from archiver.extraction.meta_tags import MetaTags
from archiver.text import normalise_line

_META = (
    "author", "article:author", "byl", "parsely-author", "sailthru.author", "dc.creator",
    "dcterms.creator", "citation_author", "authors", "og:article:author", "cxenseparse:author",
)  # fmt: skip
_MAX_WORDS = 6
_MAX_CHARS = 60
_MAX_BYLINE = 160
_MAX_LIST = 2000

_OPENING = re.compile(
    r"^\W*(?:[^\W\d]{3,12}:\s+)?"
    r"(?:(?:article|story|text|words|reported|written|posted|published|created|submitted|"
    r"authors?|autor(?:es|in|en)?|auteurs?|autore|автор|текст|συντάκτης)\b\s*)?"
    r"(?:(?:by|von|vom|par|por|door|av|af|di|przez)\b[\s:]*)?\W*",
    re.IGNORECASE,
)
_BETWEEN = re.compile(
    r"\s*[,;|•·&/]\s*|\s+[-\u2013\u2014]\s+|\s+(?:and|und|et|y|och|og|en|ve|with|mit|и|και)\s+",
    re.IGNORECASE,
)
# From here on a name is followed by a post, a place or a date.
_REST = re.compile(
    r"\s+(?:for|of|at|in|from|is|on|am|aus|für|pour|para)\s+.*|\s+[(\[@\d].*|\s*(?:기자|記者)$"
    r"|(?<=\w\s)\w+\s+"
    r"(?:staff|correspondent|reporter|writer|editor|redakteur\w*|korrespondent\w*)$",
    re.IGNORECASE,
)
_NO_NAME = re.compile(
    r"www\.|\.(?:com|org|net)\b|\d[.:]\d|\d{4}|^\d|^(?:updated|published|posted)\b"
    r"|\b(?:writer|reporter|correspondent|columnist|contributor|journalist|redakteur|producer|"
    r"officer|president|director|professor|founder|chief|bureau|manager|analyst|fellow)\w*\b"
    r"|^(?:admin|editors?|redaktion|newsroom|online|guest|anonymous|unknown|null|none|news|"
    r"author|name|twitter|facebook|email|m\.?d\.?|ph\.?d\.?|jr\.?|esq\.?)$"
    r"|^(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|"
    r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?)\.?$",
    re.IGNORECASE,
)
_EDGES = " .,;:|-\u2013\u2014\"'“”*"
_JOINER = re.compile(r"\W*(?:and|und|et|y|och|og|en|ve|и|και)?\W*", re.IGNORECASE)


def authors_of(
    tree: HtmlElement, meta: MetaTags, credited: list[Node], sitename: str | None
) -> tuple[str, ...]:
    """Return the authors of the page: *credited* in its JSON-LD, else in its markup.

    Where nobody but organisations, or the site itself, is named, they are the authors.
    """
    persons = [node for node in credited if "organization" not in types_of(node)]
    sources = (_names(persons), _marked(tree), meta.all(*_META), _byline(tree), _names(credited))
    for source in sources:
        found = people(source)
        if found and (found[0] != sitename or len(found) > 1):
            return found
    return next(filter(None, map(people, sources)), ())


def people(texts: Iterable[str]) -> tuple[str, ...]:
    """Return the names in *texts*, each of which may hold several, in order, each once."""
    names: dict[str, str] = {}
    for text in texts:
        found = list(_split(normalise_line(text[:_MAX_LIST]) or ""))
        full = [name for name in found if " " in name]
        for name in full or found:  # one word beside full names is a post or a place
            names.setdefault(name.casefold(), name)
    written = {key: name for key, name in names.items() if not agency_named(name)}
    return tuple((written or names).values())


def _split(text: str) -> Iterator[str]:
    # An address, or ", The Daily News", which a template made of no name.
    if text.startswith((",", "http", "/")) or ("@" in text and " " not in text):
        return
    for part in _BETWEEN.split(_OPENING.sub("", text, count=1)):
        name = _REST.sub("", _OPENING.sub("", part, count=1)).strip(_EDGES)
        words = name.split()
        if (
            1 <= len(words) <= _MAX_WORDS
            and 1 < len(name) <= _MAX_CHARS
            and not _NO_NAME.search(name)
            and not (name.islower() and len(words) > 1)
        ):
            yield name


def _names(nodes: list[Node]) -> list[str]:
    return [name for node in nodes for name in strings_of(node, "name")]


def _marked(tree: HtmlElement) -> list[str]:
    """Return the first text that `rel` or `itemprop` calls the author's."""
    for element in tree.iter("a", "span", "p", "div", "address", "li"):
        relations = f"{element.get('rel')} {element.get('itemprop')}".lower().split()
        if "author" in relations and (names := _names_in(element)):
            return names
    return []


def _byline(tree: HtmlElement) -> list[str]:
    """Return the first text in an element whose class or id speaks of a byline or author."""
    for element in tree.iter("a", "span", "p", "div", "address", "li", "h3", "h4", "h5", "em"):
        marks = f"{element.get('class')} {element.get('id')} {element.get('data-testid')}".lower()
        if ("byline" in marks or "author" in marks) and (names := _names_in(element)):
            return names
    return []


def _names_in(element: HtmlElement) -> list[str]:
    """Return the lines of *element* that name people, up to the first that does not."""
    lines = []
    length = 0
    for part in element.itertext():
        lines.append(" ".join(part.split()))
        length += len(lines[-1])
        if length > _MAX_BYLINE:
            return []  # a whole article, or a list of stories
    if _is_in_comment(element):
        return []
    taken: list[str] = []
    may_take = True
    for line in filter(None, lines):
        if _JOINER.fullmatch(line):
            may_take = True
        elif may_take and people([line]):
            taken.append(line)
            may_take = line.endswith(",")
        elif taken:
            break
    return taken


def _is_in_comment(element: HtmlElement) -> bool:
    near = (element, *islice(element.iterancestors(), 5))
    return any("comment" in f"{above.get('class')} {above.get('id')}".lower() for above in near)
