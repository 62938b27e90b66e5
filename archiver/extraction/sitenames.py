"""The names that a site goes by in its own titles, and titles without them."""

from __future__ import annotations

import re

from archiver.extraction.letters import words_of
from archiver.urls import host_of

SEPARATOR = re.compile(
    r"\s+(?:[|\u2013\u2014:·»«•~/-]|::)\s+|\s*[|_\uff5c\u3163]\s*|(?<=[\u3040-\u9fff])[:\uff1a]"
)
_BAR = re.compile(r"\s*[|\uff5c\u3163]\s*$")
_MAX_PARTS = 10
_MAX_SITE_WORDS = 4
_MAX_NAMED_WORDS = 6
_MAX_RUBRIC_WORDS = 2
_MIN_TITLE_WORDS = 3
_MIN_LABEL = 4


class SiteNames:
    """What the site at *url* that calls itself *sitename* may be called."""

    def __init__(self, sitename: str | None, url: str | None) -> None:
        self._name = _without_the(" ".join(words_of(sitename or "")))
        host = (host_of(url or "") or "").removeprefix("www.")
        self._host = re.sub(r"\W", "", host)
        self._label = re.sub(r"\W", "", max(host.split(".")[:-1], key=len, default=""))

    def is_name(self, text: str) -> bool:
        """Say whether *text* is this site's name, or part of it."""
        words = words_of(text)
        name = _without_the(" ".join(words))
        if not words or f" {name} " in f" {self._name} ":
            return True
        return len(name) > 3 and name.replace(" ", "") in self._host

    def is_named_by(self, text: str) -> bool:
        """Say whether *text* is this site's name, part of it, or it and a word or two."""
        if self.is_name(text):
            return True
        words = words_of(text)
        name = _without_the(" ".join(words))
        if self._name and len(words) <= _MAX_SITE_WORDS and f" {self._name} " in f" {name} ":
            return True
        is_labelled = len(self._label) >= _MIN_LABEL and self._label in name.replace(" ", "")
        return is_labelled and len(words) <= _MAX_NAMED_WORDS

    def cut_from(self, title: str, is_sure: bool = False) -> str:
        """Return *title* without this site's name before or after a separator.

        *is_sure* says that the title ends with some such name, so that a short last part
        is one even where it is none that we know. So does a bar, after which there is at
        least a rubric.
        """
        rest = title
        for _ in range(_MAX_PARTS):
            parts = list(SEPARATOR.finditer(rest))
            if not parts:
                break
            first, last = parts[0], parts[-1]
            tail = words_of(rest[last.end() :])
            is_left = len(words_of(rest[: last.start()])) >= _MIN_TITLE_WORDS
            is_rubric = bool(_BAR.match(last[0])) and _size(tail) <= _MAX_RUBRIC_WORDS
            is_short = is_rubric or (is_sure and _size(tail) <= _MAX_SITE_WORDS)
            if not tail or self.is_named_by(rest[last.end() :]) or (is_short and is_left):
                rest = rest[: last.start()]
            elif self.is_named_by(rest[: first.start()]):
                rest = rest[first.end() :]
            else:
                break
        return rest or title


def _size(words: list[str]) -> float:
    """Return how many words *words* are; three ideographs, each of which is one, make one."""
    return sum(1 if len(word) > 1 or word.isascii() else 1 / 3 for word in words)


def _without_the(name: str) -> str:
    return name.removeprefix("the ")
