"""ai.txt, Spawning's convention: whether what a host serves may be used to train models.

It is robots.txt in form, but speaks of kinds of files, which patterns such as `*.jpg` name, and
no specification says more. Taken here as its meaning:

- Groups, agents and the longest pattern are those of RFC 9309, and so is that of two that are
  equally long the one that allows counts.
- `*.html` means what has that ending, in any case, and not whatever has these letters in its
  URL: the files that Spawning's own tool wrote list `*.c`, `*.h` and `*.go` among others.
- A page that we read is HTML, whatever its URL ends with: `*.html` and `*.htm` speak of it, and
  the ending of its own URL does so too.
- A URL that no pattern matches is one of which nothing is said; it is not one that is allowed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from archiver.rights.patterns import Pattern, path_of
from archiver.rights.robots_tags import AGENT

AI_TXT_PATH = "/ai.txt"

_MAX_CHARS = 500 << 10  # what RFC 9309, 2.5 asks a reader of robots.txt to take in
_MAX_RULES = 5_000
_MAX_PATTERN = 2_000
_PRODUCT = re.compile(r"\*|[A-Za-z_-]+")
_ENDING = re.compile(r"\*\.([A-Za-z0-9]{1,10})\$?")
_ENDING_OF_PATH = re.compile(r"[^?]*\.([A-Za-z0-9]{1,10})(?:\?|$)")
_HTML = frozenset(("html", "htm"))


@dataclass(frozen=True, slots=True)
class Rule:
    """What a line says of all files that it means: those with an *ending*, or of a *pattern*."""

    is_allowed: bool
    length: int
    ending: str | None
    pattern: Pattern

    @property
    def weight(self) -> tuple[int, bool]:
        """How it compares with others that mean the same file; the greatest counts."""
        return self.length, self.is_allowed


def rules_of(text: str) -> tuple[Rule, ...]:
    """Return the rules in *text* that hold for us: those of our name, else those for all."""
    own: list[Rule] = []
    general: list[Rule] = []
    has_own = is_own = is_general = is_naming = False
    for name, value in islice(_lines(text), _MAX_RULES):
        if name == "user-agent":
            if not is_naming:
                is_own = is_general = False
            is_naming = True
            product = _PRODUCT.match(value)
            is_own |= product is not None and product[0].lower() == AGENT
            is_general |= product is not None and product[0] == "*"
            has_own |= is_own
        else:
            is_naming = False
            rule = _rule(value, is_allowed=name == "allow")
            own += [rule] if rule and is_own else []
            general += [rule] if rule and is_general else []
    return tuple(own if has_own else general)


def is_text_allowed(rules: Iterable[Rule], url: str) -> bool | None:
    """Say whether *rules* allow that the text of the page at *url* is used; None: not a word."""
    path = path_of(url)
    ending = _ENDING_OF_PATH.match(path)
    endings = _HTML | ({ending[1].lower()} if ending else set())
    meant = [rule for rule in rules if _means(rule, path, endings)]
    return max(meant, key=lambda rule: rule.weight).is_allowed if meant else None


def _means(rule: Rule, path: str, endings: Iterable[str]) -> bool:
    return rule.pattern.matches(path) if rule.ending is None else rule.ending in endings


def _lines(text: str) -> Iterator[tuple[str, str]]:
    """Yield the lines of *text* that are of use, their names in lower case."""
    for line in text[:_MAX_CHARS].removeprefix("\ufeff").splitlines():
        name, colon, value = (part.strip() for part in line.partition("#")[0].partition(":"))
        if colon and name.lower() in ("user-agent", "allow", "disallow"):
            yield name.lower(), value


def _rule(value: str, *, is_allowed: bool) -> Rule | None:
    if not value or len(value) > _MAX_PATTERN:
        return None
    ending = _ENDING.fullmatch(value)
    of_files = ending[1].lower() if ending else None
    return Rule(is_allowed, len(value), of_files, Pattern.of(value))
