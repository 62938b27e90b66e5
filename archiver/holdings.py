"""What a collection holds already, as its writer asks for it and adds to it.

Without a memory nothing is known and nothing is remembered.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import BinaryIO

from archiver.capture import Location, Original, Page
from archiver.errors import DamagedRecord
from archiver.head import Head
from archiver.memory import Memory
from archiver.options import Dedup
from archiver.reader import read_records
from archiver.records import Record

logger = logging.getLogger(__name__)


class Holdings:
    """What *memory* knows; *dedup* says which payloads are stored once.

    *opened* opens a WARC of the collection by its name, growing or sealed.
    """

    def __init__(
        self, memory: Memory | None, dedup: Dedup, opened: Callable[[str], BinaryIO]
    ) -> None:
        self._memory = memory
        self._dedup = dedup
        self._opened = opened

    def has_past(self) -> bool:
        """Say whether any sealed WARC is remembered."""
        return self._memory is not None and bool(self._memory.known())

    def original(self, record_id: str) -> Original | None:
        """Return the response *record_id*, to which a revisit refers, if it is remembered."""
        return self._memory.by_record(record_id) if self._memory is not None else None

    def payload_of(self, record_id: str) -> Original | None:
        """Return the response that has the payload of *record_id*, itself as a rule, or None."""
        return self._memory.by_payload_of(record_id) if self._memory is not None else None

    def last_answer(
        self, target: str, *, before: datetime, growing: str | None
    ) -> Original | None:
        """Return what a request for *target* can be made conditional on, from *before*.

        It lies in a sealed WARC, or in *growing*, the one into which a revisit would go.
        """
        if self._memory is None:
            return None
        return self._memory.by_target(target, before=before, growing=growing)

    def has_page(self, url: str, *, before: datetime) -> bool:
        """Say whether *url* was, *before* that moment, a page of a WARC that is sealed."""
        return self._memory is not None and self._memory.has_page(url, before=before)

    def repeated(self, target: str, growing: str) -> Callable[[str, Head], Original | None] | None:
        """Return what knows of a capture of *target*, into *growing*, what it repeats.

        It is given the payload digest and the head. None where nothing is stored once.
        """
        if self._memory is None or self._dedup == "off":
            return None
        return partial(self._repeated, self._memory, target, growing)

    def learn(self, filename: str) -> None:
        """Remember the growing WARC *filename* anew, which was mended."""
        if self._memory is not None:
            self._learn(self._memory, filename)

    def learn_sealed(self, listed: Callable[[], set[str]]) -> None:
        """Remember those of the sealed WARCs, as they are *listed*, that are unknown.

        They are those of other machines, or all when the memory was lost. What follows damage
        in one stays unknown, and would be stored again. What is gone is forgotten.
        """
        memory = self._memory
        if memory is None:
            return
        known = memory.known()  # before they are listed: others may be sealing meanwhile
        sealed = listed()
        for filename in known - sealed:
            memory.forget(filename)
        if unknown := sorted(sealed - known):
            logger.info("Learning what %d WARCs of the collection hold", len(unknown))
        for filename in unknown:
            try:
                self._learn(memory, filename)
            except DamagedRecord as damage:
                logger.warning("What follows is not known, and may be stored again: %s", damage)
            memory.sealed(filename)

    def forget(self, filename: str) -> None:
        """Forget the WARC *filename*, which cannot be read any more."""
        if self._memory is not None:
            self._memory.forget(filename)

    def note(self, record: Record, location: Location) -> None:
        """Remember *record*, the first of a capture, which lies at *location*."""
        if self._memory is not None:
            self._memory.note(record, location)

    def note_page(self, page: Page, *, is_read: bool) -> None:
        """Remember that *page* is on disk and, where it *is_read*, its text if it has one."""
        if self._memory is not None:
            self._memory.note_page(page.record_id, _urls_of(page), is_read=is_read)

    def note_read(self, page: Page) -> None:
        """Remember that somebody has looked at *page*, which is none, or known already."""
        if self._memory is not None:
            self._memory.note_read(page.record_id, _urls_of(page))

    def sealed(self, filename: str) -> None:
        """Remember that the WARC *filename* is sealed: others may refer to what it holds."""
        if self._memory is not None:
            self._memory.sealed(filename)

    def commit(self) -> None:
        """Write down what was noted."""
        if self._memory is not None:
            self._memory.commit()

    def close(self) -> None:
        """Write down what was noted and let go. Closing twice is harmless."""
        if self._memory is not None:
            self._memory.close()

    def _repeated(
        self, memory: Memory, target: str, growing: str, digest: str, head: Head
    ) -> Original | None:
        same = target if self._dedup == "url" else None
        return memory.by_payload(digest, same, growing=growing)

    def _learn(self, memory: Memory, filename: str) -> None:
        with self._opened(filename) as file:
            memory.learn(filename, read_records(file, filename), is_sealed=False)


def _urls_of(page: Page) -> list[str]:
    """Return the URLs that lead to *page*."""
    return [url for url in (page.target, page.url_requested, page.canonical) if url]
