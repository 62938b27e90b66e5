"""A WACZ as files: the WARCs, indexes and page lists in it, each opened as it is to be read."""

from __future__ import annotations

import gzip
import json
import re
import shutil
import zlib
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO, cast

from archiver.errors import ArchiveError, StoreError
from archiver.places import Place
from archiver.sources.entries import lines_of
from archiver.sources.loose import LooseFile
from archiver.zipped import DamagedZip, Zip, ZipMember

_WARC = re.compile(r"archive/.+\.w?arc(\.gz|\.zst)?", re.IGNORECASE)
_INDEX = re.compile(r"indexes/.+\.cdxj?(\.gz)?", re.IGNORECASE)
_PAGES = re.compile(r"pages/.+\.jsonl", re.IGNORECASE)
_HASH = re.compile(r"sha-?256:([0-9a-f]{64})")
_MOST_OCTETS = 64 << 20  # of a package's description
_COPY = 1 << 20


class Unusable(ArchiveError):
    """The index of a WACZ is of no use; its WARCs may be read all the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Warc:
    """A WARC that lies in a WACZ at *path*; *sha256* is what the package says of it."""

    path: str
    file: LooseFile
    size: int
    sha256: str | None
    beginning: bytes


class Package:
    """The WACZ at *place*, which its user calls *shown*. DamagedZip where it is none."""

    def __init__(self, place: Place) -> None:
        self.shown = str(place)
        try:
            self._members = Zip(place).members
        except OSError as error:
            raise StoreError(f"{place} cannot be read: {error.strerror}") from error

    def warcs(self, scratch: Path) -> list[Warc]:
        """Return the WARCs, in the order of their names.

        One that is deflated is inflated into *scratch*, since no range of it can be read.
        """
        hashes = self._hashes()
        return [
            self._warc(member, hashes.get(name), scratch)
            for name, member in sorted(self._members.items())
            if _WARC.fullmatch(name)
        ]

    def indexes(self) -> Iterator[tuple[str, Iterator[bytes]]]:
        """Yield each index by its name, with its lines, which raise Unusable where damaged."""
        for name in sorted(filter(_INDEX.fullmatch, self._members)):
            yield name, _index_lines(self._members[name])

    def page_lists(self) -> Iterator[tuple[str, Iterator[bytes]]]:
        """Yield each page list by its name, with its lines, that of the seeds first."""
        names = filter(_PAGES.fullmatch, self._members)
        for name in sorted(names, key=lambda name: (name != "pages/pages.jsonl", name)):
            yield name, _page_lines(self._members[name])

    def _warc(self, member: ZipMember, sha256: str | None, scratch: Path) -> Warc:
        opener = partial(_opened, member)
        if not member.is_stored:
            copy = scratch / f"{len(list(scratch.iterdir()))}.inflated"
            _inflate(member, copy, f"{self.shown}, {member.name}")
            opener = partial(copy.open, "rb")
        with opener() as opened:
            beginning = opened.read(16)
        name = member.name.rpartition("/")[2]
        file = LooseFile(name=name, shown=f"{self.shown}, {member.name}", opener=opener)
        return Warc(
            path=member.name, file=file, size=member.size, sha256=sha256, beginning=beginning
        )

    def _hashes(self) -> dict[str, str]:
        """Return the SHA-256 that the package says its files have, by their paths."""
        member = self._members.get("datapackage.json")
        if member is None or member.size > _MOST_OCTETS:
            return {}
        try:
            with _opened(member) as file:
                resources = json.load(file)["resources"]
            pairs = [(entry["path"], _HASH.fullmatch(entry["hash"])) for entry in resources]
        except (ValueError, KeyError, TypeError, RecursionError, DamagedZip):
            return {}  # `archiver check` says what is amiss with it
        return {str(path): found[1] for path, found in pairs if found}


def _opened(member: ZipMember) -> BinaryIO:
    try:
        return member.open()
    except OSError as error:
        raise StoreError(f"{member.name} cannot be read: {error.strerror}") from error


def _index_lines(member: ZipMember) -> Iterator[bytes]:
    try:
        with ExitStack() as stack:
            file = stack.enter_context(_opened(member))
            if member.name.lower().endswith(".gz"):
                file = cast("BinaryIO", stack.enter_context(gzip.GzipFile(fileobj=file)))
            yield from lines_of(file)
    except (EOFError, zlib.error, gzip.BadGzipFile, DamagedZip) as error:
        raise Unusable(f"its index is damaged ({error})") from error


def _page_lines(member: ZipMember) -> Iterator[bytes]:
    with _opened(member) as file:
        yield from lines_of(file)


def _inflate(member: ZipMember, copy: Path, shown: str) -> None:
    free = shutil.disk_usage(copy.parent).free
    if member.size > free:
        raise ArchiveError(
            f"{shown} is deflated and takes {member.size} octets to inflate, where {copy.parent} "
            f"has {free}: set TMPDIR to a folder with more room"
        )
    with _opened(member) as file, copy.open("xb") as output:
        shutil.copyfileobj(file, output, _COPY)
