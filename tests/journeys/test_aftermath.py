"""What comes after a kill, a loss or another's work: the next run makes up for it, once.

What is asserted is counted from the server's own book and from the archive.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import re
import shutil
import signal
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from threading import Event, Lock

import pytest

from archiver.collection import Collection
from archiver.memory import Memory
from archiver.state import State
from archiver.storage import LocalStore
from archiver.terms import Terms
from tests.archiver.quay import foreign
from tests.archiver.test_collection import MOMENT, ids, written
from tests.journeys import strolling_spider
from tests.journeys.collected import Collected, collected, growing, texts_so_far
from tests.journeys.commands import (
    PROJECT,
    Finished,
    crawl_command,
    finished,
    started,
    wait_until,
)
from tests.journeys.completed import complete, completion, judged, whole_answers
from tests.journeys.mounts import Mount, mount, small_disk
from tests.journeys.site import Asked, Site, answer, head
from tests.journeys.stories import story
from tests.wire.warcs import of_type

__all__ = ["mount"]

PAGES = sorted(f"/{number}" for number in range(12))


def command(folder: Path, site: Site, *options: str, **settings: object) -> list[str]:
    """Return the command that crawls all pages of *site*, the same for the same *folder*."""
    seeds = folder / "seeds.txt"
    lines = (f"{site.base}/{number}\n" for number in range(len(PAGES)))
    seeds.write_text("".join(lines), encoding="ascii")
    given = {"CONCURRENT_REQUESTS": 1, "DOWNLOAD_TIMEOUT": 60, "ARCHIVE_WORK_DIR": folder / "work"}
    return crawl_command(
        folder / "store", "-a", f"seeds={seeds}", *options, settings={**given, **settings}
    )


def run(command: list[str]) -> Finished:
    return finished(command, PROJECT)


def with_etag(asked: Asked) -> list[bytes]:
    """Answer with a story, or that it is what it was; every other one cannot be asked about."""
    body = story(int(asked.path[1:]), ballast=5000)
    etag = f'"{hashlib.md5(body).hexdigest()}"'
    if int(asked.path[1:]) % 2:
        return answer(body)
    if asked.fields.get("if-none-match") == etag:
        return [head(f"ETag: {etag}", status="304 Not Modified")]
    return answer(body, f"ETag: {etag}")


def dangling(kept: Collected) -> list[str | None]:
    """Return what revisits refer to that is not there."""
    there = {record.get("WARC-Record-ID") for record in kept.responses}
    referred = [record.get("WARC-Refers-To") for record in of_type(kept.records, "revisit")]
    return [record_id for record_id in referred if record_id not in there]


# Killed with pages that were captured and not read


class Gates:
    """Serves stories; holds each of *paths* back from when it is asked for until it is let go."""

    def __init__(self, *paths: str) -> None:
        self.reached = {path: Event() for path in paths}
        self.opened = {path: Event() for path in paths}

    def respond(self, asked: Asked) -> list[bytes]:
        """Answer with a story, once its gate is open if it has one."""
        if asked.path in self.reached:
            self.reached[asked.path].set()
            assert self.opened[asked.path].wait(60)
        return answer(story(int(asked.path[1:])))


@dataclass(frozen=True, slots=True, kw_only=True)
class Killed:
    """A crawl in *folder* that was killed as it waited for /7, and had not read /1 to /6."""

    command: list[str]
    folder: Path
    site: Site

    def assert_complete(self) -> None:
        """Assert that nothing was fetched or stored twice, but what the kill cut off."""
        assert Counter(self.site.paths) == Counter([*PAGES, "/7"])
        assert completion(self.folder / "store/news", self.folder / "work") == complete(PAGES)


@pytest.fixture
def killed(tmp_path: Path) -> Iterator[Killed]:
    gates = Gates("/1", "/7")
    with Site(gates.respond) as site:
        again = command(tmp_path, site, ARCHIVE_EXTRACT_WORKERS=1)
        with started(again) as running:
            assert gates.reached["/1"].wait(60)
            wait_until(lambda: texts_so_far(tmp_path / "store/news") == 1)
            (worker,) = running.workers()
            os.kill(worker, signal.SIGSTOP)
            gates.opened["/1"].set()
            assert gates.reached["/7"].wait(60)
            running.kill()
            running.end()
            os.kill(worker, signal.SIGKILL)
            gates.opened["/7"].set()
        yield Killed(command=again, folder=tmp_path, site=site)


@pytest.mark.parametrize("moment", ["Spider opened", "Crawled (200)"])
def test_what_was_captured_is_not_fetched_again_after_a_stop_that_follows_the_kill(
    killed: Killed, moment: str
) -> None:
    slowly = [*killed.command, "-s", "DOWNLOAD_DELAY=1", "-s", "ARCHIVE_STOP_SECONDS=1"]
    with started([*slowly, "-L", "DEBUG"]) as running:
        running.wait_for_log(moment)
        running.terminate()
        stopped = running.end()
    between = judged(killed.folder / "store/news")
    end = run(killed.command)

    assert (stopped.status, stopped.log_lines("ERROR")) == (0, [])
    assert between == (0, "0 faults")
    assert (end.status, end.log_lines("ERROR")) == (0, [])
    killed.assert_complete()


@contextmanager
def replaced(folder: Path, pattern: str) -> Iterator[None]:
    """Let a directory lie in the place of the database *pattern* while the block runs."""
    (path,) = folder.rglob(pattern)
    aside = folder / "aside"
    aside.mkdir()
    for file in path.parent.glob(f"{path.name}*"):  # with its log, if it has one
        file.rename(aside / file.name)
    path.mkdir()
    yield
    path.rmdir()
    for file in aside.iterdir():
        file.rename(path.with_name(file.name))
    aside.rmdir()


@pytest.mark.parametrize("pattern", ["claims.sqlite", "frontier-*.sqlite"])
def test_what_was_captured_is_not_fetched_again_after_a_start_that_failed(
    killed: Killed, pattern: str
) -> None:
    with replaced(killed.folder / "work", pattern):
        failed = run(killed.command)
    asked_meanwhile = killed.site.paths[8:]
    end = run(killed.command)

    assert failed.status in (1, 2)
    assert "Traceback" not in failed.stderr
    assert asked_meanwhile == []
    assert (end.status, end.log_lines("ERROR")) == (0, []), end.stderr
    killed.assert_complete()


def test_a_crawl_log_that_is_none_of_ours_does_not_keep_a_killed_crawl(killed: Killed) -> None:
    (log,) = (killed.folder / "store/news/crawls").iterdir()
    log.write_text("[]", encoding="ascii")

    end = run(killed.command)

    assert "Traceback" not in end.stderr
    assert end.status == 0
    log.unlink()  # which `archiver check` calls faulty, as it should, but for its name
    assert sorted(whole_answers(collected(killed.folder / "store/news"))) == PAGES


# What mending says


def test_mending_says_what_it_begins_and_what_it_cuts_off(killed: Killed) -> None:
    folder = killed.folder / "store/news"
    cuts = {"archive": bytes(12_345), "pages": b'{"id": "half a', "text": b'{"url'}
    paths = {part: next((folder / part).glob("*.open")) for part in cuts}
    for part, path in paths.items():
        path.write_bytes(path.read_bytes() + cuts[part])

    end = run(killed.command)

    torn = sorted(folder.rglob("*.torn"))
    warnings = [line.replace(",", "") for line in end.log_lines("WARNING")]
    told = [
        [line for line in warnings if path.name in line and _has_number(line, path.stat().st_size)]
        for path in torn
    ]
    before = end.stderr.partition(".torn")[0].splitlines()
    assert [path.parent.name for path in torn] == ["archive", "pages", "text"]
    assert sum(path.stat().st_size for path in torn) >= 12_345
    assert list(map(len, told)) == [1, 1, 1], end.stderr
    assert [line for line in before if re.search(r"\] INFO: .*\bmend", line, re.I)] != []
    assert end.status == 0
    killed.assert_complete()


def _has_number(line: str, number: int) -> bool:
    return re.search(rf"\b{number}\b", line) is not None


# A WARC that is gone


@pytest.mark.parametrize("work", ["work", "another"])
def test_what_a_lost_warc_held_is_fetched_stored_and_read_again(tmp_path: Path, work: str) -> None:
    folder = tmp_path / "store/news"
    with Site(with_etag) as site:
        given = {"ARCHIVE_WARC_MAX_BYTES": 10_000}
        first = run(command(tmp_path, site, **given))
        warcs = sorted((folder / "archive").iterdir())
        whole = set(collected(folder).fetched)
        warcs[1].rename(tmp_path / "moved-away.warc.gz")
        lost = sorted(whole - set(collected(folder).fetched))
        second = run(command(tmp_path, site, ARCHIVE_WORK_DIR=tmp_path / work, **given))
    kept = collected(folder)

    assert len(warcs) > 3
    assert 0 < len(lost) < len(PAGES)
    assert [(end.status, end.log_lines("ERROR")) for end in (first, second)] == [(0, [])] * 2
    assert sorted(kept.fetched) == PAGES
    assert sorted(kept.paths_of_texts) == sorted([*PAGES, *lost])
    assert dangling(kept) == []


@pytest.mark.parametrize("work", ["work", "another"])
def test_a_collection_without_any_warc_is_fetched_anew(tmp_path: Path, work: str) -> None:
    folder = tmp_path / "store/news"
    with Site(with_etag) as site:
        first = run(command(tmp_path, site))
        (warc,) = (folder / "archive").iterdir()
        warc.rename(tmp_path / "moved-away.warc.gz")
        second = run(command(tmp_path, site, ARCHIVE_WORK_DIR=tmp_path / work))
    kept = collected(folder)

    assert [(end.status, end.log_lines("ERROR")) for end in (first, second)] == [(0, [])] * 2
    assert sorted(kept.fetched) == PAGES
    assert sorted(kept.paths_of_texts) == sorted(PAGES * 2)
    assert of_type(kept.records, "revisit") == []


# A WARC of somebody else's that grows

NAME = "WEB-2026-crawler.warc.gz.open"
WARCINFO = gzip.compress(
    foreign("warcinfo", "Content-Type: application/warc-fields\n", b"software: Heritrix/3.5\r\n")
)
RESOURCE = gzip.compress(foreign("resource", "", b"x"))


@pytest.mark.parametrize(
    "octets",
    [
        WARCINFO,
        WARCINFO + RESOURCE,
        RESOURCE,
        WARCINFO + RESOURCE[:-9],
        b"\x1f\x8b\x08",
        b"?",
        b"",
    ],
    ids=["warcinfo", "records", "no warcinfo", "torn", "torn at once", "no gzip", "empty"],
)
def test_what_grows_and_is_not_ours_is_left_alone(tmp_path: Path, octets: bytes) -> None:
    folder = tmp_path / "store/news"
    (folder / "archive").mkdir(parents=True)
    (folder / "archive" / NAME).write_bytes(octets)
    with Site(lambda asked: answer(story(int(asked.path[1:])))) as site:
        end = run(command(tmp_path, site))
    kept = collected(folder)

    assert (end.status, end.log_lines("ERROR")) == (0, []), end.stderr
    assert [NAME in line for line in end.log_lines("WARNING")] == [True], end.stderr
    assert (folder / "archive" / NAME).read_bytes() == octets
    assert list(folder.rglob("WEB-2026*")) == [folder / "archive" / NAME]
    assert sorted(kept.fetched) == sorted(kept.paths_of_texts) == PAGES


# One payload, one text


class Crowd:
    """Holds what is asked for below *path* back until *size* ask for it, or for five seconds."""

    def __init__(self, path: str, size: int, respond: Callable[[Asked], list[bytes]]) -> None:
        self._path, self._size, self._respond = path, size, respond
        self._lock, self._is_there, self._count = Lock(), Event(), 0

    def respond(self, asked: Asked) -> list[bytes]:
        """Answer, when all are there if it is for one of them."""
        if asked.path.startswith(self._path):
            with self._lock:
                self._count += 1
            if self._count >= self._size:
                self._is_there.set()
            self._is_there.wait(5)
        return self._respond(asked)


def linked(asked: Asked) -> list[bytes]:
    """Answer with story 7, which links to the front page, or with that, which links to it."""
    if asked.path == "/7":
        return answer(story(7))
    return answer(b'<!DOCTYPE html><title>Front</title><p><a href="/7">Seven</a>')


@pytest.mark.parametrize("concurrent", [1, 8], ids=["in turn", "at once"])
def test_a_page_that_is_fetched_twice_has_one_text(tmp_path: Path, concurrent: int) -> None:
    with Site(Crowd("/7", min(concurrent, 2), linked).respond) as site:
        settings = {
            "SPIDER_MODULES": f"spiders,{strolling_spider.__name__}",
            "CONCURRENT_REQUESTS": concurrent,
            "CONCURRENT_REQUESTS_PER_DOMAIN": concurrent,
        }
        arguments = ("-a", f"starts={site.base}/", "-a", f"again={site.base}/7")
        name = strolling_spider.StrollingSpider.name
        end = run(crawl_command(tmp_path / "store", *arguments, spider=name, settings=settings))
    kept = collected(tmp_path / "store/news")

    assert (end.status, end.log_lines("ERROR")) == (0, [])
    assert sorted(site.paths) == ["/", "/7", "/7"]
    assert sorted(whole_answers(kept)) == ["/", "/7", "/7"]
    assert kept.paths_of_texts == ["/7"]
    assert dangling(kept) == []
    assert judged(kept.folder) == (0, "0 faults")


def test_one_body_at_thirty_addresses_that_come_at_once_has_one_text(tmp_path: Path) -> None:
    size = 30
    with Site(Crowd("/", size, lambda asked: answer(story(7))).respond) as site:
        seeds = tmp_path / "seeds.txt"
        seeds.write_text("".join(f"{site.base}/{n}\n" for n in range(size)), encoding="ascii")
        settings = {
            "ARCHIVE_DEDUP": "any",
            "CONCURRENT_REQUESTS": size,
            "CONCURRENT_REQUESTS_PER_DOMAIN": size,
        }
        end = run(crawl_command(tmp_path / "store", "-a", f"seeds={seeds}", settings=settings))
    kept = collected(tmp_path / "store/news")

    assert (end.status, end.log_lines("ERROR")) == (0, [])
    assert sorted(whole_answers(kept)) == sorted(f"/{number}" for number in range(size))
    assert len(kept.texts) == 1
    assert dangling(kept) == []
    assert judged(kept.folder) == (0, "0 faults")


# A crawl without text before one with text


def test_text_that_was_not_asked_for_is_made_by_the_next_crawl_and_not_repeated(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "store/news"
    with Site(with_etag) as site:
        without = run(command(tmp_path, site, ARCHIVE_TEXT_ENABLED=False))
        texts_before = collected(folder).texts
        ends = [run(command(tmp_path, site))]
        texts = sorted(collected(folder).paths_of_texts)
        ends.append(run(command(tmp_path, site)))
    kept = collected(folder)

    assert [end.status for end in (without, *ends)] == [0, 0, 0]
    assert texts_before == []
    assert texts == PAGES
    assert sorted(kept.paths_of_texts) == PAGES
    assert dangling(kept) == []
    assert judged(folder) == (0, "0 faults")


# What others seal meanwhile


class Busy(LocalStore):
    """A store into which others seal something just *before* or after it is listed, once each."""

    def __init__(self, root: Path, *, before: bool) -> None:
        super().__init__(root)
        self._before = before
        self.meanwhile: list[Callable[[], object]] = []

    def list(self, prefix: str) -> Iterator[str]:
        """List the names below *prefix*, and let something happen."""
        found = sorted(super().list(prefix)) if not self._before else None
        waiting, self.meanwhile = self.meanwhile, []
        for happens in waiting:
            happens()
        yield from super().list(prefix) if found is None else found


@pytest.mark.parametrize("before", [True, False])
def test_what_another_seals_while_a_crawl_learns_is_not_forgotten(
    tmp_path: Path, before: bool
) -> None:
    store, state = Busy(tmp_path, before=before), State(tmp_path / "work", str(tmp_path), "news")
    state.make()
    numbers = count(1)

    def opened() -> Collection:
        return Collection(
            store,
            "news",
            folder=tmp_path / "news",
            terms=Terms(prefix="news"),
            clock=lambda: MOMENT,
            new_id=ids(next(numbers) << 20),
            memory=Memory(state.memory_path),
        )

    ours, theirs = opened(), opened()
    written(theirs)
    theirs.sync()
    store.meanwhile.append(theirs.sealed)

    ours.learn()

    memory = Memory(state.memory_path)
    warcs = {path.name for path in (tmp_path / "news/archive").iterdir()}
    assert store.meanwhile == []
    assert len(warcs) == 1
    assert memory.known() == warcs
    ours.close()
    theirs.close()
    memory.close()


# A name with dots


def test_a_collection_called_after_a_site_is_killed_mended_and_sound(tmp_path: Path) -> None:
    gates = Gates("/5")
    folder = tmp_path / "store/example.org"
    with Site(gates.respond) as site:
        again = command(tmp_path, site, ARCHIVE_COLLECTION="example.org")
        with started(again) as running:
            assert gates.reached["/5"].wait(60)
            wait_until(lambda: texts_so_far(folder) == 5)
            running.kill()
            running.end()
            gates.opened["/5"].set()
        warc = next((folder / "archive").glob("*.open"))
        warc.write_bytes(warc.read_bytes() + b"\x1f\x8b\x08")
        growing_is = judged(folder)
        end = run(again)

    assert end.status == 0
    assert growing_is == (0, "0 faults")
    assert [path.name.endswith(".torn") for path in (folder / "archive").iterdir()].count(
        True
    ) == 1
    assert Counter(site.paths) == Counter([*PAGES, "/5"])
    assert completion(folder, tmp_path / "work") == complete(PAGES)


# A work folder that is not ours


def assert_refused(end: Finished, folder: Path) -> None:
    """Assert one sentence that names *folder*, or something in it, and that nothing was begun."""
    (sentence,) = end.stderr.splitlines()

    assert sentence.startswith("archiver: ")
    assert str(folder) in sentence
    assert (end.status, end.stdout) == (2, "")


@pytest.mark.parametrize("options", ["ro", "size=4k,nr_inodes=1"])
def test_local_state_that_cannot_be_written_is_refused(
    tmp_path: Path, mount: Mount, options: str
) -> None:
    mount("size=4k")  # or skip
    state = State(tmp_path / "work", str(tmp_path / "store"), "news")
    state.folder.parent.mkdir()
    with Site(lambda asked: answer(story(1))) as site, small_disk(state.folder, options):
        end = run(command(tmp_path, site, "-L", "WARNING"))

    assert_refused(end, tmp_path / "work")
    assert site.paths == []
    assert growing(tmp_path / "store") == []


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user may enter, which pytest's own is not."""
    folder = Path(tempfile.mkdtemp(prefix="archiver-"))
    folder.chmod(0o777)
    yield folder
    shutil.rmtree(folder)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be somebody else")
@pytest.mark.parametrize("place", ["work", "work/spool", "work/STATE"])
def test_a_work_folder_of_another_user_is_refused(open_folder: Path, place: str) -> None:
    state = State(open_folder / "work", str(open_folder / "store"), "news")
    theirs = open_folder / place.replace("STATE", state.folder.name)
    theirs.mkdir(parents=True)
    theirs.parent.chmod(0o777)
    theirs.chmod(0o700)
    with Site(lambda asked: answer(story(1))) as site:
        typed = command(open_folder, site, "-L", "WARNING")
        nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", *typed]
        end = run(nobody)

    assert_refused(end, open_folder / "work")
    assert site.paths == []
    assert growing(open_folder) == []
