"""The files that are sealed together with a WARC: its index, its pages, its texts."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Protocol

from archiver.check.digests import Reading
from archiver.check.fault import Fault
from archiver.check.index import IndexCheck
from archiver.check.pages import PagesCheck
from archiver.check.texts import TextsCheck
from archiver.places import Place
from archiver.reader import StoredRecord


class Beside(Protocol):
    """What is compared with a WARC in one pass; it may ask that the WARC be one of ours."""

    @property
    def are_of_ours(self) -> bool:
        """Say whether the WARC must be ours."""

    def faults(self, record: StoredRecord, reading: Reading) -> Iterator[Fault]:
        """Yield where this disagrees with *record*, which comes after those before."""


class Companions:
    """The companions of the WARC of *stem* in the collection *folder*, opened on *stack*.

    One that is missing is left out of all comparisons.
    """

    are_of_ours = True

    def __init__(self, folder: Place, stem: str, stack: ExitStack) -> None:
        self._index: IndexCheck | None = None
        self._pages: PagesCheck | None = None
        self._texts: TextsCheck | None = None
        filename = f"{stem}.warc.gz"
        path = folder / "indexes" / f"{stem}.cdxj"
        if path.is_file():
            self._index = IndexCheck(stack.enter_context(path.open("rb")), str(path), filename)
        path = folder / "pages" / f"{stem}.jsonl"
        if path.is_file():
            self._pages = PagesCheck(stack.enter_context(path.open("rb")), str(path))
        path = folder / "text" / f"{stem}.jsonl.gz"
        if path.is_file():
            zipped = stack.enter_context(path.open("rb"))
            gunzipped = stack.enter_context(gzip.GzipFile(fileobj=zipped))
            self._texts = TextsCheck(gunzipped, str(path), filename)

    def faults_alone(self) -> Iterator[Fault]:
        """Yield what is wrong with each in itself. To be asked before all else."""
        if self._index is not None:
            yield from self._index.faults_alone()
        if self._pages is not None:
            yield from self._pages.faults_alone()

    def faults(self, record: StoredRecord, reading: Reading) -> Iterator[Fault]:
        """Yield where they disagree with *record*, which comes after those before."""
        if self._index is not None:
            yield from self._index.faults(record, reading)
        if self._pages is not None:
            yield from self._pages.faults(record, reading)
        if self._texts is not None:
            yield from self._texts.faults(record, reading, self._pages)

    def faults_at_the_end(self) -> Iterator[Fault]:
        """Yield what they hold and no record has asked for."""
        for companion in (self._index, self._pages, self._texts):
            if companion is not None:
                yield from companion.faults_at_the_end()

    def counts(self) -> dict[str, int]:
        """Return what a manifest counts of them. To be asked after all else."""
        counts = {}
        if self._pages is not None:
            counts["page_count"] = self._pages.count
        if self._texts is not None:
            counts["text_count"] = self._texts.count
        return counts
