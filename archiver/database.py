"""SQLite files of local state: opened for their owner alone, and what their errors mean."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from archiver.errors import ArchiveError, CollectionError, StoreError

_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


def open_private(path: Path) -> sqlite3.Connection:
    """Open the database *path*, made if need be, which nobody but its owner may read."""
    try:
        # Made here and not by SQLite, for the mode; the companions that SQLite makes beside
        # it take the mode of this file.
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        return sqlite3.connect(path)
    except (OSError, sqlite3.Error) as error:
        raise refusal(path, error) from error


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
