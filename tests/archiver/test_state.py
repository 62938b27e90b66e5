"""Where local state lies, and who grows which stem."""

from __future__ import annotations

from pathlib import Path

import pytest

from archiver.state import Grower, State, job_of

GROWER = Grower("0123456789abcdef", "20260304050607-article.json")


@pytest.fixture
def state(tmp_path: Path) -> State:
    return State(tmp_path / "work", "s3://bucket/crawls", "news")


def test_nothing_is_made_before_it_is_needed(tmp_path: Path, state: State) -> None:
    assert (state.stems(), state.grower("x")) == ([], None)
    state.disclaim("x")
    assert list(tmp_path.iterdir()) == []


def test_the_folder_is_its_owners_alone(state: State) -> None:
    state.make()
    state.make()

    assert state.folder.stat().st_mode & 0o777 == 0o700


def test_all_of_it_lies_in_one_folder(tmp_path: Path, state: State) -> None:
    paths = [
        state.memory_path, state.claims_path, state.frontier_path("7"), state.lock_path("7"),
        state.outbox_path, state.sender_lock_path,
    ]  # fmt: skip

    assert [path.relative_to(tmp_path / "work/news-3f837714").as_posix() for path in paths] == [
        "memory.sqlite", "claims.sqlite", "frontier-7.sqlite", "frontier-7.lock",
        "outbox.sqlite", "outbox.lock",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("store", "collection"),
    [("s3://bucket/other", "news"), ("s3://bucket/crawls", "old"), ("crawls", "news")],
)
def test_other_collections_have_other_folders(
    tmp_path: Path, state: State, store: str, collection: str
) -> None:
    assert State(tmp_path / "work", store, collection).folder != state.folder


def test_buckets_of_one_name_on_two_servers_are_two(tmp_path: Path, state: State) -> None:
    elsewhere = State(tmp_path / "work", "s3://bucket/crawls", "news", "https://s3.example.org")

    assert elsewhere.folder != state.folder


def test_what_goes_into_a_bucket_grows_below_the_work_folder(tmp_path: Path, state: State) -> None:
    assert state.root == state.folder / "local"
    assert State(tmp_path / "work", str(tmp_path / "s"), "news").root == tmp_path / "s"


def test_a_store_may_be_named_in_two_ways(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    assert (
        State(Path("w"), "crawls", "x").folder
        == State(Path("w"), f"{tmp_path}/crawls/", "x").folder
    )


def test_a_job_is_a_spider_and_what_sets_it_apart() -> None:
    jobs = [job_of("article", ""), job_of("article", "a"), job_of("a", "rticle"), job_of("b", "")]

    assert len(set(jobs)) == 4
    assert job_of("article", "a") == jobs[1]


# Claims


def test_a_claim_says_who_grows_a_stem(state: State) -> None:
    state.claim("x", GROWER)
    state.claim("y", Grower("another", ""))

    assert (state.grower("x"), state.grower("y")) == (GROWER, Grower("another", ""))
    assert state.stems() == ["x", "y"]


def test_who_has_a_stem_may_give_it_up(state: State) -> None:
    state.claim("x", GROWER)

    state.disclaim("x")
    state.disclaim("x")

    assert (state.stems(), state.grower("x")) == ([], None)


@pytest.mark.parametrize("left", [0, 1, 8, 16, 17, 30, 44])
def test_a_claim_that_is_torn_names_nobody(state: State, left: int) -> None:
    state.claim("x", GROWER)
    path = state.folder / "stems/x"
    path.write_bytes(path.read_bytes()[:left])

    assert state.grower("x") is None


def test_a_claim_of_zeros_names_nobody(state: State) -> None:
    state.claim("x", GROWER)
    (state.folder / "stems/x").write_bytes(bytes(45))

    assert state.grower("x") is None
