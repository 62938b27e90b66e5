"""Which of the crawls that run at the same time fetches a page.

A claim holds while the run that made it lives, and, once that has ended, against those that
had begun by then. What a run claimed whose process died counts for nothing: nobody knows what
became of it, and its own next run asks again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path

from archiver.database import open_private, refusal, version_of
from archiver.locks import Lock

_VERSION = 1
_SCHEMA = f"""
CREATE TABLE IF NOT EXISTS run (
    id TEXT PRIMARY KEY, spider TEXT NOT NULL, began REAL NOT NULL, ended REAL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS claim (
    spider TEXT NOT NULL, key BLOB NOT NULL, run TEXT NOT NULL, PRIMARY KEY (spider, key)
) WITHOUT ROWID;
PRAGMA user_version = {_VERSION};
"""
_BUSY_SECONDS = 30


class Claims:
    """The claims of one run of *spider*, in the file *path* that all runs share.

    *run_id* is the run's alone. *began_at* is when its job began: what another run of the
    spider has claimed and ended since need not be fetched again. CollectionError where the
    file is damaged, StoreError where it cannot be read or written.
    """

    def __init__(self, path: Path, run_id: str, spider: str, *, began_at: datetime) -> None:
        self._path = path
        self._run_id = run_id
        self._spider = spider
        self._began = began_at.timestamp()
        self._lock = self._lock_of(run_id)
        # Locked before the run can be seen, lest it be taken for dead.
        with ExitStack() as closing, _translated(path):
            self._lock.acquire(spider)
            closing.callback(self._lock.release)
            self._db = open_private(path)
            closing.callback(self._db.close)
            self._prepare()
            closing.pop_all()

    def claim(self, key: bytes) -> bool:
        """Return whether the page of *key* is this run's to fetch; its own stays its own."""
        with _translated(self._path):
            if self._db.execute(
                "INSERT OR IGNORE INTO claim VALUES (?, ?, ?)", (self._spider, key, self._run_id)
            ).rowcount:
                return True
            with self._alone():
                query = "SELECT run FROM claim WHERE spider = ? AND key = ?"
                row = self._db.execute(query, (self._spider, key)).fetchone()
                if row is not None and row[0] != self._run_id and self._counts(row[0]):
                    return False
                self._db.execute(
                    "REPLACE INTO claim VALUES (?, ?, ?)", (self._spider, key, self._run_id)
                )
        return True

    def close(self, ended_at: datetime) -> None:
        """Note that the run ended. Its claims go on to hold against those that run now."""
        try:
            with _translated(self._path):
                self._db.execute(
                    "UPDATE run SET ended = ? WHERE id = ?", (ended_at.timestamp(), self._run_id)
                )
        finally:
            self._db.close()
            self._lock.release()

    def _prepare(self) -> None:
        self._db.isolation_level = None  # each statement is a transaction, and a short one
        self._db.execute(f"PRAGMA busy_timeout = {_BUSY_SECONDS * 1000}")
        version_of(self._db, self._path, newest=_VERSION)
        self._db.execute("PRAGMA journal_mode = WAL")
        # Nothing but a checkpoint waits for the disk, and the file stays whole in a power cut.
        self._db.execute("PRAGMA synchronous = NORMAL")
        with self._alone():
            for statement in _SCHEMA.split(";"):
                self._db.execute(statement)
            self._db.execute(
                "INSERT INTO run VALUES (?, ?, ?, NULL)",
                (self._run_id, self._spider, self._began),
            )
            self._tidy()

    def _tidy(self) -> None:
        """Delete the runs that died, those that ended before any living one began, and theirs."""
        runs = self._db.execute("SELECT id, began, ended FROM run").fetchall()
        living = {id for id, _, ended in runs if ended is None and self._is_alive(id)}
        earliest = min(began for id, began, _ in runs if id in living)
        for run_id, _, ended in runs:
            if run_id not in living and (ended is None or ended < earliest):
                self._db.execute("DELETE FROM run WHERE id = ?", (run_id,))
        self._db.execute("DELETE FROM claim WHERE run NOT IN (SELECT id FROM run)")

    def _counts(self, run_id: str) -> bool:
        """Say whether what *run_id* has claimed is not ours to fetch; to be asked alone."""
        row = self._db.execute("SELECT ended FROM run WHERE id = ?", (run_id,)).fetchone()
        if row is None:
            return False
        return self._is_alive(run_id) if row[0] is None else bool(row[0] >= self._began)

    def _is_alive(self, run_id: str) -> bool:
        """Say whether the process of a run goes on; to be asked alone.

        To ask is to try its lock: two that did so at once would take each other for the run.
        """
        if run_id == self._run_id:
            return True
        lock = self._lock_of(run_id)
        if not lock.acquire():
            return True
        lock.release()
        return False

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Keep every other run from writing; all that is done meanwhile is done, or nothing."""
        self._db.execute("BEGIN IMMEDIATE")
        with self._db:  # commits, or rolls back when something is raised
            yield

    def _lock_of(self, run_id: str) -> Lock:
        return Lock(self._path.with_name(f"run-{run_id}.lock"))


@contextmanager
def _translated(path: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        raise refusal(path, error) from error
