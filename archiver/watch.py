"""When each seed is to be asked again: an interval that follows how often it has something new.

A seed is visited in rounds. Its interval is halved by a round that brings something new and
doubled by one that does not, between ten minutes and thirty days. What is known of a seed
outlives the crawl, beside its frontier, so that a seed that falls silent is noticed.

Times are seconds since the epoch; the clock is the caller's.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from archiver.database import Database
from archiver.errors import ArchiveError

SHORTEST, LONGEST = 600.0, 30 * 86_400.0
_FIRST = 3600.0  # which the first round, as a rule, halves
# A seed is silent when nothing new has come for so many times its longest pause so far, of the
# last _PAUSES; before there have been _ENOUGH of them nobody can tell.
_SILENT, _PAUSES, _ENOUGH = 2.0, 30, 5
_EXACT = 60.0  # seconds to which it is remembered when something new came last

_VERSION = 1
_SCHEMA = f"""
BEGIN IMMEDIATE;
CREATE TABLE seed (
    url TEXT PRIMARY KEY, before REAL NOT NULL, interval REAL NOT NULL,
    begun_at REAL NOT NULL, due_at REAL NOT NULL, has_new INTEGER NOT NULL, new_at REAL,
    pauses TEXT NOT NULL, is_reported INTEGER NOT NULL
) WITHOUT ROWID;
PRAGMA user_version = {_VERSION};
"""
_COLUMNS = "before, interval, begun_at, due_at, has_new, new_at, pauses, is_reported"
_CLEAN = "DELETE FROM seed WHERE 0"


@dataclass(slots=True, kw_only=True)
class _Seed:
    """What is known of a seed: *interval* follows the round begun last, *before* preceded it."""

    before: float = _FIRST
    interval: float = _FIRST
    begun_at: float = 0.0
    due_at: float = 0.0
    has_new: bool = False
    new_at: float | None = None
    pauses: list[float]
    is_reported: bool = False

    @property
    def patience(self) -> float | None:
        """The seconds without anything new after which something is wrong; None if unknown."""
        if len(self.pauses) < _ENOUGH:
            return None
        return max(_SILENT * max(self.pauses), 2 * SHORTEST)


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """That the seed *url* has had nothing new for so many *seconds*; its longest was *usual*."""

    url: str
    seconds: float
    usual: float


class Watch:
    """The rounds of the *seeds*, by their URLs, in the file at *path*, which is made if need be.

    CollectionError when it is damaged or of a newer version; every method raises StoreError
    when it cannot be written.
    """

    def __init__(self, path: Path, seeds: Iterable[str]) -> None:
        self._db = Database(path, sync_every=1)
        try:
            self._db.open(_SCHEMA, version=_VERSION, cache_kib=1024)
            self._seeds = {url: self._read(url) for url in dict.fromkeys(seeds)}
        except ArchiveError:
            self._db.close()
            raise

    def due(self, now: float) -> list[str]:
        """Return the seeds whose next round is due, the one that waits longest first."""
        due = [(seed.due_at, url) for url, seed in self._seeds.items() if seed.due_at <= now]
        return [url for _, url in sorted(due)]

    def next_due_at(self) -> float:
        """Return when the next round of any seed is due."""
        return min(seed.due_at for seed in self._seeds.values())

    def interval(self, url: str) -> float:
        """Return the seconds from the last round of the seed *url* to its next."""
        return self._seeds[url].interval

    def begin(self, url: str, now: float) -> None:
        """Begin a round of the seed *url*, which brings nothing new until `note_new` says so."""
        seed = self._seeds[url]
        seed.before, seed.interval = seed.interval, min(2 * seed.interval, LONGEST)
        seed.begun_at, seed.due_at, seed.has_new = now, now + seed.interval, False
        self._write(url)

    def note_new(self, url: str, now: float) -> None:
        """Take note that the round of the seed *url* has brought something new."""
        seed = self._seeds.get(url)
        if seed is None:
            return  # of a list that has lost this seed since
        if seed.has_new and seed.new_at is not None and now - seed.new_at < _EXACT:
            return  # a write for each page would be one for every few milliseconds
        if seed.new_at is not None and not seed.has_new:
            seed.pauses = [*seed.pauses, now - seed.new_at][-_PAUSES:]
        seed.new_at, seed.is_reported = now, False
        if not seed.has_new:
            seed.has_new = True
            seed.interval = max(seed.before / 2, SHORTEST)
            seed.due_at = seed.begun_at + seed.interval
        self._write(url)

    def note_failed(self, url: str) -> None:
        """Take note that the seed *url* did not come: its interval stays what it was."""
        seed = self._seeds.get(url)
        if seed is not None and not seed.has_new:
            seed.interval = seed.before
            seed.due_at = seed.begun_at + seed.interval
            self._write(url)

    def silent(self, now: float) -> list[Silence]:
        """Return the seeds that have fallen silent, each once until it has something new."""
        found = []
        for url, seed in self._seeds.items():
            patience = seed.patience
            if patience is None or seed.new_at is None or seed.is_reported:
                continue
            if now - seed.new_at > patience:
                found.append(Silence(url=url, seconds=now - seed.new_at, usual=max(seed.pauses)))
                seed.is_reported = True
                self._write(url)
        return found

    def close(self) -> None:
        """Let go of the file. Closing twice is harmless."""
        self._db.close()

    def _read(self, url: str) -> _Seed:
        row = self._db.run(f"SELECT {_COLUMNS} FROM seed WHERE url = ?", url).fetchone()
        if row is None:
            return _Seed(pauses=[])
        before, interval, begun_at, due_at, has_new, new_at, pauses, is_reported = row
        return _Seed(
            before=before,
            interval=interval,
            begun_at=begun_at,
            due_at=due_at,
            has_new=bool(has_new),
            new_at=new_at,
            pauses=json.loads(pauses),
            is_reported=bool(is_reported),
        )

    def _write(self, url: str) -> None:
        seed = self._seeds[url]
        self._db.run(
            f"REPLACE INTO seed (url, {_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            url,
            seed.before,
            seed.interval,
            seed.begun_at,
            seed.due_at,
            seed.has_new,
            seed.new_at,
            json.dumps(seed.pauses),
            seed.is_reported,
        )
        self._db.commit(_CLEAN)
