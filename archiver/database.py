"""SQLite files of local state: opened for their owner alone, and what their errors mean.

After an error nothing more is committed, for nobody knows how much of a transaction is left.
"""

from __future__ import annotations

import os
import sqlite3
import time
from pathlib import Path

from archiver.errors import ArchiveError, CollectionError, StoreError

# Scattered pages change again and again: a log of 32 MiB has each written back once for many.
_CHECKPOINT_PAGES = 8192
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


class Database:
    """The database *path*, in which everything between two commits is one transaction.

    Each commit survives a kill, and every *sync_every*-th a power cut too. What goes wrong is
    raised as an ArchiveError, and from then on again by whatever is tried.
    """

    def __init__(self, path: Path, *, sync_every: int) -> None:
        self.path = path
        self._refusal: ArchiveError | None = None
        self._sync_every = sync_every
        self._commits = 0
        self._unsynced = 0
        self._connection = open_private(path)

    def open(self, schema: str, *, version: int, cache_kib: int) -> bool:
        """Prepare the database for use; return whether it is new and has got *schema*.

        *schema* is a script that begins a transaction and sets the *version*; it takes effect
        with the first commit. CollectionError where the file is damaged or newer.
        """
        try:
            is_new = not version_of(self._connection, self.path, newest=version)
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute("PRAGMA synchronous = FULL")
            self._connection.execute(f"PRAGMA cache_size = -{cache_kib}")
            self._connection.execute(f"PRAGMA wal_autocheckpoint = {_CHECKPOINT_PAGES}")
            if is_new:
                self._connection.executescript(schema)
        except sqlite3.Error as error:
            raise self.refuse(error) from error
        return is_new

    def run(self, statement: str, *values: object) -> sqlite3.Cursor:
        """Execute *statement*."""
        if self._refusal is not None:
            raise self._refusal
        try:
            return self._connection.execute(statement, values)
        except sqlite3.Error as error:
            raise self.refuse(error) from error

    def commit(self, dirty: str) -> bool:
        """Commit; return whether all that was ever committed outlives a power cut.

        *dirty* is a statement that writes and changes nothing: only a commit that has
        something to write waits for the disk.
        """
        is_sync = self._commits % self._sync_every == 0
        if is_sync and self._unsynced and not self._connection.in_transaction:
            self.run(dirty)
        self._unsynced = 0 if is_sync else self._unsynced + self._connection.in_transaction
        if self._refusal is not None:
            raise self._refusal
        try:
            self._connection.commit()
            self._commits += 1
            if self._sync_every > 1:  # which cannot be chosen once a transaction has begun
                is_next = self._commits % self._sync_every == 0
                self._connection.execute(f"PRAGMA synchronous = {'FULL' if is_next else 'NORMAL'}")
        except sqlite3.Error as error:
            raise self.refuse(error) from error
        return not self._unsynced

    def refuse(self, error: sqlite3.Error) -> ArchiveError:
        """Return what *error* means, which is the end of the transaction and of all others."""
        self._refusal = refusal(self.path, error)
        return self._refusal

    def close(self) -> None:
        """Close the file; what was not committed is undone. Twice is harmless."""
        self._connection.close()


def open_private(path: Path, *, any_thread: bool = False) -> sqlite3.Connection:
    """Open the database *path*, made if need be, which nobody but its owner may read.

    With *any_thread* the connection may change hands, one thread at a time.
    """
    try:
        # Made here and not by SQLite, for the mode; the companions that SQLite makes beside
        # it take the mode of this file.
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        return sqlite3.connect(path, check_same_thread=not any_thread)
    except (OSError, sqlite3.Error) as error:
        raise refusal(path, error) from error


def begin_wal(db: sqlite3.Connection, *, seconds: float) -> None:
    """Switch *db*, which others may be opening too, to a write-ahead log.

    SQLite does not wait for them here as it does elsewhere, so we do, at most *seconds*.
    """
    deadline = time.monotonic() + seconds
    while True:
        try:
            db.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            is_busy = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
            if not is_busy or time.monotonic() > deadline:
                raise
            time.sleep(0.02)


def version_of(db: sqlite3.Connection, path: Path, *, newest: int) -> int:
    """Return the version of *db*, 0 if it was only just made; CollectionError past *newest*."""
    version: int = db.execute("PRAGMA user_version").fetchone()[0]
    if version > newest:
        raise CollectionError(
            f"{path} was written by a newer version of the archiver: use that one, or delete "
            "the file to begin anew"
        )
    return version


def remove(path: Path) -> None:
    """Delete the closed database *path* and what SQLite keeps beside it."""
    # A log beside an empty or missing file is void to SQLite; a file without its log would
    # not be the whole of it. So the file goes first, should we be killed in between.
    for name in (path.name, f"{path.name}-wal", f"{path.name}-shm"):
        path.with_name(name).unlink(missing_ok=True)


def refusal(path: Path, error: Exception) -> ArchiveError:
    """Return what *error*, raised by an operation on the database *path*, means for a user.

    CollectionError where the file is damaged, StoreError where it cannot be read or written.
    """
    code = getattr(error, "sqlite_errorcode", None)
    is_damaged = isinstance(error, sqlite3.Error) and not isinstance(
        error, sqlite3.OperationalError
    )
    if is_damaged or (code is not None and code & 0xFF in _DAMAGED):
        return CollectionError(
            f"{path} is damaged ({error}): delete it, and the same command begins anew"
        )
    return StoreError(
        f"{path} cannot be read or written ({error}): make room or free the folder, and run "
        "the same command again"
    )
