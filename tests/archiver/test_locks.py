"""Locks: one holder at a time, and none once he is dead."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from archiver.locks import Lock, try_lock

HOLDER = """
import sys, time
from pathlib import Path
from archiver.locks import Lock
lock = Lock(Path(sys.argv[1]))
print(lock.acquire("a process"), flush=True)
time.sleep(60)
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "work/job.lock"


def test_a_lock_is_held_by_one(path: Path) -> None:
    one, other = Lock(path), Lock(path)

    assert (one.acquire(), other.acquire()) == (True, False)

    one.release()


def test_a_lock_that_was_let_go_can_be_taken(path: Path) -> None:
    one, other = Lock(path), Lock(path)
    one.acquire()

    one.release()

    assert other.acquire()
    other.release()


def test_a_lock_that_was_refused_can_be_taken_later(path: Path) -> None:
    one, other = Lock(path), Lock(path)
    one.acquire()
    other.acquire()
    one.release()

    assert other.acquire()
    other.release()


def test_who_is_refused_learns_who_holds_it(path: Path) -> None:
    one, other = Lock(path), Lock(path)
    one.acquire("process 7")

    other.acquire("process 8")

    assert other.holder() == "process 7"
    one.release()


def test_a_new_holder_is_named_alone(path: Path) -> None:
    path.parent.mkdir()
    path.write_text("a process with a long name")
    lock = Lock(path)

    lock.acquire("process 7")

    assert lock.holder() == "process 7"
    lock.release()


def test_a_lock_that_nobody_holds_has_no_holder(path: Path) -> None:
    assert Lock(path).holder() == ""


def test_nothing_is_left_of_a_lock(path: Path) -> None:
    lock = Lock(path)
    lock.acquire()

    lock.release()

    assert not path.exists()


def test_letting_go_twice_takes_nothing_from_the_next(path: Path) -> None:
    one, other = Lock(path), Lock(path)
    one.acquire()
    one.release()
    other.acquire()

    one.release()

    assert not Lock(path).acquire()
    other.release()


def test_the_lock_of_a_dead_process_is_free(path: Path) -> None:
    command = [sys.executable, "-c", HOLDER, str(path)]
    root = Path(__file__).parents[2]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "True\n"
        lock = Lock(path)
        assert not lock.acquire()
        assert lock.holder() == "a process"

        process.kill()
        process.wait()

        assert path.exists()
        assert lock.acquire("another")
        assert lock.holder() == "another"
        lock.release()


def test_a_file_is_locked_once(tmp_path: Path) -> None:
    with (tmp_path / "file").open("w") as one, (tmp_path / "file").open() as other:
        assert (try_lock(one), try_lock(other)) == (True, False)
