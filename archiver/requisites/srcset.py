"""The URLs of a `srcset` attribute (HTML Standard, 4.8.4.2.2)."""

from __future__ import annotations

from collections.abc import Iterator

_BLANKS = " \t\n\r\f"


def urls_of_srcset(value: str) -> Iterator[str]:
    """Yield the URL of each candidate in *value*; its descriptors are passed over.

    A URL ends at a blank, and commas at its very end part it from the next: a comma within
    it, as in `data:` URLs and in those of picture services, is its own.
    """
    at = 0
    while (at := _past(value, at, f"{_BLANKS},")) < len(value):
        end = at
        while end < len(value) and value[end] not in _BLANKS:
            end += 1
        url = value[at:end]
        yield url.rstrip(",")
        at = end if url.endswith(",") else _past_descriptors(value, end)


def _past(value: str, at: int, characters: str) -> int:
    while at < len(value) and value[at] in characters:
        at += 1
    return at


def _past_descriptors(value: str, at: int) -> int:
    """Return where the comma stands that ends the descriptors; one in brackets does not."""
    depth = 0
    while at < len(value) and (depth or value[at] != ","):
        depth = max(0, depth + (value[at] == "(") - (value[at] == ")"))
        at += 1
    return at
