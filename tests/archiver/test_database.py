"""SQLite files of local state: what a user is told of their errors, and what is removed."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from archiver.database import Database, open_private, refusal, remove
from archiver.errors import ArchiveError, CollectionError, StoreError

SCHEMA = "BEGIN; CREATE TABLE thing (name TEXT); PRAGMA user_version = 1;"


def failure(code: int, kind: type[sqlite3.Error] = sqlite3.OperationalError) -> sqlite3.Error:
    error = kind("as SQLite says it")
    error.sqlite_errorcode = code
    return error


ERRORS: list[tuple[Exception, type[ArchiveError], str]] = [
    (failure(sqlite3.SQLITE_FULL), StoreError, "make room"),
    (failure(sqlite3.SQLITE_READONLY), StoreError, "make room or free the folder"),
    (failure(sqlite3.SQLITE_IOERR | (13 << 8)), StoreError, "cannot be read or written"),
    (PermissionError(13, "Permission denied"), StoreError, "Permission denied"),
    (failure(sqlite3.SQLITE_CORRUPT), CollectionError, "is damaged"),
    (failure(sqlite3.SQLITE_CORRUPT | (1 << 8)), CollectionError, "is damaged"),
    (failure(sqlite3.SQLITE_NOTADB, sqlite3.DatabaseError), CollectionError, "delete it"),
    (sqlite3.DatabaseError("a row is missing"), CollectionError, "a row is missing"),
]


@pytest.mark.parametrize(("error", "kind", "words"), ERRORS)
def test_an_error_names_the_file_and_the_remedy(
    error: Exception, kind: type[ArchiveError], words: str
) -> None:
    refused = refusal(Path("work/frontier.sqlite"), error)

    assert type(refused) is kind
    assert str(refused).startswith("work/frontier.sqlite ")
    assert words in str(refused)


def test_a_new_file_is_its_owners_alone(tmp_path: Path) -> None:
    open_private(tmp_path / "state.sqlite").close()

    assert (tmp_path / "state.sqlite").stat().st_mode & 0o777 == 0o600


def test_the_file_goes_before_its_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gone: list[str] = []
    monkeypatch.setattr(Path, "unlink", lambda path, missing_ok: gone.append(path.name))

    remove(tmp_path / "state.sqlite")

    assert gone == ["state.sqlite", "state.sqlite-wal", "state.sqlite-shm"]


def test_a_schema_takes_effect_with_the_first_commit(tmp_path: Path) -> None:
    path = tmp_path / "state.sqlite"
    with closing(Database(path, sync_every=1)) as killed:
        killed.open(SCHEMA, version=1, cache_kib=100)
    with closing(Database(path, sync_every=1)) as first:
        is_new = first.open(SCHEMA, version=1, cache_kib=100)
        first.commit("DELETE FROM thing")
    with closing(Database(path, sync_every=1)) as second:
        assert (is_new, second.open(SCHEMA, version=1, cache_kib=100)) == (True, False)


def test_after_an_error_everything_is_refused(tmp_path: Path) -> None:
    with closing(Database(tmp_path / "state.sqlite", sync_every=1)) as database:
        database.open(SCHEMA, version=1, cache_kib=100)
        with pytest.raises(ArchiveError) as first:
            database.run("SELECT * FROM nothing")
        with pytest.raises(ArchiveError) as second:
            database.run("SELECT 1")
        with pytest.raises(ArchiveError) as third:
            database.commit("DELETE FROM thing")

    assert first.value is second.value is third.value
