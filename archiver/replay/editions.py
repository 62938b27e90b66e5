"""What is shown: an archive as it was at one time, as octets of a WACZ under a name of its own.

A collection grows while it is looked at. What was sealed since appears as a new edition with a
new address, since a browser keeps what it has read of an old one. Older editions stay for a
while, for the pages that are open.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import Protocol
from urllib.parse import quote

from archiver import __version__
from archiver.errors import ArchiveError
from archiver.lookup import Index
from archiver.places import Place
from archiver.replay.virtual import PIECE, VirtualZip
from archiver.sources.collection import is_collection
from archiver.sources.part import Complain, Member, opened
from archiver.sources.source import Source, open_source
from archiver.wacz.layout import lay_out
from archiver.zipped import Zip

# A page that is asked for again within so many seconds shows what it showed.
_FRESH_SECONDS = 3.0
_KEPT = 4


class Octets(Protocol):
    """A WACZ as octets, wherever they are."""

    @property
    def size(self) -> int:
        """How many there are."""

    def read(self, start: int, stop: int) -> Iterator[bytes]:
        """Yield those from *start* to before *stop*, in pieces of a bounded size."""

    def whole(self) -> Iterator[bytes]:
        """Yield all of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """The archive *title* as it was; *token* stands for what it holds."""

    token: str
    title: str
    wacz: Octets
    index: Callable[[], Index]
    close: Callable[[], None]

    @property
    def address(self) -> str:
        """Where our server has its WACZ."""
        return f"/w/{self.token}/{quote(self.title, safe='')}.wacz"


class Editions:
    """The editions of the archive at *places*, the latest made when it is asked for.

    For *fresh_seconds* nobody looks whether there is a later one.
    """

    def __init__(
        self, places: Sequence[Place], complain: Complain, *, fresh_seconds: float = _FRESH_SECONDS
    ) -> None:
        self._fresh_seconds = fresh_seconds
        self._places = places
        self._complain = complain
        self._grows = all(map(is_collection, places))
        self._lock = Lock()
        self._kept: list[Edition] = []
        self._said: set[str] = set()
        self._looked_at = 0.0

    def latest(self) -> Edition:
        """Return what the archive is now.

        ArchiveError or OSError where it cannot be read and has never been.
        """
        with self._lock:
            is_fresh = not self._grows or time.monotonic() - self._looked_at < self._fresh_seconds
            if not self._kept or not is_fresh:
                self._look()
                self._looked_at = time.monotonic()
            return self._kept[-1]

    def find(self, token: str) -> Edition | None:
        """Return the edition that *token* stands for; None if it is gone or never was."""
        return next((edition for edition in self._kept if edition.token == token), None)

    def close(self) -> None:
        """Remove what was made for the editions."""
        with self._lock:
            while self._kept:
                self._kept.pop().close()

    def _say_once(self, sentence: str) -> None:
        if sentence not in self._said:
            self._said.add(sentence)
            self._complain(sentence)

    def _look(self) -> None:
        told: list[str] = []
        try:
            source = open_source(self._places, complain=told.append)
            if self._kept and _token(source) == self._kept[-1].token:
                source.close()
                return
            edition = _edition_of(source, self._places, told)
        except (ArchiveError, OSError) as error:
            if not self._kept:
                raise
            self._say_once(f"what was there before is shown, since now {error}")
            return
        finally:
            for sentence in told:
                self._say_once(sentence)
        self._kept.append(edition)
        while len(self._kept) > _KEPT:
            self._kept.pop(0).close()


class WaczFile:
    """The octets of the WACZ at *place*, as they lie there."""

    def __init__(self, place: Place) -> None:
        self._place = place
        with opened(place) as file:
            self.size = file.seek(0, 2)

    def read(self, start: int, stop: int) -> Iterator[bytes]:
        """Yield the octets from *start* to before *stop*, in pieces of a bounded size."""
        with opened(self._place) as file:
            file.seek(start)
            while piece := file.read(min(PIECE, stop - start)):
                start += len(piece)
                yield piece

    def whole(self) -> Iterator[bytes]:
        """Yield all octets."""
        return self.read(0, self.size)


def _edition_of(source: Source, places: Sequence[Place], told: Sequence[str]) -> Edition:
    """Return the edition that shows *source*, which is closed with it.

    *told* is what the source complains of.
    """
    with ExitStack() as held:
        held.enter_context(source)
        source.index()
        wacz: Octets
        if len(places) == 1 and not told and _is_whole(places[0]):
            wacz = WaczFile(places[0])
        else:
            wacz = _laid_out(source, held)
        return Edition(
            token=_token(source),
            title=source.title,
            wacz=wacz,
            index=source.index,
            close=held.pop_all().close,
        )


def _is_whole(place: Place) -> bool:
    """Say whether at *place* is a WACZ whose records can be read by their ranges."""
    if place.suffix != ".wacz":
        return False
    members = Zip(place).members.items()
    return all(member.is_stored for name, member in members if name.startswith("archive/"))


def _laid_out(source: Source, held: ExitStack) -> VirtualZip:
    """Return a WACZ of *source*; what is new in it goes with *held*."""
    scratch = Path(held.enter_context(TemporaryDirectory(prefix="archiver-replay-")))
    created = datetime.now(UTC)
    software = f"archiver {__version__}"
    layout = lay_out(source, scratch, title=source.title, created=created, software=software)
    return VirtualZip(layout.entries(), created)


def _token(source: Source) -> str:
    members: Mapping[str, Member] = source.members
    lines = [f"{name} {members[name].size} {members[name].sha256}" for name in sorted(members)]
    named = "\n".join([source.title, *lines])
    return hashlib.sha256(named.encode("utf-8", "surrogateescape")).hexdigest()[:16]
