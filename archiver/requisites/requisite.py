"""A requisite, and the list of those that a document names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Literal, NamedTuple, get_args

from archiver.reach import is_inside
from archiver.requisites.references import resolved

# In the order in which they are missed most: a stylesheet, which may name more itself; a
# script; a part, such as a picture or a font; one of several pictures to choose from.
Kind = Literal["stylesheet", "script", "part", "choice"]

_KINDS: tuple[Kind, ...] = get_args(Kind)
# More than that are no page's own: they lie in memory, and each takes time to resolve.
_MOST = 10_000
_MOST_NAMES = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Requisite:
    """What a document needs to be shown; *url* is absolute, http or https, no fragment."""

    url: str
    kind: Kind


class Named(NamedTuple):
    """A reference as a document has it, not resolved yet."""

    reference: str
    kind: Kind


def requisites_of(
    names: Iterable[Named], base: str, encoding: str, *, relative_to: str
) -> list[Requisite]:
    """Return what *names* mean in a document at *base*, each once, what is missed most first.

    They are *relative_to* another URL where the document says so. *encoding* is that of the
    document, in which browsers send a query (URL Standard, 4.4). References to the document
    itself, what cannot be fetched by HTTP and what is nobody's business (see `reach`) are left
    out.
    """
    itself, may_be_inside = resolved(base, base, encoding), is_inside(base)
    found: dict[str, Kind] = {}
    for name in islice(_distinct(names), _MOST_NAMES):
        url = resolved(name.reference, relative_to, encoding)
        if url is None or url == itself:
            continue
        known = found.get(url)
        if known is None and is_inside(url) and not may_be_inside:
            continue
        if known is None and len(found) >= _MOST:
            break
        if known is None or _KINDS.index(name.kind) < _KINDS.index(known):
            found[url] = name.kind
    return [
        Requisite(url=url, kind=kind)
        for kind in _KINDS
        for url, known in found.items()
        if known == kind
    ]


def _distinct(names: Iterable[Named]) -> Iterator[Named]:
    known: set[Named] = set()
    for name in names:
        if name not in known:
            known.add(name)
            yield name
