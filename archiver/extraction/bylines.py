"""Where a page credits its authors to readers: around its headline, or by its markup."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import islice

from lxml.html import HtmlElement

from archiver.extraction.annotations import Annotations
from archiver.extraction.names import is_person, people
from archiver.extraction.surroundings import Surroundings, marks_of, short_text_of
from archiver.extraction.wire_services import agency_named

_MAX_BYLINE = 160
_MAX_NAMES = 10
_MAX_PARTS = 60
_MAX_ADDRESS = 300
_MAX_MARKED = 40
_MAX_ELEMENTS = 8000
_TAGS = ("a", "span", "p", "div", "address", "li", "h3", "h4", "h5", "em", "cite", "small")

_CREDIT = re.compile(
    r"author|byline|writer|autor|auteur|redakt|redac|reporter|journalist|contribut|credit|"
    r"verfasser|skribent|firma(?:nte|s)?\b",
)
_NO_CREDIT = re.compile(
    r"bio\b|biograph|about|description|social|follow|avatar|share|newsletter|image|photo|img|"
    r"caption|picture|comment"
)
# "Credit" of a paragraph, by its first word.
_BY = re.compile(
    r"(?:(?:written|posted|article|story|words|published|reported|created|submitted|verfasst|"
    r"geschrieben|veröffentlicht|escrito|publicado|écrit|publié|scritto|pubblicato)\s)?"
    r"(?:by|von|por|par|di|door|af|av|przez|autor(?:in|en)?|autore|auteur|text|texte|tekst|"
    r"автор|текст|作者|文)\b[\s:\uff1a/]+\S",
    re.IGNORECASE,
)
# "The ferry is back. By Ada Finch", where the deck goes on with the byline
_BY_LAST = re.compile(
    r"[.!?…]\s+(?:By|Von|Par|Por|Di|Door|Av|Af)\s+(?P<name>[^\W\d][^.,;:!?]{3,40})$"
)
_PERSON = re.compile(
    r"/(?:authors?|autor(?:es|en|in)?|auteurs?|autor[ei]|profiles?|people|person(?:en|as)?|staff|"
    r"writers?|contributors?|by|team|reporters?|journalists?|journalisten?|columnists?|"
    r"redaktion|experts?|users?|bios?|members?|meet-the-team)/",
    re.IGNORECASE,
)
_JOINING = re.compile(r"(?:[,&]|(?:and|und|et|y|och|og|en|ve|и|και)\s)\s*(?=\w)", re.IGNORECASE)
_JOINER = re.compile(r"\W*(?:and|und|et|y|och|og|en|ve|и|και)?\W*", re.IGNORECASE)


def names_marked_near(near: Surroundings) -> list[str]:
    """Return the names of the first byline in *near* that its markup calls one.

    With them come those of the bylines that are made like it.
    """
    return _first_byline([*near.soon, *near.before], _is_marked)


def names_worded_near(near: Surroundings) -> list[str]:
    """Return the same of the first byline that its first word shows to be one."""
    return _first_byline([*near.soon, *near.before], _is_worded)


def _first_byline(
    elements: list[HtmlElement], is_credit: Callable[[HtmlElement], bool]
) -> list[str]:
    for place, element in enumerate(elements):
        if names := _credited(element, is_credit):
            alike = (each for each in elements[place + 1 :] if _is_alike(each, element))
            for other in islice(alike, _MAX_NAMES):
                names += _credited(other, is_credit)
            return names
    return []


def names_marked(tree: HtmlElement, annotations: Annotations) -> Iterator[list[str]]:
    """Yield the names in the first of the elements that `rel`, `itemprop` and class mark."""
    for elements in (
        annotations.links("author"),
        annotations.properties("author"),
        _classed(tree),
    ):
        for element in islice(elements, _MAX_MARKED):
            if names := _names_in(element):
                yield names
                break


def _credited(element: HtmlElement, is_credit: Callable[[HtmlElement], bool]) -> list[str]:
    """Return the people, or wire services, that *element* credits, or nobody."""
    if not is_credit(element):
        return []
    ending = _BY_LAST.search(short_text_of(element)) if is_credit is _is_worded else None
    names = [ending["name"]] if ending else _names_in(element)
    return names if any(is_person(name) or agency_named(name) for name in people(names)) else []


def _is_marked(element: HtmlElement) -> bool:
    marks = _marks(element)
    address = (element.get("href") or "")[:_MAX_ADDRESS] if element.tag == "a" else ""
    is_credit = bool(_CREDIT.search(marks) or (address and _PERSON.search(address)))
    return is_credit and not _NO_CREDIT.search(marks)


def _is_worded(element: HtmlElement) -> bool:
    text = short_text_of(element)
    is_said = bool(_BY.match(text) or _BY_LAST.search(text))
    return is_said and not _NO_CREDIT.search(_marks(element))


def _is_alike(element: HtmlElement, first: HtmlElement) -> bool:
    above = first.getparent()
    return (
        element.tag == first.tag
        and element.get("class") == first.get("class")
        and above in islice(element.iterancestors(), 3)
        and first not in islice(element.iterancestors(), 3)
    )


def _classed(tree: HtmlElement) -> Iterator[HtmlElement]:
    for element in islice(tree.iter(*_TAGS), _MAX_ELEMENTS):
        for name in ("class", "id"):
            value = element.get(name)
            # in any case but the first letter's
            if value and ("uthor" in value or "yline" in value):
                yield element
                break


def _marks(element: HtmlElement) -> str:
    names = ("class", "id", "itemprop", "rel", "data-testid")
    return " ".join((element.get(name) or "")[:_MAX_ADDRESS] for name in names).lower()


def _names_in(element: HtmlElement) -> list[str]:
    """Return the lines of *element* that name people, up to the first that does not."""
    lines = []
    length = 0
    for part in islice(element.itertext(), _MAX_PARTS):
        lines.append(" ".join(part[: _MAX_BYLINE + 1].split()))
        length += len(lines[-1])
        if length > _MAX_BYLINE:
            return []  # a whole article, or a list of stories
    if _is_in_comment(element):
        return []
    taken: list[str] = []
    may_take = True
    for line in filter(None, lines):
        joining = _JOINING.match(line)
        name = line[joining.end() :] if joining else line
        if _JOINER.fullmatch(line):
            may_take = True
        elif (may_take or joining) and people([name]):
            taken.append(name)
            may_take = line.endswith(",")
        elif taken:
            break
    return taken


def _is_in_comment(element: HtmlElement) -> bool:
    near = (element, *islice(element.iterancestors(), 5))
    return any(
        name.startswith("comment") for above in near for name in marks_of(above).lower().split()
    )
