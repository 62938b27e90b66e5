"""The intervals of seeds, round by round, and seeds that fall silent."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from archiver.errors import CollectionError
from archiver.watch import LONGEST, SHORTEST, Silence, Watch

PAPER, GAZETTE = "https://paper.example.org/", "https://gazette.example.org/feed"
START = 1_800_000_000.0
HOUR = 3600.0


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "seeds.sqlite"


@pytest.fixture
def watch(path: Path) -> Iterator[Watch]:
    watch = Watch(path, [PAPER, GAZETTE])
    yield watch
    watch.close()


def test_every_seed_is_due_at_first(watch: Watch) -> None:
    assert sorted(watch.due(START)) == [GAZETTE, PAPER]


def test_a_round_without_anything_new_doubles_the_interval(watch: Watch) -> None:
    watch.begin(PAPER, START)

    assert watch.interval(PAPER) == 2 * HOUR
    assert watch.due(START + 2 * HOUR - 1) == [GAZETTE]
    assert watch.due(START + 2 * HOUR) == [GAZETTE, PAPER]


def test_a_round_with_something_new_halves_the_interval_once(watch: Watch) -> None:
    watch.begin(PAPER, START)
    watch.note_new(PAPER, START + 1)
    watch.note_new(PAPER, START + 2)

    assert watch.interval(PAPER) == HOUR / 2
    assert PAPER in watch.due(START + HOUR / 2)
    assert PAPER not in watch.due(START + HOUR / 2 - 1)


def test_no_interval_is_shorter_than_ten_minutes(watch: Watch) -> None:
    visit(watch, rounds=9, finds_something=True)

    assert watch.interval(PAPER) == SHORTEST == 600


def test_no_interval_is_longer_than_thirty_days(watch: Watch) -> None:
    visit(watch, rounds=14, finds_something=False)

    assert watch.interval(PAPER) == LONGEST == 30 * 24 * HOUR


def test_a_seed_that_did_not_come_is_asked_again_as_soon_as_before(watch: Watch) -> None:
    watch.begin(PAPER, START)
    watch.note_failed(PAPER)

    assert watch.interval(PAPER) == HOUR
    assert PAPER in watch.due(START + HOUR)


def test_that_a_seed_did_not_come_says_nothing_of_what_came_before(watch: Watch) -> None:
    watch.begin(PAPER, START)
    watch.note_new(PAPER, START + 1)
    watch.note_failed(PAPER)

    assert watch.interval(PAPER) == HOUR / 2


def test_the_seed_that_has_waited_longest_comes_first(watch: Watch) -> None:
    watch.begin(PAPER, START)
    watch.begin(GAZETTE, START + 60)

    assert watch.due(START + 9 * HOUR) == [PAPER, GAZETTE]
    assert watch.next_due_at() == START + 2 * HOUR


def test_what_is_known_of_a_seed_outlives_the_crawl(path: Path, watch: Watch) -> None:
    watch.begin(PAPER, START)
    watch.note_new(PAPER, START + 1)
    watch.close()

    again = Watch(path, [PAPER])
    again.begin(PAPER, START + HOUR)

    assert again.interval(PAPER) == HOUR
    again.close()


def test_a_seed_is_silent_after_twice_its_longest_pause(watch: Watch) -> None:
    last = hear_every(watch, HOUR)

    assert watch.silent(last + 2 * HOUR) == []
    assert watch.silent(last + 2 * HOUR + 1) == [
        Silence(url=PAPER, seconds=2 * HOUR + 1, usual=HOUR)
    ]


def test_a_silent_seed_is_reported_once_until_it_is_heard_of_again(watch: Watch) -> None:
    last = hear_every(watch, HOUR)
    assert watch.silent(last + 5 * HOUR) != []
    assert watch.silent(last + 6 * HOUR) == []

    watch.begin(PAPER, last + 7 * HOUR)
    watch.note_new(PAPER, last + 7 * HOUR)

    assert watch.silent(last + 22 * HOUR) == [
        Silence(url=PAPER, seconds=15 * HOUR, usual=7 * HOUR)
    ]


def test_of_a_seed_that_is_hardly_known_nobody_says_that_it_is_silent(watch: Watch) -> None:
    watch.begin(PAPER, START)
    watch.note_new(PAPER, START)

    assert watch.silent(START + 100 * 24 * HOUR) == []


def test_something_new_from_a_seed_that_is_no_more_listed_changes_nothing(watch: Watch) -> None:
    watch.note_new("https://gone.example.org/", START)

    assert sorted(watch.due(START)) == [GAZETTE, PAPER]


def test_a_damaged_file_is_refused_with_the_remedy(tmp_path: Path) -> None:
    path = tmp_path / "seeds.sqlite"
    path.write_bytes(b"no database, but long enough to be taken for one" * 40)

    with pytest.raises(CollectionError, match=r"is damaged .*: delete it"):
        Watch(path, [PAPER])


def visit(watch: Watch, *, rounds: int, finds_something: bool) -> None:
    """Begin so many rounds of the paper; each *finds_something*, or none does."""
    for number in range(rounds):
        watch.begin(PAPER, START + number)
        if finds_something:
            watch.note_new(PAPER, START + number)


def hear_every(watch: Watch, seconds: float) -> float:
    """Have the paper bring something new six times, and return when it was the last time."""
    moments = [START + number * seconds for number in range(6)]
    for moment in moments:
        watch.begin(PAPER, moment)
        watch.note_new(PAPER, moment)
    return moments[-1]
