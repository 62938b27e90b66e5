"""A WARC or ARC file without an index: it is read through once, and what it holds noted.

Its index and its pages lie in the scratch folder then. What no replayer could read where it
lies is copied there too, as `archiver.sources.rewriting` says.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import BinaryIO

from archiver.errors import ArchiveError, DamagedRecord
from archiver.headers import NoRecord
from archiver.indexing import Indexed, index_records
from archiver.inflow import Readable
from archiver.sources.documents import declared_lines, document_line, is_ours
from archiver.sources.leftout import LeftOut, PassedOver
from archiver.sources.methods import Methods
from archiver.sources.outline import MOST_OCTETS
from archiver.sources.part import Complain, Filenames, Member, Part
from archiver.sources.rewriting import rewrite

# Endings that tell how a file is packed, and whether it grows: what is made of it has its own.
_ENDINGS = (".open", ".gz", ".zst", ".warc", ".arc")
_GZIP = b"\x1f\x8b"
_READ = 1 << 20


class NoArchive(ArchiveError):
    """A file does not begin like any archive that we know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LooseFile:
    """A file called *name* that *opener* opens, and that its user calls *shown*."""

    name: str
    shown: str
    opener: Callable[[], BinaryIO]


def part_of_file(file: LooseFile, names: Filenames, scratch: Path, complain: Complain) -> Part:
    """Return what the WARC or ARC *file* holds, after it was read through.

    *complain* is told of damage: what comes before it is there. ArchiveError where nothing is,
    `NoArchive` where nothing ever was.
    """
    with file.opener() as opened:
        beginning = opened.read(16)
    filename = names.claim(filename_of(file.name, beginning))
    told: list[str] = []
    if not is_read_by_range(beginning):
        file = _copied(file, filename, scratch, told.append)
    try:
        part = _Reading(file, filename, scratch, told.append).part()
    except _NotInPlace:
        told.clear()
        file = _copied(file, filename, scratch, told.append)
        part = _Reading(file, filename, scratch, told.append).part()
    for sentence in told:
        complain(sentence)
    return part


def filename_of(name: str, beginning: bytes) -> str:
    """Return what the WARC that is made of the file *name*, or is it, is to be called."""
    for ending in _ENDINGS:
        name = name.removesuffix(ending)
    return name + (".warc" if _is_plain(beginning) else ".warc.gz")


def is_read_by_range(beginning: bytes) -> bool:
    """Say whether a replayer may read ranges of a file that begins so."""
    return not beginning or _is_plain(beginning) or beginning.startswith(_GZIP)


def _is_plain(beginning: bytes) -> bool:
    return beginning.lstrip(b"\r\n").startswith(b"WARC/")


def _copied(file: LooseFile, filename: str, scratch: Path, complain: Complain) -> LooseFile:
    copy = scratch / filename
    passed_over = PassedOver(file.shown)
    with file.opener() as opened:
        damage = rewrite(opened, file.shown, copy, passed_over)
    if not copy.stat().st_size:
        raise _nothing_in(file.shown, damage)
    if damage is not None:
        complain(f"{damage}; what comes before that is read")
    passed_over.tell(complain)
    return replace(file, opener=partial(_open, copy))


def _nothing_in(shown: str, damage: DamagedRecord | None) -> ArchiveError:
    """Return what to raise for the file called *shown*, which *damage* leaves no record of."""
    if damage is None:
        return ArchiveError(f"{shown} is empty")
    kind = NoArchive if isinstance(damage, NoRecord) else ArchiveError
    where = f"{shown} at {damage.offset}: {damage.problem}"
    return kind(f"{where}, and no sound record comes before that")


def spooled(path: Path) -> Iterator[bytes]:
    """Yield the lines of the file at *path*."""
    with path.open("rb") as file:
        yield from file


def _open(path: Path) -> BinaryIO:
    return path.open("rb")


class _NotInPlace(Exception):
    """No replayer could read some record of a file where it lies."""


class _Reading:
    """Reads *file* through and notes what it holds, which index lines call *filename*."""

    def __init__(
        self, file: LooseFile, filename: str, scratch: Path, complain: Complain
    ) -> None:  # fmt: skip
        self._file = file
        self._filename = filename
        self._index = scratch / f"{filename}.cdxj"
        self._pages = scratch / f"{filename}.jsonl"
        self._complain = complain
        self._has_ours = False

    def part(self) -> Part:
        """Return what the file holds. _NotInPlace if a record has no place of its own there."""
        with self._file.opener() as opened:
            hashed = _Hashed(opened)
            self._note(hashed)
            hashed.finish()
        if self._has_ours:
            with self._pages.open("wb") as pages:
                pages.writelines(declared_lines(self._file.opener, self._filename))
        member = Member(
            filename=self._filename,
            shown=self._file.shown,
            size=hashed.size,
            sha256=hashed.sha256.hexdigest(),
            opener=self._file.opener,
        )
        return Part(
            shown=self._file.shown,
            members=(member,),
            index_lines=partial(spooled, self._index),
            page_lines=partial(spooled, self._pages),
        )

    def _note(self, file: Readable) -> None:
        methods = Methods()
        with self._index.open("wb") as lines, self._pages.open("wb") as pages:
            for found in self._sound(file):
                if found.record.version == "arc" or not found.record.is_alone:
                    raise _NotInPlace
                lines.writelines(methods.take(found))
                self._has_ours = self._has_ours or is_ours(found)
                page = None if self._has_ours else document_line(found)
                if page is not None:
                    pages.write(page)
            lines.writelines(methods.rest())

    def _sound(self, file: Readable) -> Iterator[Indexed]:
        """Yield the records of *file* up to the first damage. ArchiveError if there are none."""
        shown, count = self._file.shown, 0
        left_out, passed_over = LeftOut(shown, "record"), PassedOver(shown)
        try:
            for found in index_records(file, self._filename, most=MOST_OCTETS):
                count += 1
                passed_over.note(found.record)
                if found.damage is not None:
                    left_out.note(f"the one at {found.location.offset}: {found.damage.problem}")
                yield found
        except DamagedRecord as damage:
            if not count:
                raise _nothing_in(shown, damage) from damage
            where = f"{shown} at {damage.offset}: {damage.problem}"
            self._complain(f"{where}; what comes before that is read")
        if not count:
            raise _nothing_in(shown, None)
        left_out.tell(self._complain)
        passed_over.tell(self._complain)


class _Hashed:
    """*file*, read forward, with the *size* and the *sha256* of what was read of it."""

    def __init__(self, file: Readable) -> None:
        self.size = 0
        self.sha256 = hashlib.sha256()
        self._file = file

    def read(self, size: int, /) -> bytes:
        octets = self._file.read(size)
        self.size += len(octets)
        self.sha256.update(octets)
        return octets

    def finish(self) -> None:
        """Read what is left."""
        while self.read(_READ):
            pass
