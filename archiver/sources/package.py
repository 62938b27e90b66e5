"""A WACZ as files: the WARCs, indexes and page lists in it, each opened as it is to be read."""

from __future__ import annotations

import gzip
import io
import re
import shutil
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO

from archiver.errors import ArchiveError, StoreError
from archiver.places import Place
from archiver.sources.entries import vouched_lines
from archiver.sources.listed import HashedFile, Listed, listed_as, listed_in, object_in
from archiver.sources.loose import LooseFile
from archiver.sources.part import Complain
from archiver.zipped import DamagedZip, Zip, ZipMember

_WARC = re.compile(r"archive/.+\.w?arc(\.gz|\.zst)?", re.IGNORECASE)
_INDEX = re.compile(r"indexes/.+\.cdxj?(\.gz)?", re.IGNORECASE)
_PAGES = re.compile(r"pages/.+\.jsonl", re.IGNORECASE)
_PACKAGE, _DIGEST = "datapackage.json", "datapackage-digest.json"
_HASH = re.compile(r"[0-9a-f]{64}")
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
    """The WACZ at *place*, which its user calls *shown*. DamagedZip where it is none.

    *complain* is told, a sentence each, where it is not what it says of itself: of an index or
    a page list, when that has been read to its end.
    """

    def __init__(self, place: Place, complain: Complain) -> None:
        self.shown = str(place)
        self._complain = complain
        try:
            self._members = Zip(place).members
        except OSError as error:
            raise StoreError(f"{place} cannot be read: {error.strerror}") from error
        self._listed = self._read_listed()

    def warcs(self, scratch: Path) -> list[Warc]:
        """Return the WARCs, in the order of their names.

        One that is deflated is inflated into *scratch*, since no range of it can be read.
        """
        return [
            self._warc(member, self._sha256(name), scratch)
            for name, member in sorted(self._members.items())
            if _WARC.fullmatch(name)
        ]

    def indexes(self) -> Iterator[tuple[str, Iterator[bytes]]]:
        """Yield each index by its name, with its lines, which raise Unusable where damaged."""
        for name in sorted(filter(_INDEX.fullmatch, self._members)):
            yield name, self._index_lines(self._members[name])

    def page_lists(self) -> Iterator[tuple[str, Iterator[bytes]]]:
        """Yield each page list by its name, with its lines, that of the seeds first."""
        names = filter(_PAGES.fullmatch, self._members)
        for name in sorted(names, key=lambda name: (name != "pages/pages.jsonl", name)):
            yield name, self._lines(self._members[name])

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

    def _sha256(self, name: str) -> str | None:
        listed = self._listed.get(name)
        if listed is None or listed.algorithm != "sha256" or listed.digest is None:
            return None
        return listed.digest if _HASH.fullmatch(listed.digest) else None

    def _read_listed(self) -> dict[str, Listed]:
        """Return what the package says of its files, by their paths."""
        if _PACKAGE not in self._members:
            return {}
        package = self._read(_PACKAGE)
        listed = {found.path: found for found in listed_in(object_in(package) or {})}
        if not listed:
            self._complain(f"{self.shown} has a {_PACKAGE} that lists nothing: do not trust it")
        if _DIGEST in self._members and not self._is_digest_of(package):
            self._complain(
                f"{self.shown} has another {_PACKAGE} than its {_DIGEST} says: do not trust what "
                "it shows"
            )
        return listed

    def _is_digest_of(self, package: bytes) -> bool:
        said = listed_as(_PACKAGE, object_in(self._read(_DIGEST)) or {})
        file = HashedFile(io.BytesIO(package), said.algorithm)
        file.read_on()
        return said.digest is not None and not any(said.differences(file))

    def _read(self, name: str) -> bytes:
        """Return the octets of the file *name*; none if they cannot be had or are too many."""
        member = self._members[name]
        if member.size > _MOST_OCTETS:
            return b""
        try:
            with _opened(member) as file:
                return file.read()
        except DamagedZip:
            return b""  # as good as none, which is told

    def _index_lines(self, member: ZipMember) -> Iterator[bytes]:
        try:
            yield from self._lines(member)
        except (EOFError, zlib.error, gzip.BadGzipFile, DamagedZip) as error:
            raise Unusable(f"its index is damaged ({error})") from error

    def _lines(self, member: ZipMember) -> Iterator[bytes]:
        """Yield the lines of *member*, which is compared with what is said of it."""
        listed = self._listed.get(member.name)
        is_packed = member.name.lower().endswith(".gz")

        def lie(file: HashedFile) -> str | None:
            if listed is not None:
                return listed.lie(file, self.shown)
            if not self._listed:
                return None  # there is no package, or that has been said
            return (
                f"{self.shown} holds {member.name!r}, which its {_PACKAGE} does not list: do not "
                "trust what it shows"
            )

        algorithm = listed.algorithm if listed else None
        with _opened(member) as file:
            yield from vouched_lines(
                file, lie, self._complain, algorithm=algorithm, is_packed=is_packed
            )


def _opened(member: ZipMember) -> BinaryIO:
    try:
        return member.open()
    except OSError as error:
        raise StoreError(f"{member.name} cannot be read: {error.strerror}") from error


def _inflate(member: ZipMember, copy: Path, shown: str) -> None:
    free = shutil.disk_usage(copy.parent).free
    if member.size > free:
        raise ArchiveError(
            f"{shown} is deflated and takes {member.size} octets to inflate, where {copy.parent} "
            f"has {free}: set TMPDIR to a folder with more room"
        )
    with _opened(member) as file, copy.open("xb") as output:
        shutil.copyfileobj(file, output, _COPY)
