"""`archiver check`: what to check, what to print, which status to leave with."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TextIO

from archiver.check.collection import CollectionCheck, torn
from archiver.check.fault import Fault, Problem, Severity, unreadable
from archiver.check.warc import WarcCheck
from archiver.errors import ArchiveError

_SUFFIXES = (".warc", ".arc", ".wacz")
_COMPRESSED = (".gz", ".lz4", ".zst", ".zstd", ".open")


class Check:
    """A check of any number of paths; *files* and *records* count what it has read."""

    def __init__(self) -> None:
        self.files = 0
        self.records = 0

    def faults(self, path: Path) -> Iterator[Fault]:
        """Yield what is wrong with *path*: a WARC, a collection, or a folder of either.

        What cannot be read is among it, with the severity `unreadable`.
        """
        try:
            if path.is_dir():
                yield from self._faults_of_folder(path)
            else:
                yield from self._faults_of_file(path)
        except OSError as error:
            yield unreadable(str(path), error)

    def _faults_of_folder(self, path: Path) -> Iterator[Fault]:
        if is_collection(path):
            check = CollectionCheck(path)
            yield from check.faults()
            self.files += check.files
            self.records += check.records
            if not check.files:
                yield unreadable(str(path), "is a collection without anything in it")
            return
        # In the collections of others, such as pywb's, the WARCs lie in `archive/` too.
        folder = path / "archive" if (path / "archive").is_dir() else path
        inside = [
            entry for entry in sorted(folder.iterdir())
            if is_collection(entry) or _is_archive(entry)
        ]  # fmt: skip
        if not inside:
            why = "holds neither manifests/ of a collection nor a WARC file"
            yield unreadable(str(path), why)
        for entry in inside:
            yield from self.faults(entry)

    def _faults_of_file(self, path: Path) -> Iterator[Fault]:
        if path.suffix == ".wacz":
            why = "is a WACZ, which cannot be checked yet: check its WARC files"
            yield unreadable(str(path), why)
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
            except ArchiveError as error:
                yield unreadable(str(path), error)
                return
        self.files += 1
        self.records += check.records.total()


def check_path(path: Path) -> Iterator[Fault]:
    """Yield what is wrong with the WARC, the collection or the folder of either at *path*."""
    return Check().faults(path)


def run_check(paths: Iterable[Path], as_json: bool, out: TextIO) -> int:
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


def is_collection(path: Path) -> bool:
    """Say whether *path* is a collection of ours: something is sealed or a crawl has begun."""
    return (path / "manifests").is_dir() or (path / "crawls").is_dir()


def _is_archive(path: Path) -> bool:
    name = path.name
    while name.endswith(_COMPRESSED):
        name = name.rpartition(".")[0]
    return path.is_file() and name.endswith(_SUFFIXES)
