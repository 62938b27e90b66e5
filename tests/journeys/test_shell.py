"""`scrapy shell` and `scrapy fetch` in the project: a look at a page.

A shell ends without closing anything, and the next crawl tidies up after it.
"""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from threading import Barrier

from tests.journeys.collected import collected, growing
from tests.journeys.commands import (
    NO_MANNERS,
    PROJECT,
    Finished,
    finished,
    scrapy_command,
    started,
)
from tests.journeys.completed import judged
from tests.journeys.site import Asked, Site, answer
from tests.journeys.stories import story, title_of

# What is printed, and then what `print` returns, which Scrapy prints too.
STATUS = "200\nNone\n"


def look(folder: Path, *typed: str) -> list[str]:
    """Return the command that is `scrapy` with *typed*, and leaves what it leaves in *folder*."""
    given = {
        **NO_MANNERS,
        "ARCHIVE_STORE": folder / "store",
        "ARCHIVE_WORK_DIR": folder / "work",
    }
    options = [option for pair in given.items() for option in ("-s", "{}={}".format(*pair))]
    return scrapy_command(*typed, *options)


def shell(folder: Path, url: str) -> list[str]:
    return look(folder, "shell", url, "-c", "print(response.status)")


def left(folder: Path) -> list[Path]:
    """Return the locks and the frontiers below *folder*."""
    return sorted({*folder.rglob("*.lock"), *folder.rglob("frontier-*")})


def assert_clean(end: Finished) -> None:
    assert end.status == 0
    assert end.log_lines("ERROR") == [], end.stderr
    assert "Traceback" not in end.stderr


def test_a_shell_looks_at_a_page(tmp_path: Path) -> None:
    with Site(lambda asked: answer(story(1))) as site:
        end = finished(shell(tmp_path, f"{site.base}/1"), PROJECT)

    assert_clean(end)
    assert end.stdout == STATUS
    assert site.paths == ["/1"]


def test_two_shells_look_at_a_page_at_the_same_time(tmp_path: Path) -> None:
    both = Barrier(2)

    def respond(asked: Asked) -> list[bytes]:
        both.wait(30)  # neither is answered before the other has asked
        return answer(story(1))

    with Site(respond) as site, ExitStack() as opened:
        command = shell(tmp_path, f"{site.base}/1")
        shells = [opened.enter_context(started(command)) for _ in range(2)]
        ends = [running.end() for running in shells]

    assert [(end.status, end.stdout) for end in ends] == [(0, STATUS)] * 2, ends


def test_a_shell_may_be_opened_beside_a_crawl_into_the_same_collection(tmp_path: Path) -> None:
    both = Barrier(2)

    def respond(asked: Asked) -> list[bytes]:
        both.wait(30)
        return answer(story(1))

    with Site(respond) as site, ExitStack() as opened:
        url = f"{site.base}/1"
        commands = [
            look(tmp_path, "crawl", "article", "-a", f"url={url}"),
            shell(tmp_path, url),
        ]
        running = [opened.enter_context(started(command)) for command in commands]
        ends = [one.end() for one in running]

    assert [(end.status, end.stdout) for end in ends] == [(0, ""), (0, STATUS)], ends


def test_a_crawl_after_a_shell_has_nothing_to_make_up_for(tmp_path: Path) -> None:
    with Site(lambda asked: answer(story(1))) as site:
        url = f"{site.base}/1"
        finished(shell(tmp_path, url), PROJECT)
        end = finished(look(tmp_path, "crawl", "article", "-a", f"url={url}"), PROJECT)
    kept = collected(tmp_path / "store/news")

    assert_clean(end)
    assert site.paths == ["/1", "/1"]
    assert (kept.paths_of_pages, kept.paths_of_texts) == (["/1"], ["/1"])
    assert judged(kept.folder) == (0, "0 faults")
    assert growing(kept.folder) == []
    assert left(tmp_path) == []


def test_fetch_prints_a_page_and_leaves_nothing_behind(tmp_path: Path) -> None:
    with Site(lambda asked: answer(story(1))) as site:
        end = finished(look(tmp_path, "fetch", f"{site.base}/1"), PROJECT)

    assert_clean(end)
    assert title_of(1) in end.stdout
    assert site.paths == ["/1"]
