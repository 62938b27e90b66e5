"""Whatever a crawl did when it died, the same crawl run again completes the archive.

A life is any order of captures, declarations, texts, releases and syncs. It ends at any call
of the system, by a kill or a power cut, and the next one begins; the last comes to its end.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.errors import StoreError
from archiver.options import Fsync
from tests.archiver.catch import captures_in, has_text, pages_in, texts_in
from tests.archiver.crashing import CountingDisk, FailingDisk
from tests.archiver.hands import Step
from tests.archiver.lives import Crawls, Death, Life

VERBS = st.sampled_from(
    ["capture", "capture declare", "capture declare finish", "finish", "release", "sync"]
)
# Two captures and a page with its text, in a WARC that is sealed at the end.
STORY = [Step("capture", 1), Step("capture", 2), Step("declare", 1), Step("finish", 0)]
AT_THE_END = len(STORY) + 2
# More calls of the system than there are, in sealing, in mending and sealing, and in all.
SEALING, REPAIR, ALL = 40, 60, 80


def deaths(last: int) -> st.SearchStrategy[Death]:
    """Return deaths at any call; the first step and the *last* make the most of them."""
    part, seed = st.sampled_from([0.0, 0.1, 0.5, 0.9]), st.none() | st.integers(0, 99)
    long = st.builds(Death, st.sampled_from([0, last]), st.integers(0, 45), part, seed)
    return long | st.builds(Death, st.integers(0, last), st.integers(0, 12), part, seed)


@st.composite
def some_lives(draw: st.DrawFn) -> list[Life]:
    """Draw lives of which most die, each at a step that it has."""
    drawn = []
    for _ in range(draw(st.integers(1, 4))):
        verbs = " ".join(draw(st.lists(VERBS, max_size=6))).split()
        steps = [Step(verb, draw(st.integers(0, 200))) for verb in verbs]
        drawn.append(Life(steps, draw(st.none() | deaths(len(verbs) + 2))))
    return drawn


def assert_complete(crawls: Crawls) -> None:
    """Run the crawl to its end, and compare what is there with what was promised."""
    crawls.complete()
    assert crawls.faults() == []
    captures, pages = captures_in(crawls.folder), pages_in(crawls.folder)
    assert set(captures.values()) <= {1}
    assert crawls.promises.written.kept.keys() <= captures.keys() <= crawls.promises.tried
    assert set(pages.values()) <= {1}
    assert crawls.promises.declared.kept.keys() <= pages.keys()
    assert crawls.promises.finished.kept.keys() <= pages.keys()
    assert texts_in(crawls.folder) == {id: 1 for id in pages if has_text(id)}
    assert crawls.lost_octets() == []
    assert crawls.growing() == []


@settings(max_examples=120, deadline=None)
@given(
    lives=some_lives(),
    fsync=st.sampled_from(["record", "seconds", "seal"]),
    max_bytes=st.sampled_from([1, 3_000, 200_000, 10**9]),
    has_frontier=st.booleans(),
    has_memory=st.booleans(),
)
def test_no_death_loses_or_repeats_anything(
    lives: list[Life], fsync: Fsync, max_bytes: int, has_frontier: bool, has_memory: bool
) -> None:
    with TemporaryDirectory() as root:
        crawls = Crawls(
            Path(root),
            fsync=fsync,
            max_bytes=max_bytes,
            has_frontier=has_frontier,
            has_memory=has_memory,
        )
        crawls.live_all(lives)

        assert_complete(crawls)


@pytest.mark.parametrize("seed", [None, 1], ids=["killed", "without power"])
@pytest.mark.parametrize("calls", range(SEALING))
def test_sealing_may_end_at_any_call(tmp_path: Path, calls: int, seed: int | None) -> None:
    crawls = Crawls(tmp_path)

    crawls.live(Life(STORY, Death(AT_THE_END, calls, 0.5, seed)))

    assert_complete(crawls)


@pytest.mark.parametrize("seed", [None, 1], ids=["killed", "without power"])
@pytest.mark.parametrize("calls", range(REPAIR))
def test_repair_may_end_at_any_call(tmp_path: Path, calls: int, seed: int | None) -> None:
    crawls = Crawls(tmp_path)
    crawls.live(Life(STORY, Death(AT_THE_END, 25, 0.0, None)))

    crawls.live(Life([], Death(0, calls, 0.5, seed)))

    assert_complete(crawls)


def test_no_call_is_left_untried(tmp_path: Path) -> None:
    sealing, repair = Crawls(tmp_path / "a"), Crawls(tmp_path / "b")
    repair.live(Life(STORY, Death(AT_THE_END, 25, 0.0, None)))

    assert not sealing.live(Life(STORY, Death(AT_THE_END, SEALING - 1, 0.0, None)))
    assert not repair.live(Life([], Death(0, REPAIR - 1, 0.0, None)))


# A disk that fails


@pytest.mark.parametrize("is_broken", [False, True], ids=["once", "for good"])
@pytest.mark.parametrize("call", range(1, ALL))
def test_an_error_of_the_disk_stops_a_crawl_that_can_be_completed(
    tmp_path: Path, call: int, is_broken: bool
) -> None:
    crawls = Crawls(tmp_path, fsync="record")
    disk = FailingDisk(call, is_broken=is_broken)

    error = crawls.fail(STORY, disk)

    assert isinstance(error, OSError | StoreError) == (disk.calls >= call)
    assert error is None or "Input/output error" in str(error)
    assert crawls.faults() == []
    assert_complete(crawls)


@pytest.mark.parametrize("call", range(1, REPAIR))
def test_an_error_of_the_disk_stops_a_repair_that_can_be_completed(
    tmp_path: Path, call: int
) -> None:
    crawls = Crawls(tmp_path)
    crawls.live(Life(STORY, Death(4, 0, 0.5, None)))

    crawls.fail([], FailingDisk(call, is_broken=True))

    assert_complete(crawls)


def test_no_call_that_may_fail_is_left_untried(tmp_path: Path) -> None:
    disk = CountingDisk()

    assert Crawls(tmp_path, fsync="record").fail(STORY, disk) is None
    assert disk.calls < ALL


def test_a_log_that_a_power_cut_has_emptied_is_no_fault(tmp_path: Path) -> None:
    crawls = Crawls(tmp_path)
    crawls.live(Life(STORY, None))
    (crawls.folder / "crawls/20260304050709-article.json").touch()

    assert_complete(crawls)
