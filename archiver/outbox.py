"""The outbox: what of a collection its bucket has still to get, durably, in SQLite.

What is sent together is a parcel: the files of a stem, entered in one transaction once its
manifest is on the local disk, or the log of a crawl. A file leaves when its object has been
proven equal. Any number of processes enter parcels; one at a time sends them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import RLock

from archiver.database import begin_wal, open_private, refusal, version_of

_VERSION = 1
# A file is waiting while the version of it that was sent is not the last one entered.
_SCHEMA = (
    "CREATE TABLE IF NOT EXISTS files (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE,"
    " parcel TEXT NOT NULL, bytes INTEGER NOT NULL, sha256 TEXT, is_kept INTEGER NOT NULL,"
    " version INTEGER NOT NULL DEFAULT 1, sent INTEGER NOT NULL DEFAULT 0,"
    " tries INTEGER NOT NULL DEFAULT 0, problem TEXT)",
    "CREATE INDEX IF NOT EXISTS waiting ON files (parcel) WHERE sent < version",
    "CREATE INDEX IF NOT EXISTS queued ON files (id) WHERE sent < version AND problem IS NULL",
    f"PRAGMA user_version = {_VERSION}",
)
_BUSY_SECONDS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A file in the outbox by its *name* in the store; *size* in octets.

    *sha256* is None for the log of a crawl, which may change. *is_kept* says that the local
    file is to stay. *tries* counts how often it was tried to send it.
    """

    name: str
    size: int
    sha256: str | None
    is_kept: bool = False
    version: int = 1
    tries: int = 0

    @property
    def may_change(self) -> bool:
        """Say whether a later version of the file takes the place of an earlier one."""
        return self.sha256 is None


@dataclass(frozen=True, slots=True)
class Parcel:
    """What is sent together: those of its *files* that are not sent yet, the commit last."""

    name: str
    files: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Left:
    """What is still to be sent, in *files* and *octets*, and what of it was given up, and why."""

    files: int = 0
    octets: int = 0
    given_up: int = 0
    given_up_octets: int = 0
    problem: str | None = None


class Outbox:
    """The outbox in the file *path*, to be used by any thread.

    CollectionError where the file is damaged or newer, StoreError where it cannot be read or
    written; so for every method.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._turn = RLock()
        with self._translated():
            self._db = open_private(path, any_thread=True)
            try:
                self._prepare()
            except BaseException:
                self._db.close()
                raise

    def enter(self, parcel: str, files: Sequence[Entry]) -> None:
        """Enter *files* as *parcel*, all or none and durably; what is known already stays."""
        rows = [(e.name, parcel, e.size, e.sha256, e.is_kept) for e in files]
        with self._alone():
            self._db.executemany(
                "INSERT OR IGNORE INTO files (name, parcel, bytes, sha256, is_kept)"
                " VALUES (?, ?, ?, ?, ?)",
                rows,
            )

    def renew(self, name: str, size: int) -> None:
        """Enter the file *name*, of a parcel of its own, or a new version of it."""
        with self._alone():
            self._db.execute(
                "INSERT INTO files (name, parcel, bytes, is_kept) VALUES (?1, ?1, ?2, 1)"
                " ON CONFLICT (name) DO UPDATE SET version = version + 1, bytes = ?2",
                (name, size),
            )

    def next_parcel(self, but: Collection[str] = ()) -> Parcel | None:
        """Return the parcel that has waited longest, of those that are none of *but*."""
        query = "SELECT parcel FROM files WHERE sent < version AND problem IS NULL ORDER BY id"
        with self._translated():
            for (name,) in self._db.execute(query):
                if name not in but:
                    return Parcel(name, tuple(self._entries(name)))
        return None

    def files_of(self, parcel: Parcel) -> list[Entry]:
        """Return all files of *parcel*, those that are sent with the others."""
        with self._translated():
            return list(self._entries(parcel.name, least=0))

    def trying(self, parcel: Parcel) -> None:
        """Note that *parcel* is about to be sent: from now on its objects may be there."""
        with self._alone():
            self._db.execute(
                "UPDATE files SET tries = tries + 1 WHERE parcel = ? AND sent < version",
                (parcel.name,),
            )

    def sent(self, entries: Iterable[Entry]) -> None:
        """Note, durably and at once, that the objects of *entries* have been proven equal."""
        with self._alone():
            self._db.executemany(
                "UPDATE files SET sent = ?, problem = NULL WHERE name = ?",
                [(entry.version, entry.name) for entry in entries],
            )

    def give_up(self, parcel: Parcel, why: str) -> None:
        """Try *parcel* no more until `try_again`, because of what the sentence *why* says."""
        with self._alone():
            self._db.execute(
                "UPDATE files SET problem = ? WHERE parcel = ? AND sent < version",
                (why, parcel.name),
            )

    def try_again(self) -> None:
        """Forget why parcels were given up."""
        with self._alone():
            self._db.execute("UPDATE files SET problem = NULL WHERE problem IS NOT NULL")

    def left(self) -> Left:
        """Return what is still to be sent."""
        with self._translated():
            row = self._db.execute(
                "SELECT count(*), ifnull(sum(bytes), 0), count(problem),"
                " ifnull(sum(iif(problem IS NULL, 0, bytes)), 0), min(problem)"
                " FROM files WHERE sent < version"
            ).fetchone()
        return Left(*row)

    def size_of(self, name: str) -> int | None:
        """Return the octets of the file *name* as it was last entered, None if it never was."""
        with self._translated():
            query = "SELECT bytes FROM files WHERE name = ?"
            row = self._db.execute(query, (name,)).fetchone()
        return None if row is None else int(row[0])

    def sent_names(self, prefix: str = "", *, kept: bool = True) -> list[str]:
        """Return the names, beginning with *prefix*, of what was sent, in byte order.

        Not *kept* leaves out those whose local files are to stay.
        """
        query = (
            "SELECT name FROM files WHERE sent AND substr(name, 1, ?) = ?"
            " AND is_kept <= ? ORDER BY name"
        )
        with self._translated():
            found = self._db.execute(query, (len(prefix), prefix, kept)).fetchall()
        return [name for (name,) in found]

    def is_sent(self, name: str) -> bool:
        """Say whether the bucket was proven to hold *name*."""
        with self._translated():
            query = "SELECT 1 FROM files WHERE name = ? AND sent"
            return self._db.execute(query, (name,)).fetchone() is not None

    def close(self) -> None:
        """Let go of the file. Closing twice is harmless."""
        with self._turn:
            self._db.close()

    def _prepare(self) -> None:
        self._db.isolation_level = None
        self._db.execute(f"PRAGMA busy_timeout = {_BUSY_SECONDS * 1000}")
        version_of(self._db, self.path, newest=_VERSION)
        begin_wal(self._db, seconds=_BUSY_SECONDS)
        self._db.execute("PRAGMA synchronous = FULL")
        with self._alone():
            for statement in _SCHEMA:
                self._db.execute(statement)

    def _entries(self, parcel: str, *, least: int = 1) -> Iterator[Entry]:
        """Yield the files of *parcel* of which *least* versions are not sent."""
        query = (
            "SELECT name, bytes, sha256, is_kept, version, tries FROM files"
            " WHERE parcel = ? AND version - sent >= ? ORDER BY id"
        )
        found = self._db.execute(query, (parcel, least)).fetchall()
        for name, size, sha256, is_kept, version, tries in found:
            yield Entry(
                name=name, size=size, sha256=sha256, is_kept=bool(is_kept), version=version,
                tries=tries,
            )  # fmt: skip

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Keep everybody else from writing; all that is done meanwhile is done, or nothing."""
        with self._translated():
            self._db.execute("BEGIN IMMEDIATE")
            with self._db:  # commits, or rolls back when something is raised
                yield

    @contextmanager
    def _translated(self) -> Iterator[None]:
        with self._turn:
            try:
                yield
            except sqlite3.Error as error:
                raise refusal(self.path, error) from error
