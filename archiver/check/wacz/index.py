"""The indexes of a WACZ: read once, and put on a disk line by line, a file for each WARC.

Only a limited number of lines stand in memory, where they wait to be written.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO, Literal
from urllib.parse import urlsplit

from archiver.cdxj import DamagedIndexLine, IndexEntry, parse_line
from archiver.check.digests import Reading
from archiver.check.fault import Fault, Problem
from archiver.check.index import IndexCheck
from archiver.check.ours import OurRecords
from archiver.lookup import Index
from archiver.reader import StoredRecord

_LONGEST_LINE = 4 << 20
_MOST_WAITING = 16 << 20
# An index hardly shrinks to a hundredth; what does is there to fill a disk.
_MOST_FOLD = 100
_LEAST_LIMIT = 64 << 20
_DOCUMENTS = ("text/html", "application/xhtml+xml")

Finding = Literal["capture", "twin", "other time", "other url", "nothing"]


class WaczIndexes:
    """The indexes of the WACZ called *shown* over the WARCs *filenames*, kept in *folder*.

    *has_document* says whether they list an HTML document that was there to be seen.
    """

    def __init__(self, folder: Path, shown: str, filenames: Iterable[str]) -> None:
        self.has_document = False
        self._folder = folder
        self._shown = shown
        self._paths = {
            filename: folder / f"{number}.cdxj" for number, filename in enumerate(filenames)
        }
        self._wholes: dict[str, Index] = {}
        self._waiting: dict[str, list[bytes]] = {}
        self._waiting_size = 0
        self._are_sound = True

    def take(self, name: str, file: BinaryIO, size: int) -> Iterator[Fault]:
        """Read the index *name*, of *size* octets, from *file*; yield its faults in itself."""
        shown, is_packed = f"{self._shown}/{name}", name.endswith(".gz")
        self._wholes[name] = Index(self._folder / f"whole-{len(self._wholes)}.cdxj")
        place, before = 0, b""
        with self._wholes[name].path.open("wb") as whole:
            try:
                for line in _lines(file, size, is_packed=is_packed):
                    for problem in self._problems_of(line, before):
                        self._are_sound = False
                        yield problem.at(shown, None if is_packed else place)
                    whole.write(line)
                    place += len(line)
                    before = line
            except (gzip.BadGzipFile, EOFError, zlib.error) as error:
                self._are_sound = False
                yield Problem("index", f"cannot be unpacked ({error})", "gzip").at(shown)
        self._write_waiting()

    @contextmanager
    def of(self, filename: str) -> Iterator[LinesOfWarc | None]:
        """Give the lines about the WARC *filename*, None if there is no index at all.

        To be asked after all indexes are taken.
        """
        if not self._wholes:
            yield None
            return
        path = self._paths[filename]
        path.touch()
        shown = next(iter(self._wholes)) if len(self._wholes) == 1 else "indexes"
        with path.open("rb") as file:
            yield LinesOfWarc(file, f"{self._shown}/{shown}", filename)

    def find(self, url: str, timestamp: str) -> Finding:
        """Say what is known of *url* as of *timestamp*; without sound indexes, the best.

        A twin is one that is filed under the same key and differs in what hardly matters, as
        http and https do; another URL may be filed there, too.
        """
        if not self._are_sound or not self._wholes:
            return "capture"
        times: dict[Finding, set[str]] = {"capture": set(), "twin": set(), "other url": set()}
        for whole in self._wholes.values():
            for entry in whole.captures(url):
                times[_relation(url, entry.url)].add(entry.timestamp)
        if timestamp in times["capture"]:
            return "capture"
        if timestamp in times["twin"]:
            return "twin"
        if times["capture"] or times["twin"]:
            return "other time"
        return "other url" if times["other url"] else "nothing"

    def _problems_of(self, line: bytes, before: bytes) -> Iterator[Problem]:
        """Yield what is wrong with *line*, which comes after *before*; keep it if it is a line."""
        if line < before:
            expected = "lines in the order of their bytes"
            yield Problem("index", f"{line[:80]!r} after {before[:80]!r}", expected)
        if not line.endswith(b"\n"):
            yield Problem("index", f"{line[-40:]!r} at the end", "a line end")
        try:
            entry = parse_line(line)
        except DamagedIndexLine as error:
            yield Problem("index", f"{error.problem}: {line[:80]!r}", "a line of CDXJ")
            return
        filename = entry.location.filename
        self.has_document = self.has_document or _is_document(entry)
        if filename not in self._paths:
            yield Problem("index", f"filename {filename!r}", "that of a file in archive/")
            return
        self._waiting.setdefault(filename, []).append(line)
        self._waiting_size += len(line)
        if self._waiting_size > _MOST_WAITING:
            self._write_waiting()

    def _write_waiting(self) -> None:
        for filename, lines in self._waiting.items():
            with self._paths[filename].open("ab") as file:
                file.writelines(lines)
        self._waiting = {}
        self._waiting_size = 0


class LinesOfWarc:
    """The lines in *file* about one WARC, in the order of their index, compared with it."""

    are_of_ours = False

    def __init__(self, file: BinaryIO, shown: str, filename: str) -> None:
        self._index = IndexCheck(file, shown, filename)
        self._is_begun = False
        for _ in self._index.faults_alone():
            pass  # what is wrong with a line by itself has been said where it stands

    def faults(self, record: StoredRecord, reading: Reading) -> Iterator[Fault]:
        """Yield where the lines disagree with *record*, which comes after those before."""
        if not self._is_begun:
            self._is_begun = True
            self._index.is_ours = OurRecords.begun_by(record, reading, "", None) is not None
        yield from _unplaced(self._index.faults(record, reading))

    def faults_at_the_end(self) -> Iterator[Fault]:
        """Yield the lines for which no record has come."""
        yield from _unplaced(self._index.faults_at_the_end())


def _is_document(entry: IndexEntry) -> bool:
    return entry.status == 200 and (entry.mime or "").lower() in _DOCUMENTS


def _relation(url: str, indexed: str) -> Finding:
    """Return what *url* is to the *indexed* one that has the same key."""
    if url.replace(" ", "%20") == indexed.replace(" ", "%20"):
        return "capture"
    try:
        parts = urlsplit(url), urlsplit(indexed)
    except ValueError:
        return "other url"
    are_of_the_web = all(part.scheme in ("http", "https") for part in parts)
    # A key has no credentials, behind which a host may look like another one.
    credentials = {part.netloc.rpartition("@")[0] for part in parts}
    return "twin" if are_of_the_web and len(credentials) == 1 else "other url"


def _unplaced(faults: Iterable[Fault]) -> Iterator[Fault]:
    """Yield *faults* without their offsets, which are those in a file of ours."""
    for fault in faults:
        yield replace(fault, offset=None)


def _lines(file: BinaryIO, size: int, *, is_packed: bool) -> Iterator[bytes]:
    """Yield the lines of *file*, of *size* octets. BadGzipFile if they are beyond belief."""
    unpacked = gzip.GzipFile(fileobj=file) if is_packed else file
    left = max(_LEAST_LIMIT, _MOST_FOLD * size)
    for line in iter(lambda: unpacked.readline(_LONGEST_LINE), b""):
        left -= len(line)
        if left < 0:
            raise gzip.BadGzipFile(f"{size} octets become more than {_MOST_FOLD} times as many")
        yield line
