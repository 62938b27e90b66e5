"""The names of people in a byline: one string each, without "By", posts, places and degrees."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice

from archiver.extraction.wire_services import agency_named, without_agency
from archiver.text import normalise_line

_MAX_WORDS = 6
_MAX_CHARS = 60
_MAX_TEXTS = 200
_MAX_LIST = 2000

_OPENING = re.compile(
    r"^\W*(?:(?:記者|记者)|(?:作者|文|執筆|取材|撰文|編集|编辑)\s*[:\uff1a/\uff0f・]\s*)?"
    r"(?:[^\W\d]{3,12}:\s+)?"
    r"(?:(?:article|story|text|words|reported|written|posted|published|created|submitted|"
    r"authors?|autor(?:es|in|en)?|auteurs?|autore|tekst|автор|текст|συντάκτης|yazan|oleh)\b\s*)?"
    r"(?:(?:by|von|vom|par|por|door|av|af|di|przez)\b[\s:]*)?\W*",
    re.IGNORECASE,
)
_BETWEEN = re.compile(
    r"\s*[,;|•·&/\uff0c\uff0f\u2571、]\s*|\s+[-\u2013\u2014]\s+"
    r"|\s+(?:and|und|et|y|och|og|en|ve|with|mit|i|и|και|dan|e)\s+",
    re.IGNORECASE,
)
# From here on a name is followed by a post, a place or a date.
_REST = re.compile(
    r"\s+(?:for|of|at|in|from|is|on|am|aus|für|pour|para)\s+.*|\s+[(\[@\d].*|\s*(?:기자|記者)$"
    r"|(?<=\w\s)\w+\s+"
    r"(?:staff|correspondent|reporter|writer|editor|redakteur\w*|korrespondent\w*)$",
    re.IGNORECASE,
)
_DEGREES = re.compile(
    r"(?:\s+(?:M\.?D|Ph\.?D|RDN?|RN|MPH|MBA|MSc?|BSc|LDN?|CPA|CFP|JD|DDS|DVM|DO|FNP|LCSW|"
    r"PharmD|Psy\.?D|Esq|CSCS|CPT|PT|DPT)\.?)+$"
)
_NO_NAME = re.compile(
    r"www\.|\.(?:com|org|net)\b|\d[.:]\d|\d{4}|^\d|\b(?:updated|published|posted)\b"
    r"|\b(?:writer|reporter|correspondent|columnist|contributor|journalist|redakteur|producer|"
    r"officer|president|director|professor|founder|chief|bureau|manager|analyst|fellow|"
    r"getty|photo|click|view|stories|subscribe|follow|cookies?|profile)\w*\b"
    r"|^(?:admin|editors?|redaktion|newsroom|online|guest|anonymous|unknown|null|none|news|"
    r"author|name|twitter|facebook|email|m\.?d\.?|ph\.?d\.?|jr\.?|esq\.?|share|about|guide|"
    r"manga|ms|rdn?|rn|ldn?|mph|mba|cpa|cfp)$"
    r"|^(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|"
    r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?)\.?$",
    re.IGNORECASE,
)
_INVERTED = re.compile(
    r"(?P<last>[^\W\d][\w\u2019'-]+), (?P<first>[^\W\d][\w\u2019'-]+(?: \w\.)?)"
)
_EDGES = " .,;:|-\u2013\u2014\"'“”*\uff1a\uff0c()[]{}【】「」《》"
# What houses are called, and no people.
_HOUSE = re.compile(
    r"\b(?:news\w*|staff|team|desk|editors?|editorial\w*|redak\w+|r[eé]da[ck]\w+|redazione|press|"
    r"media|times|magazine|agenc\w+|agentur|journal|daily|weekly|group|institut\w*|universit\w+|"
    r"network|channel|radio|tv|foundation|association|inc|llc|ltd|gmbh|company|corporation|"
    r"nachrichten|zeitung|authors?|contributors?|admin|webmaster|blog|online|center|centre|"
    r"department|office|service|guest|sponsored|society|council|club|com|org|net)\b",
    re.IGNORECASE,
)
_PARTICLES = frozenset(
    ("de", "da", "do", "dos", "das", "del", "della", "di", "du", "des", "la", "le", "les", "van",
     "von", "vom", "der", "den", "ter", "ten", "zu", "zur", "zum", "bin", "ibn", "al", "el", "y",
     "e", "i", "of", "the", "und", "st")
)  # fmt: skip
_CASELESS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_MAX_CASELESS = 12


def people(texts: Iterable[str]) -> tuple[str, ...]:
    """Return the names in *texts*, each of which may hold several, in order, each once."""
    names: dict[str, str] = {}
    for text in islice(texts, _MAX_TEXTS):
        found = list(_split(_turned(normalise_line(text[:_MAX_LIST]) or "")))
        full = [name for name in found if " " in name]
        for name in full or found:  # one word beside full names is a post or a place
            names.setdefault(name.casefold(), name)
    written = {key: name for key, name in names.items() if not agency_named(name)}
    return tuple((written or names).values())


def is_person(name: str) -> bool:
    """Say whether *name* looks like the full name of somebody."""
    if _HOUSE.search(name) or agency_named(name):
        return False
    if _CASELESS.search(name):
        return 2 <= len(name) <= _MAX_CASELESS
    words = [word for word in name.split() if word.lower() not in _PARTICLES]
    return len(words) >= 2 and all(_is_capital(word) for word in words)


def is_house(name: str, sitename: str | None) -> bool:
    """Say whether *name* is that of a publisher: of *sitename*, or of some newsroom."""
    return bool(_HOUSE.search(name)) or _plain(name) == _plain(sitename or "")


def _turned(text: str) -> str:
    """Return "Harold Prentiss" for "Prentiss, Harold", as libraries write it."""
    found = _INVERTED.fullmatch(text)
    if found is None or agency_named(found["last"]) or _NO_NAME.search(found["last"]):
        return text
    return f"{found['first']} {found['last']}"


def _is_capital(word: str) -> bool:
    letter = next(filter(str.isalpha, word), "")
    return letter.isupper() or letter == letter.swapcase() != "" or "\u2019" in word[:2]


def _plain(name: str) -> str:
    return " ".join(re.findall(r"\w+", name.casefold())).removeprefix("the ")


def _split(text: str) -> Iterator[str]:
    # An address, or ", The Daily News", which a template made of no name.
    if text.startswith((",", "http", "/")) or ("@" in text and " " not in text):
        return
    for part in _BETWEEN.split(_OPENING.sub("", text, count=1)):
        name = _REST.sub("", _OPENING.sub("", part, count=1)).strip(_EDGES)
        name = without_agency(_DEGREES.sub("", name)).strip(_EDGES)
        words = name.split()
        if (
            1 <= len(words) <= _MAX_WORDS
            and 1 < len(name) <= _MAX_CHARS
            and not _NO_NAME.search(name)
            and not (name.islower() and len(words) > 1)
        ):
            yield name
