"""The files in a WACZ: each is read once, hashed while it is judged as what it is."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from archiver.check.fault import Fault, Problem, Severity, unreadable
from archiver.check.revisits import Originals
from archiver.check.wacz.blocks import BlocksCheck
from archiver.check.wacz.index import WaczIndexes
from archiver.check.wacz.package import PackageCheck
from archiver.check.wacz.pages import WaczPagesCheck
from archiver.check.warc import WarcCheck
from archiver.octets import UnreadableFormat
from archiver.sources.listed import HashedFile
from archiver.wacz.package import DIGEST, PACKAGE
from archiver.zipped import DamagedZip, Zip, ZipMember

PAGES = "pages/pages.jsonl"

_INDEXES = (".cdx", ".cdxj", ".cdx.gz", ".cdxj.gz")

_Judge = Callable[[ZipMember, HashedFile], Iterator[Fault]]


class MembersCheck:
    """The check of the files of *archive*, called *shown*; what it needs lies in *folder*.

    *files* and *records* count what it has read. One that *is_part* of several may have no
    page.
    """

    def __init__(
        self,
        archive: Zip,
        package: PackageCheck,
        shown: str,
        originals: Originals,
        folder: Path,
        *,
        is_part: bool = False,
    ) -> None:
        self.files = 0
        self.records = 0
        self._is_part = is_part
        self._page_count = 0
        self._has_main = False
        self._archive = archive
        self._package = package
        self._shown = shown
        self._originals = originals
        warcs = [_filename(name) for name in archive.members if name.startswith("archive/")]
        self._indexes = WaczIndexes(folder, shown, warcs)

    def faults(self) -> Iterator[Fault]:
        """Yield what is wrong in the files, and where it is not what the package says."""
        # Each of these needs what those before it have read.
        judges: list[tuple[Callable[[str], bool], _Judge]] = [
            (is_index, self._index),
            (lambda name: name.startswith("indexes/") and name.endswith(".idx"), self._blocks),
            (lambda name: name.startswith("pages/") and name.endswith(".jsonl"), self._pages),
            (lambda name: name.startswith("archive/"), self._warc),
            (lambda name: True, _nothing),
        ]
        left = dict(self._archive.members)
        for name in (PACKAGE, DIGEST):
            left.pop(name, None)  # has been read
        for is_meant, judge in judges:
            for name in list(filter(is_meant, left)):
                yield from self._faults_of(left.pop(name), judge)
        yield from self._faults_of_pages()

    def _faults_of(self, member: ZipMember, judge: _Judge) -> Iterator[Fault]:
        """Read *member* once, as *judge* does it; compare it with what is said of it."""
        shown = self._shown_of(member)
        listed = self._package.listed.get(member.name)
        self.files += 1
        try:
            with member.open() as opened:
                file = HashedFile(opened, listed.algorithm if listed else None)
                yield from judge(member, file)
                file.read_on()
        except DamagedZip as error:
            yield Problem("zip", error.problem, "what its directory says").at(shown)
            return
        if member.is_stored and file.crc32 != member.crc32:
            expected = f"{member.crc32:08x} as the ZIP says"
            yield Problem("zip", f"checksum {file.crc32:08x}", expected).at(shown)
        for found, expected in listed.differences(file) if listed else ():
            yield Problem("hash", found, f"{expected} as {PACKAGE} says").at(shown)

    def _index(self, member: ZipMember, file: HashedFile) -> Iterator[Fault]:
        with _buffered(file) as lines:
            yield from self._indexes.take(member.name, lines, member.size)

    def _blocks(self, member: ZipMember, file: HashedFile) -> Iterator[Fault]:
        with _buffered(file) as lines:
            check = BlocksCheck(self._archive, member.name, self._shown_of(member))
            yield from check.faults(lines)

    def _pages(self, member: ZipMember, file: HashedFile) -> Iterator[Fault]:
        with _buffered(file) as lines:
            check = WaczPagesCheck(
                self._indexes,
                self._shown_of(member),
                main=self._package.main_page,
                is_ours=self._package.is_ours,
            )
            yield from check.faults(lines)
        self._page_count += check.count
        self._has_main = self._has_main or check.has_main

    def _faults_of_pages(self) -> Iterator[Fault]:
        """Yield what all page lists lack together."""
        if PAGES not in self._archive.members:
            return  # which has been said
        if not self._page_count:
            is_needed = self._indexes.has_document and not self._is_part
            severity: Severity = "fault" if is_needed else "note"
            problem = Problem("page", "no page", "at least one to begin with", severity)
            yield problem.at(f"{self._shown}/{PAGES}")
        main = self._package.main_page
        if main is not None and not self._has_main:
            lesser: Severity = "fault" if self._package.is_ours else "note"
            problem = Problem("page", f"mainPageUrl {main!r}", "one of its pages", lesser)
            yield problem.at(f"{self._shown}/{PACKAGE}")

    def _warc(self, member: ZipMember, file: HashedFile) -> Iterator[Fault]:
        shown, filename = self._shown_of(member), _filename(member.name)
        if not member.size:
            yield Problem("damaged", "is empty", "records").at(shown)
        with self._indexes.of(filename) as lines:
            check = WarcCheck(
                file,
                shown=shown,
                filename=filename,
                companions=lines,
                originals=self._originals,
            )
            try:
                yield from check.faults()
            except UnreadableFormat as error:
                yield unreadable(shown, error)
                return
            finally:
                self.records += check.records.total()
            if check.damage is None and lines is not None:
                yield from lines.faults_at_the_end()

    def _shown_of(self, member: ZipMember) -> str:
        return f"{self._shown}/{member.name}"


def is_index(name: str) -> bool:
    """Say whether the file *name* of a WACZ is one of its indexes, as lines of CDXJ."""
    return name.startswith("indexes/") and name.endswith(_INDEXES)


def _filename(name: str) -> str:
    """Return what index lines call the WARC *name*."""
    return name.removeprefix("archive/")


@contextmanager
def _buffered(file: HashedFile) -> Iterator[BinaryIO]:
    """Give the lines of *file*, which stays open."""
    reader = io.BufferedReader(file)
    try:
        yield cast("BinaryIO", reader)
    finally:
        reader.detach()


def _nothing(member: ZipMember, file: HashedFile) -> Iterator[Fault]:
    """Yield nothing: of what we know nothing about, the hash is all that is checked."""
    yield from ()
