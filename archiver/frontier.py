"""What a crawl has still to fetch and what it has seen, in a file that survives every kill.

A request is queued, then leased (handed out), then done. Its row and the mark that it was
seen are written in one transaction, and so is everything between two commits: a process that
dies leaves the state of its last commit, never half of one. The archive is the truth and may
be ahead of this file; leases of a dead process are taken back when the file is opened again.

Requests come packed, as bytes: this module does not know what they are.
"""

from __future__ import annotations

import sqlite3
from collections import OrderedDict
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from archiver.capture import Location
from archiver.database import Database, refusal, remove, version_of
from archiver.errors import ArchiveError

_VERSION = 1
_QUEUED, _LEASED, _DONE = 0, 1, 2

# A lease's number is part of its children's keys, so AUTOINCREMENT: never given twice. The
# index `held` is small: at any time few requests are leased, or done and yet unsealed.
_SCHEMA = f"""
BEGIN IMMEDIATE;
CREATE TABLE about (started_at TEXT NOT NULL);
CREATE TABLE seen (key BLOB PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE asked (key BLOB PRIMARY KEY, times INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE request (
    id INTEGER PRIMARY KEY AUTOINCREMENT, slot TEXT NOT NULL, priority INTEGER NOT NULL,
    state INTEGER NOT NULL, key BLOB, packed BLOB NOT NULL,
    filename TEXT, start INTEGER, record_id TEXT
);
CREATE INDEX queued ON request (slot, priority DESC, id) WHERE state = {_QUEUED};
CREATE INDEX held ON request (state, filename) WHERE state > {_QUEUED};
PRAGMA user_version = {_VERSION};
"""
_IS_DONE = f"state > {_QUEUED} AND state = {_DONE}"  # the first half names the index `held`
_IS_LEASED = f"state > {_QUEUED} AND state = {_LEASED}"
_NEXT = (
    f"SELECT id, key, packed FROM request WHERE state = {_QUEUED} AND slot = ? "
    "ORDER BY priority DESC, id LIMIT 1"
)
_ADD = f"INSERT INTO request (slot, priority, state, key, packed) VALUES (?, ?, {_QUEUED}, ?, ?)"
_FINISH = (
    f"UPDATE request SET state = {_DONE}, filename = ?, start = ?, record_id = ? WHERE id = ?"
)
_REQUEUE = f"UPDATE request SET state = {_QUEUED}, filename = NULL, start = NULL, record_id = NULL"
_ASK = "INSERT INTO asked VALUES (?, 0) ON CONFLICT (key) DO UPDATE SET times = times + 1"
_COUNT = f"SELECT slot, count(*) FROM request WHERE state = {_QUEUED} GROUP BY slot"
_CACHE_KIB = 16 * 1024
_MOST = 2**63 - 1  # what SQLite's integers hold


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """A request that was handed out, the number to finish it by, and the key it was seen under."""

    id: int
    slot: str
    key: bytes | None
    packed: bytes


class Frontier:
    """The frontier of one job, in the file *path*; one process at a time may open it.

    *started_at* is when the job first began: the argument counts for a new file only.
    *is_resumed* says that the file was there. Each commit survives a kill, and every
    *sync_every*-th a power cut too. CollectionError where the file is damaged or of a newer
    version, StoreError where it cannot be read or written; after either nothing is committed.
    """

    def __init__(self, path: Path, *, started_at: datetime, sync_every: int = 1) -> None:
        self.path = path
        self.leased = 0
        self._queued = 0
        self._waiting: OrderedDict[str, int] = OrderedDict()  # slots, whose turn it is first
        self._held: dict[str, int] = {}  # slots that have no turn
        self._db = Database(path, sync_every=sync_every)
        self._run = self._db.run
        try:
            self._open(started_at)
            self._count()
        except ArchiveError:
            self._db.close()
            raise

    def __len__(self) -> int:
        """Return how many requests are queued."""
        return self._queued

    def take_back(self, is_kept: Callable[[str, int], bool]) -> int:
        """Queue again what was leased, and what was done but whose record is not *is_kept*.

        *is_kept* is asked by file name and offset. Return how many came back.
        """
        done = self._run(f"SELECT id, filename, start FROM request WHERE {_IS_DONE}")
        lost = [(id,) for id, filename, start in done if not is_kept(filename, start)]
        for lost_id in lost:
            self._run(f"{_REQUEUE} WHERE id = ?", *lost_id)
        back = self._run(f"{_REQUEUE} WHERE {_IS_LEASED}").rowcount
        self.commit()
        self._count()
        return len(lost) + back

    def add(self, packed: bytes, *, slot: str, priority: int, key: bytes | None) -> int | None:
        """Queue a request and return the number that its lease will have.

        None, and nothing is queued, where *key* was seen. A key that is None never was.
        """
        if key is not None and not self.see(key):
            return None
        row = self._run(_ADD, slot, min(max(priority, -_MOST), _MOST), key, packed)
        self._wait(slot)
        return row.lastrowid

    def see(self, key: bytes) -> bool:
        """Note that *key* was seen; return whether it was not before."""
        return bool(self._run("INSERT OR IGNORE INTO seen VALUES (?)", key).rowcount)

    def has_seen(self, key: bytes) -> bool:
        """Say whether *key* was seen."""
        return self._run("SELECT 1 FROM seen WHERE key = ?", key).fetchone() is not None

    def ordinal(self, key: bytes) -> int:
        """Return how often *key* was asked about before, since the file was opened."""
        self._run(_ASK, key)
        times: int = self._run("SELECT times FROM asked WHERE key = ?", key).fetchone()[0]
        return times

    def hold(self, slot: str) -> None:
        """Hand out no request of *slot* before it is released."""
        self._held.setdefault(slot, self._waiting.pop(slot, 0))

    def release(self, slot: str) -> None:
        """Let *slot*, which was held, take turns with the others again."""
        if count := self._held.pop(slot, 0):
            self._waiting[slot] = count

    def lease(self, active: Callable[[str], int | None]) -> Lease | None:
        """Hand out the next request, None if none is queued that may be handed out now.

        It is of the slot with the fewest *active* downloads, slots taking turns, and of none
        of which that is None; within a slot the highest priority comes first, and then the
        oldest.
        """
        slot = self._next_slot(active)
        if slot is None:
            return None
        row = self._run(_NEXT, slot).fetchone()
        if row is None:
            raise self._db.refuse(sqlite3.DatabaseError(f"no request of {slot!r} is to be found"))
        self._run(f"UPDATE request SET state = {_LEASED} WHERE id = ?", row[0])
        self._queued -= 1
        self.leased += 1
        self._waiting[slot] -= 1
        self._waiting.move_to_end(slot)
        if not self._waiting[slot]:
            del self._waiting[slot]
        return Lease(id=row[0], slot=slot, key=row[1], packed=row[2])

    def put_back(self, lease: Lease) -> None:
        """Queue the request of *lease* as if it had not been handed out."""
        self._run(f"UPDATE request SET state = {_QUEUED} WHERE id = ?", lease.id)
        self._wait(lease.slot)
        self.leased -= 1

    def finish(self, lease_id: int, place: Location | None, record_id: str | None = None) -> None:
        """Mark a lease as done. *place* is the last record written for it, if any was.

        *record_id* is the WARC-Record-ID of its response. What has a place stays until
        `forget`: its record may turn out to be lost, and the request be wanted again.
        """
        if place is None:
            self._run("DELETE FROM request WHERE id = ?", lease_id)
        else:
            self._run(_FINISH, place.filename, place.offset, record_id, lease_id)
        self.leased -= 1

    def forget(self, is_sealed: Callable[[str], bool]) -> None:
        """Delete what is done and lies in a WARC that *is_sealed*; its key stays seen."""
        names = self._run(f"SELECT DISTINCT filename FROM request WHERE {_IS_DONE}").fetchall()
        for (filename,) in names:
            if is_sealed(filename):
                self._run(f"DELETE FROM request WHERE {_IS_DONE} AND filename = ?", filename)

    def commit(self) -> bool:
        """Make everything since the last commit outlive this process, all of it or nothing.

        Return whether all that was ever committed outlives a power cut as well.
        """
        return self._db.commit("UPDATE about SET started_at = started_at")

    def close(self) -> None:
        """Close the file; what was not committed is undone. Twice is harmless."""
        self._db.close()

    def remove(self) -> None:
        """Close and delete the file: the job is finished."""
        self.close()
        remove(self.path)

    def _open(self, started_at: datetime) -> None:
        is_new = self._db.open(_SCHEMA, version=_VERSION, cache_kib=_CACHE_KIB)
        self.is_resumed = not is_new
        if is_new:
            self._run("INSERT INTO about VALUES (?)", started_at.isoformat())
            self.commit()  # the schema, its version and the date, or none of them
        self._run("DELETE FROM asked")
        row = self._run("SELECT started_at FROM about").fetchone()
        self.started_at = datetime.fromisoformat(row[0])

    def _count(self) -> None:
        slots: Iterable[tuple[str, int]] = self._run(_COUNT)
        self._waiting = OrderedDict(slots)
        self._queued = sum(self._waiting.values())
        leased = self._run(f"SELECT count(*) FROM request WHERE {_IS_LEASED}")
        self.leased = leased.fetchone()[0]

    def _wait(self, slot: str) -> None:
        waiting = self._held if slot in self._held else self._waiting
        waiting[slot] = waiting.get(slot, 0) + 1
        self._queued += 1

    def _next_slot(self, active: Callable[[str], int | None]) -> str | None:
        """Return the slot whose turn it is; look at no more slots than are busy, and one."""
        best, least = None, 0
        for slot in self._waiting:
            count = active(slot)
            if count == 0:
                return slot
            if count is not None and (best is None or count < least):
                best, least = slot, count
        return best


def done_records(path: Path, filename: str) -> dict[str, int]:
    """Return which responses in the WARC *filename* are done, by their WARC-Record-IDs.

    Of each, the offset of the last record that was written for its request. *path* is a
    frontier that nobody has open, or that was never made.
    """
    query = (
        f"SELECT record_id, start FROM request WHERE {_IS_DONE} AND filename = ? "
        "AND record_id IS NOT NULL"
    )
    return dict(_read(path, query, filename))


def begun_at(path: Path) -> datetime | None:
    """Return when the job of the frontier at *path* first began, None if it was never made."""
    rows = _read(path, "SELECT started_at FROM about")
    return datetime.fromisoformat(rows[0][0]) if rows else None


def _read(path: Path, query: str, *values: object) -> list[Any]:  # Any: rows of *query*
    if not path.exists():
        return []
    try:
        # Not read-only: a kill may have left a journal, which whoever opens it next rolls back.
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True)) as db:
            if not version_of(db, path, newest=_VERSION):
                return []
            return db.execute(query, values).fetchall()
    except sqlite3.Error as error:
        raise refusal(path, error) from error
