"""`archiver check`: what to check, what to print, which status to leave with."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Protocol, TextIO

from archiver.check.collection import CollectionCheck, torn
from archiver.check.fault import Fault, Problem, Severity, unreadable
from archiver.check.revisits import Originals
from archiver.check.wacz.list import WaczListCheck, listed_at
from archiver.check.wacz.whole import WaczCheck
from archiver.check.warc import WarcCheck
from archiver.errors import ArchiveError, StoreAway, StoreError
from archiver.places import Place

_SUFFIXES = (".warc", ".arc", ".wacz")
_COMPRESSED = (".gz", ".lz4", ".zst", ".zstd", ".open")


class _Counting(Protocol):
    """A check of something larger than a WARC."""

    files: int
    records: int

    def faults(self) -> Iterator[Fault]:
        """Yield what is wrong."""


class Check:
    """A check of any number of paths; *files* and *records* count what it has read."""

    def __init__(self) -> None:
        self.files = 0
        self.records = 0

    def faults(self, path: Place) -> Iterator[Fault]:
        """Yield what is wrong with *path*: a WARC, a WACZ, a collection, or a folder of these.

        What cannot be read is among it, with the severity `unreadable`. Of a store that cannot
        be reached any more nothing else is asked.
        """
        try:
            yield from self._faults(path)
        except StoreAway as error:
            yield unreadable(str(path), error)

    def _faults(self, path: Place) -> Iterator[Fault]:
        try:
            if path.is_dir():
                yield from self._faults_of_folder(path)
            else:
                yield from self._faults_of_file(path)
        except StoreAway:
            raise
        except (OSError, StoreError) as error:
            yield unreadable(str(path), error)

    def _faults_of_folder(self, path: Place) -> Iterator[Fault]:
        if is_collection(path):
            check = CollectionCheck(path)
            yield from self._counted(check)
            if not check.files:
                yield unreadable(str(path), "is a collection without anything in it")
            return
        # In the collections of others, such as pywb's, the WARCs lie in `archive/` too.
        folder = path / "archive" if (path / "archive").is_dir() else path
        inside = _inside(folder)
        if not inside:
            why = "holds neither manifests/ of a collection nor a WARC or WACZ file"
            yield unreadable(str(path), why)
        for entry in inside:
            yield from self._faults(entry)

    def _faults_of_file(self, path: Place) -> Iterator[Fault]:
        if path.suffix == ".wacz":
            originals = Originals()
            yield from self._counted(WaczCheck(path, originals))
            yield from originals.faults()
            return
        if path.suffix == ".json" and listed_at(path) is not None:
            yield from self._counted(WaczListCheck(path))
            return
        if path.suffix == ".torn":
            yield torn(path)
            return
        with path.open("rb") as file:
            if not file.peek(1):
                yield unreadable(str(path), "is empty")
                return
            filename = path.name.removesuffix(".open")
            is_growing = filename != path.name
            check = WarcCheck(file, shown=str(path), filename=filename, is_growing=is_growing)
            if is_growing:
                yield Problem("unfinished", "still being written", "", "note").at(str(path))
            try:
                yield from check.faults()
            except StoreAway:
                raise
            except ArchiveError as error:
                yield unreadable(str(path), error)
                return
        self.files += 1
        self.records += check.records.total()

    def _counted(self, check: _Counting) -> Iterator[Fault]:
        try:
            yield from check.faults()
        finally:
            self.files += check.files
            self.records += check.records


def check_path(path: Place) -> Iterator[Fault]:
    """Yield what is wrong with the WARC, WACZ, collection or folder of these at *path*."""
    return Check().faults(path)


def run_check(paths: Iterable[Place], as_json: bool, out: TextIO) -> int:
    """Check *paths* and print to *out* a line for each fault, and a last one that sums up.

    Return the exit status: 0 sound, 1 faults, 2 something could not be read.
    """
    check = Check()
    found: Counter[Severity] = Counter()
    for path in paths:
        for fault in check.faults(path):
            found[fault.severity] += 1
            print(fault.as_json() if as_json else fault.as_line(), file=out)
    sums = {
        "files": check.files,
        "records": check.records,
        "faults": found["fault"],
        "notes": found["note"],
        "unreadable": found["unreadable"],
    }
    if as_json:
        print(json.dumps(sums), file=out)
    else:
        print(", ".join(f"{count} {name}" for name, count in sums.items()), file=out)
    if found["unreadable"]:
        return 2
    return 1 if found["fault"] else 0


def is_collection(path: Place) -> bool:
    """Say whether *path* is a collection of ours: something is sealed or a crawl has begun."""
    return path.is_dir() and ((path / "manifests").is_dir() or (path / "crawls").is_dir())


def _inside(folder: Place) -> list[Place]:
    """Return what is to be checked in *folder*; what a list there lists comes with the list."""
    entries = sorted(folder.iterdir())
    lists = {
        entry: {listed.path for listed in found}
        for entry in entries
        if entry.suffix == ".json" and entry.is_file() and (found := listed_at(entry)) is not None
    }
    listed = set().union(*lists.values())
    return [
        entry for entry in entries
        if entry in lists or is_collection(entry)
        or (_is_archive(entry) and entry.name not in listed)
    ]  # fmt: skip


def _is_archive(path: Place) -> bool:
    name = path.name
    while name.endswith(_COMPRESSED):
        name = name.rpartition(".")[0]
    return name.endswith(_SUFFIXES) and path.is_file()
