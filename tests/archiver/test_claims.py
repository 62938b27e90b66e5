"""Claims: of the crawls that want a page at the same time, one fetches it."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archiver.claims import Claims
from archiver.errors import ArchiveError, CollectionError
from archiver.locks import Lock

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
PAGE = b"page"
SHOPPING_LIST = b"This is a shopping list, and no database at all.\n" * 100

# A run of its own, which claims what it is told and is then killed, or ends in order.
_RUN = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from archiver.claims import Claims
path, name, keys = sys.argv[1:]
began_at = datetime(2026, 3, 4, 12, tzinfo=UTC)
claims = Claims(Path(path), name, "article", began_at=began_at)
print(*(key for key in keys.split(",") if claims.claim(key.encode())), flush=True)
if sys.stdin.readline():
    claims.close(began_at)
"""

Begin = Callable[..., Claims]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "claims.sqlite"


@pytest.fixture
def begin(path: Path) -> Iterator[Begin]:
    """Begin a run of this process; it ends at the latest with the test."""
    with ExitStack() as ending:

        def begun(name: str, spider: str = "article", *, at: datetime = NOON) -> Claims:
            claims = Claims(path, name, spider, began_at=at)
            ending.callback(claims.close, NOON)
            return claims

        yield begun


def process(path: Path, name: str, keys: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", _RUN, str(path), name, keys]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True)


def claimed(run: subprocess.Popen[str]) -> list[str]:
    """Return what *run* has got, once it has asked for everything."""
    assert run.stdout is not None
    return run.stdout.readline().split()


def killed(run: subprocess.Popen[str]) -> None:
    run.kill()
    run.communicate()


def test_a_page_is_the_first_claimants(begin: Begin) -> None:
    first, second = begin("1"), begin("2")

    assert [first.claim(PAGE), second.claim(PAGE)] == [True, False]


def test_a_run_may_ask_again_for_its_own(begin: Begin) -> None:
    run = begin("1")

    assert [run.claim(PAGE), run.claim(PAGE)] == [True, True]


def test_crawls_of_different_spiders_do_not_share(begin: Begin) -> None:
    assert begin("1", "article").claim(PAGE)
    assert begin("2", "site").claim(PAGE)


def test_what_was_claimed_by_a_run_that_ended_since_need_not_be_fetched(path: Path) -> None:
    first = Claims(path, "1", "article", began_at=NOON)
    second = Claims(path, "2", "article", began_at=NOON)
    first.claim(PAGE)

    first.close(NOON + timedelta(seconds=1))

    assert not second.claim(PAGE)
    second.close(NOON)


def test_what_was_claimed_by_a_run_that_ended_before_is_fetched_again(
    path: Path, begin: Begin
) -> None:
    first = Claims(path, "1", "article", began_at=NOON)
    first.claim(PAGE)
    witness = begin("witness")
    first.close(NOON + timedelta(seconds=1))
    second = begin("2", at=NOON + timedelta(seconds=2))

    assert second.claim(PAGE)
    assert not witness.claim(PAGE)


def test_a_job_that_began_before_takes_up_knowing_what_was_fetched_meanwhile(
    path: Path, begin: Begin
) -> None:
    first = Claims(path, "1", "article", began_at=NOON)
    first.claim(PAGE)
    first.close(NOON + timedelta(minutes=1))

    assert not begin("2", at=NOON).claim(PAGE)


def test_what_a_living_process_claims_is_not_claimed_by_another(path: Path, begin: Begin) -> None:
    here = begin("here")
    there = process(path, "there", "page")

    assert claimed(there) == ["page"]
    assert not here.claim(PAGE)
    killed(there)


def test_what_a_job_claimed_and_was_stopped_at_is_its_own_when_it_goes_on(path: Path) -> None:
    stopped = Claims(path, "1", "article", began_at=NOON)
    stopped.claim(PAGE)
    stopped.close(NOON + timedelta(seconds=1))

    resumed = Claims(path, "1", "article", began_at=NOON)

    assert resumed.claim(PAGE)
    resumed.close(NOON)


def test_what_a_killed_job_claimed_is_its_own_again_when_it_goes_on(
    path: Path, begin: Begin
) -> None:
    here = begin("here")
    there = process(path, "there", "page")
    claimed(there)
    killed(there)
    resumed = begin("there")

    assert not here.claim(PAGE)
    assert resumed.claim(PAGE)


def test_what_a_killed_process_claimed_counts_for_nothing(path: Path, begin: Begin) -> None:
    here = begin("here")
    there = process(path, "there", "page")
    claimed(there)

    killed(there)

    assert here.claim(PAGE)


def test_of_those_who_ask_for_what_a_killed_process_claimed_one_gets_it(
    path: Path, begin: Begin
) -> None:
    first, second = begin("1"), begin("2")
    there = process(path, "there", "page")
    claimed(there)
    killed(there)

    assert [first.claim(PAGE), second.claim(PAGE), first.claim(PAGE)] == [True, False, True]


def test_a_process_that_ended_in_order_keeps_its_claims(path: Path, begin: Begin) -> None:
    here = begin("here")
    there = process(path, "there", "page")
    claimed(there)

    there.communicate("end\n")

    assert not here.claim(PAGE)


def test_processes_that_begin_at_once_divide_all_pages_among_them(path: Path) -> None:
    keys = [str(number) for number in range(300)]
    runs = [process(path, str(number), ",".join(keys)) for number in range(6)]

    got = [key for run in runs for key in claimed(run)]

    assert sorted(got, key=int) == keys
    assert [run.communicate("end\n")[0] for run in runs] == [""] * 6
    assert [run.returncode for run in runs] == [0] * 6


def test_what_nobody_needs_is_deleted(path: Path, begin: Begin, tmp_path: Path) -> None:
    there = process(path, "killed", "page")
    claimed(there)
    killed(there)
    ended = process(path, "ended", "story")
    claimed(ended)
    ended.communicate("end\n")

    begin("2", at=NOON + timedelta(seconds=1))

    with closing(sqlite3.connect(path)) as db:
        assert db.execute("SELECT job FROM run").fetchall() == [("2",)]
        assert db.execute("SELECT key FROM claim").fetchall() == []
    assert [lock.name for lock in tmp_path.glob("*.lock")] == ["run-2.lock"]


def test_what_a_living_run_needs_is_kept(path: Path, begin: Begin) -> None:
    first = begin("1")
    second = Claims(path, "2", "article", began_at=NOON)
    second.claim(PAGE)
    second.close(NOON + timedelta(seconds=1))
    begin("3", at=NOON + timedelta(seconds=2))

    assert not first.claim(PAGE)


def test_a_run_that_has_ended_leaves_no_lock(path: Path, tmp_path: Path) -> None:
    Claims(path, "1", "article", began_at=NOON).close(NOON)

    assert [left.name for left in tmp_path.iterdir()] == ["claims.sqlite"]


def test_a_damaged_file_is_made_anew_when_no_crawl_runs(
    path: Path, begin: Begin, tmp_path: Path
) -> None:
    path.write_bytes(SHOPPING_LIST)
    (tmp_path / "run-killed.lock").touch()

    first, second = begin("1"), begin("2")

    assert [first.claim(PAGE), second.claim(PAGE)] == [True, False]
    assert not (tmp_path / "claims.lock").exists()


def test_a_damaged_file_is_refused_while_a_crawl_runs(path: Path, tmp_path: Path) -> None:
    path.write_bytes(SHOPPING_LIST)
    other = Lock(tmp_path / "run-2.lock")
    other.acquire()

    with pytest.raises(CollectionError, match=r"is damaged .*: remove it while no crawl runs"):
        Claims(path, "1", "article", began_at=NOON)
    other.release()

    assert path.read_bytes() == SHOPPING_LIST
    assert [left.name for left in tmp_path.iterdir()] == ["claims.sqlite"]


def test_a_damaged_file_that_another_is_about_to_make_anew_is_left_to_him(
    path: Path, tmp_path: Path
) -> None:
    path.write_bytes(SHOPPING_LIST)
    turn = Lock(tmp_path / "claims.lock")
    turn.acquire()

    with pytest.raises(CollectionError, match="remove it while no crawl runs"):
        Claims(path, "1", "article", began_at=NOON)
    turn.release()

    assert path.read_bytes() == SHOPPING_LIST


def test_a_file_of_a_newer_version_is_refused_and_kept(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA user_version = 9")

    with pytest.raises(CollectionError, match="newer version"):
        Claims(path, "1", "article", began_at=NOON)

    with closing(sqlite3.connect(path)) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (9,)


def test_a_job_that_another_process_runs_is_refused(path: Path, begin: Begin) -> None:
    there = process(path, "job", "page")
    claimed(there)

    with pytest.raises(CollectionError, match=r"running already .*run-job\.lock"):
        Claims(path, "job", "article", began_at=NOON)

    assert not begin("other").claim(PAGE)
    killed(there)


def test_a_file_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "claims.sqlite").mkdir()

    with pytest.raises(ArchiveError, match="cannot be read or written"):
        Claims(tmp_path / "claims.sqlite", "1", "article", began_at=NOON)
