"""What a spider of one's own may count on: its objects stay its own, and no stop loses a request.

And what is said of a frontier that cannot be used, or is not done with.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Event

import pytest

from tests.journeys import frontier_spiders
from tests.journeys.collected import growing, tree
from tests.journeys.commands import PROJECT, Finished, crawl_command, finished, started
from tests.journeys.site import Asked, Site, answer
from tests.journeys.stories import story

SETTINGS = {"CONCURRENT_REQUESTS": 1, "SPIDER_MODULES": f"spiders,{frontier_spiders.__name__}"}
NUMBERS = [f"/{number}" for number in range(60)]
LEFT = "requests wait: the same command goes on with them"
SHOPPING_LIST = b"This is a shopping list, and no database at all.\n" * 100


class Gate:
    """Serves stories, and holds the thirtieth back from when it is asked for until let go."""

    def __init__(self) -> None:
        self.is_reached = Event()
        self.is_open = Event()

    def respond(self, asked: Asked) -> list[bytes]:
        """Answer with a story, once the gate is open if it is the one."""
        if asked.path == "/30":
            self.is_reached.set()
            assert self.is_open.wait(60)
        return answer(story(1))


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Stopped:
    """A crawl that was interrupted, and the same command run again."""

    first: Finished
    second: Finished
    asked_first: list[str]
    asked: list[str]
    folder: Path


@pytest.fixture(scope="module")
def stopped(tmp_path_factory: pytest.TempPathFactory) -> Stopped:
    """A crawl whose requests have lambdas, interrupted half way through."""
    folder, gate = tmp_path_factory.mktemp("closures"), Gate()
    with Site(gate.respond) as site:
        command = crawl_command(
            folder / "store", "-a", f"base={site.base}", spider="closures", settings=SETTINGS
        )
        with started(command) as running:
            assert gate.is_reached.wait(60)
            running.interrupt()
            running.wait_for_log("shutting down gracefully")
            gate.is_open.set()
            first = running.end()
        asked_first = site.paths
        second = finished(command, PROJECT)
    return Stopped(
        first=first, second=second, asked_first=asked_first, asked=site.paths, folder=folder
    )


def test_requests_with_lambdas_that_a_stop_dropped_are_fetched_by_the_same_command(
    stopped: Stopped,
) -> None:
    assert 30 <= len(stopped.asked_first) < 61
    assert Counter(stopped.asked) == Counter(["/list", "/list", *NUMBERS])
    assert (stopped.first.status, stopped.second.status) == (0, 0)
    assert growing(stopped.folder / "store" / "news") == []
    assert sorted(stopped.folder.rglob("frontier-*")) == []


def test_a_stop_says_how_many_are_dropped_and_how_many_are_left(stopped: Stopped) -> None:
    dropped = 61 - len(stopped.asked_first)
    said = [line for line in stopped.first.log_lines("WARNING") if "are dropped" in line]

    assert [f" {dropped} requests that were kept in memory only" in line for line in said] == [
        True
    ]
    assert f"left     {dropped + 1} {LEFT}" in stopped.first.stderr  # with the list itself
    assert LEFT not in stopped.second.stderr


def test_a_crawl_that_was_told_to_close_says_what_is_left(site: Site, tmp_path: Path) -> None:
    seeds = tmp_path / "seeds.txt"
    seeds.write_text("".join(f"{site.base}{path}\n" for path in NUMBERS), encoding="ascii")
    settings = {**SETTINGS, "CLOSESPIDER_PAGECOUNT": 5}
    command = crawl_command(tmp_path / "store", "-a", f"seeds={seeds}", settings=settings)
    end = finished(command, PROJECT)

    assert end.status == 0
    assert LEFT in end.stderr


def test_one_dict_that_goes_through_three_requests_stays_one(site: Site, tmp_path: Path) -> None:
    feed = tmp_path / "items.jsonl"
    arguments = ("-a", f"base={site.base}", "-o", str(feed))
    command = crawl_command(tmp_path / "store", *arguments, spider="gathering", settings=SETTINGS)
    end = finished(command, PROJECT)

    assert end.status == 0
    assert [json.loads(line) for line in feed.read_text("utf-8").splitlines()] == [
        {"page 0": 200, "page 1": 200, "page 2": 200}
    ]


@pytest.fixture
def site() -> Iterator[Site]:
    with Site(lambda asked: answer(story(1))) as site:
        yield site


def left_behind(site: Site, folder: Path) -> tuple[list[str], Path]:
    """Return a command, and the folder of the local state that its first run has left."""
    seeds = folder / "seeds.txt"
    seeds.write_text("".join(f"{site.base}{path}\n" for path in NUMBERS), encoding="ascii")
    arguments = ("-a", f"seeds={seeds}", "-L", "WARNING")
    first = crawl_command(
        folder / "store", *arguments, settings={**SETTINGS, "CLOSESPIDER_PAGECOUNT": 5}
    )
    finished(first, PROJECT)
    (frontier,) = (folder / "store.work").rglob("frontier-*.sqlite")
    return crawl_command(folder / "store", *arguments, settings=SETTINGS), frontier.parent


def shopping_list(path: Path) -> None:
    path.write_bytes(SHOPPING_LIST)


def torn(path: Path) -> None:
    """Leave the head of the database, and no page that it speaks of."""
    path.write_bytes(path.read_bytes()[:4096] + b"\xff" * (path.stat().st_size - 4096))


def directory(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize(
    ("name", "spoil", "sentence"),
    [
        ("frontier-*.sqlite", shopping_list, "is damaged"),
        ("frontier-*.sqlite", torn, "is damaged"),
        ("frontier-*.sqlite", directory, "cannot be read or written"),
        ("claims.sqlite", directory, "cannot be read or written"),
    ],
)
def test_local_state_that_cannot_be_used_is_refused_in_one_sentence(
    site: Site, tmp_path: Path, name: str, spoil: Callable[[Path], None], sentence: str
) -> None:
    command, state = left_behind(site, tmp_path)
    (path,) = state.glob(name)
    spoil(path)
    asked, before = len(site.asked), tree(tmp_path / "store")

    end = finished(command, PROJECT)

    assert (end.status, end.stderr.count("\n"), end.stdout) == (2, 1, "")
    assert end.stderr.startswith(f"archiver: {path} {sentence}")
    assert (len(site.asked), tree(tmp_path / "store")) == (asked, before)


def test_it_is_one_sentence_in_scrapys_other_process_too(site: Site, tmp_path: Path) -> None:
    command, state = left_behind(site, tmp_path)
    directory(state / "claims.sqlite")

    end = finished([*command, "-s", "FORCE_CRAWLER_PROCESS=True"], PROJECT)
    (state / "claims.sqlite").rmdir()
    again = finished(command, PROJECT)

    assert (end.status, end.stderr.count("\n")) == (2, 1)
    assert (again.status, Counter(site.paths)) == (0, Counter(NUMBERS))


def test_damaged_claims_are_made_anew(site: Site, tmp_path: Path) -> None:
    command, state = left_behind(site, tmp_path)
    shopping_list(state / "claims.sqlite")

    end = finished(command, PROJECT)

    assert (end.status, end.stderr) == (0, "")
    assert Counter(site.paths) == Counter(NUMBERS)
