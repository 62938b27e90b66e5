"""Articles that are spread over several pages: which URL is the next page of the same one.

`rel=next` stands between the pages of an article and between one article and the next alike;
the numbers in the URLs tell these apart. Text in, text out.
"""

from __future__ import annotations

import re

from archiver.canonical import canonical_form

# Where the number of a page stands: `?page=2` and its like; `/2/` and `/page/2`; and behind the
# last word of a path, as in `story-2.html`, `story_2`, `story,2.html` or `story-p2`.
_IN_QUERY = re.compile(r"(?<=[?&])(?:page|pg|seite|pagina|strona|part)=([0-9]{1,3})(?:&|$)", re.I)
_IN_PATH = re.compile(
    r"(?:/(?:page|seite|pagina|strona|part|p)?[/-]?|[-_,.](?:page|seite|part|p)?-?)([0-9]{1,3})"
    r"(?=(?:\.[a-z]{3,5})?/?(?:\?|$))",
    re.IGNORECASE,
)
_ONLY_A_NUMBER = re.compile(r"/[0-9]+/?(?:\?|$)")
_ENDING = re.compile(r"\.[a-z]{3,5}(?=/?(?:\?|$))", re.IGNORECASE)


def is_part(url: str, first: str, number: int) -> bool:
    """Say whether *url* is, to judge by it, page *number* of the article that begins at *first*.

    The first page has number 1, or none.
    """
    return number in _numbers(url, first)


def is_later_part(url: str, first: str) -> bool:
    """Say whether *url* is, to judge by it, one of the pages that follow *first*."""
    return max(_numbers(url, first), default=1) > 1


def _numbers(url: str, first: str) -> list[int]:
    """Return the numbers that *url* may have among the pages of the article at *first*."""
    first = canonical_form(first)
    beginnings = {_bare(first)}
    if not _ONLY_A_NUMBER.search(first):  # which may be that of the article, or a day
        beginnings |= {stem for stem, found in _numbered(first) if found == 1}
    return [found for stem, found in _numbered(canonical_form(url)) if stem in beginnings]


def _numbered(url: str) -> list[tuple[str, int]]:
    """Return *url* without the number of its page, and that number, as both may be meant."""
    return [
        (_bare(pattern.sub("", url, count=1).rstrip("?&")), int(found[1]))
        for pattern in (_IN_QUERY, _IN_PATH)
        if (found := pattern.search(url))
    ]


def _bare(url: str) -> str:
    return _ENDING.sub("", url, count=1).rstrip("/")
