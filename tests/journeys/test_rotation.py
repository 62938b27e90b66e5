"""Many stems in one collection: of a crawl that rotates, and of crawls side by side."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from threading import Barrier

import pytest

from tests.journeys.collected import Collected, collected, growing, path_of, stems_in
from tests.journeys.commands import Finished, archiver, crawl, crawl_command, started
from tests.journeys.site import Asked, Site, answer
from tests.journeys.stories import story, title_of
from tests.wire.warcs import of_type

COUNT = 12
HALF = COUNT // 2
GONE = f"/{COUNT}"
PATHS = sorted(f"/{number}" for number in range(COUNT))


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Crawled:
    """How crawls into one collection ended, and what they left."""

    ends: list[Finished]
    collection: Collected
    visits: int = 1  # that each page was paid


def respond(asked: Asked) -> list[bytes]:
    """Answer with a story, and say that the one after the last is gone."""
    if asked.path == GONE:
        return answer(b"No more.", status="410 Gone")
    return answer(story(int(asked.path[1:])))


def seed_list(folder: Path, site: Site, numbers: range = range(COUNT + 1)) -> str:
    path = folder / f"seeds-from-{numbers[0]}.txt"
    path.write_text("".join(f"{site.base}/{n}\n" for n in numbers), encoding="ascii")
    return f"seeds={path}"


@pytest.fixture(scope="module")
def rotated(tmp_path_factory: pytest.TempPathFactory) -> Crawled:
    """A crawl in which every capture fills a WARC."""
    folder = tmp_path_factory.mktemp("rotated")
    with Site(respond) as site:
        seeds = seed_list(folder, site)
        end = crawl(folder / "store", "-a", seeds, ARCHIVE_WARC_MAX_BYTES=1)
    return Crawled(ends=[end], collection=collected(folder / "store" / "news"))


@pytest.fixture(scope="module")
def twice(tmp_path_factory: pytest.TempPathFactory) -> Crawled:
    """Two crawls of the same pages, one after the other."""
    folder = tmp_path_factory.mktemp("twice")
    with Site(respond) as site:
        seeds = seed_list(folder, site)
        ends = [crawl(folder / "store", "-a", seeds) for _ in range(2)]
    return Crawled(ends=ends, collection=collected(folder / "store" / "news"), visits=2)


@pytest.fixture(scope="module")
def at_once(tmp_path_factory: pytest.TempPathFactory) -> Crawled:
    """Two crawls of other pages; neither is answered its first before the other asks."""
    folder = tmp_path_factory.mktemp("at-once")
    together = Barrier(2)

    def respond_together(asked: Asked) -> list[bytes]:
        if asked.path in ("/0", f"/{HALF}"):
            together.wait(30)
        return respond(asked)

    settings = {"ARCHIVE_WARC_MAX_BYTES": 4_000, "DOWNLOAD_TIMEOUT": 60}
    with Site(respond_together) as site, ExitStack() as opened:
        lists = [
            seed_list(folder, site, range(HALF)),
            seed_list(folder, site, range(HALF, COUNT + 1)),
        ]
        commands = [
            crawl_command(folder / "store", "-a", seeds, settings=settings) for seeds in lists
        ]
        crawls = [opened.enter_context(started(command)) for command in commands]
        ends = [running.end() for running in crawls]
    return Crawled(ends=ends, collection=collected(folder / "store" / "news"))


@pytest.fixture(params=["rotated", "twice", "at_once"])
def crawled(request: pytest.FixtureRequest) -> Crawled:
    crawled: Crawled = request.getfixturevalue(request.param)
    return crawled


def test_every_crawl_ends_well(crawled: Crawled) -> None:
    assert [(end.status, end.log_lines("ERROR")) for end in crawled.ends] == (
        [(0, [])] * len(crawled.ends)
    )


def test_the_collection_is_sound(crawled: Crawled) -> None:
    check = archiver("check", crawled.collection.folder)

    assert (check.status, check.stderr) == (0, "")
    assert check.stdout.endswith(", 0 faults, 0 notes, 0 unreadable\n")


def test_every_stem_has_its_five_files(crawled: Crawled) -> None:
    stems = stems_in(crawled.collection.folder)

    assert list(stems.values()) == [stems["manifests"]] * 5
    assert growing(crawled.collection.folder) == []


def test_every_visit_is_kept_and_every_page_and_text_once(crawled: Crawled) -> None:
    kept = crawled.collection
    again = of_type(kept.records, "revisit")
    visited = [*kept.responses, *again]

    assert len(again) == COUNT * (crawled.visits - 1)
    assert sorted(path_of(record.get("WARC-Target-URI") or "") for record in visited) == (
        sorted([*PATHS, GONE] * crawled.visits)
    )
    assert sorted(kept.paths_of_pages) == PATHS
    assert sorted(kept.paths_of_texts) == PATHS


def test_every_record_has_an_id_of_its_own(crawled: Crawled) -> None:
    ids = [record.get("WARC-Record-ID") for record in crawled.collection.records]

    assert len(set(ids)) == len(ids)


def test_every_text_is_that_of_its_page(crawled: Crawled) -> None:
    texts = crawled.collection.texts

    assert [text["title"] for text in texts] == [
        title_of(int(text["url"].rpartition("/")[2])) for text in texts
    ]


def test_every_crawl_has_a_log_that_its_manifests_name(crawled: Crawled) -> None:
    logs = sorted(path.name for path in (crawled.collection.folder / "crawls").iterdir())

    assert len(logs) == len(crawled.ends)
    assert sorted({manifest["crawl"] for manifest in crawled.collection.manifests}) == logs


def test_the_manifests_count_what_their_stems_hold(crawled: Crawled) -> None:
    kept = crawled.collection
    counts = [
        (manifest["record_counts"]["response"], manifest["page_count"], manifest["text_count"])
        for manifest in kept.manifests
    ]

    assert tuple(map(sum, zip(*counts, strict=True))) == (
        len(kept.responses), len(kept.pages), len(kept.texts)
    )  # fmt: skip


def test_a_warc_that_is_full_is_followed_by_another(rotated: Crawled) -> None:
    counts = [manifest["record_counts"] for manifest in rotated.collection.manifests]

    assert len(counts) == COUNT + 1
    assert [(count["warcinfo"], count["response"]) for count in counts] == [(1, 1)] * (COUNT + 1)


def test_a_stem_without_a_page_is_sealed_all_the_same(rotated: Crawled) -> None:
    pages = [manifest["page_count"] for manifest in rotated.collection.manifests]

    assert sorted(pages) == [0] + [1] * COUNT


def test_the_stems_of_two_crawls_differ(twice: Crawled) -> None:
    assert len(stems_in(twice.collection.folder)["manifests"]) == 2


def test_two_crawls_at_once_each_rotate(at_once: Crawled) -> None:
    crawls = [manifest["crawl"] for manifest in at_once.collection.manifests]

    assert min(crawls.count(crawl) for crawl in set(crawls)) > 1
