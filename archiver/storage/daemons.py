"""Threads for an engine's tasks that never keep a process from ending.

The threads of `concurrent.futures` are joined when the interpreter ends, however long what
they do may stall.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue
from threading import Lock, Thread
from typing import Any

_Task = tuple[Future[Any], Callable[..., Any], tuple[Any, ...]]  # Any: whatever the engine runs


class DaemonExecutor:
    """Run what is submitted in at most *max_workers* daemonic threads, started as needed.

    They end when the executor is shut down, or when nobody holds it any more.
    """

    def __init__(self, max_workers: int) -> None:
        self._max_workers = max_workers
        self._tasks: SimpleQueue[_Task | None] = SimpleQueue()
        self._threads: list[Thread] = []
        self._lock = Lock()
        weakref.finalize(self, _end, self._tasks, max_workers).atexit = False

    def submit(self, function: Callable[..., Any], *arguments: Any) -> Future[Any]:
        """Run *function* when a thread is free; its result or error goes into the future."""
        future: Future[Any] = Future()
        self._tasks.put((future, function, arguments))
        with self._lock:
            if len(self._threads) < self._max_workers:
                # The thread knows the queue and not the executor, which may so be forgotten.
                thread = Thread(target=_work, args=[self._tasks], name="archiver-s3", daemon=True)
                self._threads.append(thread)
                thread.start()
        return future

    def shutdown(self, wait: bool = True) -> None:
        """End the threads after what was submitted; *wait* for them or not."""
        _end(self._tasks, self._max_workers)
        for thread in self._threads if wait else ():
            thread.join()


def _work(tasks: SimpleQueue[_Task | None]) -> None:
    while (task := tasks.get()) is not None:
        future, function, arguments = task
        if future.set_running_or_notify_cancel():
            try:
                future.set_result(function(*arguments))
            except BaseException as error:  # it belongs to whoever waits for the future
                future.set_exception(error)
        del future, function, arguments, task  # or an idle thread keeps what they hold


def _end(tasks: SimpleQueue[_Task | None], threads: int) -> None:
    for _ in range(threads):
        tasks.put(None)
