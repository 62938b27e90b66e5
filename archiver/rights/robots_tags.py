"""X-Robots-Tag fields and `meta name=robots`: which of their directives hold for us.

No standard defines either. What is read here is what Google documents (developers.google.com,
"Robots meta tag, data-nosnippet, and X-Robots-Tag specifications") and MDN repeats, with
`noai` and `noimageai`, which DeviantArt began in 2022.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

# By this name a publisher may speak to us alone.
AGENT = "archiver"

# Lower-case names of directives.
Directives = frozenset[str]

_KNOWN = frozenset(("noindex", "nofollow", "none", "noarchive", "nosnippet", "noai", "noimageai"))
_NONE = frozenset(("noindex", "nofollow"))
# These have a value after a colon, as the name of an agent has directives.
_VALUED = ("unavailable_after", "max-snippet", "max-image-preview", "max-video-preview")
# What a crawler may be called, with or without its version. A time of day, which has a colon
# too, is behind a date and a blank.
_AGENT_NAME = re.compile(r"\*|[a-z][a-z0-9_.+-]*(?:/[0-9a-z.]*)?")
_BETWEEN = re.compile(r"[\s;]+")
_MAX_CHARS = 10_000  # of one value


def header_directives(values: Iterable[str]) -> Directives:
    """Return what the *values* of X-Robots-Tag fields say to us, each as it came.

    Names and agents are in any case. An agent's name holds for what follows it in the same
    value. Of several directives the stricter counts: nothing takes one back.
    """
    return frozenset(name for value in values for name in _directives(value))


def meta_directives(metas: Mapping[str, Sequence[str]]) -> Directives:
    """Return what `meta` elements say to us; *metas* has their contents by lower-case name."""
    return header_directives(robots_metas(metas))


def robots_metas(metas: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the contents of the `meta` elements for every robot, and of those for us alone.

    The latter are written as X-Robots-Tag has them, with our name before them.
    """
    return [*metas.get("robots", ()), *(f"{AGENT}: {own}" for own in metas.get(AGENT, ()))]


def _directives(value: str) -> set[str]:
    found: set[str] = set()
    is_for_us = True
    for piece in value[:_MAX_CHARS].lower().split(","):
        name, colon, rest = (part.strip() for part in piece.partition(":"))
        if colon and name in _VALUED:
            continue
        if colon and _AGENT_NAME.fullmatch(name):
            is_for_us = name.partition("/")[0] in ("*", AGENT)
            piece = rest
        if is_for_us:
            # Some put blanks or semicolons where the comma belongs.
            found |= _KNOWN.intersection(_BETWEEN.split(piece))
    return found | _NONE if "none" in found else found
