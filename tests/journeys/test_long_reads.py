"""Articles that are spread over several pages, read whole whatever comes between."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from archiver.extraction import extract_html
from tests.journeys.collected import collected
from tests.journeys.commands import archiver, crawl, crawl_command, started, wait_until
from tests.journeys.site import Asked, Site, answer
from tests.journeys.stories import story

FRONT = '<html><title>The Reader</title><p><a href="/canal">The canal, in three parts</a></p>'


class Reader(Site):
    """A front page and an article on three pages, the last of which *fails* for so many times."""

    def __init__(self) -> None:
        super().__init__(self._answer)
        self.fails = 0

    def _answer(self, asked: Asked) -> list[bytes]:
        if asked.path == "/":
            return answer(FRONT.encode())
        if not asked.path.startswith("/canal"):
            return answer(b"", status="404 Not Found")
        number = int(asked.path.rpartition("=")[2]) if "=" in asked.path else 1
        if number == 3 and self.fails:
            self.fails -= 1
            return answer(b"Not now.", status="500 Internal Server Error")
        following = f'<a rel="next" href="/canal?page={number + 1}">On</a>' if number < 3 else ""
        page = story(number).replace(b"</article>", f"</article>{following}".encode())
        return answer(page)


@pytest.fixture
def reader() -> Iterator[Reader]:
    with Reader() as site:
        yield site


def stories_in(store: Path) -> list[list[str]]:
    """Return, for each text, the paragraphs that begin the stories in it."""
    firsts = [story_paragraph(number) for number in (1, 2, 3)]
    return [[p for p in firsts if p in text["text"]] for text in collected(store / "news").texts]


def story_paragraph(number: int) -> str:
    """Return a paragraph that is in story *number* alone."""
    article = extract_html(story(number))
    assert article is not None
    return article.text.split("\n\n")[0]


@pytest.mark.parametrize("spider", ["site", "news"])
def test_an_article_is_one_text_however_deep_a_crawl_may_go(
    spider: str, reader: Reader, tmp_path: Path
) -> None:
    store = tmp_path / "store"
    end = crawl(store, "-a", f"url={reader.base}/", spider=spider, DEPTH_LIMIT=1)

    assert end.status == 0
    assert stories_in(store) == [[story_paragraph(number) for number in (1, 2, 3)]]
    assert [path for path in reader.paths if path.startswith("/canal")] == [
        "/canal", "/canal?page=2", "/canal?page=3",
    ]  # fmt: skip


def test_an_article_whose_end_does_not_come_is_read_as_far_as_it_came(
    reader: Reader, tmp_path: Path
) -> None:
    reader.fails = 10
    store = tmp_path / "store"
    end = crawl(store, "-a", f"url={reader.base}/canal", spider="news", RETRY_TIMES=1)

    assert end.status == 0
    assert stories_in(store) == [[story_paragraph(number) for number in (1, 2)]]


def test_an_article_is_whole_after_a_kill_in_the_midst_of_it(
    reader: Reader, tmp_path: Path
) -> None:
    reader.fails = 3
    store = tmp_path / "store"
    command = crawl_command(
        store, "-a", f"url={reader.base}/canal", spider="news",
        settings={"RETRY_TIMES": 9, "DOWNLOAD_DELAY": 0.3},
    )  # fmt: skip
    with started(command) as running:
        wait_until(lambda: reader.paths.count("/canal?page=3") == 2)
        running.kill()
        running.end()
    with started(command) as running:
        end = running.end()

    assert end.status == 0
    assert stories_in(store) == [[story_paragraph(number) for number in (1, 2, 3)]]
    assert (reader.paths.count("/canal"), reader.paths.count("/canal?page=2")) == (1, 1)
    assert archiver("check", store / "news").status == 0
    again = tmp_path / "again"
    assert archiver("extract", store / "news", "--out", again).status == 0
    texts = sorted((store / "news" / "text").iterdir())
    assert [(again / path.name).read_bytes() for path in texts] == [p.read_bytes() for p in texts]
