"""Which of the stems that were left behind a job takes up, and what it knows of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from archiver.disk import DISK
from archiver.frontier import Frontier
from archiver.remains import Remains, take_up
from archiver.state import Grower, State
from archiver.storage import LocalStore
from tests.archiver.catch import MOMENT
from tests.archiver.crashing import CountingDisk
from tests.archiver.stems import begin, files, finish, left, uuid, visit

OURS, THEIRS = "0000000000000001", "0000000000000002"


class Left:
    """The collection `news` below *root*, in which a killed crawl of ours left the stem `x`."""

    def __init__(self, root: Path) -> None:
        self.folder = root / "store/news"
        self.store = LocalStore(root / "store", CountingDisk())
        self.state = State(root / "work", "a store", "news")
        self.state.make()
        self.warc = left(self.folder)
        self.state.claim("x", Grower(OURS, "c.json"))

    def begin_job(self, job: str) -> Frontier:
        return Frontier(self.state.frontier_path(job), started_at=MOMENT)

    def taken(self, job: str = OURS) -> list[Remains]:
        """Return what *job* takes up, and let go of it."""
        taken = []
        for remains in take_up(self.store, "news", self.folder, self.state, job, CountingDisk()):
            remains.stem.close()
            taken.append(remains)
        return taken


@pytest.fixture
def crawl(tmp_path: Path) -> Left:
    return Left(tmp_path)


def names(taken: list[Remains]) -> list[str]:
    return [remains.stem.name for remains in taken]


def test_a_job_takes_up_what_it_has_left(crawl: Left) -> None:
    crawl.begin_job(OURS).close()

    (remains,) = crawl.taken()

    assert (remains.stem.name, remains.crawl) == ("x", "c.json")
    assert crawl.state.stems() == ["x"]


def test_what_another_job_has_still_to_do_is_left_to_it(crawl: Left) -> None:
    crawl.begin_job(OURS).close()
    crawl.warc.write_bytes(crawl.warc.read_bytes() + b"torn")
    before = files(crawl.folder)

    assert crawl.taken(THEIRS) == []

    assert files(crawl.folder) == before
    assert crawl.state.stems() == ["x"]


def test_what_a_job_left_that_is_over_is_anybodys(crawl: Left) -> None:
    assert names(crawl.taken(THEIRS)) == ["x"]


def test_what_nobody_has_claimed_is_anybodys(crawl: Left) -> None:
    crawl.state.disclaim("x")

    (remains,) = crawl.taken(THEIRS)

    assert (remains.stem.name, remains.crawl) == ("x", "")


def test_what_somebody_is_writing_is_left_to_him(crawl: Left) -> None:
    holder = DISK.reopen(crawl.warc)
    holder.lock()

    assert crawl.taken() == []

    holder.close()
    assert crawl.state.stems() == ["x"]


def test_stems_are_taken_up_in_the_order_of_their_names(crawl: Left) -> None:
    left(crawl.folder, "z")
    left(crawl.folder, "a")

    assert names(crawl.taken()) == ["a", "x", "z"]


def test_where_nothing_was_left_nothing_is_taken_up(tmp_path: Path) -> None:
    store, state = LocalStore(tmp_path), State(tmp_path / "work", "a store", "news")

    assert list(take_up(store, "news", tmp_path / "news", state, OURS)) == []
    assert list(tmp_path.iterdir()) == []


# Sealed, or gone


def test_a_sealed_stem_is_tidied_and_forgotten(crawl: Left) -> None:
    (crawl.folder / "manifests").mkdir()
    (crawl.folder / "manifests/x.json").write_bytes(b"{}")

    assert crawl.taken() == []

    assert list(files(crawl.folder)) == ["manifests/x.json"]
    assert crawl.state.stems() == []


def test_a_claim_on_what_was_never_begun_is_forgotten(crawl: Left) -> None:
    crawl.state.claim("y", Grower(OURS, ""))

    crawl.taken()

    assert crawl.state.stems() == ["x"]


def test_a_claim_on_what_has_nothing_whole_is_forgotten(crawl: Left) -> None:
    crawl.warc.write_bytes(b"")

    assert crawl.taken() == []

    assert crawl.state.stems() == []


# What is known to be done


def test_what_the_frontier_knows_as_done_is_not_given_back(crawl: Left) -> None:
    frontier = crawl.begin_job(OURS)
    frontier.add(b"1", slot="a", priority=0, key=b"1")
    lease = frontier.lease(lambda slot: 0)
    assert lease is not None
    stem = begin(crawl.folder, "y")
    page = visit(stem, 7)
    visit(stem, 8)
    stem.close()
    crawl.state.claim("y", Grower(OURS, "c.json"))
    frontier.finish(lease.id, page.location, page.record_id)
    frontier.commit()
    frontier.close()

    assert unclaimed(crawl.taken()) == {"x": [uuid(1), uuid(3)], "y": [uuid(8)]}


def test_without_a_frontier_all_that_is_whole_is_done(crawl: Left) -> None:
    taken = crawl.taken()

    assert unclaimed(taken) == {"x": []}
    assert list(taken[0].survey.unfinished) == [uuid(3)]


def test_what_is_taken_up_can_be_completed(crawl: Left) -> None:
    for remains in take_up(crawl.store, "news", crawl.folder, crawl.state, OURS, CountingDisk()):
        finish(remains.stem, *remains.survey.unfinished.values())
        remains.stem.seal(crawl.store, "news", crawl="", sealed_at=MOMENT)

    assert not list(crawl.folder.rglob("*.open"))


def unclaimed(taken: list[Remains]) -> dict[str, list[str]]:
    return {
        remains.stem.name: [
            page.record_id for pages in remains.survey.unclaimed.values() for page in pages
        ]
        for remains in taken
    }
