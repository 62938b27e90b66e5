"""When a crawl pauses for want of room and when it goes on, on disks that a test makes up."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from scrapy import Spider
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.statscollectors import MemoryStatsCollector

from pipelines.room import Room, disk_of

TOTAL = 50_000_000_000


class Engine:
    """The part of Scrapy's engine that pauses, which the real one does with a flag, too."""

    def __init__(self) -> None:
        self.paused = False

    def pause(self) -> None:
        self.paused = True

    def unpause(self) -> None:
        self.paused = False


class World:
    """Two disks, a clock and a crawl: what a Room looks at and acts on."""

    def __init__(self, *, least: int | None = 1000, total: int = TOTAL) -> None:
        self.now = 0.0
        self.free = {"store": 5000, "work": 5000}
        self.engine = Engine()
        self.crawler = Crawler(Spider)
        self.crawler.stats = MemoryStatsCollector(self.crawler)
        self.crawler.engine = self.engine  # type: ignore[assignment]  # it has what a Room needs
        self.room = Room(
            self.crawler,
            [Path("store"), Path("work")],
            least,
            clock=lambda: self.now,
            look=lambda folder: (total, self.free[folder.name]),
        )

    def check(self, *, store: int | None = None, work: int | None = None) -> bool:
        """Let a second pass, in which the free octets of a disk change; say if it is paused."""
        self.free["store"] = self.free["store"] if store is None else store
        self.free["work"] = self.free["work"] if work is None else work
        self.now += 1
        self.room.check()
        return self.engine.paused

    def stat(self, name: str) -> object:
        return self.crawler.stats.get_value(f"archive/{name}")


def levels(log: pytest.LogCaptureFixture) -> list[str]:
    """Return how grave each thing was that was said."""
    return [record.levelname for record in log.records]


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.INFO, "pipelines.room")
    return caplog


def test_a_crawl_with_room_does_not_pause() -> None:
    assert not World().check(store=1000, work=1000)


@pytest.mark.parametrize("disk", ["store", "work"])
def test_a_crawl_pauses_when_one_of_its_disks_has_less_than_is_asked(disk: str) -> None:
    assert World().check(**{disk: 999})


def test_a_pause_is_told_once_with_the_folder_what_is_free_and_what_is_asked(
    log: pytest.LogCaptureFixture,
) -> None:
    world = World(least=2_000_000)
    world.check(store=2_000_000, work=1_500_000)
    world.check()
    (record,) = log.records

    assert record.levelname == "WARNING"
    assert record.getMessage() == (
        f"The crawl pauses: {Path('work').absolute()} has 1.50MB free, and 2.00MB are to stay so "
        "(ARCHIVE_MIN_FREE_BYTES). Make room, and it goes on by itself"
    )


def test_a_crawl_goes_on_when_there_is_room_again(log: pytest.LogCaptureFixture) -> None:
    world = World()
    paused = [world.check(store=0), world.check(store=999), world.check(store=1000)]

    assert paused == [True, True, False]
    assert levels(log) == ["WARNING", "INFO"]


def test_a_crawl_stays_paused_until_both_disks_have_room() -> None:
    world = World()
    paused = [world.check(store=0, work=0), world.check(store=5000), world.check(work=5000)]

    assert paused == [True, True, False]


def test_pauses_and_their_seconds_are_counted_while_they_last() -> None:
    world = World()
    world.check(store=0)
    world.check()
    after_a_second = (world.stat("pause_count"), world.stat("paused_seconds"))
    world.check(store=5000)
    world.check()
    world.check(store=0)
    world.now += 0.5
    world.room.spider_closed()

    assert after_a_second == (1, 1.0)
    assert (world.stat("pause_count"), world.stat("paused_seconds")) == (2, 2.5)


def test_a_crawl_that_pauses_again_at_once_warns_no_second_time(
    log: pytest.LogCaptureFixture,
) -> None:
    world = World()
    world.check(store=0)
    world.check(store=1000)
    world.check(store=0)

    assert levels(log) == ["WARNING", "INFO", "INFO"]


def test_a_crawl_that_pauses_again_much_later_warns_again(log: pytest.LogCaptureFixture) -> None:
    world = World()
    world.check(store=0)
    world.check(store=1000)
    world.now += 60
    world.check(store=0)

    assert levels(log) == ["WARNING", "INFO", "WARNING"]


def test_a_pause_of_somebody_else_is_not_ended() -> None:
    world = World()
    world.engine.pause()

    assert world.check()


def test_a_pause_of_somebody_else_is_not_ended_when_room_comes_back() -> None:
    world = World()
    world.engine.pause()
    paused = [world.check(store=0), world.check(store=5000)]

    assert paused == [True, True]
    assert world.stat("pause_count") is None


def test_a_crawl_that_somebody_lets_go_on_without_room_pauses_again() -> None:
    world = World()
    world.check(store=0)
    world.engine.unpause()

    assert world.check()
    assert world.stat("pause_count") == 2


@pytest.mark.parametrize(
    ("total", "free", "is_paused"),
    [
        (10_000_000_000, 99_999_999, True),
        (10_000_000_000, 100_000_000, False),
        (9_999_999_999, 0, False),
    ],
)
def test_unless_told_otherwise_a_large_disk_keeps_100_mb_and_a_small_one_nothing(
    total: int, free: int, is_paused: bool
) -> None:
    assert World(least=None, total=total).check(store=free, work=free) is is_paused


def test_disks_that_cannot_be_asked_any_more_do_not_hold_the_crawl(
    log: pytest.LogCaptureFixture,
) -> None:
    world = World()
    world.check(store=0)
    world.room = Room(world.crawler, [Path("store")], 1000, look=_refuse)
    world.engine.unpause()
    world.room.check()

    assert not world.engine.paused
    assert "cannot be seen any more: [Errno 5] Input/output error" in log.text


def _refuse(folder: Path) -> tuple[int, int]:
    raise OSError(5, "Input/output error")


def test_a_folder_that_is_not_there_yet_lies_on_the_disk_of_the_one_above(
    tmp_path: Path,
) -> None:
    total, _ = disk_of(tmp_path)

    assert disk_of(tmp_path / "store" / "news")[0] == total > 0


@pytest.mark.parametrize("settings", [{"ARCHIVE_ENABLED": False}, {"ARCHIVE_MIN_FREE_BYTES": 0}])
def test_disks_are_not_watched_for_nothing(settings: dict[str, object]) -> None:
    with pytest.raises(NotConfigured):
        Room.from_crawler(Crawler(Spider, settings))
