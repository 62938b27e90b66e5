"""URLs of the kind that crawls get lost in, and bounds for what no single URL tells.

Text in, verdicts out: the day is an argument. An article is never taken for a trap; what is let
through for that is bounded by `Queries`, and by `Budget` in the end.
"""

from __future__ import annotations

import re
from array import array
from collections import Counter, OrderedDict
from datetime import date
from hashlib import blake2b
from urllib.parse import unquote, unquote_plus

from archiver.canonical import canonical_parts
from archiver.urls import is_http

_LONGEST = 2048  # sitemaps may announce no longer ones (sitemaps.org, "loc")
_DEEPEST = 20
_MOST_FIELDS = 8

# Where a calendar is cut off: events are announced so early, and as old is the web. Pages that
# lie beyond are not reached then, so that older newspapers and larger numbers are no dates.
_YEARS_AHEAD = 2
_PAST = range(1900, 1990)
_CALENDAR = re.compile(
    r"agenda|cal|calendars?|calendario|calendrier|eventi|eventos|events?|kalend[ae]r|kalendarz"
    r"|termine|veranstaltungen"
)
_MONTH, _DAY = "(?:0[1-9]|1[0-2])", "(?:0[1-9]|[12][0-9]|3[01])"
_YEAR = "((?:19|20|21)[0-9]{2})"
# At the end of a path. Elsewhere than in a calendar, 2093-05 may be the number of an article.
_DATE_IN_CALENDAR = re.compile(rf"/{_YEAR}([-/]){_MONTH}(?:\2{_DAY})?\Z")
_DATE_ANYWHERE = re.compile(rf"/{_YEAR}([-/]){_MONTH}\2{_DAY}\Z")
_YEAR_NAME = re.compile(r"(?:[a-z]+[-_])*(?:anno|annee|ano|jahr|year|yr)")
_DATE_NAME = re.compile(
    r"(?:[a-z]+[-_])*(?:cal|end|event|from|start|to)?"
    r"(?:date|datum|day|fecha|mes|mois|monat|month|week)"
)
_DATE = re.compile(
    rf"([0-9]{{4}})(?:{_MONTH}(?:{_DAY})?|(?:[-./][0-9]{{1,2}}){{1,2}})(?:[t ].*)?"
    r"|(?:[0-9]{1,2}[-./]){1,2}([0-9]{4})"
)

# What chooses or orders the entries of a list is said once.
_CHOOSING = re.compile(
    r"(?:dir|direction|f|facets?|filters?|limit|order|order_?by|page|per_?page|pg|sid"
    r"|sess(?:ion)?(?:_?id)?|sort|view)(?:\[.*\])?"
)
_NESTED = re.compile(r"https?:/{1,2}([^/?&]+)")
_ENTRANCE = re.compile(
    r"anmelden|auth|connexion|consent|log-?in|log-?out|oauth2?|register|registrieren|share"
    r"|sign-?in|sign-?up|sso|subscribe"
)
_ENDING = re.compile(r"\.[a-z]{2,5}\Z")

_Fields = list[tuple[str, str]]


def trap_of(url: str, *, today: date) -> str | None:
    """Return what makes *url* one that crawls get lost in; None where nothing does.

    `too long` is over 2,048 characters, `too deep` over 20 segments. `repeating segments` are a
    word three times in a row or four times at all, or some segments three times in a row.
    `calendar` is a page that is nothing but a date: over two years after *today*, or before 1990
    where it calls itself a calendar. `too many parameters` are over 8 with a value, or two that
    choose or order by one thing. A `nested url` is one of the same host in the path, one within
    another, and one to which a login page is to return. Tracking and session ids never count.
    """
    parts = canonical_parts(url)
    if len(url if parts is None else parts.geturl()) > _LONGEST:
        return "too long"
    if parts is None:
        return None
    segments = [one for one in unquote(parts.path).lower().split("/") if one]
    fields = [_field(field) for field in parts.query.split("&") if field]
    if len(segments) > _DEEPEST:
        return "too deep"
    if _is_repeating(segments):
        return "repeating segments"
    if _is_calendar(segments, fields, today):
        return "calendar"
    if _are_too_many(fields):
        return "too many parameters"
    return "nested url" if _is_nested(parts.netloc, segments, fields) else None


def _field(field: str) -> tuple[str, str]:
    name, _, value = field.partition("=")
    return unquote_plus(name).lower(), unquote_plus(value).lower()


def _is_repeating(segments: list[str]) -> bool:
    # Numbers and single letters recur by themselves: on 11/11/11, and where files are many.
    words = [one if len(one) > 1 and not one.isdigit() else None for one in segments]
    if any(word is not None and count > 3 for word, count in Counter(words).items()):
        return True
    return any(
        segments[start : start + 3 * size] == segments[start : start + size] * 3
        and (size > 1 or words[start] is not None)
        for size in range(1, len(segments) // 3 + 1)
        for start in range(len(segments) - 3 * size + 1)
    )


def _is_calendar(segments: list[str], fields: _Fields, today: date) -> bool:
    titles = [re.split("[-_]", one) for one in segments]
    labels = [word for title in titles if len(title) < 3 for word in title]
    labels += [word for name, _ in fields for word in re.split(r"[-_\[]", name)]
    is_called_so = any(map(_CALENDAR.fullmatch, labels))
    path = _ENDING.sub("", "/" + "/".join(segments))
    found = (_DATE_IN_CALENDAR if is_called_so else _DATE_ANYWHERE).search(path)
    years = [int(found[1])] if found else []
    for name, value in fields:
        if _YEAR_NAME.fullmatch(name) and re.fullmatch("[0-9]{4}", value):
            years.append(int(value))
        elif _DATE_NAME.fullmatch(name) and (found := _DATE.fullmatch(value)):
            years.append(int(found[1] or found[2]))
    return any(
        year > today.year + _YEARS_AHEAD or (is_called_so and year in _PAST) for year in years
    )


def _are_too_many(fields: _Fields) -> bool:
    if sum(value != "" for _, value in fields) > _MOST_FIELDS:
        return True
    chosen = Counter(name.partition("[")[0] for name, _ in fields if _CHOOSING.fullmatch(name))
    return any(times > 1 for times in chosen.values())


def _is_nested(host: str, segments: list[str], fields: _Fields) -> bool:
    path, values = "/".join(segments), [value for _, value in fields]
    if any(len(_NESTED.findall(unquote(unquote(text)))) > 1 for text in (path, *values)):
        return True
    # A link without its scheme, `www.example.org/a`, leads below every page that has it.
    hosts = {found.removeprefix("www.") for found in _NESTED.findall(path)}
    if host in hosts or f"www.{host}" in segments:
        return True
    is_entrance = any(_ENTRANCE.fullmatch(_ENDING.sub("", one)) for one in segments)
    return is_entrance and any(value.startswith("/") or is_http(value) for value in values)


# Bounds

_NUMBER = re.compile(r"[0-9]+")
_BARE_NUMBER = re.compile(r"[a-z]*[0-9]+")
_SLUG = re.compile(r"[^\W_]+(?:[-_][^\W_]+){2,}")
# Names under which whole papers keep their articles at one path.
_ARTICLE = re.compile(
    r"(?:art(?:icle|icolo|ikel)?|content|doc(?:ument)?|entry|news|nota|noticia|post|story)?[-_]?"
    r"(?:id|idx|no|nr|num)|[an]id|art|article|n|news|p|post|px|slug|story"
)
# Names of what is new in each request, or leads through a list.
_FLEETING = re.compile(r"cache|click|req|sess|trace|track|user|visit")
_LISTING = re.compile(
    r"_|cb|date|day|dir|f|filter|from|lang|limit|month|nocache|offset|order|page|paged|pagina|pg"
    r"|q|query|rand|random|rnd|s|search|seite|skip|sort|start|t|time|timestamp|to|ts|v|ver|view"
    r"|week|year"
)


class Queries:
    """Bounds how many queries of one path are asked for, such as orders and filters of a list.

    At most *most* different ones are admitted for a host and path. Those that differ in the
    number or name of an article alone count as one: whole papers lie at `/article.php?id=1` and
    so on, or at `/?p=1`. A path without a query is always admitted. Beyond as many *paths*, or
    ten times as many queries, what was not asked about for longest is forgotten: so 100,000
    paths take no more than some 40 MB.
    """

    def __init__(self, most: int = 200, *, paths: int = 100_000) -> None:
        self._most = most
        self._most_paths = paths
        self._paths: OrderedDict[int, array[int]] = OrderedDict()
        self._held = 0

    def admits(self, url: str) -> bool:
        """Say whether *url* may be asked for: its query is known, or one of the first."""
        parts = canonical_parts(url)
        if parts is None or not parts.query:
            return True
        place, query = _digest(parts.netloc + parts.path), _digest(_shape(parts.query))
        queries = self._paths.setdefault(place, array("Q"))
        self._paths.move_to_end(place)
        is_new = query not in queries
        is_admitted = not is_new or len(queries) < self._most
        if is_new and is_admitted:
            queries.append(query)
            self._held += 1
        while len(self._paths) > self._most_paths or self._held > 10 * self._most_paths:
            self._held -= len(self._paths.popitem(last=False)[1])
        return is_admitted


def _digest(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big")


def _shape(query: str) -> str:
    """Return *query* with a `#` for what identifies an article."""
    fields = query.split("&")
    return "&".join(_masked(field, is_alone=len(fields) == 1) for field in fields)


def _masked(field: str, *, is_alone: bool) -> str:
    name, value = _field(field)
    if not value and _BARE_NUMBER.fullmatch(name):
        return "#"  # as in `?article717`
    if not _ARTICLE.fullmatch(name):
        may_be = name.endswith("id") or (is_alone and not _LISTING.fullmatch(name))
        is_named = _NUMBER.fullmatch(value) or _SLUG.fullmatch(value)
        if not may_be or not is_named or _FLEETING.search(name):
            return field
    return f"{name}=#"


class Budget:
    """Bounds the requests to one host to *most*; 0 is no bound."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._spent: Counter[str] = Counter()

    def is_spent(self, host: str) -> bool:
        """Say whether *host* has had all that it may have."""
        return bool(self._most) and self._spent[host] >= self._most

    def spend(self, host: str) -> None:
        """Count a request to *host*."""
        if self._most:
            self._spent[host] += 1
