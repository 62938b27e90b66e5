"""Processes that turn pages into text records, so that a page can harm its own text only.

A page that hangs or kills the extractor costs that page's text: its process is ended and a
fresh one takes the seat. Nothing here knows what a crawl is, or how text is extracted.

Why no library: a process that `multiprocessing` starts (and so one of pebble or of
`concurrent.futures`) first runs its parent's main script again, and a script that starts a
crawl outside `if __name__ == "__main__"` would start it once more in every worker. The pools
of those two are also broken for good when a worker dies while it is idle.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from threading import Thread
from types import TracebackType
from typing import Self

from archiver.capture import Page
from archiver.seats import ProcessSeat, Seat, ThreadSeat
from archiver.text import TextRecord
from archiver.worker import ExtractionLost, Source

__all__ = ["ExtractionLost", "Source", "Workers"]


class Workers:
    """Run *function* over pages in *count* processes, or in one thread where that is 0.

    *function* is named as `module:name`, so that only the workers import what it needs; it
    takes what `submit` is given. A page may take *timeout* seconds. A process starts with the
    first page it is given. `submit` never waits: whoever submits keeps count of what is on
    its way.
    """

    def __init__(
        self, count: int, *, timeout: float, function: str = "archiver.rereading:extract_at"
    ) -> None:
        self._tasks: SimpleQueue[_Task | None] = SimpleQueue()
        self._seats: Sequence[Seat] = [ProcessSeat(function, timeout) for _ in range(count)]
        self._seats = self._seats or [ThreadSeat(function, timeout)]
        self._threads = [
            Thread(target=_serve, args=(seat, self._tasks), name="extraction", daemon=True)
            for seat in self._seats
        ]
        for thread in self._threads:
            thread.start()
        self._is_closed = False

    def submit(self, source: Source, page: Page) -> Future[TextRecord | None]:
        """Have *page* extracted from *source*, the path of a WARC file or a record's block.

        The future raises ExtractionLost where the page took too long or crashed, and any
        other ArchiveError of the function's own, such as DamagedRecord.
        """
        if self._is_closed:
            raise RuntimeError("these workers have been let go")
        task = _Task(source, page)
        self._tasks.put(task)
        return task.future

    def close(self) -> None:
        """Wait for all that was submitted and let the workers go. Closing twice is harmless."""
        self._is_closed = True
        for _ in self._threads:
            self._tasks.put(None)
        for thread in self._threads:
            thread.join()

    def kill(self) -> None:
        """Let the workers go at once: what waits is cancelled, what runs is lost."""
        self._is_closed = True
        with suppress(Empty):
            while True:
                task = self._tasks.get_nowait()
                if task is not None:
                    task.future.cancel()
        for seat in self._seats:
            seat.kill()
        self.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        if kind is None:
            self.close()
        else:
            self.kill()


@dataclass(frozen=True, slots=True)
class _Task:
    source: Source
    page: Page
    future: Future[TextRecord | None] = field(default_factory=Future)


def _serve(seat: Seat, tasks: SimpleQueue[_Task | None]) -> None:
    while (task := tasks.get()) is not None:
        if task.future.set_running_or_notify_cancel():
            try:
                task.future.set_result(seat.run(task.source, task.page))
            except BaseException as error:  # whoever holds the future is waiting for it
                task.future.set_exception(error)
    seat.close()
