"""The long watch: seeds asked again and again, and only what is new fetched."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys import hurried
from tests.journeys.collected import collected
from tests.journeys.commands import archiver, crawl, crawl_command, started, wait_until
from tests.journeys.site import Asked, Site, answer
from tests.journeys.stories import story

FEED = '<rss version="2.0"><channel><title>The Gazette</title>{}</channel></rss>'
ITEM = "<item><title>Story {0}</title><link>{1}/story/{0}</link></item>"
SETTINGS = {"ARCHIVE_WATCH": True, "SPIDER_MODULES": f"spiders,{hurried.__name__}"}


class Gazette(Site):
    """A feed with an ETag that announces the stories so far, of which there may be more."""

    def __init__(self) -> None:
        super().__init__(self._answer)
        self.stories = 2

    @property
    def feed(self) -> str:
        return f"{self.base}/feed.xml"

    def count(self, path: str, *, unless: str | None = None) -> int:
        """Return how often *path* was asked for, or so many times unless it was *unless*."""
        asked = [each for each in self.asked if each.path == path]
        if unless is None:
            return len(asked)
        return sum(each.fields.get("if-none-match") == unless for each in asked)

    def _answer(self, asked: Asked) -> list[bytes]:
        if asked.path != "/feed.xml":
            return answer(story(int(asked.path.rpartition("/")[2])))
        tag = f'"{self.stories}"'
        if asked.fields.get("if-none-match") == tag:
            return [f"HTTP/1.1 304 Not Modified\r\nETag: {tag}\r\n\r\n".encode()]
        items = "".join(ITEM.format(number, self.base) for number in range(self.stories))
        feed = FEED.format(items).encode()
        return answer(feed, f"ETag: {tag}", media_type="application/rss+xml")


@pytest.fixture
def gazette() -> Iterator[Gazette]:
    with Gazette() as site:
        yield site


def test_a_crawl_that_watches_asks_again_and_fetches_what_is_new(
    gazette: Gazette, tmp_path: Path
) -> None:
    store = tmp_path / "store"
    command = crawl_command(
        store, "-a", f"url={gazette.feed}", spider="hurried", settings=SETTINGS
    )
    with started(command) as running:
        wait_until(lambda: gazette.count("/story/1") and gazette.count("/feed.xml", unless='"2"'))
        gazette.stories = 4
        wait_until(lambda: gazette.count("/story/3") and gazette.count("/feed.xml", unless='"4"'))
        running.interrupt()
        end = running.end()

    assert end.status == 0
    assert {path: count for path, count in Counter(gazette.paths).items() if count == 1} == {
        "/story/0": 1, "/story/1": 1, "/story/2": 1, "/story/3": 1,
    }  # fmt: skip
    found = collected(store / "news")
    assert sorted(found.paths_of_texts) == ["/story/0", "/story/1", "/story/2", "/story/3"]
    assert archiver("check", store / "news").status == 0


def test_a_watch_that_was_stopped_goes_on_where_it_was(gazette: Gazette, tmp_path: Path) -> None:
    store = tmp_path / "store"
    command = crawl_command(
        store, "-a", f"url={gazette.feed}", spider="hurried", settings=SETTINGS
    )
    with started(command) as running:
        wait_until(lambda: gazette.count("/story/1") and gazette.count("/feed.xml", unless='"2"'))
        running.kill()
        running.end()
    gazette.stories = 3
    with started(command) as running:
        wait_until(lambda: gazette.count("/story/2"))
        running.interrupt()
        end = running.end()

    assert end.status == 0
    assert [gazette.count(f"/story/{number}") for number in range(3)] == [1, 1, 1]
    assert sorted(collected(store / "news").paths_of_texts) == ["/story/0", "/story/1", "/story/2"]


def test_without_watching_one_round_is_made_and_the_crawl_ends(
    gazette: Gazette, tmp_path: Path
) -> None:
    store = tmp_path / "store"
    first = crawl(store, "-a", f"url={gazette.feed}", spider="news")
    gazette.stories = 3
    second = crawl(store, "-a", f"url={gazette.feed}", spider="news")

    assert (first.status, second.status) == (0, 0)
    assert gazette.paths == ["/feed.xml", "/story/0", "/story/1", "/feed.xml", "/story/2"]
    assert gazette.asked[3].fields["if-none-match"] == '"2"'
