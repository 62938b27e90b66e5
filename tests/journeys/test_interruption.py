"""A crawl that is interrupted seals what it has; one that is killed damages nothing."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from threading import Event

import pytest

from tests.journeys.collected import Collected, collected, growing, texts_so_far, tree
from tests.journeys.commands import (
    Finished,
    archiver,
    crawl,
    crawl_command,
    is_running,
    started,
    wait_until,
)
from tests.journeys.site import Asked, Site, answer
from tests.journeys.stories import story

# One after the other; two fill a WARC.
SETTINGS = {
    "CONCURRENT_REQUESTS": 1,
    "DOWNLOAD_TIMEOUT": 60,
    "ARCHIVE_WARC_MAX_BYTES": 10_000,
}
BALLAST = 5_000


class Gate:
    """Serves stories, and holds one of them back from when it is asked for until it is let go."""

    def __init__(self, number: int) -> None:
        self.is_reached = Event()
        self.is_open = Event()
        self._number = number

    def respond(self, asked: Asked) -> list[bytes]:
        """Answer with a story, once the gate is open if it is the one."""
        number = int(asked.path[1:])
        if number == self._number:
            self.is_reached.set()
            assert self.is_open.wait(60)
        return answer(story(number, ballast=BALLAST))


def seed_list(folder: Path, site: Site) -> str:
    path = folder / "seeds.txt"
    path.write_text("".join(f"{site.base}/{n}\n" for n in range(30)), encoding="ascii")
    return f"seeds={path}"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Interrupted:
    """What was asked of the site, how the crawl ended, and what it left."""

    asked: list[str]
    end: Finished
    collection: Collected


@pytest.fixture(scope="module", params=["interrupt", "terminate"])
def interrupted(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Interrupted:
    """A crawl that is told to stop while it waits for its sixth page."""
    folder, gate = tmp_path_factory.mktemp("interrupted"), Gate(5)
    with Site(gate.respond) as site:
        arguments = ("-a", seed_list(folder, site))
        command = crawl_command(folder / "store", *arguments, settings=SETTINGS)
        with started(command) as running:
            assert gate.is_reached.wait(60)
            {"interrupt": running.interrupt, "terminate": running.terminate}[request.param]()
            running.wait_for_log("shutting down gracefully")
            gate.is_open.set()
            end = running.end()
    return Interrupted(asked=site.paths, end=end, collection=collected(folder / "store" / "news"))


def test_an_interrupted_crawl_ends_in_order(interrupted: Interrupted) -> None:
    (log,) = interrupted.collection.crawls

    assert (interrupted.end.status, interrupted.end.log_lines("ERROR")) == (0, [])
    assert log["outcome"] == "shutdown"


def test_an_interrupted_crawl_asks_for_nothing_more(interrupted: Interrupted) -> None:
    assert interrupted.asked == ["/0", "/1", "/2", "/3", "/4", "/5"]


def test_an_interrupted_crawl_seals_all_that_was_fetched(interrupted: Interrupted) -> None:
    kept = interrupted.collection

    assert sorted(kept.fetched) == interrupted.asked
    assert sorted(kept.paths_of_pages) == interrupted.asked
    assert sorted(kept.paths_of_texts) == interrupted.asked
    assert growing(kept.folder) == []


def test_the_collection_of_an_interrupted_crawl_is_sound(interrupted: Interrupted) -> None:
    check = archiver("check", interrupted.collection.folder)

    assert (check.status, check.stderr) == (0, "")
    assert check.stdout.endswith(", 0 faults, 0 notes, 0 unreadable\n")


def test_a_crawl_that_is_interrupted_twice_ends_at_once_and_damages_nothing(
    tmp_path: Path,
) -> None:
    gate = Gate(5)
    with Site(gate.respond) as site:
        arguments = ("-a", seed_list(tmp_path, site))
        with started(crawl_command(tmp_path / "store", *arguments, settings=SETTINGS)) as running:
            assert gate.is_reached.wait(60)
            running.interrupt()
            running.wait_for_log("shutting down gracefully")
            running.interrupt()
            end = running.end()
            gate.is_open.set()
    check = archiver("check", tmp_path / "store" / "news")

    assert "Traceback" not in end.stderr
    assert (check.status, check.stderr) == (0, ""), check.stdout
    assert ": note: unfinished: " in check.stdout


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Killed:
    """The processes that a crawl had started when it was killed, and what it left."""

    workers: list[int]
    folder: Path


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Killed:
    """A crawl that is killed while it waits for a page, with stems sealed and one open.

    Page 8 is held back until eight pages are read, so that there are stems to be sealed.
    """
    folder, gate = tmp_path_factory.mktemp("killed"), Gate(9)
    collection = folder / "store" / "news"

    def respond(asked: Asked) -> list[bytes]:
        if asked.path == "/8":
            wait_until(lambda: texts_so_far(collection) >= 8)
        return gate.respond(asked)

    with Site(respond) as site:
        arguments = ("-a", seed_list(folder, site))
        with started(crawl_command(folder / "store", *arguments, settings=SETTINGS)) as running:
            assert gate.is_reached.wait(60)
            wait_until(lambda: list(collection.glob("manifests/*.json")))
            wait_until(lambda: texts_so_far(collection) >= 9)
            workers = running.workers()
            running.kill()
            running.end()
            gate.is_open.set()
    return Killed(workers=workers, folder=collection)


def test_a_killed_crawl_leaves_no_process_behind(killed: Killed) -> None:
    wait_until(lambda: not any(map(is_running, killed.workers)))

    assert len(killed.workers) > 0


def test_a_killed_crawl_leaves_stems_sealed_and_unsealed(killed: Killed) -> None:
    assert len(collected(killed.folder).manifests) > 0
    assert len(growing(killed.folder / "archive")) > 0


def test_no_sealed_file_of_a_killed_crawl_is_damaged(killed: Killed) -> None:
    check = archiver("check", killed.folder)

    assert (check.status, check.stderr) == (0, ""), check.stdout
    assert ": note: unfinished: " in check.stdout
    assert " 0 faults, " in check.stdout


def test_what_a_killed_crawl_sealed_is_complete(killed: Killed, tmp_path: Path) -> None:
    # The kill may have come in the midst of sealing: sealed is what a manifest names.
    manifests = collected(killed.folder).manifests
    named = [file["path"] for manifest in manifests for file in manifest["files"]]
    copied = [_copied(killed.folder / path, tmp_path / path) for path in named]
    kept = collected(tmp_path)

    assert len(copied) == 4 * len(manifests)
    assert len(kept.fetched) > 0
    assert sorted(kept.paths_of_texts) == sorted(kept.paths_of_pages) == sorted(kept.fetched)


def _copied(path: Path, target: Path) -> Path:
    target.parent.mkdir(exist_ok=True)
    return Path(shutil.copy(path, target))


def test_the_log_of_a_killed_crawl_says_that_it_never_ended(killed: Killed) -> None:
    (log,) = collected(killed.folder).crawls

    assert (log["outcome"], log["finished_at"]) == ("running", None)


def test_after_a_kill_another_crawl_goes_on_in_the_same_collection(killed: Killed) -> None:
    before = tree(killed.folder)
    with Site(lambda asked: answer(story(99))) as site:
        end = crawl(killed.folder.parent, "-a", f"url={site.base}/99")
    after = tree(killed.folder)
    check = archiver("check", killed.folder)

    assert (end.status, check.status) == (0, 0)
    assert "/99" in collected(killed.folder).paths_of_texts
    assert {name: after.get(name) for name in before} == before
