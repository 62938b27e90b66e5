"""Threads that do what they are told and never keep a process from ending."""

from __future__ import annotations

import gc
import subprocess
import sys
import threading
import time

import pytest

from archiver.storage.daemons import DaemonExecutor


def test_what_is_submitted_is_run_and_answered() -> None:
    executor = DaemonExecutor(max_workers=2)

    futures = [executor.submit(divmod, number, 3) for number in range(5)]

    assert [future.result(5) for future in futures] == [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1)]
    executor.shutdown()


def test_an_error_belongs_to_whoever_waits() -> None:
    executor = DaemonExecutor(max_workers=1)

    with pytest.raises(ZeroDivisionError):
        executor.submit(divmod, 1, 0).result(5)
    assert executor.submit(divmod, 1, 1).result(5) == (1, 0)
    executor.shutdown()


def test_no_more_threads_run_than_are_allowed() -> None:
    executor, gate = DaemonExecutor(max_workers=2), threading.Barrier(2)

    futures = [executor.submit(gate.wait, 5) for _ in range(4)]

    assert sorted(future.result(5) for future in futures) == [0, 0, 1, 1]
    executor.shutdown()


def test_what_was_cancelled_is_not_run() -> None:
    executor, gate = DaemonExecutor(max_workers=1), threading.Event()
    executor.submit(gate.wait, 5)

    future = executor.submit(divmod, 1, 0)

    assert future.cancel()
    gate.set()
    executor.shutdown()


def test_the_threads_of_a_forgotten_executor_end() -> None:
    before = threading.active_count()
    executor = DaemonExecutor(max_workers=2)
    executor.submit(divmod, 1, 1).result(5)

    del executor
    gc.collect()

    deadline = time.monotonic() + 5
    while threading.active_count() > before and time.monotonic() < deadline:
        time.sleep(0.01)
    assert threading.active_count() <= before


def test_a_stalled_task_does_not_keep_a_process_from_ending() -> None:
    script = (
        "import threading; from archiver.storage.daemons import DaemonExecutor as D;"
        "D(1).submit(threading.Event().wait); print('ends')"
    )

    done = subprocess.run([sys.executable, "-c", script], timeout=30, capture_output=True)

    assert (done.returncode, done.stdout) == (0, b"ends\n")
