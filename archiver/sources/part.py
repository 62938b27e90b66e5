"""What a source consists of: WARC files, and what is sealed together with them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from archiver.errors import StoreError
from archiver.places import Place

_NOT_IN_A_NAME = re.compile(r'[\x00-\x1f\x7f-\x9f\ud800-\udfff\\/:*?"<>|]')

# Every source says in one sentence what is amiss with what it holds, and goes on.
Complain = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A WARC file of a source.

    *filename* is what index lines of the source call it, unique in there and without a slash;
    *shown* is what its user calls it. *sha256* is in lower hex; None: nobody says.
    """

    filename: str
    shown: str
    size: int
    sha256: str | None
    opener: Callable[[], BinaryIO]

    def open(self) -> BinaryIO:
        """Open the file, seekable and at its beginning; each call gives a file of its own."""
        return self.opener()


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What is sealed together: a stem, a WACZ, a loose WARC.

    *index_lines* gives the lines of its index, in any order; each names one of *members*, lies
    within that and ends with a line feed. *page_lines* gives its pages as
    `archiver.sources.pagelines` makes them.
    """

    shown: str
    members: tuple[Member, ...]
    index_lines: Callable[[], Iterator[bytes]]
    page_lines: Callable[[], Iterator[bytes]]


def opened(place: Place) -> BinaryIO:
    """Open the file at *place*. StoreError where that cannot be."""
    try:
        return place.open("rb")
    except OSError as error:
        raise StoreError(f"{place} cannot be read: {error.strerror}") from error


class Filenames:
    """The names of the members of a source: every WACZ calls its WARC `data.warc.gz`."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def claim(self, name: str) -> str:
        """Return *name* as a file may be called anywhere, or `2-name` and so on if it is taken."""
        name = _NOT_IN_A_NAME.sub("_", name)
        number, claimed = 1, name
        while claimed in self._taken:
            number += 1
            claimed = f"{number}-{name}"
        self._taken.add(claimed)
        return claimed

    def give_back(self, names: Iterable[str]) -> None:
        """Let others have *names*, which were claimed and are of no use."""
        self._taken.difference_update(names)
