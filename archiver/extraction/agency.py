"""The wire service whose text a page carries, if it says so.

It is credited as an author or a source, in the dateline with which the text begins, or in the
copyright line with which it ends. Pictures have credits of their own, which say nothing of the
text; and a page's own newsroom is no service.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice

from lxml.html import HtmlElement

from archiver.extraction.blocks import MAX_BLOCKS, Block
from archiver.extraction.meta_tags import MetaTags
from archiver.extraction.sitenames import SiteNames
from archiver.extraction.surroundings import Surroundings, marks_of, short_text_of
from archiver.extraction.wire_services import ANY, agency_among, agency_named, is_own
from archiver.text import normalise_line

# "BERLIN, May 3 (AP) - ", "(Reuters) - ", with any dash, where a paragraph begins
_MAX_PLACE = 7  # words
_DATELINE = re.compile(
    rf"^[^\n]{{0,60}}\((?P<agency>{ANY})(?:/\w{{2,5}})?\)\s*[-\u2013\u2014.:]"
    # whatever it is called that stands after a place in capitals
    r"|^[A-Z][A-Z][A-Z .'\u2019-]{1,30}(?:, [^\n()]{1,25})?"
    r"\s\((?P<unknown>[A-Z]{2,6})\)\s?[\u2013\u2014-]"
    # the same in Russian, Chinese and Korean
    r"|^[^\n]{0,60}/(?P<slashed>\u0422\u0410\u0421\u0421)/"
    r"|^[^\n]{0,60}[\u2013\u2014-]\s(?P<dashed>РИА Новости|Интерфакс)\."
    r"|^(?P<wired>新华社|中新社|中新网|中央社)[^\n]{1,20}[电電]"
    r"|^[^\n]{0,20}\([^\n()=]{1,12}=(?P<equal>연합뉴스|뉴시스|뉴스1)\)",
    re.MULTILINE,
)
_SIGNS = ("©", "(c)", "(C)", "opyright", "OPYRIGHT")
_NAMED = rf"[^\n]{{0,20}}?\b(?:The )?(?P<agency>{ANY})"
# "Copyright 2024 The Associated Press", "© 2024 AFP"
_CREDIT = re.compile(rf"(?:©|\([cC]\)|[Cc]opyright|COPYRIGHT){_NAMED}\b")
_SIGNED = re.compile(rf"(?:©|\([cC]\)|opyright|OPYRIGHT){_NAMED}\b")
# In a line of a page one element runs into the next.
_RUNNING = re.compile(_SIGNED.pattern.removesuffix(r"\b"))
# Beside pictures, too, but there without a year.
_YEAR = re.compile(r"\b(?:19|20)\d\d\b|dpa-infocom")
_SOURCE = re.compile(
    rf"(?i:^|\n)(?i:source|quelle|fuente|fonte|bron|kilde|källa|źródło|источник|来源|來源|출처)"
    rf"\s?[:\uff1a]\s?(?P<agency>{ANY})\b"
)
_SOURCED = re.compile(r"source|quelle|fuente|fonte|agenc|agentur|provider|syndicat|来源")
_SERVICES = ("source", "article:source", "agency", "provider", "dc.source", "dcterms.source")
_PLAIN = re.compile(r"[^\W\d_][^\n/:@|]{1,30} [^\n/:@|]{1,30}")
# What stations append to each other's stories
_LENT = re.compile(
    r"opyright (?:© ?)?\d{4}[, ]{1,2}(?P<lender>[^\n.|]{2,50})\. To see more, visit"
)
_PICTURES = ("figure", "figcaption", "picture", "cite")
_CAPTION = re.compile(r"caption|photo|image|img|picture|media|credit|bild|foto", re.IGNORECASE)
_TAGS = ("p", "div", "span", "small", "li", "em", "i", "footer", "strong", "td", "font")
_MAX_ELEMENTS = 8000
_MAX_LINE = 300
_MAX_SIGNS = 50
_MAX_CREDIT = 100
_ENDS = 600  # characters at either end of a text in which these are looked for


def agency_of(
    tree: HtmlElement,
    blocks: Sequence[Block],
    near: Surroundings,
    meta: MetaTags,
    text: str,
    credited: Iterable[str],
    sitename: str | None,
    url: str | None,
) -> str | None:
    """Return the wire service, or whoever else, that has lent the page its text, or None.

    *credited* are the names that it gives as its authors or sources; then the dateline with
    which *text* begins counts. A source, and the owner of a copyright, must be another than
    the site called *sitename* at *url*; they are looked for in the last lines of *text*, and
    in the *tree*, whose *blocks* they are.
    """
    for agency in chain(map(agency_among, credited), (in_dateline(text),)):
        if agency:
            return agency
    site = SiteNames(sitename, url)
    lenders = chain(
        (in_last_lines(text),),
        _declared(meta),
        map(agency_among, _sources(near)),
        (_in_copyright(tree, blocks),),
    )
    for agency in filter(None, lenders):
        if not site.is_named_by(agency) and not is_own(agency, sitename, url):
            return agency
    return None


def in_dateline(text: str) -> str | None:
    """Return the wire service in the dateline of *text*, whether it is known or not, or None."""
    for found in _DATELINE.finditer(text, 0, _ENDS):
        name = next(filter(None, found.groups()))
        place, bracket, _ = found[0].partition("(")
        if not bracket or _is_place(place, name):
            return agency_named(name) or name
    return None


def _is_place(words: str, name: str) -> bool:
    """Say whether *words* before a *name* in brackets are a place and a date, or nothing.

    What the name abbreviates stands there, too: "Academy of Pediatrics (AAP)".
    """
    parts = words.split()
    if len(parts) > _MAX_PLACE or any(part[0].islower() for part in parts):
        return False
    initials = "".join(part[0] for part in parts if part[0].isalpha())
    return len(parts) < len(name) or not initials.casefold().endswith(name.casefold())


def in_last_lines(text: str) -> str | None:
    """Return the wire service that the last lines of *text* name as source or owner, or None."""
    end = max(0, len(text) - _ENDS)
    found = _CREDIT.search(text, end) or _SOURCE.search(text, end)
    return agency_named(found["agency"]) if found else None


def _declared(meta: MetaTags) -> Iterator[str | None]:
    """Yield what the page declares to be the source of its text."""
    yield from map(agency_among, meta.all(*_SERVICES))
    names = meta.all("dc.source", "dcterms.source")
    if not meta.all("citation_doi", "citation_issn", "citation_volume"):  # a journal's own site
        names += meta.all("citation_journal_title")
    yield from (normalise_line(name) for name in names if _PLAIN.fullmatch(name.strip()))


def _sources(near: Surroundings) -> Iterable[str]:
    """Yield the texts in *near* that are marked as the source's."""
    for element in chain(near.soon, near.before):
        if _SOURCED.search(marks_of(element).lower()):
            yield short_text_of(element)


def _in_copyright(tree: HtmlElement, blocks: Sequence[Block]) -> str | None:
    """Return the wire service that a copyright line names to readers, but for pictures'."""
    is_whole = len(blocks) < MAX_BLOCKS
    if is_whole and _signed("\n".join(block.text for block in blocks), _RUNNING) is None:
        return None  # so of nearly all pages
    for element in islice(tree.iter(*_TAGS), _MAX_ELEMENTS):
        for line in (element.text, element.tail):
            agency = _signed(line) if line and len(line) <= _MAX_LINE else None
            if agency and not _is_picture(element):
                return agency
    return None


def _signed(text: str, pattern: re.Pattern[str] = _SIGNED) -> str | None:
    """Return the wire service that a copyright line in *text* names with a year, or None."""
    for sign in _SIGNS:
        place = text.find(sign)
        for _ in range(_MAX_SIGNS):
            if place < 0:
                break
            line = text[place : place + _MAX_CREDIT].split("\n", 1)[0]
            if lent := _LENT.match(line):
                return agency_named(lent["lender"]) or lent["lender"]
            found = pattern.match(line)
            if found and _YEAR.search(line):
                return agency_named(found["agency"])
            place = text.find(sign, place + 1)
    return None


def _is_picture(element: HtmlElement) -> bool:
    above = (element, *islice(element.iterancestors(), 4))
    return any(each.tag in _PICTURES or _CAPTION.search(marks_of(each)) for each in above)
