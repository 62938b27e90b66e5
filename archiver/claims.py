"""Which of the crawls that run at the same time fetches a page.

A claim holds while the run that made it lives, and, once that has ended, against those whose
job had begun by then. What a run claimed whose process died counts for nothing: nobody knows
what became of it. It never holds against the next run of the same job, which has to fetch
what the last one was stopped at.

Claims are of use only while crawls run: a damaged file is made anew when none does.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path

from archiver.database import begin_wal, open_private, refusal, remove, version_of
from archiver.errors import CollectionError
from archiver.locks import Lock

_VERSION = 1
_SCHEMA = f"""
CREATE TABLE IF NOT EXISTS run (
    job TEXT PRIMARY KEY, spider TEXT NOT NULL, began REAL NOT NULL, ended REAL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS claim (
    spider TEXT NOT NULL, key BLOB NOT NULL, job TEXT NOT NULL, PRIMARY KEY (spider, key)
) WITHOUT ROWID;
PRAGMA user_version = {_VERSION};
"""
_BUSY_SECONDS = 30


class Claims:
    """The claims of a run of *job* with *spider*, in the file *path* that all runs share.

    A job is run by one process at a time. *began_at* is when it began: what another job of
    the spider has claimed and ended since need not be fetched again. CollectionError where
    the file is damaged and other runs use it, or the job is being run by another process;
    StoreError where the file cannot be read or written.
    """

    def __init__(self, path: Path, job: str, spider: str, *, began_at: datetime) -> None:
        self._path = path
        self._job = job
        self._spider = spider
        self._began = began_at.timestamp()
        self._lock = self._lock_of(job)
        with _translated(path):
            try:
                self._open()
            except sqlite3.DatabaseError as error:
                if not isinstance(refusal(path, error), CollectionError):
                    raise
                self._remake(error)

    def claim(self, key: bytes) -> bool:
        """Return whether the page of *key* is this run's to fetch; its own stays its own."""
        with _translated(self._path):
            if self._db.execute(
                "INSERT OR IGNORE INTO claim VALUES (?, ?, ?)", (self._spider, key, self._job)
            ).rowcount:
                return True
            with self._alone():
                query = "SELECT job FROM claim WHERE spider = ? AND key = ?"
                row = self._db.execute(query, (self._spider, key)).fetchone()
                if row is not None and row[0] != self._job and self._counts(row[0]):
                    return False
                self._db.execute(
                    "REPLACE INTO claim VALUES (?, ?, ?)", (self._spider, key, self._job)
                )
        return True

    def close(self, ended_at: datetime) -> None:
        """Note that the run ended. Its claims go on to hold against those that run now."""
        try:
            with _translated(self._path):
                self._db.execute(
                    "UPDATE run SET ended = ? WHERE job = ?", (ended_at.timestamp(), self._job)
                )
        finally:
            self._db.close()
            self._lock.release()

    def _open(self) -> None:
        with ExitStack() as closing:
            self._db = open_private(self._path)
            closing.callback(self._db.close)
            closing.callback(self._lock.release)
            self._prepare()
            closing.pop_all()

    def _remake(self, error: sqlite3.Error) -> None:
        """Delete the file, which is damaged as *error* says, and open a new one."""
        refused = CollectionError(
            f"{self._path} is damaged ({error}): remove it while no crawl runs"
        )
        turn = Lock(self._path.with_suffix(".lock"))  # or the second would delete the first's
        if not turn.acquire(self._spider):
            raise refused
        try:
            self._open()  # somebody may have made it anew just before
        except sqlite3.DatabaseError:
            if any(self._is_held(lock) for lock in self._path.parent.glob("run-*.lock")):
                raise refused from error
            remove(self._path)
            self._open()
        finally:
            turn.release()

    def _prepare(self) -> None:
        self._db.isolation_level = None  # each statement is a transaction, and a short one
        self._db.execute(f"PRAGMA busy_timeout = {_BUSY_SECONDS * 1000}")
        version_of(self._db, self._path, newest=_VERSION)
        begin_wal(self._db, seconds=_BUSY_SECONDS)
        # Nothing but a checkpoint waits for the disk, and the file stays whole in a power cut.
        self._db.execute("PRAGMA synchronous = NORMAL")
        with self._alone():
            for statement in _SCHEMA.split(";"):
                self._db.execute(statement)
            # Alone, or one who only tries it would have it now.
            if not self._lock.acquire(self._spider):
                raise CollectionError(
                    f"this crawl is running already (another process holds {self._lock.path}): "
                    "let it end first"
                )
            self._db.execute(
                "REPLACE INTO run VALUES (?, ?, ?, NULL)", (self._job, self._spider, self._began)
            )
            self._tidy()

    def _tidy(self) -> None:
        """Delete the runs that died, those that ended before any living one began, and theirs."""
        runs = self._db.execute("SELECT job, began, ended FROM run").fetchall()
        living = {job for job, _, ended in runs if ended is None and self._is_alive(job)}
        earliest = min(began for job, began, _ in runs if job in living)
        for job, _, ended in runs:
            if job not in living and (ended is None or ended < earliest):
                self._db.execute("DELETE FROM run WHERE job = ?", (job,))
        self._db.execute("DELETE FROM claim WHERE job NOT IN (SELECT job FROM run)")

    def _counts(self, job: str) -> bool:
        """Say whether what *job* has claimed is not ours to fetch; to be asked alone."""
        row = self._db.execute("SELECT ended FROM run WHERE job = ?", (job,)).fetchone()
        if row is None:
            return False
        return self._is_alive(job) if row[0] is None else bool(row[0] >= self._began)

    def _is_alive(self, job: str) -> bool:
        """Say whether the process of a run goes on; to be asked alone.

        To ask is to try its lock: two that did so at once would take each other for the run.
        """
        return job == self._job or self._is_held(self._lock_of(job).path)

    def _is_held(self, path: Path) -> bool:
        lock = Lock(path)
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

    def _lock_of(self, job: str) -> Lock:
        return Lock(self._path.with_name(f"run-{job}.lock"))


@contextmanager
def _translated(path: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        raise refusal(path, error) from error
