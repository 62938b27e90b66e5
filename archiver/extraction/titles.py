"""The headline of a page, as its reader sees it, without the name of the site.

Pages name themselves up to five times: JSON-LD, Open Graph, `title` and `h1`. The `h1` is
what the reader sees, but pages have several, some of them logos, so it must agree with one
of the others, unless it is the only one; these in turn are written for search engines and
carry the site's name. Since it has a column of its own, it goes where the text begins with it.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from archiver.extraction.headings import Heading, Headings, agreement
from archiver.extraction.letters import words_of
from archiver.extraction.linked_data import Node, strings_of
from archiver.extraction.meta_tags import MetaTags
from archiver.extraction.sitenames import SEPARATOR, SiteNames
from archiver.text import normalise_line

_MAX_CHARS = 1000  # before normalisation; what is longer is no title
_MAX_LINES = 8  # of a kind
_MIN_AGREEMENT = 0.5  # of the words of both
_MAX_KICKER_WORDS = 4
_MIN_TITLE_WORDS = 3
_MIN_PART_WORDS = 2
_MIN_SENTENCE_WORDS = 5
_MIN_LETTERS = 4  # of a word that says something


def title_of(
    headings: Headings,
    meta: MetaTags,
    article: Node | None,
    sitename: str | None,
    url: str | None,
) -> str | None:
    """Return the title of the page with *headings*, or None when it has none."""
    site = SiteNames(sitename, url)
    headlines = strings_of(article, "headline") if article else []
    written = _lines([*headlines, *meta.all("og:title", "twitter:title")])
    named = _lines(
        " ".join("".join(each.itertext()).split())
        for each in islice(headings.tree.iter("title"), 1)
    )
    others = _lines(meta.all("headline", "citation_title", "parsely-title", "dc.title"))
    claims = list(dict.fromkeys([*written, *named, *others]))
    first = headings.of("h1")
    shown = [heading for heading in first if not _is_other(heading, site)]
    bare = [site.cut_from(claim) for claim in claims]
    parts = [part for claim in claims for part in SEPARATOR.split(claim)]
    found = (
        _agreed(shown, {*claims, *bare, *(site.cut_from(each, is_sure=True) for each in claims)})
        or _confirmed(headings, [*claims, *bare], site, _MIN_TITLE_WORDS)
        or _only(shown, [text for text in bare if not site.is_name(text)])
        or _confirmed(headings, parts, site, _MIN_PART_WORDS)
    )
    if found is not None:
        return site.cut_from(_without_kicker(found, written))
    crumbs = {heading.text for heading in first if heading.is_crumb}
    for text in [*(text for text in written if text not in crumbs), *written]:
        return site.cut_from(text)
    for text in [*others, *named]:
        return site.cut_from(text, is_sure=True)
    return next((heading.text for heading in first), None)


def without_headline(text: str, title: str | None) -> str:
    """Return the normalised *text* without its first paragraph, where that is the *title*."""
    first, _, rest = text.partition("\n\n")
    return rest if rest and title and words_of(first) == words_of(title) else text


def _is_other(heading: Heading, site: SiteNames) -> bool:
    return heading.is_logo or heading.is_crumb or site.is_name(heading.text)


def _agreed(headings: list[Heading], claims: set[str]) -> Heading | None:
    """Return the heading that agrees best with one of *claims*, or None if none does."""
    best: Heading | None = None
    best_score = (_MIN_AGREEMENT, 0)
    theirs = [words_of(claim) for claim in claims]
    for heading in headings:
        ours = words_of(heading.text)
        score = max((_agreement(ours, each) for each in theirs), default=0.0), len(ours)
        if score[0] >= _MIN_AGREEMENT and score > best_score:
            best, best_score = heading, score
    return best


def _agreement(ours: list[str], theirs: list[str]) -> float:
    if not ours or not theirs:
        return 0.0
    if len(ours) >= _MIN_TITLE_WORDS and f" {' '.join(ours)} " in f" {' '.join(theirs)} ":
        return 1.0
    return agreement(ours, theirs)


def _confirmed(
    headings: Headings, claims: list[str], site: SiteNames, least: int
) -> Heading | None:
    """Return the lesser heading of at least *least* words that says what a claim says."""
    wanted = {" ".join(words) for words in map(words_of, claims) if len(words) >= least}
    for heading in headings.of("h2", "h3") if wanted else ():
        words = " ".join(words_of(heading.text))
        if words in wanted and not _is_other(heading, site) and not heading.is_aside:
            return heading
    return None


def _only(headings: list[Heading], claims: list[str]) -> Heading | None:
    """Return the one heading that is long enough and shares a word with *claims*, if any."""
    said = {word for claim in claims for word in words_of(claim) if len(word) >= _MIN_LETTERS}
    long = [
        heading
        for heading in headings
        if not heading.is_aside
        and len(words_of(heading.text))
        >= (_MIN_TITLE_WORDS if heading.is_titled else _MIN_SENTENCE_WORDS)
        and (not said or not said.isdisjoint(words_of(heading.text)))
    ]
    titled = [heading for heading in long if heading.is_titled]
    return next((each[0] for each in (long, titled) if len(each) == 1), None)


def _without_kicker(heading: Heading, claims: list[str]) -> str:
    # "Politics | Council votes for bridge", where JSON-LD has only what follows the bar, or
    # where "Politics" is an element of its own.
    words = words_of(heading.text)
    said = {" ".join(words_of(claim)): claim for claim in reversed(claims)}
    if " ".join(words) in said:
        return heading.text
    match = SEPARATOR.search(heading.text)
    for rest in (heading.text[match.end() :] if match else "", *heading.endings):
        theirs = words_of(rest)
        if theirs and len(words) - len(theirs) <= _MAX_KICKER_WORDS and " ".join(theirs) in said:
            return said[" ".join(theirs)]
    return heading.text


def _lines(texts: Iterable[str]) -> list[str]:
    short = dict.fromkeys(text for text in texts if len(text) <= _MAX_CHARS)
    lines = map(normalise_line, islice(short, _MAX_LINES))
    return list(filter(None, lines))
