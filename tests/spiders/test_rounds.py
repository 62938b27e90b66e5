"""The rounds of a crawl, by a clock that the test turns."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from scrapy.statscollectors import StatsCollector
from scrapy.utils.test import get_crawler

from archiver.watch import Watch
from spiders.rounds import Rounds, Time

PAPER, GAZETTE = "https://paper.example.org/", "https://gazette.example.org/feed"
START = 1_800_000_000.0
HOUR = 3600.0


class Clock(Time):
    """Stands still but when it is let pass; *naps* says how much."""

    def __init__(self) -> None:
        self.moment = START
        self.naps: list[float] = []

    def now(self) -> float:
        return self.moment

    async def pass_(self, seconds: float) -> None:
        self.naps.append(seconds)
        self.moment += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def stats() -> StatsCollector:
    return get_crawler().stats


@pytest.fixture
def watch(tmp_path: Path) -> Iterator[Watch]:
    watch = Watch(tmp_path / "seeds.sqlite", [PAPER, GAZETTE])
    yield watch
    watch.close()


def rounds_of(
    watch: Watch | None, stats: StatsCollector, clock: Clock, *, is_watching: bool
) -> Rounds:
    return Rounds(watch, [PAPER, GAZETTE], stats, clock, is_watching=is_watching)


def first(rounds: Rounds, most: int) -> list[tuple[str, str | None]]:
    """Return the first *most* rounds, or as many as there are."""

    async def collect() -> list[tuple[str, str | None]]:
        found: list[tuple[str, str | None]] = []
        async for round in rounds:
            found.append(round)
            if len(found) == most:
                break
        return found

    return asyncio.run(collect())


@pytest.mark.parametrize("remembers", [True, False])
def test_without_watching_each_seed_has_one_round_and_that_is_all(
    remembers: bool, watch: Watch, stats: StatsCollector, clock: Clock
) -> None:
    rounds = rounds_of(watch if remembers else None, stats, clock, is_watching=False)

    assert first(rounds, 9) == [(PAPER, None), (GAZETTE, None)]
    assert clock.naps == []


def test_a_crawl_run_again_begins_a_round_at_once_however_long_the_interval(
    watch: Watch, stats: StatsCollector, clock: Clock
) -> None:
    first(rounds_of(watch, stats, clock, is_watching=False), 9)

    again = rounds_of(watch, stats, clock, is_watching=False)
    assert first(again, 9) == [(PAPER, None), (GAZETTE, None)]


def test_a_crawl_that_watches_wakes_when_a_seed_is_due(
    watch: Watch, stats: StatsCollector, clock: Clock
) -> None:
    rounds = rounds_of(watch, stats, clock, is_watching=True)

    found = first(rounds, 3)

    assert sorted(url for url, _ in found[:2]) == [GAZETTE, PAPER]
    assert clock.moment == START + 2 * HOUR
    assert max(clock.naps) == 60.0
    assert stats.get_value("archive/round_count") == 3


def test_each_round_has_a_name_of_its_own(
    watch: Watch, stats: StatsCollector, clock: Clock
) -> None:
    found = first(rounds_of(watch, stats, clock, is_watching=True), 3)

    assert [name for _, name in found] == [
        "2027-01-15T08:00:00+00:00", "2027-01-15T08:00:00+00:00", "2027-01-15T10:00:00+00:00",
    ]  # fmt: skip


def test_something_new_brings_the_next_round_forward(
    watch: Watch, stats: StatsCollector, clock: Clock
) -> None:
    rounds = rounds_of(watch, stats, clock, is_watching=True)
    first(rounds, 2)
    rounds.note_new(GAZETTE)

    assert first(rounds, 1) == [(GAZETTE, "2027-01-15T08:30:00+00:00")]


def test_a_seed_that_has_fallen_silent_is_said_and_counted(
    watch: Watch, stats: StatsCollector, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    for hour in range(6):
        watch.begin(PAPER, START - (20 - hour) * HOUR)
        watch.note_new(PAPER, START - (20 - hour) * HOUR)

    with caplog.at_level(logging.WARNING):
        first(rounds_of(watch, stats, clock, is_watching=False), 9)

    assert caplog.messages == [
        f"Nothing new from {PAPER} for 15 hours, where 60 minutes was its longest pause: see "
        "whether it has moved"
    ]
    assert stats.get_value("archive/silent_seed_count") == 1


def test_where_nothing_is_remembered_nothing_is_noted(stats: StatsCollector, clock: Clock) -> None:
    rounds = rounds_of(None, stats, clock, is_watching=False)
    rounds.note_new(PAPER)
    rounds.close()

    assert stats.get_value("archive/silent_seed_count") is None
