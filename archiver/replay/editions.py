"""The editions of an archive that grows while it is looked at.

What was sealed since appears as a new edition with a new address, since a browser keeps what it
has read of an old one. Older editions stay for a while, for the pages that are open.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from threading import Lock

from archiver.errors import ArchiveError
from archiver.places import Place, renewed
from archiver.replay.edition import Edition, edition_of, token_of
from archiver.sources.collection import is_collection
from archiver.sources.part import Complain
from archiver.sources.source import open_source

# A page that is asked for again within so many seconds shows what it showed.
_FRESH_SECONDS = 3.0
_KEPT = 4


class Editions:
    """The editions of the archive at *places*, the latest made when it is asked for.

    For *fresh_seconds* nobody looks whether there is a later one.
    """

    def __init__(
        self, places: Sequence[Place], complain: Complain, *, fresh_seconds: float = _FRESH_SECONDS
    ) -> None:
        self._fresh_seconds = fresh_seconds
        self._places = places
        self._complain = complain
        self._grows = all(map(is_collection, places))
        self._lock = Lock()
        self._kept: list[Edition] = []
        self._said: set[str] = set()
        self._looked_at = 0.0

    def latest(self) -> Edition:
        """Return what the archive is now.

        ArchiveError or OSError where it cannot be read and has never been.
        """
        with self._lock:
            is_fresh = not self._grows or time.monotonic() - self._looked_at < self._fresh_seconds
            if not self._kept or not is_fresh:
                self._look()
                self._looked_at = time.monotonic()
            return self._kept[-1]

    def find(self, token: str) -> Edition | None:
        """Return the edition that *token* stands for; None if it is gone or never was."""
        return next((edition for edition in self._kept if edition.token == token), None)

    def close(self) -> None:
        """Remove what was made for the editions."""
        with self._lock:
            while self._kept:
                self._kept.pop().close()

    def say_once(self, sentence: str) -> None:
        """Complain of what *sentence* says, unless that has been done."""
        if sentence not in self._said:
            self._said.add(sentence)
            self._complain(sentence)

    def _look(self) -> None:
        told: list[str] = []
        try:
            source = open_source(map(renewed, self._places), complain=told.append)
            if self._kept and token_of(source) == self._kept[-1].token:
                source.close()
                return
            edition = edition_of(source, self._places, told)
        except (ArchiveError, OSError) as error:
            if not self._kept:
                raise
            self.say_once(f"what was there before is shown, since now {error}")
            return
        finally:
            for sentence in told:
                self.say_once(sentence)
        self._kept.append(edition)
        while len(self._kept) > _KEPT:
            self._kept.pop(0).close()
