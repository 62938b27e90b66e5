"""Where one page at a time is turned into text: a process of its own, or a thread.

A seat outlives its pages: a process that dies, or is ended because its page took too long,
is replaced for the next page.
"""

from __future__ import annotations

import pickle
import signal
import subprocess
import sys
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from threading import Thread, Timer
from typing import IO, Protocol, cast

from archiver.capture import Page
from archiver.errors import ArchiveError
from archiver.text import TextRecord
from archiver.worker import (
    Extract,
    ExtractionLost,
    Outcome,
    Source,
    function_named,
    outcome_of,
    send,
)

_START_SECONDS = 60.0


class Seat(Protocol):
    """Where one page at a time is worked on."""

    def run(self, source: Source, page: Page) -> TextRecord | None:
        """Return the text of *page*, or raise the ArchiveError that it ends in."""

    def kill(self) -> None:
        """Give up, from another thread, whatever is being worked on."""

    def close(self) -> None:
        """Let go of what the seat holds, between two pages."""


class ProcessSeat:
    """A process for one page after another; it is replaced when it dies or is ended."""

    def __init__(self, function: str, timeout: float) -> None:
        self._function = function
        self._timeout = timeout
        self._process: subprocess.Popen[bytes] | None = None
        self._is_killed = False

    def run(self, source: Source, page: Page) -> TextRecord | None:
        """Have the process work on *page*, and start it first if there is none."""
        process = self._ready_process(page)
        outcome = self._exchange(process, (source, page), page, self._timeout)
        if isinstance(outcome, ArchiveError):
            raise outcome
        return outcome

    def kill(self) -> None:
        """End the process, which costs the page that it works on."""
        self._is_killed = True
        if self._process is not None:
            self._process.kill()

    def close(self) -> None:
        """End the process; the next page gets another."""
        if self._process is not None:
            _end(self._process)
            self._process = None

    def _ready_process(self, page: Page) -> subprocess.Popen[bytes]:
        if self._process is not None and self._process.poll() is None:
            return self._process
        self.close()
        # The path of imports is handed on whole: the parent may have changed it.
        program = (
            f"import sys; sys.path[:] = {sys.path!r}; "
            f"from archiver.worker import work; work({self._function!r}, {self._timeout!r})"
        )
        # A terminal's Ctrl-C and a service manager's SIGTERM go to every process, but a crawl
        # that is asked to stop wants the texts of what it has fetched. A mask is inherited, and
        # holds from a process's first instant on.
        masked = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-c", program],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                start_new_session=True,
            )
        except OSError as error:
            detail = f"no process can be started to extract text ({error.strerror})"
            raise ExtractionLost(page.target, "start", detail) from error
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, masked)
        if self._is_killed:
            self._process.kill()
        self._exchange(self._process, None, page, _START_SECONDS)
        return self._process

    def _exchange(
        self, process: subprocess.Popen[bytes], task: tuple[Source, Page] | None, page: Page,
        seconds: float,
    ) -> Outcome:  # fmt: skip
        """Send *task*, if any, and return the answer. A process that gives none is replaced."""
        is_late = False

        def end() -> None:
            nonlocal is_late
            is_late = True
            process.kill()

        timer = Timer(seconds, end)
        timer.start()
        try:
            if task is not None:
                send(cast("IO[bytes]", process.stdin), task)
            return cast("Outcome", pickle.load(cast("IO[bytes]", process.stdout)))
        except (OSError, EOFError, pickle.UnpicklingError) as error:
            status = process.wait()
            if is_late:
                raise _too_slow(page, seconds) from None
            detail = f"its process ended with status {status}"
            raise ExtractionLost(page.target, "crash", detail) from error
        finally:
            timer.cancel()
            timer.join()
            if is_late:
                self.close()  # even if the answer came first: the next page needs a process


class ThreadSeat:
    """A thread for each page, one at a time; one that hangs is left behind."""

    def __init__(self, function: str, timeout: float) -> None:
        self._function = function
        self._timeout = timeout
        self._extract: Extract | None = None
        self._answer: Future[TextRecord | None] = Future()
        self._is_killed = False

    def run(self, source: Source, page: Page) -> TextRecord | None:
        """Have a thread work on *page*, and wait for it no longer than it may take."""
        if self._extract is None:
            self._extract = function_named(self._function)
        self._answer = Future()
        args = (self._answer, self._extract, source, page)
        Thread(target=_fulfil, args=args, name="extraction-page", daemon=True).start()
        if self._is_killed:
            self._answer.cancel()
        try:
            return self._answer.result(self._timeout)
        except TimeoutError:
            raise _too_slow(page, self._timeout) from None

    def kill(self) -> None:
        """Wait no longer for the page that is worked on."""
        self._is_killed = True
        self._answer.cancel()  # a thread cannot be ended, but nobody need wait for it

    def close(self) -> None:
        """Do nothing: each thread ends with its page, and none keeps the process alive."""


def _fulfil(
    answer: Future[TextRecord | None], extract: Extract, source: Source, page: Page
) -> None:
    outcome = outcome_of(extract, source, page)
    with suppress(InvalidStateError):  # nobody waits for it any more
        if isinstance(outcome, ArchiveError):
            answer.set_exception(outcome)
        else:
            answer.set_result(outcome)


def _too_slow(page: Page, seconds: float) -> ExtractionLost:
    return ExtractionLost(page.target, "timeout", f"it took longer than {seconds:g} s")


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a process that only reads, and so has nothing to lose, and wait until it is gone."""
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with suppress(OSError):  # octets that it never took
                pipe.close()
