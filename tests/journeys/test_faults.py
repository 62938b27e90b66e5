"""A machine that refuses: one clear sentence, nothing broken, and the same command completes it.

What a full disk does to a crawl, file by file, is in `test_full_disk`.
"""

from __future__ import annotations

import resource
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.journeys.commands import Finished, Running, crawl_command, started
from tests.journeys.completed import complete, completion, judged, kept_so_far
from tests.journeys.mounts import Mount, mount, read_only, resize
from tests.journeys.site import Asked, Site, answer
from tests.journeys.stories import story
from tests.journeys.test_interruption import Gate

__all__ = ["mount"]

PAGES = [f"/{number}" for number in range(20)]
# One after the other; two fill a WARC.
SETTINGS = {
    "CONCURRENT_REQUESTS": 1,
    "DOWNLOAD_TIMEOUT": 60,
    "ARCHIVE_WARC_MAX_BYTES": 10_000,
}


def command(folder: Path, store: Path, site: Site, **settings: object) -> list[str]:
    """Return the command that crawls all pages of *site*, the same for the same *folder*."""
    seeds = folder / "seeds.txt"
    seeds.write_text("".join(f"{site.base}{path}\n" for path in PAGES), encoding="ascii")
    given = {**SETTINGS, "ARCHIVE_WORK_DIR": folder / "work", **settings}
    return crawl_command(store, "-a", f"seeds={seeds}", settings=given)


def end_of(command: list[str]) -> Finished:
    with started(command) as running:
        return running.end()


def end_with(command: list[str], gate: Gate, fault: Callable[[Running], object]) -> Finished:
    """Run *command*; *fault* befalls it while it waits for the page behind *gate*."""
    with started(command) as running:
        assert gate.is_reached.wait(60)
        fault(running)
        gate.is_open.set()
        return running.end()


def said(end: Finished) -> str:
    """Return the one error that a crawl stopped with, in one line and without a traceback."""
    (error,) = end.log_lines("ERROR")
    assert end.status == 1
    assert "Traceback" not in end.stderr
    return error


def open_no_more(running: Running) -> None:
    """Refuse *running* every file and every socket that it has not open (RLIMIT_NOFILE)."""
    resource.prlimit(running.pid, resource.RLIMIT_NOFILE, (3, 3))


def test_a_crawl_that_may_open_no_more_files_stops_and_is_completed(tmp_path: Path) -> None:
    gate, folder = Gate(5), tmp_path / "store/news"
    with Site(gate.respond) as site:
        again = command(tmp_path, folder.parent, site)
        stopped = end_with(again, gate, open_no_more)
        left = judged(folder)
        end = end_of(again)

    assert "Too many open files" in said(stopped)
    assert left == (0, "0 faults")
    assert end.status == 0
    assert completion(folder, tmp_path / "work") == complete(PAGES)


def test_a_crawl_that_may_open_no_more_connections_stops_and_is_completed(
    tmp_path: Path,
) -> None:
    gate, folder = Gate(5), tmp_path / "store/news"

    def respond_and_hang_up(asked: Asked) -> list[bytes]:
        gate.respond(asked)
        return answer(story(int(asked.path[1:]), ballast=5000), "Connection: close")

    with Site(respond_and_hang_up) as site:
        again = command(tmp_path, folder.parent, site, ARCHIVE_WARC_MAX_BYTES=1_000_000)
        stopped = end_with(again, gate, open_no_more)
        left = judged(folder)
        end = end_of(again)

    assert "Too many open files" in said(stopped)
    assert left == (0, "0 faults")
    assert (end.status, site.paths) == (0, PAGES)
    assert completion(folder, tmp_path / "work") == complete(PAGES)


def test_a_crawl_that_may_start_no_worker_stops_and_loses_no_text(tmp_path: Path) -> None:
    gate, folder = Gate(1), tmp_path / "store/news"

    def respond(asked: Asked) -> list[bytes]:
        # The first answer opens the WARC, and is none that a worker has anything to do with.
        is_first = asked.path == "/0"
        return answer(b"Gone.", status="404 Not Found") if is_first else gate.respond(asked)

    with Site(respond) as site:
        again = command(tmp_path, folder.parent, site, ARCHIVE_WARC_MAX_BYTES=1_000_000)
        stopped = end_with(again, gate, open_no_more)
        left = judged(folder)
        end = end_of(again)
    found = completion(folder, tmp_path / "work")

    assert "Too many open files" in said(stopped)
    assert left == (0, "0 faults")
    assert (end.status, found.answers, found.left) == (0, sorted(PAGES), [])
    assert found.pages == found.texts == sorted(PAGES[1:])


def test_a_crawl_that_filled_a_disk_is_completed_when_there_is_room(
    tmp_path: Path, mount: Mount
) -> None:
    disk = mount("size=256k")
    folder = disk / "store/news"

    def respond(asked: Asked) -> list[bytes]:
        return answer(story(int(asked.path[1:]), ballast=20_000))

    with Site(respond) as site:
        again = command(tmp_path, folder.parent, site, ARCHIVE_WARC_MAX_BYTES=50_000)
        stopped = end_of(again)
        left = judged(folder)
        kept = kept_so_far(folder)
        asked_before = len(site.paths)
        resize(disk, "8m")
        end = end_of(again)

    assert "(No space left on device)" in said(stopped)
    assert left == (0, "0 faults")
    assert len(kept) > 0
    assert kept & {*site.paths[asked_before:]} == set()
    assert end.status == 0
    assert completion(folder, tmp_path / "work") == complete(PAGES)


# A WARC that is full means a note in the work folder; without, the frontier is the first there.
@pytest.mark.parametrize("max_bytes", [10_000, 1_000_000])
def test_a_crawl_whose_work_folder_is_full_is_completed_when_there_is_room(
    tmp_path: Path, mount: Mount, max_bytes: int
) -> None:
    disk = mount("size=2m")
    gate, folder = Gate(5), tmp_path / "store/news"
    with Site(gate.respond) as site:
        settings = {"ARCHIVE_WORK_DIR": disk / "work", "ARCHIVE_WARC_MAX_BYTES": max_bytes}
        again = command(tmp_path, folder.parent, site, **settings)
        stopped = end_with(again, gate, lambda _: fill(disk))
        left = judged(folder)
        (disk / "filling").unlink()
        end = end_of(again)

    assert f"{disk}/work" in said(stopped)
    assert left == (0, "0 faults")
    assert end.status == 0
    assert completion(folder, disk / "work") == complete(PAGES)


def fill(disk: Path) -> None:
    """Leave nothing on *disk*."""
    with pytest.raises(OSError, match="No space left"):
        (disk / "filling").write_bytes(bytes(4_000_000))


def test_a_store_that_becomes_read_only_stops_the_crawl_which_is_completed_later(
    tmp_path: Path, mount: Mount
) -> None:
    disk = mount("size=8m")
    gate, folder = Gate(5), disk / "store/news"
    with Site(gate.respond) as site:
        again = command(tmp_path, folder.parent, site)
        with started(again) as running:
            assert gate.is_reached.wait(60)
            with read_only(disk):
                gate.is_open.set()
                stopped = running.end()
                left = judged(folder)
                refused = end_of(again)
        end = end_of(again)

    assert "(Read-only file system)" in said(stopped)
    assert left == (0, "0 faults")
    assert (refused.status, refused.stderr.count("archiver: ")) == (2, 1)
    assert "Read-only file system" in refused.stderr
    assert end.status == 0
    assert completion(folder, tmp_path / "work") == complete(PAGES)
