"""What the address of a page tells of its type: dates, numbers, slugs, and the words of a path.

Text in, text out; the words themselves are those of `url_words`.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, unquote, urlsplit

from archiver.extraction.article import PageType
from archiver.extraction.phrases import plain
from archiver.extraction.url_words import (
    FRONTS,
    ID_FIELDS,
    LIST_FIELDS,
    NAMES,
    SEARCH_FIELDS,
    SECTIONS,
)

_MAX_CHARS = 4000  # what is longer was made by a trap
_MAX_FIELDS = 50
_LONG_SLUG = 4  # words; "prime-minister-resigns" may be a section, with one more it is a story
_SENTENCE = 6  # words; no tag and no author has as many
_TRACKING = ("utm_", "fbclid", "gclid", "ref")
_CONSENT_HOSTS = ("consent.", "guce.", "myprivacy.", "cmp.")

_EXTENSION = re.compile(r"\.(?:[sxp]?html?|php\d?|aspx?|jspx?|cfm|cms|ece|amp|do|phtml)$")
_FILE = re.compile(
    r"\.(?:jpe?g|png|gif|webp|svg|ico|css|js|json|xml|rss|atom|txt|pdf|docx?|xlsx?|pptx?|zip|gz"
    r"|mp3|mp4|m4a|m3u8|webm|ogg|wav|avi|mov|epub|exe|apk|dmg|woff2?)$"
)
_LANGUAGE = re.compile(r"[a-z]{2}(?:[-_][a-z]{2})?")
_YEAR = r"(?:19[89]\d|20[0-4]\d)"
_DATE = re.compile(
    rf"(?:^|/){_YEAR}(?:/(?:\d{{1,2}}|[a-z]{{3}})/\d{{1,2}}|-\d{{1,2}}-\d{{1,2}}|_\d\d_\d\d)(?=/|$)"
    rf"|(?:^|/)\d{{1,2}}[-/.]\d{{1,2}}[-/.]{_YEAR}(?=/|$)"
    rf"|(?:^|[/_-]){_YEAR}-?(?:0[1-9]|1[0-2])-?(?:[0-2]\d|3[01])(?=[/_.t-]|$)"
)
_MONTH = re.compile(
    rf"(?:^|/){_YEAR}[/-](?:0?[1-9]|1[0-2]|[a-z]{{3}})(?=/|$)|(?:^|/){_YEAR}(?=/|$)"
)
_PAGING = re.compile(r"/(?:page|seite|pagina|strona|sida|side|stranica|p)[/-]?\d{1,4}$")
_PAGE_NUMBER = re.compile(r"\d{1,2}")
_NUMBER = re.compile(r"\d{5,}")
_HEX = re.compile(r"(?:^|[-_])(?=[a-f]*\d)[0-9a-f]{8,}$")
_SEPARATOR = re.compile(r"[-_+ .,]+")


def kind_of_url(url: str) -> PageType | None:
    """Return the type of the page at *url*, or None where the address does not tell.

    A section or a first page is told only by names that are well known. Nothing is raised.
    """
    if len(url) > _MAX_CHARS:
        return None
    try:
        parts = urlsplit(url)
    except ValueError:  # an unclosed bracket in the host
        return None
    if not parts.netloc:
        return None
    if parts.netloc.lower().startswith(_CONSENT_HOSTS):
        return "consent"
    path = plain(unquote(parts.path))
    segments = [segment for segment in path.split("/") if segment]
    if not segments or (len(segments) == 1 and _is_front(segments[0])):
        return _at_front(parts.query)
    if _FILE.search(segments[-1]):
        return "other"
    return _by_path(segments, parts.query)


def _by_path(segments: list[str], query: str) -> PageType | None:
    names = [*segments[:-1], _EXTENSION.sub("", segments[-1])]
    path = "/".join(names)
    named, is_story = _named(names), _is_story(names)
    if named in ("login", "consent", "search", "other"):
        # "/news/login" may be one, "/2024/05/03/login-data-stolen" or "/contact/9913022" is none.
        return "article" if is_story and NAMES.get(names[-1]) != named else named
    if named == "listing":
        return "article" if _is_piece_of_list(names) else "listing"
    if named is not None:
        # Below "/video/" lies one, but "/video/" and "/video/sport/" are lists of them.
        return named if is_story else "listing"
    if _PAGING.search(f"/{path}") and not is_story:
        return "listing"
    if is_story or _is_numbered(query):
        return "article"
    return "listing" if _is_section(names) else None


def _is_piece_of_list(names: list[str]) -> bool:
    """Say whether *names*, of which one names a list, lead to a single piece nevertheless."""
    depth = next(at for at, name in enumerate(names) if NAMES.get(name) == "listing")
    most = _LONG_SLUG if len(names) - depth > 2 else _SENTENCE
    is_dated = _DATE.search("/".join(names)) and _words_in(names[-1]) > 1
    return bool(is_dated or _NUMBER.search(names[-1])) or _words_in(names[-1]) >= most


def _named(names: list[str]) -> PageType | None:
    """Return the type that a segment names: the first that does, but listings go before."""
    found = [NAMES[name] for name in names if name in NAMES]
    above = [NAMES.get(name) for name in names[:-1]]
    return "listing" if "listing" in above else next(iter(found), None)


def _is_story(names: list[str]) -> bool:
    """Say whether the address has what only that of a single piece has."""
    while len(names) > 1 and _PAGE_NUMBER.fullmatch(names[-1]):
        names = names[:-1]  # "/a-headline-of-some-length/2"; and a date that is all there is
    # "/a-headline-of-some-length/a/9vq0Lm" has it before its end.
    if any(_words_in(name) >= _LONG_SLUG for name in names[-3:]):
        return True
    if _NUMBER.search(names[-1]) or _HEX.search(names[-1]) or _DATE.search("/".join(names)):
        return True
    return bool(_MONTH.search("/".join(names))) and _words_in(names[-1]) > 1


def _words_in(name: str) -> int:
    return sum(1 for word in _SEPARATOR.split(name) if len(word) > 1 or word.isalpha())


def _at_front(query: str) -> PageType | None:
    """Return what the *query* of a first page makes of it; None where nobody can know."""
    fields = _fields_of(query)
    if _is_numbered(query) or fields.get("p", "").isdigit():
        return "article"
    if SEARCH_FIELDS.intersection(fields):
        return "search"
    if LIST_FIELDS.intersection(fields):
        return "listing"
    is_tracked = all(name.startswith(_TRACKING) for name in fields)
    return "front" if is_tracked and bool(fields) == bool(query) else None


def _is_numbered(query: str) -> bool:
    """Say whether *query* has the number of a piece."""
    fields = _fields_of(query).items()
    return any(name in ID_FIELDS and re.search(r"\d", value) for name, value in fields)


def _fields_of(query: str) -> dict[str, str]:
    try:
        return dict(parse_qsl(query.lower(), max_num_fields=_MAX_FIELDS))
    except ValueError:  # more fields than that
        return {}


def _is_front(segment: str) -> bool:
    name = _EXTENSION.sub("", segment)
    return name in FRONTS or bool(_LANGUAGE.fullmatch(name))


def _is_section(names: list[str]) -> bool:
    known = (name in SECTIONS or name in FRONTS or _LANGUAGE.fullmatch(name) for name in names)
    rest = "/".join(name for name, is_known in zip(names, known, strict=True) if not is_known)
    return not rest or bool(_MONTH.fullmatch(rest) or _DATE.fullmatch(rest))
