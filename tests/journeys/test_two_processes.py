"""Two processes on one collection at once: the same command, and two that overlap."""

from __future__ import annotations

from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from threading import Barrier, Event

import pytest

from tests.journeys.collected import Collected, collected, growing, texts_so_far
from tests.journeys.commands import (
    PROJECT,
    Finished,
    archiver,
    crawl_command,
    finished,
    started,
    wait_until,
)
from tests.journeys.site import Asked, Site, answer
from tests.journeys.stories import story

ONE_BY_ONE = {"CONCURRENT_REQUESTS": 1, "DOWNLOAD_TIMEOUT": 60}
SHARED = [f"/{number}" for number in range(100, 140)]
OWN = [f"/{number}" for number in range(10)], [f"/{number}" for number in range(10, 20)]
HELD = SHARED[5]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Together:
    """How commands that ran at once ended, what they asked for, and what they left."""

    ends: list[Finished]
    asked: list[str]
    collection: Collected
    work: Path


def seed_list(folder: Path, site: Site, name: str, paths: list[str]) -> str:
    path = folder / f"{name}.txt"
    path.write_text("".join(f"{site.base}{path}\n" for path in paths), encoding="ascii")
    return f"seeds={path}"


def together(folder: Path, site: Site, ends: list[Finished]) -> Together:
    return Together(
        ends=ends,
        asked=site.paths,
        collection=collected(folder / "store" / "news"),
        work=folder / "store.work",
    )


class Gate:
    """Serves stories, and holds the one at *path* back from when it is asked for until let go."""

    def __init__(self, path: str) -> None:
        self.is_reached = Event()
        self.is_open = Event()
        self._path = path

    def respond(self, asked: Asked) -> list[bytes]:
        """Answer with a story, once the gate is open if it is the one."""
        if asked.path == self._path:
            self.is_reached.set()
            assert self.is_open.wait(60)
        return answer(story(int(asked.path[1:])))


@pytest.fixture(scope="module")
def twice(tmp_path_factory: pytest.TempPathFactory) -> Together:
    """A command that is typed again while it waits for its sixth page."""
    folder, gate = tmp_path_factory.mktemp("twice"), Gate("/5")
    with Site(gate.respond) as site:
        seeds = seed_list(folder, site, "seeds", OWN[0])
        command = crawl_command(
            folder / "store", "-a", seeds, "-L", "WARNING", settings=ONE_BY_ONE
        )
        with started(command) as running:
            assert gate.is_reached.wait(60)
            second = finished(command, PROJECT)
            gate.is_open.set()
            ends = [running.end(), second]
    return together(folder, site, ends)


@pytest.fixture(scope="module")
def overlapping(tmp_path_factory: pytest.TempPathFactory) -> Together:
    """Two crawls most of whose seeds are the same; both are there before either is answered."""
    folder, both = tmp_path_factory.mktemp("overlapping"), Barrier(2)

    def respond(asked: Asked) -> list[bytes]:
        if asked.path in (OWN[0][0], OWN[1][0]):
            both.wait(60)
        return answer(story(int(asked.path[1:])))

    settings = {"ARCHIVE_WARC_MAX_BYTES": 10_000, "DOWNLOAD_TIMEOUT": 60}
    with Site(respond) as site, ExitStack() as opened:
        lists = [seed_list(folder, site, str(n), [*OWN[n], *SHARED]) for n in range(2)]
        commands = [crawl_command(folder / "store", "-a", s, settings=settings) for s in lists]
        crawls = [opened.enter_context(started(command)) for command in commands]
        ends = [running.end() for running in crawls]
    return together(folder, site, ends)


@pytest.fixture(scope="module")
def outlived(tmp_path_factory: pytest.TempPathFactory) -> Together:
    """A crawl that waits for a page, is outrun by one that overlaps, is killed and run again."""
    folder, gate = tmp_path_factory.mktemp("outlived"), Gate(HELD)
    with Site(gate.respond) as site:
        lists = [seed_list(folder, site, str(n), [*OWN[n], *SHARED]) for n in range(2)]
        first, second = [
            crawl_command(folder / "store", "-a", seeds, settings=ONE_BY_ONE) for seeds in lists
        ]
        with started(first) as running:
            assert gate.is_reached.wait(60)
            # Fifteen were fetched before the one that is held, and their texts are there.
            wait_until(lambda: texts_so_far(folder / "store" / "news") >= 15)
            outrunner = finished(second, PROJECT)
            running.kill()
            running.end()
            gate.is_open.set()
        ends = [outrunner, finished(first, PROJECT)]
    return together(folder, site, ends)


@pytest.fixture(params=["twice", "overlapping", "outlived"])
def crawled(request: pytest.FixtureRequest) -> Together:
    crawled: Together = request.getfixturevalue(request.param)
    return crawled


def test_the_second_of_the_same_command_is_refused_in_one_sentence(twice: Together) -> None:
    second = twice.ends[1]

    assert (second.status, second.stdout) == (2, "")
    assert second.stderr.startswith("archiver: this crawl is running already (process ")
    assert second.stderr.count("\n") == 1


def test_the_second_of_the_same_command_leaves_no_trace(twice: Together) -> None:
    assert twice.asked == OWN[0]
    assert len(twice.collection.crawls) == 1


def test_the_first_of_the_same_command_comes_to_its_end(twice: Together) -> None:
    assert (twice.ends[0].status, twice.ends[0].log_lines("ERROR")) == (0, [])
    assert sorted(twice.collection.paths_of_texts) == OWN[0]


@pytest.mark.parametrize("crawl", ["overlapping", "outlived"])
def test_crawls_that_overlap_end_well(crawl: str, request: pytest.FixtureRequest) -> None:
    ends = request.getfixturevalue(crawl).ends

    assert [(end.status, end.log_lines("ERROR")) for end in ends] == [(0, [])] * 2


def test_crawls_that_overlap_ask_for_each_page_once_in_all(overlapping: Together) -> None:
    asked, wanted = Counter(overlapping.asked), Counter([*OWN[0], *OWN[1], *SHARED])

    assert (asked - wanted, wanted - asked) == ({}, {})


def test_crawls_that_overlap_each_fetch_what_is_their_own(overlapping: Together) -> None:
    assert len({manifest["crawl"] for manifest in overlapping.collection.manifests}) == 2


def test_what_a_killed_crawl_had_begun_is_all_that_is_asked_for_again(outlived: Together) -> None:
    asked, wanted = Counter(outlived.asked), Counter([*OWN[0], *OWN[1], *SHARED, HELD])

    assert (asked - wanted, wanted - asked) == ({}, {})


@pytest.mark.parametrize("crawl", ["overlapping", "outlived"])
def test_crawls_that_overlap_keep_each_page_and_its_text_once(
    crawl: str, request: pytest.FixtureRequest
) -> None:
    kept: Collected = request.getfixturevalue(crawl).collection
    wanted = sorted([*OWN[0], *OWN[1], *SHARED])

    assert sorted(kept.fetched) == wanted
    assert sorted(kept.paths_of_pages) == wanted
    assert sorted(kept.paths_of_texts) == wanted


def test_the_collection_is_sound_and_complete(crawled: Together) -> None:
    check = archiver("check", crawled.collection.folder)

    assert (check.status, check.stderr) == (0, "")
    assert check.stdout.endswith(", 0 faults, 0 notes, 0 unreadable\n")
    assert growing(crawled.collection.folder) == []
    assert sorted(crawled.work.rglob("frontier-*.sqlite*")) == []
