"""What a WACZ of a source holds, entry by entry, before it is written or served.

The WARC files stay where they are. Only the merged index, the page list and the package's
own description are new; they lie in a scratch folder or in memory.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import BinaryIO

from archiver.errors import ArchiveError
from archiver.lookup import Index
from archiver.sources.part import Member
from archiver.sources.source import Source
from archiver.wacz.addresses import addressed_index
from archiver.wacz.blocks import write_blocks
from archiver.wacz.package import (
    DIGEST,
    PACKAGE,
    Description,
    Resource,
    datapackage,
    datapackage_digest,
)
from archiver.wacz.pagelist import write_pages

# Above this a replayer had better not take the whole index in.
LARGE_INDEX = 32 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A file in a WACZ: *shown* is what its user calls what is in it.

    *sha256* is in lower hex; None: nobody has said it of this WARC, and it was not read.
    """

    name: str
    shown: str
    size: int
    sha256: str | None
    opener: Callable[[], BinaryIO]

    def open(self) -> BinaryIO:
        """Open the file, seekable and at its beginning; each call gives a file of its own."""
        return self.opener()

    @property
    def resource(self) -> Resource:
        """The entry as a package lists it."""
        return Resource(path=self.name, size=self.size, sha256=self.sha256)


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The *members* of a WACZ in its order, *page_count* of its pages, what it says of itself."""

    members: tuple[Entry, ...]
    page_count: int
    description: Description

    def entries(self) -> list[Entry]:
        """Return all entries: the members, then the package's description and its digest."""
        package = datapackage(self.description, [entry.resource for entry in self.members])
        return [
            *self.members,
            entry_of(PACKAGE, package),
            entry_of(DIGEST, datapackage_digest(package)),
        ]


def lay_out(
    source: Source,
    scratch: Path,
    *,
    title: str,
    created: datetime,
    software: str,
    large_index: int = LARGE_INDEX,
    address: Callable[[str], str] | None = None,
) -> Layout:
    """Return the layout of a WACZ of *source*, with what is new in the folder *scratch*.

    An index above *large_index* octets is laid out in gzipped blocks. No WARC is read. What
    is to be asked for by other URLs than the records have is also listed under the *address*
    of each.
    """
    pages = write_pages(source.page_lines(), scratch / "pages.jsonl", address)
    index, revisits = _addressed(source, scratch, address) if address else (source.index(), [])
    return Layout(
        members=(
            *(_warc(member) for member in source.members.values()),
            *revisits,
            *_index(index, scratch, large_index),
            _file("pages/pages.jsonl", pages.path),
        ),
        page_count=pages.count,
        description=Description(
            title=title, created=created, software=software, main_page=pages.main
        ),
    )


def entry_of(name: str, octets: bytes) -> Entry:
    """Return the entry *name* that holds *octets*."""
    return Entry(
        name=name,
        shown=name,
        size=len(octets),
        sha256=hashlib.sha256(octets).hexdigest(),
        opener=partial(io.BytesIO, octets),
    )


def _warc(member: Member) -> Entry:
    name = member.filename
    if name in ("", ".", "..") or not name.isprintable() or set(name) & {"/", "\\"}:
        raise ArchiveError(
            f"{member.shown} is called {name!r}, which cannot be a name in a WACZ: rename it"
        )
    return Entry(
        name=f"archive/{name}",
        shown=member.shown,
        size=member.size,
        sha256=member.sha256,
        opener=member.open,
    )


def _addressed(
    source: Source, scratch: Path, address: Callable[[str], str]
) -> tuple[Index, list[Entry]]:
    """Return the index of *source* with every *address*, and the revisits that it leads to."""
    path, revisits = scratch / "index.cdxj", scratch / "addresses.warc"
    name = revisits.name
    while name in source.members:
        name = f"2-{name}"
    with path.open("wb") as file, revisits.open("wb") as records:
        file.writelines(addressed_index(source.index().lines(), address, records, name))
    there = [_file(f"archive/{name}", revisits)] if revisits.stat().st_size else []
    return Index(path), there


def _index(index: Index, scratch: Path, large_index: int) -> list[Entry]:
    """Return the entries of the merged *index*."""
    if index.size <= large_index:
        return [_file("indexes/index.cdxj", index.path)]
    return [_file(f"indexes/{path.name}", path) for path in write_blocks(index.lines(), scratch)]


def _file(name: str, path: Path) -> Entry:
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    return Entry(
        name=name,
        shown=name,
        size=path.stat().st_size,
        sha256=sha256,
        opener=lambda: path.open("rb"),
    )
