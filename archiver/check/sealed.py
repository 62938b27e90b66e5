"""Check one sealed stem: its four files against each other and against their manifest.

Each file is read once, and hashed while it is compared; the three small ones once more.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any, BinaryIO

from archiver.check.companions import Companions
from archiver.check.fault import Fault, Problem
from archiver.check.revisits import Originals
from archiver.check.warc import WarcCheck
from archiver.places import Place

_READ = 1 << 20


class SealedCheck:
    """The check of the stem that *manifest*, which lies at *path*, seals in *folder*.

    *originals* are those of the collection. *files* and *records* count what it has read.
    """

    def __init__(
        self, folder: Place, path: Place, manifest: dict[str, Any], originals: Originals
    ) -> None:
        self.files = 0
        self.records = 0
        self._folder = folder
        self._path = path
        self._manifest = manifest
        self._originals = originals
        self._stem = path.name.removesuffix(".json")
        self._warc = f"archive/{self._stem}.warc.gz"
        self._companions = (
            f"indexes/{self._stem}.cdxj",
            f"pages/{self._stem}.jsonl",
            f"text/{self._stem}.jsonl.gz",
        )
        files = manifest.get("files")
        self._described: dict[str, dict[str, Any]] = {
            str(entry.get("path")): entry
            for entry in (files if isinstance(files, list) else ())
            if isinstance(entry, dict)
        }

    def faults(self) -> Iterator[Fault]:
        """Yield what is wrong with the manifest, then with its files."""
        yield from self._faults_of_manifest()
        for name in (self._warc, *self._companions):
            if not (self._folder / name).is_file():
                yield self._fault(Problem("missing-file", f"no {name}", "a file that it seals"))
        for name in self._companions:
            if (self._folder / name).is_file():
                with (self._folder / name).open("rb") as file:
                    yield from self._faults_of_octets(name, HashingFile(file))
        if (self._folder / self._warc).is_file():
            yield from self._faults_of_warc()

    def _faults_of_manifest(self) -> Iterator[Fault]:
        stem = self._manifest.get("stem")
        if stem != self._stem:
            yield self._fault(Problem("manifest", f"stem {stem!r}", f"{self._stem!r} as its name"))
        found, expected = sorted(self._described), sorted((self._warc, *self._companions))
        if found != expected:
            yield self._fault(Problem("manifest", f"files {found}", f"{expected}"))

    def _faults_of_warc(self) -> Iterator[Fault]:
        shown = str(self._folder / self._warc)
        with ExitStack() as stack:
            file = HashingFile(stack.enter_context((self._folder / self._warc).open("rb")))
            companions = Companions(self._folder, self._stem, stack)
            yield from companions.faults_alone()
            check = WarcCheck(
                file,
                shown=shown,
                filename=f"{self._stem}.warc.gz",
                companions=companions,
                originals=self._originals,
            )
            yield from check.faults()
            yield from self._faults_of_octets(self._warc, file)
            self.records += check.records.total()
            if check.damage is None:
                yield from companions.faults_at_the_end()
                yield from self._faults_of_counts(check, companions)

    def _faults_of_counts(self, check: WarcCheck, companions: Companions) -> Iterator[Fault]:
        counts = {"record_counts": dict(sorted(check.records.items())), **companions.counts()}
        for name, count in counts.items():
            if self._manifest.get(name) != count:
                found = f"{name} {self._manifest.get(name)!r}"
                yield self._fault(Problem("counts", found, f"{count!r} as the files hold"))
        for name, date in zip(("first_date", "last_date"), check.dates, strict=True):
            if self._manifest.get(name) != date:
                found = f"{name} {self._manifest.get(name)!r}"
                yield self._fault(Problem("dates", found, f"{date!r} as the WARC holds"))

    def _faults_of_octets(self, name: str, file: HashingFile) -> Iterator[Fault]:
        """Read *file* to its end and compare it with what the manifest says of *name*."""
        self.files += 1
        while file.read(_READ):
            pass
        described = self._described.get(name)
        if described is None:
            return
        for kind, found in (("bytes", file.size), ("sha256", file.sha256)):
            if described.get(kind) != found:
                expected = f"{described.get(kind)!r} as the manifest says"
                problem = Problem("hash", f"{kind} {found!r}", expected)
                yield problem.at(str(self._folder / name))

    def _fault(self, problem: Problem) -> Fault:
        return problem.at(str(self._path))


class HashingFile:
    """A *file* whose octets are counted and hashed as they are read, in order."""

    def __init__(self, file: BinaryIO) -> None:
        self.size = 0
        self._file = file
        self._hasher = hashlib.sha256()

    @property
    def sha256(self) -> str:
        """The digest of what has been read, as a manifest writes it."""
        return self._hasher.hexdigest()

    def read(self, size: int, /) -> bytes:
        """Return the next octets, at most *size*, none at the end."""
        octets = self._file.read(size)
        self.size += len(octets)
        self._hasher.update(octets)
        return octets
