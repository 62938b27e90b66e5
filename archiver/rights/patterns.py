"""Patterns for the paths of URLs, as robots.txt has them and others have borrowed them.

Section numbers are those of RFC 9309. Matching takes time in proportion to the path and the
pattern, whatever a publisher writes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self

from archiver.urls import percent, target_of

_BEFORE_THE_PATH = re.compile(r"[a-z][a-z0-9+.-]*://[^/?]*")
_HALF = re.compile("[\ud800-\udfff]")  # of a character, as JSON may hold it
_ENCODED = re.compile(r"%([0-9A-Fa-f]{2})")
# RFC 3986, 2.3: characters that mean the same whether or not they are encoded.
_UNRESERVED = re.compile(r"[A-Za-z0-9._~-]")
# In a path, what patterns have a use for is itself in its encoded form alone (2.2.3).
_TO_ENCODE = re.compile(r"[^!-~]|[$*]")


@dataclass(frozen=True, slots=True)
class Pattern:
    """A beginning of paths, in *parts* between which anything may stand (2.2.3).

    What *is_whole* ends where the path does.
    """

    parts: tuple[str, ...]
    is_whole: bool

    @classmethod
    def of(cls, text: str) -> Self:
        """Return the pattern that is written as *text*; `*` and a `$` at its end are special."""
        text = _HALF.sub("\ufffd", text)
        is_whole = text.endswith("$")
        text = text.removesuffix("$")
        if not text.startswith(("/", "*")):
            text = f"/{text}"  # which is how everybody means it
        return cls(tuple(map(_normalised, text.split("*"))), is_whole)

    def matches(self, path: str) -> bool:
        """Say whether *path*, as `path_of` gives it, is one of those that are meant."""
        first, *rest = self.parts
        if not path.startswith(first):
            return False
        if not rest:
            return len(path) == len(first) or not self.is_whole
        at = len(first)
        last = rest.pop() if self.is_whole else ""
        for part in rest:
            found = path.find(part, at)
            if found < 0:
                return False
            at = found + len(part)
        return path.endswith(last) and len(path) - len(last) >= at


def path_of(url: str) -> str:
    """Return path and query of *url* in the form in which they are compared (2.2.2)."""
    target = target_of(url)
    start = _BEFORE_THE_PATH.match(target)
    path = target[start.end() :] if start else target
    return _normalised(path if path.startswith("/") else f"/{path}")


def _normalised(text: str) -> str:
    return _TO_ENCODE.sub(percent, _ENCODED.sub(_decoded, text))


def _decoded(found: re.Match[str]) -> str:
    char = chr(int(found[1], 16))
    return char if _UNRESERVED.fullmatch(char) else found[0].upper()
