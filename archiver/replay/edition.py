"""An archive as it was at one time, as it is shown: octets of a WACZ, and the list of its pages.

A WACZ that can be read by its ranges, and has its URLs as browsers write them, is shown as it
lies, all else as one that lies nowhere.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO, Protocol
from urllib.parse import quote

from archiver import __version__
from archiver.browserurls import browser_url
from archiver.lookup import Index
from archiver.places import Place
from archiver.replay.virtual import PIECE, VirtualZip
from archiver.sources.part import Member, opened
from archiver.sources.source import Source
from archiver.wacz.addresses import has_others
from archiver.wacz.layout import lay_out
from archiver.wacz.pagelist import write_pages
from archiver.zipped import Zip


class Octets(Protocol):
    """A file as octets, wherever they are."""

    @property
    def size(self) -> int:
        """How many there are."""

    def read(self, start: int, stop: int) -> Iterator[bytes]:
        """Yield those from *start* to before *stop*, in pieces of a bounded size."""

    def whole(self) -> Iterator[bytes]:
        """Yield all of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """The archive *title* as it was: a *wacz*, and the list of its *pages* with their texts.

    *token* stands for what it holds.
    """

    token: str
    title: str
    wacz: Octets
    pages: Octets
    index: Callable[[], Index]
    close: Callable[[], None]

    @property
    def address(self) -> str:
        """Where our server has its WACZ."""
        return f"/w/{self.token}/{quote(self.title, safe='')}.wacz"


class Lying:
    """The octets of a file that lies somewhere, as *opener* opens it."""

    def __init__(self, opener: Callable[[], BinaryIO]) -> None:
        self._opener = opener
        with opener() as file:
            self.size = file.seek(0, 2)

    def read(self, start: int, stop: int) -> Iterator[bytes]:
        """Yield the octets from *start* to before *stop*, in pieces of a bounded size."""
        with self._opener() as file:
            file.seek(start)
            while piece := file.read(min(PIECE, stop - start)):
                start += len(piece)
                yield piece

    def whole(self) -> Iterator[bytes]:
        """Yield all octets."""
        return self.read(0, self.size)


def edition_of(source: Source, places: Sequence[Place], told: Sequence[str]) -> Edition:
    """Return the edition that shows *source*, which is closed with it.

    *told* is what the source complains of.
    """
    with ExitStack() as held:
        held.enter_context(source)
        scratch = Path(held.enter_context(TemporaryDirectory(prefix="archiver-replay-")))
        pages = scratch / "pages.jsonl"
        source.index()
        is_whole = len(places) == 1 and _is_whole(places[0])
        if is_whole:
            write_pages(source.page_lines(), pages)  # which may be complained of, too
        wacz: Octets
        if is_whole and not told and not has_others(source.index().lines(), browser_url):
            wacz = Lying(partial(opened, places[0]))
        else:
            wacz = _laid_out(source, scratch)
        return Edition(
            token=token_of(source),
            title=source.title,
            wacz=wacz,
            pages=Lying(lambda: pages.open("rb")),
            index=source.index,
            close=held.pop_all().close,
        )


def _is_whole(place: Place) -> bool:
    """Say whether at *place* is a WACZ whose records can be read by their ranges."""
    if place.suffix != ".wacz":
        return False
    members = Zip(place).members.items()
    return all(member.is_stored for name, member in members if name.startswith("archive/"))


def _laid_out(source: Source, scratch: Path) -> VirtualZip:
    """Return a WACZ of *source*; what is new in it lies in *scratch*."""
    created = datetime.now(UTC)
    software = f"archiver {__version__}"
    layout = lay_out(
        source,
        scratch,
        title=source.title,
        created=created,
        software=software,
        address=browser_url,
    )
    return VirtualZip(layout.entries(), created)


def token_of(source: Source) -> str:
    """Return what stands for all that *source* holds, and for nothing else."""
    members: Mapping[str, Member] = source.members
    lines = [f"{name} {members[name].size} {members[name].sha256}" for name in sorted(members)]
    named = "\n".join([source.title, *lines])
    return hashlib.sha256(named.encode("utf-8", "surrogateescape")).hexdigest()[:16]
