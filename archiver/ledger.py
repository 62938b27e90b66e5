"""The SQLite file in which a memory keeps visits: its tables, and what waits to be written.

Many processes may have it open. Each writes rarely and briefly, and keeps in its own memory,
in tables of the same form, what it has not written yet; a kill takes no more than that.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from typing import Any

from archiver.capture import Location, Original
from archiver.database import begin_wal
from archiver.errors import CollectionError, StoreError
from archiver.visits import Visit

VERSION = 1
_BUSY_SECONDS = 60.0
_AT_ONCE = 500  # visits that are written in one transaction

# *is_page* is 0, 1 for a page, 2 for one that has been read. Digests and URLs are found by 8
# octets of their hash, which keeps the indexes small. A place is the number of a WARC and, in
# the lower 40 bits, an offset in it.
_VISITS = """(
    place INTEGER PRIMARY KEY, length INTEGER NOT NULL,
    record_id TEXT NOT NULL, record_key INTEGER NOT NULL,
    target TEXT NOT NULL, target_key INTEGER NOT NULL,
    date TEXT NOT NULL, status INTEGER NOT NULL,
    payload_digest TEXT NOT NULL, payload_key INTEGER,
    etag TEXT, last_modified TEXT,
    original TEXT, original_key INTEGER, is_page INTEGER NOT NULL
)"""
_LED = """(
    url_key INTEGER NOT NULL, place INTEGER NOT NULL, url TEXT NOT NULL,
    PRIMARY KEY (url_key, place)
) WITHOUT ROWID"""
_SCHEMA = (
    "CREATE TABLE files (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE,"
    " is_sealed INTEGER NOT NULL)",
    f"CREATE TABLE visits {_VISITS}",
    f"CREATE TABLE led {_LED}",
    "CREATE INDEX by_record ON visits (record_key)",
    "CREATE INDEX by_payload ON visits (payload_key, target_key) WHERE payload_key IS NOT NULL",
    "CREATE INDEX by_target ON visits (target_key, date)",
    "CREATE INDEX pages ON visits (target_key) WHERE is_page",
    "CREATE INDEX read_again ON visits (original_key) WHERE is_page",
    f"PRAGMA user_version = {VERSION}",
)
_FRESH = (
    f"CREATE TABLE temp.fresh_visits {_VISITS}",
    f"CREATE TABLE temp.fresh_led {_LED}",
    "CREATE INDEX temp.fresh_by_record ON fresh_visits (record_key)",
    "CREATE INDEX temp.fresh_by_payload ON fresh_visits (payload_key, target_key)",
    "CREATE INDEX temp.fresh_read_again ON fresh_visits (original_key) WHERE is_page",
)
_FLUSH = (
    "INSERT OR REPLACE INTO visits SELECT * FROM fresh_visits",
    "INSERT OR REPLACE INTO led SELECT * FROM fresh_led",
    "DELETE FROM fresh_visits",
    "DELETE FROM fresh_led",
)
# A payload has been read where its own response is a page, or a revisit of that.
_READ_AGAIN = """ OR EXISTS (
    SELECT 1 FROM {} r WHERE r.original_key = v.record_key AND r.original = v.record_id
    AND r.is_page AND r.is_page = 2
)"""
_IS_READ = f"v.is_page = 2{_READ_AGAIN.format('visits')}{_READ_AGAIN.format('fresh_visits')}"
_SELECT = f"""SELECT v.record_id, v.target, v.date, v.payload_digest, f.name,
    v.place & 0xFFFFFFFFFF, v.length, v.status, v.etag, v.last_modified, {_IS_READ}, v.original
    FROM {{}} v JOIN files f ON f.id = v.place >> 40 WHERE {{}}"""
_LAST = """SELECT max(v.date) FROM {} l JOIN {} v USING (place)
    WHERE l.url_key = ? AND l.url = ? AND (v.is_page != 1 OR ?)"""
_REMEDY = "remove it while no crawl runs, and what it held is learned again from the store"


def key(text: str) -> int:
    """Return the number by which *text* is found; the text itself is then compared."""
    digest = hashlib.blake2b(plain(text).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def plain(text: str) -> str:
    """Return *text* as it can be stored: what is no Unicode becomes a question mark."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


class Ledger:
    """The file at *path*, which is made if need be; its folder must be there.

    CollectionError when it is damaged or of a newer version. All methods raise StoreError
    when it cannot be read or written.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._numbers: dict[str, int] = {}
        self._waiting = 0
        try:
            path.touch(mode=0o600)
            self._db = sqlite3.connect(
                path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False
            )
        except (OSError, sqlite3.Error) as error:
            raise self._unusable(error) from error
        try:
            self._open()
        except sqlite3.OperationalError as error:
            self._db.close()
            raise self._unusable(error) from error
        except sqlite3.DatabaseError as error:
            self._db.close()
            raise CollectionError(f"{path} is damaged ({error}): {_REMEDY}") from error

    def add(self, visit: Visit) -> None:
        """Take in *visit*, whose WARC is not sealed."""
        with self._door():
            location = visit.location
            row = (
                self._number(location.filename) << 40 | location.offset,
                location.length,
                visit.record_id, key(visit.record_id),
                plain(visit.target), key(visit.target),
                visit.date, visit.status,
                visit.payload_digest, key(visit.payload_digest) if visit.is_repeatable else None,
                visit.etag, visit.last_modified,
                visit.original, key(visit.original) if visit.original else None, False,
            )  # fmt: skip
            marks = ", ".join("?" * len(row))
            self._db.execute(f"INSERT OR REPLACE INTO fresh_visits VALUES ({marks})", row)
        self._note()

    def mark_page(self, location: Location, *, is_read: bool) -> None:
        """Make the visit at *location* a page.

        It *is_read* where its text is on disk, or it has none.
        """
        with self._door():
            place = self._number(location.filename) << 40 | location.offset
            for table in ("fresh_visits", "visits"):
                if self._db.execute(
                    f"UPDATE {table} SET is_page = max(is_page, ?) WHERE place = ?",
                    (2 if is_read else 1, place),
                ).rowcount:
                    break
        self._note()

    def lead(self, location: Location, urls: Iterable[str]) -> None:
        """Take note that *urls* have led to the visit at *location*."""
        with self._door():
            place = self._number(location.filename) << 40 | location.offset
            led = [(key(url), place, plain(url)) for url in urls]
            self._db.executemany("INSERT OR REPLACE INTO fresh_led VALUES (?, ?, ?)", led)
        self._note()

    def seal(self, filename: str) -> None:
        """Take note that the WARC *filename* is sealed."""
        self.flush()
        with self._door():
            self._db.execute(
                "INSERT INTO files (name, is_sealed) VALUES (?, 1)"
                " ON CONFLICT (name) DO UPDATE SET is_sealed = 1",
                (filename,),
            )

    def remove(self, filename: str) -> None:
        """Take out all visits of the WARC *filename*; it is not sealed any more."""
        with self._door():
            first = self._number(filename) << 40
        with self._door(), self._transaction():
            self._db.execute("UPDATE files SET is_sealed = 0 WHERE name = ?", (filename,))
            for table in ("visits", "led", "fresh_visits", "fresh_led"):
                self._db.execute(
                    f"DELETE FROM {table} WHERE place BETWEEN ? AND ?",
                    (first, first + (1 << 40) - 1),
                )

    def sealed(self) -> set[str]:
        """Return the names of the WARCs that are sealed."""
        with self._door():
            rows = self._db.execute("SELECT name FROM files WHERE is_sealed")
            return {name for (name,) in rows}

    def select(
        self, condition: str, values: Sequence[object], *, is_fresh: bool = False
    ) -> list[tuple[Original, str | None]]:
        """Return the visits v in WARCs f that meet *condition*, and what each refers to.

        Those that have been written are meant, or those that wait to be.
        """
        table = "fresh_visits" if is_fresh else "visits"
        with self._door():
            rows = self._db.execute(_SELECT.format(table, condition), values)
            return [(_visited(row), row[-1]) for row in rows]

    def last_led(self, url: str, *, or_listed: bool) -> str | None:
        """Return the WARC-Date of the last visit that *url* has led to, None if there is none.

        Pages that have not been read count only with *or_listed*.
        """
        dates = []
        with self._door():
            for led, visits in product(("led", "fresh_led"), ("visits", "fresh_visits")):
                found = self._db.execute(
                    _LAST.format(led, visits), (key(url), plain(url), or_listed)
                )
                dates += [date for (date,) in found if date is not None]
        return max(dates, default=None)

    def flush(self) -> None:
        """Write what waits to be written."""
        if self._waiting:
            with self._door(), self._transaction():
                for statement in _FLUSH:
                    self._db.execute(statement)
            self._waiting = 0

    def close(self) -> None:
        """Write what waits to be written and let go of the file. Closing twice is harmless."""
        try:
            self.flush()
        finally:
            self._waiting = 0
            self._db.close()

    def _open(self) -> None:
        begin_wal(self._db, seconds=_BUSY_SECONDS)
        for setting in (
            "synchronous = NORMAL",
            "temp_store = MEMORY",
            "cache_size = -16384",
        ):
            self._db.execute(f"PRAGMA {setting}")
        if self._version() == 0:
            with self._transaction():
                if self._version() == 0:
                    for statement in _SCHEMA:
                        self._db.execute(statement)
        if self._version() != VERSION:
            self._db.close()
            raise CollectionError(
                f"{self._path} was made by a newer version: upgrade, or {_REMEDY}"
            )
        for statement in _FRESH:
            self._db.execute(statement)

    def _version(self) -> int:
        (version,) = self._db.execute("PRAGMA user_version").fetchone()
        return int(version)

    def _note(self) -> None:
        self._waiting += 1
        if self._waiting >= _AT_ONCE:
            self.flush()

    def _number(self, filename: str) -> int:
        if filename not in self._numbers:
            self._db.execute(
                "INSERT OR IGNORE INTO files (name, is_sealed) VALUES (?, 0)", (filename,)
            )
            found = self._db.execute("SELECT id FROM files WHERE name = ?", (filename,))
            (self._numbers[filename],) = found.fetchone()
        return self._numbers[filename]

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._db.execute("COMMIT")
        except BaseException:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise

    @contextmanager
    def _door(self) -> Iterator[None]:
        """Turn what SQLite says into an error of ours."""
        try:
            yield
        except sqlite3.Error as error:
            raise self._unusable(error) from error

    def _unusable(self, error: Exception) -> StoreError:
        return StoreError(
            f"{self._path} cannot be read or written ({error}): make sure that its disk has "
            f"room and is writable, or {_REMEDY}"
        )


# A row is what _SELECT gives: of what types, SQLite does not say.
def _visited(row: tuple[Any, ...]) -> Original:
    record_id, target, date, payload_digest, filename, offset, length, *rest = row
    status, etag, last_modified, is_page, _ = rest
    return Original(
        record_id=record_id,
        target=target,
        date=date,
        payload_digest=payload_digest,
        location=Location(filename=filename, offset=offset, length=length),
        status=status,
        etag=etag,
        last_modified=last_modified,
        is_page=bool(is_page),
    )
