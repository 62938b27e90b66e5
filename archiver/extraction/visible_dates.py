"""The days that a page shows its readers as its own, as opposed to those it declares.

They stand in its address, around its headline, and where its markup speaks of a date. What
lies in a caption, a comment or a list of other stories is not the page's. Every search has an
end; what is not found soon is not found.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import chain, islice
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from archiver.extraction.iso_dates import rfc3339
from archiver.extraction.months import month_named
from archiver.extraction.surroundings import (
    is_foreign,
    marks_of,
    short_text_of,
)
from archiver.extraction.written_dates import days_in

_TAGS = ("time", "span", "div", "p", "li", "small", "abbr", "em", "td", "dt", "dd", "strong")
_MAX_ELEMENTS = 6000
_MAX_MARKED = 200
_MAX_CHUNK = 160
_MAX_CHUNKS = 16  # of one element
_MAX_BESIDE = 60  # characters beside the day: more is prose
_MAX_LABEL = 40

_DATED = re.compile(
    r"(?<![a-z])(?:date|datum|fecha|data(?![a-z-])|datetime|time|timestamp|publish|pub_?date|posted|"
    r"created|byline|meta)|(?<=[a-z])(?:Date|Time|Publish|Meta)|(?:pub|post|article|entry)_?date"
)
_DIGIT = re.compile(r"\d")
_PUBLISHED = re.compile(r"publish|pub_?date|posted|created|entry-date|datum-?erst", re.IGNORECASE)
_MODIFIED = re.compile(r"updat|modif|lastmod", re.IGNORECASE)
_PUBLISHED_SAID = re.compile(
    r"publi|pubbl|posted|created|veröff|erschien|erstellt|geplaatst|gepubl|udgiv|publiser|"
    r"opubl|dodan|опубл|δημοσ|发布|發布|公開|投稿|掲載|등록|입력|yay\u0131n|đăng|"
    r"\bonline (?:since|seit)\b|\ben ligne depuis\b",
    re.IGNORECASE,
)
_MODIFIED_SAID = re.compile(
    r"updat|modif|revis|reviewed|aktualis|ge[äa]ndert|\bstand\b|mis[e]? à jour|actuali[sz]|"
    r"aggiorna|atualiza|bijgewerkt|gewijzigd|opdater|oppdater|uppdater|päivitet|zaktualiz|"
    r"обновл|измен|ενημ|修订|수정|güncel|cập nhật|diperbar|frissít",
    re.IGNORECASE,
)
# What a page says of its matter, not of itself.
_VALID_SAID = re.compile(
    r"\b(?:since|valid|effective|seit|gültig|depuis|desde|dal|sinds|od|\u0441)"
    r"(?: (?:from|until|date|ab|bis))?\W*$",
    re.IGNORECASE,
)
_FOLDERS = re.compile(r"/((?:19|20)\d\d)/([01]?\d)/([0-3]?\d)(?=/|$)")
_PATHS = (
    re.compile(r"/((?:19|20)\d\d)[/-]([01]?\d)[/-]([0-3]?\d)(?!\d)"),
    re.compile(r"(?<!\d)((?:19|20)\d\d)-([01]\d)-([0-3]\d)(?!\d)"),
    re.compile(r"(?<!\d)((?:19|20)\d\d)_([01]\d)_([0-3]\d)(?!\d)"),
)
_DIGITS = (
    re.compile(r"(?<!\d)(?P<year>20\d\d)(?P<month>[01]\d)(?P<day>[0-3]\d)(?=\d{4}|(?!\d))"),
    re.compile(r"(?<!\d)(?P<day>[0-3]\d)(?P<month>[01]\d)(?P<year>20\d\d)(?!\d)"),
)
_NAMED = re.compile(r"/((?:19|20)\d\d)/([a-z]{3,9})/([0-3]?\d)(?=/|$)")
_MAX_PATH = 400


@dataclass(frozen=True, slots=True)
class Shown:
    """A date as RFC 3339, and what is said of it; *is_prose*: perhaps none of the page's."""

    value: str
    is_modified: bool
    is_published: bool
    is_prose: bool


def day_of_address(url: str) -> date | None:
    """Return the day that the path of *url* names, or None."""
    return _first_day(url, *_PATHS, _NAMED)


def day_in_folders(url: str) -> date | None:
    """Return the day whose year, month and day are folders of *url*, or None.

    Sites put a page there by the day it appears; a day within a name may be another.
    """
    return _first_day(url, _FOLDERS, _NAMED)


def day_in_number(url: str) -> date | None:
    """Return the day with which a number in the path of *url* begins, perhaps by chance."""
    path = _path(url)
    numbers = (match for each in _DIGITS for match in each.finditer(path))
    days = (_day(match["year"], match["month"], match["day"]) for match in numbers)
    return next(filter(None, days), None)


def _first_day(url: str, *patterns: re.Pattern[str]) -> date | None:
    path = _path(url)
    found = (match for each in patterns for match in each.finditer(path))
    days = (_day(match[1], month_named(match[2]) or match[2], match[3]) for match in found)
    return next(filter(None, days), None)


def _path(url: str) -> str:
    try:
        return urlsplit(url).path[:_MAX_PATH]
    except ValueError:
        return ""


def _day(year: str, month: str | int | None, day: str) -> date | None:
    try:
        return date(int(year), int(month or 0), int(day))
    except ValueError:
        return None


def dates_marked(
    tree: HtmlElement, heading: HtmlElement | None, is_month_first: bool
) -> list[Shown]:
    """Return the dates that the markup of *tree*, headed by *heading*, calls so, in order."""
    elements = (
        element
        for element in islice(tree.iter(*_TAGS), _MAX_ELEMENTS)
        if (element.tag == "time" or _DATED.search(marks_of(element)))
        and not is_foreign(element, heading)
    )
    return list(dates_in(islice(elements, _MAX_MARKED), is_month_first))


def dates_in(elements: Iterable[HtmlElement], is_month_first: bool) -> Iterator[Shown]:
    """Yield the dates that *elements* show, each once where one lies in another."""
    seen: set[HtmlElement] = set()
    for element in elements:
        parent = element.getparent()
        if parent is not None and parent in seen:
            seen.add(element)
        elif found := list(_in(element, is_month_first)):
            seen.add(element)
            yield from found


def _in(element: HtmlElement, is_month_first: bool) -> Iterator[Shown]:
    declared = element.get("datetime")
    stamp = rfc3339(declared[:_MAX_CHUNK]) if declared else None
    if stamp:
        yield _named(stamp, marks_of(element), _label(element), is_prose=False)
        return
    text = short_text_of(element)
    if text and not _DIGIT.search(text):
        return
    is_marked = element.tag == "time" or bool(_DATED.search(marks_of(element)))
    if text and (is_marked or len(text) <= _MAX_BESIDE or not len(element)):
        if element.tag == "time" or next(element.iter("time"), None) is None:
            yield from _written(text, element, is_month_first, not is_marked)
        return
    for chunk in islice(_chunks(element), _MAX_CHUNKS):
        yield from _written(chunk, element, is_month_first, not is_marked, most=0)


def _chunks(element: HtmlElement) -> Iterator[str]:
    """Yield the short texts that lie in *element* itself."""
    for text in chain((element.text,), (child.tail for child in element)):
        if text and len(text) <= _MAX_CHUNK and (line := " ".join(text.split())):
            yield line


def _written(
    text: str,
    element: HtmlElement,
    is_month_first: bool,
    may_be_prose: bool,
    most: int = _MAX_BESIDE,
) -> Iterator[Shown]:
    days = days_in(text, is_month_first)
    rest = len(text) - sum(finish - start for start, finish, _ in days)
    end = 0
    for start, finish, day in days:
        said = text[end:start] or _label(element)
        is_prose = may_be_prose and rest > most
        yield _named(day.isoformat(), marks_of(element), said, is_prose)
        end = finish


def _named(value: str, marks: str, said: str, is_prose: bool) -> Shown:
    is_published = bool(_PUBLISHED_SAID.search(said) or _PUBLISHED.search(marks))
    if not is_published and _VALID_SAID.search(said):
        return Shown(value, is_modified=False, is_published=False, is_prose=True)
    is_modified = bool(_MODIFIED_SAID.search(said)) or (
        not is_published and bool(_MODIFIED.search(marks))
    )
    return Shown(value, is_modified, is_published, is_prose and not is_published)


def _label(element: HtmlElement) -> str:
    """Return the few words before *element*."""
    for _ in range(3):
        before, parent = element.getprevious(), element.getparent()
        if parent is None:
            return ""
        text = (parent.text if before is None else before.tail) or ""
        if not text.strip() and before is not None:
            text = short_text_of(before)
        if text.strip():
            return text.strip()[-_MAX_LABEL:]
        element = parent
    return ""
