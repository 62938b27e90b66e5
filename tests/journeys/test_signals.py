"""A crawl that is told to stop, in every way there is: the same command completes it."""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event

import pytest

from tests.journeys.collected import collected, growing, texts_so_far
from tests.journeys.commands import Finished, Running, crawl_command, started, wait_until
from tests.journeys.completed import complete, completion, judged, whole_answers
from tests.journeys.site import Asked, Site, answer
from tests.journeys.stories import story
from tests.journeys.test_interruption import Gate

PAGES = [f"/{number}" for number in range(12)]
# One after the other; two fill a WARC.
SETTINGS = {
    "CONCURRENT_REQUESTS": 1,
    "DOWNLOAD_TIMEOUT": 60,
    "ARCHIVE_WARC_MAX_BYTES": 10_000,
    "ARCHIVE_STOP_SECONDS": 1,
}
CUTS_SHORT = "are cut short: the crawl is not done 1 seconds after SIGTERM"
# What an end takes beside the waiting for the server, on a machine that is busy.
GRACE = 6.0

Tell = Callable[[Running], None]


def command(folder: Path, site: Site, **settings: object) -> list[str]:
    """Return the command that crawls all pages of *site*, the same for the same *folder*."""
    seeds = folder / "seeds.txt"
    seeds.write_text("".join(f"{site.base}{path}\n" for path in PAGES), encoding="ascii")
    given = {**SETTINGS, "ARCHIVE_WORK_DIR": folder / "work", **settings}
    return crawl_command(folder / "store", "-a", f"seeds={seeds}", settings=given)


def end_of(command: list[str]) -> Finished:
    with started(command) as running:
        return running.end()


@pytest.mark.parametrize("tell", [Running.interrupt, Running.terminate])
def test_what_a_first_signal_left_undone_is_done_by_the_same_command(
    tmp_path: Path, tell: Tell
) -> None:
    gate = Gate(5)
    with Site(gate.respond) as site:
        again = command(tmp_path, site, ARCHIVE_STOP_SECONDS=60)
        with started(again) as running:
            assert gate.is_reached.wait(60)
            tell(running)
            running.wait_for_log("shutting down gracefully")
            gate.is_open.set()
            stopped = running.end()
        asked_before = site.paths
        end = end_of(again)

    assert (stopped.status, stopped.log_lines("WARNING")) == (0, [])
    assert (end.status, asked_before, site.paths) == (0, PAGES[:6], PAGES)
    assert completion(tmp_path / "store/news", tmp_path / "work") == complete(PAGES)


@pytest.mark.parametrize("tell", [Running.interrupt, Running.terminate])
def test_what_a_second_signal_cut_off_is_mended_and_done_by_the_same_command(
    tmp_path: Path, tell: Tell
) -> None:
    gate = Gate(5)
    with Site(gate.respond) as site:
        again = command(tmp_path, site, ARCHIVE_STOP_SECONDS=60)
        with started(again) as running:
            assert gate.is_reached.wait(60)
            tell(running)
            running.wait_for_log("shutting down gracefully")
            tell(running)
            told_at = time.monotonic()
            stopped = running.end()
            seconds = time.monotonic() - told_at
            gate.is_open.set()
        end = end_of(again)

    assert seconds < GRACE
    assert "Traceback" not in stopped.stderr
    assert end.status == 0
    assert Counter(site.paths) == Counter([*PAGES, "/5"])
    assert completion(tmp_path / "store/news", tmp_path / "work") == complete(PAGES)


class Stuck:
    """Answers with stories, but begins only to answer /5 when it is asked for the first time.

    *begun* gives what comes of that answer, until *is_over*.
    """

    def __init__(self, begun: Callable[[Event], Iterator[bytes]]) -> None:
        self.is_reached = Event()
        self.is_over = Event()
        self._begun = begun

    def respond(self, asked: Asked) -> Iterator[bytes]:
        """Answer, or never come to an end."""
        if asked.path == "/5" and not self.is_reached.is_set():
            self.is_reached.set()
            yield from self._begun(self.is_over)
        else:
            yield from answer(story(int(asked.path[1:]), ballast=5000))


def nothing(is_over: Event) -> Iterator[bytes]:
    assert is_over.wait(60)
    yield b""


def a_part(is_over: Event) -> Iterator[bytes]:
    (whole,) = answer(story(5, ballast=5000))
    yield whole[:3000]
    assert is_over.wait(60)


def a_drip(is_over: Event) -> Iterator[bytes]:
    (whole,) = answer(story(5, ballast=5000))
    for octet in whole:
        yield bytes([octet])
        if is_over.wait(0.05):
            return


@pytest.mark.parametrize("begun", [nothing, a_part, a_drip])
def test_a_server_that_never_finishes_does_not_keep_a_terminated_crawl(
    tmp_path: Path, begun: Callable[[Event], Iterator[bytes]]
) -> None:
    stuck, folder = Stuck(begun), tmp_path / "store/news"
    with Site(stuck.respond) as site:
        again = command(tmp_path, site)
        with started(again) as running:
            assert stuck.is_reached.wait(60)
            wait_until(lambda: texts_so_far(folder) == 5)
            running.terminate()
            told_at = time.monotonic()
            stopped = running.end()
            seconds = time.monotonic() - told_at
        stuck.is_over.set()
        left = (growing(folder), judged(folder), whole_answers(collected(folder)))
        end = end_of(again)

    assert 1 <= seconds < 1 + GRACE
    assert [CUTS_SHORT in line for line in stopped.log_lines("WARNING")] == [True]
    assert (stopped.status, stopped.log_lines("ERROR")) == (0, [])
    assert left == ([], (0, "0 faults"), PAGES[:5])
    assert end.status == 0
    assert Counter(site.paths) == Counter([*PAGES, "/5"])
    assert completion(folder, tmp_path / "work") == complete(PAGES)


def test_a_page_whose_text_does_not_come_does_not_keep_a_terminated_crawl(tmp_path: Path) -> None:
    gate, folder = Gate(5), tmp_path / "store/news"
    with Site(gate.respond) as site:
        again = command(tmp_path, site, ARCHIVE_EXTRACT_WORKERS=1)
        with started(again) as running:
            assert gate.is_reached.wait(60)
            wait_until(lambda: texts_so_far(folder) == 5)
            (worker,) = running.workers()
            os.kill(worker, signal.SIGSTOP)
            gate.is_open.set()
            wait_until(lambda: "/6" in site.paths)
            running.terminate()
            told_at = time.monotonic()
            stopped = running.end()
            seconds = time.monotonic() - told_at
        end = end_of(again)

    assert 1 <= seconds < 1 + GRACE
    assert [CUTS_SHORT in line for line in stopped.log_lines("WARNING")] == [True]
    assert (stopped.status, end.status) == (0, 0)
    assert Counter(site.paths) == Counter(PAGES)
    assert completion(folder, tmp_path / "work") == complete(PAGES)
