"""A disk that is nearly full: the crawl pauses before it hurts, and goes on when there is room."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.journeys.collected import Collected, collected, texts_so_far
from tests.journeys.commands import Finished, Running, crawl_command, started, wait_until
from tests.journeys.completed import complete, completion
from tests.journeys.mounts import Mount, mount, small_disk
from tests.journeys.site import Asked, Site, answer
from tests.journeys.stories import story

__all__ = ["mount"]

PAGES = [f"/{number}" for number in range(8)]
SETTINGS = {"CONCURRENT_REQUESTS": 1, "ARCHIVE_MIN_FREE_BYTES": 2_000_000}
DISK = "size=8m"
FILLING = 7_000_000
PAUSES = "] WARNING: The crawl pauses: "


def respond(asked: Asked) -> list[bytes]:
    return answer(story(int(asked.path[1:])))


def fill(disk: Path) -> Path:
    """Leave less on *disk* than a crawl asks for."""
    filling = disk / "filling"
    filling.write_bytes(bytes(FILLING))
    return filling


def command(folder: Path, store: Path, site: Site, **settings: object) -> list[str]:
    seeds = folder / "seeds.txt"
    seeds.write_text("".join(f"{site.base}{path}\n" for path in PAGES), encoding="ascii")
    given = {"ARCHIVE_WORK_DIR": folder / "work", **SETTINGS, **settings}
    return crawl_command(store, "-a", f"seeds={seeds}", settings=given)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Paused:
    """A crawl that ran out of room half way, while it waited for page 3, and found it again."""

    folder: Path
    asked_in_pause: list[str]
    asked: list[str]
    end: Finished
    collection: Collected


@pytest.fixture(scope="module")
def paused(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Paused]:
    folder = tmp_path_factory.mktemp("paused")
    with small_disk(folder / "disk", DISK) as disk:
        collection = disk / "store" / "news"
        running: Running

        def respond_and_fill(asked: Asked) -> list[bytes]:
            if asked.path == "/3":
                fill(disk)
                running.wait_for_log(PAUSES)
            return respond(asked)

        with (
            Site(respond_and_fill) as site,
            started(command(folder, disk / "store", site)) as running,
        ):
            running.wait_for_log(PAUSES)
            wait_until(lambda: texts_so_far(collection) == 4)
            time.sleep(0.5)
            asked_in_pause = site.paths
            (disk / "filling").unlink()
            end = running.end()
        yield Paused(
            folder=folder,
            asked_in_pause=asked_in_pause,
            asked=site.paths,
            end=end,
            collection=collected(collection),
        )


def test_a_crawl_that_runs_out_of_room_says_so_once_and_that_it_goes_on(paused: Paused) -> None:
    (warning,) = paused.end.log_lines("WARNING")
    disk = paused.folder / "disk"

    assert f"The crawl pauses: {disk}/store/news has " in warning
    assert "B free, and 2.00MB are to stay so (ARCHIVE_MIN_FREE_BYTES). Make room" in warning
    assert "The crawl goes on" in paused.end.stderr


def test_a_paused_crawl_keeps_what_was_under_way_and_asks_for_nothing_more(
    paused: Paused,
) -> None:
    assert paused.asked_in_pause == PAGES[:4]


def test_a_crawl_that_has_room_again_completes(paused: Paused) -> None:
    folder = paused.folder

    assert (paused.end.status, paused.end.log_lines("ERROR")) == (0, [])
    assert paused.asked == PAGES
    assert completion(folder / "disk/store/news", folder / "work") == complete(PAGES)


def test_the_log_of_a_crawl_says_how_long_it_paused(paused: Paused) -> None:
    (log,) = paused.collection.crawls

    assert log["stats"]["archive/pause_count"] == 1
    assert 0.5 < log["stats"]["archive/paused_seconds"] < 60


def test_a_crawl_whose_work_folder_has_no_room_fetches_nothing_until_it_has(
    tmp_path: Path, mount: Mount
) -> None:
    disk = mount(DISK)
    filling = fill(disk)
    with Site(respond) as site:
        work = {"ARCHIVE_WORK_DIR": disk / "work"}
        with started(command(tmp_path, tmp_path / "store", site, **work)) as running:
            running.wait_for_log(f"{PAUSES}{disk}/work has ")
            time.sleep(0.5)
            asked_in_pause = site.paths
            filling.unlink()
            end = running.end()

    assert (asked_in_pause, end.status) == ([], 0)
    assert completion(tmp_path / "store/news", disk / "work") == complete(PAGES)


@pytest.mark.parametrize("signal", ["interrupt", "terminate"])
def test_a_paused_crawl_that_is_told_to_stop_does_and_is_completed_when_there_is_room(
    tmp_path: Path, mount: Mount, signal: str
) -> None:
    disk = mount(DISK)
    filling = fill(disk)
    with Site(respond) as site:
        again = command(tmp_path, disk / "store", site)
        with started(again) as running:
            running.wait_for_log(PAUSES)
            {"interrupt": running.interrupt, "terminate": running.terminate}[signal]()
            told_at = time.monotonic()
            stopped = running.end()
            seconds = time.monotonic() - told_at
        filling.unlink()
        with started(again) as running:
            end = running.end()

    assert (stopped.status, end.status) == (0, 0)
    assert seconds < 5
    assert site.paths == PAGES
    assert completion(disk / "store/news", tmp_path / "work") == complete(PAGES)
